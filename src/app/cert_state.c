/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cert_state.h"

#include <string.h>

static const struct state {
	const char *state;
	enum verify_text_mood mood;
	const char *about;
	const char *next;
} states[] = {
	{ "ISSUE", VERIFY_TEXT_GOOD, N_("you can sign with it"), N_("it works, and can sign") },
	{ "ISSUED", VERIFY_TEXT_GOOD, N_("you can sign with it"), N_("it works, and can sign") },
	{ "NEW", VERIFY_TEXT_UNSURE, N_("it has no passphrase yet: a letter with the link was sent to you"),
		N_("it has no passphrase yet: \"besign passphrase set\", with the link of the mail") },
	{ "RENEW", VERIFY_TEXT_UNSURE,
		N_("it renews another one and has no passphrase yet: a letter with the link was sent to you"),
		N_("it is being renewed: \"besign passphrase set\", with the link of the mail") },
	{ "WAITING_FOR_VERIFICATION", VERIFY_TEXT_UNSURE, N_("the authority looks at it: wait for its letter"),
		N_("the authority is verifying it") },
	{ CERT_STATE_NONE, VERIFY_TEXT_BAD,
		N_("the account that is signed in has no such certificate: choose another one"),
		N_("the account that is signed in has no such certificate; \"besign cert use\" chooses another one") },
	{ "EXPIRED", VERIFY_TEXT_BAD, N_("it is over, or was renewed: choose another one, or ask for a new one"),
		N_("it has ended; \"besign cert issue\" requests another one") },
	{ "SUSPEND", VERIFY_TEXT_BAD, N_("it is suspended: its administrator can help"),
		N_("it is suspended; the authority can help") },
	{ "REVOKE", VERIFY_TEXT_BAD, N_("it is revoked for good: choose another one, or ask for a new one"),
		N_("it was revoked and can never sign again; \"besign cert issue\" requests another one") },
};

static const struct state *find(const char *word)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].state, word) == 0)
			return &states[i];
	return NULL;
}

bool cert_state_works(const char *state)
{
	return strcmp(state, "ISSUE") == 0 || strcmp(state, "ISSUED") == 0;
}

const char *cert_state_shown(const char *state)
{
	return cert_state_works(state) ? "ISSUED" : state;
}

enum verify_text_mood cert_state_mood(const char *state)
{
	const struct state *known = find(state);

	return known != NULL ? known->mood : VERIFY_TEXT_UNSURE;
}

const char *cert_state_about(const char *state)
{
	const struct state *known = find(state);

	return known != NULL ? known->about : NULL;
}

const char *cert_state_next(const char *state)
{
	const struct state *known = find(state);

	return known != NULL ? known->next : NULL;
}
