/* SPDX-License-Identifier: GPL-3.0-or-later */

/* With which key is signed: the chosen certificate, whose key is at the account service, or a key file. */

#include "app.h"
#include "screens.h"
#include "ui.h"

const char *const sign_key_words
	[] = { [SIGN_KEY_CREDENTIAL] = N_("Digital Certificate"), [SIGN_KEY_FILE] = N_("Key file"), NULL };

bool sign_key_has_choice(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.credential.id[0] != '\0';
}

enum sign_key_kind sign_key_first(struct ui *ui)
{
	const struct desk *desk = desk_of(ui);

	if (desk->state.credential.id[0] == '\0')
		return SIGN_KEY_FILE;
	recall_account(ui);
	return desk->signed_in || desk->state.key_file == NULL ? SIGN_KEY_CREDENTIAL : SIGN_KEY_FILE;
}

struct sign_key sign_key_of(const struct desk *desk, enum sign_key_kind kind)
{
	return (struct sign_key){ kind, kind == SIGN_KEY_FILE ? desk->state.key_file : desk->state.credential.id };
}

const char *sign_key_off(const struct desk *desk, enum sign_key_kind kind)
{
	const struct credential *credential = &desk->state.credential;

	if (kind == SIGN_KEY_FILE)
		return desk->state.key_file == NULL ? N_("choose a key file first") : NULL;
	if (credential->id[0] == '\0')
		return N_("choose a certificate first");
	if (!desk->signed_in)
		return N_("sign in first");
	return cert_state_works(credential->state) ? NULL : N_("this certificate does not sign: choose another one");
}

void sign_key_put(struct ui_text *out, const struct desk *desk, enum sign_key_kind kind)
{
	const struct state *known = &desk->state;
	const struct key_facts *facts = kind == SIGN_KEY_FILE ? &known->key : &known->credential.facts;

	if (facts->name[0] != '\0')
		ui_put_foreign(out, facts->name);
	else if (kind == SIGN_KEY_FILE)
		put_path(out, known->key_file);
	else
		ui_put_foreign(out, known->credential.id);
}

bool sign_key_is_spent(enum be_err refused)
{
	return refused == BE_REVOKED || refused == BE_CERT_EXPIRED || refused == BE_STATE || refused == BE_KEY_UNFIT;
}

void sign_key_refused(struct desk *desk, enum be_err refused)
{
	if (refused != BE_REVOKED && refused != BE_CERT_EXPIRED)
		return;
	WIRE_SET(desk->state.credential.state, refused == BE_REVOKED ? "REVOKE" : "EXPIRED");
	desk_keep_state(desk);
}

const char *sign_key_advice(enum be_err refused)
{
	static const struct {
		enum be_err refused;
		const char *advice;
	} known[] = {
		{ BE_REVOKED,
			N_("The certificate is revoked and never signs again: choose another one, or ask for a new one.") },
		{ BE_CERT_EXPIRED,
			N_("The certificate is over: choose the one that renewed it, or ask for a new one.") },
		{ BE_STATE, N_("The service does not let this certificate sign: see what its state is.") },
		{ BE_KEY_UNFIT, N_("The service does not let this certificate sign: see what its state is.") },
		{ BE_NOT_FOUND, N_("The account that is signed in has no such certificate: choose another one.") },
		{ BE_SESSION, N_("The session has ended: sign in again, and go on here. Nothing is lost.") },
		{ BE_LOCKED,
			N_("After too many wrong passphrases the key is locked for a while. Nothing is lost: wait here.") },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].refused == refused)
			return known[i].advice;
	return NULL;
}
