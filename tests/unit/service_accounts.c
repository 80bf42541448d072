/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "base/time.h"
#include "service/derive.h"
#include "service/store_records.h"
#include "support/keep.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct keep keep;
static struct store_user sri;
static struct secret *key; /* of her device's codes */
static char device[STORE_ID_SIZE];

static int setup(void **state)
{
	(void)state;
	keep_make(&keep);
	keep_person(&keep, 1, &sri);
	keep_device(&keep, &sri, &key, device);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	secret_free(&key);
	keep_clear(&keep);
	return 0;
}

static enum be_err log_in(const char *login, const char *password, const char *address, struct be_error *err)
{
	struct secret *secret = keep_secret(password);
	struct accounts_login out;
	enum be_err rc = accounts_login(keep.accounts, login, secret, address, &out, err);

	secret_free(&out.token);
	secret_free(&secret);
	return rc;
}

/* ---- registering ---- */

static void a_person_is_registered_once_and_with_what_is_one(void **state)
{
	/* clang-format off */
	static const struct { const char *login, *mail, *name, *organisation, *language, *password; enum be_err expected; }
	persons[] = {
		{ "budi", "budi@contoh.example", "Budi", NULL, NULL, KEEP_PASSWORD, BE_OK },
		{ NULL, "tuti@contoh.example", "Tuti Ñandú 山田", "Dinas Contoh", "en", KEEP_PASSWORD, BE_OK },
		{ "BUDI", "lain@contoh.example", "Budi", NULL, NULL, KEEP_PASSWORD, BE_EXISTS },
		{ "x", "x@contoh.example", "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "a b c", "x@contoh.example", "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "abc\n", "x@contoh.example", "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "contoh.example", "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", NULL, "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example\r\nBcc: y@z", "X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", " X", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "X\x1b[31m", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "X\xe2\x80\xae", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "\xff", NULL, NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "X", "", NULL, KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "X", NULL, "fr", KEEP_PASSWORD, BE_USAGE },
		{ "xyz", "x@contoh.example", "X", NULL, NULL, "kopi", BE_WEAK },
		{ "kopi-tubruk", "x@contoh.example", "X", NULL, NULL, "Kopi-Tubruk", BE_WEAK },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(persons) / sizeof(persons[0]); i++) {
		struct secret *password = keep_secret(persons[i].password);
		const struct accounts_person person = { persons[i].login, persons[i].mail, persons[i].name,
			persons[i].organisation, persons[i].language, password };

		if (accounts_register(keep.accounts, &person, NULL, NULL) != persons[i].expected)
			fail_msg("person %zu", i);
		secret_free(&password);
	}
}

/* ---- passwords ---- */

static void a_password_lets_in_by_login_or_mail(void **state)
{
	(void)state;
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_OK);
	assert_int_equal(log_in("ORANG1@contoh.example", KEEP_PASSWORD, NULL, NULL), BE_OK);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD " ", NULL, NULL), BE_WRONG_LOGIN);
	assert_int_equal(log_in("orang1", "", NULL, NULL), BE_WRONG_LOGIN);
}

static void nobody_is_told_apart_from_somebody(void **state)
{
	struct be_error somebody, nobody;

	(void)state;
	for (int i = 0; i < 7; i++) {
		enum be_err a = log_in("orang1", "bukan kata sandinya", "192.0.2.1", &somebody);
		enum be_err b = log_in("orang9", "bukan kata sandinya", "192.0.2.1", &nobody);

		assert_int_equal(a, b);
		assert_int_equal(a, i < 5 ? BE_WRONG_LOGIN : BE_LOCKED);
		assert_string_equal(somebody.msgid, nobody.msgid);
		assert_string_equal(somebody.detail, nobody.detail);
		assert_int_equal(somebody.tries_left, nobody.tries_left);
		assert_int_equal(somebody.retry_at, nobody.retry_at);
	}
}

static double seconds_for(const char *login)
{
	struct timespec a, b;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
	assert_int_equal(log_in(login, "bukan kata sandinya", NULL, NULL), BE_WRONG_LOGIN);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* The derivation is nearly all of it; it is made for nobody as well. */
static void nobody_takes_as_long_as_somebody(void **state)
{
	double somebody = 1e9, nobody = 1e9;

	(void)state;
	for (int i = 0; i < 4; i++) {
		double a = seconds_for("orang1");
		double b = seconds_for("orang9");

		somebody = a < somebody ? a : somebody;
		nobody = b < nobody ? b : nobody;
	}
	assert_true(nobody > somebody * 0.7 && nobody < somebody * 1.4);
}

static void a_lock_ends_and_a_right_password_clears_the_count(void **state)
{
	struct be_error err;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(log_in("orang1", "salah semuanya", NULL, &err), BE_WRONG_LOGIN);
	assert_int_equal(err.tries_left, 1);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(log_in("orang1", "salah semuanya", NULL, &err), BE_WRONG_LOGIN);
	assert_int_equal(err.tries_left, 0);
	assert_int_equal(err.retry_at, KEEP_NOW + 900);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, &err), BE_LOCKED);
	assert_int_equal(err.retry_at, KEEP_NOW + 900);
	keep_again(&keep);
	(void)keep_at(899);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_LOCKED);
	(void)keep_at(900);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_OK);
}

static void one_address_does_not_try_everybody(void **state)
{
	struct keep small = keep;

	(void)state;
	accounts_close(&keep.accounts);
	small.settings.address_limit.tries = 3;
	assert_int_equal(accounts_open(&keep.accounts, keep.store, keep.vault, &small.settings, NULL), BE_OK);
	assert_int_equal(log_in("orang1", "salah semuanya", "192.0.2.1", NULL), BE_WRONG_LOGIN);
	assert_int_equal(log_in("orang2", "salah semuanya", "192.0.2.1", NULL), BE_WRONG_LOGIN);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, "192.0.2.1", NULL), BE_OK); /* costs the address nothing */
	assert_int_equal(log_in("orang3", "salah semuanya", "192.0.2.1", NULL), BE_WRONG_LOGIN);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, "192.0.2.1", NULL), BE_LOCKED);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, "192.0.2.2", NULL), BE_OK);
}

static void *log_in_right(void *out)
{
	enum be_err *rc = out;

	*rc = log_in("orang1", KEEP_PASSWORD, "192.0.2.1", NULL);
	return NULL;
}

static void many_who_are_right_do_not_lock_each_other_out(void **state)
{
	enum be_err rcs[12];
	pthread_t threads[12];

	(void)state;
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_in_right, &rcs[i]), 0);
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(rcs[i], BE_OK);
	}
	assert_true(derive_most() <= DERIVE_AT_ONCE);
}

static void a_password_gets_dearer_when_the_price_goes_up(void **state)
{
	struct store_password kept;

	(void)state;
	accounts_close(&keep.accounts);
	keep.settings.cost.log2_n++;
	assert_int_equal(accounts_open(&keep.accounts, keep.store, keep.vault, &keep.settings, NULL), BE_OK);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_OK);
	assert_int_equal(store_password_get(keep.store, sri.id, &kept, NULL), BE_OK);
	assert_int_equal(kept.cost.log2_n, SCRYPT_LOG2_N_MIN + 1);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_OK);
}

/* ---- codes ---- */

static struct secret *first_step(void)
{
	struct secret *password = keep_secret(KEEP_PASSWORD);
	struct accounts_login login;

	assert_int_equal(accounts_login(keep.accounts, "orang1", password, NULL, &login, NULL), BE_OK);
	assert_true(login.enrolled);
	secret_free(&password);
	return login.token;
}

static enum be_err second_step(const struct secret *token, const char *which, const char *code, struct be_error *err)
{
	struct accounts_tokens tokens;
	enum be_err rc = accounts_login_code(keep.accounts, token, which, code, NULL, &tokens, err);

	accounts_tokens_free(&tokens);
	return rc;
}

static void a_code_ends_the_sign_in_and_serves_once(void **state)
{
	struct secret *token = first_step();
	struct secret *other = first_step();
	struct be_error err;
	char code[9], wrong[9];

	(void)state;
	keep_code(code, key, 0);
	(void)snprintf(wrong, sizeof(wrong), "%06d", (atoi(code) + 1) % 1000000);
	assert_int_equal(second_step(token, device, wrong, &err), BE_WRONG_CODE);
	assert_int_equal(err.tries_left, 4);
	assert_int_equal(second_step(token, "0123456789abcdef0123456789abcdef", code, NULL), BE_NOT_FOUND);
	assert_int_equal(second_step(token, device, code, NULL), BE_OK); /* a wrong one spends nothing */
	assert_int_equal(second_step(token, device, code, NULL), BE_SESSION);
	assert_int_equal(second_step(other, NULL, code, NULL), BE_CODE_USED);
	keep_code(code, key, 3);
	assert_int_equal(second_step(other, NULL, code, &err), BE_CLOCK);
	assert_string_equal(err.detail, "+90");
	keep_code(code, key, 1);
	assert_int_equal(second_step(other, NULL, code, NULL), BE_OK);
	secret_free(&token);
	secret_free(&other);
}

static void the_sixth_wrong_code_is_not_looked_at(void **state)
{
	struct secret *token = first_step();
	struct be_error err;
	char code[9], wrong[9];

	(void)state;
	keep_code(code, key, 0);
	(void)snprintf(wrong, sizeof(wrong), "%06d", (atoi(code) + 500000) % 1000000);
	for (int i = 0; i < 5; i++)
		assert_int_equal(second_step(token, device, wrong, NULL), BE_WRONG_CODE);
	assert_int_equal(second_step(token, device, code, &err), BE_LOCKED);
	assert_int_equal(err.retry_at, KEEP_NOW + 900);
	secret_free(&token);
	token = first_step(); /* the password is not locked with it */
	assert_int_equal(second_step(token, device, code, NULL), BE_LOCKED);
	secret_free(&token);
}

static void the_first_step_is_good_for_ten_minutes(void **state)
{
	struct secret *token = first_step();
	char code[9];

	(void)state;
	(void)keep_at(599);
	keep_code(code, key, -1);
	assert_int_equal(second_step(token, device, "000000x", NULL), BE_WRONG_CODE);
	(void)keep_at(600);
	keep_code(code, key, 0);
	assert_int_equal(second_step(token, device, code, NULL), BE_SESSION);
	secret_free(&token);
}

#define TRIES 1000
#define THREADS 50

struct race {
	struct accounts_session session;
	struct accounts *accounts;
	char code[9];
	unsigned accepted, used, other;
};

static void *try_a_code(void *arg)
{
	struct race *race = arg;

	for (int i = 0; i < TRIES / THREADS; i++) {
		enum be_err rc = accounts_code(race->accounts, &race->session, device, race->code, NULL);

		race->accepted += rc == BE_OK;
		race->used += rc == BE_CODE_USED;
		race->other += rc != BE_OK && rc != BE_CODE_USED;
	}
	return NULL;
}

/* Half of them through another connection, as another process would have it. */
static void of_a_thousand_with_one_code_one_gets_through(void **state)
{
	struct race races[THREADS];
	struct accounts_tokens tokens;
	struct accounts *elsewhere = NULL;
	struct store *other = NULL;
	pthread_t threads[THREADS];
	struct race sum = { .accepted = 0 };

	(void)state;
	accounts_close(&keep.accounts);
	keep.settings.code_limit.tries = TRIES + 1; /* all of them shall be looked at */
	assert_int_equal(accounts_open(&keep.accounts, keep.store, keep.vault, &keep.settings, NULL), BE_OK);
	assert_int_equal(store_open(&other, keep.path, NULL), BE_OK);
	assert_int_equal(accounts_open(&elsewhere, other, keep.vault, &keep.settings, NULL), BE_OK);
	keep_session(&keep, &sri, key, device, &tokens, &races[0].session);
	for (size_t i = 0; i < THREADS; i++) {
		races[i] = (struct race){ .session = races[0].session, .accounts = i % 2 ? elsewhere : keep.accounts };
		keep_code(races[i].code, key, 1);
	}
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, try_a_code, &races[i]), 0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		sum.accepted += races[i].accepted;
		sum.used += races[i].used;
		sum.other += races[i].other;
	}
	assert_int_equal(sum.accepted, 1);
	assert_int_equal(sum.used, TRIES - 1);
	assert_int_equal(sum.other, 0);
	accounts_tokens_free(&tokens);
	accounts_close(&elsewhere);
	store_close(&other);
}

/* ---- devices ---- */

static enum be_err count_device(void *ctx, const struct store_device *found, struct be_error *err)
{
	size_t *count = ctx;

	(void)err;
	assert_true(found->proved);
	(*count)++;
	return BE_OK;
}

static void a_password_alone_adds_no_second_device(void **state)
{
	struct accounts_enrolment enrolment;
	struct secret *token = first_step();

	(void)state;
	assert_int_equal(accounts_login_enrol(keep.accounts, token, "Lain", &enrolment, NULL), BE_STATE);
	secret_free(&token);
}

static void of_two_who_enrol_at_once_with_a_password_one_is_enrolled(void **state)
{
	struct secret *password = keep_secret(KEEP_PASSWORD);
	struct accounts_enrolment enrolment;
	struct accounts_tokens tokens;
	struct accounts_login login;
	struct secret *device_key = NULL;
	struct secret *late = NULL;
	struct store_user budi;
	char id[STORE_ID_SIZE], code[9];
	size_t count = 0;

	(void)state;
	keep_person(&keep, 2, &budi);
	assert_int_equal(accounts_login(keep.accounts, "orang2", password, NULL, &login, NULL), BE_OK);
	assert_int_equal(accounts_login_enrol(keep.accounts, login.token, "Penyerang", &enrolment, NULL), BE_OK);
	assert_int_equal(
		encode_read_secret(&late, ENCODE_BASE32, secret_bytes(enrolment.key), secret_len(enrolment.key), NULL),
		BE_OK);
	keep_device(&keep, &budi, &device_key, id);
	keep_code(code, late, 0);
	assert_int_equal(accounts_login_enrol_code(
				 keep.accounts, login.token, enrolment.device, NULL, code, NULL, &tokens, NULL),
		BE_NOT_FOUND);
	assert_int_equal(store_devices(keep.store, budi.id, count_device, &count, NULL), BE_OK);
	assert_int_equal(count, 1);
	accounts_enrolment_free(&enrolment);
	secret_free(&late);
	secret_free(&device_key);
	secret_free(&login.token);
	secret_free(&password);
}

static enum be_err refuse_to_tell(
	void *ctx, const struct store_user *user, const char *name, int64_t now, struct be_error *err)
{
	unsigned *told = ctx;

	(void)user;
	(void)now;
	assert_string_equal(name, "Tablet");
	return ++*told == 1 ? be_fail(err, BE_FULL, "full", NULL) : BE_OK;
}

static void devices_are_added_told_about_and_removed_but_not_the_last(void **state)
{
	struct accounts_enrolment enrolment;
	struct accounts_session session;
	struct accounts_tokens tokens;
	struct secret *second = NULL;
	unsigned told = 0;
	size_t count = 0;
	char code[9];

	(void)state;
	accounts_close(&keep.accounts);
	keep.settings.device_added = refuse_to_tell;
	keep.settings.device_added_ctx = &told;
	assert_int_equal(accounts_open(&keep.accounts, keep.store, keep.vault, &keep.settings, NULL), BE_OK);
	keep_session(&keep, &sri, key, device, &tokens, &session);
	assert_int_equal(accounts_device_remove(keep.accounts, &session, device, NULL), BE_STATE);
	assert_int_equal(accounts_device_add(keep.accounts, &session, "", &enrolment, NULL), BE_USAGE);
	assert_int_equal(accounts_device_add(keep.accounts, &session, "Ponsel", &enrolment, NULL), BE_EXISTS);
	assert_int_equal(accounts_device_add(keep.accounts, &session, "Tablet", &enrolment, NULL), BE_OK);
	assert_non_null(strstr((const char *)secret_bytes(enrolment.uri), "otpauth://totp/BeSign:orang1?secret="));
	assert_int_equal(encode_read_secret(
				 &second, ENCODE_BASE32, secret_bytes(enrolment.key), secret_len(enrolment.key), NULL),
		BE_OK);
	keep_code(code, second, 0);
	assert_int_equal(accounts_code(keep.accounts, &session, enrolment.device, code, NULL), BE_NOT_FOUND);

	/* The letter about it could not be kept: then there is no device, and the code may come again. */
	assert_int_equal(
		accounts_device_add_code(keep.accounts, &session, enrolment.device, NULL, code, NULL), BE_FULL);
	assert_int_equal(store_devices(keep.store, sri.id, count_device, &count, NULL), BE_OK);
	assert_int_equal(count, 1);
	assert_int_equal(accounts_device_add_code(keep.accounts, &session, enrolment.device, NULL, code, NULL), BE_OK);
	keep_code(code, second, 1);
	assert_int_equal(accounts_code(keep.accounts, &session, NULL, code, NULL), BE_OK); /* whichever has it */
	assert_int_equal(accounts_device_remove(keep.accounts, &session, device, NULL), BE_OK);
	assert_int_equal(accounts_device_remove(keep.accounts, &session, device, NULL), BE_NOT_FOUND);
	assert_int_equal(accounts_device_remove(keep.accounts, &session, enrolment.device, NULL), BE_STATE);
	accounts_enrolment_free(&enrolment);
	accounts_tokens_free(&tokens);
	secret_free(&second);
}

/* ---- sessions ---- */

static enum be_err session_of(const struct secret *access)
{
	struct accounts_session session;

	return accounts_session(keep.accounts, secret_bytes(access), secret_len(access), &session, NULL);
}

static enum be_err refresh(const struct secret *token, const char *client, struct accounts_tokens *out)
{
	return accounts_refresh(keep.accounts, secret_bytes(token), secret_len(token), client, out, NULL);
}

static void a_refresh_token_serves_once_and_a_second_time_ends_the_session(void **state)
{
	struct accounts_tokens first, second, none;
	struct accounts_session session;

	(void)state;
	keep_session(&keep, &sri, key, device, &first, &session);
	assert_string_equal(session.scope, "account");
	(void)keep_at(899);
	assert_int_equal(session_of(first.access), BE_OK);
	(void)keep_at(900);
	assert_int_equal(session_of(first.access), BE_SESSION);
	assert_int_equal(refresh(first.refresh, "other-client", &none), BE_SESSION);
	assert_int_equal(refresh(first.refresh, "", &second), BE_OK);
	assert_int_equal(session_of(second.access), BE_OK);
	assert_int_equal(refresh(first.access, "", &none), BE_SESSION); /* of another kind */
	assert_int_equal(refresh(first.refresh, "", &none), BE_SESSION);
	assert_int_equal(session_of(second.access), BE_SESSION);
	assert_int_equal(refresh(second.refresh, "", &none), BE_SESSION);
	accounts_tokens_free(&first);
	accounts_tokens_free(&second);
}

static void a_session_has_an_end_that_refreshing_does_not_move(void **state)
{
	struct accounts_tokens tokens, next;
	struct accounts_session session;

	(void)state;
	keep_session(&keep, &sri, key, device, &tokens, &session);
	for (int64_t hour = 6; hour < 12; hour += 3) {
		(void)keep_at(hour * 3600);
		assert_int_equal(refresh(tokens.refresh, "", &next), BE_OK);
		accounts_tokens_free(&tokens);
		tokens = next;
	}
	(void)keep_at(43199);
	assert_int_equal(refresh(tokens.refresh, "", &next), BE_OK);
	assert_int_equal(next.access_expires, KEEP_NOW + 43200);
	(void)keep_at(43200);
	assert_int_equal(session_of(next.access), BE_SESSION);
	accounts_tokens_free(&tokens);
	accounts_tokens_free(&next);
}

static void revoking_disabling_and_a_new_password_end_sessions(void **state)
{
	struct secret *old_one = keep_secret(KEEP_PASSWORD);
	struct secret *new_one = keep_secret("teh poci sore hari");
	struct accounts_tokens here, there;
	struct accounts_session session, other;

	(void)state;
	keep_session(&keep, &sri, key, device, &here, &session);
	(void)keep_at(60);
	keep_session(&keep, &sri, key, device, &there, &other);
	assert_int_equal(accounts_password_change(keep.accounts, &session, new_one, new_one, NULL), BE_WRONG_LOGIN);
	assert_int_equal(accounts_password_change(keep.accounts, &session, old_one, new_one, NULL), BE_OK);
	assert_int_equal(session_of(here.access), BE_OK);
	assert_int_equal(session_of(there.access), BE_SESSION);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_WRONG_LOGIN);
	assert_int_equal(log_in("orang1", "teh poci sore hari", NULL, NULL), BE_OK);
	assert_int_equal(
		accounts_revoke(keep.accounts, secret_bytes(here.refresh), secret_len(here.refresh), NULL), BE_OK);
	assert_int_equal(session_of(here.access), BE_SESSION);
	assert_int_equal(accounts_revoke(keep.accounts, "unknown", 7, NULL), BE_OK);
	accounts_tokens_free(&here);
	accounts_tokens_free(&there);
	secret_free(&new_one);
	secret_free(&old_one);
}

static void what_an_administrator_does(void **state)
{
	struct accounts_tokens tokens;
	struct accounts_session session;
	struct accounts_login login;
	struct secret *password = keep_secret(KEEP_PASSWORD);

	(void)state;
	keep_session(&keep, &sri, key, device, &tokens, &session);
	assert_int_equal(accounts_disable(keep.accounts, "nobody", true, NULL), BE_NOT_FOUND);
	assert_int_equal(accounts_disable(keep.accounts, "orang1", true, NULL), BE_OK);
	assert_int_equal(session_of(tokens.access), BE_SESSION);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_WRONG_LOGIN);
	assert_int_equal(accounts_disable(keep.accounts, "orang1", false, NULL), BE_OK);
	for (int i = 0; i < 5; i++)
		(void)log_in("orang1", "salah semuanya", NULL, NULL);
	assert_int_equal(log_in("orang1", KEEP_PASSWORD, NULL, NULL), BE_LOCKED);
	assert_int_equal(accounts_unlock(keep.accounts, "orang1", NULL), BE_OK);
	assert_int_equal(accounts_reset_otp(keep.accounts, "orang1", NULL), BE_OK);
	assert_int_equal(accounts_login(keep.accounts, "orang1", password, NULL, &login, NULL), BE_OK);
	assert_false(login.enrolled);
	secret_free(&login.token);
	secret_free(&password);
	accounts_tokens_free(&tokens);
}

/* ---- OAuth 2 ---- */

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define REDIRECT "http://127.0.0.1:9000/cb"

static enum be_err redeem(const struct secret *code, const char *client, const char *redirect, const char *verifier,
	struct accounts_tokens *out)
{
	return accounts_grant_redeem(
		keep.accounts, secret_bytes(code), secret_len(code), client, redirect, verifier, out, NULL);
}

static struct secret *grant(const char *scope)
{
	const struct accounts_grant wish = { "klien", REDIRECT, CHALLENGE, scope, "credentialID=c1" };
	struct secret *code = NULL;

	assert_int_equal(accounts_grant(keep.accounts, sri.id, &wish, &code, NULL), BE_OK);
	return code;
}

static void a_grant_is_redeemed_by_whom_it_was_made_for_once(void **state)
{
	/* clang-format off */
	static const struct { const char *client, *redirect, *verifier; } wrong[] = {
		{ "lain", REDIRECT, VERIFIER }, { "klien", REDIRECT "x", VERIFIER }, { "klien", REDIRECT, CHALLENGE },
		{ "klien", REDIRECT, "" }, { "", REDIRECT, VERIFIER },
	};
	/* clang-format on */
	struct accounts_tokens tokens, again;
	struct secret *code;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		code = grant("service");
		assert_int_equal(
			redeem(code, wrong[i].client, wrong[i].redirect, wrong[i].verifier, &tokens), BE_SESSION);
		assert_int_equal(redeem(code, "klien", REDIRECT, VERIFIER, &tokens), BE_SESSION); /* burnt */
		secret_free(&code);
	}
	code = grant("service");
	assert_int_equal(redeem(code, "klien", REDIRECT, VERIFIER, &tokens), BE_OK);
	assert_int_equal(session_of(tokens.access), BE_OK);
	assert_int_equal(redeem(code, "klien", REDIRECT, VERIFIER, &again), BE_SESSION);
	assert_int_equal(session_of(tokens.access), BE_SESSION); /* what came of it ends as well */
	accounts_tokens_free(&tokens);
	secret_free(&code);
	code = grant("service");
	(void)keep_at(60);
	assert_int_equal(redeem(code, "klien", REDIRECT, VERIFIER, &tokens), BE_SESSION);
	secret_free(&code);
}

static void a_grant_for_a_credential_carries_it_and_is_not_refreshed(void **state)
{
	struct secret *code = grant("credential");
	struct accounts_session session;
	struct accounts_tokens tokens;

	(void)state;
	assert_int_equal(redeem(code, "klien", REDIRECT, VERIFIER, &tokens), BE_OK);
	assert_null(tokens.refresh);
	assert_int_equal(
		accounts_session(keep.accounts, secret_bytes(tokens.access), secret_len(tokens.access), &session, NULL),
		BE_OK);
	assert_string_equal(session.scope, "credential");
	assert_string_equal(session.client, "klien");
	assert_string_equal(session.data, "credentialID=c1");
	accounts_tokens_free(&tokens);
	secret_free(&code);
}

static void user_password_and_code_are_wrong_in_one_word(void **state)
{
	struct secret *right = keep_secret(KEEP_PASSWORD);
	struct secret *wrong = keep_secret("bukan kata sandinya");
	struct store_user found;
	char code[9];

	(void)state;
	keep_code(code, key, 0);
	assert_int_equal(accounts_check(keep.accounts, "orang1", wrong, code, NULL, &found, NULL), BE_WRONG_LOGIN);
	assert_int_equal(accounts_check(keep.accounts, "orang7", right, code, NULL, &found, NULL), BE_WRONG_LOGIN);
	assert_int_equal(accounts_check(keep.accounts, "orang1", right, "12345", NULL, &found, NULL), BE_WRONG_LOGIN);
	assert_int_equal(accounts_check(keep.accounts, "orang1", right, code, NULL, &found, NULL), BE_OK);
	assert_int_equal(accounts_check(keep.accounts, "orang1", right, code, NULL, &found, NULL), BE_WRONG_LOGIN);
	secret_free(&right);
	secret_free(&wrong);
}

static enum be_err look_for_secrets(void *ctx, const struct store_audit *line, struct be_error *err)
{
	size_t *lines = ctx;

	(void)err;
	assert_null(strstr(line->detail, KEEP_PASSWORD));
	assert_null(strstr(line->subject, KEEP_PASSWORD));
	assert_null(strstr(line->actor, KEEP_PASSWORD));
	(*lines)++;
	return BE_OK;
}

static void a_password_typed_as_a_name_is_kept_nowhere(void **state)
{
	size_t lines = 0;
	int64_t chain = 0;
	char command[160];

	(void)state;
	assert_int_equal(log_in(KEEP_PASSWORD, "orang1", "192.0.2.1", NULL), BE_WRONG_LOGIN);
	assert_int_equal(store_audit_read(keep.store, 0, look_for_secrets, &lines, NULL), BE_OK);
	assert_true(lines > 0);
	assert_int_equal(store_audit_check(keep.store, &chain, NULL, NULL), BE_OK);
	assert_int_equal(chain, lines);
	(void)snprintf(command, sizeof(command), "! grep -rqa '" KEEP_PASSWORD "' %s", keep.dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_person_is_registered_once_and_with_what_is_one),
		TEST(a_password_lets_in_by_login_or_mail),
		TEST(nobody_is_told_apart_from_somebody),
		TEST(nobody_takes_as_long_as_somebody),
		TEST(a_lock_ends_and_a_right_password_clears_the_count),
		TEST(one_address_does_not_try_everybody),
		TEST(many_who_are_right_do_not_lock_each_other_out),
		TEST(a_password_gets_dearer_when_the_price_goes_up),
		TEST(a_code_ends_the_sign_in_and_serves_once),
		TEST(the_sixth_wrong_code_is_not_looked_at),
		TEST(the_first_step_is_good_for_ten_minutes),
		TEST(of_a_thousand_with_one_code_one_gets_through),
		TEST(a_password_alone_adds_no_second_device),
		TEST(of_two_who_enrol_at_once_with_a_password_one_is_enrolled),
		TEST(devices_are_added_told_about_and_removed_but_not_the_last),
		TEST(a_refresh_token_serves_once_and_a_second_time_ends_the_session),
		TEST(a_session_has_an_end_that_refreshing_does_not_move),
		TEST(revoking_disabling_and_a_new_password_end_sessions),
		TEST(what_an_administrator_does),
		TEST(a_grant_is_redeemed_by_whom_it_was_made_for_once),
		TEST(a_grant_for_a_credential_carries_it_and_is_not_refreshed),
		TEST(user_password_and_code_are_wrong_in_one_word),
		TEST(a_password_typed_as_a_name_is_kept_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
