/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNLOCK_DAEMON_H
#define UNLOCK_DAEMON_H

/*
 * What besign and besign-unlockd say to each other on the system bus. The daemon keeps a key for each user, and gives
 * one that is derived from it for a salt, to the user who asks (the bus says who that is), after a finger of that very
 * user was recognised: one key for one finger put on the reader.
 *
 *   Look()                         -> (s word, x retry_at)   "Ready", or why not
 *   Release(ay salt, b create)     -> (ay key)               waits for a finger; ends when the caller leaves the bus
 *   Forget()                       -> ()                     the key of the user goes
 *
 * A refusal is the error UNLOCKD_ERRORS and one of the words below; with "Locked" its message is a moment, in seconds
 * since 1970.
 */

#include "base/error.h"

#define UNLOCKD_NAME "besign.Unlock1"
#define UNLOCKD_PATH "/besign/Unlock1"
#define UNLOCKD_INTERFACE "besign.Unlock1"
#define UNLOCKD_ERRORS "besign.Unlock1.Error."

#define UNLOCKD_SALT_SIZE 32u
#define UNLOCKD_KEY_SIZE 32u
#define UNLOCKD_FINGER_WITHIN_S 30 /* so long it waits for a finger */

/* name, word, what it is here, and for a person */
#define UNLOCKD_WORDS(X) \
	X(UNLOCKD_READY, "Ready", BE_OK, NULL) \
	X(UNLOCKD_NO_FPRINTD, "NoFprintd", BE_UNSUPPORTED, \
		N_("The service for fingerprint readers, fprintd, is not installed or does not start")) \
	X(UNLOCKD_NO_READER, "NoReader", BE_UNSUPPORTED, N_("This computer has no fingerprint reader")) \
	X(UNLOCKD_NO_FINGER, "NoFinger", BE_UNSUPPORTED, \
		N_("No finger of yours is enrolled on this computer: enrol one with fprintd-enroll")) \
	X(UNLOCKD_NO_POLKIT, "NoPolkit", BE_UNSUPPORTED, \
		N_("polkit, which decides who may use the fingerprint reader, does not answer")) \
	X(UNLOCKD_NOT_ALLOWED, "NotAllowed", BE_DENIED, \
		N_("This session may not use the fingerprint reader: it is remote (SSH), or polkit refuses it")) \
	X(UNLOCKD_BUSY, "Busy", BE_BUSY, N_("The fingerprint reader is in use; try again in a moment")) \
	X(UNLOCKD_LOCKED, "Locked", BE_LOCKED, N_("Too many fingers were not recognised; try again later")) \
	X(UNLOCKD_NO_MATCH, "NoMatch", BE_NO_MATCH, N_("The finger was not recognised")) \
	X(UNLOCKD_NO_TOUCH, "NoTouch", BE_DENIED, N_("No finger was put on the reader in time")) \
	X(UNLOCKD_NO_KEY, "NoKey", BE_NOT_FOUND, \
		N_("The key behind the fingerprint is gone from this computer: save the passphrase again")) \
	X(UNLOCKD_NO_USER, "NoUser", BE_UNSUPPORTED, N_("This computer does not know your user")) \
	X(UNLOCKD_FAILED, "Failed", BE_IO, N_("The fingerprint reader, or its service, failed"))

enum unlockd_word {
#define X(name, word, code, msgid) name,
	UNLOCKD_WORDS(X)
#undef X
		UNLOCKD_WORD_COUNT
};

#endif
