/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_KEY_FILE_H
#define SUPPORT_KEY_FILE_H

/*
 * Key files for tests, and opening them: asserts on the way that an error is reported as one and leaves nothing in
 * OpenSSL's queue.
 */

#include "pki/p12.h"

#include <openssl/pkcs12.h>

#define KEY_FILE_PASSPHRASE "rahasia sekali"

EVP_PKEY *key_file_key(size_t which);           /* P-256; borrowed */
X509 *key_file_person(size_t which);            /* a certificate of that key, by itself */
/* Any number of keys and of certificates, each in a safe of its own, with a MAC. */
PKCS12 *key_file_of(size_t keys, size_t certs);

enum be_err key_file_open(struct pki_key **key, const uint8_t *bytes, size_t len, const char *passphrase,
	struct be_error *err);
/* Opens and closes; takes the file. */
enum be_err key_file_judge(PKCS12 *file, const char *passphrase);

#endif
