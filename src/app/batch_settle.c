/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/batch.h"

#include "app/batch_record.h"
#include "app/journal.h"
#include "base/file.h"
#include "base/time.h"
#include "verify/verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 * 1024)

/*
 * A program that was killed may have given an output its name and not have written that down. So the outputs are asked:
 * one that begins with the very input, octet by octet, and whose last signature is whole and by this certificate, is what
 * the batch was to make. The verifier's own verdict is taken, in its sandbox; whom anybody trusts does not matter here.
 */

static bool same_bytes(int a, int b, uint64_t len, const atomic_bool *cancel)
{
	uint8_t *pieces = malloc(2 * PIECE);
	bool same = pieces != NULL;

	for (uint64_t at = 0; same && at < len; at += PIECE) {
		const size_t piece = len - at < PIECE ? (size_t)(len - at) : PIECE;

		same = !(cancel != NULL && atomic_load(cancel)) && file_read_at(a, pieces, piece, at, NULL) == BE_OK &&
			file_read_at(b, pieces + PIECE, piece, at, NULL) == BE_OK &&
			memcmp(pieces, pieces + PIECE, piece) == 0;
	}
	free(pieces);
	return same;
}

static bool begins_with_input(const struct batch_document *document, const atomic_bool *cancel)
{
	const int input = open(document->input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const int output = open(document->output, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	const bool same = input >= 0 && output >= 0 && fstat(output, &st) == 0 && S_ISREG(st.st_mode) &&
		(uint64_t)st.st_size > document->input_is.size &&
		same_bytes(input, output, document->input_is.size, cancel);

	if (input >= 0)
		(void)close(input);
	if (output >= 0)
		(void)close(output);
	return same;
}

static bool is_ours(const struct batch *batch, const struct verify_report *report)
{
	const struct verify_signature *last = report->count > 0 ? &report->signatures[report->count - 1] : NULL;

	return last != NULL && last->integrity && last->facts.has_cms && last->facts.coverage == FACTS_WHOLE_FILE &&
		strcmp(last->facts.cms.signer.sha256, batch->certificate) == 0;
}

/* ---- the journal may miss what was signed as well ---- */

static bool is_written(const struct journal *journal, const struct batch *batch, const struct batch_document *document)
{
	for (size_t i = 0; i < journal->count; i++)
		if (journal->entries[i].result == JOURNAL_SIGNED && strcmp(journal->entries[i].batch, batch->id) == 0 &&
			strcmp(journal->entries[i].output, document->output) == 0)
			return true;
	return false;
}

static bool has_digest(const struct journal *journal, const char *sha256)
{
	for (size_t i = 0; i < journal->count; i++)
		if (journal->entries[i].result == JOURNAL_SIGNED && strcmp(journal->entries[i].sha256, sha256) == 0)
			return true;
	return false;
}

/* signature: what the output's last one says; NULL when nobody looked: the power went off between the two files. */
static void tell_journal(const struct journal *journal, const struct batch *batch,
	const struct batch_document *document, const struct verify_signature *signature)
{
	struct journal_entry entry = { .time = signature != NULL ? signature->facts.claimed_time : TIME_NONE,
		.result = JOURNAL_SIGNED,
		.file = document->input,
		.output = document->output,
		.key_kind = batch->key_kind,
		.key = batch->key };

	if (journal == NULL || is_written(journal, batch, document))
		return;
	if (signature != NULL)
		(void)snprintf(entry.field, sizeof(entry.field), "%s", signature->facts.field);
	(void)snprintf(entry.signer, sizeof(entry.signer), "%s", batch->signer);
	memcpy(entry.certificate, batch->certificate, sizeof(entry.certificate));
	memcpy(entry.batch, batch->id, sizeof(entry.batch));
	if (entry.time == TIME_NONE)
		entry.time = batch->time;
	if (journal_digest(entry.sha256, document->output, NULL, NULL) == BE_OK && !has_digest(journal, entry.sha256))
		(void)journal_add(&entry, NULL);
}

/* ---- one document ---- */

static enum be_err look_at_output(struct batch *batch, size_t index, const struct journal *journal,
	const atomic_bool *cancel, struct be_error *err)
{
	const struct verify_options options = { .at = time_now(), .revocation = VERIFY_REVOCATION_NONE };
	struct batch_document *document = &batch->documents[index];
	struct verify_report report = { .result = VERIFY_ERROR };
	struct batch_stat now;
	enum be_err rc = BE_OK;

	batch_stat_read(&now, document->output);
	if (now.inode == 0 || (document->output_was.inode != 0 && batch_stat_same(&now, &document->output_was)) ||
		!begins_with_input(document, cancel))
		return BE_OK;
	rc = verify_file(&report, document->output, &options, err);
	if (rc == BE_OK && is_ours(batch, &report)) {
		tell_journal(journal, batch, document, &report.signatures[report.count - 1]);
		document->mark = BATCH_SIGNED;
		rc = batch_record_mark(batch, index, BATCH_WORD_SIGNED, false, err);
	}
	verify_report_free(&report);
	return rc;
}

static enum be_err settle_one(struct batch *batch, size_t index, const struct journal *journal,
	const atomic_bool *cancel, struct be_error *err)
{
	struct batch_document *document = &batch->documents[index];
	struct batch_stat now;

	if (document->mark == BATCH_SIGNED) {
		tell_journal(journal, batch, document, NULL);
		return BE_OK;
	}
	if (cancel != NULL && atomic_load(cancel))
		return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
	batch_stat_read(&now, document->input);
	document->changed = !batch_stat_same(&now, &document->input_is);
	/* Without the input nobody can say what the output was made of. */
	return document->changed ? BE_OK : look_at_output(batch, index, journal, cancel, err);
}

/* A journal that cannot be read keeps nobody from signing, and is not added to here. */
enum be_err batch_settle(struct batch *batch, const atomic_bool *cancel, struct be_error *err)
{
	struct journal journal = { NULL, 0, 0 };
	const bool readable = journal_read(&journal, NULL) == BE_OK;
	enum be_err rc = BE_OK;

	for (size_t i = 0; rc == BE_OK && i < batch->count; i++)
		rc = settle_one(batch, i, readable ? &journal : NULL, cancel, err);
	(void)journal_sync(NULL);
	journal_free(&journal);
	return rc;
}
