/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/request.h"

#include "pki/key.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static EVP_PKEY *public_of(const uint8_t *spki, size_t len)
{
	const unsigned char *at = spki;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)len);

	if (pkey != NULL && at == spki + len)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

/* Everything but the signature. */
static bool fill(X509_REQ *request, EVP_PKEY *pkey, const char *name, bool rsa)
{
	X509_NAME *subject = X509_NAME_new();
	X509_ALGOR *named = X509_ALGOR_new();
	int nid = rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256;
	bool good = subject != NULL && named != NULL && X509_REQ_set_version(request, 0L) == 1 &&
		X509_NAME_add_entry_by_NID(
			subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
		X509_REQ_set_subject_name(request, subject) == 1 && X509_REQ_set_pubkey(request, pkey) == 1 &&
		X509_ALGOR_set0(named, OBJ_nid2obj(nid), rsa ? V_ASN1_NULL : V_ASN1_UNDEF, NULL) == 1 &&
		X509_REQ_set1_signature_algo(request, named) == 1;

	X509_NAME_free(subject);
	X509_ALGOR_free(named);
	return good;
}

static enum be_err to_be_signed(X509_REQ *request, uint8_t digest[static DIGEST_MAX], struct be_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_re_X509_REQ_tbs(request, &der);
	enum be_err rc;
	size_t size;

	if (len <= 0)
		return pki_fail_memory(err);
	rc = digest_bytes(DIGEST_SHA256, der, (size_t)len, digest, &size, err);
	OPENSSL_free(der);
	return rc;
}

static enum be_err put_signature(X509_REQ *request, const struct buffer *signature, struct be_error *err)
{
	ASN1_BIT_STRING *value = ASN1_BIT_STRING_new();

	if (value == NULL || ASN1_BIT_STRING_set(value, signature->data, (int)signature->len) != 1) {
		ASN1_BIT_STRING_free(value);
		return pki_fail_memory(err);
	}
	/* No unused bits, whatever the last octet is. */
	value->flags = (value->flags & ~0x0fL) | ASN1_STRING_FLAG_BITS_LEFT;
	X509_REQ_set0_signature(request, value);
	return BE_OK;
}

static enum be_err put_der(struct buffer *der, X509_REQ *request, struct be_error *err)
{
	unsigned char *bytes = NULL;
	int len = i2d_X509_REQ(request, &bytes);

	if (len <= 0)
		return pki_fail_memory(err);
	buffer_add(der, bytes, (size_t)len);
	OPENSSL_free(bytes);
	return buffer_check(der, err);
}

enum be_err pki_request_make(struct buffer *der, const uint8_t *spki, size_t spki_len, const char *name,
	pki_request_sign_fn *sign, void *ctx, struct be_error *err)
{
	struct buffer signature = BUFFER_EMPTY;
	EVP_PKEY *pkey = public_of(spki, spki_len);
	X509_REQ *request = X509_REQ_new();
	uint8_t digest[DIGEST_MAX];
	bool rsa = pkey != NULL && EVP_PKEY_is_a(pkey, "RSA") == 1;
	enum be_err rc;

	if (pkey == NULL || request == NULL || !fill(request, pkey, name, rsa)) {
		rc = pki_fail(err, BE_MALFORMED, N_("The request for a certificate could not be made"));
		goto out;
	}
	rc = to_be_signed(request, digest, err);
	if (rc == BE_OK)
		rc = sign(ctx, rsa ? PKI_SCHEME_RSA_PKCS1 : PKI_SCHEME_ECDSA, DIGEST_SHA256, digest, &signature, err);
	if (rc == BE_OK)
		rc = put_signature(request, &signature, err);
	if (rc == BE_OK)
		rc = put_der(der, request, err);
out:
	buffer_free(&signature);
	X509_REQ_free(request);
	EVP_PKEY_free(pkey);
	return rc;
}

/* At least as strong as SHA-256; a plain key algorithm names no digest and signs nothing here. */
static bool strong(const X509_REQ *request)
{
	int digest = NID_undef;

	return OBJ_find_sigid_algs(X509_REQ_get_signature_nid(request), &digest, NULL) == 1 &&
		(digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512);
}

static enum be_err look(X509_REQ *request, EVP_PKEY *pkey, struct be_error *err)
{
	enum be_err rc = pki_pkey_fit(pkey, err);

	if (rc != BE_OK)
		return rc;
	if (!strong(request))
		return be_fail(err, BE_KEY_UNFIT, N_("The request is signed with an algorithm that is too weak"), NULL);
	if (X509_REQ_verify(request, pkey) != 1)
		return pki_fail(err, BE_CRYPTO, N_("The request does not prove that its sender has the private key"));
	return BE_OK;
}

enum be_err pki_request_open(struct buffer *spki, const uint8_t *der, size_t len, struct be_error *err)
{
	const unsigned char *at = der;
	X509_REQ *request = NULL;
	EVP_PKEY *pkey = NULL;
	unsigned char *bytes = NULL;
	enum be_err rc;
	int size;

	if (len <= PKI_REQUEST_MAX_BYTES)
		request = d2i_X509_REQ(NULL, &at, (long)len);
	if (request == NULL || at != der + len || (pkey = X509_REQ_get0_pubkey(request)) == NULL) {
		rc = pki_fail(err, BE_MALFORMED, N_("This is no request for a certificate (PKCS#10)"));
		goto out;
	}
	rc = look(request, pkey, err);
	size = rc == BE_OK ? i2d_PUBKEY(pkey, &bytes) : 0;
	if (rc == BE_OK && size <= 0)
		rc = pki_fail_memory(err);
	if (rc == BE_OK) {
		buffer_add(spki, bytes, (size_t)size);
		rc = buffer_check(spki, err);
	}
	OPENSSL_free(bytes);
out:
	ERR_clear_error();
	X509_REQ_free(request);
	return rc;
}
