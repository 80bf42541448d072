/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *hex(const uint8_t *bytes, size_t len)
{
	static char text[2 * DIGEST_MAX + 1];

	text[0] = '\0';
	for (size_t i = 0; i < len; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

/* Of "abc": FIPS 180-4 and FIPS 202 examples, RFC 1321, the RIPEMD-160 paper. */
/* clang-format off */
static const struct { enum digest_alg alg; const char *value; } vectors[] = {
	{ DIGEST_MD5,       "900150983cd24fb0d6963f7d28e17f72" },
	{ DIGEST_SHA1,      "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ DIGEST_SHA224,    "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7" },
	{ DIGEST_SHA256,    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ DIGEST_SHA384,    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	                    "8086072ba1e7cc2358baeca134c825a7" },
	{ DIGEST_SHA512,    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	                    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	{ DIGEST_SHA3_256,  "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532" },
	{ DIGEST_SHA3_384,  "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
	                    "98d88cea927ac7f539f1edf228376d25" },
	{ DIGEST_SHA3_512,  "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
	                    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0" },
	{ DIGEST_RIPEMD160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc" },
	{ DIGEST_SHAKE256,  "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
	                    "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4" },
};
/* clang-format on */

static void every_algorithm_gives_the_published_value_of_abc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t value[DIGEST_MAX];
		size_t len = 0;

		assert_int_equal(digest_bytes(vectors[i].alg, "abc", 3, value, &len, NULL), BE_OK);
		assert_int_equal(len, digest_size(vectors[i].alg));
		assert_string_equal(hex(value, len), vectors[i].value);
	}
}

static void pieces_give_what_the_whole_gives(void **state)
{
	struct digest *d = NULL;
	uint8_t value[DIGEST_MAX];
	size_t len = 0;

	(void)state;
	assert_int_equal(digest_new(&d, DIGEST_SHA256, NULL), BE_OK);
	assert_int_equal(digest_add(d, "a", 1, NULL), BE_OK);
	assert_int_equal(digest_add(d, "", 0, NULL), BE_OK);
	assert_int_equal(digest_add(d, "bc", 2, NULL), BE_OK);
	assert_int_equal(digest_finish(d, value, &len, NULL), BE_OK);
	assert_string_equal(hex(value, len), vectors[3].value);
	digest_free(&d);
	assert_null(d);
	digest_free(&d);
}

static void an_algorithm_that_is_none_is_refused(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct digest *d = NULL;

	(void)state;
	assert_int_equal(digest_new(&d, DIGEST_NONE, &err), BE_UNSUPPORTED);
	assert_null(d);
	assert_non_null(err.msgid);
	assert_int_equal(digest_new(&d, DIGEST_ALG_COUNT, NULL), BE_UNSUPPORTED);
	assert_int_equal(digest_size(DIGEST_NONE), 0);
	assert_int_equal(digest_size(DIGEST_ALG_COUNT), 0);
}

static void the_command_line_knows_three_names_only(void **state)
{
	(void)state;
	assert_int_equal(digest_by_option("sha256"), DIGEST_SHA256);
	assert_int_equal(digest_by_option("sha384"), DIGEST_SHA384);
	assert_int_equal(digest_by_option("sha512"), DIGEST_SHA512);
	assert_int_equal(digest_by_option("sha1"), DIGEST_NONE);
	assert_int_equal(digest_by_option("SHA-256"), DIGEST_NONE);
	assert_int_equal(digest_by_option(""), DIGEST_NONE);
	assert_int_equal(digest_by_option(NULL), DIGEST_NONE);
	assert_string_equal(digest_name(DIGEST_SHA256), "SHA-256");
	assert_string_equal(digest_name(DIGEST_NONE), "unknown");
	assert_string_equal(digest_name(DIGEST_ALG_COUNT), "unknown");
}

/* A file larger than what is read at once, so that pieces meet. */
#define FILE_SIZE 200003u

struct file {
	int fd;
	uint8_t *bytes;
};

static int make_file(void **state)
{
	static struct file file;
	char dir[] = "/tmp/digest.XXXXXX";
	char path[64];

	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/file", dir);
	FILE *out = fopen(path, "w+e");
	if (out == NULL)
		return -1;
	file.bytes = malloc(FILE_SIZE);
	for (size_t i = 0; file.bytes != NULL && i < FILE_SIZE; i++)
		file.bytes[i] = (uint8_t)(i * 31 + i / 256);
	if (file.bytes == NULL || fwrite(file.bytes, 1, FILE_SIZE, out) != FILE_SIZE || fflush(out) != 0)
		return -1;
	file.fd = dup(fileno(out));
	(void)fclose(out);
	*state = &file;
	return unlink(path) == 0 && rmdir(dir) == 0 && file.fd >= 0 ? 0 : -1;
}

static int drop_file(void **state)
{
	struct file *file = *state;

	free(file->bytes);
	return close(file->fd);
}

static void a_part_of_a_file_gives_what_its_bytes_give(void **state)
{
	/* clang-format off */
	static const struct { uint64_t offset, len; } parts[] = {
		{ 0, 0 }, { 0, 1 }, { 0, FILE_SIZE }, { 1, FILE_SIZE - 1 }, { 65536, 65536 }, { 65535, 65538 },
		{ FILE_SIZE, 0 },
	};
	/* clang-format on */
	const struct file *file = *state;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint8_t expected[DIGEST_MAX], value[DIGEST_MAX];
		struct digest *d = NULL;
		size_t len = 0;

		assert_int_equal(
			digest_bytes(DIGEST_SHA384, file->bytes + parts[i].offset, parts[i].len, expected, &len, NULL),
			BE_OK);
		assert_int_equal(digest_new(&d, DIGEST_SHA384, NULL), BE_OK);
		assert_int_equal(digest_add_file(d, file->fd, parts[i].offset, parts[i].len, NULL), BE_OK);
		assert_int_equal(digest_finish(d, value, &len, NULL), BE_OK);
		assert_memory_equal(value, expected, len);
		digest_free(&d);
	}
}

static void a_file_that_is_shorter_than_said_is_an_error(void **state)
{
	const struct file *file = *state;
	struct be_error err = { .code = BE_OK };
	struct digest *d = NULL;

	assert_int_equal(digest_new(&d, DIGEST_SHA256, NULL), BE_OK);
	assert_int_equal(digest_add_file(d, file->fd, 0, FILE_SIZE + 1, &err), BE_IO);
	assert_int_equal(digest_add_file(d, file->fd, FILE_SIZE, 1, &err), BE_IO);
	digest_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_algorithm_gives_the_published_value_of_abc),
		cmocka_unit_test(pieces_give_what_the_whole_gives),
		cmocka_unit_test(an_algorithm_that_is_none_is_refused),
		cmocka_unit_test(the_command_line_knows_three_names_only),
		cmocka_unit_test_setup_teardown(a_part_of_a_file_gives_what_its_bytes_give, make_file, drop_file),
		cmocka_unit_test_setup_teardown(a_file_that_is_shorter_than_said_is_an_error, make_file, drop_file),
	};

	return cmocka_run_group_tests_name("digests", tests, NULL, NULL);
}
