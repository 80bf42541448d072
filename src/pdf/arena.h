/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_ARENA_H
#define PDF_ARENA_H

/*
 * Memory for parsed objects: taken piece by piece, given back at once when the document is closed. Bounded, because the
 * document decides how much is asked for.
 */

#include "base/error.h"

#include <stddef.h>

struct pdf_arena;

enum be_err pdf_arena_new(struct pdf_arena **out, size_t max, struct be_error *err);
void pdf_arena_free(struct pdf_arena **arena);

/* Aligned for any object, not zeroed; NULL when the bound or the memory is spent. */
void *pdf_arena_take(struct pdf_arena *arena, size_t size);

#endif
