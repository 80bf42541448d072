/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A passphrase behind a key of an ssh-agent: kept, released, refused; and agents that lie. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/agent.h"
#include "support/desk.h"
#include "unlock/unlock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSPHRASE "rahasia sekali"
#define CERTIFICATE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_CERTIFICATE "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const struct unlock_target sari = { UNLOCK_KEY_FILE, "/rumah/sari/sari.p12", CERTIFICATE };

static const char *kept;

static int make(void **state)
{
	(void)state;
	desk_make();
	kept = desk_path("unlock");
	return 0;
}

static int clear(void **state)
{
	(void)state;
	agent_stop();
	desk_clear();
	return 0;
}

static const char *file(void)
{
	return kept;
}

static enum be_err enrol(const char *key, struct be_error *err)
{
	struct secret *passphrase = NULL;
	enum be_err rc;

	assert_int_equal(secret_new(&passphrase, 64, NULL), BE_OK);
	assert_int_equal(secret_add(passphrase, PASSPHRASE, strlen(PASSPHRASE), NULL), BE_OK);
	rc = unlock_enrol(file(), &sari, UNLOCK_SSH_AGENT, key, passphrase, NULL, err);
	secret_free(&passphrase);
	return rc;
}

/* Nothing comes with a refusal. */
static enum be_err release(const struct unlock_target *target, struct be_error *err)
{
	struct secret *passphrase = NULL;
	const enum be_err rc = unlock_release(&passphrase, file(), target, UNLOCK_SSH_AGENT, NULL, err);

	if (rc != BE_OK) {
		assert_null(passphrase);
		return rc;
	}
	assert_int_equal(secret_len(passphrase), strlen(PASSPHRASE));
	assert_memory_equal(secret_bytes(passphrase), PASSPHRASE, strlen(PASSPHRASE));
	secret_free(&passphrase);
	return rc;
}

static void what_is_kept_behind_a_key_comes_back(void **state)
{
	static const char *const keys[] = { "e", "r", "pse", "sr" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		agent_start(keys[i], AGENT_HONEST);
		assert_int_equal(enrol(NULL, NULL), BE_OK);
		/* Twice to know that the signature is the same again, once to have it. */
		assert_int_equal(agent_signings(), 2);
		assert_true(agent_was_framed());
		assert_int_equal(agent_flags(), strchr(keys[i], 'r') != NULL ? 4 : 0);
		assert_int_equal(release(&sari, NULL), BE_OK);
		assert_int_equal(agent_signings(), 3);
		if (i + 1 < sizeof(keys) / sizeof(keys[0]))
			agent_stop();
	}
}

static void keys_that_sign_differently_each_time_are_refused_with_the_reason(void **state)
{
	static const char *const reasons[] = { "random number", "security key", "only ed25519", "less than 2048" };
	struct unlock_agent_keys keys;
	struct be_error err = { .code = BE_OK };

	(void)state;
	agent_start("psdw", AGENT_HONEST);
	assert_int_equal(unlock_agent_keys(&keys, NULL), BE_OK);
	assert_int_equal(keys.count, 4);
	for (size_t i = 0; i < keys.count; i++) {
		assert_non_null(keys.keys[i].off);
		assert_non_null(strstr(keys.keys[i].off, reasons[i]));
		assert_int_equal(enrol(keys.keys[i].fingerprint, NULL), BE_UNSUPPORTED);
	}
	assert_int_equal(unlock_look(UNLOCK_SSH_AGENT, &err), BE_UNSUPPORTED);
	assert_int_equal(enrol(NULL, NULL), BE_UNSUPPORTED);
	assert_int_equal(agent_signings(), 0);
	assert_false(desk_has("unlock"));
}

static void one_of_several_keys_has_to_be_named(void **state)
{
	struct unlock_agent_keys keys;
	struct unlock_slots slots;

	(void)state;
	agent_start("efp", AGENT_HONEST);
	assert_int_equal(enrol(NULL, NULL), BE_SEVERAL_KEYS);
	assert_int_equal(enrol("SHA256:nothing", NULL), BE_NOT_FOUND);
	assert_int_equal(unlock_agent_keys(&keys, NULL), BE_OK);
	assert_int_equal(strncmp(keys.keys[1].fingerprint, "SHA256:", 7), 0);
	assert_int_equal(strlen(keys.keys[1].fingerprint), 7 + 43);
	assert_int_equal(enrol(keys.keys[1].fingerprint, NULL), BE_OK);
	assert_int_equal(unlock_slots_read(&slots, file(), NULL), BE_OK);
	assert_int_equal(slots.count, 1);
	assert_string_equal(slots.slots[0].key, keys.keys[1].fingerprint);
	unlock_slots_free(&slots);
	agent_drop("e");
	assert_int_equal(release(&sari, NULL), BE_OK);
	agent_drop("f");
	assert_int_equal(release(&sari, NULL), BE_DENIED);
}

static void a_signature_that_changes_is_found_out_before_anything_is_kept(void **state)
{
	(void)state;
	agent_start("e", AGENT_RANDOM);
	assert_int_equal(enrol(NULL, NULL), BE_UNSUPPORTED);
	assert_false(desk_has("unlock"));
}

static const struct {
	enum agent_manner manner;
	enum be_err expected;
} lies[] = {
	{ AGENT_RANDOM, BE_CRYPTO },
	{ AGENT_DECLINES, BE_DENIED },
	{ AGENT_LEAVES, BE_DENIED },
	{ AGENT_ANOTHER_KEY, BE_CRYPTO },
	{ AGENT_WRONG_TYPE, BE_MALFORMED },
	{ AGENT_SHORT, BE_MALFORMED },
	{ AGENT_LONG, BE_MALFORMED },
	{ AGENT_HUGE, BE_MALFORMED },
	{ AGENT_EMPTY, BE_MALFORMED },
	{ AGENT_CUT, BE_DENIED },
	{ AGENT_OVERLAPPING, BE_MALFORMED },
	{ AGENT_TRAILING, BE_MALFORMED },
	{ AGENT_WRONG_ANSWER, BE_MALFORMED },
	{ AGENT_COUNTS_WRONG, BE_MALFORMED },
	{ AGENT_LIST_TRAILING, BE_MALFORMED },
	{ AGENT_LIST_REFUSED, BE_MALFORMED },
};

static void an_agent_that_lies_gets_nothing_out(void **state)
{
	(void)state;
	agent_start("er", AGENT_HONEST);
	agent_drop("r");
	assert_int_equal(enrol(NULL, NULL), BE_OK);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct be_error err = { .code = BE_OK };

		agent_set(lies[i].manner);
		assert_int_equal(release(&sari, &err), lies[i].expected);
		assert_int_equal(err.code, lies[i].expected);
		assert_non_null(err.msgid);
	}
	/* And none of it broke what is kept. */
	agent_set(AGENT_HONEST);
	assert_int_equal(release(&sari, NULL), BE_OK);
}

static void an_agent_that_lies_gets_nothing_in(void **state)
{
	(void)state;
	agent_start("e", AGENT_HONEST);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		if (lies[i].manner == AGENT_ANOTHER_KEY)
			continue;
		agent_set(lies[i].manner);
		assert_int_not_equal(enrol(NULL, NULL), BE_OK);
		assert_false(desk_has("unlock"));
	}
}

static void a_broken_key_is_no_key(void **state)
{
	struct unlock_agent_keys keys;

	(void)state;
	agent_start("eb", AGENT_HONEST);
	assert_int_equal(unlock_agent_keys(&keys, NULL), BE_MALFORMED);
	assert_int_equal(keys.count, 0);
}

static void waiting_for_a_person_can_be_cancelled(void **state)
{
	struct secret *passphrase = NULL;
	atomic_bool cancel;

	(void)state;
	agent_start("e", AGENT_HONEST);
	assert_int_equal(enrol(NULL, NULL), BE_OK);
	agent_set(AGENT_SILENT);
	atomic_init(&cancel, true);
	assert_int_equal(unlock_release(&passphrase, file(), &sari, UNLOCK_SSH_AGENT, &cancel, NULL), BE_CANCELLED);
	assert_null(passphrase);
}

static void without_an_agent_it_is_said(void **state)
{
	char path[200];
	struct be_error err = { .code = BE_OK };

	(void)state;
	agent_start("e", AGENT_HONEST);
	assert_int_equal(unlock_look(UNLOCK_SSH_AGENT, NULL), BE_OK);
	assert_int_equal(enrol(NULL, NULL), BE_OK);
	assert_int_equal(unsetenv("SSH_AUTH_SOCK"), 0);
	assert_int_equal(release(&sari, &err), BE_NOT_FOUND);
	assert_int_equal(unlock_look(UNLOCK_SSH_AGENT, NULL), BE_NOT_FOUND);
	assert_int_equal(setenv("SSH_AUTH_SOCK", desk_path("nowhere"), 1), 0);
	assert_int_equal(release(&sari, &err), BE_NOT_FOUND);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(setenv("SSH_AUTH_SOCK", path, 1), 0);
	assert_int_equal(release(&sari, &err), BE_NOT_FOUND);
}

static void another_target_gets_nothing(void **state)
{
	static const struct unlock_target others[] = {
		{ UNLOCK_KEY_FILE, "/rumah/sari/lain.p12", CERTIFICATE },
		{ UNLOCK_KEY_FILE, "/rumah/sari/sari.p12", OTHER_CERTIFICATE },
		{ UNLOCK_CREDENTIAL, "/rumah/sari/sari.p12", CERTIFICATE },
	};
	const struct unlock_target unsure = { UNLOCK_KEY_FILE, "/rumah/sari/sari.p12", NULL };

	(void)state;
	agent_start("e", AGENT_HONEST);
	assert_int_equal(enrol(NULL, NULL), BE_OK);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(release(&others[i], NULL), BE_NOT_FOUND);
	assert_int_equal(agent_signings(), 2);
	assert_int_equal(release(&unsure, NULL), BE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_kept_behind_a_key_comes_back, make, clear),
		cmocka_unit_test_setup_teardown(
			keys_that_sign_differently_each_time_are_refused_with_the_reason, make, clear),
		cmocka_unit_test_setup_teardown(one_of_several_keys_has_to_be_named, make, clear),
		cmocka_unit_test_setup_teardown(
			a_signature_that_changes_is_found_out_before_anything_is_kept, make, clear),
		cmocka_unit_test_setup_teardown(an_agent_that_lies_gets_nothing_out, make, clear),
		cmocka_unit_test_setup_teardown(an_agent_that_lies_gets_nothing_in, make, clear),
		cmocka_unit_test_setup_teardown(a_broken_key_is_no_key, make, clear),
		cmocka_unit_test_setup_teardown(waiting_for_a_person_can_be_cancelled, make, clear),
		cmocka_unit_test_setup_teardown(without_an_agent_it_is_said, make, clear),
		cmocka_unit_test_setup_teardown(another_target_gets_nothing, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
