/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/outputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file; or, with a name, an entry of the directory that device and inode mean. */
struct place {
	dev_t device;
	ino_t inode;
	const char *name; /* borrowed; "" for a file */
};

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool file_place(struct place *out, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*out = (struct place){ st.st_dev, st.st_ino, "" };
	return true;
}

static enum be_err entry_place(struct place *out, bool *found, const char *path, struct be_error *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = NULL;

	if (slash == NULL) {
		*found = file_place(out, ".");
		out->name = path;
		return BE_OK;
	}
	dir = strndup(path, (size_t)(slash - path) + 1);
	if (dir == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	*found = file_place(out, dir);
	out->name = slash + 1;
	free(dir);
	return BE_OK;
}

static enum be_err check_inputs(
	struct place *places, const struct sign_document *documents, size_t count, struct be_error *err)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		known += file_place(&places[known], documents[i].input) ? 1 : 0;
	qsort(places, known, sizeof(*places), compare);
	for (size_t i = 0; i < count; i++) {
		struct place output;

		if (file_place(&output, documents[i].output) &&
			bsearch(&output, places, known, sizeof(*places), compare) != NULL)
			return be_fail(err, BE_OUTPUT_IS_INPUT,
				N_("The output is one of the documents to be signed; choose another name"), "%s",
				documents[i].output);
	}
	return BE_OK;
}

static enum be_err check_names(
	struct place *places, const struct sign_document *documents, size_t count, struct be_error *err)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		bool found = false;
		enum be_err rc = entry_place(&places[known], &found, documents[i].output, err);

		if (rc != BE_OK)
			return rc;
		known += found ? 1 : 0;
	}
	qsort(places, known, sizeof(*places), compare);
	for (size_t i = 1; i < known; i++)
		if (compare(&places[i - 1], &places[i]) == 0)
			return be_fail(err, BE_SAME_OUTPUT,
				N_("Two documents would be written to one file; choose another directory or sign them "
				   "one by one"),
				"%s", places[i].name);
	return BE_OK;
}

enum be_err sign_outputs_check(const struct sign_document *documents, size_t count, struct be_error *err)
{
	struct place *places = calloc(count, sizeof(*places));
	enum be_err rc;

	if (places == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = check_names(places, documents, count, err);
	if (rc == BE_OK)
		rc = check_inputs(places, documents, count, err);
	free(places);
	return rc;
}
