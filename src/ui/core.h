/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_CORE_H
#define UI_CORE_H

/*
 * The toolkit without a terminal: the stack of screens, the focus, what a key does, and the picture that comes of it.
 * Inside src/ui only, and for tests that press keys and look at the picture.
 */

#include "ui.h"
#include "ui/canvas.h"
#include "ui/lines.h"
#include "ui/run.h"

#include <pthread.h>

#define UI_NONE SIZE_MAX
#define UI_FILTER_MAX 64u
#define UI_LEVELS_MAX 32u

/* Below this there is only a line that asks for more room; at or below the second, forms are compact. */
#define UI_COLUMNS_MIN 30
#define UI_ROWS_MIN 8
#define UI_COLUMNS_COMPACT 60
#define UI_ROWS_COMPACT 18

/* Where the focus is: a field; in a list or a choice a row (as the list counts them), in a row that wraps a line. */
struct ui_focus {
	size_t field; /* UI_NONE: nothing can have it */
	size_t row;
	size_t line;
};

struct ui_level {
	const struct ui_screen *screen;
	void *state;
	struct ui_focus focus;
	size_t top;    /* of the list's window: a position (see list.c) */
	size_t scroll; /* of the body, in lines */
	size_t cursor; /* byte in the focused UI_INPUT */
	/* The list's filter, "" for none. */
	char filter[UI_FILTER_MAX];
	bool searching; /* the filter is being typed */
	size_t *rows;   /* that pass the filter, NULL without one; owned */
	size_t row_count;
	/* A list that wraps: the first position of each of its rows and, behind them, their number; owned. */
	size_t *firsts;
	size_t firsts_room;
	size_t page; /* positions that the window showed last */
	/* A view: how large it is, what it was told, and where its first row is among the lines of the body. */
	int view_rows, view_columns;
	int told_rows, told_columns;
	size_t view_line;
};

enum ui_job_phase { UI_JOB_NONE, UI_JOB_RUNS, UI_JOB_ENDED };

struct ui_op {
	struct ui *ui;
	atomic_bool cancel;
	atomic_size_t done, count;
};

struct ui {
	void *context;
	struct ui_level *levels[UI_LEVELS_MAX];
	size_t depth;
	/* Taken off the stack, and freed once no callback of theirs can be running. */
	struct ui_level *gone[UI_LEVELS_MAX];
	size_t gone_count;
	bool over;
	bool ending; /* by a signal */
	int status; /* of the program, once it is over */

	/* The look. */
	int rows, columns;
	enum ui_colour colour_wish;
	enum ui_characters characters_wish;
	bool terminal_colour, terminal_utf8; /* what there is */
	int terminal_colours;
	bool no_colour;     /* what AUTO means here: NO_COLOR is set */
	bool ascii, colour; /* what comes of it */
	bool plain;         /* questions and answers */
	bool frugal;        /* an old terminal, on a slow line it may be */
	struct canvas canvas;

	/* The line above the key bar. */
	struct ui_text said;
	enum ui_mood said_mood;

	bool pasting;
	bool interrupted;         /* ^C was the last key */
	struct ui_text clipboard; /* for the terminal to send; empty: nothing */

	/* The job. */
	struct ui_job job;
	enum ui_job_phase job_phase; /* as the UI thread knows it */
	struct ui_op op;
	struct be_error job_error;
	size_t job_level;                 /* depth of the stack when it started: its owner is on top of that */
	const struct ui_level *job_owner; /* of a quiet one; NULL once that is gone */
	bool job_shown;                   /* the busy screen stands */
	bool quit_when_done;
	atomic_bool job_ended; /* by the worker, last of all */
	pthread_t thread;
	int wake; /* eventfd; -1: jobs run at once, in ui_start (tests) */
	atomic_int_least64_t last_wake;
	void (*on_progress)(struct ui *ui); /* tests: called on progress of a job that runs at once */
};

/* ---- stack.c ---- */

struct ui_level *ui_top(const struct ui *ui);
/* Takes off what stands above that depth, and tells nobody below. */
void ui_drop(struct ui *ui, size_t depth);
/* Frees what was taken off the stack; not inside of a callback. */
void ui_reap(struct ui *ui);

/* ---- keys.c ---- */

/* What a key does (keys.c). */
void ui_key(struct ui *ui, uint32_t key);
/* Whether a letter means something everywhere, and so cannot be a screen's own. */
bool ui_key_is_general(char key);

/* ---- focus.c ---- */

bool ui_field_shown(const struct ui *ui, const struct ui_level *level, size_t field);
bool ui_can_focus(const struct ui *ui, const struct ui_level *level, size_t field);
void ui_focus_first(struct ui *ui, struct ui_level *level);
/* Puts the focus somewhere that is there: rows may have gone, fields been hidden. */
void ui_focus_check(struct ui *ui, struct ui_level *level);
void ui_focus_step(struct ui *ui, struct ui_level *level, int step);
void ui_focus_field(struct ui *ui, struct ui_level *level, int step);
/* Whether what is typed is text. */
bool ui_focus_takes_text(const struct ui_level *level);
const struct ui_field *ui_focused(const struct ui_level *level);
/* What Enter on the focus does. */
void ui_press(struct ui *ui, struct ui_level *level);
void ui_choose_number(struct ui *ui, struct ui_level *level, size_t number);

/* ---- list.c: positions are rows of the list under its filter; in a list that wraps, lines of them ---- */

size_t ui_list_field(const struct ui_screen *screen); /* UI_NONE without one */
/* The list or the view. */
size_t ui_filling_field(const struct ui_screen *screen);
size_t ui_list_rows(const struct ui *ui, struct ui_level *level);
void ui_list_row(const struct ui *ui, const struct ui_level *level, size_t row, struct ui_row *out);
void ui_row_free(struct ui_row *row);
/* Counts positions anew for that width. */
size_t ui_list_measure(const struct ui *ui, struct ui_level *level, size_t width);
size_t ui_list_position(const struct ui_level *level);
void ui_list_go(struct ui_level *level, size_t position, size_t positions);
void ui_list_find(const struct ui_level *level, size_t position, size_t *row, size_t *line);
/* Matches anew. */
void ui_list_filter(struct ui *ui, struct ui_level *level);
/* The list's own number of a row under the filter. */
size_t ui_list_index(const struct ui_level *level, size_t row);

/* ---- input.c ---- */

void ui_input_key(struct ui *ui, struct ui_level *level, uint32_t key);
/* What the field shows, and at which cell of it the cursor stands. */
void ui_input_text(const struct ui_level *level, size_t field, struct buffer *out, size_t *cursor);

/* ---- layout.c ---- */

struct ui_window {
	int row, rows;  /* of the body on the canvas */
	size_t columns; /* that text may take */
	bool compact;
};

/* How wide a text may be behind the marker. */
size_t ui_text_columns(const struct ui *ui);
/* The next line of a row that wraps: its length in bytes. */
size_t ui_wrap(const char *text, size_t len, size_t columns, bool first);
/* Fills lines with what stays above the body. */
void ui_layout_fixed(struct ui *ui, struct ui_level *level, const struct ui_window *window, struct lines *out);
/* Fills lines with what the window shows of the body. */
void ui_layout(struct ui *ui, struct ui_level *level, const struct ui_window *window, struct lines *out);

/* ---- paint.c ---- */

/* Tells the top screen that all is done for now (settled in struct ui_screen). */
void ui_settle(struct ui *ui);
/* Settles, and makes the canvas of the top screen. */
void ui_paint(struct ui *ui);
enum canvas_style ui_style(enum ui_mood mood);

/* ---- bar.c: the last line ---- */

void ui_paint_bar(struct ui *ui, struct ui_level *level, int row);

/* ---- dialogs.c, help.c ---- */

/* The keys that are the same on every screen, for people; up to key == NULL. */
struct ui_general_key {
	const char *key;
	const char *msg; /* msgid */
};
extern const struct ui_general_key ui_general_keys[];

extern const struct ui_screen ui_screen_busy;
extern const struct ui_screen ui_screen_confirm;
extern const struct ui_screen ui_screen_message;
extern const struct ui_screen ui_screen_pick;
extern const struct ui_screen ui_screen_help;
void ui_ask_to_quit(struct ui *ui);
void ui_ask_while_busy(struct ui *ui);

/* ---- job.c ---- */

/* The worker may have ended: then its owner is told, and true comes back. */
bool ui_job_check(struct ui *ui);
/* One runs that is not quiet. */
bool ui_job_waited_for(const struct ui *ui);
void ui_job_show(struct ui *ui);
void ui_job_cancel(struct ui *ui);
/* Cancels, and waits at most that long for the job to stop where everything is whole. */
void ui_job_stop(struct ui *ui, int milliseconds);

#endif
