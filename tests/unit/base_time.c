/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *text;
	int64_t moment;   /* TIME_NONE: refused */
	const char *back; /* NULL: as text */
} rfc3339[] = {
	{ "1970-01-01T00:00:00Z", 0, NULL },
	{ "2026-11-22T10:23:54Z", 1795343034, NULL },
	{ "2024-02-29T23:59:59Z", 1709251199, NULL },
	{ "1969-12-31T23:59:59Z", -1, NULL },
	{ "0000-01-01T00:00:00Z", -62167219200, NULL },
	{ "9999-12-31T23:59:59Z", 253402300799, NULL },
	{ "1900-03-01T00:00:00Z", -2203891200, NULL },
	{ "2000-02-29T12:00:00Z", 951825600, NULL },
	{ "2026-11-22T17:23:54+07:00", 1795343034, "2026-11-22T10:23:54Z" },
	{ "2026-11-22t05:53:54.123456-04:30", 1795343034, "2026-11-22T10:23:54Z" },
	{ "2016-12-31T23:59:60z", 1483228800, "2017-01-01T00:00:00Z" },
	{ "", TIME_NONE, NULL },
	{ "now", TIME_NONE, NULL },
	{ "2026-11-22", TIME_NONE, NULL },
	{ "2026-11-22T10:23:54", TIME_NONE, NULL },
	{ "2026-11-22 10:23:54Z", TIME_NONE, NULL },
	{ "2026-11-22T10:23:54Z ", TIME_NONE, NULL },
	{ "2026-11-22T10:23:54.Z", TIME_NONE, NULL },
	{ "2026-11-22T10:23:54+0700", TIME_NONE, NULL },
	{ "2026-11-22T10:23:54+24:00", TIME_NONE, NULL },
	{ "2026-13-22T10:23:54Z", TIME_NONE, NULL },
	{ "2026-00-22T10:23:54Z", TIME_NONE, NULL },
	{ "2026-11-00T10:23:54Z", TIME_NONE, NULL },
	{ "2026-11-31T10:23:54Z", TIME_NONE, NULL },
	{ "2026-02-29T10:23:54Z", TIME_NONE, NULL },
	{ "1900-02-29T10:23:54Z", TIME_NONE, NULL },
	{ "2026-11-22T24:00:00Z", TIME_NONE, NULL },
	{ "2026-11-22T10:60:00Z", TIME_NONE, NULL },
	{ "2026-11-22T10:00:61Z", TIME_NONE, NULL },
	{ "-026-11-22T10:23:54Z", TIME_NONE, NULL },
	{ "+2026-1-22T10:23:54Z", TIME_NONE, NULL },
};

static void rfc_3339_is_understood_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rfc3339) / sizeof(rfc3339[0]); i++) {
		int64_t moment = TIME_NONE;
		char text[TIME_TEXT_MAX];
		enum be_err code = time_parse(&moment, rfc3339[i].text, NULL);

		if (code != (rfc3339[i].moment == TIME_NONE ? BE_USAGE : BE_OK) || moment != rfc3339[i].moment)
			fail_msg("%s: %s, %jd", rfc3339[i].text, be_err_word(code), (intmax_t)moment);
		if (code == BE_OK)
			assert_string_equal(
				time_format(text, moment), rfc3339[i].back != NULL ? rfc3339[i].back : rfc3339[i].text);
	}
}

static void every_day_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -719528; day < 2932897; day++) {
		time_t when = (time_t)(day * 86400 + (day * 7919 % 86400 + 86400) % 86400);
		char expected[TIME_TEXT_MAX];
		char text[TIME_TEXT_MAX];
		struct tm tm;
		int64_t back = TIME_NONE;

		if (day % 5 != 0) /* 730,000 days are enough to meet every kind of year */
			continue;
		assert_non_null(gmtime_r(&when, &tm));
		(void)snprintf(expected, sizeof(expected), "%04u-%02u-%02uT%02u:%02u:%02uZ",
			(unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
			(unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
			(unsigned)tm.tm_sec % 100);
		assert_string_equal(time_format(text, when), expected);
		assert_int_equal(time_parse(&back, text, NULL), BE_OK);
		assert_int_equal(back, when);
	}
}

static void moments_without_a_four_digit_year_have_no_text(void **state)
{
	static const int64_t moments[] = { TIME_NONE, INT64_MIN + 1, INT64_MAX, 253402300800, -62167219201 };

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		char text[TIME_TEXT_MAX] = "x";

		assert_string_equal(time_format(text, moments[i]), "");
		if (i < 3)
			assert_string_equal(time_format_pdf(text, moments[i]), "");
	}
}

static const struct {
	const char *zone, *text;
} zones[] = {
	{ "WIB-7", "D:20261122172354+07'00'" },
	{ "UTC0", "D:20261122102354+00'00'" },
	{ "NPT-5:45", "D:20261122160854+05'45'" },
	{ "NST3:30", "D:20261122065354-03'30'" },
	{ "ODD-7:07:12", "D:20261122173054+07'07'" },
};

static void a_pdf_date_says_the_local_time_and_its_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		char text[TIME_TEXT_MAX];

		assert_int_equal(setenv("TZ", zones[i].zone, 1), 0);
		tzset();
		assert_string_equal(time_format_pdf(text, 1795343034), zones[i].text);
		assert_int_equal(time_parse_pdf(text, strlen(text)), 1795343034);
	}
}

static const struct {
	const char *text;
	int64_t moment;
} pdf_dates[] = {
	{ "D:20261122102354Z", 1795343034 },
	{ "20261122102354Z", 1795343034 },
	{ "D:20261122102354", 1795343034 },
	{ "D:20261122102354Z00'00'", 1795343034 },
	{ "D:20261122102354Z00'00", 1795343034 },
	{ "D:20261122172354+07'00'", 1795343034 },
	{ "D:20261122172354+07'00", 1795343034 },
	{ "D:20261122172354+0700", 1795343034 },
	{ "D:20261122172354+07'", 1795343034 },
	{ "D:20261122172354+07", 1795343034 },
	{ "D:20261122065354-03'30'", 1795343034 },
	{ "D:1970", 0 },
	{ "D:197002", 31 * 86400 },
	{ "D:19700203", 33 * 86400 },
	{ "D:1970020304", 33 * 86400 + 4 * 3600 },
	{ "D:197002030405", 33 * 86400 + 4 * 3600 + 5 * 60 },
	{ "", TIME_NONE },
	{ "D:", TIME_NONE },
	{ "D:19", TIME_NONE },
	{ "D:20261", TIME_NONE },
	{ "D:20261322102354Z", TIME_NONE },
	{ "D:20260229102354Z", TIME_NONE },
	{ "D:20261122252354Z", TIME_NONE },
	{ "D:20261122102354+", TIME_NONE },
	{ "D:20261122102354+7", TIME_NONE },
	{ "D:20261122102354+07'0", TIME_NONE },
	{ "D:20261122102354+25'00'", TIME_NONE },
	{ "D:20261122102354Z07'00'", TIME_NONE },
	{ "D:20261122102354Z\x1B", TIME_NONE },
	{ "22 November 2026", TIME_NONE },
};

static void a_pdf_date_may_end_early_but_not_lie(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pdf_dates) / sizeof(pdf_dates[0]); i++) {
		int64_t moment = time_parse_pdf(pdf_dates[i].text, strlen(pdf_dates[i].text));

		if (moment != pdf_dates[i].moment)
			fail_msg("%s: %jd", pdf_dates[i].text, (intmax_t)moment);
	}
	assert_int_equal(time_parse_pdf("D:1970\0Z", 8), TIME_NONE);
}

static void the_clock_can_be_set_for_a_test(void **state)
{
	(void)state;
	time_set_for_test(12345);
	assert_int_equal(time_now(), 12345);
	time_set_for_test(TIME_NONE);
	assert_true(time_now() > 12345);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3339_is_understood_and_nothing_else),
		cmocka_unit_test(every_day_agrees_with_the_c_library),
		cmocka_unit_test(moments_without_a_four_digit_year_have_no_text),
		cmocka_unit_test(a_pdf_date_says_the_local_time_and_its_offset),
		cmocka_unit_test(a_pdf_date_may_end_early_but_not_lie),
		cmocka_unit_test(the_clock_can_be_set_for_a_test),
	};

	return cmocka_run_group_tests_name("base_time", tests, NULL, NULL);
}
