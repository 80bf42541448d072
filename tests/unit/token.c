/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token/token.h"

#include "support/soft_token.h"
#include "token/token_parts.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct secret *pin;
static struct token *token;
static const uint8_t digest[DIGEST_MAX] = { 1, 2, 3 };

static struct secret *secret_of(const char *text)
{
	struct secret *out = NULL;

	assert_int_equal(secret_new(&out, strlen(text), NULL), BE_OK);
	assert_int_equal(secret_add(out, text, strlen(text), NULL), BE_OK);
	return out;
}

static int setup(void **state)
{
	struct be_error err = { .code = BE_OK };

	(void)state;
	if (!soft_token_make())
		return -1;
	pin = secret_of(SOFT_TOKEN_PIN);
	if (token_open(&token, SOFT_TOKEN_URI, pin, &err) != BE_OK)
		fail_msg("%s: %s", err.msgid, err.detail);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	token_free(&token);
	secret_free(&pin);
	soft_token_clear();
	return 0;
}

static void a_token_is_opened_by_its_name(void **state)
{
	/* clang-format off */
	static const struct { const char *uri; enum be_err expected; } uris[] = {
		{ SOFT_TOKEN_URI, BE_OK },
		{ "pkcs11:token=another", BE_NOT_FOUND },
		{ "pkcs11:manufacturer=SoftHSM%20project;token=besign-test", BE_OK },
		{ "pkcs11:token=besign-test;serial=0", BE_NOT_FOUND },
		{ "besign-test", BE_USAGE },
		{ "pkcs11:token=besign-test;pin-value=" SOFT_TOKEN_PIN, BE_USAGE },
		{ "pkcs11:token=besign-test?pin-value=" SOFT_TOKEN_PIN, BE_USAGE },
		{ "pkcs11:token=besign-test?pin-source=file:/etc/passwd", BE_USAGE },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct token *other = NULL;

		assert_int_equal(token_open(&other, uris[i].uri, pin, NULL), uris[i].expected);
		token_free(&other);
	}
	assert_string_equal(token_label(token), "besign-test");
}

static void a_name_that_fits_two_tokens_opens_none(void **state)
{
	struct token *other = NULL;

	(void)state;
	assert_int_equal(token_open(&other, "pkcs11:manufacturer=SoftHSM%20project", pin, NULL), BE_SEVERAL_KEYS);
	assert_null(other);
	assert_int_equal(token_open(&other, "pkcs11:token=" SOFT_TOKEN_SECOND, pin, NULL), BE_OK);
	assert_string_equal(token_label(other), SOFT_TOKEN_SECOND);
	token_free(&other);
}

/* clang-format off */
static const struct { const char *what; enum pki_private_kind kind; enum pki_scheme scheme; enum digest_alg alg; } ways[] = {
	{ "RSA 2048, PKCS#1 v1.5, SHA-256", PKI_PRIVATE_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256 },
	{ "RSA 3072, PKCS#1 v1.5, SHA-384", PKI_PRIVATE_RSA3072, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA384 },
	{ "RSA 2048, PSS, SHA-256",         PKI_PRIVATE_RSA2048, PKI_SCHEME_RSA_PSS,   DIGEST_SHA256 },
	{ "RSA 2048, PSS, SHA-512",         PKI_PRIVATE_RSA2048, PKI_SCHEME_RSA_PSS,   DIGEST_SHA512 },
	{ "P-256, SHA-256",                 PKI_PRIVATE_P256,    PKI_SCHEME_ECDSA,     DIGEST_SHA256 },
	{ "P-384, SHA-384",                 PKI_PRIVATE_P384,    PKI_SCHEME_ECDSA,     DIGEST_SHA384 },
};
/* clang-format on */

static void keys_made_in_the_token_sign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct buffer spki = BUFFER_EMPTY;
		struct buffer again = BUFFER_EMPTY;
		struct buffer signature = BUFFER_EMPTY;
		struct be_error err = { .code = BE_OK };
		uint8_t other[DIGEST_MAX] = { 9 };
		struct token_key made, found;

		if (token_key_make(token, ways[i].kind, "kunci", &made, &spki, &err) != BE_OK)
			fail_msg("%s: %s: %s", ways[i].what, err.msgid, err.detail);
		assert_string_equal(made.label, "kunci");
		assert_int_equal(made.is_rsa, ways[i].scheme != PKI_SCHEME_ECDSA);
		assert_int_equal(token_key_find(token, made.id, made.id_len, &found, NULL), BE_OK);
		assert_int_equal(token_key_public(token, &found, &again, NULL), BE_OK);
		assert_int_equal(spki.len, again.len);
		assert_memory_equal(spki.data, again.data, spki.len);
		if (token_sign(token, &found, ways[i].scheme, ways[i].alg, digest, &signature, &err) != BE_OK)
			fail_msg("%s: %s: %s", ways[i].what, err.msgid, err.detail);
		assert_int_equal(pki_public_check(spki.data, spki.len, ways[i].scheme, ways[i].alg, digest,
					 signature.data, signature.len, NULL),
			BE_OK);
		assert_int_equal(pki_public_check(spki.data, spki.len, ways[i].scheme, ways[i].alg, other,
					 signature.data, signature.len, NULL),
			BE_CRYPTO);
		assert_int_equal(token_key_remove(token, &made, NULL), BE_OK);
		assert_int_equal(token_key_find(token, made.id, made.id_len, &found, NULL), BE_NOT_FOUND);
		assert_int_equal(
			token_sign(token, &made, ways[i].scheme, ways[i].alg, digest, &signature, NULL), BE_NOT_FOUND);
		buffer_free(&spki);
		buffer_free(&again);
		buffer_free(&signature);
	}
}

static void a_key_does_not_sign_in_a_way_that_is_not_its_own(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct buffer signature = BUFFER_EMPTY;
	struct token_key rsa, ec;

	(void)state;
	assert_int_equal(token_key_make(token, PKI_PRIVATE_RSA2048, "r", &rsa, &spki, NULL), BE_OK);
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "e", &ec, &spki, NULL), BE_OK);
	assert_int_equal(
		token_sign(token, &rsa, PKI_SCHEME_ECDSA, DIGEST_SHA256, digest, &signature, NULL), BE_KEY_UNFIT);
	assert_int_equal(
		token_sign(token, &ec, PKI_SCHEME_RSA_PSS, DIGEST_SHA256, digest, &signature, NULL), BE_KEY_UNFIT);
	assert_int_equal(signature.len, 0);
	buffer_free(&spki);
	buffer_free(&signature);
}

/* What PKCS#11 gives to anybody who has logged in is asked for. */
static void a_key_never_leaves_the_token(void **state)
{
	static const CK_ATTRIBUTE_TYPE secrets[] = { CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_VALUE };
	struct buffer spki = BUFFER_EMPTY;
	struct token_key rsa, ec;

	(void)state;
	assert_int_equal(token_key_make(token, PKI_PRIVATE_RSA2048, "tetap", &rsa, &spki, NULL), BE_OK);
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "tetap", &ec, &spki, NULL), BE_OK);
	for (size_t i = 0; i < 3; i++) {
		const struct token_key *key = secrets[i] == CKA_VALUE ? &ec : &rsa;
		CK_BBOOL can_leave = CK_TRUE;
		uint8_t room[512];
		CK_ATTRIBUTE ask = { secrets[i], room, sizeof(room) };
		CK_ATTRIBUTE extractable = { CKA_EXTRACTABLE, &can_leave, sizeof(can_leave) };
		CK_OBJECT_HANDLE object;

		assert_int_equal(token_object(token, CKO_PRIVATE_KEY, key->id, key->id_len, &object, NULL), BE_OK);
		assert_int_equal(
			token->module->C_GetAttributeValue(token->session, object, &ask, 1), CKR_ATTRIBUTE_SENSITIVE);
		assert_int_equal(token->module->C_GetAttributeValue(token->session, object, &extractable, 1), CKR_OK);
		assert_int_equal(can_leave, CK_FALSE);
	}
	buffer_free(&spki);
}

static enum be_err count_key(void *ctx, const struct token_key *key, struct be_error *err)
{
	size_t *count = ctx;
	struct buffer spki = BUFFER_EMPTY;

	(void)err;
	(*count)++;
	assert_int_equal(token_key_public(token, key, &spki, NULL), BE_OK); /* it may be asked again meanwhile */
	buffer_free(&spki);
	return BE_OK;
}

static void keys_are_listed_as_the_address_wishes(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct token *named = NULL;
	struct token_key made;
	size_t all = 0, some = 0;

	(void)state;
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "satu ini", &made, &spki, NULL), BE_OK);
	assert_int_equal(token_keys(token, count_key, &all, NULL), BE_OK);
	assert_int_equal(token_open(&named, SOFT_TOKEN_URI ";object=satu%20ini", pin, NULL), BE_OK);
	assert_int_equal(token_keys(named, count_key, &some, NULL), BE_OK);
	assert_int_equal(some, 1);
	assert_true(all > some);
	token_free(&named);
	buffer_free(&spki);
}

struct signing {
	const struct token_key *key;
	const struct buffer *spki;
	unsigned good;
};

static void *sign_some(void *arg)
{
	struct signing *signing = arg;

	for (int i = 0; i < 25; i++) {
		struct buffer signature = BUFFER_EMPTY;

		if (token_sign(token, signing->key, PKI_SCHEME_ECDSA, DIGEST_SHA256, digest, &signature, NULL) ==
				BE_OK &&
			pki_public_check(signing->spki->data, signing->spki->len, PKI_SCHEME_ECDSA, DIGEST_SHA256,
				digest, signature.data, signature.len, NULL) == BE_OK)
			signing->good++;
		buffer_free(&signature);
	}
	return NULL;
}

static void threads_sign_at_once(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct signing signing[8];
	pthread_t threads[8];
	struct token_key made;

	(void)state;
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "bersama", &made, &spki, NULL), BE_OK);
	for (size_t i = 0; i < 8; i++) {
		signing[i] = (struct signing){ &made, &spki, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, sign_some, &signing[i]), 0);
	}
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(signing[i].good, 25);
	}
	buffer_free(&spki);
}

static enum be_err add_certificate(void *ctx, const uint8_t *der, size_t len, struct be_error *err)
{
	struct buffer *out = ctx;

	(void)err;
	buffer_add(out, der, len);
	return BE_OK;
}

static void put_certificate(const struct token_key *key, const char *der)
{
	CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE;
	uint8_t id[TOKEN_ID_MAX], value[64], subject[] = { 0x30, 0x00 };
	CK_ATTRIBUTE template[] = { { CKA_CLASS, &kind, sizeof(kind) }, { CKA_CERTIFICATE_TYPE, &type, sizeof(type) },
		{ CKA_TOKEN, &yes, sizeof(yes) }, { CKA_SUBJECT, subject, sizeof(subject) },
		{ CKA_ID, id, key->id_len }, { CKA_VALUE, value, strlen(der) } };
	CK_OBJECT_HANDLE object;

	memcpy(id, key->id, key->id_len);
	memcpy(value, der, strlen(der));
	assert_int_equal(token->module->C_CreateObject(token->session, template, 6, &object), CKR_OK);
}

static void the_certificates_beside_a_key_are_found(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct buffer found = BUFFER_EMPTY;
	struct token_key with, without;

	(void)state;
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "kartu", &with, &spki, NULL), BE_OK);
	assert_int_equal(token_key_make(token, PKI_PRIVATE_P256, "kartu", &without, &spki, NULL), BE_OK);
	put_certificate(&with, "one");
	assert_int_equal(token_certificates(token, &with, add_certificate, &found, NULL), BE_OK);
	assert_int_equal(found.len, 3);
	assert_memory_equal(found.data, "one", 3);
	assert_int_equal(token_certificates(token, &without, add_certificate, &found, NULL), BE_OK);
	assert_int_equal(found.len, 3);
	buffer_free(&spki);
	buffer_free(&found);
}

static void a_wrong_pin_is_told(void **state)
{
	struct secret *wrong = secret_of("000000");
	struct token *other = NULL;

	(void)state;
	assert_int_equal(token_open(&other, "pkcs11:token=" SOFT_TOKEN_THIRD, wrong, NULL), BE_WRONG_PASSPHRASE);
	assert_null(other);
	assert_int_equal(token_open(&other, "pkcs11:token=" SOFT_TOKEN_THIRD, pin, NULL), BE_OK);
	token_free(&other);
	secret_free(&wrong);
}

/* SoftHSM2 never locks; what a card says before its last try is put into the token's information here. */
static CK_FUNCTION_LIST *real;

static CK_RV last_try(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = real->C_GetTokenInfo(slot, info);

	info->flags |= CKF_USER_PIN_FINAL_TRY;
	return rv;
}

static void the_last_try_of_a_pin_is_not_used_up(void **state)
{
	CK_FUNCTION_LIST false_one = *token->module;
	CK_FUNCTION_LIST **modules = NULL;
	const struct token_library *lib = NULL;
	struct token *other = NULL;
	size_t which = 0;

	(void)state;
	assert_int_equal(token_library(&lib, &modules, NULL), BE_OK);
	while (modules[which] != NULL && modules[which] != token->module)
		which++;
	assert_non_null(modules[which]);
	real = token->module;
	false_one.C_GetTokenInfo = last_try;
	modules[which] = &false_one;
	assert_int_equal(token_open(&other, "pkcs11:token=" SOFT_TOKEN_THIRD, pin, NULL), BE_LOCKED);
	modules[which] = real;
	assert_null(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_opened_by_its_name),
		cmocka_unit_test(a_name_that_fits_two_tokens_opens_none),
		cmocka_unit_test(keys_made_in_the_token_sign),
		cmocka_unit_test(a_key_does_not_sign_in_a_way_that_is_not_its_own),
		cmocka_unit_test(a_key_never_leaves_the_token),
		cmocka_unit_test(keys_are_listed_as_the_address_wishes),
		cmocka_unit_test(threads_sign_at_once),
		cmocka_unit_test(the_certificates_beside_a_key_are_found),
		cmocka_unit_test(a_wrong_pin_is_told),
		cmocka_unit_test(the_last_try_of_a_pin_is_not_used_up),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
