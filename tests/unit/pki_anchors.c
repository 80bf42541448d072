/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/anchors.h"

#include "support/ca.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/anchors.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int drop_dir(void **state)
{
	static const char *const names[] = { "a.pem", "b.pem", "c.pem", "note.txt", ".d.pem" };
	char path[96];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	return rmdir(dir);
}

static void put_file(const char *name, const struct buffer *content, mode_t mode)
{
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content->data, content->len), content->len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The certificates of three roots as PEM. */
static void pem_of(struct buffer *out, size_t which)
{
	static const char *const names[] = { "Otoritas Satu", "Otoritas Dua", "Otoritas Tiga" };
	X509 *root = ca_root(names[which], ca_key(CA_P256, which));

	ca_pem(out, root);
	X509_free(root);
}

static void a_directory_gives_its_certificates_one_a_file(void **state)
{
	struct buffer one = BUFFER_EMPTY, two = BUFFER_EMPTY, junk = BUFFER_EMPTY;
	struct pki_anchors *anchors = NULL;
	const uint8_t *der = NULL;
	bool trusted = false;
	size_t len = 0;

	(void)state;
	buffer_add_str(&one, "Otoritas Satu, for the tests\n");
	pem_of(&one, 0);
	pem_of(&two, 1);
	buffer_add_str(&junk, "no certificate");
	put_file("a.pem", &one, 0644);
	put_file("b.pem", &two, 0400);
	put_file("c.pem", &two, 0600);
	put_file("note.txt", &junk, 0666);
	put_file(".d.pem", &junk, 0666);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add_dir(anchors, dir, true, NULL), BE_OK);
	assert_int_equal(pki_anchors_count(anchors), 2);
	for (size_t i = 0; i < 2; i++) {
		pki_anchors_at(anchors, i, &der, &len, &trusted);
		assert_true(trusted);
		assert_int_equal(der[0], 0x30);
		assert_true(len > 100);
	}
	pki_anchors_free(&anchors);
	assert_null(anchors);
	buffer_free(&one);
	buffer_free(&two);
	buffer_free(&junk);
}

static void a_helper_gains_trust_and_an_anchor_never_loses_it(void **state)
{
	struct pki_anchors *anchors = NULL;
	struct buffer der = BUFFER_EMPTY;
	X509 *root = ca_root("Otoritas Satu", ca_key(CA_P256, 0));
	const uint8_t *bytes = NULL;
	bool trusted = true;
	size_t len = 0;

	(void)state;
	ca_der(&der, root);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add(anchors, der.data, der.len, false, NULL), BE_OK);
	pki_anchors_at(anchors, 0, &bytes, &len, &trusted);
	assert_false(trusted);
	assert_int_equal(pki_anchors_add(anchors, der.data, der.len, true, NULL), BE_OK);
	assert_int_equal(pki_anchors_add(anchors, der.data, der.len, false, NULL), BE_OK);
	assert_int_equal(pki_anchors_count(anchors), 1);
	pki_anchors_at(anchors, 0, &bytes, &len, &trusted);
	assert_true(trusted);
	assert_int_equal(len, der.len);
	assert_memory_equal(bytes, der.data, len);
	assert_int_equal(pki_anchors_add(anchors, der.data, der.len - 1, true, NULL), BE_BAD_ANCHOR);
	assert_int_equal(pki_anchors_count(anchors), 1);
	pki_anchors_free(&anchors);
	buffer_free(&der);
	X509_free(root);
}

/* Makes the second of two files bad in one way. */
static void expect_refusal(const char *why, const struct buffer *content, mode_t mode)
{
	struct pki_anchors *anchors = NULL;
	struct be_error err = { .code = BE_OK };
	struct buffer good = BUFFER_EMPTY;

	pem_of(&good, 0);
	put_file("a.pem", &good, 0600);
	put_file("b.pem", content, mode);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	if (pki_anchors_add_dir(anchors, dir, true, &err) != BE_BAD_ANCHOR)
		fail_msg("%s is taken", why);
	assert_non_null(err.msgid);
	assert_string_equal(err.detail, "b.pem");
	assert_int_equal(pki_anchors_count(anchors), 0);
	pki_anchors_free(&anchors);
	buffer_free(&good);
}

static void one_bad_file_spoils_the_directory(void **state)
{
	struct buffer good = BUFFER_EMPTY, content = BUFFER_EMPTY;

	(void)state;
	pem_of(&good, 1);
	expect_refusal("a file that the group may write", &good, 0660);
	expect_refusal("a file that everybody may write", &good, 0602);
	expect_refusal("an empty file", &content, 0600);
	buffer_add_str(&content, "no certificate");
	expect_refusal("a text", &content, 0600);
	buffer_reset(&content);
	pem_of(&content, 1);
	pem_of(&content, 2);
	expect_refusal("a file of two certificates", &content, 0600);
	buffer_reset(&content);
	pem_of(&content, 1);
	content.data[content.len / 2] = '!';
	expect_refusal("a garbled certificate", &content, 0600);
	buffer_reset(&content);
	buffer_add_fill(&content, '\n', 70000);
	pem_of(&content, 1);
	expect_refusal("a file that is too large", &content, 0600);
	buffer_reset(&content);
	buffer_add_str(&content, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
	expect_refusal("PEM around something else", &content, 0600);
	buffer_free(&good);
	buffer_free(&content);
}

static void a_file_of_somebody_else_is_refused(void **state)
{
	struct buffer pem = BUFFER_EMPTY;
	struct pki_anchors *anchors = NULL;
	char path[96];

	(void)state;
	if (geteuid() != 0) {
		print_message("only root can give a file away\n");
		skip();
	}
	pem_of(&pem, 0);
	put_file("a.pem", &pem, 0600);
	(void)snprintf(path, sizeof(path), "%s/a.pem", dir);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add_dir(anchors, dir, true, NULL), BE_BAD_ANCHOR);
	pki_anchors_free(&anchors);
	buffer_free(&pem);
}

static void something_that_is_no_file_is_refused_at_once(void **state)
{
	struct pki_anchors *anchors = NULL;
	char path[96];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/a.pem", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add_dir(anchors, dir, true, NULL), BE_BAD_ANCHOR);
	assert_int_equal(pki_anchors_add_dir(anchors, path, true, NULL), BE_IO);
	(void)snprintf(path, sizeof(path), "%s/nowhere", dir);
	assert_int_equal(pki_anchors_add_dir(anchors, path, true, NULL), BE_NOT_FOUND);
	pki_anchors_free(&anchors);
}

static void an_empty_directory_trusts_nobody(void **state)
{
	struct pki_anchors *anchors = NULL;

	(void)state;
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add_dir(anchors, dir, true, NULL), BE_OK);
	assert_int_equal(pki_anchors_count(anchors), 0);
	pki_anchors_free(&anchors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_directory_gives_its_certificates_one_a_file, make_dir, drop_dir),
		cmocka_unit_test(a_helper_gains_trust_and_an_anchor_never_loses_it),
		cmocka_unit_test_setup_teardown(one_bad_file_spoils_the_directory, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(a_file_of_somebody_else_is_refused, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(something_that_is_no_file_is_refused_at_once, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(an_empty_directory_trusts_nobody, make_dir, drop_dir),
	};

	return cmocka_run_group_tests_name("trust anchors", tests, NULL, NULL);
}
