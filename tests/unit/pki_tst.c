/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "pki/tst.h"
#include "support/cms_forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MOMENT 1767323045       /* 2026-01-02T03:04:05Z */

static const char stamped[] = "octets that existed at that time";
static struct forge_identity authority, p256_authority, person;

static int make_identities(void **state)
{
	(void)state;
	forge_identity_new(&authority, FORGE_RSA, "Example Time", 0x71, true);
	forge_identity_new(&p256_authority, FORGE_P256, "Example Curve Time", 0x72, true);
	forge_identity_new(&person, FORGE_P256, "Pita Example", 0x73, false);
	return 0;
}

static int free_identities(void **state)
{
	(void)state;
	forge_identity_free(&authority);
	forge_identity_free(&p256_authority);
	forge_identity_free(&person);
	return 0;
}

/* ---- making tokens ---- */

struct info {
	const char *time;               /* NULL: MOMENT */
	const char *alg;                /* NULL: SHA-256 */
	long version;                   /* 0: 1 */
	bool critical;                  /* with a critical extension */
};

static void add_critical_extension(TS_TST_INFO *tst)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4.5", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05\x00", 2), 1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	assert_non_null(extension);
	assert_int_equal(TS_TST_INFO_add_ext(tst, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static void set_imprint(TS_TST_INFO *tst, const char *alg)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *named = X509_ALGOR_new();
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;

	assert_int_equal(digest_bytes(DIGEST_SHA256, stamped, strlen(stamped), digest, &len, NULL), BE_OK);
	assert_int_equal(X509_ALGOR_set0(named, OBJ_txt2obj(alg != NULL ? alg : "SHA256", 0), V_ASN1_NULL, NULL), 1);
	assert_int_equal(TS_MSG_IMPRINT_set_algo(imprint, named), 1);
	assert_int_equal(TS_MSG_IMPRINT_set_msg(imprint, digest, (int)len), 1);
	assert_int_equal(TS_TST_INFO_set_msg_imprint(tst, imprint), 1);
	TS_MSG_IMPRINT_free(imprint);
	X509_ALGOR_free(named);
}

static void make_info(struct buffer *out, struct info wanted)
{
	TS_TST_INFO *tst = TS_TST_INFO_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_new();
	const char *text = wanted.time != NULL ? wanted.time : "20260102030405Z";
	unsigned char *der = NULL;
	int len;

	assert_int_equal(ASN1_INTEGER_set(serial, 7), 1);
	assert_int_equal(ASN1_STRING_set(time, text, -1), 1);
	assert_int_equal(TS_TST_INFO_set_version(tst, wanted.version != 0 ? wanted.version : 1), 1);
	assert_int_equal(TS_TST_INFO_set_policy_id(tst, policy), 1);
	assert_int_equal(TS_TST_INFO_set_serial(tst, serial), 1);
	assert_int_equal(TS_TST_INFO_set_time(tst, time), 1);
	set_imprint(tst, wanted.alg);
	if (wanted.critical)
		add_critical_extension(tst);
	len = i2d_TS_TST_INFO(tst, &der);
	assert_true(len > 0);
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ASN1_OBJECT_free(policy);
	ASN1_INTEGER_free(serial);
	ASN1_GENERALIZEDTIME_free(time);
	TS_TST_INFO_free(tst);
}

/* A token is a message with a TSTInfo inside; what is given already is kept. */
static void forge_token(struct buffer *out, struct forge_message message, struct info wanted)
{
	struct buffer content = BUFFER_EMPTY;

	make_info(&content, wanted);
	message.document = content.data;
	message.document_len = content.len;
	if (message.content_type == 0)
		message.content_type = NID_id_smime_ct_TSTInfo;
	message.twists ^= FORGE_CONTENT;
	forge(out, &message);
	buffer_free(&content);
}

/* ---- judging ---- */

static enum pki_cms_fault judge_with(const struct buffer *der, const char *text, X509 *also,
	struct pki_tst_facts *facts)
{
	struct pki_tst *tst = NULL;
	enum pki_cms_fault fault = PKI_CMS_OK;
	uint8_t digest[DIGEST_MAX];
	unsigned char *cert = NULL;
	size_t len = 0, cert_len = also != NULL ? (size_t)i2d_X509(also, &cert) : 0;
	const uint8_t *borrowed = cert;

	memset(facts, 0, sizeof(*facts));
	assert_int_equal(pki_tst_parse(&tst, &fault, der->data, der->len, NULL), BE_OK);
	assert_true((tst != NULL) == (fault == PKI_CMS_OK));
	if (tst != NULL) {
		assert_int_equal(digest_bytes(DIGEST_SHA256, text, strlen(text), digest, &len, NULL), BE_OK);
		assert_int_equal(pki_tst_check(tst, digest, len, &borrowed, &cert_len, also != NULL, facts, NULL),
			BE_OK);
		fault = (enum pki_cms_fault)facts->fault;
		assert_true((pki_tst_signer(tst, &len) != NULL) == facts->has_certificate);
		pki_tst_free(&tst);
	}
	assert_int_equal(ERR_peek_error(), 0);
	OPENSSL_free(cert);
	return fault;
}

static enum pki_cms_fault judge_token(struct forge_message message, struct info wanted, struct pki_tst_facts *facts)
{
	struct buffer der = BUFFER_EMPTY;
	enum pki_cms_fault fault;

	forge_token(&der, message, wanted);
	fault = judge_with(&der, stamped, NULL, facts);
	buffer_free(&der);
	return fault;
}

static void a_good_token_is_ok_and_its_facts_are_told(void **state)
{
	static const struct forge_message good[] = {
		{ .signer = &authority },
		{ .signer = &authority, .digest = DIGEST_SHA512 },
		{ .signer = &p256_authority },
		{ .signer = &authority, .twists = FORGE_INDEFINITE },
		{ .signer = &authority, .twists = FORGE_SIGNING_CERT_V1 },
		{ .signer = &authority, .twists = FORGE_ISSUER_SERIAL | FORGE_SIGNING_TIME },
	};
	struct pki_tst_facts facts;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (judge_token(good[i], (struct info){ .version = 1 }, &facts) != PKI_CMS_OK)
			fail_msg("token %zu: fault %u", i, facts.fault);
		assert_true(facts.imprint_ok && facts.has_certificate && facts.purpose_ok && facts.time_inside);
		assert_int_equal(facts.imprint_digest, DIGEST_SHA256);
		assert_int_equal(facts.time, MOMENT);
	}
	assert_string_equal(facts.authority.name, "Example Time");
}

static void each_hostile_token_has_its_own_fault(void **state)
{
	static const struct {
		const char *what;
		struct forge_message message;
		struct info info;
		enum pki_cms_fault fault;
	} bad[] = {
		{ "no content", { .signer = &authority, .twists = FORGE_CONTENT }, { .version = 1 }, PKI_CMS_NOT_CMS },
		{ "empty content", { .signer = &authority, .twists = FORGE_CONTENT | FORGE_EMPTY_CONTENT },
			{ .version = 1 },
			PKI_CMS_NOT_CMS },
		{ "content of type data", { .signer = &authority, .content_type = NID_pkcs7_data }, { .version = 1 },
			PKI_CMS_NOT_CMS },
		{ "version 2", { .signer = &authority }, { .version = 2 }, PKI_CMS_NOT_CMS },
		{ "critical extension", { .signer = &authority }, { .critical = true }, PKI_CMS_NOT_CMS },
		{ "two signers", { .signer = &authority, .twists = FORGE_TWO_SIGNERS }, { .version = 1 },
			PKI_CMS_SIGNERS },
		{ "no attributes", { .signer = &authority, .twists = FORGE_NO_ATTRIBUTES }, { .version = 1 },
			PKI_CMS_ATTRIBUTES },
		{ "wrong content-type", { .signer = &authority, .twists = FORGE_WRONG_CONTENT_TYPE }, { .version = 1 },
			PKI_CMS_ATTRIBUTES },
		{ "no message-digest", { .signer = &authority, .twists = FORGE_NO_MESSAGE_DIGEST }, { .version = 1 },
			PKI_CMS_ATTRIBUTES },
		{ "no signing-certificate", { .signer = &authority, .twists = FORGE_NO_SIGNING_CERT }, { .version = 1 },
			PKI_CMS_ATTRIBUTES },
		{ "signing-certificate of a stranger", { .signer = &authority, .named = &person }, { .version = 1 },
			PKI_CMS_WRONG_CERTIFICATE },
		{ "another signature digest", { .signer = &authority, .signature_oid = "RSA-SHA512" }, { .version = 1 },
			PKI_CMS_ALGORITHMS },
		{ "no certificate", { .signer = &authority, .twists = FORGE_NO_CERTIFICATES }, { .version = 1 },
			PKI_CMS_NO_CERTIFICATE },
		{ "false signature", { .signer = &authority, .twists = FORGE_FALSE_SIGNATURE }, { .version = 1 },
			PKI_CMS_SIGNATURE },
	};
	struct pki_tst_facts facts;
	enum pki_cms_fault fault;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fault = judge_token(bad[i].message, bad[i].info, &facts);
		if (fault != bad[i].fault)
			fail_msg("%s: fault %u instead of %u", bad[i].what, fault, bad[i].fault);
	}
}

static void a_token_over_other_octets_is_sound_but_does_not_stamp_these(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_tst_facts facts;

	(void)state;
	forge_token(&der, (struct forge_message){ .signer = &authority }, (struct info){ .version = 1 });
	assert_int_equal(judge_with(&der, "other octets", NULL, &facts), PKI_CMS_OK);
	assert_false(facts.imprint_ok);
	buffer_free(&der);
	assert_int_equal(judge_token((struct forge_message){ .signer = &authority },
		(struct info){ .alg = "SHA3-256" }, &facts),
		PKI_CMS_OK);
	assert_true(facts.imprint_ok && facts.imprint_digest == DIGEST_SHA3_256);
	assert_int_equal(judge_token((struct forge_message){ .signer = &authority },
		(struct info){ .alg = "SHA512" }, &facts),
		PKI_CMS_OK);
	assert_false(facts.imprint_ok);
	assert_int_equal(judge_token((struct forge_message){ .signer = &authority },
		(struct info){ .alg = "1.2.3.4.5" }, &facts),
		PKI_CMS_OK);
	assert_false(facts.imprint_ok);
	assert_int_equal(facts.imprint_digest, DIGEST_NONE);
}

static void the_time_is_read_without_its_fraction(void **state)
{
	static const struct { const char *text; int64_t time; bool inside; } times[] = {
		{ "20260102030405Z",      MOMENT,      true },
		{ "20260102030405.123Z",  MOMENT,      true },
		{ "20191231235959Z",      1577836799,  false },
		{ "20200101000000Z",      1577836800,  true },
		{ "20400101000001Z",      2208988801,  false },
		{ "20261302030405Z",      TIME_NONE,   false },
		{ "yesterday",            TIME_NONE,   false },
	};
	struct pki_tst_facts facts;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		(void)judge_token((struct forge_message){ .signer = &authority },
			(struct info){ .time = times[i].text }, &facts);
		if (times[i].time != TIME_NONE)
			assert_int_equal(facts.time, times[i].time);
		assert_int_equal(facts.time_inside, times[i].inside);
	}
}

static void a_person_is_no_time_stamping_authority(void **state)
{
	struct pki_tst_facts facts;

	(void)state;
	assert_int_equal(judge_token((struct forge_message){ .signer = &person }, (struct info){ .version = 1 },
		&facts),
		PKI_CMS_OK);
	assert_false(facts.purpose_ok);
}

static void the_authority_may_be_among_the_documents_certificates(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_tst_facts facts;

	(void)state;
	forge_token(&der, (struct forge_message){ .signer = &authority, .twists = FORGE_NO_CERTIFICATES },
		(struct info){ .version = 1 });
	assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_NO_CERTIFICATE);
	assert_false(facts.has_certificate);
	assert_int_equal(judge_with(&der, stamped, person.cert, &facts), PKI_CMS_NO_CERTIFICATE);
	assert_int_equal(judge_with(&der, stamped, authority.cert, &facts), PKI_CMS_OK);
	assert_true(facts.purpose_ok);
	buffer_free(&der);
}

static void after_a_token_only_zeros_may_stand_and_a_cut_one_is_none(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_tst_facts facts;
	size_t whole;

	(void)state;
	forge_token(&der, (struct forge_message){ .signer = &p256_authority }, (struct info){ .version = 1 });
	whole = der.len;
	buffer_add_fill(&der, 0, 20);
	assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_OK);
	der.data[der.len - 1] = 1;
	assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_TRAILING);
	for (der.len = whole; der.len-- > 0;)
		assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_NOT_CMS);
	buffer_free(&der);
}

static void a_changed_octet_of_the_stamped_information_is_never_ok(void **state)
{
	struct buffer der = BUFFER_EMPTY, content = BUFFER_EMPTY;
	struct pki_tst_facts facts;
	uint8_t *info;
	size_t i;

	(void)state;
	make_info(&content, (struct info){ .version = 1 });
	forge_token(&der, (struct forge_message){ .signer = &p256_authority }, (struct info){ .version = 1 });
	info = memmem(der.data, der.len, content.data, content.len);
	assert_non_null(info);
	for (i = 0; i < content.len; i++) {
		info[i] = (uint8_t)(info[i] ^ 1);
		assert_int_not_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_OK);
		info[i] = (uint8_t)(info[i] ^ 1);
	}
	assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_OK);
	buffer_free(&content);
	buffer_free(&der);
}

static void a_document_signature_is_no_token(void **state)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_tst_facts facts;

	(void)state;
	forge(&der, &(struct forge_message){ .signer = &authority, .document = stamped,
		.document_len = strlen(stamped) });
	assert_int_equal(judge_with(&der, stamped, NULL, &facts), PKI_CMS_NOT_CMS);
	buffer_free(&der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_token_is_ok_and_its_facts_are_told),
		cmocka_unit_test(each_hostile_token_has_its_own_fault),
		cmocka_unit_test(a_token_over_other_octets_is_sound_but_does_not_stamp_these),
		cmocka_unit_test(the_time_is_read_without_its_fraction),
		cmocka_unit_test(a_person_is_no_time_stamping_authority),
		cmocka_unit_test(the_authority_may_be_among_the_documents_certificates),
		cmocka_unit_test(after_a_token_only_zeros_may_stand_and_a_cut_one_is_none),
		cmocka_unit_test(a_changed_octet_of_the_stamped_information_is_never_ok),
		cmocka_unit_test(a_document_signature_is_no_token),
	};

	return cmocka_run_group_tests_name("pki_tst", tests, make_identities, free_identities);
}
