/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "support/service.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What people typed is found nowhere afterwards: not in a file of the service, its log, its arguments, its environment,
 * nor in its memory, where a core file would take it from. */

#define PASSWORD "kenari-kata-sandi-71c09f4be2a85d36"
#define PASSPHRASE "kenari-frasa-sandi-e8240b9d6f13a75c"
#define PASSPHRASE_AFTER "kenari-frasa-kedua-3b5d7e90c1f2a468"
#define PASSPHRASE_WRONG "kenari-frasa-salah-a96e21d4087fb35c"
#define FILE_MAX (64u << 20)
#define PIECE (1u << 20)
#define SHADOW ((uint64_t)1 << 36) /* a sanitizer's map of memory, not memory */

static const char *const canaries[] = { PASSWORD, PASSPHRASE, PASSPHRASE_AFTER, PASSPHRASE_WRONG };
#define CANARIES (sizeof(canaries) / sizeof(canaries[0]))

static struct service_desk desk;
static struct service_person person;
static struct account *account;

static const char *found_in(const void *bytes, size_t len)
{
	for (size_t i = 0; i < CANARIES; i++)
		if (memmem(bytes, len, canaries[i], strlen(canaries[i])) != NULL)
			return canaries[i];
	return NULL;
}

static void must(enum be_err rc, const struct be_error *err)
{
	if (rc != BE_OK)
		fail_msg("%s: %s (%s)", be_err_word(rc), err->msgid, err->detail);
}

/* Everything that takes one of them, the wrong ones too. */
static int go_the_whole_way(void **state)
{
	struct secret *after = service_secret(PASSPHRASE_AFTER);
	struct secret *wrong = service_secret(PASSPHRASE_WRONG);
	struct be_error err = { .code = BE_OK };
	struct wire_login_step step;

	(void)state;
	service_desk_make(&desk);
	assert_true(service_desk_start(&desk));
	account = service_desk_account(&desk);
	service_person_make(&person, 1);
	secret_free(&person.password);
	secret_free(&person.passphrase);
	person.password = service_secret(PASSWORD);
	person.passphrase = service_secret(PASSPHRASE);
	must(service_whole_way(account, &person, "p256", &err), &err);
	assert_int_equal(account_login(account, person.user, wrong, &step, NULL, &err), BE_WRONG_LOGIN);
	must(service_sign_in(account, &person, &err), &err);
	must(service_sign(account, &person, person.passphrase, 1, 5, &err), &err);
	assert_int_equal(service_sign(account, &person, wrong, 1, 1, &err), BE_WRONG_PASSPHRASE);
	must(account_change_passphrase(account, person.certificate, person.passphrase, after, NULL, &err), &err);
	must(service_sign(account, &person, after, 2, 5, &err), &err);
	secret_free(&after);
	secret_free(&wrong);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	account_free(&account);
	service_person_free(&person);
	service_desk_clear(&desk);
	return 0;
}

/* ---- files ---- */

static size_t files_seen;
static char file_hit[300];

static int look_into(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	struct buffer bytes = BUFFER_EMPTY;
	const char *hit = NULL;

	(void)where;
	if (kind != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	if (file_read_all(&bytes, path, FILE_MAX, NULL) == BE_OK) {
		files_seen++;
		hit = found_in(bytes.data, bytes.len);
	}
	if (hit != NULL)
		(void)snprintf(file_hit, sizeof(file_hit), "%.100s in %.180s", hit, path);
	buffer_free(&bytes);
	return 0;
}

static void no_file_of_the_service_has_them(void **state)
{
	(void)state;
	assert_int_equal(nftw(desk.dir, look_into, 16, FTW_PHYS), 0);
	/* The database with its WAL, key, log, lock, and the mails. */
	assert_true(files_seen >= 6);
	if (file_hit[0] != '\0')
		fail_msg("%s", file_hit);
}

/* ---- what others see of the process ---- */

static void neither_arguments_nor_environment_have_them(void **state)
{
	static const char *const names[] = { "cmdline", "environ" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char path[64], bytes[16384];
		ssize_t len;
		int fd;

		(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)desk.pid, names[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && geteuid() != 0)
			skip();
		assert_true(fd >= 0);
		len = read(fd, bytes, sizeof(bytes));
		assert_true(len > 0);
		assert_null(found_in(bytes, (size_t)len));
		(void)close(fd);
	}
}

static void it_leaves_no_core(void **state)
{
	char path[64], line[256];
	bool limit_is_none = false;
	FILE *file = NULL;

	(void)state;
	(void)snprintf(path, sizeof(path), "/proc/%d/limits", (int)desk.pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		unsigned long soft = 1, hard = 1;

		if (sscanf(line, "Max core file size %lu %lu", &soft, &hard) == 2)
			limit_is_none = soft == 0 && hard == 0;
	}
	(void)fclose(file);
	assert_true(limit_is_none);
}

/* ---- memory ---- */

/* Overlapping pieces, so that nothing hides at a border. */
static const char *found_in_range(int mem, uint64_t from, uint64_t to)
{
	static uint8_t bytes[PIECE + 64];
	const char *hit = NULL;

	for (uint64_t at = from; hit == NULL && at < to; at += PIECE) {
		const size_t want = to - at < sizeof(bytes) ? (size_t)(to - at) : sizeof(bytes);
		const ssize_t len = pread(mem, bytes, want, (off_t)at);

		if (len > 0)
			hit = found_in(bytes, (size_t)len);
	}
	return hit;
}

static size_t look_through(int mem, FILE *maps, char *where, size_t size)
{
	char line[512];
	size_t looked = 0;

	where[0] = '\0';
	while (fgets(line, sizeof(line), maps) != NULL) {
		uint64_t from, to;
		char rights[8];
		const char *hit;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &from, &to, rights) != 3 || rights[0] != 'r' ||
			strstr(line, "[v") != NULL || to - from > SHADOW)
			continue;
		looked += to - from;
		hit = found_in_range(mem, from, to);
		if (hit != NULL)
			(void)snprintf(where, size, "%.60s in %.200s", hit, line);
	}
	return looked;
}

static void nor_has_its_memory(void **state)
{
	char path[64], where[300];
	FILE *maps = NULL;
	size_t looked;
	int mem;

	(void)state;
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)desk.pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (mem < 0 && geteuid() != 0)
		skip();
	assert_true(mem >= 0);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)desk.pid);
	maps = fopen(path, "r");
	assert_non_null(maps);
	looked = look_through(mem, maps, where, sizeof(where));
	assert_true(looked > (1u << 20));
	(void)fclose(maps);
	(void)close(mem);
	if (where[0] != '\0')
		fail_msg("%s", where);
}

/* The test of the test: in this process they are. */
static void where_they_are_they_are_found(void **state)
{
	char where[300];
	FILE *maps = fopen("/proc/self/maps", "r");
	const int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_non_null(maps);
	assert_true(mem >= 0);
	assert_true(look_through(mem, maps, where, sizeof(where)) > 0);
	assert_true(where[0] != '\0');
	(void)fclose(maps);
	(void)close(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_of_the_service_has_them),
		cmocka_unit_test(neither_arguments_nor_environment_have_them),
		cmocka_unit_test(it_leaves_no_core),
		cmocka_unit_test(nor_has_its_memory),
		cmocka_unit_test(where_they_are_they_are_found),
	};

	return cmocka_run_group_tests(tests, go_the_whole_way, clear);
}
