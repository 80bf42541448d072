/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/unlock_saved.h"

#include "app/unlock.h"
#include "cli/password.h"
#include "cli/print.h"

#include <unistd.h>

const char unlock_outdated[] = N_(
	"The passphrase that was saved is not the one of the key any more: save it again with besign unlock add, or sign with --no-unlock");

/* A finger, or a confirmation, is waited for: nobody guesses that from a terminal that stands still. */
void unlock_say_request(enum unlock_way way)
{
	if (isatty(STDERR_FILENO) != 1)
		return;
	print_text(stderr, unlock_way_request(way));
	(void)fputc('\n', stderr);
}

static enum be_err ask(
	struct secret **out, const struct unlock_target *target, const atomic_bool *cancel, struct be_error *err)
{
	enum unlock_way way = UNLOCK_PASSPHRASE;
	enum be_err rc = unlock_chosen(&way, target, err);

	if (rc != BE_OK || way == UNLOCK_PASSPHRASE)
		return rc;
	unlock_say_request(way);
	return unlock_own_release(out, target, way, cancel, err);
}

enum be_err unlock_saved(
	struct secret **out, const struct unlock_target *target, const atomic_bool *cancel, struct be_error *err)
{
	struct be_error why = { .code = BE_OK };
	enum be_err rc;

	*out = NULL;
	rc = ask(out, target, cancel, &why);
	if (rc == BE_OK)
		return rc;
	if (rc != BE_CANCELLED && password_can_ask()) {
		print_failure("unlock", &why);
		return BE_OK;
	}
	*err = why;
	return rc;
}
