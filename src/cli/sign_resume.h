/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_RESUME_H
#define CLI_SIGN_RESUME_H

/*
 * Which interrupted batch "besign sign --resume" goes on with, and saying so. Signing it is the command's.
 */

#include "app/batch.h"

/* The oldest one: what is left of it in outputs. The batch is NULL when nothing is left of it, which is said, and it has
 * its end. BE_NOT_FOUND when there is none; BE_BUSY when there are only such that are being signed; BE_UNKNOWN_OUTCOME
 * when all that is left is of unknown outcome and not to be tried again. */
enum be_err sign_resume_take(struct batch **out, struct outputs *outputs, bool retry_unknown, bool quiet,
	const atomic_bool *cancel, struct be_error *err);
/* Forgets the oldest one. */
enum be_err sign_resume_forget(bool quiet, struct be_error *err);

bool sign_resume_is_pkcs7(const struct batch *batch);

#endif
