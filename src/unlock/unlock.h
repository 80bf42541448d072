/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNLOCK_UNLOCK_H
#define UNLOCK_UNLOCK_H

/*
 * Slots that release a passphrase, as LUKS has them: the passphrase of a signing key is kept sealed, and what opens the
 * seal comes from elsewhere than this disk: a key in an ssh-agent, a finger on a reader. Knows how each way yields a key
 * and how slots are kept. Knows no key files and no screens: whether a passphrase is the right one is asked by the
 * caller, before it is kept and after it was released.
 */

#include "base/buffer.h"
#include "base/secret.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#define UNLOCK_SLOTS_MAX 64u
#define UNLOCK_SALT_SIZE 32u
#define UNLOCK_AGENT_KEYS_MAX 64u
#define UNLOCK_PASSPHRASE_MAX 1024u

enum unlock_way {
	UNLOCK_PASSPHRASE, /* typed: always there, and has no slot */
	UNLOCK_FINGERPRINT,
	UNLOCK_SSH_AGENT,
	UNLOCK_WAY_COUNT
};

/* "passphrase", "fingerprint", "ssh-agent": on the command line, in JSON and in the file. */
const char *unlock_way_word(enum unlock_way way);
bool unlock_way_by_word(enum unlock_way *out, const char *word);

enum unlock_kind {
	UNLOCK_KEY_FILE,  /* id: the absolute path of a .p12 */
	UNLOCK_CREDENTIAL /* id: of a certificate at an account service */
};

/* Whose passphrase it is. Strings are borrowed. */
struct unlock_target {
	enum unlock_kind kind;
	const char *id;
	const char
		*certificate; /* SHA-256, 64 hexadecimal digits; NULL or "" when it is not known (not for enrolling) */
};

/* ---- what is kept: one file, for the owner alone, in which no byte can be changed unnoticed ---- */

#define UNLOCK_FINGERPRINT_MAX 64u /* of a public key, as ssh-keygen -l has it: "SHA256:…" */

struct unlock_slot {
	enum unlock_way way;
	enum unlock_kind kind;
	char id[PATH_MAX];
	char certificate[65];
	char key[UNLOCK_FINGERPRINT_MAX]; /* SSH_AGENT: which of its keys; "" otherwise */
	uint8_t salt[UNLOCK_SALT_SIZE];
	bool used; /* the way that is asked first for this target */
	struct buffer sealed;
};

struct unlock_slots {
	struct unlock_slot *slots;
	size_t count;
};

/* No file is no slots. BE_DENIED for a file that others can read or write, or that is somebody else's, or a link;
 * BE_MALFORMED for one that was not written by unlock_enrol and its like, byte for byte. */
enum be_err unlock_slots_read(struct unlock_slots *out, const char *file, struct be_error *err);
void unlock_slots_free(struct unlock_slots *slots);
/* Borrowed; NULL when there is none. A target with a certificate has only slots of that certificate. */
const struct unlock_slot *unlock_slots_find(
	const struct unlock_slots *slots, const struct unlock_target *target, enum unlock_way way);
const struct unlock_slot *unlock_slots_used(const struct unlock_slots *slots, const struct unlock_target *target);

/* ---- the ways ---- */

/* BE_OK when the way can be used on this machine, in this session, now; otherwise why not, in one sentence. Takes
 * some seconds at most. */
enum be_err unlock_look(enum unlock_way way, struct be_error *err);

/* A key of the agent. type and comment are the agent's words: sanitise. */
struct unlock_agent_key {
	char fingerprint[UNLOCK_FINGERPRINT_MAX];
	char type[40];
	char comment[128];
	const char *off; /* msgid: why it cannot be used; NULL when it can */
};

struct unlock_agent_keys {
	struct unlock_agent_key keys[UNLOCK_AGENT_KEYS_MAX];
	size_t count;
};

/* In the agent's order. BE_NOT_FOUND without an agent. */
enum be_err unlock_agent_keys(struct unlock_agent_keys *out, struct be_error *err);

/* ---- slots: all of these may wait for a person, up to a minute; cancel (which may be NULL) ends that ---- */

/* Keeps the passphrase behind a way, in place of what was kept there before, and uses that way from now on. key: which
 * of the agent's keys (NULL: the only one that can be used; BE_SEVERAL_KEYS when there are more). An agent
 * is asked twice, so that a signature which is another one each time is noticed now. */
enum be_err unlock_enrol(const char *file, const struct unlock_target *target, enum unlock_way way, const char *key,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err);

/* The passphrase, owned by the caller. BE_NOT_FOUND when nothing is kept that way. BE_DENIED: the agent or this session
 * refused. BE_NO_MATCH: another finger. BE_LOCKED: too many of them; retry_at says until when. BE_CRYPTO: what is kept
 * was changed, or the key behind it is another one. */
enum be_err unlock_release(struct secret **out, const char *file, const struct unlock_target *target,
	enum unlock_way way, const atomic_bool *cancel, struct be_error *err);

/* BE_NOT_FOUND when nothing is kept that way. Nobody is asked. */
enum be_err unlock_remove(
	const char *file, const struct unlock_target *target, enum unlock_way way, struct be_error *err);

/* Chooses the way that is asked first; UNLOCK_PASSPHRASE: none, what is kept stays. */
enum be_err unlock_use(const char *file, const struct unlock_target *target, enum unlock_way way, struct be_error *err);

#endif
