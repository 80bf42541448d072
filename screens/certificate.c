/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sertifikat Digital: what there is at the account service, and the key file that needs none. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct menu {
	bool told; /* the service has said what it is, or does not say so */
};

/* ---- what the service has, without waiting for it ---- */

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->service(task->account, task->record, wait, err);
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	((struct menu *)state)->told = error->code != BE_CANCELLED;
	if (error->code == BE_OK)
		task_take(task, &desk_of(ui)->service);
}

static void settled(struct ui *ui, void *state)
{
	struct menu *s = state;
	struct task *task;

	if (s->told || is_signed_out(ui, s) || desk_of(ui)->service.name[0] != '\0')
		return;
	s->told = true;
	task = task_new(ui, &wire_service_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask, answered);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	recall_account(ui);
}

static void again(struct ui *ui, void *state)
{
	(void)ui;
	((struct menu *)state)->told = false;
}

/* ---- the way ---- */

static const char *none_chosen(const struct ui *ui, const void *state)
{
	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	return desk_of(ui)->state.credential.id[0] == '\0' ? N_("choose a certificate from the list first") : NULL;
}

static const char *no_mailbox(const struct ui *ui, const void *state)
{
	const struct wire_service *service = &desk_of(ui)->service;

	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	return service->name[0] != '\0' && !service->mailbox ? N_("this service sends its letters by e-mail") : NULL;
}

static void chosen(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct credential *credential = &desk_of(ui)->state.credential;

	(void)state;
	if (credential->id[0] == '\0') {
		ui_put(out, N_("none chosen yet"));
		return;
	}
	sign_key_put(out, desk_of(ui), SIGN_KEY_CREDENTIAL);
	ui_put_foreign(out, ", ");
	ui_put_foreign(out, cert_state_shown(credential->state));
}

static void open_list(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_cert_list, NULL);
}

static void open_add(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_cert_add, NULL);
}

static void open_info(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_cert_info, NULL);
}

static void open_mailbox(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_mailbox, NULL);
}

static void open_link(struct ui *ui, void *state)
{
	const struct cert_link link = { .link = NULL };

	(void)state;
	ui_push(ui, &screen_cert_passphrase, &link);
}

static void open_key_file(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_key_file, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_("You are signed out. Certificates at the service need you to sign in; a key file does not."),
		.shown = is_signed_out },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = chosen, .shown = is_signed_in },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign in"),
		.run = open_sign_in,
		.shown = is_signed_out,
		.help = N_("at the account service that the settings name") },
	{ .kind = UI_BUTTON,
		.msg = N_("List of Certificates"),
		.guard = must_sign_in,
		.run = open_list,
		.help = N_("your certificates at the service; choose the one that you sign with") },
	{ .kind = UI_BUTTON,
		.msg = N_("Add a Digital Certificate"),
		.guard = must_sign_in,
		.run = open_add,
		.help = N_("asks the authority for a certificate") },
	{ .kind = UI_BUTTON,
		.msg = N_("Certificate Information"),
		.guard = none_chosen,
		.run = open_info,
		.help = N_("everything that is known of the chosen certificate; renews and revokes it") },
	{ .kind = UI_BUTTON,
		.msg = N_("Mailbox"),
		.guard = no_mailbox,
		.run = open_mailbox,
		.help = N_("letters of the service on this computer, which sends no e-mail") },
	{ .kind = UI_BUTTON,
		.msg = N_("Create Passphrase"),
		.run = open_link,
		.help = N_("with the link of a letter that you got by e-mail") },
	{ .kind = UI_BUTTON,
		.msg = N_("Key file"),
		.run = open_key_file,
		.help = N_("the .p12 or .pfx file with your certificate and key") },
	{ .kind = UI_END },
};

const struct ui_screen screen_certificate = { .name = "certificate",
	.title = N_("Digital Certificate"),
	.help = N_(
		"The certificate that you sign with: one whose key is kept by the account service, or that of a key file."),
	.state_size = sizeof(struct menu),
	.fields = fields,
	.enter = enter,
	.again = again,
	.settled = settled };
