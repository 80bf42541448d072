/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a helper is started with, and what it can and cannot do in the sandbox. tests/make/box_probe.c
 * tries. */

#include "box/box.h"
#include "box/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 30000
#define ANSWER_MAX 4096u
#define CONTENT "%PDF-1.7 and nothing more\n"

static char probe[PATH_MAX];
static char directory[] = "/tmp/box_sandbox.XXXXXX";
static char victim[sizeof(directory) + 8];
static int document = -1;       /* the victim, open for reading and writing */

static void need_probe(void)
{
	if (probe[0] != '\0')
		return;
	print_message("skipped: BUILD does not name the directory of the built programs\n");
	skip();
}

/* Starts the probe and lets it enter the layers. */
static struct box *start(const char *layers)
{
	struct buffer answer = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	struct box *box = NULL;
	char message[PATH_MAX + 64];

	need_probe();
	(void)snprintf(message, sizeof(message), "%s\t%s", layers, victim);
	if (box_start(&box, probe, document, &err) != BE_OK ||
	    box_ask(box, message, strlen(message), &answer, ANSWER_MAX, PATIENCE_MS, &err) != BE_OK)
		fail_msg("%s: %s: %s", layers, err.msgid, err.detail);
	buffer_free(&answer);
	return box;
}

/* Lets the probe try one act on the victim. The outcome is its answer, or the error's detail when there was
 * none. */
static enum be_err ask(struct box *box, const char *act, char outcome[static ANSWER_MAX])
{
	struct buffer answer = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	char message[PATH_MAX];
	enum be_err rc;

	(void)snprintf(message, sizeof(message), "%s\t%s", act, victim);
	rc = box_ask(box, message, strlen(message), &answer, ANSWER_MAX - 1, PATIENCE_MS, &err);
	if (rc != BE_OK)
		buffer_add_str(&answer, err.detail);
	buffer_add_byte(&answer, '\0');
	assert_int_equal(buffer_check(&answer, NULL), BE_OK);
	memcpy(outcome, answer.data, answer.len);
	buffer_free(&answer);
	return rc;
}

static enum be_err try(const char *layers, const char *act, char outcome[static ANSWER_MAX])
{
	struct box *box = start(layers);
	const enum be_err rc = ask(box, act, outcome);

	box_free(&box);
	return rc;
}

static void assert_victim_untouched(const char *after)
{
	char content[sizeof(CONTENT)] = "";
	const struct dirent *entry;
	DIR *dir = opendir(directory);
	struct stat st;
	int names = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		names += entry->d_name[0] != '.';
	(void)closedir(dir);
	if (names != 1 || stat(victim, &st) != 0 || (st.st_mode & 07777) != 0600 ||
	    pread(document, content, sizeof(content), 0) != sizeof(CONTENT) - 1 || strcmp(content, CONTENT) != 0)
		fail_msg("\"%s\" changed something", after);
}

static const char *const forbidden[] = {
	"read a file", "list the root", "read its own memory", "append to the file", "hold the file",
	"start a process that shares memory", "start a thread in a network of its own",
	"read the file", "write the file", "create a file", "make a nameless file",
	"open the file by openat2", "reopen the document", "remove the file", "rename the file",
	"link the file", "make a link", "make a directory", "change the mode", "look at the file",
	"follow a link", "write to the document", "write where the document stands",
	"cut the document", "change the document's mode", "lock the document",
	"duplicate a descriptor", "mount", "change the root", "type into a terminal", "open a socket",
	"make a pair of sockets", "connect", "send to an address", "pass descriptors",
	"take descriptors", "make a file in memory", "map executable memory",
	"map memory for everything", "map the document executable", "make memory executable",
	"make memory executable by key", "share memory pages", "use a keyring",
	"load a kernel program", "set up a ring", "listen to events", "handle page faults",
	"start a process", "start a process by vfork", "start a process by clone3", "run a program",
	"run a program by descriptor", "leave the namespaces", "be traced", "read the parent's memory",
	"hold the parent", "signal the parent", "signal everyone", "signal a thread of the parent",
	"become someone", "raise a limit", "be dumpable", "change the personality",
#ifdef __x86_64__
	"read a file as x32",
#endif
};

static void assert_all_forbidden(const char *layers)
{
	char outcome[ANSWER_MAX];

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		const enum be_err rc = try(layers, forbidden[i], outcome);

		if (rc != BE_HELPER || strcmp(outcome, "refused system call") != 0)
			fail_msg("%s, \"%s\": %s", layers, forbidden[i], outcome);
		assert_victim_untouched(forbidden[i]);
	}
}

static void every_forbidden_act_kills_the_helper(void **state)
{
	(void)state;
	assert_all_forbidden("all");
}

static void seccomp_alone_kills_for_every_forbidden_act(void **state)
{
	(void)state;
	assert_all_forbidden("seccomp, landlock 0");
}

/* ---- a helper that opens fonts: box_enter_reading and box_enter_closed, which besign-render enters ---- */

static void need_landlock(void)
{
	struct box_offers offers;

	box_probe(&offers);
	if (offers.landlock_abi > 0)
		return;
	print_message("skipped: this kernel has no Landlock\n");
	skip();
}

/* What such a helper is allowed more, or is told "no" where its libraries do with that: everything else
 * kills it as it does any other. The victim is the one file that it may read. */
static const struct { const char *act, *outcome; } while_reading[] = {
	{ "read the file", "done" },
	{ "look at the file", "done" },
	{ "follow a link", "done" },
	{ "read a file", "refused EACCES" },
	{ "list the root", "refused EACCES" },
	{ "read its own memory", "refused EACCES" },
	{ "start a process by clone3", "refused ENOSYS" },
};

static const char *outcome_while_reading(const char *act)
{
	for (size_t i = 0; i < sizeof(while_reading) / sizeof(while_reading[0]); i++) {
		if (strcmp(act, while_reading[i].act) == 0)
			return while_reading[i].outcome;
	}
	return "refused system call";
}

static void a_helper_that_reads_fonts_may_do_little_more(void **state)
{
	char outcome[ANSWER_MAX];

	(void)state;
	need_landlock();
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		(void)try("reading", forbidden[i], outcome);
		if (strcmp(outcome, outcome_while_reading(forbidden[i])) != 0)
			fail_msg("\"%s\": %s", forbidden[i], outcome);
		assert_victim_untouched(forbidden[i]);
	}
}

static void landlock_alone_lets_it_read_what_it_was_given(void **state)
{
	static const struct { const char *act, *outcome; } acts[] = {
		{ "read the file", "done" }, { "read a file", "refused EACCES" },
		{ "write the file", "refused EACCES" }, { "append to the file", "refused EACCES" },
		{ "create a file", "refused EACCES" }, { "remove the file", "refused EACCES" },
		{ "reopen the document", "refused EACCES" }, { "list the root", "refused EACCES" },
		{ "start a thread", "refused EACCES" },
	};
	struct box *box;
	char outcome[ANSWER_MAX];

	(void)state;
	need_landlock();
	box = start("reading, landlock");
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (ask(box, acts[i].act, outcome) != BE_OK || strcmp(outcome, acts[i].outcome) != 0)
			fail_msg("\"%s\": %s", acts[i].act, outcome);
		assert_victim_untouched(acts[i].act);
	}
	box_free(&box);
}

static void what_it_needs_works_in_its_sandbox(void **state)
{
	static const struct { const char *act, *answer; } acts[] = {
		{ "read the document", "done " CONTENT }, { "map the document", "done %PDF-" },
		{ "use memory", "done x" }, { "sort", "done 1" }, { "tell the time", "done 1970-01-02" },
		{ "start a thread", "refused EACCES" }, { "take more time", "done 100" },
	};
	struct box *box;
	char outcome[ANSWER_MAX];

	(void)state;
	need_landlock();
	box = start("reading");
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (ask(box, acts[i].act, outcome) != BE_OK || strcmp(outcome, acts[i].answer) != 0)
			fail_msg("\"%s\": %s", acts[i].act, outcome);
	}
	box_free(&box);
}

static void a_thread_that_runs_already_is_no_way_around(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct buffer answer = BUFFER_EMPTY;
	struct box *box = NULL;

	(void)state;
	need_probe();
	assert_int_equal(box_start(&box, probe, document, &err), BE_OK);
	assert_int_equal(box_ask(box, "reading, but not alone", 22, &answer, 10, PATIENCE_MS, &err), BE_SANDBOX);
	box_free(&box);
}

static void its_limits_are_set(void **state)
{
	char outcome[ANSWER_MAX];
	char limits[64];

	(void)state;
	assert_int_equal(try("reading, limits", "list limits", outcome), BE_OK);
	(void)snprintf(limits, sizeof(limits), " as=%zu fsize=0 ", ((size_t)1 << 30) + sizeof(CONTENT) - 1);
#if !BOX_SANITIZED
	assert_non_null(strstr(outcome, limits));
#endif
	assert_non_null(strstr(outcome, " cpu=30 nofile=64 "));
	assert_non_null(strstr(outcome, " core=0 dumpable=0 privileges=0"));
}

static void *start_reading(void *box)
{
	*(struct box **)box = start("reading");
	return NULL;
}

static void it_outlives_the_thread_that_started_it(void **state)
{
	struct box *box = NULL;
	char outcome[ANSWER_MAX];
	pthread_t thread;

	(void)state;
	need_probe();
	need_landlock();
	assert_int_equal(pthread_create(&thread, NULL, start_reading, &box), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(ask(box, "use memory", outcome), BE_OK);
	assert_string_equal(outcome, "done x");
	box_free(&box);
}

static void asking_ends_when_it_is_cancelled(void **state)
{
	const atomic_bool cancelled = true;
	struct be_error err = { .code = BE_OK };
	struct buffer answer = BUFFER_EMPTY;
	struct box *box = start("none");
	char outcome[ANSWER_MAX];

	(void)state;
	assert_int_equal(ask(box, "use memory", outcome), BE_OK);
	box_cancel_by(box, &cancelled);
	assert_int_equal(box_ask(box, "say nothing", 11, &answer, 10, 3600 * 1000, &err), BE_CANCELLED);
	assert_int_equal(err.code, BE_CANCELLED);
	box_cancel_by(box, NULL);
	assert_int_equal(ask(box, "use memory", outcome), BE_CANCELLED);        /* it was killed */
	box_free(&box);
}

/* A kernel without the i386 gate answers with a fault. */
static void the_32_bit_gate_is_shut(void **state)
{
	char outcome[ANSWER_MAX];

	(void)state;
#ifdef __x86_64__
	assert_int_equal(try("all", "ask as i386", outcome), BE_HELPER);
	assert_true(strcmp(outcome, "refused system call") == 0 || strcmp(outcome, "signal SEGV") == 0);
#else
	(void)outcome;
	print_message("skipped: only x86-64 has a gate for another machine's calls\n");
	skip();
#endif
}

/* The other half of the table above: the probe's acts are real, and something else than the sandbox does
 * not stop them. */
static void without_a_sandbox_the_same_acts_succeed(void **state)
{
	static const char *const harmless[] = {
		"read a file", "read the file", "look at the file", "follow a link", "open a socket",
		"make a file in memory", "map executable memory", "make memory executable",
		"start a process", "start a process by clone3", "signal the parent",
		"duplicate a descriptor", "be dumpable",
	};
	struct box *box = start("none");
	char outcome[ANSWER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		if (ask(box, harmless[i], outcome) != BE_OK || strcmp(outcome, "done") != 0)
			fail_msg("\"%s\": %s", harmless[i], outcome);
	}
	box_free(&box);
}

static void landlock_alone_refuses_files(void **state)
{
	static const char *const acts[] = {
		"read a file", "read the file", "write the file", "create a file",
		"make a nameless file", "remove the file", "rename the file", "make a link",
		"make a directory", "reopen the document",
	};
	struct box_offers offers;
	char outcome[ANSWER_MAX];

	(void)state;
	box_probe(&offers);
	if (offers.landlock_abi == 0) {
		print_message("skipped: this kernel has no Landlock\n");
		skip();
	}
	for (int abi = 1; abi <= 7 && abi <= offers.landlock_abi; abi++) {
		char layers[32];
		struct box *box;

		(void)snprintf(layers, sizeof(layers), "landlock %d", abi);
		box = start(layers);
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
			if (ask(box, acts[i], outcome) != BE_OK || strcmp(outcome, "refused EACCES") != 0)
				fail_msg("%s, \"%s\": %s", layers, acts[i], outcome);
			assert_victim_untouched(acts[i]);
		}
		box_free(&box);
	}
}

static void what_a_helper_needs_works_in_the_sandbox(void **state)
{
	static const struct { const char *act, *answer; } acts[] = {
		{ "read the document", "done " CONTENT },
		{ "measure the document", "done 26" },
		{ "map the document", "done %PDF-" },
		{ "use memory", "done x" },
		{ "hash", "done 32 ba7816bf" },
		{ "sort", "done 1" },
		{ "tell the time", "done 1970-01-02" },
	};
	struct box *box = start("all");
	char outcome[ANSWER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (ask(box, acts[i].act, outcome) != BE_OK || strcmp(outcome, acts[i].answer) != 0)
			fail_msg("\"%s\": %s", acts[i].act, outcome);
	}
	box_free(&box);
}

static void too_much_memory_is_an_error_and_no_crash(void **state)
{
	char outcome[ANSWER_MAX];

	(void)state;
#if BOX_SANITIZED
	(void)outcome;
	print_message("skipped: a sanitizer's address space cannot be limited\n");
	skip();
#else
	assert_int_equal(try("all", "use too much memory", outcome), BE_OK);
	assert_string_equal(outcome, "refused ENOMEM");
#endif
}

static void the_limits_are_set(void **state)
{
	char outcome[ANSWER_MAX];
	char limits[64];

	(void)state;
	assert_int_equal(try("limits", "list limits", outcome), BE_OK);
	/* The document may be mapped beside the bound. */
	(void)snprintf(limits, sizeof(limits), " as=%zu fsize=0 ", ((size_t)1 << 30) + sizeof(CONTENT) - 1);
#if !BOX_SANITIZED
	assert_non_null(strstr(outcome, limits));
#endif
	assert_non_null(strstr(outcome, " cpu=30 nofile=5 nproc=0 core=0 dumpable=0 privileges=0"));
}

static void a_document_that_we_can_write_can_only_be_read_by_the_helper(void **state)
{
	struct box *box = start("none");
	char outcome[ANSWER_MAX];

	(void)state;
	assert_int_equal(ask(box, "write to the document", outcome), BE_OK);
	assert_string_equal(outcome, "refused EBADF");
	assert_int_equal(ask(box, "cut the document", outcome), BE_OK);
	assert_string_equal(outcome, "refused EINVAL");
	assert_int_equal(ask(box, "read the document", outcome), BE_OK);
	assert_string_equal(outcome, "done " CONTENT);
	box_free(&box);
	assert_victim_untouched("writing without a sandbox");
}

static void a_helper_gets_no_descriptor_of_ours(void **state)
{
	const int leaky = fcntl(document, F_DUPFD, 100);        /* not close-on-exec */
	char outcome[ANSWER_MAX];

	(void)state;
	assert_true(leaky >= 0);
	assert_int_equal(try("none", "list descriptors", outcome), BE_OK);
	assert_string_equal(outcome, "done 0 1 2 3 4");
	(void)close(leaky);
}

static void without_a_document_there_is_no_fifth_descriptor(void **state)
{
	const int kept = document;
	char outcome[ANSWER_MAX];
	enum be_err rc;

	(void)state;
	need_probe();
	document = -1;
	rc = try("none", "list descriptors", outcome);
	document = kept;
	assert_int_equal(rc, BE_OK);
	assert_string_equal(outcome, "done 0 1 2 3");
}

static void a_helper_gets_no_environment_of_ours(void **state)
{
	char outcome[ANSWER_MAX];

	(void)state;
	assert_int_equal(setenv("LD_PRELOAD_OF_THE_TEST", "canary", 1), 0);
	assert_int_equal(try("none", "list environment", outcome), BE_OK);
	assert_int_equal(unsetenv("LD_PRELOAD_OF_THE_TEST"), 0);
#if !BOX_SANITIZED
	assert_string_equal(outcome, "done LANG=C");
#endif
	assert_null(strstr(outcome, "canary"));
}

static void a_helper_starts_with_no_signal_blocked_or_ignored(void **state)
{
	char outcome[ANSWER_MAX];
	sigset_t set, before;
	enum be_err rc;

	(void)state;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	(void)signal(SIGUSR1, SIG_IGN);
	rc = try("none", "list signals", outcome);
	(void)signal(SIGUSR1, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(rc, BE_OK);
	assert_string_equal(outcome, "done");
}

/* A helper in the middle of its work does not see that its socket is closed; the signal of the parent's
 * death reaches it. */
static void assert_busy_helper_dies(const char *layers, bool killed)
{
	char outcome[ANSWER_MAX];
	int status = 0;
	pid_t middle;

	need_probe();
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	middle = fork();
	assert_true(middle >= 0);
	if (middle == 0) {
		if (ask(start(layers), "answer and spin", outcome) == BE_OK)
			(void)raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_true(WIFSIGNALED(status));
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(killed ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL : WIFEXITED(status));
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

static void a_busy_helper_dies_with_its_parent(void **state)
{
	(void)state;
	assert_busy_helper_dies("all", true);
}

static void a_busy_helper_that_reads_dies_with_its_parent(void **state)
{
	(void)state;
	need_landlock();
	assert_busy_helper_dies("reading", false);
}

/* What box_harden says in a process of its own whose descriptor 3 is fd. */
static enum be_err harden_with(int fd)
{
	int status = 0;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(dup2(fd, BOX_FD_MESSAGES) < 0 ? BE_OK : (int)box_harden(BOX_BLIND, NULL));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum be_err)WEXITSTATUS(status);
}

static void a_helper_enters_only_under_the_parent_that_made_its_socket(void **state)
{
	int ends[2];
	pid_t middle;
	int status = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(harden_with(ends[1]), BE_OK);
	assert_int_equal(harden_with(document), BE_SANDBOX);    /* run by hand: no socket */
	middle = fork();
	assert_true(middle >= 0);
	if (middle == 0)
		_exit((int)harden_with(ends[1]));       /* a grandchild: its parent did not make the socket */
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), BE_SANDBOX);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void a_missing_helper_is_an_error_that_names_it(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct buffer path = BUFFER_EMPTY;
	struct box *box = NULL;

	(void)state;
	need_probe();
	assert_int_equal(box_start(&box, "besign-nothing", -1, &err), BE_HELPER);
	assert_null(box);
	assert_non_null(strstr(err.detail, "/besign-nothing: "));
	assert_int_equal(box_find(&path, "/nonexistent/helper", &err), BE_HELPER);
	assert_int_equal(box_find(&path, probe, &err), BE_OK);
	assert_string_equal((const char *)path.data, probe);
	buffer_free(&path);
}

static void a_helper_is_found_beside_the_running_program(void **state)
{
	struct buffer path = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(box_find(&path, "box_sandbox", NULL), BE_OK);
	assert_int_equal(path.data[0], '/');
	assert_int_equal(path.data[path.len], '\0');
	buffer_free(&path);
}

static int set_up(void **state)
{
	const char *build = getenv("BUILD");

	(void)state;
	if (build != NULL)
		(void)snprintf(probe, sizeof(probe), "%s/tests/make/box_probe", build);
	if (mkdtemp(directory) == NULL)
		return -1;
	(void)snprintf(victim, sizeof(victim), "%s/victim", directory);
	document = open(victim, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return write(document, CONTENT, sizeof(CONTENT) - 1) == sizeof(CONTENT) - 1 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	(void)close(document);
	(void)unlink(victim);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_forbidden_act_kills_the_helper),
		cmocka_unit_test(seccomp_alone_kills_for_every_forbidden_act),
		cmocka_unit_test(a_helper_that_reads_fonts_may_do_little_more),
		cmocka_unit_test(landlock_alone_lets_it_read_what_it_was_given),
		cmocka_unit_test(what_it_needs_works_in_its_sandbox),
		cmocka_unit_test(a_thread_that_runs_already_is_no_way_around),
		cmocka_unit_test(its_limits_are_set),
		cmocka_unit_test(it_outlives_the_thread_that_started_it),
		cmocka_unit_test(asking_ends_when_it_is_cancelled),
		cmocka_unit_test(the_32_bit_gate_is_shut),
		cmocka_unit_test(without_a_sandbox_the_same_acts_succeed),
		cmocka_unit_test(landlock_alone_refuses_files),
		cmocka_unit_test(what_a_helper_needs_works_in_the_sandbox),
		cmocka_unit_test(too_much_memory_is_an_error_and_no_crash),
		cmocka_unit_test(the_limits_are_set),
		cmocka_unit_test(a_document_that_we_can_write_can_only_be_read_by_the_helper),
		cmocka_unit_test(a_helper_gets_no_descriptor_of_ours),
		cmocka_unit_test(without_a_document_there_is_no_fifth_descriptor),
		cmocka_unit_test(a_helper_gets_no_environment_of_ours),
		cmocka_unit_test(a_helper_starts_with_no_signal_blocked_or_ignored),
		cmocka_unit_test(a_busy_helper_dies_with_its_parent),
		cmocka_unit_test(a_busy_helper_that_reads_dies_with_its_parent),
		cmocka_unit_test(a_helper_enters_only_under_the_parent_that_made_its_socket),
		cmocka_unit_test(a_missing_helper_is_an_error_that_names_it),
		cmocka_unit_test(a_helper_is_found_beside_the_running_program),
	};

	return cmocka_run_group_tests_name("box/sandbox", tests, set_up, tear_down);
}
