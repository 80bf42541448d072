/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CERT_PRINT_H
#define CLI_CERT_PRINT_H

/*
 * A certificate at the account service as it is told: as lines for people, and as JSON.
 */

#include "base/json.h"
#include "wire/account.h"

/* Whether it signs now, as far as the state says. */
bool cert_print_works(const struct wire_certificate *certificate);
/* Whole days until it ends, 0 on the last; negative after it. False when it was not issued yet. */
bool cert_print_days(int64_t *days, const struct wire_certificate *certificate);
/* It works, and goes on working for more than so many days. */
bool cert_print_lasts(const struct wire_certificate *certificate, int64_t days);

/* "ISSUED  ID" and lines below it; all: with issuer, fingerprint, moments. */
void cert_print(const struct wire_certificate *certificate, bool chosen, bool all);
void cert_print_history(const struct wire_history *history);

/* Owned by the caller. */
struct json *cert_print_json(const struct wire_certificate *certificate, bool chosen);
void cert_print_put_time(struct json *object, const char *key, int64_t moment); /* null when there is none */
/* One line; what is taken is freed. */
enum be_err cert_print_line(struct json *taken, struct be_error *err);

#endif
