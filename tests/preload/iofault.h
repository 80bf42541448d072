/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRELOAD_IOFAULT_H
#define PRELOAD_IOFAULT_H

/*
 * What a test and the program under test share: a file that both have mapped, named by IOFAULT in the environment. The
 * library in iofault.c counts the calls that change files, and at the one the test chose it fails them or ends the
 * process. It also makes the machine look small, so that deriving keys takes as little time as it may.
 */

#include <stdatomic.h>
#include <stdint.h>

enum iofault_mode {
	IOFAULT_COUNT, /* only count */
	IOFAULT_KILL,  /* SIGKILL before the call */
	IOFAULT_TEAR,  /* half of what a write has to write, then SIGKILL; other calls as KILL */
	IOFAULT_FULL,  /* this call and all later ones that need room fail with ENOSPC */
	IOFAULT_HANGUP /* SIGHUP before the call, which is then made */
};

struct iofault {
	_Atomic int64_t seen; /* calls since the file was made */
	_Atomic int64_t at;   /* the call, counted like seen, at which it happens */
	_Atomic int mode;     /* enum iofault_mode */
};

#endif
