/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QR_QR_H
#define QR_QR_H

/*
 * Text as a QR code (ISO/IEC 18004): which modules are dark, and the same as a picture.
 */

#include "base/secret.h"

#include <stdint.h>

#define QR_TEXT_MAX 1200u /* bytes; more than that no camera reads from a stamp on paper */

struct qr {
	uint32_t side;    /* modules, without the quiet zone */
	uint8_t *modules; /* side x side, row by row: 1 is dark; owned */
};

/* The smallest code for UTF-8 text, of error correction level M. BE_USAGE for no text, BE_LIMIT for too much. */
enum be_err qr_encode(struct qr *out, const char *text, struct be_error *err);
void qr_free(struct qr *code); /* wiped: the text may have been a secret */

/* A PNG, black on white with the quiet zone of four modules, scale pixels a module. Owned by the caller. BE_LIMIT when it
 * would be larger than a secret can be. */
enum be_err qr_png(struct secret **out, const struct qr *code, uint32_t scale, struct be_error *err);

#endif
