/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/verify.h"

#include "base/file.h"
#include "box/box.h"
#include "verify/image.h"
#include "verify/judge.h"
#include "verify/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELPER "besign-judge"

static const struct {
	uint32_t bit;
	const char *word;
} content_warnings[] = {
	{ FACTS_WARN_JAVASCRIPT, "JAVASCRIPT" },
	{ FACTS_WARN_XFA, "XFA_FORM" },
	{ FACTS_WARN_OPEN_ACTION, "AUTOMATIC_ACTION" },
	{ FACTS_WARN_USAGE_RIGHTS, "USAGE_RIGHTS" },
	{ FACTS_WARN_EMPTY_FIELDS, "EMPTY_SIGNATURE_FIELDS" },
	{ FACTS_WARN_UNSIGNED_END, "UNSIGNED_END" },
};

static enum be_err ask_helper(
	struct judge_answer *out, int fd, const struct verify_options *options, struct be_error *err)
{
	/* The request's anchors are read here, never written or freed: encode takes no others. */
	const struct judge_request request = { options->at, (uint32_t)options->docmdp,
		(struct pki_anchors *)(uintptr_t)options->anchors };
	struct buffer message = BUFFER_EMPTY;
	struct buffer answer = BUFFER_EMPTY;
	struct box *box = NULL;
	enum be_err rc = box_start(&box, HELPER, fd, err);

	if (rc == BE_OK)
		rc = judge_request_encode(&message, &request, err);
	if (rc == BE_OK)
		rc = box_ask(box, message.data, message.len, &answer, JUDGE_ANSWER_MAX, IMAGE_STABLE_MS, err);
	if (rc == BE_OK)
		rc = judge_answer_decode(out, answer.data, answer.len, err);
	box_free(&box);
	buffer_free(&message);
	buffer_free(&answer);
	return rc;
}

/* The helper says which error and its particulars; the sentence is ours. */
static enum be_err document_error(const struct facts_document *document, struct be_error *err)
{
	static const struct {
		enum be_err code;
		const char *msgid;
	} sentences[] = {
		{ BE_NOT_A_PDF, N_("The file is no PDF document") },
		{ BE_DAMAGED, N_("The document is damaged; what it shows is not certain") },
		{ BE_MALFORMED, N_("The document is damaged; what it shows is not certain") },
		{ BE_ENCRYPTED, N_("The document is encrypted; this version cannot verify encrypted documents") },
		{ BE_LIMIT, N_("The document is larger or more complicated than this program agrees to look at") },
		{ BE_UNSUPPORTED, N_("The document uses something this program does not read") },
	};

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (document->error == (uint32_t)sentences[i].code)
			return be_fail(err, sentences[i].code, sentences[i].msgid, "%s", document->error_detail);
	}
	return be_fail(
		err, (enum be_err)document->error, N_("The document cannot be verified"), "%s", document->error_detail);
}

static enum be_err conclude(struct verify_report *out, const struct judge_answer *answer,
	const struct verify_options *options, struct be_error *err)
{
	out->signatures = calloc((size_t)answer->document.count + 1, sizeof(*out->signatures));
	if (out->signatures == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	out->count = answer->document.count;
	out->result = VERIFY_NO_SIGNATURE;
	for (size_t i = 0; i < out->count; i++) {
		out->signatures[i].facts = answer->signatures[i];
		verify_status(&out->signatures[i], options);
		out->result = verify_worse(out->result, out->signatures[i].result);
	}
	for (size_t i = 0; i < sizeof(content_warnings) / sizeof(content_warnings[0]); i++) {
		if ((answer->document.warnings & content_warnings[i].bit) != 0)
			out->warnings.text[out->warnings.count++] = content_warnings[i].word;
	}
	return BE_OK;
}

enum be_err verify_file(
	struct verify_report *out, const char *path, const struct verify_options *options, struct be_error *err)
{
	struct judge_answer answer = { 0 };
	struct image image;
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	out->result = VERIFY_ERROR;
	rc = image_open(&image, path, &out->error);
	if (rc == BE_OK)
		rc = ask_helper(&answer, image.fd, options, &out->error);
	if (rc == BE_OK && !image_stable(&image))
		rc = be_fail(&out->error, BE_IO, N_("The file was changed while it was read"), NULL);
	if (rc == BE_OK && answer.document.error != BE_OK)
		rc = document_error(&answer.document, &out->error);
	if (rc == BE_OK)
		rc = conclude(out, &answer, options, &out->error);
	judge_answer_free(&answer);
	image_close(&image);
	if (rc != BE_NO_MEMORY)
		return BE_OK;
	return be_fail(err, rc, out->error.msgid, "%s", out->error.detail);
}

void verify_report_free(struct verify_report *report)
{
	free(report->signatures);
	memset(report, 0, sizeof(*report));
}

enum be_err verify_extract(const char *path, const struct verify_report *report, size_t n, const char *target,
	bool replace, struct be_error *err)
{
	struct file_output *output = NULL;
	struct image image;
	enum be_err rc;

	if (n == 0 || n > report->count)
		return be_fail(err, BE_NOT_FOUND, N_("The document has no signature of that number"), "%zu of %zu", n,
			report->count);
	if (report->signatures[n - 1].facts.end == 0)
		return be_fail(err, BE_NOT_FOUND, N_("What that signature signed cannot be told"), NULL);
	rc = image_open(&image, path, err);
	if (rc == BE_OK && report->signatures[n - 1].facts.end > image.len)
		rc = be_fail(err, BE_IO, N_("The file was changed while it was read"), NULL);
	if (rc == BE_OK)
		rc = file_output_new(&output, target, 0666, replace, err);
	if (rc == BE_OK)
		rc = file_copy(image.fd, file_output_fd(output), report->signatures[n - 1].facts.end, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	image_close(&image);
	return rc;
}
