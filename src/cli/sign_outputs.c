/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_outputs.h"

#include "cli/print.h"
#include "cli/print_json.h"

static void tell_json(const struct sign_document *document, const struct sign_telling *how)
{
	const bool done = document->result == BE_OK;
	struct json *object = json_object();
	struct buffer line = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	print_json_path(object, "file", document->input);
	print_json_path(object, "output", document->output);
	json_put_string(object, "result",
		done                                             ? "signed"
			: document->result == BE_UNKNOWN_OUTCOME ? "unknown"
								 : "failed");
	print_json_error(object, "error", document->result, &document->error);
	json_put_string(object, "field", done ? document->field : NULL);
	json_put_string(object, "level", done ? how->level : NULL);
	json_put_string(object, "sha256", done ? document->sha256 : NULL);
	if (json_print(&line, object, &err) != BE_OK || print_json_line(&line, &err) != BE_OK)
		print_failure(document->input, &err);
	buffer_free(&line);
	json_free(&object);
}

static void tell_line(const struct sign_document *document, const struct sign_telling *how)
{
	if (document->result != BE_OK) {
		print_failure(document->input, &document->error);
		return;
	}
	if (how->quiet)
		return;
	print_verdict(N_("signed"), PRINT_GOOD);
	(void)fputs("  ", stdout);
	print_foreign(stdout, document->input);
	(void)fputs(" -> ", stdout);
	print_foreign(stdout, document->output);
	(void)fputc('\n', stdout);
}

/* Beside the outcomes, and so on standard error: it is for who reads, not for programs. */
static void tell_rest(const struct outputs *outputs)
{
	if (outputs->warning.code != BE_OK)
		print_failure(NULL, &outputs->warning);
	if (outputs->batch[0] != '\0') {
		print_progress_end();
		(void)fflush(stdout);
		(void)fputs("besign: ", stderr);
		print_text(stderr, N_("Not all is signed; \"besign sign --resume\" goes on with the rest"));
		(void)fputc('\n', stderr);
	}
}

/* ---- all of them ---- */

/* What kept every document that was begun from being signed, when it was one thing: the passphrase, or the service. NULL
 * otherwise. */
static const struct be_error *common_cause(const struct outputs *outputs)
{
	const struct be_error *cause = NULL;

	for (size_t i = 0; i < outputs->count; i++) {
		const struct sign_document *document = &outputs->documents[i];
		const int status = command_status(document->result);

		if (outputs->unreadable[i] || document->result == BE_NOT_A_PDF)
			continue;
		if (document->result == BE_OK || (status != EXIT_SERVICE && status != EXIT_WRONG_SECRET))
			return NULL;
		if (cause != NULL && cause->code != document->result)
			return NULL;
		cause = cause != NULL ? cause : &document->error;
	}
	return cause;
}

struct tally {
	size_t failed;
	size_t no_start;
	bool cancelled;
	bool unknown;
};

static void count(struct tally *tally, const struct sign_document *document, bool unreadable)
{
	tally->failed += document->result != BE_OK;
	tally->no_start += unreadable || document->result == BE_NOT_A_PDF;
	tally->cancelled = tally->cancelled || document->result == BE_CANCELLED;
	tally->unknown = tally->unknown || document->result == BE_UNKNOWN_OUTCOME;
}

int sign_outputs_tell(const struct outputs *outputs, const struct sign_telling *how)
{
	const struct be_error *cause = common_cause(outputs);
	struct tally tally = { 0, 0, false, false };

	for (size_t i = 0; i < outputs->count; i++) {
		const struct sign_document *document = &outputs->documents[i];

		count(&tally, document, outputs->unreadable[i]);
		if (how->json)
			tell_json(document, how);
		else if (cause == NULL || document->result != cause->code)
			tell_line(document, how);
	}
	tell_rest(outputs);
	/* The outcome that nobody knows outweighs the rest: it is the one that must not be tried again blindly. */
	if (tally.unknown)
		return EXIT_UNKNOWN;
	if (tally.cancelled)
		return EXIT_CANCELLED;
	if (cause != NULL) {
		print_failure("sign", cause);
		return command_status(cause->code);
	}
	if (tally.no_start == outputs->count) {
		if (how->json)
			print_failure(outputs->documents[0].input, &outputs->documents[0].error);
		return EXIT_NOT_STARTED;
	}
	return tally.failed > 0 ? EXIT_NOT_ALL : EXIT_DONE;
}
