/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/soft_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

static char dir[] = "/tmp/besign-token-XXXXXX";

static void add(const char *label)
{
	char command[256];

	(void)snprintf(command, sizeof(command),
		"softhsm2-util --init-token --free --label '%s' --pin " SOFT_TOKEN_PIN " --so-pin 12345678 >/dev/null",
		label);
	assert_int_equal(system(command), 0);
}

bool soft_token_make(void)
{
	char path[64];
	FILE *file;

	if (system("command -v softhsm2-util >/dev/null") != 0)
		return false;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/tokens", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/conf", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	(void)fprintf(file, "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n", dir);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
	add("besign-test");
	add(SOFT_TOKEN_SECOND);
	add(SOFT_TOKEN_THIRD);
	return true;
}

void soft_token_clear(void)
{
	char command[64];

	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}
