/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_BROWSE_H
#define APP_BROWSE_H

/*
 * The entries of one directory, for a person who looks for a document or a key file. Names are bytes, kept exactly as
 * the directory has them (line ends, broken UTF-8, marks that turn text around): whoever shows one makes it harmless
 * first (base/sanitise.h).
 */

#include "base/buffer.h"

/* More than these are not shown, unless fewer are asked for; so many names are looked at, at most. */
#define BROWSE_ENTRIES_MAX 100000u
#define BROWSE_NAMES_MAX 1000000u

enum browse_kind { BROWSE_PARENT, BROWSE_DIRECTORY, BROWSE_FILE };

struct browse_entry {
	const char *name; /* ".." for PARENT */
	enum browse_kind kind;
	/* Filled by browse_look. */
	bool looked;
	uint64_t size;    /* of a file; 0 for directories */
	int64_t modified; /* TIME_NONE when it cannot be told */
};

struct browse_wish {
	const char *const *endings; /* ".pdf"; in small letters, up to NULL. Files with another ending are left out */
	bool hidden;                /* shows names that begin with a dot */
	size_t most;                /* entries, the parent counted; 0: BROWSE_ENTRIES_MAX */
};

struct browse {
	struct browse_entry *entries; /* the parent, then directories, then files, each in order; owned */
	size_t count;
	bool more; /* there are more than are shown */
	struct buffer names;
	int dir;
};

#define BROWSE_EMPTY ((struct browse){ .dir = -1 })

/* Links are what they lead to; links that lead nowhere, pipes, devices are left out. The order: letters without regard
 * to their case, numbers by their value ("surat 2" before "surat 10"). BE_NOT_FOUND, BE_IO when the directory cannot be
 * read: out is empty then. Costs no look at single files where the file system tells kinds with names. */
enum be_err browse_read(struct browse *out, const char *dir, const struct browse_wish *wish, struct be_error *err);
void browse_free(struct browse *browse);

/* Fills size and time, once. An entry that is gone meanwhile has neither. */
void browse_look(const struct browse *browse, struct browse_entry *entry);

/* Whether a name that was typed is a directory or a file. BE_NOT_FOUND; BE_IO when that cannot be told. */
enum be_err browse_is(enum browse_kind *out, const char *path, struct be_error *err);

/* Less than, equal to, greater than 0, as strcmp, in the order above; 0 only for the same name. */
int browse_compare(const char *a, const char *b);

#endif
