/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the service says of a certificate, fact by fact; what it does not say has no row. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

/* In groups of four: it is read aloud, or compared with paper. */
static void put_groups(struct ui_text *out, const char *digits)
{
	for (size_t i = 0; digits[i] != '\0'; i++) {
		const char digit[2] = { digits[i], '\0' };

		if (i > 0 && i % 4 == 0)
			ui_put_foreign(out, " ");
		ui_put_foreign(out, digit);
	}
}

static void put_date(struct ui_text *out, int64_t moment)
{
	char date[TIME_TEXT_MAX];

	ui_put_foreign(out, desk_date(date, moment));
}

static void put_reason(struct ui_text *out, const char *word)
{
	const struct account_reason *reason = account_reasons;

	while (reason->word != NULL && strcmp(reason->word, word) != 0)
		reason++;
	if (reason->word != NULL)
		ui_put(out, reason->about);
	else
		ui_put_foreign(out, word);
}

enum fact { STATE, SUBJECT, ISSUER, SERIAL, FINGERPRINT, KEY, FROM, UNTIL, RENEWAL, REQUESTED, REVOKED, REASON, FACTS };

static const char *const titles[FACTS] = { N_("State"), N_("Name"), N_("Issued by"), N_("Serial number"), N_("SHA-256"),
	N_("Key"), N_("Valid from"), N_("Valid until"), N_("Renewal from"), N_("Asked for on"), N_("Revoked on"),
	N_("Reason") };

/* What there is a text for, or a moment. */
static bool has(const struct wire_certificate *c, enum fact fact)
{
	const int64_t moments[FACTS] = { [FROM] = c->not_before,
		[UNTIL] = c->not_after,
		[RENEWAL] = c->renew_from,
		[REQUESTED] = c->requested,
		[REVOKED] = c->revoked };
	const char *const texts[FACTS] = { [STATE] = c->state,
		[SUBJECT] = c->subject,
		[ISSUER] = c->issuer,
		[SERIAL] = c->serial,
		[FINGERPRINT] = c->sha256,
		[KEY] = c->key,
		[REASON] = c->reason };

	return texts[fact] != NULL ? texts[fact][0] != '\0' : moments[fact] != TIME_NONE && moments[fact] != 0;
}

static void put_fact(struct ui_text *out, const struct ui *ui, const struct wire_certificate *c, enum fact fact)
{
	switch (fact) {
	case STATE:
		put_cert_state(out, c->state);
		break;
	case SUBJECT:
		ui_put_foreign(out, c->subject);
		break;
	case ISSUER:
		ui_put_foreign(out, c->issuer);
		break;
	case SERIAL:
		ui_put_foreign(out, c->serial);
		break;
	case FINGERPRINT:
		put_groups(out, c->sha256);
		break;
	case KEY:
		ui_put_foreign(out, c->key);
		break;
	case FROM:
		put_date(out, c->not_before);
		break;
	case UNTIL:
		put_date(out, c->not_after);
		if (cert_state_works(c->state))
			put_days_left(out, desk_of(ui), c->not_after);
		break;
	case RENEWAL:
		put_date(out, c->renew_from);
		break;
	case REQUESTED:
		put_date(out, c->requested);
		break;
	case REVOKED:
		put_date(out, c->revoked);
		break;
	case REASON:
	case FACTS:
	default:
		put_reason(out, c->reason);
		break;
	}
}

size_t cert_facts(const struct wire_certificate *c)
{
	size_t count = 0;

	for (size_t i = 0; i < FACTS; i++)
		count += has(c, (enum fact)i);
	return count;
}

void cert_fact(const struct ui *ui, const struct wire_certificate *c, size_t index, struct ui_row *out)
{
	size_t fact = 0;

	for (size_t left = index; !has(c, (enum fact)fact) || left > 0; fact++)
		left -= has(c, (enum fact)fact);
	ui_put(&out->text, titles[fact]);
	ui_put_foreign(&out->text, ": ");
	put_fact(&out->text, ui, c, (enum fact)fact);
	if (fact == STATE)
		out->mood = screens_mood(cert_state_mood(c->state));
}
