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

/* What signs (sign_key.c). */
enum sign_key_kind { SIGN_KEY_CREDENTIAL, SIGN_KEY_FILE };

struct sign_key {
	enum sign_key_kind kind;
	const char *id; /* of the certificate at the service, or the name of the key file; the desk's */
};

/* For sign_passphrase: what is to be signed and how; borrowed while it is open. */
struct sign_order {
	char **documents;
	size_t count;
	struct sign_key key;
	const char *reason, *location;
	const struct place *place;         /* NULL: the signature is not seen */
	const struct place_others *others; /* with place: how the other documents' pages differ */
	struct batch *batch;               /* this is the rest of it, which says where and how; NULL: a new batch */
	bool retry;                        /* with batch: also those whose outcome is not known */
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

/* For share, and the screens of its ways: borrowed for the call. */
struct share_request {
	const char *const *paths;
	size_t count;
};

/* For share_result, which takes the documents. */
struct share_outcome {
	struct share_documents *documents;
};

/* For trust_certificate; borrowed for the call. */
struct trust_view {
	const struct trust_entry *entry;
	const char *file; /* it is a file of the person's own, not kept yet; NULL otherwise */
};

/* For security_way; borrowed for the call. */
struct security_view {
	enum sign_key_kind key; /* whose passphrase it is */
	enum unlock_way way;
	const struct unlock_ways *ways;
};

static inline struct desk *desk_of(const struct ui *ui)
{
	return ui_context(ui);
}

/* For qr_code; borrowed for the call. */
struct qr_view {
	const struct qr_content *content;
	const char *from; /* the host that leads there; NULL: the code itself */
};

/* For qr_document, qr_page and qr_text, which take what is in it. */
struct qr_outcome {
	struct qr_found *found;
};

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

/* What became of a document, in a word (msgid). */
static inline const char *sign_word(enum be_err result)
{
	return result == BE_OK ? N_("SIGNED") : result == BE_UNKNOWN_OUTCOME ? N_("UNKNOWN") : N_("NOT SIGNED");
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
	const struct app_engine *engine;
	const struct account_calls *calls; /* the engine's */
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
/* The same for what is answered once there is news. */
void task_start_watch(struct ui *ui, struct task *task, task_run *work, task_done *then);
/* Moves the record to one of the same kind, which is freed before. */
void task_take(struct task *task, void *record);

/* A list at the service that follows what happens there while it is looked at (follow.c). */
struct followed {
	bool known;              /* an answer has come */
	bool stale;              /* it is asked anew at once, and what is known stays meanwhile */
	bool moved;              /* rows came or went while another screen was on top */
	bool rests;              /* nothing is asked before the person wants it */
	struct be_error trouble; /* of the last question */
};

struct follow_questions {
	const struct wire_message *kind;
	task_run *ask, *watch; /* watch answers once there is news */
	task_done *answered;
};

/* For settled. number: the task's, by which watch knows what is news. */
void follow_settled(struct ui *ui, struct followed *f, const struct follow_questions *questions, int64_t number);
/* For answered. False: there is nothing to take. */
bool follow_answered(struct followed *f, const struct be_error *error);
/* What was taken has other rows; state: of the list's screen, which may not be on top. */
void follow_moved(struct ui *ui, const void *state, struct followed *f);
void follow_refresh(struct followed *f);
/* For again. */
void follow_again(struct ui *ui, struct followed *f);

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
bool who_warns(const struct ui *ui, const void *state);
#define WHO_WARNING \
	{ \
		.kind = UI_LABEL, .text = who_put_warning, .mood = mood_bad, .shown = who_warns \
	}

/* Where there is little room, what is typed needs it. */
bool who_has_room(const struct ui *ui, const void *state);
/* How long a password has to be, when the service has said so. */
void who_put_password_rule(const struct ui *ui, const void *state, struct ui_text *out);
bool who_has_password_rule(const struct ui *ui, const void *state);
/* What is missing (msgid) is said, and the focus goes to where it is typed; false: nothing is. */
bool who_misses(struct ui *ui, const char *missing, size_t at);
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

/* For fields and buttons of screens that need the account service (ask.c). is_signed_out looks at what is known;
 * recall_account opens what is not open yet, asking nothing. */
void recall_account(struct ui *ui);
bool is_signed_in(const struct ui *ui, const void *state);
bool is_signed_out(const struct ui *ui, const void *state);
ui_guard must_sign_in;
ui_run open_sign_in;
enum ui_mood mood_bad(const void *state);
enum ui_mood mood_unsure(const void *state);

/* A text of several lines (text_lines.c): how many, one of them, whether it has these bytes. */
size_t text_lines(const struct wire_bytes *text);
void put_text_line(struct ui_text *out, const struct wire_bytes *text, size_t index);
bool text_line_has(const struct wire_bytes *text, size_t index, const void *bytes, size_t count);

/* Certificates at the account service (cert_*.c); struct wire_certificate is what most of them are
 * opened with, borrowed for the call. */

/* The state, and what it means (app/cert_state.h). */
void put_cert_state(struct ui_text *out, const char *state);
/* " (12 days left)" behind a date. */
void put_days_left(struct ui_text *out, const struct desk *desk, int64_t until);
/* What is known of a certificate, a row each; index below cert_facts. */
size_t cert_facts(const struct wire_certificate *certificate);
void cert_fact(const struct ui *ui, const struct wire_certificate *certificate, size_t index, struct ui_row *out);
/* Asks for the certificate, and signs with it from now on; goes back to where somebody signs, or to the main page. */
void cert_use(struct ui *ui, const char *id);
/* What the service said of a certificate: the chosen one is remembered so. */
void cert_seen(struct desk *desk, const struct wire_certificate *certificate);
/* The service has no such certificate for who is signed in now: somebody else's, or another service's. */
void cert_gone(struct desk *desk, const char *id);
/* A notice of something that was done, with what comes next (cert_notice). */
struct cert_notice {
	const char *title, *text; /* msgids */
	bool letter;              /* a letter comes: the mailbox is offered where there is one */
	bool ends;                /* "Done" instead of "OK" */
	char use[WIRE_ID_MAX];    /* this certificate may be signed with from now on; "": none */
};

/* A new passphrase, typed twice (new_passphrase.c): why it cannot be sent (msgid), and what the service asks of it. */
const char *new_passphrase_off(const struct secret *passphrase, const struct secret *once_more);
void put_passphrase_rule(const struct ui *ui, const void *state, struct ui_text *out);

/* For cert_passphrase. */
struct cert_link {
	const struct secret *link; /* NULL: it is pasted there */
};

/* What signs. Which one is offered first; why it cannot be used now (msgid), its name. */
enum sign_key_kind sign_key_first(struct ui *ui);
/* For a choice, by kind (msgids). Whether there is one: a certificate was chosen. */
extern const char *const sign_key_words[];
bool sign_key_has_choice(const struct ui *ui, const void *state);
struct sign_key sign_key_of(const struct desk *desk, enum sign_key_kind kind);
const char *sign_key_off(const struct desk *desk, enum sign_key_kind kind);
void sign_key_put(struct ui_text *out, const struct desk *desk, enum sign_key_kind kind);
/* What to do next, as a msgid, when a key was refused with this; NULL: trying again is all. */
const char *sign_key_advice(enum be_err refused);
/* The state of the chosen certificate, as far as a refusal tells it. */
void sign_key_refused(struct desk *desk, enum be_err refused);
/* Another certificate has to be chosen, or asked for. */
bool sign_key_is_spent(enum be_err refused);
/* What security_way has done by a worker (security_job.c). The facts are borrowed for the call. */
typedef void security_done(struct ui *ui, void *state, const struct key_facts *facts, const struct be_error *error);

struct security_wish {
	enum sign_key_kind of;
	enum unlock_way way;
	const char *key;                 /* of the agent; NULL: none was chosen */
	const struct secret *passphrase; /* to be proved and saved; NULL: the way is tried */
	security_done *done;
};

/* Borrowed for the call. */
void security_start(struct ui *ui, const struct security_wish *wish);

/* A passphrase that was saved behind a finger or a key, for whatever screen needs one (unlocking.c). */

/* The key of that kind that is signed with, borrowed from the desk. False: none was chosen. */
bool unlocking_target(struct unlock_target *out, const struct desk *desk, enum sign_key_kind kind);
/* A copy with strings of its own, for a worker. */
struct unlocking_copy {
	struct unlock_target target;
	char *id, *certificate; /* what it points at */
};

/* False: no memory; what there is has to be freed all the same. */
bool unlocking_copy(struct unlocking_copy *out, const struct unlock_target *target);
void unlocking_copy_free(struct unlocking_copy *copy);

/* The way that was chosen for the target; UNLOCK_PASSPHRASE: it is typed. */
enum unlock_way unlocking_way(struct ui *ui, const struct unlock_target *target);

/* The passphrase is borrowed for the call; NULL when the way failed, and error says why. */
typedef void unlocking_done(struct ui *ui, void *state, const struct secret *passphrase, const struct be_error *error);

/* Asks the way as a job that can be cancelled. done is called when the screen is on top again. */
void unlocking_start(struct ui *ui, const struct unlock_target *target, enum unlock_way way, unlocking_done *done);

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

/* What the screens of the ways to share have in common (share_form.c): their state begins with it. */

struct share_form {
	struct secret *password; /* where the screen asks for one */
	char **paths;            /* owned */
	size_t count;
};

/* Takes the documents of a struct share_request. */
void share_form_open(struct share_form *form, struct ui *ui, const void *request);
void share_form_close(struct share_form *form);
/* "Documents: …", for a FACT. */
void share_form_documents(const struct ui *ui, const void *state, struct ui_text *out);
/* Does it, by a worker; the strings of the job are copied. When it is done the outcome is shown in place of this screen
 * and of the one that chose the way; when nothing was started, that is said here. */
void share_form_start(struct share_form *form, struct ui *ui, const struct share_job *job);

#endif
