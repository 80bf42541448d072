/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/qr_follow.h"

#include "app/paths.h"
#include "base/file.h"
#include "base/sanitise.h"
#include "base/utf8.h"
#include "net/net.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "besign-qr-"
#define TOTAL_MS 120000u
#define HEAD_MAX 1024u
#define NAME_BYTES 100u

/* ---- asking, one hop after another ---- */

struct asking {
	const struct qr_follow_wish *wish;
	struct net *net;
	struct qr_content at; /* what is asked now */
	struct net_reply reply;
};

static void tell(void *arg, uint64_t sent, uint64_t to_send, uint64_t received, uint64_t to_receive)
{
	const struct qr_follow_wish *wish = arg;

	(void)sent;
	(void)to_send;
	wish->progress(wish->context, received, to_receive);
}

static enum be_err ask(struct asking *a, struct be_error *err)
{
	static const char *const headers[] = { "Accept: application/pdf, text/html;q=0.8, */*;q=0.1", NULL };
	const struct net_request request = {
		.peer = NET_STRANGER,
		.url = a->at.url,
		.headers = headers,
		.max_reply = QR_FOLLOW_MAX,
		.total_ms = TOTAL_MS,
		.repeatable = true,
		.stay = true,
		.cancel = a->wish->cancel,
		.progress = a->wish->progress != NULL ? tell : NULL,
		.progress_arg = (void *)(uintptr_t)a->wish,
	};

	return net_send(a->net, &request, &a->reply, err);
}

static bool is_redirect(const struct net_reply *reply)
{
	return reply->status >= 300 && reply->status < 400 && reply->status != 304;
}

static bool is_https(const struct qr_content *content)
{
	return (content->odd & QR_ODD_PLAIN) == 0;
}

enum be_err qr_follow_hop(struct qr_content *next, bool *elsewhere, const struct qr_content *at, const char *location,
	bool anywhere, struct be_error *err)
{
	qr_content_read(next, location);
	if (next->kind != QR_URL || next->why_not != NULL)
		return be_fail(err, BE_BLOCKED, N_("The address leads on to one that is not opened"), "%s", next->host);
	if (is_https(at) && !is_https(next))
		return be_fail(err, BE_BLOCKED,
			N_("The address leads on to one that begins with http:, which is not followed"), "%s",
			next->host);
	*elsewhere = !anywhere && !qr_same_host(at->host, next->host);
	return BE_OK;
}

static enum be_err ask_on(struct asking *a, bool *elsewhere, struct be_error *err)
{
	struct qr_content next;
	enum be_err rc = ask(a, err);

	for (unsigned hop = 0; rc == BE_OK && is_redirect(&a->reply) && !*elsewhere; hop++) {
		if (hop == QR_FOLLOW_HOPS)
			return be_fail(err, BE_LIMIT, N_("The address leads on and on"), NULL);
		rc = qr_follow_hop(&next, elsewhere, &a->at, a->reply.location, a->wish->anywhere, err);
		if (rc == BE_OK)
			a->at = next;
		if (rc == BE_OK && !*elsewhere) {
			net_reply_free(&a->reply);
			rc = ask(a, err);
		}
	}
	return rc;
}

static enum be_err check_status(const struct net_reply *reply, struct be_error *err)
{
	if (reply->status >= 200 && reply->status < 300)
		return BE_OK;
	if (reply->status == 404 || reply->status == 410)
		return be_fail(err, BE_NOT_FOUND, N_("The host says that there is nothing at this address"), "HTTP %u",
			reply->status);
	return be_fail(
		err, BE_REFUSED, N_("The host does not give out what is at this address"), "HTTP %u", reply->status);
}

/* ---- what came ---- */

static bool begins_with(const struct net_reply *reply, const char *const *words)
{
	size_t at = 0;

	while (at < reply->body.len && at < HEAD_MAX && isspace(reply->body.data[at]))
		at++;
	for (; *words != NULL; words++)
		if (reply->body.len - at >= strlen(*words) &&
			strncasecmp((const char *)reply->body.data + at, *words, strlen(*words)) == 0)
			return true;
	return false;
}

static bool is_utf8_text(const struct buffer *body)
{
	const uint8_t *at = body->data;
	size_t left = body->len < QR_FOLLOW_TEXT_MAX ? body->len : QR_FOLLOW_TEXT_MAX;

	while (left > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(at, left, &c);

		/* A character may be cut by the bound. */
		if (c == UTF8_BAD && left >= 4)
			return false;
		if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f')
			return false;
		at += taken;
		left -= taken;
	}
	return true;
}

/* A document is one by its first bytes, whatever it is called. */
static enum qr_came kind_of(const struct net_reply *reply)
{
	static const char *const pages[] = { "<!doctype html", "<html", "<head", "<body", NULL };
	const size_t head = reply->body.len < HEAD_MAX ? reply->body.len : HEAD_MAX;
	const char *type = reply->content_type;

	if (head > 0 && memmem(reply->body.data, head, "%PDF-", 5) != NULL)
		return QR_CAME_PDF;
	if (strcmp(type, "text/html") == 0 || strcmp(type, "application/xhtml+xml") == 0 || begins_with(reply, pages))
		return QR_CAME_PAGE;
	if ((type[0] == '\0' || strncmp(type, "text/", 5) == 0 || strcmp(type, "application/json") == 0) &&
		is_utf8_text(&reply->body))
		return QR_CAME_TEXT;
	return QR_CAME_OTHER;
}

/* The last part of the address, when it is a document's name; of plain letters, so that it is one on any disk. */
static void put_name(struct buffer *path, const char *url)
{
	const size_t len = strcspn(url, "?#");
	const char *slash = memrchr(url, '/', len);
	const char *name = slash != NULL ? slash + 1 : url;
	const size_t name_len = (size_t)(url + len - name);

	if (name_len < 5 || name_len > NAME_BYTES || strncasecmp(url + len - 4, ".pdf", 4) != 0) {
		buffer_add_str(path, "document.pdf");
		return;
	}
	for (size_t i = 0; i < name_len; i++) {
		const char c = name[i];

		buffer_add_byte(
			path, (uint8_t)(isalnum((unsigned char)c) || (i > 0 && strchr("._-", c) != NULL) ? c : '_'));
	}
}

static enum be_err make_directory(struct buffer *path, struct be_error *err)
{
	const char *where = getenv("TMPDIR");

	if (where == NULL || where[0] != '/')
		where = "/tmp";
	buffer_printf(path, "%s/" DIRECTORY "XXXXXX", where);
	buffer_add_byte(path, '\0');
	if (buffer_check(path, err) != BE_OK)
		return BE_NO_MEMORY;
	if (mkdtemp((char *)path->data) == NULL) {
		path->data[0] = '\0';
		return be_fail_errno(err, BE_IO, N_("The document cannot be kept on this computer"), where);
	}
	path->len--;
	return BE_OK;
}

static enum be_err keep_document(struct qr_found *out, const struct net_reply *reply, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	int fd = -1;
	enum be_err rc = make_directory(&path, err);

	if (rc != BE_OK)
		goto out;
	buffer_add_byte(&path, '/');
	put_name(&path, reply->url);
	buffer_add_byte(&path, '\0');
	rc = buffer_check(&path, err);
	if (rc != BE_OK)
		goto out;
	out->document = (char *)path.data;
	path = BUFFER_EMPTY;
	fd = open(out->document, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		rc = be_fail_errno(err, BE_IO, N_("The document cannot be kept on this computer"), out->document);
	else
		rc = file_write(fd, reply->body.data, reply->body.len, err);
out:
	if (fd >= 0)
		(void)close(fd);
	buffer_free(&path);
	return rc;
}

static enum be_err keep_text(struct qr_found *out, const struct net_reply *reply, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	const size_t len = reply->body.len < QR_FOLLOW_TEXT_MAX ? reply->body.len : QR_FOLLOW_TEXT_MAX;
	enum be_err rc;

	sanitise_utf8(&text, reply->body.data, len);
	buffer_add_byte(&text, '\0');
	rc = buffer_check(&text, err);
	if (rc == BE_OK)
		out->text = (char *)text.data;
	else
		buffer_free(&text);
	return rc;
}

static enum be_err take_reply(struct qr_found *out, const struct asking *a, struct be_error *err)
{
	const struct net_reply *reply = &a->reply;
	const size_t looked = reply->body.len < QR_FOLLOW_PAGE_MAX ? reply->body.len : QR_FOLLOW_PAGE_MAX;
	enum be_err rc = check_status(reply, err);

	if (rc != BE_OK)
		return rc;
	out->came = kind_of(reply);
	out->size = reply->body.len;
	(void)sanitise_str(out->type, sizeof(out->type), reply->content_type);
	switch (out->came) {
	case QR_CAME_PDF:
		return keep_document(out, reply, err);
	case QR_CAME_PAGE:
		return qr_links_find(&out->links, a->at.url, reply->body.data, looked, err);
	case QR_CAME_TEXT:
		return keep_text(out, reply, err);
	case QR_CAME_OTHER:
	case QR_CAME_ELSEWHERE:
	default:
		return BE_OK;
	}
}

enum be_err qr_follow(struct qr_found *out, const char *url, const struct qr_follow_wish *wish, struct be_error *err)
{
	struct asking a = { .wish = wish, .reply = NET_REPLY_EMPTY };
	bool elsewhere = false;
	enum be_err rc;

	*out = QR_FOUND_NOTHING;
	qr_content_read(&a.at, url);
	if (a.at.kind != QR_URL || a.at.why_not != NULL)
		return be_fail(err, BE_USAGE, a.at.why_not != NULL ? a.at.why_not : N_("This is no address"), NULL);
	rc = net_open(&a.net, err);
	if (rc == BE_OK)
		rc = ask_on(&a, &elsewhere, err);
	if (rc == BE_OK) {
		memcpy(out->url, a.at.url, sizeof(out->url));
		memcpy(out->host, a.at.host, sizeof(out->host));
		if (elsewhere)
			out->came = QR_CAME_ELSEWHERE;
		else
			rc = take_reply(out, &a, err);
	}
	net_reply_free(&a.reply);
	net_close(&a.net);
	if (rc != BE_OK)
		qr_found_free(out);
	return rc;
}

void qr_found_free(struct qr_found *found)
{
	char *slash = found->document != NULL ? strrchr(found->document, '/') : NULL;

	if (slash != NULL) {
		(void)unlink(found->document);
		*slash = '\0';
		(void)rmdir(found->document);
	}
	free(found->document);
	free(found->text);
	qr_links_free(&found->links);
	*found = QR_FOUND_NOTHING;
}

enum be_err qr_save(const char *document, const char *target, struct be_error *err)
{
	const int fd = open(document, O_RDONLY | O_CLOEXEC);
	struct file_output *output = NULL;
	struct stat st;
	enum be_err rc;

	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be read"), document);
		goto out;
	}
	rc = file_output_new(&output, target, 0666, false, err);
	if (rc == BE_OK)
		rc = file_copy(fd, file_output_fd(output), (uint64_t)st.st_size, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
out:
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

bool qr_is_passing(const char *path)
{
	struct buffer parent = BUFFER_EMPTY;
	struct buffer name = BUFFER_EMPTY;
	bool passing = false;

	paths_parent(&parent, path);
	if (!parent.failed)
		paths_name(&name, (const char *)parent.data);
	if (!parent.failed && !name.failed)
		passing = strncmp((const char *)name.data, DIRECTORY, strlen(DIRECTORY)) == 0;
	buffer_free(&parent);
	buffer_free(&name);
	return passing;
}
