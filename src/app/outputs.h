/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_OUTPUTS_H
#define APP_OUTPUTS_H

/*
 * Which document becomes which file, for a batch of documents that a command or a screen was given, and signing those
 * that can be opened at all. How the outcome is told is the caller's.
 */

#include "sign/sign.h"

struct outputs_place {
	const char *output; /* the one output; or NULL */
	const char *dir;    /* where all go, under the inputs' names; or NULL: NAME_signed.pdf beside each */
	bool replace;
};

#define OUTPUTS_BATCH_MAX 40u

struct outputs {
	struct sign_document *documents; /* owned */
	char **inputs;                   /* their names; owned */
	char **names;                    /* of the outputs; owned */
	bool *unreadable;                /* by document: the input could not be opened at all */
	size_t count;
	const char *dir; /* made before anything is signed; NULL: none. Borrowed */
	/* Filled by batch_sign (app/batch.h). */
	char batch[OUTPUTS_BATCH_MAX]; /* what is left stands in the record of this name; "" when nothing is */
	struct be_error warning;       /* something could not be written down; BE_OK otherwise */
};

/* Where one input goes, to be freed; NULL without memory. */
char *outputs_name(const struct outputs_place *place, const char *input);

/* The place's directory is borrowed. An input that cannot be opened gets its result here; the others
 * are left to the signing. */
enum be_err outputs_make(struct outputs *out, const char *const *inputs, size_t count,
	const struct outputs_place *place, bool hash_output, struct be_error *err);
void outputs_free(struct outputs *outputs);
/* Takes what became of the documents out of from, which is empty then; the place's directory is of no use any more. */
void outputs_move(struct outputs *to, struct outputs *from);

/* No input can be opened. */
bool outputs_are_hopeless(const struct outputs *outputs);

/* Signs those that have no result yet; the others could not be opened, or have no place for what is to be seen. As
 * sign_documents, but for the count of what is reported, which is that of the documents taking part; when a document is
 * reported as done, its result stands in the outputs. */
enum be_err outputs_sign(struct outputs *outputs, struct signer *signer, const struct sign_options *options,
	const struct sign_progress *progress, struct be_error *err);

#endif
