/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD (sizeof(uint32_t) + sizeof(struct facts_document))

static struct judge_answer real_answer(void)
{
	struct attack_verdict v;
	struct judge_answer answer = { .document = { .revisions = 2, .count = 2 } };
	struct pdftext t;

	pdftext_begin(&t);
	attack_revision(&t, &attack_document);
	attack_revision(&t, &attack_second);
	attack_judge(&v, t.bytes.data, t.bytes.len);
	assert_int_equal(v.count, 2);
	answer.signatures = calloc(2, sizeof(*answer.signatures));
	assert_non_null(answer.signatures);
	for (size_t i = 0; i < 2; i++)
		answer.signatures[i] = v.signatures[i].facts;
	attack_verdict_free(&v);
	pdftext_free(&t);
	return answer;
}

static void encode_real(struct buffer *out)
{
	struct judge_answer answer = real_answer();

	assert_int_equal(judge_answer_encode(out, &answer, NULL), BE_OK);
	judge_answer_free(&answer);
}

static enum be_err decode(const uint8_t *bytes, size_t len)
{
	/* A copy of exactly this size, so that a sanitizer sees a read past the end. */
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct judge_answer answer;
	enum be_err rc;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	rc = judge_answer_decode(&answer, copy, len, NULL);
	if (rc != BE_OK) {
		assert_null(answer.signatures);
		assert_int_equal(answer.document.count, 0);
	}
	judge_answer_free(&answer);
	free(copy);
	return rc;
}

static void an_answer_comes_back_as_it_was_sent(void **state)
{
	struct judge_answer answer = real_answer();
	struct judge_answer back;
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(judge_answer_encode(&message, &answer, NULL), BE_OK);
	assert_int_equal(judge_answer_decode(&back, message.data, message.len, NULL), BE_OK);
	assert_memory_equal(&back.document, &answer.document, sizeof(back.document));
	assert_memory_equal(back.signatures, answer.signatures, 2 * sizeof(*back.signatures));
	judge_answer_free(&back);
	judge_answer_free(&answer);
	buffer_free(&message);
}

static void an_answer_without_signatures_comes_back_too(void **state)
{
	struct judge_answer answer = { .document = { .error = BE_DAMAGED, .error_detail = "rusak" } };
	struct judge_answer back;
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(judge_answer_encode(&message, &answer, NULL), BE_OK);
	assert_int_equal(judge_answer_decode(&back, message.data, message.len, NULL), BE_OK);
	assert_int_equal(back.document.error, BE_DAMAGED);
	assert_string_equal(back.document.error_detail, "rusak");
	judge_answer_free(&back);
	buffer_free(&message);
}

static void an_answer_of_any_other_length_is_nonsense(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_real(&message);
	assert_int_equal(decode(message.data, message.len), BE_OK);
	for (size_t len = 0; len < message.len; len += len < HEAD + 8 ? 1 : 61)
		assert_int_equal(decode(message.data, len), BE_MALFORMED);
	assert_int_equal(decode(message.data, message.len - 1), BE_MALFORMED);
	buffer_add_byte(&message, 0);
	assert_int_equal(decode(message.data, message.len), BE_MALFORMED);
	buffer_free(&message);
}

/* ---- one field out of its range ---- */

#define D(field) offsetof(struct facts_document, field), sizeof(((struct facts_document *)NULL)->field)
#define F(field) offsetof(struct facts_signature, field), sizeof(((struct facts_signature *)NULL)->field)

struct field {
	const char *name;
	size_t at;
	size_t size;
	uint32_t first_wrong; /* of a number */
};

/* clang-format off */
static const struct field document_numbers[] = {
	{ "error", D(error), BE_ERR_COUNT }, { "warnings", D(warnings), FACTS_WARN_ALL + 1 }, { "count", D(count), 3 },
	{ "count", D(count), 1 }, { "count", D(count), FACTS_SIGNATURES_MAX + 1 },
};

static const struct field numbers[] = {
	{ "type", F(type), FACTS_TYPE_COUNT }, { "subfilter", F(subfilter), FACTS_SUBFILTER_COUNT },
	{ "gate", F(gate), FACTS_GATE_COUNT }, { "coverage", F(coverage), FACTS_COVERAGE_COUNT },
	{ "modification", F(modification), FACTS_MODIFICATION_COUNT }, { "docmdp", F(docmdp), 4 },
	{ "cms.fault", F(cms.fault), PKI_CMS_SIGNATURE + 1 }, { "cms.digest", F(cms.digest), DIGEST_ALG_COUNT },
	{ "cms.signature_digest", F(cms.signature_digest), DIGEST_ALG_COUNT },
	{ "cms.signer.key_kind", F(cms.signer.key_kind), PKI_KEY_DSA + 1 },
	{ "chain_now.result", F(chain_now.result), PKI_CHAIN_BROKEN + 1 },
	{ "chain_then.result", F(chain_then.result), PKI_CHAIN_BROKEN + 1 },
	{ "authority_then.result", F(authority_then.result), PKI_CHAIN_BROKEN + 1 },
	{ "authority_now.result", F(authority_now.result), PKI_CHAIN_BROKEN + 1 },
	{ "timestamp.fault", F(timestamp.fault), PKI_CMS_SIGNATURE + 1 },
	{ "timestamp.imprint_digest", F(timestamp.imprint_digest), DIGEST_ALG_COUNT },
	{ "timestamp.authority.key_kind", F(timestamp.authority.key_kind), PKI_KEY_DSA + 1 },
};

static const struct field truths[] = {
	{ "has_cms", F(has_cms), 0 }, { "cms.has_certificate", F(cms.has_certificate), 0 },
	{ "cms.signer.has_key_usage", F(cms.signer.has_key_usage), 0 }, { "cms.signer.has_eku", F(cms.signer.has_eku),
		0 },
	{ "cms.signer.eku_document", F(cms.signer.eku_document), 0 },
	{ "cms.signer.eku_timestamp_only", F(cms.signer.eku_timestamp_only), 0 }, { "cms.signer.is_ca",
		F(cms.signer.is_ca), 0 },
	{ "cms.signer.self_signed", F(cms.signer.self_signed), 0 }, { "cms.signer.odd_name", F(cms.signer.odd_name),
		0 },
	{ "cms.has_signed_attributes", F(cms.has_signed_attributes), 0 },
	{ "cms.has_signing_certificate", F(cms.has_signing_certificate), 0 },
	{ "cms.weak_signing_certificate", F(cms.weak_signing_certificate), 0 },
	{ "cms.has_signing_time", F(cms.has_signing_time), 0 }, { "cms.has_policy", F(cms.has_policy), 0 },
	{ "cms.has_timestamp", F(cms.has_timestamp), 0 }, { "cms.der", F(cms.der), 0 },
	{ "chain_now.leaf_time_bad", F(chain_now.leaf_time_bad), 0 }, { "chain_then.leaf_time_bad",
		F(chain_then.leaf_time_bad), 0 },
	{ "authority_then.leaf_time_bad", F(authority_then.leaf_time_bad), 0 },
	{ "authority_now.leaf_time_bad", F(authority_now.leaf_time_bad), 0 },
	{ "has_timestamp", F(has_timestamp), 0 }, { "timestamp_decoded", F(timestamp_decoded), 0 },
	{ "timestamp.imprint_ok", F(timestamp.imprint_ok), 0 }, { "timestamp.has_certificate",
		F(timestamp.has_certificate), 0 },
	{ "timestamp.authority.has_key_usage", F(timestamp.authority.has_key_usage), 0 },
	{ "timestamp.authority.has_eku", F(timestamp.authority.has_eku), 0 },
	{ "timestamp.authority.is_ca", F(timestamp.authority.is_ca), 0 },
	{ "timestamp.purpose_ok", F(timestamp.purpose_ok), 0 }, { "timestamp.time_inside", F(timestamp.time_inside),
		0 },
};

static const struct field texts[] = {
	{ "field", F(field), 0 }, { "subfilter_text", F(subfilter_text), 0 }, { "gate_detail", F(gate_detail), 0 },
	{ "modification_detail", F(modification_detail), 0 }, { "cms.signature", F(cms.signature), 0 },
	{ "cms.signer.name", F(cms.signer.name), 0 }, { "cms.signer.subject", F(cms.signer.subject), 0 },
	{ "cms.signer.issuer", F(cms.signer.issuer), 0 }, { "cms.signer.serial", F(cms.signer.serial), 0 },
	{ "cms.signer.sha256", F(cms.signer.sha256), 0 }, { "chain_now.detail", F(chain_now.detail), 0 },
	{ "chain_now.anchor_sha256", F(chain_now.anchor_sha256), 0 }, { "chain_then.detail", F(chain_then.detail), 0 },
	{ "chain_then.anchor_sha256", F(chain_then.anchor_sha256), 0 }, { "authority_then.detail",
		F(authority_then.detail), 0 },
	{ "authority_now.detail", F(authority_now.detail), 0 }, { "authority_now.anchor_sha256",
		F(authority_now.anchor_sha256), 0 },
	{ "timestamp.authority.name", F(timestamp.authority.name), 0 },
	{ "timestamp.authority.subject", F(timestamp.authority.subject), 0 },
	{ "timestamp.authority.issuer", F(timestamp.authority.issuer), 0 },
	{ "timestamp.authority.serial", F(timestamp.authority.serial), 0 },
	{ "timestamp.authority.sha256", F(timestamp.authority.sha256), 0 },
	{ "reason", F(reason), 0 }, { "location", F(location), 0 }, { "contact", F(contact), 0 },
};
/* clang-format on */

static bool refused_with(const struct buffer *message, size_t at, const void *bytes, size_t len)
{
	struct buffer copy = BUFFER_EMPTY;
	enum be_err rc;

	buffer_add(&copy, message->data, message->len);
	assert_false(copy.failed);
	memcpy(copy.data + at, bytes, len);
	rc = decode(copy.data, copy.len);
	buffer_free(&copy);
	return rc == BE_MALFORMED;
}

static void a_number_out_of_its_range_is_nonsense(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_real(&message);
	for (size_t i = 0; i < sizeof(document_numbers) / sizeof(document_numbers[0]); i++) {
		const struct field *f = &document_numbers[i];

		assert_true(refused_with(&message, sizeof(uint32_t) + f->at, &f->first_wrong, sizeof(f->first_wrong)));
	}
	for (size_t record = 0; record < 2; record++) {
		for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
			const size_t at = HEAD + record * sizeof(struct facts_signature) + numbers[i].at;
			const uint32_t largest = UINT32_MAX;

			assert_int_equal(numbers[i].size, sizeof(uint32_t));
			if (!refused_with(&message, at, &numbers[i].first_wrong, sizeof(uint32_t)) ||
				!refused_with(&message, at, &largest, sizeof(uint32_t)))
				fail_msg("%s", numbers[i].name);
		}
	}
	buffer_free(&message);
}

static void a_truth_is_zero_or_one(void **state)
{
	struct buffer message = BUFFER_EMPTY;
	const uint8_t two = 2;
	const uint8_t many = 0xff;

	(void)state;
	encode_real(&message);
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		assert_int_equal(truths[i].size, 1);
		if (!refused_with(&message, HEAD + truths[i].at, &two, 1) ||
			!refused_with(&message, HEAD + truths[i].at, &many, 1))
			fail_msg("%s", truths[i].name);
	}
	buffer_free(&message);
}

static void a_text_ends_within_its_room(void **state)
{
	struct buffer message = BUFFER_EMPTY;
	char full[PKI_DN_MAX];

	(void)state;
	memset(full, 'x', sizeof(full));
	encode_real(&message);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(texts[i].size <= sizeof(full));
		if (!refused_with(&message, HEAD + texts[i].at, full, texts[i].size))
			fail_msg("%s", texts[i].name);
		if (refused_with(&message, HEAD + texts[i].at, full, texts[i].size - 1) &&
			message.data[HEAD + texts[i].at + texts[i].size - 1] == 0)
			fail_msg("%s, full", texts[i].name);
	}
	buffer_free(&message);
}

static void another_version_is_nonsense(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_real(&message);
	for (size_t bit = 0; bit < 32; bit++) {
		uint32_t version;

		memcpy(&version, message.data, sizeof(version));
		version ^= UINT32_C(1) << bit;
		assert_true(refused_with(&message, 0, &version, sizeof(version)));
	}
	buffer_free(&message);
}

/* Whatever byte changes: the answer is refused, or it is one that encode could have given. */
static void any_flipped_byte_is_refused_or_makes_a_proper_answer(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_real(&message);
	for (size_t at = 0; at < message.len; at++) {
		struct judge_answer answer;
		struct buffer again = BUFFER_EMPTY;

		message.data[at] ^= 0xff;
		if (judge_answer_decode(&answer, message.data, message.len, NULL) == BE_OK) {
			assert_int_equal(judge_answer_encode(&again, &answer, NULL), BE_OK);
			assert_int_equal(again.len, message.len);
			assert_memory_equal(again.data, message.data, message.len);
			judge_answer_free(&answer);
		}
		buffer_free(&again);
		message.data[at] ^= 0xff;
	}
	buffer_free(&message);
}

/* ---- requests ---- */

static enum be_err decode_request(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct judge_request request;
	enum be_err rc;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	rc = judge_request_decode(&request, copy, len, NULL);
	pki_anchors_free(&request.anchors);
	free(copy);
	return rc;
}

static void a_request_comes_back_as_it_was_sent_and_no_other_does(void **state)
{
	const struct judge_request request = { .at = CA_NOW, .docmdp = 2, .anchors = attack_anchors() };
	struct judge_request back;
	struct buffer message = BUFFER_EMPTY;
	struct buffer again = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(judge_request_encode(&message, &request, NULL), BE_OK);
	assert_int_equal(judge_request_decode(&back, message.data, message.len, NULL), BE_OK);
	assert_int_equal(back.at, CA_NOW);
	assert_int_equal(back.docmdp, 2);
	assert_int_equal(judge_request_encode(&again, &back, NULL), BE_OK);
	assert_int_equal(again.len, message.len);
	assert_memory_equal(again.data, message.data, message.len);
	pki_anchors_free(&back.anchors);
	for (size_t len = 0; len < message.len; len++)
		assert_int_equal(decode_request(message.data, len), BE_MALFORMED);
	buffer_add_byte(&message, 0);
	assert_int_equal(decode_request(message.data, message.len), BE_MALFORMED);
	message.len--;
	for (size_t at = 0; at < message.len; at++) {
		message.data[at] ^= 0xff;
		(void)decode_request(message.data, message.len);
		message.data[at] ^= 0xff;
	}
	buffer_free(&message);
	buffer_free(&again);
}

static void a_request_with_a_certificate_twice_or_that_is_none_is_nonsense(void **state)
{
	const struct judge_request request = { .at = CA_NOW, .anchors = attack_anchors() };
	struct buffer message = BUFFER_EMPTY;
	struct buffer twice = BUFFER_EMPTY;
	const size_t head = 24;
	uint64_t count;

	(void)state;
	assert_int_equal(judge_request_encode(&message, &request, NULL), BE_OK);
	memcpy(&count, message.data + 16, sizeof(count));
	assert_int_equal(count, 1);
	buffer_add(&twice, message.data, message.len);
	buffer_add(&twice, message.data + head, message.len - head);
	assert_false(twice.failed);
	count = 2;
	memcpy(twice.data + 16, &count, sizeof(count));
	assert_int_equal(decode_request(twice.data, twice.len), BE_MALFORMED);
	message.data[head] = 2; /* trusted is 0 or 1 */
	assert_int_equal(decode_request(message.data, message.len), BE_MALFORMED);
	message.data[head] = 1;
	message.data[head + 8] ^= 0xff; /* the certificate's first octet */
	assert_int_equal(decode_request(message.data, message.len), BE_MALFORMED);
	buffer_free(&message);
	buffer_free(&twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back_as_it_was_sent),
		cmocka_unit_test(an_answer_without_signatures_comes_back_too),
		cmocka_unit_test(an_answer_of_any_other_length_is_nonsense),
		cmocka_unit_test(a_number_out_of_its_range_is_nonsense),
		cmocka_unit_test(a_truth_is_zero_or_one),
		cmocka_unit_test(a_text_ends_within_its_room),
		cmocka_unit_test(another_version_is_nonsense),
		cmocka_unit_test(any_flipped_byte_is_refused_or_makes_a_proper_answer),
		cmocka_unit_test(a_request_comes_back_as_it_was_sent_and_no_other_does),
		cmocka_unit_test(a_request_with_a_certificate_twice_or_that_is_none_is_nonsense),
	};

	return cmocka_run_group_tests_name("verify exchange", tests, attack_setup, attack_teardown);
}
