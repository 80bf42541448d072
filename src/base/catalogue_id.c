/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/catalogue.h"

/* An array and not .incbin: it goes through every compiler, sanitizer and kind of object that the rest goes through, and
 * make sees the dependency by itself. */
static const uint8_t bytes[] = {
#include "catalogue_id.h"
};

const struct catalogue catalogue_id = { bytes, sizeof(bytes) };
