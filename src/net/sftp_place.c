/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sftp.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "sftp://"
#define USUAL_PORT 22u

#define WRONG N_("The address has to be sftp://USER@HOST/FOLDER or sftp://USER@HOST:PORT/FOLDER")

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-encoding undone. False: it is broken, has controls, or is longer than there is room. */
static bool decode(char *out, size_t size, const char *text, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '%') {
			int high = i + 2 < len ? digit(text[i + 1]) : -1;
			int low = high >= 0 ? digit(text[i + 2]) : -1;

			if (low < 0)
				return false;
			c = (unsigned char)(high << 4 | low);
			i += 2;
		}
		if (c < 0x20 || c == 0x7f || at + 1 >= size)
			return false;
		out[at++] = (char)c;
	}
	out[at] = '\0';
	return true;
}

/* A name, or a number in its usual form: what libcurl and known_hosts both take. */
static bool take_host(struct net_sftp_place *out, const char *text, size_t len)
{
	bool v6 = len > 2 && text[0] == '[' && text[len - 1] == ']';

	if (v6) {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(out->host) || text[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (!isalnum(c) && c != '-' && c != '.' && c != '_' && !(v6 && c == ':'))
			return false;
		out->host[i] = (char)tolower(c);
	}
	out->host[len] = '\0';
	return true;
}

static bool take_port(struct net_sftp_place *out, const char *text, size_t len)
{
	unsigned long number = 0;

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (unsigned long)(text[i] - '0');
	}
	out->port = (uint16_t)number;
	return number > 0 && number <= UINT16_MAX;
}

static bool take_host_and_port(struct net_sftp_place *out, const char *text, size_t len)
{
	const char *close = memrchr(text, ']', len);
	const char *from = close != NULL ? close : text;
	const char *colon = memchr(from, ':', len - (size_t)(from - text));

	out->port = USUAL_PORT;
	if (colon == NULL)
		return take_host(out, text, len);
	return take_host(out, text, (size_t)(colon - text)) &&
		take_port(out, colon + 1, len - (size_t)(colon + 1 - text));
}

/* Without a folder it is the user's own. */
static bool take_dir(struct net_sftp_place *out, const char *text)
{
	size_t len;

	if (text[0] == '\0')
		text = "/~";
	if (!decode(out->dir, sizeof(out->dir) - 1, text, strlen(text)))
		return false;
	len = strlen(out->dir);
	if (out->dir[len - 1] != '/')
		memcpy(out->dir + len, "/", 2);
	return true;
}

enum be_err net_sftp_place_read(struct net_sftp_place *out, const char *url, struct be_error *err)
{
	const char *user, *at, *path;

	*out = (struct net_sftp_place){ .port = USUAL_PORT };
	if (strncmp(url, SCHEME, sizeof(SCHEME) - 1) != 0)
		return be_fail(err, BE_USAGE, WRONG, NULL);
	user = url + sizeof(SCHEME) - 1;
	path = user + strcspn(user, "/");
	at = memrchr(user, '@', (size_t)(path - user));
	if (at == NULL || at == user)
		return be_fail(err, BE_USAGE, WRONG, NULL);
	if (memchr(user, ':', (size_t)(at - user)) != NULL)
		return be_fail(err, BE_USAGE,
			N_("An address must not hold a password; it is asked for when it is needed"), NULL);
	if (strpbrk(url, "?#") != NULL || !decode(out->user, sizeof(out->user), user, (size_t)(at - user)) ||
		!take_host_and_port(out, at + 1, (size_t)(path - at - 1)) || !take_dir(out, path))
		return be_fail(err, BE_USAGE, WRONG, NULL);
	return BE_OK;
}
