/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_resume.h"

#include "app/journal_text.h"
#include "base/i18n.h"
#include "base/time.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

static enum be_err choose(struct batch_list *list, struct be_error *err)
{
	enum be_err rc = batch_list_read(list, err);

	if (rc == BE_OK && list->count == 0 && list->running > 0)
		rc = be_fail(
			err, BE_BUSY, N_("A batch is being signed by another besign, and none is interrupted"), NULL);
	else if (rc == BE_OK && list->count == 0)
		rc = be_fail(err, BE_NOT_FOUND, N_("There is no interrupted batch"), NULL);
	return rc;
}

/* "The batch of 2026-11-28T02:45:00Z: 2 of 5 signed". */
static void tell(const struct batch *batch, size_t others, bool quiet)
{
	char time[TIME_TEXT_MAX];

	if (quiet)
		return;
	print_text(stdout, N_("The batch of"));
	(void)printf(" %s: ", time_format(time, batch->time));
	(void)printf(tr(N_("%zu of %zu signed")), batch_count(batch, BATCH_SIGNED), batch->count);
	(void)fputc('\n', stdout);
	if (others > 0) {
		(void)printf(tr(N_("Other interrupted batches: %zu")), others);
		(void)fputc('\n', stdout);
	}
}

/* Whose passphrase is asked for next. */
static void tell_key(const struct batch *batch, bool quiet)
{
	if (quiet)
		return;
	print_line_quoted(N_("Signer"), 0, batch->signer);
	print_line_foreign(journal_key_text(batch->key_kind), 0, batch->key);
}

/* Only what nobody may try again by himself is left. */
static bool is_only_unknown(const struct batch *batch, bool retry_unknown)
{
	return !retry_unknown && batch_count(batch, BATCH_LEFT) == 0 && batch_count(batch, BATCH_UNKNOWN) > 0;
}

enum be_err sign_resume_take(struct batch **out, struct outputs *outputs, bool retry_unknown, bool quiet,
	const atomic_bool *cancel, struct be_error *err)
{
	struct batch_list list = { NULL, 0, 0 };
	enum be_err rc = choose(&list, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = batch_take(out, list.batches[0]->id, err);
	if (rc == BE_OK)
		rc = batch_settle(*out, cancel, err);
	if (rc == BE_OK) {
		tell(*out, list.count - 1, quiet);
		if (is_only_unknown(*out, retry_unknown))
			rc = be_fail(err, BE_UNKNOWN_OUTCOME,
				N_("What is left may have been signed at the service; look there, then use --retry-unknown or --forget"),
				"%zu", batch_count(*out, BATCH_UNKNOWN));
	}
	if (rc == BE_OK)
		rc = batch_outputs(outputs, *out, retry_unknown, err);
	if (rc == BE_OK && !outputs_are_hopeless(outputs))
		tell_key(*out, quiet);
	if (rc == BE_OK && outputs->count == 0) {
		batch_end(*out, outputs);
		batch_free(out);
	}
	if (rc != BE_OK)
		batch_free(out);
	batch_list_free(&list);
	return rc;
}

enum be_err sign_resume_forget(bool quiet, struct be_error *err)
{
	struct batch_list list = { NULL, 0, 0 };
	enum be_err rc = choose(&list, err);

	if (rc == BE_OK)
		rc = batch_forget(list.batches[0]->id, err);
	if (rc == BE_OK) {
		tell(list.batches[0], list.count - 1, quiet);
		if (!quiet) {
			print_text(stdout, N_("It is forgotten; what was signed stays signed"));
			(void)fputc('\n', stdout);
		}
	}
	batch_list_free(&list);
	return rc;
}

bool sign_resume_is_pkcs7(const struct batch *batch)
{
	return batch->sub_filter != NULL && strcmp(batch->sub_filter, "adbe.pkcs7.detached") == 0;
}
