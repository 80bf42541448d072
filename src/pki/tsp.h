/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_TSP_H
#define PKI_TSP_H

/*
 * The time-stamp protocol (RFC 3161, RFC 5816): asking, taking the token out of a response, and answering. What a token
 * proves is pki/tst.h's. Bytes in, bytes out; reads no clock.
 */

#include "crypto/digest.h"
#include "pki/authority.h"

#define PKI_TSP_MAX_REQUEST (16u << 10)
#define PKI_TSP_NONCE 8u      /* octets of a nonce of ours */
#define PKI_TSP_NONCE_MAX 32u /* of anybody's */

/* ---- who asks ---- */

/* Appends a request for a stamp on a digest (of alg's size), with the authority's certificate wanted in it. nonce: a
 * number, big-endian; of no octets: none. BE_USAGE for one that is too long. */
enum be_err pki_tsp_request(struct buffer *out, enum digest_alg alg, const uint8_t *digest, const uint8_t *nonce,
	size_t nonce_len, struct be_error *err);

/* Appends the token of a response when it was granted and answers exactly this request: digest, nonce. Then it is still
 * to be judged (pki_tst_check). BE_REFUSED with the authority's words in the detail; BE_MALFORMED for anything else. */
enum be_err pki_tsp_token(struct buffer *token, const uint8_t *response, size_t len, enum digest_alg alg,
	const uint8_t *digest, const uint8_t *nonce, size_t nonce_len, struct be_error *err);

/* ---- who answers ---- */

struct pki_tsp_authority {
	const struct pki_authority *signer; /* PKI_PROFILE_TSA */
	const uint8_t *const *chain;        /* sent along with it, DER; the root need not be there */
	const size_t *chain_lens;
	size_t chain_count;
	const char *policy; /* dotted OID */
	int64_t moment;     /* now */
	uint32_t accuracy;  /* seconds */
};

/* Appends a response to any bytes: what cannot be stamped (no request, MD5 and SHA-1, another policy, critical
 * extensions) gets a rejection as RFC 3161, 2.4.2 has it. granted may be NULL. Serial numbers are random, 126 bits. */
enum be_err pki_tsp_answer(struct buffer *out, const struct pki_tsp_authority *authority, const uint8_t *request,
	size_t len, bool *granted, struct be_error *err);

#endif
