/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal.h"

#include "terminal_job.h"
#include "terminal_keys.h"
#include "terminal_place.h"
#include "terminal_view.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vterm.h>

#define PATIENCE 20e3 /* milliseconds; for loaded machines */
#define STEP 20       /* milliseconds between looks at what tells nobody that it changed */
#define PIECE 512u    /* bytes that the kernel hands over as a whole */

struct terminal {
	struct terminal_job job;
	struct terminal_view view;
	struct terminal_place place;
	struct timespec last_output;
	struct termios modes; /* when the program stopped or ended */
	char *term;
	unsigned counted;       /* announcements before what was sent last */
	bool owes;              /* it was sent something, and no announcement followed yet */
	bool was_idle;          /* before that */
	unsigned long switches; /* of the program at the last look, when it was asleep; 0 when it was not */
};

static double milliseconds(const struct timespec *t)
{
	return (double)t->tv_sec * 1e3 + (double)t->tv_nsec / 1e6;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return milliseconds(&t);
}

/* ---- beginning and end ---- */

static void answer(const char *bytes, size_t len, void *with)
{
	const struct terminal *t = with;

	/* A program that asks its terminal something reads the answer; one that does not is nobody's loss. */
	if (t->job.master >= 0)
		(void)!write(t->job.master, bytes, len);
}

struct terminal *terminal_start(const struct terminal_setup *setup)
{
	struct terminal *t = calloc(1, sizeof(*t));
	const int rows = setup->rows > 0 ? setup->rows : 24;
	const int columns = setup->columns > 0 ? setup->columns : 80;
	struct terminal_job_plan plan = { .rows = (unsigned short)rows, .columns = (unsigned short)columns };

	if (t == NULL)
		terminal_give_up("no memory");
	t->term = terminal_format("%s", setup->term != NULL ? setup->term : "xterm-256color");
	terminal_place_make(&t->place, t->term, setup);
	plan.command = (char *const *)(uintptr_t)setup->command;
	plan.environment = t->place.environment;
	plan.directory = t->place.directory;
	plan.errors = t->place.errors;
	terminal_view_open(&t->view, rows, columns, answer, t);
	terminal_job_start(&t->job, &plan);
	t->last_output = t->job.started;
	t->owes = true;
	t->was_idle = true;
	return t;
}

void terminal_close(struct terminal **t)
{
	if (*t == NULL)
		return;
	terminal_job_close(&(*t)->job);
	terminal_view_close(&(*t)->view);
	terminal_place_clear(&(*t)->place);
	free((*t)->term);
	free(*t);
	*t = NULL;
}

/* ---- what the program writes, and news of it ---- */

static bool take_output(struct terminal *t, int wait)
{
	struct pollfd output = { .fd = t->job.master, .events = POLLIN };
	char bytes[16384];
	ssize_t len;

	if (t->job.master < 0 || poll(&output, 1, wait) <= 0 || !(output.revents & POLLIN))
		return false;
	len = read(t->job.master, bytes, sizeof(bytes));
	if (len <= 0)
		return false;
	(void)clock_gettime(CLOCK_MONOTONIC, &t->last_output);
	t->switches = 0;
	terminal_view_take(&t->view, bytes, (size_t)len);
	return true;
}

static void take_all_output(struct terminal *t)
{
	while (take_output(t, 0))
		;
}

/* Waits for output or news, and takes all that is there. */
static void take(struct terminal *t, int wait)
{
	struct pollfd fds[] = { { .fd = t->job.master, .events = POLLIN }, { .fd = t->job.reports, .events = POLLIN } };

	if (poll(fds, t->job.state == TERMINAL_JOB_ENDED ? 1 : 2, wait) > 0 && (fds[1].revents & POLLIN)) {
		terminal_job_hear(&t->job);
		(void)tcgetattr(t->job.slave, &t->modes);
	}
	take_all_output(t);
}

static void tell(struct terminal *t, const char *awaited, const char *text)
{
	static const char *const states[] = { "runs", "is stopped", "has ended" };

	fprintf(stderr, "waited in vain for %s%s; the program %s (status %d), %u announcements, job %d\n", awaited,
		text, states[t->job.state], t->job.status, t->view.announced, t->view.job);
	fprintf(stderr, "the screen:\n%s\n", terminal_text(t));
	if (*terminal_errors(t) != '\0')
		fprintf(stderr, "standard error:\n%s\n", t->place.said);
}

struct wait {
	bool (*over)(struct terminal *t, const char *text);
	const char *text;
	const char *what;
	enum terminal_job_state state; /* in which it can come */
};

static bool wait_for(struct terminal *t, const struct wait *w)
{
	const double end = now() + PATIENCE;

	take(t, 0);
	while (!w->over(t, w->text)) {
		if ((t->job.state != TERMINAL_JOB_RUNS && t->job.state != w->state) || now() > end) {
			tell(t, w->what, w->text);
			return false;
		}
		take(t, STEP);
	}
	return true;
}

/* Twice asleep and not run in between: see 4 in the header. */
static bool sleeps(struct terminal *t)
{
	const unsigned long before = t->switches;

	t->switches = terminal_job_asleep(&t->job);
	return t->switches != 0 && t->switches == before;
}

static bool has_answered(struct terminal *t, const char *unused)
{
	(void)unused;
	return (!t->owes || t->view.announced > t->counted) && terminal_job_has_read_all(&t->job);
}

static bool is_idle(struct terminal *t, const char *unused)
{
	if (t->view.announced == 0 || t->view.job || !has_answered(t, unused))
		return false;
	if (!t->was_idle && !sleeps(t))
		return false;
	t->owes = false;
	t->was_idle = true;
	return true;
}

/* Before something is done to the program. */
static bool get_ready(struct terminal *t)
{
	static const struct wait answered = { has_answered, "", "an answer to what was sent before",
		TERMINAL_JOB_RUNS };

	take(t, 0);
	if (t->job.state == TERMINAL_JOB_RUNS && t->view.announced > 0) {
		if (!wait_for(t, &answered))
			return false;
		t->was_idle = is_idle(t, "");
	} else if (t->view.announced == 0) {
		t->was_idle = false;
	}
	t->counted = t->view.announced;
	t->owes = true;
	t->switches = 0;
	return t->job.state != TERMINAL_JOB_ENDED;
}

/* ---- what a person does ---- */

static bool send_piece(const struct terminal *t, const char *bytes, size_t len)
{
	return write(t->job.master, bytes, len) == (ssize_t)len;
}

bool terminal_send(struct terminal *t, const char *bytes, size_t len)
{
	while (len > 0) {
		const size_t piece = len < PIECE ? len : PIECE;

		if (!get_ready(t) || !send_piece(t, bytes, piece))
			return false;
		bytes += piece;
		len -= piece;
	}
	return true;
}

bool terminal_press(struct terminal *t, const char *keys)
{
	for (keys += strspn(keys, " "); *keys != '\0'; keys += strspn(keys, " ")) {
		const size_t len = strcspn(keys, " ");
		char bytes[TERMINAL_KEY_MAX];

		/* Only now: the program may have changed the mode of the keys with its last answer. */
		if (!get_ready(t) ||
			!send_piece(
				t, bytes, terminal_key(keys, len, t->term, t->view.modes[TERMINAL_MODE_KEYS], bytes)))
			return false;
		keys += len;
	}
	return true;
}

bool terminal_type(struct terminal *t, const char *text)
{
	return terminal_send(t, text, strlen(text));
}

bool terminal_paste(struct terminal *t, const char *text)
{
	char *whole = t->view.modes[TERMINAL_MODE_PASTE] ? terminal_format("\033[200~%s\033[201~", text)
							 : terminal_format("%s", text);
	bool sent;

	/* A terminal pastes the ends of lines as the Enter key sends them. */
	for (char *at = whole; (at = strchr(at, '\n')) != NULL;)
		*at = '\r';
	sent = terminal_type(t, whole);
	free(whole);
	return sent;
}

bool terminal_resize(struct terminal *t, int rows, int columns)
{
	const struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	if (rows == t->view.rows && columns == t->view.columns)
		terminal_give_up("the terminal has that size already, and the program would not hear of it");
	if (!get_ready(t))
		return false;
	terminal_view_resize(&t->view, rows, columns);
	return ioctl(t->job.master, TIOCSWINSZ, &size) == 0;
}

bool terminal_signal(struct terminal *t, int signal_number)
{
	return get_ready(t) && kill(t->job.program, signal_number) == 0;
}

void terminal_hang_up(struct terminal *t)
{
	take_all_output(t);
	terminal_job_hang_up(&t->job);
}

void terminal_continue(struct terminal *t)
{
	(void)get_ready(t);
	/* What was typed meanwhile may reach it before or after its first announcement. */
	t->was_idle = false;
	terminal_job_continue(&t->job);
}

/* ---- waiting ---- */

bool terminal_idle(struct terminal *t)
{
	static const struct wait idle = { is_idle, "", "the program to be idle", TERMINAL_JOB_RUNS };

	return wait_for(t, &idle);
}

static bool shows(struct terminal *t, const char *text)
{
	return (t->view.announced == 0 || t->view.after_announcement) && terminal_find(t, text, NULL, NULL);
}

bool terminal_wait_text(struct terminal *t, const char *text)
{
	const struct wait shown = { shows, text, "this text: ", TERMINAL_JOB_RUNS };

	return wait_for(t, &shown);
}

static bool is_stopped(struct terminal *t, const char *unused)
{
	(void)unused;
	return t->job.state == TERMINAL_JOB_STOPPED;
}

bool terminal_wait_stop(struct terminal *t)
{
	static const struct wait stopped = { is_stopped, "", "the program to stop", TERMINAL_JOB_STOPPED };

	return wait_for(t, &stopped);
}

static bool has_ended(struct terminal *t, const char *unused)
{
	(void)unused;
	return t->job.state == TERMINAL_JOB_ENDED;
}

int terminal_wait_end(struct terminal *t)
{
	static const struct wait ended = { has_ended, "", "the program to end", TERMINAL_JOB_ENDED };
	static const char *const reports[] = { "Sanitizer", "runtime error:" };

	if (!wait_for(t, &ended))
		return -1;
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		if (strstr(terminal_errors(t), reports[i]) != NULL) {
			fprintf(stderr, "a sanitizer reported:\n%s\n", t->place.said);
			return -1;
		}
	}
	return t->job.status;
}

size_t terminal_read(struct terminal *t, int wait)
{
	const size_t before = t->view.bytes;

	take(t, wait);
	return t->view.bytes - before;
}

/* ---- what can be seen ---- */

const char *terminal_text(struct terminal *t)
{
	take_all_output(t);
	return terminal_view_text(&t->view, 0, t->view.rows);
}

const char *terminal_row(struct terminal *t, int row)
{
	take_all_output(t);
	return terminal_view_text(&t->view, row, 1);
}

bool terminal_find(struct terminal *t, const char *text, int *row, int *column)
{
	for (int i = 0; i < t->view.rows; i++) {
		const char *line = terminal_row(t, i);
		const char *found = strstr(line, text);
		char cell[TERMINAL_VIEW_CELL];
		int at = 0;

		if (found == NULL)
			continue;
		while (line < found || terminal_view_cell(&t->view, i, at, cell) == 0)
			line += terminal_view_cell(&t->view, i, at++, cell);
		if (row != NULL)
			*row = i;
		if (column != NULL)
			*column = at;
		return true;
	}
	return false;
}

static int colour(const VTermColor *c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
		return -1;
	return VTERM_COLOR_IS_INDEXED(c) ? c->indexed.idx : -2;
}

struct terminal_cell terminal_cell_at(const struct terminal *t, int row, int column)
{
	struct terminal_cell out = { .width = 0 };
	VTermScreenCell cell;

	if (terminal_view_cell(&t->view, row, column, out.text) > 0 &&
		vterm_screen_get_cell(t->view.screen, (VTermPos){ row, column }, &cell)) {
		out.width = cell.width;
		out.bold = cell.attrs.bold;
		out.underline = cell.attrs.underline != 0;
		out.reverse = cell.attrs.reverse;
		out.foreground = colour(&cell.fg);
		out.background = colour(&cell.bg);
	}
	return out;
}

struct terminal_cursor terminal_cursor_of(const struct terminal *t)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(t->view.vterm), &at);
	return (struct terminal_cursor){ at.row, at.col, t->view.modes[TERMINAL_MODE_CURSOR] };
}

bool terminal_is_alternate(const struct terminal *t)
{
	return t->view.modes[TERMINAL_MODE_ALTERNATE];
}

bool terminal_is_bracketing(const struct terminal *t)
{
	return t->view.modes[TERMINAL_MODE_PASTE];
}

bool terminal_is_restored(const struct terminal *t)
{
	static const char *const names[TERMINAL_MODES] = { "the cursor", "the cursor keys", "the alternate screen",
		"bracketed paste", "the mouse" };
	const struct termios *first = &t->job.at_first;
	bool restored = true;

	for (int i = 0; i < TERMINAL_MODES; i++) {
		if (t->view.modes[i] != (i == TERMINAL_MODE_CURSOR)) {
			fprintf(stderr, "not restored: %s\n", names[i]);
			restored = false;
		}
	}
	if (t->modes.c_lflag != first->c_lflag || t->modes.c_iflag != first->c_iflag ||
		t->modes.c_oflag != first->c_oflag || t->modes.c_cflag != first->c_cflag ||
		memcmp(t->modes.c_cc, first->c_cc, sizeof(first->c_cc)) != 0) {
		fprintf(stderr, "not restored: the modes of the line, %x instead of %x\n", t->modes.c_lflag,
			first->c_lflag);
		restored = false;
	}
	return restored;
}

const char *terminal_errors(struct terminal *t)
{
	return terminal_place_errors(&t->place);
}

size_t terminal_bytes(const struct terminal *t)
{
	return t->view.bytes;
}

const char *terminal_wire(const struct terminal *t)
{
	return (const char *)t->view.wire.data;
}

unsigned terminal_announcements(const struct terminal *t)
{
	return t->view.announced;
}

double terminal_milliseconds(const struct terminal *t)
{
	return milliseconds(&t->last_output) - milliseconds(&t->job.started);
}

pid_t terminal_program(const struct terminal *t)
{
	return t->job.program;
}
