/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses of servers, taken apart. What is done there has witnesses of its own: flow/share-sftp. */

#include "net/sftp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct { const char *url, *user, *host, *dir; unsigned port; } good[] = {
	{ "sftp://sari@contoh.example/masuk",        "sari", "contoh.example", "/masuk/", 22 },
	{ "sftp://sari@contoh.example/masuk/",       "sari", "contoh.example", "/masuk/", 22 },
	{ "sftp://sari@CONTOH.example:2222/a/b",     "sari", "contoh.example", "/a/b/", 2222 },
	{ "sftp://sari@contoh.example",              "sari", "contoh.example", "/~/", 22 },
	{ "sftp://sari@contoh.example/",             "sari", "contoh.example", "/", 22 },
	{ "sftp://sari@contoh.example/~/surat",      "sari", "contoh.example", "/~/surat/", 22 },
	{ "sftp://sari%40kantor@10.0.0.1/x",         "sari@kantor", "10.0.0.1", "/x/", 22 },
	{ "sftp://sari@kantor@contoh.example/x",     "sari@kantor", "contoh.example", "/x/", 22 },
	{ "sftp://sari@[::1]:22022/a%20%22b%22%25",  "sari", "::1", "/a \"b\"%/", 22022 },
	{ "sftp://sari@[fe80::1]/x",                 "sari", "fe80::1", "/x/", 22 },
};

static const char *const bad[] = {
	"", "sftp://", "sftp:///x", "sftp://contoh.example/x", "sftp://@contoh.example/x", "sftp://sari@/x",
	"SFTP://sari@contoh.example/x", "http://sari@contoh.example/x", "sari@contoh.example:/x",
	"sftp://sari:rahasia@contoh.example/x", "sftp://:@contoh.example/x",
	"sftp://sari@contoh.example:0/x", "sftp://sari@contoh.example:65536/x", "sftp://sari@contoh.example:/x",
	"sftp://sari@contoh.example:22x/x", "sftp://sari@contoh.example:222222/x", "sftp://sari@-oProxyCommand/x",
	"sftp://sari@con toh/x", "sftp://sari@contoh\n/x", "sftp://sari@::1/x", "sftp://sari@[::1/x", "sftp://sari@[]/x",
	"sftp://sari@contoh.example/x?y", "sftp://sari@contoh.example/x#y",
	"sftp://sari@contoh.example/%", "sftp://sari@contoh.example/%4", "sftp://sari@contoh.example/%zz",
	"sftp://sari@contoh.example/%0a", "sftp://sari@contoh.example/%00", "sftp://sari%0d@contoh.example/",
	"sftp://sari@contoh.example/a\x1b[31m", "sftp://sari@contoh.example/\x7f",
};
/* clang-format on */

static void an_address_is_taken_apart(void **state)
{
	struct net_sftp_place place;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (net_sftp_place_read(&place, good[i].url, NULL) != BE_OK)
			fail_msg("%s", good[i].url);
		assert_string_equal(place.user, good[i].user);
		assert_string_equal(place.host, good[i].host);
		assert_string_equal(place.dir, good[i].dir);
		assert_int_equal(place.port, good[i].port);
	}
}

static void what_is_none_is_refused_with_a_sentence(void **state)
{
	struct net_sftp_place place;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct be_error err = { .code = BE_OK };

		if (net_sftp_place_read(&place, bad[i], &err) != BE_USAGE)
			fail_msg("%s", bad[i]);
		assert_non_null(err.msgid);
		/* A password that was typed into it by mistake is not repeated. */
		assert_string_equal(err.detail, "");
	}
}

/* Of every length around what there is room for. */
static void long_addresses_are_refused(void **state)
{
	struct net_sftp_place place;
	char url[2000];

	(void)state;
	for (size_t len = 200; len < 1500; len++) {
		char part[1600];

		memset(part, 'a', len);
		part[len] = '\0';
		(void)snprintf(url, sizeof(url), "sftp://%s@h/x", part);
		assert_int_equal(net_sftp_place_read(&place, url, NULL), len < sizeof(place.user) ? BE_OK : BE_USAGE);
		(void)snprintf(url, sizeof(url), "sftp://u@%s/x", part);
		assert_int_equal(net_sftp_place_read(&place, url, NULL), len < sizeof(place.host) ? BE_OK : BE_USAGE);
		/* A slash before, one after, and the end. */
		(void)snprintf(url, sizeof(url), "sftp://u@h/%s", part);
		assert_int_equal(
			net_sftp_place_read(&place, url, NULL), len + 3 <= sizeof(place.dir) ? BE_OK : BE_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_taken_apart),
		cmocka_unit_test(what_is_none_is_refused_with_a_sentence),
		cmocka_unit_test(long_addresses_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
