/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_QR_TELL_H
#define CLI_QR_TELL_H

/*
 * What "besign qr" says of codes and of what they led to: lines for people, the host before everything else, or one JSON
 * object for each code.
 */

#include "app/qr_follow.h"
#include "app/qr_read.h"
#include "verify/verify.h"

/* What came when an address was asked. */
struct qr_fetched {
	bool asked;
	struct be_error error; /* BE_OK: something came */
	struct qr_found found;
	struct verify_report report; /* with a document */
	const char *saved;           /* under this name; NULL: not */
};

void qr_fetched_free(struct qr_fetched *fetched);

/* file: NULL for text that was given. fetched: NULL when nothing was to be asked. */
enum be_err qr_tell_json(
	const char *file, const struct qr_code *code, const struct qr_fetched *fetched, struct be_error *err);
/* A file without a code, or one that could not be read. */
enum be_err qr_tell_json_error(const char *file, const struct be_error *error, struct be_error *err);

/* titled: says where it stands first, since there are others. */
void qr_tell(const char *file, const struct qr_code *code, bool titled);
void qr_tell_fetched(const struct qr_fetched *fetched);

#endif
