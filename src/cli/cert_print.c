/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cert_print.h"

#include "app/cert_state.h"
#include "base/i18n.h"
#include "base/time.h"
#include "cli/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400
#define INDENT 4u
#define STATE_CELLS 14u

/* The look of a state. */
static enum print_mood mood_of(const char *state)
{
	static const enum print_mood moods[] = { [VERIFY_TEXT_PLAIN] = PRINT_PLAIN,
		[VERIFY_TEXT_GOOD] = PRINT_GOOD,
		[VERIFY_TEXT_BAD] = PRINT_BAD,
		[VERIFY_TEXT_UNSURE] = PRINT_UNSURE };

	return moods[cert_state_mood(state)];
}

/* ---- days ---- */

bool cert_print_works(const struct wire_certificate *certificate)
{
	return cert_state_works(certificate->state);
}

bool cert_print_days(int64_t *days, const struct wire_certificate *certificate)
{
	int64_t seconds;

	*days = 0;
	if (certificate->not_after == TIME_NONE || certificate->not_after <= 0)
		return false;
	seconds = certificate->not_after - time_now();
	*days = seconds >= 0 ? seconds / DAY : -((-seconds + DAY - 1) / DAY);
	return true;
}

bool cert_print_lasts(const struct wire_certificate *certificate, int64_t days)
{
	return cert_print_works(certificate) && certificate->not_after != TIME_NONE &&
		certificate->not_after - time_now() > days * DAY;
}

/* ---- lines ---- */

static void line(const char *title, const char *foreign)
{
	if (foreign[0] != '\0')
		print_line_foreign(title, INDENT, foreign);
}

static void line_moment(const char *title, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	if (moment != TIME_NONE && moment > 0)
		line(title, time_format(text, moment));
}

static void line_until(const struct wire_certificate *certificate)
{
	struct buffer value = BUFFER_EMPTY;
	char text[TIME_TEXT_MAX];
	int64_t days;

	if (!cert_print_days(&days, certificate))
		return;
	buffer_add_str(&value, time_format(text, certificate->not_after));
	if (days >= 0) {
		buffer_add_str(&value, ", ");
		buffer_printf(&value, tr_n("%lu day left", "%lu days left", (unsigned long)days), (unsigned long)days);
	}
	print_line(N_("Valid until"), INDENT, &value);
	buffer_free(&value);
}

void cert_print(const struct wire_certificate *certificate, bool chosen, bool all)
{
	const char *meaning = cert_state_next(certificate->state);

	/* What nobody here knows is not ours, and not in this column. */
	print_word_padded(meaning != NULL ? cert_state_shown(certificate->state) : "-", mood_of(certificate->state),
		STATE_CELLS + 1);
	print_foreign(stdout, certificate->id);
	(void)fputc('\n', stdout);
	if (meaning == NULL)
		line(N_("State"), certificate->state);
	if (chosen)
		print_line_text(N_("Chosen"), INDENT,
			cert_print_works(certificate) ? N_("this one signs, when nothing else is said")
						      : N_("yes, but it cannot sign"));
	if (certificate->subject[0] != '\0')
		print_line_quoted(N_("Subject"), INDENT, certificate->subject);
	line_until(certificate);
	if (meaning != NULL && (all || !cert_print_works(certificate)))
		print_line_text(N_("State"), INDENT, meaning);
	if (certificate->revoked != TIME_NONE)
		line(N_("Reason"), certificate->reason);
	if (!all)
		return;
	if (certificate->issuer[0] != '\0')
		print_line_quoted(N_("Issuer"), INDENT, certificate->issuer);
	line(N_("Serial"), certificate->serial);
	line("SHA-256", certificate->sha256);
	line(N_("Key"), certificate->key);
	line_moment(N_("Requested"), certificate->requested);
	line_moment(N_("Valid from"), certificate->not_before);
	line_moment(N_("Renewal from"), certificate->renew_from);
	line_moment(N_("Revoked"), certificate->revoked);
	line(N_("Follows"), certificate->renews);
}

void cert_print_history(const struct wire_history *history)
{
	const struct wire_event *events = history->events.items;
	char text[TIME_TEXT_MAX];

	for (size_t i = 0; i < history->events.count; i++) {
		struct buffer value = BUFFER_EMPTY;

		buffer_printf(&value, "%s  %s%s%s", time_format(text, events[i].at), events[i].what,
			events[i].detail[0] != '\0' ? ": " : "", events[i].detail);
		buffer_add_byte(&value, '\0');
		if (!value.failed)
			print_line_foreign(N_("History"), INDENT, (const char *)value.data);
		buffer_free(&value);
	}
}

/* ---- JSON ---- */

void cert_print_put_time(struct json *object, const char *key, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	json_put_string(object, key, moment != TIME_NONE && moment > 0 ? time_format(text, moment) : NULL);
}

static void put(struct json *object, const char *key, const char *text)
{
	json_put_string(object, key, text[0] != '\0' ? text : NULL);
}

struct json *cert_print_json(const struct wire_certificate *certificate, bool chosen)
{
	struct json *object = json_object();
	int64_t days;

	json_put_string(object, "id", certificate->id);
	json_put_string(object, "state", cert_state_shown(certificate->state));
	json_put_bool(object, "chosen", chosen);
	put(object, "subject", certificate->subject);
	put(object, "issuer", certificate->issuer);
	put(object, "serial", certificate->serial);
	put(object, "sha256", certificate->sha256);
	put(object, "key", certificate->key);
	cert_print_put_time(object, "requested", certificate->requested);
	cert_print_put_time(object, "not_before", certificate->not_before);
	cert_print_put_time(object, "not_after", certificate->not_after);
	if (cert_print_days(&days, certificate))
		json_put_int(object, "days_left", days);
	else
		json_put_null(object, "days_left");
	cert_print_put_time(object, "renew_from", certificate->renew_from);
	cert_print_put_time(object, "revoked", certificate->revoked);
	put(object, "reason", certificate->reason);
	put(object, "renews", certificate->renews);
	return object;
}

enum be_err cert_print_line(struct json *taken, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = json_print(&text, taken, err);

	if (rc == BE_OK)
		rc = print_json_line(&text, err);
	buffer_free(&text);
	json_free(&taken);
	return rc;
}
