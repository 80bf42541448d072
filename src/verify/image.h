/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_IMAGE_H
#define VERIFY_IMAGE_H

/*
 * One stable image of a file, so that every step of a verification looks at the same bytes whatever others do to the
 * file meanwhile (gate V0).
 */

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define IMAGE_MAX ((uint64_t)1 << 40)
/* The kernel makes a writer wait this long for the holder of a lease (/proc/sys/fs/lease-break-time is 45 s): look at
 * it no longer. */
#define IMAGE_STABLE_MS 40000

struct image {
	int fd;
	uint64_t len;
	bool leased; /* the file itself, kept from being written to; else a copy that has no name */
};

/* BE_NOT_FOUND, BE_IO, BE_NOT_A_PDF (no regular file, or empty), BE_LIMIT. */
enum be_err image_open(struct image *out, const char *path, struct be_error *err);
/* Was it the same from image_open until now? */
bool image_stable(const struct image *image);
void image_close(struct image *image);

#endif
