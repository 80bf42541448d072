/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_SMALL_ORDER_H
#define PKI_SMALL_ORDER_H

/* Ed25519 and Ed448 keys under which anything verifies. Inside this room only. */

#include <openssl/evp.h>

#include <stdbool.h>

/* The public key is a point of small order (RFC 8032 lets an implementation accept it): then one signature holds for
 * every message, and an authority that certified such a key did not look. Also true for a key whose bytes cannot be
 * had. */
bool pki_small_order(const EVP_PKEY *key);

#endif
