/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/log.h"

#include "base/file.h"
#include "base/json.h"
#include "base/time.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX 500u

static atomic_int target = STDERR_FILENO;
static atomic_int threshold = SERVICE_LOG_INFO;

static const char *const words[] = { "debug", "info", "warning", "error" };

void service_log_to(int fd, enum service_log_level least)
{
	atomic_store(&target, fd);
	atomic_store(&threshold, (int)least);
}

static void put_text(struct json *line, const char *name, const char *text)
{
	char cut[TEXT_MAX + 1];
	const size_t len = strnlen(text, TEXT_MAX);

	memcpy(cut, text, len);
	cut[len] = '\0';
	json_put_string(line, name, cut);
}

/* One write for the whole line, so that lines of several threads, or processes, never mix. */
static void write_line(const struct json *line, int fd)
{
	struct buffer text = BUFFER_EMPTY;

	if (json_print(&text, line, NULL) == BE_OK) {
		buffer_add_byte(&text, '\n');
		if (!text.failed)
			(void)file_write(fd, text.data, text.len, NULL);
	}
	buffer_free(&text);
}

void service_log_fields(enum service_log_level level, const char *event, const struct service_log_field *fields)
{
	const int fd = atomic_load(&target);
	char when[TIME_TEXT_MAX];
	struct json *line = NULL;

	if (fd < 0 || (int)level < atomic_load(&threshold))
		return;
	line = json_object();
	json_put_string(line, "time", time_format(when, time_now()));
	json_put_string(line, "level", words[level]);
	json_put_string(line, "event", event);
	for (; fields->name != NULL; fields++) {
		if (fields->text != NULL)
			put_text(line, fields->name, fields->text);
		else
			json_put_int(line, fields->name, fields->number);
	}
	write_line(line, fd);
	json_free(&line);
}

void service_log_error(enum service_log_level level, const char *event, const struct be_error *err)
{
	const struct service_log_field fields[] = {
		SERVICE_LOG_TEXT("error", be_err_word(err->code)),
		SERVICE_LOG_TEXT("message", err->msgid),
		SERVICE_LOG_TEXT("detail", err->detail),
		{ NULL, NULL, 0 },
	};

	service_log_fields(level, event, fields);
}
