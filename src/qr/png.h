/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QR_PNG_H
#define QR_PNG_H

/*
 * A QR code as a picture that a phone or a printer can have: a PNG file of one bit a pixel (ISO/IEC 15948), eight pixels a
 * module, with the quiet zone of four modules that the standard asks for. What a code says may be a secret, so the
 * picture is one too, and nothing of it is left in a compressor's memory: the pixels are stored as they are.
 */

#include "base/secret.h"
#include "qr/qr.h"

/* Owned by the caller. BE_LIMIT for a code larger than any of qr_encode. */
enum be_err qr_png(struct secret **out, const struct qr *code, struct be_error *err);

#endif
