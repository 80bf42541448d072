/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_outputs.h"

#include "base/file.h"
#include "base/json.h"
#include "cli/print.h"

static void put_uri(struct json *object, const char *key, const char *path)
{
	struct buffer uri = BUFFER_EMPTY;

	file_uri(&uri, path);
	buffer_add_byte(&uri, '\0');
	json_put_string(object, key, uri.failed ? "" : (const char *)uri.data);
	buffer_free(&uri);
}

static struct json *error_json(const struct be_error *error, enum be_err code)
{
	struct json *object = json_object();

	json_put_string(object, "code", be_err_word(code));
	json_put_string(object, "message", error->msgid != NULL ? error->msgid : "");
	json_put_string(object, "detail", error->detail);
	return object;
}

static void tell_json(const struct sign_document *document, const struct sign_telling *how)
{
	const bool done = document->result == BE_OK;
	struct json *object = json_object();
	struct buffer line = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	json_put_string(object, "file", document->input);
	put_uri(object, "file_uri", document->input);
	json_put_string(object, "output", document->output);
	put_uri(object, "output_uri", document->output);
	json_put_string(object, "result", done ? "signed" : "failed");
	if (done)
		json_put_null(object, "error");
	else
		json_put(object, "error", error_json(&document->error, document->result));
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

int sign_outputs_tell(const struct outputs *outputs, const struct sign_telling *how)
{
	size_t failed = 0;
	size_t no_start = 0;
	bool cancelled = false;

	for (size_t i = 0; i < outputs->count; i++) {
		const struct sign_document *document = &outputs->documents[i];

		failed += document->result != BE_OK;
		no_start += outputs->unreadable[i] || document->result == BE_NOT_A_PDF;
		cancelled = cancelled || document->result == BE_CANCELLED;
		if (how->json)
			tell_json(document, how);
		else
			tell_line(document, how);
	}
	tell_rest(outputs);
	if (cancelled)
		return EXIT_CANCELLED;
	if (no_start == outputs->count) {
		if (how->json)
			print_failure(outputs->documents[0].input, &outputs->documents[0].error);
		return EXIT_NOT_STARTED;
	}
	return failed > 0 ? EXIT_NOT_ALL : EXIT_DONE;
}
