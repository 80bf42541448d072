/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include "app/paths.h"
#include "net/mime.h"
#include "net/net.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define URL_MAX 300
#define REPLY_MAX 160
#define LEAST_MS 120000u /* a server may look into a letter for a while before it answers */
#define BYTES_PER_MS 4u  /* the slowest line that is waited for */

void share_mail_settings(struct share_mail *out, const struct settings *settings)
{
	out->from = settings->mail_from;
	out->server = settings->mail_server;
	out->security = (enum share_security)settings->mail_security;
	out->user = settings->mail_user;
	out->ca_file = settings->mail_authorities;
	out->sendmail = settings->sendmail;
}

/* ---- what can be written to ---- */

/* A name or number, and perhaps a port, that mean nothing else in a URL. */
static bool is_server(const char *server)
{
	size_t len = strlen(server);

	if (len == 0 || len > SHARE_SUBJECT_MAX || server[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)server[i]) && strchr("-._:[]", server[i]) == NULL)
			return false;
	return true;
}

static bool has_server(const struct share_mail *mail)
{
	return mail->server != NULL && mail->server[0] != '\0';
}

static bool has_controls(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static enum be_err check_text(const struct share_mail *mail, struct be_error *err)
{
	if (has_controls(mail->subject))
		return be_fail(err, BE_USAGE, N_("A subject is one line without control characters"), NULL);
	if (mail->subject != NULL && strlen(mail->subject) >= SHARE_SUBJECT_MAX)
		return be_fail(err, BE_LIMIT, N_("The subject is too long"), "%u", SHARE_SUBJECT_MAX - 1);
	if (mail->message != NULL && strlen(mail->message) >= SHARE_MESSAGE_MAX)
		return be_fail(err, BE_LIMIT, N_("The message is too long"), "%u", SHARE_MESSAGE_MAX - 1);
	return BE_OK;
}

enum be_err share_mail_sender_check(const struct share_mail *mail, struct be_error *err)
{
	if (mail->from == NULL || mail->from[0] == '\0')
		return be_fail(err, BE_USAGE,
			N_("Your own mail address is missing: it is set under Settings, Sharing (mail-from)"), NULL);
	if (mime_address_check(mail->from, NULL) != BE_OK)
		return be_fail(err, BE_USAGE,
			N_("Your own mail address is none: mend it under Settings, Sharing (mail-from)"), "%s",
			mail->from);
	if (has_server(mail) && !is_server(mail->server))
		return be_fail(err, BE_USAGE, N_("The mail server has to be HOST or HOST:PORT (mail-server)"), "%s",
			mail->server);
	return BE_OK;
}

enum be_err share_mail_check(const struct share_mail *mail, struct be_error *err)
{
	struct share_addresses to;
	enum be_err rc = check_text(mail, err);

	if (rc == BE_OK)
		rc = share_mail_sender_check(mail, err);
	if (rc != BE_OK)
		return rc;
	rc = share_addresses_read(&to, mail->to, err);
	share_addresses_free(&to);
	return rc;
}

/* ---- to a server ---- */

struct progress {
	struct share_run *run;
	uint64_t len;
};

/* In the letter documents are a third longer than they are. */
static void tell(void *arg, uint64_t sent, uint64_t to_send, uint64_t received, uint64_t to_receive)
{
	const struct progress *progress = arg;

	(void)to_send;
	(void)received;
	(void)to_receive;
	share_tell(progress->run, (uint64_t)((double)progress->run->total * (double)sent / (double)progress->len));
}

static void put_url(char out[static URL_MAX], const struct share_mail *mail)
{
	static const char *const ports[] = { [SHARE_STARTTLS] = ":587", [SHARE_TLS] = ":465", [SHARE_NO_TLS] = ":25" };
	const char *close = strrchr(mail->server, ']');
	bool has_port = strchr(close != NULL ? close : mail->server, ':') != NULL;

	(void)snprintf(out, URL_MAX, "%s://%s%s", mail->security == SHARE_TLS ? "smtps" : "smtp", mail->server,
		has_port ? "" : ports[mail->security]);
}

/* What the server said is added to the sentence: "552 too large" says more than 552. */
static enum be_err with_reply(enum be_err rc, const char *reply, struct be_error *err)
{
	const char *msgid = err != NULL ? err->msgid : NULL;

	if ((rc != BE_REFUSED && rc != BE_BUSY) || reply[0] == '\0')
		return rc;
	return be_fail(err, rc, msgid, "%s", reply);
}

/* authorities: the name of a file, or nothing. */
static enum be_err hand_over(struct share_run *run, const struct share_addresses *to, const struct buffer *letter,
	const struct buffer *authorities, struct be_error *err)
{
	const struct share_mail *mail = &run->job->mail;
	struct progress progress = { run, letter->len };
	char url[URL_MAX], reply[REPLY_MAX] = "";
	const struct net_mail_server server = { .url = url,
		.user = mail->user != NULL && mail->user[0] != '\0' ? mail->user : NULL,
		.password = mail->password,
		.ca_file = (const char *)authorities->data,
		.plain = mail->security == SHARE_NO_TLS,
		.total_ms = LEAST_MS + (uint32_t)(letter->len / BYTES_PER_MS) };
	const struct net_mail message = { .from = mail->from,
		.to = to->list,
		.to_count = to->count,
		.message = letter->data,
		.len = letter->len,
		.cancel = run->job->cancel,
		.progress = tell,
		.progress_arg = &progress,
		.reply = reply,
		.reply_size = sizeof(reply) };
	struct net *net = NULL;
	enum be_err rc = net_open(&net, err);

	if (rc == BE_OK && authorities->data != NULL && access((const char *)authorities->data, R_OK) != 0)
		rc = be_fail_errno(err, BE_NOT_FOUND, N_("The file with the mail server's authorities cannot be read"),
			(const char *)authorities->data);
	put_url(url, mail);
	if (rc == BE_OK)
		rc = with_reply(net_mail_send(net, &server, &message, err), reply, err);
	net_close(&net);
	return rc;
}

/* ---- all of it ---- */

static void set_results(
	const struct share_run *run, const struct share_addresses *to, enum be_err rc, const struct be_error *error)
{
	struct share_documents *all = run->job->documents;
	struct buffer text = BUFFER_EMPTY;

	for (size_t i = 0; i < to->count; i++)
		buffer_printf(&text, "%s%s", i == 0 ? "" : ", ", to->list[i]);
	buffer_add_byte(&text, '\0');
	for (size_t i = 0; i < all->count; i++) {
		if (rc == BE_OK)
			share_done(&all->documents[i], text.failed ? NULL : (const char *)text.data);
		else
			share_failed(&all->documents[i], rc, error);
	}
	buffer_free(&text);
}

/* That nobody knows is the only failure after which something may have gone. */
enum be_err share_to_mail(struct share_run *run, struct be_error *err)
{
	const struct share_mail *mail = &run->job->mail;
	struct share_addresses to = { .block = NULL };
	struct buffer letter = BUFFER_EMPTY, authorities = BUFFER_EMPTY;
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = share_mail_check(mail, &cause);

	if (rc == BE_OK)
		rc = share_addresses_read(&to, mail->to, &cause);
	if (rc == BE_OK)
		rc = share_letter_make(&letter, run, &to, &cause);
	if (rc == BE_OK && mail->ca_file != NULL && mail->ca_file[0] != '\0')
		rc = paths_absolute(&authorities, mail->ca_file, NULL, &cause);
	if (rc == BE_OK)
		rc = has_server(mail) ? hand_over(run, &to, &letter, &authorities, &cause)
				      : share_sendmail(run, &to, &letter, &cause);
	if (rc == BE_OK || rc == BE_UNKNOWN_OUTCOME) {
		set_results(run, &to, rc, &cause);
		rc = BE_OK;
	} else if (err != NULL) {
		*err = cause;
	}
	share_addresses_free(&to);
	buffer_free(&letter);
	buffer_free(&authorities);
	return rc;
}
