/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

/*
 * What this machine offers, and what is missing: facts for a person who wonders why something does not work.
 */

#include "base/buffer.h"

enum doctor_state { DOCTOR_GOOD, DOCTOR_LESS, DOCTOR_MISSING };

struct doctor_fact {
	const char *title; /* msgid */
	enum doctor_state state;
	const char *text; /* msgid: what it means, or what to do */
	char detail[256]; /* a path, a version; may come from the environment: sanitise; "" for none */
};

#define DOCTOR_FACTS_MAX 16u

struct doctor_facts {
	struct doctor_fact facts[DOCTOR_FACTS_MAX];
	size_t count;
};

/* Never fails: what cannot be found out is a fact too. */
void doctor_look(struct doctor_facts *out);

/* Nothing is missing that signing or verifying needs. */
bool doctor_is_well(const struct doctor_facts *facts);

#endif
