/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/ber.h"
#include "pki/cms.h"
#include "support/cms_forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

static const char document[] = "%PDF-1.7 a document that somebody signed";
static struct forge_identity rsa, p256, p384, ed25519, ed448;
static struct forge_identity other;     /* nobody's */
static struct forge_identity twin;      /* issuer and serial number as p256, another key */

static int make_identities(void **state)
{
	(void)state;
	forge_identity_new(&rsa, FORGE_RSA, "Rara Example", 0x11, false);
	forge_identity_new(&p256, FORGE_P256, "Pita Example", 0x22, false);
	forge_identity_new(&p384, FORGE_P384, "Putu Example", 0x33, false);
	forge_identity_new(&ed25519, FORGE_ED25519, "Edo Example", 0x44, false);
	forge_identity_new(&ed448, FORGE_ED448, "Eka Example", 0x55, false);
	forge_identity_new(&other, FORGE_P256, "Oni Example", 0x66, false);
	forge_identity_new(&twin, FORGE_P256, "Pita Example", 0x22, false);
	return 0;
}

static int free_identities(void **state)
{
	(void)state;
	forge_identity_free(&rsa);
	forge_identity_free(&p256);
	forge_identity_free(&p384);
	forge_identity_free(&ed25519);
	forge_identity_free(&ed448);
	forge_identity_free(&other);
	forge_identity_free(&twin);
	return 0;
}

/* ---- judging ---- */

static enum pki_cms_fault judge_over(const uint8_t *bytes, size_t len, const char *text, struct pki_cms_facts *facts)
{
	struct pki_cms *cms = NULL;
	enum pki_cms_fault fault = PKI_CMS_OK;
	uint8_t digest[DIGEST_MAX];
	size_t digest_len = 0;

	memset(facts, 0, sizeof(*facts));
	assert_int_equal(pki_cms_parse(&cms, &fault, bytes, len, NULL), BE_OK);
	assert_true((cms != NULL) == (fault == PKI_CMS_OK));
	if (cms != NULL) {
		if (pki_cms_digest_alg(cms) != DIGEST_NONE)
			assert_int_equal(digest_bytes(pki_cms_digest_alg(cms), text, strlen(text), digest,
				&digest_len, NULL), BE_OK);
		assert_int_equal(pki_cms_check(cms, digest, digest_len, facts, NULL), BE_OK);
		fault = (enum pki_cms_fault)facts->fault;
		pki_cms_free(&cms);
	}
	assert_int_equal(ERR_peek_error(), 0);
	return fault;
}

static enum pki_cms_fault judge(const uint8_t *bytes, size_t len)
{
	struct pki_cms_facts facts;

	return judge_over(bytes, len, document, &facts);
}

static enum pki_cms_fault judge_forged(struct forge_message message, struct pki_cms_facts *facts)
{
	struct buffer der = BUFFER_EMPTY;
	enum pki_cms_fault fault;

	message.document = document;
	message.document_len = strlen(document);
	forge(&der, &message);
	fault = judge_over(der.data, der.len, document, facts);
	buffer_free(&der);
	return fault;
}

static void forge_plain(struct buffer *out, const struct forge_identity *signer, unsigned int twists)
{
	forge(out, &(struct forge_message){ .signer = signer, .document = document, .document_len = strlen(document),
		.twists = twists });
}

/* ---- what must work ---- */

static const struct {
	const char *what;
	struct forge_message message;
	const char *signature;
	enum digest_alg digest;
	bool der;
} good[] = {
	{ "RSA", { .signer = &rsa }, "RSA PKCS#1 v1.5", DIGEST_SHA256, true },
	{ "RSA, SHA-512", { .signer = &rsa, .digest = DIGEST_SHA512 }, "RSA PKCS#1 v1.5", DIGEST_SHA512, true },
	{ "RSA, the key's own algorithm", { .signer = &rsa, .signature_oid = "rsaEncryption" },
		"RSA PKCS#1 v1.5", DIGEST_SHA256, true },
	{ "RSA-PSS", { .signer = &rsa, .pss_digest = DIGEST_SHA256 }, "RSA-PSS", DIGEST_SHA256, true },
	{ "RSA-PSS, short salt", { .signer = &rsa, .pss_digest = DIGEST_SHA384, .digest = DIGEST_SHA384,
		.pss_salt = 8 },
		"RSA-PSS", DIGEST_SHA384, true },
	{ "P-256", { .signer = &p256 }, "ECDSA", DIGEST_SHA256, true },
	{ "P-256, SHA3-256", { .signer = &p256, .digest = DIGEST_SHA3_256, .signature_oid = "2.16.840.1.101.3.4.3.10" },
		"ECDSA", DIGEST_SHA3_256, true },
	{ "P-384", { .signer = &p384, .digest = DIGEST_SHA384 }, "ECDSA", DIGEST_SHA384, true },
	{ "P-256, r and s side by side",
		{ .signer = &p256, .signature_oid = "0.4.0.127.0.7.1.1.4.1.3", .twists = FORGE_PLAIN },
		"ECDSA", DIGEST_SHA256, true },
	{ "P-256, the curve named with the algorithm", { .signer = &p256, .signature_curve = "prime256v1" },
		"ECDSA", DIGEST_SHA256, true },
	{ "an attribute of the signer's own twice", { .signer = &p256, .twists = FORGE_TWO_FOREIGN }, "ECDSA",
		DIGEST_SHA256, true },
	{ "Ed25519", { .signer = &ed25519, .digest = DIGEST_SHA512 }, "Ed25519", DIGEST_SHA512, true },
	{ "Ed448", { .signer = &ed448, .digest = DIGEST_SHAKE256 }, "Ed448", DIGEST_SHAKE256, true },
	{ "signer by key identifier", { .signer = &p256, .twists = FORGE_KEY_ID }, "ECDSA", DIGEST_SHA256, true },
	{ "indefinite lengths", { .signer = &rsa, .twists = FORGE_INDEFINITE }, "RSA PKCS#1 v1.5", DIGEST_SHA256,
		false },
	{ "issuer and serial number in signing-certificate", { .signer = &p256, .twists = FORGE_ISSUER_SERIAL },
		"ECDSA", DIGEST_SHA256, true },
	{ "a stranger's certificate beside it", { .signer = &p256, .also = &other }, "ECDSA", DIGEST_SHA256, true },
	{ "a twin's certificate beside it", { .signer = &p256, .also = &twin }, "ECDSA", DIGEST_SHA256, true },
	{ "no signing-certificate", { .signer = &p256, .twists = FORGE_NO_SIGNING_CERT }, "ECDSA", DIGEST_SHA256,
		true },
};

static void a_good_message_is_ok_with_every_algorithm_and_form(void **state)
{
	struct pki_cms_facts facts;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (judge_forged(good[i].message, &facts) != PKI_CMS_OK)
			fail_msg("%s: fault %u", good[i].what, facts.fault);
		assert_string_equal(facts.signature, good[i].signature);
		assert_int_equal(facts.digest, good[i].digest);
		assert_int_equal(facts.signature_digest, good[i].digest);
		assert_int_equal(facts.der, good[i].der);
		assert_true(facts.has_certificate && facts.has_signed_attributes && !facts.weak_signing_certificate);
		assert_false(facts.has_signing_time || facts.has_timestamp || facts.has_policy);
	}
}

static void each_good_message_is_a_wrong_one_over_another_document(void **state)
{
	struct pki_cms_facts facts;
	struct buffer der = BUFFER_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct forge_message message = good[i].message;

		message.document = document;
		message.document_len = strlen(document);
		forge(&der, &message);
		assert_int_equal(judge_over(der.data, der.len, "%PDF-1.7 another document", &facts), PKI_CMS_DIGEST);
		buffer_free(&der);
	}
}

/* ---- what must fail ---- */

static const struct {
	const char *what;
	struct forge_message message;
	enum pki_cms_fault fault;
} bad[] = {
	{ "content inside", { .signer = &p256, .twists = FORGE_CONTENT }, PKI_CMS_NOT_DETACHED },
	{ "empty content inside", { .signer = &p256, .twists = FORGE_EMPTY_CONTENT }, PKI_CMS_NOT_DETACHED },
	{ "empty content inside, indefinite", { .signer = &p256, .twists = FORGE_EMPTY_CONTENT | FORGE_INDEFINITE },
		PKI_CMS_NOT_DETACHED },
	{ "no signer", { .signer = &p256, .twists = FORGE_NO_SIGNER }, PKI_CMS_SIGNERS },
	{ "two signers", { .signer = &p256, .twists = FORGE_TWO_SIGNERS }, PKI_CMS_SIGNERS },
	{ "no content-type", { .signer = &p256, .twists = FORGE_NO_CONTENT_TYPE }, PKI_CMS_ATTRIBUTES },
	{ "content-type of something else", { .signer = &p256, .twists = FORGE_WRONG_CONTENT_TYPE },
		PKI_CMS_ATTRIBUTES },
	{ "content of another type", { .signer = &p256, .content_type = NID_id_smime_ct_TSTInfo }, PKI_CMS_ATTRIBUTES },
	{ "no message-digest", { .signer = &p256, .twists = FORGE_NO_MESSAGE_DIGEST }, PKI_CMS_ATTRIBUTES },
	{ "message-digest twice", { .signer = &p256, .twists = FORGE_TWO_MESSAGE_DIGESTS }, PKI_CMS_ATTRIBUTES },
	{ "message-digest with two values", { .signer = &p256, .twists = FORGE_TWO_DIGEST_VALUES },
		PKI_CMS_ATTRIBUTES },
	{ "message-digest too short", { .signer = &p256, .twists = FORGE_SHORT_DIGEST }, PKI_CMS_ATTRIBUTES },
	{ "attributes sent in another order than signed", { .signer = &p256, .twists = FORGE_UNSORTED },
		PKI_CMS_ATTRIBUTES },
	{ "attributes with a long length", { .signer = &p256, .twists = FORGE_LONG_LENGTH }, PKI_CMS_ATTRIBUTES },
	{ "signing-certificate with two values", { .signer = &p256, .twists = FORGE_SIGNING_CERT_TWO_VALUES },
		PKI_CMS_ATTRIBUTES },
	{ "signature made with another digest", { .signer = &rsa, .signature_oid = "RSA-SHA512",
		.signed_digest = DIGEST_SHA512 }, PKI_CMS_ALGORITHMS },
	{ "signature algorithm of another digest", { .signer = &p256, .signature_oid = "ecdsa-with-SHA384" },
		PKI_CMS_ALGORITHMS },
	{ "PSS with another digest", { .signer = &rsa, .pss_digest = DIGEST_SHA512, .signed_digest = DIGEST_SHA512 },
		PKI_CMS_ALGORITHMS },
	{ "PSS with a mask of another digest", { .signer = &rsa, .pss_digest = DIGEST_SHA256, .pss_mgf = DIGEST_SHA1 },
		PKI_CMS_ALGORITHMS },
	{ "PSS with a salt longer than fits", { .signer = &rsa, .pss_digest = DIGEST_SHA256, .pss_named_salt = 300 },
		PKI_CMS_ALGORITHMS },
	{ "PSS with another trailer", { .signer = &rsa, .pss_digest = DIGEST_SHA256, .pss_trailer = 2 },
		PKI_CMS_ALGORITHMS },
	{ "PSS with a salt of another length", { .signer = &rsa, .pss_digest = DIGEST_SHA256, .pss_named_salt = 20 },
		PKI_CMS_SIGNATURE },
	{ "PSS without parameters", { .signer = &rsa, .signature_oid = "RSASSA-PSS" }, PKI_CMS_ALGORITHMS },
	{ "Ed25519 with SHA-256", { .signer = &ed25519 }, PKI_CMS_ALGORITHMS },
	{ "Ed25519 without attributes", { .signer = &ed25519, .digest = DIGEST_SHA512, .twists = FORGE_NO_ATTRIBUTES },
		PKI_CMS_ALGORITHMS },
	{ "DSA named", { .signer = &p256, .signature_oid = "dsa_with_SHA256" }, PKI_CMS_ALGORITHMS },
	{ "an algorithm nobody knows", { .signer = &p256, .signature_oid = "1.2.3.4.5" }, PKI_CMS_ALGORITHMS },
	{ "RSA named, an EC key", { .signer = &p256, .signature_oid = "RSA-SHA256" }, PKI_CMS_ALGORITHMS },
	{ "ECDSA with another curve than the key's", { .signer = &p256, .signature_curve = "secp384r1" },
		PKI_CMS_ALGORITHMS },
	{ "RSA with a curve", { .signer = &rsa, .signature_curve = "prime256v1" }, PKI_CMS_ALGORITHMS },
	{ "signing-time twice", { .signer = &p256, .twists = FORGE_SIGNING_TIME | FORGE_TWO_TIMES },
		PKI_CMS_ATTRIBUTES },
	{ "no certificate", { .signer = &p256, .twists = FORGE_NO_CERTIFICATES }, PKI_CMS_NO_CERTIFICATE },
	{ "only a stranger's certificate", { .signer = &p256, .named = &other, .sent = &other },
		PKI_CMS_NO_CERTIFICATE },
	{ "only a twin's certificate", { .signer = &p256, .sent = &twin }, PKI_CMS_WRONG_CERTIFICATE },
	{ "only a twin's certificate, unnamed", { .signer = &p256, .sent = &twin, .twists = FORGE_NO_SIGNING_CERT },
		PKI_CMS_SIGNATURE },
	{ "a twin's certificate beside it, unnamed", { .signer = &p256, .also = &twin,
		.twists = FORGE_NO_SIGNING_CERT },
		PKI_CMS_WRONG_CERTIFICATE },
	{ "signing-certificate of a stranger", { .signer = &p256, .named = &other }, PKI_CMS_WRONG_CERTIFICATE },
	{ "signing-certificate with another serial number", { .signer = &p256, .twists = FORGE_WRONG_SERIAL },
		PKI_CMS_WRONG_CERTIFICATE },
	{ "signature over other attributes", { .signer = &rsa, .twists = FORGE_FALSE_SIGNATURE }, PKI_CMS_SIGNATURE },
	{ "Ed25519 over other attributes", { .signer = &ed25519, .digest = DIGEST_SHA512,
		.twists = FORGE_FALSE_SIGNATURE },
		PKI_CMS_SIGNATURE },
	{ "r is zero", { .signer = &p256, .twists = FORGE_ZERO_R }, PKI_CMS_SIGNATURE },
	{ "an octet after r and s", { .signer = &p256, .twists = FORGE_LONG_SIGNATURE }, PKI_CMS_SIGNATURE },
	{ "an octet after r and s side by side",
		{ .signer = &p256, .signature_oid = "0.4.0.127.0.7.1.1.4.1.3",
			.twists = FORGE_PLAIN | FORGE_LONG_SIGNATURE },
		PKI_CMS_SIGNATURE },
	{ "an octet after an RSA signature", { .signer = &rsa, .twists = FORGE_LONG_SIGNATURE }, PKI_CMS_SIGNATURE },
};

static void each_hostile_message_has_its_own_fault(void **state)
{
	struct pki_cms_facts facts;
	enum pki_cms_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fault = judge_forged(bad[i].message, &facts);
		if (fault != bad[i].fault)
			fail_msg("%s: fault %u instead of %u", bad[i].what, fault, bad[i].fault);
	}
}

static void after_the_message_only_zeros_may_stand(void **state)
{
	static const struct { const char *tail; size_t len; enum pki_cms_fault fault; } tails[] = {
		{ "", 0, PKI_CMS_OK },
		{ "\0", 1, PKI_CMS_OK },
		{ "\0\0\0\0\0\0\0\0\0", 9, PKI_CMS_OK },
		{ "\1", 1, PKI_CMS_TRAILING },
		{ "\0\0\0\0\0\0\0\0\1", 9, PKI_CMS_TRAILING },
		{ "\x30\x00", 2, PKI_CMS_TRAILING },
	};
	static const unsigned int forms[] = { 0, FORGE_INDEFINITE };
	struct buffer der = BUFFER_EMPTY;
	size_t i, form;

	(void)state;
	for (form = 0; form < 2; form++) {
		for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
			forge_plain(&der, &p256, forms[form]);
			buffer_add(&der, tails[i].tail, tails[i].len);
			assert_int_equal(judge(der.data, der.len), tails[i].fault);
			buffer_free(&der);
		}
	}
}

static void a_message_cut_anywhere_is_no_message(void **state)
{
	static const unsigned int forms[] = { 0, FORGE_INDEFINITE };
	struct buffer der = BUFFER_EMPTY;
	size_t form, len;
	uint8_t *cut;

	(void)state;
	for (form = 0; form < 2; form++) {
		forge_plain(&der, &p256, forms[form]);
		for (len = 0; len < der.len; len++) {
			cut = malloc(len + 1);
			assert_non_null(cut);
			memcpy(cut, der.data, len);
			assert_int_equal(judge(cut, len), PKI_CMS_NOT_CMS);
			free(cut);
		}
		buffer_free(&der);
	}
}

static void a_message_whose_end_is_zeros_instead_is_never_ok(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	size_t len;

	(void)state;
	forge_plain(&der, &rsa, 0);
	len = der.len;
	while (der.data[len - 1] == 0) /* a signature may end in zeros: those are no change */
		len--;
	while (len-- > 0) {
		der.data[len] = 0;
		assert_int_not_equal(judge(der.data, der.len), PKI_CMS_OK);
	}
	buffer_free(&der);
}

/* ---- every bit ---- */

struct unsigned_parts {
	struct ber_span version, digests, signer_version, sid;
};

static struct ber_element take(struct ber_span *rest)
{
	struct ber_element e;

	assert_true(ber_take(rest, &e));
	return e;
}

/* What neither the signature nor the choice of certificate covers (RFC 5652, 5.1 and 5.3). */
static void find_unsigned(struct ber_span message, struct unsigned_parts *out)
{
	struct ber_span rest = take(&message).content;

	(void)take(&rest);
	rest = take(&rest).content;
	rest = take(&rest).content;
	out->version = take(&rest).content;
	out->digests = take(&rest).whole;
	(void)take(&rest);
	(void)take(&rest);
	rest = take(&rest).content;
	rest = take(&rest).content;
	out->signer_version = take(&rest).content;
	out->sid = take(&rest).whole;
}

static bool inside(struct ber_span part, const uint8_t *at)
{
	return at >= part.at && at < part.at + part.len;
}

/* A name compares equal in another case, so a changed issuer may still name the same certificate; nothing else that
 * is signed, or says how it was signed, may change. */
static void a_flipped_bit_anywhere_that_matters_is_never_ok(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct unsigned_parts parts;
	size_t at, harmless = 0;
	unsigned int bit;

	(void)state;
	forge_plain(&der, &p256, 0);
	assert_int_equal(judge(der.data, der.len), PKI_CMS_OK);
	find_unsigned((struct ber_span){ der.data, der.len }, &parts);
	for (at = 0; at < der.len; at++) {
		const uint8_t *place = der.data + at;
		bool may = inside(parts.version, place) || inside(parts.digests, place)
			|| inside(parts.signer_version, place) || inside(parts.sid, place);

		for (bit = 0; bit < 8; bit++) {
			der.data[at] = (uint8_t)(der.data[at] ^ (1u << bit));
			if (judge(der.data, der.len) == PKI_CMS_OK) {
				if (!may)
					fail_msg("bit %u of octet %zu", bit, at);
				harmless++;
			}
			der.data[at] = (uint8_t)(der.data[at] ^ (1u << bit));
		}
	}
	assert_true(harmless < 8 * (parts.version.len + parts.digests.len + parts.signer_version.len + parts.sid.len));
	assert_int_equal(judge(der.data, der.len), PKI_CMS_OK);
	buffer_free(&der);
}

/* ---- facts ---- */

static void facts_are_filled_although_the_message_is_at_fault(void **state)
{
	struct pki_cms_facts facts;

	(void)state;
	assert_int_equal(judge_forged((struct forge_message){ .signer = &p256, .twists = FORGE_NO_MESSAGE_DIGEST
		| FORGE_FALSE_SIGNATURE | FORGE_SIGNING_TIME | FORGE_TOKEN }, &facts), PKI_CMS_ATTRIBUTES);
	assert_true(facts.has_certificate && facts.has_signing_certificate && facts.has_signing_time);
	assert_true(facts.has_timestamp);
	assert_string_equal(facts.signer.name, "Pita Example");
	assert_int_equal(facts.signing_time, 1767323045);
	assert_int_equal(judge_forged((struct forge_message){ .signer = &p256, .signature_oid = "1.2.3.4.5" }, &facts),
		PKI_CMS_ALGORITHMS);
	assert_string_equal(facts.signature, "1.2.3.4.5");
	assert_int_equal(facts.digest, DIGEST_SHA256);
	assert_int_equal(judge_forged((struct forge_message){ .signer = &p256, .twists = FORGE_NO_CERTIFICATES },
		&facts),
		PKI_CMS_NO_CERTIFICATE);
	assert_false(facts.has_certificate);
	assert_string_equal(facts.signer.name, "");
}

static void the_sha1_form_of_signing_certificate_is_ok_and_said_to_be_weak(void **state)
{
	struct pki_cms_facts facts;

	(void)state;
	assert_int_equal(judge_forged((struct forge_message){ .signer = &p256, .twists = FORGE_SIGNING_CERT_V1 },
		&facts),
		PKI_CMS_OK);
	assert_true(facts.has_signing_certificate && facts.weak_signing_certificate);
	assert_int_equal(judge_forged((struct forge_message){ .signer = &p256, .named = &other,
		.twists = FORGE_SIGNING_CERT_V1 }, &facts), PKI_CMS_WRONG_CERTIFICATE);
}

static void a_signature_without_attributes_is_over_the_document_and_says_so(void **state)
{
	static const struct forge_identity *const signers[] = { &rsa, &p256 };
	struct pki_cms_facts facts;
	struct buffer der = BUFFER_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		forge_plain(&der, signers[i], FORGE_NO_ATTRIBUTES);
		assert_int_equal(judge_over(der.data, der.len, document, &facts), PKI_CMS_OK);
		assert_false(facts.has_signed_attributes || facts.has_signing_certificate);
		assert_int_equal(judge_over(der.data, der.len, "%PDF-1.7 another", &facts), PKI_CMS_SIGNATURE);
		buffer_free(&der);
	}
}

static void the_parts_of_a_message_can_be_borrowed(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_cms *cms = NULL;
	enum pki_cms_fault fault;
	const uint8_t *const *ders;
	const size_t *lens;
	const uint8_t *signer;
	size_t len = 0;

	(void)state;
	forge(&der, &(struct forge_message){ .signer = &p256, .also = &twin, .document = document, .document_len = 4,
		.twists = FORGE_TOKEN });
	assert_int_equal(pki_cms_parse(&cms, &fault, der.data, der.len, NULL), BE_OK);
	assert_int_equal(fault, PKI_CMS_OK);
	assert_int_equal(pki_cms_certificates(cms, &ders, &lens), 2);
	signer = pki_cms_signer(cms, &len);
	assert_true(signer == ders[1] && len == lens[1]);
	assert_memory_equal(pki_cms_timestamp(cms, &len), "\x30\x02\x05\x00", 4);
	assert_int_equal(len, 4);
	assert_non_null(pki_cms_signature_value(cms, &len));
	assert_true(len >= 64);
	pki_cms_free(&cms);
	pki_cms_free(&cms);
	buffer_free(&der);
}

/* ---- messages made by another hand ---- */

static void what_openssl_signs_is_ok(void **state)
{
	BIO *in = BIO_new_mem_buf(document, (int)strlen(document)), *out = BIO_new(BIO_s_mem());
	const unsigned int flags = CMS_DETACHED | CMS_BINARY;
	CMS_ContentInfo *cms = CMS_sign(rsa.cert, rsa.key, NULL, in, flags);
	struct pki_cms_facts facts;
	char *bytes = NULL;
	long len;

	(void)state;
	assert_non_null(cms);
	assert_int_equal(i2d_CMS_bio(out, cms), 1);
	len = BIO_get_mem_data(out, &bytes);
	assert_int_equal(judge_over((const uint8_t *)bytes, (size_t)len, document, &facts), PKI_CMS_OK);
	assert_true(facts.has_signing_time && !facts.has_signing_certificate && facts.der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
}

static void what_is_no_signed_data_is_no_message(void **state)
{
	static const struct { const char *bytes; size_t len; } nothing[] = {
		{ "", 0 }, { "\0\0\0\0", 4 }, { "\x30\x00", 2 }, { "\x30\x80\0\0", 4 },
			{ "\x30\x84\xff\xff\xff\xff", 6 },
		{ "\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10 }, { "\x30\xff", 2 },
		{ "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x00", 15 },
		{ "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 13 },
		{ "\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04\x00", 17 },
		{ "%PDF-1.7", 8 },
	};
	uint8_t *deep = malloc(200000);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_int_equal(judge((const uint8_t *)nothing[i].bytes, nothing[i].len), PKI_CMS_NOT_CMS);
	assert_non_null(deep);
	for (i = 0; i < 200000; i += 2)
		memcpy(deep + i, "\x30\x80", 2);
	assert_int_equal(judge(deep, 200000), PKI_CMS_NOT_CMS);
	free(deep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_message_is_ok_with_every_algorithm_and_form),
		cmocka_unit_test(each_good_message_is_a_wrong_one_over_another_document),
		cmocka_unit_test(each_hostile_message_has_its_own_fault),
		cmocka_unit_test(after_the_message_only_zeros_may_stand),
		cmocka_unit_test(a_message_cut_anywhere_is_no_message),
		cmocka_unit_test(a_message_whose_end_is_zeros_instead_is_never_ok),
		cmocka_unit_test(a_flipped_bit_anywhere_that_matters_is_never_ok),
		cmocka_unit_test(facts_are_filled_although_the_message_is_at_fault),
		cmocka_unit_test(the_sha1_form_of_signing_certificate_is_ok_and_said_to_be_weak),
		cmocka_unit_test(a_signature_without_attributes_is_over_the_document_and_says_so),
		cmocka_unit_test(the_parts_of_a_message_can_be_borrowed),
		cmocka_unit_test(what_openssl_signs_is_ok),
		cmocka_unit_test(what_is_no_signed_data_is_no_message),
	};

	return cmocka_run_group_tests_name("pki_cms", tests, make_identities, free_identities);
}
