/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERIFY_PRINT_H
#define CLI_VERIFY_PRINT_H

/*
 * A report for people: the lines of app/verify_text.h on standard output. The verdict comes first, at a fixed place and
 * in the program's own words.
 */

#include "verify/verify.h"

void verify_print(const struct verify_report *report, const char *path);

#endif
