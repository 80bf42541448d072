/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_FAILURE_H
#define WIRE_FAILURE_H

/*
 * How a refusal travels: {"error": WORD, "error_description": SENTENCE, …}, as CSC API v2 and OAuth 2 have it, with
 * members of our own beside them. The table below is the one place that ties a word to its HTTP status, to an error of
 * ours and to the sentence that a person is shown. Sentences are English msgids; a client translates them.
 */

#include "wire/message.h"

/* name, word, HTTP status, error of ours, sentence. The first row with an enum be_err is the one that it becomes. */
#define WIRE_FAILURE_LIST(X) \
	X(WIRE_INVALID_REQUEST, "invalid_request", 400, BE_MALFORMED, \
		N_("The service did not understand the request")) \
	X(WIRE_LIMIT, "too_large", 413, BE_LIMIT, N_("The request is larger than the service takes")) \
	X(WIRE_NOT_FOUND, "not_found", 404, BE_NOT_FOUND, N_("There is no such thing on the service")) \
	X(WIRE_METHOD, "method_not_allowed", 405, BE_USAGE, N_("The service does not do this")) \
	X(WIRE_MEDIA_TYPE, "unsupported_media_type", 415, BE_UNSUPPORTED, \
		N_("The service does not take this kind of body")) \
	X(WIRE_SLOW, "request_timeout", 408, BE_CANCELLED, N_("The request came too slowly")) \
	X(WIRE_DENIED, "access_denied", 403, BE_DENIED, N_("This is not allowed")) \
	X(WIRE_PLAIN, "https_required", 400, BE_DENIED, N_("The service is reached by https only")) \
	X(WIRE_REGISTRATION, "registration_closed", 403, BE_DENIED, \
		N_("This service does not take registrations; its administrator makes accounts")) \
	X(WIRE_EXISTS, "already_exists", 409, BE_EXISTS, N_("This exists already")) \
	X(WIRE_TOKEN, "invalid_token", 401, BE_SESSION, N_("The session has ended: please sign in again")) \
	X(WIRE_LOGIN, "invalid_login", 401, BE_WRONG_LOGIN, N_("The user, the password or the code is wrong")) \
	X(WIRE_CODE, "invalid_otp", 400, BE_WRONG_CODE, N_("The code is wrong")) \
	X(WIRE_CODE_USED, "otp_used", 400, BE_CODE_USED, N_("This code was used already: wait for the next one")) \
	X(WIRE_CLOCK, "otp_clock", 400, BE_CLOCK, \
		N_("The code is right for another time: the clock of the device or of this computer is wrong")) \
	X(WIRE_PASSPHRASE, "invalid_authentication_data", 400, BE_WRONG_PASSPHRASE, N_("The passphrase is wrong")) \
	X(WIRE_LOCKED, "locked", 429, BE_LOCKED, N_("Too many wrong tries: it is locked for a while")) \
	X(WIRE_DISABLED, "account_disabled", 403, BE_DISABLED, \
		N_("The account is disabled: its administrator can help")) \
	X(WIRE_BUSY, "temporarily_unavailable", 503, BE_BUSY, N_("The service is busy: please try again in a moment")) \
	X(WIRE_LINK, "invalid_link", 400, BE_LINK, N_("The link was used already, or is too old")) \
	X(WIRE_WEAK, "weak_passphrase", 400, BE_WEAK, N_("This is too easy to guess")) \
	X(WIRE_STATE, "wrong_state", 409, BE_STATE, N_("The certificate's state does not allow this")) \
	X(WIRE_REVOKED, "certificate_revoked", 409, BE_REVOKED, N_("The certificate is revoked")) \
	X(WIRE_EXPIRED, "certificate_expired", 409, BE_CERT_EXPIRED, N_("The certificate has expired")) \
	X(WIRE_EARLY, "renewal_too_early", 409, BE_TOO_EARLY, N_("It is too early to renew this certificate")) \
	X(WIRE_TERMS, "terms_not_accepted", 409, BE_TERMS, \
		N_("The current terms of service have to be accepted first")) \
	X(WIRE_SAD, "invalid_sad", 400, BE_AUTHORISATION, \
		N_("The authorisation is used up, has expired, or is for other documents")) \
	X(WIRE_KEY_FILE, "invalid_key_file", 400, BE_BAD_KEY_FILE, N_("The key file cannot be read")) \
	X(WIRE_UNSUPPORTED, "unsupported", 400, BE_UNSUPPORTED, N_("The service does not support this")) \
	X(WIRE_FULL, "storage_full", 507, BE_IO, N_("The service could not store it: nothing was done")) \
	X(WIRE_SERVER, "server_error", 500, BE_IO, N_("The service has a problem of its own: its log says which")) \
	/* OAuth 2 (RFC 6749, 4.1.2.1 and 5.2) */ \
	X(WIRE_INVALID_CLIENT, "invalid_client", 401, BE_DENIED, N_("The service does not know this client")) \
	X(WIRE_INVALID_GRANT, "invalid_grant", 400, BE_SESSION, N_("The session has ended: please sign in again")) \
	X(WIRE_UNAUTHORIZED_CLIENT, "unauthorized_client", 400, BE_DENIED, N_("The client may not do this")) \
	X(WIRE_GRANT_TYPE, "unsupported_grant_type", 400, BE_UNSUPPORTED, N_("The service does not support this")) \
	X(WIRE_RESPONSE_TYPE, "unsupported_response_type", 400, BE_UNSUPPORTED, \
		N_("The service does not support this")) \
	X(WIRE_TOKEN_TYPE, "unsupported_token_type", 400, BE_UNSUPPORTED, N_("The service does not support this")) \
	X(WIRE_SCOPE, "invalid_scope", 400, BE_DENIED, N_("This is not allowed"))

enum wire_failure_code {
#define X(name, word, status, code, sentence) name,
	WIRE_FAILURE_LIST(X)
#undef X
		WIRE_FAILURE_COUNT /* a word that this side does not know */
};

struct wire_failure {
	enum wire_failure_code code; /* filled by wire_failure_decode; writing uses it, not word */
	char word[64];
	char description[256]; /* English; of whoever answered: sanitised before it is shown */
	char detail[200];      /* which member was wrong, by how much the clock differs …; may be empty */
	int64_t tries_left;    /* 0: not said */
	int64_t retry_at;      /* 0: not said */
	int64_t server_time;   /* what the service's clock says */
};

extern const struct wire_message wire_failure_message;

const char *wire_failure_word(enum wire_failure_code code);
const char *wire_failure_sentence(enum wire_failure_code code); /* a msgid */
unsigned wire_failure_status(enum wire_failure_code code);

/* What an error of ours is called on the wire; what has no row is WIRE_SERVER. */
enum wire_failure_code wire_failure_of(enum be_err code);

/* Fills a failure from an error: word, sentence, detail, tries and time. The detail is left out where it could say what
 * a stranger must not know (WIRE_LOGIN, WIRE_SERVER, WIRE_FULL). err may be NULL. */
void wire_failure_fill(struct wire_failure *out, enum wire_failure_code code, const struct be_error *err);

/* Reads an answer with an HTTP status other than 2xx as an error of ours, and returns its code, never BE_OK. What is no
 * such body (a proxy's page) is judged by the status alone: 401 BE_SESSION, 429 and 503 BE_BUSY, else BE_NETWORK. */
enum be_err wire_failure_decode(
	struct wire_failure *out, unsigned status, const void *body, size_t len, struct be_error *err);

#endif
