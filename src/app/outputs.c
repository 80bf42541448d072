/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/outputs.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

char *outputs_name(const struct outputs_place *place, const char *input)
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

enum be_err outputs_make(struct outputs *out, const char *const *inputs, size_t count,
	const struct outputs_place *place, bool hash_output, struct be_error *err)
{
	*out = (struct outputs){ .dir = place->dir };
	out->documents = calloc(count, sizeof(*out->documents));
	out->inputs = calloc(count, sizeof(*out->inputs));
	out->names = calloc(count, sizeof(*out->names));
	out->unreadable = calloc(count, sizeof(*out->unreadable));
	if (out->documents == NULL || out->inputs == NULL || out->names == NULL || out->unreadable == NULL)
		goto no_memory;
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		struct sign_document *document = &out->documents[i];

		document->input = out->inputs[i] = strdup(inputs[i]);
		document->output = out->names[i] = outputs_name(place, inputs[i]);
		if (document->input == NULL || document->output == NULL)
			goto no_memory;
		document->replace = place->replace;
		document->hash_output = hash_output;
		document->result = look(document->input, &document->error);
		out->unreadable[i] = document->result != BE_OK;
	}
	return BE_OK;
no_memory:
	outputs_free(out);
	return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
}

void outputs_free(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		free(outputs->inputs[i]);
		free(outputs->names[i]);
	}
	free(outputs->inputs);
	free(outputs->names);
	free(outputs->documents);
	free(outputs->unreadable);
	*outputs = (struct outputs){ .count = 0 };
}

void outputs_move(struct outputs *to, struct outputs *from)
{
	*to = *from;
	to->dir = NULL;
	*from = (struct outputs){ .count = 0 };
}

bool outputs_are_hopeless(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->unreadable[i])
			return false;
	return true;
}

/* ---- signing those that can be opened ---- */

struct part {
	struct outputs *outputs;
	struct sign_document *documents;
	size_t *places; /* of each in the whole batch */
	size_t count;
	const struct sign_progress *progress; /* the caller's, who counts in the whole batch; or NULL */
};

static void pass_on(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	const struct part *part = context;

	if (stage == SIGN_DONE)
		part->outputs->documents[part->places[document]] = part->documents[document];
	part->progress->report(part->progress->context, stage, part->places[document], done, count);
}

static enum be_err take_part(struct part *part, const struct outputs *outputs, struct be_error *err)
{
	part->documents = calloc(outputs->count, sizeof(*part->documents));
	part->places = calloc(outputs->count, sizeof(*part->places));
	if (part->documents == NULL || part->places == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	for (size_t i = 0; i < outputs->count; i++) {
		if (outputs->documents[i].result != BE_OK)
			continue;
		part->places[part->count] = i;
		part->documents[part->count++] = outputs->documents[i];
	}
	return BE_OK;
}

static enum be_err sign_part(struct part *part, struct signer *signer, const struct sign_options *options,
	const struct sign_progress *progress, struct be_error *err)
{
	struct sign_progress passed = { NULL, part, NULL };

	if (progress != NULL) {
		passed.report = progress->report != NULL ? pass_on : NULL;
		passed.cancel = progress->cancel;
	}
	return part->count > 0 ? sign_documents(signer, options, part->documents, part->count, &passed, err) : BE_OK;
}

enum be_err outputs_sign(struct outputs *outputs, struct signer *signer, const struct sign_options *options,
	const struct sign_progress *progress, struct be_error *err)
{
	struct part part = { .outputs = outputs, .progress = progress };
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = take_part(&part, outputs, &cause);

	if (rc == BE_OK && outputs->dir != NULL)
		rc = file_make_dirs(outputs->dir, &cause);
	if (rc == BE_OK)
		rc = sign_part(&part, signer, options, progress, &cause);
	/* Where nothing was started, no document may look as if it had been signed. */
	for (size_t i = 0; i < part.count; i++) {
		if (rc != BE_OK) {
			part.documents[i].result = rc;
			part.documents[i].error = cause;
		}
		outputs->documents[part.places[i]] = part.documents[i];
	}
	free(part.documents);
	free(part.places);
	if (rc != BE_OK && err != NULL)
		*err = cause;
	return rc;
}
