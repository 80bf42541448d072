/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_LOG_H
#define SERVICE_LOG_H

/*
 * What the service tells its administrator: one JSON object a line on one descriptor, {"time", "level", "event", …}.
 * Not the audit log, which is kept (service/store.h). No secret is ever given to it: no password, passphrase, code,
 * token, link, SAD, private key, nor a body or a header of a request. Safe from any thread; a line is written whole.
 * A descriptor that refuses a line is no error: nobody could be told.
 */

#include "base/error.h"

#include <stdint.h>

enum service_log_level { SERVICE_LOG_DEBUG, SERVICE_LOG_INFO, SERVICE_LOG_WARNING, SERVICE_LOG_ERROR };

struct service_log_field {
	const char *name; /* NULL ends the list */
	const char *text; /* any bytes, made UTF-8 and cut at 500; NULL: the number counts */
	int64_t number;
};

#define SERVICE_LOG_TEXT(name, text) ((struct service_log_field){ (name), (text) != NULL ? (text) : "", 0 })
#define SERVICE_LOG_NUMBER(name, number) ((struct service_log_field){ (name), NULL, (number) })

/* event: "mail.sent", words of a-z with dots, fixed in the source. The fields may be none:
 *	service_log(SERVICE_LOG_INFO, "mail.sent", SERVICE_LOG_NUMBER("mail", id)); */
#define service_log(level, ...) SERVICE_LOG_PICK(level, __VA_ARGS__, { NULL, NULL, 0 })
#define SERVICE_LOG_PICK(level, event, ...) \
	service_log_fields((level), (event), (const struct service_log_field[]){ __VA_ARGS__ })
void service_log_fields(enum service_log_level level, const char *event, const struct service_log_field *fields);

/* The same with what went wrong: "error" (its word), "message" (the English sentence) and "detail". */
void service_log_error(enum service_log_level level, const char *event, const struct be_error *err);

/* Before the first line, or 2 (standard error) and SERVICE_LOG_INFO hold. fd is borrowed; -1: nothing is written. */
void service_log_to(int fd, enum service_log_level least);

#endif
