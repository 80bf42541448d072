/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BOX_SANDBOX_H
#define BOX_SANDBOX_H

/*
 * The layers of a helper's sandbox, one function each, so that a test can take one away and see the others
 * hold. A helper calls box_enter, which has them all. Every layer can only be added, never taken off again.
 * Only box includes it.
 */

#include "base/error.h"

#include <stdbool.h>

/* AddressSanitizer reserves terabytes of address space, writes its report to descriptor 2 and asks the
 * kernel for more than our own code does: a build with it is for tests, and its sandbox is wider by exactly
 * what says BOX_SANITIZED. */
#if defined(__SANITIZE_ADDRESS__)
#define BOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BOX_SANITIZED 1
#endif
#endif
#ifndef BOX_SANITIZED
#define BOX_SANITIZED 0
#endif

enum box_profile {
	BOX_BLIND,  /* box_enter: it has its document and opens nothing */
	BOX_READING /* box_enter_reading: it opens for reading what Landlock lets it, and has threads */
};

/* No new privileges, not dumpable, dead when the parent dies. BE_SANDBOX also when box_start did not start
 * this process. */
enum be_err box_harden(enum box_profile profile, struct be_error *err);
enum be_err box_limit(enum box_profile profile, struct be_error *err);

/* The kernel's Landlock ABI, 0 for none. */
int box_landlock_abi(void);
/* Handles every right that this ABI knows and grants none, but reading below the names of the NULL-ended
 * list (which may be NULL). ABI 0 does nothing. Holds for this thread and those that it starts. */
enum be_err box_landlock(int abi, const char *const *readable, struct be_error *err);

bool box_seccomp_offered(void);
enum be_err box_seccomp(enum box_profile profile, struct be_error *err);

#endif
