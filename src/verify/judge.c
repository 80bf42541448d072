/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/judge.h"

#include "pdf/permissions.h"
#include "verify/message.h"
#include "verify/step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judging {
	struct pdf_doc *doc;
	int fd;
	const struct judge_request *request;
	struct found found;
	struct gated *gated; /* one for each signature found */
	struct judge_answer *out;
	struct step *steps; /* steps[r]: what revision r did to the one before it */
	size_t step_count;  /* up to the oldest signed revision */
	struct be_error *err;
};

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

static void make_other(struct step *step, const char *why)
{
	if (step->level != FACTS_OTHER)
		(void)snprintf(step->detail, sizeof(step->detail), "%s", why);
	step->level = FACTS_OTHER;
}

/* ---- signatures ---- */

static enum be_err gate_all(struct judging *j)
{
	j->out->signatures = calloc(j->found.count + 1, sizeof(*j->out->signatures));
	j->gated = calloc(j->found.count + 1, sizeof(*j->gated));
	if (j->out->signatures == NULL || j->gated == NULL)
		return no_memory(j->err);
	for (size_t i = 0; i < j->found.count; i++) {
		enum be_err rc =
			verify_gates(&j->gated[i], j->doc, &j->found.signatures[i], &j->out->signatures[i], j->err);

		if (rc != BE_OK)
			return rc;
		j->out->document.count++;
		if (j->out->signatures[i].gate == FACTS_GATE_PASSED && j->gated[i].revision > j->step_count)
			j->step_count = j->gated[i].revision;
	}
	return BE_OK;
}

/* ---- what came later ---- */

/* The certification that the document stands under: the oldest one. */
static uint32_t certification(const struct judging *j, size_t *revision)
{
	uint32_t p = 0;

	*revision = 0;
	for (size_t i = 0; i < j->found.count; i++) {
		const struct facts_signature *s = &j->out->signatures[i];

		if (s->gate != FACTS_GATE_PASSED || j->gated[i].revision < *revision)
			continue;
		if (s->docmdp != 0 || j->request->docmdp != 0) {
			*revision = j->gated[i].revision;
			p = j->request->docmdp != 0 ? j->request->docmdp : s->docmdp;
		}
	}
	return p;
}

static bool locked_by_earlier(const struct judging *j, size_t r, const char *field)
{
	for (size_t i = 0; i < j->found.count; i++) {
		bool locked = false;

		if (j->out->signatures[i].gate != FACTS_GATE_PASSED || j->gated[i].revision <= r)
			continue;
		if (pdf_field_locked_by(j->doc, r + 1, j->found.signatures[i].dict, field, &locked, NULL) != BE_OK ||
			locked)
			return true;
	}
	return false;
}

static bool no_changes_allowed(const struct judging *j, size_t r)
{
	struct pdf_form *form = NULL;
	bool forbidden = true;

	if (pdf_form_read(&form, j->doc, r + 1, NULL) == BE_OK &&
		pdf_no_changes_allowed(j->doc, r + 1, form, &forbidden, NULL) != BE_OK)
		forbidden = true;
	pdf_form_free(&form);
	return forbidden;
}

static void apply_permissions(struct judging *j, size_t r, uint32_t p, size_t certified)
{
	struct step *step = &j->steps[r];

	if ((p == 1 && r < certified) || no_changes_allowed(j, r))
		make_other(step, "the document was certified or locked against any change");
	else if (p != 0 && r < certified && step->new_visible_field)
		make_other(step, "a visible field was added after the document was certified");
	else if (step->existing_field && locked_by_earlier(j, r, step->field))
		make_other(step, "a field was signed that an earlier signature had locked");
}

static enum be_err judge_steps(struct judging *j)
{
	size_t certified;
	uint32_t p = certification(j, &certified);
	enum be_err rc;

	j->steps = calloc(j->step_count + 1, sizeof(*j->steps));
	if (j->steps == NULL)
		return no_memory(j->err);
	for (size_t r = 0; r < j->step_count; r++) {
		rc = verify_step(&j->steps[r], j->doc, r, j->err);
		if (rc != BE_OK)
			return rc;
		apply_permissions(j, r, p, certified);
	}
	return BE_OK;
}

static void set_modifications(struct judging *j)
{
	struct pdf_xref *xref = pdf_doc_xref(j->doc);

	for (size_t i = 0; i < j->found.count; i++) {
		struct facts_signature *s = &j->out->signatures[i];

		if (s->gate != FACTS_GATE_PASSED)
			continue;
		for (size_t r = j->gated[i].revision; r-- > 0;) {
			if (j->steps[r].level <= s->modification)
				continue;
			s->modification = j->steps[r].level;
			(void)snprintf(s->modification_detail, sizeof(s->modification_detail), "%.*s",
				(int)sizeof(s->modification_detail) - 1, j->steps[r].detail);
		}
		if ((pdf_xref_odd(xref) & PDF_ODD_TAIL) != 0) {
			s->modification = FACTS_OTHER;
			(void)snprintf(s->modification_detail, sizeof(s->modification_detail),
				"bytes were added behind the last revision");
		}
	}
}

/* ---- what a reader should know ---- */

static bool has_javascript(struct pdf_doc *doc, const struct pdf_obj *action)
{
	const struct pdf_obj *dict;
	const struct pdf_obj *kind;

	return pdf_doc_resolve(doc, 0, action, &dict, NULL) == BE_OK &&
		pdf_doc_get(doc, 0, dict, "S", &kind, NULL) == BE_OK && pdf_name_is(kind, "JavaScript");
}

static uint32_t warn_of_content(const struct judging *j)
{
	const struct pdf_obj *catalogue;
	const struct pdf_obj *names;
	uint32_t warnings = 0;

	if (pdf_doc_catalogue(j->doc, 0, &catalogue, NULL) != BE_OK)
		return 0;
	if (pdf_doc_get(j->doc, 0, catalogue, "Names", &names, NULL) == BE_OK && pdf_get(names, "JavaScript") != NULL)
		warnings |= FACTS_WARN_JAVASCRIPT;
	if (has_javascript(j->doc, pdf_get(catalogue, "OpenAction")) || pdf_get(catalogue, "AA") != NULL)
		warnings |= FACTS_WARN_OPEN_ACTION;
	if (pdf_get(j->found.form->dict, "XFA") != NULL)
		warnings |= FACTS_WARN_XFA;
	if (j->found.usage_rights != NULL)
		warnings |= FACTS_WARN_USAGE_RIGHTS;
	if (j->found.empty_fields)
		warnings |= FACTS_WARN_EMPTY_FIELDS;
	return warnings;
}

static bool ends_unsigned(const struct judging *j)
{
	for (size_t i = 0; i < j->found.count; i++) {
		if (j->out->signatures[i].coverage == FACTS_WHOLE_FILE)
			return false;
	}
	return j->found.count > 0;
}

/* ---- all together ---- */

static int by_end(const void *a, const void *b)
{
	const struct facts_signature *left = a;
	const struct facts_signature *right = b;
	uint64_t left_end = left->end != 0 ? left->end : UINT64_MAX;
	uint64_t right_end = right->end != 0 ? right->end : UINT64_MAX;

	if (left_end != right_end)
		return left_end < right_end ? -1 : 1;
	return strcmp(left->field, right->field);
}

static enum be_err judge_open(struct judging *j)
{
	enum be_err rc = verify_find(&j->found, j->doc, j->fd, j->err);

	if (rc == BE_OK)
		rc = gate_all(j);
	if (rc == BE_OK)
		rc = judge_steps(j);
	if (rc != BE_OK)
		return rc;
	set_modifications(j);
	for (size_t i = 0; i < j->found.count && rc == BE_OK; i++) {
		if (j->out->signatures[i].gate == FACTS_GATE_PASSED)
			rc = verify_message(&j->out->signatures[i], &j->gated[i], j->fd, j->request, j->err);
	}
	j->out->document.revisions = (uint32_t)pdf_doc_xref(j->doc)->revision_count;
	j->out->document.warnings = warn_of_content(j) | (ends_unsigned(j) ? FACTS_WARN_UNSIGNED_END : 0);
	qsort(j->out->signatures, j->out->document.count, sizeof(*j->out->signatures), by_end);
	return rc;
}

enum be_err judge_document(
	struct judge_answer *out, int fd, uint64_t len, const struct judge_request *request, struct be_error *err)
{
	struct judging j = { .fd = fd, .request = request, .out = out };
	struct be_error cause = { .code = BE_OK };
	struct pdf_bytes file = { NULL, 0 };
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	j.err = &cause;
	rc = pdf_bytes_map(&file, fd, len, &cause);
	if (rc == BE_OK)
		rc = pdf_doc_open(&j.doc, file, &cause);
	if (rc == BE_OK && pdf_doc_encrypted(j.doc))
		rc = be_fail(&cause, BE_ENCRYPTED, N_("The document is encrypted"), NULL);
	if (rc == BE_OK)
		rc = judge_open(&j);
	for (size_t i = 0; j.gated != NULL && i < j.found.count; i++)
		verify_gated_free(&j.gated[i]);
	free(j.gated);
	free(j.steps);
	verify_found_free(&j.found);
	pdf_doc_free(&j.doc);
	pdf_bytes_unmap(&file);
	if (rc == BE_OK)
		return BE_OK;
	judge_answer_free(out);
	if (rc == BE_NO_MEMORY)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	out->document.error = rc;
	(void)snprintf(out->document.error_detail, sizeof(out->document.error_detail), "%s", cause.detail);
	return BE_OK;
}

void judge_answer_free(struct judge_answer *answer)
{
	free(answer->signatures);
	memset(answer, 0, sizeof(*answer));
}
