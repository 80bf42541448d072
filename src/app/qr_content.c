/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/qr_content.h"

#include "app/punycode.h"
#include "base/buffer.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LABEL_MAX 63u /* of a host's name (RFC 1035, 2.3.4) */
#define NAME_MAX_BYTES 253u

static const char not_proper[] = N_(
	"It looks like an address, but is no proper one: programs would not agree where it leads, so it is not opened");
static const char has_user[] =
	N_("What stands before the @ is a name to sign in with, not the host: such an address is not opened");
static const char odd_port[] = N_("The address leads to an unusual port, and is not opened");
static const char too_long[] = N_("The address is too long to be opened");

size_t qr_content_notes(const struct qr_content *content, const char *out[static QR_NOTES_MAX])
{
	static const struct {
		enum qr_odd odd;
		const char *text;
	} notes[] = {
		{ QR_ODD_LETTERS,
			N_("The host has letters that are not ASCII and may look like others; it is shown as it is asked for") },
		{ QR_ODD_PLAIN, N_("The address begins with http: what comes can be read and changed on the way") },
		{ QR_ODD_NUMBER, N_("The host is a number: it does not say whose it is") },
		{ QR_ODD_NO_SCHEME, N_("The address does not say https; that is assumed") },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if ((content->odd & notes[i].odd) != 0)
			out[count++] = notes[i].text;
	if (content->why_not != NULL)
		out[count++] = content->why_not;
	return count;
}

/* ---- characters ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static bool is_host_character(uint8_t c)
{
	return isalnum(c) || c == '-' || c == '_';
}

/* What may stand in path and query as it is (RFC 3986, 3.3 and 3.4); [ and ] are met there as well. */
static bool is_path_character(uint8_t c)
{
	return isalnum(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@/?%[]", c) != NULL);
}

/* ---- the host ---- */

/* One label, as it is asked for. */
static bool add_label(struct buffer *out, const uint8_t *label, size_t len, unsigned *odd)
{
	const size_t before = out->len;
	bool ascii = true;

	for (size_t i = 0; i < len; i++)
		ascii = ascii && label[i] < 0x80;
	if (ascii) {
		for (size_t i = 0; i < len; i++) {
			if (!is_host_character(label[i]))
				return false;
			buffer_add_byte(out, (uint8_t)tolower(label[i]));
		}
	} else {
		*odd |= QR_ODD_LETTERS;
		buffer_add_str(out, "xn--");
		if (!punycode_add(out, label, len))
			return false;
	}
	if (!out->failed && out->len - before >= 4 && memcmp(out->data + before, "xn--", 4) == 0)
		*odd |= QR_ODD_LETTERS;
	return !out->failed && out->len > before && out->len - before <= LABEL_MAX;
}

/* Whether a resolver would take it for a number: 127.1 and 0x7f000001 as well. */
static bool is_number(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last != NULL ? last + 1 : host;
	return isdigit((unsigned char)last[0]) || (last[0] == '0' && tolower((unsigned char)last[1]) == 'x');
}

static bool take_name(struct qr_content *out, const char *host, size_t len)
{
	struct buffer name = BUFFER_EMPTY;
	const char *end = host + len;
	bool good = len > 0;

	while (good) {
		const char *dot = memchr(host, '.', (size_t)(end - host));
		const char *stop = dot != NULL ? dot : end;

		good = add_label(&name, (const uint8_t *)host, (size_t)(stop - host), &out->odd);
		if (dot == NULL)
			break;
		host = dot + 1;
		/* The root's dot at the end says nothing. */
		if (host == end)
			break;
		buffer_add_byte(&name, '.');
	}
	good = good && !name.failed && name.len <= NAME_MAX_BYTES;
	if (good) {
		memcpy(out->host, name.data, name.len);
		out->host[name.len] = '\0';
		if (is_number(out->host))
			out->odd |= QR_ODD_NUMBER;
	}
	buffer_free(&name);
	return good;
}

static bool take_v6(struct qr_content *out, const char *host, size_t len)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr v6;

	if (len < 4 || len - 2 >= sizeof(address) || host[len - 1] != ']')
		return false;
	memcpy(address, host + 1, len - 2);
	address[len - 2] = '\0';
	if (inet_pton(AF_INET6, address, &v6) != 1 || inet_ntop(AF_INET6, &v6, address, sizeof(address)) == NULL)
		return false;
	out->host[0] = '[';
	memcpy(out->host + 1, address, strlen(address));
	memcpy(out->host + 1 + strlen(address), "]", 2);
	out->odd |= QR_ODD_NUMBER;
	return true;
}

static bool take_port(struct qr_content *out, const char *digits, size_t len, bool https)
{
	unsigned port = 0;

	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)digits[i]) || port > UINT16_MAX)
			return false;
		port = port * 10 + (unsigned)(digits[i] - '0');
	}
	if (port > UINT16_MAX || (len > 0 && port == 0))
		return false;
	if (len > 0 && port != (https ? 443 : 80)) {
		out->port = (uint16_t)port;
		out->odd |= QR_ODD_PORT;
	}
	return true;
}

static void take_user(struct qr_content *out, const char *user, size_t len)
{
	out->odd |= QR_ODD_USER;
	if (len >= sizeof(out->user))
		len = sizeof(out->user) - 1;
	memcpy(out->user, user, len);
	out->user[len] = '\0';
}

/* user@host:port. Programs differ over a backslash, and over which @ counts: one more is a trick. */
static bool take_authority(struct qr_content *out, const char *text, size_t len, bool https)
{
	const char *at = memrchr(text, '@', len);
	const char *host = at != NULL ? at + 1 : text;
	size_t host_len = (size_t)(text + len - host);
	const char *colon;
	size_t port_len = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\\' || (uint8_t)text[i] <= ' ' || text[i] == 0x7f)
			return false;
	if (at != NULL)
		take_user(out, text, (size_t)(at - text));
	colon = host_len > 0 && host[0] == '[' ? memchr(host, ']', host_len) : memchr(host, ':', host_len);
	if (colon != NULL && *colon == ']')
		colon = colon + 1 < host + host_len && colon[1] == ':' ? colon + 1 : NULL;
	if (colon != NULL) {
		port_len = host_len - (size_t)(colon + 1 - host);
		host_len = (size_t)(colon - host);
	}
	return take_port(out, colon != NULL ? colon + 1 : "", port_len, https) &&
		(host_len > 0 && host[0] == '[' ? take_v6(out, host, host_len) : take_name(out, host, host_len));
}

/* ---- putting it together ---- */

/* Path and query as they are asked for: what may not stand there is percent-encoded, what stands behind # is the
 * browser's own business. */
static void put_path(struct buffer *url, const char *path)
{
	const size_t len = strcspn(path, "#");

	if (len == 0 || path[0] != '/')
		buffer_add_byte(url, '/');
	for (size_t i = 0; i < len; i++) {
		if (is_path_character((uint8_t)path[i]))
			buffer_add_byte(url, (uint8_t)path[i]);
		else
			buffer_printf(url, "%%%02X", (unsigned)(uint8_t)path[i]);
	}
}

static void put_url(struct qr_content *out, const char *path, bool https)
{
	struct buffer url = BUFFER_EMPTY;

	buffer_printf(&url, "%s://%s", https ? "https" : "http", out->host);
	if (out->port != 0)
		buffer_printf(&url, ":%u", out->port);
	put_path(&url, path);
	if (url.failed || url.len >= sizeof(out->url))
		out->why_not = too_long;
	else
		memcpy(out->url, url.data, url.len);
	buffer_free(&url);
	if ((out->odd & QR_ODD_USER) != 0)
		out->why_not = has_user;
	else if ((out->odd & QR_ODD_PORT) != 0)
		out->why_not = odd_port;
	if (out->why_not != NULL)
		out->url[0] = '\0';
}

static bool take_address(struct qr_content *out, const char *text, bool https)
{
	const size_t len = strcspn(text, "/?#");

	for (const char *at = text; *at != '\0'; at++)
		if ((uint8_t)*at < ' ' || *at == 0x7f)
			return false;
	if (!take_authority(out, text, len, https))
		return false;
	if (!https)
		out->odd |= QR_ODD_PLAIN;
	out->kind = QR_URL;
	put_url(out, text + len, https);
	return true;
}

/* "www.…", or a name with a dot and a path behind it, as people write addresses on paper. */
static bool looks_like_address(const char *text)
{
	const size_t host = strcspn(text, "/");
	const char *dot = memrchr(text, '.', host);

	for (const char *at = text; *at != '\0'; at++)
		if (is_blank(*at))
			return false;
	for (size_t i = 0; i < host; i++)
		if (!is_host_character((uint8_t)text[i]) && text[i] != '.')
			return false;
	if (dot == NULL || dot == text || !isalpha((unsigned char)dot[1]) || text + host - dot < 3)
		return false;
	return strncasecmp(text, "www.", 4) == 0 || text[host] == '/';
}

static void forget_address(struct qr_content *out)
{
	out->kind = QR_TEXT;
	out->odd = 0;
	out->port = 0;
	memset(out->host, 0, sizeof(out->host));
	memset(out->user, 0, sizeof(out->user));
	memset(out->url, 0, sizeof(out->url));
}

static void keep_text(struct qr_content *out, const char *text, bool *whole)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	*whole = len < sizeof(out->text);
	if (!*whole) {
		len = sizeof(out->text) - 1;
		while (len > 0 && ((uint8_t)text[len] & 0xC0u) == 0x80)
			len--;
	}
	memcpy(out->text, text, len);
	out->text[len] = '\0';
}

void qr_content_read(struct qr_content *out, const char *text)
{
	bool whole;
	bool https;

	memset(out, 0, sizeof(*out));
	keep_text(out, text, &whole);
	if (!whole)
		return;
	https = strncasecmp(out->text, "https:", 6) == 0;
	if (https || strncasecmp(out->text, "http:", 5) == 0) {
		const char *behind = out->text + (https ? 6 : 5);

		if (strncmp(behind, "//", 2) == 0 && take_address(out, behind + 2, https))
			return;
		forget_address(out);
		out->why_not = not_proper;
	} else if (looks_like_address(out->text)) {
		if (take_address(out, out->text, true))
			out->odd |= QR_ODD_NO_SCHEME;
		else
			forget_address(out);
	}
}

bool qr_same_host(const char *one, const char *other)
{
	one += strncasecmp(one, "www.", 4) == 0 ? 4 : 0;
	other += strncasecmp(other, "www.", 4) == 0 ? 4 : 0;
	return strcasecmp(one, other) == 0;
}

/* ---- references (RFC 3986, 5.2) ---- */

/* 5.2.4, in place. */
static void remove_dots(char *path)
{
	char *to = path;
	const char *from = path;

	while (*from != '\0') {
		const size_t len = strcspn(from + 1, "/") + 1;
		const bool last = from[len] == '\0';

		if (len == 2 && from[1] == '.') {
			if (last)
				*to++ = '/';
		} else if (len == 3 && from[1] == '.' && from[2] == '.') {
			while (to > path && *--to != '/')
				;
			if (last)
				*to++ = '/';
		} else {
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	*to = '\0';
}

static bool has_scheme(const char *reference)
{
	const size_t len = strcspn(reference, ":/?#");

	if (reference[len] != ':' || !isalpha((unsigned char)reference[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)reference[i]) && strchr("+-.", reference[i]) == NULL)
			return false;
	return true;
}

/* Scheme and authority of base, then its path as far as the reference leaves it. */
static void join(struct buffer *out, const char *base, const char *reference)
{
	const char *authority = strstr(base, "//");
	const char *path = authority + 2 + strcspn(authority + 2, "/?#");
	const size_t path_len = strcspn(path, "?#");
	struct buffer joined = BUFFER_EMPTY;
	const size_t own = strcspn(reference, "?#");

	if (strncmp(reference, "//", 2) == 0) {
		buffer_add(out, base, (size_t)(authority - base));
		buffer_add_str(out, reference);
		return;
	}
	buffer_add(out, base, (size_t)(path - base));
	if (own == 0) {
		const size_t kept = reference[0] == '?' ? path_len : strcspn(path, "#");

		buffer_add(out, path, kept);
		buffer_add_str(out, reference);
		return;
	}
	if (reference[0] != '/') {
		const char *slash = memrchr(path, '/', path_len);

		buffer_add(&joined, path, slash != NULL ? (size_t)(slash - path) : 0);
		buffer_add_byte(&joined, '/');
	}
	buffer_add(&joined, reference, own);
	buffer_add_byte(&joined, '\0');
	if (!joined.failed) {
		remove_dots((char *)joined.data);
		buffer_add_str(out, (const char *)joined.data);
	}
	buffer_add_str(out, reference + own);
	out->failed |= joined.failed;
	buffer_free(&joined);
}

bool qr_content_resolve(struct qr_content *out, const char *base, const char *reference)
{
	struct buffer whole = BUFFER_EMPTY;

	while (is_blank(*reference))
		reference++;
	if (has_scheme(reference) || strstr(base, "//") == NULL)
		buffer_add_str(&whole, reference);
	else
		join(&whole, base, reference);
	buffer_add_byte(&whole, '\0');
	if (whole.failed)
		memset(out, 0, sizeof(*out));
	else
		qr_content_read(out, (const char *)whole.data);
	buffer_free(&whole);
	return out->kind == QR_URL && out->why_not == NULL && (out->odd & QR_ODD_NO_SCHEME) == 0;
}
