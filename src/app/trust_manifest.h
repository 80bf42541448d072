/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TRUST_MANIFEST_H
#define APP_TRUST_MANIFEST_H

/* The bundled certificates and their list, contrib/trust/anchors.tsv. Inside src/app/trust*.c only. */

#include "app/trust.h"

/* Makes room for one more entry, zeroed; NULL without memory. */
struct trust_entry *trust_list_grow(struct trust_list *list);

/* Appends the bundled entries. BE_NOT_FOUND when the directory has no manifest, BE_BAD_ANCHOR when it is broken. */
enum be_err trust_manifest_read(struct trust_list *list, const char *bundle, struct be_error *err);

/* The file of a bundled certificate (trust.c). BE_FINGERPRINT when it is not the one of the manifest. */
enum be_err trust_bundled_read(
	struct buffer *pem, const struct trust_entry *entry, const char *bundle, struct be_error *err);

#endif
