/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/settings.h"
#include "support/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make(void **state)
{
	(void)state;
	desk_make();
	return mkdir(desk_path("besign"), 0700) + setenv("XDG_CONFIG_HOME", desk_path(""), 1);
}

static int clear(void **state)
{
	(void)state;
	(void)chmod(desk_path("besign/config"), 0600);
	(void)unlink(desk_path("besign/config"));
	desk_clear();
	return unsetenv("XDG_CONFIG_HOME");
}

static void put(const char *text)
{
	desk_write("besign/config", text, strlen(text));
}

static void assert_file(const char *text)
{
	struct buffer file = BUFFER_EMPTY;

	desk_read(&file, "besign/config");
	buffer_add_byte(&file, '\0');
	assert_string_equal((const char *)file.data, text);
	buffer_free(&file);
}

static void assert_default(const struct settings *settings)
{
	struct settings preset;

	settings_default(&preset);
	assert_memory_equal(settings, &preset, sizeof(preset));
}

static void a_missing_file_gives_the_defaults(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct settings settings;

	(void)state;
	assert_int_equal(settings_read(&settings, &err), BE_OK);
	assert_int_equal(err.code, BE_OK);
	assert_null(err.msgid);
	assert_default(&settings);
	assert_int_equal(settings.language, SETTINGS_LANGUAGE_AUTO);
	assert_int_equal(settings.colour, SETTINGS_COLOUR_AUTO);
	assert_int_equal(settings.revocation, VERIFY_REVOCATION_REQUIRE);
	assert_string_equal(settings.output_directory, "");
}

static void every_setting_is_read(void **state)
{
	struct settings settings;

	(void)state;
	put("# milik saya\nlanguage = id\ncolour = never\ncharacters=ascii\noutput-directory = ~/Tanda tangan\n"
	    "reason = Saya setuju\nlocation = Jakarta\nrevocation = none\nlater-version = yes\n"
	    "mail-from = sari@contoh.example\nmail-server = surel.contoh.example:465\nmail-security = tls\n"
	    "mail-user = sari\nmail-authorities = ~/surel.pem\nsendmail = /opt/mailer\n");
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	assert_int_equal(settings.language, SETTINGS_LANGUAGE_ID);
	assert_int_equal(settings.colour, SETTINGS_COLOUR_NEVER);
	assert_int_equal(settings.characters, SETTINGS_CHARACTERS_ASCII);
	assert_string_equal(settings.output_directory, "~/Tanda tangan");
	assert_string_equal(settings.reason, "Saya setuju");
	assert_string_equal(settings.location, "Jakarta");
	assert_int_equal(settings.revocation, VERIFY_REVOCATION_NONE);
	assert_string_equal(settings.mail_from, "sari@contoh.example");
	assert_string_equal(settings.mail_server, "surel.contoh.example:465");
	assert_int_equal(settings.mail_security, SETTINGS_SECURITY_TLS);
	assert_string_equal(settings.mail_user, "sari");
	assert_string_equal(settings.mail_authorities, "~/surel.pem");
	assert_string_equal(settings.sendmail, "/opt/mailer");
}

/* The table's order of words is that of the enums. */
static void every_word_has_its_number(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		int number;
	} words[] = {
		{ "language = auto", offsetof(struct settings, language), SETTINGS_LANGUAGE_AUTO },
		{ "language = en", offsetof(struct settings, language), SETTINGS_LANGUAGE_EN },
		{ "colour = always", offsetof(struct settings, colour), SETTINGS_COLOUR_ALWAYS },
		{ "characters = auto", offsetof(struct settings, characters), SETTINGS_CHARACTERS_AUTO },
		{ "mail-security = starttls", offsetof(struct settings, mail_security), SETTINGS_SECURITY_STARTTLS },
		{ "mail-security = none", offsetof(struct settings, mail_security), SETTINGS_SECURITY_NONE },
		{ "revocation = soft", offsetof(struct settings, revocation), VERIFY_REVOCATION_SOFT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct settings settings;
		int number;

		put(words[i].text);
		assert_int_equal(settings_read(&settings, NULL), BE_OK);
		memcpy(&number, (const char *)&settings + words[i].at, sizeof(number));
		assert_int_equal(number, words[i].number);
	}
}

static const struct {
	const char *line, *detail;
} broken[] = {
	{ "language = jp", "line 2: language = auto|id|en; /" },
	{ "language = I", "line 2: language = auto|id|en; /" },
	{ "language = id|en", "line 2: language = auto|id|en; /" },
	{ "language =", "line 2: language = auto|id|en; /" },
	{ "language", "line 2 of /" },
	{ "[besign]", "line 2 of /" },
	{ "output-directory = Dokumen", "line 2 of /" },
	{ "output-directory = ~budi/x", "line 2 of /" },
	{ "reason = \"a\\x0ab\"", "line 2 of /" },
	{ "reason = \"\\xff\"", "line 2 of /" },
	{ "colour = always", "line 2 of /" },
	{ "mail-security = ssl", "line 2: mail-security = starttls|tls|none; /" },
	{ "sendmail = mailer", "line 2 of /" },
	{ "mail-from = \"a@b\\x0aBcc: c@d\"", "line 2 of /" },
};

static void a_line_that_is_not_understood_is_named_and_the_others_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct settings settings;
		struct be_error err = { .code = BE_OK };
		char text[200];

		(void)snprintf(text, sizeof(text), "colour = never\n%s\nlocation = Jakarta\nalso = wrong = here\n[x]\n",
			broken[i].line);
		put(text);
		assert_int_equal(settings_read(&settings, &err), BE_MALFORMED);
		assert_non_null(err.msgid);
		if (strncmp(err.detail, broken[i].detail, strlen(broken[i].detail)) != 0)
			fail_msg("%s: %s", broken[i].line, err.detail);
		assert_int_equal(settings.colour, SETTINGS_COLOUR_NEVER);
		assert_string_equal(settings.location, "Jakarta");
		settings.colour = SETTINGS_COLOUR_AUTO;
		settings.location[0] = '\0';
		memset(settings.location, 0, sizeof(settings.location));
		assert_default(&settings);
	}
}

static void a_text_that_is_too_long_is_not_cut(void **state)
{
	struct settings settings;
	char text[400];

	(void)state;
	(void)snprintf(text, sizeof(text), "reason = %0255d\n", 0);
	put(text);
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	assert_int_equal(strlen(settings.reason), 255);
	(void)snprintf(text, sizeof(text), "reason = %0256d\n", 0);
	put(text);
	assert_int_equal(settings_read(&settings, NULL), BE_MALFORMED);
	assert_string_equal(settings.reason, "");
}

static void a_file_that_is_no_text_is_not_used_and_not_written(void **state)
{
	static const char nul[] = "language = id\n\0\n";
	struct settings settings;
	struct be_error err = { .code = BE_OK };
	struct buffer file = BUFFER_EMPTY;

	(void)state;
	desk_write("besign/config", nul, sizeof(nul) - 1);
	assert_int_equal(settings_read(&settings, &err), BE_MALFORMED);
	assert_ptr_equal(strstr(err.detail, "line 2 of "), err.detail);
	assert_default(&settings);
	assert_int_equal(settings_write(&settings, NULL), BE_MALFORMED);
	desk_read(&file, "besign/config");
	assert_int_equal(file.len, sizeof(nul) - 1);
	buffer_free(&file);
}

/* ---- writing ---- */

static void a_missing_file_is_written_with_everything_explained(void **state)
{
	struct settings settings;
	struct settings again;
	struct buffer file = BUFFER_EMPTY;
	struct stat st;
	size_t count = 0;
	const struct settings_spec *table = settings_table(&count);
	const char *at = NULL;

	(void)state;
	assert_int_equal(rmdir(desk_path("besign")), 0);
	settings_default(&settings);
	settings.language = SETTINGS_LANGUAGE_ID;
	(void)strcpy(settings.output_directory, "/tmp/a\nb\xFF ");
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_int_equal(settings_read(&again, NULL), BE_OK);
	assert_memory_equal(&settings, &again, sizeof(settings));
	assert_int_equal(stat(desk_path("besign/config"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(desk_path("besign"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	desk_read(&file, "besign/config");
	buffer_add_byte(&file, '\0');
	at = (const char *)file.data;
	assert_ptr_equal(strstr(at, "# Settings of besign"), at);
	for (size_t i = 0; i < count; i++) {
		char line[80];

		(void)snprintf(line, sizeof(line), ".\n%s =", table[i].name);
		at = strstr(at, line);
		assert_non_null(at);
	}
	/* Nothing changes when nothing is changed. */
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_file((const char *)file.data);
	buffer_free(&file);
}

static void what_a_person_wrote_stays(void **state)
{
	struct settings settings;

	(void)state;
	put("\xEF\xBB\xBF# milik saya\r\n\r\n  colour   =  never  \r\nnama-lain = \"x\"\r\n\treason = \"Setuju\"\r\n# akhir");
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_file(
		"\xEF\xBB\xBF# milik saya\r\n\r\n  colour   =  never  \r\nnama-lain = \"x\"\r\n\treason = \"Setuju\"\r\n# akhir\n");
	settings.colour = SETTINGS_COLOUR_ALWAYS;
	(void)strcpy(settings.reason, "Mengetahui");
	settings.revocation = VERIFY_REVOCATION_SOFT;
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_file(
		"\xEF\xBB\xBF# milik saya\r\n\r\n  colour   =  always  \r\nnama-lain = \"x\"\r\n\treason = Mengetahui\r\n"
		"# akhir\n\n"
		"# When it is not known whether a certificate was revoked: require (the\n"
		"# signature is not certain), soft (a note says so) or none (it is not looked\n"
		"# at).\n"
		"revocation = soft\n");
}

static void a_broken_line_is_kept_as_a_comment(void **state)
{
	struct settings settings;

	(void)state;
	put("language = jp\nlanguage = en\n[bagian]\ncolour = never\ncolour = always\nlocation = Jakarta");
	assert_int_equal(settings_read(&settings, NULL), BE_MALFORMED);
	assert_int_equal(settings.language, SETTINGS_LANGUAGE_EN);
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_file("# not understood: language = jp\nlanguage = en\n# not understood: language = en\n"
		    "# not understood: [bagian]\ncolour = never\n# not understood: colour = always\n"
		    "location = Jakarta\n");
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	assert_int_equal(settings.language, SETTINGS_LANGUAGE_EN);
	assert_int_equal(settings.colour, SETTINGS_COLOUR_NEVER);
}

static void values_that_no_file_can_have_are_not_written(void **state)
{
	struct settings settings;

	(void)state;
	settings_default(&settings);
	settings.colour = 3;
	assert_int_equal(settings_write(&settings, NULL), BE_USAGE);
	settings.colour = -1;
	assert_int_equal(settings_write(&settings, NULL), BE_USAGE);
	settings_default(&settings);
	(void)strcpy(settings.reason, "a\nb");
	assert_int_equal(settings_write(&settings, NULL), BE_USAGE);
	settings_default(&settings);
	memset(settings.location, 'a', sizeof(settings.location));
	assert_int_equal(settings_write(&settings, NULL), BE_USAGE);
	assert_false(desk_has("besign/config"));
}

static void a_link_to_a_file_elsewhere_is_written_through(void **state)
{
	struct settings settings;

	(void)state;
	desk_write("dotfile", "colour = never\n", 15);
	assert_int_equal(symlink(desk_path("dotfile"), desk_path("besign/config")), 0);
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	settings.colour = SETTINGS_COLOUR_ALWAYS;
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_file("colour = always\n");
	assert_int_equal(unlink(desk_path("besign/config")), 0);
	assert_true(desk_has("dotfile"));
}

static void without_a_home_there_are_defaults_and_nothing_is_written(void **state)
{
	char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
	struct settings settings;

	(void)state;
	assert_int_equal(setenv("XDG_CONFIG_HOME", "relative", 1) + unsetenv("HOME"), 0);
	assert_int_equal(settings_read(&settings, NULL), BE_OK);
	assert_default(&settings);
	assert_int_equal(settings_write(&settings, NULL), BE_NOT_FOUND);
	assert_int_equal(setenv("HOME", desk_path(""), 1) + unsetenv("XDG_CONFIG_HOME"), 0);
	assert_int_equal(settings_write(&settings, NULL), BE_OK);
	assert_true(desk_has(".config/besign/config"));
	assert_int_equal(unlink(desk_path(".config/besign/config")) + rmdir(desk_path(".config/besign")), 0);
	if (home != NULL)
		(void)setenv("HOME", home, 1);
	free(home);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_missing_file_gives_the_defaults),
		AT_DESK(every_setting_is_read),
		AT_DESK(every_word_has_its_number),
		AT_DESK(a_line_that_is_not_understood_is_named_and_the_others_count),
		AT_DESK(a_text_that_is_too_long_is_not_cut),
		AT_DESK(a_file_that_is_no_text_is_not_used_and_not_written),
		AT_DESK(a_missing_file_is_written_with_everything_explained),
		AT_DESK(what_a_person_wrote_stays),
		AT_DESK(a_broken_line_is_kept_as_a_comment),
		AT_DESK(values_that_no_file_can_have_are_not_written),
		AT_DESK(a_link_to_a_file_elsewhere_is_written_through),
		AT_DESK(without_a_home_there_are_defaults_and_nothing_is_written),
	};

	return cmocka_run_group_tests_name("app_settings", tests, NULL, NULL);
}
