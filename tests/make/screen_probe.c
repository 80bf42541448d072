/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A full-screen program for the tests of support/terminal.h: it shows what reached it, and each of its commands does one
 * thing that a terminal must bear. With "untidy" for an argument it ends without putting anything back.
 *
 *   s takes its time over a key    j a job of a moment    k a job of half a second    c hides the cursor
 *   e writes to standard error     q ends                 x ends with status 3        ^Z stops
 */

#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { PASTE_BEGINS = KEY_MAX + 1, PASTE_ENDS };

static struct {
	char last[64];
	char pasted[1024];
	size_t pasted_len;
	bool pasting;
	unsigned keys, slow, jobs, continued, announced;
	bool job;
	int timer;
	int status; /* to end with; -1: go on */
} probe = { .status = -1 };

static volatile sig_atomic_t must_stop;

static void draw(void)
{
	(void)erase();
	(void)mvprintw(0, 0, "size %d x %d", LINES, COLS);
	(void)mvprintw(1, 0, "last %s", probe.last);
	(void)mvprintw(
		2, 0, "keys %u, slow %u, jobs %u, continued %u", probe.keys, probe.slow, probe.jobs, probe.continued);
	(void)mvprintw(3, 0, "pasted %zu: %.40s", probe.pasted_len, probe.pasted);
	(void)attrset(A_REVERSE);
	(void)mvaddstr(4, 2, "reverse");
	(void)attrset(A_BOLD);
	(void)mvaddstr(4, 12, "bold");
	(void)attrset(A_UNDERLINE);
	(void)mvaddstr(4, 22, "underline");
	if (has_colors())
		(void)attrset(COLOR_PAIR(1));
	else
		(void)attrset(A_NORMAL);
	(void)mvaddstr(4, 32, "green");
	(void)attrset(A_NORMAL);
	(void)mvaddstr(5, 0, "\346\274\242\345\255\227 wide, e\314\201 composed");
	(void)move(1, 5);
	(void)refresh();
}

static void bracket(bool on)
{
	(void)printf("\033[?2004%c", on ? 'h' : 'l');
	(void)fflush(stdout);
}

static void start_job(long milliseconds)
{
	const struct itimerspec once = { .it_value = { .tv_nsec = milliseconds * 1000000 } };

	(void)timerfd_settime(probe.timer, 0, &once, NULL);
	probe.job = true;
}

/* Busy, not asleep. */
static void take_time(void)
{
	const clock_t end = clock() + CLOCKS_PER_SEC / 50;

	while (clock() < end)
		;
	probe.slow++;
}

static void obey(int key)
{
	if (key == KEY_RESIZE)
		return;
	if (key == PASTE_BEGINS || key == PASTE_ENDS) {
		probe.pasting = key == PASTE_BEGINS;
		return;
	}
	if (probe.pasting) {
		if (probe.pasted_len < sizeof(probe.pasted) - 1)
			probe.pasted[probe.pasted_len++] = key == '\r' ? '/' : (char)key;
		return;
	}
	probe.keys++;
	(void)snprintf(probe.last, sizeof(probe.last), "%s", keyname(key) != NULL ? keyname(key) : "?");
	switch (key) {
	case 's':
		take_time();
		break;
	case 'j':
		start_job(1);
		break;
	case 'k':
		start_job(500);
		break;
	case 'c':
		(void)curs_set(0);
		break;
	case 'e':
		fputs("runtime error: invented\n", stderr);
		break;
	case 'q':
		probe.status = 0;
		break;
	case 'x':
		probe.status = 3;
		break;
	default:
		break;
	}
}

static void note_stop(int signal_number)
{
	(void)signal_number;
	must_stop = 1;
}

static void stop(void)
{
	must_stop = 0;
	bracket(false);
	(void)endwin();
	(void)raise(SIGSTOP);
	probe.continued++;
	bracket(true);
}

static void wait_for_something(const sigset_t *during)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = probe.timer, .events = POLLIN } };
	unsigned long long rang;

	if (getenv("BESIGN_TEST_SYNC") != NULL) {
		(void)printf("\033]7777;%u;%d\a", ++probe.announced, probe.job);
		(void)fflush(stdout);
	}
	(void)ppoll(fds, 2, NULL, during);
	if ((fds[1].revents & POLLIN) && read(probe.timer, &rang, sizeof(rang)) == sizeof(rang)) {
		probe.job = false;
		probe.jobs++;
	}
	if (must_stop)
		stop();
}

/* Stops and resizes get through only while it waits, so that none comes between the look and the wait. */
static void take_signals(sigset_t *during)
{
	const struct sigaction stops = { .sa_handler = note_stop };
	sigset_t held;

	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGWINCH);
	(void)sigaddset(&held, SIGTSTP);
	(void)sigprocmask(SIG_BLOCK, &held, during);
	(void)sigaction(SIGTSTP, &stops, NULL);
}

static bool open_screen(void)
{
	(void)setlocale(LC_ALL, "");
	if (newterm(NULL, stdout, stdin) == NULL)
		return false;
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(25);
	if (has_colors()) {
		(void)start_color();
		(void)use_default_colors();
		(void)init_pair(1, COLOR_GREEN, -1);
	}
	(void)define_key("\033[200~", PASTE_BEGINS);
	(void)define_key("\033[201~", PASTE_ENDS);
	bracket(true);
	return true;
}

int main(int argc, char **argv)
{
	sigset_t during;
	int key;

	probe.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (probe.timer < 0 || !open_screen()) {
		fputs("screen_probe: this terminal is not known\n", stderr);
		return 2;
	}
	take_signals(&during);
	while (probe.status < 0) {
		draw();
		wait_for_something(&during);
		while (probe.status < 0 && (key = getch()) != ERR)
			obey(key);
	}
	if (argc > 1 && strcmp(argv[1], "untidy") == 0)
		_exit(0);
	bracket(false);
	(void)endwin();
	return probe.status;
}
