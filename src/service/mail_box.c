/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/mail.h"

#include "base/file.h"
#include "net/mime.h"
#include "service/mail_inside.h"
#include "wire/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A Maildir (tmp, new, cur) as every mail reader knows it. File names are SECONDS.MNUMBER.besign[:2,FLAGS]. */

#define FILE_MAX 70000u
#define LOOKED_AT 5000u /* files of one directory */

enum be_err mail_box_put(
	const char *maildir, int64_t id, int64_t moment, const struct secret *letter, struct be_error *err)
{
	struct file_output *output = NULL;
	char *path = NULL;
	enum be_err rc;

	if (asprintf(&path, "%s/new/%lld.M%lld.besign", maildir, (long long)moment, (long long)id) < 0)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	rc = file_output_new(&output, path, 0600, true, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), secret_bytes(letter), secret_len(letter), err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	free(path);
	return rc;
}

/* ---- reading one ---- */

struct span {
	const char *at;
	size_t len;
};

/* The value of a header, folded lines and all; empty when it is not there. */
static struct span header(struct span message, const char *name)
{
	size_t name_len = strlen(name);
	const char *end = memmem(message.at, message.len, "\r\n\r\n", 4);
	const char *line = message.at;

	while (end != NULL && line < end) {
		const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);

		while (stop != NULL && (stop[2] == ' ' || stop[2] == '\t'))
			stop = memmem(stop + 2, (size_t)(end - stop - 2), "\r\n", 2);
		if (stop == NULL)
			stop = end;
		if ((size_t)(stop - line) > name_len + 2 && strncasecmp(line, name, name_len) == 0 &&
			line[name_len] == ':')
			return (struct span){ line + name_len + 2, (size_t)(stop - line) - name_len - 2 };
		line = stop + 2;
	}
	return (struct span){ "", 0 };
}

/* The first part: ours begin with the plain text. */
static void text_of(struct buffer *out, struct span message)
{
	struct span type = header(message, "Content-Type");
	const char *mark = memmem(type.at, type.len, "boundary=\"", 10);
	char line[100];
	size_t len = 0;
	const char *begin, *end, *stop = message.at + message.len;

	if (mark != NULL)
		len = strcspn(mark + 10, "\"\r\n");
	if (mark == NULL || len == 0 || len > 80)
		return;
	(void)snprintf(line, sizeof(line), "\r\n--%.*s\r\n", (int)len, mark + 10);
	begin = memmem(message.at, message.len, line, strlen(line));
	if (begin != NULL)
		begin = memmem(begin + 2, (size_t)(stop - begin) - 2, "\r\n\r\n", 4);
	if (begin == NULL)
		return;
	begin += 4;
	line[strlen(line) - 2] = '\0';
	end = memmem(begin, (size_t)(stop - begin), line, strlen(line));
	if (end != NULL)
		mime_unquote(out, begin, (size_t)(end - begin));
}

/* A line that is a link of ours: it ends in the place for passphrases and a secret. */
static enum be_err find_link(struct secret **out, const struct buffer *text, struct be_error *err)
{
	const char *at = (const char *)text->data, *end = at + text->len;
	enum be_err rc = BE_OK;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);

		if (len > 4 && strncmp(at, "http", 4) == 0 &&
			memmem(at, len, WIRE_PATH_LINK, strlen(WIRE_PATH_LINK)) != NULL) {
			rc = secret_new(out, len, err);
			return rc == BE_OK ? secret_add(*out, at, len, err) : rc;
		}
		at += len + 1;
	}
	return rc;
}

static bool is_to(struct span message, const char *address)
{
	struct span to = header(message, "To");

	return to.len == strlen(address) && strncasecmp(to.at, address, to.len) == 0;
}

static enum be_err read_item(struct mail_item *item, struct span message, struct be_error *err)
{
	struct buffer subject = BUFFER_EMPTY;
	struct span coded = header(message, "Subject");
	enum be_err rc;

	mime_decode(&subject, coded.at, coded.len);
	text_of(&item->text, message);
	rc = buffer_check(&subject, err);
	if (rc == BE_OK)
		rc = buffer_check(&item->text, err);
	if (rc == BE_OK)
		rc = find_link(&item->link, &item->text, err);
	if (rc == BE_OK) {
		(void)snprintf(item->subject, sizeof(item->subject), "%.*s", (int)subject.len,
			subject.data != NULL ? (const char *)subject.data : "");
		buffer_add_byte(&item->text, 0);
		rc = buffer_check(&item->text, err);
		item->text.len -= rc == BE_OK ? 1 : 0;
	}
	buffer_free(&subject);
	return rc;
}

/* ---- reading all ---- */

struct entry {
	long long moment;
	long long number;
	char *path;
};

static int newest_first(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	if (one->moment != other->moment)
		return one->moment < other->moment ? 1 : -1;
	return one->number < other->number ? 1 : one->number > other->number ? -1 : 0;
}

static bool read_name(struct entry *entry, const char *name)
{
	char *end = NULL;

	entry->moment = strtoll(name, &end, 10);
	if (end == name || strncmp(end, ".M", 2) != 0)
		return false;
	name = end + 2;
	entry->number = strtoll(name, &end, 10);
	return end != name && strncmp(end, ".besign", 7) == 0;
}

/* A directory that cannot be listed has no letters: what is missing shows by itself. */
static enum be_err list_dir(
	struct entry **entries, size_t *count, const char *maildir, const char *below, struct be_error *err)
{
	char *dir_path = NULL;
	struct dirent *one;
	DIR *dir = NULL;
	enum be_err rc = BE_OK;

	if (asprintf(&dir_path, "%s/%s", maildir, below) < 0)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	dir = opendir(dir_path);
	while (rc == BE_OK && dir != NULL && *count < LOOKED_AT && (one = readdir(dir)) != NULL) {
		struct entry entry = { 0, 0, NULL };
		struct entry *more;

		if (!read_name(&entry, one->d_name))
			continue;
		more = reallocarray(*entries, *count + 1, sizeof(*more));
		if (more != NULL)
			*entries = more;
		if (more == NULL || asprintf(&entry.path, "%s/%s", dir_path, one->d_name) < 0)
			rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		else
			more[(*count)++] = entry;
	}
	if (dir != NULL)
		(void)closedir(dir);
	free(dir_path);
	return rc;
}

/* One letter, when it is to this address; what cannot be read is passed over. */
static enum be_err add_item(
	struct mail_item *items, size_t *count, const struct entry *entry, const char *address, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct mail_item *item = &items[*count];
	struct span message;
	enum be_err rc = file_read_all(&bytes, entry->path, FILE_MAX, NULL);

	message = (struct span){ bytes.data != NULL ? (const char *)bytes.data : "", bytes.len };
	if (rc == BE_OK && is_to(message, address)) {
		*item = (struct mail_item){ .moment = entry->moment };
		(void)snprintf(item->id, sizeof(item->id), "M%lld", entry->number);
		rc = read_item(item, message, err);
		++*count;
	} else if (rc != BE_NO_MEMORY) {
		rc = BE_OK;
	}
	if (bytes.data != NULL)
		explicit_bzero(bytes.data, bytes.cap);
	buffer_free(&bytes);
	return rc;
}

enum be_err mail_box(
	struct mail *mail, const char *address, struct mail_item **items, size_t *count, struct be_error *err)
{
	struct entry *entries = NULL;
	size_t found = 0;
	enum be_err rc;

	*items = NULL;
	*count = 0;
	if (mail->maildir == NULL)
		return be_fail(err, BE_UNSUPPORTED, N_("This service sends its letters by mail"), NULL);
	rc = list_dir(&entries, &found, mail->maildir, "new", err);
	if (rc == BE_OK)
		rc = list_dir(&entries, &found, mail->maildir, "cur", err);
	if (rc == BE_OK && found != 0) {
		qsort(entries, found, sizeof(*entries), newest_first);
		*items = calloc(MAIL_BOX_MAX, sizeof(**items));
		if (*items == NULL)
			rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	}
	for (size_t i = 0; rc == BE_OK && i < found && *count < MAIL_BOX_MAX; i++)
		rc = add_item(*items, count, &entries[i], address, err);
	for (size_t i = 0; i < found; i++)
		free(entries[i].path);
	free(entries);
	if (rc != BE_OK) {
		mail_items_free(items, *count);
		*count = 0;
	}
	return rc;
}

void mail_items_free(struct mail_item **items, size_t count)
{
	if (*items == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		struct mail_item *item = &(*items)[i];

		if (item->text.data != NULL)
			explicit_bzero(item->text.data, item->text.cap);
		buffer_free(&item->text);
		secret_free(&item->link);
	}
	free(*items);
	*items = NULL;
}
