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
	json_put_string(object, "result", done ? "signed" : "failed");
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
	if (cancelled)
		return EXIT_CANCELLED;
	if (no_start == outputs->count) {
		if (how->json)
			print_failure(outputs->documents[0].input, &outputs->documents[0].error);
		return EXIT_NOT_STARTED;
	}
	return failed > 0 ? EXIT_NOT_ALL : EXIT_DONE;
}
