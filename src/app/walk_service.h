/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_WALK_SERVICE_H
#define APP_WALK_SERVICE_H

/*
 * The whole journey of a person with an account service, against an embedded one of its own: register, enrol a device,
 * sign in with a computed code, request a certificate, follow the link of the mail, set the passphrase, sign ten
 * letters with it, verify them, revoke. Nothing of the user's own service or settings is touched.
 */

#include "app/walk.h"

/* In dir, which exists and is empty; the service and its data are in there, and the service has ended when this
 * returns. BE_SELF_CHECK when something came out otherwise than it should: the sentence says what. */
enum be_err walk_service_run(const char *dir, walk_tell *tell, void *context, struct be_error *err);

/* Takes away dir with everything in it. */
void walk_service_clean(const char *dir);

#endif
