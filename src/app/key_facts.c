/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/key_facts.h"

#include <string.h>

void key_facts_take(struct key_facts *out, const struct pki_cert_info *cert)
{
	memcpy(out->name, cert->name, sizeof(out->name));
	memcpy(out->issuer, cert->issuer, sizeof(out->issuer));
	memcpy(out->sha256, cert->sha256, sizeof(out->sha256));
	out->until = cert->not_after;
}
