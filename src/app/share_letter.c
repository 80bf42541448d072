/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include "app/paths.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/time.h"
#include "crypto/random.h"
#include "net/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID_BYTES 16u
#define PDF "%PDF-"

/* ---- who gets it ---- */

void share_addresses_free(struct share_addresses *addresses)
{
	free(addresses->block);
	*addresses = (struct share_addresses){ .block = NULL };
}

enum be_err share_addresses_read(struct share_addresses *out, const char *text, struct be_error *err)
{
	enum be_err rc = BE_OK;
	char *rest = NULL;

	*out = (struct share_addresses){ .block = strdup(text != NULL ? text : "") };
	if (out->block == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	/* Only these part them: another control character is part of an address, and refused with it. */
	for (char *at = strtok_r(out->block, ",; ", &rest); at != NULL && rc == BE_OK;
		at = strtok_r(NULL, ",; ", &rest)) {
		if (mime_address_check(at, NULL) != BE_OK)
			rc = be_fail(err, BE_USAGE, N_("This is no mail address"), "%s", at);
		else if (out->count == SHARE_RECIPIENTS_MAX)
			rc = be_fail(err, BE_LIMIT, N_("That is more recipients than one letter goes to"), "%u",
				SHARE_RECIPIENTS_MAX);
		else
			out->list[out->count++] = at;
	}
	if (rc == BE_OK && out->count == 0)
		rc = be_fail(err, BE_USAGE, N_("Say who is to get the documents: a mail address"), NULL);
	if (rc != BE_OK)
		share_addresses_free(out);
	return rc;
}

/* ---- the letter ---- */

static enum be_err make_id(char out[static 2 * ID_BYTES + 1], struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	uint8_t bytes[ID_BYTES];
	enum be_err rc = crypto_random(bytes, sizeof(bytes), err);

	encode_add(&text, ENCODE_HEX, bytes, sizeof(bytes));
	if (rc == BE_OK)
		rc = buffer_check(&text, err);
	if (rc == BE_OK) {
		memcpy(out, text.data, text.len);
		out[text.len] = '\0';
	}
	buffer_free(&text);
	return rc;
}

/* What the person said; else the name of the document, or how many they are. */
static void add_subject(struct buffer *out, const struct share_run *run)
{
	const struct share_documents *all = run->job->documents;
	const char *subject = run->job->mail.subject;
	struct buffer text = BUFFER_EMPTY;

	if (subject != NULL && subject[0] != '\0')
		buffer_add_str(&text, subject);
	else if (all->count == 1)
		paths_name(&text, all->documents[0].path);
	else
		buffer_printf(&text, tr_n("%zu document", "%zu documents", all->count), all->count);
	buffer_add_byte(&text, '\0');
	out->failed = out->failed || text.failed;
	if (!text.failed)
		mime_header(out, "Subject", (const char *)text.data);
	buffer_free(&text);
}

static void add_headers(
	struct buffer *out, const struct share_run *run, const struct share_addresses *to, const char *id)
{
	const char *from = run->job->mail.from;
	char date[MIME_DATE_MAX];

	mime_from(out, from);
	mime_addresses(out, "To", to->list, to->count);
	add_subject(out, run);
	mime_header(out, "Date", mime_date(date, time_now()));
	buffer_printf(out, "Message-ID: <%s@%s>\r\n", id, strrchr(from, '@') + 1);
	buffer_add_str(out, "MIME-Version: 1.0\r\n");
	buffer_printf(out, "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n\r\n", id);
}

/* The message; without one, what is in the letter. */
static void add_text(struct buffer *out, const struct share_run *run, const char *id)
{
	const struct share_documents *all = run->job->documents;
	const char *message = run->job->mail.message;
	struct buffer text = BUFFER_EMPTY, name = BUFFER_EMPTY;

	for (const char *at = message != NULL ? message : ""; *at != '\0'; at++)
		if (*at != '\r')
			buffer_add_byte(&text, (uint8_t)*at);
	for (size_t i = 0; (message == NULL || message[0] == '\0') && i < all->count; i++) {
		paths_name(&name, all->documents[i].path);
		buffer_add(&text, i == 0 ? "" : "\n", i == 0 ? 0 : 1);
		buffer_add(&text, name.data, name.len);
	}
	buffer_add_byte(&text, '\n');
	buffer_printf(out,
		"--=_%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		id);
	mime_quote(out, text.data, text.len);
	buffer_add_str(out, "\r\n");
	out->failed = out->failed || text.failed || name.failed;
	buffer_free(&text);
	buffer_free(&name);
}

static void add_part(struct buffer *out, const char *path, const struct buffer *content, const char *id)
{
	bool pdf = content->len >= sizeof(PDF) - 1 && memcmp(content->data, PDF, sizeof(PDF) - 1) == 0;
	struct buffer name = BUFFER_EMPTY;

	paths_name(&name, path);
	out->failed = out->failed || name.failed;
	if (name.failed)
		return;
	buffer_printf(out, "--=_%s\r\nContent-Type: application/%s\r\nContent-Disposition: attachment", id,
		pdf ? "pdf" : "octet-stream");
	mime_parameter(out, "filename", (const char *)name.data);
	buffer_add_str(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	mime_base64(out, content->data, content->len);
	buffer_free(&name);
}

static enum be_err read_document(struct buffer *out, const char *path, uint64_t room, struct be_error *err)
{
	struct stat st;
	int fd = -1;
	enum be_err rc = share_open(&fd, &st, path, true, err);

	if (rc != BE_OK)
		return rc;
	buffer_reset(out);
	if ((uint64_t)st.st_size > room)
		rc = be_fail(err, BE_LIMIT,
			N_("The documents are larger than a letter may be; put them into a folder or on a server"),
			"%llu MiB", SHARE_LETTER_MAX >> 20);
	if (rc == BE_OK) {
		buffer_add_fill(out, 0, (size_t)st.st_size);
		rc = buffer_check(out, err);
	}
	if (rc == BE_OK)
		rc = file_read_at(fd, out->data, (size_t)st.st_size, 0, err);
	if (rc == BE_OK)
		rc = share_unchanged(fd, &st, err);
	(void)close(fd);
	return rc;
}

enum be_err share_letter_make(
	struct buffer *out, struct share_run *run, const struct share_addresses *to, struct be_error *err)
{
	const struct share_documents *all = run->job->documents;
	struct buffer content = BUFFER_EMPTY;
	char id[2 * ID_BYTES + 1];
	uint64_t room = SHARE_LETTER_MAX;
	enum be_err rc = make_id(id, err);

	if (rc == BE_OK) {
		add_headers(out, run, to, id);
		add_text(out, run, id);
	}
	for (size_t i = 0; rc == BE_OK && i < all->count; i++) {
		if (share_is_cancelled(run))
			rc = be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		else
			rc = read_document(&content, all->documents[i].path, room, err);
		if (rc == BE_OK)
			add_part(out, all->documents[i].path, &content, id);
		room -= rc == BE_OK ? content.len : 0;
	}
	buffer_free(&content);
	if (rc != BE_OK)
		return rc;
	buffer_printf(out, "--=_%s--\r\n", id);
	return buffer_check(out, err);
}
