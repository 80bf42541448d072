/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Universal signature forgery: what says where the signature is, and what it covers, is missing, empty or nonsense, and
 * what the signature itself is made of is not as it must be. Everything else about each file is right, up to a
 * signature over just these bytes, so that only the rule in question can refuse it.
 */

struct row {
	const char *name;
	struct attack_part parts[3];
	struct attack_seal seal;
};

#define SIGNATURE(text) \
	{ \
		11, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached " text " >>" \
	}
#define RANGE "/ByteRange " ATTACK_RANGE " "
#define CONTENTS "/Contents " ATTACK_CONTENTS " "

static void no_message(struct buffer *der, const uint8_t *document, size_t len)
{
	(void)document;
	(void)len;
	buffer_add_fill(der, 0, 1);
}

static void message_and_more(struct buffer *der, const uint8_t *document, size_t len)
{
	attack_message(der, document, len);
	buffer_add_byte(der, 1);
}

/* signedData becomes envelopedData. */
static void another_content(struct buffer *der, const uint8_t *document, size_t len)
{
	static const uint8_t oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
	uint8_t *at;

	attack_message(der, document, len);
	at = memmem(der->data, der->len, oid, sizeof(oid));
	assert_non_null(at);
	at[sizeof(oid) - 1] = 3;
}

/* clang-format off */
static const struct row structure[] = {
	{ "USF /Contents = missing", { SIGNATURE(RANGE "/Kontents " ATTACK_CONTENTS) }, { 0 } },
	{ "USF /Contents = null", { SIGNATURE(RANGE "/Contents null /Kontents " ATTACK_CONTENTS) }, { 0 } },
	{ "USF /Contents = empty string <>", { SIGNATURE(RANGE "/Contents <> /Kontents " ATTACK_CONTENTS) }, { 0 } },
	{ "USF /Contents = <00>", { SIGNATURE(RANGE "/Contents <00> /Kontents " ATTACK_CONTENTS) }, { 0 } },
	{ "USF /Contents = <0000..> all zero", { SIGNATURE(RANGE CONTENTS) }, { .message = no_message } },
	{ "USF /Contents = name /x", { SIGNATURE(RANGE "/Contents /x /Kontents " ATTACK_CONTENTS) }, { 0 } },
	{ "USF /Contents = indirect ref", { SIGNATURE(RANGE "/Contents 12 0 R"), { 12, ATTACK_CONTENTS } }, { 0 } },
	{ "USF /Contents = array", { SIGNATURE(RANGE "/Contents [" ATTACK_CONTENTS "]") }, { 0 } },
	{ "USF /Contents = stream", { SIGNATURE(RANGE "/Contents 12 0 R"),
		{ 12, "<< /Length 4002 >>\nstream\n" ATTACK_CONTENTS "\nendstream" } }, { 0 } },
	{ "USF /ByteRange = missing", { SIGNATURE(CONTENTS) }, { 0 } },
	{ "USF /ByteRange = null", { SIGNATURE("/ByteRange null " CONTENTS) }, { 0 } },
	{ "USF /ByteRange = empty []", { SIGNATURE("/ByteRange [] " CONTENTS) }, { 0 } },
	{ "USF /ByteRange = [0]", { SIGNATURE("/ByteRange [0] " CONTENTS) }, { 0 } },
	{ "USF /ByteRange = [0 0 0 0]", { SIGNATURE("/ByteRange [0 0 0 0] " CONTENTS) }, { 0 } },
	{ "USF /ByteRange = [0 -1 x y]", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 -1 B C]" } },
	{ "USF /ByteRange = [a b c d] swapped", { SIGNATURE(RANGE CONTENTS) }, { .range = "[B C 0 A]" } },
	{ "USF /ByteRange = [0 n 0 n] (overlap)", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A 0 A]" } },
	{ "USF /ByteRange = reals", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0.0 A.0 B.0 C.0]" } },
	{ "USF /ByteRange = > 2^31", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A B 4294967296]" } },
	{ "USF /ByteRange = > 2^63", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A B 18446744073709551616]" } },
	{ "USF /ByteRange = strings", { SIGNATURE(RANGE CONTENTS) }, { .range = "[(0) (A) (B) (C)]" } },
	{ "USF /ByteRange = indirect ref array", { SIGNATURE("/ByteRange 12 0 R " CONTENTS), { 12, ATTACK_RANGE } },
		{ 0 } },
	{ "USF /ByteRange = six numbers", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A B C 0 0]" } },
	{ "more: three numbers", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A B]" } },
	{ "more: a number of its own object", { SIGNATURE(RANGE CONTENTS), { 12, "0" } },
		{ .range = "[12 0 R A B C]" } },
	{ "more: starts late", { SIGNATURE(RANGE CONTENTS) }, { .range = "[1 A B C]" } },
	{ "more: nothing behind the hole", { SIGNATURE(RANGE CONTENTS) }, { .range = "[0 A B 0]" } },
	{ "more: /ByteRange twice", { SIGNATURE(RANGE "/ByteRange [0 1 2 3] " CONTENTS) }, { 0 } },
	{ "more: /Contents twice, once in another spelling", { SIGNATURE(RANGE "/Content#73 <00> " CONTENTS) }, { 0 } },
	{ "USF/CMS /SubFilter missing", { { 11, "<< /Type /Sig /Filter /Adobe.PPKLite " RANGE CONTENTS ">>" } },
		{ 0 } },
	{ "USF/CMS /SubFilter unknown",
		{ { 11, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES " RANGE CONTENTS ">>" } }, { 0 } },
	{ "USF/CMS /Filter missing", { { 11, "<< /Type /Sig /SubFilter /ETSI.CAdES.detached " RANGE CONTENTS ">>" } },
		{ 0 } },
	{ "USF/CMS /Type wrong",
		{ { 11, "<< /Type /Page /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
			"" RANGE CONTENTS ">>" } }, { 0 } },
	{ "USF/CMS /V on non-Sig field", { { 10, "<< /FT /Tx /T (Sig1) /V 11 0 R >>" } }, { 0 } },
	{ "USF/CMS /Contents after hole boundary inside string", { SIGNATURE(RANGE CONTENTS) },
		{ .range = "[0 a B C]" } },
	{ "USF/CMS odd hex digits", { SIGNATURE(RANGE CONTENTS) }, { .shorter = 1 } },
	{ "USF/CMS CMS trailing bytes non-zero", { SIGNATURE(RANGE CONTENTS) }, { .message = message_and_more } },
	{ "USF/CMS CMS version/OID swapped", { SIGNATURE(RANGE CONTENTS) }, { .message = another_content } },
};
/* clang-format on */

static void write_row(struct pdftext *t, const struct attack_part *parts, const struct attack_seal *seal)
{
	struct attack_paper paper = attack_with(&attack_document, parts);

	pdftext_begin(t);
	attack_objects(t, &paper);
	pdftext_table(t, paper.trailer);
	attack_sign_as(t, seal);
}

/* The worst signature of the file has this status. */
static bool has_status(
	const struct pdftext *t, const char *name, enum verify_result result, enum verify_subindication sub)
{
	struct attack_verdict v;
	bool found = false;

	attack_judge(&v, t->bytes.data, t->bytes.len);
	for (size_t i = 0; i < v.count; i++)
		found = found || (v.signatures[i].result == v.result && v.signatures[i].subindication == sub);
	found = (found || v.count == 0) && v.result == result;
	if (!found)
		print_message("%s: error %u, result %u, %zu signatures, %s\n", name, v.error, v.result, v.count,
			v.count > 0 ? verify_subindication_word(v.signatures[0].subindication) : "");
	attack_verdict_free(&v);
	return found;
}

static void the_same_document_with_a_proper_signature_passes(void **state)
{
	struct pdftext t;

	(void)state;
	write_row(&t, NULL, &(struct attack_seal){ 0 });
	assert_true(has_status(&t, "honest", VERIFY_TOTAL_PASSED, VERIFY_SUB_NONE));
	pdftext_free(&t);
	write_row(&t, NULL, &(struct attack_seal){ .shorter = 2 });
	assert_true(has_status(&t, "shorter", VERIFY_TOTAL_PASSED, VERIFY_SUB_NONE));
	pdftext_free(&t);
}

static void what_is_signed_is_said_properly_or_the_format_fails(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(structure) / sizeof(structure[0]); i++) {
		struct pdftext t;

		write_row(&t, structure[i].parts, &structure[i].seal);
		wrong += !has_status(&t, structure[i].name, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE);
		pdftext_free(&t);
	}
	assert_int_equal(wrong, 0);
}

/* USF/CMS non-hex bytes in Contents: the padding is outside of what is signed, so that nothing else can tell. */
static void the_hole_holds_digits_and_nothing_else(void **state)
{
	static const char *const rows[] = { "0g>", "0 >", "0\n>", "0%>", "(0>", "<0>", "00)" };
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdftext t;

		write_row(&t, NULL, &(struct attack_seal){ 0 });
		attack_overwrite(&t, "00>", rows[i]);
		wrong += attack_result(&t) == VERIFY_TOTAL_PASSED;
		pdftext_free(&t);
	}
	assert_int_equal(wrong, 0);
}

/* ---- messages that no library makes ---- */

static struct {
	struct forge_identity p256, rsa, ed25519, other;
	struct forge_message message;
} forger;

static int forger_setup(void **state)
{
	struct forge_identity *all[] = { &forger.p256, &forger.rsa, &forger.ed25519, &forger.other };
	const enum forge_key kinds[] = { FORGE_P256, FORGE_RSA, FORGE_ED25519, FORGE_P256 };

	if (attack_setup(state) != 0)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		forge_identity_new(all[i], kinds[i], "Pita Contoh", 70 + (long)i, false);
		attack_trust(all[i]->cert);
	}
	return 0;
}

static int forger_teardown(void **state)
{
	forge_identity_free(&forger.p256);
	forge_identity_free(&forger.rsa);
	forge_identity_free(&forger.ed25519);
	forge_identity_free(&forger.other);
	return attack_teardown(state);
}

static void forged(struct buffer *der, const uint8_t *document, size_t len)
{
	forger.message.document = document;
	forger.message.document_len = len;
	forge(der, &forger.message);
}

/* The signature's value is the last thing in the message: R of small order and S = 0 (RFC 8032, 5.1.7). */
static void of_small_order(struct buffer *der, const uint8_t *document, size_t len)
{
	forged(der, document, len);
	memset(der->data + der->len - 64, 0, 64);
	der->data[der->len - 64] = 1;
}

static void a_message_as_it_must_be_passes_whoever_made_it(void **state)
{
	const struct forge_identity *const signers[] = { &forger.p256, &forger.rsa, &forger.ed25519 };

	(void)state;
	for (size_t i = 0; i < sizeof(signers) / sizeof(signers[0]); i++) {
		struct pdftext t;

		forger.message = (struct forge_message){ .signer = signers[i],
			.digest = signers[i] == &forger.ed25519 ? DIGEST_SHA512 : DIGEST_SHA256 };
		write_row(&t, NULL, &(struct attack_seal){ .message = forged });
		assert_true(has_status(&t, "honest", VERIFY_TOTAL_PASSED, VERIFY_SUB_NONE));
		pdftext_free(&t);
	}
}

static void a_message_with_pss_passes_when_all_its_digests_agree(void **state)
{
	struct pdftext t;

	(void)state;
	forger.message = (struct forge_message){ .signer = &forger.rsa, .pss_digest = DIGEST_SHA256 };
	write_row(&t, NULL, &(struct attack_seal){ .message = forged });
	assert_true(has_status(&t, "PSS", VERIFY_TOTAL_PASSED, VERIFY_SUB_NONE));
	pdftext_free(&t);
}

/* USF/CMS CMS indefinite length (BER): RFC 5652 allows it, PAdES does not, and honest programs have made such messages;
 * nothing in them is read in two ways. So it is said, and the message is judged like any other. */
static void a_message_in_ber_is_noted(void **state)
{
	struct attack_verdict v;
	struct pdftext t;
	bool noted = false;

	(void)state;
	forger.message = (struct forge_message){ .signer = &forger.p256, .twists = FORGE_INDEFINITE };
	write_row(&t, NULL, &(struct attack_seal){ .message = forged });
	attack_judge(&v, t.bytes.data, t.bytes.len);
	assert_int_equal(v.count, 1);
	for (size_t i = 0; i < v.signatures[0].warnings.count; i++)
		noted = noted || strcmp(v.signatures[0].warnings.text[i], "NOT_DER") == 0;
	assert_true(noted);
	attack_verdict_free(&v);
	pdftext_free(&t);
}

static void a_message_that_is_not_as_it_must_be_never_passes(void **state)
{
	const struct {
		const char *name;
		struct forge_message message;
		enum verify_result result;
		enum verify_subindication sub;
	} rows[] = {
		{ "USF/CMS zero SignerInfos", { .signer = &forger.p256, .twists = FORGE_NO_SIGNER },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "more: two SignerInfos", { .signer = &forger.p256, .twists = FORGE_TWO_SIGNERS }, VERIFY_TOTAL_FAILED,
			VERIFY_FORMAT_FAILURE },
		{ "more: a content of its own", { .signer = &forger.p256, .twists = FORGE_EMPTY_CONTENT },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS signedAttrs absent", { .signer = &forger.p256, .twists = FORGE_NO_ATTRIBUTES },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS messageDigest twice", { .signer = &forger.p256, .twists = FORGE_TWO_MESSAGE_DIGESTS },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS messageDigest twice", { .signer = &forger.p256, .twists = FORGE_TWO_DIGEST_VALUES },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS contentType not id-data", { .signer = &forger.p256, .twists = FORGE_WRONG_CONTENT_TYPE },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS signingCertificateV2 for other cert", { .signer = &forger.p256, .named = &forger.other },
			VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
		{ "more: no signing certificate named", { .signer = &forger.p256, .twists = FORGE_NO_SIGNING_CERT },
			VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
		{ "USF/CMS digestAlgorithm mismatch signer vs attrs",
			{ .signer = &forger.p256,
				.digest = DIGEST_SHA256,
				.signature_oid = "1.2.840.10045.4.3.4",
				.signed_digest = DIGEST_SHA512 },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS PSS with MGF1 hash mismatch",
			{ .signer = &forger.rsa, .pss_digest = DIGEST_SHA256, .pss_mgf = DIGEST_SHA1 },
			VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ "USF/CMS ECDSA r=0 / s=n", { .signer = &forger.p256, .twists = FORGE_ZERO_R }, VERIFY_TOTAL_FAILED,
			VERIFY_SIG_CRYPTO_FAILURE },
		{ "more: a signature over something else", { .signer = &forger.p256, .twists = FORGE_FALSE_SIGNATURE },
			VERIFY_TOTAL_FAILED, VERIFY_SIG_CRYPTO_FAILURE },
		{ "more: the certificate is missing", { .signer = &forger.p256, .twists = FORGE_NO_CERTIFICATES },
			VERIFY_INDETERMINATE, VERIFY_NO_SIGNING_CERTIFICATE_FOUND },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdftext t;

		forger.message = rows[i].message;
		write_row(&t, NULL, &(struct attack_seal){ .message = forged });
		wrong += !has_status(&t, rows[i].name, rows[i].result, rows[i].sub);
		pdftext_free(&t);
	}
	assert_int_equal(wrong, 0);
}

/* USF/CMS Ed25519 small order */
static void an_ed25519_value_of_small_order_is_no_signature(void **state)
{
	struct pdftext t;

	(void)state;
	forger.message = (struct forge_message){ .signer = &forger.ed25519, .digest = DIGEST_SHA512 };
	write_row(&t, NULL, &(struct attack_seal){ .message = of_small_order });
	assert_true(has_status(&t, "USF/CMS Ed25519 small order", VERIFY_TOTAL_FAILED, VERIFY_SIG_CRYPTO_FAILURE));
	pdftext_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_document_with_a_proper_signature_passes),
		cmocka_unit_test(what_is_signed_is_said_properly_or_the_format_fails),
		cmocka_unit_test(the_hole_holds_digits_and_nothing_else),
		cmocka_unit_test(a_message_as_it_must_be_passes_whoever_made_it),
		cmocka_unit_test(a_message_with_pss_passes_when_all_its_digests_agree),
		cmocka_unit_test(a_message_in_ber_is_noted),
		cmocka_unit_test(a_message_that_is_not_as_it_must_be_never_passes),
		cmocka_unit_test(an_ed25519_value_of_small_order_is_no_signature),
	};

	return cmocka_run_group_tests_name("verify usf", tests, forger_setup, forger_teardown);
}
