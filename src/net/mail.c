/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net.h"

#include "net/exchange.h"
#include "net/mime.h"

#include <stdio.h>
#include <string.h>

#define CONNECT_MS 10000u
#define TOTAL_MS 60000u

struct letter {
	const char *bytes;
	size_t len;
	size_t at;
	bool whole; /* all of it has been given: it may have gone, and the dot behind it */
};

static size_t give_bytes(char *out, size_t size, size_t count, void *arg)
{
	struct letter *letter = arg;
	size_t room = size * count;
	size_t left = letter->len - letter->at;
	size_t len = left < room ? left : room;

	memcpy(out, letter->bytes + letter->at, len);
	letter->at += len;
	letter->whole = letter->at == letter->len;
	return len;
}

/* The lines that the server says; the last no among them tells why. Theirs, and to be shown as such. */
static size_t take_line(char *line, size_t size, size_t count, void *arg)
{
	const struct net_mail *mail = arg;
	size_t len = size * count;
	size_t kept = len < mail->reply_size ? len : mail->reply_size - 1;

	if (len == 0 || (line[0] != '4' && line[0] != '5'))
		return len;
	memcpy(mail->reply, line, kept);
	while (kept > 0 && (mail->reply[kept - 1] == '\r' || mail->reply[kept - 1] == '\n'))
		kept--;
	mail->reply[kept] = '\0';
	return len;
}

static bool set_server(struct net *net, const struct net_mail_server *server)
{
	long tls = server->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL;

	/* A connection that is kept is said goodbye to when all is closed, and a server that does not answer then would hold
	 * up who has cancelled. */
	if (!NET_SET(net, CURLOPT_USE_SSL, tls) || !NET_SET(net, CURLOPT_PROXY, "") ||
		!NET_SET(net, CURLOPT_FORBID_REUSE, 1L))
		return false;
	if (server->user == NULL)
		return true;
	return NET_SET(net, CURLOPT_USERNAME, server->user) &&
		NET_SET(net, CURLOPT_PASSWORD,
			server->password != NULL ? (const char *)secret_bytes(server->password) : "");
}

static bool set_letter(struct net *net, struct letter *letter, const struct net_mail *mail, struct curl_slist *to)
{
	char sender[260];

	(void)snprintf(sender, sizeof(sender), "<%s>", mail->from);
	return NET_SET(net, CURLOPT_MAIL_FROM, sender) && NET_SET(net, CURLOPT_MAIL_RCPT, to) &&
		NET_SET(net, CURLOPT_READFUNCTION, give_bytes) && NET_SET(net, CURLOPT_READDATA, letter) &&
		NET_SET(net, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->len) && NET_SET(net, CURLOPT_UPLOAD, 1L) &&
		(mail->reply_size == 0 ||
			(NET_SET(net, CURLOPT_HEADERFUNCTION, take_line) && NET_SET(net, CURLOPT_HEADERDATA, mail)));
}

/* The server's last reply decides where there is one (RFC 5321, 4.2.1): 4 is for now, 5 for good. */
static enum be_err mail_fail(
	const struct net_exchange *exchange, CURLcode code, const struct letter *letter, struct be_error *err)
{
	struct net *net = exchange->net;
	long reply = 0;

	(void)net->curl->easy_getinfo(net->easy, CURLINFO_RESPONSE_CODE, &reply);
	if (code == CURLE_LOGIN_DENIED)
		return be_fail(err, BE_DENIED, N_("The mail server does not accept the user and password it was given"),
			"%ld", reply);
	if (reply >= 500 && reply <= 599)
		return be_fail(err, BE_REFUSED, N_("The mail server refuses the letter"), "%ld", reply);
	if (reply >= 400 && reply <= 499)
		return be_fail(err, BE_BUSY, N_("The mail server does not take the letter now"), "%ld", reply);
	return net_exchange_fail(exchange, code, letter->whole, err);
}

/* A URL is the administrator's; its host and port are all that is used of it. */
static enum be_err check_server(const struct net_mail_server *server, enum net_reach *reach, struct be_error *err)
{
	bool smtp = strncmp(server->url, "smtp://", 7) == 0;
	bool smtps = strncmp(server->url, "smtps://", 8) == 0;

	*reach = server->plain ? NET_REACH_LOOPBACK : NET_REACH_ANY;
	if ((smtp || smtps) && strchr(server->url, '@') == NULL && strlen(server->url) < NET_URL_MAX &&
		strcspn(server->url, " \t\r\n") == strlen(server->url))
		return BE_OK;
	return be_fail(
		err, BE_USAGE, N_("The mail server's address has to be smtp://HOST:PORT or smtps://HOST:PORT"), NULL);
}

static enum be_err check_addresses(const struct net_mail *mail, struct be_error *err)
{
	enum be_err rc = mime_address_check(mail->from, err);

	for (size_t i = 0; rc == BE_OK && i < mail->to_count; i++)
		rc = mime_address_check(mail->to[i], err);
	return rc;
}

/* NULL without memory. */
static struct curl_slist *recipients(const struct net_curl *curl, const struct net_mail *mail)
{
	struct curl_slist *list = NULL;
	char recipient[260];

	for (size_t i = 0; i < mail->to_count; i++) {
		struct curl_slist *longer;

		(void)snprintf(recipient, sizeof(recipient), "<%s>", mail->to[i]);
		longer = curl->slist_append(list, recipient);
		if (longer == NULL) {
			curl->slist_free_all(list);
			return NULL;
		}
		list = longer;
	}
	return list;
}

enum be_err net_mail_send(
	struct net *net, const struct net_mail_server *server, const struct net_mail *mail, struct be_error *err)
{
	struct net_exchange exchange = {
		.cancel = mail->cancel, .progress = mail->progress, .progress_arg = mail->progress_arg, .once = true
	};
	struct letter letter = { mail->message, mail->len, 0, false };
	struct curl_slist *list = NULL;
	CURLcode code;
	enum be_err rc = check_server(server, &exchange.reach, err);

	if (rc == BE_OK)
		rc = check_addresses(mail, err);
	if (rc == BE_OK)
		rc = net_exchange_begin(net, &exchange, server->url, "smtp,smtps", CONNECT_MS,
			server->total_ms != 0 ? server->total_ms : TOTAL_MS, server->ca_file, err);
	if (rc != BE_OK)
		return rc;
	if (mail->reply_size > 0)
		mail->reply[0] = '\0';
	list = recipients(net->curl, mail);
	if (list == NULL || !set_server(net, server) || !set_letter(net, &letter, mail, list)) {
		rc = be_fail(err, BE_USAGE, N_("The letter cannot be handed over"), NULL);
	} else {
		code = net_exchange_run(&exchange);
		if (code != CURLE_OK)
			rc = mail_fail(&exchange, code, &letter, err);
	}
	net->curl->slist_free_all(list);
	return rc;
}
