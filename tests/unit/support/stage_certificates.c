/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage_account.h"

#include "support/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)
#define YEAR (365 * DAY)
#define MOST 8
#define PASSPHRASE_MIN 8
#define TRIES 5

/* One person's certificates, newest first, and letters. What is asked moves them on as the authority would. */
static struct {
	struct wire_certificate certificates[MOST];
	size_t count;
	int64_t change;
	struct {
		const char *subject, *text, *link;
		char certificate[WIRE_ID_MAX]; /* "": the link was used */
	} letters[MOST];
	size_t letter_count;
	size_t wrong; /* passphrases, one after the other */
	char passphrase[64];
	const char *terms;
} there;

void stage_certificates_reset(void)
{
	memset(&there, 0, sizeof(there));
	there.terms = "2026-05";
	(void)strcpy(there.passphrase, STAGE_PASSPHRASE);
}

/* ---- what there is ---- */

static struct wire_certificate *find(const char *id)
{
	for (size_t i = 0; i < there.count; i++)
		if (strcmp(there.certificates[i].id, id) == 0)
			return &there.certificates[i];
	return NULL;
}

static struct wire_certificate *add(const char *state)
{
	struct wire_certificate *c = &there.certificates[0];

	if (there.count == MOST)
		abort();
	memmove(&there.certificates[1], c, there.count * sizeof(*c));
	there.count++;
	there.change++;
	memset(c, 0, sizeof(*c));
	(void)snprintf(c->id, sizeof(c->id), "cert-%zu", there.count);
	WIRE_SET(c->state, state);
	WIRE_SET(c->key, "rsa3072");
	c->not_before = c->not_after = c->renew_from = c->revoked = TIME_NONE;
	c->requested = STAGE_NOW - DAY;
	return c;
}

static void issue(struct wire_certificate *c, int64_t until)
{
	WIRE_SET(c->state, "ISSUE");
	WIRE_SET(c->subject, "C=ID, O=Instansi Contoh, CN=Sari Wulandari");
	WIRE_SET(c->issuer, "C=ID, O=Otoritas Contoh, CN=Otoritas Contoh G1");
	(void)snprintf(c->serial, sizeof(c->serial), "4A3F00%s", c->id + strlen("cert-"));
	(void)memset(c->sha256, 'e', sizeof(c->sha256) - 1);
	c->sha256[64] = '\0';
	c->not_before = STAGE_NOW - DAY;
	c->not_after = until;
	c->renew_from = until - 30 * DAY;
	there.change++;
}

static void end(struct wire_certificate *c, const char *state)
{
	WIRE_SET(c->state, state);
	c->renew_from = TIME_NONE;
	there.change++;
}

static void write_letter(const char *subject, const char *text, const char *link, const char *certificate)
{
	if (there.letter_count == MOST)
		abort();
	memmove(&there.letters[1], &there.letters[0], there.letter_count * sizeof(there.letters[0]));
	there.letter_count++;
	there.letters[0].subject = subject;
	there.letters[0].text = text;
	there.letters[0].link = link;
	WIRE_SET(there.letters[0].certificate, certificate);
}

static void ask_for(const char *state)
{
	write_letter("Create the passphrase of your certificate",
		"Hello Sari Wulandari,\n\n"
		"You asked for an electronic certificate. It works as soon as you have created its passphrase:\n\n" STAGE_LINK
		"\n\nIf it was not you, do nothing.\n-- \nBeSign wrote this letter by itself; nobody reads an answer.\n",
		STAGE_LINK, add(state)->id);
}

/* ---- what a test begins with ---- */

static void choose(struct desk *desk)
{
	struct credential *credential = &desk->state.credential;

	credential_take(credential, &there.certificates[0]);
	WIRE_SET(credential->facts.name, "Sari Wulandari");
}

bool stage_account_set(struct desk *desk, const char *word)
{
	static const struct {
		const char *word;
		enum be_err code;
		const char *msgid;
	} failures[] = {
		{ "gone", BE_NETWORK, "The service could not be reached" },
		{ "slow", BE_UNKNOWN_OUTCOME,
			"The request was sent, but no answer came: it may have been carried out" },
		{ "nonsense", BE_MALFORMED, "The service's answer makes no sense" },
		{ "busy", BE_BUSY, "The service is busy: please try again in a moment" },
		{ "ended", BE_SESSION, "The session has ended: please sign in again" },
		{ "terms", BE_TERMS, "The current terms of service have to be accepted first" },
		{ "nobox", BE_NOT_FOUND, "There is no such thing on the service" },
	};
	static const struct wire_service service = {
		.name = "BeSign", .embedded = true, .mailbox = true, .passphrase_min = PASSPHRASE_MIN
	};

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (strcmp(failures[i].word, word) == 0) {
			stage_account.failure = failures[i].code;
			stage_account.failure_msgid = failures[i].msgid;
			return true;
		}
	}
	if (strcmp(word, "in") == 0) {
		stage_sign_in_as("sari");
		desk->service = service;
		(void)desk_account(desk, NULL);
		desk_look_at_account(desk);
	} else if (strcmp(word, "out") == 0) {
		stage_sign_in_as(NULL);
		desk_look_at_account(desk);
	} else if (strcmp(word, "remote") == 0) {
		desk->service.embedded = desk->service.mailbox = false;
	} else if (strcmp(word, "issued") == 0) {
		issue(add("NEW"), STAGE_NOW + YEAR);
	} else if (strcmp(word, "soon") == 0) {
		issue(add("NEW"), STAGE_NOW + 12 * DAY);
	} else if (strcmp(word, "new") == 0) {
		ask_for("NEW");
	} else if (strcmp(word, "chosen") == 0) {
		choose(desk);
	} else if (strcmp(word, "elsewhere") == 0) {
		issue(&there.certificates[0], STAGE_NOW + YEAR);
	} else if (strcmp(word, "revoked") == 0) {
		end(&there.certificates[0], "REVOKE");
	} else if (strcmp(word, "expired") == 0) {
		end(&there.certificates[0], "EXPIRED");
	} else if (strcmp(word, "suspended") == 0) {
		end(&there.certificates[0], "SUSPEND");
	} else if (strcmp(word, "odd") == 0) {
		end(&there.certificates[0], "\033[31mBARU\xE2\x80\xAE");
	} else {
		return false;
	}
	return true;
}

/* ---- answers ---- */

/* Every question: whether it is answered, and to whom. */
static enum be_err answers(struct be_error *err)
{
	enum be_err rc = stage_account_answers(err);

	stage_account.questions++;
	if (rc == BE_SESSION)
		stage_sign_in_as(NULL);
	if (rc == BE_OK && !stage_sign_in_is())
		rc = be_fail(err, BE_SESSION, "You are not signed in", NULL);
	return rc;
}

static enum be_err find_for(struct wire_certificate **out, const char *id, struct be_error *err)
{
	enum be_err rc = answers(err);

	*out = find(id);
	return rc == BE_OK && *out == NULL ? be_fail(err, BE_NOT_FOUND, "There is no such thing on the service", NULL)
					   : rc;
}

static bool is(const struct wire_certificate *c, const char *state)
{
	return strcmp(c->state, state) == 0;
}

enum be_err fake_terms(struct account *account, const char *language, struct wire_terms *out,
	const struct account_wait *wait, struct be_error *err)
{
	static const char text[] = "TERMS OF USE OF ELECTRONIC CERTIFICATES\n\n"
				   "1. The certificate and the signatures made with it are in your own name.\n"
				   "2. Give the passphrase to nobody.\n";
	enum be_err rc = stage_account_answers(err);

	(void)account;
	(void)language;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (rc != BE_OK)
		return rc;
	WIRE_SET(out->version, there.terms);
	return wire_set_bytes(&out->text, text, sizeof(text) - 1, err);
}

enum be_err fake_certificates(
	struct account *account, struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	enum be_err rc = answers(err);

	(void)account;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (rc == BE_OK && there.count > 0)
		rc = wire_list_new(&out->certificates, there.count, sizeof(there.certificates[0]), err);
	if (rc != BE_OK)
		return rc;
	out->change = there.change;
	if (there.count > 0)
		memcpy(out->certificates.items, there.certificates, there.count * sizeof(there.certificates[0]));
	return BE_OK;
}

/* News is there, or it is as if the time was over. */
enum be_err fake_certificates_wait(struct account *account, int64_t change, int64_t seconds,
	struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	if (seconds < 1 || seconds > 30)
		abort();
	stage_account.waited += change == there.change;
	return fake_certificates(account, out, wait, err);
}

static enum be_err give(struct wire_certificate *out, const struct wire_certificate *c, enum be_err rc)
{
	memset(out, 0, sizeof(*out));
	if (rc == BE_OK)
		*out = *c;
	return rc;
}

enum be_err fake_certificate(struct account *account, const char *id, struct wire_certificate *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate *c;
	const enum be_err rc = find_for(&c, id, err);

	(void)account;
	(void)wait;
	return give(out, c, rc);
}

enum be_err fake_certificate_history(struct account *account, const char *id, struct wire_history *out,
	const struct account_wait *wait, struct be_error *err)
{
	static const struct wire_event events[] = {
		{ STAGE_NOW - 2 * DAY, "requested", "" },
		{ STAGE_NOW - DAY, "issued", "" },
		{ STAGE_NOW - 3600, "a-later-word", "of a later service" },
	};
	struct wire_certificate *c;
	enum be_err rc = find_for(&c, id, err);

	(void)account;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (rc == BE_OK)
		rc = wire_list_new(&out->events, 3, sizeof(events[0]), err);
	if (rc == BE_OK)
		memcpy(out->events.items, events, sizeof(events));
	return rc;
}

static enum be_err check_terms(const char *terms, struct be_error *err)
{
	return strcmp(terms, there.terms) == 0
		? BE_OK
		: be_fail(err, BE_TERMS, "The current terms of service have to be accepted first", NULL);
}

enum be_err fake_certificate_request(struct account *account, const char *key, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	enum be_err rc = answers(err);

	(void)account;
	(void)wait;
	if (key != NULL)
		abort();
	if (rc == BE_OK)
		rc = check_terms(terms, err);
	for (size_t i = 0; rc == BE_OK && i < there.count; i++)
		if (is(&there.certificates[i], "ISSUE") || is(&there.certificates[i], "NEW"))
			rc = be_fail(err, BE_STATE, "The certificate's state does not allow this", "%s",
				there.certificates[i].state);
	if (rc == BE_OK)
		ask_for("NEW");
	return give(out, &there.certificates[0], rc);
}

enum be_err fake_certificate_renew(struct account *account, const char *id, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate *c;
	enum be_err rc = find_for(&c, id, err);

	(void)account;
	(void)wait;
	if (rc == BE_OK)
		rc = check_terms(terms, err);
	if (rc == BE_OK && !is(c, "ISSUE"))
		rc = be_fail(err, BE_STATE, "The certificate's state does not allow this", NULL);
	if (rc == BE_OK && c->renew_from > STAGE_NOW) {
		rc = be_fail(err, BE_TOO_EARLY, "It is too early to renew this certificate", NULL);
		err->retry_at = c->renew_from;
	}
	if (rc == BE_OK) {
		ask_for("RENEW");
		WIRE_SET(there.certificates[0].renews, id);
	}
	return give(out, &there.certificates[0], rc);
}

enum be_err fake_certificate_revoke(struct account *account, const char *id, const char *reason,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate *c;
	enum be_err rc = find_for(&c, id, err);

	(void)account;
	(void)wait;
	if (rc == BE_OK && is(c, "REVOKE"))
		rc = be_fail(err, BE_STATE, "The certificate's state does not allow this", NULL);
	if (rc == BE_OK) {
		end(c, "REVOKE");
		c->revoked = STAGE_NOW;
		WIRE_SET(c->reason, reason);
		WIRE_SET(stage_account.reason, reason);
		write_letter("Your certificate was revoked", "Hello Sari Wulandari,\n\nIt can never sign again.\n",
			NULL, "");
	}
	return give(out, c, rc);
}

enum be_err fake_certificate_import(struct account *account, const struct wire_certificate_import *file,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)file;
	(void)out;
	(void)wait;
	return be_fail(err, BE_UNSUPPORTED, "The service does not support this", NULL);
}

/* ---- passphrases ---- */

static bool equals(const struct secret *secret, const char *text)
{
	return secret_len(secret) == strlen(text) && memcmp(secret_bytes(secret), text, strlen(text)) == 0;
}

static enum be_err judge(const struct secret *passphrase, struct be_error *err)
{
	return secret_len(passphrase) < PASSPHRASE_MIN
		? be_fail(err, BE_WEAK, "This is too easy to guess", "It is too short: at least 8 characters")
		: BE_OK;
}

static void keep(const struct secret *passphrase)
{
	if (secret_len(passphrase) >= sizeof(there.passphrase))
		abort();
	memcpy(there.passphrase, secret_bytes(passphrase), secret_len(passphrase) + 1);
	there.wrong = 0;
}

/* The link is the proof: no session is asked for. */
enum be_err fake_set_passphrase(struct account *account, const struct secret *link, const struct secret *passphrase,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate *c = NULL;
	enum be_err rc = stage_account_answers(err);
	size_t i = 0;

	(void)account;
	(void)wait;
	stage_account.questions++;
	while (i < there.letter_count && (there.letters[i].link == NULL || !equals(link, there.letters[i].link)))
		i++;
	if (rc == BE_OK && (i == there.letter_count || there.letters[i].certificate[0] == '\0'))
		rc = be_fail(err, BE_LINK, "The link was used already, or is too old", NULL);
	if (rc == BE_OK)
		rc = judge(passphrase, err);
	if (rc == BE_OK) {
		struct wire_certificate *old;

		c = find(there.letters[i].certificate);
		old = find(c->renews);
		issue(c, STAGE_NOW + YEAR);
		if (old != NULL)
			end(old, "EXPIRED");
		there.letters[i].certificate[0] = '\0';
		keep(passphrase);
	}
	return give(out, c, rc);
}

static enum be_err open_key(const struct secret *passphrase, struct be_error *err)
{
	enum be_err rc;

	if (there.wrong < TRIES && equals(passphrase, there.passphrase)) {
		there.wrong = 0;
		return BE_OK;
	}
	if (there.wrong < TRIES)
		there.wrong++;
	if (there.wrong < TRIES) {
		rc = be_fail(err, BE_WRONG_PASSPHRASE, "The passphrase is wrong", NULL);
		err->tries_left = (uint32_t)(TRIES - there.wrong);
	} else {
		rc = be_fail(err, BE_LOCKED, "Too many wrong tries: it is locked for a while", NULL);
		err->retry_at = STAGE_NOW + 900;
	}
	return rc;
}

enum be_err fake_change_passphrase(struct account *account, const char *id, const struct secret *old_one,
	const struct secret *new_one, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate *c;
	enum be_err rc = find_for(&c, id, err);

	(void)account;
	(void)wait;
	if (rc == BE_OK)
		rc = open_key(old_one, err);
	if (rc == BE_OK)
		rc = judge(new_one, err);
	if (rc == BE_OK)
		keep(new_one);
	return rc;
}

enum be_err stage_certificates_open(
	struct key_facts *who, const char *id, const struct secret *passphrase, struct be_error *err)
{
	struct wire_certificate *c;
	enum be_err rc = find_for(&c, id, err);

	if (rc == BE_OK && is(c, "REVOKE"))
		rc = be_fail(err, BE_REVOKED, "The certificate is revoked", NULL);
	if (rc == BE_OK && is(c, "EXPIRED"))
		rc = be_fail(err, BE_CERT_EXPIRED, "The certificate has expired", NULL);
	if (rc == BE_OK && !is(c, "ISSUE"))
		rc = be_fail(err, BE_STATE, "The certificate's state does not allow this", "%s", c->state);
	if (rc == BE_OK)
		rc = open_key(passphrase, err);
	if (rc == BE_OK) {
		WIRE_SET(who->name, "Sari Wulandari");
		WIRE_SET(who->sha256, c->sha256);
	}
	return rc;
}

/* ---- letters ---- */

enum be_err fake_mailbox(
	struct account *account, struct wire_mailbox *out, const struct account_wait *wait, struct be_error *err)
{
	enum be_err rc = answers(err);
	struct wire_mail *mails;

	(void)account;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (rc == BE_OK && there.letter_count > 0)
		rc = wire_list_new(&out->mails, there.letter_count, sizeof(struct wire_mail), err);
	mails = out->mails.items;
	for (size_t i = 0; rc == BE_OK && i < out->mails.count; i++) {
		const char *text = there.letters[i].text;
		const char *link = there.letters[i].link;

		mails[i].at = STAGE_NOW;
		WIRE_SET(mails[i].subject, there.letters[i].subject);
		rc = wire_set_bytes(&mails[i].text, text, strlen(text), err);
		if (rc == BE_OK && link != NULL)
			rc = wire_set_secret(&mails[i].link, link, strlen(link), err);
	}
	return rc;
}
