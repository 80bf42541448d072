/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CHAIN_H
#define PKI_CHAIN_H

/*
 * Certification paths at a moment (RFC 5280, 6). Revocation is not looked at here.
 */

#include "pki/anchors.h"

/* clang-format off */
enum pki_chain_result {
	PKI_CHAIN_OK,
	PKI_CHAIN_NONE,                 /* no path to a trust anchor */
	PKI_CHAIN_EXPIRED,              /* a path stands, a certificate of it had expired at that moment */
	PKI_CHAIN_NOT_YET_VALID,
	PKI_CHAIN_CONSTRAINTS,          /* key usage, basic constraints, path length, names, policies */
	PKI_CHAIN_WEAK,                 /* a certificate of the path (not the anchor) is signed with what is broken:
	                                 * MD5, SHA-1, RSA or DSA below 2048, EC below 256 … */
	PKI_CHAIN_BROKEN                /* a signature in the path is wrong, or a certificate cannot be read */
};

struct pki_chain_facts {
	uint32_t result;                /* enum pki_chain_result; what no other moment heals goes before EXPIRED */
	uint32_t length;                /* certificates in the path, the anchor included; 0 without one */
	bool     leaf_time_bad;         /* EXPIRED or NOT_YET_VALID because of the end certificate itself */
	char     detail[160];           /* the library's words, for the log; "" when OK */
	char     anchor_sha256[65];     /* "" without one */
};
/* clang-format on */

/* Purpose and extended key usage of the end certificate are the caller's to judge (pki_cert_info). helpers: count
 * DER certificates from the document, never trusted, used only to build the path. Never fails but for memory: a
 * bad certificate is a result. */
enum be_err pki_chain_check(struct pki_chain_facts *out, const struct pki_anchors *anchors, const uint8_t *leaf,
	size_t leaf_len, const uint8_t *const *helpers, const size_t *helper_lens, size_t count, int64_t moment,
	struct be_error *err);

#endif
