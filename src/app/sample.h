/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SAMPLE_H
#define APP_SAMPLE_H

/*
 * A throw-away identity in a directory: an authority that nobody else trusts, and the key file of one invented person.
 */

#include "base/error.h"

#define SAMPLE_KEY_FILE "sample.p12"
#define SAMPLE_PASSPHRASE_FILE "passphrase"
#define SAMPLE_TRUST_DIR "trust"
#define SAMPLE_AUTHORITY_FILE "trust/sample-ca.pem"
/* No secret: it stands in a file beside the key, so that the shown commands can be repeated. */
#define SAMPLE_PASSPHRASE "latihan"

/* Makes the files above in dir, which exists. The certificates are valid for 30 days from now. */
enum be_err sample_make(const char *dir, struct be_error *err);

/* Writes a file of dir with mode 0600, or replaces it. */
enum be_err sample_write(const char *dir, const char *name, const void *bytes, size_t len, struct be_error *err);

#endif
