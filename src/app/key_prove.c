/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/key_prove.h"

#include "base/process.h"
#include "crypto/random.h"
#include "signer/signer.h"

static enum be_err authorise_one(struct account *account, const char *id, const struct secret *passphrase,
	const struct account_wait *wait, struct be_error *err)
{
	uint8_t digest[DIGEST_MAX];
	const struct account_digests digests = { .alg = DIGEST_SHA256, .bytes = digest, .count = 1 };
	struct secret *sad = NULL;
	enum be_err rc = crypto_random(digest, digest_size(DIGEST_SHA256), err);

	if (rc == BE_OK)
		rc = account_authorize(account, id, passphrase, &digests, &sad, wait, err);
	secret_free(&sad);
	return rc;
}

enum be_err key_prove(struct key_facts *out, const struct unlock_target *target, struct account *account,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err)
{
	const struct account_wait wait = { .cancel = cancel };
	struct signer *signer = NULL;
	enum be_err rc;

	*out = KEY_FACTS_UNKNOWN;
	process_guard_secrets();
	rc = target->kind == UNLOCK_KEY_FILE ? signer_open_p12(&signer, target->id, passphrase, err)
					     : signer_open_csc(&signer, account, target->id, passphrase, &wait, err);
	if (rc == BE_OK)
		key_facts_take(out, signer_info(signer));
	if (rc == BE_OK && target->kind == UNLOCK_CREDENTIAL)
		rc = authorise_one(account, target->id, passphrase, &wait, err);
	signer_free(&signer);
	return rc;
}
