/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/browse.h"
#include "app/paths.h"
#include "base/time.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char root[64];
static int root_fd = -1;

static int make(void **state)
{
	(void)state;
	(void)strcpy(root, "/tmp/besign-browse-XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root_fd < 0 ? -1 : 0;
}

static int take_away(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int clear(void **state)
{
	(void)state;
	(void)close(root_fd);
	return nftw(root, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *content)
{
	const int fd = openat(root_fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	assert_int_equal(close(fd), 0);
}

static void put_dir(const char *name)
{
	assert_int_equal(mkdirat(root_fd, name, 0700), 0);
}

static const char *const pdf[] = { ".pdf", NULL };

/* The names in their order, each with its kind before it. */
static void assert_shown(const struct browse_wish *wish, const char *const *want)
{
	static const char kinds[] = { '^', '/', ' ' };
	struct browse b;
	size_t count = 0;

	assert_int_equal(browse_read(&b, root, wish, NULL), BE_OK);
	for (; want[count] != NULL; count++) {
		assert_true(count < b.count);
		assert_int_equal(kinds[b.entries[count].kind], want[count][0]);
		assert_string_equal(b.entries[count].name, want[count] + 1);
	}
	assert_int_equal(b.count, count);
	assert_false(b.more);
	browse_free(&b);
}

static void a_person_finds_what_is_there(void **state)
{
	const struct browse_wish wish = { pdf, false, 0 };
	const struct browse_wish all = { pdf, true, 0 };

	(void)state;
	put("surat 10.pdf", "");
	put("Surat 2.PDF", "");
	put("surat 02.pdf", "");
	put("akta.pdf", "");
	put("Zebra.Pdf", "");
	put("catatan.txt", "");
	put(".pdf", "");
	put(".rahasia.pdf", "");
	put_dir("Proyek");
	put_dir("arsip 9");
	put_dir("Arsip 10");
	put_dir(".config");
	put_dir("berkas.pdf");
	assert_shown(&wish,
		(const char *const[]){ "^..", "/arsip 9", "/Arsip 10", "/berkas.pdf", "/Proyek", " akta.pdf",
			" Surat 2.PDF", " surat 02.pdf", " surat 10.pdf", " Zebra.Pdf", NULL });
	assert_shown(&all,
		(const char *const[]){ "^..", "/.config", "/arsip 9", "/Arsip 10", "/berkas.pdf", "/Proyek",
			" .rahasia.pdf", " akta.pdf", " Surat 2.PDF", " surat 02.pdf", " surat 10.pdf", " Zebra.Pdf",
			NULL });
}

static void several_endings_may_be_asked_for(void **state)
{
	const char *const keys[] = { ".p12", ".pfx", NULL };
	const struct browse_wish wish = { keys, false, 0 };

	(void)state;
	put("a.P12", "");
	put("b.pfx", "");
	put("c.pdf", "");
	put("p12", "");
	assert_shown(&wish, (const char *const[]){ "^..", " a.P12", " b.pfx", NULL });
}

static void links_are_what_they_lead_to(void **state)
{
	const struct browse_wish wish = { pdf, false, 0 };

	(void)state;
	put("asli.pdf", "12345");
	put_dir("folder");
	assert_int_equal(symlinkat("asli.pdf", root_fd, "b.pdf"), 0);
	assert_int_equal(symlinkat("folder", root_fd, "ke folder"), 0);
	assert_int_equal(symlinkat("tiada.pdf", root_fd, "putus.pdf"), 0);
	assert_int_equal(symlinkat("putar.pdf", root_fd, "putar.pdf"), 0);
	assert_int_equal(mkfifoat(root_fd, "pipa.pdf", 0600), 0);
	assert_shown(&wish, (const char *const[]){ "^..", "/folder", "/ke folder", " asli.pdf", " b.pdf", NULL });
}

static void names_are_kept_exactly(void **state)
{
	static const char *const names[] = { "\n.pdf", "\x1B[2J.pdf",
		"a\xE2\x80\xAE"
		"fdp.pdf",
		"\xE4\xB8\xAD.pdf", "\xC3.pdf", "\xFF\xFE.pdf" };
	const struct browse_wish wish = { pdf, false, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(names[i], "");
	assert_shown(&wish,
		(const char *const[]){ "^..", " \n.pdf", " \x1B[2J.pdf",
			" a\xE2\x80\xAE"
			"fdp.pdf",
			" \xE4\xB8\xAD.pdf", " \xC3.pdf", " \xFF\xFE.pdf", NULL });
}

static void size_and_time_are_looked_up_when_asked(void **state)
{
	const struct timespec times[2] = { { 1780000000, 0 }, { 1780000000, 0 } };
	const struct browse_wish wish = { pdf, false, 0 };
	struct browse b;

	(void)state;
	put("a.pdf", "12345");
	put("b.pdf", "");
	put_dir("folder");
	assert_int_equal(utimensat(root_fd, "a.pdf", times, 0), 0);
	assert_int_equal(browse_read(&b, root, &wish, NULL), BE_OK);
	assert_int_equal(b.count, 4);
	assert_false(b.entries[2].looked);
	assert_int_equal(b.entries[2].modified, TIME_NONE);
	for (size_t i = 0; i < 4; i++)
		if (i != 3)
			browse_look(&b, &b.entries[i]);
	assert_true(b.entries[2].looked);
	assert_int_equal(b.entries[2].size, 5);
	assert_int_equal(b.entries[2].modified, 1780000000);
	assert_int_equal(b.entries[1].size, 0);
	assert_int_not_equal(b.entries[1].modified, TIME_NONE);
	assert_int_equal(unlinkat(root_fd, "b.pdf", 0), 0);
	browse_look(&b, &b.entries[3]);
	assert_int_equal(b.entries[3].modified, TIME_NONE);
	browse_free(&b);
}

static void a_directory_that_cannot_be_read_says_so(void **state)
{
	const struct browse_wish wish = { pdf, false, 0 };
	struct be_error err = { .code = BE_OK };
	struct browse b;
	char path[80];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/tiada", root);
	assert_int_equal(browse_read(&b, path, &wish, &err), BE_NOT_FOUND);
	assert_non_null(err.msgid);
	assert_int_equal(b.count, 0);
	put("berkas.pdf", "");
	(void)snprintf(path, sizeof(path), "%s/berkas.pdf", root);
	assert_int_equal(browse_read(&b, path, &wish, &err), BE_NOT_FOUND);
	assert_int_equal(symlinkat("putar", root_fd, "putar"), 0);
	(void)snprintf(path, sizeof(path), "%s/putar", root);
	assert_int_equal(browse_read(&b, path, &wish, &err), BE_IO);
	browse_free(&b);
}

static void only_the_root_has_no_parent(void **state)
{
	const struct browse_wish wish = { pdf, false, 0 };
	static const char *const roots[] = { "/", "//", "/tmp/..", "/." };
	struct browse b;

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		assert_int_equal(browse_read(&b, roots[i], &wish, NULL), BE_OK);
		assert_true(b.count == 0 || b.entries[0].kind != BROWSE_PARENT);
		browse_free(&b);
	}
}

static void what_is_more_than_asked_for_is_cut_and_said(void **state)
{
	const struct browse_wish wish = { pdf, false, 300 };
	struct browse b;
	char name[32];

	(void)state;
	/* With the parent, one more than asked for. */
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "surat %u.pdf", i);
		put(name, "");
		if (i != 298)
			continue;
		put("catatan.txt", "");
		assert_int_equal(browse_read(&b, root, &wish, NULL), BE_OK);
		assert_int_equal(b.count, 300);
		assert_false(b.more);
		assert_string_equal(b.entries[299].name, name);
		browse_free(&b);
	}
	assert_int_equal(browse_read(&b, root, &wish, NULL), BE_OK);
	assert_int_equal(b.count, 300);
	assert_true(b.more);
	browse_free(&b);
}

/* Each is less than the next. */
static const char *const ordered[] = { "", " ", "1", "2", "02a", "2b", "9", "10", "99999999999999999999999999999998",
	"99999999999999999999999999999999", "100000000000000000000000000000000", "A", "a", "a 1", "a 02", "a 2", "a 10",
	"ab", "B", "b", "b1c2", "b1c10", "\xC3\xA9", "\xE4\xB8\xAD", "\x80", "\xFF" };

static void names_have_one_order(void **state)
{
	const size_t count = sizeof(ordered) / sizeof(ordered[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			const int order = browse_compare(ordered[i], ordered[j]);

			if ((order < 0) != (i < j) || (order > 0) != (i > j))
				fail_msg("\"%s\" and \"%s\": %d", ordered[i], ordered[j], order);
		}
	}
}

/* ---- paths ---- */

static void assert_path(struct buffer *out, const char *want)
{
	assert_int_equal(buffer_check(out, NULL), BE_OK);
	assert_string_equal((const char *)out->data, want);
	assert_int_equal(out->len, strlen(want));
	buffer_free(out);
}

static void a_typed_name_is_a_directory_a_file_or_nothing(void **state)
{
	enum browse_kind kind = BROWSE_PARENT;
	struct be_error err;

	(void)state;
	assert_int_equal(browse_is(&kind, "/proc/self", &err), BE_OK);
	assert_int_equal(kind, BROWSE_DIRECTORY);
	assert_int_equal(browse_is(&kind, "/proc/self/stat", &err), BE_OK);
	assert_int_equal(kind, BROWSE_FILE);
	assert_int_equal(browse_is(&kind, "/proc/self/stat/below", &err), BE_NOT_FOUND);
	assert_int_equal(browse_is(&kind, "/nowhere/at all.pdf", &err), BE_NOT_FOUND);
	assert_non_null(strstr(err.detail, "/nowhere/at all.pdf"));
}

static void paths_are_joined_and_taken_apart(void **state)
{
	static const struct {
		const char *dir, *name, *joined;
	} joins[] = { { "/a", "b", "/a/b" }, { "/", "b", "/b" }, { "/a//", "b", "/a/b" }, { "", "b", "b" },
		{ "a", "", "a" }, { "/a", "\n\xFF", "/a/\n\xFF" }, { "//", "b", "/b" } };
	static const struct {
		const char *path, *parent, *name;
	} parts[] = { { "/a/b", "/a", "b" }, { "/a/b///", "/a", "b" }, { "/a", "/", "a" }, { "/a/", "/", "a" },
		{ "/", "/", "/" }, { "///", "/", "/" }, { "a", ".", "a" }, { "", ".", "." }, { "a//b", "a", "b" },
		{ "..", "../..", ".." }, { "/a/..", "/a/../..", ".." }, { "/..b", "/", "..b" } };
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		paths_join(&out, joins[i].dir, joins[i].name);
		assert_path(&out, joins[i].joined);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		paths_parent(&out, parts[i].path);
		assert_path(&out, parts[i].parent);
		paths_name(&out, parts[i].path);
		assert_path(&out, parts[i].name);
	}
}

static void what_is_typed_becomes_absolute(void **state)
{
	static const struct {
		const char *typed, *base, *path;
	} typed[] = { { "/", NULL, "/" }, { "/a/./b//c/", NULL, "/a/b/c" }, { "a", "/x/", "/x/a" }, { ".", "/x", "/x" },
		{ "~", "/x", "/rumah/budi" }, { "~/a b", NULL, "/rumah/budi/a b" }, { "~budi", "/x", "/x/~budi" },
		{ "a/~", "/x", "/x/a/~" }, { "/..", NULL, "/" }, { "/usr/../a", NULL, "/a" },
		{ "/../../usr", NULL, "/usr" }, { "..", "/usr", "/" }, { "/tiada/../a", NULL, "/tiada/../a" },
		{ "...", "/x", "/x/..." }, { "/a/..b", NULL, "/a/..b" }, { "\n\xFF", "/x", "/x/\n\xFF" } };
	char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(setenv("HOME", "/rumah/budi/", 1), 0);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		assert_int_equal(paths_absolute(&out, typed[i].typed, typed[i].base, NULL), BE_OK);
		assert_path(&out, typed[i].path);
	}
	assert_int_equal(paths_absolute(&out, "", "/x", NULL), BE_USAGE);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(paths_absolute(&out, "~/a", "/x", NULL), BE_NOT_FOUND);
	if (home != NULL)
		assert_int_equal(setenv("HOME", home, 1), 0);
	free(home);
	buffer_free(&out);
}

/* As "cat link/../x" has it: beside what the link leads to, not beside the link. */
static void two_dots_behind_a_link_are_what_the_system_says(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	char want[80];

	(void)state;
	put_dir("a");
	put_dir("a/b");
	assert_int_equal(symlinkat("a/b", root_fd, "ke"), 0);
	assert_int_equal(paths_absolute(&out, "ke/../x.pdf", root, NULL), BE_OK);
	(void)snprintf(want, sizeof(want), "%s/a/x.pdf", root);
	assert_path(&out, want);
	assert_int_equal(paths_absolute(&out, "ke/.", root, NULL), BE_OK);
	(void)snprintf(want, sizeof(want), "%s/ke", root);
	assert_path(&out, want);
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(a_person_finds_what_is_there),
		IN_A_DIRECTORY(several_endings_may_be_asked_for),
		IN_A_DIRECTORY(links_are_what_they_lead_to),
		IN_A_DIRECTORY(names_are_kept_exactly),
		IN_A_DIRECTORY(size_and_time_are_looked_up_when_asked),
		IN_A_DIRECTORY(a_directory_that_cannot_be_read_says_so),
		cmocka_unit_test(only_the_root_has_no_parent),
		IN_A_DIRECTORY(what_is_more_than_asked_for_is_cut_and_said),
		cmocka_unit_test(names_have_one_order),
		cmocka_unit_test(a_typed_name_is_a_directory_a_file_or_nothing),
		cmocka_unit_test(paths_are_joined_and_taken_apart),
		cmocka_unit_test(what_is_typed_becomes_absolute),
		IN_A_DIRECTORY(two_dots_behind_a_link_are_what_the_system_says),
	};

	return cmocka_run_group_tests_name("app_browse", tests, NULL, NULL);
}
