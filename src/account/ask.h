/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_ASK_H
#define ACCOUNT_ASK_H

/*
 * One question to the service: record → body → HTTP → body → record. Starts an embedded service that is not there, and
 * gets a new access token when the old one has ended. Inside this room only.
 */

#include "account/state.h"

struct account_question {
	const char *path; /* wire/paths.h */
	const struct wire_message *in;
	const void *record;             /* of in */
	const struct wire_message *out; /* NULL: the answer's body is not looked at */
	void *result;                   /* of out; zeros unless BE_OK */
	bool session;                   /* carries the access token */
	bool harmless;                  /* may be asked again */
	uint32_t total_ms;              /* 0: 30,000 */
};

enum be_err account_ask(struct account *account, const struct account_question *question,
	const struct account_wait *wait, struct be_error *err);

/* Takes the tokens of a sign-in or a change of password, and writes the session file. */
enum be_err account_take_tokens(
	struct account *account, const char *user, struct wire_tokens *tokens, struct be_error *err);
/* Forgets the session, here only. */
enum be_err account_forget(struct account *account, struct be_error *err);

/* As account_ask for bodies that are no JSON (account_fetch, the forms of OAuth 2). */
struct net_request;
struct net_reply;
enum be_err account_send(struct account *account, const char *path, struct net_request *request,
	struct net_reply *reply, const struct account_wait *wait, struct be_error *err);

#endif
