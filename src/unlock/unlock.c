/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/unlock_parts.h"

#include "base/file.h"
#include "crypto/random.h"
#include "crypto/seal.h"

#include <string.h>

/* A slot's header says what it is for, and is authenticated twice over: an agent signs it, and the seal covers it. A slot
 * that was moved to another target, or given another key, opens nothing. */

#define PAD_TO 64u
#define LENGTH_SIZE 2u

static const char nothing_kept[] = N_("No passphrase is saved for this key that way");

/* ---- what is sealed: the length, the passphrase, and zeros, so that its length does not show ---- */

static enum be_err pad(struct secret **out, const struct secret *passphrase, struct be_error *err)
{
	static const uint8_t zeros[PAD_TO];
	const size_t len = secret_len(passphrase);
	const uint8_t length[LENGTH_SIZE] = { (uint8_t)(len >> 8), (uint8_t)len };
	const size_t rest = PAD_TO - (LENGTH_SIZE + len) % PAD_TO;
	enum be_err rc;

	if (len > UNLOCK_PASSPHRASE_MAX)
		return be_fail(err, BE_LIMIT, N_("The passphrase is too long to be saved"), NULL);
	rc = secret_new(out, LENGTH_SIZE + len + rest, err);
	if (rc == BE_OK)
		rc = secret_add(*out, length, sizeof(length), err);
	if (rc == BE_OK)
		rc = secret_add(*out, secret_bytes(passphrase), len, err);
	if (rc == BE_OK)
		rc = secret_add(*out, zeros, rest, err);
	return rc;
}

static enum be_err unpad(struct secret **out, const struct secret *padded, struct be_error *err)
{
	const uint8_t *bytes = secret_bytes(padded);
	const size_t all = secret_len(padded);
	const size_t len = all >= LENGTH_SIZE ? (size_t)bytes[0] << 8 | bytes[1] : 0;
	enum be_err rc;

	if (all < LENGTH_SIZE || len > all - LENGTH_SIZE)
		return be_fail(err, BE_MALFORMED, N_("What was saved is no passphrase"), NULL);
	rc = secret_new(out, len, err);
	if (rc == BE_OK)
		rc = secret_add(*out, bytes + LENGTH_SIZE, len, err);
	return rc;
}

static enum be_err wrap_key(struct secret **out, const struct unlock_slot *slot, bool first, const atomic_bool *cancel,
	struct be_error *err)
{
	if (slot->way == UNLOCK_SSH_AGENT)
		return agent_wrap_key(out, slot, first, cancel, err);
	return fingerprint_wrap_key(out, slot, first, cancel, err);
}

static enum be_err close_slot(
	struct unlock_slot *slot, const struct secret *key, const struct secret *passphrase, struct be_error *err)
{
	struct buffer header = BUFFER_EMPTY;
	struct secret *padded = NULL;
	enum be_err rc = pad(&padded, passphrase, err);

	unlock_slot_header(&header, slot);
	if (rc == BE_OK)
		rc = buffer_check(&header, err);
	if (rc == BE_OK)
		rc = seal_close(&slot->sealed, key, header.data, header.len, padded, err);
	secret_free(&padded);
	buffer_free(&header);
	return rc;
}

static enum be_err open_slot(
	struct secret **out, const struct unlock_slot *slot, const struct secret *key, struct be_error *err)
{
	struct buffer header = BUFFER_EMPTY;
	struct secret *padded = NULL;
	enum be_err rc;

	unlock_slot_header(&header, slot);
	rc = buffer_check(&header, err);
	if (rc == BE_OK)
		rc = seal_open(&padded, key, header.data, header.len, slot->sealed.data, slot->sealed.len, err);
	if (rc == BE_OK)
		rc = unpad(out, padded, err);
	if (rc != BE_OK)
		secret_free(out);
	secret_free(&padded);
	buffer_free(&header);
	return rc;
}

/* ---- changing what is kept ---- */

static bool is_valid(const struct unlock_target *target, enum unlock_way way, bool certificate_needed)
{
	const size_t len = target->certificate != NULL ? strlen(target->certificate) : 0;

	return way < UNLOCK_WAY_COUNT && target->id != NULL && target->id[0] != '\0' && strlen(target->id) < PATH_MAX &&
		(len == 64 || (len == 0 && !certificate_needed));
}

static enum be_err not_valid(struct be_error *err)
{
	return be_fail(err, BE_USAGE, N_("It has to be said which key is meant"), NULL);
}

/* Whatever was kept for this id goes out of the way: of the same way, or of a certificate that the file no longer has. */
static bool gives_way(const struct unlock_slot *old, const struct unlock_slot *fresh)
{
	return old->kind == fresh->kind && strcmp(old->id, fresh->id) == 0 &&
		(old->way == fresh->way || strcmp(old->certificate, fresh->certificate) != 0);
}

static void drop(struct unlock_slots *slots, size_t index)
{
	buffer_free(&slots->slots[index].sealed);
	slots->count--;
	memmove(&slots->slots[index], &slots->slots[index + 1], (slots->count - index) * sizeof(slots->slots[0]));
}

/* The fresh slot is taken when it went well. */
static enum be_err keep(const char *file, struct unlock_slot *fresh, struct be_error *err)
{
	struct unlock_slots slots = { NULL, 0 };
	struct unlock_slots single = { fresh, 1 };
	int lock = -1;
	enum be_err rc = unlock_slots_lock(file, &lock, err);

	if (rc == BE_OK)
		rc = unlock_slots_read(&slots, file, err);
	for (size_t i = slots.count; rc == BE_OK && i > 0; i--) {
		if (gives_way(&slots.slots[i - 1], fresh))
			drop(&slots, i - 1);
		else if (slots.slots[i - 1].kind == fresh->kind && strcmp(slots.slots[i - 1].id, fresh->id) == 0)
			slots.slots[i - 1].used = false;
	}
	if (rc == BE_OK && slots.count == UNLOCK_SLOTS_MAX)
		rc = be_fail(
			err, BE_LIMIT, N_("So many passphrases are saved that there is no room for another"), NULL);
	if (rc == BE_OK && slots.slots == NULL) {
		rc = unlock_slots_write(&single, file, err);
	} else if (rc == BE_OK) {
		slots.slots[slots.count++] = *fresh;
		fresh->sealed = BUFFER_EMPTY;
		rc = unlock_slots_write(&slots, file, err);
	}
	unlock_slots_free(&slots);
	file_unlock(lock);
	return rc;
}

static enum be_err prepare(struct unlock_slot *slot, const struct unlock_target *target, enum unlock_way way,
	const char *key, const atomic_bool *cancel, struct be_error *err)
{
	*slot = (struct unlock_slot){ .way = way, .kind = target->kind, .used = true, .sealed = BUFFER_EMPTY };
	memcpy(slot->id, target->id, strlen(target->id) + 1);
	memcpy(slot->certificate, target->certificate, strlen(target->certificate) + 1);
	if (crypto_random(slot->salt, sizeof(slot->salt), err) != BE_OK)
		return BE_CRYPTO;
	return way == UNLOCK_SSH_AGENT ? agent_choose(slot, key, cancel, err) : BE_OK;
}

enum be_err unlock_enrol(const char *file, const struct unlock_target *target, enum unlock_way way, const char *key,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err)
{
	struct unlock_slot slot;
	struct secret *wrap = NULL;
	enum be_err rc;

	if (way == UNLOCK_PASSPHRASE || !is_valid(target, way, true))
		return not_valid(err);
	rc = prepare(&slot, target, way, key, cancel, err);
	if (rc == BE_OK)
		rc = wrap_key(&wrap, &slot, true, cancel, err);
	if (rc == BE_OK)
		rc = close_slot(&slot, wrap, passphrase, err);
	if (rc == BE_OK)
		rc = keep(file, &slot, err);
	secret_free(&wrap);
	buffer_free(&slot.sealed);
	return rc;
}

enum be_err unlock_release(struct secret **out, const char *file, const struct unlock_target *target,
	enum unlock_way way, const atomic_bool *cancel, struct be_error *err)
{
	const struct unlock_slot *slot = NULL;
	struct unlock_slots slots = { NULL, 0 };
	struct secret *wrap = NULL;
	enum be_err rc;

	*out = NULL;
	if (!is_valid(target, way, false))
		return not_valid(err);
	rc = unlock_slots_read(&slots, file, err);
	if (rc == BE_OK && (slot = unlock_slots_find(&slots, target, way)) == NULL)
		rc = be_fail(err, BE_NOT_FOUND, nothing_kept, NULL);
	if (rc == BE_OK)
		rc = wrap_key(&wrap, slot, false, cancel, err);
	if (rc == BE_OK)
		rc = open_slot(out, slot, wrap, err);
	secret_free(&wrap);
	unlock_slots_free(&slots);
	return rc;
}

static bool has_fingerprint(const struct unlock_slots *slots)
{
	for (size_t i = 0; i < slots->count; i++)
		if (slots->slots[i].way == UNLOCK_FINGERPRINT)
			return true;
	return false;
}

enum be_err unlock_remove(
	const char *file, const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	struct unlock_slots slots = { NULL, 0 };
	const struct unlock_slot *slot = NULL;
	int lock = -1;
	bool forget = false;
	enum be_err rc;

	if (!is_valid(target, way, false))
		return not_valid(err);
	rc = unlock_slots_lock(file, &lock, err);
	if (rc == BE_OK)
		rc = unlock_slots_read(&slots, file, err);
	if (rc == BE_OK && (slot = unlock_slots_find(&slots, target, way)) == NULL)
		rc = be_fail(err, BE_NOT_FOUND, nothing_kept, NULL);
	if (rc == BE_OK) {
		drop(&slots, (size_t)(slot - slots.slots));
		forget = way == UNLOCK_FINGERPRINT && !has_fingerprint(&slots);
		rc = unlock_slots_write(&slots, file, err);
	}
	unlock_slots_free(&slots);
	file_unlock(lock);
	/* What is left there opens nothing any more; that it could not be reached is no reason to keep the slot. */
	if (rc == BE_OK && forget)
		(void)fingerprint_forget(NULL);
	return rc;
}

enum be_err unlock_use(const char *file, const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	struct unlock_slots slots = { NULL, 0 };
	int lock = -1;
	enum be_err rc;

	if (!is_valid(target, way, false))
		return not_valid(err);
	rc = unlock_slots_lock(file, &lock, err);
	if (rc == BE_OK)
		rc = unlock_slots_read(&slots, file, err);
	if (rc == BE_OK && way != UNLOCK_PASSPHRASE && unlock_slots_find(&slots, target, way) == NULL)
		rc = be_fail(err, BE_NOT_FOUND, nothing_kept, NULL);
	for (size_t i = 0; rc == BE_OK && i < slots.count; i++)
		if (unlock_slot_is_of(&slots.slots[i], target))
			slots.slots[i].used = slots.slots[i].way == way;
	if (rc == BE_OK)
		rc = unlock_slots_write(&slots, file, err);
	unlock_slots_free(&slots);
	file_unlock(lock);
	return rc;
}

enum be_err unlock_look(enum unlock_way way, struct be_error *err)
{
	if (way == UNLOCK_FINGERPRINT)
		return fingerprint_look(err);
	return way == UNLOCK_SSH_AGENT ? agent_look(err) : BE_OK;
}
