/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/journal.h"

#include "base/buffer.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1780000000
#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char home[64];

static int make(void **state)
{
	(void)state;
	(void)strcpy(home, "/tmp/besign-journal.XXXXXX");
	return mkdtemp(home) != NULL ? setenv("XDG_STATE_HOME", home, 1) : -1;
}

static int clear(void **state)
{
	char command[96];

	(void)state;
	journal_set_bound_for_test(0);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", home);
	return system(command) == 0 ? unsetenv("XDG_STATE_HOME") : -1;
}

static const char *path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", home, name);
	return path;
}

static void write_file(const char *name, const char *mode, const char *bytes, size_t len)
{
	FILE *file = fopen(path_of(name), mode);

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void read_file(struct buffer *out, const char *name)
{
	assert_int_equal(file_read_all(out, path_of(name), 1u << 24, NULL), BE_OK);
}

static struct journal_entry an_entry(const char *file, const char *output)
{
	struct journal_entry entry = { .time = NOW,
		.result = JOURNAL_SIGNED,
		.file = strdup(file),
		.output = strdup(output),
		.key = strdup("/rumah/sari/sari.p12") };

	(void)strcpy(entry.field, "Signature1");
	(void)strcpy(entry.sha256, SHA256);
	(void)strcpy(entry.signer, "Sari \"S\"\nVALID\x1b[1m");
	(void)strcpy(entry.certificate, SHA256);
	(void)strcpy(entry.batch, "20260528T202640Z-01234567");
	return entry;
}

static void add(const char *file, const char *output)
{
	struct journal_entry entry = an_entry(file, output);

	assert_int_equal(journal_add(&entry, NULL), BE_OK);
	journal_entry_free(&entry);
}

static void add_number(int number)
{
	char file[64];

	(void)snprintf(file, sizeof(file), "/surat/%06d.pdf", number);
	add(file, "/surat/hasil.pdf");
}

static int number_of(const struct journal_entry *entry)
{
	return (int)strtol(entry->file + strlen("/surat/"), NULL, 10);
}

static const char *const odd[] = { "/a/b.pdf", "/a/\xFF\xFE.pdf", "/a/baris\nbaru\t.pdf", "/a/\xE2\x80\xAE fdp.exe",
	"/a/\xE4\xB8\xAD \"x\" \\ %20.pdf", "/a/\xED\xA0\x80\x1b[31m.pdf" };

#define ODD (sizeof(odd) / sizeof(odd[0]))

static void what_is_written_comes_back_newest_first(void **state)
{
	struct buffer text = BUFFER_EMPTY;
	struct journal journal;
	size_t newlines = 0;
	struct stat st;

	(void)state;
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count + journal.broken, 0);
	for (size_t i = 0; i < ODD; i++)
		add(odd[i], odd[ODD - 1 - i]);
	assert_int_equal(journal_sync(NULL), BE_OK);
	assert_int_equal(stat(path_of("besign/journal"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(path_of("besign"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	/* Nothing in a name makes a line, or reaches a terminal that shows the file. */
	read_file(&text, "besign/journal");
	for (size_t i = 0; i < text.len; i++) {
		newlines += text.data[i] == '\n';
		assert_true(text.data[i] == '\n' || (text.data[i] >= 0x20 && text.data[i] != 0x7F));
	}
	assert_int_equal(newlines, ODD);
	buffer_free(&text);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count, ODD);
	assert_int_equal(journal.broken, 0);
	for (size_t i = 0; i < ODD; i++) {
		const struct journal_entry *entry = &journal.entries[ODD - 1 - i];

		assert_string_equal(entry->file, odd[i]);
		assert_string_equal(entry->output, odd[ODD - 1 - i]);
		assert_string_equal(entry->signer, "Sari \"S\"\nVALID\x1b[1m");
		assert_string_equal(entry->field, "Signature1");
		assert_string_equal(entry->sha256, SHA256);
		assert_string_equal(entry->certificate, SHA256);
		assert_string_equal(entry->key, "/rumah/sari/sari.p12");
		assert_string_equal(entry->batch, "20260528T202640Z-01234567");
		assert_string_equal(entry->code, "");
		assert_int_equal(entry->time, NOW);
		assert_int_equal(entry->result, JOURNAL_SIGNED);
	}
	journal_free(&journal);
}

static void a_failure_has_its_word_and_no_digest(void **state)
{
	struct journal_entry entry = an_entry("/a.pdf", "/b.pdf");
	struct journal journal;

	(void)state;
	entry.result = JOURNAL_FAILED;
	entry.sha256[0] = entry.field[0] = entry.batch[0] = '\0';
	(void)strcpy(entry.code, "encrypted");
	entry.key_kind = KEY_REF_CREDENTIAL;
	assert_int_equal(journal_add(&entry, NULL), BE_OK);
	journal_entry_free(&entry);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count, 1);
	assert_int_equal(journal.entries[0].result, JOURNAL_FAILED);
	assert_string_equal(journal.entries[0].code, "encrypted");
	assert_string_equal(journal.entries[0].sha256, "");
	assert_int_equal(journal.entries[0].key_kind, KEY_REF_CREDENTIAL);
	journal_free(&journal);
}

static void a_torn_line_costs_itself_alone(void **state)
{
	struct buffer text = BUFFER_EMPTY;
	struct journal journal;
	size_t whole;

	(void)state;
	add_number(1);
	add_number(2);
	read_file(&text, "besign/journal");
	whole = text.len / 2;
	for (size_t cut = whole + 1; cut < text.len; cut += 37) {
		write_file("besign/journal", "w", (const char *)text.data, cut);
		assert_int_equal(journal_read(&journal, NULL), BE_OK);
		assert_int_equal(journal.count, 1);
		assert_int_equal(journal.broken, 1);
		assert_int_equal(number_of(&journal.entries[0]), 1);
		journal_free(&journal);
		/* The next one begins on a line of its own. */
		add_number(3);
		assert_int_equal(journal_read(&journal, NULL), BE_OK);
		assert_int_equal(journal.count, 2);
		assert_int_equal(journal.broken, 1);
		assert_int_equal(number_of(&journal.entries[0]), 3);
		journal_free(&journal);
	}
	buffer_free(&text);
}

static const char *const broken[] = {
	"", /* no line: skipped, and not counted */
	"nonsense",
	"{}",
	"[1,2]",
	"null",
	"{\"time\":\"2026-05-28T20:26:40Z\"}",
	"{\"time\":\"kemarin\",\"file\":\"/a\",\"output\":\"/b\",\"result\":\"signed\",\"signer\":{},\"key\":{\"kind\":\"p12\"}}",
	"{\"time\":\"2026-05-28T20:26:40Z\",\"file\":\"/a\",\"output\":\"/b\",\"result\":\"maybe\",\"signer\":{},\"key\":{\"kind\":\"p12\"}}",
	"{\"time\":\"2026-05-28T20:26:40Z\",\"file\":\"/a\",\"output\":\"/b\",\"result\":\"signed\",\"signer\":{},\"key\":{\"kind\":\"x\"}}",
	"{\"time\":\"2026-05-28T20:26:40Z\",\"file\":7,\"output\":\"/b\",\"result\":\"signed\",\"signer\":{},\"key\":{\"kind\":\"p12\"}}",
	"{\"time\":\"2026-05-28T20:26:40Z\",\"file\":\"/a\",\"file_uri\":\"file:///%00\",\"output\":\"/b\",\"result\":\"signed\",\"signer\":{},\"key\":{\"kind\":\"p12\"}}",
	"{\"time\":\"2026-05-28T20:26:40Z\",\"file\":\"/a\",\"output\":\"/b\",\"result\":\"signed\",\"sha256\":\"XY\",\"signer\":{},\"key\":{\"kind\":\"p12\"}}",
	"\xFF\xFE\x01",
};

static void what_is_not_understood_is_counted_and_left_out(void **state)
{
	struct journal journal;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		add_number(1);
		write_file("besign/journal", "a", broken[i], strlen(broken[i]));
		write_file("besign/journal", "a", "\n", 1);
		add_number(2);
		assert_int_equal(journal_read(&journal, NULL), BE_OK);
		assert_int_equal(journal.count, 2);
		assert_int_equal(journal.broken, i > 0);
		journal_free(&journal);
		assert_int_equal(unlink(path_of("besign/journal")), 0);
	}
	/* Zeros, as a file system may leave them when the power goes off. */
	add_number(1);
	write_file("besign/journal", "a", "\0\0\0\0\0\0\0\0", 8);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count, 1);
	assert_int_equal(journal.broken, 1);
	journal_free(&journal);
}

static void no_octet_of_a_line_breaks_anything(void **state)
{
	static const uint8_t others[] = { 0, '\n', '"', '\\', '%', '{', 0xFF };
	struct buffer text = BUFFER_EMPTY;
	struct journal journal;

	(void)state;
	add(odd[1], odd[5]);
	read_file(&text, "besign/journal");
	for (size_t at = 0; at < text.len; at++) {
		const uint8_t before = text.data[at];

		text.data[at] = others[at % sizeof(others)];
		write_file("besign/journal", "w", (const char *)text.data, text.len);
		text.data[at] = before;
		assert_int_equal(journal_read(&journal, NULL), BE_OK);
		assert_in_range(journal.count + journal.broken, 1, 2);
		journal_free(&journal);
	}
	buffer_free(&text);
}

static void write_from(int first, int count)
{
	for (int i = 0; i < count; i++)
		add_number(first + i);
}

/* Several programs at once; the bound makes them begin a new file meanwhile, and all of it fits into the two. */
static void writers_at_once_lose_nothing(void **state)
{
	enum { WRITERS = 4, EACH = 60, ALL = WRITERS * EACH };
	bool seen[ALL] = { false };
	struct journal journal;
	struct buffer one = BUFFER_EMPTY;
	pid_t children[WRITERS];

	(void)state;
	add_number(0);
	read_file(&one, "besign/journal");
	assert_int_equal(unlink(path_of("besign/journal")), 0);
	journal_set_bound_for_test(one.len * (ALL * 2 / 3));
	for (int i = 0; i < WRITERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			write_from(i * EACH, EACH);
			_exit(0);
		}
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(access(path_of("besign/journal.1"), F_OK), 0);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.broken, 0);
	assert_int_equal(journal.count, ALL);
	for (size_t i = 0; i < journal.count; i++) {
		const int number = number_of(&journal.entries[i]);

		assert_true(number >= 0 && number < ALL && !seen[number]);
		seen[number] = true;
	}
	journal_free(&journal);
	buffer_free(&one);
}

static void it_does_not_grow_beyond_its_bound(void **state)
{
	const int bound = 8192;
	struct journal journal;
	struct stat newer;
	struct stat older;

	(void)state;
	journal_set_bound_for_test((size_t)bound);
	write_from(0, 200);
	assert_int_equal(stat(path_of("besign/journal"), &newer), 0);
	assert_int_equal(stat(path_of("besign/journal.1"), &older), 0);
	assert_true(newer.st_size <= bound && older.st_size <= bound);
	assert_int_equal(newer.st_mode & 07777, 0600);
	assert_int_equal(access(path_of("besign/journal.2"), F_OK), -1);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	/* The newest, without a gap; at least one file full of them. */
	assert_true(older.st_size > bound / 2 && journal.count > 10);
	for (size_t i = 0; i < journal.count; i++)
		assert_int_equal(number_of(&journal.entries[i]), 199 - (int)i);
	journal_free(&journal);
}

static void the_signed_file_is_looked_at(void **state)
{
	struct journal_entry entry = an_entry("/a.pdf", path_of("hasil.pdf"));
	enum journal_file now;
	atomic_bool cancel;

	(void)state;
	atomic_init(&cancel, true);
	assert_int_equal(journal_check(&now, &entry, NULL, NULL), BE_OK);
	assert_int_equal(now, JOURNAL_FILE_MISSING);
	write_file("hasil.pdf", "w", "abc", 3);
	assert_int_equal(journal_check(&now, &entry, NULL, NULL), BE_OK);
	assert_int_equal(now, JOURNAL_FILE_CHANGED);
	(void)strcpy(entry.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(journal_check(&now, &entry, NULL, NULL), BE_OK);
	assert_int_equal(now, JOURNAL_FILE_SAME);
	assert_int_equal(journal_check(&now, &entry, &cancel, NULL), BE_CANCELLED);
	assert_int_equal(unlink(path_of("hasil.pdf")), 0);
	assert_int_equal(mkdir(path_of("hasil.pdf"), 0700), 0);
	assert_int_equal(journal_check(&now, &entry, NULL, NULL), BE_OK);
	assert_int_equal(now, JOURNAL_FILE_UNREADABLE);
	journal_entry_free(&entry);
}

static void where_it_cannot_be_written_that_is_an_error(void **state)
{
	struct journal_entry entry = an_entry("/a.pdf", "/b.pdf");
	struct be_error err = { .code = BE_OK };
	struct buffer text = BUFFER_EMPTY;
	struct journal journal;
	char target[128];

	(void)state;
	/* A link that somebody put there leads nowhere. */
	write_file("lain", "w", "x", 1);
	assert_int_equal(mkdir(path_of("besign"), 0700), 0);
	(void)strcpy(target, path_of("lain"));
	assert_int_equal(symlink(target, path_of("besign/journal")), 0);
	assert_int_equal(journal_add(&entry, &err), BE_IO);
	assert_int_equal(err.code, BE_IO);
	assert_true(err.detail[0] != '\0');
	read_file(&text, "lain");
	assert_int_equal(text.len, 1);
	buffer_free(&text);
	assert_int_equal(unlink(path_of("besign/journal")), 0);
	assert_int_equal(rmdir(path_of("besign")), 0);
	write_file("besign", "w", "x", 1);
	assert_int_equal(journal_add(&entry, &err), BE_IO);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count, 0);
	assert_int_equal(unlink(path_of("besign")), 0);
	journal_entry_free(&entry);
}

/* What others could read is shut when it is written to. */
static void it_is_for_the_person_alone(void **state)
{
	struct stat st;

	(void)state;
	add_number(1);
	assert_int_equal(chmod(path_of("besign/journal"), 0644), 0);
	add_number(2);
	assert_int_equal(stat(path_of("besign/journal"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static const struct {
	enum key_ref_kind kind;
	const char *name, *kept;
} keys[] = {
	{ KEY_REF_P12, "/a/../a/k.p12", NULL },
	{ KEY_REF_P12, "/a/./k.p12", "/a/k.p12" },
	{ KEY_REF_CREDENTIAL, "kunci-1", "kunci-1" },
	{ KEY_REF_PKCS11, "pkcs11:token=Kartu;object=k?pin-value=1234", "pkcs11:token=Kartu;object=k" },
	{ KEY_REF_PKCS11, "pkcs11:token=Kartu;pin-value=1234;object=k", "pkcs11:token=Kartu;object=k" },
	{ KEY_REF_PKCS11, "pkcs11:object=k?pin-source=file:/x&module-path=/m.so", "pkcs11:object=k?module-path=/m.so" },
	{ KEY_REF_PKCS11, "pkcs11:object=k?module-path=/m.so&pin-value=1", "pkcs11:object=k?module-path=/m.so" },
	{ KEY_REF_PKCS11, "pkcs11:object=k", "pkcs11:object=k" },
};

static void a_key_is_named_without_its_pin(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct key_ref ref = { keys[i].kind, keys[i].name };
		enum key_ref_kind kind;
		char *kept = key_ref_keep(&ref);

		assert_non_null(kept);
		if (keys[i].kept != NULL)
			assert_string_equal(kept, keys[i].kept);
		assert_null(strstr(kept, "pin-"));
		assert_true(key_ref_kind_of(&kind, key_ref_word(keys[i].kind)));
		assert_int_equal(kind, keys[i].kind);
		free(kept);
	}
}

static void a_path_goes_through_its_uri_and_back(void **state)
{
	static const char *const bad[] = { "", "/a", "file:", "file://", "file://a/b", "file:///%", "file:///%4",
		"file:///%4g", "file:///%00", "http:///a" };
	struct buffer uri = BUFFER_EMPTY;
	struct buffer path = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < ODD; i++) {
		buffer_reset(&uri);
		file_uri(&uri, odd[i]);
		buffer_add_byte(&uri, '\0');
		assert_true(file_of_uri(&path, (const char *)uri.data));
		assert_string_equal((const char *)path.data, odd[i]);
		assert_int_equal(path.len, strlen(odd[i]));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(file_of_uri(&path, bad[i]));
	buffer_free(&uri);
	buffer_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_comes_back_newest_first, make, clear),
		cmocka_unit_test_setup_teardown(a_failure_has_its_word_and_no_digest, make, clear),
		cmocka_unit_test_setup_teardown(a_torn_line_costs_itself_alone, make, clear),
		cmocka_unit_test_setup_teardown(what_is_not_understood_is_counted_and_left_out, make, clear),
		cmocka_unit_test_setup_teardown(no_octet_of_a_line_breaks_anything, make, clear),
		cmocka_unit_test_setup_teardown(writers_at_once_lose_nothing, make, clear),
		cmocka_unit_test_setup_teardown(it_does_not_grow_beyond_its_bound, make, clear),
		cmocka_unit_test_setup_teardown(the_signed_file_is_looked_at, make, clear),
		cmocka_unit_test_setup_teardown(where_it_cannot_be_written_that_is_an_error, make, clear),
		cmocka_unit_test_setup_teardown(it_is_for_the_person_alone, make, clear),
		cmocka_unit_test(a_key_is_named_without_its_pin),
		cmocka_unit_test(a_path_goes_through_its_uri_and_back),
	};

	return cmocka_run_group_tests_name("app_journal", tests, NULL, NULL);
}
