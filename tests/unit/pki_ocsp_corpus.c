/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "base/file.h"
#include "base/time.h"
#include "pki/anchors.h"
#include "pki/ocsp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* OpenSSL's own responses, good ones and such as are wrong in one thing each. All are of 2012 and signed with SHA-1: a
 * good one is right in everything but that. */

/* clang-format off */
static const struct { const char *response, *certificate, *issuer; enum pki_revocation_fault fault; } cases[] = {
	{ "ND1.ors",    "ND1_Cert_EE.pem",  "ND1_Issuer_ICA.pem",  PKI_REVOCATION_WEAK },
	{ "ND2.ors",    "ND2_Cert_ICA.pem", "ND2_Issuer_Root.pem", PKI_REVOCATION_WEAK },
	{ "ND3.ors",    "ND3_Cert_EE.pem",  "ND3_Issuer_Root.pem", PKI_REVOCATION_WEAK },
	{ "D1.ors",     "D1_Cert_EE.pem",   "D1_Issuer_ICA.pem",   PKI_REVOCATION_WEAK },
	{ "D2.ors",     "D2_Cert_ICA.pem",  "D2_Issuer_Root.pem",  PKI_REVOCATION_WEAK },
	{ "D3.ors",     "D3_Cert_EE.pem",   "D3_Issuer_Root.pem",  PKI_REVOCATION_WEAK },
	/* the signature of the response */
	{ "ISOP_ND1.ors", "ND1_Cert_EE.pem",  "ND1_Issuer_ICA.pem",  PKI_REVOCATION_SIGNATURE },
	{ "ISOP_ND2.ors", "ND2_Cert_ICA.pem", "ND2_Issuer_Root.pem", PKI_REVOCATION_SIGNATURE },
	{ "ISOP_ND3.ors", "ND3_Cert_EE.pem",  "ND3_Issuer_Root.pem", PKI_REVOCATION_SIGNATURE },
	{ "ISOP_D1.ors",  "D1_Cert_EE.pem",   "D1_Issuer_ICA.pem",   PKI_REVOCATION_SIGNATURE },
	{ "ISOP_D2.ors",  "D2_Cert_ICA.pem",  "D2_Issuer_Root.pem",  PKI_REVOCATION_SIGNATURE },
	{ "ISOP_D3.ors",  "D3_Cert_EE.pem",   "D3_Issuer_Root.pem",  PKI_REVOCATION_SIGNATURE },
	/* the name of the responder */
	{ "WRID_ND1.ors", "ND1_Cert_EE.pem",  "ND1_Issuer_ICA.pem",  PKI_REVOCATION_SIGNER },
	{ "WRID_ND2.ors", "ND2_Cert_ICA.pem", "ND2_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	{ "WRID_ND3.ors", "ND3_Cert_EE.pem",  "ND3_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	{ "WRID_D1.ors",  "D1_Cert_EE.pem",   "D1_Issuer_ICA.pem",   PKI_REVOCATION_SIGNER },
	{ "WRID_D2.ors",  "D2_Cert_ICA.pem",  "D2_Issuer_Root.pem",  PKI_REVOCATION_SIGNER },
	{ "WRID_D3.ors",  "D3_Cert_EE.pem",   "D3_Issuer_Root.pem",  PKI_REVOCATION_SIGNER },
	/* the issuer's name, and its key, of the certificate that is answered about */
	{ "WINH_ND1.ors", "ND1_Cert_EE.pem",  "ND1_Issuer_ICA.pem",  PKI_REVOCATION_OTHER },
	{ "WINH_ND2.ors", "ND2_Cert_ICA.pem", "ND2_Issuer_Root.pem", PKI_REVOCATION_OTHER },
	{ "WINH_ND3.ors", "ND3_Cert_EE.pem",  "ND3_Issuer_Root.pem", PKI_REVOCATION_OTHER },
	{ "WINH_D1.ors",  "D1_Cert_EE.pem",   "D1_Issuer_ICA.pem",   PKI_REVOCATION_OTHER },
	{ "WINH_D2.ors",  "D2_Cert_ICA.pem",  "D2_Issuer_Root.pem",  PKI_REVOCATION_OTHER },
	{ "WINH_D3.ors",  "D3_Cert_EE.pem",   "D3_Issuer_Root.pem",  PKI_REVOCATION_OTHER },
	{ "WIKH_ND1.ors", "ND1_Cert_EE.pem",  "ND1_Issuer_ICA.pem",  PKI_REVOCATION_OTHER },
	{ "WIKH_ND2.ors", "ND2_Cert_ICA.pem", "ND2_Issuer_Root.pem", PKI_REVOCATION_OTHER },
	{ "WIKH_ND3.ors", "ND3_Cert_EE.pem",  "ND3_Issuer_Root.pem", PKI_REVOCATION_OTHER },
	{ "WIKH_D1.ors",  "D1_Cert_EE.pem",   "D1_Issuer_ICA.pem",   PKI_REVOCATION_OTHER },
	{ "WIKH_D2.ors",  "D2_Cert_ICA.pem",  "D2_Issuer_Root.pem",  PKI_REVOCATION_OTHER },
	{ "WIKH_D3.ors",  "D3_Cert_EE.pem",   "D3_Issuer_Root.pem",  PKI_REVOCATION_OTHER },
	/* the key in the responder's certificate, and that certificate's signature */
	{ "WKDOSC_D1.ors", "D1_Cert_EE.pem",  "D1_Issuer_ICA.pem",  PKI_REVOCATION_SIGNER },
	{ "WKDOSC_D2.ors", "D2_Cert_ICA.pem", "D2_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	{ "WKDOSC_D3.ors", "D3_Cert_EE.pem",  "D3_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	{ "ISDOSC_D1.ors", "D1_Cert_EE.pem",  "D1_Issuer_ICA.pem",  PKI_REVOCATION_SIGNER },
	{ "ISDOSC_D2.ors", "D2_Cert_ICA.pem", "D2_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	{ "ISDOSC_D3.ors", "D3_Cert_EE.pem",  "D3_Issuer_Root.pem", PKI_REVOCATION_SIGNER },
	/* another key in the issuer's certificate */
	{ "ND1.ors", "ND1_Cert_EE.pem", "WKIC_ND1_Issuer_ICA.pem", PKI_REVOCATION_OTHER },
	{ "D3.ors",  "D3_Cert_EE.pem",  "WKIC_D3_Issuer_Root.pem", PKI_REVOCATION_OTHER },
};
/* clang-format on */

static char dir[400];

static void read_file(struct buffer *out, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_read_all(out, path, 1u << 20, NULL), BE_OK);
}

static void read_certificate(struct buffer *out, const char *name)
{
	static const char end[] = "-----END CERTIFICATE-----";
	struct buffer pem = BUFFER_EMPTY;
	const uint8_t *at;

	/* One file has its issuer's as well. */
	read_file(&pem, name);
	at = memmem(pem.data, pem.len, end, sizeof(end) - 1);
	assert_non_null(at);
	assert_int_equal(pki_pem_certificate(out, pem.data, (size_t)(at - pem.data) + sizeof(end) - 1, NULL), BE_OK);
	buffer_free(&pem);
}

static void read_response(struct buffer *out, const char *name)
{
	struct buffer text = BUFFER_EMPTY;
	size_t kept = 0;

	read_file(&text, name);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] > ' ')
			text.data[kept++] = text.data[i];
	assert_int_equal(encode_read(out, ENCODE_BASE64, (const char *)text.data, kept, NULL), BE_OK);
	buffer_free(&text);
}

static void responses_of_others_are_judged_as_they_are_meant(void **state)
{
	(void)state;
	if (access(dir, R_OK) != 0)
		skip();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer response = BUFFER_EMPTY, certificate = BUFFER_EMPTY, issuer = BUFFER_EMPTY;
		struct pki_revocation_facts facts;

		read_response(&response, cases[i].response);
		read_certificate(&certificate, cases[i].certificate);
		read_certificate(&issuer, cases[i].issuer);
		assert_int_equal(pki_ocsp_check(&facts, response.data, response.len, certificate.data, certificate.len,
					 issuer.data, issuer.len, NULL, NULL),
			BE_OK);
		if (facts.fault != cases[i].fault)
			fail_msg("%s: fault %u (%s)", cases[i].response, facts.fault, facts.detail);
		if (facts.fault == PKI_REVOCATION_WEAK)
			assert_true(facts.this_update != TIME_NONE && facts.signer.name[0] != '\0');
		assert_int_equal(facts.status, PKI_REVOCATION_NONE);
		buffer_free(&response);
		buffer_free(&certificate);
		buffer_free(&issuer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses_of_others_are_judged_as_they_are_meant),
	};
	const char *corpus = getenv("CORPUS"), *top = getenv("TOP");

	(void)snprintf(dir, sizeof(dir), "%s%s/openssl-ocsp",
		corpus != NULL        ? corpus
			: top != NULL ? top
				      : ".",
		corpus != NULL ? "" : "/../shared/corpus");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
