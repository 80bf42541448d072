/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int make(void **state)
{
	(void)state;
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static enum be_err open_with(struct signer **out, const char *name, const char *passphrase, struct be_error *err)
{
	struct secret *secret = NULL;
	enum be_err rc;

	assert_int_equal(secret_new(&secret, 64, NULL), BE_OK);
	assert_int_equal(secret_add(secret, passphrase, strlen(passphrase), NULL), BE_OK);
	rc = signer_open_p12(out, desk_path(name), secret, err);
	secret_free(&secret);
	return rc;
}

static void a_key_file_gives_a_signer_that_knows_who_it_is(void **state)
{
	const uint8_t *const *ders = NULL;
	struct signer *signer = NULL;
	const size_t *lens = NULL;

	(void)state;
	desk_p12("key.p12", ca_key(CA_P256, 0));
	assert_int_equal(open_with(&signer, "key.p12", DESK_PASSPHRASE, NULL), BE_OK);
	assert_string_equal(signer_info(signer)->name, "Budi Contoh");
	assert_int_equal(signer_certificates(signer, &ders, &lens), 1);
	assert_true(lens[0] > 100 && ders[0][0] == 0x30);
	assert_int_equal(signer_fit(signer, CA_NOW, NULL), BE_OK);
	assert_int_equal(signer_fit(signer, CA_NOW + 2 * (int64_t)CA_YEAR, NULL), BE_CERT_EXPIRED);
	assert_int_equal(signer_fit(signer, CA_NOW - 2 * (int64_t)CA_YEAR, NULL), BE_CERT_NOT_YET);
	signer_free(&signer);
	assert_null(signer);
	signer_free(&signer);
}

static bool verifies(EVP_PKEY *key, const struct signer_item *item)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool good;

	assert_non_null(ctx);
	good = EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		EVP_PKEY_verify(ctx, item->signature.data, item->signature.len, item->digest, 32) == 1;
	EVP_PKEY_CTX_free(ctx);
	return good;
}

static void all_items_of_a_batch_are_signed_each_for_itself(void **state)
{
	static const struct {
		enum ca_key kind;
		enum pki_scheme scheme;
	} cases[] = { { CA_P256, PKI_SCHEME_ECDSA }, { CA_RSA2048, PKI_SCHEME_RSA_PKCS1 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		EVP_PKEY *key = ca_key(cases[i].kind, 0);
		struct signer_item items[3] = { 0 };
		struct signer *signer = NULL;

		desk_p12("key.p12", key);
		assert_int_equal(open_with(&signer, "key.p12", DESK_PASSPHRASE, NULL), BE_OK);
		for (size_t j = 0; j < 3; j++)
			memset(items[j].digest, (int)j + 1, 32);
		assert_int_equal(signer_sign(signer, cases[i].scheme, DIGEST_SHA256, items, 3, NULL), BE_OK);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(items[j].result, BE_OK);
			assert_true(verifies(key, &items[j]));
			items[j].digest[0] ^= 1;
			assert_false(verifies(key, &items[j]));
			buffer_free(&items[j].signature);
		}
		signer_free(&signer);
	}
}

static void a_scheme_that_is_not_the_keys_signs_nothing(void **state)
{
	struct signer_item item = { .result = BE_OK };
	struct signer *signer = NULL;

	(void)state;
	desk_p12("key.p12", ca_key(CA_P256, 0));
	assert_int_equal(open_with(&signer, "key.p12", DESK_PASSPHRASE, NULL), BE_OK);
	assert_int_equal(signer_sign(signer, PKI_SCHEME_RSA_PSS, DIGEST_SHA256, &item, 1, NULL), BE_OK);
	assert_int_equal(item.result, BE_KEY_UNFIT);
	assert_int_equal(item.signature.len, 0);
	buffer_free(&item.signature);
	signer_free(&signer);
}

static void what_is_wrong_with_a_key_file_is_said(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct signer *signer = NULL;

	(void)state;
	desk_p12("key.p12", ca_key(CA_P256, 0));
	desk_write("letter.pdf", "%PDF-1.7\n", 9);
	assert_int_equal(open_with(&signer, "key.p12", "salah", &err), BE_WRONG_PASSPHRASE);
	assert_null(signer);
	assert_non_null(err.msgid);
	assert_int_equal(open_with(&signer, "letter.pdf", DESK_PASSPHRASE, &err), BE_BAD_KEY_FILE);
	assert_null(signer);
	assert_int_equal(open_with(&signer, "absent.p12", DESK_PASSPHRASE, &err), BE_NOT_FOUND);
	assert_null(signer);
}

/* ---- a holder that does not keep its word ---- */

static unsigned freed;

static size_t no_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	(void)state;
	*ders = NULL;
	*lens = NULL;
	return 0;
}

static void count_free(void *state)
{
	(void)state;
	freed++;
}

static void a_holder_without_a_certificate_is_no_signer_and_is_freed(void **state)
{
	static const struct signer_ops ops = { "nobody", no_certificates, NULL, NULL, count_free };
	struct signer *signer = NULL;

	(void)state;
	freed = 0;
	assert_int_equal(signer_new(&signer, &ops, NULL, NULL), BE_NO_KEY);
	assert_null(signer);
	assert_int_equal(freed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_key_file_gives_a_signer_that_knows_who_it_is, make, clear),
		cmocka_unit_test_setup_teardown(all_items_of_a_batch_are_signed_each_for_itself, make, clear),
		cmocka_unit_test_setup_teardown(a_scheme_that_is_not_the_keys_signs_nothing, make, clear),
		cmocka_unit_test_setup_teardown(what_is_wrong_with_a_key_file_is_said, make, clear),
		cmocka_unit_test(a_holder_without_a_certificate_is_no_signer_and_is_freed),
	};

	return cmocka_run_group_tests_name("a signer from a key file", tests, NULL, NULL);
}
