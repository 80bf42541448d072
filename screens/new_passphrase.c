/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is to be said of a new passphrase before the service is asked: it judges the rest. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

const char *new_passphrase_off(const struct secret *passphrase, const struct secret *once_more)
{
	if (secret_len(passphrase) == 0)
		return N_("type a passphrase first");
	if (secret_len(once_more) == 0)
		return N_("type the passphrase once more");
	return secret_len(passphrase) != secret_len(once_more) ||
			memcmp(secret_bytes(passphrase), secret_bytes(once_more), secret_len(passphrase)) != 0
		? N_("the two passphrases are not the same")
		: NULL;
}

void put_passphrase_rule(const struct ui *ui, const void *state, struct ui_text *out)
{
	const int64_t least = desk_of(ui)->service.passphrase_min;

	(void)state;
	if (least > 0)
		ui_put_count(out, "It has at least %zu character, and is not easy to guess.",
			"It has at least %zu characters, and is not easy to guess.", (size_t)least);
	else
		ui_put(out, N_("Choose one that is long and not easy to guess."));
}
