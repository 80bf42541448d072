/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a QR code says, and a page that it leads to, may be anything: the host that a person is shown is the host that is
 * asked, by our own reckoning and by libcurl's, and nothing else of the address reaches another place.
 */

#include "app/qr_links.h"
#include "base/utf8.h"
#include "net/address.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void expect_host(const char *host)
{
	const bool number = host[0] == '[';

	expect(host[0] != '\0');
	for (const char *at = host; *at != '\0'; at++) {
		const unsigned char c = (unsigned char)*at;

		expect(!isupper(c) && (isalnum(c) || strchr(number ? "[]:." : "-_.", c) != NULL));
	}
}

/* The other program that takes addresses apart: the one that asks. */
static void expect_same_for_curl(const struct qr_content *content)
{
	const struct net_request request = { .peer = NET_STRANGER };
	struct be_error err = { .code = BE_OK };
	struct net_url parts;
	enum net_reach reach;
	const enum be_err rc = net_url_check(&parts, &reach, &request, content->url, &err);
	const char *host = content->host;
	size_t len = strlen(host);

	if (rc != BE_OK)
		return; /* no libcurl here, or it is stricter: then nobody is asked */
	if (host[0] == '[') {
		host++;
		len -= 2;
	}
	/* It writes numbers in full. */
	if ((content->odd & QR_ODD_NUMBER) == 0)
		expect(strlen(parts.host) == len && memcmp(parts.host, host, len) == 0);
	expect(parts.https == ((content->odd & QR_ODD_PLAIN) == 0) && parts.port == (parts.https ? 443 : 80));
}

static void expect_url(const char *url, const char *host)
{
	const char *begin = strncmp(url, "https://", 8) == 0 ? url + 8 : url + 7;
	const size_t len = strlen(host);

	expect(strncmp(url, "http", 4) == 0 && strncmp(begin - 3, "://", 3) == 0);
	expect(strlen(url) < QR_URL_MAX && strncmp(begin, host, len) == 0 && begin[len] == '/');
	for (const char *at = url; *at != '\0'; at++)
		expect(*at > ' ' && *at < 0x7f && strchr("\\#<>\"^`{|}", *at) == NULL);
}

static void expect_content(const struct qr_content *content)
{
	const char *notes[QR_NOTES_MAX];
	static struct qr_content again;

	expect(strlen(content->text) < sizeof(content->text));
	expect(qr_content_notes(content, notes) <= QR_NOTES_MAX);
	if (content->kind == QR_TEXT) {
		expect(content->url[0] == '\0' && content->host[0] == '\0' && content->odd == 0);
		return;
	}
	expect_host(content->host);
	expect((content->url[0] == '\0') == (content->why_not != NULL));
	if (content->why_not != NULL)
		return;
	expect(content->port == 0 && content->user[0] == '\0');
	expect_url(content->url, content->host);
	expect_same_for_curl(content);
	/* Read again, it is itself. */
	qr_content_read(&again, content->url);
	expect(again.kind == QR_URL && strcmp(again.url, content->url) == 0 && strcmp(again.host, content->host) == 0);
	expect((again.odd & ~(unsigned)QR_ODD_NO_SCHEME) == (content->odd & ~(unsigned)QR_ODD_NO_SCHEME));
}

static void expect_utf8(const char *text)
{
	size_t len = strlen(text);

	for (const uint8_t *at = (const uint8_t *)text; len > 0;) {
		uint32_t c;
		const size_t taken = utf8_decode(at, len, &c);

		expect(c != UTF8_BAD);
		at += taken;
		len -= taken;
	}
}

static void expect_links(const uint8_t *page, size_t len)
{
	struct qr_links links;

	expect(qr_links_find(&links, "https://contoh.id/dok/laman?x=1", page, len, NULL) == BE_OK);
	expect(links.count <= QR_LINKS_MAX);
	expect_utf8(links.title);
	for (size_t i = 0; i < links.count; i++) {
		expect_host(links.links[i].host);
		expect_url(links.links[i].url, links.links[i].host);
		expect_utf8(links.links[i].text);
	}
	qr_links_free(&links);
}

/* The first byte says what the rest is: a text, a reference in a page, a page. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qr_content content;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	expect(text != NULL);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (data[0] % 3 == 0) {
		qr_content_read(&content, text);
		expect_content(&content);
	} else if (data[0] % 3 == 1) {
		if (qr_content_resolve(&content, "https://contoh.id/dok/laman?x=1#y", text)) {
			expect(content.url[0] != '\0');
			expect_content(&content);
		}
	} else {
		expect_links(data + 1, size - 1);
	}
	free(text);
	return 0;
}
