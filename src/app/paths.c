/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void end(struct buffer *out)
{
	buffer_add_byte(out, '\0');
	if (!out->failed)
		out->len--;
}

static size_t without_slashes(const char *path, size_t len)
{
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

/* Where the last part begins; the path has no slash at its end. */
static size_t last_part(const char *path, size_t len)
{
	const char *slash = len > 0 ? memrchr(path, '/', len) : NULL;

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static void join(struct buffer *out, const char *dir, size_t dir_len, const char *name, size_t len)
{
	const size_t kept = without_slashes(dir, dir_len);

	buffer_add(out, dir, kept);
	if (kept > 0 && len > 0 && dir[kept - 1] != '/')
		buffer_add_byte(out, '/');
	buffer_add(out, name, len);
}

void paths_join(struct buffer *out, const char *dir, const char *name)
{
	buffer_reset(out);
	join(out, dir, strlen(dir), name, strlen(name));
	end(out);
}

static bool is_up(const char *part, size_t len)
{
	return len == 2 && memcmp(part, "..", 2) == 0;
}

static bool is_here(const char *part, size_t len)
{
	return len == 0 || (len == 1 && part[0] == '.');
}

void paths_parent(struct buffer *out, const char *path)
{
	const size_t len = without_slashes(path, strlen(path));
	const size_t last = last_part(path, len);

	buffer_reset(out);
	if (is_up(path + last, len - last))
		join(out, path, len, "..", 2);
	else if (last > 0)
		buffer_add(out, path, without_slashes(path, last));
	else
		buffer_add_str(out, ".");
	end(out);
}

void paths_name(struct buffer *out, const char *path)
{
	const size_t len = without_slashes(path, strlen(path));
	const size_t last = last_part(path, len);

	buffer_reset(out);
	if (len == last)
		buffer_add_str(out, len > 0 ? "/" : ".");
	else
		buffer_add(out, path + last, len - last);
	end(out);
}

/* ---- absolute ---- */

static enum be_err add_start(struct buffer *out, const char **typed, const char *base, struct be_error *err)
{
	char *here = NULL;

	if ((*typed)[0] == '/')
		return BE_OK;
	if ((*typed)[0] == '~' && ((*typed)[1] == '/' || (*typed)[1] == '\0')) {
		const char *home = getenv("HOME");

		if (home == NULL || home[0] != '/')
			return be_fail(err, BE_NOT_FOUND, N_("There is no home directory; set HOME"), NULL);
		buffer_add_str(out, home);
		(*typed)++;
	} else if (base != NULL && base[0] == '/') {
		buffer_add_str(out, base);
	} else {
		here = getcwd(NULL, 0);
		if (here == NULL || here[0] != '/') {
			free(here);
			return be_fail_errno(err, BE_NOT_FOUND, N_("The current directory is gone"), "getcwd");
		}
		buffer_add_str(out, here);
		free(here);
		if (base != NULL)
			buffer_printf(out, "/%s", base);
	}
	buffer_add_byte(out, '/');
	return BE_OK;
}

/* What stands before and with the last "..", asked of the system: behind a symbolic link it is not what the letters
 * say. Left as it is where it leads nowhere. */
static size_t resolve_ups(struct buffer *out, const char *path)
{
	const char *last = NULL;
	char *start = NULL;
	char *real = NULL;

	for (const char *up = strstr(path, "/.."); up != NULL; up = strstr(up + 1, "/.."))
		if (up[3] == '/' || up[3] == '\0')
			last = up + 3;
	if (last == NULL)
		return 0;
	start = strndup(path, (size_t)(last - path));
	real = start != NULL ? realpath(start, NULL) : NULL;
	if (real != NULL)
		buffer_add_str(out, real);
	free(start);
	free(real);
	return out->len > 0 ? (size_t)(last - path) : 0;
}

static void add_parts(struct buffer *out, const char *path)
{
	while (*path != '\0') {
		const size_t len = strcspn(path, "/");

		if (!is_here(path, len)) {
			if (out->len == 0 || out->data[out->len - 1] != '/')
				buffer_add_byte(out, '/');
			buffer_add(out, path, len);
		}
		path += len + (path[len] == '/');
	}
	if (out->len == 0)
		buffer_add_byte(out, '/');
}

enum be_err paths_absolute(struct buffer *out, const char *typed, const char *base, struct be_error *err)
{
	struct buffer whole = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	buffer_reset(out);
	if (typed[0] == '\0')
		return be_fail(err, BE_USAGE, N_("Type the name of a file or a directory"), NULL);
	rc = add_start(&whole, &typed, base, err);
	if (rc == BE_OK) {
		buffer_add_str(&whole, typed);
		buffer_add_byte(&whole, '\0');
		rc = buffer_check(&whole, err);
	}
	if (rc == BE_OK) {
		const char *path = (const char *)whole.data;

		add_parts(out, path + resolve_ups(out, path));
		end(out);
		rc = buffer_check(out, err);
	}
	buffer_free(&whole);
	return rc;
}

void paths_short(struct buffer *out, const char *path)
{
	const char *home = getenv("HOME");
	const size_t len = home != NULL && home[0] == '/' ? strlen(home) : 0;

	buffer_reset(out);
	if (len > 1 && strncmp(path, home, len) == 0 && path[len] == '/') {
		buffer_add_byte(out, '~');
		path += len;
	}
	buffer_add_str(out, path);
	buffer_add_byte(out, '\0');
	if (!out->failed)
		out->len--;
}
