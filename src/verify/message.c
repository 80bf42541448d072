/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/message.h"

#include <stdio.h>
#include <string.h>

struct certificates {
	const uint8_t *const *ders;
	const size_t *lens;
	size_t count;
};

static enum be_err digest_range(enum digest_alg alg, int fd, const uint64_t range[static 4],
	uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err)
{
	struct digest *d = NULL;
	enum be_err rc = digest_new(&d, alg, err);

	if (rc == BE_OK)
		rc = digest_add_file(d, fd, range[0], range[1], err);
	if (rc == BE_OK)
		rc = digest_add_file(d, fd, range[2], range[3], err);
	if (rc == BE_OK)
		rc = digest_finish(d, out, len, err);
	digest_free(&d);
	return rc;
}

/* The digest of what is signed; a file that fails under our hands is a fact, not an error. */
static enum be_err digest_document(struct facts_signature *facts, enum digest_alg alg, int fd,
	uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err)
{
	enum be_err rc = digest_range(alg, fd, facts->byte_range, out, len, err);

	if (rc == BE_IO) {
		facts->gate = FACTS_GATE_READ;
		(void)snprintf(
			facts->gate_detail, sizeof(facts->gate_detail), "the file became shorter while it was read");
	}
	return rc;
}

static enum be_err chain_at(struct pki_chain_facts *out, const struct judge_request *request, const uint8_t *leaf,
	size_t len, const struct certificates *helpers, int64_t moment, struct be_error *err)
{
	return pki_chain_check(
		out, request->anchors, leaf, len, helpers->ders, helpers->lens, helpers->count, moment, err);
}

/* The authority of a time stamp: its chain when it stamped, and now. */
static enum be_err authority_chains(struct facts_signature *facts, const struct pki_tst *tst,
	const struct judge_request *request, const struct certificates *more, struct be_error *err)
{
	struct certificates own = { NULL, NULL, 0 };
	const uint8_t *ders[64];
	size_t lens[64];
	size_t count = 0;
	struct certificates all;
	const uint8_t *leaf;
	size_t leaf_len;
	enum be_err rc;

	leaf = pki_tst_signer(tst, &leaf_len);
	if (leaf == NULL)
		return BE_OK;
	own.count = pki_tst_certificates(tst, &own.ders, &own.lens);
	for (size_t i = 0; i < own.count && count < 64; i++, count++) {
		ders[count] = own.ders[i];
		lens[count] = own.lens[i];
	}
	for (size_t i = 0; i < more->count && count < 64; i++, count++) {
		ders[count] = more->ders[i];
		lens[count] = more->lens[i];
	}
	all = (struct certificates){ ders, lens, count };
	rc = chain_at(&facts->authority_then, request, leaf, leaf_len, &all, facts->timestamp.time, err);
	return rc == BE_OK ? chain_at(&facts->authority_now, request, leaf, leaf_len, &all, request->at, err) : rc;
}

static enum be_err check_timestamp(struct facts_signature *facts, const struct pki_cms *cms,
	const struct judge_request *request, const struct certificates *certificates, struct be_error *err)
{
	enum pki_cms_fault fault;
	struct pki_tst *tst = NULL;
	uint8_t digest[DIGEST_MAX];
	size_t digest_len;
	const uint8_t *token;
	const uint8_t *value;
	size_t token_len;
	size_t value_len;
	enum be_err rc;

	token = pki_cms_timestamp(cms, &token_len);
	if (token == NULL)
		return BE_OK;
	facts->has_timestamp = true;
	rc = pki_tst_parse(&tst, &fault, token, token_len, err);
	facts->timestamp.fault = fault;
	if (rc != BE_OK || tst == NULL || pki_tst_digest_alg(tst) == DIGEST_NONE)
		goto out;
	facts->timestamp_decoded = true;
	value = pki_cms_signature_value(cms, &value_len);
	rc = digest_bytes(pki_tst_digest_alg(tst), value, value_len, digest, &digest_len, err);
	if (rc == BE_OK)
		rc = pki_tst_check(tst, digest, digest_len, certificates->ders, certificates->lens, certificates->count,
			&facts->timestamp, err);
	if (rc == BE_OK)
		rc = authority_chains(facts, tst, request, certificates, err);
out:
	pki_tst_free(&tst);
	return rc;
}

static enum be_err check_cms(struct facts_signature *facts, const struct buffer *der, int fd,
	const struct judge_request *request, struct be_error *err)
{
	enum pki_cms_fault fault;
	struct certificates certificates = { NULL, NULL, 0 };
	struct pki_cms *cms = NULL;
	uint8_t digest[DIGEST_MAX] = { 0 };
	size_t digest_len = 0;
	const uint8_t *signer;
	size_t signer_len;
	enum be_err rc = pki_cms_parse(&cms, &fault, der->data, der->len, err);

	facts->cms.fault = fault;
	if (rc != BE_OK || cms == NULL)
		goto out;
	facts->has_cms = true;
	if (pki_cms_digest_alg(cms) != DIGEST_NONE)
		rc = digest_document(facts, pki_cms_digest_alg(cms), fd, digest, &digest_len, err);
	if (rc == BE_OK)
		rc = pki_cms_check(cms, digest, digest_len, &facts->cms, err);
	signer = pki_cms_signer(cms, &signer_len);
	if (rc != BE_OK || signer == NULL)
		goto out;
	certificates.count = pki_cms_certificates(cms, &certificates.ders, &certificates.lens);
	rc = check_timestamp(facts, cms, request, &certificates, err);
	if (rc == BE_OK)
		rc = chain_at(&facts->chain_now, request, signer, signer_len, &certificates, request->at, err);
	if (rc == BE_OK && facts->timestamp_decoded)
		rc = chain_at(
			&facts->chain_then, request, signer, signer_len, &certificates, facts->timestamp.time, err);
out:
	pki_cms_free(&cms);
	return rc;
}

/* A document time stamp (ETSI EN 319 142-1, 5.4.3): the token stands where a signature's message would, and stamps the
 * document itself. */
static enum be_err check_document_timestamp(struct facts_signature *facts, const struct buffer *der, int fd,
	const struct judge_request *request, struct be_error *err)
{
	static const struct certificates nothing = { NULL, NULL, 0 };
	enum pki_cms_fault fault;
	struct pki_tst *tst = NULL;
	uint8_t digest[DIGEST_MAX];
	size_t digest_len;
	enum be_err rc = pki_tst_parse(&tst, &fault, der->data, der->len, err);

	facts->has_timestamp = true;
	facts->timestamp.fault = fault;
	if (rc != BE_OK || tst == NULL || pki_tst_digest_alg(tst) == DIGEST_NONE)
		goto out;
	facts->timestamp_decoded = true;
	rc = digest_document(facts, pki_tst_digest_alg(tst), fd, digest, &digest_len, err);
	if (rc == BE_OK)
		rc = pki_tst_check(tst, digest, digest_len, NULL, NULL, 0, &facts->timestamp, err);
	if (rc == BE_OK)
		rc = authority_chains(facts, tst, request, &nothing, err);
out:
	pki_tst_free(&tst);
	return rc;
}

enum be_err verify_message(struct facts_signature *facts, const struct gated *gated, int fd,
	const struct judge_request *request, struct be_error *err)
{
	struct buffer der = BUFFER_EMPTY;
	enum be_err rc;

	/* The old kinds rest on SHA-1 whatever their message says: nothing in it is worth looking at. */
	if (facts->subfilter == FACTS_PKCS7_SHA1 || facts->subfilter == FACTS_X509_RSA_SHA1)
		return BE_OK;
	pdf_string_bytes(&der, gated->contents);
	rc = buffer_check(&der, err);
	if (rc == BE_OK)
		rc = facts->subfilter == FACTS_RFC3161 ? check_document_timestamp(facts, &der, fd, request, err)
						       : check_cms(facts, &der, fd, request, err);
	buffer_free(&der);
	return rc == BE_IO ? BE_OK : rc;
}
