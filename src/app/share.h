/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SHARE_H
#define APP_SHARE_H

/*
 * Handing documents on: into a folder, by mail, to a server by SFTP. Owns what a command and a screen promise alike: a
 * file has its name when it is whole and not before, an existing one is refused unless it is to be replaced, a document
 * that is moved is taken away only when it is safe elsewhere, and each document has a result of its own. Keeps no
 * secret: a password is borrowed for one call.
 */

#include "app/settings.h"
#include "base/secret.h"

#include <stdatomic.h>

#define SHARE_RECIPIENTS_MAX 50u
#define SHARE_LETTER_MAX (50ull << 20) /* bytes of all documents in one letter; many servers take less */
#define SHARE_SUBJECT_MAX 256u
#define SHARE_MESSAGE_MAX 4096u

struct share_document {
	char *path;   /* owned */
	char *target; /* where it is now, bytes; owned; NULL unless it arrived. With BE_IO after a move: it is in both */
	enum be_err result;
	struct be_error error; /* when result is not BE_OK */
};

struct share_documents {
	struct share_document *documents; /* owned */
	size_t count;
};

/* Paths are copied. Each is BE_CANCELLED until something came of it. */
enum be_err share_documents_make(
	struct share_documents *out, const char *const *paths, size_t count, struct be_error *err);
void share_documents_free(struct share_documents *documents);
/* Takes what is in from, which is empty then. */
void share_documents_move(struct share_documents *to, struct share_documents *from);

enum share_way { SHARE_FOLDER, SHARE_MAIL, SHARE_SERVER };
enum share_security { SHARE_STARTTLS, SHARE_TLS, SHARE_NO_TLS };

/* Everything in here is borrowed; strings may be NULL where nothing is said. */
struct share_folder {
	const char *dir; /* absolute, and there */
	bool move;
	bool replace;
};

struct share_mail {
	const char *from;
	const char *to; /* addresses with commas, semicolons or blanks between them */
	const char *subject;
	const char *message;
	const char *server; /* HOST or HOST:PORT; "": the sendmail program */
	enum share_security security;
	const char *user;
	const struct secret *password; /* with user */
	const char *ca_file;
	const char *sendmail; /* the program; "": where systems have it */
};

struct share_server {
	const char *url;      /* as net/sftp.h has it */
	const char *identity; /* key file; "": none */
	const struct secret *password;
	bool replace;
};

struct share_job {
	enum share_way way;
	struct share_folder folder; /* that of the way is looked at */
	struct share_mail mail;
	struct share_server server;
	struct share_documents *documents; /* get their results */
	const atomic_bool *cancel;
	/* How far it is, in hundredths of the whole; from the thread that runs it. May be NULL. */
	void (*report)(void *context, size_t done, size_t hundred);
	void *context;
};

/* BE_OK: every document has its own result. Otherwise nothing was started, and no document went anywhere: the folder is
 * not there, the server is not reached, cannot prove who it is (BE_TLS), or does not take us (BE_DENIED), an address is
 * none. A letter has all documents or is not sent; its results are all the same, BE_UNKNOWN_OUTCOME among them. */
enum be_err share_run(const struct share_job *job, struct be_error *err);

/* How letters go out, as it is set; borrowed from the settings. The rest of out stays as it is. */
void share_mail_settings(struct share_mail *out, const struct settings *settings);

/* Whether these addresses can be written to, before a password is asked for. BE_USAGE, BE_LIMIT. */
enum be_err share_mail_check(const struct share_mail *mail, struct be_error *err);
/* The same for the sender and the server alone, as they are set. */
enum be_err share_mail_sender_check(const struct share_mail *mail, struct be_error *err);
/* The same for the address of a server. */
enum be_err share_server_check(const struct share_server *server, struct be_error *err);
/* The server wants to know who we are, and nothing of ours says so: a password has to be asked for. */
bool share_wants_password(const struct share_job *job);

#endif
