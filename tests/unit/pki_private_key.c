/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/private_key.h"

#include "pki/request.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t digests[3 * 64] = { 1, 2, 3 };

/* clang-format off */
static const struct { enum pki_private_kind kind; bool rsa; enum pki_scheme scheme; enum digest_alg alg; } kinds[] = {
	{ PKI_PRIVATE_P256,    false, PKI_SCHEME_ECDSA,     DIGEST_SHA256 },
	{ PKI_PRIVATE_P384,    false, PKI_SCHEME_ECDSA,     DIGEST_SHA384 },
	{ PKI_PRIVATE_RSA2048, true,  PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256 },
	{ PKI_PRIVATE_RSA2048, true,  PKI_SCHEME_RSA_PSS,   DIGEST_SHA512 },
	{ PKI_PRIVATE_RSA3072, true,  PKI_SCHEME_RSA_PKCS1, DIGEST_SHA384 },
};
/* clang-format on */

static enum be_err sign_request(void *ctx, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	return pki_private_sign(ctx, scheme, alg, digest, signature, err);
}

static void a_key_is_written_and_read_and_signs_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buffer signatures[3] = { BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY };
		struct pki_private *made = NULL, *read = NULL;
		struct secret *pkcs8 = NULL;
		struct buffer spki = BUFFER_EMPTY;
		size_t size = digest_size(kinds[i].alg);

		assert_int_equal(pki_private_make(&made, kinds[i].kind, NULL), BE_OK);
		assert_int_equal(pki_private_is_rsa(made), kinds[i].rsa);
		assert_int_equal(pki_private_save(&pkcs8, made, NULL), BE_OK);
		assert_int_equal(pki_private_load(&read, pkcs8, NULL), BE_OK);
		assert_int_equal(pki_private_public(made, &spki, NULL), BE_OK);
		assert_int_equal(
			pki_private_sign_all(read, kinds[i].scheme, kinds[i].alg, digests, 3, signatures, NULL), BE_OK);
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(pki_public_check(spki.data, spki.len, kinds[i].scheme, kinds[i].alg,
						 digests + k * size, signatures[k].data, signatures[k].len, NULL),
				BE_OK);
			signatures[k].data[signatures[k].len - 1] ^= 1;
			assert_int_equal(pki_public_check(spki.data, spki.len, kinds[i].scheme, kinds[i].alg,
						 digests + k * size, signatures[k].data, signatures[k].len, NULL),
				BE_CRYPTO);
			buffer_free(&signatures[k]);
		}
		assert_int_equal(pki_private_sign(read, kinds[i].rsa ? PKI_SCHEME_ECDSA : PKI_SCHEME_RSA_PSS,
					 kinds[i].alg, digests, &signatures[0], NULL),
			BE_KEY_UNFIT);
		pki_private_free(&made);
		pki_private_free(&read);
		secret_free(&pkcs8);
		buffer_free(&spki);
	}
}

static void what_is_no_private_key_for_documents_is_refused(void **state)
{
	struct pki_private *key = NULL;
	struct secret *pkcs8 = NULL;
	struct secret *more = NULL;
	EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(ed);
	unsigned char *der = NULL;
	int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

	(void)state;
	assert_int_equal(secret_new(&pkcs8, (size_t)len, NULL), BE_OK);
	assert_int_equal(secret_add(pkcs8, der, (size_t)len, NULL), BE_OK);
	assert_int_equal(pki_private_load(&key, pkcs8, NULL), BE_UNSUPPORTED);
	secret_cut(pkcs8, (size_t)len - 1);
	assert_int_equal(pki_private_load(&key, pkcs8, NULL), BE_MALFORMED);
	assert_int_equal(secret_new(&more, (size_t)len + 1, NULL), BE_OK);
	assert_int_equal(secret_add(more, der, (size_t)len, NULL), BE_OK);
	assert_int_equal(secret_add(more, "", 1, NULL), BE_OK);
	assert_int_equal(pki_private_load(&key, more, NULL), BE_MALFORMED);
	assert_null(key);
	secret_free(&more);
	secret_free(&pkcs8);
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(ed);
}

/* ---- requests ---- */

static struct buffer request_of(enum pki_private_kind kind, const char *name, struct buffer *spki)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_private *key = NULL;

	assert_int_equal(pki_private_make(&key, kind, NULL), BE_OK);
	assert_int_equal(pki_private_public(key, spki, NULL), BE_OK);
	assert_int_equal(pki_request_make(&der, spki->data, spki->len, name, sign_request, key, NULL), BE_OK);
	pki_private_free(&key);
	return der;
}

/* Parameters of the signature's algorithm that nobody reads may differ; the key that comes out never does. */
static void a_request_proves_its_key_and_no_other(void **state)
{
	static const enum pki_private_kind both[] = { PKI_PRIVATE_P256, PKI_PRIVATE_RSA2048 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct buffer spki = BUFFER_EMPTY;
		struct buffer found = BUFFER_EMPTY;
		struct buffer der = request_of(both[i], "Sri Contoh, S.H. Ñ", &spki);
		size_t changed = 0;

		assert_int_equal(pki_request_open(&found, der.data, der.len, NULL), BE_OK);
		assert_int_equal(found.len, spki.len);
		assert_memory_equal(found.data, spki.data, spki.len);
		for (size_t at = 0; at < der.len; at++) {
			buffer_reset(&found);
			der.data[at] ^= 0x01;
			if (pki_request_open(&found, der.data, der.len, NULL) == BE_OK)
				changed++;
			assert_true(found.len == 0 ||
				(found.len == spki.len && memcmp(found.data, spki.data, spki.len) == 0));
			der.data[at] ^= 0x01;
		}
		assert_true(changed <= 2);
		buffer_reset(&found);
		assert_int_equal(pki_request_open(&found, der.data, der.len - 1, NULL), BE_MALFORMED);
		assert_int_equal(found.len, 0);
		buffer_free(&der);
		buffer_free(&found);
		buffer_free(&spki);
	}
}

/* As some other program would make it. */
static struct buffer foreign_request(EVP_PKEY *key, const EVP_MD *md)
{
	struct buffer out = BUFFER_EMPTY;
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;
	int len;

	assert_int_equal(X509_REQ_set_pubkey(request, key), 1);
	assert_true(X509_REQ_sign(request, key, md) > 0);
	len = i2d_X509_REQ(request, &der);
	assert_true(len > 0);
	buffer_add(&out, der, (size_t)len);
	OPENSSL_free(der);
	X509_REQ_free(request);
	return out;
}

static void weak_requests_are_refused_and_others_programs_taken(void **state)
{
	/* clang-format off */
	const struct { EVP_PKEY *key; const EVP_MD *md; enum be_err expected; } them[] = {
		{ EVP_RSA_gen(2048u),    EVP_sha256(), BE_OK },
		{ EVP_RSA_gen(2048u),    EVP_sha512(), BE_OK },
		{ EVP_EC_gen("P-384"),   EVP_sha384(), BE_OK },
		{ EVP_RSA_gen(2048u),    EVP_sha1(),   BE_KEY_UNFIT },
		{ EVP_RSA_gen(1024u),    EVP_sha256(), BE_KEY_UNFIT },
		{ EVP_EC_gen("P-521"),   EVP_sha512(), BE_KEY_UNFIT },
		{ EVP_EC_gen("secp256k1"), EVP_sha256(), BE_KEY_UNFIT },
		{ EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL, BE_KEY_UNFIT },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(them) / sizeof(them[0]); i++) {
		struct buffer der = foreign_request(them[i].key, them[i].md);
		struct buffer spki = BUFFER_EMPTY;

		if (pki_request_open(&spki, der.data, der.len, NULL) != them[i].expected)
			fail_msg("request %zu", i);
		buffer_free(&spki);
		buffer_free(&der);
		EVP_PKEY_free(them[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_written_and_read_and_signs_the_same),
		cmocka_unit_test(what_is_no_private_key_for_documents_is_refused),
		cmocka_unit_test(a_request_proves_its_key_and_no_other),
		cmocka_unit_test(weak_requests_are_refused_and_others_programs_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
