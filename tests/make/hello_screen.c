/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The least that a full-screen program is: one line of text, which says how large the screen is; q ends it. What it
 * costs is the floor that the screens are measured against. With BESIGN_TEST_SYNC in the environment it announces
 * that it waits, as support/terminal.h says.
 */

#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void draw(void)
{
	(void)erase();
	(void)mvprintw(0, 0, "hello, screen of %d x %d", LINES, COLS);
	(void)refresh();
}

/* A resize that comes before the wait ends it as well: its signal gets through nowhere else. */
static void wait_for_input(const sigset_t *during)
{
	static const char *sync;
	static unsigned announced;
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	if (announced == 0)
		sync = getenv("BESIGN_TEST_SYNC");
	announced++;
	if (sync != NULL && printf("\033]7777;%u;0\a", announced) > 0)
		(void)fflush(stdout);
	(void)ppoll(&input, 1, NULL, during);
}

int main(void)
{
	sigset_t resize, before;
	int key;

	(void)setlocale(LC_ALL, "");
	if (newterm(NULL, stdout, stdin) == NULL) {
		fputs("hello_screen: this terminal is not known\n", stderr);
		return 2;
	}
	(void)cbreak();
	(void)noecho();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)sigemptyset(&resize);
	(void)sigaddset(&resize, SIGWINCH);
	(void)sigprocmask(SIG_BLOCK, &resize, &before);
	draw();
	do {
		wait_for_input(&before);
		while ((key = getch()) != ERR && key != 'q') {
			if (key == KEY_RESIZE)
				draw();
		}
	} while (key != 'q');
	(void)endwin();
	return 0;
}
