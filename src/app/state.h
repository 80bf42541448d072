/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_STATE_H
#define APP_STATE_H

/*
 * What the program remembers for the user's convenience and may forget without harm: the file besign/state in the user's
 * state directory (app/data.h). No secret is ever in it. Two programs that write at once: the last one wins, and the
 * file is always whole.
 */

#include "app/key_facts.h"
#include "wire/account.h"

#define STATE_DOCUMENTS_MAX 20u

/* What is remembered of a certificate at the account service, so that the main page can tell before it is asked. */
struct credential {
	char id[WIRE_ID_MAX];
	char state[WIRE_WORD_MAX]; /* as the authority spells it */
	struct key_facts facts;
	int64_t renew_from; /* TIME_NONE: not known */
};

#define CREDENTIAL_NONE ((struct credential){ .facts = { .until = TIME_NONE }, .renew_from = TIME_NONE })

/* From an answer of the service. With its chain (WIRE_PATH_CERTIFICATE) the name is the certificate's own; without, a
 * name that is known already stays. */
void credential_take(struct credential *out, const struct wire_certificate *certificate);

/* Strings are owned, bytes as the system has them; NULL where nothing is remembered. */
struct state {
	char *directory;                      /* where documents were last looked for */
	char *key_file;                       /* the one that was last opened */
	struct key_facts key;                 /* what its certificate said then */
	struct credential credential;         /* the certificate at the account service that was chosen; id "": none */
	char *documents[STATE_DOCUMENTS_MAX]; /* most recent first */
	size_t count;
	char *share_folder; /* where documents were last copied to */
	char *share_mail;   /* who they were last sent to, as it was typed */
	char *share_server; /* the address of the last server, sftp://… */
	char *share_key;    /* the key file that it took */
};

/* Never fails: what cannot be read, or is broken, is as if it were empty. */
void state_read(struct state *out);
enum be_err state_write(const struct state *state, struct be_error *err);
void state_free(struct state *state);

/* These only change the struct. BE_NO_MEMORY; BE_LIMIT for a path that no system has: nothing is changed then. */
enum be_err state_set_directory(struct state *state, const char *path, struct be_error *err);
/* facts: NULL when they are not known. */
enum be_err state_set_key(struct state *state, const char *path, const struct key_facts *facts, struct be_error *err);
/* One of the strings that sharing remembers; "" or NULL forgets it. */
enum be_err state_set_share(char **at, const char *text, struct be_error *err);
/* To the front; one that is remembered already moves there, and the oldest makes room. */
enum be_err state_add_document(struct state *state, const char *path, struct be_error *err);

#endif
