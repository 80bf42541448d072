/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_STAGE_ACCOUNT_H
#define SUPPORT_STAGE_ACCOUNT_H

/*
 * The account service of the stage: one person, a clock that stands, and answers by what it is told. stage_sign_in.c
 * knows who somebody is, stage_certificates.c what they have.
 */

#include "app/account_calls.h"
#include "app/desk.h"

/* What the next question is answered with instead, once; BE_OK: as it should be. */
struct stage_account {
	enum be_err failure;
	const char *failure_msgid;
	int64_t failure_retry_at; /* 0: not said */
	size_t questions;           /* about certificates and letters */
	size_t waited;              /* for news, and there was none */
	char reason[WIRE_WORD_MAX]; /* that a certificate was revoked for */
};

/* In the letter about a certificate that was asked for. */
#define STAGE_LINK "http://localhost/link/RAHASIA"

extern struct stage_account stage_account;
extern const struct account_calls stage_account_calls;

/* BE_OK, or the failure that was asked for. */
enum be_err stage_account_answers(struct be_error *err);

/* Nobody is signed in, nothing has happened. */
void stage_account_reset(void);
void stage_sign_in_reset(void);
/* "sari"; NULL: nobody is signed in. And whether somebody is. */
void stage_sign_in_as(const char *user);
bool stage_sign_in_is(void);
void stage_certificates_reset(void);

/* What the service has, or does next, by a word: in, out, remote; issued, soon (within 30 days of its end), new (with a letter);
 * of the newest one: chosen, elsewhere (its passphrase was set by somebody else), revoked, expired, suspended, odd; the
 * next question: gone, slow, nonsense, busy, ended, terms, nobox. False: no such word. */
bool stage_account_set(struct desk *desk, const char *word);

/* Opens the key for signing. */
enum be_err stage_certificates_open(
	struct key_facts *who, const char *id, const struct secret *passphrase, struct be_error *err);

__typeof__(service_open) fake_open;
__typeof__(account_register) fake_sign_up;
#define X(name) __typeof__(account_##name) fake_##name;
ACCOUNT_CALLS(X)
#undef X

#endif
