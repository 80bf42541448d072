/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#define CHUNK (64u * 1024)

struct chunk {
	struct chunk *next;
	size_t used;
	size_t cap;
	alignas(max_align_t) unsigned char bytes[];
};

struct pdf_arena {
	struct chunk *newest;
	size_t taken;
	size_t max;
};

enum be_err pdf_arena_new(struct pdf_arena **out, size_t max, struct be_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	(*out)->max = max;
	return BE_OK;
}

void pdf_arena_free(struct pdf_arena **arena)
{
	struct chunk *chunk;

	if (*arena == NULL)
		return;
	while ((chunk = (*arena)->newest) != NULL) {
		(*arena)->newest = chunk->next;
		free(chunk);
	}
	free(*arena);
	*arena = NULL;
}

static struct chunk *add_chunk(struct pdf_arena *arena, size_t size)
{
	size_t cap = size > CHUNK ? size : CHUNK;
	struct chunk *chunk;

	if (cap > arena->max - arena->taken)
		return NULL;
	chunk = malloc(sizeof(*chunk) + cap);
	if (chunk == NULL)
		return NULL;
	chunk->next = arena->newest;
	chunk->used = 0;
	chunk->cap = cap;
	arena->newest = chunk;
	arena->taken += cap;
	return chunk;
}

void *pdf_arena_take(struct pdf_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct chunk *chunk = arena->newest;
	void *place;

	if (size > arena->max)
		return NULL;
	size = (size + align - 1) / align * align;
	if (chunk == NULL || size > chunk->cap - chunk->used)
		chunk = add_chunk(arena, size);
	if (chunk == NULL)
		return NULL;
	place = chunk->bytes + chunk->used;
	chunk->used += size;
	return place;
}
