/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

/*
 * What the user decides once: the file besign/config in the user's configuration directory (app/data.h), which a person
 * may edit as well. One table says what there is; reading, writing and the screens follow it.
 */

#include "base/config.h"
#include "verify/verify.h"

#define SETTINGS_TEXT_MAX 256u
#define SETTINGS_PATH_MAX 4096u

enum settings_language { SETTINGS_LANGUAGE_AUTO, SETTINGS_LANGUAGE_ID, SETTINGS_LANGUAGE_EN };
enum settings_colour { SETTINGS_COLOUR_AUTO, SETTINGS_COLOUR_ALWAYS, SETTINGS_COLOUR_NEVER };
enum settings_characters { SETTINGS_CHARACTERS_AUTO, SETTINGS_CHARACTERS_ASCII };

enum settings_security { SETTINGS_SECURITY_STARTTLS, SETTINGS_SECURITY_TLS, SETTINGS_SECURITY_NONE };

struct settings {
	int language;                             /* enum settings_language */
	int colour;                               /* enum settings_colour */
	int characters;                           /* enum settings_characters */
	int revocation;                           /* enum verify_revocation */
	char output_directory[SETTINGS_PATH_MAX]; /* bytes; "": beside the document; else begins with / or ~/ */
	char reason[SETTINGS_TEXT_MAX];
	char location[SETTINGS_TEXT_MAX];
	char service[SETTINGS_TEXT_MAX];    /* "": not chosen yet; "embedded"; or an address (app/service.h) */
	char service_ca[SETTINGS_PATH_MAX]; /* bytes, PEM; "": the system's authorities */
	int service_plain;                  /* enum settings_plain */
	/* How letters go out (app/share.h). No password is ever in here. */
	char mail_from[SETTINGS_TEXT_MAX];
	char mail_server[SETTINGS_TEXT_MAX];      /* HOST or HOST:PORT; "": the sendmail program */
	int mail_security;                        /* enum settings_security */
	char mail_user[SETTINGS_TEXT_MAX];        /* "": it is not asked who we are */
	char mail_authorities[SETTINGS_PATH_MAX]; /* PEM; "": the system's */
	char sendmail[SETTINGS_PATH_MAX];         /* "": where systems have it */
};

enum settings_plain { SETTINGS_PLAIN_NO, SETTINGS_PLAIN_YES };

enum settings_kind {
	SETTINGS_CHOICE, /* int: the index of the word among those of words */
	SETTINGS_TEXT,   /* char array: UTF-8 */
	SETTINGS_PATH    /* char array: bytes; begins with / or ~/, or empty */
};

struct settings_spec {
	const char *name; /* in the file */
	enum settings_kind kind;
	const char *words;  /* CHOICE: "auto|id|en" */
	size_t at;          /* offset in struct settings */
	size_t size;        /* of the array; 0 for CHOICE */
	const char *preset; /* as it is written in the file */
	const char *title;  /* msgid */
	const char *about;  /* msgid: what it does and what it can be; the comment in the file */
};

const struct settings_spec *settings_table(size_t *count);
/* The value as it is meant in the file: the word of a choice, else the text. Points into settings or to static words,
 * in which case the word ends at | as well: its length is given apart. */
const char *settings_value(const struct settings *settings, const struct settings_spec *spec, size_t *len);

void settings_default(struct settings *out);

/* Always fills out: what is not set, or not understood, has its default. A missing file is no error. BE_MALFORMED for a
 * line that is not understood, and the detail names it; the other lines count. Also BE_LIMIT, BE_IO: nothing of the file
 * was used. */
enum be_err settings_read(struct settings *out, struct be_error *err);

/* Changes the values in the file and leaves everything else as it is: comments, order, names that are not known. What
 * is not there is added when it is not the default; a missing file is made with everything in it. A line that is not
 * understood, or sets something again, is kept as a comment. BE_USAGE for values that no file can have; as
 * settings_read for a file that is no text: then nothing is written. */
enum be_err settings_write(const struct settings *settings, struct be_error *err);

#endif
