/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/* This process as others on the same machine may see it, and how one that it starts begins. */

#include <spawn.h>

/* To be called before a secret is asked for, for as long as the process lives: no core file, and no debugger of the
 * same user. Called again it does nothing more. What the system refuses is no error: it was never promised. */
void process_guard_secrets(void);

/* For posix_spawn: every signal at its default and none blocked, whatever this process has; flags are those of
 * posix_spawnattr_setflags that are wanted besides. Returns an errno, as posix_spawn does. */
int process_spawn_clean(posix_spawnattr_t *attributes, short flags);

#endif
