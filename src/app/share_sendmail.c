/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include "app/paths.h"
#include "base/file.h"
#include "base/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The program gets the letter as its standard input, out of memory, and whatever it says goes to memory as well: there is
 * no pipe that could fill up, no shell, and no file that is left behind.
 */

#define STEP_MS 100
#define PATIENCE_MS 2000 /* how long it has to end once it was told to */
#define SAID_MAX 150
#define EX_TEMPFAIL 75 /* sysexits.h */

static const char *find_program(const char *wanted)
{
	static const char *const usual[] = { "/usr/sbin/sendmail", "/usr/lib/sendmail" };

	if (wanted != NULL && wanted[0] != '\0')
		return access(wanted, X_OK) == 0 ? wanted : NULL;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (access(usual[i], X_OK) == 0)
			return usual[i];
	return NULL;
}

/* Lines end as they do on this system. A letter has no carriage return but at the end of a line. */
static enum be_err put_letter(int fd, const struct buffer *letter, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc;

	for (size_t at = 0; at < letter->len;) {
		const uint8_t *from = letter->data + at;
		const uint8_t *end = memchr(from, '\r', letter->len - at);
		size_t len = end != NULL ? (size_t)(end - from) : letter->len - at;

		buffer_add(&text, from, len);
		at += len + (end != NULL);
	}
	rc = buffer_check(&text, err);
	if (rc == BE_OK)
		rc = file_write_at(fd, text.data, text.len, 0, err);
	buffer_free(&text);
	return rc;
}

/* Returns an errno, as the functions that it calls do. */
static int spawn(
	pid_t *pid, const char *program, const char *from, const struct share_addresses *to, int letter, int said)
{
	const char *arguments[SHARE_RECIPIENTS_MAX + 6] = { "sendmail", "-i", "-f", from, "--" };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < to->count; i++)
		arguments[5 + i] = to->list[i];
	rc = posix_spawnattr_init(&attributes);
	if (rc != 0)
		goto out;
	rc = posix_spawn_file_actions_adddup2(&actions, letter, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, said, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (rc == 0)
		/* A session of its own: ^C at the terminal is for us, and we tell it. */
		rc = process_spawn_clean(&attributes, POSIX_SPAWN_SETSID);
	if (rc == 0)
		rc = posix_spawn(pid, program, &actions, &attributes, (char *const *)(uintptr_t)arguments, environ);
	(void)posix_spawnattr_destroy(&attributes);
out:
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Its status as waitpid has it; -1 when nobody knows. stopped: it was told to end. */
static int wait_for(pid_t pid, const struct share_run *run, bool *stopped)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int status = -1, left = PATIENCE_MS;
	pid_t ended;

	/* Without a descriptor of the process poll only waits its time. */
	while ((ended = waitpid(pid, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		struct pollfd end = { process, POLLIN, 0 };

		if (share_is_cancelled(run) && !*stopped) {
			*stopped = true;
			(void)kill(pid, SIGTERM);
		}
		if (*stopped && left <= 0)
			(void)kill(pid, SIGKILL);
		if (poll(&end, 1, STEP_MS) == 0 && *stopped)
			left -= STEP_MS;
	}
	if (process >= 0)
		(void)close(process);
	return ended == pid ? status : -1;
}

/* The last line that it said. */
static void read_said(char out[static SAID_MAX], int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	off_t at = len > SAID_MAX - 1 ? len - (SAID_MAX - 1) : 0;
	char *line;

	out[0] = '\0';
	if (len <= 0 || file_read_at(fd, out, (size_t)(len - at), (uint64_t)at, NULL) != BE_OK)
		return;
	out[len - at] = '\0';
	for (size_t end = strlen(out); end > 0 && (out[end - 1] == '\n' || out[end - 1] == '\r'); end--)
		out[end - 1] = '\0';
	line = strrchr(out, '\n');
	if (line != NULL)
		memmove(out, line + 1, strlen(line));
}

static enum be_err judge(int status, bool stopped, const char *said, struct be_error *err)
{
	if (stopped || status < 0 || !WIFEXITED(status))
		return be_fail(err, BE_UNKNOWN_OUTCOME,
			N_("The sendmail program did not end by itself: the letter may have gone"), "%s", said);
	if (WEXITSTATUS(status) == 0)
		return BE_OK;
	if (WEXITSTATUS(status) == EX_TEMPFAIL)
		return be_fail(err, BE_BUSY, N_("The sendmail program does not take the letter now"), "%s", said);
	return be_fail(err, BE_REFUSED, N_("The sendmail program refuses the letter"), "%d%s%s", WEXITSTATUS(status),
		said[0] != '\0' ? ": " : "", said);
}

enum be_err share_sendmail(const struct share_run *run, const struct share_addresses *to, const struct buffer *letter,
	struct be_error *err)
{
	const struct share_mail *mail = &run->job->mail;
	struct buffer named = BUFFER_EMPTY;
	const char *program;
	int in = -1, out = -1, failed;
	char said[SAID_MAX];
	bool stopped = false;
	pid_t pid = -1;
	enum be_err rc = BE_OK;

	if (mail->sendmail != NULL && mail->sendmail[0] != '\0')
		rc = paths_absolute(&named, mail->sendmail, NULL, err);
	if (rc != BE_OK)
		goto out;
	program = find_program((const char *)named.data);
	if (program == NULL) {
		rc = be_fail(err, BE_NOT_FOUND,
			N_("There is no sendmail program on this computer; name a mail server under Settings, Sharing (mail-server)"),
			"%s", mail->sendmail != NULL ? mail->sendmail : "");
		goto out;
	}
	in = memfd_create("letter", MFD_CLOEXEC);
	out = memfd_create("said", MFD_CLOEXEC);
	if (in < 0 || out < 0) {
		rc = be_fail_errno(err, BE_IO, N_("The letter cannot be handed over"), "memfd_create");
		goto out;
	}
	rc = put_letter(in, letter, err);
	if (rc == BE_OK && share_is_cancelled(run))
		rc = be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
	if (rc != BE_OK)
		goto out;
	failed = spawn(&pid, program, mail->from, to, in, out);
	if (failed != 0) {
		errno = failed;
		rc = be_fail_errno(err, BE_NOT_FOUND, N_("The sendmail program could not be started"), program);
		goto out;
	}
	failed = wait_for(pid, run, &stopped);
	read_said(said, out);
	rc = judge(failed, stopped, said, err);
out:
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
	buffer_free(&named);
	return rc;
}
