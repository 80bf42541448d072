/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_BYTES_H
#define PDF_BYTES_H

/*
 * A file's bytes, mapped: what is looked at is paged in, nothing else. Structure is read through the map, bulk through
 * the descriptor (hashing 100 MB through a map leaves 100 MB resident). The file must not change while it is mapped:
 * callers hold an image of their own.
 */

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct pdf_bytes {
	const uint8_t *data;
	size_t len;
};

/* Maps len bytes from the start of fd. The descriptor may be closed afterwards. An empty file is BE_NOT_A_PDF. */
enum be_err pdf_bytes_map(struct pdf_bytes *out, int fd, uint64_t len, struct be_error *err);
void pdf_bytes_unmap(struct pdf_bytes *bytes);

#endif
