/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_ATTRIBUTES_H
#define PKI_ATTRIBUTES_H

/* The signed attributes of a SignerInfo as what is signed: the DER of a SET OF (RFC 5652, 5.4). Inside this room only.
 */

#include "base/error.h"

#include <openssl/cms.h>

/* *der is freed with OPENSSL_free. BE_NOT_FOUND when the SignerInfo has none. */
enum be_err pki_attributes_der(CMS_SignerInfo *signer, uint8_t **der, size_t *len, struct be_error *err);

#endif
