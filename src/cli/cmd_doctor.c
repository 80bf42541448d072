/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/doctor.h"
#include "base/i18n.h"
#include "base/sanitise.h"
#include "cli/command.h"
#include "cli/print.h"

#include <string.h>

static const struct options_spec options[] = { { .kind = OPTIONS_END } };

/* The widest of these words. */
#define STATE_CELLS 7u

static const struct {
	const char *word;
	enum print_mood mood;
} states[] = {
	[DOCTOR_GOOD] = { /* max: 7 */ N_("ok"), PRINT_GOOD },
	[DOCTOR_LESS] = { /* max: 7 */ N_("note"), PRINT_UNSURE },
	[DOCTOR_MISSING] = { /* max: 7 */ N_("MISSING"), PRINT_BAD },
};

static void print_fact(const struct doctor_fact *fact)
{
	struct buffer line = BUFFER_EMPTY;

	print_verdict_padded(states[fact->state].word, states[fact->state].mood, STATE_CELLS + 1);
	buffer_printf(&line, "%s: %s", tr(fact->title), tr(fact->text));
	if (fact->detail[0] != '\0') {
		buffer_add_str(&line, fact->text[0] != '\0' ? " (" : "");
		sanitise_add(&line, fact->detail, strlen(fact->detail), 0);
		buffer_add_str(&line, fact->text[0] != '\0' ? ")" : "");
	}
	buffer_add_byte(&line, '\0');
	print_from_column(STATE_CELLS + 1, line.failed ? "" : (const char *)line.data);
	buffer_free(&line);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct be_error err = { .code = BE_OK };
	struct doctor_facts facts;
	char nothing = '\0';

	if (options_only(options, &nothing, argc, argv, &err) != BE_OK)
		return command_refuse(self, &err);
	doctor_look(&facts);
	for (size_t i = 0; i < facts.count; i++)
		print_fact(&facts.facts[i]);
	return doctor_is_well(&facts) ? EXIT_DONE : EXIT_NOT_STARTED;
}

const struct command command_doctor = { "doctor", "", N_("what this machine offers, and what is missing"), options,
	run };
