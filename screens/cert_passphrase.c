/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Set Passphrase: a link, and the passphrase twice; the key is made then, and the certificate works. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct creation {
	struct secret *link, *passphrase, *once_more;
	bool given; /* the link came with the letter */
	bool told;  /* the service was asked for its rules */
};

/* ---- the rules ---- */

/* Worker. */
static enum be_err ask_rules(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->service(task->account, task->record, wait, err);
}

static void take_rules(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	(void)state;
	if (error->code == BE_OK)
		task_take(task, &desk_of(ui)->service);
}

static void settled(struct ui *ui, void *state)
{
	struct creation *s = state;
	struct task *task;

	if (s->told || desk_of(ui)->service.name[0] != '\0')
		return;
	s->told = true;
	task = task_new(ui, &wire_service_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask_rules, take_rules);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct secret *link = ((const struct cert_link *)arg)->link;
	struct creation *s = state;
	struct be_error err = { .code = BE_OK };

	recall_account(ui);
	desk_of(ui)->engine->guard();
	if (link == NULL)
		return;
	if (secret_add(s->link, secret_bytes(link), secret_len(link), &err) != BE_OK)
		ui_say_error(ui, &err);
	else
		s->given = true;
	ui_focus(ui, offsetof(struct creation, passphrase));
}

/* ---- creating it ---- */

/* Worker. */
static enum be_err create(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->set_passphrase(task->account, task->secret[0], task->secret[1], task->record, wait, err);
}

static void tell(struct ui *ui, const struct wire_certificate *certificate)
{
	struct cert_notice notice = { .title = N_("The certificate works from now on"),
		.text = is_signed_in(ui, NULL) ? N_("Sign with this certificate from now on?")
					       : N_("Sign in to choose it from the list, and sign with it.") };

	WIRE_SET(notice.use, certificate->id);
	ui_replace(ui, &screen_cert_notice, &notice);
}

static void created(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct creation *s = state;
	const struct wire_certificate *certificate = task->record;

	if (error->code == BE_OK || error->code == BE_WEAK) {
		secret_clear(s->passphrase);
		secret_clear(s->once_more);
	}
	if (error->code == BE_OK) {
		cert_seen(desk_of(ui), certificate);
		tell(ui, certificate);
		return;
	}
	ui_focus(ui,
		error->code == BE_LINK && !s->given ? offsetof(struct creation, link)
						    : offsetof(struct creation, passphrase));
	who_say_refusal(ui, error);
}

static const char *cannot_create(const struct ui *ui, const void *state)
{
	const struct creation *s = state;

	(void)ui;
	if (secret_len(s->link) == 0)
		return N_("paste the link of the letter first");
	return new_passphrase_off(s->passphrase, s->once_more);
}

static void start(struct ui *ui, void *state)
{
	struct creation *s = state;
	const char *off = cannot_create(ui, s);
	struct task *task;

	if (off != NULL) {
		ui_say(ui, UI_UNSURE, off);
		return;
	}
	task = task_new(ui, &wire_certificate_message);
	if (task != NULL && task_secret(task, ui, 0, s->link) && task_secret(task, ui, 1, s->passphrase))
		task_start(ui, task, N_("Making the key"), create, created);
}

/* ---- the screen ---- */

static bool needs_link(const struct ui *ui, const void *state)
{
	(void)ui;
	return !((const struct creation *)state)->given;
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"The key of your certificate is made and kept under this passphrase. Nobody can bring it back when you forget it.") },
	{ .kind = UI_LABEL, .text = put_passphrase_rule },
	{ .kind = UI_SECRET,
		.msg = N_("Link"),
		.at = offsetof(struct creation, link),
		.max = WIRE_LINK_MAX,
		.shown = needs_link,
		.help = N_("of the letter; it works once, so it is kept like a passphrase") },
	{ .kind = UI_SECRET,
		.msg = N_("Passphrase"),
		.at = offsetof(struct creation, passphrase),
		.max = WIRE_PASS_MAX,
		.help = N_("that only you know") },
	{ .kind = UI_SECRET,
		.msg = N_("Once more"),
		.at = offsetof(struct creation, once_more),
		.max = WIRE_PASS_MAX,
		.run = start,
		.help = N_("the same, so that it is typed right") },
	{ .kind = UI_BUTTON, .msg = N_("Create Passphrase"), .guard = cannot_create, .run = start },
	{ .kind = UI_END },
};

const struct ui_screen screen_cert_passphrase = { .name = "cert_passphrase",
	.title = N_("Set Passphrase"),
	.help = N_("Type a passphrase twice. The certificate works as soon as its key was made under it."),
	.state_size = sizeof(struct creation),
	.fields = fields,
	.enter = enter,
	.settled = settled };
