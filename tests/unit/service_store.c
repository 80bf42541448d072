/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "service/store_records.h"
#include "service/store_sql.h"
#include "support/keep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

static struct keep keep;

static int setup(void **state)
{
	(void)state;
	keep_make(&keep);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	keep_clear(&keep);
	return 0;
}

static void sql(const char *path, const char *text)
{
	char command[512];

	(void)snprintf(command, sizeof(command), "sqlite3 '%s' \"%s\"", path, text);
	assert_int_equal(system(command), 0);
}

/* ---- the file ---- */

static void only_its_user_can_read_it(void **state)
{
	struct store *other = NULL;
	char beside[128];
	struct stat st;

	(void)state;
	assert_int_equal(stat(keep.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	(void)snprintf(beside, sizeof(beside), "%s-wal", keep.path);
	assert_int_equal(stat(beside, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(&keep.store);
	assert_int_equal(chmod(keep.path, 0640), 0);
	assert_int_equal(store_open(&other, keep.path, NULL), BE_IO);
	assert_null(other);
	assert_int_equal(chmod(keep.path, 0600), 0);
	assert_int_equal(store_open(&keep.store, keep.path, NULL), BE_OK);
}

static void a_file_that_is_no_store_is_refused(void **state)
{
	struct store *other = NULL;
	char path[128];
	FILE *file;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/text", keep.dir);
	file = fopen(path, "w");
	assert_non_null(file);
	(void)fputs("This is a letter and not a database, though it is long enough to be looked at as one.", file);
	(void)fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(store_open(&other, path, NULL), BE_MALFORMED);
	(void)snprintf(path, sizeof(path), "%s/other", keep.dir);
	sql(path, "CREATE TABLE notes (text); PRAGMA user_version=1;");
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(store_open(&other, path, NULL), BE_MALFORMED);
	assert_null(other);
}

static const char *const two_steps_more[] = { NULL,
	"CREATE TABLE later (text TEXT) STRICT; INSERT INTO later VALUES ('x');",
	"ALTER TABLE later ADD COLUMN more TEXT;", NULL };

static void an_older_store_is_brought_up_to_date_after_a_backup(void **state)
{
	const char *schema[4] = { store_schema[0], two_steps_more[1], two_steps_more[2], NULL };
	struct store *backup = NULL;
	struct buffer value = BUFFER_EMPTY;
	char path[128];

	(void)state;
	assert_int_equal(store_value_set(keep.store, "kept", "over", 4, NULL), BE_OK);
	store_close(&keep.store);
	assert_int_equal(store_open_schema(&keep.store, keep.path, schema, NULL), BE_OK);
	assert_int_equal(sql_run(keep.store, "INSERT INTO later (text, more) VALUES ('y', 'z')", NULL), BE_OK);
	assert_int_equal(store_value_get(keep.store, "kept", &value, NULL), BE_OK);
	assert_int_equal(value.len, 4);
	store_close(&keep.store);

	/* The program of before refuses it, and finds its own in the backup. */
	assert_int_equal(store_open(&keep.store, keep.path, NULL), BE_UNSUPPORTED);
	(void)snprintf(path, sizeof(path), "%s.before-2", keep.path);
	assert_int_equal(store_open(&backup, path, NULL), BE_OK);
	buffer_reset(&value);
	assert_int_equal(store_value_get(backup, "kept", &value, NULL), BE_OK);
	store_close(&backup);
	buffer_free(&value);
}

static void a_step_that_fails_leaves_the_version_before(void **state)
{
	const char *schema[3] = { store_schema[0], "CREATE TABLE later (text TEXT); CREATE TABLE users (twice TEXT);",
		NULL };
	struct store *other = NULL;

	(void)state;
	store_close(&keep.store);
	assert_int_not_equal(store_open_schema(&other, keep.path, schema, NULL), BE_OK);
	assert_null(other);
	assert_int_equal(store_open(&keep.store, keep.path, NULL), BE_OK);
	assert_int_not_equal(sql_run(keep.store, "SELECT * FROM later", NULL), BE_OK);
}

static void a_backup_is_whole_while_others_write(void **state)
{
	struct store *copy = NULL;
	struct store_user user;
	char path[128];

	(void)state;
	keep_person(&keep, 1, &user);
	(void)snprintf(path, sizeof(path), "%s/copy", keep.dir);
	assert_int_equal(store_backup(keep.store, path, NULL), BE_OK);
	keep_person(&keep, 2, &user);
	assert_int_equal(store_open(&copy, path, NULL), BE_OK);
	assert_int_equal(store_user_find(copy, "orang1", &user, NULL), BE_OK);
	assert_int_equal(store_user_find(copy, "orang2", &user, NULL), BE_NOT_FOUND);
	store_close(&copy);
	assert_int_equal(store_backup(keep.store, path, NULL), BE_EXISTS);
}

/* ---- transactions ---- */

static void what_ends_badly_was_never_begun(void **state)
{
	struct buffer value = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(store_begin(keep.store, NULL), BE_OK);
	assert_int_equal(store_value_set(keep.store, "a", "1", 1, NULL), BE_OK);
	assert_int_equal(store_end(keep.store, BE_CANCELLED, NULL), BE_CANCELLED);
	assert_int_equal(store_value_get(keep.store, "a", &value, NULL), BE_NOT_FOUND);

	assert_int_equal(store_begin(keep.store, NULL), BE_OK);
	assert_int_equal(store_value_set(keep.store, "a", "1", 1, NULL), BE_OK);
	assert_int_equal(store_begin(keep.store, NULL), BE_OK);
	assert_int_equal(store_value_set(keep.store, "b", "1", 1, NULL), BE_OK);
	assert_int_equal(store_end(keep.store, BE_CANCELLED, NULL), BE_CANCELLED);
	assert_int_equal(store_end(keep.store, BE_OK, NULL), BE_OK);
	assert_int_equal(store_value_get(keep.store, "a", &value, NULL), BE_OK);
	assert_int_equal(store_value_get(keep.store, "b", &value, NULL), BE_NOT_FOUND);
	buffer_free(&value);
}

static void *count_up(void *unused)
{
	int64_t number = 0;

	(void)unused;
	for (int i = 0; i < 50; i++) {
		assert_int_equal(store_begin(keep.store, NULL), BE_OK);
		assert_int_equal(store_counter_next(keep.store, "numbers", &number, NULL), BE_OK);
		assert_int_equal(store_end(keep.store, BE_OK, NULL), BE_OK);
	}
	return NULL;
}

static void no_number_is_given_twice(void **state)
{
	pthread_t threads[8];
	int64_t number = 0;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up, NULL), 0);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(store_counter_next(keep.store, "numbers", &number, NULL), BE_OK);
	assert_int_equal(number, 8 * 50 + 1);
}

/* ---- people ---- */

static void a_name_leads_to_one_person(void **state)
{
	struct store_password password = { .cost = { 15, 8, 1 } };
	struct store_user a = { .login = "sri", .mail = "sri@contoh.example", .name = "Sri", .language = "id" };
	struct store_user same_login = {
		.login = "SRI", .mail = "lain@contoh.example", .name = "Sri", .language = "id"
	};
	struct store_user other_mail = { .login = "budi", .mail = "Sri@Contoh.example", .name = "B", .language = "id" };
	struct store_user mail_as_login = { .login = "sri@contoh.example", .mail = "b@contoh.example", .name = "B" };
	struct store_user found;

	(void)state;
	assert_int_equal(store_user_add(keep.store, &a, &password, NULL), BE_OK);
	assert_int_equal(store_user_add(keep.store, &same_login, &password, NULL), BE_EXISTS);
	assert_int_equal(store_user_add(keep.store, &other_mail, &password, NULL), BE_EXISTS);
	assert_int_equal(store_user_add(keep.store, &mail_as_login, &password, NULL), BE_EXISTS);
	assert_int_equal(store_user_find(keep.store, "Sri", &found, NULL), BE_OK);
	assert_int_equal(store_user_find(keep.store, "SRI@CONTOH.EXAMPLE", &found, NULL), BE_OK);
	assert_int_equal(found.id, a.id);
	assert_int_equal(store_user_find(keep.store, "sri' OR '1'='1", &found, NULL), BE_NOT_FOUND);
}

static void a_text_that_does_not_fit_is_refused_not_cut(void **state)
{
	struct store_password password = { .cost = { 15, 8, 1 } };
	struct store_user user = { .mail = "a@contoh.example", .name = "A", .language = "id" };

	(void)state;
	memset(user.login, 'a', sizeof(user.login)); /* no NUL at all */
	assert_int_equal(store_user_add(keep.store, &user, &password, NULL), BE_LIMIT);
}

static void tries_are_counted_and_a_lock_ends(void **state)
{
	const struct store_limit limit = { 3, 100, 60 };
	struct be_error err = { .code = BE_OK };
	uint32_t left = 9;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(store_try_count(keep.store, "x", &limit, 1000, &left, NULL), BE_OK);
		assert_int_equal(left, 2 - i);
	}
	assert_int_equal(store_try_count(keep.store, "x", &limit, 1010, &left, &err), BE_LOCKED);
	assert_int_equal(err.retry_at, 1060);
	assert_string_equal(err.detail, "1970-01-01T00:17:40Z");
	assert_int_equal(store_try_count(keep.store, "y", &limit, 1010, &left, NULL), BE_OK);
	keep_again(&keep); /* a new start gives nothing back */
	assert_int_equal(store_try_look(keep.store, "x", 1059, NULL), BE_LOCKED);
	assert_int_equal(store_try_look(keep.store, "x", 1060, NULL), BE_OK);
	assert_int_equal(store_try_count(keep.store, "x", &limit, 1060, &left, NULL), BE_OK);
	assert_int_equal(left, 2);
	assert_int_equal(store_try_count(keep.store, "x", &limit, 1159, &left, NULL), BE_OK);
	assert_int_equal(left, 1);
	assert_int_equal(store_try_count(keep.store, "x", &limit, 1160, &left, NULL), BE_OK); /* the window is over */
	assert_int_equal(left, 2);
	assert_int_equal(store_try_forgive(keep.store, "x", NULL), BE_OK);
	assert_int_equal(store_try_count(keep.store, "x", &limit, 1161, &left, NULL), BE_OK);
	assert_int_equal(left, 2);
}

/* ---- what serves once ---- */

static void *use_link(void *out)
{
	const uint8_t digest[STORE_DIGEST_SIZE] = { 7 };
	enum be_err *rc = out;

	*rc = store_link_use(keep.store, digest, KEEP_NOW + 1, NULL);
	return NULL;
}

static void of_many_who_use_a_link_one_gets_through(void **state)
{
	struct store_link link = { .digest = { 7 },
		.purpose = "passphrase",
		.created = KEEP_NOW,
		.expires = KEEP_NOW + 10,
		.used = TIME_NONE };
	enum be_err rcs[16];
	pthread_t threads[16];
	struct store_user user;
	size_t through = 0;

	(void)state;
	keep_person(&keep, 1, &user);
	link.user = user.id;
	assert_int_equal(store_link_add(keep.store, &link, NULL), BE_OK);
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_link, &rcs[i]), 0);
	for (size_t i = 0; i < 16; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		through += rcs[i] == BE_OK;
		assert_true(rcs[i] == BE_OK || rcs[i] == BE_LINK);
	}
	assert_int_equal(through, 1);
}

static void a_link_says_why_it_does_not_work(void **state)
{
	struct store_link link = { .digest = { 1 },
		.certificate = "c",
		.purpose = "passphrase",
		.created = KEEP_NOW,
		.expires = KEEP_NOW + 10,
		.used = TIME_NONE };
	const uint8_t unknown[STORE_DIGEST_SIZE] = { 9 };
	struct be_error never, late, used;
	struct store_user user;
	struct store_link found;

	(void)state;
	keep_person(&keep, 1, &user);
	link.user = user.id;
	assert_int_equal(store_link_add(keep.store, &link, NULL), BE_OK);
	assert_int_equal(store_link_find(keep.store, unknown, KEEP_NOW, &found, &never), BE_LINK);
	assert_int_equal(store_link_find(keep.store, link.digest, KEEP_NOW + 10, &found, &late), BE_LINK);
	assert_int_equal(store_link_find(keep.store, link.digest, KEEP_NOW + 9, &found, NULL), BE_OK);
	assert_int_equal(store_link_use(keep.store, link.digest, KEEP_NOW + 9, NULL), BE_OK);
	assert_int_equal(store_link_find(keep.store, link.digest, KEEP_NOW + 9, &found, &used), BE_LINK);
	assert_string_not_equal(never.msgid, late.msgid);
	assert_string_not_equal(late.msgid, used.msgid);

	/* A newer one takes the place of one that was not used. */
	link.digest[0] = 2;
	assert_int_equal(store_link_add(keep.store, &link, NULL), BE_OK);
	link.digest[0] = 3;
	assert_int_equal(store_link_add(keep.store, &link, NULL), BE_OK);
	link.digest[0] = 2;
	assert_int_equal(store_link_find(keep.store, link.digest, KEEP_NOW, &found, NULL), BE_LINK);
}

static void an_authorisation_is_for_its_digests_each_once(void **state)
{
	struct store_authorisation a = {
		.digest = { 1 }, .credential = "c", .count = 3, .created = KEEP_NOW, .expires = KEEP_NOW + 10
	};
	static const uint8_t hashes[] = "aaaabbbbaaaa";
	struct store_user user;

	(void)state;
	keep_person(&keep, 1, &user);
	a.user = user.id;
	assert_int_equal(store_authorisation_add(keep.store, &a, hashes, 4, NULL), BE_OK);
#define TAKE(text, count, at) \
	store_authorisation_take(keep.store, a.digest, "c", (const uint8_t *)(text), 4, count, KEEP_NOW + (at), NULL)
	assert_int_equal(TAKE("cccc", 1, 0), BE_AUTHORISATION);
	assert_int_equal(TAKE("bbbbcccc", 2, 0), BE_AUTHORISATION); /* all or none */
	assert_int_equal(TAKE("bbbb", 1, 10), BE_AUTHORISATION);    /* too late */
	assert_int_equal(TAKE("bbbb", 0, 0), BE_AUTHORISATION);
	assert_int_equal(
		store_authorisation_take(keep.store, a.digest, "d", hashes, 4, 1, KEEP_NOW, NULL), BE_AUTHORISATION);
	assert_int_equal(TAKE("bbbb", 1, 0), BE_OK);
	assert_int_equal(TAKE("bbbb", 1, 0), BE_AUTHORISATION);
	assert_int_equal(TAKE("aaaa", 1, 0), BE_OK);
	assert_int_equal(TAKE("aaaa", 1, 0), BE_OK); /* it stood there twice */
	assert_int_equal(TAKE("aaaa", 1, 0), BE_AUTHORISATION);
#undef TAKE
}

/* ---- certificates ---- */

static void add_certificate(const char *id, int64_t user, enum store_state state, const char *replaces)
{
	struct store_certificate c = { .user = user, .state = state, .requested = KEEP_NOW };

	(void)snprintf(c.id, sizeof(c.id), "%s", id);
	(void)snprintf(c.replaces, sizeof(c.replaces), "%s", replaces);
	assert_int_equal(store_certificate_add(keep.store, &c, NULL), BE_OK);
}

static enum be_err issue(const char *id, const char *serial)
{
	struct store_certificate c = { .not_before = KEEP_NOW, .not_after = KEEP_NOW + 100 };
	struct buffer der = BUFFER_EMPTY;
	enum be_err rc;

	(void)snprintf(c.id, sizeof(c.id), "%s", id);
	(void)snprintf(c.serial, sizeof(c.serial), "%s", serial);
	buffer_add_str(&der, serial);
	rc = store_certificate_issue(keep.store, &c, &der, &der, KEEP_NOW, NULL);
	buffer_free(&der);
	return rc;
}

static enum be_err remember_word(void *ctx, const struct store_event *event, struct be_error *err)
{
	struct buffer *words = ctx;

	(void)err;
	buffer_printf(words, "%s ", event->what);
	return BE_OK;
}

static void a_certificate_goes_from_state_to_state_and_not_back(void **state)
{
	struct buffer words = BUFFER_EMPTY;
	struct store_certificate found;
	struct store_user user, other;
	int64_t before = 0, after = 0;

	(void)state;
	keep_person(&keep, 1, &user);
	keep_person(&keep, 2, &other);
	add_certificate("c1", user.id, STORE_STATE_NEW, "");
	assert_int_equal(store_history_newest(keep.store, user.id, &before, NULL), BE_OK);
	assert_int_equal(issue("c1", "01AB"), BE_OK);
	assert_int_equal(issue("c1", "01AC"), BE_STATE);
	assert_int_equal(store_history_newest(keep.store, user.id, &after, NULL), BE_OK);
	assert_true(after > before);
	assert_int_equal(store_certificate_get(keep.store, user.id, "c1", KEEP_NOW + 100, &found, NULL), BE_OK);
	assert_int_equal(found.state, STORE_STATE_ISSUE);
	assert_int_equal(store_certificate_get(keep.store, user.id, "c1", KEEP_NOW + 101, &found, NULL), BE_OK);
	assert_int_equal(found.state, STORE_STATE_EXPIRED);
	assert_int_equal(store_certificate_get(keep.store, other.id, "c1", KEEP_NOW, &found, NULL), BE_NOT_FOUND);
	assert_int_equal(store_certificate_by_serial(keep.store, "01AB", KEEP_NOW, &found, NULL), BE_OK);
	assert_int_equal(store_certificate_revoke(keep.store, "c1", 1, KEEP_NOW + 5, NULL), BE_OK);
	assert_int_equal(store_certificate_revoke(keep.store, "c1", 4, KEEP_NOW + 6, NULL), BE_STATE);
	assert_int_equal(store_certificate_get(keep.store, 0, "c1", KEEP_NOW + 200, &found, NULL), BE_OK);
	assert_int_equal(found.state, STORE_STATE_REVOKE);
	assert_int_equal(found.revoked, KEEP_NOW + 5);
	assert_int_equal(found.reason, 1);
	assert_int_equal(store_history(keep.store, "c1", remember_word, &words, NULL), BE_OK);
	buffer_add_byte(&words, '\0');
	assert_string_equal((const char *)words.data, "requested issued revoked ");
	buffer_free(&words);
}

static void a_certificate_is_renewed_by_one_at_a_time(void **state)
{
	struct store_certificate again = {
		.state = STORE_STATE_RENEW, .id = "c3", .replaces = "c1", .requested = KEEP_NOW
	};
	struct store_user user;

	(void)state;
	keep_person(&keep, 1, &user);
	again.user = user.id;
	add_certificate("c1", user.id, STORE_STATE_NEW, "");
	assert_int_equal(issue("c1", "01"), BE_OK);
	add_certificate("c2", user.id, STORE_STATE_RENEW, "c1");
	assert_int_equal(store_certificate_add(keep.store, &again, NULL), BE_EXISTS);
	assert_int_equal(store_certificate_revoke(keep.store, "c2", 0, KEEP_NOW, NULL), BE_OK); /* taken back */
	assert_int_equal(store_certificate_add(keep.store, &again, NULL), BE_OK);
}

/* ---- audit ---- */

static void a_line_of_the_audit_log_cannot_be_changed_unnoticed(void **state)
{
	uint8_t last[STORE_DIGEST_SIZE], cut[STORE_DIGEST_SIZE];
	struct be_error err = { .code = BE_OK };
	int64_t lines = 0;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			store_audit_add(keep.store, KEEP_NOW + i, "sri", "sign", "c1", "signatures=1", NULL), BE_OK);
	assert_int_equal(store_audit_check(keep.store, &lines, last, NULL), BE_OK);
	assert_int_equal(lines, 5);
	assert_int_not_equal(sql_run(keep.store, "UPDATE audit SET actor='budi'", NULL), BE_OK);
	assert_int_not_equal(sql_run(keep.store, "DELETE FROM audit", NULL), BE_OK);

	/* Somebody with the file and a mind to it. */
	sql(keep.path, "DROP TRIGGER audit_fixed; UPDATE audit SET actor='budi' WHERE number=3;");
	assert_int_equal(store_audit_check(keep.store, &lines, NULL, &err), BE_MALFORMED);
	assert_string_equal(err.detail, "line 3");
	sql(keep.path, "UPDATE audit SET actor='sri' WHERE number=3;");
	assert_int_equal(store_audit_check(keep.store, &lines, NULL, NULL), BE_OK);
	sql(keep.path, "DROP TRIGGER audit_kept; DELETE FROM audit WHERE number=2;");
	assert_int_equal(store_audit_check(keep.store, &lines, NULL, NULL), BE_MALFORMED);

	/* The end can be cut off; who kept the last hash sees it. */
	sql(keep.path, "DELETE FROM audit WHERE number>1;");
	assert_int_equal(store_audit_check(keep.store, &lines, cut, NULL), BE_OK);
	assert_memory_not_equal(last, cut, sizeof(last));
}

/* ---- mails ---- */

static void a_mail_is_given_to_one_and_gone_when_it_is_sent(void **state)
{
	struct store_mail mail = { .to = "sri@contoh.example", .queued = KEEP_NOW, .due = KEEP_NOW };
	struct buffer sealed = BUFFER_EMPTY;
	struct buffer out = BUFFER_EMPTY;
	struct store_mail taken;
	int64_t due = 0;

	(void)state;
	buffer_add_str(&sealed, "sealed");
	assert_int_equal(store_mail_take(keep.store, KEEP_NOW, 60, &taken, &out, NULL), BE_NOT_FOUND);
	assert_int_equal(store_mail_add(keep.store, &mail, &sealed, NULL), BE_OK);
	assert_int_equal(store_mail_take(keep.store, KEEP_NOW, 60, &taken, &out, NULL), BE_OK);
	assert_int_equal(taken.tries, 1);
	assert_int_equal(out.len, 6);
	assert_int_equal(store_mail_take(keep.store, KEEP_NOW + 59, 60, &taken, &out, NULL), BE_NOT_FOUND);
	assert_int_equal(store_mail_later(keep.store, taken.id, KEEP_NOW + 300, "451 try later", NULL), BE_OK);
	assert_int_equal(store_mail_next(keep.store, &due, NULL), BE_OK);
	assert_int_equal(due, KEEP_NOW + 300);
	assert_int_equal(store_mail_take(keep.store, KEEP_NOW + 300, 60, &taken, &out, NULL), BE_OK);
	assert_int_equal(taken.tries, 2);
	assert_int_equal(store_mail_done(keep.store, taken.id, KEEP_NOW + 301, NULL), BE_OK);
	assert_int_equal(store_mail_next(keep.store, &due, NULL), BE_OK);
	assert_int_equal(due, TIME_NONE);
	buffer_free(&sealed);
	buffer_free(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(only_its_user_can_read_it),
		TEST(a_file_that_is_no_store_is_refused),
		TEST(an_older_store_is_brought_up_to_date_after_a_backup),
		TEST(a_step_that_fails_leaves_the_version_before),
		TEST(a_backup_is_whole_while_others_write),
		TEST(what_ends_badly_was_never_begun),
		TEST(no_number_is_given_twice),
		TEST(a_name_leads_to_one_person),
		TEST(a_text_that_does_not_fit_is_refused_not_cut),
		TEST(tries_are_counted_and_a_lock_ends),
		TEST(of_many_who_use_a_link_one_gets_through),
		TEST(a_link_says_why_it_does_not_work),
		TEST(an_authorisation_is_for_its_digests_each_once),
		TEST(a_certificate_goes_from_state_to_state_and_not_back),
		TEST(a_certificate_is_renewed_by_one_at_a_time),
		TEST(a_line_of_the_audit_log_cannot_be_changed_unnoticed),
		TEST(a_mail_is_given_to_one_and_gone_when_it_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
