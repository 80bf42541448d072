/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_OUTPUTS_H
#define SIGN_OUTPUTS_H

/*
 * Where a batch would write, before it writes: what only all documents together show to be wrong. Inside this room
 * only.
 */

#include "sign/sign.h"

/* BE_SAME_OUTPUT: two outputs are one name in one directory, however they are spelled. BE_OUTPUT_IS_INPUT: an output
 * is one of the inputs by device and inode, so also through a link. The detail is the output. What cannot be looked
 * at is no objection: opening it will say why. */
enum be_err sign_outputs_check(const struct sign_document *documents, size_t count, struct be_error *err);

#endif
