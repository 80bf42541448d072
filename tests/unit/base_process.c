/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void nothing_of_the_process_is_left_on_the_disk(void **state)
{
	struct rlimit core;

	(void)state;
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L), 1);
	for (int i = 0; i < 2; i++) {
		process_guard_secrets();
		assert_int_equal(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L), 0);
		assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
		assert_int_equal(core.rlim_cur, 0);
		assert_int_equal(core.rlim_max, 0);
	}
}

/* Files without a name get theirs by way of /proc/self, which belongs to root from then on. */
static void outputs_are_written_all_the_same(void **state)
{
	char dir[] = "/tmp/besign-process-XXXXXX";
	char path[64];
	struct file_output *output = NULL;

	(void)state;
	process_guard_secrets();
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/hasil", dir);
	assert_int_equal(file_output_new(&output, path, 0600, false, NULL), BE_OK);
	assert_int_equal(file_output_commit(output, NULL), BE_OK);
	file_output_free(&output);
	assert_int_equal(unlink(path) + rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_the_process_is_left_on_the_disk),
		cmocka_unit_test(outputs_are_written_all_the_same),
	};

	return cmocka_run_group_tests_name("base_process", tests, NULL, NULL);
}
