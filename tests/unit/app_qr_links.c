/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links to PDF documents in pages of the web: as people write them, and as somebody writes them who wants to harm. */

#include "app/qr_links.h"
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://contoh.id/dok/laman?id=1"

static const struct {
	const char *page;
	const char *links; /* "address (text) | …" */
} cases[] = {
	{ "", "" },
	{ "no page at all", "" },
	{ "<a href=\"surat.pdf\">Surat</a>", "https://contoh.id/dok/surat.pdf (Surat)" },
	{ "<A HREF='/surat.PDF' class=x>\n Surat\n  <b>Perintah</b>&nbsp;12 </A>",
		"https://contoh.id/surat.PDF (Surat Perintah 12)" },
	{ "<a href=surat.pdf>x</a>", "https://contoh.id/dok/surat.pdf (x)" },
	{ "<a\nhref = \"surat.pdf#page=2\" >x</a>", "https://contoh.id/dok/surat.pdf (x)" },
	{ "<a href=\"unduh.php?f=surat.pdf\">x</a>", "https://contoh.id/dok/unduh.php?f=surat.pdf (x)" },
	{ "<a href=\"surat.pdf?v=1&amp;k=2\">x</a>", "https://contoh.id/dok/surat.pdf?v=1&k=2 (x)" },
	{ "<a href=\"unduh/7\" type=\"application/pdf; q=1\">x</a>", "https://contoh.id/dok/unduh/7 (x)" },
	{ "<a href=\"unduh/7\" type=text/html>x</a>", "" },
	{ "<a href=surat.html>x</a><a href=pdf>y</a><a href=.pdf>z</a>", "" },
	{ "<iframe src=\"a.pdf\"></iframe><embed src=b.pdf><object data='c.pdf'></object><link href=d.pdf>",
		"https://contoh.id/dok/a.pdf () | https://contoh.id/dok/b.pdf () | https://contoh.id/dok/c.pdf () | "
		"https://contoh.id/dok/d.pdf ()" },
	{ "<img src=a.pdf><p href=b.pdf><script src=c.pdf></script>", "" },
	{ "<a href=a.pdf>satu</a><a href=\"./a.pdf\">lagi</a>", "https://contoh.id/dok/a.pdf (satu)" },
	/* not closed, not nested, not quoted well */
	{ "<a href=a.pdf>satu<a href=b.pdf>dua",
		"https://contoh.id/dok/a.pdf (satu) | https://contoh.id/dok/b.pdf (dua)" },
	{ "<a href=\"a.pdf", "https://contoh.id/dok/a.pdf ()" },
	{ "<a href=", "" },
	{ "<a", "" },
	{ "<", "" },
	{ "</", "" },
	{ "<<a href=a.pdf>x</a>", "https://contoh.id/dok/a.pdf (x)" },
	{ "<a href=a.pdf href=b.pdf>x</a>", "https://contoh.id/dok/a.pdf (x)" },
	{ "<a/href=a.pdf/>x</a>", "" },
	{ "<a href=\" a.pdf \">x</a>", "https://contoh.id/dok/a.pdf (x)" },
	{ "1 < 2 <a href=a.pdf>x < y</a>", "https://contoh.id/dok/a.pdf (x < y)" },
	/* what is no page */
	{ "<!-- <a href=a.pdf>x</a> --><a href=b.pdf>y</a>", "https://contoh.id/dok/b.pdf (y)" },
	{ "<!-- <a href=a.pdf>x</a>", "" },
	{ "<script>'<a href=a.pdf>'</script><a href=b.pdf>y</a>", "https://contoh.id/dok/b.pdf (y)" },
	{ "<STYLE><a href=a.pdf></style ><a href=b.pdf>y</a>", "https://contoh.id/dok/b.pdf (y)" },
	{ "<script><a href=a.pdf>x", "" },
	{ "<!DOCTYPE html><?xml version=1?><a href=a.pdf>x</a>", "https://contoh.id/dok/a.pdf (x)" },
	/* where it leads */
	{ "<base href=\"https://lain.id/x/\"><a href=a.pdf>x</a>", "https://lain.id/x/a.pdf (x)" },
	{ "<base href=\"javascript:x\"><a href=a.pdf>x</a>", "https://contoh.id/dok/a.pdf (x)" },
	{ "<a href=\"javascript:x.pdf\">x</a><a href=\"file:///etc/a.pdf\">y</a><a href=\"data:,a.pdf\">z</a>", "" },
	{ "<a href=\"https://bsre.go.id@jahat.example/a.pdf\">x</a>", "" },
	{ "<a href=\"https://contoh.id:8080/a.pdf\">x</a>", "" },
	{ "<a href=\"//lain.id/a.pdf\">x</a>", "https://lain.id/a.pdf (x)" },
	{ "<a href=\"java&#x73;cript:a.pdf\">x</a>", "" },
	{ "<a href=\"a&#46;pdf\">&lt;b&gt; &#x2603; &unknown; &#0; &#xFFFFFFFF;</a>",
		"https://contoh.id/dok/a.pdf (<b> \xE2\x98\x83 &unknown; &#0; &#xFFFFFFFF;)" },
	{ "<a href=\"a\xFF.pdf\">\xFF\xFE</a>", "https://contoh.id/dok/a%FF.pdf (\xEF\xBF\xBD\xEF\xBF\xBD)" },
};

static const char *joined(const struct qr_links *links)
{
	static struct buffer out = BUFFER_EMPTY;

	buffer_reset(&out);
	for (size_t i = 0; i < links->count; i++)
		buffer_printf(&out, "%s%s (%s)", i > 0 ? " | " : "", links->links[i].url, links->links[i].text);
	buffer_add_byte(&out, '\0');
	assert_int_equal(buffer_check(&out, NULL), BE_OK);
	return (const char *)out.data;
}

static void links_are_found_where_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct qr_links links;

		assert_int_equal(qr_links_find(&links, BASE, cases[i].page, strlen(cases[i].page), NULL), BE_OK);
		if (strcmp(joined(&links), cases[i].links) != 0)
			fail_msg("%s\ngave %s", cases[i].page, joined(&links));
		qr_links_free(&links);
	}
}

/* Every page cut anywhere is one as well. */
static void a_page_may_end_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t len = 0; len <= strlen(cases[i].page); len++) {
			char *exact = malloc(len > 0 ? len : 1);
			struct qr_links links;

			assert_non_null(exact);
			memcpy(exact, cases[i].page, len);
			assert_int_equal(qr_links_find(&links, BASE, exact, len, NULL), BE_OK);
			qr_links_free(&links);
			free(exact);
		}
	}
}

static void a_page_has_a_title(void **state)
{
	static const char page[] =
		"<html><head><title>\n Verifikasi &amp; Unduh <b> </title><title>lain</title></head><a href=a.pdf>x</a>";
	struct qr_links links;

	(void)state;
	assert_int_equal(qr_links_find(&links, BASE, page, strlen(page), NULL), BE_OK);
	assert_string_equal(links.title, "Verifikasi & Unduh");
	assert_int_equal(links.count, 1);
	qr_links_free(&links);
}

static void so_many_are_told_and_no_more(void **state)
{
	struct buffer page = BUFFER_EMPTY;
	struct qr_links links;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buffer_printf(&page, "<a href=%d.pdf>%d %0*d</a>", i, i, i % 400, 0);
	buffer_add_fill(&page, '<', 100000);
	assert_int_equal(buffer_check(&page, NULL), BE_OK);
	assert_int_equal(qr_links_find(&links, BASE, page.data, page.len, NULL), BE_OK);
	assert_int_equal(links.count, QR_LINKS_MAX);
	assert_true(links.more);
	assert_string_equal(links.links[31].url, "https://contoh.id/dok/31.pdf");
	qr_links_free(&links);
	buffer_free(&page);
}

/* An address that is too long for us is none that is cut. */
static void a_long_address_is_left_out(void **state)
{
	struct buffer page = BUFFER_EMPTY;
	struct qr_links links;

	(void)state;
	buffer_add_str(&page, "<a href=\"");
	buffer_add_fill(&page, 'a', QR_URL_MAX);
	buffer_add_str(&page, ".pdf\">x</a><a href=b.pdf>");
	buffer_add_fill(&page, 'b', 5000);
	assert_int_equal(qr_links_find(&links, BASE, page.data, page.len, NULL), BE_OK);
	assert_int_equal(links.count, 1);
	assert_string_equal(links.links[0].url, "https://contoh.id/dok/b.pdf");
	assert_int_equal(strlen(links.links[0].text), QR_LINK_TEXT_MAX - 1);
	qr_links_free(&links);
	buffer_free(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_found_where_they_are),
		cmocka_unit_test(a_page_may_end_anywhere),
		cmocka_unit_test(a_page_has_a_title),
		cmocka_unit_test(so_many_are_told_and_no_more),
		cmocka_unit_test(a_long_address_is_left_out),
	};

	return cmocka_run_group_tests_name("app_qr_links", tests, NULL, NULL);
}
