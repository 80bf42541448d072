/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_COPY_H
#define SIGN_COPY_H

/*
 * Copying an input and digesting the copy at the same time: on a large document the one hides behind the other. Inside
 * this room only.
 */

#include "crypto/digest.h"

/* The first len bytes of from, to the start of to; what was written is read back and added to d. */
enum be_err sign_copy(int from, int to, uint64_t len, struct digest *d, struct be_error *err);

#endif
