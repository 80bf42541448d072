/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CHECK_H
#define APP_CHECK_H

/*
 * Verifying one document for a person: the report, and whom they could trust so that it would say more. One for a
 * worker thread, which is given nothing else of the desk.
 */

#include "app/desk.h"

struct check {
	const struct app_engine *engine;
	enum verify_revocation revocation;
	char *path; /* owned */
	struct verify_report report;
	struct trust_list offers; /* anchors that come with the program, not accepted, that signatures lead to */
};

/* Owned by the caller; NULL without memory. */
struct check *check_new(const struct desk *desk, const char *path);
/* May take long. A document that cannot be judged is a report with ERROR. */
enum be_err check_run(struct check *check, struct be_error *err);
void check_free(struct check *check);

#endif
