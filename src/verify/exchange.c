/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/judge.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Both sides are built from the same source, so records pass as they lie in memory; the version tells a helper left
 * over from another build. */
#define VERSION ((uint32_t)(0xBE510001u ^ (uint32_t)sizeof(struct facts_signature) << 4))

struct request_head {
	uint32_t version;
	uint32_t docmdp;
	int64_t at;
	uint64_t anchors;
};

struct anchor_head {
	uint32_t trusted;
	uint32_t len;
};

static enum be_err nonsense(struct be_error *err)
{
	return be_fail(err, BE_MALFORMED, N_("The verifying helper gave no answer that makes sense"), NULL);
}

enum be_err judge_request_encode(struct buffer *out, const struct judge_request *request, struct be_error *err)
{
	size_t count = request->anchors != NULL ? pki_anchors_count(request->anchors) : 0;
	struct request_head head = { VERSION, request->docmdp, request->at, count };

	buffer_add(out, &head, sizeof(head));
	for (size_t i = 0; i < count; i++) {
		const uint8_t *der;
		size_t len;
		bool trusted;
		struct anchor_head anchor;

		pki_anchors_at(request->anchors, i, &der, &len, &trusted);
		anchor = (struct anchor_head){ trusted, (uint32_t)len };
		buffer_add(out, &anchor, sizeof(anchor));
		buffer_add(out, der, len);
	}
	return buffer_check(out, err);
}

enum be_err judge_request_decode(struct judge_request *out, const uint8_t *bytes, size_t len, struct be_error *err)
{
	struct request_head head;
	size_t at = sizeof(head);
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	if (len < sizeof(head))
		return nonsense(err);
	memcpy(&head, bytes, sizeof(head));
	if (head.version != VERSION || head.docmdp > 3)
		return nonsense(err);
	out->at = head.at;
	out->docmdp = head.docmdp;
	rc = pki_anchors_new(&out->anchors, err);
	for (uint64_t i = 0; rc == BE_OK && i < head.anchors; i++) {
		struct anchor_head anchor;

		if (len - at < sizeof(anchor)) {
			rc = nonsense(err);
			break;
		}
		memcpy(&anchor, bytes + at, sizeof(anchor));
		at += sizeof(anchor);
		if (anchor.len > len - at || anchor.trusted > 1) {
			rc = nonsense(err);
			break;
		}
		rc = pki_anchors_add(out->anchors, bytes + at, anchor.len, anchor.trusted != 0, err);
		at += anchor.len;
	}
	/* What encode gives holds no certificate twice, none that cannot be read, and nothing behind them. */
	if (rc == BE_OK && (at != len || pki_anchors_count(out->anchors) != head.anchors))
		rc = nonsense(err);
	if (rc != BE_OK)
		pki_anchors_free(&out->anchors);
	return rc == BE_OK || rc == BE_NO_MEMORY ? rc : nonsense(err);
}

enum be_err judge_answer_encode(struct buffer *out, const struct judge_answer *answer, struct be_error *err)
{
	uint32_t version = VERSION;

	buffer_add(out, &version, sizeof(version));
	buffer_add(out, &answer->document, sizeof(answer->document));
	buffer_add(out, answer->signatures, answer->document.count * sizeof(*answer->signatures));
	return buffer_check(out, err);
}

/* ---- what comes back is looked at field by field ---- */

enum check { CHECK_BELOW, CHECK_TEXT, CHECK_BOOL };

struct rule {
	enum check kind;
	size_t offset;
	size_t size;    /* TEXT: of the array */
	uint32_t limit; /* BELOW: the first value that is too large */
};

#define BELOW(type, field, count) \
	{ \
		CHECK_BELOW, offsetof(struct type, field), 0, (uint32_t)(count) \
	}
#define TEXT(type, field) \
	{ \
		CHECK_TEXT, offsetof(struct type, field), sizeof(((struct type *)NULL)->field), 0 \
	}
#define BOOL(type, field) \
	{ \
		CHECK_BOOL, offsetof(struct type, field), 0, 0 \
	}
#define S(kind, ...) kind(facts_signature, __VA_ARGS__)

#define CERTIFICATE(at) \
	S(TEXT, at.name), S(TEXT, at.subject), S(TEXT, at.issuer), S(TEXT, at.serial), S(TEXT, at.sha256), \
		S(BELOW, at.key_kind, PKI_KEY_DSA + 1), S(BOOL, at.has_key_usage), S(BOOL, at.has_eku), \
		S(BOOL, at.eku_document), S(BOOL, at.eku_timestamp_only), S(BOOL, at.is_ca), S(BOOL, at.self_signed), \
		S(BOOL, at.odd_name)
#define CHAIN(at) \
	S(BELOW, at.result, PKI_CHAIN_BROKEN + 1), S(BOOL, at.leaf_time_bad), S(TEXT, at.detail), \
		S(TEXT, at.anchor_sha256)

static const struct rule signature_rules[] = {
	S(TEXT, field),
	S(BELOW, type, FACTS_TYPE_COUNT),
	S(BELOW, subfilter, FACTS_SUBFILTER_COUNT),
	S(TEXT, subfilter_text),
	S(BELOW, gate, FACTS_GATE_COUNT),
	S(TEXT, gate_detail),
	S(BELOW, coverage, FACTS_COVERAGE_COUNT),
	S(BELOW, modification, FACTS_MODIFICATION_COUNT),
	S(TEXT, modification_detail),
	S(BELOW, docmdp, 4),
	S(BOOL, has_cms),
	S(BELOW, cms.fault, PKI_CMS_SIGNATURE + 1),
	S(BELOW, cms.digest, DIGEST_ALG_COUNT),
	S(TEXT, cms.signature),
	S(BELOW, cms.signature_digest, DIGEST_ALG_COUNT),
	S(BOOL, cms.has_certificate),
	CERTIFICATE(cms.signer),
	S(BOOL, cms.has_signed_attributes),
	S(BOOL, cms.has_signing_certificate),
	S(BOOL, cms.weak_signing_certificate),
	S(BOOL, cms.has_signing_time),
	S(BOOL, cms.has_policy),
	S(BOOL, cms.has_timestamp),
	S(BOOL, cms.der),
	CHAIN(chain_now),
	S(BOOL, has_timestamp),
	S(BOOL, timestamp_decoded),
	S(BELOW, timestamp.fault, PKI_CMS_SIGNATURE + 1),
	S(BOOL, timestamp.imprint_ok),
	S(BELOW, timestamp.imprint_digest, DIGEST_ALG_COUNT),
	S(BOOL, timestamp.has_certificate),
	CERTIFICATE(timestamp.authority),
	S(BOOL, timestamp.purpose_ok),
	S(BOOL, timestamp.time_inside),
	CHAIN(chain_then),
	CHAIN(authority_then),
	CHAIN(authority_now),
	S(TEXT, reason),
	S(TEXT, location),
	S(TEXT, contact),
};

static const struct rule document_rules[] = {
	BELOW(facts_document, error, BE_ERR_COUNT),
	TEXT(facts_document, error_detail),
	BELOW(facts_document, warnings, FACTS_WARN_ALL + 1),
	BELOW(facts_document, count, FACTS_SIGNATURES_MAX + 1),
};

static bool keeps(const uint8_t *record, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint8_t *at = record + rules[i].offset;
		uint32_t value;

		switch (rules[i].kind) {
		case CHECK_BELOW:
			memcpy(&value, at, sizeof(value));
			if (value >= rules[i].limit)
				return false;
			break;
		case CHECK_TEXT:
			if (memchr(at, '\0', rules[i].size) == NULL)
				return false;
			break;
		case CHECK_BOOL:
			if (*at > 1)
				return false;
			break;
		}
	}
	return true;
}

#define KEEPS(record, rules) keeps(record, rules, sizeof(rules) / sizeof((rules)[0]))

enum be_err judge_answer_decode(struct judge_answer *out, const uint8_t *bytes, size_t len, struct be_error *err)
{
	const size_t head = sizeof(uint32_t) + sizeof(out->document);
	const uint8_t *records = bytes + head;
	uint32_t version;

	memset(out, 0, sizeof(*out));
	if (len < head || !KEEPS(bytes + sizeof(uint32_t), document_rules))
		return nonsense(err);
	memcpy(&version, bytes, sizeof(version));
	memcpy(&out->document, bytes + sizeof(version), sizeof(out->document));
	if (version != VERSION || len - head != out->document.count * sizeof(*out->signatures))
		goto nonsense;
	for (uint32_t i = 0; i < out->document.count; i++) {
		if (!KEEPS(records + i * sizeof(*out->signatures), signature_rules))
			goto nonsense;
	}
	out->signatures = calloc((size_t)out->document.count + 1, sizeof(*out->signatures));
	if (out->signatures == NULL) {
		memset(out, 0, sizeof(*out));
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	}
	memcpy(out->signatures, records, out->document.count * sizeof(*out->signatures));
	return BE_OK;
nonsense:
	memset(out, 0, sizeof(*out));
	return nonsense(err);
}
