/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNLOCK_PARTS_H
#define UNLOCK_PARTS_H

/* What the files of this room share. Nobody else includes this. */

#include "unlock/unlock.h"

/* ---- slots.c: the file ---- */

/* Whoever changes the file reads and writes it between this and file_unlock. */
enum be_err unlock_slots_lock(const char *file, int *lock, struct be_error *err);
/* No slots: the file goes. */
enum be_err unlock_slots_write(const struct unlock_slots *slots, const char *file, struct be_error *err);

/* What is authenticated of a slot: everything but what is sealed, and whether it is used. */
void unlock_slot_header(struct buffer *out, const struct unlock_slot *slot);
bool unlock_slot_is_of(const struct unlock_slot *slot, const struct unlock_target *target);

/* ---- agent.c: the protocol of ssh-agent (draft-ietf-sshm-ssh-agent), as far as it is needed ---- */

struct agent;

/* The one that SSH_AUTH_SOCK names. BE_NOT_FOUND without one. */
enum be_err agent_open(struct agent **out, const atomic_bool *cancel, struct be_error *err);
void agent_close(struct agent **agent);
enum be_err agent_list(struct unlock_agent_keys *out, struct agent *agent, struct be_error *err);
/* Signs with the key of that fingerprint, which must have been listed. Owned by the caller. */
enum be_err agent_sign(struct secret **out, struct agent *agent, const char *fingerprint, const struct buffer *message,
	struct be_error *err);

/* ---- where each way's key comes from: SEAL_KEY_SIZE bytes for this slot alone, owned by the caller ---- */

/* twice: asks for the same signature again; BE_UNSUPPORTED when it is another one, for then it is no key to anything. */
enum be_err agent_wrap_key(struct secret **out, const struct unlock_slot *slot, bool twice, const atomic_bool *cancel,
	struct be_error *err);
/* Whether there is an agent with a key that can be used. */
enum be_err agent_look(struct be_error *err);
/* Puts into the slot which key it is: the one named, or with NULL the only one that can be used. */
enum be_err agent_choose(struct unlock_slot *slot, const char *key, const atomic_bool *cancel, struct be_error *err);

/* create: a finger that matches makes a key where there is none. */
enum be_err fingerprint_wrap_key(struct secret **out, const struct unlock_slot *slot, bool create,
	const atomic_bool *cancel, struct be_error *err);
enum be_err fingerprint_look(struct be_error *err);
/* The last slot is gone: so is the key behind it. */
enum be_err fingerprint_forget(struct be_error *err);

#endif
