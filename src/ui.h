/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_H
#define UI_H

/*
 * The terminal toolkit, as a screen sees it. A screen is data: a title, fields, actions, the size of its state, and a
 * few callbacks. Drawing, keys, the key bar, "?" help, --plain and the tests all come from that data. A screen knows no
 * terminal; it fills struct ui_text, starts jobs and moves along the stack of screens, and nothing else.
 *
 * Everything here is for the one thread that owns the screen, except what says "worker". Sentences are msgids: English,
 * static, translated when they are shown (base/error.h), so that a change of language shows at once.
 */

#include "base/buffer.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ui;

/* What a screen's callbacks share: the program's own data, as given to ui_new. */
void *ui_context(const struct ui *ui);
/* The state of the screen on top; NULL without one. */
void *ui_state(const struct ui *ui);

/* ---- text: the only way of words to the screen ---- */

struct ui_text {
	struct buffer utf8; /* harmless: ours, or made so */
};

/* Colour and weight; the words must say the same. */
enum ui_mood { UI_PLAIN, UI_GOOD, UI_BAD, UI_UNSURE, UI_FAINT, UI_HEADING };

/* A sentence of ours, translated. NULL adds nothing. */
void ui_put(struct ui_text *text, const char *msgid);
/* The same with its "%zu" replaced, in their order; one of a counted thing, or several. */
void ui_put_numbers(struct ui_text *text, const char *msgid, size_t first, size_t second);
void ui_put_count(struct ui_text *text, const char *one, const char *several, size_t count);
/* A string that is not ours: made harmless. */
void ui_put_foreign(struct ui_text *text, const char *string);
/* Blanks, until the text is that many cells wide. */
void ui_pad(struct ui_text *text, size_t columns);
/* "msgid (detail)", as commands print it. */
void ui_put_error(struct ui_text *text, const struct be_error *error);

/* ---- keys, for a view that takes some itself; characters are themselves ---- */

enum ui_key {
	UI_KEY_ENTER = 0x110000,
	UI_KEY_ESCAPE,
	UI_KEY_UP,
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_PAGE_UP,
	UI_KEY_PAGE_DOWN,
	UI_KEY_TAB,
	UI_KEY_BACK_TAB,
	UI_KEY_BACKSPACE,
	UI_KEY_DELETE,
	UI_KEY_KILL_LINE, /* ^U */
	UI_KEY_KILL_WORD, /* ^W */
	UI_KEY_HELP,      /* F1, ^G */
	UI_KEY_QUIT,      /* F10 */
	UI_KEY_INTERRUPT, /* ^C */
	UI_KEY_PASTE_BEGIN,
	UI_KEY_PASTE_END,
	UI_KEY_NOTHING
};

/* ---- pictures ---- */

/* What the terminal can show. */
enum ui_depth { UI_DEPTH_256, UI_DEPTH_8, UI_DEPTH_MONO, UI_DEPTH_ASCII };
enum ui_depth ui_depth(const struct ui *ui);

struct ui_cell {
	uint32_t character; /* narrow */
	int16_t fg, bg;     /* of the terminal's palette; -1: its own */
	bool marked;        /* stands out, also without colours */
};

struct ui_view {
	int rows, columns;
	struct ui_cell *cells; /* rows * columns, blank before; borrowed for the call */
	int cursor_row, cursor_column;
};

/* ---- what a screen is made of ---- */

/* Why something cannot be done now, as a msgid; NULL when it can. */
typedef const char *ui_guard(const struct ui *ui, const void *state);
typedef void ui_run(struct ui *ui, void *state);

struct ui_row {
	struct ui_text text;
	const char *off;   /* msgid: why it cannot be opened; NULL when it can */
	enum ui_mood mood; /* HEADING begins a part of a report */
	bool marked;
	bool unmarkable; /* in a list with marks: this one has none */
};

struct ui_list {
	size_t (*count)(const struct ui *ui, const void *state);
	/* Fills a row that is empty before. */
	void (*row)(const struct ui *ui, const void *state, size_t index, struct ui_row *out);
	void (*open)(struct ui *ui, void *state, size_t index); /* Enter; NULL: nothing to open */
	void (*mark)(struct ui *ui, void *state, size_t index); /* space; NULL: nothing to mark */
	const char *opens;                                      /* msgid for the key bar: what Enter does */
	const char *empty;                                      /* msgid: said when there is no row */
	bool wraps;                                             /* long rows are broken, not cut; for reports */
	bool names;                                             /* rows are names of files: cut in the middle */
};

enum ui_kind {
	UI_END,
	UI_LABEL,  /* text to read */
	UI_FACT,   /* "msg: text" */
	UI_INPUT,  /* char[max] at the offset, UTF-8, always terminated */
	UI_SECRET, /* struct secret * at the offset; made on entering and freed on leaving by the toolkit */
	UI_CHECK,  /* bool at the offset */
	UI_CHOICE, /* size_t at the offset: index into words */
	UI_BUTTON,
	UI_LIST, /* takes the rows that the others leave; at most one in a screen, list or view */
	UI_VIEW  /* a picture in cells, as large as there is room; not in plain questions */
};

struct ui_field {
	enum ui_kind kind;
	const char *msg; /* msgid; what the field is called, or what the button (VIEW: Enter) does */
	size_t at;
	size_t max;
	const char *only;         /* INPUT: the characters that it takes, the others are passed over; NULL: all */
	const char *const *words; /* CHOICE: msgids, up to NULL */
	const char *(*word_guard)(const void *state, size_t index); /* CHOICE: why this one is off; NULL: never */
	const struct ui_list *list;                                 /* LIST */
	void (*text)(
		const struct ui *, const void *, struct ui_text *); /* LABEL, FACT: in place of msg, or the value */
	enum ui_mood (*mood)(const void *state);                    /* LABEL, FACT; NULL: plain */
	bool (*shown)(const struct ui *ui, const void *state);      /* NULL: always */
	ui_guard *guard;                                            /* BUTTON; NULL: always possible */
	ui_run *run;      /* BUTTON: pressed; INPUT, SECRET: Enter; CHOICE, CHECK: changed */
	const char *help; /* msgid, for the help; may be NULL */
	/* VIEW: fills the cells; takes a key before anybody else (false: not wanted); is told its size when that has
	 * changed. */
	void (*view)(const struct ui *ui, const void *state, struct ui_view *out);
	bool (*key)(struct ui *ui, void *state, uint32_t key);
	void (*sized)(struct ui *ui, void *state, int rows, int columns);
	bool corner; /* BUTTON: stands at the top right */
	bool fixed;  /* LABEL, before all others: stays at the top, whatever is scrolled */
};

struct ui_action {
	char key;         /* a letter that no general key has (ui_key_is_general) */
	const char *msg;  /* msgid for the key bar: one or two words */
	const char *help; /* msgid: one sentence */
	ui_guard *guard;
	ui_run *run; /* NULL ends the table */
};

struct ui_screen {
	const char *name;
	const char *title;
	const char *help; /* msgid: what this screen is for */
	size_t state_size;
	const struct ui_field *fields;   /* up to UI_END */
	const struct ui_action *actions; /* up to run == NULL; NULL: none */
	/* The state is zeroed before; arg is what the caller of ui_push gave, borrowed for the call. May be NULL. */
	void (*enter)(struct ui *ui, void *state, const void *arg);
	/* The screen is on top again. May be NULL. */
	void (*again)(struct ui *ui, void *state);
	/* Frees what the state holds; the state is wiped afterwards. May be NULL. */
	void (*leave)(struct ui *ui, void *state);
	ui_run *back; /* in place of going back: asks first, say; NULL: goes back */
	ui_run *left; /* the left arrow; NULL: as going back, but for the lowest screen */
	/* On top, all that was typed is taken, no job runs, and it is about to be painted: the place to begin a quiet job
	 * for what has changed. May be NULL. */
	ui_run *settled;
	/* Its view needs every row: there is no rule, and the line that speaks is there only while it does. */
	bool bare;
};

/* ---- moving along ---- */

void ui_push(struct ui *ui, const struct ui_screen *screen, const void *arg);
void ui_pop(struct ui *ui);
/* Takes away the top screen and shows another in its place. */
void ui_replace(struct ui *ui, const struct ui_screen *screen, const void *arg);
/* Goes back to the screen of that name; to the lowest one when there is none. */
void ui_back_to(struct ui *ui, const char *name);
/* Whether a screen of that name is open, on top or below. */
bool ui_is_open(const struct ui *ui, const char *name);
/* Everything ends as soon as the running callback returns. */
void ui_quit(struct ui *ui);

/* Puts the focus on the first field that has its value there, so that a person goes on where something is missing. */
void ui_focus(struct ui *ui, size_t at);
/* The same for the button that runs this. */
void ui_focus_button(struct ui *ui, ui_run *run);
/* Puts the focus on a row of the list. */
void ui_focus_row(struct ui *ui, size_t row);
/* The list has other rows now: its filter is dropped, and the first row has the focus. */
void ui_list_changed(struct ui *ui);
/* The rows that pass the list's filter, and which row of the list each is. */
size_t ui_shown_rows(struct ui *ui);
size_t ui_shown_row(const struct ui *ui, size_t row);

/* ---- speaking to the person ---- */

/* One line above the key bar, until the next key. The text is copied. */
void ui_say(struct ui *ui, enum ui_mood mood, const char *msgid);
void ui_say_error(struct ui *ui, const struct be_error *error);
void ui_say_text(struct ui *ui, enum ui_mood mood, const struct ui_text *text);
/* A screen of its own with "OK". The text is copied. */
void ui_message(struct ui *ui, const char *title, enum ui_mood mood, const struct ui_text *text);
/* Asks; yes runs with the state of the screen that asked. The text is copied. */
void ui_confirm(struct ui *ui, const char *title, const struct ui_text *text, const char *yes_msg, ui_run *yes);
/* Offers words (msgids up to NULL, static); picked runs with the state of the screen that asked. */
void ui_pick(struct ui *ui, const char *title, const char *const *words, size_t chosen,
	void (*picked)(struct ui *ui, void *state, size_t index));
/* Shows the text in full, and asks the terminal to put it on the clipboard (OSC 52), which not every terminal does. */
void ui_copy(struct ui *ui, const char *string);

/* Whether views are seen: not in questions and answers. */
bool ui_shows_views(const struct ui *ui);
/* Whether a view's colours are seen; else only what is marked stands out. */
bool ui_shows_colours(const struct ui *ui);
/* The window has little room: what can be done without is better left out. */
bool ui_is_compact(const struct ui *ui);

/* How it is to look. AUTO asks the terminal, the locale and NO_COLOR. */
enum ui_colour { UI_COLOUR_AUTO, UI_COLOUR_ALWAYS, UI_COLOUR_NEVER };
enum ui_characters { UI_CHARACTERS_AUTO, UI_CHARACTERS_ASCII };
void ui_set_look(struct ui *ui, enum ui_colour colour, enum ui_characters characters);

/* ---- jobs: what takes time runs on a worker thread, one at a time ---- */

struct ui_op; /* a running job, as the job sees it */

/* Worker. True once the person wants it to end; asked between steps that leave everything whole. */
const atomic_bool *ui_op_cancel(const struct ui_op *op);
/* A signal, or a terminal that is gone, ends the program: what is cancelled was not cancelled by the person. */
bool ui_is_ending(const struct ui *ui);

/* Worker. How far it is. */
void ui_op_progress(struct ui_op *op, size_t done, size_t count);

struct ui_job {
	const char *title; /* msgid: "Signing" */
	/* Worker. Touches its own work alone. */
	enum be_err (*run)(void *work, struct ui_op *op, struct be_error *err);
	/* The job has ended and the screen that started it is on top again; its state is given. */
	void (*done)(struct ui *ui, void *state, void *work, const struct be_error *error);
	/* Frees the work: after done, or without it when everything ends. */
	void (*free)(void *work);
	void *work; /* taken */
	/* Nobody waits for it: keys are taken meanwhile, and it is never shown. done is called when its screen is still
	 * there, perhaps not on top; without it the work is only freed. Another job, and going away, cancel it. */
	bool quiet;
	/* With quiet: it waits for news, for as long as there is none; another screen on top cancels it. */
	bool watches;
};

/* Ends with a message instead when the thread cannot be had. */
void ui_start(struct ui *ui, const struct ui_job *job);

#endif
