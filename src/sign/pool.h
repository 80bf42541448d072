/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_POOL_H
#define SIGN_POOL_H

/* The same work on many things, a few at a time. Knows threads and nothing else. Inside this room only. */

#include <stddef.h>

/* Calls work with every index below count, from the calling thread and at most threads - 1 others, and returns when
 * all are done. Where a thread cannot be had the others do its share. The others take no signals. */
void sign_pool_run(unsigned threads, size_t count, void (*work)(void *context, size_t index), void *context);

#endif
