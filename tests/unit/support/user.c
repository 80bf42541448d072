/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "user.h"

#include "ca.h"
#include "terminal_job.h"
#include "terminal_place.h"

#include "base/file.h"
#include "base/time.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATHS_MAX 2048u
#define FILE_MAX (1u << 28)
#define NEEDED(what) \
	do { \
		if (!(what)) \
			terminal_give_up(#what); \
	} while (0)

static char *home;
static char *paths[PATHS_MAX];
static size_t path_count;

/* ---- the home ---- */

const char *user_path(const char *name)
{
	NEEDED(path_count < PATHS_MAX);
	paths[path_count] = terminal_format("%s/%s", home, name);
	return paths[path_count++];
}

void user_write(const char *name, const void *bytes, size_t len)
{
	FILE *file = fopen(user_path(name), "we");

	NEEDED(file != NULL && fwrite(bytes, 1, len, file) == len);
	NEEDED(fclose(file) == 0);
}

static void read_file(struct buffer *out, const char *path)
{
	NEEDED(file_read_all(out, path, FILE_MAX, NULL) == BE_OK);
}

static void copy_in(const char *from, const char *name)
{
	struct buffer bytes = BUFFER_EMPTY;

	read_file(&bytes, from);
	user_write(name, bytes.data, bytes.len);
	buffer_free(&bytes);
}

void user_copy(const char *from, const char *to)
{
	copy_in(user_path(from), to);
}

bool user_has(const char *name)
{
	struct stat st;

	return lstat(user_path(name), &st) == 0;
}

bool user_same(const char *a, const char *b)
{
	struct buffer one = BUFFER_EMPTY;
	struct buffer other = BUFFER_EMPTY;
	bool same;

	read_file(&one, user_path(a));
	read_file(&other, user_path(b));
	same = one.len == other.len && memcmp(one.data, other.data, one.len) == 0;
	buffer_free(&one);
	buffer_free(&other);
	return same;
}

unsigned user_mode(const char *name)
{
	struct stat st;

	NEEDED(lstat(user_path(name), &st) == 0);
	return st.st_mode & 07777u;
}

static void make_folders(void)
{
	static const char *const folders[] = { "documents", ".config", ".config/besign", ".local", ".local/share",
		".local/share/besign", ".local/share/besign/trust" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		NEEDED(mkdir(user_path(folders[i]), 0700) == 0);
}

/* The program has the clock of the machine, so these certificates do too. */
static void make_identity(int iterations)
{
	const int64_t now = time_now();
	const struct ca_wish root = { .name = "Otoritas Contoh",
		.key = ca_key(CA_P256, 0),
		.from = now - CA_DAY,
		.until = now + CA_YEAR,
		.constraints = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign" };
	X509 *authority = ca_issue(&root);
	const struct ca_wish person = { .name = USER_NAME,
		.key = ca_key(CA_P256, 1),
		.issuer = authority,
		.issuer_key = root.key,
		.from = now - CA_DAY,
		.until = now + 100 * CA_DAY + CA_DAY / 2,
		.usage = "critical,digitalSignature,nonRepudiation" };
	X509 *cert = ca_issue(&person);
	struct buffer out = BUFFER_EMPTY;

	ca_p12(&out, USER_PASSPHRASE, person.key, cert, NULL, iterations);
	user_write("documents/key.p12", out.data, out.len);
	buffer_reset(&out);
	ca_pem(&out, authority);
	user_write(".local/share/besign/trust/contoh.pem", out.data, out.len);
	NEEDED(chmod(user_path(".local/share/besign/trust/contoh.pem"), 0600) == 0);
	buffer_free(&out);
	X509_free(cert);
	X509_free(authority);
}

static void make_home(int iterations)
{
	static const char config[] = "revocation = none\n";
	const char *where = getenv("TMPDIR");
	const char *top = getenv("TOP");
	char *letter = terminal_format("%s/contrib/letter.pdf", top != NULL ? top : ".");

	home = terminal_format("%s/besign-user.XXXXXX", where != NULL ? where : "/tmp");
	NEEDED(mkdtemp(home) != NULL);
	make_folders();
	make_identity(iterations);
	copy_in(letter, "documents/letter.pdf");
	copy_in(letter, "documents/report.pdf");
	user_write(".config/besign/config", config, strlen(config));
	NEEDED(chmod(user_path(".config/besign/config"), 0600) == 0);
	free(letter);
}

void user_make(void)
{
	make_home(1000);
}

void user_make_slow(void)
{
	make_home(250000);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void user_clear(void)
{
	(void)nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	while (path_count > 0)
		free(paths[--path_count]);
	free(home);
	home = NULL;
}

int user_setup(void **state)
{
	(void)state;
	user_make();
	return 0;
}

int user_teardown(void **state)
{
	(void)state;
	user_clear();
	return 0;
}

/* ---- what can be found in it ---- */

static struct {
	const char *text;
	size_t names; /* that have it */
	size_t files;
} search;

static int search_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	struct buffer bytes = BUFFER_EMPTY;

	(void)st;
	search.names += at->level > 0 && strstr(path + at->base, search.text) != NULL;
	if (type == FTW_F) {
		read_file(&bytes, path);
		search.files += memmem(bytes.data, bytes.len, search.text, strlen(search.text)) != NULL;
		buffer_free(&bytes);
	}
	return 0;
}

static void search_for(const char *folder, const char *text)
{
	search.text = text;
	search.names = search.files = 0;
	NEEDED(nftw(user_path(folder), search_one, 16, FTW_PHYS) == 0);
}

size_t user_count(const char *folder, const char *text)
{
	search_for(folder, text);
	return search.names;
}

static bool has_in_proc(const struct terminal *t, const char *what, const char *text)
{
	char *path = terminal_format("/proc/%d/%s", terminal_program(t), what);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[65536];
	ssize_t len = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : 0;
	const bool found = len > 0 && memmem(bytes, (size_t)len, text, strlen(text)) != NULL;

	NEEDED(len > 0);
	(void)close(fd);
	free(path);
	return found;
}

bool user_left(struct terminal *t, const char *secret)
{
	search_for("", secret);
	return search.names > 0 || search.files > 0 || has_in_proc(t, "cmdline", secret) ||
		has_in_proc(t, "environ", secret) ||
		memmem(terminal_wire(t), terminal_bytes(t), secret, strlen(secret)) != NULL;
}

int user_run(const char *command)
{
	int status;

	NEEDED(setenv("HOME", home, 1) == 0);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- at the keyboard ---- */

struct terminal *user_start_as(const struct terminal_setup *setup)
{
	const char *besign[] = { getenv("BESIGN"), NULL };
	const char *environment[16] = { "BESIGN_LANG=en" };
	struct terminal_setup whole = *setup;
	struct terminal *t;

	NEEDED(besign[0] != NULL);
	for (size_t i = 0; setup->environment != NULL && setup->environment[i] != NULL; i++) {
		NEEDED(i + 2 < sizeof(environment) / sizeof(environment[0]));
		environment[i + 1] = setup->environment[i];
	}
	whole.environment = environment;
	if (whole.command == NULL)
		whole.command = besign;
	whole.home = home;
	if (whole.directory == NULL)
		whole.directory = user_path("documents");
	t = terminal_start(&whole);
	assert_true(terminal_idle(t));
	return t;
}

struct terminal *user_start(const char *const *environment)
{
	return user_start_as(&(struct terminal_setup){ .environment = environment });
}

void user_press(struct terminal *t, const char *keys)
{
	assert_true(terminal_press(t, keys));
	assert_true(terminal_idle(t));
}

void user_type(struct terminal *t, const char *text)
{
	assert_true(terminal_type(t, text));
	assert_true(terminal_idle(t));
}

void user_paste(struct terminal *t, const char *text)
{
	assert_true(terminal_paste(t, text));
	assert_true(terminal_idle(t));
}

void user_resize(struct terminal *t, int rows, int columns)
{
	assert_true(terminal_resize(t, rows, columns));
	assert_true(terminal_idle(t));
}

void user_open(struct terminal *t, const char *name)
{
	user_press(t, "/");
	user_type(t, name);
	user_press(t, "Enter");
	user_press(t, "Enter");
}

void user_choose(struct terminal *t, const char *document, const char *key_file)
{
	user_press(t, "o");
	user_open(t, document);
	if (key_file != NULL) {
		user_press(t, "Enter");
		user_open(t, key_file);
	}
	user_press(t, "s");
}

/* ---- looking ---- */

static _Noreturn void show_and_fail(struct terminal *t, const char *why, const char *text, const char *file, int line)
{
	const struct terminal_cursor cursor = terminal_cursor_of(t);

	print_error("%s: \"%s\"; the cursor is at row %d, column %d\n%s\n", why, text, cursor.row, cursor.column,
		terminal_text(t));
	_fail(file, line);
	abort();
}

void user_look(struct terminal *t, const char *text, bool there, const char *file, int line)
{
	if (terminal_find(t, text, NULL, NULL) != there)
		show_and_fail(t, there ? "not on the screen" : "on the screen", text, file, line);
}

void user_look_at_focus(struct terminal *t, const char *text, const char *file, int line)
{
	const struct terminal_cursor cursor = terminal_cursor_of(t);
	const char *row = terminal_row(t, cursor.row);

	if (!cursor.visible || row[0] != '>' || strstr(row, text) == NULL)
		show_and_fail(t, "the focus is not on", text, file, line);
}

void user_leave(struct terminal **t, bool quits, int status, const char *file, int line)
{
	int ended;

	if (quits) {
		user_press(*t, "F10");
		if (!terminal_find(*t, "Quit BeSign?", NULL, NULL) &&
			!terminal_find(*t, "Keluar dari BeSign?", NULL, NULL))
			show_and_fail(*t, "it does not ask", "whether to quit", file, line);
		assert_true(terminal_press(*t, "2"));
	}
	ended = terminal_wait_end(*t);
	if (ended != status || !terminal_is_restored(*t) || *terminal_errors(*t) != '\0') {
		print_error("ended with status %d, and not %d; said: %s\n", ended, status, terminal_errors(*t));
		_fail(file, line);
	}
	terminal_close(t);
}
