/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/unlock.h"

#include "app/data.h"
#include "app/paths.h"

#include <stdio.h>

const char *unlock_way_title(enum unlock_way way)
{
	static const char *const titles[] = { [UNLOCK_PASSPHRASE] = N_("Passphrase"),
		[UNLOCK_FINGERPRINT] = /* max: 30 */ N_("Fingerprint"),
		[UNLOCK_SSH_AGENT] = /* max: 30 */ N_("Key in the ssh-agent") };

	return titles[way];
}

const char *unlock_way_request(enum unlock_way way)
{
	static const char *const requests[] = { [UNLOCK_PASSPHRASE] = N_("Type the passphrase"),
		[UNLOCK_FINGERPRINT] = N_("Put your finger on the reader"),
		[UNLOCK_SSH_AGENT] = N_("Confirm where the ssh-agent asks you") };

	return requests[way];
}

enum be_err unlock_target_file(struct unlock_target *out, struct buffer *path, const char *key_file,
	const char *certificate, struct be_error *err)
{
	const enum be_err rc = paths_absolute(path, key_file, NULL, err);

	*out = (struct unlock_target){ UNLOCK_KEY_FILE, rc == BE_OK ? (const char *)path->data : "", certificate };
	return rc;
}

/* ---- the file ---- */

static enum be_err own_file(struct buffer *path, struct be_error *err)
{
	return data_own(path, DATA_HOME, "unlock", err);
}

enum be_err unlock_own_slots(struct unlock_slots *out, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = own_file(&path, err);

	*out = (struct unlock_slots){ NULL, 0 };
	if (rc == BE_OK)
		rc = unlock_slots_read(out, (const char *)path.data, err);
	buffer_free(&path);
	/* Without a home nothing can have been saved. */
	return rc == BE_NOT_FOUND ? BE_OK : rc;
}

enum be_err unlock_chosen(enum unlock_way *out, const struct unlock_target *target, struct be_error *err)
{
	const struct unlock_slot *slot = NULL;
	struct unlock_slots slots;
	const enum be_err rc = unlock_own_slots(&slots, err);

	if (rc == BE_OK)
		slot = unlock_slots_used(&slots, target);
	*out = slot != NULL ? slot->way : UNLOCK_PASSPHRASE;
	unlock_slots_free(&slots);
	return rc;
}

enum be_err unlock_own_enrol(const struct unlock_target *target, enum unlock_way way, const char *key,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = own_file(&path, err);

	if (rc == BE_OK)
		rc = unlock_enrol((const char *)path.data, target, way, key, passphrase, cancel, err);
	buffer_free(&path);
	return rc;
}

enum be_err unlock_own_release(struct secret **out, const struct unlock_target *target, enum unlock_way way,
	const atomic_bool *cancel, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = own_file(&path, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = unlock_release(out, (const char *)path.data, target, way, cancel, err);
	buffer_free(&path);
	return rc;
}

enum be_err unlock_own_remove(const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = own_file(&path, err);

	if (rc == BE_OK)
		rc = unlock_remove((const char *)path.data, target, way, err);
	buffer_free(&path);
	return rc;
}

enum be_err unlock_own_use(const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = own_file(&path, err);

	if (rc == BE_OK)
		rc = unlock_use((const char *)path.data, target, way, err);
	buffer_free(&path);
	return rc;
}

/* ---- what it looks like ---- */

static void take_slots(struct unlock_ways *out, const struct unlock_slots *slots, const struct unlock_target *target)
{
	for (size_t i = 0; i < UNLOCK_WAY_COUNT; i++) {
		const struct unlock_slot *slot = unlock_slots_find(slots, target, (enum unlock_way)i);
		struct unlock_way_facts *facts = &out->ways[i];

		if (slot == NULL)
			continue;
		facts->kept = true;
		facts->used = slot->used;
		(void)snprintf(facts->key, sizeof(facts->key), "%s", slot->key);
	}
	out->ways[UNLOCK_PASSPHRASE].used = unlock_slots_used(slots, target) == NULL;
}

enum be_err unlock_ways(struct unlock_ways *out, const struct unlock_target *target, struct be_error *err)
{
	struct unlock_slots slots = { NULL, 0 };
	enum be_err rc = BE_OK;

	*out = (struct unlock_ways){ .agent = { .count = 0 } };
	out->ways[UNLOCK_PASSPHRASE].kept = true;
	for (size_t i = 0; i < UNLOCK_WAY_COUNT; i++)
		(void)unlock_look((enum unlock_way)i, &out->ways[i].off);
	(void)unlock_agent_keys(&out->agent, NULL);
	if (target == NULL)
		return BE_OK;
	rc = unlock_own_slots(&slots, err);
	take_slots(out, &slots, target);
	unlock_slots_free(&slots);
	return rc;
}
