/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/tsp.h"
#include "pki/tst.h"
#include "support/ca.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

static struct pki_authority *root, *stamper;
static const uint8_t nonce[PKI_TSP_NONCE] = { 0, 1, 2, 3, 4, 5, 6, 7 };
static uint8_t digest[DIGEST_MAX];

static struct pki_authority *authority(enum pki_profile profile, const char *common, const struct pki_authority *by)
{
	const struct pki_issue what = { .profile = profile,
		.country = "ID",
		.organisation = "Contoh",
		.common = common,
		.not_before = CA_NOW - CA_DAY,
		.not_after = CA_NOW + CA_YEAR };
	struct pki_authority *made = NULL;

	assert_int_equal(pki_authority_make(&made, PKI_MAKE_P256, &what, by, NULL), BE_OK);
	return made;
}

static int make_all(void **state)
{
	size_t len;

	(void)state;
	root = authority(PKI_PROFILE_ROOT, "Contoh Root", NULL);
	stamper = authority(PKI_PROFILE_TSA, "Contoh Time", root);
	assert_int_equal(digest_bytes(DIGEST_SHA256, "surat", 5, digest, &len, NULL), BE_OK);
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	pki_authority_free(&root);
	pki_authority_free(&stamper);
	return 0;
}

static bool answer(struct buffer *response, const void *request, size_t len)
{
	struct pki_tsp_authority a = {
		.signer = stamper, .chain_count = 1, .policy = "1.2.3.4", .moment = CA_NOW, .accuracy = 1
	};
	const uint8_t *chain[1];
	size_t lens[1];
	bool granted = false;

	chain[0] = pki_authority_certificate(root, &lens[0]);
	a.chain = chain;
	a.chain_lens = lens;
	assert_int_equal(pki_tsp_answer(response, &a, request, len, &granted, NULL), BE_OK);
	assert_int_equal(ERR_peek_error(), 0);
	return granted;
}

static void stamp(struct buffer *response, enum digest_alg alg, const uint8_t *number, size_t number_len)
{
	struct buffer request = BUFFER_EMPTY;

	assert_int_equal(pki_tsp_request(&request, alg, digest, number, number_len, NULL), BE_OK);
	assert_true(answer(response, request.data, request.len));
	buffer_free(&request);
}

static void a_stamp_that_was_asked_for_is_one(void **state)
{
	static const enum digest_alg algs[] = { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512, DIGEST_SHA3_256 };

	(void)state;
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		struct buffer response = BUFFER_EMPTY, token = BUFFER_EMPTY;
		struct pki_tst_facts facts;
		struct pki_tst *tst = NULL;
		enum pki_cms_fault fault;

		stamp(&response, algs[i], nonce, sizeof(nonce));
		assert_int_equal(
			pki_tsp_token(&token, response.data, response.len, algs[i], digest, nonce, sizeof(nonce), NULL),
			BE_OK);
		assert_int_equal(pki_tst_parse(&tst, &fault, token.data, token.len, NULL), BE_OK);
		assert_non_null(tst);
		assert_int_equal(pki_tst_check(tst, digest, digest_size(algs[i]), NULL, NULL, 0, &facts, NULL), BE_OK);
		assert_int_equal(facts.fault, PKI_CMS_OK);
		assert_true(facts.imprint_ok && facts.purpose_ok && facts.time_inside && facts.has_certificate);
		assert_int_equal(facts.time, CA_NOW);
		assert_string_equal(facts.authority.name, "Contoh Time");
		pki_tst_free(&tst);
		buffer_free(&response);
		buffer_free(&token);
	}
}

static void a_stamp_without_a_nonce_is_one_too(void **state)
{
	struct buffer response = BUFFER_EMPTY, token = BUFFER_EMPTY;

	(void)state;
	stamp(&response, DIGEST_SHA256, NULL, 0);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, NULL, 0, NULL), BE_OK);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, nonce, sizeof(nonce), NULL),
		BE_MALFORMED);
	buffer_free(&response);
	buffer_free(&token);
}

static void an_answer_to_something_else_is_none(void **state)
{
	static const uint8_t other[PKI_TSP_NONCE] = { 9 };
	struct buffer response = BUFFER_EMPTY, token = BUFFER_EMPTY;
	uint8_t changed[DIGEST_MAX];

	(void)state;
	stamp(&response, DIGEST_SHA256, nonce, sizeof(nonce));
	memcpy(changed, digest, sizeof(changed));
	changed[31] ^= 1;
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, changed, nonce, sizeof(nonce), NULL),
		BE_MALFORMED);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA3_256, digest, nonce, sizeof(nonce), NULL),
		BE_MALFORMED);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, other, sizeof(other), NULL),
		BE_MALFORMED);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, NULL, 0, NULL), BE_MALFORMED);
	assert_int_equal(token.len, 0);
	buffer_add_byte(&response, 0);
	assert_int_equal(
		pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, nonce, sizeof(nonce), NULL),
		BE_MALFORMED);
	buffer_free(&response);
	buffer_free(&token);
}

static void what_cannot_be_stamped_is_refused_with_words(void **state)
{
	static const enum digest_alg weak[] = { DIGEST_SHA1, DIGEST_MD5, DIGEST_SHA224 };
	struct be_error err = { .code = BE_OK };

	(void)state;
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY, token = BUFFER_EMPTY;

		assert_int_equal(pki_tsp_request(&request, weak[i], digest, nonce, sizeof(nonce), NULL), BE_OK);
		assert_false(answer(&response, request.data, request.len));
		assert_int_equal(
			pki_tsp_token(&token, response.data, response.len, weak[i], digest, nonce, sizeof(nonce), &err),
			BE_REFUSED);
		assert_string_not_equal(err.detail, "");
		buffer_free(&request);
		buffer_free(&response);
		buffer_free(&token);
	}
}

static void any_bytes_get_an_answer(void **state)
{
	static const char *const texts[] = { "", "0", "\x30\x80", "GET /tsa", "\x30\x03\x02\x01\x01" };
	uint8_t *large = calloc(1, PKI_TSP_MAX_REQUEST + 1);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buffer response = BUFFER_EMPTY;

		assert_false(answer(&response, texts[i], strlen(texts[i])));
		assert_true(response.len > 0);
		buffer_free(&response);
	}
	for (int i = 0; i < 2; i++) {
		struct buffer response = BUFFER_EMPTY;

		assert_false(answer(&response, i == 0 ? NULL : large, i == 0 ? 0 : PKI_TSP_MAX_REQUEST + 1));
		buffer_free(&response);
	}
	free(large);
}

static void a_changed_response_gives_no_good_stamp(void **state)
{
	struct buffer response = BUFFER_EMPTY;

	(void)state;
	stamp(&response, DIGEST_SHA256, nonce, sizeof(nonce));
	for (size_t i = 0; i < response.len; i++) {
		struct buffer token = BUFFER_EMPTY;
		struct pki_tst_facts facts;
		struct pki_tst *tst = NULL;
		enum pki_cms_fault fault;

		response.data[i] ^= 4;
		if (pki_tsp_token(&token, response.data, response.len, DIGEST_SHA256, digest, nonce, sizeof(nonce),
			    NULL) == BE_OK) {
			assert_int_equal(pki_tst_parse(&tst, &fault, token.data, token.len, NULL), BE_OK);
			if (tst != NULL) {
				assert_int_equal(pki_tst_check(tst, digest, 32, NULL, NULL, 0, &facts, NULL), BE_OK);
				/* The status, its length, and certificates beside the signer's are not signed. */
				if (facts.fault == PKI_CMS_OK)
					assert_int_equal(facts.time, CA_NOW);
			}
			pki_tst_free(&tst);
		}
		response.data[i] ^= 4;
		buffer_free(&token);
	}
	buffer_free(&response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stamp_that_was_asked_for_is_one),
		cmocka_unit_test(a_stamp_without_a_nonce_is_one_too),
		cmocka_unit_test(an_answer_to_something_else_is_none),
		cmocka_unit_test(what_cannot_be_stamped_is_refused_with_words),
		cmocka_unit_test(any_bytes_get_an_answer),
		cmocka_unit_test(a_changed_response_gives_no_good_stamp),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
