/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/sandbox.h"

#include "box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

struct rule {
	int call;
	unsigned count;
	struct scmp_arg_cmp args[2];
};

#define IS(arg, value)      { (arg), SCMP_CMP_EQ, (value), 0 }
#define AT_MOST(arg, value) { (arg), SCMP_CMP_LE, (value), 0 }
#define WITHOUT(arg, bits)  { (arg), SCMP_CMP_MASKED_EQ, (bits), 0 }

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

static int add_all(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);

		if (rc != 0)
			return rc;
	}
	return add_conditional(filter);
}

bool box_seccomp_offered(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0u, &action) == 0;
}

enum be_err box_seccomp(struct be_error *err)
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
		rc = add_all(filter);
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
