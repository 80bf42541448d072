/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERIFY_PRINT_H
#define CLI_VERIFY_PRINT_H

/*
 * A report for people. The verdict comes first, at a fixed place and in the program's own words; nothing that stands in
 * the document or a certificate is ever on its line.
 */

#include "verify/verify.h"

void verify_print(const struct verify_report *report, const char *path);

#endif
