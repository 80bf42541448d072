/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

void preview_needed(void)
{
	struct buffer path = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	const enum be_err rc = render_probe(&path, &err);

	buffer_free(&path);
	if (rc == BE_OK)
		return;
	print_message("skipped: %s (%s)\n", err.msgid, err.detail);
	skip();
}

void preview_begin(struct pdftext *t, const char *catalogue_keys, const char *page_keys, const char *content)
{
	char *keys = NULL;

	assert_true(asprintf(&keys, "/Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 10 0 R >> >> %s",
			    page_keys) > 0);
	pdftext_begin(t);
	pdftext_basics(t, catalogue_keys, keys);
	pdftext_stream(t, 4, "", content, strlen(content));
	pdftext_object(t, 5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
	free(keys);
}

void preview_end(struct pdftext *t)
{
	pdftext_table(t, "/Root 1 0 R");
}

int preview_file(const void *bytes, size_t len)
{
	const int fd = memfd_create("document", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

enum be_err preview_try(struct render **out, const void *bytes, size_t len, struct be_error *err)
{
	const int fd = preview_file(bytes, len);
	const enum be_err rc = render_open(out, fd, err);

	(void)close(fd);
	return rc;
}

struct render *preview_open(struct pdftext *t)
{
	struct be_error err = { .code = BE_OK };
	struct render *render = NULL;

	if (preview_try(&render, t->bytes.data, t->bytes.len, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	pdftext_free(t);
	return render;
}

const char *preview_text(struct render *render, uint32_t page)
{
	static struct buffer joined = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	struct render_text text;

	if (render_text(&text, render, page, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	buffer_reset(&joined);
	for (size_t i = 0; i < text.count; i++)
		buffer_printf(&joined, "%s%s", i > 0 ? "|" : "", text.lines[i].text);
	buffer_add_byte(&joined, '\0');
	assert_int_equal(buffer_check(&joined, NULL), BE_OK);
	render_text_free(&text);
	return (const char *)joined.data;
}
