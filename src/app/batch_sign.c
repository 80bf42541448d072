/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch.h"

#include "app/batch_record.h"
#include "app/journal.h"
#include "app/paths.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_PLACE SIZE_MAX

/* A signing that is written down while it goes on. Reports come one at a time (sign_progress). */
struct run {
	struct batch *batch;
	struct outputs *outputs;
	bool kept; /* the batch has a record */
	const struct sign_progress *progress;
	const struct pki_cert_info *signer;
	int64_t synced; /* when the journal last was */
	bool written;   /* since then */
};

static void warn(struct run *run, const char *msgid, const struct be_error *cause)
{
	if (run->outputs->warning.code == BE_OK)
		(void)be_fail(&run->outputs->warning, cause->code, msgid, "%s", cause->detail);
}

static void warn_record(struct run *run, const struct be_error *cause)
{
	warn(run,
		N_("This batch could not be written down: had it been interrupted, its rest could not have been offered"),
		cause);
}

static void warn_journal(struct run *run, const struct be_error *cause)
{
	warn(run, N_("The journal could not be written; what was signed is signed all the same"), cause);
}

/* ---- what comes of each document ---- */

static void sync_journal(struct run *run)
{
	struct be_error cause = { .code = BE_OK };

	if (run->written && journal_sync(&cause) != BE_OK)
		warn_journal(run, &cause);
	run->written = false;
}

/* The disk is asked once a second at most, and at the end. What a failing disk loses is found in the outputs. */
static void tell_journal(struct run *run, const struct sign_document *document)
{
	const struct batch *batch = run->batch;
	const bool done = document->result == BE_OK;
	struct buffer input = BUFFER_EMPTY;
	struct buffer output = BUFFER_EMPTY;
	struct be_error cause = { .code = BE_OK };
	struct journal_entry entry = { .time = time_now(),
		.result = done                                   ? JOURNAL_SIGNED
			: document->result == BE_UNKNOWN_OUTCOME ? JOURNAL_UNKNOWN
								 : JOURNAL_FAILED,
		.key_kind = batch->key_kind,
		.key = batch->key };
	enum be_err rc = paths_absolute(&input, document->input, NULL, &cause);

	if (rc == BE_OK)
		rc = paths_absolute(&output, document->output, NULL, &cause);
	entry.file = (char *)input.data;
	entry.output = (char *)output.data;
	if (!done)
		(void)snprintf(entry.code, sizeof(entry.code), "%s", be_err_word(document->result));
	(void)snprintf(entry.field, sizeof(entry.field), "%s", document->field);
	(void)snprintf(entry.signer, sizeof(entry.signer), "%s", run->signer->name);
	memcpy(entry.sha256, document->sha256, sizeof(entry.sha256));
	memcpy(entry.certificate, run->signer->sha256, sizeof(entry.certificate));
	memcpy(entry.batch, batch->id, sizeof(entry.batch));
	if (rc == BE_OK)
		rc = journal_add(&entry, &cause);
	if (rc != BE_OK)
		warn_journal(run, &cause);
	else
		run->written = true;
	if (entry.time > run->synced) {
		sync_journal(run);
		run->synced = entry.time;
	}
	buffer_free(&input);
	buffer_free(&output);
}

static void mark(struct run *run, size_t document, enum batch_word word, bool sync)
{
	const size_t place = run->batch->places[document];
	struct be_error cause = { .code = BE_OK };

	if (run->kept && place != NO_PLACE && batch_record_mark(run->batch, place, word, sync, &cause) != BE_OK)
		warn_record(run, &cause);
}

static void settle(struct run *run, size_t index)
{
	const struct sign_document *document = &run->outputs->documents[index];
	const size_t place = run->batch->places[index];
	const bool remote = key_ref_is_remote(run->batch->key_kind);

	if (place != NO_PLACE && document->result == BE_OK)
		run->batch->documents[place].mark = BATCH_SIGNED;
	else if (place != NO_PLACE)
		run->batch->documents[place].mark = document->result == BE_UNKNOWN_OUTCOME ? BATCH_UNKNOWN : BATCH_LEFT;
	if (document->result == BE_OK)
		mark(run, index, BATCH_WORD_SIGNED, false);
	else if (document->result == BE_UNKNOWN_OUTCOME)
		mark(run, index, BATCH_WORD_UNKNOWN, true);
	else if (remote)
		mark(run, index, BATCH_WORD_ANSWERED, false);
}

/* A passphrase that a service found wrong says nothing of a document: it is typed anew. */
static bool is_news(enum be_err result)
{
	return result != BE_CANCELLED && result != BE_WRONG_PASSPHRASE;
}

/* The journal first: a mark says that nobody has to look at the document any more. That another computer is asked is
 * on the disk before it is. */
static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	struct run *run = context;
	const bool remote = key_ref_is_remote(run->batch->key_kind);

	if (stage == SIGN_DONE) {
		if (is_news(run->outputs->documents[document].result))
			tell_journal(run, &run->outputs->documents[document]);
		settle(run, document);
	} else if (remote) {
		mark(run, document, stage == SIGN_PREPARED ? BATCH_WORD_ASKED : BATCH_WORD_ANSWERED,
			stage == SIGN_PREPARED);
	}
	if (run->progress != NULL && run->progress->report != NULL)
		run->progress->report(run->progress->context, stage, document, done, count);
}

static enum be_err sign(struct run *run, struct signer *signer, const struct sign_options *options,
	const struct sign_progress *progress, struct be_error *err)
{
	const struct sign_progress watched = { report, run, progress != NULL ? progress->cancel : NULL };
	enum be_err rc;

	run->progress = progress;
	run->signer = signer_info(signer);
	for (size_t i = 0; i < run->outputs->count; i++) {
		run->outputs->documents[i].hash_output = true;
		/* These have their result already. */
		if (run->outputs->documents[i].result != BE_OK)
			tell_journal(run, &run->outputs->documents[i]);
	}
	rc = outputs_sign(run->outputs, signer, options, &watched, err);
	sync_journal(run);
	return rc;
}

/* ---- a new batch ---- */

/* NULL stays NULL. False without memory. */
static bool copy(char **out, const char *text)
{
	*out = text != NULL ? strdup(text) : NULL;
	return text == NULL || *out != NULL;
}

static bool copy_path(char **out, const char *path)
{
	struct buffer full = BUFFER_EMPTY;

	*out = path != NULL && paths_absolute(&full, path, NULL, NULL) == BE_OK ? strdup((const char *)full.data)
										: NULL;
	buffer_free(&full);
	return path == NULL || *out != NULL;
}

static bool take_look(struct batch *batch, const struct sign_look *look)
{
	if (look == NULL)
		return true;
	batch->seen = true;
	if (!copy_path(&batch->image, look->image) || !copy(&batch->qr, look->qr))
		return false;
	batch->lines = look->line_count > 0 ? calloc(look->line_count, sizeof(*batch->lines)) : NULL;
	for (; batch->lines != NULL && batch->line_count < look->line_count; batch->line_count++)
		if (!copy(&batch->lines[batch->line_count], look->lines[batch->line_count]))
			return false;
	return batch->line_count == look->line_count;
}

static bool take_options(struct batch *batch, const struct sign_options *options)
{
	batch->time = time_now();
	batch->digest = options->digest;
	batch->pss = options->pss;
	return copy(&batch->sub_filter, options->sub_filter) && copy(&batch->field, options->field) &&
		copy(&batch->name, options->name) && copy(&batch->reason, options->reason) &&
		copy(&batch->location, options->location) && copy(&batch->contact, options->contact);
}

static bool take_documents(struct batch *batch, const struct outputs *outputs, const struct sign_options *options)
{
	if (!copy_path(&batch->dir, outputs->dir))
		return false;
	batch->documents = calloc(outputs->count, sizeof(*batch->documents));
	batch->places = calloc(outputs->count, sizeof(*batch->places));
	if (batch->documents == NULL || batch->places == NULL)
		return false;
	for (size_t i = 0; i < outputs->count; i++) {
		const struct sign_document *from = &outputs->documents[i];
		struct batch_document *document = &batch->documents[batch->count];

		batch->places[i] = NO_PLACE;
		if (from->result != BE_OK)
			continue;
		batch->places[i] = batch->count++;
		batch->replace = from->replace;
		if (!copy_path(&document->input, from->input) || !copy_path(&document->output, from->output))
			return false;
		batch_stat_read(&document->input_is, document->input);
		batch_stat_read(&document->output_was, document->output);
		document->spot = from->spot != NULL ? *from->spot : options->spot;
	}
	return true;
}

static enum be_err describe(struct batch **out, const struct outputs *outputs, const struct signer *signer,
	const struct sign_options *options, const struct batch_order *order, struct be_error *err)
{
	const struct pki_cert_info *info = signer_info(signer);
	struct batch *batch = *out = calloc(1, sizeof(*batch));

	if (batch == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	batch->fd = -1;
	batch->key_kind = order->key.kind;
	batch->key = key_ref_keep(&order->key);
	memcpy(batch->certificate, info->sha256, sizeof(batch->certificate));
	if (batch->key == NULL || !copy(&batch->signer, info->name) || !take_options(batch, options) ||
		!take_look(batch, order->look) || !take_documents(batch, outputs, options))
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	return BE_OK;
}

/* Somebody who never goes on with anything does not fill the disk. */
static void make_room(void)
{
	struct batch_list list;

	if (batch_list_read(&list, NULL) != BE_OK)
		return;
	for (size_t i = 0; list.count - i >= BATCH_KEPT_MAX; i++)
		(void)batch_forget(list.batches[i]->id, NULL);
	batch_list_free(&list);
}

static void keep(struct run *run)
{
	struct batch *batch = run->batch;
	struct be_error cause = { .code = BE_OK };

	if (batch->count < 2 && !(batch->count == 1 && key_ref_is_remote(batch->key_kind)))
		return;
	make_room();
	run->kept = batch_record_make(batch, &cause) == BE_OK;
	if (!run->kept) {
		batch->id[0] = '\0';
		warn_record(run, &cause);
	}
}

enum be_err batch_sign(struct outputs *outputs, struct signer *signer, const struct sign_options *options,
	const struct batch_order *order, const struct sign_progress *progress, struct be_error *err)
{
	struct run run = { .outputs = outputs };
	enum be_err rc = describe(&run.batch, outputs, signer, options, order, err);

	if (rc == BE_OK) {
		keep(&run);
		rc = sign(&run, signer, options, progress, err);
		if (rc == BE_OK && run.kept)
			batch_end(run.batch, outputs);
		else
			batch_record_remove(run.batch);
	}
	batch_free(&run.batch);
	return rc;
}

/* ---- the rest of an old one ---- */

static enum be_err check_key(const struct batch *batch, const struct signer *signer, struct be_error *err)
{
	const struct pki_cert_info *info = signer_info(signer);

	if (strcmp(info->sha256, batch->certificate) == 0)
		return BE_OK;
	return be_fail(err, BE_KEY_MISMATCH,
		N_("The key is not the one that the batch was begun with: its certificate is another"), "%s",
		batch->signer);
}

static enum be_err draw(struct buffer *pdf, struct sign_options *options, const struct batch *batch,
	const struct signer *signer, const struct outputs *outputs, struct be_error *err)
{
	const struct sign_look look = { .image = batch->image,
		.qr = batch->qr,
		.lines = (const char *const *)batch->lines,
		.line_count = batch->line_count };
	enum be_err rc;

	if (!batch->seen)
		return BE_OK;
	if (options->field == NULL && outputs->count > 0)
		options->spot = *outputs->documents[0].spot;
	rc = sign_look_check(&look, err);
	if (rc == BE_OK)
		rc = sign_look_draw(pdf, &look, options, signer, outputs->documents, outputs->count, err);
	options->appearance = pdf->data;
	options->appearance_len = pdf->len;
	return rc;
}

enum be_err batch_resume(struct batch *batch, struct outputs *outputs, struct signer *signer, int64_t time,
	const struct sign_progress *progress, struct be_error *err)
{
	struct sign_options options = { .sub_filter = batch->sub_filter,
		.digest = batch->digest,
		.pss = batch->pss,
		.field = batch->field,
		.name = batch->name,
		.reason = batch->reason,
		.location = batch->location,
		.contact = batch->contact,
		.time = time };
	struct run run = { .batch = batch, .outputs = outputs, .kept = true };
	struct buffer pdf = BUFFER_EMPTY;
	enum be_err rc = check_key(batch, signer, err);

	if (rc == BE_OK)
		rc = draw(&pdf, &options, batch, signer, outputs, err);
	if (rc == BE_OK)
		rc = sign(&run, signer, &options, progress, err);
	for (size_t i = 0; i < outputs->count; i++)
		outputs->documents[i].spot = NULL;
	if (rc == BE_OK)
		batch_end(batch, outputs);
	buffer_free(&pdf);
	return rc;
}
