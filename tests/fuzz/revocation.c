/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * OCSP responses, lists of revoked certificates and time stamps out of any bytes, and what an authority answers to any
 * bytes. Besides not crashing: the built-in certificate is revoked by every honest seed and its issuer's key is lost, so no
 * input makes it good; no input is a time stamp on a digest that the seed does not stamp; and to every input there is an
 * answer.
 */

#include "pki/crl.h"
#include "pki/ocsp.h"
#include "pki/tsp.h"
#include "pki/tst.h"
#include "revocation_seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1780000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each input may cost two signatures. */
extern const unsigned fuzz_mutations;
const unsigned fuzz_mutations = 4000;

static const uint8_t nonce[PKI_TSP_NONCE] = { 1, 2, 3 };

static void need(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static struct pki_authority *authority(enum pki_profile profile, const struct pki_authority *by)
{
	const struct pki_issue wish = { .profile = profile,
		.country = "ID",
		.common = "Contoh",
		.not_before = NOW - 1000,
		.not_after = NOW + 1000000 };
	struct pki_authority *made = NULL;

	need(pki_authority_make(&made, PKI_MAKE_P256, &wish, by, NULL) == BE_OK, "no authority");
	return made;
}

static void judge(const uint8_t *data, size_t size)
{
	struct pki_revocation_facts facts;
	struct pki_crl_info info;

	need(pki_ocsp_check(&facts, data, size, seed_certificate, sizeof(seed_certificate), seed_issuer,
		     sizeof(seed_issuer), NULL, NULL) == BE_OK,
		"checking fails for memory");
	need(facts.status == PKI_REVOCATION_NONE || facts.status == PKI_REVOCATION_REVOKED,
		"a revoked certificate is good");
	need((facts.status == PKI_REVOCATION_NONE) == (facts.fault != PKI_REVOCATION_OK), "a status and a fault");
	(void)pki_revocation_fresh(&facts, NOW, 0);
	need(pki_crl_check(&facts, data, size, seed_certificate, sizeof(seed_certificate), seed_issuer,
		     sizeof(seed_issuer), NULL) == BE_OK,
		"checking fails for memory");
	need(facts.status == PKI_REVOCATION_NONE || facts.status == PKI_REVOCATION_REVOKED,
		"a revoked certificate is good");
	(void)pki_crl_describe(&info, data, size, NULL);
}

static void take_token(const uint8_t *data, size_t size)
{
	struct buffer token = BUFFER_EMPTY;
	struct pki_tst *tst = NULL;
	enum pki_cms_fault fault;
	struct pki_tst_facts facts;
	uint8_t digest[32];

	memset(digest, 0x5a, sizeof(digest));
	if (pki_tsp_token(&token, data, size, DIGEST_SHA256, digest, nonce, sizeof(nonce), NULL) == BE_OK) {
		need(token.len > 0 && token.len < size, "a token that is larger than its response");
		need(pki_tst_parse(&tst, &fault, token.data, token.len, NULL) == BE_OK, "parsing fails for memory");
		digest[0] ^= 1;
		if (tst != NULL)
			need(pki_tst_check(tst, digest, sizeof(digest), NULL, NULL, 0, &facts, NULL) == BE_OK &&
					!facts.imprint_ok,
				"a stamp on another digest");
	}
	pki_tst_free(&tst);
	buffer_free(&token);
}

static enum be_err look_up(void *arg, const char *serial, struct pki_ocsp_status *out, struct be_error *err)
{
	(void)arg, (void)err;
	need(strlen(serial) < PKI_SERIAL_TEXT, "a serial number that is too long");
	*out = (struct pki_ocsp_status){ .status = PKI_REVOCATION_GOOD };
	return BE_OK;
}

static void answer(const uint8_t *data, size_t size)
{
	static struct pki_authority *issuer, *stamper;
	struct pki_ocsp_responder responder = { .this_update = NOW, .next_update = NOW + 10, .lookup = look_up };
	struct pki_tsp_authority tsa = { .policy = "1.2.3.4", .moment = NOW };
	struct buffer out = BUFFER_EMPTY;

	if (issuer == NULL) {
		issuer = authority(PKI_PROFILE_ISSUING, NULL);
		stamper = authority(PKI_PROFILE_TSA, issuer);
	}
	responder.signer = issuer;
	responder.issuer = seed_issuer;
	responder.issuer_len = sizeof(seed_issuer);
	need(pki_ocsp_answer(&out, &responder, data, size, NULL) == BE_OK && out.len > 0, "no OCSP answer");
	buffer_reset(&out);
	tsa.signer = stamper;
	need(pki_tsp_answer(&out, &tsa, data, size, NULL, NULL) == BE_OK && out.len > 0, "no time-stamp answer");
	buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge(data, size);
	take_token(data, size);
	answer(data, size);
	return 0;
}
