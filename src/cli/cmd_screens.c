/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/desk.h"
#include "cli/command.h"
#include "cli/print.h"
#include "screens/screens.h"
#include "ui/run.h"

#include <stdlib.h>
#include <unistd.h>

struct wishes {
	bool plain;
	bool ascii;
	int colour; /* one more than enum ui_colour; 0: as it is set */
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "plain", NULL, AT(plain),
		N_("numbered questions in place of screens"), 0 },
	{ OPTIONS_FLAG, "ascii", NULL, AT(ascii),
		N_("no characters beyond ASCII"), 0 },
	{ OPTIONS_CHOICE, "color", "set|auto|always|never", AT(colour),
		N_("whether colours are used; default: as it is set"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* Who has been here before begins on the main page: a key file is known then, or a certificate. What was interrupted comes
 * before that. */
static void open_first(struct ui *ui, struct desk *desk)
{
	const bool known = desk->state.key_file != NULL || desk->state.credential.id[0] != '\0';

	ui_push(ui, known ? &screen_home : &screen_welcome, NULL);
	desk_look_for_batches(desk);
	if (desk->interrupted > 0)
		ui_push(ui, &screen_resume, NULL);
	if (desk->settings_error.code != BE_OK)
		ui_say_error(ui, &desk->settings_error);
}

static enum be_err show(const struct wishes *wishes, struct desk *desk, int *status, struct be_error *err)
{
	const enum ui_colour colour =
		wishes->colour > 0 ? (enum ui_colour)(wishes->colour - 1) : (enum ui_colour)desk->settings.colour;
	const enum ui_characters characters =
		wishes->ascii ? UI_CHARACTERS_ASCII : (enum ui_characters)desk->settings.characters;
	struct ui *ui = NULL;
	enum be_err rc = ui_new(&ui, desk, err);

	if (rc != BE_OK)
		return rc;
	ui_set_look(ui, colour, characters);
	open_first(ui, desk);
	rc = BE_UNSUPPORTED;
	if (!wishes->plain && ui_terminal_will_do())
		rc = ui_run_terminal(ui, status, err);
	if (rc == BE_UNSUPPORTED)
		rc = ui_run_plain(ui, status, err);
	ui_free(&ui);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .plain = false };
	struct be_error err = { .code = BE_OK };
	struct desk desk;
	int status = EXIT_DONE;
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	if (rc == BE_OK && count > 0)
		rc = be_fail(&err, BE_USAGE, N_("The screens take no names; \"besign help\" lists the commands"), "%s",
			argv[1]);
	if (rc == BE_OK) {
		desk_open(&desk, &app_engine_real);
		rc = show(&wishes, &desk, &status, &err);
		desk_close(&desk);
	}
	return rc == BE_OK ? status : command_refuse(self, &err);
}

const struct command command_screens = { "screens", "[--plain] [--ascii] [--color WHEN]",
	N_("the screens, on a terminal; numbered questions elsewhere"), options, run };
