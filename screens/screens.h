/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCREENS_H
#define SCREENS_H

/*
 * The screens by name, and what one hands to another when it opens it. All of them share a struct desk (app/desk.h) as
 * the toolkit's context.
 */

#include "app.h"
#include "ui.h"

#include <string.h>

#define SCREEN(name) extern const struct ui_screen screen_##name;
#include "screens.def"
#undef SCREEN

/* For browse, browse_key and browse_picture: where to look, and who is told what was chosen. */
struct browse_request {
	bool several; /* more than one may be chosen */
	/* The state is that of the screen that opened the browser, which is on top again. Paths are borrowed. */
	void (*chosen)(struct ui *ui, void *state, const char *const *paths, size_t count);
};

/* For path, and for find: a name, or a text, that is typed. */
struct path_request {
	const char *start; /* what stands in the field */
	void (*entered)(struct ui *ui, void *state, const char *path);
};

/* For sign_passphrase: what is to be signed and how; borrowed while it is open. */
struct sign_order {
	char **documents;
	size_t count;
	const char *key_file;
	const char *reason, *location;
	const struct place *place;         /* NULL: the signature is not seen */
	const struct place_others *others; /* with place: how the other documents' pages differ */
};

/* For sign_place and sign_numbers: borrowed for the call. */
struct place_request {
	const char *document; /* whose pages are shown */
	size_t count;         /* of the documents that it is for */
	struct place place;
	/* The state is that of the screen that asked, which is on top again. */
	void (*placed)(struct ui *ui, void *state, const struct place *place);
};

/* For sign_result, which takes what is in it. */
struct sign_outcome {
	struct outputs *outputs;
};

/* For trust_certificate; borrowed for the call. */
struct trust_view {
	const struct trust_entry *entry;
	const char *file; /* it is a file of the person's own, not kept yet; NULL otherwise */
};

static inline struct desk *desk_of(const struct ui *ui)
{
	return ui_context(ui);
}

/* The name of a file or folder, harmless, with ~ for the home directory. */
static inline void put_path(struct ui_text *out, const char *path)
{
	struct buffer brief = BUFFER_EMPTY;

	if (path == NULL)
		return;
	paths_short(&brief, path);
	ui_put_foreign(out, brief.failed ? path : (const char *)brief.data);
	buffer_free(&brief);
}

/* What was typed twice is the same. */
static inline bool secrets_equal(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) && memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

/* The look of a verdict. */
static inline enum ui_mood screens_mood(enum verify_text_mood mood)
{
	static const enum ui_mood moods[] = { [VERIFY_TEXT_PLAIN] = UI_PLAIN,
		[VERIFY_TEXT_GOOD] = UI_GOOD,
		[VERIFY_TEXT_BAD] = UI_BAD,
		[VERIFY_TEXT_UNSURE] = UI_UNSURE };

	return moods[mood];
}

/* A question to the account service, as a job (task.c). The screen fills texts, secrets and number, and starts it; the worker
 * touches the task alone, and what "lent" points at, which the screen below leaves as it is meanwhile. */

#define TASK_TEXTS 4u
#define TASK_SECRETS 3u

struct task;
/* Worker. Asks by task->calls. */
typedef enum be_err task_run(struct task *task, const struct account_wait *wait, struct be_error *err);
/* The task's record is filled when the error is BE_OK: task_take moves it out. */
typedef void task_done(struct ui *ui, void *state, struct task *task, const struct be_error *error);

struct task {
	const struct account_calls *calls;
	struct account *account;
	char text[TASK_TEXTS][WIRE_NAME_MAX];
	struct secret *secret[TASK_SECRETS]; /* wiped as soon as the question was asked */
	int64_t number;
	const void *lent;
	const struct wire_message *kind; /* of the record; NULL: there is none */
	void *record;
	task_run *run;
	task_done *done;
};

/* NULL, and that is said, when there is no account or no memory. */
struct task *task_new(struct ui *ui, const struct wire_message *kind);
/* Copies a secret in, which may be NULL. False: the task is gone, and that is said. */
bool task_secret(struct task *task, struct ui *ui, size_t index, const struct secret *from);
/* The same with a text: a code, which was typed where it can be seen. */
bool task_secret_text(struct task *task, struct ui *ui, size_t index, const char *text);
/* Takes the task. title: msgid. */
void task_start(struct ui *ui, struct task *task, const char *title, task_run *work, task_done *then);
/* The same for what nobody waits for; the screen may not be on top when it is done. */
void task_start_quiet(struct ui *ui, struct task *task, task_run *work, task_done *then);
/* Moves the record to one of the same kind, which is freed before. */
void task_take(struct task *task, void *record);

/* Who somebody is at the account service, as several screens show it (who.c). */

/* What a person comes to who asks for the account: the choice of a service, signing in, or the account itself. */
void who_open(struct ui *ui);
/* "sari@contoh.example.id", or that nobody is signed in. */
void who_put_user(const struct ui *ui, const void *state, struct ui_text *out);
/* What it calls itself, and where it is. */
void who_put_service(const struct ui *ui, const void *state, struct ui_text *out);
/* As an error, with what helps: until when it is locked, how far the clocks are apart, how many tries are left. */
void who_put_refusal(const struct ui *ui, struct ui_text *out, const struct be_error *error);
void who_say_refusal(struct ui *ui, const struct be_error *error);
/* For what a screen asks by itself: nobody is signed in any more, so the screen goes away, and why is said. False: it
 * stays; one that is not on top goes when it is (again). */
bool who_left(struct ui *ui, const void *state, const struct be_error *error);
/* Of the main page, when it is settled: who is signed in as far as is known here; the service is asked once whether it
 * still thinks so. True: a quiet job was begun for that, which another one would end. */
bool who_refresh(struct ui *ui);

/* A line on every screen of the account: whoever is in between can read what is typed. */
void who_put_warning(const struct ui *ui, const void *state, struct ui_text *out);
enum ui_mood who_warning_mood(const void *state);
bool who_warns(const struct ui *ui, const void *state);
#define WHO_WARNING \
	{ \
		.kind = UI_LABEL, .text = who_put_warning, .mood = who_warning_mood, .shown = who_warns \
	}

/* Where there is little room, what is typed needs it. */
bool who_has_room(const struct ui *ui, const void *state);
/* How long a password has to be, when the service has said so. */
void who_put_password_rule(const struct ui *ui, const void *state, struct ui_text *out);
bool who_has_password_rule(const struct ui *ui, const void *state);
/* One-time codes: six digits, as they are typed. */
#define WHO_CODE_MAX 7u
#define WHO_CODE_DIGITS "0123456789"
/* Why that is none; NULL when it is one. */
const char *who_code_missing(const char *code);
/* It will not be taken a second time. */
bool who_code_is_spent(enum be_err code);

/* For register, borrowed for the call: who is told that somebody is registered now. */
struct register_request {
	/* The state is that of the screen that asked, which is on top again; the others are borrowed. */
	void (*registered)(struct ui *ui, void *state, const char *user, const struct secret *password);
};

/* For otp_qr; the code is borrowed while it is open. */
struct qr_request {
	const struct qr *code;
	ui_run *cannot; /* it cannot be scanned, or not be shown: with the state of the screen that asked, on top again */
};

/* A page of a document in a view of a screen: opened once, drawn by a worker, turned, and looked at (page_view.c). */

struct page_view {
	char *document; /* owned */
	struct page_source *source;
	struct page_picture picture; /* cols 0 until one was drawn */
	uint32_t wanted;             /* the page that is to be drawn */
	int rows, columns;           /* of the view */
	bool failed;                 /* there is no picture: said, and not tried again */
};

/* What is told when a drawing ends; the work is a struct page_job, for page_view_take. */
typedef void page_view_done(struct ui *ui, void *state, void *work, const struct be_error *error);

void page_view_open(struct page_view *view, const char *document, uint32_t number);
void page_view_close(struct page_view *view, struct ui *ui);

/* Draws the wanted page, or with a text (which may be NULL) the first from there on that has it. */
void page_view_draw(struct page_view *view, struct ui *ui, const char *text, page_view_done *done);
/* Draws again, for a view of another size. */
void page_view_resize(struct page_view *view, struct ui *ui, int rows, int columns, page_view_done *done);
void page_view_turn(struct page_view *view, struct ui *ui, uint32_t number, page_view_done *done);
/* Takes what a job made. False: nothing was drawn, and that is said. */
bool page_view_take(struct page_view *view, struct ui *ui, struct page_job *work, const struct be_error *error);

bool page_view_shown(const struct page_view *view);
bool page_view_has_field(const struct page_view *view);

/* The page, in the top left corner, and frames around its signature fields. */
void page_view_put(const struct page_view *view, struct ui_view *out, bool marked);
/* A frame around a rectangle of the page; the cell of its top left corner comes back. */
void page_view_frame(const struct page_view *view, struct ui_view *out, const struct render_rect *at, bool marked,
	int *row, int *column);

#endif
