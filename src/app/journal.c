/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/journal.h"

#include "app/journal_file.h"
#include "base/file.h"
#include "base/utf8.h"
#include "crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between two looks at the flag that ends a check. */
#define PIECE (UINT64_C(16) << 20)

static const char
	*const results[] = { [JOURNAL_SIGNED] = "signed", [JOURNAL_FAILED] = "failed", [JOURNAL_UNKNOWN] = "unknown" };

#define RESULTS (sizeof(results) / sizeof(results[0]))

const char *journal_result_word(enum journal_result result)
{
	return results[result];
}

void journal_entry_free(struct journal_entry *entry)
{
	free(entry->file);
	free(entry->output);
	free(entry->key);
	*entry = (struct journal_entry){ .time = TIME_NONE };
}

/* ---- a line ---- */

static bool is_utf8(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t c;
		const size_t took = utf8_decode((const uint8_t *)text, left, &c);

		if (c == UTF8_BAD)
			return false;
		text += took;
		left -= took;
	}
	return true;
}

static void put_path(struct json *object, const char *key, const char *uri_key, const char *path, bool always)
{
	struct buffer uri = BUFFER_EMPTY;

	json_put_string(object, key, path);
	if (path == NULL || (!always && is_utf8(path)))
		return;
	file_uri(&uri, path);
	buffer_add_byte(&uri, '\0');
	json_put_string(object, uri_key, uri.failed ? "" : (const char *)uri.data);
	buffer_free(&uri);
}

static const char *known(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

struct json *journal_json(const struct journal_entry *entry, bool every_uri)
{
	struct json *object = json_object();
	struct json *signer = json_object();
	struct json *key = json_object();
	char time[TIME_TEXT_MAX];

	json_put_string(object, "time", known(time_format(time, entry->time)));
	put_path(object, "file", "file_uri", entry->file, every_uri);
	put_path(object, "output", "output_uri", entry->output, every_uri);
	json_put_string(object, "result", results[entry->result]);
	json_put_string(object, "error", known(entry->code));
	json_put_string(object, "field", known(entry->field));
	json_put_string(object, "sha256", known(entry->sha256));
	json_put_string(signer, "name", known(entry->signer));
	json_put_string(signer, "sha256", known(entry->certificate));
	json_put(object, "signer", signer);
	json_put_string(key, "kind", key_ref_word(entry->key_kind));
	put_path(key, "name", "name_uri", entry->key, false);
	json_put(object, "key", key);
	json_put_string(object, "batch", known(entry->batch));
	return object;
}

enum be_err journal_add(const struct journal_entry *entry, struct be_error *err)
{
	struct json *object = journal_json(entry, false);
	struct buffer line = BUFFER_EMPTY;
	enum be_err rc = json_print(&line, object, err);

	buffer_add_byte(&line, '\n');
	if (rc == BE_OK)
		rc = buffer_check(&line, err);
	if (rc == BE_OK)
		rc = journal_file_add(&line, err);
	buffer_free(&line);
	json_free(&object);
	return rc;
}

enum be_err journal_sync(struct be_error *err)
{
	return journal_file_sync(err);
}

/* ---- reading ---- */

/* A copy in *out, which is NULL where the line has none. False without memory. */
static bool take_text(char **out, const struct json *object, const char *key)
{
	const char *text = json_string(json_get(object, key));

	*out = text != NULL ? strdup(text) : NULL;
	return text == NULL || *out != NULL;
}

static bool take_path(char **out, const struct json *object, const char *key, const char *uri_key)
{
	const char *uri = json_string(json_get(object, uri_key));
	struct buffer path = BUFFER_EMPTY;
	bool well = true;

	if (uri == NULL)
		return take_text(out, object, key);
	well = file_of_uri(&path, uri);
	*out = well ? strdup((const char *)path.data) : NULL;
	buffer_free(&path);
	return well && *out != NULL;
}

static bool take_array(char *out, size_t size, const struct json *object, const char *key)
{
	const char *text = json_string(json_get(object, key));
	const size_t len = text != NULL ? strlen(text) : 0;

	if (len >= size)
		return false;
	memcpy(out, text != NULL ? text : "", len + 1);
	return true;
}

static bool take_digest(char out[static 65], const struct json *object)
{
	return take_array(out, 65, object, "sha256") && (out[0] == '\0' || strspn(out, "0123456789abcdef") == 64);
}

static bool take_result(enum journal_result *out, const struct json *object)
{
	const char *word = json_string(json_get(object, "result"));

	for (size_t i = 0; word != NULL && i < RESULTS; i++) {
		if (strcmp(word, results[i]) == 0) {
			*out = (enum journal_result)i;
			return true;
		}
	}
	return false;
}

static bool take_entry(struct journal_entry *out, const struct json *object)
{
	const struct json *signer = json_get(object, "signer");
	const struct json *key = json_get(object, "key");
	const char *time = json_string(json_get(object, "time"));
	const char *kind = json_string(json_get(key, "kind"));

	return json_is_object(object) && json_is_object(signer) && json_is_object(key) && time != NULL &&
		time_parse(&out->time, time, NULL) == BE_OK && take_result(&out->result, object) && kind != NULL &&
		key_ref_kind_of(&out->key_kind, kind) && take_path(&out->file, object, "file", "file_uri") &&
		take_path(&out->output, object, "output", "output_uri") && out->file != NULL && out->output != NULL &&
		take_array(out->code, sizeof(out->code), object, "error") &&
		take_array(out->field, sizeof(out->field), object, "field") && take_digest(out->sha256, object) &&
		take_array(out->signer, sizeof(out->signer), signer, "name") && take_digest(out->certificate, signer) &&
		take_path(&out->key, key, "name", "name_uri") &&
		take_array(out->batch, sizeof(out->batch), object, "batch");
}

static bool read_line(struct journal_entry *out, const uint8_t *line, size_t len)
{
	struct json *object = NULL;
	bool well;

	*out = (struct journal_entry){ .time = TIME_NONE };
	well = json_parse(&object, line, len, NULL) == BE_OK && take_entry(out, object);
	json_free(&object);
	if (!well)
		journal_entry_free(out);
	return well;
}

static bool room_for_one(struct journal *journal, size_t *room)
{
	struct journal_entry *grown;

	if (journal->count < *room)
		return true;
	*room = *room > 0 ? 2 * *room : 64;
	grown = reallocarray(journal->entries, *room, sizeof(*grown));
	if (grown == NULL)
		return false;
	journal->entries = grown;
	return true;
}

enum be_err journal_read(struct journal *out, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = journal_file_read(&text, err);
	size_t end = text.len;
	size_t room = 0;

	*out = (struct journal){ NULL, 0, 0 };
	while (rc == BE_OK && end > 0) {
		const bool whole = text.data[end - 1] == '\n';
		const size_t len = end - (whole ? 1 : 0);
		const uint8_t *newline = memrchr(text.data, '\n', len);
		const size_t at = newline != NULL ? (size_t)(newline - text.data) + 1 : 0;

		end = at;
		if (len == at)
			continue;
		if (!room_for_one(out, &room))
			rc = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		else if (whole && read_line(&out->entries[out->count], text.data + at, len - at))
			out->count++;
		else
			out->broken++;
	}
	buffer_free(&text);
	if (rc != BE_OK)
		journal_free(out);
	return rc;
}

void journal_free(struct journal *journal)
{
	for (size_t i = 0; i < journal->count; i++)
		journal_entry_free(&journal->entries[i]);
	free(journal->entries);
	*journal = (struct journal){ NULL, 0, 0 };
}

/* ---- the file as it is now ---- */

static enum be_err hash(char out[static 65], int fd, uint64_t len, const atomic_bool *cancel, struct be_error *err)
{
	uint8_t value[DIGEST_MAX];
	struct digest *d = NULL;
	size_t size = 0;
	enum be_err rc = digest_new(&d, DIGEST_SHA256, err);

	for (uint64_t at = 0; rc == BE_OK && at < len; at += PIECE) {
		if (cancel != NULL && atomic_load(cancel))
			rc = be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		else
			rc = digest_add_file(d, fd, at, len - at < PIECE ? len - at : PIECE, err);
	}
	if (rc == BE_OK)
		rc = digest_finish(d, value, &size, err);
	digest_free(&d);
	for (size_t i = 0; i < size; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", value[i]);
	return rc;
}

enum be_err journal_digest(char out[static 65], const char *path, const atomic_bool *cancel, struct be_error *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	enum be_err rc;

	out[0] = '\0';
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return be_fail(err, BE_NOT_FOUND, N_("The file does not exist"), "%s", path);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file could not be opened"), path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		rc = hash(out, fd, (uint64_t)st.st_size, cancel, err);
	else
		rc = be_fail(err, BE_IO, N_("The name does not stand for a regular file"), "%s", path);
	(void)close(fd);
	return rc;
}

enum be_err journal_check(
	enum journal_file *out, const struct journal_entry *entry, const atomic_bool *cancel, struct be_error *err)
{
	char now[65];
	const enum be_err rc = journal_digest(now, entry->output, cancel, err);

	if (rc == BE_OK)
		*out = strcmp(now, entry->sha256) == 0 ? JOURNAL_FILE_SAME : JOURNAL_FILE_CHANGED;
	else
		*out = rc == BE_NOT_FOUND ? JOURNAL_FILE_MISSING : JOURNAL_FILE_UNREADABLE;
	return rc == BE_CANCELLED || rc == BE_NO_MEMORY ? rc : BE_OK;
}
