/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trust_offer.h"

#include "app/trust_manifest.h"

#include <string.h>

/* ---- a set of anchors as it would be if everything bundled were accepted ---- */

static enum be_err add_present(struct pki_anchors *scratch, const struct pki_anchors *present, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (size_t i = 0; present != NULL && rc == BE_OK && i < pki_anchors_count(present); i++) {
		const uint8_t *der = NULL;
		size_t len = 0;
		bool trusted = false;

		pki_anchors_at(present, i, &der, &len, &trusted);
		rc = pki_anchors_add(scratch, der, len, trusted, err);
	}
	return rc;
}

static enum be_err add_bundled(
	struct pki_anchors *scratch, const struct trust_entry *entry, const char *bundle, struct be_error *err)
{
	struct buffer pem = BUFFER_EMPTY;
	struct buffer der = BUFFER_EMPTY;
	enum be_err rc = trust_bundled_read(&pem, entry, bundle, err);

	if (rc == BE_OK)
		rc = pki_pem_certificate(&der, pem.data, pem.len, err);
	if (rc == BE_OK)
		rc = pki_anchors_add(scratch, der.data, der.len, entry->role == TRUST_ANCHOR, err);
	buffer_free(&pem);
	buffer_free(&der);
	return rc;
}

/* What was accepted stands in the user's directory, perhaps under another name, and is present already. */
static enum be_err make_scratch(struct pki_anchors **out, const struct trust_list *list, const char *bundle,
	const struct pki_anchors *present, struct be_error *err)
{
	enum be_err rc = pki_anchors_new(out, err);

	if (rc == BE_OK)
		rc = add_present(*out, present, err);
	for (size_t i = 0; rc == BE_OK && i < list->count; i++)
		if (list->entries[i].bundled && !list->entries[i].accepted)
			rc = add_bundled(*out, &list->entries[i], bundle, err);
	return rc;
}

/* ---- what would be missed ---- */

static enum be_err offer(
	struct trust_list *out, const struct trust_list *list, const char *sha256, struct be_error *err)
{
	const struct trust_entry *entry = sha256[0] != '\0' ? trust_list_find(list, sha256) : NULL;
	struct trust_entry *room = NULL;

	if (entry == NULL || !entry->bundled || entry->accepted || entry->role != TRUST_ANCHOR ||
		trust_list_find(out, sha256) != NULL)
		return BE_OK;
	room = trust_list_grow(out);
	if (room == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	*room = *entry;
	return BE_OK;
}

/* A signature whose time is proven rests on the authority of its time stamp as well. */
static enum be_err offer_for(
	struct trust_list *out, const struct trust_list *list, const struct verify_signature *s, struct be_error *err)
{
	const struct facts_signature *f = &s->facts;
	const bool stamped = f->has_timestamp && f->timestamp_decoded && s->time_used == f->timestamp.time;
	enum be_err rc = BE_OK;

	if (!s->trusted)
		return BE_OK;
	if (f->type != FACTS_TIMESTAMP)
		rc = offer(out, list, stamped ? f->chain_then.anchor_sha256 : f->chain_now.anchor_sha256, err);
	if (rc == BE_OK && (stamped || f->type == FACTS_TIMESTAMP))
		rc = offer(out, list, f->authority_then.anchor_sha256, err);
	return rc;
}

enum be_err trust_offer_find(struct trust_list *out, const char *path, const char *bundle,
	const struct verify_options *options, struct be_error *err)
{
	struct verify_options would = *options;
	struct verify_report report = { .result = VERIFY_ERROR };
	struct trust_list list = { NULL, 0 };
	struct pki_anchors *scratch = NULL;
	enum be_err rc = trust_list_read(&list, bundle, err);

	*out = (struct trust_list){ NULL, 0 };
	if (rc == BE_OK)
		rc = make_scratch(&scratch, &list, bundle, options->anchors, err);
	would.anchors = scratch;
	if (rc == BE_OK)
		rc = verify_file(&report, path, &would, err);
	if (rc == BE_OK && report.result == VERIFY_ERROR)
		rc = be_fail(err, report.error.code, report.error.msgid, "%s", report.error.detail);
	for (size_t i = 0; rc == BE_OK && i < report.count; i++)
		rc = offer_for(out, &list, &report.signatures[i], err);
	if (rc != BE_OK)
		trust_list_free(out);
	verify_report_free(&report);
	pki_anchors_free(&scratch);
	trust_list_free(&list);
	return rc;
}

/* Helpers go first: when one fails, nobody has become trusted. */
static enum be_err accept_helpers(const char *bundle, struct be_error *err)
{
	struct trust_list list = { NULL, 0 };
	enum be_err rc = trust_list_read(&list, bundle, err);

	for (size_t i = 0; rc == BE_OK && i < list.count; i++)
		if (list.entries[i].bundled && !list.entries[i].accepted && list.entries[i].role != TRUST_ANCHOR)
			rc = trust_accept(&list.entries[i], bundle, err);
	trust_list_free(&list);
	return rc;
}

enum be_err trust_offer_accept(const struct trust_entry *entry, const char *bundle, struct be_error *err)
{
	enum be_err rc = entry->role == TRUST_ANCHOR ? accept_helpers(bundle, err) : BE_OK;

	return rc == BE_OK ? trust_accept(entry, bundle, err) : rc;
}
