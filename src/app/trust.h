/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TRUST_H
#define APP_TRUST_H

/*
 * Which authorities the user trusts. Some certificates come with the program and are trusted only once accepted; others
 * the user adds. What was accepted is kept as one PEM file each in the user's own directory; certificates that only
 * help to complete a chain are kept apart, so that they can never become trusted by a mistake.
 */

#include "pki/anchors.h"

#define TRUST_NAME_MAX 128u
#define TRUST_SEEN_MAX 400u

#define TRUST_ROLE_LIST(X) \
	X(TRUST_ANCHOR, "anchor", N_("trust anchor")) \
	X(TRUST_INTERMEDIATE, "intermediate", N_("intermediate authority, helps to complete a chain")) \
	X(TRUST_AUTHORITY, "authority", N_("time stamp authority, helps to complete a chain"))

enum trust_role {
#define X(name, word, text) name,
	TRUST_ROLE_LIST(X)
#undef X
		TRUST_ROLE_COUNT
};

struct trust_entry {
	char name[TRUST_NAME_MAX]; /* of the file, without .pem */
	enum trust_role role;
	bool bundled;
	bool accepted;   /* in the user's directory */
	char sha256[65]; /* lower-case hexadecimal; of a bundled one as the manifest says */
	char subject[PKI_DN_MAX];
	char until[32];            /* RFC 3339 */
	char seen[TRUST_SEEN_MAX]; /* bundled: where the certificate was found */
};

struct trust_list {
	struct trust_entry *entries; /* the bundled ones first; owned */
	size_t count;
};

/* "trust anchor" and so on (msgid). */
const char *trust_role_text(enum trust_role role);

/* bundle: the directory with anchors.tsv; NULL: the one that comes with the program, if it is there. */
enum be_err trust_list_read(struct trust_list *out, const char *bundle, struct be_error *err);
void trust_list_free(struct trust_list *list);
/* By name or SHA-256 (with or without colons); NULL when there is none. Borrowed. */
const struct trust_entry *trust_list_find(const struct trust_list *list, const char *which);

/* Keeps a bundled certificate among the accepted ones. BE_FINGERPRINT when the file is not the one of the manifest. */
enum be_err trust_accept(const struct trust_entry *entry, const char *bundle, struct be_error *err);
/* What trust_add would keep, without keeping it. */
enum be_err trust_describe(struct trust_entry *out, const char *file, struct be_error *err);
/* Keeps a certificate of the user's as an anchor, and tells what it is. BE_EXISTS when the name is taken by another. */
enum be_err trust_add(struct trust_entry *out, const char *file, struct be_error *err);
/* Takes an accepted certificate away. BE_NOT_FOUND when it is not among them. */
enum be_err trust_remove(const struct trust_entry *entry, struct be_error *err);

/* Adds what was accepted: anchors as trusted, helpers as not. Nothing accepted is no error. */
enum be_err trust_load(struct pki_anchors *anchors, struct be_error *err);

#endif
