/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trust_manifest.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define MANIFEST_MAX 262144u
#define COLUMNS 6u

enum column { COLUMN_FILE, COLUMN_ROLE, COLUMN_SHA256, COLUMN_SUBJECT, COLUMN_UNTIL, COLUMN_SEEN };

static const struct {
	const char *word;
	const char *text;
} roles[] = {
#define X(name, word, text) { word, text },
	TRUST_ROLE_LIST(X)
#undef X
};

const char *trust_role_text(enum trust_role role)
{
	return role < TRUST_ROLE_COUNT ? roles[role].text : "";
}

struct trust_entry *trust_list_grow(struct trust_list *list)
{
	struct trust_entry *grown = reallocarray(list->entries, list->count + 1, sizeof(*grown));

	if (grown == NULL)
		return NULL;
	list->entries = grown;
	grown += list->count++;
	memset(grown, 0, sizeof(*grown));
	return grown;
}

static bool take(char *out, size_t size, const char *text)
{
	const size_t len = strlen(text);

	if (len == 0 || len >= size)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

/* A name of a file in the same directory, ending in .pem. */
static bool take_name(struct trust_entry *entry, const char *file)
{
	const size_t len = strlen(file);

	if (file[0] == '.' || strchr(file, '/') != NULL || len <= 4 || strcmp(file + len - 4, ".pem") != 0)
		return false;
	if (!take(entry->name, sizeof(entry->name), file))
		return false;
	entry->name[len - 4] = '\0';
	return true;
}

static bool take_role(struct trust_entry *entry, const char *word)
{
	for (size_t i = 0; i < TRUST_ROLE_COUNT; i++) {
		if (strcmp(roles[i].word, word) == 0) {
			entry->role = (enum trust_role)i;
			return true;
		}
	}
	return false;
}

static bool take_line(struct trust_entry *entry, char *line)
{
	char *columns[COLUMNS];
	size_t count = 0;

	for (char *next = line; next != NULL; count++) {
		char *column = strsep(&next, "\t");

		if (count == COLUMNS)
			return false;
		columns[count] = column;
	}
	entry->bundled = true;
	return count == COLUMNS && take_name(entry, columns[COLUMN_FILE]) && take_role(entry, columns[COLUMN_ROLE]) &&
		take(entry->sha256, sizeof(entry->sha256), columns[COLUMN_SHA256]) &&
		strspn(entry->sha256, "0123456789abcdef") == 64 &&
		take(entry->subject, sizeof(entry->subject), columns[COLUMN_SUBJECT]) &&
		take(entry->until, sizeof(entry->until), columns[COLUMN_UNTIL]) &&
		take(entry->seen, sizeof(entry->seen), columns[COLUMN_SEEN]);
}

enum be_err trust_manifest_read(struct trust_list *list, const char *bundle, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	char *rest = NULL;
	enum be_err rc;

	buffer_printf(&path, "%s/anchors.tsv", bundle);
	buffer_add_byte(&path, '\0');
	rc = buffer_check(&path, err);
	if (rc == BE_OK)
		rc = file_read_all(&text, (const char *)path.data, MANIFEST_MAX, err);
	buffer_add_byte(&text, '\0');
	if (rc == BE_OK)
		rc = buffer_check(&text, err);
	if (rc != BE_OK)
		goto out;
	rest = (char *)text.data;
	while (rest != NULL) {
		char *line = strsep(&rest, "\n");
		struct trust_entry *entry = NULL;

		if (line[0] == '\0' || line[0] == '#')
			continue;
		entry = trust_list_grow(list);
		if (entry == NULL)
			rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		else if (!take_line(entry, line))
			rc = be_fail(err, BE_BAD_ANCHOR,
				N_("The list of certificates that come with besign is damaged: install besign again"),
				"%s", (const char *)path.data);
		if (rc != BE_OK)
			goto out;
	}
out:
	buffer_free(&path);
	buffer_free(&text);
	return rc;
}
