/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The screens without a screen: what there is to read, then numbered questions, one answer a line. From the same tables
 * as the screens, so nothing can be done there that cannot be done here.
 */

#include "ui/term.h"

#include "base/i18n.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096u
#define ROWS_AT_ONCE 20u

struct plain {
	struct ui *ui;
	int signals;
	sigset_t taken, before;
	bool ended;  /* no more answers come */
	size_t from; /* first row of the list that is shown */
	/* What the numbers stand for, in their order. */
	struct ui_focus stops[256];
	size_t count;
	size_t more; /* the number for further rows; 0: all are shown */
};

/* ---- writing ---- */

static void say(const struct buffer *text)
{
	if (!text->failed && text->len > 0)
		(void)fwrite(text->data, 1, text->len, stdout);
}

/* Answers in ASCII where that is all there is; the canvas does the same for screens. */
static void say_text(const struct plain *p, struct ui_text *text)
{
	size_t kept = 0;

	for (size_t i = 0; p->ui->ascii && i < text->utf8.len; i++)
		if ((text->utf8.data[i] & 0xC0u) != 0x80u)
			text->utf8.data[kept++] = text->utf8.data[i] >= 0x80 ? '?' : text->utf8.data[i];
	if (p->ui->ascii)
		text->utf8.len = kept;
	say(&text->utf8);
	buffer_free(&text->utf8);
}

static void say_msg(const char *msgid)
{
	(void)fputs(tr(msgid), stdout);
}

static void say_off(const char *off)
{
	if (off == NULL)
		return;
	(void)fputs(" (", stdout);
	say_msg(off);
	(void)fputc(')', stdout);
}

/* ---- the screen as lines ---- */

static void number(struct plain *p, size_t field, size_t row)
{
	if (p->count == sizeof(p->stops) / sizeof(p->stops[0]))
		return;
	p->stops[p->count++] = (struct ui_focus){ .field = field, .row = row };
	(void)printf("%zu) ", p->count);
}

static void say_value(struct plain *p, const struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];
	struct ui_text text = { .utf8 = BUFFER_EMPTY };
	size_t cursor;

	if (f->kind == UI_SECRET) {
		ui_input_text(level, field, &text.utf8, &cursor);
		buffer_reset(&text.utf8);
		ui_put(&text, cursor > 0 ? N_("entered") : N_("not entered"));
	} else if (f->kind == UI_INPUT) {
		ui_input_text(level, field, &text.utf8, &cursor);
	} else if (f->text != NULL) {
		f->text(p->ui, level->state, &text);
	} else {
		ui_put(&text, f->msg);
	}
	say_text(p, &text);
}

static void say_choice(struct plain *p, const struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];
	size_t chosen;

	memcpy(&chosen, (const char *)level->state + f->at, sizeof(chosen));
	if (f->msg != NULL) {
		say_msg(f->msg);
		(void)fputs(":\n", stdout);
	}
	for (size_t i = 0; f->words[i] != NULL; i++) {
		number(p, field, i);
		(void)fputs(i == chosen ? "(*) " : "( ) ", stdout);
		say_msg(f->words[i]);
		say_off(f->word_guard != NULL ? f->word_guard(level->state, i) : NULL);
		(void)fputc('\n', stdout);
	}
}

static void say_row(struct plain *p, const struct ui_level *level, size_t field, size_t index)
{
	const struct ui_list *list = level->screen->fields[field].list;
	struct ui_row row;

	ui_list_row(p->ui, level, index, &row);
	if (list->open != NULL || list->mark != NULL)
		number(p, field, index);
	if (list->mark != NULL && !row.unmarkable)
		(void)fputs(row.marked ? "[x] " : "[ ] ", stdout);
	if (row.mood == UI_HEADING)
		(void)fputc('\n', stdout);
	say_text(p, &row.text);
	say_off(row.off);
	(void)fputc('\n', stdout);
	ui_row_free(&row);
}

static void say_list(struct plain *p, struct ui_level *level, size_t field)
{
	const struct ui_list *list = level->screen->fields[field].list;
	const size_t rows = ui_list_rows(p->ui, level);
	const bool all = list->open == NULL && list->mark == NULL;

	if (p->from >= rows)
		p->from = 0;
	for (size_t i = p->from; i < rows && (all || i < p->from + ROWS_AT_ONCE); i++)
		say_row(p, level, field, i);
	if (rows == 0 && (level->rows != NULL || list->empty[0] != '\0')) {
		say_msg(level->rows != NULL ? N_("Nothing matches") : list->empty);
		(void)fputc('\n', stdout);
	}
	if (all || rows <= ROWS_AT_ONCE)
		return;
	number(p, UI_NONE, 0);
	p->more = p->count;
	say_msg(N_("More rows"));
	(void)printf(
		" (%zu-%zu / %zu)\n", p->from + 1, p->from + ROWS_AT_ONCE < rows ? p->from + ROWS_AT_ONCE : rows, rows);
}

static void say_field(struct plain *p, struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];

	switch (f->kind) {
	case UI_LABEL:
		say_value(p, level, field);
		break;
	case UI_INPUT:
	case UI_SECRET:
	case UI_FACT:
		if (f->kind != UI_FACT)
			number(p, field, 0);
		say_msg(f->msg);
		(void)fputs(": ", stdout);
		say_value(p, level, field);
		break;
	case UI_CHECK:
		number(p, field, 0);
		(void)fputs(*(const bool *)((const char *)level->state + f->at) ? "[x] " : "[ ] ", stdout);
		say_msg(f->msg);
		break;
	case UI_BUTTON:
		number(p, field, 0);
		say_value(p, level, field);
		say_off(f->guard != NULL ? f->guard(p->ui, level->state) : NULL);
		break;
	case UI_CHOICE:
		say_choice(p, level, field);
		return;
	case UI_LIST:
		say_list(p, level, field);
		return;
	case UI_END:
	case UI_VIEW:
	default:
		return;
	}
	(void)fputc('\n', stdout);
}

static void say_screen(struct plain *p, struct ui_level *level)
{
	p->count = p->more = 0;
	(void)fputs("\n== BeSign", stdout);
	if (level->screen->title != NULL) {
		(void)fputs(" - ", stdout);
		say_msg(level->screen->title);
	}
	(void)fputs(" ==\n", stdout);
	for (size_t i = 0; level->screen->fields[i].kind != UI_END; i++)
		if (ui_field_shown(p->ui, level, i))
			say_field(p, level, i);
	for (const struct ui_action *a = level->screen->actions; a != NULL && a->run != NULL; a++) {
		(void)printf("%c) ", a->key);
		say_msg(a->msg);
		say_off(a->guard != NULL ? a->guard(p->ui, level->state) : NULL);
		(void)fputc('\n', stdout);
	}
}

static void say_said(struct plain *p)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (p->ui->said.utf8.len == 0)
		return;
	buffer_add(&text.utf8, p->ui->said.utf8.data, p->ui->said.utf8.len);
	(void)fputs("* ", stdout);
	say_text(p, &text);
	(void)fputc('\n', stdout);
	buffer_reset(&p->ui->said.utf8);
	buffer_reset(&p->ui->clipboard.utf8);
}

/* ---- reading ---- */

/* A signal ends the program where everything is whole; while a job runs, the first only cancels that. */
static void take_signal(struct plain *p)
{
	struct signalfd_siginfo info;

	while (read(p->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (p->ui->job_phase == UI_JOB_RUNS && !atomic_load(&p->ui->op.cancel) && info.ssi_signo == SIGINT) {
			ui_job_cancel(p->ui);
			continue;
		}
		ui_job_stop(p->ui, 2000);
		p->ui->status = 130;
		p->ended = true;
		ui_quit(p->ui);
	}
}

/* One line without its newline, byte by byte: what follows belongs to the next question, which may be a secret. */
static bool read_answer(struct plain *p, char *line, size_t room)
{
	size_t len = 0;

	(void)fflush(stdout);
	for (;;) {
		struct pollfd ready[] = { { .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = p->signals, .events = POLLIN } };
		char c;
		ssize_t n;

		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return false;
		take_signal(p);
		if (p->ended)
			return false;
		if (ready[0].revents == 0)
			continue;
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0 || c == '\n') {
			line[len] = '\0';
			return n > 0 || len > 0;
		}
		if (c != '\r' && c != '\0' && len + 1 < room)
			line[len++] = c;
	}
}

static void ask_secret(struct plain *p, const struct ui_field *f, struct secret *secret)
{
	struct secret *given = NULL;
	struct be_error err = { .code = BE_OK };
	struct ui_text prompt = { .utf8 = BUFFER_EMPTY };
	enum be_err rc;

	ui_put(&prompt, f->msg);
	buffer_add_str(&prompt.utf8, ": ");
	buffer_add_byte(&prompt.utf8, '\0');
	(void)fflush(stdout);
	if (buffer_check(&prompt.utf8, &err) != BE_OK)
		return;
	if (isatty(STDIN_FILENO) == 1) {
		/* It has its own way with signals while the echo is off. */
		(void)pthread_sigmask(SIG_SETMASK, &p->before, NULL);
		rc = secret_ask(&given, (const char *)prompt.utf8.data, f->max > 0 ? f->max : 1024, &err);
		(void)pthread_sigmask(SIG_BLOCK, &p->taken, NULL);
	} else {
		(void)fputs((const char *)prompt.utf8.data, stdout);
		(void)fflush(stdout);
		rc = secret_read_fd(&given, STDIN_FILENO, f->max > 0 ? f->max : 1024, &err);
	}
	secret_clear(secret);
	if (rc == BE_OK)
		rc = secret_add(secret, secret_bytes(given), secret_len(given), &err);
	if (rc != BE_OK)
		ui_say_error(p->ui, &err);
	secret_free(&given);
	buffer_free(&prompt.utf8);
}

/* Types the answer into the field, so that the same characters are taken as on a screen. */
static void ask_input(struct plain *p, struct ui_level *level, const struct ui_field *f)
{
	char line[LINE_MAX_BYTES];
	const uint8_t *at = (const uint8_t *)line;
	size_t left;

	say_msg(f->msg);
	(void)fputs(": ", stdout);
	if (!read_answer(p, line, sizeof(line))) {
		p->ended = true;
		return;
	}
	ui_input_key(p->ui, level, UI_KEY_END);
	ui_input_key(p->ui, level, UI_KEY_KILL_LINE);
	for (left = strlen(line); left > 0;) {
		uint32_t c;
		const size_t taken = utf8_decode(at, left, &c);

		if (c != UTF8_BAD)
			ui_input_key(p->ui, level, c);
		at += taken;
		left -= taken;
	}
}

static void choose(struct plain *p, struct ui_level *level, size_t chosen)
{
	const struct ui_field *f;

	if (chosen == p->more) {
		p->from += ROWS_AT_ONCE;
		return;
	}
	level->focus = p->stops[chosen - 1];
	level->cursor = 0;
	f = &level->screen->fields[level->focus.field];
	if (f->kind == UI_INPUT)
		ask_input(p, level, f);
	else if (f->kind == UI_SECRET)
		ask_secret(p, f, *(struct secret **)(void *)((char *)level->state + f->at));
	if (p->ended || ((f->kind == UI_INPUT || f->kind == UI_SECRET) && f->run == NULL))
		return;
	ui_press(p->ui, level);
}

static void search(struct plain *p, struct ui_level *level, const char *wanted)
{
	const size_t len = strnlen(wanted, sizeof(level->filter) - 1);

	memcpy(level->filter, wanted, len);
	level->filter[len] = '\0';
	ui_list_filter(p->ui, level);
	p->from = 0;
}

static bool may_mark(const struct ui_level *level)
{
	const size_t list = ui_list_field(level->screen);

	return list != UI_NONE && level->screen->fields[list].list->mark != NULL;
}

/* "+3": what the space bar does on a screen. */
static void mark(struct plain *p, struct ui_level *level, const char *line)
{
	char *end;
	const unsigned long chosen = strtoul(line, &end, 10);
	const size_t list = ui_list_field(level->screen);

	if (*end != '\0' || chosen < 1 || chosen > p->count || p->stops[chosen - 1].field != list) {
		ui_say(p->ui, UI_UNSURE, N_("That is none of the answers"));
		return;
	}
	level->focus = p->stops[chosen - 1];
	level->screen->fields[list].list->mark(p->ui, level->state, ui_list_index(level, level->focus.row));
}

static bool is_action(const struct ui_level *level, char key)
{
	for (const struct ui_action *a = level->screen->actions; a != NULL && a->run != NULL; a++)
		if (a->key == key)
			return true;
	return false;
}

static void answer(struct plain *p, struct ui_level *level, const char *line)
{
	char *end;
	const unsigned long chosen = strtoul(line, &end, 10);

	if (line[0] == '\0' && p->count == 0)
		ui_key(p->ui, UI_KEY_ESCAPE);
	else if (line[0] == '\0')
		return;
	else if (line[0] == '+' && may_mark(level))
		mark(p, level, line + 1);
	else if (*end == '\0' && chosen >= 1 && chosen <= p->count)
		choose(p, level, chosen);
	else if (line[0] == '/' && ui_list_field(level->screen) != UI_NONE)
		search(p, level, line + 1);
	else if (strcmp(line, "?") == 0)
		ui_key(p->ui, UI_KEY_HELP);
	else if (strcmp(line, "q") == 0 || strcmp(line, "0") == 0)
		ui_key(p->ui, UI_KEY_ESCAPE);
	else if (line[1] == '\0' && is_action(level, line[0])) {
		/* Letters are text where text is typed; here they are answers. */
		level->focus.field = UI_NONE;
		ui_key(p->ui, (uint32_t)(uint8_t)line[0]);
	} else
		ui_say(p->ui, UI_UNSURE, N_("That is none of the answers"));
}

static void wait_for_job(struct plain *p)
{
	size_t told = 0;

	say_msg(p->ui->job.title);
	(void)fputs(" ...\n", stdout);
	(void)fflush(stdout);
	while (p->ui->job_phase == UI_JOB_RUNS) {
		struct pollfd ready[] = { { .fd = p->ui->wake, .events = POLLIN },
			{ .fd = p->signals, .events = POLLIN } };
		const size_t done = atomic_load(&p->ui->op.done);
		uint64_t count;

		if (done != told && atomic_load(&p->ui->op.count) > 1) {
			struct ui_text text = { .utf8 = BUFFER_EMPTY };

			ui_put_numbers(&text, N_("%zu of %zu done"), done, atomic_load(&p->ui->op.count));
			say_text(p, &text);
			(void)fputc('\n', stdout);
			(void)fflush(stdout);
			told = done;
		}
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return;
		if (read(p->ui->wake, &count, sizeof(count)) > 0)
			(void)ui_job_check(p->ui);
		take_signal(p);
	}
}

static void one_screen(struct plain *p)
{
	struct ui_level *level;
	char line[LINE_MAX_BYTES];

	ui_reap(p->ui);
	/* What a screen asks for by itself is waited for: there is no later to show it. */
	ui_settle(p->ui);
	if (p->ui->job_phase == UI_JOB_RUNS)
		wait_for_job(p);
	if (p->ended || p->ui->over)
		return;
	level = ui_top(p->ui);
	ui_focus_check(p->ui, level);
	say_screen(p, level);
	say_said(p);
	if (p->count == 0)
		say_msg(N_("Enter goes back"));
	else
		say_msg(may_mark(level) ? N_("A number, +number to mark, a letter, ? for help, q to go back")
					: N_("A number, a letter, ? for help, q to go back"));
	(void)fputs(" > ", stdout);
	if (!read_answer(p, line, sizeof(line)))
		p->ended = true;
	else
		answer(p, level, line);
	if (ui_top(p->ui) != level)
		p->from = 0;
	if (p->ui->job_phase == UI_JOB_RUNS)
		wait_for_job(p);
}

enum be_err ui_run_plain(struct ui *ui, int *status, struct be_error *err)
{
	struct plain p = { .ui = ui, .signals = -1 };

	(void)sigemptyset(&p.taken);
	(void)sigaddset(&p.taken, SIGINT);
	(void)sigaddset(&p.taken, SIGTERM);
	(void)sigaddset(&p.taken, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &p.taken, &p.before);
	p.signals = signalfd(-1, &p.taken, SFD_NONBLOCK | SFD_CLOEXEC);
	ui->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (p.signals < 0 || ui->wake < 0)
		return be_fail_errno(err, BE_IO, N_("The system has no descriptor left"), "signalfd");
	term_choose_locale(ui);
	ui_set_look(ui, ui->colour_wish, ui->characters_wish);
	/* Wide enough that a row that wraps is one line. */
	ui->columns = CANVAS_COLUMNS_MAX;
	ui->plain = true;
	/* Who is not read any more has nobody to ask. */
	while (!ui->over && !p.ended && ferror(stdout) == 0)
		one_screen(&p);
	clearerr(stdout);
	(void)fputc('\n', stdout);
	(void)fflush(stdout);
	if (ui->job_phase == UI_JOB_RUNS)
		_exit(ui->status);
	(void)close(p.signals);
	(void)close(ui->wake);
	ui->wake = -1;
	(void)pthread_sigmask(SIG_SETMASK, &p.before, NULL);
	*status = ui->status;
	return BE_OK;
}
