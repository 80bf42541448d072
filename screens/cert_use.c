/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The certificate at the account service that is signed with: how one becomes that, and how it is kept up to date. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificate(task->account, task->text[0], task->record, wait, err);
}

/* Who came to choose another one while signing goes on there, with everything that was chosen. */
static const char *where_it_is_wanted(const struct ui *ui)
{
	static const char *const places[] = { "sign_passphrase", "sign", "home" };
	size_t i = 0;

	while (i + 1 < sizeof(places) / sizeof(places[0]) && !ui_is_open(ui, places[i]))
		i++;
	return places[i];
}

static void used(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	const struct wire_certificate *certificate = task->record;
	struct desk *desk = desk_of(ui);

	(void)state;
	if (error->code != BE_OK) {
		who_say_refusal(ui, error);
		return;
	}
	if (!cert_state_works(certificate->state)) {
		struct ui_text text = { .utf8 = BUFFER_EMPTY };

		put_cert_state(&text, certificate->state);
		ui_say_text(ui, UI_BAD, &text);
		buffer_free(&text.utf8);
		return;
	}
	credential_take(&desk->state.credential, certificate);
	desk_keep_state(desk);
	ui_back_to(ui, where_it_is_wanted(ui));
	ui_say(ui, UI_GOOD, N_("You sign with this certificate from now on"));
}

void cert_use(struct ui *ui, const char *id)
{
	struct task *task = task_new(ui, &wire_certificate_message);

	if (task == NULL)
		return;
	WIRE_SET(task->text[0], id);
	task_start(ui, task, N_("Asking the service"), ask, used);
}

static bool same(const struct credential *a, const struct credential *b)
{
	return strcmp(a->state, b->state) == 0 && strcmp(a->facts.name, b->facts.name) == 0 &&
		strcmp(a->facts.sha256, b->facts.sha256) == 0 && a->facts.until == b->facts.until &&
		a->renew_from == b->renew_from;
}

/* What a list says has no chain, so a name that was known stays. */
void cert_seen(struct desk *desk, const struct wire_certificate *certificate)
{
	struct credential *known = &desk->state.credential;
	const struct credential before = *known;

	if (known->id[0] == '\0' || strcmp(known->id, certificate->id) != 0)
		return;
	credential_take(known, certificate);
	if (!same(&before, known))
		desk_keep_state(desk);
}

/* The authority's own word for such an account. Whoever it belongs to gets the state back by signing in. */
void cert_gone(struct desk *desk, const char *id)
{
	struct credential *known = &desk->state.credential;

	if (strcmp(known->id, id) != 0 || strcmp(known->state, CERT_STATE_NONE) == 0)
		return;
	WIRE_SET(known->state, CERT_STATE_NONE);
	desk_keep_state(desk);
}
