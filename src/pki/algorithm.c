/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/algorithm.h"

#include <openssl/objects.h>

/* clang-format off */
static const struct {
	enum digest_alg alg;
	int             nid;
	const EVP_MD *(*md)(void);
} digests[] = {
	{ DIGEST_MD5,       NID_md5,       EVP_md5 },
	{ DIGEST_SHA1,      NID_sha1,      EVP_sha1 },
	{ DIGEST_SHA224,    NID_sha224,    EVP_sha224 },
	{ DIGEST_SHA256,    NID_sha256,    EVP_sha256 },
	{ DIGEST_SHA384,    NID_sha384,    EVP_sha384 },
	{ DIGEST_SHA512,    NID_sha512,    EVP_sha512 },
	{ DIGEST_SHA3_256,  NID_sha3_256,  EVP_sha3_256 },
	{ DIGEST_SHA3_384,  NID_sha3_384,  EVP_sha3_384 },
	{ DIGEST_SHA3_512,  NID_sha3_512,  EVP_sha3_512 },
	{ DIGEST_RIPEMD160, NID_ripemd160, EVP_ripemd160 },
	{ DIGEST_SHAKE256,  NID_shake256,  EVP_shake256 },
};
/* clang-format on */

#define DIGESTS (sizeof(digests) / sizeof(digests[0]))

enum digest_alg pki_digest_of_nid(int nid)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (digests[i].nid == nid)
			return digests[i].alg;
	return DIGEST_NONE;
}

int pki_nid_of_digest(enum digest_alg alg)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (digests[i].alg == alg)
			return digests[i].nid;
	return NID_undef;
}

const EVP_MD *pki_md(enum digest_alg alg)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (digests[i].alg == alg)
			return digests[i].md();
	return NULL;
}
