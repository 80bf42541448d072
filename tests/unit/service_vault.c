/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "pki/make.h"
#include "pki/request.h"
#include "service/derive.h"
#include "service/store_records.h"
#include "service/vault_parts.h"
#include "support/keep.h"
#include "support/soft_token.h"

#include <pthread.h>
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

#define DIGEST 32u

static struct keep keep;
static struct store_user sri;
static struct secret *right;
static struct secret *wrong;
static struct secret *later; /* another passphrase that is fit */
static char certificate[STORE_ID_SIZE];
static struct buffer spki;
static uint8_t digests[10 * DIGEST];

static int setup(void **state)
{
	(void)state;
	keep_make(&keep);
	keep_person(&keep, 1, &sri);
	right = keep_secret(KEEP_PASSPHRASE);
	wrong = keep_secret("bukan frasa sandinya");
	later = keep_secret("panas terik di Cirebon");
	spki = BUFFER_EMPTY;
	keep_certificate(&keep, &sri, "p256", certificate, &spki);
	for (size_t i = 0; i < sizeof(digests); i++)
		digests[i] = (uint8_t)(i / DIGEST + 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buffer_free(&spki);
	secret_free(&right);
	secret_free(&wrong);
	secret_free(&later);
	keep_clear(&keep);
	return 0;
}

static enum be_err authorise(uint32_t count, const uint8_t *bound, const struct secret *passphrase, struct secret **sad,
	struct be_error *err)
{
	const struct vault_wish wish = { sri.id, certificate, count, DIGEST_SHA256, bound };
	int64_t expires = 0;
	enum be_err rc = vault_authorise(keep.vault, &wish, passphrase, time_now(), sad, &expires, err);

	if (rc == BE_OK)
		assert_int_equal(expires, time_now() + 300);
	return rc;
}

static enum be_err sign(const struct secret *sad, const uint8_t *what, size_t count, struct be_error *err)
{
	struct buffer signatures[10] = { BUFFER_EMPTY };
	enum be_err rc = vault_sign(keep.vault, sri.id, certificate, sad, PKI_SCHEME_ECDSA, DIGEST_SHA256, what, count,
		signatures, time_now(), err);

	for (size_t i = 0; i < 10; i++) {
		if (rc == BE_OK && i < count)
			assert_int_equal(pki_public_check(spki.data, spki.len, PKI_SCHEME_ECDSA, DIGEST_SHA256,
						 what + i * DIGEST, signatures[i].data, signatures[i].len, NULL),
				BE_OK);
		else
			assert_int_equal(signatures[i].len, 0);
		buffer_free(&signatures[i]);
	}
	return rc;
}

/* ---- the service's own key ---- */

static void the_services_key_is_a_file_of_its_own_and_belongs_to_its_store(void **state)
{
	struct vault *vault = NULL;
	char moved[128];
	struct stat st;
	FILE *file;

	(void)state;
	assert_int_equal(stat(keep.key_file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 32);
	(void)snprintf(moved, sizeof(moved), "%s.moved", keep.key_file);
	vault_close(&keep.vault);
	assert_int_equal(chmod(keep.key_file, 0644), 0);
	assert_int_equal(vault_open(&vault, keep.store, &keep.vault_settings, NULL), BE_IO);
	assert_int_equal(chmod(keep.key_file, 0600), 0);
	assert_int_equal(rename(keep.key_file, moved), 0);
	assert_int_equal(vault_open(&vault, keep.store, &keep.vault_settings, NULL), BE_NOT_FOUND);
	assert_int_equal(access(keep.key_file, F_OK), -1); /* no new one is made */
	assert_int_equal(truncate(moved, 31), 0);
	assert_int_equal(rename(moved, keep.key_file), 0);
	assert_int_equal(vault_open(&vault, keep.store, &keep.vault_settings, NULL), BE_MALFORMED);
	assert_int_equal(truncate(keep.key_file, 0), 0);
	file = fopen(keep.key_file, "w");
	assert_non_null(file);
	assert_int_equal(fwrite("this was never the service's key", 1, 32, file), 32);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(vault_open(&vault, keep.store, &keep.vault_settings, NULL), BE_MALFORMED);
	assert_null(vault);
}

static void what_was_sealed_for_one_thing_opens_for_no_other(void **state)
{
	struct secret *content = keep_secret("rahasia");
	struct secret *back = NULL;
	struct buffer sealed = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(vault_seal(keep.vault, "otp", "d1", content, &sealed, NULL), BE_OK);
	assert_int_equal(vault_unseal(keep.vault, "otp", "d2", sealed.data, sealed.len, &back, NULL), BE_CRYPTO);
	assert_int_equal(vault_unseal(keep.vault, "ca", "d1", sealed.data, sealed.len, &back, NULL), BE_CRYPTO);
	assert_int_equal(vault_unseal(keep.vault, "otp", "d1", sealed.data, sealed.len - 1, &back, NULL), BE_CRYPTO);
	assert_null(back);
	keep_again(&keep);
	assert_int_equal(vault_unseal(keep.vault, "otp", "d1", sealed.data, sealed.len, &back, NULL), BE_OK);
	assert_string_equal((const char *)secret_bytes(back), "rahasia");
	secret_free(&back);
	secret_free(&content);
	buffer_free(&sealed);
}

/* ---- passphrases ---- */

static void weak_passphrases_are_refused_with_the_reason(void **state)
{
	/* clang-format off */
	static const struct { const char *passphrase; enum be_err expected; const char *word; } them[] = {
		{ KEEP_PASSPHRASE, BE_OK, NULL },
		{ "kopi pahit", BE_OK, NULL },                  /* ten characters, two kinds */
		{ "abcdqrstwxyz", BE_OK, NULL },                /* one kind, twelve characters */
		{ "山田さんの朝ごはん", BE_WEAK, "kind" },
		{ "山田さんの朝ごはん7", BE_OK, NULL },
		{ "", BE_WEAK, "short" }, { "Ab1!xyz", BE_WEAK, "short" },
		{ "abcdqrst", BE_WEAK, "kind" }, { "73912846501", BE_WEAK, "kind" },
		{ "12345678", BE_WEAK, "guessed" }, { "abcdefghijklmnop", BE_WEAK, "guessed" },
		{ "zyxwvutsrqponmlk", BE_WEAK, "guessed" }, { "aaaaaaaaaaaaaaaa", BE_WEAK, "guessed" },
		{ "Password123", BE_WEAK, "guessed" }, { "BISMILLAH123", BE_WEAK, "guessed" },
		{ "Sri.Contoh.7", BE_WEAK, "user name" },
		{ "satu\ndua\ntiga", BE_WEAK, "typed" }, { "satu\x7f""dua tiga", BE_WEAK, "typed" },
		{ "satu\xff""dua tiga", BE_WEAK, "typed" }, { "satu\xc2\x85""dua tiga", BE_WEAK, "typed" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(them) / sizeof(them[0]); i++) {
		struct secret *passphrase = keep_secret(them[i].passphrase);
		struct be_error err = { .code = BE_OK };

		if (vault_passphrase_fit(passphrase, "sri.contoh.7", &err) != them[i].expected ||
			(them[i].word != NULL && strstr(err.msgid, them[i].word) == NULL))
			fail_msg("%s: %s", them[i].passphrase, err.msgid != NULL ? err.msgid : "fit");
		secret_free(&passphrase);
	}
}

static void wrong_passphrases_are_counted_and_lock_for_a_while(void **state)
{
	struct secret *sad = NULL;
	struct be_error err;

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(authorise(1, NULL, wrong, &sad, &err), BE_WRONG_PASSPHRASE);
		assert_int_equal(err.tries_left, 4 - i);
		assert_null(sad);
	}
	assert_int_equal(err.retry_at, KEEP_NOW + 900);
	keep_again(&keep);
	assert_int_equal(authorise(1, NULL, right, &sad, &err), BE_LOCKED);
	assert_int_equal(err.retry_at, KEEP_NOW + 900);
	assert_int_equal(
		vault_passphrase_change(keep.vault, sri.id, certificate, right, later, time_now(), NULL), BE_LOCKED);
	assert_int_equal(accounts_unlock(keep.accounts, sri.login, NULL), BE_OK);
	assert_int_equal(authorise(1, NULL, right, &sad, NULL), BE_OK);
	secret_free(&sad);
	for (int i = 0; i < 5; i++)
		assert_int_equal(authorise(1, NULL, wrong, &sad, NULL), BE_WRONG_PASSPHRASE);
	(void)keep_at(900);
	assert_int_equal(authorise(1, NULL, right, &sad, NULL), BE_OK);
	secret_free(&sad);
}

static void a_changed_passphrase_is_the_only_one(void **state)
{
	struct secret *before = NULL;
	struct secret *sad = NULL;
	struct secret *weak = keep_secret("kopi");

	(void)state;
	assert_int_equal(authorise(5, NULL, right, &before, NULL), BE_OK);
	assert_int_equal(
		vault_passphrase_change(keep.vault, sri.id, certificate, right, weak, time_now(), NULL), BE_WEAK);
	assert_int_equal(vault_passphrase_change(keep.vault, sri.id, certificate, wrong, later, time_now(), NULL),
		BE_WRONG_PASSPHRASE);
	assert_int_equal(sign(before, digests, 1, NULL), BE_OK);
	assert_int_equal(
		vault_passphrase_change(keep.vault, sri.id, certificate, right, later, time_now(), NULL), BE_OK);
	assert_int_equal(sign(before, digests, 1, NULL), BE_AUTHORISATION);
	assert_int_equal(vault_open_keys(keep.vault), 0);
	assert_int_equal(authorise(1, NULL, right, &sad, NULL), BE_WRONG_PASSPHRASE);
	keep_again(&keep);
	assert_int_equal(authorise(1, NULL, later, &sad, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	secret_free(&before);
	secret_free(&sad);
	secret_free(&weak);
}

/* ---- envelopes ---- */

static void an_envelope_opens_only_as_it_was_made(void **state)
{
	struct store_certificate about;
	struct buffer envelope = BUFFER_EMPTY;
	struct secret *content = NULL;
	enum vault_content what;
	struct store_key key;

	(void)state;
	assert_int_equal(store_certificate_get(keep.store, 0, certificate, time_now(), &about, NULL), BE_OK);
	assert_int_equal(store_key_get(keep.store, about.key, &key, NULL, &envelope, NULL), BE_OK);
	assert_int_equal(vault_envelope_open(&content, &what, &envelope, key.id, right, NULL), BE_OK);
	assert_int_equal(what, VAULT_PKCS8);
	secret_free(&content);
	for (size_t at = 0; at < 100 && at < envelope.len; at += at == 9 ? 1 : at < 9 ? 1 : 7) {
		enum be_err rc;

		envelope.data[at] ^= 0x01;
		rc = vault_envelope_open(&content, &what, &envelope, key.id, right, NULL);
		if (rc != BE_WRONG_PASSPHRASE && rc != BE_MALFORMED && rc != BE_LIMIT)
			fail_msg("byte %zu: %d", at, (int)rc);
		assert_null(content);
		envelope.data[at] ^= 0x01;
	}
	/* A hostile row cannot name a price that stops the service. */
	envelope.data[6] = 63;
	assert_int_equal(vault_envelope_open(&content, &what, &envelope, key.id, right, NULL), BE_LIMIT);
	envelope.data[6] = SCRYPT_LOG2_N_MIN;
	envelope.len = 90;
	assert_int_equal(vault_envelope_open(&content, &what, &envelope, key.id, right, NULL), BE_MALFORMED);
	buffer_free(&envelope);
}

static void the_price_of_a_passphrase_never_goes_down(void **state)
{
	struct store_certificate about;
	struct buffer envelope = BUFFER_EMPTY;
	struct store_key key;

	(void)state;
	keep.vault->cost.log2_n = SCRYPT_LOG2_N_MIN + 1;
	assert_int_equal(
		vault_passphrase_change(keep.vault, sri.id, certificate, right, later, time_now(), NULL), BE_OK);
	keep.vault->cost.log2_n = SCRYPT_LOG2_N_MIN; /* as on a smaller machine */
	assert_int_equal(
		vault_passphrase_change(keep.vault, sri.id, certificate, later, right, time_now(), NULL), BE_OK);
	assert_int_equal(store_certificate_get(keep.store, 0, certificate, time_now(), &about, NULL), BE_OK);
	assert_int_equal(store_key_get(keep.store, about.key, &key, NULL, &envelope, NULL), BE_OK);
	assert_int_equal(envelope.data[6], SCRYPT_LOG2_N_MIN + 1);
	buffer_free(&envelope);
}

/* ---- authorisations ---- */

static void an_authorisation_is_good_for_so_many_signatures_and_so_long(void **state)
{
	struct secret *sad = NULL;
	struct secret *other = keep_secret("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	const struct vault_wish other_digest = { sri.id, certificate, 1, DIGEST_SHA3_256, digests };
	int64_t none;

	(void)state;
	assert_int_equal(vault_authorise(keep.vault, &other_digest, right, time_now(), &sad, &none, NULL), BE_USAGE);
	assert_int_equal(authorise(0, NULL, right, &sad, NULL), BE_LIMIT);
	assert_int_equal(authorise(1001, NULL, right, &sad, NULL), BE_LIMIT);
	assert_int_equal(authorise(3, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(secret_len(sad), 43);
	assert_int_equal(vault_open_keys(keep.vault), 1);
	assert_int_equal(sign(other, digests, 1, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(sad, digests, 4, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(sad, digests, 2, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 2, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	assert_int_equal(vault_open_keys(keep.vault), 0); /* used up: the key is gone */
	assert_int_equal(sign(sad, digests, 1, NULL), BE_AUTHORISATION);
	secret_free(&sad);

	assert_int_equal(authorise(3, NULL, right, &sad, NULL), BE_OK);
	(void)keep_at(299);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	(void)keep_at(300);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_AUTHORISATION);
	vault_sweep(keep.vault, time_now());
	assert_int_equal(vault_open_keys(keep.vault), 0);
	secret_free(&sad);

	assert_int_equal(authorise(3, NULL, right, &sad, NULL), BE_OK);
	keep_again(&keep); /* what was open is lost with the process */
	assert_int_equal(sign(sad, digests, 1, NULL), BE_AUTHORISATION);
	secret_free(&sad);
	secret_free(&other);
}

static void a_bound_authorisation_signs_its_digests_each_once(void **state)
{
	struct secret *sad = NULL;
	uint8_t stranger[DIGEST] = { 99 };

	(void)state;
	assert_int_equal(authorise(3, digests, right, &sad, NULL), BE_OK);
	assert_int_equal(sign(sad, stranger, 1, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(sad, digests + 2 * DIGEST, 1, NULL), BE_OK);
	assert_int_equal(sign(sad, digests + 2 * DIGEST, 1, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(sad, digests, 2, NULL), BE_OK);
	secret_free(&sad);
}

static void an_authorisation_is_extended_within_its_count(void **state)
{
	struct secret *sad = NULL;
	struct secret *next = NULL;
	int64_t expires = 0;

	(void)state;
	assert_int_equal(authorise(3, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	(void)keep_at(200);
#define EXTEND(from, count) \
	vault_extend(keep.vault, sri.id, certificate, from, DIGEST_SHA256, digests + DIGEST, count, time_now(), &next, \
		&expires, NULL)
	assert_int_equal(EXTEND(sad, 3), BE_AUTHORISATION);
	assert_int_equal(EXTEND(sad, 2), BE_OK);
	assert_int_equal(expires, KEEP_NOW + 500);
	assert_int_equal(sign(sad, digests + DIGEST, 1, NULL), BE_AUTHORISATION);
	assert_int_equal(sign(next, digests, 1, NULL), BE_AUTHORISATION); /* it is for the others */
	(void)keep_at(400);
	assert_int_equal(sign(next, digests + DIGEST, 2, NULL), BE_OK);
#undef EXTEND
	secret_free(&sad);
	secret_free(&next);
}

static void others_and_revoked_certificates_do_not_sign(void **state)
{
	struct vault_wish wish = { 0, certificate, 1, DIGEST_SHA256, NULL };
	struct buffer signature = BUFFER_EMPTY;
	struct secret *sad = NULL;
	struct secret *none = NULL;
	struct store_user budi;
	int64_t expires;

	(void)state;
	keep_person(&keep, 2, &budi);
	wish.user = budi.id;
	assert_int_equal(vault_authorise(keep.vault, &wish, right, time_now(), &none, &expires, NULL), BE_NOT_FOUND);
	assert_int_equal(authorise(5, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(vault_sign(keep.vault, budi.id, certificate, sad, PKI_SCHEME_ECDSA, DIGEST_SHA256, digests, 1,
				 &signature, time_now(), NULL),
		BE_AUTHORISATION);
	assert_int_equal(vault_sign(keep.vault, sri.id, certificate, sad, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256, digests,
				 1, &signature, time_now(), NULL),
		BE_KEY_UNFIT);
	assert_int_equal(vault_sign(keep.vault, sri.id, certificate, sad, PKI_SCHEME_ECDSA, DIGEST_SHA1, digests, 1,
				 &signature, time_now(), NULL),
		BE_USAGE);
	assert_int_equal(sign(sad, digests, 5, NULL), BE_OK); /* nothing of that was counted */
	secret_free(&sad);

	assert_int_equal(authorise(5, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(store_certificate_revoke(keep.store, certificate, 1, time_now(), NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_REVOKED); /* though it was open */
	assert_int_equal(authorise(1, NULL, right, &none, NULL), BE_REVOKED);
	assert_int_equal(vault_key_destroy(keep.vault, certificate, NULL), BE_OK);
	assert_int_equal(vault_open_keys(keep.vault), 0);
	secret_free(&sad);
}

static void expired_certificates_and_disabled_users_do_not_sign(void **state)
{
	struct secret *sad = NULL;
	struct secret *none = NULL;

	(void)state;
	assert_int_equal(authorise(5, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(accounts_disable(keep.accounts, sri.login, true, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_DISABLED);
	assert_int_equal(accounts_disable(keep.accounts, sri.login, false, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	(void)keep_at(366 * 86400);
	assert_int_equal(authorise(1, NULL, right, &none, NULL), BE_CERT_EXPIRED);
	secret_free(&sad);
}

struct racer {
	const struct secret *sad;
	unsigned made;
};

static void *sign_one_by_one(void *arg)
{
	struct racer *racer = arg;

	for (int i = 0; i < 20; i++) {
		struct buffer signature = BUFFER_EMPTY;

		if (vault_sign(keep.vault, sri.id, certificate, racer->sad, PKI_SCHEME_ECDSA, DIGEST_SHA256, digests, 1,
			    &signature, KEEP_NOW, NULL) == BE_OK)
			racer->made++;
		buffer_free(&signature);
	}
	return NULL;
}

static void many_who_sign_at_once_get_no_more_than_was_authorised(void **state)
{
	struct secret *sad = NULL;
	struct racer racers[8];
	pthread_t threads[8];
	unsigned made = 0;

	(void)state;
	assert_int_equal(authorise(70, NULL, right, &sad, NULL), BE_OK);
	for (size_t i = 0; i < 8; i++) {
		racers[i] = (struct racer){ sad, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, sign_one_by_one, &racers[i]), 0);
	}
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		made += racers[i].made;
	}
	assert_int_equal(made, 70);
	assert_int_equal(vault_open_keys(keep.vault), 0);
	secret_free(&sad);
}

static void *authorise_one(void *out)
{
	enum be_err *rc = out;
	struct secret *sad = NULL;

	*rc = authorise(1, NULL, right, &sad, NULL);
	secret_free(&sad);
	return NULL;
}

static void many_who_authorise_at_once_do_not_lock_each_other_out(void **state)
{
	enum be_err rcs[12];
	pthread_t threads[12];

	(void)state;
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, authorise_one, &rcs[i]), 0);
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(rcs[i], BE_OK);
	}
	assert_int_equal(vault_open_keys(keep.vault), 12);
	assert_true(derive_most() <= DERIVE_AT_ONCE);
}

static void there_is_an_end_to_how_many_keys_are_open(void **state)
{
	struct secret *sads[3] = { NULL };

	(void)state;
	accounts_close(&keep.accounts);
	vault_close(&keep.vault);
	keep.vault_settings.open_max = 2;
	assert_int_equal(vault_open(&keep.vault, keep.store, &keep.vault_settings, NULL), BE_OK);
	assert_int_equal(authorise(1, NULL, right, &sads[0], NULL), BE_OK);
	assert_int_equal(authorise(1, NULL, right, &sads[1], NULL), BE_OK);
	assert_int_equal(authorise(1, NULL, right, &sads[2], NULL), BE_BUSY);
	(void)keep_at(300);
	assert_int_equal(authorise(1, NULL, right, &sads[2], NULL), BE_OK);
	for (size_t i = 0; i < 3; i++)
		secret_free(&sads[i]);
}

static enum be_err find_sign(void *ctx, const struct store_audit *line, struct be_error *err)
{
	char *detail = ctx;

	(void)err;
	if (strcmp(line->action, "sign") == 0) {
		assert_string_equal(line->subject, certificate);
		(void)snprintf(detail, STORE_TEXT_SIZE, "%s", line->detail);
	}
	return BE_OK;
}

/* printf of two digests of ones and twos | sha256sum */
static void what_was_signed_stands_in_the_audit_log(void **state)
{
	struct secret *sad = NULL;
	char detail[STORE_TEXT_SIZE] = "";
	uint8_t value[DIGEST_MAX];
	char expected[STORE_TEXT_SIZE];
	size_t len, at;

	(void)state;
	assert_int_equal(authorise(2, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 2, NULL), BE_OK);
	assert_int_equal(store_audit_read(keep.store, 0, find_sign, detail, NULL), BE_OK);
	assert_int_equal(digest_bytes(DIGEST_SHA256, digests, 2 * DIGEST, value, &len, NULL), BE_OK);
	at = (size_t)snprintf(expected, sizeof(expected), "signatures=2 sha256=");
	for (size_t i = 0; i < len; i++)
		at += (size_t)snprintf(expected + at, sizeof(expected) - at, "%02x", value[i]);
	assert_string_equal(detail, expected);
	secret_free(&sad);
}

/* ---- keys ---- */

static void a_key_that_is_made_proves_itself(void **state)
{
	static const char *const kinds[] = { "rsa3072", "p256", "p384" };
	struct vault_key key;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buffer proved = BUFFER_EMPTY;

		assert_int_equal(vault_key_make(keep.vault, kinds[i], "Sri Contoh", right, &key, NULL), BE_OK);
		assert_int_equal(pki_request_open(&proved, key.csr.data, key.csr.len, NULL), BE_OK);
		assert_int_equal(proved.len, key.spki.len);
		assert_memory_equal(proved.data, key.spki.data, proved.len);
		vault_key_free(&key);
		buffer_free(&proved);
	}
	assert_int_equal(vault_key_make(keep.vault, "ed25519", "Sri", right, &key, NULL), BE_UNSUPPORTED);
	assert_int_equal(vault_key_make(keep.vault, "rsa2048", "Sri", right, &key, NULL), BE_UNSUPPORTED);
}

static void a_key_file_is_taken_in_under_a_passphrase_of_its_own(void **state)
{
	const struct pki_make wish = { PKI_MAKE_P256, "CA Contoh", "Sri Contoh", "Contoh", KEEP_NOW - 10,
		KEEP_NOW + 86400 };
	struct secret *of_file = keep_secret("kunci lama");
	struct buffer p12 = BUFFER_EMPTY;
	struct buffer pem = BUFFER_EMPTY;
	struct vault_key key;

	(void)state;
	assert_int_equal(pki_make_identity(&p12, &pem, &wish, of_file, NULL), BE_OK);
	assert_int_equal(
		vault_key_import(keep.vault, p12.data, p12.len, right, right, &key, NULL), BE_WRONG_PASSPHRASE);
	assert_int_equal(vault_key_import(keep.vault, p12.data, p12.len, of_file, right, &key, NULL), BE_OK);
	assert_string_equal(key.kind, "p256");
	assert_true(key.certificates.len > 200 && key.certificates.data[0] == 0x30);
	assert_int_equal(vault_key_keep(keep.vault, &key, sri.id, time_now(), NULL), BE_OK);
	vault_key_free(&key);
	(void)keep_at(2 * 86400);
	assert_int_equal(vault_key_import(keep.vault, p12.data, p12.len, of_file, right, &key, NULL), BE_CERT_EXPIRED);
	secret_free(&of_file);
	buffer_free(&p12);
	buffer_free(&pem);
}

static bool found_in_the_files(const char *text)
{
	char command[160];

	(void)snprintf(command, sizeof(command), "grep -rqaF '%s' %s", text, keep.dir);
	return system(command) == 0;
}

static void the_disk_knows_no_secret(void **state)
{
	struct secret *sad = NULL;
	char text[64];

	(void)state;
	assert_int_equal(authorise(3, NULL, right, &sad, NULL), BE_OK);
	assert_int_equal(sign(sad, digests, 1, NULL), BE_OK);
	assert_int_equal(authorise(1, NULL, wrong, &(struct secret *){ NULL }, NULL), BE_WRONG_PASSPHRASE);
	(void)snprintf(text, sizeof(text), "%s", (const char *)secret_bytes(sad));
	assert_true(found_in_the_files(certificate)); /* the search does find things */
	assert_false(found_in_the_files(text));
	assert_false(found_in_the_files(KEEP_PASSPHRASE));
	assert_false(found_in_the_files("bukan frasa sandinya"));
	secret_free(&sad);
}

/* ---- keys in a token ---- */

static size_t keys_there;

static enum be_err count_key(void *ctx, const struct token_key *key, struct be_error *err)
{
	(void)ctx;
	(void)key;
	(void)err;
	keys_there++;
	return BE_OK;
}

static size_t keys_in_token(void)
{
	keys_there = 0;
	assert_int_equal(token_keys(keep.vault->token, count_key, NULL, NULL), BE_OK);
	return keys_there;
}

static void keys_are_made_and_kept_in_a_token(void **state)
{
	struct secret *pin = keep_secret(SOFT_TOKEN_PIN);
	struct secret *sad = NULL;
	struct vault_key key;
	struct be_error err = { .code = BE_OK };
	const char *kinds[] = { "p256", "rsa3072" };

	(void)state;
	accounts_close(&keep.accounts);
	vault_close(&keep.vault);
	keep.vault_settings.token_uri = SOFT_TOKEN_URI;
	keep.vault_settings.token_pin = pin;
	if (vault_open(&keep.vault, keep.store, &keep.vault_settings, &err) != BE_OK)
		fail_msg("%s: %s", err.msgid, err.detail);
	assert_int_equal(accounts_open(&keep.accounts, keep.store, keep.vault, &keep.settings, NULL), BE_OK);
	assert_int_equal(keys_in_token(), 0);

	/* One that is made and not kept does not stay behind. */
	assert_int_equal(vault_key_make(keep.vault, "p256", "Sri", right, &key, NULL), BE_OK);
	assert_true(key.in_token);
	assert_int_equal(keys_in_token(), 1);
	vault_key_free(&key);
	assert_int_equal(keys_in_token(), 0);

	for (size_t i = 0; i < 2; i++) {
		enum pki_scheme scheme = i == 0 ? PKI_SCHEME_ECDSA : PKI_SCHEME_RSA_PSS;
		struct buffer signatures[2] = { BUFFER_EMPTY };

		buffer_reset(&spki);
		keep_certificate(&keep, &sri, kinds[i], certificate, &spki);
		assert_int_equal(keys_in_token(), 1);
		assert_int_equal(authorise(2, NULL, wrong, &sad, NULL), BE_WRONG_PASSPHRASE);
		assert_int_equal(authorise(2, NULL, right, &sad, NULL), BE_OK);
		assert_int_equal(vault_sign(keep.vault, sri.id, certificate, sad, scheme, DIGEST_SHA256, digests, 2,
					 signatures, time_now(), NULL),
			BE_OK);
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(pki_public_check(spki.data, spki.len, scheme, DIGEST_SHA256,
						 digests + k * DIGEST, signatures[k].data, signatures[k].len, NULL),
				BE_OK);
			buffer_free(&signatures[k]);
		}
		assert_int_equal(
			vault_passphrase_change(keep.vault, sri.id, certificate, right, later, time_now(), NULL),
			BE_OK);
		secret_free(&sad);
		assert_int_equal(authorise(1, NULL, later, &sad, NULL), BE_OK);
		assert_int_equal(vault_key_destroy(keep.vault, certificate, NULL), BE_OK);
		assert_int_equal(keys_in_token(), 0);
		secret_free(&sad);
	}
	secret_free(&pin);
}

static int make_token(void **state)
{
	(void)state;
	return soft_token_make() ? 0 : -1;
}

static int clear_token(void **state)
{
	(void)state;
	soft_token_clear();
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_services_key_is_a_file_of_its_own_and_belongs_to_its_store),
		TEST(what_was_sealed_for_one_thing_opens_for_no_other),
		TEST(weak_passphrases_are_refused_with_the_reason),
		TEST(wrong_passphrases_are_counted_and_lock_for_a_while),
		TEST(a_changed_passphrase_is_the_only_one),
		TEST(an_envelope_opens_only_as_it_was_made),
		TEST(the_price_of_a_passphrase_never_goes_down),
		TEST(an_authorisation_is_good_for_so_many_signatures_and_so_long),
		TEST(a_bound_authorisation_signs_its_digests_each_once),
		TEST(an_authorisation_is_extended_within_its_count),
		TEST(others_and_revoked_certificates_do_not_sign),
		TEST(expired_certificates_and_disabled_users_do_not_sign),
		TEST(many_who_sign_at_once_get_no_more_than_was_authorised),
		TEST(many_who_authorise_at_once_do_not_lock_each_other_out),
		TEST(there_is_an_end_to_how_many_keys_are_open),
		TEST(what_was_signed_stands_in_the_audit_log),
		TEST(a_key_that_is_made_proves_itself),
		TEST(a_key_file_is_taken_in_under_a_passphrase_of_its_own),
		TEST(the_disk_knows_no_secret),
		TEST(keys_are_made_and_kept_in_a_token),
	};

	return cmocka_run_group_tests(tests, make_token, clear_token);
}
