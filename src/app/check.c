/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/check.h"

#include <stdlib.h>
#include <string.h>

struct check *check_new(const struct desk *desk, const char *path)
{
	struct check *check = calloc(1, sizeof(*check));

	if (check == NULL)
		return NULL;
	check->engine = desk->engine;
	check->revocation = (enum verify_revocation)desk->settings.revocation;
	check->report.result = VERIFY_ERROR;
	check->path = strdup(path);
	if (check->path == NULL) {
		free(check);
		return NULL;
	}
	return check;
}

static bool misses_trust(const struct verify_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (!report->signatures[i].trusted)
			return true;
	return false;
}

/* That nobody can be offered changes no verdict, so it is no failure. */
enum be_err check_run(struct check *check, struct be_error *err)
{
	const enum be_err rc = check->engine->verify(&check->report, check->path, check->revocation, err);

	if (rc == BE_OK && misses_trust(&check->report))
		(void)check->engine->trust_offers(&check->offers, check->path, NULL);
	return rc;
}

void check_free(struct check *check)
{
	if (check == NULL)
		return;
	verify_report_free(&check->report);
	trust_list_free(&check->offers);
	free(check->path);
	free(check);
}
