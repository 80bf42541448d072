/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/secret.h"

#include "base/secret_line.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

/*
 * While the echo is off, every signal that would end or stop the program is only noted and wakes
 * the reader. The terminal is put back, the program's own handling too, and then the signal is sent
 * again and does what it would have done.
 */

#define CAUGHT 7

static const int caught[CAUGHT] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

static volatile sig_atomic_t arrived[CAUGHT];
static volatile sig_atomic_t wake_fd = -1;

static void note(int signal_number)
{
	static const uint64_t one = 1;
	int saved = errno;
	ssize_t written;

	for (size_t i = 0; i < CAUGHT; i++)
		if (caught[i] == signal_number)
			arrived[i] = 1;
	/* It can only fail because the counter is full, and then the reader is awake. */
	written = write(wake_fd, &one, sizeof(one));
	(void)written;
	errno = saved;
}

/* What the program ignores stays ignored (nohup). */
static void catch_signals(struct sigaction before[static CAUGHT])
{
	struct sigaction mine;

	memset(&mine, 0, sizeof(mine));
	mine.sa_handler = note;
	(void)sigfillset(&mine.sa_mask);
	for (size_t i = 0; i < CAUGHT; i++) {
		arrived[i] = 0;
		(void)sigaction(caught[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(caught[i], &mine, NULL);
	}
}

static void release_signals(const struct sigaction before[static CAUGHT])
{
	for (size_t i = 0; i < CAUGHT; i++)
		(void)sigaction(caught[i], &before[i], NULL);
}

/* Whether a signal came that does not only stop. Returns, if at all, when the program goes on. */
static bool send_again(bool *stopped)
{
	bool interrupted = false;

	*stopped = false;
	for (size_t i = 0; i < CAUGHT; i++) {
		if (arrived[i] == 0)
			continue;
		(void)kill(getpid(), caught[i]);
		if (caught[i] == SIGTSTP || caught[i] == SIGTTIN || caught[i] == SIGTTOU)
			*stopped = true;
		else
			interrupted = true;
	}
	return interrupted;
}

static bool silence(int tty, struct termios *before)
{
	struct termios quiet;

	if (tcgetattr(tty, before) != 0)
		return false;
	quiet = *before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	quiet.c_lflag |= ICANON | ISIG;
	quiet.c_iflag |= ICRNL;
	return tcsetattr(tty, TCSAFLUSH, &quiet) == 0;
}

/* With SIGTTOU blocked this also works from the background, where the program may have been put
 * meanwhile. */
static void restore(int tty, const struct termios *before)
{
	sigset_t block;
	sigset_t old;

	(void)sigemptyset(&block);
	(void)sigaddset(&block, SIGTTOU);
	(void)pthread_sigmask(SIG_BLOCK, &block, &old);
	while (tcsetattr(tty, TCSAFLUSH, before) != 0 && errno == EINTR)
		;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static bool show(int tty, const char *text)
{
	return write(tty, text, strlen(text)) == (ssize_t)strlen(text);
}

static enum be_err ask_once(
	struct secret **out, int tty, const char *prompt, size_t max, bool *again, struct be_error *err)
{
	enum secret_line_end end = SECRET_LINE_WOKEN;
	struct sigaction before[CAUGHT];
	struct termios state;
	enum be_err code;

	catch_signals(before);
	if (silence(tty, &state)) {
		code = show(tty, prompt) ? secret_read_line(out, tty, wake_fd, max, &end, err) : BE_IO;
		restore(tty, &state);
		(void)show(tty, "\n");
	} else
		code = BE_IO;
	release_signals(before);
	if (send_again(again) || (code == BE_OK && end == SECRET_LINE_END_OF_FILE)) {
		*again = false;
		code = be_fail(err, BE_CANCELLED, N_("Nothing was entered"), NULL);
	} else if (code == BE_IO)
		code = be_fail(err, BE_IO, N_("The terminal does not allow a hidden question"), NULL);
	if (code != BE_OK || *again)
		secret_free(out);
	return code;
}

enum be_err secret_ask(struct secret **out, const char *prompt, size_t max, struct be_error *err)
{
	struct secret *answer = NULL;
	enum be_err code = BE_OK;
	bool again = false;
	int tty = -1;
	int wake = -1;
	uint64_t drained;

	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return be_fail_errno(err, BE_NOT_FOUND, N_("There is no terminal to ask for a secret"), "/dev/tty");
	wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake < 0) {
		code = be_fail_errno(err, BE_IO, N_("The terminal does not allow a hidden question"), "eventfd");
		goto out;
	}
	wake_fd = wake;
	do {
		while (read(wake, &drained, sizeof(drained)) > 0)
			;
		code = ask_once(&answer, tty, prompt, max, &again, err);
	} while (again);
	if (code == BE_OK)
		*out = answer;
out:
	wake_fd = -1;
	if (wake >= 0)
		(void)close(wake);
	(void)close(tty);
	return code;
}
