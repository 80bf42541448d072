/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One way of authorising a signature: the passphrase is saved behind it, once it was proved; the way is chosen, tried, or
 * given up. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct one_way {
	enum sign_key_kind of; /* whose passphrase it is */
	enum unlock_way way;
	struct unlock_way_facts facts;
	struct unlock_agent_keys keys; /* with SSH_AGENT */
	size_t key;                    /* the marked one */
	struct secret *passphrase;
	bool over; /* it is done, and was told: back to the ways */
};

/* ---- saving and trying ---- */

static void saved(struct ui *ui, void *state, const struct key_facts *facts, const struct be_error *error)
{
	struct one_way *s = state;
	struct desk *desk = desk_of(ui);
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	secret_clear(s->passphrase);
	if (error->code != BE_OK) {
		who_say_refusal(ui, error);
		return;
	}
	if (s->of == SIGN_KEY_FILE) {
		desk->state.key = *facts;
		desk_keep_state(desk);
	}
	ui_put(&text, unlock_way_title(s->way));
	ui_put_foreign(&text, ": ");
	ui_put(&text, N_("this way is asked first from now on when you sign."));
	if (s->way == UNLOCK_SSH_AGENT) {
		ui_put_foreign(&text, " ");
		ui_put(&text,
			N_("Who can use the agent can use its keys: add them with ssh-add -c, so that each use is confirmed."));
	}
	s->over = true;
	ui_message(ui, N_("Security"), UI_GOOD, &text);
	buffer_free(&text.utf8);
}

static void tried(struct ui *ui, void *state, const struct key_facts *facts, const struct be_error *error)
{
	(void)state;
	(void)facts;
	if (error->code != BE_OK)
		who_say_refusal(ui, error);
	else
		ui_say(ui, UI_GOOD, N_("It works: the passphrase is the right one"));
}

static void start_saving(struct ui *ui, void *state)
{
	const struct one_way *s = state;
	const bool has_key = s->way == UNLOCK_SSH_AGENT && s->key < s->keys.count;
	const struct security_wish wish = { .of = s->of,
		.way = s->way,
		.key = has_key ? s->keys.keys[s->key].fingerprint : NULL,
		.passphrase = s->passphrase,
		.done = saved };

	security_start(ui, &wish);
}

static void start_trying(struct ui *ui, void *state)
{
	const struct one_way *s = state;
	const struct security_wish wish = { .of = s->of, .way = s->way, .done = tried };

	security_start(ui, &wish);
}

/* ---- choosing and giving up ---- */

static void leave_with(struct ui *ui, enum be_err rc, const struct be_error *err, const char *said)
{
	if (rc != BE_OK) {
		ui_say_error(ui, err);
		return;
	}
	ui_pop(ui);
	ui_say(ui, UI_GOOD, said);
}

static void use(struct ui *ui, void *state)
{
	const struct one_way *s = state;
	const struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };
	struct unlock_target target;
	enum be_err rc = BE_NOT_FOUND;

	if (unlocking_target(&target, desk, s->of))
		rc = desk->engine->unlock_use(&target, s->way, &err);
	leave_with(ui, rc, &err, N_("This way is asked first from now on"));
}

static void do_remove(struct ui *ui, void *state)
{
	const struct one_way *s = state;
	const struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };
	struct unlock_target target;
	enum be_err rc = BE_NOT_FOUND;

	if (unlocking_target(&target, desk, s->of))
		rc = desk->engine->unlock_remove(&target, s->way, &err);
	leave_with(ui, rc, &err, N_("The saved passphrase is removed"));
}

static void remove_it(struct ui *ui, void *state)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put(&text, unlock_way_title(((const struct one_way *)state)->way));
	ui_confirm(ui, N_("Remove the saved passphrase?"), &text, N_("Remove"), do_remove);
	buffer_free(&text.utf8);
}

/* ---- the keys of the agent ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct one_way *)state)->keys.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct one_way *s = state;
	const struct unlock_agent_key *key = &s->keys.keys[index];

	(void)ui;
	ui_put_foreign(&out->text, index == s->key ? "(*) " : "( ) ");
	ui_put_foreign(&out->text, key->comment[0] != '\0' ? key->comment : key->type);
	ui_put_foreign(&out->text, "  ");
	out->off = key->off;
	out->mood = key->off != NULL ? UI_FAINT : UI_PLAIN;
	if (key->off != NULL)
		ui_put(&out->text, key->off);
	else
		ui_put_foreign(&out->text, key->fingerprint);
}

static void mark(struct ui *ui, void *state, size_t index)
{
	(void)ui;
	((struct one_way *)state)->key = index;
}

static const struct ui_list list = { .count = count,
	.row = row,
	.open = mark,
	.opens = N_("Choose"),
	.empty = N_("The ssh-agent has no key") };

/* ---- the screen ---- */

static size_t first_usable(const struct unlock_agent_keys *keys)
{
	size_t i = 0;

	while (i < keys->count && keys->keys[i].off != NULL)
		i++;
	return i;
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct security_view *view = arg;
	struct one_way *s = state;

	desk_of(ui)->engine->guard();
	s->of = view->key;
	s->way = view->way;
	s->facts = view->ways->ways[view->way];
	if (s->way == UNLOCK_SSH_AGENT)
		s->keys = view->ways->agent;
	s->key = first_usable(&s->keys);
	if (s->way == UNLOCK_SSH_AGENT)
		ui_focus_row(ui, s->key);
	else
		ui_focus(ui, offsetof(struct one_way, passphrase));
}

static void again(struct ui *ui, void *state)
{
	if (((const struct one_way *)state)->over)
		ui_pop(ui);
}

static bool is_kept(const struct ui *ui, const void *state)
{
	const struct one_way *s = state;

	(void)ui;
	return s->facts.kept && s->way != UNLOCK_PASSPHRASE;
}

static bool can_be_saved(const struct ui *ui, const void *state)
{
	return !is_kept(ui, state);
}

static bool can_be_used(const struct ui *ui, const void *state)
{
	return is_kept(ui, state) && !((const struct one_way *)state)->facts.used;
}

static bool has_keys(const struct ui *ui, const void *state)
{
	return can_be_saved(ui, state) && ((const struct one_way *)state)->way == UNLOCK_SSH_AGENT;
}

static bool is_off(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct one_way *)state)->facts.off.code != BE_OK;
}

static const char *why_off(const struct ui *ui, const void *state)
{
	return is_off(ui, state) ? N_("this cannot be done here and now") : NULL;
}

static void off_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_error(out, &((const struct one_way *)state)->facts.off);
}

static enum ui_mood unsure(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static void way_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, unlock_way_title(((const struct one_way *)state)->way));
}

static void standing_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct one_way *s = state;

	(void)ui;
	if (s->facts.used)
		ui_put(out, N_("asked first when you sign"));
	else if (s->way == UNLOCK_PASSPHRASE)
		ui_put(out, N_("asked for when another way fails"));
	else
		ui_put(out, s->facts.kept ? N_("saved, not asked") : N_("nothing is saved yet"));
}

static void key_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct one_way *)state)->facts.key);
}

static bool has_key(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct one_way *)state)->facts.key[0] != '\0';
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Way"), .text = way_text },
	{ .kind = UI_FACT, .msg = N_("State"), .text = standing_text },
	{ .kind = UI_FACT, .msg = N_("Key"), .text = key_text, .shown = has_key },
	{ .kind = UI_LABEL, .text = off_text, .mood = unsure, .shown = is_off },
	{ .kind = UI_LIST, .list = &list, .shown = has_keys },
	{ .kind = UI_SECRET,
		.msg = N_("Passphrase"),
		.at = offsetof(struct one_way, passphrase),
		.run = start_saving,
		.shown = can_be_saved,
		.help = N_("of the key; it is proved before anything is saved") },
	{ .kind = UI_BUTTON, .msg = N_("Yes"), .run = start_saving, .guard = why_off, .shown = can_be_saved },
	{ .kind = UI_BUTTON,
		.msg = N_("Ask this way first"),
		.run = use,
		.shown = can_be_used,
		.help = N_("when you sign; the passphrase is asked for when it fails") },
	{ .kind = UI_BUTTON,
		.msg = N_("Try it"),
		.run = start_trying,
		.guard = why_off,
		.shown = is_kept,
		.help = N_("asks once, and tries what comes back") },
	{ .kind = UI_BUTTON, .msg = N_("Remove ..."), .run = remove_it, .shown = is_kept },
	{ .kind = UI_END },
};

const struct ui_screen screen_security_way = { .name = "security_way",
	.title = N_("Authorising a signature"),
	.help = N_(
		"Type the passphrase of the key once and choose Yes: it is kept sealed behind this way, and you are asked for the finger or the key from then on."),
	.state_size = sizeof(struct one_way),
	.fields = fields,
	.enter = enter,
	.again = again };
