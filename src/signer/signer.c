/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include <stdlib.h>

struct signer {
	const struct signer_ops *ops;
	void *state;
	struct pki_cert_info info;
};

enum be_err signer_new(struct signer **out, const struct signer_ops *ops, void *state, struct be_error *err)
{
	struct signer *signer = calloc(1, sizeof(*signer));
	const uint8_t *const *ders = NULL;
	const size_t *lens = NULL;
	enum be_err rc;

	*out = NULL;
	if (signer == NULL) {
		ops->free(state);
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	}
	signer->ops = ops;
	signer->state = state;
	if (ops->certificates(state, &ders, &lens) == 0)
		rc = be_fail(err, BE_NO_KEY, N_("There is no certificate to sign with"), "%s", ops->name);
	else
		rc = pki_cert_describe(&signer->info, ders[0], lens[0], err);
	if (rc == BE_OK)
		*out = signer;
	else
		signer_free(&signer);
	return rc;
}

void signer_free(struct signer **signer)
{
	if (*signer == NULL)
		return;
	(*signer)->ops->free((*signer)->state);
	free(*signer);
	*signer = NULL;
}

size_t signer_certificates(const struct signer *signer, const uint8_t *const **ders, const size_t **lens)
{
	return signer->ops->certificates(signer->state, ders, lens);
}

const struct pki_cert_info *signer_info(const struct signer *signer)
{
	return &signer->info;
}

enum be_err signer_fit(const struct signer *signer, int64_t moment, struct be_error *err)
{
	return signer->ops->fit(signer->state, moment, err);
}

/* Every item starts as failed, so that one which the holder forgets is never taken for signed. */
enum be_err signer_sign(struct signer *signer, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	for (size_t i = 0; i < count; i++)
		items[i].result =
			be_fail(&items[i].error, BE_CRYPTO, N_("The key gave no signature"), "%s", signer->ops->name);
	return signer->ops->sign(signer->state, scheme, alg, items, count, err);
}
