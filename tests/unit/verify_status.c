/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/status.h"

#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1780000000
#define STAMPED (NOW - 1000)

static struct facts_signature good(void)
{
	struct facts_signature f = {
		.type = FACTS_SIGNATURE, .subfilter = FACTS_CADES, .coverage = FACTS_WHOLE_FILE, .has_cms = true
	};

	f.cms.digest = DIGEST_SHA256;
	f.cms.signature_digest = DIGEST_SHA256;
	f.cms.has_certificate = true;
	f.cms.signer.key_kind = PKI_KEY_EC;
	f.cms.signer.key_bits = 256;
	f.cms.signer.has_key_usage = true;
	f.cms.signer.key_usage = PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION;
	f.cms.has_signed_attributes = true;
	f.cms.has_signing_certificate = true;
	f.cms.der = true;
	return f;
}

static void stamp(struct facts_signature *f)
{
	f->has_timestamp = true;
	f->timestamp_decoded = true;
	f->timestamp.imprint_ok = true;
	f->timestamp.imprint_digest = DIGEST_SHA256;
	f->timestamp.time = STAMPED;
	f->timestamp.has_certificate = true;
	f->timestamp.authority.key_kind = PKI_KEY_RSA;
	f->timestamp.authority.key_bits = 3072;
	f->timestamp.purpose_ok = true;
	f->timestamp.time_inside = true;
}

static void stamp_document(struct facts_signature *f)
{
	stamp(f);
	f->type = FACTS_TIMESTAMP;
	f->subfilter = FACTS_RFC3161;
	f->has_cms = false;
	memset(&f->cms, 0, sizeof(f->cms));
}

static struct verify_signature judge(const struct facts_signature *f, enum verify_revocation revocation)
{
	const struct verify_options options = { .at = NOW, .revocation = revocation };
	struct verify_signature out;

	memset(&out, 0xff, sizeof(out)); /* what was there before must not count */
	out.facts = *f;
	verify_status(&out, &options);
	return out;
}

static bool warned(const struct verify_signature *s, const char *word)
{
	for (size_t i = 0; i < s->warnings.count; i++) {
		if (strcmp(s->warnings.text[i], word) == 0)
			return true;
	}
	return false;
}

/* ---- each bad fact by itself ---- */

#define SET(name, statement) \
	static void name(struct facts_signature *f) \
	{ \
		statement; \
	}

SET(orphan, f->gate = FACTS_GATE_ORPHAN)
SET(shared, f->gate = FACTS_GATE_SHARED)
SET(bad_dictionary, f->gate = FACTS_GATE_DICTIONARY)
SET(bad_subfilter, f->gate = FACTS_GATE_SUBFILTER)
SET(bad_range, f->gate = FACTS_GATE_BYTE_RANGE)
SET(bad_contents, f->gate = FACTS_GATE_CONTENTS)
SET(bad_revision, f->gate = FACTS_GATE_REVISION)
SET(ambiguous, f->gate = FACTS_GATE_STRUCTURE)
SET(replaced, f->gate = FACTS_GATE_REPLACED)
SET(unreadable, f->gate = FACTS_GATE_READ)
SET(no_cms, f->has_cms = false)
SET(not_cms, f->cms.fault = PKI_CMS_NOT_CMS)
SET(trailing, f->cms.fault = PKI_CMS_TRAILING)
SET(not_detached, f->cms.fault = PKI_CMS_NOT_DETACHED)
SET(signers, f->cms.fault = PKI_CMS_SIGNERS)
SET(attributes, f->cms.fault = PKI_CMS_ATTRIBUTES)
SET(algorithms, f->cms.fault = PKI_CMS_ALGORITHMS)
SET(no_certificate, f->cms.fault = PKI_CMS_NO_CERTIFICATE)
SET(wrong_certificate, f->cms.fault = PKI_CMS_WRONG_CERTIFICATE)
SET(wrong_digest, f->cms.fault = PKI_CMS_DIGEST)
SET(wrong_value, f->cms.fault = PKI_CMS_SIGNATURE)
SET(no_attributes, f->cms.has_signed_attributes = false)
SET(no_signing_certificate, f->cms.has_signing_certificate = false)
SET(old_kind, f->subfilter = FACTS_PKCS7_SHA1)
SET(older_kind, f->subfilter = FACTS_X509_RSA_SHA1)
SET(changed, f->modification = FACTS_OTHER)
SET(uncovered, f->coverage = FACTS_BROKEN)
SET(md5, f->cms.digest = DIGEST_MD5)
SET(sha1, f->cms.digest = DIGEST_SHA1)
SET(ripemd, f->cms.digest = DIGEST_RIPEMD160)
SET(no_digest, f->cms.digest = DIGEST_NONE)
SET(sha1_signature, f->cms.signature_digest = DIGEST_SHA1)
SET(short_rsa, (f->cms.signer.key_kind = PKI_KEY_RSA, f->cms.signer.key_bits = 1024))
SET(short_pss, (f->cms.signer.key_kind = PKI_KEY_RSA_PSS, f->cms.signer.key_bits = 1899))
SET(short_ec, f->cms.signer.key_bits = 224)
SET(dsa, (f->cms.signer.key_kind = PKI_KEY_DSA, f->cms.signer.key_bits = 3072))
SET(unknown_key, f->cms.signer.key_kind = PKI_KEY_UNKNOWN)
SET(key_kind_out_of_range, f->cms.signer.key_kind = 99)
SET(no_chain, f->chain_now.result = PKI_CHAIN_NONE)
SET(expired, f->chain_now.result = PKI_CHAIN_EXPIRED)
SET(not_yet, f->chain_now.result = PKI_CHAIN_NOT_YET_VALID)
SET(constraints, f->chain_now.result = PKI_CHAIN_CONSTRAINTS)
SET(weak_chain, f->chain_now.result = PKI_CHAIN_WEAK)
SET(broken_chain, f->chain_now.result = PKI_CHAIN_BROKEN)
SET(usage, f->cms.signer.key_usage = PKI_KU_KEY_CERT_SIGN)
SET(no_usage, f->cms.signer.key_usage = 0)
SET(purpose, f->cms.signer.has_eku = true)
SET(false_stamp, (stamp(f), f->timestamp.imprint_ok = false))
SET(stamp_digest, (stamp(f), f->timestamp.fault = PKI_CMS_DIGEST))
SET(stamp_value, (stamp(f), f->timestamp.fault = PKI_CMS_SIGNATURE))
SET(too_early, (stamp(f), f->chain_then.result = PKI_CHAIN_NOT_YET_VALID, f->chain_then.leaf_time_bad = true))
SET(chain_then_broken, (stamp(f), f->chain_then.result = PKI_CHAIN_BROKEN))
SET(claims_to_be_a_stamp, f->type = FACTS_TIMESTAMP)

/* clang-format off */
static const struct {
	const char *what;
	void (*set)(struct facts_signature *f);
	enum verify_result result;
	enum verify_subindication sub;
} faults[] = {
	{ "orphan", orphan, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "shared", shared, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "dictionary", bad_dictionary, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "subfilter", bad_subfilter, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "range", bad_range, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "contents", bad_contents, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "revision", bad_revision, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "ambiguous", ambiguous, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "replaced", replaced, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "unreadable", unreadable, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "no message", no_cms, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "not CMS", not_cms, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "trailing bytes", trailing, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "not detached", not_detached, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "signers", signers, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "attributes", attributes, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "algorithms", algorithms, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "no certificate", no_certificate, VERIFY_INDETERMINATE, VERIFY_NO_SIGNING_CERTIFICATE_FOUND },
	{ "another certificate", wrong_certificate, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "digest", wrong_digest, VERIFY_TOTAL_FAILED, VERIFY_HASH_FAILURE },
	{ "signature value", wrong_value, VERIFY_TOTAL_FAILED, VERIFY_SIG_CRYPTO_FAILURE },
	{ "no attributes", no_attributes, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "no signing certificate", no_signing_certificate, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "adbe.pkcs7.sha1", old_kind, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE },
	{ "adbe.x509.rsa_sha1", older_kind, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE },
	{ "changed", changed, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "covers nothing", uncovered, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	{ "MD5", md5, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "SHA-1", sha1, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "RIPEMD-160", ripemd, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "no digest", no_digest, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "SHA-1 in the signature", sha1_signature, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "RSA 1024", short_rsa, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "RSA-PSS 1899", short_pss, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "EC 224", short_ec, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "DSA", dsa, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "unknown key", unknown_key, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "a key of no kind", key_kind_out_of_range, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
	{ "no chain", no_chain, VERIFY_INDETERMINATE, VERIFY_NO_CERTIFICATE_CHAIN_FOUND },
	{ "expired", expired, VERIFY_INDETERMINATE, VERIFY_OUT_OF_BOUNDS_NO_POE },
	{ "not yet valid", not_yet, VERIFY_INDETERMINATE, VERIFY_OUT_OF_BOUNDS_NO_POE },
	{ "chain constraints", constraints, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
	{ "weak chain", weak_chain, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE },
	{ "broken chain", broken_chain, VERIFY_INDETERMINATE, VERIFY_CERTIFICATE_CHAIN_GENERAL_FAILURE },
	{ "key usage", usage, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
	{ "no key usage", no_usage, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
	{ "purpose", purpose, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
	{ "a stamp of something else", false_stamp, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "a changed stamp", stamp_digest, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "a false stamp", stamp_value, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
	{ "stamped before the certificate", too_early, VERIFY_TOTAL_FAILED, VERIFY_NOT_YET_VALID },
	{ "a broken chain then", chain_then_broken, VERIFY_INDETERMINATE, VERIFY_CERTIFICATE_CHAIN_GENERAL_FAILURE },
	{ "a time stamp without one", claims_to_be_a_stamp, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
};
/* clang-format on */

static void everything_right_passes(void **state)
{
	struct facts_signature f = good();
	struct verify_signature s = judge(&f, VERIFY_REVOCATION_NONE);

	(void)state;
	assert_int_equal(s.result, VERIFY_TOTAL_PASSED);
	assert_int_equal(s.subindication, VERIFY_SUB_NONE);
	assert_true(s.integrity && s.trusted);
	assert_int_equal(s.time_used, NOW);
	assert_int_equal(s.reasons.count, 0);
	stamp(&f);
	s = judge(&f, VERIFY_REVOCATION_SOFT);
	assert_int_equal(s.result, VERIFY_TOTAL_PASSED);
	assert_int_equal(s.time_used, STAMPED);
	f = good();
	stamp_document(&f);
	s = judge(&f, VERIFY_REVOCATION_NONE);
	assert_int_equal(s.result, VERIFY_TOTAL_PASSED);
	assert_int_equal(s.time_used, STAMPED);
}

static void one_wrong_fact_is_enough_and_has_its_name(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct facts_signature f = good();
		struct verify_signature s;

		faults[i].set(&f);
		s = judge(&f, VERIFY_REVOCATION_NONE);
		if (s.result == faults[i].result && s.subindication == faults[i].sub &&
			(s.reasons.count > 0 || faults[i].sub == VERIFY_SUB_NONE))
			continue;
		print_message("%s: %s %s\n", faults[i].what, verify_result_word(s.result),
			verify_subindication_word(s.subindication));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Nothing that is wrong makes up for something else: two faults are no better than the worse of them. */
static void a_second_fault_never_makes_the_first_better(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (size_t k = 0; k < sizeof(faults) / sizeof(faults[0]); k++) {
			struct facts_signature f = good();
			struct verify_signature s;

			faults[i].set(&f);
			faults[k].set(&f);
			s = judge(&f, VERIFY_REVOCATION_NONE);
			if (s.result == VERIFY_TOTAL_PASSED) {
				print_message("%s and %s\n", faults[i].what, faults[k].what);
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

/* ---- time stamps ---- */

SET(none, (void)f)
SET(stamped, stamp(f))
SET(stamped_authority_expired, (stamp(f), f->authority_now.result = PKI_CHAIN_EXPIRED))
SET(stamped_authority_unknown,
	(stamp(f), f->authority_then.result = PKI_CHAIN_NONE, f->authority_now.result = PKI_CHAIN_NONE))
SET(stamped_unreadable, (stamp(f), f->timestamp_decoded = false, f->timestamp.fault = PKI_CMS_NOT_CMS))
SET(stamped_sha1, (stamp(f), f->timestamp.imprint_digest = DIGEST_SHA1))
SET(stamped_short_key, (stamp(f), f->timestamp.authority.key_bits = 1024))
SET(stamped_purpose, (stamp(f), f->timestamp.purpose_ok = false))
SET(stamped_outside, (stamp(f), f->timestamp.time_inside = false))
SET(stamped_no_certificate, (stamp(f), f->timestamp.has_certificate = false))
SET(stamped_no_time, (stamp(f), f->timestamp.time = TIME_NONE))

/* clang-format off */
static const struct {
	const char *what;
	void (*set)(struct facts_signature *f);
	const char *warning;            /* "" for none */
	bool proves;
} stamps[] = {
	{ "none", none, "", false },
	{ "good", stamped, "", true },
	{ "authority expired since", stamped_authority_expired, "TSA_EXPIRED", false },
	{ "authority not trusted", stamped_authority_unknown, "TSA_UNTRUSTED", false },
	{ "unreadable", stamped_unreadable, "TIMESTAMP_UNUSABLE", false },
	{ "SHA-1", stamped_sha1, "TIMESTAMP_UNUSABLE", false },
	{ "short key", stamped_short_key, "TIMESTAMP_UNUSABLE", false },
	{ "purpose", stamped_purpose, "TIMESTAMP_UNUSABLE", false },
	{ "outside the certificate", stamped_outside, "TIMESTAMP_UNUSABLE", false },
	{ "no certificate", stamped_no_certificate, "TIMESTAMP_UNUSABLE", false },
	{ "no time", stamped_no_time, "TIMESTAMP_UNUSABLE", false },
};
/* clang-format on */

/* A stamp that proves nothing does a good signature no harm, and helps none whose certificate has expired since. */
static void only_a_good_time_stamp_saves_an_expired_certificate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		struct facts_signature f = good();
		struct verify_signature s;

		stamps[i].set(&f);
		s = judge(&f, VERIFY_REVOCATION_NONE);
		assert_int_equal(s.result, VERIFY_TOTAL_PASSED);
		assert_true(stamps[i].warning[0] == '\0' || warned(&s, stamps[i].warning));
		f.chain_now.result = PKI_CHAIN_EXPIRED;
		s = judge(&f, VERIFY_REVOCATION_NONE);
		assert_int_equal(s.result, stamps[i].proves ? VERIFY_TOTAL_PASSED : VERIFY_INDETERMINATE);
		assert_int_equal(s.subindication, stamps[i].proves ? VERIFY_SUB_NONE : VERIFY_OUT_OF_BOUNDS_NO_POE);
		f.chain_then.result = PKI_CHAIN_EXPIRED;
		s = judge(&f, VERIFY_REVOCATION_NONE);
		assert_int_equal(s.result, VERIFY_INDETERMINATE);
		assert_int_equal(s.subindication, VERIFY_OUT_OF_BOUNDS_NO_POE);
	}
}

static void a_time_stamp_heals_nothing_but_expiry(void **state)
{
	static const enum pki_chain_result results[] = { PKI_CHAIN_NONE, PKI_CHAIN_NOT_YET_VALID, PKI_CHAIN_CONSTRAINTS,
		PKI_CHAIN_WEAK, PKI_CHAIN_BROKEN };
	struct facts_signature f = good();

	(void)state;
	stamp(&f);
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		f.chain_now.result = results[i];
		assert_int_equal(judge(&f, VERIFY_REVOCATION_NONE).result, VERIFY_INDETERMINATE);
	}
}

static void with_a_proof_of_time_a_weak_algorithm_is_weak_for_good(void **state)
{
	struct facts_signature f = good();

	(void)state;
	stamp(&f);
	f.cms.digest = DIGEST_SHA1;
	assert_int_equal(judge(&f, VERIFY_REVOCATION_NONE).subindication, VERIFY_CRYPTO_CONSTRAINTS_FAILURE);
	f.authority_now.result = PKI_CHAIN_EXPIRED;
	assert_int_equal(judge(&f, VERIFY_REVOCATION_NONE).subindication, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
}

SET(d_fault, f->timestamp.fault = PKI_CMS_SIGNATURE)
SET(d_digest, f->timestamp.fault = PKI_CMS_DIGEST)
SET(d_unread, f->timestamp_decoded = false)
SET(d_no_time, f->timestamp.time = TIME_NONE)
SET(d_imprint, f->timestamp.imprint_ok = false)
SET(d_weak, f->timestamp.imprint_digest = DIGEST_SHA1)
SET(d_key, f->timestamp.authority.key_bits = 1024)
SET(d_purpose, f->timestamp.purpose_ok = false)
SET(d_outside, f->timestamp.time_inside = false)
SET(d_untrusted, f->authority_now.result = PKI_CHAIN_NONE)
SET(d_expired, f->authority_now.result = PKI_CHAIN_EXPIRED)
SET(d_then, f->authority_then.result = PKI_CHAIN_BROKEN)
SET(d_changed, f->modification = FACTS_OTHER)
SET(d_gate, f->gate = FACTS_GATE_REVISION)

static void a_document_time_stamp_passes_only_when_everything_about_it_is_right(void **state)
{
	static const struct {
		void (*set)(struct facts_signature *f);
		enum verify_result result;
		enum verify_subindication sub;
	} rows[] = {
		{ d_fault, VERIFY_TOTAL_FAILED, VERIFY_SIG_CRYPTO_FAILURE },
		{ d_digest, VERIFY_TOTAL_FAILED, VERIFY_HASH_FAILURE },
		{ d_unread, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ d_no_time, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
		{ d_imprint, VERIFY_TOTAL_FAILED, VERIFY_HASH_FAILURE },
		{ d_weak, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
		{ d_key, VERIFY_INDETERMINATE, VERIFY_CRYPTO_CONSTRAINTS_FAILURE_NO_POE },
		{ d_purpose, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
		{ d_outside, VERIFY_INDETERMINATE, VERIFY_CHAIN_CONSTRAINTS_FAILURE },
		{ d_untrusted, VERIFY_INDETERMINATE, VERIFY_NO_CERTIFICATE_CHAIN_FOUND },
		{ d_expired, VERIFY_INDETERMINATE, VERIFY_OUT_OF_BOUNDS_NO_POE },
		{ d_then, VERIFY_INDETERMINATE, VERIFY_CERTIFICATE_CHAIN_GENERAL_FAILURE },
		{ d_changed, VERIFY_INDETERMINATE, VERIFY_SIG_CONSTRAINTS_FAILURE },
		{ d_gate, VERIFY_TOTAL_FAILED, VERIFY_FORMAT_FAILURE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts_signature f = good();
		struct verify_signature s;

		stamp_document(&f);
		rows[i].set(&f);
		s = judge(&f, VERIFY_REVOCATION_NONE);
		assert_int_equal(s.result, rows[i].result);
		assert_int_equal(s.subindication, rows[i].sub);
	}
}

/* ---- options, warnings, the worst ---- */

static void revocation_that_is_required_and_not_known_leaves_doubt(void **state)
{
	struct facts_signature f = good();
	struct verify_signature s = judge(&f, VERIFY_REVOCATION_REQUIRE);

	(void)state;
	assert_int_equal(s.result, VERIFY_INDETERMINATE);
	assert_int_equal(s.subindication, VERIFY_TRY_LATER);
	s = judge(&f, VERIFY_REVOCATION_SOFT);
	assert_true(s.result == VERIFY_TOTAL_PASSED && warned(&s, "REVOCATION_UNKNOWN"));
	s = judge(&f, VERIFY_REVOCATION_NONE);
	assert_true(s.result == VERIFY_TOTAL_PASSED && warned(&s, "REVOCATION_NOT_CHECKED"));
	stamp_document(&f);
	assert_int_equal(judge(&f, VERIFY_REVOCATION_REQUIRE).subindication, VERIFY_TRY_LATER);
}

SET(odd_name, f->cms.signer.odd_name = true)
SET(ber, f->cms.der = false)
SET(policy, f->cms.has_policy = true)
SET(weak_attribute, f->cms.weak_signing_certificate = true)
SET(short_key, (f->cms.signer.key_kind = PKI_KEY_RSA, f->cms.signer.key_bits = 2047))
SET(only_signs, f->cms.signer.key_usage = PKI_KU_DIGITAL_SIGNATURE)
SET(pkcs7_bare, (f->subfilter = FACTS_PKCS7, f->cms.has_signing_certificate = false))
SET(pkcs7_no_attributes,
	(f->subfilter = FACTS_PKCS7, f->cms.has_signing_certificate = false, f->cms.has_signed_attributes = false))

static void what_is_unusual_but_harmless_is_a_warning(void **state)
{
	static const struct {
		void (*set)(struct facts_signature *f);
		const char *word;
	} rows[] = {
		{ odd_name, "ODD_NAME" },
		{ ber, "NOT_DER" },
		{ policy, "SIGNATURE_POLICY_NOT_APPLIED" },
		{ weak_attribute, "WEAK_SIGNING_CERTIFICATE_ATTRIBUTE" },
		{ short_key, "RSA_SHORT" },
		{ only_signs, "NO_NON_REPUDIATION" },
		{ pkcs7_bare, "NO_SIGNING_CERTIFICATE_ATTRIBUTE" },
		{ pkcs7_no_attributes, "NO_SIGNED_ATTRIBUTES" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts_signature f = good();
		struct verify_signature s;

		rows[i].set(&f);
		s = judge(&f, VERIFY_REVOCATION_NONE);
		assert_int_equal(s.result, VERIFY_TOTAL_PASSED);
		assert_true(warned(&s, rows[i].word));
	}
}

static void the_worst_signature_speaks_for_the_file(void **state)
{
	static const enum verify_result order[] = { VERIFY_NO_SIGNATURE, VERIFY_TOTAL_PASSED, VERIFY_INDETERMINATE,
		VERIFY_TOTAL_FAILED, VERIFY_ERROR };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k < 5; k++)
			assert_int_equal(verify_worse(order[i], order[k]), order[i > k ? i : k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_right_passes),
		cmocka_unit_test(one_wrong_fact_is_enough_and_has_its_name),
		cmocka_unit_test(a_second_fault_never_makes_the_first_better),
		cmocka_unit_test(only_a_good_time_stamp_saves_an_expired_certificate),
		cmocka_unit_test(a_time_stamp_heals_nothing_but_expiry),
		cmocka_unit_test(with_a_proof_of_time_a_weak_algorithm_is_weak_for_good),
		cmocka_unit_test(a_document_time_stamp_passes_only_when_everything_about_it_is_right),
		cmocka_unit_test(revocation_that_is_required_and_not_known_leaves_doubt),
		cmocka_unit_test(what_is_unusual_but_harmless_is_a_warning),
		cmocka_unit_test(the_worst_signature_speaks_for_the_file),
	};

	return cmocka_run_group_tests_name("verify status", tests, NULL, NULL);
}
