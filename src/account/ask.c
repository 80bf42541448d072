/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/ask.h"

#include "account/session.h"
#include "net/net.h"
#include "wire/failure.h"
#include "wire/form.h"
#include "wire/paths.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define OK_FIRST 200u
#define OK_LAST 299u
#define UNAUTHORIZED 401u
#define TRIES 6
#define PAUSE_MS 10
#define REFRESH_MS 10000u /* nobody can end it before */

static const char no_session[] = N_("You are not signed in");

/* ---- one request ---- */

/* It may have ended since it was last asked, and just now; or a crowd stands before its door (connect(2): EAGAIN).
 * BE_NETWORK says that nothing was asked. */
static enum be_err send_to_embedded(
	struct account *account, const struct net_request *request, struct net_reply *reply, struct be_error *err)
{
	struct net_request there = *request;
	enum be_err rc = BE_NETWORK;

	there.socket_path = account->embedded.socket;
	there.repeatable = false;
	for (int tries = 0; rc == BE_NETWORK && tries < TRIES; tries++) {
		if (tries > 0)
			(void)poll(NULL, 0, PAUSE_MS << tries);
		rc = account->met && tries == 0 ? BE_OK : embedded_start(&account->embedded, err);
		if (rc == BE_OK)
			rc = net_send(account->net, &there, reply, err);
		account->met = rc == BE_OK;
		/* Nothing is lost by not knowing. */
		if (rc == BE_UNKNOWN_OUTCOME && request->repeatable)
			rc = be_fail(err, BE_NETWORK, N_("The service could not be reached"), NULL);
	}
	return rc;
}

enum be_err account_send(struct account *account, const char *path, struct net_request *request,
	struct net_reply *reply, const struct account_wait *wait, struct be_error *err)
{
	char url[NET_URL_MAX];
	const bool embedded = account->url == NULL;
	const int len = snprintf(url, sizeof(url), "%s%s", embedded ? "http://localhost" : account->url, path);
	enum be_err rc = BE_OK;

	if (len < 0 || (size_t)len >= sizeof(url))
		return be_fail(err, BE_LIMIT, N_("The address of the service is too long"), NULL);
	if (account->net == NULL)
		rc = net_open(&account->net, err);
	if (rc != BE_OK)
		return rc;
	request->peer = account->plain ? NET_CONFIGURED_PLAIN : NET_CONFIGURED;
	request->url = url;
	request->ca_file = account->ca_file;
	if (wait != NULL) {
		request->cancel = wait->cancel;
		request->progress = wait->progress;
		request->progress_arg = wait->context;
	}
	return embedded ? send_to_embedded(account, request, reply, err) : net_send(account->net, request, reply, err);
}

/* ---- tokens ---- */

static enum be_err set_access(struct account *account, const struct secret *token, struct be_error *err)
{
	static const char bearer[] = "Bearer ";
	enum be_err rc;

	secret_free(&account->access);
	rc = secret_new(&account->access, sizeof(bearer) + secret_len(token), err);
	if (rc == BE_OK)
		rc = secret_add(account->access, bearer, sizeof(bearer) - 1, err);
	if (rc == BE_OK)
		rc = secret_add(account->access, secret_bytes(token), secret_len(token), err);
	if (rc != BE_OK)
		secret_free(&account->access);
	return rc;
}

/* The refresh token goes to the disk before the access token is used: what was spent there is not lost here. */
enum be_err account_take_tokens(
	struct account *account, const char *user, struct wire_tokens *tokens, struct be_error *err)
{
	enum be_err rc = set_access(account, tokens->access_token, err);

	if (rc != BE_OK)
		return rc;
	wire_set_text(account->session.user, sizeof(account->session.user), user);
	if (tokens->refresh_token == NULL)
		return BE_OK;
	secret_free(&account->session.refresh);
	account->session.refresh = tokens->refresh_token;
	tokens->refresh_token = NULL;
	if (account->session_file != NULL)
		rc = account_session_write(&account->session, account->session_file, err);
	return rc;
}

enum be_err account_forget(struct account *account, struct be_error *err)
{
	secret_free(&account->access);
	account_session_clear(&account->session);
	return account->session_file != NULL ? account_session_remove(account->session_file, err) : BE_OK;
}

/* Not cancelled: it serves once, and who does not hear the answer has no session any more. */
static enum be_err spend_refresh_token(struct account *account, struct be_error *err)
{
	static const char grant[] = "refresh_token";
	const struct secret *refresh = account->session.refresh;
	const struct wire_form_pair pairs[] = {
		{ "grant_type", grant, strlen(grant) },
		{ "refresh_token", secret_bytes(refresh), secret_len(refresh) },
		{ "client_id", WIRE_CLIENT_BESIGN, strlen(WIRE_CLIENT_BESIGN) },
	};
	struct net_reply reply = NET_REPLY_EMPTY;
	struct wire_failure failure = { .tries_left = 0 };
	struct wire_tokens tokens = { .access_token = NULL };
	struct secret *form = NULL;
	char user[WIRE_USER_MAX];
	enum be_err rc = wire_form_write(&form, pairs, sizeof(pairs) / sizeof(pairs[0]), err);

	if (rc == BE_OK) {
		struct net_request request = { .content_type = WIRE_TYPE_FORM,
			.accept = WIRE_TYPE_JSON,
			.body = secret_bytes(form),
			.body_len = secret_len(form),
			.total_ms = REFRESH_MS };

		rc = account_send(account, WIRE_PATH_OAUTH_TOKEN, &request, &reply, NULL, err);
	}
	if (rc == BE_OK && (reply.status < OK_FIRST || reply.status > OK_LAST))
		rc = wire_failure_decode(&failure, reply.status, reply.body.data, reply.body.len, err);
	else if (rc == BE_OK)
		rc = wire_decode(&tokens, &wire_tokens_message, reply.body.data, reply.body.len, err);
	if (rc == BE_OK) {
		memcpy(user, account->session.user, sizeof(user));
		rc = account_take_tokens(account, user, &tokens, err);
	}
	wire_free(&wire_tokens_message, &tokens);
	net_reply_free(&reply);
	secret_free(&form);
	return rc;
}

/* Another program may have been here first: what stands in the file then is newer than what is known here. */
static enum be_err get_access(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	int lock = -1;
	enum be_err rc;

	if (account->session_file != NULL && account->session.refresh == NULL &&
		(rc = account_session_read(&account->session, account->session_file, err)) != BE_OK)
		return rc;
	if (account->session.refresh == NULL)
		return be_fail(err, BE_SESSION, no_session, NULL);
	rc = account_session_lock(account->session_file, &lock, err);
	if (rc == BE_OK && account->session_file != NULL)
		rc = account_session_read(&account->session, account->session_file, err);
	if (rc == BE_OK && account->session.refresh == NULL)
		rc = be_fail(err, BE_SESSION, no_session, NULL);
	if (rc == BE_OK && wait != NULL && wait->cancel != NULL && atomic_load(wait->cancel))
		rc = be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
	if (rc == BE_OK) {
		rc = spend_refresh_token(account, err);
		if (rc == BE_SESSION)
			(void)account_forget(account, NULL);
	}
	account_session_unlock(lock);
	return rc;
}

/* ---- a question ---- */

static enum be_err take_answer(
	const struct account_question *question, const struct net_reply *reply, struct be_error *err)
{
	struct wire_failure failure = { .tries_left = 0 };

	if (reply->status < OK_FIRST || reply->status > OK_LAST)
		return wire_failure_decode(&failure, reply->status, reply->body.data, reply->body.len, err);
	if (question->out == NULL)
		return BE_OK;
	return wire_decode(question->result, question->out, reply->body.data, reply->body.len, err);
}

static enum be_err ask_once(struct account *account, const struct account_question *question, const struct secret *body,
	bool *ended, const struct account_wait *wait, struct be_error *err)
{
	struct net_reply reply = NET_REPLY_EMPTY;
	struct net_request request = { .content_type = WIRE_TYPE_JSON,
		.accept = WIRE_TYPE_JSON,
		.body = secret_bytes(body),
		.body_len = secret_len(body),
		.authorization = question->session ? account->access : NULL,
		.total_ms = question->total_ms,
		.repeatable = question->harmless };
	enum be_err rc = account_send(account, question->path, &request, &reply, wait, err);

	if (rc == BE_OK)
		rc = take_answer(question, &reply, err);
	*ended = question->session && rc == BE_SESSION && reply.status == UNAUTHORIZED;
	net_reply_free(&reply);
	return rc;
}

/* A refused token means that nothing was done, so even a question that must not be repeated is asked again with a new
 * one. */
enum be_err account_ask(struct account *account, const struct account_question *question,
	const struct account_wait *wait, struct be_error *err)
{
	struct secret *body = NULL;
	bool ended = false;
	bool fresh = false;
	enum be_err rc;

	if (question->out != NULL)
		memset(question->result, 0, question->out->size);
	rc = wire_encode(&body, question->in, question->record, err);
	if (rc == BE_OK && question->session && account->access == NULL) {
		rc = get_access(account, wait, err);
		fresh = true;
	}
	if (rc == BE_OK)
		rc = ask_once(account, question, body, &ended, wait, err);
	if (ended && !fresh) {
		secret_free(&account->access);
		rc = get_access(account, wait, err);
		if (rc == BE_OK)
			rc = ask_once(account, question, body, &ended, wait, err);
	}
	secret_free(&body);
	return rc;
}
