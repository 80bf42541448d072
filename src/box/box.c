/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/box.h"

#include "base/process.h"
#include "box/message.h"
#include "box/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char no_start[] = N_("The part of besign that looks at documents could not be started");
static const char too_late[] = N_("Looking at the document took too long and was stopped");
static const char nonsense[] = N_("The part of besign that looks at documents gave a useless answer");
static const char it_died[] = N_("The part of besign that looks at documents stopped before it had an answer");
static const char no_sandbox[] = N_("This computer's kernel refuses the sandbox that opening documents needs");

struct box {
	pid_t pid;                      /* 0 once it was waited for */
	int   fd;
	const atomic_bool *cancel;      /* borrowed, or NULL */
	struct be_error ended;          /* code is BE_OK while the helper is to be used */
};

/* The descriptors that a helper gets are numbered from 0 on; ours stand above, so that none is overwritten
 * before it is handed over. */
static int move_up(int fd)
{
	int moved;

	if (fd < 0 || fd > BOX_FD_DOCUMENT)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, BOX_FD_DOCUMENT + 1);
	(void)close(fd);
	return moved;
}

/* The document for the helper: opened anew, so that it can only be read and has a file position of its own.
 * What cannot be opened anew (its permissions changed, /proc is missing) is duplicated when it is read-only
 * already. */
static int reopen(int document)
{
	char path[32];
	struct stat st;
	int fd = -1;

	if (fstat(document, &st) == 0 && S_ISREG(st.st_mode)) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", document);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (fd < 0) {
		int flags = fcntl(document, F_GETFL);

		if (flags < 0)
			return -1;
		if ((flags & O_ACCMODE) != O_RDONLY) {
			errno = EACCES;
			return -1;
		}
		fd = fcntl(document, F_DUPFD_CLOEXEC, BOX_FD_DOCUMENT + 1);
	}
	return move_up(fd);
}

static int set_descriptors(posix_spawn_file_actions_t *actions, int messages, int document)
{
	const int first_closed = BOX_FD_DOCUMENT + (document >= 0 ? 1 : 0);
	int rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDOUT_FILENO);
	if (rc == 0 && !BOX_SANITIZED)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, messages, BOX_FD_MESSAGES);
	if (rc == 0 && document >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, document, BOX_FD_DOCUMENT);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(actions, first_closed);
	return rc;
}

/* Returns an errno, as the functions that it calls do. */
static int spawn(pid_t *pid, char *path, int messages, int document)
{
	static char lang[] = "LANG=C";
#if BOX_SANITIZED
	/* Leaks are looked for by a second process, symbols by a third: the sandbox has none. */
	static char asan[] = "ASAN_OPTIONS=detect_leaks=0:symbolize=0";
	static char ubsan[] = "UBSAN_OPTIONS=symbolize=0";
	char *environment[] = { lang, asan, ubsan, NULL };
#else
	char *environment[] = { lang, NULL };
#endif
	char *arguments[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attributes);
	if (rc != 0)
		goto out;
	rc = set_descriptors(&actions, messages, document);
	if (rc == 0)
		/* A process group of its own: a key that interrupts besign is besign's to answer. */
		rc = process_spawn_clean(&attributes, POSIX_SPAWN_SETPGROUP);
	if (rc == 0)
		rc = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
	(void)posix_spawnattr_destroy(&attributes);
out:
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

enum be_err box_start(struct box **out, const char *helper, int document, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct box *box = calloc(1, sizeof(*box));
	int ends[2] = { -1, -1 };
	int copy = -1;
	enum be_err rc;

	*out = NULL;
	if (box == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	box->fd = -1;
	rc = box_find(&path, helper, err);
	if (rc != BE_OK)
		goto out;
	rc = BE_HELPER;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		(void)be_fail_errno(err, rc, no_start, "socketpair");
		goto out;
	}
	box->fd = move_up(ends[0]);
	ends[1] = move_up(ends[1]);
	if (document >= 0)
		copy = reopen(document);
	if (box->fd < 0 || ends[1] < 0 || (document >= 0 && copy < 0)) {
		(void)be_fail_errno(err, rc, no_start, "descriptors");
		goto out;
	}
	errno = spawn(&box->pid, (char *)path.data, ends[1], copy);
	if (errno != 0) {
		box->pid = 0;
		(void)be_fail_errno(err, rc, no_start, (const char *)path.data);
		goto out;
	}
	*out = box;
	box = NULL;
	rc = BE_OK;
out:
	if (copy >= 0)
		(void)close(copy);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	buffer_free(&path);
	box_free(&box);
	return rc;
}

/* Kills the helper, which is no harm to one that is ending by itself: the kernel keeps the first reason.
 * False when there is no status. */
static bool end(struct box *box, int *status)
{
	pid_t pid = box->pid;
	pid_t done;

	box->pid = 0;
	if (pid == 0)
		return false;
	(void)kill(pid, SIGKILL);
	do
		done = waitpid(pid, status, 0);
	while (done < 0 && errno == EINTR);
	return done == pid;
}

static enum be_err how_it_died(struct box *box, struct be_error *err)
{
	int status = 0;
	const char *name;

	if (!end(box, &status))
		return be_fail(err, BE_HELPER, it_died, "no status");
	if (WIFEXITED(status) && WEXITSTATUS(status) == BOX_EXIT_NO_SANDBOX)
		return be_fail(err, BE_SANDBOX, no_sandbox, "exit status %d", BOX_EXIT_NO_SANDBOX);
	if (WIFEXITED(status))
		return be_fail(err, BE_HELPER, it_died, "exit status %d", WEXITSTATUS(status));
	if (WTERMSIG(status) == SIGSYS)
		return be_fail(err, BE_HELPER, it_died, "refused system call");
	if (WTERMSIG(status) == SIGXCPU)
		return be_fail(err, BE_HELPER, too_late, "signal XCPU");
	name = sigabbrev_np(WTERMSIG(status));
	return be_fail(err, BE_HELPER, it_died, "signal %s", name != NULL ? name : "unknown");
}

/* A helper that failed once is not asked again: who reads its stream could no longer tell where a message
 * starts. */
static enum be_err give_up(struct box *box, enum be_err why, const struct be_error *cause, int timeout_ms,
	struct be_error *err)
{
	const bool cancelled = box->cancel != NULL && atomic_load(box->cancel);
	int status;

	switch ((int)why) {
	case BE_NOT_FOUND:
		why = how_it_died(box, &box->ended);
		break;
	case BE_CANCELLED:
		if (cancelled)
			why = be_fail(&box->ended, BE_CANCELLED, N_("This was cancelled"), NULL);
		else
			why = be_fail(&box->ended, BE_HELPER, too_late, "no answer within %d ms", timeout_ms);
		break;
	case BE_LIMIT:
		why = be_fail(&box->ended, BE_HELPER, nonsense, "%s", cause->detail);
		break;
	case BE_NO_MEMORY:
		box->ended = *cause;
		break;
	default:
		why = be_fail(&box->ended, BE_HELPER, cause->msgid, "%s", cause->detail);
		break;
	}
	(void)end(box, &status);
	if (err != NULL)
		*err = box->ended;
	return why;
}

enum be_err box_ask(struct box *box, const void *message, size_t len, struct buffer *answer, size_t max,
	int timeout_ms, struct be_error *err)
{
	const struct box_message_wait wait = box_message_until(timeout_ms, box->cancel);
	const size_t before = answer->len;
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = BE_OK;

	if (box->ended.code != BE_OK) {
		if (err != NULL)
			*err = box->ended;
		return box->ended.code;
	}
	if (len > UINT32_MAX)
		return be_fail(err, BE_LIMIT, N_("This is more than besign can look at at once"),
			"a message of %zu bytes", len);
	if (box_message_waiting(box->fd))
		rc = be_fail(&cause, BE_LIMIT, nonsense, "an answer without a question");
	if (rc == BE_OK)
		rc = box_message_send(box->fd, message, len, &wait, &cause);
	if (rc == BE_OK)
		rc = box_message_receive(box->fd, answer, max, &wait, &cause);
	if (rc == BE_OK && box_message_waiting(box->fd))
		rc = be_fail(&cause, BE_LIMIT, nonsense, "more than one answer");
	if (rc == BE_OK)
		return BE_OK;
	answer->len = before;
	return give_up(box, rc, &cause, timeout_ms, err);
}

void box_cancel_by(struct box *box, const atomic_bool *flag)
{
	box->cancel = flag;
}

void box_free(struct box **box)
{
	int status;

	if (*box == NULL)
		return;
	(void)end(*box, &status);
	if ((*box)->fd >= 0)
		(void)close((*box)->fd);
	free(*box);
	*box = NULL;
}
