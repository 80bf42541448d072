/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_ENROLMENT_H
#define APP_ENROLMENT_H

/*
 * What an authenticator has to be given so that it makes one-time codes, in the forms a person can carry it there: a QR
 * code, a picture of that, a key to be typed. All of them are the secret itself.
 */

#include "base/buffer.h"
#include "qr/qr.h"
#include "wire/account.h"

#define ENROLMENT_KEY_MAX 161u /* WIRE_TOKEN_MAX characters in groups of four, and the NUL */

/* As small as it can be; freed with qr_free. BE_LIMIT, BE_USAGE: the service sent what is no code. */
enum be_err enrolment_code(struct qr *out, const struct wire_enrolment *enrolment, struct be_error *err);

/* "ABCD EFGH …"; the caller wipes it. */
void enrolment_key(char out[static ENROLMENT_KEY_MAX], const struct wire_enrolment *enrolment);

/* A PNG file of the code that nobody else may read, and no file that is there is replaced (BE_EXISTS). path as
 * paths_absolute takes it; written gets where it is. Errors as file_output_new. */
enum be_err enrolment_save(
	const struct wire_enrolment *enrolment, const char *path, struct buffer *written, struct be_error *err);

#endif
