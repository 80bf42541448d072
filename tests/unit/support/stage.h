/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_STAGE_H
#define SUPPORT_STAGE_H

/*
 * The screens on a stage: a clock that stands, folders that are not there, and an engine that answers by what a document
 * is called. Keys go in, and the picture that comes of them can be looked at. Jobs run at once. Everything in here ends
 * the program when it cannot do what it is asked.
 */

#include "app.h"
#include "screens/screens.h"
#include "ui/core.h"

#define STAGE_NOW 1780000000 /* 2026-05-28T20:26:40Z */
#define STAGE_PASSPHRASE "benar"

struct stage {
	struct ui *ui;
	struct desk desk;
	/* What the engine was asked. */
	size_t signings, verifications, descriptions, guards;
	char passphrase[64]; /* that it was given last */
	char key_file[256];
	char reason[SETTINGS_TEXT_MAX];
	char location[SETTINGS_TEXT_MAX];
	bool seen;            /* the last signature was a visible one, */
	struct place place;   /* and there */
	size_t pages_open;    /* documents that are looked at */
	struct visual visual; /* as it is kept */
	unsigned pictures;    /* by bit: which of the stage's are there */
	size_t previews;
	struct visual_wish shown; /* what was drawn last */
	bool trusted;             /* the authority that is offered was accepted */
	size_t shares;
	char share[512]; /* what was asked last: the way, and what was said of it */
	size_t interrupted;       /* batches; two of five documents are signed in each */
	bool unknown;             /* and the outcome of one is not known */
	size_t taken, forgotten;  /* batches that were */
	bool retried;             /* what is unknown was signed as well */
	unsigned unlock_kept;     /* by bit: behind which ways a passphrase is saved */
	enum unlock_way unlock_used;
	struct be_error unlock_fails; /* what comes of asking; BE_OK: the passphrase */
	size_t releases;
	char unlock_key[UNLOCK_FINGERPRINT_MAX]; /* of the agent, that was chosen */
	bool camera;              /* there is one, and it sees a code */
	size_t follows;           /* hosts that were asked */
	char followed[QR_URL_MAX];
	char saved[256];
	/* Called while documents are signed, after each. NULL: not. */
	void (*during)(struct stage *stage, size_t done);
};

/* known: somebody was here before, with a key file and two documents. Opens the screen that the program would. */
void stage_open(struct stage *stage, bool known);
void stage_close(struct stage *stage);

/* For cmocka: a stage of its own for each test, in English, for who was here before or comes for the first time. */
int stage_setup(void **state);
int stage_setup_first(void **state);
int stage_teardown(void **state);

/* So many batches were interrupted before the program was started: it says so. */
void stage_interrupt(struct stage *stage, size_t batches, bool unknown);

/* Keys by name with blanks between them: Up Down Left Right Home End PageUp PageDown Tab BackTab Enter Esc Backspace
 * Delete Space F1 F10 ^C ^U ^W ^G PasteBegin PasteEnd; Interrupted and InterruptedUnknown stand for stage_interrupt with
 * one batch, and with three; a word that begins with @ is what happens at the account service (stage_account_set in
 * stage_account.h); any other word is typed letter by letter. */
void stage_press(struct stage *stage, const char *keys);
void stage_type(struct stage *stage, const char *utf8);

/* The picture at 80x24, or at the size that ui has. Borrowed until the next call. */
const char *stage_picture(struct stage *stage);
bool stage_shows(struct stage *stage, const char *text);
/* The name of the screen on top. */
const char *stage_screen(const struct stage *stage);

/* A screen in a certain state: the keys that lead to it. */
struct stage_pose {
	const char *name;
	bool known;
	const char *keys;
};

extern const struct stage_pose stage_poses[];
extern const size_t stage_pose_count;

#endif
