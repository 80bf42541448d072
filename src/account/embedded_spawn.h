/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_EMBEDDED_SPAWN_H
#define ACCOUNT_EMBEDDED_SPAWN_H

/*
 * Running besignd for one person, and hearing from it whether it listens. Inside this room only; who starts twice at
 * once is embedded.c's concern.
 */

#include "account/embedded.h"

/* Returns when the service said that it listens, or why it cannot (BE_HELPER, its own words in the detail), or after 30 s
 * (BE_HELPER). */
enum be_err embedded_spawn(const struct embedded_place *place, struct be_error *err);

#endif
