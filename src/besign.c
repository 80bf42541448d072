/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "besign.h"

#include "base/i18n.h"
#include "base/sanitise.h"
#include "base/time.h"
#include "build.h"
#include "sign/look.h"
#include "verify/verify.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN_OPTION N_("This version of the library does not know one of the options")

/* Between the public names and the rooms'; nothing is decided here. */

#define X(name, word) static_assert(sizeof(word) <= sizeof(((struct besign_error *)NULL)->code), word);
BE_ERR_LIST(X)
#undef X
static_assert(sizeof(((struct besign_document *)NULL)->field) == PDF_FIELD_NAME_MAX, "field names are copied whole");

struct besign_signer {
	struct signer *signer;
};

const char *besign_version(void)
{
	return BESIGN_VERSION;
}

void besign_free(void *memory)
{
	free(memory);
}

static void tell(struct besign_error *out, enum be_err code, const struct be_error *err)
{
	if (out == NULL)
		return;
	memset(out, 0, sizeof(*out));
	if (code == BE_OK)
		return;
	(void)snprintf(out->code, sizeof(out->code), "%s", be_err_word(code));
	(void)sanitise_str(out->message, sizeof(out->message), tr(err->msgid));
	(void)sanitise_str(out->detail, sizeof(out->detail), err->detail);
}

/* A caller built with an older header gives less, and the rest is zero; one built with a newer header may give more, as
 * long as it does not ask for it: no structure of besign.h ends in padding. */
static enum be_err take_options(void *out, size_t size, const void *options, struct be_error *err)
{
	const unsigned char *bytes = options;
	size_t given = 0;

	memset(out, 0, size);
	if (options == NULL)
		return BE_OK;
	memcpy(&given, options, sizeof(given));
	if (given < sizeof(given))
		return be_fail(err, BE_USAGE, N_("The options do not say their size"), NULL);
	for (size_t i = size; i < given; i++)
		if (bytes[i] != 0)
			return be_fail(err, BE_UNSUPPORTED, UNKNOWN_OPTION, "byte %zu", i);
	memcpy(out, options, given < size ? given : size);
	return BE_OK;
}

/* ---- signing ---- */

int besign_signer_open_p12(const char *path, const void *passphrase, size_t passphrase_len,
	struct besign_signer **signer, struct besign_error *error)
{
	struct besign_signer *opened = calloc(1, sizeof(*opened));
	struct be_error err = { .code = BE_OK };
	struct secret *secret = NULL;
	enum be_err rc;

	*signer = NULL;
	rc = opened != NULL ? secret_new(&secret, passphrase_len, &err)
			    : be_fail(&err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	if (rc == BE_OK)
		rc = secret_add(secret, passphrase, passphrase_len, &err);
	if (rc == BE_OK)
		rc = signer_open_p12(&opened->signer, path, secret, &err);
	secret_free(&secret);
	tell(error, rc, &err);
	if (rc != BE_OK) {
		free(opened);
		return -1;
	}
	*signer = opened;
	return 0;
}

void besign_signer_free(struct besign_signer **signer)
{
	if (signer == NULL || *signer == NULL)
		return;
	signer_free(&(*signer)->signer);
	free(*signer);
	*signer = NULL;
}

static enum be_err take_sign_options(
	struct sign_options *out, const struct besign_sign_options *given, struct be_error *err)
{
	*out = (struct sign_options){
		.digest = given->digest != NULL ? digest_by_option(given->digest) : DIGEST_NONE,
		.pss = given->pss != 0,
		.field = given->field,
		.name = given->name,
		.reason = given->reason,
		.location = given->location,
		.contact = given->contact,
		.time = given->time != 0 ? given->time : time_now(),
		.jobs = given->jobs,
	};
	if (given->digest != NULL && out->digest == DIGEST_NONE)
		return be_fail(err, BE_USAGE, N_("The digest must be sha256, sha384 or sha512"), "%s", given->digest);
	if (given->form != NULL && strcmp(given->form, "pkcs7") == 0)
		out->sub_filter = "adbe.pkcs7.detached";
	else if (given->form != NULL && strcmp(given->form, "cades") != 0)
		return be_fail(
			err, BE_USAGE, N_("The form of the signature must be cades or pkcs7"), "%s", given->form);
	return BE_OK;
}

/* What is to be seen goes together, or is refused: a place that nothing is shown in was meant otherwise. */
static enum be_err take_look(struct sign_options *out, struct sign_look *look, bool *drawn,
	const struct besign_sign_options *given, struct be_error *err)
{
	const bool ready = given->appearance != NULL;
	const bool placed = given->page != 0 || given->rect[0] > 0 || given->rect[1] > 0 || given->rect[2] > 0 ||
		given->rect[3] > 0;

	*look = (struct sign_look){
		.image = given->image, .qr = given->qr, .lines = given->lines, .line_count = given->line_count
	};
	*drawn = given->image != NULL || given->qr != NULL || given->line_count > 0;
	if (given->reserved_int != 0)
		return be_fail(err, BE_UNSUPPORTED, UNKNOWN_OPTION, "reserved_int");
	if (ready && *drawn)
		return be_fail(
			err, BE_USAGE, N_("A signature shows a page that is ready or a drawing, not both"), NULL);
	if (placed && ((!ready && !*drawn) || given->field != NULL))
		return be_fail(err, BE_USAGE,
			N_("The place of a visible signature goes with what it shows, and not with a field"), NULL);
	if ((ready || *drawn) && given->field == NULL && (given->page < -1 || given->page == 0))
		return be_fail(
			err, BE_USAGE, N_("A visible signature needs its page: from 1, or -1 for the last"), NULL);
	out->appearance = given->appearance;
	out->appearance_len = given->appearance_len;
	out->spot.page = given->page == -1 ? PDF_PAGE_LAST : (uint32_t)given->page;
	memcpy(out->spot.rect, given->rect, sizeof(out->spot.rect));
	return *drawn ? sign_look_check(look, err) : BE_OK;
}

struct watch {
	const struct besign_sign_options *options;
	atomic_bool cancel;
};

static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	static const enum besign_stage stages[] = {
		[SIGN_PREPARED] = BESIGN_PREPARED,
		[SIGN_SIGNED] = BESIGN_SIGNED,
		[SIGN_DONE] = BESIGN_DONE,
	};
	struct watch *watch = context;
	const struct besign_sign_options *options = watch->options;

	if (options->progress != NULL && options->progress(options->context, stages[stage], document, done, count) != 0)
		atomic_store(&watch->cancel, true);
}

static void put_documents(struct sign_document *out, struct besign_document *documents, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		documents[i].is_signed = 0;
		documents[i].field[0] = documents[i].sha256[0] = '\0';
		tell(&documents[i].error, BE_OK, NULL);
		out[i].input = documents[i].input;
		out[i].output = documents[i].output;
		out[i].replace = documents[i].replace != 0;
		out[i].hash_output = documents[i].hash_output != 0;
	}
}

static int take_outcomes(struct besign_document *documents, const struct sign_document *outcomes, size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		documents[i].is_signed = outcomes[i].result == BE_OK;
		memcpy(documents[i].field, outcomes[i].field, sizeof(documents[i].field));
		memcpy(documents[i].sha256, outcomes[i].sha256, sizeof(documents[i].sha256));
		tell(&documents[i].error, outcomes[i].result, &outcomes[i].error);
		if (outcomes[i].result != BE_OK)
			result = 1;
	}
	return result;
}

int besign_sign(struct besign_signer *signer, const struct besign_sign_options *options,
	struct besign_document *documents, size_t count, struct besign_error *error)
{
	struct sign_document *list = calloc(count > 0 ? count : 1, sizeof(*list));
	struct be_error err = { .code = BE_OK };
	struct besign_sign_options given;
	struct watch watch = { .options = &given };
	struct sign_progress progress = { report, &watch, &watch.cancel };
	struct buffer appearance = BUFFER_EMPTY;
	struct sign_options chosen;
	struct sign_look look;
	bool drawn = false;
	int result = -1;
	enum be_err rc;

	atomic_init(&watch.cancel, false);
	rc = list != NULL ? take_options(&given, sizeof(given), options, &err)
			  : be_fail(&err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	if (rc == BE_OK)
		rc = take_sign_options(&chosen, &given, &err);
	if (rc == BE_OK)
		rc = take_look(&chosen, &look, &drawn, &given, &err);
	if (list != NULL)
		put_documents(list, documents, count);
	if (rc == BE_OK && drawn) {
		rc = sign_look_draw(&appearance, &look, &chosen, signer->signer, list, count, &err);
		chosen.appearance = appearance.data;
		chosen.appearance_len = appearance.len;
	}
	if (rc == BE_OK)
		rc = sign_documents(signer->signer, &chosen, list, count, &progress, &err);
	if (rc == BE_OK)
		result = take_outcomes(documents, list, count);
	tell(error, rc, &err);
	buffer_free(&appearance);
	free(list);
	return result;
}

/* ---- verifying ---- */

static enum besign_result public_result(enum verify_result result)
{
	switch (result) {
	case VERIFY_TOTAL_PASSED:
		return BESIGN_TOTAL_PASSED;
	case VERIFY_INDETERMINATE:
		return BESIGN_INDETERMINATE;
	case VERIFY_TOTAL_FAILED:
		return BESIGN_TOTAL_FAILED;
	case VERIFY_NO_SIGNATURE:
		return BESIGN_NO_SIGNATURE;
	case VERIFY_ERROR:
	default:
		return BESIGN_ERROR;
	}
}

static enum be_err take_verify_options(struct verify_options *out, struct pki_anchors **anchors,
	const struct besign_verify_options *given, struct be_error *err)
{
	enum be_err rc;

	*out = (struct verify_options){ .at = given->at != 0 ? given->at : time_now() };
	switch (given->revocation) {
	case BESIGN_REVOCATION_REQUIRE:
		out->revocation = VERIFY_REVOCATION_REQUIRE;
		break;
	case BESIGN_REVOCATION_SOFT:
		out->revocation = VERIFY_REVOCATION_SOFT;
		break;
	case BESIGN_REVOCATION_NONE:
		out->revocation = VERIFY_REVOCATION_NONE;
		break;
	default:
		return be_fail(err, BE_USAGE, N_("There is no such way to look at revocation"), NULL);
	}
	if (given->reserved != 0)
		return be_fail(err, BE_UNSUPPORTED, UNKNOWN_OPTION, "reserved");
	if (given->trust_dir == NULL)
		return BE_OK;
	rc = pki_anchors_new(anchors, err);
	if (rc == BE_OK)
		rc = pki_anchors_add_dir(*anchors, given->trust_dir, true, err);
	out->anchors = *anchors;
	return rc;
}

static enum be_err write_json(char **json, const struct verify_report *found, const char *path,
	enum verify_revocation revocation, struct be_error *err)
{
	struct buffer line = BUFFER_EMPTY;
	enum be_err rc;

	rc = verify_report_json(&line, found, path, revocation, err);
	buffer_add_byte(&line, '\0');
	if (rc == BE_OK)
		rc = buffer_check(&line, err);
	if (rc == BE_OK) {
		*json = (char *)line.data;
		line = BUFFER_EMPTY;
	}
	buffer_free(&line);
	return rc;
}

enum besign_result besign_verify(
	const char *path, const struct besign_verify_options *options, char **json, struct besign_error *error)
{
	struct verify_report found = { .result = VERIFY_ERROR };
	enum besign_result result = BESIGN_ERROR;
	struct be_error err = { .code = BE_OK };
	struct besign_verify_options given;
	struct pki_anchors *anchors = NULL;
	struct verify_options chosen;
	enum be_err rc;

	if (json != NULL)
		*json = NULL;
	rc = take_options(&given, sizeof(given), options, &err);
	if (rc == BE_OK)
		rc = take_verify_options(&chosen, &anchors, &given, &err);
	if (rc == BE_OK)
		rc = verify_file(&found, path, &chosen, &err);
	if (rc == BE_OK && json != NULL)
		rc = write_json(json, &found, path, chosen.revocation, &err);
	if (rc == BE_OK) {
		result = public_result(found.result);
		rc = found.error.code;
		err = found.error;
	}
	tell(error, result == BESIGN_ERROR ? rc : BE_OK, &err);
	verify_report_free(&found);
	pki_anchors_free(&anchors);
	return result;
}
