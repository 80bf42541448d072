/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Signatures and time-stamp tokens out of any bytes. Besides not crashing: no input is a good signature over a
 * digest that the built-in message does not sign, and one over the digest it does sign has its certificate and its
 * attributes' signature.
 */

#include "cms_seed.h"
#include "pki/cms.h"
#include "pki/tst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static struct pki_cms *parse(const uint8_t *data, size_t size)
{
	struct pki_cms *cms = NULL;
	enum pki_cms_fault fault = PKI_CMS_OK;

	need(pki_cms_parse(&cms, &fault, data, size, NULL) == BE_OK, "parsing fails for memory");
	need((cms != NULL) == (fault == PKI_CMS_OK), "a message and a fault");
	return cms;
}

static bool same(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	return a != NULL && b != NULL && a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* Nobody here has the key: a good signature is the built-in one. */
static void is_the_seed(const struct pki_cms *cms)
{
	struct pki_cms *seed = parse(cms_seed, sizeof(cms_seed));
	size_t ours, theirs;
	const uint8_t *a, *b;

	need(seed != NULL, "the built-in message is none");
	a = pki_cms_signer(cms, &ours);
	b = pki_cms_signer(seed, &theirs);
	need(same(a, ours, b, theirs), "a good signature by another certificate");
	a = pki_cms_signature_value(cms, &ours);
	b = pki_cms_signature_value(seed, &theirs);
	need(same(a, ours, b, theirs), "another signature is good");
	pki_cms_free(&seed);
}

static void look_at_message(const uint8_t *data, size_t size)
{
	struct pki_cms *cms = parse(data, size);
	struct pki_cms_facts facts;
	uint8_t digest[sizeof(cms_seed_digest)];
	const uint8_t *const *ders;
	const size_t *lens;

	if (cms == NULL)
		return;
	memcpy(digest, cms_seed_digest, sizeof(digest));
	need(pki_cms_check(cms, digest, sizeof(digest), &facts, NULL) == BE_OK, "checking fails for memory");
	if (facts.fault == PKI_CMS_OK)
		is_the_seed(cms);
	digest[0] ^= 1;
	need(pki_cms_check(cms, digest, sizeof(digest), &facts, NULL) == BE_OK, "checking fails for memory");
	need(facts.fault != PKI_CMS_OK, "a good signature over another digest");
	(void)pki_cms_certificates(cms, &ders, &lens);
	pki_cms_free(&cms);
}

static void look_at_token(const uint8_t *data, size_t size)
{
	struct pki_tst *tst = NULL;
	enum pki_cms_fault fault = PKI_CMS_OK;
	struct pki_tst_facts facts;
	const uint8_t *certs[] = { data, cms_seed };
	const size_t lens[] = { size, sizeof(cms_seed) };
	size_t len;

	need(pki_tst_parse(&tst, &fault, data, size, NULL) == BE_OK, "parsing fails for memory");
	need((tst != NULL) == (fault == PKI_CMS_OK), "a token and a fault");
	if (tst == NULL)
		return;
	need(pki_tst_check(tst, cms_seed_digest, sizeof(cms_seed_digest), certs, lens, 2, &facts, NULL) == BE_OK,
		"checking fails for memory");
	(void)pki_tst_signer(tst, &len);
	pki_tst_free(&tst);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	look_at_message(data, size);
	look_at_token(data, size);
	return 0;
}
