/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_ALGORITHM_H
#define PKI_ALGORITHM_H

/* Between our names of algorithms and OpenSSL's. Inside this room only. */

#include "crypto/digest.h"

#include <openssl/evp.h>

enum digest_alg pki_digest_of_nid(int nid);     /* DIGEST_NONE when it is not one of ours */
int pki_nid_of_digest(enum digest_alg alg);     /* NID_undef for DIGEST_NONE */
const EVP_MD *pki_md(enum digest_alg alg);      /* NULL for DIGEST_NONE */

#endif
