/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_PATHS_H
#define APP_PATHS_H

/*
 * Names of files and directories, as bytes: joined, taken apart, made absolute. Each function puts the path in place of
 * what the buffer had, with a NUL that does not count; without memory, buffer_check says so.
 */

#include "base/buffer.h"

void paths_join(struct buffer *out, const char *dir, const char *name);
/* "/a/b/" gives "/a", "/a" and "/" give "/", "a" and "" give ".". One that ends in ".." gets another "..": what that
 * stands for, only the system knows. */
void paths_parent(struct buffer *out, const char *path);
/* The last part: "/a/b/" gives "b", "/" gives "/", "" gives ".". */
void paths_name(struct buffer *out, const char *path);

/* What a person typed: "~" and "~/…" stand for the home directory, a relative path begins in base (NULL: the current
 * directory). Doubled and trailing slashes and "." go away; ".." goes with what it leads to, where that can be asked.
 * BE_NOT_FOUND when there is no home, or no current directory; BE_USAGE for nothing. */
enum be_err paths_absolute(struct buffer *out, const char *typed, const char *base, struct be_error *err);

/* As a person reads it: what is below the home directory begins with "~/". The rest as it is. */
void paths_short(struct buffer *out, const char *path);

#endif
