/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cms_build.h"

#include "pki/p12.h"
#include "support/ca.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char content[] = "the bytes that a ByteRange covers";

#define CONTENT_LEN (sizeof(content) - 1)

/* Root, authority, and one person for each kind of key, opened out of a key file. */
static X509 *root, *middle;
static struct pki_key *persons[CA_KEY_KINDS];

static int make_people(void **state)
{
	static const enum ca_key kinds[] = { CA_RSA2048, CA_RSA_PSS, CA_P256, CA_P384 };
	struct secret *passphrase = NULL;

	(void)state;
	root = ca_root("Otoritas Akar", ca_key(CA_P256, 0));
	middle = ca_intermediate("Otoritas Antara", ca_key(CA_P256, 1), root, ca_key(CA_P256, 0));
	if (secret_new(&passphrase, 16, NULL) != BE_OK || secret_add(passphrase, "rahasia", 7, NULL) != BE_OK)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		EVP_PKEY *key = ca_key(kinds[i], 2);
		X509 *person = ca_person("Siti Contoh", key, middle, ca_key(CA_P256, 1));
		X509 *stranger = ca_person("Budi Contoh", ca_key(CA_P256, 3), middle, ca_key(CA_P256, 1));
		STACK_OF(X509) *others = sk_X509_new_null();
		struct buffer file = BUFFER_EMPTY;
		enum be_err rc;

		(void)sk_X509_push(others, stranger);
		(void)sk_X509_push(others, root);
		(void)sk_X509_push(others, middle);
		ca_p12(&file, "rahasia", key, person, others, 1);
		rc = pki_p12_open(&persons[kinds[i]], file.data, file.len, passphrase, NULL);
		buffer_free(&file);
		sk_X509_free(others);
		X509_free(stranger);
		X509_free(person);
		if (rc != BE_OK)
			return -1;
	}
	secret_free(&passphrase);
	return 0;
}

static int forget_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < CA_KEY_KINDS; i++)
		pki_key_free(&persons[i]);
	X509_free(root);
	X509_free(middle);
	return 0;
}

static enum be_err start(struct pki_cms_build **build, enum ca_key who, enum pki_scheme scheme, enum digest_alg digest)
{
	const uint8_t *const *ders = NULL;
	const size_t *lens = NULL;
	size_t count = pki_key_certificates(persons[who], &ders, &lens);
	uint8_t value[DIGEST_MAX];
	size_t len = 0;

	assert_int_equal(digest_bytes(digest, content, CONTENT_LEN, value, &len, NULL), BE_OK);
	return pki_cms_build_new(build, ders, lens, count, digest, scheme, value, NULL);
}

static void sign(struct buffer *message, enum ca_key who, enum pki_scheme scheme, enum digest_alg digest, size_t *max)
{
	struct pki_cms_build *build = NULL;
	struct buffer signature = BUFFER_EMPTY;
	uint8_t value[DIGEST_MAX];
	size_t len = 0;

	assert_int_equal(start(&build, who, scheme, digest), BE_OK);
	assert_int_equal(pki_cms_build_max_size(build, max, NULL), BE_OK);
	assert_int_equal(pki_cms_build_digest(build, value, &len, NULL), BE_OK);
	assert_int_equal(len, digest_size(digest));
	assert_int_equal(pki_key_sign(persons[who], scheme, digest, value, &signature, NULL), BE_OK);
	assert_int_equal(pki_cms_build_finish(build, signature.data, signature.len, message, NULL), BE_OK);
	buffer_free(&signature);
	pki_cms_build_free(&build);
	assert_null(build);
}

static CMS_ContentInfo *decode(const struct buffer *message)
{
	const unsigned char *at = message->data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)message->len);

	assert_non_null(cms);
	assert_ptr_equal(at, message->data + message->len);
	return cms;
}

/* OpenSSL's own judgement: the chain up to the root, signing-certificate-v2 (CAdES), the detached content. */
static bool openssl_accepts(CMS_ContentInfo *cms, const char *bytes, size_t len)
{
	X509_STORE *store = X509_STORE_new();
	BIO *bio = BIO_new_mem_buf(bytes, (int)len);
	bool good;

	assert_int_equal(X509_STORE_add_cert(store, root), 1);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), CA_NOW);
	X509_VERIFY_PARAM_set_purpose(X509_STORE_get0_param(store), X509_PURPOSE_ANY);
	good = CMS_verify(cms, NULL, store, bio, NULL, CMS_BINARY | CMS_CADES) == 1;
	ERR_clear_error();
	BIO_free(bio);
	X509_STORE_free(store);
	return good;
}

/* clang-format off */
static const struct { enum ca_key who; enum pki_scheme scheme; int algorithm[3]; } kinds[] = {
	{ CA_RSA2048, PKI_SCHEME_RSA_PKCS1, { NID_rsaEncryption, NID_rsaEncryption, NID_rsaEncryption } },
	{ CA_RSA2048, PKI_SCHEME_RSA_PSS,   { NID_rsassaPss, NID_rsassaPss, NID_rsassaPss } },
	{ CA_RSA_PSS, PKI_SCHEME_RSA_PSS,   { NID_rsassaPss, NID_rsassaPss, NID_rsassaPss } },
	{ CA_P256,    PKI_SCHEME_ECDSA,     { NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384, NID_ecdsa_with_SHA512 } },
	{ CA_P384,    PKI_SCHEME_ECDSA,     { NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384, NID_ecdsa_with_SHA512 } },
};
static const enum digest_alg digests[] = { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };
/* clang-format on */

static void check_attributes(CMS_SignerInfo *signer, int algorithm)
{
	X509_ALGOR *named = NULL;
	const ASN1_OBJECT *object = NULL;

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, NULL, &named);
	X509_ALGOR_get0(&object, NULL, NULL, named);
	assert_int_equal(OBJ_obj2nid(object), algorithm);
	assert_int_equal(CMS_signed_get_attr_count(signer), 3);
	assert_true(CMS_signed_get_attr_by_NID(signer, NID_pkcs9_contentType, -1) >= 0);
	assert_true(CMS_signed_get_attr_by_NID(signer, NID_pkcs9_messageDigest, -1) >= 0);
	assert_true(CMS_signed_get_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2, -1) >= 0);
	assert_int_equal(CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1), -1);
	assert_int_equal(CMS_signed_get_attr_by_NID(signer, NID_SMIMECapabilities, -1), -1);
	assert_int_equal(CMS_unsigned_get_attr_count(signer), -1);
}

/* signing-certificate-v2 names the signer by its hash, and by issuer and serial number (RFC 5035, 4). */
static void check_signing_certificate(CMS_SignerInfo *signer, enum ca_key who, enum digest_alg digest)
{
	const ASN1_STRING *value = CMS_signed_get0_data_by_OBJ(
		signer, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3, V_ASN1_SEQUENCE);
	const uint8_t *const *ders = NULL;
	const size_t *lens = NULL;
	uint8_t hash[DIGEST_MAX];
	unsigned char *issuer = NULL;
	size_t size, len = 0;
	int issuer_len = i2d_X509_NAME(X509_get_subject_name(middle), &issuer);

	assert_non_null(value);
	assert_true(issuer_len > 0);
	size = (size_t)ASN1_STRING_length(value);
	assert_true(pki_key_certificates(persons[who], &ders, &lens) > 0);
	assert_int_equal(digest_bytes(digest, ders[0], lens[0], hash, &len, NULL), BE_OK);
	assert_non_null(memmem(ASN1_STRING_get0_data(value), size, hash, len));
	assert_non_null(memmem(ASN1_STRING_get0_data(value), size, issuer, (size_t)issuer_len));
	OPENSSL_free(issuer);
}

static void every_scheme_with_every_digest_is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (size_t j = 0; j < 3; j++) {
			struct buffer message = BUFFER_EMPTY;
			CMS_ContentInfo *cms;
			size_t max = 0;

			sign(&message, kinds[i].who, kinds[i].scheme, digests[j], &max);
			assert_true(message.len <= max);
			cms = decode(&message);
			assert_int_equal(sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)), 1);
			assert_true(openssl_accepts(cms, content, CONTENT_LEN));
			assert_false(openssl_accepts(cms, content, CONTENT_LEN - 1));
			check_attributes(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0), kinds[i].algorithm[j]);
			check_signing_certificate(
				sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0), kinds[i].who, digests[j]);
			CMS_ContentInfo_free(cms);
			buffer_free(&message);
		}
	}
}

static void the_message_is_detached_and_der(void **state)
{
	struct buffer message = BUFFER_EMPTY;
	unsigned char *again = NULL;
	CMS_ContentInfo *cms;
	size_t max = 0;

	(void)state;
	sign(&message, CA_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256, &max);
	cms = decode(&message);
	assert_int_equal(message.len, max);
	assert_int_equal(CMS_is_detached(cms), 1);
	assert_int_equal(OBJ_obj2nid(CMS_get0_eContentType(cms)), NID_pkcs7_data);
	assert_int_equal(i2d_CMS_ContentInfo(cms, &again), message.len);
	assert_memory_equal(again, message.data, message.len);
	OPENSSL_free(again);
	CMS_ContentInfo_free(cms);
	buffer_free(&message);
}

static bool holds(const STACK_OF(X509) * certs, const X509 *wanted)
{
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (X509_cmp(sk_X509_value(certs, i), wanted) == 0)
			return true;
	return false;
}

static void the_path_goes_along_without_its_root_and_without_strangers(void **state)
{
	struct buffer message = BUFFER_EMPTY;
	STACK_OF(X509) * certs;
	CMS_ContentInfo *cms;
	size_t max = 0;

	(void)state;
	sign(&message, CA_P256, PKI_SCHEME_ECDSA, DIGEST_SHA256, &max);
	cms = decode(&message);
	certs = CMS_get1_certs(cms);
	assert_int_equal(sk_X509_num(certs), 2);
	assert_true(holds(certs, middle));
	assert_false(holds(certs, root));
	sk_X509_pop_free(certs, X509_free);
	CMS_ContentInfo_free(cms);
	buffer_free(&message);
}

static void a_signer_that_is_its_own_root_goes_along(void **state)
{
	EVP_PKEY *key = ca_key(CA_P256, 4);
	X509 *self = ca_person("Siti Sendiri", key, NULL, NULL);
	struct pki_cms_build *build = NULL;
	struct buffer der = BUFFER_EMPTY;
	const uint8_t *chain[3];
	size_t lens[3];
	uint8_t value[DIGEST_MAX] = { 0 };
	size_t max = 0;

	(void)state;
	ca_der(&der, self);
	for (size_t i = 0; i < 3; i++) {
		chain[i] = der.data;
		lens[i] = der.len;
	}
	/* The same certificate three times is one. */
	assert_int_equal(
		pki_cms_build_new(&build, chain, lens, 3, DIGEST_SHA256, PKI_SCHEME_ECDSA, value, NULL), BE_OK);
	assert_int_equal(pki_cms_build_max_size(build, &max, NULL), BE_OK);
	assert_true(max > der.len && max < 2 * der.len + 400);
	pki_cms_build_free(&build);
	buffer_free(&der);
	X509_free(self);
}

static void no_ecdsa_signature_is_larger_than_the_bound(void **state)
{
	size_t longest = 0, max = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct buffer message = BUFFER_EMPTY;

		sign(&message, i % 4 == 0 ? CA_P384 : CA_P256, PKI_SCHEME_ECDSA, DIGEST_SHA256, &max);
		assert_true(message.len <= max);
		if (i % 4 != 0 && message.len > longest)
			longest = message.len;
		buffer_free(&message);
	}
	/* With r and s both of full length, which one signature in four has, the bound is met exactly. */
	assert_int_equal(longest, max);
}

static void a_scheme_that_does_not_go_with_the_key_is_refused(void **state)
{
	/* clang-format off */
	static const struct { enum ca_key who; enum pki_scheme scheme; } wrong[] = {
		{ CA_RSA2048, PKI_SCHEME_ECDSA }, { CA_RSA_PSS, PKI_SCHEME_RSA_PKCS1 },
		{ CA_RSA_PSS, PKI_SCHEME_ECDSA },
		{ CA_P256, PKI_SCHEME_RSA_PKCS1 }, { CA_P384, PKI_SCHEME_RSA_PSS },
	};
	/* clang-format on */
	uint8_t value[DIGEST_MAX] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer signature = BUFFER_EMPTY;
		struct pki_cms_build *build = NULL;

		assert_int_equal(start(&build, wrong[i].who, wrong[i].scheme, DIGEST_SHA256), BE_KEY_UNFIT);
		assert_null(build);
		assert_int_equal(
			pki_key_sign(persons[wrong[i].who], wrong[i].scheme, DIGEST_SHA256, value, &signature, NULL),
			BE_KEY_UNFIT);
		assert_int_equal(signature.len, 0);
	}
}

static void digests_that_are_not_safe_are_refused(void **state)
{
	struct pki_cms_build *build = NULL;

	(void)state;
	assert_int_equal(start(&build, CA_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA1), BE_UNSUPPORTED);
	assert_int_equal(start(&build, CA_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_MD5), BE_UNSUPPORTED);
	assert_int_equal(start(&build, CA_P256, PKI_SCHEME_ECDSA, DIGEST_SHAKE256), BE_UNSUPPORTED);
	assert_null(build);
}

static void a_signature_of_another_shape_is_refused(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_cms_build *build = NULL;
	uint8_t signature[600] = { 0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07, 0x00 };

	(void)state;
	assert_int_equal(start(&build, CA_P256, PKI_SCHEME_ECDSA, DIGEST_SHA256), BE_OK);
	assert_int_equal(pki_cms_build_finish(build, signature, 0, &der, NULL), BE_CRYPTO);
	assert_int_equal(pki_cms_build_finish(build, signature, 9, &der, NULL), BE_CRYPTO);
	assert_int_equal(pki_cms_build_finish(build, signature, 7, &der, NULL), BE_CRYPTO);
	assert_int_equal(pki_cms_build_finish(build, signature, sizeof(signature), &der, NULL), BE_CRYPTO);
	/* r and s side by side, as a token gives them. */
	assert_int_equal(pki_cms_build_finish(build, signature + 100, 64, &der, NULL), BE_CRYPTO);
	assert_int_equal(der.len, 0);
	assert_int_equal(pki_cms_build_finish(build, signature, 8, &der, NULL), BE_OK);
	pki_cms_build_free(&build);

	assert_int_equal(start(&build, CA_RSA2048, PKI_SCHEME_RSA_PSS, DIGEST_SHA256), BE_OK);
	assert_int_equal(pki_cms_build_finish(build, signature, 255, &der, NULL), BE_CRYPTO);
	assert_int_equal(pki_cms_build_finish(build, signature, 257, &der, NULL), BE_CRYPTO);
	pki_cms_build_free(&build);
	buffer_free(&der);
}

static void a_chain_that_cannot_be_read_is_refused(void **state)
{
	static const uint8_t junk[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };
	const uint8_t *chain[] = { junk };
	const size_t lens[] = { sizeof(junk) };
	struct pki_cms_build *build = NULL;

	(void)state;
	assert_int_equal(
		pki_cms_build_new(&build, chain, lens, 1, DIGEST_SHA256, PKI_SCHEME_ECDSA, junk, NULL), BE_MALFORMED);
	assert_int_equal(
		pki_cms_build_new(&build, NULL, NULL, 0, DIGEST_SHA256, PKI_SCHEME_ECDSA, junk, NULL), BE_MALFORMED);
	assert_null(build);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scheme_with_every_digest_is_accepted),
		cmocka_unit_test(the_message_is_detached_and_der),
		cmocka_unit_test(the_path_goes_along_without_its_root_and_without_strangers),
		cmocka_unit_test(a_signer_that_is_its_own_root_goes_along),
		cmocka_unit_test(no_ecdsa_signature_is_larger_than_the_bound),
		cmocka_unit_test(a_scheme_that_does_not_go_with_the_key_is_refused),
		cmocka_unit_test(digests_that_are_not_safe_are_refused),
		cmocka_unit_test(a_signature_of_another_shape_is_refused),
		cmocka_unit_test(a_chain_that_cannot_be_read_is_refused),
	};

	return cmocka_run_group_tests_name("building CMS signatures", tests, make_people, forget_people);
}
