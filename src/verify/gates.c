/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/gates.h"

#include "base/time.h"
#include "pdf/permissions.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Oddities that make a signed file ambiguous: readers differ in what they see. */
#define AMBIGUOUS \
	(PDF_ODD_HEADER | PDF_ODD_PREV_ORDER | PDF_ODD_DUPLICATE | PDF_ODD_HYBRID | PDF_ODD_PREV_ZERO | \
		PDF_ODD_STARTXREF | PDF_ODD_TRAILER_KEYS)

/* Notes the gate that was not passed; always returns false, so that a gate reads "return refuse(…)". */
static bool refuse(struct facts_signature *facts, enum facts_gate gate, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool refuse(struct facts_signature *facts, enum facts_gate gate, const char *format, ...)
{
	va_list args;

	facts->gate = gate;
	va_start(args, format);
	(void)vsnprintf(facts->gate_detail, sizeof(facts->gate_detail), format, args);
	va_end(args);
	return false;
}

/* ---- what the dictionary says of itself ---- */

static void copy_text(char out[static FACTS_TEXT_MAX], const struct pdf_obj *dict, const char *key)
{
	const struct pdf_obj *value = pdf_get_typed(dict, key, PDF_STRING);
	struct buffer text = BUFFER_EMPTY;

	out[0] = '\0';
	if (value == NULL)
		return;
	pdf_string_utf8(&text, value);
	if (!text.failed && text.len > 0) {
		size_t len = text.len < FACTS_TEXT_MAX - 1 ? text.len : FACTS_TEXT_MAX - 1;

		memcpy(out, text.data, len);
		out[len] = '\0';
	}
	buffer_free(&text);
}

static int64_t claimed_time(const struct pdf_obj *dict)
{
	const struct pdf_obj *value = pdf_get_typed(dict, "M", PDF_STRING);
	struct buffer text = BUFFER_EMPTY;
	int64_t moment = TIME_NONE;

	if (value == NULL)
		return TIME_NONE;
	pdf_string_bytes(&text, value);
	if (!text.failed && text.len > 0)
		moment = time_parse_pdf((const char *)text.data, text.len);
	buffer_free(&text);
	return moment;
}

static void read_subfilter(struct facts_signature *facts, const struct pdf_obj *dict)
{
	static const struct {
		const char *name;
		enum facts_subfilter subfilter;
	} known[] = {
		{ "ETSI.CAdES.detached", FACTS_CADES },
		{ "adbe.pkcs7.detached", FACTS_PKCS7 },
		{ "ETSI.RFC3161", FACTS_RFC3161 },
		{ "adbe.pkcs7.sha1", FACTS_PKCS7_SHA1 },
		{ "adbe.x509.rsa_sha1", FACTS_X509_RSA_SHA1 },
	};
	const struct pdf_obj *name = pdf_get(dict, "SubFilter");

	pdf_name_text(name, facts->subfilter_text, sizeof(facts->subfilter_text));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (pdf_name_is(name, known[i].name))
			facts->subfilter = known[i].subfilter;
	}
	if (facts->subfilter == FACTS_RFC3161)
		facts->type = FACTS_TIMESTAMP;
}

static bool dictionary_gate(struct gated *g, const struct found_signature *signature, struct facts_signature *facts)
{
	const struct pdf_obj *dict = signature->dict;
	const struct pdf_obj *type = pdf_get(dict, "Type");
	uint64_t at;

	if (dict->type != PDF_DICT)
		return refuse(facts, FACTS_GATE_DICTIONARY, "/V is no dictionary");
	if (!pdf_doc_offset(g->doc, dict, &at))
		return refuse(facts, FACTS_GATE_DICTIONARY, "it stands in an object stream");
	if (pdf_dict_duplicates(dict))
		return refuse(facts, FACTS_GATE_DICTIONARY, "it says something twice");
	if (type != NULL && !pdf_name_is(type, "Sig") && !pdf_name_is(type, "DocTimeStamp"))
		return refuse(facts, FACTS_GATE_DICTIONARY, "/Type is wrong");
	if (pdf_get_typed(dict, "Filter", PDF_NAME) == NULL)
		return refuse(facts, FACTS_GATE_DICTIONARY, "/Filter is missing");
	if (facts->subfilter == FACTS_SUBFILTER_OTHER)
		return refuse(facts, FACTS_GATE_SUBFILTER, "/SubFilter is missing or unknown");
	return true;
}

/* ---- what it covers ---- */

static bool range_gate(struct gated *g, const struct pdf_obj *dict, struct facts_signature *facts)
{
	const struct pdf_obj *range = pdf_get(dict, "ByteRange");
	const uint64_t len = pdf_doc_file(g->doc).len;
	uint64_t n[4];

	if (!pdf_is(range, PDF_ARRAY) || range->count != 4)
		return refuse(facts, FACTS_GATE_BYTE_RANGE, "/ByteRange is no array of four numbers");
	for (size_t i = 0; i < 4; i++) {
		if (range->u.items[i].type != PDF_INT || range->u.items[i].u.integer < 0)
			return refuse(
				facts, FACTS_GATE_BYTE_RANGE, "/ByteRange holds something that is no whole number");
		n[i] = (uint64_t)range->u.items[i].u.integer;
	}
	memcpy(facts->byte_range, n, sizeof(n));
	if (n[0] != 0 || n[1] == 0 || n[2] <= n[1] || n[3] == 0 || n[2] > len || n[3] > len - n[2])
		return refuse(facts, FACTS_GATE_BYTE_RANGE, "[%ju %ju %ju %ju] of %ju bytes", (uintmax_t)n[0],
			(uintmax_t)n[1], (uintmax_t)n[2], (uintmax_t)n[3], (uintmax_t)len);
	return true;
}

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* The hole is the string, brackets included, and nothing else: the answer to every wrapping attack. */
static bool contents_gate(struct gated *g, const struct pdf_obj *dict, struct facts_signature *facts)
{
	const struct pdf_obj *contents = pdf_get(dict, "Contents");
	uint64_t at;

	if (!pdf_is(contents, PDF_STRING) || contents->text[0] != '<')
		return refuse(facts, FACTS_GATE_CONTENTS, "/Contents is no hexadecimal string");
	if (!pdf_doc_offset(g->doc, contents, &at) || at != facts->byte_range[1] ||
		at + contents->size != facts->byte_range[2])
		return refuse(facts, FACTS_GATE_CONTENTS, "the hole is not the string of /Contents");
	if (contents->size % 2 != 0)
		return refuse(facts, FACTS_GATE_CONTENTS, "an odd number of digits");
	for (size_t i = 1; i + 1 < contents->size; i++) {
		if (!is_hex(contents->text[i]))
			return refuse(facts, FACTS_GATE_CONTENTS, "something that is no digit");
	}
	g->contents = contents;
	return true;
}

/* ---- what it covers is a revision ---- */

static bool ends_with_revision(const struct pdf_bytes *file, uint64_t revision_end, uint64_t end)
{
	const uint8_t *at = file->data + revision_end;

	if (revision_end == 0 || end < revision_end || end - revision_end > 2)
		return false;
	if (end - revision_end == 2)
		return at[0] == '\r' && at[1] == '\n';
	return end == revision_end || at[0] == '\r' || at[0] == '\n';
}

/* The prefix read as a file of its own must lead through the very sections that the whole file has from that revision
 * on. */
static bool same_chain(struct gated *g)
{
	const struct pdf_xref *whole = pdf_doc_xref(g->doc);
	const struct pdf_xref *own = pdf_doc_xref(g->signed_doc);
	size_t from = whole->revisions[g->revision].section;

	if (own->section_count != whole->section_count - from)
		return false;
	for (size_t i = 0; i < own->section_count; i++) {
		if (own->sections[i].at != whole->sections[from + i].at)
			return false;
	}
	return true;
}

static enum be_err revision_gate(struct gated *g, struct facts_signature *facts, bool *passed, struct be_error *err)
{
	struct pdf_bytes file = pdf_doc_file(g->doc);
	struct pdf_xref *whole = pdf_doc_xref(g->doc);
	uint64_t end = facts->byte_range[2] + facts->byte_range[3];
	struct be_error cause = { .code = BE_OK };
	size_t r = 0;
	enum be_err rc;

	*passed = false;
	while (r < whole->revision_count && !ends_with_revision(&file, whole->revisions[r].end, end))
		r++;
	if (r == whole->revision_count) {
		(void)refuse(facts, FACTS_GATE_REVISION, "no revision ends at %ju", (uintmax_t)end);
		return BE_OK;
	}
	g->revision = r;
	rc = pdf_doc_open(&g->signed_doc, (struct pdf_bytes){ file.data, (size_t)end }, &cause);
	for (size_t i = 0; rc == BE_OK && i < pdf_doc_xref(g->signed_doc)->revision_count; i++)
		rc = pdf_xref_check_revision(pdf_doc_xref(g->signed_doc), i, &cause);
	if (rc == BE_NO_MEMORY)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	if (rc != BE_OK)
		(void)refuse(facts, FACTS_GATE_STRUCTURE, "%.150s", cause.detail);
	else if (!same_chain(g))
		(void)refuse(facts, FACTS_GATE_REVISION, "the signed part leads elsewhere than the whole");
	else if ((pdf_xref_odd(pdf_doc_xref(g->signed_doc)) & AMBIGUOUS) != 0)
		(void)refuse(facts, FACTS_GATE_STRUCTURE, "cross-reference oddities %#x",
			(unsigned)(pdf_xref_odd(pdf_doc_xref(g->signed_doc)) & AMBIGUOUS));
	else
		*passed = true;
	facts->end = end;
	return BE_OK;
}

/* What was signed is read from the signed part alone; the whole file must still say the same, at the same place. */
static enum be_err replaced_gate(struct gated *g, const struct found_signature *signature,
	struct facts_signature *facts, bool *passed, struct be_error *err)
{
	struct pdf_form *form = NULL;
	const struct pdf_field *then;
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = pdf_form_read(&form, g->signed_doc, 0, &cause);

	*passed = false;
	if (rc == BE_NO_MEMORY)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	if (rc != BE_OK) {
		(void)refuse(facts, FACTS_GATE_STRUCTURE, "%.150s", cause.detail);
		return BE_OK;
	}
	then = pdf_form_find(form, signature->field->name);
	if (then == NULL || then->value == NULL)
		(void)refuse(facts, FACTS_GATE_REPLACED, "the signed part has no such signature");
	else if (then->value->text != signature->dict->text || then->value->size != signature->dict->size ||
		then->number != signature->field->number || then->value_number != signature->field->value_number)
		(void)refuse(
			facts, FACTS_GATE_REPLACED, "the field leads to another signature than when it was signed");
	else
		*passed = true;
	pdf_form_free(&form);
	return BE_OK;
}

static enum facts_coverage coverage(const struct gated *g, const struct facts_signature *facts)
{
	return g->revision == 0 && (pdf_xref_odd(pdf_doc_xref(g->doc)) & PDF_ODD_TAIL) == 0 &&
			pdf_doc_file(g->doc).len - facts->end <= 2
		? FACTS_WHOLE_FILE
		: FACTS_REVISION;
}

static enum be_err all_gates(
	struct gated *g, const struct found_signature *signature, struct facts_signature *facts, struct be_error *err)
{
	int docmdp = 0;
	bool passed;
	enum be_err rc;

	if (!dictionary_gate(g, signature, facts) || !range_gate(g, signature->dict, facts) ||
		!contents_gate(g, signature->dict, facts))
		return BE_OK;
	rc = revision_gate(g, facts, &passed, err);
	if (rc != BE_OK || !passed)
		return rc;
	if (signature->field == NULL) {
		(void)refuse(facts, FACTS_GATE_ORPHAN, "no field leads to it");
		return BE_OK;
	}
	if (signature->shared) {
		(void)refuse(facts, FACTS_GATE_SHARED, "more than one field leads to it");
		return BE_OK;
	}
	rc = replaced_gate(g, signature, facts, &passed, err);
	if (rc != BE_OK || !passed)
		return rc;
	if (pdf_docmdp(g->signed_doc, 0, signature->dict, &docmdp, NULL) != BE_OK) {
		(void)refuse(facts, FACTS_GATE_STRUCTURE, "/Reference cannot be read");
		return BE_OK;
	}
	facts->docmdp = (uint32_t)docmdp;
	if (docmdp != 0)
		facts->type = FACTS_CERTIFICATION;
	facts->coverage = coverage(g, facts);
	facts->gate = FACTS_GATE_PASSED;
	return BE_OK;
}

enum be_err verify_gates(struct gated *out, struct pdf_doc *doc, const struct found_signature *signature,
	struct facts_signature *facts, struct be_error *err)
{
	*out = (struct gated){ .doc = doc };
	if (signature->field != NULL)
		(void)snprintf(facts->field, sizeof(facts->field), "%s", signature->field->name);
	facts->claimed_time = claimed_time(signature->dict);
	copy_text(facts->reason, signature->dict, "Reason");
	copy_text(facts->location, signature->dict, "Location");
	copy_text(facts->contact, signature->dict, "ContactInfo");
	read_subfilter(facts, signature->dict);
	/* Until every gate is passed, one is not. */
	facts->gate = FACTS_GATE_READ;
	facts->coverage = FACTS_BROKEN;
	return all_gates(out, signature, facts, err);
}

void verify_gated_free(struct gated *gated)
{
	pdf_doc_free(&gated->signed_doc);
}
