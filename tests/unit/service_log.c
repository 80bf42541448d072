/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/time.h"
#include "service/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static FILE *log_file;

static int open_log(void **state)
{
	(void)state;
	log_file = tmpfile();
	if (log_file == NULL)
		return -1;
	service_log_to(fileno(log_file), SERVICE_LOG_INFO);
	time_set_for_test(1795694634);
	return 0;
}

static int close_log(void **state)
{
	(void)state;
	service_log_to(-1, SERVICE_LOG_INFO);
	time_set_for_test(TIME_NONE);
	return fclose(log_file);
}

/* The next line, as it was written; NULL at the end. */
static char *next_line(char out[static 4096])
{
	char *line = fgets(out, 4096, log_file);

	if (line != NULL)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

static void a_line_is_one_object(void **state)
{
	char line[4096];

	(void)state;
	service_log(SERVICE_LOG_WARNING, "mail.later", SERVICE_LOG_NUMBER("mail", 7), SERVICE_LOG_TEXT("code", "451"));
	service_log(SERVICE_LOG_INFO, "service.started");
	rewind(log_file);
	assert_string_equal(next_line(line),
		"{\"time\":\"2026-11-26T12:03:54Z\",\"level\":\"warning\",\"event\":\"mail.later\",\"mail\":7,\"code\":\"451\"}");
	assert_string_equal(next_line(line),
		"{\"time\":\"2026-11-26T12:03:54Z\",\"level\":\"info\",\"event\":\"service.started\"}");
	assert_null(next_line(line));
}

static void what_is_below_the_level_is_not_written(void **state)
{
	char line[4096];

	(void)state;
	service_log(SERVICE_LOG_DEBUG, "http.request");
	rewind(log_file);
	assert_null(next_line(line));
}

static void a_text_of_others_stays_in_its_line(void **state)
{
	char line[4096];
	char text[2000];
	struct json *value = NULL;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	service_log(SERVICE_LOG_INFO, "http.refused", SERVICE_LOG_TEXT("peer", "a\n{\"event\":\"forged\"}\x1b[2J\xff"),
		SERVICE_LOG_TEXT("long", text), SERVICE_LOG_TEXT("none", NULL));
	rewind(log_file);
	assert_non_null(next_line(line));
	assert_int_equal(json_parse(&value, line, strlen(line), NULL), BE_OK);
	assert_string_equal(json_string(json_get(value, "event")), "http.refused");
	assert_int_equal(strlen(json_string(json_get(value, "long"))), 500);
	assert_string_equal(json_string(json_get(value, "none")), "");
	assert_null(strchr(line, '\x1b'));
	json_free(&value);
	assert_null(next_line(line));
}

static void *write_many(void *arg)
{
	for (int i = 0; i < 200; i++)
		service_log(SERVICE_LOG_INFO, "test.thread", SERVICE_LOG_NUMBER("i", i));
	return arg;
}

static void lines_of_threads_do_not_mix(void **state)
{
	pthread_t threads[4];
	char line[4096];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, NULL), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	rewind(log_file);
	while (next_line(line) != NULL) {
		struct json *value = NULL;

		assert_int_equal(json_parse(&value, line, strlen(line), NULL), BE_OK);
		json_free(&value);
		count++;
	}
	assert_int_equal(count, 800);
}

static void an_error_is_told_with_its_word(void **state)
{
	struct be_error err = { .code = BE_OK };
	char line[4096];

	(void)state;
	(void)be_fail(&err, BE_BUSY, "Another besignd uses this data directory", "pid %d", 1);
	service_log_error(SERVICE_LOG_ERROR, "service.failed", &err);
	rewind(log_file);
	assert_non_null(strstr(next_line(line),
		"\"error\":\"busy\",\"message\":\"Another besignd uses this data directory\",\"detail\":\"pid 1\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_is_one_object, open_log, close_log),
		cmocka_unit_test_setup_teardown(what_is_below_the_level_is_not_written, open_log, close_log),
		cmocka_unit_test_setup_teardown(a_text_of_others_stays_in_its_line, open_log, close_log),
		cmocka_unit_test_setup_teardown(lines_of_threads_do_not_mix, open_log, close_log),
		cmocka_unit_test_setup_teardown(an_error_is_told_with_its_word, open_log, close_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
