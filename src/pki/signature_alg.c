/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/signature_alg.h"

#include "pki/algorithm.h"
#include "pki/small_order.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

#define OID_SHAKE256_LEN "2.16.840.1.101.3.4.2.18"

static void oid_text(char *out, int size, const ASN1_OBJECT *oid)
{
	out[0] = '\0';
	if (oid == NULL || OBJ_obj2txt(out, size, oid, 1) <= 0)
		out[0] = '\0';
}

/* RFC 5754, 2: absent or NULL, both are read. */
static bool no_parameters(const X509_ALGOR *named)
{
	int type = V_ASN1_UNDEF;

	X509_ALGOR_get0(NULL, &type, NULL, named);
	return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

enum digest_alg pki_digest_alg_read(const X509_ALGOR *named)
{
	const ASN1_OBJECT *oid = NULL;
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	int64_t bits = 0;
	char text[48];

	X509_ALGOR_get0(&oid, &type, &value, named);
	if (oid == NULL)
		return DIGEST_NONE;
	if (no_parameters(named))
		return pki_digest_of_nid(OBJ_obj2nid(oid));
	/* RFC 8419, 2.3: Ed448 with the output length said in bits. */
	oid_text(text, (int)sizeof(text), oid);
	if (strcmp(text, OID_SHAKE256_LEN) == 0 && type == V_ASN1_INTEGER
		&& ASN1_INTEGER_get_int64(&bits, value) == 1 && bits == 512)
		return DIGEST_SHAKE256;
	return DIGEST_NONE;
}

/* RFC 4055, 3.1: what is absent has a default, and SHA-1 is the default. */
static void read_pss(struct pki_signature_alg *out, const X509_ALGOR *named)
{
	RSA_PSS_PARAMS *pss = NULL;
	X509_ALGOR *inner = NULL;
	const ASN1_OBJECT *mgf = NULL;
	const void *value = NULL;
	int64_t trailer = 1;
	int type = V_ASN1_UNDEF;

	out->salt_len = 20;
	X509_ALGOR_get0(NULL, &type, &value, named);
	if (type != V_ASN1_SEQUENCE)
		return;
	pss = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (pss == NULL)
		return;
	out->digest = pss->hashAlgorithm != NULL ? pki_digest_alg_read(pss->hashAlgorithm) : DIGEST_SHA1;
	out->mgf_digest = DIGEST_SHA1;
	if (pss->maskGenAlgorithm != NULL) {
		out->mgf_digest = DIGEST_NONE;
		X509_ALGOR_get0(&mgf, &type, &value, pss->maskGenAlgorithm);
		if (OBJ_obj2nid(mgf) == NID_mgf1 && type == V_ASN1_SEQUENCE)
			inner = ASN1_item_unpack(value, ASN1_ITEM_rptr(X509_ALGOR));
		if (inner != NULL)
			out->mgf_digest = pki_digest_alg_read(inner);
	}
	out->sound = (pss->saltLength == NULL || ASN1_INTEGER_get_int64(&out->salt_len, pss->saltLength) == 1)
		&& (pss->trailerField == NULL || ASN1_INTEGER_get_int64(&trailer, pss->trailerField) == 1)
		&& trailer == 1 && out->digest != DIGEST_NONE && out->mgf_digest == out->digest;
	X509_ALGOR_free(inner);
	RSA_PSS_PARAMS_free(pss);
}

/* OpenSSL's cross-reference of signature algorithms lacks these: ECDSA with SHA-3 (FIPS 202) and BSI TR-03111,
 * 5.2.1.1. */
static const struct {
	const char *oid;
	enum pki_signature_kind kind;
	enum digest_alg digest;
} unlisted[] = {
	{ "2.16.840.1.101.3.4.3.10",   PKI_SIGNATURE_ECDSA,       DIGEST_SHA3_256 },
	{ "2.16.840.1.101.3.4.3.11",   PKI_SIGNATURE_ECDSA,       DIGEST_SHA3_384 },
	{ "2.16.840.1.101.3.4.3.12",   PKI_SIGNATURE_ECDSA,       DIGEST_SHA3_512 },
	{ "0.4.0.127.0.7.1.1.4.1.1",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA1 },
	{ "0.4.0.127.0.7.1.1.4.1.2",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA224 },
	{ "0.4.0.127.0.7.1.1.4.1.3",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA256 },
	{ "0.4.0.127.0.7.1.1.4.1.4",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA384 },
	{ "0.4.0.127.0.7.1.1.4.1.5",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA512 },
	{ "0.4.0.127.0.7.1.1.4.1.6",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_RIPEMD160 },
	{ "0.4.0.127.0.7.1.1.4.1.9",   PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA3_256 },
	{ "0.4.0.127.0.7.1.1.4.1.10",  PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA3_384 },
	{ "0.4.0.127.0.7.1.1.4.1.11",  PKI_SIGNATURE_PLAIN_ECDSA, DIGEST_SHA3_512 },
};

/* Messages name a key's own algorithm (rsaEncryption, id-ecPublicKey) or one that includes the digest. */
static void find_kind(struct pki_signature_alg *out, int nid)
{
	int digest = NID_undef, key = NID_undef;
	size_t i;

	for (i = 0; i < sizeof(unlisted) / sizeof(unlisted[0]); i++) {
		if (strcmp(unlisted[i].oid, out->name) != 0)
			continue;
		out->kind = unlisted[i].kind;
		out->digest = unlisted[i].digest;
		out->sound = true;
		return;
	}
	if (OBJ_find_sigid_algs(nid, &digest, &key) != 1)
		key = nid;
	out->digest = pki_digest_of_nid(digest);
	out->sound = digest == NID_undef || out->digest != DIGEST_NONE;
	if (key == NID_rsaEncryption || key == NID_rsa)
		out->kind = PKI_SIGNATURE_RSA;
	else if (key == NID_rsassaPss)
		out->kind = PKI_SIGNATURE_PSS;
	else if (key == NID_X9_62_id_ecPublicKey && (digest != NID_undef || nid == key))
		out->kind = PKI_SIGNATURE_ECDSA;
	else if (key == NID_ED25519)
		out->kind = PKI_SIGNATURE_ED25519;
	else if (key == NID_ED448)
		out->kind = PKI_SIGNATURE_ED448;
	else
		out->sound = false;
}

/* Signers put the parameters of the key where ECDSA has none; then they must be the key's. */
static bool read_curve(struct pki_signature_alg *out, const X509_ALGOR *named)
{
	const void *value = NULL;
	int type = V_ASN1_UNDEF;

	X509_ALGOR_get0(NULL, &type, &value, named);
	if (type != V_ASN1_OBJECT || (out->kind != PKI_SIGNATURE_ECDSA && out->kind != PKI_SIGNATURE_PLAIN_ECDSA))
		return false;
	out->curve = OBJ_obj2nid(value);
	return out->curve != NID_undef;
}

void pki_signature_alg_read(struct pki_signature_alg *out, const X509_ALGOR *named)
{
	static const char *const names[] = { NULL, "RSA PKCS#1 v1.5", "RSA-PSS", "ECDSA", "ECDSA", "Ed25519", "Ed448" };
	const ASN1_OBJECT *oid = NULL;
	int nid;

	memset(out, 0, sizeof(*out));
	X509_ALGOR_get0(&oid, NULL, NULL, named);
	if (oid == NULL)
		return;
	nid = OBJ_obj2nid(oid);
	oid_text(out->name, (int)sizeof(out->name), oid);
	find_kind(out, nid);
	if (out->kind == PKI_SIGNATURE_UNKNOWN)
		return;
	(void)snprintf(out->name, sizeof(out->name), "%s", names[out->kind]);
	if (out->kind == PKI_SIGNATURE_PSS) {
		out->sound = false;
		read_pss(out, named);
	} else if (!no_parameters(named) && !read_curve(out, named)) {
		out->sound = false;
	}
}

static bool curve_fits(const struct pki_signature_alg *alg, const EVP_PKEY *key)
{
	char name[80];

	return alg->curve == NID_undef
		|| (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) == 1 && OBJ_txt2nid(name) == alg->curve);
}

static bool key_fits(const struct pki_signature_alg *alg, const EVP_PKEY *key)
{
	int id = EVP_PKEY_get_base_id(key);

	switch (alg->kind) {
	case PKI_SIGNATURE_RSA:
		return id == EVP_PKEY_RSA;
	case PKI_SIGNATURE_PSS:
		return id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS;
	case PKI_SIGNATURE_ECDSA:
	case PKI_SIGNATURE_PLAIN_ECDSA:
		return id == EVP_PKEY_EC && curve_fits(alg, key);
	case PKI_SIGNATURE_ED25519:
		return id == EVP_PKEY_ED25519;
	case PKI_SIGNATURE_ED448:
		return id == EVP_PKEY_ED448;
	case PKI_SIGNATURE_UNKNOWN:
	default:
		return false;
	}
}

/* RFC 8419, 2.3 and 3.1: the attributes themselves are signed, not their digest, and the digest of the content is
 * fixed. */
static enum pki_cms_fault check_eddsa(enum digest_alg wanted, enum digest_alg digest, EVP_PKEY *key,
	struct ber_span signed_bytes, bool prehashed, struct ber_span value)
{
	EVP_MD_CTX *ctx = NULL;
	enum pki_cms_fault fault = PKI_CMS_SIGNATURE;

	if (digest != wanted || prehashed)
		return PKI_CMS_ALGORITHMS;
	if (pki_small_order(key))
		return PKI_CMS_SIGNATURE;
	ctx = EVP_MD_CTX_new();
	if (ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1
		&& EVP_DigestVerify(ctx, value.at, value.len, signed_bytes.at, signed_bytes.len) == 1)
		fault = PKI_CMS_OK;
	EVP_MD_CTX_free(ctx);
	return fault;
}

/* r and s side by side, each as long as the group's order, as the SEQUENCE that EVP knows. */
static int plain_to_der(uint8_t **der, const EVP_PKEY *key, struct ber_span value)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	ECDSA_SIG *pair = NULL;
	BIGNUM *r = NULL, *s = NULL;
	int len = -1;

	if (value.len != 2 * half || half > 128)
		return -1;
	pair = ECDSA_SIG_new();
	r = BN_bin2bn(value.at, (int)half, NULL);
	s = BN_bin2bn(value.at + half, (int)half, NULL);
	if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
		r = NULL;
		s = NULL;
		len = i2d_ECDSA_SIG(pair, der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(pair);
	return len;
}

/* A salt as long as the modulus allows and no longer (RFC 8017, 9.1.2); OpenSSL takes negative lengths for
 * instructions. */
static bool set_pss(EVP_PKEY_CTX *ctx, const struct pki_signature_alg *alg, const EVP_PKEY *key)
{
	int64_t longest = (int64_t)EVP_PKEY_get_size(key) - (int64_t)digest_size(alg->digest) - 2;

	return alg->salt_len >= 0 && alg->salt_len <= longest
		&& EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1
		&& EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, pki_md(alg->mgf_digest)) == 1
		&& EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)alg->salt_len) == 1;
}

static bool set_padding(EVP_PKEY_CTX *ctx, const struct pki_signature_alg *alg, const EVP_PKEY *key)
{
	if (alg->kind == PKI_SIGNATURE_PSS)
		return set_pss(ctx, alg, key);
	return alg->kind != PKI_SIGNATURE_RSA || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
}

/* An ECDSA signature that is no strict DER, or is followed by anything, is refused by EVP_PKEY_verify itself. */
static enum pki_cms_fault check_digest(const struct pki_signature_alg *alg, enum digest_alg digest, EVP_PKEY *key,
	struct ber_span hashed, struct ber_span value)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	enum pki_cms_fault fault = PKI_CMS_SIGNATURE;
	uint8_t *der = NULL;
	int der_len;

	if (ctx == NULL || EVP_PKEY_verify_init(ctx) != 1)
		goto out;
	if (!set_padding(ctx, alg, key) || EVP_PKEY_CTX_set_signature_md(ctx, pki_md(digest)) != 1) {
		fault = PKI_CMS_ALGORITHMS;
		goto out;
	}
	if (alg->kind == PKI_SIGNATURE_PLAIN_ECDSA) {
		der_len = plain_to_der(&der, key, value);
		if (der_len <= 0 || der == NULL)
			goto out;
		value.at = der;
		value.len = (size_t)der_len;
	}
	if (EVP_PKEY_verify(ctx, value.at, value.len, hashed.at, hashed.len) == 1)
		fault = PKI_CMS_OK;
out:
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(ctx);
	return fault;
}

enum pki_cms_fault pki_signature_check(const struct pki_signature_alg *alg, enum digest_alg digest, EVP_PKEY *key,
	struct ber_span signed_bytes, bool prehashed, struct ber_span value)
{
	uint8_t hash[DIGEST_MAX];
	struct ber_span hashed = signed_bytes;

	if (!alg->sound || pki_md(digest) == NULL || !key_fits(alg, key)
		|| (alg->digest != DIGEST_NONE && alg->digest != digest))
		return PKI_CMS_ALGORITHMS;
	if (alg->kind == PKI_SIGNATURE_ED25519)
		return check_eddsa(DIGEST_SHA512, digest, key, signed_bytes, prehashed, value);
	if (alg->kind == PKI_SIGNATURE_ED448)
		return check_eddsa(DIGEST_SHAKE256, digest, key, signed_bytes, prehashed, value);
	if (!prehashed) {
		if (digest_bytes(digest, signed_bytes.at, signed_bytes.len, hash, &hashed.len, NULL) != BE_OK)
			return PKI_CMS_SIGNATURE;
		hashed.at = hash;
	}
	return hashed.len == digest_size(digest) ? check_digest(alg, digest, key, hashed, value) : PKI_CMS_SIGNATURE;
}
