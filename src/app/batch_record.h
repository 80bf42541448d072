/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_BATCH_RECORD_H
#define APP_BATCH_RECORD_H

/*
 * The file of a batch: written whole, then only added to. For app/batch*.c only.
 */

#include "app/batch.h"

/* Path of besign/batches/ID in place of what the buffer had; the directory itself for NULL. */
enum be_err batch_record_path(struct buffer *out, const char *id, struct be_error *err);
bool batch_record_is_id(const char *name);

/* Writes the file, under an id of its own, locked from before it has its name. */
enum be_err batch_record_make(struct batch *batch, struct be_error *err);
/* Opens one and reads it. BE_BUSY: somebody has locked it, and who waits has waited a moment. */
enum be_err batch_record_open(struct batch **out, const char *id, bool waits, struct be_error *err);
/* Lets go of the lock. */
void batch_record_close(struct batch *batch);
void batch_record_remove(struct batch *batch);

/* What is known of a document from now on: kept through a crash of the program, and with sync of the system. */
enum batch_word { BATCH_WORD_SIGNED, BATCH_WORD_UNKNOWN, BATCH_WORD_ASKED, BATCH_WORD_ANSWERED };
enum be_err batch_record_mark(
	struct batch *batch, size_t document, enum batch_word word, bool sync, struct be_error *err);

/* How a file is now. */
void batch_stat_read(struct batch_stat *out, const char *path);
bool batch_stat_same(const struct batch_stat *a, const struct batch_stat *b);

#endif
