/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/sandbox.h"

#include "box/box.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READING_FILES 64
#define READING_SECONDS 3600 /* of processor time in a life; box_more_time gives it out in pieces */

static const char refused[] = N_("This computer's kernel refuses the sandbox that opening documents needs");
static const char by_besign[] = N_("This program is a part of besign and is started by it");

/* The signal of a parent's death is lost when it died before we asked for it. Who made the socket is the
 * parent (socketpair leaves its pid for SO_PEERCRED), so another parent by now means that one is gone. */
static enum be_err die_with_parent(enum box_profile profile, struct be_error *err)
{
	struct ucred maker = { 0, 0, 0 };
	socklen_t len = sizeof(maker);

	if (getsockopt(BOX_FD_MESSAGES, SOL_SOCKET, SO_PEERCRED, &maker, &len) != 0)
		return be_fail_errno(err, BE_SANDBOX, by_besign, "SO_PEERCRED");
	if (profile == BOX_BLIND && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return be_fail_errno(err, BE_SANDBOX, refused, "PR_SET_PDEATHSIG");
	if (getppid() != maker.pid)
		return be_fail(err, BE_SANDBOX, by_besign, "the parent is gone");
	return BE_OK;
}

enum be_err box_harden(enum box_profile profile, struct be_error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return be_fail_errno(err, BE_SANDBOX, refused, "PR_SET_NO_NEW_PRIVS");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return be_fail_errno(err, BE_SANDBOX, refused, "PR_SET_DUMPABLE");
	return die_with_parent(profile, err);
}

/* The document is mapped, which counts as address space though it costs no memory: a large one has room
 * beside the bound. */
static rlim_t address_space(void)
{
	struct stat st;
	rlim_t bound = 1 << 30;

	if (fstat(BOX_FD_DOCUMENT, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		bound += (rlim_t)st.st_size;
	return bound;
}

enum be_err box_limit(enum box_profile profile, struct be_error *err)
{
	const rlim_t space = address_space();
	const bool reading = profile == BOX_READING;
	const rlim_t files = reading ? READING_FILES : BOX_FD_DOCUMENT + 1;
	const struct {
		const char *what;
		__rlimit_resource_t resource;
		rlim_t soft, hard;
	} limits[] = {
#if !BOX_SANITIZED
		{ "RLIMIT_AS", RLIMIT_AS, space, space },
		{ "RLIMIT_FSIZE", RLIMIT_FSIZE, 0, 0 },
#endif
		/* SIGXCPU first, which the parent can tell apart */
		{ "RLIMIT_CPU", RLIMIT_CPU, 30, reading ? READING_SECONDS : 31 },
		{ "RLIMIT_NOFILE", RLIMIT_NOFILE, files, files },
		/* It counts a user's threads as well, and a thread that cannot be started ends the libraries that
		 * draw: their bound is the address space of the stacks. */
		{ "RLIMIT_NPROC", RLIMIT_NPROC, reading ? RLIM_INFINITY : 0, reading ? RLIM_INFINITY : 0 },
		{ "RLIMIT_CORE", RLIMIT_CORE, 0, 0 },
	};

	(void)space;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit now = { 0, 0 };
		struct rlimit then = { limits[i].soft, limits[i].hard };

		/* Who runs besign under tighter limits keeps them. */
		if (getrlimit(limits[i].resource, &now) != 0)
			return be_fail_errno(err, BE_SANDBOX, refused, limits[i].what);
		if (then.rlim_max > now.rlim_max)
			then.rlim_max = now.rlim_max;
		if (then.rlim_cur > now.rlim_cur)
			then.rlim_cur = now.rlim_cur;
		if (setrlimit(limits[i].resource, &then) != 0)
			return be_fail_errno(err, BE_SANDBOX, refused, limits[i].what);
	}
	return BE_OK;
}

/* Landlock needs a descriptor, so it comes before the limit of them; seccomp forbids what the others do, so
 * it comes last. */
enum be_err box_enter(struct be_error *err)
{
	enum be_err rc;

	/* The C library reads the time zone's file at the first gmtime_r: let it be now. */
	tzset();
	rc = box_harden(BOX_BLIND, err);
	if (rc == BE_OK)
		rc = box_landlock(box_landlock_abi(), NULL, err);
	if (rc == BE_OK)
		rc = box_limit(BOX_BLIND, err);
	if (rc == BE_OK)
		rc = box_seccomp(BOX_BLIND, err);
	return rc;
}

/* A thread of the parent's may start the helper and end before it; the socket stays until the process
 * ends, which a helper in the middle of its work would not see. */
static void *watch_the_parent(void *nothing)
{
	struct pollfd socket = { .fd = BOX_FD_MESSAGES, .events = POLLRDHUP };

	while ((socket.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0)
		(void)poll(&socket, 1, -1);
	_exit(0);
	return nothing;
}

static enum be_err start_watch(struct be_error *err)
{
	pthread_t watch;
	int why = pthread_create(&watch, NULL, watch_the_parent, NULL);

	if (why == 0)
		why = pthread_detach(watch);
	errno = why;
	return why == 0 ? BE_OK : be_fail_errno(err, BE_SANDBOX, refused, "pthread_create");
}

/* Landlock holds the thread that asks for it and those that it starts: one that ran before would be free.
 * A directory has a link for each directory in it, and two of its own. */
static bool is_alone(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) == 0 && st.st_nlink == 3;
}

enum be_err box_enter_reading(const char *const *readable, struct be_error *err)
{
	const int abi = box_landlock_abi();
	enum be_err rc;

	tzset();
	if (abi == 0)
		return be_fail(err, BE_SANDBOX, refused, "no Landlock");
	if (!is_alone())
		return be_fail(err, BE_SANDBOX, refused, "threads that Landlock would not hold");
	rc = box_harden(BOX_READING, err);
	if (rc == BE_OK)
		rc = box_landlock(abi, readable, err);
	if (rc == BE_OK)
		rc = start_watch(err);
	return rc;
}

enum be_err box_enter_closed(struct be_error *err)
{
	enum be_err rc = box_limit(BOX_READING, err);

	if (rc == BE_OK)
		rc = box_seccomp(BOX_READING, err);
	return rc;
}

void box_more_time(unsigned seconds)
{
	struct timespec used = { 0, 0 };
	struct rlimit limit = { 0, 0 };

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
		return;
	limit.rlim_cur = (rlim_t)used.tv_sec + 1 + seconds;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_CPU, &limit);
}

void box_probe(struct box_offers *out)
{
	out->seccomp = box_seccomp_offered();
	out->landlock_abi = box_landlock_abi();
}
