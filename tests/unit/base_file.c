/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char home[256];

static int make_home(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)state;
	(void)umask(022);
	(void)snprintf(home, sizeof(home), "%.200s/besign-test-XXXXXX", where != NULL ? where : "/tmp");
	return mkdtemp(home) != NULL && chdir(home) == 0 ? 0 : -1;
}

static void empty(int dir)
{
	DIR *list = fdopendir(dir);
	struct dirent *entry;

	while (list != NULL && (entry = readdir(list)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(list), entry->d_name, 0) == 0)
			continue;
		empty(openat(dirfd(list), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
		(void)unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
	}
	if (list != NULL)
		(void)closedir(list);
}

static int clean_home(void **state)
{
	(void)state;
	if (chdir(home) != 0)
		return -1;
	empty(open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

static int remove_home(void **state)
{
	(void)state;
	return chdir("/") == 0 ? rmdir(home) : -1;
}

static size_t entries(const char *path)
{
	DIR *list = opendir(path);
	size_t count = 0;

	while (list != NULL && readdir(list) != NULL)
		count++;
	if (list != NULL)
		(void)closedir(list);
	return count - 2;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, text, strlen(text), NULL), BE_OK);
	(void)close(fd);
}

static bool holds(const char *path, const char *text)
{
	struct buffer b = BUFFER_EMPTY;
	bool same = file_read_all(&b, path, 1000, NULL) == BE_OK && b.len == strlen(text) &&
		memcmp(b.len > 0 ? (const char *)b.data : "", text, b.len) == 0;

	buffer_free(&b);
	return same;
}

/* Writes text through an output; the code of the first step that failed. */
static enum be_err output(const char *target, const char *text, bool replace)
{
	struct file_output *o = NULL;
	enum be_err code = file_output_new(&o, target, 0666, replace, NULL);

	if (code == BE_OK)
		code = file_write(file_output_fd(o), text, strlen(text), NULL);
	if (code == BE_OK)
		code = file_output_commit(o, NULL);
	file_output_free(&o);
	return code;
}

/* All that an output promises, asked in a child too where system calls are missing. NULL, or what went wrong. */
static const char *wrong_promise(void)
{
	struct file_output *o = NULL;
	struct stat st;
	char text[4];

	if (output("new.pdf", "first", false) != BE_OK || !holds("new.pdf", "first") || entries(".") != 1)
		return "a new file is not written";
	if (stat("new.pdf", &st) != 0 || (st.st_mode & 07777) != 0644)
		return "the mode is not the mode less the umask";
	if (output("new.pdf", "second", false) != BE_EXISTS || !holds("new.pdf", "first") || entries(".") != 1)
		return "an existing file is not refused";
	if (output("new.pdf", "second", true) != BE_OK || !holds("new.pdf", "second") || entries(".") != 1)
		return "an existing file is not replaced";
	if (output("other.pdf", "x", true) != BE_OK || !holds("other.pdf", "x") || unlink("other.pdf") != 0)
		return "replace needs something to replace";
	if (file_output_new(&o, "late.pdf", 0644, false, NULL) != BE_OK ||
		file_write(file_output_fd(o), "mine", 4, NULL) != BE_OK)
		return "no output";
	if (file_read_at(file_output_fd(o), text, 4, 0, NULL) != BE_OK || memcmp(text, "mine", 4) != 0)
		return "an output cannot be read back";
	if (access("late.pdf", F_OK) == 0)
		return "the name is there before the commit";
	put("late.pdf", "theirs");
	if (file_output_commit(o, NULL) != BE_EXISTS || !holds("late.pdf", "theirs"))
		return "a target that came meanwhile is not refused";
	file_output_free(&o);
	if (o != NULL || entries(".") != 2 || unlink("late.pdf") != 0)
		return "what was not committed stays";
	if (mkdir("before", 0700) != 0 || file_output_new(&o, "before/a.pdf", 0600, true, NULL) != BE_OK ||
		rename("before", "after") != 0 || mkdir("before", 0700) != 0 || file_output_commit(o, NULL) != BE_OK)
		return "a directory that was renamed makes the commit fail";
	file_output_free(&o);
	if (entries("before") != 0 || entries("after") != 1 || !holds("after/a.pdf", ""))
		return "a directory that was renamed leads the output astray";
	return NULL;
}

static void an_output_is_whole_or_not_there(void **state)
{
	const char *wrong = wrong_promise();

	(void)state;
	if (wrong != NULL)
		fail_msg("%s", wrong);
}

#define WORD(field) ((uint32_t)offsetof(struct seccomp_data, field))
#define FAIL(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))

/* A kernel or a file system without O_TMPFILE, and without renameat2 and copy_file_range where asked. */
static bool take_away(bool more)
{
	const uint32_t tmpfile_bit = O_TMPFILE & ~O_DIRECTORY;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, WORD(args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, tmpfile_bit, 0, 5),
		FAIL(EOPNOTSUPP),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, more ? SYS_renameat2 : 0xFFFFFFFF, 0, 1),
		FAIL(EINVAL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, more ? SYS_copy_file_range : 0xFFFFFFFF, 0, 1),
		FAIL(ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#define NO_SECCOMP 77

/* In a child, for what is taken away does not come back. */
static void without(bool more, const char *(*check)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		const char *wrong;

		if (!take_away(more))
			_exit(NO_SECCOMP);
		wrong = check();
		if (wrong != NULL)
			(void)fprintf(stderr, "%s\n", wrong);
		_exit(wrong == NULL ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_SECCOMP) {
		print_message("skipped: this kernel has no seccomp filters\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void an_output_is_whole_also_without_nameless_files(void **state)
{
	(void)state;
	without(false, wrong_promise);
}

static void an_output_is_whole_also_without_renameat2(void **state)
{
	(void)state;
	without(true, wrong_promise);
}

static const char *wrong_hidden_file(void)
{
	struct file_output *o = NULL;
	struct stat st;

	if (file_output_new(&o, "a.pdf", 0644, false, NULL) != BE_OK || fstat(file_output_fd(o), &st) != 0)
		return "no output";
	if ((st.st_mode & 07777) != 0600 || entries(".") != 1)
		return "the waiting file is not private";
	file_output_free(&o);
	return entries(".") == 0 ? NULL : "the waiting file stays";
}

static void a_waiting_file_with_a_name_is_private_and_removed(void **state)
{
	(void)state;
	without(false, wrong_hidden_file);
}

static void a_target_that_is_no_plain_file_is_never_replaced(void **state)
{
	struct be_error err = { 0 };
	struct file_output *o = NULL;

	(void)state;
	put("real.pdf", "x");
	assert_int_equal(symlink("real.pdf", "link.pdf"), 0);
	assert_int_equal(symlink("nothing.pdf", "dangling.pdf"), 0);
	assert_int_equal(mkfifo("pipe.pdf", 0600), 0);
	assert_int_equal(mkdir("dir.pdf", 0700), 0);
	assert_int_equal(output("link.pdf", "y", true), BE_UNSUPPORTED);
	assert_int_equal(output("dangling.pdf", "y", true), BE_UNSUPPORTED);
	assert_int_equal(output("dangling.pdf", "y", false), BE_EXISTS);
	assert_int_equal(output("pipe.pdf", "y", true), BE_UNSUPPORTED);
	assert_int_equal(output("dir.pdf", "y", true), BE_UNSUPPORTED);
	assert_int_equal(file_output_new(&o, "real.pdf", 0644, false, &err), BE_EXISTS);
	assert_non_null(err.msgid);
	assert_string_equal(err.detail, "real.pdf");
	assert_true(holds("real.pdf", "x"));
}

static void a_target_without_a_directory_or_a_name_is_refused(void **state)
{
	(void)state;
	put("file", "x");
	assert_int_equal(output("missing/a.pdf", "x", false), BE_NOT_FOUND);
	assert_int_equal(output("file/a.pdf", "x", false), BE_IO);
	assert_int_equal(output("", "x", false), BE_USAGE);
	assert_int_equal(output("./", "x", false), BE_USAGE);
	assert_int_equal(output(".", "x", false), BE_USAGE);
	assert_int_equal(output("..", "x", false), BE_USAGE);
	assert_int_equal(entries("."), 1);
}

static void descriptors_do_not_pass_to_other_programs(void **state)
{
	struct file_output *o = NULL;

	(void)state;
	assert_int_equal(file_output_new(&o, "a.pdf", 0600, false, NULL), BE_OK);
	assert_true((fcntl(file_output_fd(o), F_GETFD) & FD_CLOEXEC) != 0);
	file_output_free(&o);
}

static void a_file_is_read_whole_or_not_at_all(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	put("a", "0123456789");
	buffer_add_str(&b, "kept");
	assert_int_equal(file_read_all(&b, "a", 10, NULL), BE_OK);
	assert_int_equal(b.len, 14);
	assert_memory_equal(b.data, "kept0123456789", 14);
	b.len = 4;
	assert_int_equal(file_read_all(&b, "a", 9, NULL), BE_LIMIT);
	assert_int_equal(b.len, 4);
	assert_int_equal(file_read_all(&b, "/proc/self/status", 10, NULL), BE_LIMIT);
	assert_int_equal(b.len, 4);
	assert_int_equal(file_read_all(&b, "missing", 10, NULL), BE_NOT_FOUND);
	assert_int_equal(file_read_all(&b, "a/b", 10, NULL), BE_NOT_FOUND);
	assert_int_equal(file_read_all(&b, ".", 10, NULL), BE_UNSUPPORTED);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(file_read_all(&b, "pipe", 10, NULL), BE_UNSUPPORTED);
	put("empty", "");
	assert_int_equal(file_read_all(&b, "empty", 0, NULL), BE_OK);
	assert_int_equal(b.len, 4);
	buffer_free(&b);
}

static void a_short_read_is_an_error(void **state)
{
	char bytes[10];
	int fd;

	(void)state;
	put("a", "0123456789");
	fd = open("a", O_RDWR | O_CLOEXEC);
	assert_int_equal(file_read_at(fd, bytes, 4, 6, NULL), BE_OK);
	assert_memory_equal(bytes, "6789", 4);
	assert_int_equal(file_read_at(fd, bytes, 5, 6, NULL), BE_IO);
	assert_int_equal(file_read_at(fd, bytes, 1, UINT64_MAX, NULL), BE_LIMIT);
	assert_int_equal(file_read_at(fd, bytes, 2, INT64_MAX - 1, NULL), BE_LIMIT);
	assert_int_equal(file_write_at(fd, "xy", 2, 4, NULL), BE_OK);
	assert_int_equal(file_write_at(fd, "xy", 2, UINT64_MAX - 1, NULL), BE_LIMIT);
	assert_true(holds("a", "0123xy6789"));
	assert_int_equal(file_write(-1, "x", 1, NULL), BE_IO);
	(void)close(fd);
}

/* More than one piece of the copy by hand, and no multiple of it. */
#define COPIED ((size_t)3 * 256 * 1024 + 17)

static const char *wrong_copy(void)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct buffer copy = BUFFER_EMPTY;
	const char *wrong = NULL;
	int from = open("from", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int to = open("to", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	for (size_t i = 0; i < COPIED; i++)
		buffer_add_byte(&bytes, (uint8_t)(i * 31 >> 3));
	if (file_write_at(from, bytes.data, COPIED, 0, NULL) != BE_OK || lseek(from, 5, SEEK_SET) != 5)
		wrong = "no source";
	else if (file_copy(from, to, COPIED - 1, NULL) != BE_OK || file_read_all(&copy, "to", COPIED, NULL) != BE_OK)
		wrong = "the copy fails";
	else if (copy.len != COPIED - 1 || memcmp(copy.data, bytes.data, copy.len) != 0)
		wrong = "the copy is not the source";
	else if (file_copy(from, to, COPIED + 1, NULL) != BE_IO)
		wrong = "a source that is too short is not noticed";
	else if (file_copy(from, to, UINT64_MAX, NULL) != BE_LIMIT)
		wrong = "an impossible length is not refused";
	buffer_free(&bytes);
	buffer_free(&copy);
	(void)close(from);
	(void)close(to);
	return wrong;
}

static void a_copy_is_the_source(void **state)
{
	const char *wrong = wrong_copy();

	(void)state;
	if (wrong != NULL)
		fail_msg("%s", wrong);
}

static void a_copy_is_the_source_also_by_hand(void **state)
{
	(void)state;
	without(true, wrong_copy);
}

static void directories_are_made_with_their_parents(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_make_dirs("a/b/c", NULL), BE_OK);
	assert_int_equal(file_make_dirs("a/b//c/", NULL), BE_OK);
	assert_int_equal(stat("a/b", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	put("a/file", "x");
	assert_int_equal(file_make_dirs("a/file/d", NULL), BE_IO);
	assert_int_equal(file_make_dirs("a/file", NULL), BE_IO);
	assert_int_equal(file_make_dirs("", NULL), BE_IO);
	assert_int_equal(file_make_dirs("/", NULL), BE_OK);
}

static void assert_uri(const char *path, const char *before, const char *expected)
{
	struct buffer b = BUFFER_EMPTY;
	struct buffer whole = BUFFER_EMPTY;

	file_uri(&b, path);
	buffer_printf(&whole, "%s%s", before, expected);
	buffer_add_byte(&b, 0);
	buffer_add_byte(&whole, 0);
	assert_string_equal((const char *)b.data, (const char *)whole.data);
	buffer_free(&b);
	buffer_free(&whole);
}

static void a_uri_is_absolute_and_exact_for_any_bytes(void **state)
{
	struct buffer here = BUFFER_EMPTY;

	(void)state;
	buffer_printf(&here, "file://%s/", home);
	buffer_add_byte(&here, 0);
	assert_uri("/a/b-c_d.e~f", "file://", "/a/b-c_d.e~f");
	assert_uri("/surat 1%.pdf", "file://", "/surat%201%25.pdf");
	assert_uri("/\xFF\x01?#&+:\"", "file://", "/%FF%01%3F%23%26%2B%3A%22");
	assert_uri("/\xC3\xA9", "file://", "/%C3%A9");
	assert_uri("a.pdf", (const char *)here.data, "a.pdf");
	assert_uri("./a.pdf", (const char *)here.data, "a.pdf");
	assert_uri("../a.pdf", (const char *)here.data, "../a.pdf");
	assert_int_equal(chdir("/"), 0);
	assert_uri("a.pdf", "file://", "/a.pdf");
	buffer_free(&here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_output_is_whole_or_not_there, clean_home),
		cmocka_unit_test_teardown(an_output_is_whole_also_without_nameless_files, clean_home),
		cmocka_unit_test_teardown(an_output_is_whole_also_without_renameat2, clean_home),
		cmocka_unit_test_teardown(a_waiting_file_with_a_name_is_private_and_removed, clean_home),
		cmocka_unit_test_teardown(a_target_that_is_no_plain_file_is_never_replaced, clean_home),
		cmocka_unit_test_teardown(a_target_without_a_directory_or_a_name_is_refused, clean_home),
		cmocka_unit_test_teardown(descriptors_do_not_pass_to_other_programs, clean_home),
		cmocka_unit_test_teardown(a_file_is_read_whole_or_not_at_all, clean_home),
		cmocka_unit_test_teardown(a_short_read_is_an_error, clean_home),
		cmocka_unit_test_teardown(a_copy_is_the_source, clean_home),
		cmocka_unit_test_teardown(a_copy_is_the_source_also_by_hand, clean_home),
		cmocka_unit_test_teardown(directories_are_made_with_their_parents, clean_home),
		cmocka_unit_test_teardown(a_uri_is_absolute_and_exact_for_any_bytes, clean_home),
	};

	return cmocka_run_group_tests_name("base_file", tests, make_home, remove_home);
}
