/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

/*
 * What was signed, when, with which certificate and digest: the file besign/journal in the user's state directory
 * (app/data.h), one JSON object a line, only ever added to. No secret is in it. When it has grown to its bound it becomes
 * besign/journal.1, in place of an older one. Programs that write at once lose nothing; of a line that the power went
 * off over, only that line is lost.
 */

#include "app/key_ref.h"
#include "base/json.h"
#include "base/time.h"

#include <stdatomic.h>

#define JOURNAL_FILE_MAX (4u << 20) /* bytes; about seven thousand signatures */
#define JOURNAL_CODE_MAX 40u
#define JOURNAL_BATCH_MAX 40u
#define JOURNAL_TEXT_MAX 256u

enum journal_result { JOURNAL_SIGNED, JOURNAL_FAILED, JOURNAL_UNKNOWN };

/* Strings are not made safe, and "" where nothing is known; paths are owned. */
struct journal_entry {
	int64_t time;
	enum journal_result result;
	char code[JOURNAL_CODE_MAX]; /* of FAILED and UNKNOWN: be_err_word */
	char *file;                  /* absolute, as bytes */
	char *output;
	char field[JOURNAL_TEXT_MAX];
	char sha256[65]; /* of the signed file; "" unless SIGNED */
	char signer[JOURNAL_TEXT_MAX];
	char certificate[65]; /* SHA-256 */
	enum key_ref_kind key_kind;
	char *key;                     /* as key_ref_keep has it */
	char batch[JOURNAL_BATCH_MAX]; /* what was signed together has the same; "" for one document */
};

void journal_entry_free(struct journal_entry *entry);

/* Adds a line, which a crash of the program does no longer take away; a crash of the system only after journal_sync.
 * BE_NOT_FOUND without a home, BE_IO. */
enum be_err journal_add(const struct journal_entry *entry, struct be_error *err);
enum be_err journal_sync(struct be_error *err);

struct journal {
	struct journal_entry *entries; /* newest first; owned */
	size_t count;
	size_t broken; /* lines that were not understood, and left out */
};

/* No journal yet is an empty one. */
enum be_err journal_read(struct journal *out, struct be_error *err);
void journal_free(struct journal *journal);

/* The object of a line; for --json too, which has every name exactly (file_uri, output_uri), not only those that are no
 * UTF-8. Owned by the caller. */
struct json *journal_json(const struct journal_entry *entry, bool every_uri);
const char *journal_result_word(enum journal_result result);

/* How the signed file is now. */
enum journal_file { JOURNAL_FILE_SAME, JOURNAL_FILE_CHANGED, JOURNAL_FILE_MISSING, JOURNAL_FILE_UNREADABLE };

/* Reads the file; may take long. The flag (which may be NULL) ends it: BE_CANCELLED. */
enum be_err journal_check(
	enum journal_file *out, const struct journal_entry *entry, const atomic_bool *cancel, struct be_error *err);

/* SHA-256 of a file as it is; as above. BE_NOT_FOUND, BE_IO. */
enum be_err journal_digest(char out[static 65], const char *path, const atomic_bool *cancel, struct be_error *err);

/* 0: the usual bound again. */
void journal_set_bound_for_test(size_t bytes);

#endif
