/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * kill -9 at chosen calls that change a file, and at random moments, while the service does what a person asked for:
 * what was acknowledged is there afterwards, nothing is half done, and everything can be done again.
 *
 *	service_kill POINTS     how many kills in all, spread evenly over the calls of all operations
 *
 * TAP on standard output.
 */

#include "base/time.h"
#include "service/store.h"
#include "service/store_records.h"
#include "support/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY (24 * 3600)

struct scene {
	struct service_desk desk;
	struct service_person person;
	struct account *account;
	struct secret *link; /* in the snapshots "requested" and later */
	struct secret *other_passphrase;
	char fault[300]; /* what came out wrong; "" nothing */
};

static bool wrong(struct scene *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct scene *s, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(s->fault, sizeof(s->fault), format, arguments);
	va_end(arguments);
	return false;
}

static bool fine(struct scene *s, const char *what, enum be_err rc, const struct be_error *err)
{
	return rc == BE_OK ||
		wrong(s, "%s: %s: %s (%s)", what, be_err_word(rc), err->msgid != NULL ? err->msgid : "", err->detail);
}

/* ---- what is asked for ---- */

static enum be_err do_register(struct scene *s, struct be_error *err)
{
	return service_register(s->account, &s->person, err);
}

static enum be_err do_request(struct scene *s, struct be_error *err)
{
	return service_request(s->account, &s->person, "p256", err);
}

static enum be_err do_set_passphrase(struct scene *s, struct be_error *err)
{
	return service_set_passphrase(s->account, &s->person, s->link, err);
}

static enum be_err do_renew(struct scene *s, struct be_error *err)
{
	struct wire_terms terms = { .version = "" };
	struct wire_certificate certificate = { .id = "" };
	enum be_err rc = account_terms(s->account, "id", &terms, NULL, err);

	if (rc == BE_OK)
		rc = account_certificate_renew(
			s->account, s->person.certificate, terms.version, &certificate, NULL, err);
	wire_free(&wire_terms_message, &terms);
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

static enum be_err do_revoke(struct scene *s, struct be_error *err)
{
	return account_certificate_revoke(s->account, s->person.certificate, "superseded", NULL, NULL, err);
}

static enum be_err do_change_passphrase(struct scene *s, struct be_error *err)
{
	return account_change_passphrase(
		s->account, s->person.certificate, s->person.passphrase, s->other_passphrase, NULL, err);
}

static enum be_err do_sign(struct scene *s, struct be_error *err)
{
	return service_sign(s->account, &s->person, s->person.passphrase, 1, 3, err);
}

/* ---- what must be true afterwards; done: it was acknowledged ---- */

static bool in_state(struct scene *s, const char *certificate, char state[static WIRE_WORD_MAX])
{
	struct be_error err = { .code = BE_OK };

	return fine(s, "the list of certificates", service_state(s->account, certificate, state, &err), &err);
}

static bool signs(struct scene *s, const struct secret *passphrase)
{
	struct be_error err = { .code = BE_OK };

	return fine(s, "signing afterwards", service_sign(s->account, &s->person, passphrase, 2, 2, &err), &err);
}

/* The mail of a request came, though the service was killed: with a link. */
static bool link_came(struct scene *s)
{
	struct be_error err = { .code = BE_OK };
	struct secret *link = NULL;
	const bool came = fine(s, "the mail", service_link(s->account, &link, &err), &err);

	secret_free(&link);
	return came;
}

/* Who is there already keeps the account: what was not acknowledged may have been done. */
static bool after_register(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	const enum be_err again = done ? BE_OK : service_register(s->account, &s->person, &err);

	if (again != BE_EXISTS && !fine(s, "registering again", again, &err))
		return false;
	return fine(s, "enrolling", service_enrol(s->account, &s->person, &err), &err);
}

/* The only certificate of that state, its id; "" when there is none. */
static bool find_in_state(struct scene *s, const char *state, char id[static WIRE_ID_MAX])
{
	struct wire_certificates list = { .change = 0 };
	struct be_error err = { .code = BE_OK };
	size_t count = 0;

	id[0] = '\0';
	if (!fine(s, "the list of certificates", account_certificates(s->account, &list, NULL, &err), &err))
		return false;
	for (size_t i = 0; i < list.certificates.count; i++) {
		const struct wire_certificate *one = (const struct wire_certificate *)list.certificates.items + i;

		if (strcmp(one->state, state) == 0) {
			memcpy(id, one->id, WIRE_ID_MAX);
			count++;
		}
	}
	wire_free(&wire_certificates_message, &list);
	return count < 2 || wrong(s, "%zu certificates are %s", count, state);
}

static bool after_request(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	char id[WIRE_ID_MAX];

	if (!find_in_state(s, "NEW", id))
		return false;
	if (id[0] == '\0') {
		if (done)
			return wrong(s, "the request was acknowledged and is gone");
		if (!fine(s, "requesting again", do_request(s, &err), &err))
			return false;
	}
	return link_came(s);
}

static bool after_set_passphrase(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	char state[WIRE_WORD_MAX];

	if (!in_state(s, s->person.certificate, state))
		return false;
	if (strcmp(state, "NEW") == 0) {
		if (done)
			return wrong(s, "the passphrase was acknowledged and is gone");
		if (!fine(s, "following the link again", do_set_passphrase(s, &err), &err))
			return false;
	} else if (strcmp(state, "ISSUE") != 0) {
		return wrong(s, "the state is %s", state);
	}
	return signs(s, s->person.passphrase);
}

static bool after_renew(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	char id[WIRE_ID_MAX];

	if (!find_in_state(s, "RENEW", id))
		return false;
	if (id[0] == '\0') {
		if (done)
			return wrong(s, "the renewal was acknowledged and is gone");
		if (!fine(s, "renewing again", do_renew(s, &err), &err))
			return false;
	}
	return link_came(s) && signs(s, s->person.passphrase);
}

static bool after_revoke(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	char state[WIRE_WORD_MAX];
	enum be_err rc;

	if (!in_state(s, s->person.certificate, state))
		return false;
	if (strcmp(state, "ISSUE") == 0)
		return done ? wrong(s, "the revocation was acknowledged and is gone") : signs(s, s->person.passphrase);
	if (strcmp(state, "REVOKE") != 0)
		return wrong(s, "the state is %s", state);
	rc = service_sign(s->account, &s->person, s->person.passphrase, 2, 1, &err);
	return rc == BE_REVOKED || wrong(s, "a revoked certificate signs, or says %s", be_err_word(rc));
}

/* Either the old one opens it or the new one, never both, never neither. */
static bool after_change_passphrase(struct scene *s, bool done)
{
	struct be_error err = { .code = BE_OK };
	const enum be_err with_new = service_sign(s->account, &s->person, s->other_passphrase, 2, 1, &err);
	enum be_err with_old;

	if (done || with_new == BE_OK)
		if (!fine(s, "signing with the new passphrase", with_new, &err))
			return false;
	if (with_new != BE_OK && with_new != BE_WRONG_PASSPHRASE)
		return fine(s, "signing with the new passphrase", with_new, &err);
	with_old = service_sign(s->account, &s->person, s->person.passphrase, 3, 1, &err);
	return with_old == (with_new == BE_OK ? BE_WRONG_PASSPHRASE : BE_OK) ||
		wrong(s, "the old passphrase says %s, the new one %s", be_err_word(with_old), be_err_word(with_new));
}

static bool after_sign(struct scene *s, bool done)
{
	(void)done;
	return signs(s, s->person.passphrase);
}

static const struct operation {
	const char *name;
	const char *from; /* the snapshot it begins with */
	bool signed_in;
	enum be_err (*run)(struct scene *s, struct be_error *err);
	bool (*after)(struct scene *s, bool done);
} operations[] = {
	{ "register", "new", false, do_register, after_register },
	{ "request", "person", true, do_request, after_request },
	{ "set passphrase", "requested", true, do_set_passphrase, after_set_passphrase },
	{ "renew", "old", true, do_renew, after_renew },
	{ "revoke", "issued", true, do_revoke, after_revoke },
	{ "change passphrase", "issued", true, do_change_passphrase, after_change_passphrase },
	{ "sign", "issued", true, do_sign, after_sign },
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

/* ---- one kill ---- */

static void begin(struct scene *s, const struct operation *operation)
{
	s->fault[0] = '\0';
	s->desk.fault->mode = IOFAULT_COUNT;
	service_desk_load(&s->desk, operation->from);
	s->account = service_desk_account(&s->desk);
}

static bool start_and_sign_in(struct scene *s, const struct operation *operation)
{
	struct be_error err = { .code = BE_OK };

	if (!service_desk_start(&s->desk))
		return wrong(s, "the service does not start");
	return !operation->signed_in || fine(s, "signing in", service_sign_in(s->account, &s->person, &err), &err);
}

/* Nobody has the data open now. */
static bool data_is_whole(struct scene *s)
{
	struct be_error err = { .code = BE_OK };
	struct store *store = NULL;
	char path[4096];
	int64_t lines = 0;
	enum be_err rc;

	(void)snprintf(path, sizeof(path), "%s/besign.db", s->desk.place.data);
	rc = store_open(&store, path, &err);
	if (rc == BE_OK)
		rc = store_audit_check(store, &lines, NULL, &err);
	store_close(&store);
	return fine(s, "the database", rc, &err);
}

static void *kill_later(void *arg)
{
	const struct scene *s = arg;
	struct timespec pause = { 0, (long)(s->desk.fault->at % 400) * 1000000L };

	(void)nanosleep(&pause, NULL);
	(void)kill(s->desk.pid, SIGKILL);
	return NULL;
}

/* at: the call at which it is killed, from 1; or, for mode COUNT, so many milliseconds later. */
static bool one_kill(struct scene *s, const struct operation *operation, enum iofault_mode mode, int64_t at, bool *hit)
{
	struct be_error err = { .code = BE_OK };
	pthread_t killer;
	bool held, done;

	begin(s, operation);
	held = start_and_sign_in(s, operation);
	if (held) {
		s->desk.fault->at = mode == IOFAULT_COUNT ? at : s->desk.fault->seen + at;
		s->desk.fault->mode = mode;
		if (mode == IOFAULT_COUNT && pthread_create(&killer, NULL, kill_later, s) != 0)
			abort();
		done = operation->run(s, &err) == BE_OK;
		if (mode == IOFAULT_COUNT)
			(void)pthread_join(killer, NULL);
		*hit = !done;
		service_desk_kill(&s->desk);
		s->desk.fault->mode = IOFAULT_COUNT;
		held = data_is_whole(s) && start_and_sign_in(s, operation) && operation->after(s, done);
	}
	if (!service_desk_stop(&s->desk) && held)
		held = wrong(s, "the service did not end as it should");
	held = held && data_is_whole(s);
	account_free(&s->account);
	return held;
}

/* So many calls change files while this is done; 0 when it fails even so. */
static int64_t count_calls(struct scene *s, const struct operation *operation)
{
	const struct service_person before = s->person;
	struct be_error err = { .code = BE_OK };
	int64_t from = 0;
	int64_t calls = 0;

	begin(s, operation);
	if (start_and_sign_in(s, operation)) {
		from = s->desk.fault->seen;
		if (fine(s, operation->name, operation->run(s, &err), &err))
			calls = s->desk.fault->seen - from;
	}
	if (calls == 0)
		(void)printf("# %s: %s\n", operation->name, s->fault);
	(void)service_desk_stop(&s->desk);
	account_free(&s->account);
	s->person = before;
	return calls;
}

/* ---- the snapshots ---- */

static void keep(struct scene *s, const char *name)
{
	if (!service_desk_stop(&s->desk))
		abort();
	service_desk_save(&s->desk, name);
	if (!service_desk_start(&s->desk))
		abort();
}

/* Its certificate ends soon: only so it can be renewed. */
static void make_old(struct scene *s)
{
	char command[4600];

	(void)snprintf(command, sizeof(command),
		"sqlite3 '%s/besign.db' 'UPDATE certificates SET not_after = %lld WHERE not_after IS NOT NULL'",
		s->desk.place.data, (long long)time_now() + 10 * DAY);
	if (system(command) != 0)
		abort();
}

static bool prepare(struct scene *s)
{
	struct be_error err = { .code = BE_OK };
	enum be_err rc;

	if (!service_desk_start(&s->desk))
		return wrong(s, "the service does not start");
	s->account = service_desk_account(&s->desk);
	keep(s, "new");
	rc = service_register(s->account, &s->person, &err);
	if (rc == BE_OK)
		rc = service_enrol(s->account, &s->person, &err);
	keep(s, "person");
	if (rc == BE_OK)
		rc = service_request(s->account, &s->person, "p256", &err);
	if (rc == BE_OK)
		rc = service_link(s->account, &s->link, &err);
	keep(s, "requested");
	if (rc == BE_OK)
		rc = service_set_passphrase(s->account, &s->person, s->link, &err);
	keep(s, "issued");
	if (!service_desk_stop(&s->desk))
		return wrong(s, "the service did not end as it should");
	make_old(s);
	service_desk_save(&s->desk, "old");
	account_free(&s->account);
	return fine(s, "preparing", rc, &err);
}

/* ---- all of them ---- */

struct tally {
	size_t kills, hits, faults;
};

static void attempt(
	struct scene *s, const struct operation *operation, enum iofault_mode mode, int64_t at, struct tally *tally)
{
	static const char *const names[] = { "at random", "before call", "in the middle of call", "" };
	const struct service_person before = s->person;
	bool hit = false;

	tally->kills++;
	if (!operation->signed_in)
		s->person.key = NULL;
	if (!one_kill(s, operation, mode, at, &hit)) {
		tally->faults++;
		(void)printf("# %s, killed %s %lld: %s\n", operation->name, names[mode], (long long)at, s->fault);
		(void)fflush(stdout);
	}
	tally->hits += hit;
	/* What the snapshot does not know was not used yet; a key that a new device got is nobody's any more. */
	if (s->person.key != before.key)
		secret_free(&s->person.key);
	s->person = before;
}

static void go_through(
	struct scene *s, const struct operation *operation, int64_t calls, size_t points, struct tally *tally)
{
	/* Some of them by the clock. */
	const size_t random = points / 5;
	const size_t chosen = points - random;

	for (size_t i = 0; i < chosen; i++)
		attempt(s, operation, i % 2 == 0 ? IOFAULT_KILL : IOFAULT_TEAR,
			1 + (int64_t)(i * (size_t)calls / chosen), tally);
	for (size_t i = 0; i < random; i++)
		attempt(s, operation, IOFAULT_COUNT, (int64_t)(i * 37), tally);
}

int main(int argc, char **argv)
{
	const size_t points = argc == 2 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
	struct scene s = { .account = NULL };
	size_t all = 0, hits = 0, faults = 0;
	int number = 0;

	if (points == 0) {
		(void)fputs("usage: service_kill POINTS\n", stderr);
		return 2;
	}
	service_desk_make(&s.desk);
	service_person_make(&s.person, 1);
	s.other_passphrase = service_secret("frasa sandi yang lain");
	if (!prepare(&s)) {
		(void)printf("not ok 1 - what is needed before\n# %s\n1..1\n", s.fault);
		service_desk_clear(&s.desk);
		return 1;
	}
	for (size_t i = 0; i < OPERATIONS; i++) {
		const int64_t calls = count_calls(&s, &operations[i]);
		struct tally tally = { 0, 0, 0 };

		if (calls > 0)
			go_through(&s, &operations[i], calls, points / OPERATIONS + (i < points % OPERATIONS), &tally);
		(void)printf("# %lld calls, %zu kills, %zu of them before the answer\n", (long long)calls, tally.kills,
			tally.hits);
		(void)printf("%sok %d - %s: what was acknowledged is there, nothing is half done\n",
			tally.faults == 0 && tally.hits > 0 ? "" : "not ", ++number, operations[i].name);
		(void)fflush(stdout);
		all += tally.kills;
		hits += tally.hits;
		faults += tally.faults;
	}
	(void)printf("# %zu kills, %zu before the answer, %zu faults\n1..%d\n", all, hits, faults, number);
	secret_free(&s.link);
	secret_free(&s.other_passphrase);
	service_person_free(&s.person);
	service_desk_clear(&s.desk);
	return faults == 0 ? 0 : 1;
}
