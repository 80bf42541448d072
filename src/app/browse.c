/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/browse.h"

#include "base/time.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wctype.h>

/* ---- the order ---- */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* By value, however long: without leading zeros the longer one is greater. Goes behind both numbers. */
static int compare_numbers(const uint8_t **a, const uint8_t **b)
{
	size_t a_len = 0;
	size_t b_len = 0;
	int order;

	while (**a == '0')
		(*a)++;
	while (**b == '0')
		(*b)++;
	while (is_digit((*a)[a_len]))
		a_len++;
	while (is_digit((*b)[b_len]))
		b_len++;
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	order = memcmp(*a, *b, a_len);
	*a += a_len;
	*b += b_len;
	return order;
}

/* What is no UTF-8 comes after all letters, octet by octet. */
static uint32_t next_letter(const uint8_t **at)
{
	uint32_t c = **at;

	if (c < 0x80) {
		(*at)++;
		return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
	}
	*at += utf8_decode(*at, strnlen((const char *)*at, 4), &c);
	return c == UTF8_BAD ? 0x110000u + (*at)[-1] : (uint32_t)towlower((wint_t)c);
}

int browse_compare(const char *a, const char *b)
{
	const uint8_t *left = (const uint8_t *)a;
	const uint8_t *right = (const uint8_t *)b;

	while (*left != '\0' && *right != '\0') {
		uint32_t x;
		uint32_t y;

		if (is_digit(*left) && is_digit(*right)) {
			const int order = compare_numbers(&left, &right);

			if (order != 0)
				return order;
			continue;
		}
		x = next_letter(&left);
		y = next_letter(&right);
		if (x != y)
			return x < y ? -1 : 1;
	}
	if (*left != *right)
		return *left == '\0' ? -1 : 1;
	return strcmp(a, b);
}

static int compare_entries(const void *a, const void *b)
{
	const struct browse_entry *left = a;
	const struct browse_entry *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return browse_compare(left->name, right->name);
}

/* ---- reading ---- */

static bool ends_well(const char *name, const char *const *endings)
{
	const size_t len = strlen(name);

	for (; *endings != NULL; endings++) {
		const size_t ending = strlen(*endings);

		if (len > ending && strcasecmp(name + len - ending, *endings) == 0)
			return true;
	}
	return false;
}

/* DT_UNKNOWN for what is neither, or leads nowhere. */
static unsigned char kind_behind(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0) != 0)
		return DT_UNKNOWN;
	return S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
}

static bool is_wanted(
	const struct browse *b, const struct dirent *found, const struct browse_wish *wish, enum browse_kind *kind)
{
	unsigned char type = found->d_type;

	if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
		return false;
	if (found->d_name[0] == '.' && !wish->hidden)
		return false;
	if (type == DT_LNK || type == DT_UNKNOWN)
		type = kind_behind(b->dir, found->d_name);
	*kind = type == DT_DIR ? BROWSE_DIRECTORY : BROWSE_FILE;
	return type == DT_DIR || (type == DT_REG && ends_well(found->d_name, wish->endings));
}

/* The name stays an offset until all are there: the buffer moves while it grows. */
static bool add(struct browse *b, size_t *room, const char *name, enum browse_kind kind)
{
	if (b->count == *room) {
		const size_t grown = *room == 0 ? 256 : 2 * *room;
		struct browse_entry *entries = reallocarray(b->entries, grown, sizeof(*entries));

		if (entries == NULL)
			return false;
		b->entries = entries;
		*room = grown;
	}
	b->entries[b->count++] = (struct browse_entry){ .kind = kind, .size = b->names.len, .modified = TIME_NONE };
	buffer_add(&b->names, name, strlen(name) + 1);
	return !b->names.failed;
}

static void name_them(struct browse *b)
{
	for (size_t i = 0; i < b->count; i++) {
		b->entries[i].name = (const char *)b->names.data + b->entries[i].size;
		b->entries[i].size = 0;
	}
}

static bool is_root(int dir)
{
	struct stat here;
	struct stat root;

	return fstat(dir, &here) == 0 && stat("/", &root) == 0 && here.st_dev == root.st_dev &&
		here.st_ino == root.st_ino;
}

static enum be_err cannot_read(struct be_error *err, const char *dir)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return be_fail_errno(err, BE_NOT_FOUND, N_("There is no such directory"), dir);
	if (errno == EACCES || errno == EPERM)
		return be_fail_errno(err, BE_IO, N_("You are not allowed to see what is in this directory"), dir);
	return be_fail_errno(err, BE_IO, N_("The directory cannot be read"), dir);
}

enum be_err browse_is(enum browse_kind *out, const char *path, struct be_error *err)
{
	struct stat st;

	if (stat(path, &st) == 0) {
		*out = S_ISDIR(st.st_mode) ? BROWSE_DIRECTORY : BROWSE_FILE;
		return BE_OK;
	}
	if (errno == ENOENT || errno == ENOTDIR)
		return be_fail_errno(err, BE_NOT_FOUND, N_("The file does not exist"), path);
	return be_fail_errno(err, BE_IO, N_("The file could not be opened"), path);
}

static enum be_err read_entries(
	struct browse *b, DIR *stream, const struct browse_wish *wish, const char *dir, struct be_error *err)
{
	const size_t most = wish->most != 0 && wish->most < BROWSE_ENTRIES_MAX ? wish->most : BROWSE_ENTRIES_MAX;
	size_t room = 0;
	bool fits = is_root(b->dir) || add(b, &room, "..", BROWSE_PARENT);
	const struct dirent *found = NULL;

	for (size_t looked = 0; fits; looked++) {
		enum browse_kind kind;

		errno = 0;
		found = readdir(stream);
		if (found == NULL)
			break;
		b->more = looked == BROWSE_NAMES_MAX;
		if (!b->more && !is_wanted(b, found, wish, &kind))
			continue;
		b->more = b->more || b->count >= most;
		if (b->more)
			return BE_OK;
		fits = add(b, &room, found->d_name, kind);
	}
	if (!fits)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	return errno == 0 ? BE_OK : cannot_read(err, dir);
}

enum be_err browse_read(struct browse *out, const char *dir, const struct browse_wish *wish, struct be_error *err)
{
	DIR *stream = opendir(dir);
	enum be_err rc = BE_OK;

	*out = BROWSE_EMPTY;
	if (stream == NULL)
		return cannot_read(err, dir);
	out->dir = fcntl(dirfd(stream), F_DUPFD_CLOEXEC, 3);
	if (out->dir < 0)
		rc = cannot_read(err, dir);
	if (rc == BE_OK)
		rc = read_entries(out, stream, wish, dir, err);
	(void)closedir(stream);
	if (rc != BE_OK) {
		browse_free(out);
		return rc;
	}
	name_them(out);
	if (out->count > 0)
		qsort(out->entries, out->count, sizeof(*out->entries), compare_entries);
	return BE_OK;
}

void browse_free(struct browse *browse)
{
	if (browse->dir >= 0)
		(void)close(browse->dir);
	free(browse->entries);
	buffer_free(&browse->names);
	*browse = BROWSE_EMPTY;
}

void browse_look(const struct browse *browse, struct browse_entry *entry)
{
	struct stat st;

	if (entry->looked)
		return;
	entry->looked = true;
	if (fstatat(browse->dir, entry->name, &st, 0) != 0)
		return;
	entry->modified = st.st_mtim.tv_sec;
	entry->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}
