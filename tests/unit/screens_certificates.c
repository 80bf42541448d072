/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sertifikat Digital, with a service that answers as it should, and one that does not: the screens alone are tested. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "support/stage.h"
#include "support/stage_account.h"

#include <string.h>

#define PASSPHRASE "gunung-agung"
#define TWICE PASSPHRASE " Tab " PASSPHRASE " "
#define CHOOSE_SURAT "1 1 / surat Enter Enter "

static const struct credential *chosen(const struct stage *s)
{
	return &s->desk.state.credential;
}

/* ---- without an account ---- */

static void nobody_who_is_signed_out_is_led_into_a_dead_end(void **state)
{
	struct stage *s = *state;

	stage_press(s, "3");
	assert_true(stage_shows(s, "You are signed out."));
	for (const char *key = "2 3 4 5"; *key != '\0'; key++) {
		const char press[2] = { *key, '\0' };

		if (*key == ' ')
			continue;
		stage_press(s, press);
		assert_string_equal(stage_screen(s), "certificate");
		assert_true(stage_shows(s, "sign in first"));
	}
	/* What needs no account works all the same, and nothing was asked. */
	stage_press(s, "7");
	assert_string_equal(stage_screen(s), "key_file");
	stage_press(s, "Esc Esc");
	assert_int_equal(stage_account.questions, 0);
}

/* ---- choosing ---- */

static void an_issued_certificate_is_chosen_by_consent(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @revoked @issued 3 1");
	assert_true(stage_shows(s, "> ( ) ISSUED   until 2027-05-28  4A3F002"));
	assert_true(stage_shows(s, "  ( ) REVOKE   until 2027-05-28  4A3F001"));
	/* One that cannot sign is not chosen. */
	stage_press(s, "Down Enter u");
	assert_string_equal(stage_screen(s), "cert_info");
	assert_true(stage_shows(s, "only one that is ISSUED can sign"));
	stage_press(s, "Esc Up Enter u");
	assert_string_equal(stage_screen(s), "confirm");
	/* No is the first answer. */
	stage_press(s, "1");
	assert_string_equal(chosen(s)->id, "");
	stage_press(s, "u 2");
	assert_string_equal(stage_screen(s), "home");
	assert_string_equal(chosen(s)->id, "cert-2");
	assert_string_equal(chosen(s)->state, "ISSUE");
	assert_true(stage_shows(s, "You sign with this certificate from now on"));
	assert_true(stage_shows(s, "State:       ISSUED"));
	assert_true(stage_shows(s, "Valid until: 2027-05-28 (365 days left)"));
	stage_press(s, "3 1");
	assert_true(stage_shows(s, "> (*) ISSUED"));
}

static void who_comes_back_to_the_list_is_where_she_was(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @revoked @issued @expired @new 3 1 Down Enter Esc");
	assert_true(stage_shows(s, "> ( ) EXPIRED"));
	stage_press(s, "? Esc");
	assert_true(stage_shows(s, "> ( ) EXPIRED"));
	/* A row that came meanwhile moves the others. */
	stage_press(s, "@soon Home");
	assert_true(stage_shows(s, "> ( ) ISSUED   until 2026-06-09"));
}

/* What it was when the list came need not be what it is. */
static void what_was_revoked_meanwhile_is_not_chosen(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued 3 1 Enter u @revoked 2");
	assert_string_equal(stage_screen(s), "cert_info");
	assert_true(stage_shows(s, "REVOKE (it is revoked for good"));
	assert_string_equal(chosen(s)->id, "");
}

static void the_list_follows_what_happens_elsewhere(void **state)
{
	struct stage *s = *state;
	size_t waited;

	stage_press(s, "@in @new 3 1");
	assert_true(stage_shows(s, "> ( ) NEW  "));
	waited = stage_account.waited;
	assert_true(stage_shows(s, "> ( ) NEW  "));
	assert_true(stage_account.waited > waited);
	/* Nothing is pressed: the answer of the question that waits shows it. */
	assert_true(stage_account_set(&s->desk, "elsewhere"));
	assert_true(stage_shows(s, "> ( ) ISSUED  "));
	/* Nothing waits any more on another screen. */
	stage_press(s, "Esc");
	waited = stage_account.waited;
	assert_true(stage_shows(s, "Digital Certificate"));
	assert_int_equal(stage_account.waited, waited);
}

/* ---- a service that is not there ---- */

static void a_list_that_cannot_be_got_is_asked_for_once(void **state)
{
	static const char *const failures[] = { "gone", "nonsense", "busy" };
	static const char *const said[] = { "The service could not be reached", "The service's answer makes no sense",
		"The service is busy" };
	struct stage *s = *state;

	for (size_t i = 0; i < 3; i++) {
		size_t asked;

		stage_press(s, "@in @issued 3");
		assert_true(stage_account_set(&s->desk, failures[i]));
		stage_press(s, "1 Home");
		assert_string_equal(stage_screen(s), "cert_list");
		assert_true(stage_shows(s, said[i]));
		asked = stage_account.questions;
		stage_press(s, "Home Home");
		assert_int_equal(stage_account.questions, asked);
		stage_press(s, "r");
		assert_true(stage_shows(s, "ISSUED"));
		stage_press(s, "Esc Esc");
	}
}

static void a_session_that_ends_is_said_everywhere(void **state)
{
	static const char *const ways[] = { "3 1 @ended", "3 1 Enter @ended", "3 4 @ended r", "3 1 Enter t @ended r" };
	struct stage *s = *state;

	for (size_t i = 0; i < 4; i++) {
		stage_press(s, "@in @issued @expired");
		stage_press(s, ways[i]);
		(void)stage_picture(s);
		assert_false(s->desk.signed_in);
		assert_true(strstr(stage_picture(s), "signed out") != NULL ||
			strstr(stage_picture(s), "sign in again") != NULL);
		while (strcmp(stage_screen(s), "home") != 0)
			stage_press(s, "Esc");
		stage_account_reset();
	}
}

/* ---- asking for one, and the passphrase ---- */

static void a_certificate_is_asked_for_and_gets_its_passphrase(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in 3 2");
	assert_string_equal(stage_screen(s), "cert_add");
	/* Not before the terms are accepted. */
	stage_press(s, "2");
	assert_true(stage_shows(s, "accept the terms of service first"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "cert_terms");
	assert_true(stage_shows(s, "Give the passphrase to nobody."));
	stage_press(s, "Esc Tab Space 2");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_true(stage_shows(s, "A letter with a link comes to you."));
	stage_press(s, "2");
	assert_string_equal(stage_screen(s), "mailbox");
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "mail");
	/* The link stands there for who asks for it. */
	assert_null(strstr(stage_picture(s), "RAHASIA"));
	stage_press(s, "v");
	assert_non_null(strstr(stage_picture(s), STAGE_LINK));
	stage_press(s, "v 1");
	assert_string_equal(stage_screen(s), "cert_passphrase");
	assert_null(strstr(stage_picture(s), "RAHASIA"));
	assert_true(stage_shows(s, "at least 8 characters"));
	assert_int_equal(s->guards, 1);
	/* Twice the same, and not a weak one; the reason stands there. */
	stage_press(s, "gunung Tab gunun Enter");
	assert_true(stage_shows(s, "the two passphrases are not the same"));
	stage_press(s, "^U gunung Enter");
	assert_true(stage_shows(s, "It is too short: at least 8 characters"));
	stage_press(s, TWICE "Enter");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_true(stage_shows(s, "Sign with this certificate from now on?"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "home");
	assert_string_equal(chosen(s)->id, "cert-1");
	assert_string_equal(chosen(s)->state, "ISSUE");
}

static void a_link_works_once_and_without_a_session(void **state)
{
	struct stage *s = *state;

	/* One that was pasted, by somebody who is signed out. */
	stage_press(s, "@in @new @out 3 6");
	assert_string_equal(stage_screen(s), "cert_passphrase");
	stage_press(s, "PasteBegin " STAGE_LINK " PasteEnd Tab " TWICE "Enter");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_true(stage_shows(s, "Sign in to choose it from the list"));
	assert_null(strstr(stage_picture(s), "RAHASIA"));
	stage_press(s, "Esc @in 5 PasteBegin " STAGE_LINK " PasteEnd Tab " TWICE "Enter");
	assert_string_equal(stage_screen(s), "cert_passphrase");
	assert_true(stage_shows(s, "The link was used already, or is too old"));
	/* The next thing to be typed is the link, and what was typed is still there. */
	assert_true(stage_shows(s, "> Link:"));
	assert_true(stage_shows(s, "Passphrase: [************"));
}

static void a_service_that_goes_away_takes_nothing_along(void **state)
{
	struct stage *s = *state;

	/* The terms: not got, then got. */
	stage_press(s, "@in 3 @gone 2 Home");
	assert_true(stage_shows(s, "The service could not be reached"));
	stage_press(s, "1");
	assert_true(stage_shows(s, "the terms could not be got: refresh"));
	stage_press(s, "r Home Tab Space");
	/* The request: once unknown, once nonsense; the tick stays. */
	stage_press(s, "@slow 2");
	assert_true(stage_shows(s, "no answer came: it may have been carried out"));
	stage_press(s, "@nonsense 2");
	assert_true(stage_shows(s, "makes no sense"));
	assert_true(stage_shows(s, "[x] I have read"));
	/* New terms have to be read. */
	stage_press(s, "@terms 2");
	assert_true(stage_shows(s, "[ ] I have read"));
	stage_press(s, "Home Tab Space 2 2 Enter 1");
	assert_string_equal(stage_screen(s), "cert_passphrase");
	stage_press(s, TWICE "@gone Enter");
	assert_true(stage_shows(s, "The service could not be reached"));
	assert_true(stage_shows(s, "Once more:  [************"));
	stage_press(s, "Tab Enter");
	assert_string_equal(stage_screen(s), "cert_notice");
	/* And the choice after it. */
	stage_press(s, "@busy 1");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_true(stage_shows(s, "The service is busy"));
	stage_press(s, "1");
	assert_string_equal(chosen(s)->id, "cert-1");
}

/* A step of every way, and what is pressed last; whatever comes back, the screen stays, and a sentence is said. */
static const struct {
	const char *way, *last, *screen;
} steps[] = {
	{ "@in 3 2 Tab Space", "2", "cert_add" },
	{ "@in @issued 3 1 Enter u", "2", "cert_info" },
	{ "@in @soon 3 1 Enter r Tab Space", "2", "cert_renew" },
	{ "@in @issued 3 1 Enter x 3 Tab REVOKE Enter", "2", "cert_revoke" },
	{ "@in @issued 3 1 Enter p benar Tab " TWICE, "Enter", "cert_change" },
	{ "@in @new 3 4 Enter 1 " TWICE, "Enter", "cert_passphrase" },
	{ "@in @new 3 5 rahasia Tab " TWICE, "Enter", "cert_passphrase" },
	{ "@in @issued @chosen 3", "3", "cert_info" },
	{ "@in @issued 3 1 Enter", "t", "cert_history" },
	{ "@in @new 3", "4", "mailbox" },
	{ "@in @issued 3", "1", "cert_list" },
	{ "@in 3", "2", "cert_add" },
};

static void nothing_that_comes_back_leaves_the_screen(void **state)
{
	static const struct {
		const char *word, *said;
	} failures[] = {
		{ "gone", "The service could not be reached" }, { "slow", "no answer came: it may have been carried" },
		{ "nonsense", "The service's answer makes no sense" }, { "busy", "The service is busy" },
		{ "ended", NULL }, /* said by the screen as a whole */
	};
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		for (size_t f = 0; f < sizeof(failures) / sizeof(failures[0]); f++) {
			stage_press(s, steps[i].way);
			(void)stage_picture(s);
			assert_true(stage_account_set(&s->desk, failures[f].word));
			ui_key(s->ui, steps[i].last[1] == '\0' ? (uint32_t)steps[i].last[0] : UI_KEY_ENTER);
			assert_string_equal(stage_screen(s), steps[i].screen);
			if (failures[f].said != NULL)
				assert_true(stage_shows(s, failures[f].said));
			else
				assert_true(strstr(stage_picture(s), "sign in") != NULL);
			/* Again from the beginning. */
			while (strcmp(stage_screen(s), "home") != 0)
				stage_press(s, "Esc");
			stage_account_reset();
			s->desk.state.credential = CREDENTIAL_NONE;
		}
	}
}

static void a_second_one_is_refused_with_the_reason(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued 3 2 Tab Space 2");
	assert_string_equal(stage_screen(s), "cert_add");
	assert_true(stage_shows(s, "There is a certificate already, or one on its way (ISSUE)"));
}

/* ---- renewal ---- */

static void a_certificate_is_renewed_from_30_days_before_its_end(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued 3 1 Enter");
	assert_true(stage_shows(s, "2 Renew from 2027-04-28  (it is too early: see from when)"));
	stage_press(s, "r");
	assert_string_equal(stage_screen(s), "cert_info");
	assert_true(stage_shows(s, "it is too early"));
}

static void the_old_one_works_until_the_new_one_does(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @soon @chosen 3 1 Enter");
	assert_true(stage_shows(s, "2 Renew\n"));
	stage_press(s, "r");
	assert_string_equal(stage_screen(s), "cert_renew");
	stage_press(s, "Tab Space 2");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_true(stage_shows(s, "> 1 Done"));
	stage_press(s, "1 Esc");
	assert_true(stage_shows(s, "( ) RENEW "));
	assert_true(stage_shows(s, "(*) ISSUED"));
	/* Its passphrase makes it the one that works. */
	stage_press(s, "Esc 4 Enter 1 " TWICE "Enter 1");
	assert_string_equal(chosen(s)->id, "cert-2");
	stage_press(s, "3 1");
	assert_true(stage_shows(s, "(*) ISSUED"));
	assert_true(stage_shows(s, "( ) EXPIRED"));
}

/* The clock of the service is the one that counts. */
static void a_renewal_that_the_service_finds_too_early_says_from_when(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct wire_certificate out;

	(void)state;
	assert_true(stage_account_set(&((struct stage *)*state)->desk, "in"));
	assert_true(stage_account_set(&((struct stage *)*state)->desk, "issued"));
	assert_int_equal(fake_certificate_renew(NULL, "cert-1", "2026-05", &out, NULL, &err), BE_TOO_EARLY);
	who_say_refusal(((struct stage *)*state)->ui, &err);
	assert_true(
		stage_shows(*state, "It is too early to renew this certificate. It is possible from 2027-04-28 20:26"));
}

/* ---- revocation ---- */

static void a_certificate_is_revoked_by_a_reason_a_word_and_an_answer(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen 3 1 Enter x");
	assert_string_equal(stage_screen(s), "cert_revoke");
	stage_press(s, "7");
	assert_true(stage_shows(s, "choose a reason first"));
	stage_press(s, "3 Tab revoke Enter");
	assert_string_equal(stage_screen(s), "cert_revoke");
	assert_true(stage_shows(s, "type the word first"));
	stage_press(s, "^U REVOKE Enter");
	assert_string_equal(stage_screen(s), "confirm");
	assert_true(stage_shows(s, "Name, office or institution has changed"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "cert_revoke");
	assert_string_equal(stage_account.reason, "");
	/* A service that does not answer leaves everything as it was typed. */
	stage_press(s, "Enter @gone 2");
	assert_true(stage_shows(s, "The service could not be reached"));
	assert_true(stage_shows(s, "Type REVOKE: [REVOKE"));
	assert_true(stage_shows(s, "3 (*) Name, office or institution has changed"));
	stage_press(s, "Enter 2");
	assert_string_equal(stage_screen(s), "cert_notice");
	assert_string_equal(stage_account.reason, "affiliationChanged");
	assert_true(stage_shows(s, "It was the one that you sign with"));
	stage_press(s, "1 Esc");
	assert_true(stage_shows(s, "(*) REVOKE"));
	/* The main page says what comes next. */
	stage_press(s, "Esc Esc");
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "State:       REVOKE"));
	assert_true(stage_shows(s, "choose another one, or ask"));
	assert_null(strstr(stage_picture(s), "days left"));
}

/* ---- the passphrase of one that works ---- */

static void a_passphrase_is_changed_with_the_old_one(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen 3 1 Enter p");
	stage_press(s, "salah Tab " TWICE "Enter");
	assert_true(stage_shows(s, "The passphrase is wrong. 4 tries are left."));
	/* Only what was wrong is typed anew. */
	assert_true(stage_shows(s, "New passphrase: [************"));
	stage_press(s, STAGE_PASSPHRASE " Tab Tab Enter");
	assert_string_equal(stage_screen(s), "cert_info");
	assert_true(stage_shows(s, "The passphrase is changed"));
	stage_press(s, "Esc Esc Esc " CHOOSE_SURAT "3 " STAGE_PASSPHRASE " Enter");
	assert_true(stage_shows(s, "The passphrase is wrong"));
	stage_press(s, PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
}

/* ---- signing ---- */

static void a_batch_is_signed_with_the_certificate_after_a_wrong_passphrase(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen 1 o a c");
	assert_true(stage_shows(s, "Certificate: Sari Wulandari, ISSUED"));
	stage_press(s, "s");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "To be signed: 9 documents"));
	stage_press(s, "salah Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "The passphrase is wrong. 4 tries are left."));
	assert_true(stage_shows(s, "To be signed: 9 documents"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "7 of 9 documents are signed"));
	/* No key file had a part in it. */
	assert_string_equal(s->key_file, "");
	assert_string_equal(s->desk.state.key_file, "/rumah/sari/sari.p12");
}

static void a_key_file_is_the_other_choice(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " CHOOSE_SURAT "5 s");
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_string_equal(s->key_file, "/rumah/sari/sari.p12");
}

/* Who has a key file is not sent to sign in. */
static void signed_out_the_key_file_comes_first(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen @out " CHOOSE_SURAT);
	assert_true(stage_shows(s, "Key file:  /rumah/sari/sari.p12"));
	stage_press(s, "s " STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
}

static void too_many_wrong_passphrases_say_until_when(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " CHOOSE_SURAT "s a Enter b Enter c Enter d Enter e Enter");
	assert_true(stage_shows(s, "it is locked for a while. Try again in 15 minutes"));
	assert_true(stage_shows(s, "Nothing is"));
	assert_true(stage_shows(s, "To be signed: surat 2.pdf"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
}

static void a_certificate_that_ended_leads_to_another_one(void **state)
{
	static const struct {
		const char *happens, *said, *state;
	} cases[] = {
		{ "revoked", "never signs again: choose another one", "REVOKE" },
		{ "expired", "choose the one that renewed it", "EXPIRED" },
		{ "suspended", "see what its state is", "ISSUE" },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < 3; i++) {
		stage_press(s, "@in @issued @chosen " CHOOSE_SURAT "s");
		assert_true(stage_account_set(&s->desk, cases[i].happens));
		stage_press(s, STAGE_PASSPHRASE " Enter");
		assert_string_equal(stage_screen(s), "sign_passphrase");
		assert_true(stage_shows(s, cases[i].said));
		assert_string_equal(chosen(s)->state, cases[i].state);
		/* The button has the focus. */
		stage_press(s, "@issued Enter 1 Enter u 2");
		/* And the documents wait where they were. */
		assert_string_equal(stage_screen(s), "sign_passphrase");
		assert_string_equal(chosen(s)->state, "ISSUE");
		assert_true(stage_shows(s, "To be signed: surat 2.pdf"));
		assert_null(strstr(stage_picture(s), cases[i].said));
		stage_press(s, STAGE_PASSPHRASE " Enter");
		assert_string_equal(stage_screen(s), "sign_result");
		stage_press(s, "Esc");
	}
}

static void a_session_that_ended_keeps_everything(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen 1 o a c 8 Tab Setuju Up Up");
	stage_press(s, "3");
	stage_press(s, STAGE_PASSPHRASE " @ended Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "sign in again, and go on here"));
	/* Signed in again, it goes on where it was. */
	stage_press(s, "@in BackTab BackTab BackTab " STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "7 of 9 documents are signed"));
}

static void what_the_service_never_answered_is_not_called_unsigned(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " CHOOSE_SURAT "s " STAGE_PASSPHRASE " @slow Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "1 document may have been signed at the service"));
	assert_true(stage_shows(s, "> UNKNOWN  surat 2.pdf"));
	assert_int_equal(s->signings, 1);
	stage_press(s, "Enter");
	assert_true(stage_shows(s, "UNKNOWN\n"));
	assert_true(stage_shows(s, "no answer came: it may have been carried out"));
	assert_null(strstr(stage_picture(s), "NOT SIGNED"));
}

static void a_service_that_is_gone_keeps_the_list(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen " CHOOSE_SURAT "s " STAGE_PASSPHRASE " @gone Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "The service could not be reached"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
}

/* ---- the main page ---- */

static void the_main_page_asks_once_a_visit(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen Home Home Home");
	assert_int_equal(stage_account.questions, 1);
	stage_press(s, "@revoked Home");
	assert_true(stage_shows(s, "State:       ISSUED"));
	stage_press(s, "1 Esc");
	assert_true(stage_shows(s, "State:       REVOKE"));
	assert_int_equal(stage_account.questions, 2);
	/* Nobody waits for it, so nobody is told that it did not work; signed out, nothing is asked. */
	stage_press(s, "1 @gone Esc");
	assert_null(strstr(stage_picture(s), "could not be reached"));
	stage_press(s, "@out 1 Esc Home");
	assert_int_equal(stage_account.questions, 3);
}

/* Another person, or another service: it is not hers, and nothing of it is lost for whose it is. */
static void a_certificate_of_somebody_else_is_not_signed_with(void **state)
{
	struct stage *s = *state;

	stage_press(s, "@in @issued @chosen");
	stage_account_reset();
	stage_press(s, "@in Home");
	assert_true(stage_shows(s, "State:       NO_CERTIFICATE"));
	assert_true(stage_shows(s, "The account that is signed in has no such certificate"));
	stage_press(s, CHOOSE_SURAT "s");
	assert_string_equal(stage_screen(s), "sign");
	assert_true(stage_shows(s, "this certificate does not sign: choose another one"));
	stage_press(s, "Esc @issued Home");
	assert_true(stage_shows(s, "State:       ISSUED"));
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(nobody_who_is_signed_out_is_led_into_a_dead_end),
		ON_STAGE(an_issued_certificate_is_chosen_by_consent),
		ON_STAGE(who_comes_back_to_the_list_is_where_she_was),
		ON_STAGE(what_was_revoked_meanwhile_is_not_chosen),
		ON_STAGE(the_list_follows_what_happens_elsewhere),
		ON_STAGE(a_list_that_cannot_be_got_is_asked_for_once),
		ON_STAGE(a_session_that_ends_is_said_everywhere),
		ON_STAGE(a_certificate_is_asked_for_and_gets_its_passphrase),
		ON_STAGE(a_link_works_once_and_without_a_session),
		ON_STAGE(a_service_that_goes_away_takes_nothing_along),
		ON_STAGE(nothing_that_comes_back_leaves_the_screen),
		ON_STAGE(a_second_one_is_refused_with_the_reason),
		ON_STAGE(a_certificate_is_renewed_from_30_days_before_its_end),
		ON_STAGE(the_old_one_works_until_the_new_one_does),
		ON_STAGE(a_renewal_that_the_service_finds_too_early_says_from_when),
		ON_STAGE(a_certificate_is_revoked_by_a_reason_a_word_and_an_answer),
		ON_STAGE(a_passphrase_is_changed_with_the_old_one),
		ON_STAGE(a_batch_is_signed_with_the_certificate_after_a_wrong_passphrase),
		ON_STAGE(a_key_file_is_the_other_choice),
		ON_STAGE(signed_out_the_key_file_comes_first),
		ON_STAGE(too_many_wrong_passphrases_say_until_when),
		ON_STAGE(a_certificate_that_ended_leads_to_another_one),
		ON_STAGE(a_session_that_ended_keeps_everything),
		ON_STAGE(what_the_service_never_answered_is_not_called_unsigned),
		ON_STAGE(a_service_that_is_gone_keeps_the_list),
		ON_STAGE(the_main_page_asks_once_a_visit),
		ON_STAGE(a_certificate_of_somebody_else_is_not_signed_with),
	};

	return cmocka_run_group_tests_name("screens_certificates", tests, NULL, NULL);
}
