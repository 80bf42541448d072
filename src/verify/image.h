/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_IMAGE_H
#define VERIFY_IMAGE_H

/*
 * One stable image of a file, so that every step of a verification looks at the same bytes whatever happens to the file meanwhile (gate V0).
 */

#include "base/error.h"

#include <stdint.h>

#define IMAGE_MAX ((uint64_t)1 << 40)

/* *fd is owned by the caller. Small files are copied into sealed memory; large ones into a file without a name, sharing blocks where the file
 * system can. BE_NOT_FOUND, BE_IO, BE_NOT_A_PDF (no regular file, or empty), BE_LIMIT. */
enum be_err image_open(int *fd, uint64_t *len, const char *path, struct be_error *err);

#endif
