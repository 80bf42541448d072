/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/time.h"
#include "wire/csc.h"
#include "wire/failure.h"
#include "wire/form.h"

#include <stdlib.h>
#include <string.h>

static struct secret *secret_of(const char *text)
{
	struct secret *s = NULL;

	assert_int_equal(wire_set_secret(&s, text, strlen(text), NULL), BE_OK);
	return s;
}

static const char *text_of(const struct secret *s)
{
	return (const char *)secret_bytes(s);
}

static void what_is_written_is_read_again(void **state)
{
	struct wire_login_step step = { .enrol = false };
	struct wire_login_step read;
	struct wire_device *devices;
	struct secret *body = NULL;

	(void)state;
	step.ticket = secret_of("t1\"\\\n\xC3\xA9");
	assert_int_equal(wire_list_new(&step.devices, 2, sizeof(struct wire_device), NULL), BE_OK);
	devices = step.devices.items;
	WIRE_SET(devices[0].id, "a");
	WIRE_SET(devices[0].name, "Ponsel Sari");
	devices[0].created = 1764201600;
	devices[0].used = TIME_NONE;
	WIRE_SET(devices[1].id, "b");
	WIRE_SET(devices[1].name, "Kunci \"biru\"");
	devices[1].created = 1764201601;
	devices[1].used = 1764201602;
	assert_int_equal(wire_encode(&body, &wire_login_step_message, &step, NULL), BE_OK);
	assert_string_equal(text_of(body),
		"{\"ticket\":\"t1\\\"\\\\\\u000a\xC3\xA9\",\"enrol\":false,\"devices\":["
		"{\"id\":\"a\",\"name\":\"Ponsel Sari\",\"created\":\"2025-11-27T00:00:00Z\"},"
		"{\"id\":\"b\",\"name\":\"Kunci \\\"biru\\\"\",\"created\":\"2025-11-27T00:00:01Z\","
		"\"used\":\"2025-11-27T00:00:02Z\"}]}");
	assert_int_equal(
		wire_decode(&read, &wire_login_step_message, secret_bytes(body), secret_len(body), NULL), BE_OK);
	devices = read.devices.items;
	assert_string_equal(text_of(read.ticket), "t1\"\\\n\xC3\xA9");
	assert_int_equal(read.devices.count, 2);
	assert_string_equal(devices[1].name, "Kunci \"biru\"");
	assert_true(devices[0].used == TIME_NONE);
	assert_int_equal(devices[1].used, 1764201602);
	wire_free(&wire_login_step_message, &step);
	wire_free(&wire_login_step_message, &read);
	assert_null(read.devices.items);
	assert_null(read.ticket);
	secret_free(&body);
}

static void a_thousand_digests_fit_into_one_body(void **state)
{
	struct wire_csc_authorize wish = { .numSignatures = WIRE_SIGN_MAX };
	struct wire_csc_authorize read;
	struct wire_bytes *hashes;
	struct secret *body = NULL;
	uint8_t digest[WIRE_DIGEST_MAX];

	(void)state;
	WIRE_SET(wish.credentialID, "c");
	WIRE_SET(wish.hashAlgorithmOID, WIRE_OID_SHA512);
	assert_int_equal(wire_list_new(&wish.hashes, WIRE_SIGN_MAX, sizeof(struct wire_bytes), NULL), BE_OK);
	hashes = wish.hashes.items;
	for (size_t i = 0; i < WIRE_SIGN_MAX; i++) {
		memset(digest, (int)i, sizeof(digest));
		assert_int_equal(wire_set_bytes(&hashes[i], digest, sizeof(digest), NULL), BE_OK);
	}
	assert_int_equal(wire_list_new(&wish.authData, 1, sizeof(struct wire_csc_auth_data), NULL), BE_OK);
	WIRE_SET(((struct wire_csc_auth_data *)wish.authData.items)->id, WIRE_AUTH_ID);
	((struct wire_csc_auth_data *)wish.authData.items)->value = secret_of("kata sandi");
	assert_int_equal(wire_encode(&body, &wire_csc_authorize_message, &wish, NULL), BE_OK);
	assert_int_equal(
		wire_decode(&read, &wire_csc_authorize_message, secret_bytes(body), secret_len(body), NULL), BE_OK);
	assert_int_equal(read.hashes.count, WIRE_SIGN_MAX);
	for (size_t i = 0; i < WIRE_SIGN_MAX; i++)
		assert_memory_equal(((struct wire_bytes *)read.hashes.items)[i].data, hashes[i].data, sizeof(digest));
	wire_free(&wire_csc_authorize_message, &wish);
	wire_free(&wire_csc_authorize_message, &read);
	secret_free(&body);
}

#define NINES "999999999999999999"

static const struct {
	const char *what;
	const struct wire_message *message;
	const char *body;
	const char *detail; /* which member, in the detail; NULL: read */
} bodies[] = {
	{ "as it should be", &wire_login_message, "{\"user\":\"sari@example.id\",\"password\":\"p\"}", NULL },
	{ "members that nobody knows are passed over", &wire_login_message,
		"{\"user\":\"s\",\"clientData\":{\"a\":[1]},\"password\":\"p\"}", NULL },
	{ "null is as if it were not there", &wire_login_code_message,
		"{\"ticket\":\"t\",\"device\":null,\"code\":\"1\"}", NULL },
	{ "nothing", &wire_login_message, "", "" },
	{ "no object", &wire_login_message, "[]", "no object" },
	{ "a word", &wire_login_message, "true", "no object" },
	{ "cut short", &wire_login_message, "{\"user\":\"s\",\"password\":\"p\"", "" },
	{ "more behind it", &wire_login_message, "{\"user\":\"s\",\"password\":\"p\"}x", "" },
	{ "a member twice", &wire_login_message, "{\"user\":\"s\",\"password\":\"p\",\"user\":\"t\"}", "user" },
	{ "twice, spelt in another way", &wire_login_message,
		"{\"user\":\"s\",\"password\":\"p\",\"us\\u0065r\":\"t\"}", "user" },
	{ "one is missing", &wire_login_message, "{\"user\":\"s\"}", "password: missing" },
	{ "one is null", &wire_login_message, "{\"user\":\"s\",\"password\":null}", "password: missing" },
	{ "one is empty", &wire_login_message, "{\"user\":\"\",\"password\":\"p\"}", "user: empty" },
	{ "an empty secret", &wire_login_message, "{\"user\":\"s\",\"password\":\"\"}", "password: empty" },
	{ "a number for a text", &wire_login_message, "{\"user\":7,\"password\":\"p\"}", "user: no text" },
	{ "a list for a secret", &wire_login_message, "{\"user\":\"s\",\"password\":[\"p\"]}", "password: no text" },
	{ "a control character", &wire_login_message, "{\"user\":\"a\\nb\",\"password\":\"p\"}", "user: control" },
	{ "one of the other half", &wire_login_message, "{\"user\":\"a\\u009bb\",\"password\":\"p\"}",
		"user: control" },
	{ "the character zero", &wire_login_message, "{\"user\":\"a\\u0000b\",\"password\":\"p\"}", "" },
	{ "no UTF-8", &wire_login_message, "{\"user\":\"\xFF\",\"password\":\"p\"}", "" },
	{ "a text for a number", &wire_wait_message, "{\"change\":\"1\",\"seconds\":1}", "change: no whole number" },
	{ "less than nothing", &wire_wait_message, "{\"change\":-1,\"seconds\":1}", "change: no whole number" },
	{ "a part of a number", &wire_wait_message, "{\"change\":1.5,\"seconds\":1}", "change: no whole number" },
	{ "too large a number", &wire_wait_message, "{\"change\":" NINES ",\"seconds\":1}", "change: no whole number" },
	{ "a text for yes or no", &wire_csc_list_message, "{\"certInfo\":\"true\"}", "certInfo: neither" },
	{ "no base64", &wire_csc_timestamp_message, "{\"hash\":\"!!!!\",\"hashAlgo\":\"1\"}", "hash: no base64" },
	{ "base64 without its padding", &wire_csc_timestamp_message, "{\"hash\":\"YQ\",\"hashAlgo\":\"1\"}",
		"hash: no base64" },
	{ "base64 with a bit left over", &wire_csc_timestamp_message, "{\"hash\":\"YR==\",\"hashAlgo\":\"1\"}",
		"hash: no base64" },
	{ "a digest that is none", &wire_csc_timestamp_message,
		"{\"hash\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","
		"\"hashAlgo\":\"1\"}",
		"hash: too long" },
	{ "no list", &wire_csc_extend_message,
		"{\"credentialID\":\"c\",\"SAD\":\"s\",\"hashes\":{},\"hashAlgorithmOID\":\"1\"}", "hashes: no list" },
	{ "an element of another kind", &wire_csc_extend_message,
		"{\"credentialID\":\"c\",\"SAD\":\"s\",\"hashes\":[\"YQ==\",1],\"hashAlgorithmOID\":\"1\"}",
		"hashes: no text" },
	{ "an object in a list that lacks one", &wire_csc_authorize_message,
		"{\"credentialID\":\"c\",\"numSignatures\":1,\"hashes\":[],\"hashAlgorithmOID\":\"1\",\"authData\":[{}]}",
		"id: missing" },
	{ "no moment", &wire_event_message, "{\"at\":\"yesterday\",\"what\":\"w\"}", "at: no moment" },
};

static void a_body_is_read_whole_or_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		unsigned char *record = malloc(bodies[i].message->size);
		struct be_error err = { .code = BE_OK };
		enum be_err rc;

		assert_non_null(record);
		memset(record, 0xA5, bodies[i].message->size);
		rc = wire_decode(record, bodies[i].message, bodies[i].body, strlen(bodies[i].body), &err);
		if (rc != (bodies[i].detail == NULL ? BE_OK : BE_MALFORMED))
			fail_msg("%s: %s (%s)", bodies[i].what, be_err_word(rc), err.detail);
		if (bodies[i].detail != NULL && strstr(err.detail, bodies[i].detail) == NULL)
			fail_msg("%s: %s", bodies[i].what, err.detail);
		for (size_t k = 0; rc != BE_OK && k < bodies[i].message->size; k++)
			assert_int_equal(record[k], 0);
		wire_free(bodies[i].message, record);
		free(record);
	}
}

static void texts_have_a_longest(void **state)
{
	struct wire_device_add wish;
	struct buffer body = BUFFER_EMPTY;

	(void)state;
	for (size_t len = WIRE_NAME_MAX - 1; len <= WIRE_NAME_MAX; len++) {
		buffer_reset(&body);
		buffer_add_str(&body, "{\"name\":\"");
		buffer_add_fill(&body, 'x', len);
		buffer_add_str(&body, "\"}");
		assert_int_equal(wire_decode(&wish, &wire_device_add_message, body.data, body.len, NULL),
			len < WIRE_NAME_MAX ? BE_OK : BE_MALFORMED);
		wire_free(&wire_device_add_message, &wish);
	}
	buffer_free(&body);
	wire_set_text(wish.name, 4, "ab\xC3\xA9");
	assert_string_equal(wish.name, "ab");
	wire_set_text(wish.name, 5, "ab\xC3\xA9");
	assert_string_equal(wish.name, "ab\xC3\xA9");
}

static void lists_and_depth_have_a_most(void **state)
{
	struct wire_csc_authorize wish;
	struct buffer body = BUFFER_EMPTY;

	(void)state;
	for (size_t count = WIRE_SIGN_MAX; count <= WIRE_SIGN_MAX + 1; count++) {
		buffer_reset(&body);
		buffer_add_str(&body,
			"{\"credentialID\":\"c\",\"numSignatures\":1,\"hashAlgorithmOID\":\"1\",\"authData\":[],\"hashes\":[\"YQ==\"");
		for (size_t i = 1; i < count; i++)
			buffer_add_str(&body, ",\"YQ==\"");
		buffer_add_str(&body, "]}");
		assert_int_equal(wire_decode(&wish, &wire_csc_authorize_message, body.data, body.len, NULL),
			count <= WIRE_SIGN_MAX ? BE_OK : BE_MALFORMED);
		wire_free(&wire_csc_authorize_message, &wish);
	}
	buffer_reset(&body);
	buffer_add_fill(&body, '[', 100000);
	assert_int_equal(wire_decode(&wish, &wire_csc_authorize_message, body.data, body.len, NULL), BE_MALFORMED);
	buffer_add_fill(&body, '[', WIRE_BODY_MAX);
	assert_int_equal(wire_decode(&wish, &wire_csc_authorize_message, body.data, body.len, NULL), BE_LIMIT);
	buffer_free(&body);
}

/* ---- refusals ---- */

static void every_error_of_the_service_has_a_word_and_comes_back_as_itself(void **state)
{
	static const enum be_err same[] = { BE_MALFORMED, BE_LIMIT, BE_NOT_FOUND, BE_DENIED, BE_EXISTS, BE_SESSION,
		BE_WRONG_LOGIN, BE_WRONG_CODE, BE_CODE_USED, BE_CLOCK, BE_WRONG_PASSPHRASE, BE_LOCKED, BE_DISABLED,
		BE_BUSY, BE_LINK, BE_WEAK, BE_STATE, BE_REVOKED, BE_CERT_EXPIRED, BE_TOO_EARLY, BE_TERMS,
		BE_AUTHORISATION, BE_BAD_KEY_FILE, BE_UNSUPPORTED };

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct be_error said = { .code = same[i] };
		struct be_error heard = { .code = BE_OK };
		struct wire_failure failure;
		struct secret *body = NULL;

		said.tries_left = 3;
		said.retry_at = 1764201600;
		wire_failure_fill(&failure, wire_failure_of(same[i]), &said);
		assert_int_equal(wire_encode(&body, &wire_failure_message, &failure, NULL), BE_OK);
		assert_int_equal(
			wire_failure_decode(&failure, 400, secret_bytes(body), secret_len(body), &heard), same[i]);
		assert_non_null(heard.msgid);
		if (failure.tries_left != 0) {
			assert_int_equal(heard.tries_left, 3);
			assert_int_equal(heard.retry_at, 1764201600);
		}
		secret_free(&body);
	}
}

static void words_and_statuses_are_those_of_http(void **state)
{
	(void)state;
	for (size_t i = 0; i < WIRE_FAILURE_COUNT; i++) {
		enum wire_failure_code code = (enum wire_failure_code)i;
		unsigned status = wire_failure_status(code);

		assert_true(status >= 400 && status < 600);
		assert_true(strlen(wire_failure_word(code)) < sizeof(((struct wire_failure *)0)->word));
		assert_true(strlen(wire_failure_sentence(code)) < sizeof(((struct wire_failure *)0)->description));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(wire_failure_word(code), wire_failure_word((enum wire_failure_code)k));
	}
	assert_int_equal(wire_failure_of(BE_DAMAGED), WIRE_SERVER);
	assert_int_equal(wire_failure_of(BE_FULL), WIRE_FULL);
}

static void a_stranger_learns_nothing_from_the_details(void **state)
{
	static const enum be_err quiet[] = { BE_WRONG_LOGIN, BE_IO, BE_FULL, BE_SESSION, BE_BUSY, BE_CRYPTO };
	struct be_error err = { .code = BE_IO };
	struct wire_failure failure;

	(void)state;
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		(void)be_fail(&err, quiet[i], "no such user", "/var/lib/besignd");
		wire_failure_fill(&failure, wire_failure_of(quiet[i]), &err);
		assert_string_equal(failure.detail, "");
		assert_null(strstr(failure.description, "no such user"));
	}
}

static void what_is_not_the_service_is_told_by_its_status(void **state)
{
	static const struct {
		unsigned status;
		const char *body;
		enum be_err code;
	} answers[] = {
		{ 502, "<html>Bad Gateway</html>", BE_NETWORK },
		{ 401, "", BE_SESSION },
		{ 503, "busy", BE_BUSY },
		{ 429, "{}", BE_BUSY },
		{ 404, "{\"error\":", BE_NETWORK },
		{ 400, "{\"error\":\"credential_on_holiday\",\"error_description\":\"Come back\"}", BE_DENIED },
		{ 400, "{\"error\":\"Invalid_request\"}", BE_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct be_error err = { .code = BE_OK };
		struct wire_failure failure;

		assert_int_equal(wire_failure_decode(
					 &failure, answers[i].status, answers[i].body, strlen(answers[i].body), &err),
			answers[i].code);
		assert_int_equal(err.code, answers[i].code);
		assert_non_null(err.msgid);
	}
}

/* ---- forms ---- */

static void forms_are_read_and_written(void **state)
{
	static const char text[] = "a=1&b=%C3%A9+x%2B&c=&d&";
	const struct wire_form_pair pairs[] = {
		{ "grant_type", "authorization_code", 18 },
		{ "code", "a b&c=d/\xC3\xA9", 10 },
		{ "left_out", NULL, 0 },
		{ "empty", "", 0 },
	};
	struct wire_form *form = NULL;
	struct secret *written = NULL;

	(void)state;
	assert_int_equal(wire_form_parse(&form, text, strlen(text), NULL), BE_OK);
	assert_string_equal(wire_form_text(form, "a"), "1");
	assert_string_equal(wire_form_text(form, "b"), "\xC3\xA9 x+");
	assert_string_equal(wire_form_text(form, "c"), "");
	assert_string_equal(wire_form_text(form, "d"), "");
	assert_null(wire_form_text(form, "e"));
	wire_form_free(&form);
	assert_int_equal(wire_form_write(&written, pairs, 4, NULL), BE_OK);
	assert_string_equal(text_of(written), "grant_type=authorization_code&code=a%20b%26c%3Dd%2F%C3%A9&empty=");
	assert_int_equal(wire_form_parse(&form, secret_bytes(written), secret_len(written), NULL), BE_OK);
	assert_string_equal(wire_form_text(form, "code"), "a b&c=d/\xC3\xA9");
	wire_form_free(&form);
	secret_free(&written);
	assert_int_equal(wire_form_parse(&form, "", 0, NULL), BE_OK);
	assert_null(wire_form_text(form, "a"));
	wire_form_free(&form);
}

static void forms_that_could_be_read_in_two_ways_are_refused(void **state)
{
	static const char *const wrong[] = { "a=1&a=2", "a=1&%61=2", "a=%", "a=%4", "a=%4g", "=1", "a=%00", "a=%0d%0a",
		"a=%ff", "%ff=a", "a=\x01",
		"n0&n1&n2&n3&n4&n5&n6&n7&n8&n9&m0&m1&m2&m3&m4&m5&m6&m7&m8&m9&o0&o1&o2&o3&o4&o5&o6&o7&o8&o9&p0&p1&p2",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct wire_form *form = NULL;

		if (wire_form_parse(&form, wrong[i], strlen(wrong[i]), NULL) != BE_MALFORMED)
			fail_msg("%s", wrong[i]);
		assert_null(form);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_thousand_digests_fit_into_one_body),
		cmocka_unit_test(a_body_is_read_whole_or_refused_by_name),
		cmocka_unit_test(texts_have_a_longest),
		cmocka_unit_test(lists_and_depth_have_a_most),
		cmocka_unit_test(every_error_of_the_service_has_a_word_and_comes_back_as_itself),
		cmocka_unit_test(words_and_statuses_are_those_of_http),
		cmocka_unit_test(a_stranger_learns_nothing_from_the_details),
		cmocka_unit_test(what_is_not_the_service_is_told_by_its_status),
		cmocka_unit_test(forms_are_read_and_written),
		cmocka_unit_test(forms_that_could_be_read_in_two_ways_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
