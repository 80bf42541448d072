/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/new_signature.h"

#include "pdf/permissions.h"
#include "verify/gates.h"
#include "verify/step.h"

#include <string.h>

static enum be_err refuse(struct be_error *err, const char *gate, const char *detail)
{
	return be_fail(err, BE_SELF_CHECK, N_("The signature that was just made does not verify, so nothing was kept"),
		"%s: %s", gate, detail);
}

static enum be_err check_message(
	const struct verify_new_signature *what, const struct gated *gated, struct be_error *err)
{
	struct buffer der = BUFFER_EMPTY;
	enum pki_cms_fault fault;
	struct pki_cms *cms = NULL;
	struct pki_cms_facts facts;
	const uint8_t *signer;
	size_t signer_len;
	enum be_err rc;

	pdf_string_bytes(&der, gated->contents);
	rc = buffer_check(&der, err);
	if (rc == BE_OK)
		rc = pki_cms_parse(&cms, &fault, der.data, der.len, err);
	if (rc == BE_OK && cms == NULL)
		rc = refuse(err, "message", "it cannot be read");
	if (rc == BE_OK && pki_cms_digest_alg(cms) != what->alg)
		rc = refuse(err, "message", "another digest");
	if (rc == BE_OK)
		rc = pki_cms_check(cms, what->digest, digest_size(what->alg), &facts, err);
	if (rc == BE_OK &&
		(facts.fault != PKI_CMS_OK || !facts.has_signed_attributes || !facts.has_signing_certificate ||
			facts.has_signing_time))
		rc = refuse(
			err, "message", facts.fault == PKI_CMS_SIGNATURE ? "the signature value" : "its attributes");
	signer = rc == BE_OK ? pki_cms_signer(cms, &signer_len) : NULL;
	if (rc == BE_OK &&
		(signer == NULL || signer_len != what->signer_len || memcmp(signer, what->signer, signer_len) != 0))
		rc = refuse(err, "message", "another signer");
	pki_cms_free(&cms);
	buffer_free(&der);
	return rc;
}

/* An earlier signature is not worse off when our update is one that the verifier knows to be harmless. */
static enum be_err check_step(struct pdf_doc *doc, const struct pdf_form *form, struct be_error *err)
{
	struct step step;
	bool others = false;
	bool certified = false;
	enum be_err rc;

	for (size_t i = 0; i < form->count; i++)
		others = others ||
			(form->fields[i].value != NULL && pdf_get(form->fields[i].value, "ByteRange") != NULL);
	if (!others || pdf_doc_xref(doc)->revision_count < 2)
		return BE_OK;
	rc = verify_step(&step, doc, 0, err);
	if (rc == BE_OK)
		rc = pdf_certified(doc, 1, form, &certified, err);
	if (rc == BE_OK && (step.level == FACTS_OTHER || (certified && step.new_visible_field)))
		return be_fail(err, BE_SELF_CHECK,
			N_("This document is built so that signing it would cast doubt on an earlier signature, so nothing was kept"),
			"%s", step.detail);
	return rc;
}

enum be_err verify_new_signature(const struct verify_new_signature *what, struct be_error *err)
{
	struct pdf_bytes file = { NULL, 0 };
	struct facts_signature facts = { 0 };
	struct found_signature found = { NULL, NULL, false };
	struct gated gated = { NULL, NULL, 0, NULL };
	struct pdf_form *before = NULL;
	struct pdf_form *form = NULL;
	struct pdf_doc *doc = NULL;
	enum be_err rc = pdf_bytes_map(&file, what->fd, what->len, err);

	if (rc == BE_OK)
		rc = pdf_doc_open(&doc, file, err);
	if (rc == BE_OK)
		rc = pdf_form_read(&form, doc, 0, err);
	if (rc != BE_OK)
		goto out;
	found.field = pdf_form_find(form, what->field);
	if (found.field == NULL || found.field->value == NULL) {
		rc = refuse(err, "field", "it is not there");
		goto out;
	}
	found.dict = found.field->value;
	rc = verify_gates(&gated, doc, &found, &facts, err);
	if (rc == BE_OK && (facts.gate != FACTS_GATE_PASSED || facts.coverage != FACTS_WHOLE_FILE))
		rc = refuse(err, "structure", facts.gate_detail);
	if (rc == BE_OK && (pdf_doc_xref(doc)->revision_count < 2 || what->old_len >= what->len))
		rc = refuse(err, "structure", "the update is not one");
	if (rc == BE_OK)
		rc = check_message(what, &gated, err);
	if (rc == BE_OK)
		rc = pdf_form_read(&before, doc, 1, err);
	if (rc == BE_OK)
		rc = check_step(doc, before, err);
out:
	pdf_form_free(&before);
	pdf_form_free(&form);
	verify_gated_free(&gated);
	pdf_doc_free(&doc);
	pdf_bytes_unmap(&file);
	return rc;
}
