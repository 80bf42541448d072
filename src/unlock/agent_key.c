/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/unlock_parts.h"

#include "crypto/digest.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/seal.h"

#include <stdio.h>
#include <string.h>

/* The key of a slot is the agent's signature over the slot's header, which has a salt of its own. It is framed as
 * ssh-keygen -Y frames a message (PROTOCOL.sshsig), so that it can never be one that logs in somewhere or stands under a
 * file: the namespace is ours alone. */

#define NAMESPACE "unlock@besign"
#define PURPOSE "besign unlock: ssh-agent 1"

static void put_string(struct buffer *out, const void *bytes, size_t len)
{
	const uint8_t length[] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len };

	buffer_add(out, length, sizeof(length));
	buffer_add(out, bytes, len);
}

static enum be_err make_challenge(struct buffer *out, const struct unlock_slot *slot, struct be_error *err)
{
	struct buffer header = BUFFER_EMPTY;
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;
	enum be_err rc;

	unlock_slot_header(&header, slot);
	rc = buffer_check(&header, err);
	if (rc == BE_OK)
		rc = digest_bytes(DIGEST_SHA512, header.data, header.len, digest, &len, err);
	buffer_free(&header);
	if (rc != BE_OK)
		return rc;
	buffer_add(out, "SSHSIG", 6);
	put_string(out, NAMESPACE, strlen(NAMESPACE));
	put_string(out, "", 0);
	put_string(out, "sha512", 6);
	put_string(out, digest, len);
	return buffer_check(out, err);
}

static enum be_err same_again(struct agent *agent, const char *key, const struct buffer *message,
	const struct secret *first, struct be_error *err)
{
	struct secret *second = NULL;
	enum be_err rc = agent_sign(&second, agent, key, message, err);

	if (rc == BE_OK &&
		(secret_len(first) != secret_len(second) ||
			!crypto_equal(secret_bytes(first), secret_bytes(second), secret_len(first))))
		rc = be_fail(err, BE_UNSUPPORTED,
			N_("This key does not give the same signature twice, so nothing can be kept behind it"), "%s",
			key);
	secret_free(&second);
	return rc;
}

static enum be_err open_and_list(
	struct agent **agent, struct unlock_agent_keys *keys, const atomic_bool *cancel, struct be_error *err)
{
	enum be_err rc = agent_open(agent, cancel, err);

	return rc == BE_OK ? agent_list(keys, *agent, err) : rc;
}

enum be_err agent_wrap_key(struct secret **out, const struct unlock_slot *slot, bool twice, const atomic_bool *cancel,
	struct be_error *err)
{
	struct unlock_agent_keys keys;
	struct buffer challenge = BUFFER_EMPTY;
	struct secret *signature = NULL;
	struct agent *agent = NULL;
	enum be_err rc = make_challenge(&challenge, slot, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = open_and_list(&agent, &keys, cancel, err);
	if (rc == BE_OK)
		rc = agent_sign(&signature, agent, slot->key, &challenge, err);
	if (rc == BE_OK && twice)
		rc = same_again(agent, slot->key, &challenge, signature, err);
	if (rc == BE_OK)
		rc = crypto_hkdf(out, SEAL_KEY_SIZE, signature, slot->salt, sizeof(slot->salt), PURPOSE, err);
	secret_free(&signature);
	agent_close(&agent);
	buffer_free(&challenge);
	return rc;
}

/* ---- which key it is ---- */

static const struct unlock_agent_key *named(const struct unlock_agent_keys *keys, const char *fingerprint)
{
	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->keys[i].fingerprint, fingerprint) == 0)
			return &keys->keys[i];
	return NULL;
}

static size_t usable(const struct unlock_agent_keys *keys, const struct unlock_agent_key **first)
{
	size_t count = 0;

	*first = NULL;
	for (size_t i = keys->count; i > 0; i--) {
		if (keys->keys[i - 1].off == NULL) {
			*first = &keys->keys[i - 1];
			count++;
		}
	}
	return count;
}

static enum be_err none_usable(const struct unlock_agent_keys *keys, struct be_error *err)
{
	if (keys->count == 0)
		return be_fail(err, BE_NOT_FOUND, N_("The ssh-agent has no key: add one with ssh-add -c"), NULL);
	return be_fail(err, BE_UNSUPPORTED,
		N_("The ssh-agent has no ed25519 or RSA key: others sign differently each time and cannot be used"),
		NULL);
}

enum be_err agent_choose(struct unlock_slot *slot, const char *key, const atomic_bool *cancel, struct be_error *err)
{
	const struct unlock_agent_key *found = NULL;
	struct unlock_agent_keys keys;
	struct agent *agent = NULL;
	size_t count;
	enum be_err rc = open_and_list(&agent, &keys, cancel, err);

	agent_close(&agent);
	if (rc != BE_OK)
		return rc;
	count = usable(&keys, &found);
	if (count == 0)
		return none_usable(&keys, err);
	if (key == NULL && count > 1)
		return be_fail(
			err, BE_SEVERAL_KEYS, N_("The ssh-agent has several keys: say which by its fingerprint"), NULL);
	if (key != NULL)
		found = named(&keys, key);
	if (found == NULL)
		return be_fail(err, BE_NOT_FOUND, N_("The ssh-agent has no key of that fingerprint"), "%s", key);
	if (found->off != NULL)
		return be_fail(err, BE_UNSUPPORTED, found->off, "%s", found->fingerprint);
	(void)snprintf(slot->key, sizeof(slot->key), "%s", found->fingerprint);
	return BE_OK;
}

enum be_err unlock_agent_keys(struct unlock_agent_keys *out, struct be_error *err)
{
	struct agent *agent = NULL;
	const enum be_err rc = open_and_list(&agent, out, NULL, err);

	agent_close(&agent);
	if (rc != BE_OK)
		out->count = 0;
	return rc;
}

enum be_err agent_look(struct be_error *err)
{
	const struct unlock_agent_key *first = NULL;
	struct unlock_agent_keys keys;
	enum be_err rc = unlock_agent_keys(&keys, err);

	if (rc == BE_OK && usable(&keys, &first) == 0)
		rc = none_usable(&keys, err);
	return rc;
}
