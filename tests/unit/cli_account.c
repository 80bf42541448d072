/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/cert_state.h"
#include "base/time.h"
#include "cli/cert_print.h"
#include "cli/enrol_show.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#define NOW 1780000000
#define DAY 86400

/* ---- families of commands ---- */

struct wishes {
	bool json;
	const char *name;
};

static const struct options_spec table[] = {
	{ .kind = OPTIONS_FLAG, .name = "json", .at = offsetof(struct wishes, json) },
	{ .kind = OPTIONS_TEXT, .name = "name", .at = offsetof(struct wishes, name) },
	{ .kind = OPTIONS_TEXT, .name = "name-of", .at = offsetof(struct wishes, name) },
	{ .kind = OPTIONS_END },
};

static char ran[128];
static enum be_err told;

static enum be_err note(const char *verb, const struct wishes *wishes, char *const *words)
{
	(void)snprintf(ran, sizeof(ran), "%s %s %s %s %d", verb, words[0] != NULL ? words[0] : "-",
		words[0] != NULL && words[1] != NULL ? words[1] : "-", wishes->name != NULL ? wishes->name : "-",
		wishes->json);
	return BE_OK;
}

static enum be_err do_list(const void *into, char *const *words, int *status, struct be_error *err)
{
	(void)err;
	*status = EXIT_NOT_ALL;
	return note("list", into, words);
}

static enum be_err do_move(const void *into, char *const *words, int *status, struct be_error *err)
{
	(void)status;
	(void)note("move", into, words);
	return be_fail(err, BE_STATE, "No", NULL);
}

static const struct verb verbs[] = {
	{ "list", 0, 1, "json", do_list },
	{ "move", 1, 2, "name-of", do_move },
	{ NULL, 0, 0, NULL, NULL },
};

static int refuse(const struct command *self, const struct be_error *err)
{
	(void)self;
	told = err->code;
	return command_status(err->code);
}

static void a_family_runs_what_was_named_and_refuses_what_does_not_go_with_it(void **state)
{
	/* clang-format off */
	static const struct { const char *words[6]; int status; enum be_err told; const char *ran; } lines[] = {
		{ { "list" },                               1, BE_OK,    "list - - - 0" },
		{ { "--json", "list" },                     1, BE_OK,    "list - - - 1" },
		{ { "list", "a" },                          1, BE_OK,    "list a - - 0" },
		{ { "list", "--", "--json" },               1, BE_OK,    "list --json - - 0" },
		{ { "move", "a", "--name-of", "n" },        4, BE_STATE, "move a - n 0" },
		{ { "move", "--name-of=n", "a", "b" },      4, BE_STATE, "move a b n 0" },
		{ { NULL },                                 2, BE_USAGE, "" },
		{ { "lis" },                                2, BE_USAGE, "" },
		{ { "list", "a", "b" },                     2, BE_USAGE, "" },
		{ { "move" },                               2, BE_USAGE, "" },
		{ { "move", "a", "b", "c" },                2, BE_USAGE, "" },
		{ { "list", "--name", "n" },                2, BE_USAGE, "" },
		/* One option's name begins another's. */
		{ { "move", "a", "--name", "n" },           2, BE_USAGE, "" },
		{ { "move", "a", "--json" },                2, BE_USAGE, "" },
	};
	/* clang-format on */
	static const struct command command = { "family", "", "", table, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct wishes wishes = { false, NULL };
		char kept[6][16] = { "family" };
		char *argv[8] = { kept[0] };
		int argc = 1;

		for (size_t j = 0; j < 5 && lines[i].words[j] != NULL; j++) {
			(void)strcpy(kept[argc], lines[i].words[j]);
			argv[argc] = kept[argc];
			argc++;
		}
		ran[0] = '\0';
		told = BE_OK;
		assert_int_equal(
			verbs_run(&command, verbs, "list, move", &wishes, argc, argv, refuse), lines[i].status);
		assert_int_equal(told, lines[i].told);
		assert_string_equal(ran, lines[i].ran);
	}
}

/* ---- statuses ---- */

static void every_error_has_the_status_that_the_command_line_promises(void **state)
{
	/* clang-format off */
	static const struct { enum be_err code; int status; } expected[] = {
		{ BE_USAGE, 2 }, { BE_NOT_FOUND, 2 }, { BE_IO, 2 }, { BE_BAD_KEY_FILE, 2 }, { BE_TOKEN, 2 },
		{ BE_NETWORK, 4 }, { BE_TLS, 4 }, { BE_BUSY, 4 }, { BE_LOCKED, 4 }, { BE_SESSION, 4 }, { BE_DENIED, 4 },
		{ BE_DISABLED, 4 }, { BE_STATE, 4 }, { BE_REVOKED, 4 }, { BE_TOO_EARLY, 4 }, { BE_TERMS, 4 },
		{ BE_LINK, 4 }, { BE_WEAK, 4 }, { BE_AUTHORISATION, 4 },
		{ BE_WRONG_LOGIN, 5 }, { BE_WRONG_CODE, 5 }, { BE_CODE_USED, 5 }, { BE_CLOCK, 5 },
		{ BE_WRONG_PASSPHRASE, 5 },
		{ BE_UNKNOWN_OUTCOME, 6 },
		{ BE_CANCELLED, 130 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(command_status(expected[i].code), expected[i].status);
}

/* ---- certificates ---- */

static void how_long_a_certificate_lasts_is_counted_in_whole_days(void **state)
{
	/* clang-format off */
	static const struct { const char *state; int64_t until; int64_t days; int64_t within; bool lasts; } cases[] = {
		{ "ISSUE",   NOW + 31 * DAY,     31, 30, true },
		{ "ISSUE",   NOW + 30 * DAY + 1, 30, 30, true },
		{ "ISSUE",   NOW + 30 * DAY,     30, 30, false },
		{ "ISSUED",  NOW + DAY - 1,       0,  0, true },
		{ "ISSUE",   NOW,                 0,  0, false },
		{ "ISSUE",   NOW - 1,            -1,  0, false },
		{ "ISSUE",   NOW - DAY - 1,      -2,  0, false },
		{ "REVOKE",  NOW + 31 * DAY,     31,  0, false },
		{ "SUSPEND", NOW + 31 * DAY,     31,  0, false },
		{ "EXPIRED", NOW + 31 * DAY,     31,  0, false },
		{ "SESUATU", NOW + 31 * DAY,     31,  0, false },
	};
	/* clang-format on */

	(void)state;
	time_set_for_test(NOW);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wire_certificate certificate = { .not_after = cases[i].until };
		int64_t days;

		WIRE_SET(certificate.state, cases[i].state);
		assert_true(cert_print_days(&days, &certificate));
		assert_int_equal(days, cases[i].days);
		assert_int_equal(cert_print_lasts(&certificate, cases[i].within), cases[i].lasts);
	}
	time_set_for_test(TIME_NONE);
}

static void what_was_never_issued_does_not_last(void **state)
{
	struct wire_certificate certificate = { .state = "NEW", .not_after = TIME_NONE };
	int64_t days;

	(void)state;
	assert_false(cert_print_days(&days, &certificate));
	assert_false(cert_print_lasts(&certificate, 0));
	WIRE_SET(certificate.state, "ISSUE");
	assert_false(cert_print_lasts(&certificate, 0));
}

static void states_are_shown_as_people_know_them(void **state)
{
	(void)state;
	assert_string_equal(cert_state_shown("ISSUE"), "ISSUED");
	assert_string_equal(cert_state_shown("ISSUED"), "ISSUED");
	assert_string_equal(cert_state_shown("REVOKE"), "REVOKE");
	assert_string_equal(cert_state_shown("SESUATU"), "SESUATU");
	assert_non_null(cert_state_next("NEW"));
	assert_null(cert_state_next("SESUATU"));
}

/* ---- what an authenticator is given ---- */

#define KEY "MWSBKZRA2WBGU5ET5KOGGF556QK6JKGE"
#define GROUPS "MWSB KZRA 2WBG U5ET 5KOG GF55 6QK6 JKGE"
#define DARK_ROW "\033[0;30;47;107m"

static struct wire_enrolment enrolment_of(const char *user)
{
	struct wire_enrolment enrolment = { .key = NULL };
	char uri[300];

	(void)snprintf(uri, sizeof(uri), "otpauth://totp/BeSign:%s?secret=" KEY "&issuer=BeSign", user);
	assert_int_equal(wire_set_secret(&enrolment.key, KEY, strlen(KEY), NULL), BE_OK);
	assert_int_equal(wire_set_secret(&enrolment.uri, uri, strlen(uri), NULL), BE_OK);
	return enrolment;
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = strstr(text, what); at != NULL; at = strstr(at + strlen(what), what))
		count++;
	return count;
}

static void a_code_is_shown_where_it_fits_and_the_key_always(void **state)
{
	/* clang-format off */
	static const struct { size_t columns, rows; const char *user; bool code, beside; } windows[] = {
		{ 80,  24, "sari.contoh%40example.id", true,  true },
		{ 80,  22, "sari.contoh%40example.id", true,  true },
		{ 80,  21, "sari.contoh%40example.id", false, false },
		{ 41,  24, "sari.contoh%40example.id", true,  false },
		{ 40,  50, "sari.contoh%40example.id", false, false },
		{ 40,  12, "sari.contoh%40example.id", false, false },
		{ 0,   0,  "sari.contoh%40example.id", false, false },
		{ 80,  24, "nama.yang.panjang.sekali.dan.masih.lebih.panjang.lagi%40instansi.contoh.example.id", false, false },
		{ 200, 60, "nama.yang.panjang.sekali.dan.masih.lebih.panjang.lagi%40instansi.contoh.example.id", true,  true },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		struct wire_enrolment enrolment = enrolment_of(windows[i].user);
		struct secret *text = NULL;
		const char *shown;

		assert_int_equal(enrol_text(&text, &enrolment, windows[i].columns, windows[i].rows, NULL), BE_OK);
		shown = (const char *)secret_bytes(text);
		if ((strstr(shown, DARK_ROW) != NULL) != windows[i].code)
			fail_msg("%zu", i);
		if (windows[i].code) {
			/* The question for the code stands below it. */
			assert_in_range(count_of(shown, DARK_ROW), 1, windows[i].rows - 1);
			assert_int_equal(count_of(shown, DARK_ROW), count_of(shown, "\033[0m"));
		}
		if (windows[i].beside) {
			assert_non_null(strstr(shown, "\033[0m  MWSB KZRA 2WBG U5ET\n"));
			assert_non_null(strstr(shown, "\033[0m  5KOG GF55 6QK6 JKGE\n"));
		} else if (windows[i].columns > 0 && windows[i].columns < 51) {
			assert_non_null(strstr(shown, "Setup key:\n  MWSB KZRA 2WBG U5ET\n  5KOG GF55 6QK6 JKGE\n"));
		} else {
			assert_non_null(strstr(shown, "Setup key: " GROUPS "\n"));
		}
		assert_int_equal(
			strstr(shown, "would need a window") != NULL, !windows[i].code && windows[i].columns > 0);
		secret_free(&text);
		wire_free(&wire_enrolment_message, &enrolment);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_family_runs_what_was_named_and_refuses_what_does_not_go_with_it),
		cmocka_unit_test(every_error_has_the_status_that_the_command_line_promises),
		cmocka_unit_test(how_long_a_certificate_lasts_is_counted_in_whole_days),
		cmocka_unit_test(what_was_never_issued_does_not_last),
		cmocka_unit_test(states_are_shown_as_people_know_them),
		cmocka_unit_test(a_code_is_shown_where_it_fits_and_the_key_always),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
