/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service.h"
#include "support/desk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int make(void **state)
{
	(void)state;
	desk_make();
	return setenv("XDG_DATA_HOME", desk_path("data"), 1) + setenv("XDG_STATE_HOME", desk_path("state"), 1) +
		setenv("XDG_RUNTIME_DIR", desk_path(""), 1);
}

static int clear(void **state)
{
	(void)state;
	(void)rmdir(desk_path("data/besign/service"));
	(void)rmdir(desk_path("data/besign"));
	desk_clear();
	return unsetenv("XDG_DATA_HOME") + unsetenv("XDG_STATE_HOME") + unsetenv("XDG_RUNTIME_DIR");
}

static void an_address_is_judged_before_it_is_asked(void **state)
{
	static const struct {
		const char *service;
		bool plain;
		enum be_err expected;
	} cases[] = {
		{ "", false, BE_OK },
		{ "embedded", false, BE_OK },
		{ "https://sign.example.id", false, BE_OK },
		{ "HTTPS://sign.example.id:8443/besign/", false, BE_OK },
		{ "http://localhost:8080", false, BE_OK },
		{ "http://127.0.0.1", false, BE_OK },
		{ "http://[::1]:80/", false, BE_OK },
		{ "http://sign.example.id", false, BE_USAGE },
		{ "http://localhost.example.id", false, BE_USAGE },
		{ "http://127.0.0.1.example.id", false, BE_USAGE },
		{ "http://sign.example.id", true, BE_OK },
		{ "https://", false, BE_USAGE },
		{ "https:///path", false, BE_USAGE },
		{ "https://a@sign.example.id", false, BE_USAGE },
		{ "https://sign.example.id/?a", false, BE_USAGE },
		{ "https://sign.example.id/#a", false, BE_USAGE },
		{ "https://sign.example .id", false, BE_USAGE },
		{ "ftp://sign.example.id", true, BE_USAGE },
		{ "sign.example.id", false, BE_USAGE },
		{ "Embedded", false, BE_USAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct be_error err = { .code = BE_OK };

		if (service_check(cases[i].service, cases[i].plain, &err) != cases[i].expected)
			fail_msg("%s", cases[i].service);
		assert_int_equal(err.code, cases[i].expected);
	}
}

static void plain_http_to_another_machine_is_known_as_such(void **state)
{
	struct settings settings;

	(void)state;
	settings_default(&settings);
	assert_int_equal(service_kind(&settings), SERVICE_NOT_CHOSEN);
	assert_false(service_is_plain(&settings));
	(void)strcpy(settings.service, "embedded");
	assert_int_equal(service_kind(&settings), SERVICE_EMBEDDED);
	assert_false(service_is_plain(&settings));
	(void)strcpy(settings.service, "http://localhost:8080");
	assert_int_equal(service_kind(&settings), SERVICE_SERVER);
	assert_false(service_is_plain(&settings));
	(void)strcpy(settings.service, "http://sign.example.id");
	assert_true(service_is_plain(&settings));
}

/* Nothing is asked by opening; so no besignd comes of it. */
static void an_account_is_opened_without_asking(void **state)
{
	struct account *account = NULL;
	struct settings settings;

	(void)state;
	settings_default(&settings);
	assert_int_equal(service_open(&account, &settings, NULL), BE_OK);
	assert_false(account_signed_in(account));
	account_free(&account);
	(void)strcpy(settings.service, "https://sign.example.id//");
	assert_int_equal(service_open(&account, &settings, NULL), BE_OK);
	assert_false(account_signed_in(account));
	account_free(&account);
	(void)strcpy(settings.service, "sign.example.id");
	assert_int_equal(service_open(&account, &settings, NULL), BE_USAGE);
	assert_null(account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_judged_before_it_is_asked),
		cmocka_unit_test(plain_http_to_another_machine_is_known_as_such),
		cmocka_unit_test_setup_teardown(an_account_is_opened_without_asking, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
