/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_SOFT_TOKEN_H
#define SUPPORT_SOFT_TOKEN_H

/* A PKCS#11 token of SoftHSM2 in a directory of its own, for this process. */

#include <stdbool.h>

#define SOFT_TOKEN_URI "pkcs11:token=besign-test"
#define SOFT_TOKEN_PIN "123456"

/* Other tokens beside it, with the same PIN. */
#define SOFT_TOKEN_SECOND "besign-second"
#define SOFT_TOKEN_THIRD "besign-third"

/* Before anything else of this process loads p11-kit: the module looks for its tokens once. False when SoftHSM2 is not
 * installed. */
bool soft_token_make(void);
void soft_token_clear(void);

#endif
