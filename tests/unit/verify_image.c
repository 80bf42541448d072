/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "support/desk.h"
#include "verify/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first[] = "%PDF-1.7 what was there first";

static int make(void **state)
{
	(void)state;
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static void assert_content(const struct image *image, const char *text)
{
	char bytes[100] = "";

	assert_int_equal(image->len, strlen(text));
	assert_int_equal(file_read_at(image->fd, bytes, (size_t)image->len, 0, NULL), BE_OK);
	assert_string_equal(bytes, text);
}

static void a_writer_waits_until_the_image_is_closed(void **state)
{
	const char *path = desk_path("a.pdf");
	struct image image;
	int writer;

	(void)state;
	desk_write("a.pdf", first, strlen(first));
	assert_int_equal(image_open(&image, path, NULL), BE_OK);
	if (!image.leased) {
		image_close(&image);
		print_message("skipped: this file system knows no leases\n");
		skip();
	}
	assert_true(image_stable(&image));
	/* Whoever does not want to wait is told so, and the file stays. */
	writer = open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(writer, -1);
	assert_int_equal(errno, EWOULDBLOCK);
	assert_content(&image, first);
	image_close(&image);
	writer = open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
	assert_true(writer >= 0);
	assert_int_equal(close(writer), 0);
}

static void a_file_that_is_being_written_is_copied(void **state)
{
	const char *path = desk_path("b.pdf");
	struct image image;
	int writer;

	(void)state;
	desk_write("b.pdf", first, strlen(first));
	writer = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(writer >= 0);
	assert_int_equal(image_open(&image, path, NULL), BE_OK);
	assert_false(image.leased);
	assert_int_equal(pwrite(writer, "XXXXXXXX", 8, 0), 8);
	assert_int_equal(ftruncate(writer, 4), 0);
	assert_content(&image, first);
	assert_true(image_stable(&image));
	image_close(&image);
	assert_int_equal(close(writer), 0);
}

static void what_is_no_document_has_its_own_answer(void **state)
{
	struct image image;
	const char *path = desk_path("empty.pdf");

	(void)state;
	desk_write("empty.pdf", "", 0);
	assert_int_equal(image_open(&image, path, NULL), BE_NOT_A_PDF);
	assert_int_equal(image_open(&image, "/dev/null", NULL), BE_NOT_A_PDF);
	assert_int_equal(image_open(&image, "/", NULL), BE_NOT_A_PDF);
	path = desk_path("missing.pdf");
	assert_int_equal(image_open(&image, path, NULL), BE_NOT_FOUND);
	path = desk_path("pipe.pdf");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(image_open(&image, path, NULL), BE_NOT_A_PDF); /* and does not wait for a writer */
	assert_int_equal(image.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_writer_waits_until_the_image_is_closed, make, clear),
		cmocka_unit_test_setup_teardown(a_file_that_is_being_written_is_copied, make, clear),
		cmocka_unit_test_setup_teardown(what_is_no_document_has_its_own_answer, make, clear),
	};

	return cmocka_run_group_tests_name("one image of a file", tests, NULL, NULL);
}
