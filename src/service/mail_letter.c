/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/mail.h"

#include "base/sanitise.h"
#include "base/time.h"
#include "net/mime.h"

#include <string.h>

#define VALUE_CELLS 200u
#define LETTER_ROOM 16384u

/* ---- what each kind says ---- */

enum value { NOTHING, NAME, SERVICE, CERTIFICATE, SERIAL, UNTIL, LINK_UNTIL, REASON, DEVICE, MOMENT, LINK };

/* A paragraph; %s stands for its one value. */
struct line {
	const char *text; /* msgid; NULL ends the letter */
	enum value value;
};

struct kind {
	const char *subject; /* msgid */
	struct line lines[7];
};

#define NOT_YOU N_("If it was not you, tell the administrator of this service.")

/* clang-format off */
static const struct kind kinds[MAIL_KINDS] = {
	[MAIL_ISSUANCE] = { N_("Create the passphrase of your certificate"), {
		{ N_("Hello %s,"), NAME },
		{ N_("You asked for an electronic certificate. It works as soon as you have created its passphrase:"), NOTHING },
		{ N_("Create Passphrase"), LINK },
		{ N_("The link works once, until %s."), LINK_UNTIL },
		{ N_("If it was not you, do nothing: no certificate comes into being without a passphrase."), NOTHING },
		{ NULL, NOTHING } } },
	[MAIL_RENEWAL] = { N_("Create the passphrase of your renewed certificate"), {
		{ N_("Hello %s,"), NAME },
		{ N_("You asked to renew your certificate. The new one works as soon as you have created its passphrase; until then the old one does:"), NOTHING },
		{ N_("Create Passphrase"), LINK },
		{ N_("The link works once, until %s."), LINK_UNTIL },
		{ N_("If it was not you, do nothing: the old certificate stays as it is."), NOTHING },
		{ NULL, NOTHING } } },
	[MAIL_ISSUED] = { N_("Your certificate works now"), {
		{ N_("Hello %s,"), NAME },
		{ N_("From now on you can sign with this certificate: %s"), CERTIFICATE },
		{ N_("Serial number: %s"), SERIAL },
		{ N_("It ends on %s."), UNTIL },
		{ NOT_YOU, NOTHING },
		{ NULL, NOTHING } } },
	[MAIL_REVOCATION] = { N_("Your certificate was revoked"), {
		{ N_("Hello %s,"), NAME },
		{ N_("This certificate was revoked and can never sign again: %s"), CERTIFICATE },
		{ N_("Serial number: %s"), SERIAL },
		{ N_("Moment: %s"), MOMENT },
		{ N_("Reason: %s"), REASON },
		{ NOT_YOU, NOTHING },
		{ NULL, NOTHING } } },
	[MAIL_DEVICE] = { N_("A new device for one-time codes was added"), {
		{ N_("Hello %s,"), NAME },
		{ N_("This device can give codes for signing in to your account from now on: %s"), DEVICE },
		{ N_("Moment: %s"), MOMENT },
		{ NOT_YOU, NOTHING },
		{ NULL, NOTHING } } },
};
/* clang-format on */

#define FOOTER N_("%s wrote this letter by itself; nobody reads an answer.")

/* ---- values, made harmless ---- */

static void add_text(struct buffer *out, const char *text)
{
	if (text != NULL)
		sanitise_add(out, text, strlen(text), VALUE_CELLS);
}

/* "2026-11-28 00:44 UTC": the same in every language, and not to be mistaken. */
static void add_moment(struct buffer *out, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	(void)time_format(text, moment);
	if (strlen(text) < 16)
		return;
	text[10] = ' ';
	text[16] = '\0';
	buffer_printf(out, "%s UTC", text);
}

static void add_value(
	struct buffer *out, enum value value, const struct mail_letter *letter, const struct mail_sender *sender)
{
	switch (value) {
	case NAME:
		add_text(out, letter->name);
		break;
	case SERVICE:
		add_text(out, sender->service);
		break;
	case CERTIFICATE:
		add_text(out, letter->certificate);
		break;
	case SERIAL:
		add_text(out, letter->serial);
		break;
	case REASON:
		add_text(out, tr_in(letter->language, letter->reason));
		break;
	case DEVICE:
		add_text(out, letter->device);
		break;
	case UNTIL:
		add_moment(out, letter->until);
		break;
	case LINK_UNTIL:
		add_moment(out, letter->link_until);
		break;
	case MOMENT:
		add_moment(out, letter->moment);
		break;
	case LINK:
		if (letter->link != NULL)
			buffer_add(out, secret_bytes(letter->link), secret_len(letter->link));
		break;
	case NOTHING:
	default:
		break;
	}
}

/* The sentence with its value in place of %s. */
static void add_sentence(
	struct buffer *out, const struct line *line, const struct mail_letter *letter, const struct mail_sender *sender)
{
	const char *text = tr_in(letter->language, line->text);
	const char *place = line->value != NOTHING ? strstr(text, "%s") : NULL;

	if (place == NULL) {
		buffer_add_str(out, text);
		return;
	}
	buffer_add(out, text, (size_t)(place - text));
	add_value(out, line->value, letter, sender);
	buffer_add_str(out, place + 2);
}

/* ---- the two forms ---- */

static void text_form(struct buffer *out, const struct mail_letter *letter, const struct mail_sender *sender)
{
	const struct line footer = { FOOTER, SERVICE };

	for (const struct line *line = kinds[letter->kind].lines; line->text != NULL; line++) {
		if (line->value == LINK)
			add_value(out, LINK, letter, sender);
		else
			add_sentence(out, line, letter, sender);
		buffer_add_str(out, "\n\n");
	}
	buffer_add_str(out, "-- \n");
	add_sentence(out, &footer, letter, sender);
	buffer_add_byte(out, '\n');
}

static void html_line(
	struct buffer *out, const struct line *line, const struct mail_letter *letter, const struct mail_sender *sender)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_add_str(out, "<p>");
	if (line->value == LINK) {
		add_value(&text, LINK, letter, sender);
		buffer_add_str(out, "<a href=\"");
		mime_html(out, text.data, text.len);
		buffer_add_str(
			out, "\" style=\"background:#0b5394;color:#fff;padding:10px 18px;text-decoration:none\">");
		mime_html(out, tr_in(letter->language, line->text), strlen(tr_in(letter->language, line->text)));
		buffer_add_str(out, "</a>");
	} else {
		add_sentence(&text, line, letter, sender);
		mime_html(out, text.data, text.len);
	}
	buffer_add_str(out, "</p>\n");
	out->failed = out->failed || text.failed;
	if (text.data != NULL)
		explicit_bzero(text.data, text.cap);
	buffer_free(&text);
}

/* No picture and nothing that is fetched: opening a letter tells nobody. */
static void html_form(struct buffer *out, const struct mail_letter *letter, const struct mail_sender *sender)
{
	const struct line footer = { FOOTER, SERVICE };

	buffer_printf(out, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>",
		i18n_name(letter->language));
	mime_html(out, tr_in(letter->language, kinds[letter->kind].subject),
		strlen(tr_in(letter->language, kinds[letter->kind].subject)));
	buffer_add_str(out, "</title></head>\n<body style=\"font-family:sans-serif\">\n");
	for (const struct line *line = kinds[letter->kind].lines; line->text != NULL; line++)
		html_line(out, line, letter, sender);
	buffer_add_str(out, "<hr>\n");
	html_line(out, &footer, letter, sender);
	buffer_add_str(out, "</body></html>\n");
}

static void add_part(struct buffer *out, const char *boundary, const char *type, const struct buffer *body)
{
	buffer_printf(out,
		"--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, type);
	mime_quote(out, body->data, body->len);
	buffer_add_str(out, "\r\n");
}

/* A buffer that grows leaves copies behind: these have room from the start, and are wiped. */
static void make_room(struct buffer *b)
{
	buffer_add_fill(b, 0, LETTER_ROOM);
	buffer_reset(b);
}

static void wipe(struct buffer *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	buffer_free(b);
}

static void add_headers(struct buffer *out, const struct mail_letter *letter, const struct mail_sender *sender,
	const char *id, int64_t moment)
{
	char date[MIME_DATE_MAX], address[256];
	const char *host;

	mime_address(address, sizeof(address), sender->from);
	host = strrchr(address, '@');
	mime_from(out, sender->from);
	mime_header(out, "To", letter->to);
	mime_header(out, "Subject", tr_in(letter->language, kinds[letter->kind].subject));
	mime_header(out, "Date", mime_date(date, moment));
	buffer_printf(out, "Message-ID: <%s@%s>\r\n", id, host != NULL ? host + 1 : "localhost");
	buffer_printf(out, "Content-Language: %s\r\n", i18n_name(letter->language));
	/* RFC 3834: no out-of-office notes are wanted back. */
	buffer_add_str(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	buffer_printf(out, "Content-Type: multipart/alternative; boundary=\"=_%s\"\r\n\r\n", id);
}

enum be_err mail_compose(struct buffer *out, const struct mail_letter *letter, const struct mail_sender *sender,
	const char *id, int64_t moment, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY, html = BUFFER_EMPTY;
	char boundary[80] = "=_";
	enum be_err rc = mime_address_check(letter->to, err);

	if (rc != BE_OK)
		return rc;
	if (strlen(id) > 64)
		return be_fail(err, BE_LIMIT, N_("A letter's number is too long"), NULL);
	(void)strcpy(boundary + 2, id);
	make_room(&text);
	make_room(&html);
	text_form(&text, letter, sender);
	html_form(&html, letter, sender);
	out->failed = out->failed || text.failed || html.failed;
	add_headers(out, letter, sender, id, moment);
	add_part(out, boundary, "text/plain", &text);
	add_part(out, boundary, "text/html", &html);
	buffer_printf(out, "--%s--\r\n", boundary);
	wipe(&text);
	wipe(&html);
	return buffer_check(out, err);
}
