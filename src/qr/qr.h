/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QR_QR_H
#define QR_QR_H

/*
 * Text as a QR code (ISO/IEC 18004): which modules are dark. Draws nothing.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define QR_TEXT_MAX 1200u /* bytes; more than that no camera reads from a stamp on paper */

struct qr {
	uint32_t side;    /* modules, without the quiet zone */
	uint8_t *modules; /* side x side, row by row: 1 is dark; owned, and wiped when it is freed */
};

/* The smallest code for UTF-8 text, of error correction level M. BE_USAGE for no text, BE_LIMIT for too much. */
enum be_err qr_encode(struct qr *out, const char *text, struct be_error *err);
/* The same as small as it can be, for a screen: level L, and letters and digits packed where the text has them in a row. */
enum be_err qr_encode_small(struct qr *out, const char *text, struct be_error *err);
/* Outside of the code all is light: so a quiet zone is drawn by asking further out. */
bool qr_is_dark(const struct qr *code, int row, int column);
void qr_free(struct qr *code); /* wiped: the text may have been a secret */

#endif
