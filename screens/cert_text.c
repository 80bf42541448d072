/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The states of a certificate, as the authority spells them, and what they mean to its owner. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#define DAY 86400

void put_cert_state(struct ui_text *out, const char *state)
{
	ui_put_foreign(out, cert_state_shown(state));
	if (cert_state_about(state) == NULL)
		return;
	ui_put_foreign(out, " (");
	ui_put(out, cert_state_about(state));
	ui_put_foreign(out, ")");
}

void put_days_left(struct ui_text *out, const struct desk *desk, int64_t until)
{
	const int64_t left = until - desk->engine->now();

	ui_put_foreign(out, " ");
	if (left < 0)
		ui_put(out, N_("(expired)"));
	else
		ui_put_count(out, "(%zu day left)", "(%zu days left)", (size_t)(left / DAY));
}
