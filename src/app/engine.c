/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"

#include "app/trust_offer.h"
#include "base/process.h"
#include "base/time.h"

#include <poll.h>
#include <stdlib.h>

static enum be_err key_describe(
	struct key_facts *out, const char *key_file, const struct secret *passphrase, struct be_error *err)
{
	struct signer *signer = NULL;
	enum be_err rc;

	*out = KEY_FACTS_UNKNOWN;
	process_guard_secrets();
	rc = signer_open_p12(&signer, key_file, passphrase, err);
	if (rc == BE_OK)
		key_facts_take(out, signer_info(signer));
	signer_free(&signer);
	return rc;
}

/* One drawing for all documents, and a place on each. */
struct seen {
	struct sign_options options;
	struct buffer pdf;
	struct pdf_sign_spot *spots;
};

static enum be_err prepare_look(
	struct seen *seen, const struct engine_sign_job *job, const struct signer *signer, struct be_error *err)
{
	struct outputs *outputs = job->outputs;
	const struct place *place = job->place;
	enum be_err rc = BE_OK;

	seen->options = *job->options;
	if (job->look == NULL)
		return BE_OK;
	if (place->field[0] != '\0') {
		seen->options.field = place->field;
	} else {
		seen->options.spot.page = place->page;
		place_on(seen->options.spot.rect, place, place->page_width, place->page_height);
		seen->spots = calloc(outputs->count > 0 ? outputs->count : 1, sizeof(*seen->spots));
		if (seen->spots == NULL)
			return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		place_spots(seen->spots, outputs, place);
	}
	if (rc == BE_OK)
		rc = sign_look_draw(
			&seen->pdf, job->look, &seen->options, signer, outputs->documents, outputs->count, err);
	seen->options.appearance = seen->pdf.data;
	seen->options.appearance_len = seen->pdf.len;
	return rc;
}

static void forget_look(struct seen *seen, struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		outputs->documents[i].spot = NULL;
	buffer_free(&seen->pdf);
	free(seen->spots);
}

static enum be_err open_signer(
	struct signer **out, const struct engine_sign_job *job, const struct account_wait *wait, struct be_error *err)
{
	return job->credential != NULL ? signer_open_csc(out, job->account, job->credential, job->passphrase, wait, err)
				       : signer_open_p12(out, job->key_file, job->passphrase, err);
}

/* What a service says of the key and not of a document. */
static bool is_refusal(enum be_err result)
{
	static const enum be_err codes[] = { BE_WRONG_PASSPHRASE, BE_LOCKED, BE_SESSION, BE_DISABLED, BE_DENIED,
		BE_REVOKED, BE_CERT_EXPIRED, BE_STATE, BE_AUTHORISATION, BE_BUSY, BE_NETWORK, BE_TLS };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == result)
			return true;
	return false;
}

/* A service opens the key when it has the digests, so a wrong passphrase comes back with every document. Nothing was
 * signed then, and it can be tried anew: that is an error of the whole. */
static enum be_err refused(const struct outputs *outputs, struct be_error *err)
{
	const struct sign_document *first = NULL;

	for (size_t i = 0; i < outputs->count; i++) {
		const struct sign_document *document = &outputs->documents[i];

		if (document->result == BE_OK || document->result == BE_UNKNOWN_OUTCOME)
			return BE_OK;
		if (first == NULL && is_refusal(document->result))
			first = document;
	}
	if (first != NULL && err != NULL)
		*err = first->error;
	return first != NULL ? first->result : BE_OK;
}

static enum be_err sign(struct key_facts *who, const struct engine_sign_job *job, struct be_error *err)
{
	const struct account_wait wait = { .cancel = job->progress != NULL ? job->progress->cancel : NULL };
	const struct batch_order order = { .key = job->credential != NULL
			? (struct key_ref){ KEY_REF_CREDENTIAL, job->credential }
			: (struct key_ref){ KEY_REF_P12, job->key_file },
		.look = job->look };
	struct seen seen = { .pdf = BUFFER_EMPTY };
	struct signer *signer = NULL;
	enum be_err rc;

	if (who != NULL)
		*who = KEY_FACTS_UNKNOWN;
	process_guard_secrets();
	rc = open_signer(&signer, job, &wait, err);
	if (rc == BE_OK && who != NULL)
		key_facts_take(who, signer_info(signer));
	if (rc == BE_OK && job->batch != NULL) {
		rc = batch_resume(job->batch, job->outputs, signer, job->options->time, job->progress, err);
	} else if (rc == BE_OK) {
		rc = prepare_look(&seen, job, signer, err);
		if (rc == BE_OK && job->unrecorded)
			rc = outputs_sign(job->outputs, signer, &seen.options, job->progress, err);
		else if (rc == BE_OK)
			rc = batch_sign(job->outputs, signer, &seen.options, &order, job->progress, err);
	}
	if (rc == BE_OK && job->credential != NULL)
		rc = refused(job->outputs, err);
	forget_look(&seen, job->outputs);
	signer_free(&signer);
	return rc;
}

static enum be_err load_anchors(struct pki_anchors **out, struct be_error *err)
{
	enum be_err rc = pki_anchors_new(out, err);

	if (rc == BE_OK)
		rc = trust_load(*out, err);
	return rc;
}

static enum be_err verify(
	struct verify_report *out, const char *path, enum verify_revocation revocation, struct be_error *err)
{
	struct verify_options options = { .at = time_now(), .revocation = revocation };
	struct pki_anchors *anchors = NULL;
	enum be_err rc = load_anchors(&anchors, err);

	*out = (struct verify_report){ .result = VERIFY_ERROR };
	options.anchors = anchors;
	if (rc == BE_OK)
		rc = verify_file(out, path, &options, err);
	pki_anchors_free(&anchors);
	return rc;
}

static enum be_err trust_list_all(struct trust_list *out, struct be_error *err)
{
	return trust_list_read(out, NULL, err);
}

/* Whom to trust does not hang on whether a certificate was revoked. */
static enum be_err trust_offers(struct trust_list *out, const char *path, struct be_error *err)
{
	struct verify_options options = { .at = time_now(), .revocation = VERIFY_REVOCATION_NONE };
	struct pki_anchors *anchors = NULL;
	enum be_err rc = load_anchors(&anchors, err);

	*out = (struct trust_list){ NULL, 0 };
	options.anchors = anchors;
	if (rc == BE_OK)
		rc = trust_offer_find(out, path, NULL, &options, err);
	pki_anchors_free(&anchors);
	return rc;
}

static enum be_err accept_entry(const struct trust_entry *entry, struct be_error *err)
{
	return trust_offer_accept(entry, NULL, err);
}

#define STEP_MS 50u

static void pause_for(unsigned milliseconds, const atomic_bool *cancel)
{
	for (unsigned waited = 0; waited < milliseconds && !atomic_load(cancel); waited += STEP_MS)
		(void)poll(NULL, 0, STEP_MS);
}

static enum be_err take_batch(struct batch **out, const char *id, const atomic_bool *cancel, struct be_error *err)
{
	enum be_err rc = batch_take(out, id, err);

	if (rc == BE_OK)
		rc = batch_settle(*out, cancel, err);
	if (rc != BE_OK)
		batch_free(out);
	return rc;
}

const struct app_engine app_engine_real = {
	.now = time_now,
	.pause = pause_for,
	.guard = process_guard_secrets,
	.key_describe = key_describe,
	.sign = sign,
	.verify = verify,
	.trust_list = trust_list_all,
	.trust_offers = trust_offers,
	.trust_accept = accept_entry,
	.trust_describe = trust_describe,
	.trust_add = trust_add,
	.trust_remove = trust_remove,
	.page_open = page_source_open,
	.page_close = page_source_close,
	.page_draw = page_picture_draw,
	.page_find = page_find,
	.place_compare = place_compare,
	.visual_read = visual_read,
	.visual_write = visual_write,
	.visual_pictures = visual_pictures,
	.visual_add = visual_add,
	.visual_remove = visual_remove,
	.visual_use = visual_use,
	.visual_preview = visual_preview,
	.account = &account_calls_real,
	.journal = journal_read,
	.journal_check = journal_check,
	.batches = batch_list_read,
	.batch_take = take_batch,
	.batch_forget = batch_forget,
	.key_prove = key_prove,
	.unlock_ways = unlock_ways,
	.unlock_chosen = unlock_chosen,
	.unlock_enrol = unlock_own_enrol,
	.unlock_release = unlock_own_release,
	.unlock_remove = unlock_own_remove,
	.unlock_use = unlock_own_use,
	.share = share_run,
	.qr_read = qr_read_file,
	.qr_no_camera = frames_no_camera,
	.qr_camera = qr_read_camera,
	.qr_follow = qr_follow,
	.qr_save = qr_save,
	.browse = browse_read,
	.browse_is = browse_is,
	.doctor = doctor_look,
};
