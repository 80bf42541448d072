/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/doctor.h"

#include "app/data.h"
#include "app/trust.h"
#include "base/secret.h"
#include "box/box.h"
#include "render/render.h"
#include "unlock/unlock.h"

#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static struct doctor_fact *add(struct doctor_facts *out, const char *title, enum doctor_state state, const char *text)
{
	struct doctor_fact *fact = &out->facts[out->count++];

	fact->title = title;
	fact->state = state;
	fact->text = text;
	return fact;
}

static void note(struct doctor_fact *fact, const char *detail)
{
	(void)snprintf(fact->detail, sizeof(fact->detail), "%s", detail);
}

static void look_at_program(struct doctor_facts *out)
{
	struct utsname system;

	note(add(out, N_("Version"), DOCTOR_GOOD, ""), BESIGN_VERSION);
	if (uname(&system) == 0) {
		struct doctor_fact *fact = add(out, N_("System"), DOCTOR_GOOD, "");

		(void)snprintf(fact->detail, sizeof(fact->detail), "%.60s %.60s %.60s", system.sysname, system.release,
			system.machine);
	}
}

static void look_at_box(struct doctor_facts *out)
{
	struct buffer path = BUFFER_EMPTY;
	struct box_offers offers;
	struct be_error err = { .code = BE_OK };

	if (box_find(&path, "besign-judge", &err) == BE_OK)
		note(add(out, N_("Verifier"), DOCTOR_GOOD, ""), (const char *)path.data);
	else
		note(add(out, N_("Verifier"), DOCTOR_MISSING,
			     N_("A part of besign is missing, so no document can be verified: install besign again")),
			err.detail);
	box_probe(&offers);
	if (offers.seccomp)
		add(out, N_("Sandbox"), DOCTOR_GOOD, N_("Documents are looked at in a sandbox (seccomp)"));
	else
		add(out, N_("Sandbox"), DOCTOR_MISSING,
			N_("The kernel offers no seccomp filters, so no document can be verified: use a newer kernel"));
	if (offers.landlock_abi > 0) {
		struct doctor_fact *fact = add(out, N_("File access"), DOCTOR_GOOD,
			N_("The sandbox is closed towards files as well (Landlock)"));

		(void)snprintf(fact->detail, sizeof(fact->detail), "ABI %d", offers.landlock_abi);
	} else {
		add(out, N_("File access"), DOCTOR_LESS,
			N_("The kernel offers no Landlock; the sandbox keeps files away by seccomp alone"));
	}
	buffer_free(&path);
}

static void look_at_codes(struct doctor_facts *out, struct render *render)
{
	if (render != NULL && render_reads_codes(render))
		add(out, N_("QR codes"), DOCTOR_GOOD, N_("QR codes in pictures and documents can be read"));
	else
		add(out, N_("QR codes"), DOCTOR_LESS,
			N_("QR codes are not read here: that needs besign-render, built with zxing-cpp"));
}

/* Starts the helper: that the libraries it needs are there and the sandbox lets it work is only known then. */
static void look_at_preview(struct doctor_facts *out)
{
	struct buffer path = BUFFER_EMPTY;
	struct render *render = NULL;
	struct be_error err = { .code = BE_OK };

	if (render_probe(&path, &err) != BE_OK || render_open(&render, -1, &err) != BE_OK)
		note(add(out, N_("Pages"), DOCTOR_LESS, err.msgid), err.detail);
	else
		note(add(out, N_("Pages"), DOCTOR_GOOD, N_("Pages can be shown, and visible signatures be drawn")),
			(const char *)path.data);
	look_at_codes(out, render);
	render_free(&render);
	buffer_free(&path);
}

static void look_at_memory(struct doctor_facts *out)
{
	struct secret *secret = NULL;

	if (secret_new(&secret, 64, NULL) == BE_OK && secret_locked(secret))
		add(out, N_("Secrets"), DOCTOR_GOOD, N_("Passphrases are kept in locked memory, never on the disk"));
	else
		add(out, N_("Secrets"), DOCTOR_LESS,
			N_("A passphrase might be swapped to the disk: raise the limit of locked memory"));
	secret_free(&secret);
}

/* Neither is missed by who types the passphrase. */
static void look_at_unlocking(struct doctor_facts *out)
{
	static const struct {
		enum unlock_way way;
		const char *title;
		const char *good;
	} ways[] = {
		{ UNLOCK_FINGERPRINT, N_("Fingerprint"), N_("A finger on the reader can stand for the passphrase") },
		{ UNLOCK_SSH_AGENT, N_("ssh-agent"), N_("A key in it can stand for the passphrase") },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct be_error err = { .code = BE_OK };

		if (unlock_look(ways[i].way, &err) == BE_OK)
			add(out, ways[i].title, DOCTOR_GOOD, ways[i].good);
		else
			note(add(out, ways[i].title, DOCTOR_LESS, err.msgid), err.detail);
	}
}

static void look_at_terminal(struct doctor_facts *out)
{
	const char *term = getenv("TERM");

	if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0)
		note(add(out, N_("Terminal"), DOCTOR_GOOD, N_("A passphrase can be asked for")), term);
	else
		note(add(out, N_("Terminal"), DOCTOR_LESS,
			     N_("No full terminal here: give passphrases with --passphrase-fd")),
			term != NULL ? term : "");
}

static void look_at_locale(struct doctor_facts *out)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && (locale == NULL || locale[0] == '\0'); i++)
		locale = getenv(names[i]);
	if (locale != NULL && (strcasestr(locale, "UTF-8") != NULL || strcasestr(locale, "utf8") != NULL))
		note(add(out, N_("Locale"), DOCTOR_GOOD, N_("Text is shown as UTF-8")), locale);
	else
		note(add(out, N_("Locale"), DOCTOR_LESS,
			     N_("The locale is not UTF-8, so some letters may look wrong: set LANG to C.UTF-8")),
			locale != NULL ? locale : "");
}

static void look_at_trust(struct doctor_facts *out)
{
	struct trust_list list = { NULL, 0 };
	struct be_error err = { .code = BE_OK };
	size_t bundled = 0;
	size_t accepted = 0;

	if (trust_list_read(&list, NULL, &err) != BE_OK) {
		note(add(out, N_("Trust"), DOCTOR_MISSING, err.msgid), err.detail);
		return;
	}
	for (size_t i = 0; i < list.count; i++) {
		bundled += list.entries[i].bundled;
		accepted += list.entries[i].accepted && list.entries[i].role == TRUST_ANCHOR;
	}
	if (bundled == 0)
		add(out, N_("Bundled certificates"), DOCTOR_LESS,
			N_("The certificates that come with besign are missing: install besign again"));
	if (accepted > 0) {
		struct doctor_fact *fact = add(out, N_("Trust"), DOCTOR_GOOD, N_("Trust anchors are accepted"));

		(void)snprintf(fact->detail, sizeof(fact->detail), "%zu", accepted);
	} else {
		add(out, N_("Trust"), DOCTOR_LESS,
			N_("No authority is trusted yet, so no signature can be valid: see besign trust list"));
	}
	trust_list_free(&list);
}

void doctor_look(struct doctor_facts *out)
{
	*out = (struct doctor_facts){ .count = 0 };
	look_at_program(out);
	look_at_box(out);
	look_at_preview(out);
	look_at_memory(out);
	look_at_unlocking(out);
	look_at_terminal(out);
	look_at_locale(out);
	look_at_trust(out);
}

bool doctor_is_well(const struct doctor_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->facts[i].state == DOCTOR_MISSING)
			return false;
	return true;
}
