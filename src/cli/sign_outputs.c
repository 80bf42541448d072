/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_outputs.h"

#include "base/file.h"
#include "base/json.h"
#include "cli/print.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".pdf"

static char *beside(const char *input)
{
	const size_t len = strlen(input);
	const size_t ending = strlen(ENDING);
	const bool has = len > ending && strcasecmp(input + len - ending, ENDING) == 0;
	char *out = NULL;

	return asprintf(&out, "%.*s_signed%s", (int)(has ? len - ending : len), input, ENDING) < 0 ? NULL : out;
}

static char *inside(const char *dir, const char *input)
{
	const char *slash = strrchr(input, '/');
	char *out = NULL;

	return asprintf(&out, "%s/%s", dir, slash != NULL ? slash + 1 : input) < 0 ? NULL : out;
}

static char *output_of(const struct sign_place *place, const char *input)
{
	if (place->output != NULL)
		return strdup(place->output);
	return place->dir != NULL ? inside(place->dir, input) : beside(input);
}

/* Opened and closed again: what the signing finds when it opens the file is its own to say. */
static enum be_err look(const char *input, struct be_error *err)
{
	struct stat st = { .st_mode = 0 };
	const int fd = open(input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum be_err rc = BE_OK;

	if (fd < 0 && errno == ENOENT)
		return be_fail(err, BE_NOT_FOUND, N_("There is no such file"), NULL);
	if (fd < 0)
		return be_fail(err, BE_IO, N_("The file cannot be read"), "%s", strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = be_fail(err, BE_NOT_A_PDF, N_("This is no regular file"), NULL);
	(void)close(fd);
	return rc;
}

enum be_err sign_list_make(struct sign_list *out, char **inputs, size_t count, const struct sign_place *place,
	bool hash_output, struct be_error *err)
{
	*out = (struct sign_list){ .count = 0 };
	out->documents = calloc(count, sizeof(*out->documents));
	out->outputs = calloc(count, sizeof(*out->outputs));
	out->unreadable = calloc(count, sizeof(*out->unreadable));
	if (out->documents == NULL || out->outputs == NULL || out->unreadable == NULL)
		goto no_memory;
	for (; out->count < count; out->count++) {
		struct sign_document *document = &out->documents[out->count];

		document->input = inputs[out->count];
		out->outputs[out->count] = output_of(place, document->input);
		document->output = out->outputs[out->count];
		if (document->output == NULL)
			goto no_memory;
		document->replace = place->replace;
		document->hash_output = hash_output;
		document->result = look(document->input, &document->error);
		out->unreadable[out->count] = document->result != BE_OK;
	}
	return BE_OK;
no_memory:
	sign_list_free(out);
	return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
}

void sign_list_free(struct sign_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->outputs[i]);
	free(list->outputs);
	free(list->documents);
	free(list->unreadable);
	*list = (struct sign_list){ .count = 0 };
}

bool sign_list_is_hopeless(const struct sign_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (!list->unreadable[i])
			return false;
	return true;
}

/* ---- telling ---- */

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

int sign_list_tell(const struct sign_list *list, const struct sign_telling *how)
{
	size_t failed = 0;
	size_t no_start = 0;
	bool cancelled = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct sign_document *document = &list->documents[i];

		failed += document->result != BE_OK;
		no_start += list->unreadable[i] || document->result == BE_NOT_A_PDF;
		cancelled = cancelled || document->result == BE_CANCELLED;
		if (how->json)
			tell_json(document, how);
		else
			tell_line(document, how);
	}
	if (cancelled)
		return EXIT_CANCELLED;
	if (no_start == list->count) {
		if (how->json)
			print_failure(list->documents[0].input, &list->documents[0].error);
		return EXIT_NOT_STARTED;
	}
	return failed > 0 ? EXIT_NOT_ALL : EXIT_DONE;
}
