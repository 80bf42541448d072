/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keamanan: a way is saved, chosen, tried and given up, and signing asks it first. On a stage, then with the real
 * program and an agent that is not of its making. */

#include "support/agent.h"
#include "support/stage.h"
#include "support/user.h"

#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OPEN "4 2 "
#define AGENT OPEN "3 "
#define SAVE AGENT "Tab " STAGE_PASSPHRASE " Enter "
/* From the list of ways back to where a document is signed. */
#define SIGN "Esc Esc 1 1 / surat Enter Enter 3 "

static void what_this_computer_lacks_is_said_and_cannot_be_opened(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN);
	assert_string_equal(stage_screen(s), "settings_security");
	assert_true(stage_shows(s, "(*) Passphrase"));
	assert_true(stage_shows(s, "( ) Fingerprint  (This computer has no fingerprint reader)"));
	stage_press(s, "2");
	assert_string_equal(stage_screen(s), "settings_security");
}

static void without_a_key_there_is_nothing_to_save(void **state)
{
	struct stage *s = *state;

	stage_close(s);
	stage_open(s, false);
	stage_press(s, "4 4 2 ");
	assert_string_equal(stage_screen(s), "settings_security");
	stage_press(s, "3");
	assert_string_equal(stage_screen(s), "settings_security");
	assert_true(stage_shows(s, "choose a key file first"));
}

static void a_passphrase_is_proved_before_it_is_saved(void **state)
{
	struct stage *s = *state;

	stage_press(s, AGENT "Tab salah Enter");
	assert_string_equal(stage_screen(s), "security_way");
	assert_true(stage_shows(s, "The passphrase of the key file is wrong"));
	assert_int_equal(s->unlock_kept, 0);
	/* What was typed is gone. */
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_int_equal(s->unlock_kept, 1u << UNLOCK_SSH_AGENT);
	assert_true(s->guards > 0);
	assert_true(stage_shows(s, "this way is asked first from now on"));
	assert_true(stage_shows(s, "ssh-add -c"));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "settings_security");
	assert_true(stage_shows(s, "(*) Key in the ssh-agent"));
	assert_true(stage_shows(s, "( ) Passphrase"));
}

static void the_first_key_that_can_be_used_is_offered_and_another_one_chosen(void **state)
{
	struct stage *s = *state;

	stage_press(s, AGENT);
	assert_true(stage_shows(s, "> (*) sari@laptop"));
	assert_true(stage_shows(s, "( ) sari@kantor"));
	/* One that cannot be used is not chosen. */
	stage_press(s, "Up Enter");
	assert_true(stage_shows(s, "(*) sari@laptop"));
	/* Nor does a comment reach the terminal as it is. */
	assert_true(stage_shows(s, "jahat\\x1b[31m<U+202E>"));
	stage_press(s, "Down Down Enter");
	assert_true(stage_shows(s, "> (*) jahat"));
	stage_press(s, "Tab " STAGE_PASSPHRASE " Enter");
	assert_string_equal(s->unlock_key, "SHA256:cccccccccccccccccccccccccccccccccccccccccc3");
}

/* A certificate of the account is offered first, a key file by the choice at the end. */
static void the_passphrase_of_a_certificate_at_the_service_is_saved(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " OPEN);
	assert_true(stage_shows(s, "Certificate: Sari Wulandari"));
	stage_press(s, "3 Tab salah Enter");
	assert_true(stage_shows(s, "The passphrase is wrong. 4 tries are left."));
	assert_int_equal(s->unlock_kept, 0);
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_int_equal(s->unlock_kept, 1u << UNLOCK_SSH_AGENT);
	/* The facts of the key file are as they were. */
	assert_string_equal(s->desk.state.key.name, "Sari Wulandari");
	assert_int_equal(s->desk.state.key.sha256[0], 'a');
	stage_press(s, "Enter Esc Esc 1 1 / surat Enter Enter 3");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "Authorised by: Key in the ssh-agent"));
	stage_press(s, "Enter");
	assert_int_equal(s->releases, 1);
	assert_string_equal(stage_screen(s), "sign_result");
}

static void the_choice_of_a_key_file_looks_at_that(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " OPEN);
	assert_true(stage_shows(s, "5 ( ) Key file"));
	stage_press(s, "5");
	assert_true(stage_shows(s, "Key file: /rumah/sari/sari.p12"));
	/* Signed out, the certificate cannot be proved. */
	stage_press(s, "4 @out 3");
	assert_string_equal(stage_screen(s), "settings_security");
	assert_true(stage_shows(s, "sign in first"));
}

static void a_way_is_tried(void **state)
{
	struct stage *s = *state;

	stage_press(s, SAVE "Enter 3");
	assert_string_equal(stage_screen(s), "security_way");
	stage_press(s, "1");
	assert_int_equal(s->releases, 1);
	assert_true(stage_shows(s, "It works: the passphrase is the right one"));
	(void)be_fail(&s->unlock_fails, BE_DENIED, "The ssh-agent refused to sign", NULL);
	stage_press(s, "1");
	assert_true(stage_shows(s, "The ssh-agent refused to sign"));
}

static void the_passphrase_is_chosen_again_and_the_way_kept(void **state)
{
	struct stage *s = *state;

	stage_press(s, SAVE "Enter 1 " STAGE_PASSPHRASE " Enter");
	assert_int_equal(s->unlock_used, UNLOCK_PASSPHRASE);
	assert_int_equal(s->unlock_kept, 1u << UNLOCK_SSH_AGENT);
	stage_press(s, "Enter");
	assert_true(stage_shows(s, "(*) Passphrase"));
	assert_true(stage_shows(s, "( ) Key in the ssh-agent  saved"));
	/* And back, without typing anything. */
	stage_press(s, "3");
	assert_true(stage_shows(s, "Ask this way first"));
	stage_press(s, "1");
	assert_int_equal(s->unlock_used, UNLOCK_SSH_AGENT);
	assert_string_equal(stage_screen(s), "settings_security");
}

static void a_way_is_given_up_after_a_question(void **state)
{
	struct stage *s = *state;

	stage_press(s, SAVE "Enter 3 2");
	assert_true(stage_shows(s, "Remove the saved passphrase?"));
	stage_press(s, "1");
	assert_int_equal(s->unlock_kept, 1u << UNLOCK_SSH_AGENT);
	stage_press(s, "2 2");
	assert_int_equal(s->unlock_kept, 0);
	assert_string_equal(stage_screen(s), "settings_security");
	assert_true(stage_shows(s, "The saved passphrase is removed"));
}

/* ---- signing ---- */

static void signing_asks_the_way_and_nothing_is_typed(void **state)
{
	struct stage *s = *state;

	stage_press(s, SAVE "Enter " SIGN);
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "Authorised by: Key in the ssh-agent"));
	assert_false(stage_shows(s, "Passphrase:"));
	assert_int_equal(s->releases, 0);
	stage_press(s, "Enter");
	assert_int_equal(s->releases, 1);
	assert_int_equal(s->signings, 1);
	assert_string_equal(s->passphrase, STAGE_PASSPHRASE);
	assert_string_equal(stage_screen(s), "sign_result");
}

static void when_the_way_fails_the_passphrase_is_typed(void **state)
{
	struct stage *s = *state;

	stage_press(s, SAVE "Enter " SIGN);
	(void)be_fail(&s->unlock_fails, BE_NO_MATCH, "The finger was not recognised", NULL);
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "The finger was not recognised"));
	assert_true(stage_shows(s, "> Passphrase:"));
	assert_int_equal(s->signings, 0);
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_int_equal(s->releases, 1);
	assert_int_equal(s->signings, 1);
	assert_string_equal(stage_screen(s), "sign_result");
}

static void where_nothing_was_saved_everything_is_as_before(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN SIGN);
	assert_true(stage_shows(s, "> Passphrase:"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_int_equal(s->releases, 0);
	assert_int_equal(s->signings, 1);
}

/* ---- the real program, whose jobs take their time ---- */

static void sign_once(struct terminal *t)
{
	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_press(t, "Down Enter");
}

static void choose_report(struct terminal *t)
{
	user_press(t, "1 o");
	user_open(t, "report.pdf");
	user_press(t, "s");
	user_sees(t, "Authorised by: Key in the ssh-agent");
	user_is_on(t, "Sign");
}

static void a_person_saves_the_passphrase_and_signs_without_it(void **state)
{
	char socket[128];
	const char *environment[] = { socket, NULL };
	struct terminal *t;

	(void)state;
	agent_start("pe", AGENT_HONEST);
	(void)snprintf(socket, sizeof(socket), "SSH_AUTH_SOCK=%s", getenv("SSH_AUTH_SOCK"));
	t = user_start(environment);
	sign_once(t);
	user_press(t, "4 4 2");
	user_sees(t, "(*) Passphrase");
	user_press(t, "3");
	user_sees(t, "an ECDSA key signs with a random number");
	user_is_on(t, "(*) kunci");
	user_press(t, "Tab");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "this way is asked first from now on when you sign");
	user_press(t, "Enter");
	user_sees(t, "(*) Key in the ssh-agent");
	user_press(t, "Escape");
	user_press(t, "Escape");
	choose_report(t);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	assert_int_equal(agent_signings(), 3);
	assert_true(user_has("documents/report_signed.pdf"));
	assert_int_equal(user_mode(".local/share/besign/unlock"), 0600);
	assert_false(user_left(t, USER_PASSPHRASE));
	user_quit(&t);

	/* The next time the agent does not want to. */
	agent_set(AGENT_DECLINES);
	t = user_start(environment);
	choose_report(t);
	user_press(t, "Enter");
	user_sees(t, "The ssh-agent refused to sign");
	user_is_on(t, "Passphrase");
	user_quit(&t);
	agent_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_this_computer_lacks_is_said_and_cannot_be_opened, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(without_a_key_there_is_nothing_to_save, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_passphrase_is_proved_before_it_is_saved, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			the_first_key_that_can_be_used_is_offered_and_another_one_chosen, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			the_passphrase_of_a_certificate_at_the_service_is_saved, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(the_choice_of_a_key_file_looks_at_that, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_way_is_tried, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			the_passphrase_is_chosen_again_and_the_way_kept, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_way_is_given_up_after_a_question, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(signing_asks_the_way_and_nothing_is_typed, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			when_the_way_fails_the_passphrase_is_typed, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			where_nothing_was_saved_everything_is_as_before, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			a_person_saves_the_passphrase_and_signs_without_it, user_setup, user_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
