/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/csr.h"

#include "pki/signature_alg.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <stdlib.h>

#define NOT_MADE N_("The certification request could not be made")

struct pki_csr_build {
	X509_REQ *request;
	enum pki_scheme scheme;
};

void pki_csr_build_free(struct pki_csr_build **build)
{
	if (*build == NULL)
		return;
	X509_REQ_free((*build)->request);
	free(*build);
	*build = NULL;
}

/* RFC 4055, 5: rsaEncryption's signatures have NULL for parameters; RFC 5758, 3.2: ECDSA's have none. */
static bool set_algorithm(struct pki_csr_build *build)
{
	X509_ALGOR *algorithm = X509_ALGOR_new();
	bool rsa = build->scheme == PKI_SCHEME_RSA_PKCS1;
	int nid = rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256;
	bool good = algorithm != NULL &&
		X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid), rsa ? V_ASN1_NULL : V_ASN1_UNDEF, NULL) == 1 &&
		X509_REQ_set1_signature_algo(build->request, algorithm) == 1;

	X509_ALGOR_free(algorithm);
	return good;
}

static bool fill(struct pki_csr_build *build, EVP_PKEY *key, const char *common)
{
	X509_NAME *name;

	build->request = X509_REQ_new();
	if (build->request == NULL)
		return false;
	name = X509_REQ_get_subject_name(build->request);
	return X509_REQ_set_version(build->request, X509_REQ_VERSION_1) == 1 &&
		X509_NAME_add_entry_by_NID(
			name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)common, -1, -1, 0) == 1 &&
		X509_REQ_set_pubkey(build->request, key) == 1 && set_algorithm(build);
}

enum be_err pki_csr_build_new(
	struct pki_csr_build **out, const uint8_t *public_key, size_t len, const char *common, struct be_error *err)
{
	const unsigned char *at = public_key;
	EVP_PKEY *key = len <= LONG_MAX ? d2i_PUBKEY(NULL, &at, (long)len) : NULL;
	struct pki_csr_build *build = NULL;
	enum be_err rc = BE_OK;

	*out = NULL;
	if (key == NULL || at != public_key + len) {
		rc = pki_fail(err, BE_MALFORMED, N_("The public key cannot be read"));
		goto out;
	}
	build = calloc(1, sizeof(*build));
	if (build == NULL) {
		rc = pki_fail_memory(err);
		goto out;
	}
	build->scheme = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? PKI_SCHEME_RSA_PKCS1 : PKI_SCHEME_ECDSA;
	if (!fill(build, key, common)) {
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	*out = build;
	build = NULL;
out:
	pki_csr_build_free(&build);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return rc;
}

enum be_err pki_csr_build_digest(const struct pki_csr_build *build, uint8_t out[static DIGEST_MAX], size_t *len,
	enum pki_scheme *scheme, struct be_error *err)
{
	unsigned char *der = NULL;
	int der_len = i2d_re_X509_REQ_tbs(build->request, &der);
	enum be_err rc;

	if (der_len <= 0)
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	*scheme = build->scheme;
	rc = digest_bytes(DIGEST_SHA256, der, (size_t)der_len, out, len, err);
	OPENSSL_free(der);
	return rc;
}

enum be_err pki_csr_build_finish(
	struct pki_csr_build *build, const uint8_t *signature, size_t len, struct buffer *der, struct be_error *err)
{
	ASN1_BIT_STRING *value = ASN1_BIT_STRING_new();
	unsigned char *bytes = NULL;
	int bytes_len = -1;
	enum be_err rc = BE_OK;

	if (value != NULL && len <= INT_MAX &&
		ASN1_BIT_STRING_set(value, (unsigned char *)(uintptr_t)signature, (int)len) == 1) {
		/* All its bits count: zeros at the end of a signature are no padding. */
		value->flags = (value->flags & ~0x0fL) | ASN1_STRING_FLAG_BITS_LEFT;
		X509_REQ_set0_signature(build->request, value);
		value = NULL;
		bytes_len = i2d_X509_REQ(build->request, &bytes);
	}
	if (bytes_len > 0)
		buffer_add(der, bytes, (size_t)bytes_len);
	rc = bytes_len > 0 ? buffer_check(der, err) : pki_fail(err, BE_CRYPTO, NOT_MADE);
	OPENSSL_free(bytes);
	ASN1_BIT_STRING_free(value);
	ERR_clear_error();
	return rc;
}

/* ---- judging ---- */

static bool key_fits(const EVP_PKEY *key)
{
	char curve[32] = "";
	int bits = EVP_PKEY_get_bits(key);

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return bits >= 2048 && bits <= 4096;
	case EVP_PKEY_EC:
		return EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) == 1 &&
			(OBJ_txt2nid(curve) == NID_X9_62_prime256v1 || OBJ_txt2nid(curve) == NID_secp384r1);
	default:
		return false;
	}
}

static bool algorithm_fits(const X509_REQ *request)
{
	struct pki_signature_alg alg;
	const X509_ALGOR *named = NULL;

	X509_REQ_get0_signature(request, NULL, &named);
	pki_signature_alg_read(&alg, named);
	return alg.sound && (alg.digest == DIGEST_SHA256 || alg.digest == DIGEST_SHA384 || alg.digest == DIGEST_SHA512);
}

static enum be_err put_public_key(struct buffer *out, EVP_PKEY *key, struct be_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	if (len <= 0)
		return pki_fail_memory(err);
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buffer_check(out, err);
}

enum be_err pki_csr_check(struct buffer *public_key, const uint8_t *der, size_t len, struct be_error *err)
{
	const unsigned char *at = der;
	X509_REQ *request = len != 0 && len <= PKI_CSR_MAX_BYTES ? d2i_X509_REQ(NULL, &at, (long)len) : NULL;
	EVP_PKEY *key = request != NULL ? X509_REQ_get0_pubkey(request) : NULL;
	enum be_err rc;

	if (request == NULL || at != der + len || key == NULL)
		rc = pki_fail(err, BE_MALFORMED, N_("The certification request cannot be read"));
	else if (!key_fits(key) || !algorithm_fits(request))
		rc = be_fail(err, BE_KEY_UNFIT,
			N_("Certificates are issued to RSA keys of 2048 to 4096 bits, P-256 and P-384 only"), NULL);
	else if (X509_REQ_verify(request, key) != 1)
		rc = pki_fail(
			err, BE_CRYPTO, N_("The certification request does not prove that its sender has the key"));
	else
		rc = put_public_key(public_key, key, err);
	X509_REQ_free(request);
	ERR_clear_error();
	return rc;
}
