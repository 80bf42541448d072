/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/* This process as others on the same machine may see it. */

/* To be called before a secret is asked for, for as long as the process lives: no core file, and no debugger of the
 * same user. Called again it does nothing more. What the system refuses is no error: it was never promised. */
void process_guard_secrets(void);

#endif
