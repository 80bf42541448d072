/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/qr_links.h"

#include "base/buffer.h"
#include "base/sanitise.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES 16u /* of a tag or an attribute that means something here */
#define VALUE_BYTES QR_URL_MAX

/* What is left of the page. */
struct page {
	const char *at, *end;
};

struct tag {
	char name[NAME_BYTES];     /* lower case; with a / in front for the end */
	char address[VALUE_BYTES]; /* href, src or data */
	char type[64];
	bool has_address;
};

struct finder {
	struct qr_links *out;
	char base[QR_URL_MAX];
	struct qr_link *open; /* the <a> whose text is being read; NULL: none */
	bool in_title;
	struct buffer text; /* that of the link or the title */
	bool failed;
};

/* ---- the smallest parts ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void skip_spaces(struct page *page)
{
	while (page->at < page->end && is_space(*page->at))
		page->at++;
}

/* To behind the words, or to the end of the page when they do not come. */
static void skip_past(struct page *page, const char *words)
{
	const size_t len = strlen(words);

	while (page->at < page->end) {
		if ((size_t)(page->end - page->at) >= len && strncasecmp(page->at, words, len) == 0) {
			page->at += len;
			return;
		}
		page->at++;
	}
}

/* A name in lower case; a longer one than fits is none that we know. */
static void take_name(struct page *page, char *out, size_t size)
{
	size_t len = 0;

	while (page->at < page->end && !is_space(*page->at) && *page->at != '>' && *page->at != '=' &&
		(*page->at != '/' || len == 0)) {
		if (len + 1 < size)
			out[len] = (char)tolower((unsigned char)*page->at);
		len++;
		page->at++;
	}
	out[len < size ? len : 0] = '\0';
}

/* ---- character references: those that stand in addresses and titles ---- */

static const struct {
	const char *name;
	uint32_t character;
} entities[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' } };

static uint32_t number_of(const char *digits, size_t len)
{
	const bool hex = len > 0 && (digits[0] == 'x' || digits[0] == 'X');
	uint32_t value = 0;

	for (size_t i = hex ? 1 : 0; i < len; i++) {
		const int c = tolower((unsigned char)digits[i]);

		if (!(hex ? isxdigit(c) : isdigit(c)) || value > 0x10FFFF)
			return 0;
		value = value * (hex ? 16 : 10) + (uint32_t)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return value;
}

/* How many bytes a reference takes that begins here; 0 when it is none, and the & is itself. */
static size_t reference(const char *at, const char *end, uint32_t *out)
{
	const size_t room = (size_t)(end - at) < 12 ? (size_t)(end - at) : 12;
	const char *stop = room > 2 && at[0] == '&' ? memchr(at, ';', room) : NULL;
	const size_t len = stop != NULL ? (size_t)(stop - at - 1) : 0;

	*out = 0;
	if (len == 0)
		return 0;
	if (at[1] == '#')
		*out = number_of(at + 2, len - 1);
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (strlen(entities[i].name) == len && memcmp(at + 1, entities[i].name, len) == 0)
			*out = entities[i].character;
	return *out != 0 ? len + 2 : 0;
}

/* Appends bytes with their references resolved; size bounds the whole with its NUL: false when it does not fit. */
static bool put_text(char *out, size_t size, const char *from, const char *end)
{
	size_t len = 0;

	while (from < end) {
		uint32_t c;
		const size_t taken = reference(from, end, &c);
		uint8_t bytes[4] = { (uint8_t)*from };
		const size_t count = taken > 0 ? utf8_encode(c, bytes) : 1;

		if (len + count >= size)
			break;
		memcpy(out + len, bytes, count);
		len += count;
		from += taken > 0 ? taken : 1;
	}
	out[len] = '\0';
	return from == end;
}

/* ---- tags ---- */

/* ="value", ='value', =value or nothing. */
static void take_value(struct page *page, const char **from, const char **to)
{
	char quote = '\0';

	*from = *to = page->at;
	skip_spaces(page);
	if (page->at == page->end || *page->at != '=')
		return;
	page->at++;
	skip_spaces(page);
	if (page->at < page->end && (*page->at == '"' || *page->at == '\''))
		quote = *page->at++;
	*from = page->at;
	while (page->at < page->end && (quote != '\0' ? *page->at != quote : !is_space(*page->at) && *page->at != '>'))
		page->at++;
	*to = page->at;
	while (*to > *from && is_space(*(*to - 1)))
		--*to;
	if (quote != '\0' && page->at < page->end)
		page->at++;
}

static bool names_an_address(const struct tag *tag, const char *attribute)
{
	static const char *const pairs[][2] = { { "a", "href" }, { "area", "href" }, { "link", "href" },
		{ "base", "href" }, { "iframe", "src" }, { "embed", "src" }, { "object", "data" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(tag->name, pairs[i][0]) == 0 && strcmp(attribute, pairs[i][1]) == 0)
			return true;
	return false;
}

/* Behind the <, up to behind the >. Of an attribute that stands there twice the first counts. */
static void take_tag(struct page *page, struct tag *tag)
{
	tag->address[0] = tag->type[0] = '\0';
	tag->has_address = false;
	take_name(page, tag->name, sizeof(tag->name));
	while (page->at < page->end && *page->at != '>') {
		char attribute[NAME_BYTES];
		const char *from, *to;

		if (is_space(*page->at) || *page->at == '/') {
			page->at++;
			continue;
		}
		take_name(page, attribute, sizeof(attribute));
		take_value(page, &from, &to);
		if (names_an_address(tag, attribute) && !tag->has_address)
			tag->has_address = put_text(tag->address, sizeof(tag->address), from, to);
		else if (strcmp(attribute, "type") == 0 && tag->type[0] == '\0')
			(void)put_text(tag->type, sizeof(tag->type), from, to);
	}
	if (page->at < page->end)
		page->at++;
}

/* ---- links ---- */

static bool ends_in_pdf(const char *text, size_t len)
{
	return len > 4 && strncasecmp(text + len - 4, ".pdf", 4) == 0;
}

static bool leads_to_pdf(const struct tag *tag)
{
	const size_t whole = strcspn(tag->address, "#");
	const size_t type = strcspn(tag->type, "; ");

	return ends_in_pdf(tag->address, whole) || ends_in_pdf(tag->address, strcspn(tag->address, "?#")) ||
		(type == strlen("application/pdf") && strncasecmp(tag->type, "application/pdf", type) == 0);
}

static bool is_known(const struct qr_links *links, const char *url)
{
	for (size_t i = 0; i < links->count; i++)
		if (strcmp(links->links[i].url, url) == 0)
			return true;
	return false;
}

static void add_link(struct finder *finder, const struct tag *tag)
{
	struct qr_content content;
	struct qr_links *out = finder->out;
	struct qr_link *link;

	if (!leads_to_pdf(tag) || !qr_content_resolve(&content, finder->base, tag->address) ||
		is_known(out, content.url))
		return;
	if (out->count == QR_LINKS_MAX) {
		out->more = true;
		return;
	}
	if (out->links == NULL)
		out->links = calloc(QR_LINKS_MAX, sizeof(*out->links));
	if (out->links == NULL) {
		finder->failed = true;
		return;
	}
	link = &out->links[out->count++];
	memcpy(link->url, content.url, sizeof(link->url));
	memcpy(link->host, content.host, sizeof(link->host));
	if (strcmp(tag->name, "a") == 0) {
		finder->open = link;
		buffer_reset(&finder->text);
	}
}

/* Blanks in a row are one, as in a browser. */
static void close_text(struct finder *finder, char *out, size_t size)
{
	size_t len = 0;
	char *decoded = malloc(finder->text.len + 1);

	if (decoded == NULL || finder->text.failed) {
		finder->failed = true;
		free(decoded);
		return;
	}
	decoded[0] = '\0';
	if (finder->text.len > 0)
		(void)put_text(decoded, finder->text.len + 1, (const char *)finder->text.data,
			(const char *)finder->text.data + finder->text.len);
	for (const char *at = decoded; *at != '\0' && len + 1 < size; at++) {
		if (is_space(*at) && (len == 0 || out[len - 1] == ' '))
			continue;
		out[len++] = is_space(*at) ? ' ' : *at;
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	free(decoded);
}

static void take_text(struct finder *finder, const char *from, const char *to)
{
	const size_t room = 8 * QR_LINK_TEXT_MAX;
	const size_t len = (size_t)(to - from);

	if ((finder->open == NULL && !finder->in_title) || finder->text.len >= room)
		return;
	buffer_add(&finder->text, from, len < room - finder->text.len ? len : room - finder->text.len);
}

static void end_of_link(struct finder *finder)
{
	if (finder->open != NULL)
		close_text(finder, finder->open->text, sizeof(finder->open->text));
	finder->open = NULL;
}

static void set_base(struct finder *finder, const struct tag *tag)
{
	struct qr_content content;

	if (tag->has_address && qr_content_resolve(&content, finder->base, tag->address))
		memcpy(finder->base, content.url, sizeof(finder->base));
}

static const char blank[] = " ";

static void handle_tag(struct finder *finder, struct page *page, const struct tag *tag)
{
	if (strcmp(tag->name, "script") == 0) {
		skip_past(page, "</script");
		skip_past(page, ">");
	} else if (strcmp(tag->name, "style") == 0) {
		skip_past(page, "</style");
		skip_past(page, ">");
	} else if (strcmp(tag->name, "base") == 0) {
		set_base(finder, tag);
	} else if (strcmp(tag->name, "title") == 0) {
		end_of_link(finder);
		finder->in_title = finder->out->title[0] == '\0';
		buffer_reset(&finder->text);
	} else if (strcmp(tag->name, "/title") == 0 && finder->in_title) {
		close_text(finder, finder->out->title, sizeof(finder->out->title));
		finder->in_title = false;
	} else if (strcmp(tag->name, "/a") == 0) {
		end_of_link(finder);
	} else if (tag->has_address) {
		if (strcmp(tag->name, "a") == 0)
			end_of_link(finder);
		add_link(finder, tag);
	} else {
		/* A break between words. */
		take_text(finder, blank, blank + 1);
	}
}

static void handle_markup(struct finder *finder, struct page *page)
{
	const size_t left = (size_t)(page->end - page->at);
	struct tag tag;

	if (left >= 4 && memcmp(page->at, "<!--", 4) == 0) {
		page->at += 4;
		skip_past(page, "-->");
	} else if (left >= 2 && (isalpha((unsigned char)page->at[1]) || page->at[1] == '/')) {
		page->at++;
		take_tag(page, &tag);
		handle_tag(finder, page, &tag);
	} else if (left >= 2 && (page->at[1] == '!' || page->at[1] == '?')) {
		skip_past(page, ">");
	} else {
		take_text(finder, page->at, page->at + 1);
		page->at++;
	}
}

/* The bytes of a text may be of any encoding. */
static void mend(char *text, size_t size)
{
	struct buffer good = BUFFER_EMPTY;
	size_t len;

	sanitise_utf8(&good, text, strlen(text));
	len = good.failed ? 0 : good.len;
	if (len >= size)
		len = size - 1;
	while (len > 0 && len < good.len && (good.data[len] & 0xC0u) == 0x80)
		len--;
	if (len > 0)
		memcpy(text, good.data, len);
	text[len] = '\0';
	buffer_free(&good);
}

enum be_err qr_links_find(struct qr_links *out, const char *base, const void *bytes, size_t len, struct be_error *err)
{
	struct page page = { bytes, (const char *)bytes + len };
	struct finder finder = { .out = out, .text = BUFFER_EMPTY };

	*out = (struct qr_links){ NULL, 0, false, "" };
	if (strlen(base) < sizeof(finder.base))
		memcpy(finder.base, base, strlen(base) + 1);
	while (page.at < page.end) {
		const char *next = memchr(page.at, '<', (size_t)(page.end - page.at));

		take_text(&finder, page.at, next != NULL ? next : page.end);
		page.at = next != NULL ? next : page.end;
		if (next != NULL)
			handle_markup(&finder, &page);
	}
	end_of_link(&finder);
	buffer_free(&finder.text);
	mend(out->title, sizeof(out->title));
	for (size_t i = 0; i < out->count; i++)
		mend(out->links[i].text, sizeof(out->links[i].text));
	if (!finder.failed)
		return BE_OK;
	qr_links_free(out);
	return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
}

void qr_links_free(struct qr_links *links)
{
	free(links->links);
	*links = (struct qr_links){ NULL, 0, false, "" };
}
