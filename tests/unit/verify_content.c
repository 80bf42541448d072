/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * What you see is what you sign, or not: the same bytes may look different tomorrow. Where this version can tell, the
 * signature is judged as it is and a warning is given for the document.
 *
 * Not here, because this version does not look for them, so that nothing could be expected but a pass:
 *   WYSIWYS OCG default state switched; WYSIWYS external stream /F; WYSIWYS embedded font without glyph match;
 *   WYSIWYS AcroForm /NeedAppearances true; WYSIWYS remote GoTo.
 * That each of them is another change when it comes after a signature is in verify_step.c.
 */

static const struct {
	const char *name;
	struct attack_part parts[3];
	uint32_t warnings;
} dynamic[] = {
	{ "nothing", { { 0, NULL } }, 0 },
	{ "WYSIWYS /AA or /OpenAction JavaScript in signed doc",
		{ { 1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /OpenAction << /S /JavaScript /JS (x) >> >>" } },
		FACTS_WARN_OPEN_ACTION },
	{ "WYSIWYS /AA or /OpenAction JavaScript in signed doc",
		{ { 1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /OpenAction 12 0 R >>" },
			{ 12, "<< /S /Java#53cript /JS (x) >>" } },
		FACTS_WARN_OPEN_ACTION },
	{ "WYSIWYS /AA or /OpenAction JavaScript in signed doc",
		{ { 1,
			"<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /AA << /WC << /S /JavaScript /JS (x) >> >> "
			">>" } },
		FACTS_WARN_OPEN_ACTION },
	{ "more: scripts by name",
		{ { 1,
			  "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Names << /JavaScript << /Names [(a) 12 0 "
			  "R] >> >> >>" },
			{ 12, "<< /S /JavaScript /JS (x) >>" } },
		FACTS_WARN_JAVASCRIPT },
	{ "more: a page to begin with",
		{ { 1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /OpenAction [3 0 R /Fit] >>" } }, 0 },
	{ "WYSIWYS XFA",
		{ { 5, "<< /Fields [10 0 R] /SigFlags 3 /XFA 12 0 R >>" },
			{ 12, "<< /Length 6 >>\nstream\n<xdp/>\nendstream" } },
		FACTS_WARN_XFA },
	{ "more: an empty field",
		{ { 5, "<< /Fields [10 0 R 12 0 R] /SigFlags 3 >>" }, { 12, ATTACK_FIELD("Kosong", "") } },
		FACTS_WARN_EMPTY_FIELDS },
};

static void what_may_change_by_itself_is_a_warning_and_the_signature_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dynamic) / sizeof(dynamic[0]); i++) {
		struct attack_paper document = attack_with(&attack_document, dynamic[i].parts);
		struct attack_verdict v;
		struct pdftext t;

		pdftext_begin(&t);
		attack_revision(&t, &document);
		attack_judge(&v, t.bytes.data, t.bytes.len);
		assert_int_equal(v.count, 1);
		assert_true(v.signatures[0].integrity);
		assert_int_equal(v.result, VERIFY_TOTAL_PASSED);
		assert_int_equal(v.warnings, dynamic[i].warnings);
		attack_verdict_free(&v);
		pdftext_free(&t);
	}
}

static void signed_document(struct pdftext *t)
{
	pdftext_begin(t);
	attack_revision(t, &attack_document);
}

/* WYSIWYS polyglot PDF+ZIP/HTML: whatever makes the file something else as well stands before or behind the
 * document. */
static void a_file_that_is_something_else_as_well_never_passes(void **state)
{
	static const char *const heads[] = { "PK\003\004", "<html>", "\n", " ", "\xEF\xBB\xBF", "%!PS\n", "GIF89a" };
	static const char *const tails[] = { "PK\005\006", "</html>", "<script>", "\n\n", "%%EOF" };
	struct pdftext t;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct buffer whole = BUFFER_EMPTY;

		signed_document(&t);
		buffer_add_str(&whole, heads[i]);
		buffer_add(&whole, t.bytes.data, t.bytes.len);
		buffer_free(&t.bytes);
		t.bytes = whole;
		assert_true(attack_refused(&t, heads[i]));
	}
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		signed_document(&t);
		buffer_add_str(&t.bytes, tails[i]);
		assert_true(attack_refused(&t, tails[i]));
	}
	signed_document(&t);
	assert_true(attack_passed(&t, "neither", 1, FACTS_NONE));
}

/* ---- weak digests ---- */

static struct forge_identity forger;
static struct forge_message message;

static void forged(struct buffer *der, const uint8_t *document, size_t len)
{
	message.document = document;
	message.document_len = len;
	forge(der, &message);
}

static void judge_forged(struct attack_verdict *v, const char *sub_filter)
{
	struct attack_paper document = attack_document;
	struct pdftext t;

	document.text[11] = sub_filter;
	pdftext_begin(&t);
	attack_objects(&t, &document);
	pdftext_table(&t, document.trailer);
	attack_sign_as(&t, &(struct attack_seal){ .message = forged });
	attack_judge(v, t.bytes.data, t.bytes.len);
	assert_int_equal(v->count, 1);
	pdftext_free(&t);
}

#define OF_KIND(name) \
	"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /" name " /ByteRange " ATTACK_RANGE \
	" /Contents " ATTACK_CONTENTS " >>"

static bool warned(const struct verify_signature *signature, const char *word)
{
	for (size_t i = 0; i < signature->warnings.count; i++) {
		if (strcmp(signature->warnings.text[i], word) == 0)
			return true;
	}
	return false;
}

/* WYSIWYS SHA-1 collision pair (SHAttered): a pair is two documents with one SHA-1, so one signature is right for
 * both. No such pair is needed to see that a signature over SHA-1 is never passed. */
static void a_signature_over_sha1_or_md5_never_passes(void **state)
{
	static const enum digest_alg weak[] = { DIGEST_SHA1, DIGEST_MD5 };
	struct attack_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		message = (struct forge_message){ .signer = &forger, .digest = weak[i] };
		judge_forged(&v, attack_document.text[11]);
		assert_int_equal(v.result, VERIFY_INDETERMINATE);
		assert_int_equal(v.signatures[0].subindication, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
		attack_verdict_free(&v);
	}
	message = (struct forge_message){ .signer = &forger, .digest = DIGEST_SHA256 };
	judge_forged(&v, attack_document.text[11]);
	assert_int_equal(v.result, VERIFY_TOTAL_PASSED);
	attack_verdict_free(&v);
}

static void the_old_kinds_that_rest_on_sha1_never_pass(void **state)
{
	static const char *const old[] = { OF_KIND("adbe.pkcs7.sha1"), OF_KIND("adbe.x509.rsa_sha1") };
	struct attack_verdict v;

	(void)state;
	message = (struct forge_message){ .signer = &forger };
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		judge_forged(&v, old[i]);
		assert_int_equal(v.result, VERIFY_INDETERMINATE);
		assert_int_equal(v.signatures[0].subindication, VERIFY_CRYPTO_CONSTRAINTS_FAILURE);
		attack_verdict_free(&v);
	}
	judge_forged(&v, OF_KIND("adbe.pkcs7.detached"));
	assert_int_equal(v.result, VERIFY_TOTAL_PASSED);
	attack_verdict_free(&v);
}

/* WYSIWYS MD5 in signingCertificate v1 ESS: that attribute has no room for an algorithm, its hash is SHA-1 always
 * (RFC 2634, 5.4); an MD5 in it is one that does not match. */
static void a_certificate_named_by_sha1_is_a_warning(void **state)
{
	struct attack_verdict v;

	(void)state;
	message = (struct forge_message){ .signer = &forger, .twists = FORGE_SIGNING_CERT_V1 };
	judge_forged(&v, attack_document.text[11]);
	assert_true(v.signatures[0].integrity);
	assert_true(warned(&v.signatures[0], "WEAK_SIGNING_CERTIFICATE_ATTRIBUTE"));
	attack_verdict_free(&v);
	message.twists = 0;
	judge_forged(&v, attack_document.text[11]);
	assert_false(warned(&v.signatures[0], "WEAK_SIGNING_CERTIFICATE_ATTRIBUTE"));
	attack_verdict_free(&v);
}

static int setup(void **state)
{
	if (attack_setup(state) != 0)
		return -1;
	forge_identity_new(&forger, FORGE_RSA, "Rasa Contoh", 80, false);
	attack_trust(forger.cert);
	return 0;
}

static int teardown(void **state)
{
	forge_identity_free(&forger);
	return attack_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_change_by_itself_is_a_warning_and_the_signature_stands),
		cmocka_unit_test(a_file_that_is_something_else_as_well_never_passes),
		cmocka_unit_test(a_signature_over_sha1_or_md5_never_passes),
		cmocka_unit_test(the_old_kinds_that_rest_on_sha1_never_pass),
		cmocka_unit_test(a_certificate_named_by_sha1_is_a_warning),
	};

	return cmocka_run_group_tests_name("verify content", tests, setup, teardown);
}
