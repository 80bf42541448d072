/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/address.h"

#include "net/curl.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- numbers (the special-purpose registries of RFC 6890) ---- */

static bool v4_in(uint32_t address, uint32_t net, unsigned bits)
{
	uint32_t mask = bits == 0 ? 0 : UINT32_MAX << (32 - bits);

	return (address & mask) == net;
}

static bool v4_public(uint32_t address)
{
	/* clang-format off */
	static const struct { uint32_t net; unsigned bits; } special[] = {
		{ 0x00000000, 8 },      /* this network */
		{ 0x0a000000, 8 },      /* private */
		{ 0x64400000, 10 },     /* shared with a carrier's NAT */
		{ 0x7f000000, 8 },      /* this machine */
		{ 0xa9fe0000, 16 },     /* link-local; a cloud's metadata */
		{ 0xac100000, 12 },     /* private */
		{ 0xc0000000, 24 },     /* protocol assignments */
		{ 0xc0000200, 24 },     /* documentation */
		{ 0xc0586300, 24 },     /* 6to4 relays */
		{ 0xc0a80000, 16 },     /* private */
		{ 0xc6120000, 15 },     /* benchmarks */
		{ 0xc6336400, 24 },     /* documentation */
		{ 0xcb007100, 24 },     /* documentation */
		{ 0xe0000000, 4 },      /* multicast */
		{ 0xf0000000, 4 },      /* reserved, broadcast */
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (v4_in(address, special[i].net, special[i].bits))
			return false;
	return true;
}

static uint32_t v4_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* An IPv4 address may hide in an IPv6 one; where it does, it decides. */
static bool v6_public(const uint8_t *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(a, mapped, sizeof(mapped)) == 0 || memcmp(a, nat64, sizeof(nat64)) == 0)
		return v4_public(v4_at(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02)
		return v4_public(v4_at(a + 2));
	if ((a[0] & 0xe0u) != 0x20)
		return false;
	/* 2001::/23 are protocol assignments (Teredo among them), 2001:db8::/32 and 3fff::/20 documentation. */
	return !(a[0] == 0x20 && a[1] == 0x01 && (a[2] < 0x02 || (a[2] == 0x0d && a[3] == 0xb8))) &&
		!(a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10);
}

static bool v6_loopback(const uint8_t *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t one[16] = { [15] = 1 };

	return memcmp(a, one, sizeof(one)) == 0 || (memcmp(a, mapped, sizeof(mapped)) == 0 && a[12] == 127);
}

bool net_address_allowed(const struct sockaddr *address, enum net_reach reach)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (reach == NET_REACH_ANY)
		return true;
	switch (address->sa_family) {
	case AF_INET:
		memcpy(&v4, address, sizeof(v4));
		return reach == NET_REACH_PUBLIC ? v4_public(ntohl(v4.sin_addr.s_addr))
						 : v4_in(ntohl(v4.sin_addr.s_addr), 0x7f000000, 8);
	case AF_INET6:
		memcpy(&v6, address, sizeof(v6));
		return reach == NET_REACH_PUBLIC ? v6_public(v6.sin6_addr.s6_addr) : v6_loopback(v6.sin6_addr.s6_addr);
	default:
		return false;
	}
}

/* ---- URLs ---- */

#define NO_ADDRESS N_("This is not an address that can be asked")

static bool is_printable(const char *url)
{
	size_t len = strlen(url);

	if (len == 0 || len >= NET_URL_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (url[i] < 0x21 || url[i] > 0x7e)
			return false;
	return true;
}

static bool has_part(const struct net_curl *curl, CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl->url_get(url, part, &text, 0) == CURLUE_OK;

	curl->free(text);
	return has;
}

static bool take_part(const struct net_curl *curl, CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size)
{
	char *text = NULL;
	size_t len = 0;

	if (curl->url_get(url, part, &text, flags) == CURLUE_OK && text != NULL)
		len = strlen(text);
	if (len != 0 && len < size) {
		for (size_t i = 0; i <= len; i++)
			out[i] = (char)tolower((unsigned char)text[i]);
	} else {
		len = 0;
	}
	curl->free(text);
	return len != 0;
}

static void drop_brackets(char *host)
{
	size_t len = strlen(host);

	if (host[0] != '[' || host[len - 1] != ']')
		return;
	memmove(host, host + 1, len - 2);
	host[len - 2] = '\0';
}

static enum be_err take_apart(struct net_url *out, const char *url, struct be_error *err)
{
	const struct net_curl *curl;
	char scheme[16] = "", port[8] = "";
	CURLU *parts = NULL;
	enum be_err rc = net_curl(&curl, err);

	if (rc != BE_OK)
		return rc;
	parts = curl->url();
	if (parts == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (curl->url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
		!take_part(curl, parts, CURLUPART_SCHEME, 0, scheme, sizeof(scheme)) ||
		(strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) ||
		!take_part(curl, parts, CURLUPART_HOST, 0, out->host, sizeof(out->host)) ||
		!take_part(curl, parts, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof(port)))
		rc = be_fail(err, BE_USAGE, NO_ADDRESS, NULL);
	else if (has_part(curl, parts, CURLUPART_USER) || has_part(curl, parts, CURLUPART_PASSWORD))
		rc = be_fail(err, BE_USAGE, N_("An address must not hold a user name or a password"), NULL);
	curl->url_cleanup(parts);
	drop_brackets(out->host);
	out->https = strcmp(scheme, "https") == 0;
	out->port = (uint16_t)strtoul(port, NULL, 10);
	return rc;
}

static bool is_this_machine(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return v4_in(ntohl(v4.s_addr), 0x7f000000, 8);
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return v6_loopback(v6.s6_addr);
	return strcmp(host, "localhost") == 0;
}

enum be_err net_url_check(struct net_url *out, enum net_reach *reach, const struct net_request *request,
	const char *url, struct be_error *err)
{
	enum be_err rc;

	*reach = NET_REACH_ANY;
	if (!is_printable(url))
		return be_fail(err, BE_USAGE, NO_ADDRESS, NULL);
	rc = take_apart(out, url, err);
	if (rc != BE_OK)
		return rc;
	if (request->peer == NET_STRANGER) {
		*reach = NET_REACH_PUBLIC;
		if (out->port != (out->https ? 443 : 80))
			return be_fail(err, BE_USAGE,
				N_("An address out of a document may only lead to the usual ports of the web"), "%s",
				out->host);
	} else if (!out->https && request->socket_path == NULL && request->peer == NET_CONFIGURED) {
		*reach = NET_REACH_LOOPBACK;
		if (!is_this_machine(out->host))
			return be_fail(err, BE_USAGE,
				N_("The address begins with http:, and everybody on the way could read what is sent"),
				"%s", out->host);
	}
	return BE_OK;
}

/* ---- proxies ---- */

static const char *first_set(const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *value = getenv(*names);

		if (value != NULL && value[0] != '\0')
			return value;
	}
	return NULL;
}

/* An entry of no_proxy is a host, or the end of its name at a dot. */
static bool entry_names(const char *entry, size_t len, const char *host)
{
	size_t host_len = strlen(host);

	if (len == 1 && entry[0] == '*')
		return true;
	if (len != 0 && entry[0] == '.')
		entry++, len--;
	if (len == 0 || len > host_len || strncasecmp(host + host_len - len, entry, len) != 0)
		return false;
	return len == host_len || host[host_len - len - 1] == '.';
}

const char *net_proxy_for(const struct net_url *url)
{
	static const char *const https[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL };
	static const char *const http[] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL };
	static const char *const none[] = { "no_proxy", "NO_PROXY", NULL };
	const char *proxy = first_set(url->https ? https : http);
	const char *except = first_set(none);

	while (proxy != NULL && except != NULL && *except != '\0') {
		size_t len = strcspn(except, ", ");

		if (entry_names(except, len, url->host))
			return NULL;
		except += len;
		except += strspn(except, ", ");
	}
	return is_this_machine(url->host) ? NULL : proxy;
}
