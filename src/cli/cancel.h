/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CANCEL_H
#define CLI_CANCEL_H

/* An interrupt ends the work of a command between two steps that leave everything whole. */

#include <stdatomic.h>

/* From now on SIGINT and SIGTERM set the flag; a second one ends the program at once. What is ignored stays ignored
 * (nohup). */
void cancel_on_signals(void);

/* Static. */
const atomic_bool *cancel_flag(void);

#endif
