/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/sandbox.h"

#include "box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char refused[] = N_("This computer's kernel refuses the sandbox that opening documents needs");

/*
 * The allow-list. What is not here kills the process, so a new line is a decision: say which library needs
 * it, and what a helper that an attacker has taken over could do with it. A number that this machine does
 * not have is passed over by libseccomp.
 */
static const int allowed[] = {
	/* The document and the answer. Only descriptors 0 to 4 are open, the document's is read-only, and
	 * no call that could open another is allowed. fstat (and what 32-bit machines have for these) tells
	 * about such a descriptor only. */
	SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close),
	SCMP_SYS(fstat), SCMP_SYS(fstat64),

	/* malloc, which gives memory back and moves it; RLIMIT_AS bounds it. mmap, mprotect and madvise
	 * stand below. */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	/* malloc once the limit is reached counts processors before it gives up, and qsort asks how much
	 * memory there is. */
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo),

	/* pthread_once and the locks of libcrypto: its own memory only. */
	SCMP_SYS(futex), SCMP_SYS(futex_time64),

	/* Clocks, where the vDSO does not answer; libcrypto's random numbers, whose state remembers the
	 * process it was seeded in. */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getrandom), SCMP_SYS(getpid),

	/* abort(): blocks and resets signals and raises one. The filter's own kill is no signal that could
	 * be caught. */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(gettid),

	SCMP_SYS(exit), SCMP_SYS(exit_group),

#if BOX_SANITIZED
	/* The sanitizer's report; its allocator's advice stands below. */
	SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield),
#endif
};

/* What a helper needs besides that opens files for reading (BOX_READING). Landlock says which files; that
 * one is there, its size and its times can be learned of any. Nothing here writes, and there is nowhere to
 * send what was read but the answer. */
static const int allowed_reading[] = {
	/* fontconfig, FreeType, poppler's tables of languages. */
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64), SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(statfs64), SCMP_SYS(fstatfs),
	SCMP_SYS(fstatfs64), SCMP_SYS(getdents64), SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64), SCMP_SYS(readv),

	/* The thread that waits for the parent's end; those that pango asks fontconfig from. Starting one stands
	 * below. */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(sched_yield), SCMP_SYS(restart_syscall),
};

struct rule {
	int call;
	unsigned count;
	struct scmp_arg_cmp args[2];
};

#define IS(arg, value)      { (arg), SCMP_CMP_EQ, (value), 0 }
#define AT_MOST(arg, value) { (arg), SCMP_CMP_LE, (value), 0 }
#define WITHOUT(arg, bits)  { (arg), SCMP_CMP_MASKED_EQ, (bits), 0 }
#define MASKED(arg, mask, value) { (arg), SCMP_CMP_MASKED_EQ, (mask), (value) }

static int add_rules(scmp_filter_ctx filter, uint32_t action, const struct rule *rules, size_t count)
{
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++)
		rc = seccomp_rule_add_array(filter, action, rules[i].call, rules[i].count, rules[i].args);
	return rc;
}

/* Calls that are allowed for some arguments only. A filter sees numbers and never what a pointer points to. */
static int add_conditional(scmp_filter_ctx filter)
{
	const struct rule rules[] = {
		/* The message socket: sent to its other end, never to an address. sendmsg, which passes
		 * descriptors, is not needed. */
		{ SCMP_SYS(sendto), 2, { IS(0, BOX_FD_MESSAGES), IS(4, 0) } },
		{ SCMP_SYS(recvfrom), 1, { IS(0, BOX_FD_MESSAGES) } },
		/* What the C library says before abort(); the three are /dev/null. */
		{ SCMP_SYS(write), 1, { AT_MOST(0, STDERR_FILENO) } },
		{ SCMP_SYS(writev), 1, { AT_MOST(0, STDERR_FILENO) } },
		/* Memory that is never executable: code cannot be brought in as data. */
		{ SCMP_SYS(mmap), 1, { WITHOUT(2, PROT_EXEC) } },
		{ SCMP_SYS(mmap2), 1, { WITHOUT(2, PROT_EXEC) } },
		{ SCMP_SYS(mprotect), 1, { WITHOUT(2, PROT_EXEC) } },
		/* malloc gives pages back with this advice; others poison memory or tune the kernel. */
		{ SCMP_SYS(madvise), 1, { IS(2, MADV_DONTNEED) } },
#if BOX_SANITIZED
		{ SCMP_SYS(madvise), 1, { IS(2, MADV_NOHUGEPAGE) } },
		{ SCMP_SYS(madvise), 1, { IS(2, MADV_DONTDUMP) } },
#endif
		/* fstat as glibc 2.33 and later has it: newfstatat(fd, "", …, AT_EMPTY_PATH). Its path
		 * cannot be checked, so size and times of a file that the user may see could be learned,
		 * though no content, and there is nowhere to send it but the answer. */
		{ SCMP_SYS(newfstatat), 1, { IS(3, AT_EMPTY_PATH) } },
		{ SCMP_SYS(fstatat64), 1, { IS(3, AT_EMPTY_PATH) } },
		/* abort() signals its own process, and no other. */
		{ SCMP_SYS(tgkill), 1, { IS(0, (scmp_datum_t)getpid()) } },
	};

	return add_rules(filter, SCMP_ACT_ALLOW, rules, sizeof(rules) / sizeof(rules[0]));
}

/* The flags with which the C library starts a thread: all that is shared by threads, no new namespace, and
 * never a process. One library says "detached" as well, which means nothing. */
#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | \
		CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)
#define MEANS_NOTHING 0x00400000u
#ifdef __s390__
#define CLONE_FLAGS_ARG 1
#else
#define CLONE_FLAGS_ARG 0
#endif
#define NOT_ONLY_READING \
	((scmp_datum_t)(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_PATH | (O_TMPFILE & ~O_DIRECTORY)))

static int add_reading(scmp_filter_ctx filter)
{
	const struct rule rules[] = {
		{ SCMP_SYS(openat), 1, { WITHOUT(2, NOT_ONLY_READING) } },
#if !BOX_SANITIZED
		{ SCMP_SYS(open), 1, { WITHOUT(1, NOT_ONLY_READING) } },
#endif
		{ SCMP_SYS(fcntl), 1, { IS(1, F_GETFL) } },
		{ SCMP_SYS(fcntl), 1, { IS(1, F_GETFD) } },
		{ SCMP_SYS(fcntl), 1, { IS(1, F_SETFD) } },
		{ SCMP_SYS(fcntl64), 1, { IS(1, F_GETFL) } },
		{ SCMP_SYS(fcntl64), 1, { IS(1, F_GETFD) } },
		{ SCMP_SYS(fcntl64), 1, { IS(1, F_SETFD) } },
		{ SCMP_SYS(clone), 1, { MASKED(CLONE_FLAGS_ARG, 0xffffffffu & ~MEANS_NOTHING, THREAD_FLAGS) } },
		/* A thread's name. */
		{ SCMP_SYS(prctl), 1, { IS(0, PR_SET_NAME) } },
		/* box_more_time; what the limit is cannot be raised above is set before. */
		{ SCMP_SYS(prlimit64), 2, { IS(0, 0), IS(1, RLIMIT_CPU) } },
	};
	/* Its flags lie in memory, where a filter cannot look; without it the C library takes clone. */
	static const struct rule no_clone3 = { .call = SCMP_SYS(clone3) };
	int rc = add_rules(filter, SCMP_ACT_ALLOW, rules, sizeof(rules) / sizeof(rules[0]));

	if (rc == 0)
		rc = add_rules(filter, SCMP_ACT_ERRNO(ENOSYS), &no_clone3, 1);
	return rc;
}

#if BOX_SANITIZED
/* What the sanitizer tries before its report and does without: the program's name, its maps, a pipe to test
 * addresses with, colours. The C library opens by openat, so that what our own code would open is refused
 * as ever. */
static int add_sanitizers(scmp_filter_ctx filter)
{
	static const struct rule rules[] = {
		{ .call = SCMP_SYS(readlink) },
		{ .call = SCMP_SYS(open) },
		{ .call = SCMP_SYS(pipe2) },
		{ SCMP_SYS(ioctl), 1, { IS(1, TCGETS) } },
	};

	return add_rules(filter, SCMP_ACT_ERRNO(EACCES), rules, sizeof(rules) / sizeof(rules[0]));
}
#endif

static int add_calls(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}

static int add_all(scmp_filter_ctx filter, enum box_profile profile)
{
	int rc = add_calls(filter, allowed, sizeof(allowed) / sizeof(allowed[0]));

	if (rc == 0)
		rc = add_conditional(filter);
	if (rc == 0 && profile == BOX_READING)
		rc = add_calls(filter, allowed_reading, sizeof(allowed_reading) / sizeof(allowed_reading[0]));
	if (rc == 0 && profile == BOX_READING)
		rc = add_reading(filter);
	return rc;
}

bool box_seccomp_offered(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0u, &action) == 0;
}

enum be_err box_seccomp(enum box_profile profile, struct be_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = -ENOMEM;

	if (filter == NULL)
		goto out;
	/* The 32-bit doors of a 64-bit kernel number their calls otherwise: all of them are refused. */
	rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	/* A thread that a library may have started is held by the same filter. */
	if (rc == 0)
		rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (rc == 0)
		rc = add_all(filter, profile);
#if BOX_SANITIZED
	if (rc == 0)
		rc = add_sanitizers(filter);
#endif
	if (rc == 0)
		rc = seccomp_load(filter);
out:
	seccomp_release(filter);
	if (rc != 0)
		return be_fail(err, BE_SANDBOX, refused, "seccomp: %s", strerror(-rc));
	return BE_OK;
}
