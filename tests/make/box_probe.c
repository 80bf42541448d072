/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A helper for the tests of box. The first message names the layers of the sandbox to enter, and is
 * answered "ready". Every message after it is an act, then perhaps a tab and the path of a file, and this
 * program tries it: what a real helper does, what no helper may do, or bad manners on the socket. The
 * answer is "done …", or "refused ERRNO" when the kernel said no and left the process alive.
 */

#include "box/box.h"
#include "box/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MAX (32u << 20)
#define PATH_SIZE 4096
#define PAGE 65536              /* at least a page on every machine */

static char place[PATH_SIZE];           /* of the file that the test gives with an act */
static char beside[PATH_SIZE];          /* a name in the same directory that is free */
static char directory[PATH_SIZE];
static char *page;                      /* memory to read and write */

/* ---- what no helper may do ---- */

struct call {
	const char *act;
	long number;
	long args[6];
};

/* One system call, made raw, so that a refusal is of this call and not of another that a library makes
 * first. */
static bool try_call(const struct call *c, long *result)
{
	const pid_t self = getpid();

	*result = syscall(c->number, c->args[0], c->args[1], c->args[2], c->args[3], c->args[4], c->args[5]);
	if (getpid() != self)
		_exit(0);       /* a child that should not be */
	return true;
}

static bool try_files(const char *act, long *result)
{
	const struct call calls[] = {
		{ "read a file", SYS_openat, { AT_FDCWD, (long)"/etc/passwd", O_RDONLY } },
		{ "list the root", SYS_openat, { AT_FDCWD, (long)"/", O_RDONLY | O_DIRECTORY } },
		{ "read its own memory", SYS_openat, { AT_FDCWD, (long)"/proc/self/mem", O_RDONLY } },
		{ "append to the file", SYS_openat, { AT_FDCWD, (long)place, O_WRONLY | O_APPEND } },
		{ "hold the file", SYS_openat, { AT_FDCWD, (long)place, O_PATH } },
		{ "read the file", SYS_openat, { AT_FDCWD, (long)place, O_RDONLY } },
		{ "write the file", SYS_openat, { AT_FDCWD, (long)place, O_WRONLY | O_TRUNC } },
		{ "create a file", SYS_openat, { AT_FDCWD, (long)beside, O_CREAT | O_WRONLY, 0600 } },
		{ "make a nameless file", SYS_openat, { AT_FDCWD, (long)directory, O_TMPFILE | O_RDWR, 0600 } },
		{ "open the file by openat2", SYS_openat2, { AT_FDCWD, (long)place, (long)page, 24 } },
		{ "reopen the document", SYS_openat, { AT_FDCWD, (long)"/proc/self/fd/4", O_RDWR } },
		{ "remove the file", SYS_unlinkat, { AT_FDCWD, (long)place, 0 } },
		{ "rename the file", SYS_renameat2, { AT_FDCWD, (long)place, AT_FDCWD, (long)beside, 0 } },
		{ "link the file", SYS_linkat, { AT_FDCWD, (long)place, AT_FDCWD, (long)beside, 0 } },
		{ "make a link", SYS_symlinkat, { (long)place, AT_FDCWD, (long)beside } },
		{ "make a directory", SYS_mkdirat, { AT_FDCWD, (long)beside, 0700 } },
		{ "change the mode", SYS_fchmodat, { AT_FDCWD, (long)place, 0777 } },
		{ "look at the file", SYS_newfstatat, { AT_FDCWD, (long)place, (long)page, 0 } },
		{ "follow a link", SYS_readlinkat, { AT_FDCWD, (long)"/proc/self/exe", (long)page, 64 } },
		{ "write to the document", SYS_pwrite64, { BOX_FD_DOCUMENT, (long)"x", 1, 0 } },
		{ "write where the document stands", SYS_write, { BOX_FD_DOCUMENT, (long)"x", 1 } },
		{ "cut the document", SYS_ftruncate, { BOX_FD_DOCUMENT, 0 } },
		{ "change the document's mode", SYS_fchmod, { BOX_FD_DOCUMENT, 0777 } },
		{ "lock the document", SYS_flock, { BOX_FD_DOCUMENT, 2 } },
		{ "duplicate a descriptor", SYS_fcntl, { BOX_FD_DOCUMENT, F_DUPFD, 0 } },
		{ "mount", SYS_mount, { (long)"none", (long)directory, (long)"nothing", 0, 0 } },
		{ "change the root", SYS_chroot, { (long)directory } },
		{ "type into a terminal", SYS_ioctl, { STDIN_FILENO, TIOCSTI, (long)page } },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(act, calls[i].act) == 0)
			return try_call(&calls[i], result);
	}
	return false;
}

static bool try_sockets_and_memory(const char *act, long *result)
{
	static struct sockaddr_un nowhere = { .sun_family = AF_UNIX };
	static struct msghdr empty;
	const long shut = PROT_READ | PROT_EXEC;
	const long data = MAP_PRIVATE | MAP_ANONYMOUS;
	const struct call calls[] = {
		{ "open a socket", SYS_socket, { AF_INET, SOCK_STREAM, 0 } },
		{ "make a pair of sockets", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, (long)page } },
		{ "connect", SYS_connect, { BOX_FD_MESSAGES, (long)&nowhere, sizeof(nowhere) } },
		{ "send to an address", SYS_sendto, { BOX_FD_MESSAGES, (long)"x", 1, 0, (long)&nowhere,
			sizeof(nowhere) } },
		{ "pass descriptors", SYS_sendmsg, { BOX_FD_MESSAGES, (long)&empty, 0 } },
		{ "take descriptors", SYS_recvmsg, { BOX_FD_MESSAGES, (long)&empty, MSG_DONTWAIT } },
		{ "make a file in memory", SYS_memfd_create, { (long)"probe", 0 } },
		{ "map executable memory", SYS_mmap, { 0, PAGE, shut, data, -1, 0 } },
		{ "map memory for everything", SYS_mmap, { 0, PAGE, shut | PROT_WRITE, data, -1, 0 } },
		{ "map the document executable", SYS_mmap, { 0, PAGE, shut, MAP_PRIVATE, BOX_FD_DOCUMENT, 0 } },
		{ "make memory executable", SYS_mprotect, { (long)page, PAGE, shut } },
		{ "make memory executable by key", SYS_pkey_mprotect, { (long)page, PAGE, shut, -1 } },
		{ "share memory pages", SYS_madvise, { (long)page, PAGE, MADV_MERGEABLE } },
		{ "use a keyring", SYS_keyctl, { KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1 } },
		{ "load a kernel program", SYS_bpf, { 0, (long)page, 128 } },
		{ "set up a ring", SYS_io_uring_setup, { 1, (long)page } },
		{ "listen to events", SYS_perf_event_open, { (long)page, 0, -1, -1, 0 } },
		{ "handle page faults", SYS_userfaultfd, { 0 } },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(act, calls[i].act) == 0)
			return try_call(&calls[i], result);
	}
	return false;
}

static long parent;                     /* asked for before the sandbox forbids asking */

static bool try_processes(const char *act, long *result)
{
	static uint64_t clone_args[8] = { 0, 0, 0, 0, SIGCHLD, 0, 0, 0 };
	static struct rlimit more = { 64, 64 };
	static char *nothing[] = { NULL };
	const struct call calls[] = {
		{ "start a process", SYS_clone, { SIGCHLD } },
		{ "start a process that shares memory", SYS_clone, { CLONE_VM | SIGCHLD } },
		{ "start a thread in a network of its own", SYS_clone,
			{ CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWNET } },
		{ "start a process by vfork", SYS_clone, { CLONE_VFORK | SIGCHLD } },
		{ "start a process by clone3", SYS_clone3, { (long)clone_args, sizeof(clone_args) } },
		{ "run a program", SYS_execve, { (long)"/bin/true", (long)nothing, (long)nothing } },
		{ "run a program by descriptor", SYS_execveat,
			{ BOX_FD_DOCUMENT, (long)"", (long)nothing, (long)nothing, AT_EMPTY_PATH } },
		{ "leave the namespaces", SYS_unshare, { CLONE_NEWUSER } },
		{ "be traced", SYS_ptrace, { PTRACE_TRACEME } },
		{ "read the parent's memory", SYS_process_vm_readv, { parent } },
		{ "hold the parent", SYS_pidfd_open, { parent } },
		{ "signal the parent", SYS_kill, { parent } },
		{ "signal everyone", SYS_kill, { -1 } },
		{ "signal a thread of the parent", SYS_tgkill, { parent, parent } },
		{ "become someone", SYS_setuid, { 65534 } },
		{ "raise a limit", SYS_prlimit64, { parent, RLIMIT_NOFILE, (long)&more } },
		{ "be dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1 } },
		{ "change the personality", SYS_personality, { 0x0400000 /* READ_IMPLIES_EXEC */ } },
#ifdef __x86_64__
		{ "read a file as x32", 0x40000000L | SYS_open, { (long)"/etc/passwd", O_RDONLY } },
#endif
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(act, calls[i].act) == 0)
			return try_call(&calls[i], result);
	}
#ifdef __x86_64__
	if (strcmp(act, "ask as i386") == 0) {
		__asm__ volatile("int $0x80" : "=a"(*result) : "a"(20L /* getpid */) : "memory");
		return true;
	}
#endif
	return false;
}

static bool try_forbidden(const char *act, struct buffer *answer)
{
	long result = 0;

	if (!try_files(act, &result) && !try_sockets_and_memory(act, &result) && !try_processes(act, &result))
		return false;
	if (result == -1)
		buffer_printf(answer, "refused %s", strerrorname_np(errno));
	else
		buffer_add_str(answer, "done");
	return true;
}

/* ---- what a helper does ---- */

static void read_the_document(struct buffer *answer)
{
	char piece[64];
	const ssize_t n = pread(BOX_FD_DOCUMENT, piece, sizeof(piece), 0);

	if (n < 0)
		buffer_printf(answer, "refused %s", strerrorname_np(errno));
	else
		buffer_printf(answer, "done %.*s", (int)n, piece);
}

static void measure_the_document(struct buffer *answer)
{
	struct stat st;

	if (fstat(BOX_FD_DOCUMENT, &st) != 0)
		buffer_printf(answer, "refused %s", strerrorname_np(errno));
	else
		buffer_printf(answer, "done %jd", (intmax_t)st.st_size);
}

static void map_the_document(struct buffer *answer)
{
	char *bytes = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, BOX_FD_DOCUMENT, 0);

	if (bytes == MAP_FAILED) {
		buffer_printf(answer, "refused %s", strerrorname_np(errno));
		return;
	}
	buffer_printf(answer, "done %.5s", bytes);
	(void)munmap(bytes, PAGE);
}

static void use_memory(struct buffer *answer, size_t size)
{
	char *volatile bytes = malloc(size);

	if (bytes == NULL) {
		buffer_add_str(answer, "refused ENOMEM");
		return;
	}
	memset(bytes, 'x', size);
	buffer_printf(answer, "done %c", bytes[size - 1]);
	free(bytes);
}

static void hash(struct buffer *answer)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_Digest("abc", 3, digest, &len, EVP_sha256(), NULL) != 1)
		buffer_add_str(answer, "refused by libcrypto");
	else
		buffer_printf(answer, "done %u %02x%02x%02x%02x", len, digest[0], digest[1], digest[2], digest[3]);
}

static int by_value(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a;
	const unsigned y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

/* qsort asks for the size of the memory when there is much to sort. */
static void sort(struct buffer *answer)
{
	const size_t count = 100000;
	unsigned *numbers = calloc(count, sizeof(*numbers));

	if (numbers == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		numbers[i] = (unsigned)(count - i);
	qsort(numbers, count, sizeof(*numbers), by_value);
	buffer_printf(answer, "done %u", numbers[0]);
	free(numbers);
}

static void *open_beside(void *answer)
{
	const int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	buffer_printf(answer, fd < 0 ? "refused %s" : "done", strerrorname_np(errno));
	return NULL;
}

static void *wait_for_ever(void *nothing)
{
	for (;;)
		(void)pause();
	return nothing;
}

/* A thread is no way around what its starter may not do. */
static void start_a_thread(struct buffer *answer)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, open_beside, answer) != 0 || pthread_join(thread, NULL) != 0)
		buffer_add_str(answer, "no thread");
}

static void tell_the_time(struct buffer *answer)
{
	const time_t moment = 86400;
	struct tm tm;

	if (gmtime_r(&moment, &tm) != NULL && time(NULL) > 0)
		buffer_printf(answer, "done %d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* ---- what it was started with; only without the sandbox ---- */

static void list_descriptors(struct buffer *answer)
{
	buffer_add_str(answer, "done");
	for (int fd = 0; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			buffer_printf(answer, " %d", fd);
	}
}

static void list_environment(struct buffer *answer)
{
	buffer_add_str(answer, "done");
	for (char **name = environ; *name != NULL; name++)
		buffer_printf(answer, " %s", *name);
}

static void list_signals(struct buffer *answer)
{
	sigset_t blocked;

	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	buffer_add_str(answer, "done");
	for (int i = 1; i < 32; i++) {
		struct sigaction now;

		if (sigismember(&blocked, i) == 1)
			buffer_printf(answer, " blocked:%s", sigabbrev_np(i));
		if (sigaction(i, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
			buffer_printf(answer, " ignored:%s", sigabbrev_np(i));
	}
}

static void list_limits(struct buffer *answer)
{
	static const struct { const char *name; __rlimit_resource_t resource; } limits[] = {
		{ "as", RLIMIT_AS }, { "fsize", RLIMIT_FSIZE }, { "cpu", RLIMIT_CPU }, { "nofile", RLIMIT_NOFILE },
		{ "nproc", RLIMIT_NPROC }, { "core", RLIMIT_CORE },
	};

	buffer_add_str(answer, "done");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit now = { 0, 0 };

		(void)getrlimit(limits[i].resource, &now);
		buffer_printf(answer, " %s=%jd", limits[i].name, (intmax_t)now.rlim_cur);
	}
	buffer_printf(answer, " dumpable=%d privileges=%d", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
		!prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static bool do_useful(const char *act, struct buffer *answer)
{
	if (strcmp(act, "read the document") == 0)
		read_the_document(answer);
	else if (strcmp(act, "measure the document") == 0)
		measure_the_document(answer);
	else if (strcmp(act, "map the document") == 0)
		map_the_document(answer);
	else if (strcmp(act, "use memory") == 0)
		use_memory(answer, 10u << 20);
	else if (strcmp(act, "use too much memory") == 0)
		use_memory(answer, 2000u << 20);
	else if (strcmp(act, "hash") == 0)
		hash(answer);
	else if (strcmp(act, "sort") == 0)
		sort(answer);
	else if (strcmp(act, "start a thread") == 0)
		start_a_thread(answer);
	else if (strcmp(act, "take more time") == 0) {
		struct rlimit now = { 0, 0 };

		box_more_time(100);
		(void)getrlimit(RLIMIT_CPU, &now);
		buffer_printf(answer, "done %s", now.rlim_cur >= 100 && now.rlim_cur < 130 ? "100" : "nothing");
	} else if (strcmp(act, "tell the time") == 0)
		tell_the_time(answer);
	else if (strcmp(act, "list descriptors") == 0)
		list_descriptors(answer);
	else if (strcmp(act, "list environment") == 0)
		list_environment(answer);
	else if (strcmp(act, "list signals") == 0)
		list_signals(answer);
	else if (strcmp(act, "list limits") == 0)
		list_limits(answer);
	else
		return false;
	return true;
}

/* ---- bad manners ---- */

static void send_raw(const void *bytes, size_t len)
{
	if (send(BOX_FD_MESSAGES, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		_exit(1);
}

/* Some of these do not come back. False for an act that is not one of them. */
static bool misbehave(const char *act)
{
	static const uint8_t garbage[64] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x1b };

	if (strcmp(act, "say nothing") == 0)
		return true;
	if (strcmp(act, "announce too much") == 0)
		send_raw("\x01\x04\0\0", 4);
	else if (strcmp(act, "stop within the answer") == 0) {
		send_raw("\x64\0\0\0only a part", 15);
		_exit(0);
	} else if (strcmp(act, "stop within the length") == 0) {
		send_raw("\x64\0", 2);
		_exit(0);
	} else if (strcmp(act, "answer twice") == 0)
		send_raw("\x03\0\0\0one\x03\0\0\0two", 14);
	else if (strcmp(act, "answer garbage") == 0)
		send_raw(garbage, sizeof(garbage));
	else if (strcmp(act, "close the socket") == 0) {
		(void)close(BOX_FD_MESSAGES);
		for (;;)
			(void)getpid();
	} else if (strcmp(act, "exit") == 0)
		_exit(7);
	else if (strcmp(act, "exit without a sandbox") == 0)
		_exit(BOX_EXIT_NO_SANDBOX);
	else if (strcmp(act, "abort") == 0)
		abort();
	else if (strcmp(act, "answer and spin") == 0) {
		(void)box_answer("done", 4, NULL);
		for (;;)
			(void)getpid();
	} else
		return false;
	return true;
}

/* ---- the loop ---- */

static enum be_err enter(const char *layers)
{
	const int newest = box_landlock_abi();
	int abi = 0;
	enum be_err rc;

	if (strcmp(layers, "all") == 0)
		return box_enter(NULL);
	if (strcmp(layers, "reading, but not alone") == 0) {
		const char *const readable[] = { NULL };
		pthread_t thread;

		if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
			return BE_OK;
		return box_enter_reading(readable, NULL);
	}
	if (strcmp(layers, "reading") == 0) {
		const char *const readable[] = { "/nonexistent", place, NULL };

		rc = box_enter_reading(readable, NULL);
		return rc == BE_OK ? box_enter_closed(NULL) : rc;
	}
	if (strcmp(layers, "reading, landlock") == 0) {
		const char *const readable[] = { place, NULL };

		rc = box_harden(BOX_READING, NULL);
		return rc == BE_OK ? box_landlock(newest, readable, NULL) : rc;
	}
	if (strcmp(layers, "reading, limits") == 0) {
		rc = box_harden(BOX_READING, NULL);
		return rc == BE_OK ? box_limit(BOX_READING, NULL) : rc;
	}
	if (strcmp(layers, "none") == 0)
		return BE_OK;
	if (sscanf(layers, "seccomp, landlock %d", &abi) == 1) {
		tzset();
		rc = box_harden(BOX_BLIND, NULL);
		if (rc == BE_OK)
			rc = box_landlock(abi < newest ? abi : newest, NULL, NULL);
		return rc == BE_OK ? box_seccomp(BOX_BLIND, NULL) : rc;
	}
	if (sscanf(layers, "landlock %d", &abi) == 1) {
		rc = box_harden(BOX_BLIND, NULL);
		return rc == BE_OK ? box_landlock(abi < newest ? abi : newest, NULL, NULL) : rc;
	}
	if (strcmp(layers, "limits") == 0) {
		rc = box_harden(BOX_BLIND, NULL);
		return rc == BE_OK ? box_limit(BOX_BLIND, NULL) : rc;
	}
	return BE_USAGE;
}

/* Splits "act<tab>path" in place. */
static void take_place(char *act)
{
	char *tab = strchr(act, '\t');
	char *slash;

	if (tab == NULL)
		return;
	*tab++ = '\0';
	(void)snprintf(place, sizeof(place), "%s", tab);
	(void)snprintf(beside, sizeof(beside), "%.*s.new", (int)sizeof(beside) - 5, tab);
	(void)snprintf(directory, sizeof(directory), "%s", tab);
	slash = strrchr(directory, '/');
	if (slash != NULL)
		*slash = '\0';
}

/* False when the parent is gone. */
static bool serve_one(struct buffer *message, struct buffer *answer)
{
	char *act;

	buffer_reset(message);
	buffer_reset(answer);
	if (box_receive(message, MESSAGE_MAX, NULL) != BE_OK)
		return false;
	buffer_add_byte(message, '\0');
	act = (char *)message->data;
	if (strncmp(act, "echo ", 5) == 0)
		return box_answer(act + 5, message->len - 6, NULL) == BE_OK;
	take_place(act);
	if (misbehave(act))
		return true;
	if (!do_useful(act, answer) && !try_forbidden(act, answer))
		buffer_add_str(answer, "unknown act");
	return box_answer(answer->data, answer->len, NULL) == BE_OK;
}

int main(void)
{
	struct buffer message = BUFFER_EMPTY;
	struct buffer answer = BUFFER_EMPTY;

	parent = getppid();
	page = aligned_alloc(PAGE, PAGE);
	if (page == NULL || OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1)
		return 1;
	memset(page, 0, PAGE);
	if (box_receive(&message, MESSAGE_MAX, NULL) != BE_OK)
		return 1;
	buffer_add_byte(&message, '\0');
	take_place((char *)message.data);
	if (enter((const char *)message.data) != BE_OK)
		return BOX_EXIT_NO_SANDBOX;
	(void)box_answer("ready", 5, NULL);
	while (serve_one(&message, &answer))
		;
	buffer_free(&message);
	buffer_free(&answer);
	free(page);
	return 0;
}
