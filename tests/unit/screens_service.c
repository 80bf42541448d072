/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From asking for a certificate to its end, with the keyboard, against the real program and the real service, which
 * stands where the program would start it for itself. Who is signed in is prepared by the test. */

#include "support/service.h"
#include "support/user.h"

#include "app/service.h"
#include "base/file.h"
#include "base/time.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LETTER "Buat passphrase sertifikat Anda" /* in the person's own language, whatever the screen's */

static char runtime[64]; /* short: it holds the socket */
static char told_runtime[sizeof("XDG_RUNTIME_DIR=") + sizeof(runtime)];
static struct service_desk service;
static struct service_person person;
static struct account *account;
static struct be_error err;

static void must(enum be_err rc)
{
	if (rc != BE_OK)
		fail_msg("%s: %s (%s)", be_err_word(rc), err.msgid, err.detail);
}

/* ---- a home with a service, and somebody who is signed in there ---- */

/* The program and the test find the same service and the same session. The service takes the machine for a small one, so
 * that opening keys is as quick as it may be. */
static void open_home(void)
{
	char home[256];
	struct settings settings;

	(void)snprintf(home, sizeof(home), "%s", user_path("."));
	(void)strcpy(runtime, "/tmp/besign-run.XXXXXX");
	assert_non_null(mkdtemp(runtime));
	(void)snprintf(told_runtime, sizeof(told_runtime), "XDG_RUNTIME_DIR=%s", runtime);
	assert_int_equal(setenv("HOME", home, 1) + setenv("XDG_RUNTIME_DIR", runtime, 1), 0);
	assert_int_equal(unsetenv("XDG_DATA_HOME") + unsetenv("XDG_STATE_HOME") + unsetenv("XDG_CONFIG_HOME"), 0);
	service_desk_make(&service);
	embedded_place_free(&service.place);
	must(embedded_find(&service.place, user_path(".local/share/besign/service"), &err));
	assert_true(service_desk_start(&service));
	settings_default(&settings);
	must(service_open(&account, &settings, &err));
	service_person_make(&person, 1);
	must(service_register(account, &person, &err));
	must(service_enrol(account, &person, &err));
}

static int enter(void **state)
{
	user_make();
	user_copy("documents/letter.pdf", "documents/third.pdf");
	open_home();
	(void)state;
	return 0;
}

static int leave(void **state)
{
	(void)state;
	account_free(&account);
	service_desk_clear(&service);
	assert_int_equal(user_run("rm -r \"$XDG_RUNTIME_DIR\""), 0);
	service_person_free(&person);
	user_clear();
	return 0;
}

/* The program has the session for itself: two who spend one refresh token would end it. */
static struct terminal *start(const char *language)
{
	const char *environment[] = { language, told_runtime, NULL };

	account_free(&account);
	return user_start(environment);
}

static void sign_in_again(void)
{
	struct settings settings;

	settings_default(&settings);
	must(service_open(&account, &settings, &err));
}

/* ---- the way ---- */

struct words {
	const char *language;
	const char *add, *terms, *asked, *set, *works, *chosen, *tries, *done, *is_signed, *revoke, *word, *is_revoked,
		*finished, *revoked_home, *renewal, *issued;
};

static const struct words english = { "BESIGN_LANG=en", "Add a Digital Certificate", "Show the Terms",
	"The certificate was asked for", "Set Passphrase", "The certificate works from now on",
	"You sign with this certificate from now on", "tries are left", "Done: 3 documents are signed",
	"SIGNED  letter_signed.pdf", "Revoke Certificate", "REVOKE", "The certificate is revoked", "Done",
	"never signs again: choose another", "2 Renew from 20", "issued: its passphrase was created" };
static const struct words indonesian = { "BESIGN_LANG=id", "Tambah Sertifikat Digital", "Lihat Persetujuan",
	"Permohonan sertifikat berhasil", "Set Passphrase", "Sertifikat berfungsi mulai sekarang",
	"Anda menandatangani dengan sertifikat ini mulai sekarang", "percobaan", "Berhasil: 3 dokumen",
	"DITANDATANGANI  letter_signed.pdf", "Cabut Sertifikat", "CABUT", "Sertifikat sudah dicabut", "Selesai",
	"tidak dapat menandatangani lagi: pilih yang", "2 Perbarui mulai 20", "diterbitkan: passphrase-nya dibuat" };

static void ask_for_one(struct terminal *t, const struct words *w)
{
	user_press(t, "4");
	user_press(t, "3");
	user_press(t, "2");
	user_sees(t, w->add);
	user_is_on(t, w->terms);
	user_press(t, "Enter");
	user_sees(t, "PERSETUJUAN PENGGUNAAN SERTIFIKAT ELEKTRONIK");
	user_press(t, "Escape");
	user_press(t, "Tab Space");
	user_sees(t, "[x]");
	user_press(t, "2");
	user_sees(t, w->asked);
}

/* A letter is carried behind the answer to what it is about, and shows by itself. */
static void open_letter(struct terminal *t)
{
	user_press(t, "2");
	assert_true(terminal_wait_text(t, LETTER));
	user_press(t, "Home");
	user_is_on(t, LETTER);
	user_press(t, "Enter");
	user_misses(t, "http://");
}

static void set_passphrase(struct terminal *t, const struct words *w)
{
	user_press(t, "1");
	user_sees(t, w->set);
	user_misses(t, "http://");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Tab");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, w->works);
	user_press(t, "1");
	user_sees(t, w->chosen);
	user_sees(t, "ISSUED");
}

static void sign_three(struct terminal *t, const struct words *w)
{
	user_press(t, "1");
	user_press(t, "o");
	user_press(t, "a");
	user_press(t, "c");
	user_sees(t, "Orang Contoh, ISSUED");
	user_press(t, "s");
	user_type(t, "salah sekali");
	user_press(t, "Enter");
	user_sees(t, w->tries);
	assert_int_equal(user_count("documents", "_signed"), 0);
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, w->done);
	user_sees(t, w->is_signed);
	user_press(t, "Escape");
}

static void end_it(struct terminal *t, const struct words *w)
{
	user_press(t, "3");
	user_press(t, "1");
	user_is_on(t, "(*) ISSUED");
	user_press(t, "Enter");
	user_sees(t, "Orang Contoh");
	user_sees(t, w->renewal);
	/* What the screens on top ask is not held up by the list that waits for news below. */
	user_press(t, "End");
	user_sees(t, "CN=BeSign Root CA");
	user_press(t, "t");
	user_sees(t, w->issued);
	user_press(t, "Escape");
	user_press(t, "x");
	user_sees(t, w->revoke);
	user_press(t, "4");
	user_press(t, "Tab");
	user_type(t, w->word);
	user_press(t, "Enter");
	user_press(t, "2");
	user_sees(t, w->is_revoked);
	user_is_on(t, w->finished);
	user_press(t, "Enter");
	user_press(t, "Escape");
	user_is_on(t, "(*) REVOKE");
	user_press(t, "Escape");
	user_press(t, "Escape");
	user_sees(t, w->revoked_home);
}

static void check_documents(void)
{
	static const char *const names[] = { "letter", "report", "third" };

	if (user_run("command -v pdfsig >/dev/null") != 0)
		skip();
	for (size_t i = 0; i < 3; i++) {
		char command[256];

		(void)snprintf(command, sizeof(command),
			"cd ~/documents && pdfsig -nocert %s_signed.pdf >../said 2>&1 && grep -q 'Signature is Valid' ../said && grep -q 'Common Name: Orang Contoh$' ../said",
			names[i]);
		assert_int_equal(user_run(command), 0);
	}
}

static void whole_way(const struct words *w)
{
	struct terminal *t = start(w->language);
	struct wire_certificates all;

	ask_for_one(t, w);
	open_letter(t);
	set_passphrase(t, w);
	sign_three(t, w);
	end_it(t, w);
	assert_false(user_left(t, USER_PASSPHRASE));
	user_quit(&t);
	/* The next time the program begins with it. */
	t = start(w->language);
	user_sees(t, "REVOKE");
	user_sees(t, w->revoked_home);
	user_quit(&t);
	/* What the screen said is what the service says. */
	sign_in_again();
	must(account_certificates(account, &all, NULL, &err));
	assert_int_equal(all.certificates.count, 1);
	assert_string_equal(((const struct wire_certificate *)all.certificates.items)->state, "REVOKE");
	assert_string_equal(((const struct wire_certificate *)all.certificates.items)->reason, "superseded");
	wire_free(&wire_certificates_message, &all);
	check_documents();
}

static void from_the_request_to_the_end(void **state)
{
	(void)state;
	whole_way(&english);
}

static void the_same_in_indonesian(void **state)
{
	(void)state;
	whole_way(&indonesian);
}

/* ---- what happens elsewhere ---- */

static void a_passphrase_that_is_set_elsewhere_shows_by_itself(void **state)
{
	struct secret *link = NULL;
	struct account *other;
	struct account_place place = { .data = user_path(".local/share/besign/service") };
	struct terminal *t;

	(void)state;
	must(service_request(account, &person, "p256", &err));
	t = start("BESIGN_LANG=en");
	user_press(t, "4");
	user_press(t, "3");
	user_press(t, "1");
	user_is_on(t, "( ) NEW");
	must(account_open(&other, &place, &err));
	must(service_sign_in(other, &person, &err));
	must(service_link(other, &link, &err));
	must(service_set_passphrase(other, &person, link, &err));
	/* Nothing is pressed. */
	assert_true(terminal_wait_text(t, "( ) ISSUED"));
	/* Going away does not wait for the question that waits. */
	user_press(t, "Escape");
	user_quit(&t);
	secret_free(&link);
	account_free(&other);
}

/* ---- a service that stands still ---- */

static void a_service_that_stands_still_holds_nobody_up(void **state)
{
	struct terminal *t;

	(void)state;
	t = start("BESIGN_LANG=en");
	user_press(t, "4");
	user_press(t, "3");
	/* Whoever is stopped while the session is renewed has to sign in again: here it is renewed before. */
	user_press(t, "1");
	user_sees(t, "You have no certificate at the service yet");
	user_press(t, "Escape");
	user_press(t, "2");
	user_press(t, "Tab Space");
	assert_int_equal(kill(service.pid, SIGSTOP), 0);
	/* Waited for, with a way out; what became of it is not known then. */
	assert_true(terminal_press(t, "2"));
	assert_true(terminal_wait_text(t, "Asking for the certificate"));
	assert_true(terminal_press(t, "c"));
	assert_true(terminal_wait_text(t, "it may have been carried out"));
	user_sees(t, "[x] I have read");
	/* What nobody waits for is left at once. */
	assert_true(terminal_press(t, "Escape"));
	assert_true(terminal_press(t, "1"));
	assert_true(terminal_wait_text(t, "Asking the service"));
	assert_true(terminal_press(t, "Escape"));
	assert_true(terminal_wait_text(t, "Key file"));
	assert_int_equal(kill(service.pid, SIGCONT), 0);
	assert_true(terminal_idle(t));
	/* Carried out or not, the list tells. */
	user_press(t, "1");
	user_misses(t, "Asking the service");
	user_misses(t, "signed out");
	user_quit(&t);
}

/* ---- as questions and answers ---- */

static void the_same_tables_are_walked_without_a_screen(void **state)
{
	static const char answers[] = "4\n3\n1\n1\n1\n2\n1\n1\n2\n3\n1\nfrasa sandi orang 1\n";
	struct secret *link = NULL;
	struct buffer said = BUFFER_EMPTY;
	static const char *const wanted[] = { "1) List of Certificates", "Asking the service ...", "1) ( ) ISSUED",
		"== BeSign - Certificate Information ==", "State: ISSUED (you can sign with it)", "Chain",
		"2 of 3: ", "1) Use this certificate", "2) Renew from ", "Yes, I am sure", "State: ISSUED",
		"* You sign with this certificate from now on", "(*) Digital Certificate", "Signing ...",
		"Done: 1 document is signed", NULL };
	const char *at;

	(void)state;
	must(service_request(account, &person, "p256", &err));
	must(service_link(account, &link, &err));
	must(service_set_passphrase(account, &person, link, &err));
	secret_free(&link);
	account_free(&account);
	user_write("answers", answers, strlen(answers));
	assert_int_equal(
		user_run("cd ~/documents && cat ~/answers | BESIGN_LANG=en \"$BESIGN\" --plain >~/said 2>~/errors"), 0);
	assert_int_equal(user_run("test ! -s ~/errors"), 0);
	assert_int_equal(file_read_all(&said, user_path("said"), 1u << 20, NULL), BE_OK);
	buffer_add_byte(&said, '\0');
	at = (const char *)said.data;
	for (size_t i = 0; wanted[i] != NULL; i++) {
		const char *found = strstr(at, wanted[i]);

		if (found == NULL)
			print_error("not said, or not there: \"%s\" in\n%s\n", wanted[i], at);
		assert_non_null(found);
		at = found;
	}
	assert_null(strstr((const char *)said.data, "frasa sandi"));
	assert_true(user_has("documents/letter_signed.pdf"));
	buffer_free(&said);
}

#define AT_HOME(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_HOME(from_the_request_to_the_end),
		AT_HOME(the_same_in_indonesian),
		AT_HOME(a_passphrase_that_is_set_elsewhere_shows_by_itself),
		AT_HOME(a_service_that_stands_still_holds_nobody_up),
		AT_HOME(the_same_tables_are_walked_without_a_screen),
	};

	return cmocka_run_group_tests_name("screens_service", tests, NULL, NULL);
}
