/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * What went wrong, as a value. A function that can fail returns enum be_err (0 is success) and, where the cause is
 * known, fills a struct be_error that its caller may pass. Nothing in here prints: a command or a screen translates
 * msgid, a log takes detail.
 */

#include <stddef.h>
#include <stdint.h>

/* Marks an English sentence for the catalogue without translating it; base/i18n.h translates. */
#define N_(text) text

/* name, word: the word is what --json says, and is kept stable. */
#define BE_ERR_LIST(X) \
	X(BE_OK, "ok") \
	X(BE_NO_MEMORY, "out-of-memory") \
	X(BE_IO, "io-error") /* the system refused to read, write or rename */ \
	X(BE_USAGE, "usage") \
	X(BE_CANCELLED, "cancelled") \
	X(BE_NOT_FOUND, "not-found") \
	X(BE_EXISTS, "exists") \
	X(BE_LIMIT, "limit-exceeded") /* larger, deeper or more than we agree to look at */ \
	X(BE_UNSUPPORTED, "unsupported") \
	X(BE_MALFORMED, "malformed") /* bytes that break their own format */ \
	X(BE_CRYPTO, "crypto-failed") \
	X(BE_HELPER, "helper-failed") /* a helper could not be started, died or answered nonsense */ \
	X(BE_SANDBOX, "sandbox-unavailable") \
	/* documents */ \
	X(BE_NOT_A_PDF, "not-a-pdf") \
	X(BE_DAMAGED, "damaged") /* the cross-reference data would have to be rebuilt */ \
	X(BE_ENCRYPTED, "encrypted") \
	X(BE_CERTIFIED, "certified-no-changes") \
	X(BE_NO_SUCH_FIELD, "no-such-field") \
	X(BE_FIELD_SIGNED, "field-already-signed") \
	X(BE_NO_SUCH_PAGE, "no-such-page") \
	X(BE_OUTSIDE_PAGE, "outside-page")     /* a visible signature would not lie on its page */ \
	X(BE_BAD_APPEARANCE, "bad-appearance") /* the page that is to be a signature's appearance cannot be one */ \
	X(BE_CHANGED, "document-changed")      /* since an interrupted batch was begun */ \
	X(BE_SELF_CHECK, "self-check-failed")  /* what was just signed does not verify: nothing is kept */ \
	/* outputs */ \
	X(BE_SAME_OUTPUT, "same-output") /* two inputs would write one output */ \
	X(BE_OUTPUT_IS_INPUT, "output-is-input") \
	/* keys */ \
	X(BE_WRONG_PASSPHRASE, "wrong-passphrase") \
	X(BE_NO_MATCH, "wrong-finger") \
	X(BE_BAD_KEY_FILE, "bad-key-file") \
	X(BE_NO_KEY, "no-private-key") \
	X(BE_SEVERAL_KEYS, "several-keys") \
	X(BE_KEY_MISMATCH, "key-does-not-match-certificate") \
	X(BE_KEY_UNFIT, "key-not-fit-for-signing") \
	X(BE_CERT_EXPIRED, "certificate-expired") \
	X(BE_CERT_NOT_YET, "certificate-not-yet-valid") \
	/* trust */ \
	X(BE_FINGERPRINT, "fingerprint-mismatch") \
	X(BE_BAD_ANCHOR, "bad-trust-anchor") \
	/* accounts and the service */ \
	X(BE_WRONG_LOGIN, "wrong-login") /* user, password or code: which of them is not said */ \
	X(BE_WRONG_CODE, "wrong-code") \
	X(BE_CODE_USED, "code-used")   /* a code counts once */ \
	X(BE_CLOCK, "clock-differs")   /* the code is right for another time: detail says by how much */ \
	X(BE_LOCKED, "locked")         /* retry_at says until when */ \
	X(BE_DISABLED, "disabled")     /* by an administrator */ \
	X(BE_SESSION, "session-ended") /* the token is unknown, expired or revoked */ \
	X(BE_DENIED, "denied")         /* known, but not allowed */ \
	X(BE_LINK, "link-not-valid")   /* a one-time link that is unknown, used or expired */ \
	X(BE_WEAK, "too-weak")         /* a password or passphrase that the rules refuse */ \
	X(BE_STATE, "wrong-state") /* a certificate whose state does not allow it: revoked, no passphrase yet … */ \
	X(BE_REVOKED, "certificate-revoked") \
	X(BE_TOO_EARLY, "too-early")                   /* renewal: retry_at says from when */ \
	X(BE_TERMS, "terms-not-accepted")              /* the version of the terms is not the current one */ \
	X(BE_AUTHORISATION, "authorisation-not-valid") /* SAD: unknown, used up, expired, or not for these digests */ \
	X(BE_BUSY, "busy")                             /* try again in a moment; retry_at may say when */ \
	X(BE_NETWORK, "network")                       /* the service could not be reached: nothing was done */ \
	X(BE_FULL, "disk-full")                        /* there is no room: nothing was done */ \
	X(BE_TOKEN, "token-failed")                    /* a PKCS#11 token, or its module */ \
	X(BE_UNKNOWN_OUTCOME, "unknown-outcome")       /* it was asked and never answered: it may have been done */ \
	X(BE_TLS, "tls-failed")          /* the other side could not prove who it is: nothing was sent */ \
	X(BE_BLOCKED, "address-blocked") /* an address of a stranger that leads into this machine or its network */ \
	X(BE_REFUSED, "refused")         /* the other side answered, and said no */

enum be_err {
#define X(name, word) name,
	BE_ERR_LIST(X)
#undef X
		BE_ERR_COUNT
};

struct be_error {
	enum be_err code;
	const char *msgid; /* one English sentence, static; NULL while nothing failed */
	char detail[200];  /* the particulars, untranslated; may quote a file, so it is sanitised before it is shown */
	/* Filled by who knows them, after be_fail, which sets both to 0: not said. */
	uint32_t tries_left; /* how often a passphrase or code may still be tried before it is locked */
	int64_t retry_at;    /* seconds since 1970 UTC */
};

/* Fills err (which may be NULL) and returns code, so that a failing line reads "return be_fail(…)". The format may be
 * NULL. */
enum be_err be_fail(struct be_error *err, enum be_err code, const char *msgid, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a failed system call: the detail is what, then strerror(errno). */
enum be_err be_fail_errno(struct be_error *err, enum be_err code, const char *msgid, const char *what);

/* The stable word of a code, for --json. Never NULL. */
const char *be_err_word(enum be_err code);

#endif
