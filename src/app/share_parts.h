/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SHARE_PARTS_H
#define APP_SHARE_PARTS_H

/* What the files share*.c have in common, and nobody else needs. */

#include "app/share.h"
#include "base/buffer.h"

#include <sys/stat.h>

struct share_run {
	const struct share_job *job;
	uint64_t total;  /* bytes of all documents */
	uint64_t before; /* of those that are behind */
	size_t said;     /* hundredths */
};

/* Bytes of the document that is being worked on. */
void share_tell(struct share_run *run, uint64_t now);
bool share_is_cancelled(const struct share_run *run);

/* A regular file, for reading. follow: a symbolic link is what it points to, else it is refused. */
enum be_err share_open(int *fd, struct stat *st, const char *path, bool follow, struct be_error *err);
/* Whether it is still what it was when it was opened. */
enum be_err share_unchanged(int fd, const struct stat *before, struct be_error *err);

/* The target is copied; NULL without memory, which is no failure of what was done. */
void share_done(struct share_document *document, const char *target);
void share_failed(struct share_document *document, enum be_err rc, const struct be_error *error);

/* The addresses one by one; BE_USAGE names the one that is none. Owned, to be freed as one block with *block. */
struct share_addresses {
	char *block;
	const char *list[SHARE_RECIPIENTS_MAX];
	size_t count;
};
enum be_err share_addresses_read(struct share_addresses *out, const char *text, struct be_error *err);
void share_addresses_free(struct share_addresses *addresses);

/* The whole message, lines ended by CRLF. The documents are read here; the first that cannot be is told by its name. */
enum be_err share_letter_make(
	struct buffer *out, struct share_run *run, const struct share_addresses *to, struct be_error *err);

/* Hands the message to the sendmail program: BE_NOT_FOUND without one, BE_REFUSED with what it said, BE_BUSY when it says
 * to try again, BE_UNKNOWN_OUTCOME when it did not end well or was stopped. */
enum be_err share_sendmail(const struct share_run *run, const struct share_addresses *to, const struct buffer *letter,
	struct be_error *err);

/* The ways. */
enum be_err share_to_folder(struct share_run *run, struct be_error *err);
enum be_err share_to_mail(struct share_run *run, struct be_error *err);
enum be_err share_to_server(struct share_run *run, struct be_error *err);

#endif
