/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_BATCH_H
#define APP_BATCH_H

/*
 * A batch of documents that survives its program: what was to be signed, and how, is written into a file of
 * besign/batches in the user's state directory (app/data.h) before anything is signed, and what became of each document
 * is added to it. The file goes with the end of the batch; one that is there, and locked by nobody, is an interrupted
 * batch. No secret is in it. Whoever goes on looks at the outputs first: nothing is signed twice.
 */

#include "app/key_ref.h"
#include "app/outputs.h"
#include "sign/look.h"

/* Interrupted batches that are kept; the oldest makes room. */
#define BATCH_KEPT_MAX 100u

enum batch_mark {
	BATCH_LEFT,
	BATCH_SIGNED,
	BATCH_UNKNOWN /* another computer was asked to sign it, and what it did is not known */
};

/* Which file, and in which state. Devices have other numbers after a start of the system, so they say nothing. */
struct batch_stat {
	uint64_t inode; /* 0: there is no such file */
	uint64_t size;
	int64_t modified, changed; /* nanoseconds */
};

struct batch_document {
	char *input; /* absolute, as bytes; owned */
	char *output;
	struct batch_stat input_is, output_was; /* when the batch began */
	struct pdf_sign_spot spot;              /* of a visible signature in a new field */
	enum batch_mark mark;
	bool changed; /* batch_settle: the input is not the one that was to be signed */
};

struct batch {
	char id[OUTPUTS_BATCH_MAX];
	int64_t time; /* it began */
	enum key_ref_kind key_kind;
	char *key;
	char *signer; /* the name in the certificate */
	char certificate[65];
	bool replace;
	char *dir; /* that is made for the outputs; NULL: none */
	/* As in sign_options; NULL where nothing was said. Owned. */
	char *sub_filter, *field, *name, *reason, *location, *contact;
	enum digest_alg digest;
	bool pss;
	/* As in sign_look; with seen. Owned. */
	bool seen;
	char *image, *qr;
	char **lines;
	size_t line_count;
	struct batch_document *documents; /* owned */
	size_t count;
	/* For app/batch*.c only. */
	int fd;         /* locked while it is ours; -1 */
	uint64_t end;   /* of the file, where the next mark goes */
	size_t *places; /* by document of the outputs that batch_outputs made; owned */
};

void batch_free(struct batch **batch);
size_t batch_count(const struct batch *batch, enum batch_mark mark);

/* ---- signing ---- */

struct batch_order {
	struct key_ref key;
	const struct sign_look *look; /* what is seen; NULL: nothing */
};

/* As outputs_sign, and every result goes into the journal. What cannot be written down is said in outputs->warning, and
 * is no failure. When something is left, because it was cancelled or its outcome is unknown, outputs->batch names the
 * record of it. One document is no batch, unless its key is remote. */
enum be_err batch_sign(struct outputs *outputs, struct signer *signer, const struct sign_options *options,
	const struct batch_order *order, const struct sign_progress *progress, struct be_error *err);

/* ---- interrupted batches ---- */

struct batch_list {
	struct batch **batches; /* oldest first; not locked; owned */
	size_t count;
	size_t running; /* those of a program that is at it */
};

/* Records that cannot be understood are left alone, and not in the list. */
enum be_err batch_list_read(struct batch_list *out, struct be_error *err);
void batch_list_free(struct batch_list *list);

/* Takes an interrupted batch; until it is freed nobody else can. BE_NOT_FOUND, BE_BUSY: it is being signed. */
enum be_err batch_take(struct batch **out, const char *id, struct be_error *err);
enum be_err batch_forget(const char *id, struct be_error *err);

/* Looks at the inputs, and at outputs whose document has no mark: one that is this input with a signature by this
 * certificate has been signed. May take long; before a key is open. */
enum be_err batch_settle(struct batch *batch, const atomic_bool *cancel, struct be_error *err);

/* What is left, with those of unknown outcome or without. An input that has changed gets its result here
 * (BE_CHANGED). Borrows of the batch what outputs_move lets go. */
enum be_err batch_outputs(struct outputs *out, struct batch *batch, bool retry_unknown, struct be_error *err);

/* Signs that. BE_KEY_MISMATCH when the key is another than the batch began with. */
enum be_err batch_resume(struct batch *batch, struct outputs *outputs, struct signer *signer, int64_t time,
	const struct sign_progress *progress, struct be_error *err);

/* The end: the record goes, unless something is left (outputs->batch names it then). The batch is not ours any more. */
void batch_end(struct batch *batch, struct outputs *outputs);

#endif
