/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_UNLOCK_H
#define APP_UNLOCK_H

/*
 * How signing is authorised: the passphrase typed, or one that was saved behind a finger or a key of an ssh-agent. The
 * slots of unlock/unlock.h in the user's own file (app/data.h), and what all of it looks like for one key.
 */

#include "unlock/unlock.h"

struct unlock_way_facts {
	bool kept;           /* a passphrase of the target is saved this way; always for UNLOCK_PASSPHRASE */
	bool used;           /* it is the one that is asked for first */
	struct be_error off; /* why the way cannot be used here and now; BE_OK when it can */
	char key[UNLOCK_FINGERPRINT_MAX]; /* SSH_AGENT, with kept: which of its keys; "" otherwise */
};

struct unlock_ways {
	struct unlock_way_facts ways[UNLOCK_WAY_COUNT];
	struct unlock_agent_keys agent; /* none when there is no agent */
};

/* What a way is called: msgid. And what a person has to do when it is asked: msgid, a sentence. */
const char *unlock_way_title(enum unlock_way way);
const char *unlock_way_request(enum unlock_way way);

/* The target of a key file by any of its names. path is filled for it and must stay while the target is used; certificate
 * is borrowed and may be NULL. */
enum be_err unlock_target_file(struct unlock_target *out, struct buffer *path, const char *key_file,
	const char *certificate, struct be_error *err);

/* Looks at everything, which may take some seconds. target NULL: only what the machine offers. As unlock_slots_read: then
 * out tells what the machine offers all the same. */
enum be_err unlock_ways(struct unlock_ways *out, const struct unlock_target *target, struct be_error *err);

/* The way that is asked for first, at once: UNLOCK_PASSPHRASE where none was chosen. As unlock_slots_read. */
enum be_err unlock_chosen(enum unlock_way *out, const struct unlock_target *target, struct be_error *err);

/* As unlock_enrol, unlock_release, unlock_remove and unlock_use, in the user's file. */
enum be_err unlock_own_enrol(const struct unlock_target *target, enum unlock_way way, const char *key,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err);
enum be_err unlock_own_release(struct secret **out, const struct unlock_target *target, enum unlock_way way,
	const atomic_bool *cancel, struct be_error *err);
enum be_err unlock_own_remove(const struct unlock_target *target, enum unlock_way way, struct be_error *err);
enum be_err unlock_own_use(const struct unlock_target *target, enum unlock_way way, struct be_error *err);
/* Everything that is saved, of all keys. */
enum be_err unlock_own_slots(struct unlock_slots *out, struct be_error *err);

#endif
