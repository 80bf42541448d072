/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of slots: who may read it, and that no byte of it can be changed. */

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
#include <sys/stat.h>
#include <unistd.h>

#define CERTIFICATE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_CERTIFICATE "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const struct unlock_target sari = { UNLOCK_KEY_FILE, "/rumah/sari/sari.p12", CERTIFICATE };
/* A name that is no UTF-8, and one that looks like lines of the file. */
static const struct unlock_target odd = { UNLOCK_KEY_FILE, "/rumah/\xFF \"x\"\nused = yes\n.p12", CERTIFICATE };
static const struct unlock_target remote = { UNLOCK_CREDENTIAL, "sari-2026", OTHER_CERTIFICATE };

static const char *kept;

static int make(void **state)
{
	(void)state;
	desk_make();
	kept = desk_path("unlock");
	agent_start("e", AGENT_HONEST);
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

/* In place of the file, as its owner would write it. */
static void write_file(const struct buffer *text, size_t len)
{
	FILE *f = fopen(file(), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text->data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file(), 0600), 0);
}

static enum be_err enrol(const struct unlock_target *target, const char *words)
{
	struct secret *passphrase = NULL;
	enum be_err rc;

	assert_int_equal(secret_new(&passphrase, strlen(words), NULL), BE_OK);
	assert_int_equal(secret_add(passphrase, words, strlen(words), NULL), BE_OK);
	rc = unlock_enrol(file(), target, UNLOCK_SSH_AGENT, NULL, passphrase, NULL, NULL);
	secret_free(&passphrase);
	return rc;
}

static bool releases(const struct unlock_target *target, const char *words)
{
	struct secret *passphrase = NULL;
	const enum be_err rc = unlock_release(&passphrase, file(), target, UNLOCK_SSH_AGENT, NULL, NULL);
	const bool right = rc == BE_OK && secret_len(passphrase) == strlen(words) &&
		memcmp(secret_bytes(passphrase), words, strlen(words)) == 0;

	assert_true((rc == BE_OK) == (passphrase != NULL));
	secret_free(&passphrase);
	return right;
}

static enum be_err readable(void)
{
	struct unlock_slots slots;
	const enum be_err rc = unlock_slots_read(&slots, file(), NULL);

	if (rc != BE_OK)
		assert_null(slots.slots);
	unlock_slots_free(&slots);
	return rc;
}

static void each_target_has_its_own(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	assert_int_equal(enrol(&odd, "dua"), BE_OK);
	assert_int_equal(enrol(&remote, ""), BE_OK);
	assert_true(releases(&sari, "satu"));
	assert_true(releases(&odd, "dua"));
	assert_true(releases(&remote, ""));
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* Kept again: in place of what was there. */
	assert_int_equal(enrol(&sari, "tiga"), BE_OK);
	assert_true(releases(&sari, "tiga"));
	assert_int_equal(unlock_remove(file(), &odd, UNLOCK_SSH_AGENT, NULL), BE_OK);
	assert_int_equal(unlock_remove(file(), &odd, UNLOCK_SSH_AGENT, NULL), BE_NOT_FOUND);
	assert_false(releases(&odd, "dua"));
	assert_true(releases(&remote, ""));
	assert_int_equal(unlock_remove(file(), &sari, UNLOCK_SSH_AGENT, NULL), BE_OK);
	assert_int_equal(unlock_remove(file(), &remote, UNLOCK_SSH_AGENT, NULL), BE_OK);
	assert_false(desk_has("unlock"));
}

static void the_length_of_a_passphrase_does_not_show(void **state)
{
	struct unlock_slots slots;
	char longest[UNLOCK_PASSPHRASE_MAX + 2];

	(void)state;
	assert_int_equal(enrol(&sari, "a"), BE_OK);
	assert_int_equal(enrol(&odd, "a passphrase of a good length, with spaces"), BE_OK);
	assert_int_equal(unlock_slots_read(&slots, file(), NULL), BE_OK);
	assert_int_equal(slots.slots[0].sealed.len, slots.slots[1].sealed.len);
	unlock_slots_free(&slots);
	memset(longest, 'x', sizeof(longest));
	longest[UNLOCK_PASSPHRASE_MAX] = '\0';
	assert_int_equal(enrol(&sari, longest), BE_OK);
	assert_true(releases(&sari, longest));
	longest[UNLOCK_PASSPHRASE_MAX] = 'x';
	longest[UNLOCK_PASSPHRASE_MAX + 1] = '\0';
	assert_int_equal(enrol(&sari, longest), BE_LIMIT);
}

static void another_certificate_in_the_same_file_takes_its_place(void **state)
{
	const struct unlock_target renewed = { UNLOCK_KEY_FILE, sari.id, OTHER_CERTIFICATE };
	struct unlock_slots slots;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	assert_int_equal(enrol(&renewed, "dua"), BE_OK);
	assert_int_equal(unlock_slots_read(&slots, file(), NULL), BE_OK);
	assert_int_equal(slots.count, 1);
	assert_null(unlock_slots_find(&slots, &sari, UNLOCK_SSH_AGENT));
	unlock_slots_free(&slots);
	assert_true(releases(&renewed, "dua"));
}

static void the_way_in_use_is_chosen_and_given_up(void **state)
{
	struct unlock_slots slots;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	assert_int_equal(enrol(&remote, "dua"), BE_OK);
	assert_int_equal(unlock_use(file(), &sari, UNLOCK_PASSPHRASE, NULL), BE_OK);
	assert_int_equal(unlock_slots_read(&slots, file(), NULL), BE_OK);
	assert_null(unlock_slots_used(&slots, &sari));
	assert_non_null(unlock_slots_used(&slots, &remote));
	unlock_slots_free(&slots);
	assert_int_equal(unlock_use(file(), &sari, UNLOCK_FINGERPRINT, NULL), BE_NOT_FOUND);
	assert_int_equal(unlock_use(file(), &sari, UNLOCK_SSH_AGENT, NULL), BE_OK);
	assert_int_equal(unlock_slots_read(&slots, file(), NULL), BE_OK);
	assert_int_equal(unlock_slots_used(&slots, &sari)->way, UNLOCK_SSH_AGENT);
	unlock_slots_free(&slots);
	assert_true(releases(&sari, "satu"));
}

static void a_file_that_others_may_touch_is_refused_and_left_alone(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0666, 0610, 0601 };

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(file(), modes[i]), 0);
		assert_int_equal(readable(), BE_DENIED);
		assert_false(releases(&sari, "satu"));
		assert_int_equal(enrol(&sari, "dua"), BE_DENIED);
		assert_int_equal(unlock_remove(file(), &sari, UNLOCK_SSH_AGENT, NULL), BE_DENIED);
	}
	assert_int_equal(chmod(file(), 0600), 0);
	assert_true(releases(&sari, "satu"));
}

static void a_link_or_a_directory_in_its_place_is_refused(void **state)
{
	char target[256];

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	(void)snprintf(target, sizeof(target), "%s", desk_path("elsewhere"));
	assert_int_equal(rename(file(), target), 0);
	assert_int_equal(symlink(target, file()), 0);
	assert_int_equal(readable(), BE_DENIED);
	assert_int_equal(unlink(file()), 0);
	assert_int_equal(mkdir(file(), 0700), 0);
	assert_int_equal(readable(), BE_DENIED);
	assert_int_equal(rmdir(file()), 0);
}

static void somebody_elses_file_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	assert_int_equal(chown(file(), 12345, 12345), 0);
	assert_int_equal(readable(), BE_DENIED);
}

/* Every byte, turned in each of its bits, taken away, or doubled: nothing is released, whatever else is said. */
static void no_byte_can_be_changed(void **state)
{
	struct buffer text = BUFFER_EMPTY;
	size_t seen = 0;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	desk_read(&text, "unlock");
	for (size_t at = 0; at < text.len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			text.data[at] ^= (uint8_t)(1u << bit);
			write_file(&text, text.len);
			assert_false(releases(&sari, "satu"));
			text.data[at] ^= (uint8_t)(1u << bit);
			seen++;
		}
	}
	for (size_t len = 0; len < text.len; len++) {
		write_file(&text, len);
		assert_false(releases(&sari, "satu"));
	}
	write_file(&text, text.len);
	assert_true(releases(&sari, "satu"));
	assert_true(seen > 2000);
	buffer_free(&text);
}

static void add_line(struct buffer *text, const char *line)
{
	buffer_add_str(text, line);
	buffer_add_byte(text, '\n');
}

static void lines_that_we_never_write_are_refused(void **state)
{
	static const char *const added[] = { "# a remark", "", "used = yes", "way = ssh-agent", "sealed = AAAA",
		"other = 1" };
	struct buffer text = BUFFER_EMPTY;
	size_t before;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	desk_read(&text, "unlock");
	before = text.len;
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		text.len = before;
		add_line(&text, added[i]);
		write_file(&text, text.len);
		assert_int_equal(readable(), BE_MALFORMED);
	}
	/* The whole of it twice: two slots for one target. */
	text.len = before;
	buffer_add_fill(&text, 0, before);
	memcpy(text.data + before, text.data, before);
	write_file(&text, text.len);
	assert_int_equal(readable(), BE_MALFORMED);
	buffer_free(&text);
}

/* What is sealed for one target, put where another's stands. */
static void a_slot_that_was_moved_opens_nothing(void **state)
{
	const struct unlock_target budi = { UNLOCK_KEY_FILE, "/rumah/sari/budi.p12", NULL };
	struct secret *passphrase = NULL;
	struct buffer text = BUFFER_EMPTY;
	char *name;

	(void)state;
	assert_int_equal(enrol(&sari, "satu"), BE_OK);
	desk_read(&text, "unlock");
	buffer_add_byte(&text, '\0');
	name = strstr((char *)text.data, "sari.p12");
	assert_non_null(name);
	memcpy(name, "budi.p12", 8);
	write_file(&text, text.len - 1);
	buffer_free(&text);
	assert_int_equal(readable(), BE_OK);
	assert_int_equal(unlock_release(&passphrase, file(), &budi, UNLOCK_SSH_AGENT, NULL, NULL), BE_CRYPTO);
	assert_null(passphrase);
}

static void there_is_an_end_to_it(void **state)
{
	char id[64];
	struct unlock_target many = { UNLOCK_KEY_FILE, id, CERTIFICATE };

	(void)state;
	for (unsigned i = 0; i < UNLOCK_SLOTS_MAX; i++) {
		(void)snprintf(id, sizeof(id), "/kunci/%u.p12", i);
		assert_int_equal(enrol(&many, "satu"), BE_OK);
	}
	(void)snprintf(id, sizeof(id), "/kunci/terakhir.p12");
	assert_int_equal(enrol(&many, "satu"), BE_LIMIT);
	(void)snprintf(id, sizeof(id), "/kunci/7.p12");
	assert_int_equal(enrol(&many, "dua"), BE_OK);
	assert_true(releases(&many, "dua"));
}

static void what_makes_no_sense_is_refused(void **state)
{
	const struct unlock_target none[] = { { UNLOCK_KEY_FILE, "", CERTIFICATE },
		{ UNLOCK_KEY_FILE, NULL, CERTIFICATE }, { UNLOCK_KEY_FILE, "/a.p12", "short" },
		{ UNLOCK_KEY_FILE, "/a.p12", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(enrol(&none[i], "satu"), BE_USAGE);
	assert_int_equal(unlock_use(file(), &none[0], UNLOCK_SSH_AGENT, NULL), BE_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_target_has_its_own, make, clear),
		cmocka_unit_test_setup_teardown(the_length_of_a_passphrase_does_not_show, make, clear),
		cmocka_unit_test_setup_teardown(another_certificate_in_the_same_file_takes_its_place, make, clear),
		cmocka_unit_test_setup_teardown(the_way_in_use_is_chosen_and_given_up, make, clear),
		cmocka_unit_test_setup_teardown(a_file_that_others_may_touch_is_refused_and_left_alone, make, clear),
		cmocka_unit_test_setup_teardown(a_link_or_a_directory_in_its_place_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(somebody_elses_file_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(no_byte_can_be_changed, make, clear),
		cmocka_unit_test_setup_teardown(lines_that_we_never_write_are_refused, make, clear),
		cmocka_unit_test_setup_teardown(a_slot_that_was_moved_opens_nothing, make, clear),
		cmocka_unit_test_setup_teardown(there_is_an_end_to_it, make, clear),
		cmocka_unit_test_setup_teardown(what_makes_no_sense_is_refused, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
