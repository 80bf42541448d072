/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/box.h"

#include "build.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The directory of the running program, with the slash. A program that was replaced while it runs has "
 * (deleted)" after its name, which leaves the directory right. */
static void add_own_directory(struct buffer *path)
{
	char self[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash = len > 0 && (size_t)len < sizeof(self) ? memrchr(self, '/', (size_t)len) : NULL;

	if (slash != NULL)
		buffer_add(path, self, (size_t)(slash - self) + 1);
}

static bool ends_in_a_program(struct buffer *path, const char *helper)
{
	buffer_add_str(path, helper);
	buffer_add_byte(path, '\0');
	if (path->failed)
		return false;
	path->len--;
	return access((const char *)path->data, X_OK) == 0;
}

enum be_err box_find(struct buffer *path, const char *helper, struct be_error *err)
{
	int why;

	buffer_reset(path);
	if (strchr(helper, '/') == NULL) {
		add_own_directory(path);
		if (path->len > 0 && ends_in_a_program(path, helper))
			return BE_OK;
		path->len = 0;
		buffer_add_str(path, BESIGN_LIBEXECDIR "/");
	}
	if (ends_in_a_program(path, helper))
		return BE_OK;
	why = errno;
	if (buffer_check(path, err) != BE_OK)
		return BE_NO_MEMORY;
	return be_fail(err, BE_HELPER, N_("A part of besign is missing on this computer: install besign again"),
		"%s: %s", (const char *)path->data, strerror(why));
}
