/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_FILTER_H
#define PDF_FILTER_H

/*
 * Stream data undone: what cross-reference and object streams use, which is Flate with predictors or nothing (ISO
 * 32000-2, 7.4.4, 7.5.7, 7.5.8). A stream of any other filter is BE_UNSUPPORTED. Pages and pictures are never decoded
 * here.
 */

#include "pdf/object.h"

/* Appends the decoded data. dict is the stream's dictionary, whose /Filter and /DecodeParms are direct. More than max
 * bytes is BE_LIMIT. */
enum be_err pdf_filter_decode(struct buffer *out, const struct pdf_obj *dict, const uint8_t *data, size_t len,
	size_t max, struct be_error *err);

#endif
