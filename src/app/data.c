/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/data.h"

#include "base/config.h"
#include "build.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From the program's directory, in a build tree and in the tree of another kind of build below it. */
static const char *const beside[] = { "../contrib/", "../../contrib/" };

static bool stands(struct buffer *path, const char *name)
{
	buffer_add_str(path, name);
	buffer_add_byte(path, '\0');
	if (path->failed)
		return false;
	path->len--;
	return access((const char *)path->data, R_OK) == 0;
}

enum be_err data_find(struct buffer *path, const char *name, struct be_error *err)
{
	char self[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash = len > 0 && (size_t)len < sizeof(self) ? memrchr(self, '/', (size_t)len) : NULL;

	for (size_t i = 0; slash != NULL && i < sizeof(beside) / sizeof(beside[0]); i++) {
		buffer_reset(path);
		buffer_add(path, self, (size_t)(slash - self) + 1);
		buffer_add_str(path, beside[i]);
		if (stands(path, name))
			return BE_OK;
	}
	buffer_reset(path);
	buffer_add_str(path, BESIGN_DATADIR "/");
	if (stands(path, name))
		return BE_OK;
	if (buffer_check(path, err) != BE_OK)
		return BE_NO_MEMORY;
	return be_fail(err, BE_NOT_FOUND,
		N_("A file that belongs to besign is missing on this computer: install besign again"), "%s",
		(const char *)path->data);
}

enum be_err data_own(struct buffer *path, enum data_home home, const char *name, struct be_error *err)
{
	static const struct {
		const char *variable;
		const char *otherwise;
	} homes[] = {
		[DATA_HOME] = { "XDG_DATA_HOME", "/.local/share" },
		[DATA_CONFIG_HOME] = { "XDG_CONFIG_HOME", "/.config" },
		[DATA_STATE_HOME] = { "XDG_STATE_HOME", "/.local/state" },
	};
	const char *set = getenv(homes[home].variable);
	const char *user = getenv("HOME");

	buffer_reset(path);
	if (set != NULL && set[0] == '/')
		buffer_printf(path, "%s/besign/%s", set, name);
	else if (user != NULL && user[0] == '/')
		buffer_printf(path, "%s%s/besign/%s", user, homes[home].otherwise, name);
	else
		return be_fail(err, BE_NOT_FOUND, N_("There is no home directory to keep settings in; set HOME"), NULL);
	buffer_add_byte(path, '\0');
	if (buffer_check(path, err) != BE_OK)
		return BE_NO_MEMORY;
	path->len--;
	return BE_OK;
}

enum be_err data_read(
	void *out, data_take *take, enum data_home home, const char *name, size_t max, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	struct buffer path = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = data_own(&path, home, name, &cause);

	if (rc == BE_OK)
		rc = config_load(&text, (const char *)path.data, max, &cause);
	if (rc == BE_OK)
		rc = take(out, &text, (const char *)path.data, &cause);
	buffer_free(&path);
	buffer_free(&text);
	if (rc == BE_OK || rc == BE_NOT_FOUND)
		return BE_OK;
	if (err != NULL)
		*err = cause;
	return rc;
}
