/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loaded with LD_PRELOAD: see iofault.h. */

#include "iofault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static struct iofault *control;

__attribute__((constructor)) static void attach(void)
{
	const char *path = getenv("IOFAULT");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *mapped = fd >= 0 ? mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (fd >= 0)
		(void)close(fd);
	control = mapped != MAP_FAILED ? mapped : NULL;
}

static void *next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	return found;
}

#define NEXT(function) \
	static __typeof__(function) *real; \
	if (real == NULL) \
	*(void **)&real = next(#function)

/* Only files count: what goes to sockets and events is no promise to anybody. */
static int is_file(int fd)
{
	struct stat st;

	return fd > STDERR_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* What is to happen with this call. */
static int turn(void)
{
	int64_t now;

	if (control == NULL)
		return IOFAULT_COUNT;
	now = atomic_fetch_add(&control->seen, 1) + 1;
	switch (atomic_load(&control->mode)) {
	case IOFAULT_KILL:
	case IOFAULT_TEAR:
		return now == atomic_load(&control->at) ? atomic_load(&control->mode) : IOFAULT_COUNT;
	case IOFAULT_HANGUP:
		if (now == atomic_load(&control->at))
			(void)kill(getpid(), SIGHUP);
		return IOFAULT_COUNT;
	case IOFAULT_FULL:
		return now >= atomic_load(&control->at) ? IOFAULT_FULL : IOFAULT_COUNT;
	default:
		return IOFAULT_COUNT;
	}
}

static void die(void)
{
	(void)kill(getpid(), SIGKILL);
	for (;;)
		(void)pause();
}

/* The same for every call that does not write: -1 when it has to fail. */
static int pass(int needs_room)
{
	const int what = turn();

	if (what == IOFAULT_KILL || what == IOFAULT_TEAR)
		die();
	if (what == IOFAULT_FULL && needs_room) {
		errno = ENOSPC;
		return -1;
	}
	return 0;
}

EXPORT ssize_t write(int fd, const void *bytes, size_t len)
{
	NEXT(write);
	if (is_file(fd)) {
		const int what = turn();

		if (what == IOFAULT_TEAR)
			(void)real(fd, bytes, len / 2);
		if (what == IOFAULT_KILL || what == IOFAULT_TEAR)
			die();
		if (what == IOFAULT_FULL) {
			errno = ENOSPC;
			return -1;
		}
	}
	return real(fd, bytes, len);
}

static ssize_t write_at(
	ssize_t (*real)(int, const void *, size_t, off_t), int fd, const void *bytes, size_t len, off_t offset)
{
	if (is_file(fd)) {
		const int what = turn();

		if (what == IOFAULT_TEAR)
			(void)real(fd, bytes, len / 2, offset);
		if (what == IOFAULT_KILL || what == IOFAULT_TEAR)
			die();
		if (what == IOFAULT_FULL) {
			errno = ENOSPC;
			return -1;
		}
	}
	return real(fd, bytes, len, offset);
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	NEXT(pwrite);
	return write_at(real, fd, bytes, len, offset);
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset)
{
	NEXT(pwrite64);
	return write_at(real, fd, bytes, len, offset);
}

EXPORT int fsync(int fd)
{
	NEXT(fsync);
	return pass(0) == 0 ? real(fd) : -1;
}

EXPORT int fdatasync(int fd)
{
	NEXT(fdatasync);
	return pass(0) == 0 ? real(fd) : -1;
}

EXPORT int ftruncate(int fd, off_t len)
{
	NEXT(ftruncate);
	return pass(1) == 0 ? real(fd, len) : -1;
}

EXPORT int ftruncate64(int fd, off_t len)
{
	NEXT(ftruncate64);
	return pass(1) == 0 ? real(fd, len) : -1;
}

EXPORT int fallocate(int fd, int mode, off_t offset, off_t len)
{
	NEXT(fallocate);
	return pass(1) == 0 ? real(fd, mode, offset, len) : -1;
}

EXPORT int unlink(const char *path)
{
	NEXT(unlink);
	return pass(0) == 0 ? real(path) : -1;
}

EXPORT int unlinkat(int dir, const char *path, int flags)
{
	NEXT(unlinkat);
	return pass(0) == 0 ? real(dir, path, flags) : -1;
}

EXPORT int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	NEXT(renameat);
	return pass(0) == 0 ? real(from_dir, from, to_dir, to) : -1;
}

EXPORT ssize_t copy_file_range(int from, off_t *from_at, int to, off_t *to_at, size_t len, unsigned flags)
{
	NEXT(copy_file_range);
	const int what = turn();

	if (what == IOFAULT_TEAR)
		(void)real(from, from_at, to, to_at, len / 2, flags);
	if (what == IOFAULT_KILL || what == IOFAULT_TEAR)
		die();
	if (what == IOFAULT_FULL) {
		errno = ENOSPC;
		return -1;
	}
	return real(from, from_at, to, to_at, len, flags);
}

EXPORT int rename(const char *from, const char *to)
{
	NEXT(rename);
	return pass(0) == 0 ? real(from, to) : -1;
}

EXPORT int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	NEXT(renameat2);
	return pass(0) == 0 ? real(from_dir, from, to_dir, to, flags) : -1;
}

EXPORT int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	NEXT(linkat);
	return pass(0) == 0 ? real(from_dir, from, to_dir, to, flags) : -1;
}

/* 256 MiB, whatever there is. */
EXPORT long sysconf(int name)
{
	NEXT(sysconf);
	return name == _SC_PHYS_PAGES ? (256L << 20) / real(_SC_PAGESIZE) : real(name);
}
