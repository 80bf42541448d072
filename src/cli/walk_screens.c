/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/walk_screens.h"

#include "app/desk.h"
#include "app/paths.h"
#include "app/sample.h"
#include "app/walk.h"
#include "screens/screens.h"
#include "ui/run.h"

#define ROWS 20
#define COLUMNS 80

/* The sample authority is trusted here, and nobody else: what the user accepted has no part in it. */
static const char *trust_dir;

static enum be_err verify_here(
	struct verify_report *out, const char *path, enum verify_revocation revocation, struct be_error *err)
{
	struct verify_options options = { .at = time_now(), .revocation = revocation };
	struct pki_anchors *anchors = NULL;
	enum be_err rc = pki_anchors_new(&anchors, err);

	*out = (struct verify_report){ .result = VERIFY_ERROR };
	if (rc == BE_OK)
		rc = pki_anchors_add_dir(anchors, trust_dir, true, err);
	options.anchors = anchors;
	if (rc == BE_OK)
		rc = verify_file(out, path, &options, err);
	pki_anchors_free(&anchors);
	return rc;
}

/* What is pressed, and what is to be seen then. */
static const struct {
	const char *keys;
	const char *title; /* NULL: nothing is shown yet */
} steps[] = {
	{ "", N_("The first screen") },
	{ "4", N_("The main page, with the certificate that is signed with") },
	{ "1", NULL },
	{ "1", N_("Documents to be signed: folders and PDF files") },
	{ "/" WALK_LETTER "\n\n", NULL },
	{ "3" SAMPLE_PASSPHRASE, N_("The passphrase, just before signing") },
	/* The walk has signed it already. */
	{ "\t \t\n", N_("What became of the document") },
	{ "\n3", N_("The signed document, verified") },
	{ "\n", N_("All that is known of its signature") },
	{ "qqqq2", NULL },
	{ "1/" WALK_FORGED "\n\n", N_("The changed document, verified") },
};

static enum be_err furnish(
	struct desk *desk, struct app_engine *engine, const char *dir, struct buffer *trust, struct be_error *err)
{
	struct key_facts facts = KEY_FACTS_UNKNOWN;
	struct secret *passphrase = NULL;
	struct buffer key = BUFFER_EMPTY;
	enum be_err rc;

	*desk = (struct desk){ .engine = engine };
	settings_default(&desk->settings);
	desk->settings.revocation = VERIFY_REVOCATION_NONE;
	paths_join(trust, dir, SAMPLE_TRUST_DIR);
	paths_join(&key, dir, SAMPLE_KEY_FILE);
	rc = buffer_check(trust, err);
	if (rc == BE_OK)
		rc = buffer_check(&key, err);
	if (rc == BE_OK)
		rc = secret_new(&passphrase, sizeof(SAMPLE_PASSPHRASE), err);
	if (rc == BE_OK)
		rc = secret_add(passphrase, SAMPLE_PASSPHRASE, sizeof(SAMPLE_PASSPHRASE) - 1, err);
	if (rc == BE_OK)
		rc = engine->key_describe(&facts, (const char *)key.data, passphrase, err);
	if (rc == BE_OK)
		rc = state_set_key(&desk->state, (const char *)key.data, &facts, err);
	if (rc == BE_OK)
		rc = state_set_directory(&desk->state, dir, err);
	trust_dir = (const char *)trust->data;
	secret_free(&passphrase);
	buffer_free(&key);
	return rc;
}

static enum be_err look_round(struct desk *desk, walk_screens_show *show, void *context, struct be_error *err)
{
	struct buffer picture = BUFFER_EMPTY;
	struct ui *ui = NULL;
	enum be_err rc = ui_new(&ui, desk, err);

	if (rc != BE_OK)
		return rc;
	ui_push(ui, &screen_welcome, NULL);
	for (size_t i = 0; rc == BE_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
		ui_feed(ui, steps[i].keys);
		if (steps[i].title == NULL)
			continue;
		buffer_reset(&picture);
		rc = ui_picture(ui, ROWS, COLUMNS, &picture);
		if (rc == BE_OK)
			show(context, steps[i].title, &picture);
	}
	buffer_free(&picture);
	ui_free(&ui);
	return rc;
}

enum be_err walk_screens(const char *dir, walk_screens_show *show, void *context, struct be_error *err)
{
	struct app_engine engine = app_engine_real;
	struct buffer trust = BUFFER_EMPTY;
	struct desk desk;
	enum be_err rc;

	engine.verify = verify_here;
	rc = furnish(&desk, &engine, dir, &trust, err);
	if (rc == BE_OK)
		rc = look_round(&desk, show, context, err);
	desk_close(&desk);
	trust_dir = NULL;
	buffer_free(&trust);
	return rc;
}
