/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The states of a certificate, as the authority spells them, and what they mean to its owner. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

#define DAY 86400

static const struct {
	const char *state;
	const char *about;
	enum ui_mood mood;
} states[] = {
	{ "ISSUE", N_("you can sign with it"), UI_GOOD },
	{ "ISSUED", N_("you can sign with it"), UI_GOOD },
	{ "NEW", N_("it has no passphrase yet: a letter with the link was sent to you"), UI_UNSURE },
	{ "RENEW", N_("it renews another one and has no passphrase yet: a letter with the link was sent to you"),
		UI_UNSURE },
	{ "WAITING_FOR_VERIFICATION", N_("the authority looks at it: wait for its letter"), UI_UNSURE },
	{ CERT_NONE, N_("the account that is signed in has no such certificate: choose another one"), UI_BAD },
	{ "EXPIRED", N_("it is over, or was renewed: choose another one, or ask for a new one"), UI_BAD },
	{ "SUSPEND", N_("it is suspended: its administrator can help"), UI_BAD },
	{ "REVOKE", N_("it is revoked for good: choose another one, or ask for a new one"), UI_BAD },
};

#define STATES (sizeof(states) / sizeof(states[0]))

static size_t find(const char *state)
{
	size_t i = 0;

	while (i < STATES && strcmp(states[i].state, state) != 0)
		i++;
	return i;
}

bool cert_is_issued(const char *state)
{
	return strcmp(state, "ISSUE") == 0 || strcmp(state, "ISSUED") == 0;
}

const char *cert_state(const char *state)
{
	return cert_is_issued(state) ? "ISSUED" : state;
}

const char *cert_state_text(const char *state)
{
	const size_t i = find(state);

	return i < STATES ? states[i].about : NULL;
}

enum ui_mood cert_state_mood(const char *state)
{
	const size_t i = find(state);

	return i < STATES ? states[i].mood : UI_UNSURE;
}

void put_cert_state(struct ui_text *out, const char *state)
{
	ui_put_foreign(out, cert_state(state));
	if (cert_state_text(state) == NULL)
		return;
	ui_put_foreign(out, " (");
	ui_put(out, cert_state_text(state));
	ui_put_foreign(out, ")");
}

void put_days_left(struct ui_text *out, const struct desk *desk, int64_t until)
{
	const int64_t left = until - desk->engine->now();

	ui_put_foreign(out, " ");
	if (left < 0)
		ui_put(out, N_("(expired)"));
	else
		ui_put_count(out, "(%zu day left)", "(%zu days left)", (size_t)(left / DAY));
}
