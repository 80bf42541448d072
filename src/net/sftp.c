/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sftp.h"

#include "base/encode.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "net/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Three transfers on one connection: one that asks whether the name is taken (and, before, who the server is and whether
 * it takes us), one that writes under a name of ours, one that only renames. libcurl tells little of why a command was
 * refused, and the same when the connection broke meanwhile; so afterwards the server is asked what it has.
 */

#define CONNECT_MS 10000u
#define COMMAND_MS 30000u
#define SILENCE_S 30u
#define PART_MAX 32
#define DETAIL_MAX 160

static const char not_taken[] = N_("The server did not take the document: it may have no room, or not allow it");

struct put {
	struct net *net;
	const struct net_sftp_server *server;
	const struct net_sftp_file *file;
	char part[PART_MAX]; /* the name it has until it is whole */
	uint64_t at;
	bool unreadable;
	enum curl_khmatch known;
	char key[DETAIL_MAX]; /* kind and fingerprint of the key that the server has */
};

/* ---- whose key it is ---- */

static const char *key_kind(enum curl_khtype kind)
{
	switch (kind) {
	case CURLKHTYPE_RSA:
		return "RSA";
	case CURLKHTYPE_DSS:
		return "DSA";
	case CURLKHTYPE_ECDSA:
		return "ECDSA";
	case CURLKHTYPE_ED25519:
		return "ED25519";
	case CURLKHTYPE_RSA1:
	case CURLKHTYPE_UNKNOWN:
	default:
		return "?";
	}
}

/* As ssh-keygen -l writes it. libcurl gives the key as bytes, or (with another library below) as base64. */
static void put_fingerprint(struct put *put, const struct curl_khkey *key)
{
	struct buffer bytes = BUFFER_EMPTY, text = BUFFER_EMPTY;
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;

	if (key->len > 0)
		buffer_add(&bytes, key->key, key->len);
	else
		(void)encode_read(&bytes, ENCODE_BASE64, key->key, strlen(key->key), NULL);
	if (!bytes.failed && digest_bytes(DIGEST_SHA256, bytes.data, bytes.len, digest, &len, NULL) == BE_OK)
		encode_add(&text, ENCODE_BASE64, digest, len);
	while (text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	buffer_add_byte(&text, '\0');
	(void)snprintf(put->key, sizeof(put->key), "%s SHA256:%s", key_kind(key->keytype),
		text.failed ? "" : (const char *)text.data);
	buffer_free(&bytes);
	buffer_free(&text);
}

static int judge_key(
	CURL *easy, const struct curl_khkey *wanted, const struct curl_khkey *found, enum curl_khmatch match, void *arg)
{
	struct put *put = arg;

	(void)easy;
	(void)wanted;
	put->known = match;
	put_fingerprint(put, found);
	return match == CURLKHMATCH_OK ? CURLKHSTAT_FINE : CURLKHSTAT_REJECT;
}

static enum be_err fail_key(const struct put *put, struct be_error *err)
{
	if (put->known == CURLKHMATCH_MISMATCH)
		return be_fail(err, BE_TLS,
			N_("The server's key is another one than known_hosts has: somebody may stand in between; ask its administrator"),
			"%s: %s", put->server->place->host, put->key);
	return be_fail(err, BE_TLS,
		N_("The server's key is not in known_hosts: compare its fingerprint, and connect once with ssh to accept it"),
		"%s: %s", put->server->place->host, put->key);
}

/* ---- names ---- */

static void add_encoded(struct buffer *out, const char *path)
{
	for (const unsigned char *at = (const unsigned char *)path; *at != '\0'; at++) {
		if ((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
			strchr("-._~/", *at) != NULL)
			buffer_add_byte(out, *at);
		else
			buffer_printf(out, "%%%02X", *at);
	}
}

/* name: "" for the directory itself. */
static void add_url(struct buffer *out, const struct put *put, const char *name)
{
	const struct net_sftp_place *place = put->server->place;
	bool v6 = strchr(place->host, ':') != NULL;

	buffer_printf(out, "sftp://%s%s%s:%" PRIu16, v6 ? "[" : "", place->host, v6 ? "]" : "", place->port);
	add_encoded(out, place->dir);
	add_encoded(out, name);
	buffer_add_byte(out, '\0');
}

/* In a command of libcurl's, between quotes; what is in the home directory is relative there. */
static void add_quoted(struct buffer *out, const struct put *put, const char *name)
{
	const char *dir = put->server->place->dir;
	const char *parts[] = { strncmp(dir, "/~/", 3) == 0 ? dir + 3 : dir, name };

	buffer_add_str(out, " \"");
	for (size_t i = 0; i < 2; i++)
		for (const char *at = parts[i]; *at != '\0'; at++) {
			if (*at == '"' || *at == '\\')
				buffer_add_byte(out, '\\');
			buffer_add_byte(out, (uint8_t)*at);
		}
	buffer_add_byte(out, '"');
}

/* ---- one transfer ---- */

static bool set_login(struct net *net, const struct net_sftp_server *server)
{
	const char *password = server->password != NULL ? (const char *)secret_bytes(server->password) : NULL;
	long how = server->identity != NULL ? CURLSSH_AUTH_PUBLICKEY
		: password != NULL          ? CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD
					    : CURLSSH_AUTH_AGENT;

	if (!NET_SET(net, CURLOPT_USERNAME, server->place->user) || !NET_SET(net, CURLOPT_SSH_AUTH_TYPES, how))
		return false;
	if (server->identity != NULL && !NET_SET(net, CURLOPT_SSH_PRIVATE_KEYFILE, server->identity))
		return false;
	if (password == NULL)
		return NET_SET(net, CURLOPT_PASSWORD, "");
	return server->identity != NULL ? NET_SET(net, CURLOPT_KEYPASSWD, password)
					: NET_SET(net, CURLOPT_PASSWORD, password);
}

static enum be_err begin(
	struct put *put, struct net_exchange *exchange, const char *name, uint32_t total_ms, struct be_error *err)
{
	struct net *net = put->net;
	struct buffer url = BUFFER_EMPTY;
	enum be_err rc;

	add_url(&url, put, name);
	rc = buffer_check(&url, err);
	if (rc == BE_OK)
		rc = net_exchange_begin(net, exchange, (const char *)url.data, "sftp", CONNECT_MS, total_ms, NULL, err);
	buffer_free(&url);
	if (rc == BE_UNSUPPORTED)
		return be_fail(err, rc, N_("This machine's libcurl knows no SFTP"), NULL);
	if (rc == BE_OK &&
		(!set_login(net, put->server) || !NET_SET(net, CURLOPT_PROXY, "") ||
			!NET_SET(net, CURLOPT_SSH_KNOWNHOSTS, put->server->known_hosts) ||
			!NET_SET(net, CURLOPT_SSH_KEYFUNCTION, judge_key) || !NET_SET(net, CURLOPT_SSH_KEYDATA, put)))
		rc = be_fail(err, BE_UNSUPPORTED, N_("This machine's libcurl knows no SFTP"), NULL);
	return rc;
}

static enum be_err fail_login(const struct put *put, struct be_error *err)
{
	const char *msgid = N_("The server does not accept this user with any key of the ssh-agent");

	if (put->server->identity != NULL)
		msgid = N_("The server does not accept this user with this key file, or the file's password is wrong");
	else if (put->server->password != NULL)
		msgid = N_("The server does not accept this user and password");
	return be_fail(err, BE_DENIED, msgid, "%s@%s", put->server->place->user, put->server->place->host);
}

/* What the server itself said no to. */
static const struct {
	CURLcode code;
	enum be_err as;
	const char *msgid;
} refusals[] = {
	{ CURLE_REMOTE_FILE_NOT_FOUND, BE_NOT_FOUND, N_("The server does not have that folder") },
	{ CURLE_REMOTE_ACCESS_DENIED, BE_REFUSED, N_("The server allows no file to be written in that folder") },
	{ CURLE_REMOTE_DISK_FULL, BE_FULL, N_("There is no room on the server") },
	{ CURLE_SSH, BE_REFUSED, not_taken },
	{ CURLE_UPLOAD_FAILED, BE_REFUSED, not_taken },
	{ CURLE_QUOTE_ERROR, BE_REFUSED, not_taken },
};

static enum be_err fail(const struct put *put, const struct net_exchange *exchange, CURLcode code, struct be_error *err)
{
	bool answered = exchange->began && (exchange->cancel == NULL || !atomic_load(exchange->cancel));

	if (put->unreadable)
		return be_fail(err, BE_IO, N_("The document changed or could not be read to its end"), NULL);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return fail_key(put, err);
	if (code == CURLE_LOGIN_DENIED)
		return fail_login(put, err);
	for (size_t i = 0; answered && i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].code == code)
			return be_fail(err, refusals[i].as, refusals[i].msgid, "%s%s%s", put->server->place->dir,
				put->net->said[0] != '\0' ? ": " : "", put->net->said);
	return net_exchange_fail(exchange, code, false, err);
}

/* ---- asking what is there ---- */

enum there { THERE, NOT_THERE, NOBODY_KNOWS };

/* Anything that is there and is no file is found out by the renaming. rc: how the asking itself went. */
static enum there look(
	struct put *put, const char *name, const atomic_bool *cancel, enum be_err *rc, struct be_error *err)
{
	struct net_exchange exchange = { .cancel = cancel };
	CURLcode code;

	*rc = begin(put, &exchange, name, COMMAND_MS, err);
	if (*rc == BE_OK && !NET_SET(put->net, CURLOPT_NOBODY, 1L))
		*rc = be_fail(err, BE_UNSUPPORTED, N_("This machine's libcurl knows no SFTP"), NULL);
	if (*rc != BE_OK)
		return NOBODY_KNOWS;
	code = net_exchange_run(&exchange);
	if (code == CURLE_OK)
		return THERE;
	if (code == CURLE_REMOTE_FILE_NOT_FOUND)
		return NOT_THERE;
	/* A directory of that name, or a file that we may not read, is something as well. */
	if (exchange.began && (code == CURLE_SSH || code == CURLE_REMOTE_ACCESS_DENIED))
		return NOBODY_KNOWS;
	*rc = fail(put, &exchange, code, err);
	return NOBODY_KNOWS;
}

/* A command, or two; without an answer from the directory itself. */
static CURLcode command(struct put *put, const struct buffer *first, const struct buffer *second)
{
	const struct net_curl *curl = put->net->curl;
	struct net_exchange exchange = { .cancel = NULL };
	struct curl_slist *list = NULL;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	if (!first->failed)
		list = curl->slist_append(NULL, (const char *)first->data);
	if (list != NULL && (second == NULL || curl->slist_append(list, (const char *)second->data) != NULL) &&
		begin(put, &exchange, "", COMMAND_MS, NULL) == BE_OK && NET_SET(put->net, CURLOPT_NOBODY, 1L) &&
		NET_SET(put->net, CURLOPT_QUOTE, list))
		code = net_exchange_run(&exchange);
	curl->slist_free_all(list);
	return code;
}

static void remove_part(struct put *put)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_add_str(&text, "*rm");
	add_quoted(&text, put, put->part);
	buffer_add_byte(&text, '\0');
	(void)command(put, &text, NULL);
	buffer_free(&text);
}

/* ---- writing ---- */

static size_t give_bytes(char *out, size_t size, size_t count, void *arg)
{
	struct put *put = arg;
	uint64_t left = put->file->len - put->at;
	size_t len = size * count < left ? size * count : (size_t)left;

	if (len > 0 && file_read_at(put->file->fd, out, len, put->at, NULL) != BE_OK) {
		put->unreadable = true;
		return CURL_READFUNC_ABORT;
	}
	put->at += len;
	return len;
}

static enum be_err upload(struct put *put, struct be_error *err)
{
	const struct net_sftp_file *file = put->file;
	struct net_exchange exchange = {
		.cancel = file->cancel, .progress = file->progress, .progress_arg = file->progress_arg
	};
	struct net *net = put->net;
	long silence = put->server->silence_s != 0 ? (long)put->server->silence_s : (long)SILENCE_S;
	CURLcode code;
	enum be_err rc = begin(put, &exchange, put->part, 0, err);

	if (rc == BE_OK &&
		(!NET_SET(net, CURLOPT_UPLOAD, 1L) || !NET_SET(net, CURLOPT_READFUNCTION, give_bytes) ||
			!NET_SET(net, CURLOPT_READDATA, put) ||
			!NET_SET(net, CURLOPT_INFILESIZE_LARGE, (curl_off_t)file->len) ||
			!NET_SET(net, CURLOPT_NEW_FILE_PERMS, (long)(file->mode & 0666u)) ||
			!NET_SET(net, CURLOPT_LOW_SPEED_TIME, silence)))
		rc = be_fail(err, BE_UNSUPPORTED, N_("This machine's libcurl knows no SFTP"), NULL);
	if (rc != BE_OK)
		return rc;
	code = net_exchange_run(&exchange);
	if (code == CURLE_OK)
		return BE_OK;
	rc = fail(put, &exchange, code, err);
	if (exchange.began)
		remove_part(put);
	return rc;
}

static CURLcode rename_part(struct put *put, bool remove_target)
{
	struct buffer away = BUFFER_EMPTY, rename = BUFFER_EMPTY;
	CURLcode code;

	buffer_add_str(&away, "*rm");
	add_quoted(&away, put, put->file->name);
	buffer_add_byte(&away, '\0');
	buffer_add_str(&rename, "rename");
	add_quoted(&rename, put, put->part);
	add_quoted(&rename, put, put->file->name);
	buffer_add_byte(&rename, '\0');
	away.failed = away.failed || rename.failed;
	code = remove_target ? command(put, &away, &rename) : command(put, &rename, NULL);
	buffer_free(&away);
	buffer_free(&rename);
	return code;
}

/* It is not renamed. The only copy on the server is never taken away: where the old file is gone already, it is tried once
 * more, and then told where the new one is. */
static enum be_err not_renamed(struct put *put, enum there target, struct be_error *err)
{
	if (target == NOT_THERE && put->file->replace) {
		if (rename_part(put, false) == CURLE_OK)
			return BE_OK;
		return be_fail(err, BE_REFUSED,
			N_("The server did not rename the document: it is there whole, but under a hidden name"),
			"%s%s", put->server->place->dir, put->part);
	}
	remove_part(put);
	if (target != NOT_THERE && !put->file->replace)
		return be_fail(err, BE_EXISTS, N_("The server has a file of that name already"), "%s", put->file->name);
	return be_fail(err, BE_REFUSED, not_taken, NULL);
}

/* What the server has now tells what became of the renaming. */
static enum be_err find_out(struct put *put, struct be_error *err)
{
	enum be_err rc;
	enum there part = look(put, put->part, NULL, &rc, NULL), target;

	if (rc == BE_OK && part != NOBODY_KNOWS) {
		target = look(put, put->file->name, NULL, &rc, NULL);
		if (rc == BE_OK && part == NOT_THERE && target == THERE)
			return BE_OK;
		if (rc == BE_OK && part == THERE)
			return not_renamed(put, target, err);
	}
	return be_fail(err, BE_UNKNOWN_OUTCOME,
		N_("The document was written, but the server did not say whether it has its name"), "%s%s",
		put->server->place->dir, put->part);
}

static enum be_err give_name(struct put *put, struct be_error *err)
{
	return rename_part(put, put->file->replace) == CURLE_OK ? BE_OK : find_out(put, err);
}

static enum be_err check(const struct net_sftp_server *server, const struct net_sftp_file *file, struct be_error *err)
{
	const char *agent = getenv("SSH_AUTH_SOCK");

	if (file->name[0] == '\0' || strchr(file->name, '/') != NULL)
		return be_fail(err, BE_USAGE, N_("This is no name that a file can have"), NULL);
	if (server->identity != NULL && access(server->identity, R_OK) != 0)
		return be_fail_errno(err, BE_NOT_FOUND, N_("The key file cannot be read"), server->identity);
	if (server->identity == NULL && server->password == NULL && (agent == NULL || agent[0] == '\0'))
		return be_fail(err, BE_DENIED,
			N_("There is no ssh-agent to prove who you are: name a key file, or give the password"), NULL);
	return BE_OK;
}

enum be_err net_sftp_put(
	struct net *net, const struct net_sftp_server *server, const struct net_sftp_file *file, struct be_error *err)
{
	struct put put = { .net = net, .server = server, .file = file, .known = CURLKHMATCH_MISSING };
	uint64_t random;
	enum there there;
	enum be_err rc = check(server, file, err);

	if (rc == BE_OK)
		rc = crypto_random(&random, sizeof(random), err);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(put.part, sizeof(put.part), ".besign-%016" PRIx64, random);
	there = look(&put, file->name, file->cancel, &rc, err);
	if (rc == BE_OK && there == THERE && !file->replace)
		rc = be_fail(err, BE_EXISTS, N_("The server has a file of that name already"), "%s", file->name);
	if (rc == BE_OK)
		rc = upload(&put, err);
	if (rc == BE_OK)
		rc = give_name(&put, err);
	return rc;
}
