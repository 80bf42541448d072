/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_TOTP_H
#define CRYPTO_TOTP_H

/*
 * One-time codes from the time (RFC 6238: SHA-1, 30 seconds, six digits, as every authenticator has them). Knows
 * secrets and moments; that a code serves once is kept by whoever keeps the steps.
 */

#include "base/secret.h"

#define TOTP_SECRET_SIZE 20u
#define TOTP_PERIOD 30
#define TOTP_DIGITS 6
#define TOTP_CODE_MAX 9u    /* eight digits and a NUL */
#define TOTP_STEP_NONE (-1) /* no code was accepted yet */

/* The step that a moment (seconds since 1970, not before) belongs to. */
int64_t totp_step(int64_t moment);

/* The code of one step; digits 6 or 8. */
enum be_err totp_code(
	char out[static TOTP_CODE_MAX], const struct secret *secret, int64_t step, int digits, struct be_error *err);

/* Looks for a code (six digits; blanks inside, as authenticators show them, are dropped) among the steps of one window
 * around now (one before, one after), in the same time wherever it stands. last: the newest step already accepted.
 * BE_OK with the step, which the caller must then record as accepted; BE_CODE_USED when its step is not after
 * last; BE_CLOCK when it belongs to a step within ten minutes outside the window (the detail says how many seconds the
 * two clocks are apart, "+90" when the code is of a later time); BE_WRONG_CODE otherwise. BE_CLOCK accepts nothing: it
 * only tells a person whose clock is off what to do. */
enum be_err totp_check(
	const struct secret *secret, const char *code, int64_t now, int64_t last, int64_t *step, struct be_error *err);

/* The setup key as base32, in one piece; owned by the caller. */
enum be_err totp_setup_key(struct secret **out, const struct secret *secret, struct be_error *err);

/* "otpauth://totp/Issuer:account?secret=…&issuer=Issuer", percent-encoded. What every authenticator assumes anyway
 * (SHA1, six digits, 30 seconds) is left out, so that the QR code fits 80x24. Owned by the caller. BE_LIMIT when issuer
 * or account are over 64 bytes. */
enum be_err totp_uri(struct secret **out, const char *issuer, const char *account, const struct secret *secret,
	struct be_error *err);

#endif
