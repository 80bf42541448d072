/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_KEY_REF_H
#define APP_KEY_REF_H

/*
 * Which key signs, as it is written down: enough to find it again, and never what opens it.
 */

#include <stdbool.h>

enum key_ref_kind {
	KEY_REF_P12,       /* the path of a PKCS#12 file */
	KEY_REF_PKCS11,    /* a URI (RFC 7512) */
	KEY_REF_CREDENTIAL /* an id at the account service */
};

struct key_ref {
	enum key_ref_kind kind;
	const char *name;
};

/* "p12", "pkcs11", "credential", and back. */
const char *key_ref_word(enum key_ref_kind kind);
bool key_ref_kind_of(enum key_ref_kind *out, const char *word);

/* The key is somewhere else: what was asked there may have been done though no answer came. */
bool key_ref_is_remote(enum key_ref_kind kind);

/* The name as it may be kept: a path made absolute, a URI without anything about its PIN. Owned by the caller; NULL
 * without memory. */
char *key_ref_keep(const struct key_ref *ref);

#endif
