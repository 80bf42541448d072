/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "pki/algorithm.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* Longer paths than this nobody issues; it bounds what a document full of certificates can cost. */
#define DEPTH_MAX 32

/* What is not named here is BROKEN. */
/* clang-format off */
static const struct { int error; enum pki_chain_result result; } meanings[] = {
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,           PKI_CHAIN_NONE },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,   PKI_CHAIN_NONE },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,     PKI_CHAIN_NONE },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,         PKI_CHAIN_NONE },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,           PKI_CHAIN_NONE },
	{ X509_V_ERR_CERT_UNTRUSTED,                      PKI_CHAIN_NONE },
	{ X509_V_ERR_CERT_REJECTED,                       PKI_CHAIN_NONE },
	{ X509_V_ERR_CERT_HAS_EXPIRED,                    PKI_CHAIN_EXPIRED },
	{ X509_V_ERR_CERT_NOT_YET_VALID,                  PKI_CHAIN_NOT_YET_VALID },
	{ X509_V_ERR_CERT_CHAIN_TOO_LONG,                 PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_INVALID_CA,                          PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_INVALID_NON_CA,                      PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED,                PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED,          PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED,      PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_PROXY_SUBJECT_NAME_VIOLATION,        PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_INVALID_PURPOSE,                     PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_KEYUSAGE_NO_CERTSIGN,                PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE,       PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,        PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_INVALID_EXTENSION,                   PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_INVALID_POLICY_EXTENSION,            PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_NO_EXPLICIT_POLICY,                  PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_UNNESTED_RESOURCE,                   PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_PERMITTED_VIOLATION,                 PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_EXCLUDED_VIOLATION,                  PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_SUBTREE_MINMAX,                      PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE,         PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,       PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_UNSUPPORTED_NAME_SYNTAX,             PKI_CHAIN_CONSTRAINTS },
	{ X509_V_ERR_SUBJECT_ISSUER_MISMATCH,             PKI_CHAIN_NONE },
	{ X509_V_ERR_AKID_SKID_MISMATCH,                  PKI_CHAIN_NONE },
	{ X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH,         PKI_CHAIN_NONE },
	{ X509_V_ERR_EE_KEY_TOO_SMALL,                    PKI_CHAIN_WEAK },
	{ X509_V_ERR_CA_KEY_TOO_SMALL,                    PKI_CHAIN_WEAK },
	{ X509_V_ERR_CA_MD_TOO_WEAK,                      PKI_CHAIN_WEAK },
};
/* clang-format on */

static enum pki_chain_result meaning_of(int error)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].error == error)
			return meanings[i].result;
	return PKI_CHAIN_BROKEN;
}

/* What OpenSSL complained about on the way. A complaint about time lets it go on, so that one about the rest is
 * still heard. */
struct complaints {
	int time_error; /* the one nearest to the end certificate: OpenSSL walks down towards it */
	int time_depth;
	int error; /* the one it stopped at */
	int depth;
};

static int hear(int ok, X509_STORE_CTX *ctx)
{
	struct complaints *heard = X509_STORE_CTX_get_app_data(ctx);
	int error = X509_STORE_CTX_get_error(ctx);

	if (ok)
		return ok;
	if (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID) {
		heard->time_error = error;
		heard->time_depth = X509_STORE_CTX_get_error_depth(ctx);
		return 1;
	}
	heard->error = error;
	heard->depth = X509_STORE_CTX_get_error_depth(ctx);
	return 0;
}

static bool key_is_weak(EVP_PKEY *key)
{
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;

	switch (key != NULL ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
	case EVP_PKEY_DSA:
		return bits < 2048;
	case EVP_PKEY_EC:
		return bits < 256;
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448:
		return false;
	default:
		return true;
	}
}

/* Ed25519 and Ed448 name no digest: they bring their own. */
static bool digest_is_weak(X509 *cert)
{
	int digest = NID_undef, key = NID_undef;

	if (X509_get_signature_info(cert, &digest, &key, NULL, NULL) != 1)
		return key != NID_ED25519 && key != NID_ED448;
	switch (pki_digest_of_nid(digest)) {
	case DIGEST_SHA224:
	case DIGEST_SHA256:
	case DIGEST_SHA384:
	case DIGEST_SHA512:
	case DIGEST_SHA3_256:
	case DIGEST_SHA3_384:
	case DIGEST_SHA3_512:
		return false;
	case DIGEST_NONE:
	case DIGEST_MD5:
	case DIGEST_SHA1:
	case DIGEST_RIPEMD160:
	case DIGEST_SHAKE256:
	case DIGEST_ALG_COUNT:
	default:
		return key != NID_ED25519 && key != NID_ED448;
	}
}

/* The depth of the first certificate that is signed with what is broken, or -1. An anchor is trusted as it stands,
 * its signature says nothing. */
static int weak_depth(const STACK_OF(X509) * path)
{
	for (int i = 0; i + 1 < sk_X509_num(path); i++)
		if (digest_is_weak(sk_X509_value(path, i)) || key_is_weak(X509_get0_pubkey(sk_X509_value(path, i + 1))))
			return i;
	return -1;
}

static bool is_anchor(const struct pki_anchors *anchors, const X509 *cert)
{
	for (size_t i = 0; i < pki_anchors_count(anchors); i++) {
		const uint8_t *der;
		bool trusted;
		size_t len;

		pki_anchors_at(anchors, i, &der, &len, &trusted);
		if (trusted && X509_cmp(cert, pki_anchors_x509(anchors, i)) == 0)
			return true;
	}
	return false;
}

static void describe_path(struct pki_chain_facts *out, const STACK_OF(X509) * path, const struct pki_anchors *anchors)
{
	int count = sk_X509_num(path);
	const X509 *last = count > 0 ? sk_X509_value(path, count - 1) : NULL;
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (last == NULL || !is_anchor(anchors, last) || X509_digest(last, pki_md(DIGEST_SHA256), digest, &len) != 1)
		return;
	for (unsigned int i = 0; i < len && 2 * i + 2 < sizeof(out->anchor_sha256); i++)
		(void)snprintf(out->anchor_sha256 + 2 * i, 3, "%02x", digest[i]);
	out->length = (uint32_t)count;
}

static void complain(struct pki_chain_facts *out, enum pki_chain_result result, const char *words, int depth)
{
	out->result = (uint32_t)result;
	(void)snprintf(out->detail, sizeof(out->detail), "%s (certificate %d of the path)", words, depth + 1);
}

/* The order matters: what no other moment can heal is said before what a time stamp may. */
static void judge(struct pki_chain_facts *out, X509_STORE_CTX *ctx, int verified, const struct complaints *heard,
	const struct pki_anchors *anchors)
{
	const STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(ctx);
	int weak;

	if (verified != 1) {
		int error = heard->error != X509_V_OK ? heard->error : X509_STORE_CTX_get_error(ctx);
		enum pki_chain_result result = meaning_of(error);

		/* OpenSSL stopped, so the path is not good, whatever it says. */
		if (result == PKI_CHAIN_EXPIRED || result == PKI_CHAIN_NOT_YET_VALID)
			result = PKI_CHAIN_BROKEN;
		complain(out, result, X509_verify_cert_error_string(error), heard->depth);
		if (result != PKI_CHAIN_NONE)
			describe_path(out, path, anchors);
		return;
	}
	describe_path(out, path, anchors);
	weak = weak_depth(path);
	if (out->length == 0) {
		complain(out, PKI_CHAIN_NONE, "the path does not end in a trust anchor", 0);
	} else if (weak >= 0) {
		complain(out, PKI_CHAIN_WEAK, "signed with a weak digest or a short key", weak);
	} else if (heard->time_error != X509_V_OK) {
		complain(out, meaning_of(heard->time_error), X509_verify_cert_error_string(heard->time_error),
			heard->time_depth);
		out->leaf_time_bad = heard->time_depth == 0;
	} else {
		out->result = PKI_CHAIN_OK;
	}
}

/* Trusted anchors go to one stack, helpers and what is known but not trusted to the other. */
static bool fill_stacks(STACK_OF(X509) * trusted, STACK_OF(X509) * untrusted, const struct pki_anchors *anchors,
	const uint8_t *const *helpers, const size_t *helper_lens, size_t count)
{
	for (size_t i = 0; i < pki_anchors_count(anchors); i++) {
		X509 *cert = pki_anchors_x509(anchors, i);
		const uint8_t *der;
		bool is_trusted;
		size_t len;

		pki_anchors_at(anchors, i, &der, &len, &is_trusted);
		if (X509_add_cert(is_trusted ? trusted : untrusted, cert, X509_ADD_FLAG_UP_REF) != 1)
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		X509 *cert = pki_x509_decode(helpers[i], helper_lens[i]);

		/* A helper that cannot be read helps nobody, and harms nobody. */
		if (cert == NULL)
			continue;
		if (X509_add_cert(untrusted, cert, X509_ADD_FLAG_DEFAULT) != 1) {
			X509_free(cert);
			return false;
		}
	}
	return true;
}

static bool set_rules(X509_STORE_CTX *ctx, int64_t moment)
{
	const unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_POLICY_CHECK;
	X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(ctx);

	/* Weak algorithms are judged in weak_depth, without the level that a system's configuration may set. */
	X509_VERIFY_PARAM_set_auth_level(rules, 0);
	X509_VERIFY_PARAM_set_depth(rules, DEPTH_MAX);
	X509_VERIFY_PARAM_set_time(rules, (time_t)moment);
	/* RFC 5280, 6.1.1 (c): any policy will do; without it an authority that requires one would never be
	 * satisfied. */
	return X509_VERIFY_PARAM_add0_policy(rules, OBJ_nid2obj(NID_any_policy)) == 1 &&
		X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY) == 1 &&
		X509_VERIFY_PARAM_set_flags(rules, flags) == 1;
}

/* Whoever is trusted, no path can lead through a certificate that signed another without being an authority's (RFC
 * 5280, 6.1.4 k). */
static bool issued_by_no_authority(X509 *leaf, STACK_OF(X509) * untrusted)
{
	for (int i = 0; i < sk_X509_num(untrusted); i++) {
		X509 *issuer = sk_X509_value(untrusted, i);

		if (X509_cmp(leaf, issuer) != 0 &&
			X509_NAME_cmp(X509_get_issuer_name(leaf), X509_get_subject_name(issuer)) == 0 &&
			X509_check_ca(issuer) == 0 && X509_verify(leaf, X509_get0_pubkey(issuer)) == 1)
			return true;
	}
	return false;
}

enum be_err pki_chain_check(struct pki_chain_facts *out, const struct pki_anchors *anchors, const uint8_t *leaf,
	size_t leaf_len, const uint8_t *const *helpers, const size_t *helper_lens, size_t count, int64_t moment,
	struct be_error *err)
{
	struct complaints heard = { X509_V_OK, 0, X509_V_OK, 0 };
	STACK_OF(X509) *trusted = sk_X509_new_null();
	STACK_OF(X509) *untrusted = sk_X509_new_null();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509 *cert = pki_x509_decode(leaf, leaf_len);
	enum be_err rc = BE_OK;

	memset(out, 0, sizeof(*out));
	out->result = PKI_CHAIN_BROKEN;
	if (trusted == NULL || untrusted == NULL || ctx == NULL) {
		rc = pki_fail_memory(err);
		goto out;
	}
	if (cert == NULL) {
		complain(out, PKI_CHAIN_BROKEN, "the certificate cannot be read", 0);
		goto out;
	}
	if (!fill_stacks(trusted, untrusted, anchors, helpers, helper_lens, count) ||
		X509_STORE_CTX_init(ctx, NULL, cert, untrusted) != 1 || !set_rules(ctx, moment) ||
		X509_STORE_CTX_set_app_data(ctx, &heard) != 1) {
		rc = pki_fail_memory(err);
		goto out;
	}
	X509_STORE_CTX_set0_trusted_stack(ctx, trusted);
	X509_STORE_CTX_set_verify_cb(ctx, hear);
	judge(out, ctx, X509_verify_cert(ctx), &heard, anchors);
	if (out->result == PKI_CHAIN_NONE && issued_by_no_authority(cert, untrusted))
		complain(out, PKI_CHAIN_BROKEN, "it was issued by a certificate that is no authority's", 0);
	if (X509_STORE_CTX_get_error(ctx) == X509_V_ERR_OUT_OF_MEM)
		rc = pki_fail_memory(err);
out:
	ERR_clear_error();
	X509_STORE_CTX_free(ctx);
	X509_free(cert);
	sk_X509_pop_free(untrusted, X509_free);
	sk_X509_pop_free(trusted, X509_free);
	return rc;
}
