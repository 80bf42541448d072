/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_KEY_FACTS_H
#define APP_KEY_FACTS_H

/*
 * What the certificate of a key file says, as far as it is shown to its owner and remembered; no secret. The strings
 * are the certificate's own, not made safe.
 */

#include "base/time.h"
#include "pki/cert.h"

struct key_facts {
	char name[PKI_NAME_MAX];
	char issuer[PKI_DN_MAX];
	int64_t until;   /* TIME_NONE when it is not known */
	char sha256[65]; /* "" when nothing is known */
};

#define KEY_FACTS_UNKNOWN ((struct key_facts){ .until = TIME_NONE })

void key_facts_take(struct key_facts *out, const struct pki_cert_info *cert);

#endif
