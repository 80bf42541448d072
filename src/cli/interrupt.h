/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/*
 * ^C (SIGINT), SIGTERM and a lost line (SIGHUP) while a command works: the first one is a wish to end between two steps,
 * the second ends the program at once; but a line that is lost says so twice, by the kernel and by the shell. What is
 * ignored stays ignored (nohup).
 */

#include <stdatomic.h>

/* Becomes true with the first signal; static. Called again it does nothing more. */
const atomic_bool *interrupt_take(void);

#endif
