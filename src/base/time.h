/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TIME_H
#define BASE_TIME_H

/*
 * Moments, in seconds since 1970-01-01T00:00:00Z (POSIX: no leap seconds), as RFC 3339 (--at,
 * --json) and as PDF dates write them.
 */

#include "base/error.h"

#include <stdint.h>

#define TIME_NONE INT64_MIN /* no moment is known */

/* "2026-11-22T10:23:54Z"; offsets, fractions (dropped) and a leap second are understood.
 * BE_USAGE otherwise. */
enum be_err time_parse(int64_t *out, const char *rfc3339, struct be_error *err);

#define TIME_TEXT_MAX 32
/* UTC, RFC 3339; TIME_NONE and years without four digits give "". Returns out. */
char *time_format(char out[static TIME_TEXT_MAX], int64_t moment);

/* "D:20261122102354+07'00'" in local time (ISO 32000-2, 7.9.4); "" as above. Returns out. */
char *time_format_pdf(char out[static TIME_TEXT_MAX], int64_t moment);
/* As much of a PDF date as is there, "D:" or not; no offset means UTC. TIME_NONE when it is
 * none, or no day of the calendar. */
int64_t time_parse_pdf(const char *text, size_t len);

/* The system's clock, unless a test has set it. */
int64_t time_now(void);
void time_set_for_test(int64_t moment); /* TIME_NONE: the system's clock again */

#endif
