/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/share_tell.h"

#include "cli/command.h"
#include "cli/print.h"
#include "cli/print_json.h"

#include <string.h>

static void tell_json(const struct share_document *document, const struct share_telling *how)
{
	static const char *const ways[] = { [SHARE_FOLDER] = "folder", [SHARE_MAIL] = "mail", [SHARE_SERVER] = "sftp" };
	struct json *object = json_object();
	struct buffer line = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	print_json_path(object, "file", document->path);
	json_put_string(object, "way", ways[how->way]);
	if (how->way == SHARE_FOLDER && document->target != NULL)
		print_json_path(object, "target", document->target);
	else
		json_put_string(object, "target", document->target);
	json_put_string(object, "result",
		document->result == BE_OK                        ? "done"
			: document->result == BE_UNKNOWN_OUTCOME ? "unknown"
								 : "failed");
	print_json_error(object, "error", document->result, &document->error);
	if (json_print(&line, object, &err) != BE_OK || print_json_line(&line, &err) != BE_OK)
		print_failure(document->path, &err);
	buffer_free(&line);
	json_free(&object);
}

static const char *word(const struct share_telling *how)
{
	if (how->way == SHARE_FOLDER)
		return how->move ? N_("moved") : N_("copied");
	return N_("sent");
}

static void tell_line(const struct share_document *document, const struct share_telling *how)
{
	if (document->result != BE_OK) {
		print_failure(document->path, &document->error);
		return;
	}
	if (how->quiet)
		return;
	print_verdict(word(how), PRINT_GOOD);
	(void)fputs("  ", stdout);
	print_foreign(stdout, document->path);
	(void)fputs(" -> ", stdout);
	print_foreign(stdout, document->target != NULL ? document->target : "");
	(void)fputc('\n', stdout);
}

int share_status(enum be_err code)
{
	static const enum be_err of_servers[] = { BE_REFUSED, BE_BUSY, BE_NETWORK, BE_TLS, BE_FULL, BE_BLOCKED };

	if (code == BE_DENIED)
		return EXIT_WRONG_SECRET;
	if (code == BE_UNKNOWN_OUTCOME)
		return EXIT_UNKNOWN;
	for (size_t i = 0; i < sizeof(of_servers) / sizeof(of_servers[0]); i++)
		if (of_servers[i] == code)
			return EXIT_SERVICE;
	return command_status(code);
}

int share_tell_all(const struct share_documents *documents, const struct share_telling *how)
{
	size_t done = 0;
	enum be_err worst = BE_OK;

	for (size_t i = 0; i < documents->count; i++) {
		const struct share_document *document = &documents->documents[i];
		const enum be_err result = document->result;

		done += result == BE_OK;
		/* That nobody knows outweighs all, and what was cancelled the rest. */
		if (worst == BE_OK || result == BE_UNKNOWN_OUTCOME ||
			(result == BE_CANCELLED && worst != BE_UNKNOWN_OUTCOME))
			worst = result;
		if (how->json)
			tell_json(document, how);
		else
			tell_line(document, how);
	}
	if (worst == BE_OK)
		return EXIT_DONE;
	if (worst == BE_UNKNOWN_OUTCOME || worst == BE_CANCELLED)
		return share_status(worst);
	return done > 0 ? EXIT_NOT_ALL : share_status(worst);
}
