/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/keep.h"

#include "base/encode.h"
#include "base/time.h"
#include "crypto/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void open_all(struct keep *keep)
{
	struct be_error err = { .code = BE_OK };

	if (store_open(&keep->store, keep->path, &err) != BE_OK ||
		vault_open(&keep->vault, keep->store, &keep->vault_settings, &err) != BE_OK ||
		accounts_open(&keep->accounts, keep->store, keep->vault, &keep->settings, &err) != BE_OK)
		fail_msg("%s: %s", err.msgid, err.detail);
}

static void close_all(struct keep *keep)
{
	accounts_close(&keep->accounts);
	vault_close(&keep->vault);
	store_close(&keep->store);
}

void keep_make(struct keep *keep)
{
	const struct scrypt_cost cheapest = { SCRYPT_LOG2_N_MIN, 8, 1 };

	*keep = (struct keep){ .store = NULL };
	(void)snprintf(keep->dir, sizeof(keep->dir), "/tmp/besign-keep-XXXXXX");
	assert_non_null(mkdtemp(keep->dir));
	(void)snprintf(keep->path, sizeof(keep->path), "%s/store", keep->dir);
	(void)snprintf(keep->key_file, sizeof(keep->key_file), "%s/key", keep->dir);
	keep->vault_settings = (struct vault_settings){ .key_file = keep->key_file,
		.cost = cheapest,
		.authorisation_seconds = 300,
		.batch_max = 1000,
		.open_max = 500 };
	keep->settings = accounts_defaults("BeSign", false);
	keep->settings.cost = cheapest;
	(void)keep_at(0);
	open_all(keep);
}

void keep_clear(struct keep *keep)
{
	char command[96];

	close_all(keep);
	(void)snprintf(command, sizeof(command), "rm -rf %s", keep->dir);
	assert_int_equal(system(command), 0);
	time_set_for_test(TIME_NONE);
}

void keep_again(struct keep *keep)
{
	close_all(keep);
	open_all(keep);
}

int64_t keep_at(int64_t seconds)
{
	time_set_for_test(KEEP_NOW + seconds);
	return KEEP_NOW + seconds;
}

struct secret *keep_secret(const char *text)
{
	struct secret *out = NULL;

	assert_int_equal(secret_new(&out, strlen(text), NULL), BE_OK);
	assert_int_equal(secret_add(out, text, strlen(text), NULL), BE_OK);
	return out;
}

void keep_person(struct keep *keep, unsigned number, struct store_user *out)
{
	struct secret *password = keep_secret(KEEP_PASSWORD);
	char login[32];
	char mail[64];
	const struct accounts_person person = {
		.login = login, .mail = mail, .name = "Sri Contoh", .language = "id", .password = password
	};

	(void)snprintf(login, sizeof(login), "orang%u", number);
	(void)snprintf(mail, sizeof(mail), "orang%u@contoh.example", number);
	assert_int_equal(accounts_register(keep->accounts, &person, out, NULL), BE_OK);
	secret_free(&password);
}

void keep_code(char out[static 9], const struct secret *key, int64_t away)
{
	assert_int_equal(totp_code(out, key, totp_step(time_now()) + away, TOTP_DIGITS, NULL), BE_OK);
}

void keep_device(struct keep *keep, const struct store_user *user, struct secret **key, char id[static STORE_ID_SIZE])
{
	struct secret *password = keep_secret(KEEP_PASSWORD);
	struct accounts_enrolment enrolment;
	struct accounts_tokens tokens;
	struct accounts_login login;
	char code[9];

	assert_int_equal(accounts_login(keep->accounts, user->login, password, NULL, &login, NULL), BE_OK);
	assert_false(login.enrolled);
	assert_int_equal(accounts_login_enrol(keep->accounts, login.token, "Ponsel", &enrolment, NULL), BE_OK);
	assert_int_equal(
		encode_read_secret(key, ENCODE_BASE32, secret_bytes(enrolment.key), secret_len(enrolment.key), NULL),
		BE_OK);
	keep_code(code, *key, -1);
	assert_int_equal(accounts_login_enrol_code(
				 keep->accounts, login.token, enrolment.device, NULL, code, NULL, &tokens, NULL),
		BE_OK);
	memcpy(id, enrolment.device, STORE_ID_SIZE);
	accounts_tokens_free(&tokens);
	accounts_enrolment_free(&enrolment);
	secret_free(&login.token);
	secret_free(&password);
}

void keep_session(struct keep *keep, const struct store_user *user, const struct secret *key, const char *device,
	struct accounts_tokens *tokens, struct accounts_session *out)
{
	struct secret *password = keep_secret(KEEP_PASSWORD);
	struct accounts_login login;
	char code[9];

	keep_code(code, key, 0);
	assert_int_equal(accounts_login(keep->accounts, user->login, password, NULL, &login, NULL), BE_OK);
	assert_true(login.enrolled);
	assert_int_equal(accounts_login_code(keep->accounts, login.token, device, code, NULL, tokens, NULL), BE_OK);
	assert_int_equal(
		accounts_session(keep->accounts, secret_bytes(tokens->access), secret_len(tokens->access), out, NULL),
		BE_OK);
	secret_free(&login.token);
	secret_free(&password);
}

void keep_certificate(struct keep *keep, const struct store_user *user, const char *kind, char id[static STORE_ID_SIZE],
	struct buffer *spki)
{
	struct secret *passphrase = keep_secret(KEEP_PASSPHRASE);
	struct store_certificate row = { .user = user->id, .state = STORE_STATE_NEW };
	struct buffer der = BUFFER_EMPTY;
	struct buffer none = BUFFER_EMPTY;
	struct vault_key key;
	int64_t now = time_now();

	assert_int_equal(store_id_new(row.id, NULL), BE_OK);
	(void)snprintf(row.key_kind, sizeof(row.key_kind), "%s", kind);
	row.requested = now;
	assert_int_equal(store_certificate_add(keep->store, &row, NULL), BE_OK);
	assert_int_equal(vault_key_make(keep->vault, kind, user->name, passphrase, &key, NULL), BE_OK);
	assert_int_equal(vault_key_keep(keep->vault, &key, user->id, now, NULL), BE_OK);
	(void)snprintf(row.serial, sizeof(row.serial), "%s", row.id);
	(void)snprintf(row.key, sizeof(row.key), "%s", key.id);
	row.not_before = now;
	row.not_after = now + 365 * 86400;
	buffer_add_str(&der, "made up");
	assert_int_equal(store_certificate_issue(keep->store, &row, &der, &none, now, NULL), BE_OK);
	memcpy(id, row.id, STORE_ID_SIZE);
	if (spki != NULL)
		buffer_add(spki, key.spki.data, key.spki.len);
	vault_key_free(&key);
	buffer_free(&der);
	secret_free(&passphrase);
}
