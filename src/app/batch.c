/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch.h"

#include "app/batch_record.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

void batch_free(struct batch **batch)
{
	struct batch *b = *batch;

	if (b == NULL)
		return;
	batch_record_close(b);
	for (size_t i = 0; i < b->count; i++) {
		free(b->documents[i].input);
		free(b->documents[i].output);
	}
	for (size_t i = 0; i < b->line_count; i++)
		free(b->lines[i]);
	free(b->documents);
	free(b->lines);
	free(b->places);
	free(b->key);
	free(b->signer);
	free(b->dir);
	free(b->sub_filter);
	free(b->field);
	free(b->name);
	free(b->reason);
	free(b->location);
	free(b->contact);
	free(b->image);
	free(b->qr);
	free(b);
	*batch = NULL;
}

size_t batch_count(const struct batch *batch, enum batch_mark mark)
{
	size_t count = 0;

	for (size_t i = 0; i < batch->count; i++)
		count += batch->documents[i].mark == mark;
	return count;
}

/* ---- which there are ---- */

static int compare(const void *a, const void *b)
{
	return strcmp((*(struct batch *const *)a)->id, (*(struct batch *const *)b)->id);
}

static enum be_err add(struct batch_list *list, const char *id, struct be_error *err)
{
	struct batch **grown = NULL;
	struct batch *batch = NULL;
	const enum be_err rc = batch_record_open(&batch, id, false, err);

	if (rc == BE_NO_MEMORY)
		return rc;
	list->running += rc == BE_BUSY;
	if (rc != BE_OK)
		return BE_OK;
	batch_record_close(batch);
	grown = reallocarray(list->batches, list->count + 1, sizeof(*grown));
	if (grown == NULL) {
		batch_free(&batch);
		return no_memory(err);
	}
	list->batches = grown;
	list->batches[list->count++] = batch;
	return BE_OK;
}

enum be_err batch_list_read(struct batch_list *out, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	const struct dirent *entry;
	DIR *dir = NULL;
	enum be_err rc = batch_record_path(&path, NULL, err);

	*out = (struct batch_list){ NULL, 0, 0 };
	if (rc == BE_OK && (dir = opendir((const char *)path.data)) == NULL && errno != ENOENT && errno != ENOTDIR)
		rc = be_fail_errno(err, BE_IO, N_("Interrupted batches cannot be looked for"), (const char *)path.data);
	while (rc == BE_OK && dir != NULL && (entry = readdir(dir)) != NULL)
		if (batch_record_is_id(entry->d_name))
			rc = add(out, entry->d_name, err);
	if (dir != NULL)
		(void)closedir(dir);
	buffer_free(&path);
	if (rc != BE_OK)
		batch_list_free(out);
	else if (out->count > 0)
		qsort(out->batches, out->count, sizeof(*out->batches), compare);
	return rc;
}

void batch_list_free(struct batch_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		batch_free(&list->batches[i]);
	free(list->batches);
	*list = (struct batch_list){ NULL, 0, 0 };
}

enum be_err batch_take(struct batch **out, const char *id, struct be_error *err)
{
	return batch_record_open(out, id, true, err);
}

enum be_err batch_forget(const char *id, struct be_error *err)
{
	struct batch *batch = NULL;
	const enum be_err rc = batch_take(&batch, id, err);

	if (rc == BE_OK)
		batch_record_remove(batch);
	batch_free(&batch);
	return rc;
}

/* ---- what is left of one ---- */

static enum be_err take_document(struct outputs *out, struct batch *batch, size_t index, struct be_error *err)
{
	struct batch_document *from = &batch->documents[index];
	const size_t at = out->count++;
	struct sign_document *document = &out->documents[at];

	batch->places[at] = index;
	document->input = out->inputs[at] = strdup(from->input);
	document->output = out->names[at] = strdup(from->output);
	if (document->input == NULL || document->output == NULL)
		return no_memory(err);
	document->replace = batch->replace;
	document->hash_output = true;
	if (batch->seen && batch->field == NULL)
		document->spot = &from->spot;
	if (from->changed) {
		document->result = be_fail(&document->error, BE_CHANGED,
			N_("The document was changed after the batch had begun; look at it, and sign it by itself"),
			NULL);
		out->unreadable[at] = true;
	}
	return BE_OK;
}

enum be_err batch_outputs(struct outputs *out, struct batch *batch, bool retry_unknown, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*out = (struct outputs){ .dir = batch->dir };
	free(batch->places);
	batch->places = calloc(batch->count, sizeof(*batch->places));
	out->documents = calloc(batch->count, sizeof(*out->documents));
	out->inputs = calloc(batch->count, sizeof(*out->inputs));
	out->names = calloc(batch->count, sizeof(*out->names));
	out->unreadable = calloc(batch->count, sizeof(*out->unreadable));
	if (batch->places == NULL || out->documents == NULL || out->inputs == NULL || out->names == NULL ||
		out->unreadable == NULL)
		rc = no_memory(err);
	for (size_t i = 0; rc == BE_OK && i < batch->count; i++)
		if (batch->documents[i].mark == BATCH_LEFT ||
			(retry_unknown && batch->documents[i].mark == BATCH_UNKNOWN))
			rc = take_document(out, batch, i, err);
	if (rc != BE_OK)
		outputs_free(out);
	return rc;
}

/* ---- the end ---- */

void batch_end(struct batch *batch, struct outputs *outputs)
{
	bool left = batch_count(batch, BATCH_UNKNOWN) > 0;

	for (size_t i = 0; i < outputs->count; i++)
		left = left || outputs->documents[i].result == BE_CANCELLED;
	if (!left) {
		batch_record_remove(batch);
		return;
	}
	if (batch->fd >= 0)
		memcpy(outputs->batch, batch->id, sizeof(outputs->batch));
	batch_record_close(batch);
}
