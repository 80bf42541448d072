/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "wire/paths.h"

#include <stdio.h>
#include <string.h>

/* One style for both pages, and its hash in the policy: nothing that somebody manages to put into a page is applied. */
static const char style[] =
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
	"h1{font-size:1.4rem}label{display:block;margin:1rem 0 .25rem;font-weight:600}"
	"input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #767676;border-radius:.25rem}"
	"button{font:inherit;margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.25rem;background:#0b5cad;color:#fff}"
	".problem{border-left:.25rem solid #b00020;padding:.25rem .75rem;background:#fdecea}"
	"@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}.problem{background:#3a1a1c}}";

enum be_err api_page_policy(struct api *api, struct be_error *err)
{
	uint8_t hash[DIGEST_MAX];
	size_t len = 0;
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = digest_bytes(DIGEST_SHA256, style, sizeof(style) - 1, hash, &len, err);

	if (rc == BE_OK) {
		buffer_add_str(&text, "default-src 'none'; style-src 'sha256-");
		encode_add(&text, ENCODE_BASE64, hash, len);
		buffer_add_str(&text, "'; form-action 'self'");
		buffer_add_byte(&text, 0);
		rc = buffer_check(&text, err);
	}
	if (rc == BE_OK)
		wire_set_text(api->page_policy, sizeof(api->page_policy), (const char *)text.data);
	buffer_free(&text);
	return rc;
}

enum i18n_language api_language(const char *word, const char *header)
{
	enum i18n_language language = I18N_ID;

	if (word != NULL && i18n_by_name(&language, word))
		return language;
	/* The first language of the header that is one of ours; weights are in order in every browser. */
	for (const char *at = header; at != NULL && *at != '\0';) {
		char name[16];
		size_t len;

		at += strspn(at, " ,");
		len = strcspn(at, ",; ");
		(void)snprintf(name, sizeof(name), "%.*s", len < sizeof(name) ? (int)len : 0, at);
		if (len > 0 && i18n_by_name(&language, name))
			return language;
		at = strchr(at, ',');
	}
	return I18N_ID;
}

static void escape(struct buffer *out, const char *text)
{
	static const char *const names[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
	};

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < sizeof(names) / sizeof(names[0]) && names[c] != NULL)
			buffer_add_str(out, names[c]);
		else
			buffer_add_byte(out, c);
	}
}

static void tagged(struct api_page *page, const char *open, const char *msgid, const char *end)
{
	buffer_add_str(&page->html, open);
	escape(&page->html, tr_in(page->language, msgid));
	buffer_add_str(&page->html, end);
}

void api_page_begin(
	struct api_page *page, enum i18n_language language, const struct service *service, const char *title)
{
	*page = (struct api_page){ .language = language, .html = BUFFER_EMPTY };
	buffer_printf(
		&page->html, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">", i18n_name(language));
	buffer_add_str(&page->html, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
	tagged(page, "<title>", title, " - ");
	escape(&page->html, service->config.name);
	buffer_printf(&page->html, "</title><style>%s</style></head><body>\n", style);
	tagged(page, "<h1>", title, "</h1>\n");
	if (service->config.embedded)
		api_page_say(page, N_("This is the service of one computer: nobody else trusts its certificates."));
}

void api_page_say(struct api_page *page, const char *msgid)
{
	if (msgid != NULL)
		tagged(page, "<p>", msgid, "</p>\n");
}

void api_page_about(struct api_page *page, const char *msgid, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	tagged(page, "<p>", msgid, ": <strong>");
	escape(&page->html, text);
	buffer_add_str(&page->html, "</strong></p>\n");
}

void api_page_problem(struct api_page *page, const char *msgid)
{
	if (msgid != NULL)
		tagged(page, "<p class=\"problem\" role=\"alert\">", msgid, "</p>\n");
}

void api_page_form(struct api_page *page)
{
	buffer_add_str(&page->html, "<form method=\"post\">\n");
}

void api_page_hidden(struct api_page *page, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buffer_printf(&page->html, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	escape(&page->html, value);
	buffer_add_str(&page->html, "\">\n");
}

void api_page_field(struct api_page *page, const char *name, const char *msgid, const char *type, const char *complete)
{
	buffer_printf(&page->html, "<label for=\"%s\">", name);
	escape(&page->html, tr_in(page->language, msgid));
	buffer_printf(&page->html, "</label><input id=\"%s\" name=\"%s\" type=\"%s\" autocomplete=\"%s\" required>\n",
		name, name, type, complete);
}

void api_page_submit(struct api_page *page, const char *msgid)
{
	tagged(page, "<button type=\"submit\">", msgid, "</button>\n</form>\n");
}

static enum be_err add_text(struct secret *out, const char *text)
{
	return secret_add(out, text, strlen(text), NULL);
}

static enum be_err write_policy(const struct api *api, const char *origin, struct secret **out)
{
	static const char end[] = "; base-uri 'none'; frame-ancestors 'none'";
	enum be_err rc = secret_new(
		out, strlen(api->page_policy) + (origin != NULL ? strlen(origin) + 1 : 0) + sizeof(end), NULL);

	if (rc == BE_OK)
		rc = add_text(*out, api->page_policy);
	if (rc == BE_OK && origin != NULL)
		rc = add_text(*out, " ");
	if (rc == BE_OK && origin != NULL)
		rc = add_text(*out, origin);
	return rc == BE_OK ? add_text(*out, end) : rc;
}

void api_page_end(
	const struct api *api, struct api_page *page, unsigned status, const char *origin, struct http_answer *answer)
{
	enum be_err rc = BE_OK;

	buffer_add_str(&page->html, "</body></html>\n");
	rc = buffer_check(&page->html, NULL);
	if (rc == BE_OK)
		rc = wire_set_secret(&answer->body, page->html.data, page->html.len, NULL);
	if (rc == BE_OK)
		rc = write_policy(api, origin, &answer->policy);
	answer->status = status;
	answer->type = WIRE_TYPE_HTML;
	if (rc != BE_OK) {
		secret_free(&answer->body);
		api_fail(answer, WIRE_BUSY, NULL);
	}
	if (page->html.data != NULL)
		explicit_bzero(page->html.data, page->html.len);
	buffer_free(&page->html);
}
