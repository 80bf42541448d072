/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a QR code says: whose address it is, whatever it pretends. */

#include "app/punycode.h"
#include "app/qr_content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NO 0u

/* host "": text. url "": it is not opened. */
static const struct {
	const char *text, *host, *url;
	unsigned odd;
} cases[] = {
	{ "https://contoh.go.id/dok/1", "contoh.go.id", "https://contoh.go.id/dok/1", NO },
	{ "HTTPS://Contoh.GO.id", "contoh.go.id", "https://contoh.go.id/", NO },
	{ "  https://contoh.id/a b\n", "contoh.id", "https://contoh.id/a%20b", NO },
	{ "http://peraturan.go.id/pengundangan", "peraturan.go.id", "http://peraturan.go.id/pengundangan",
		QR_ODD_PLAIN },
	{ "https://contoh.id?x=1#bagian", "contoh.id", "https://contoh.id/?x=1", NO },
	{ "https://contoh.id/%20?a=\"b\"&c=<d>", "contoh.id", "https://contoh.id/%20?a=%22b%22&c=%3Cd%3E", NO },
	{ "https://contoh.id/\xC3\xA9", "contoh.id", "https://contoh.id/%C3%A9", NO },
	{ "https://contoh.id.", "contoh.id", "https://contoh.id/", NO },
	{ "https://contoh.id:443/x", "contoh.id", "https://contoh.id/x", NO },
	{ "https://contoh.id:/x", "contoh.id", "https://contoh.id/x", NO },
	/* ports */
	{ "https://contoh.id:8443/x", "contoh.id", "", QR_ODD_PORT },
	{ "http://contoh.id:443/x", "contoh.id", "", QR_ODD_PORT | QR_ODD_PLAIN },
	{ "https://contoh.id:99999/x", "", "", NO },
	{ "https://contoh.id:0/x", "", "", NO },
	{ "https://contoh.id:4x3/", "", "", NO },
	/* who hides behind an @ */
	{ "https://bsre.bssn.go.id@jahat.example/", "jahat.example", "", QR_ODD_USER },
	{ "https://a@b/", "b", "", QR_ODD_USER },
	{ "https://bsre.bssn.go.id:443@jahat.example/", "jahat.example", "", QR_ODD_USER },
	{ "https://a@b@c.example/", "c.example", "", QR_ODD_USER },
	{ "https://@c.example/", "c.example", "", QR_ODD_USER },
	{ "https://contoh.id/@jahat.example", "contoh.id", "https://contoh.id/@jahat.example", NO },
	{ "https://contoh.id?@jahat.example", "contoh.id", "https://contoh.id/?@jahat.example", NO },
	{ "https://contoh.id#@jahat.example", "contoh.id", "https://contoh.id/", NO },
	/* where programs do not agree */
	{ "https://contoh.id\\@jahat.example/", "", "", NO },
	{ "https:\\\\contoh.id/", "", "", NO },
	{ "https:/contoh.id/", "", "", NO },
	{ "https:contoh.id", "", "", NO },
	{ "https:///contoh.id/", "", "", NO },
	{ "https://", "", "", NO },
	{ "https://con toh.id/", "", "", NO },
	{ "https://contoh.id\n.jahat.example/", "", "", NO },
	{ "https://contoh.id/a\nb", "", "", NO },
	{ "https://contoh.id/a\tb", "", "", NO },
	{ "https://%63ontoh.id/", "", "", NO },
	{ "https://contoh..id/", "", "", NO },
	{ "https://.contoh.id/", "", "", NO },
	{ "https://contoh.id<script>/", "", "", NO },
	/* letters of other languages */
	{ "https://b\xD1\x95re.example/", "xn--bre-fhd.example", "https://xn--bre-fhd.example/", QR_ODD_LETTERS },
	{ "https://B\xC3\xBC"
	  "cher.example/x",
		"xn--bcher-kva.example", "https://xn--bcher-kva.example/x", QR_ODD_LETTERS },
	{ "https://xn--bcher-kva.example/", "xn--bcher-kva.example", "https://xn--bcher-kva.example/", QR_ODD_LETTERS },
	{ "https://con\xE2\x80\x8Btoh.id/", "", "", NO }, /* zero width */
	{ "https://con\xE2\x80\xAEtoh.id/", "", "", NO }, /* turns what follows around */
	{ "https://con\xFFtoh.id/", "", "", NO },         /* no UTF-8 */
	{ "https://contoh\xE2\x88\x95.id/", "xn--contoh-ue3c.id", "https://xn--contoh-ue3c.id/",
		QR_ODD_LETTERS }, /* like a / */
	/* numbers */
	{ "http://127.0.0.1/", "127.0.0.1", "http://127.0.0.1/", QR_ODD_PLAIN | QR_ODD_NUMBER },
	{ "https://2130706433/", "2130706433", "https://2130706433/", QR_ODD_NUMBER },
	{ "https://0x7f.1/", "0x7f.1", "https://0x7f.1/", QR_ODD_NUMBER },
	{ "https://[::1]/", "[::1]", "https://[::1]/", QR_ODD_NUMBER },
	{ "https://[2001:DB8::1]:443/", "[2001:db8::1]", "https://[2001:db8::1]/", QR_ODD_NUMBER },
	{ "https://[::1", "", "", NO },
	{ "https://[::1]x/", "", "", NO },
	{ "https://[]/", "", "", NO },
	/* as people write them */
	{ "www.contoh.go.id", "www.contoh.go.id", "https://www.contoh.go.id/", QR_ODD_NO_SCHEME },
	{ "tte.contoh.go.id/verifikasi", "tte.contoh.go.id", "https://tte.contoh.go.id/verifikasi", QR_ODD_NO_SCHEME },
	{ "sari@contoh.id/x", "", "", NO },
	{ "S.H./M.H.", "", "", NO },
	{ "12/2026", "", "", NO },
	{ "1.2/3", "", "", NO },
	/* text */
	{ "Surat Perintah Nomor 12/2026", "", "", NO },
	{ "", "", "", NO },
	{ "javascript:alert(1)", "", "", NO },
	{ "file:///etc/passwd", "", "", NO },
	{ "mailto:sari@contoh.id", "", "", NO },
	{ "contoh.pdf", "", "", NO },
};

static void the_host_is_the_one_that_is_asked(void **state)
{
	static struct qr_content c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		qr_content_read(&c, cases[i].text);
		if (strcmp(c.host, cases[i].host) != 0 || strcmp(c.url, cases[i].url) != 0 || c.odd != cases[i].odd ||
			(c.kind == QR_URL) != (cases[i].host[0] != '\0'))
			fail_msg("\"%s\": host \"%s\", address \"%s\", odd %x", cases[i].text, c.host, c.url, c.odd);
		/* What has no address to ask says why, when it began like one. */
		if (c.kind == QR_URL || strncmp(c.text, "http", 4) == 0)
			assert_true((c.url[0] == '\0') == (c.why_not != NULL));
		else
			assert_null(c.why_not);
	}
}

/* What is shown of the user's name is what stands there, cut when it is long. */
static void what_stands_before_the_at_is_kept(void **state)
{
	static struct qr_content c;
	char text[600];

	(void)state;
	qr_content_read(&c, "https://bsre.bssn.go.id:x@jahat.example/");
	assert_string_equal(c.user, "bsre.bssn.go.id:x");
	memset(text, 'a', sizeof(text));
	memcpy(text, "https://", 8);
	memcpy(text + sizeof(text) - 8, "@b.id/", 7);
	qr_content_read(&c, text);
	assert_string_equal(c.host, "b.id");
	assert_int_equal(strlen(c.user), QR_HOST_MAX - 1);
	assert_non_null(c.why_not);
}

static void what_is_too_long_is_not_opened(void **state)
{
	static struct qr_content c;
	static char text[QR_CONTENT_MAX + 100];

	(void)state;
	/* A label, a name, an address, a text. */
	(void)snprintf(text, sizeof(text), "https://%063d.id/", 0);
	qr_content_read(&c, text);
	assert_int_equal(c.kind, QR_URL);
	(void)snprintf(text, sizeof(text), "https://%064d.id/", 0);
	qr_content_read(&c, text);
	assert_int_equal(c.kind, QR_TEXT);
	(void)snprintf(text, sizeof(text), "https://%050d.%050d.%050d.%050d.%050d.id/", 0, 0, 0, 0, 0);
	qr_content_read(&c, text);
	assert_int_equal(c.kind, QR_TEXT);
	(void)snprintf(text, sizeof(text), "https://b.id/%02040d", 0);
	qr_content_read(&c, text);
	assert_int_equal(c.kind, QR_URL);
	assert_string_equal(c.url, "");
	assert_non_null(c.why_not);
	memset(text, 'a', sizeof(text) - 1);
	text[QR_CONTENT_MAX - 2] = '\xC3';
	text[QR_CONTENT_MAX - 1] = '\xA9';
	qr_content_read(&c, text);
	assert_int_equal(c.kind, QR_TEXT);
	assert_int_equal(strlen(c.text), QR_CONTENT_MAX - 2);
}

/* RFC 3492, 7.1, in lower case. */
static void punycode_is_that_of_the_standard(void **state)
{
	static const struct {
		const char *letters, *code;
	} samples[] = {
		{ "\xD9\x84\xD9\x8A\xD9\x87\xD9\x85\xD8\xA7\xD8\xA8\xD8\xAA\xD9\x83\xD9\x84\xD9\x85\xD9\x88\xD8\xB4"
		  "\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\x9F",
			"egbpdaj6bu4bxfgehfvwxn" },
		{ "\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF\xB4\xE4\xB8\xAD"
		  "\xE6\x96\x87",
			"ihqwcrb4cv8a8dqg056pqjye" },
		{ "3\xE5\xB9\xB4"
		  "B\xE7\xB5\x84\xE9\x87\x91\xE5\x85\xAB\xE5\x85\x88\xE7\x94\x9F",
			"3b-ww4c5e180e575a65lsy2b" },
		{ "\xE3\x81\x9D\xE3\x81\xAE\xE3\x82\xB9\xE3\x83\x94\xE3\x83\xBC\xE3\x83\x89\xE3\x81\xA7",
			"d9juau41awczczp" },
	};
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		buffer_reset(&out);
		assert_true(punycode_add(&out, (const uint8_t *)samples[i].letters, strlen(samples[i].letters)));
		buffer_add_byte(&out, '\0');
		assert_string_equal((const char *)out.data, samples[i].code);
	}
	assert_false(punycode_add(&out, (const uint8_t *)"", 0));
	assert_false(punycode_add(&out, (const uint8_t *)"a b\xC3\xA9", 5));
	buffer_free(&out);
}

/* RFC 3986, 5.4, as far as it leads to the web. */
static void references_lead_where_the_standard_says(void **state)
{
	static const char base[] = "http://a/b/c/d;p?q";
	static const struct {
		const char *reference, *url;
	} samples[] = {
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g/" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q" },
		{ "g#s", "http://a/b/c/g" },
		{ ";x", "http://a/b/c/;x" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "https://lain.id/x", "https://lain.id/x" },
		{ "javascript:alert(1)", NULL },
		{ "mailto:a@b", NULL },
		{ "https://a@b/", NULL },
		{ "//a@b/", NULL },
		{ "https://b:81/", NULL },
		{ "\\\\b\\c.pdf", "http://a/b/c/%5C%5Cb%5Cc.pdf" },
		{ "//b\\c/", NULL },
		{ "data:application/pdf,x.pdf", NULL },
	};
	static struct qr_content c;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const bool leads = qr_content_resolve(&c, base, samples[i].reference);

		if (leads != (samples[i].url != NULL) || (leads && strcmp(c.url, samples[i].url) != 0))
			fail_msg("\"%s\": %s", samples[i].reference, leads ? c.url : "nowhere");
	}
	assert_true(qr_content_resolve(&c, "https://a", "b.pdf"));
	assert_string_equal(c.url, "https://a/b.pdf");
	assert_true(qr_content_resolve(&c, "https://a?x/y", "b.pdf"));
	assert_string_equal(c.url, "https://a/b.pdf");
	assert_false(qr_content_resolve(&c, "", "b.pdf"));
}

static void hosts_are_compared_as_people_do(void **state)
{
	(void)state;
	assert_true(qr_same_host("contoh.id", "www.Contoh.id"));
	assert_true(qr_same_host("www.contoh.id", "contoh.id"));
	assert_false(qr_same_host("contoh.id", "dok.contoh.id"));
	assert_false(qr_same_host("contoh.id", "contoh.id.jahat.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_is_the_one_that_is_asked),
		cmocka_unit_test(what_stands_before_the_at_is_kept),
		cmocka_unit_test(what_is_too_long_is_not_opened),
		cmocka_unit_test(punycode_is_that_of_the_standard),
		cmocka_unit_test(references_lead_where_the_standard_says),
		cmocka_unit_test(hosts_are_compared_as_people_do),
	};

	return cmocka_run_group_tests_name("app_qr_content", tests, NULL, NULL);
}
