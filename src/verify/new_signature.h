/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_NEW_SIGNATURE_H
#define VERIFY_NEW_SIGNATURE_H

/*
 * The check of a signature that was just made, before the file gets its name: all structural and CMS gates on it, and
 * that it does earlier signatures no harm. Trust and revocation are not asked. No CMS but our own is decoded here: the
 * process may hold a key.
 */

#include "crypto/digest.h"

struct verify_new_signature {
	int fd; /* the signed file, complete */
	uint64_t len;
	uint64_t old_len;  /* of the input, which it begins with */
	const char *field; /* the full name of the field that was signed */
	enum digest_alg alg;
	const uint8_t *digest; /* of the new signature's ByteRange, computed from this very file */
	const uint8_t *signer; /* certificate, DER */
	size_t signer_len;
};

/* BE_OK, or BE_SELF_CHECK with the gate that failed in the detail. */
enum be_err verify_new_signature(const struct verify_new_signature *what, struct be_error *err);

#endif
