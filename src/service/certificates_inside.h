/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_CERTIFICATES_INSIDE_H
#define SERVICE_CERTIFICATES_INSIDE_H

/* What certificates*.c share. */

#include "service/certificates.h"
#include "service/mail.h"

/* A link is known by the SHA-256 of its secret. */
enum be_err certificates_link_digest(
	uint8_t out[static STORE_DIGEST_SIZE], const struct secret *link, struct be_error *err);

/* A letter to this person, of this kind and language, everything else empty. */
struct mail_letter certificates_letter(const struct store_user *person, enum mail_kind kind, int64_t now);

/* BE_STATE when the user has one that works or is on its way. */
enum be_err certificates_none_there(struct service *service, int64_t user, int64_t now, struct be_error *err);

#endif
