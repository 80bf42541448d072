/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>

X509 *pki_x509_decode(const uint8_t *der, size_t len)
{
	const unsigned char *at = der;
	X509 *cert = NULL;

	if (der == NULL || len == 0 || len > LONG_MAX)
		return NULL;
	cert = d2i_X509(NULL, &at, (long)len);
	if (cert != NULL && at != der + len) {
		X509_free(cert);
		cert = NULL;
	}
	if (cert == NULL)
		ERR_clear_error();
	return cert;
}

enum be_err pki_fail(struct be_error *err, enum be_err code, const char *msgid)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (reason != NULL)
		(void)be_fail(err, code, msgid, "%s", reason);
	else
		(void)be_fail(err, code, msgid, NULL);
	ERR_clear_error();
	return code;
}

enum be_err pki_fail_memory(struct be_error *err)
{
	ERR_clear_error();
	return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
}
