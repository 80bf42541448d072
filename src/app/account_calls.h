/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_ACCOUNT_CALLS_H
#define APP_ACCOUNT_CALLS_H

/*
 * The account service as a table, so that in a test another one can stand behind the screens. Each is the function of its
 * name in account/account.h, and open is service_open.
 */

#include "app/service.h"

/* The names behind "account_". */
/* clang-format off */
#define ACCOUNT_CALLS(X) \
	X(free) X(service) X(terms) \
	X(login) X(login_code) X(login_enrol) X(login_confirm) X(signed_in) X(user) X(sign_out) X(sign_out_all) \
	X(profile) X(devices) X(device_add) X(device_confirm) X(device_remove) X(change_password) \
	X(certificates) X(certificates_wait) X(certificate) X(certificate_history) X(certificate_request) \
	X(certificate_renew) X(certificate_revoke) X(certificate_import) X(set_passphrase) X(change_passphrase) \
	X(mailbox)
/* clang-format on */

struct account_calls {
	__typeof__(service_open) *open;
	__typeof__(account_register) *sign_up; /* "register" is a word of C */
#define X(name) __typeof__(account_##name) *name;
	ACCOUNT_CALLS(X)
#undef X
};

extern const struct account_calls account_calls_real;

#endif
