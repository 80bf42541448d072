/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SECRET_LINE_H
#define BASE_SECRET_LINE_H

/*
 * One line from a descriptor into locked memory: what secret_read_fd and secret_ask share. Nobody
 * else includes this.
 */

#include "base/secret.h"

enum secret_line_end { SECRET_LINE_NEWLINE, SECRET_LINE_END_OF_FILE, SECRET_LINE_WOKEN };

/* As secret_read_fd, but stops when the descriptor wake (-1: none) becomes readable. *out and
 * *end are set on BE_OK only. */
enum be_err secret_read_line(
	struct secret **out, int fd, int wake, size_t max, enum secret_line_end *end, struct be_error *err);

#endif
