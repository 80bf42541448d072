/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HELPER_UNLOCKD_H
#define HELPER_UNLOCKD_H

/*
 * The parts of besign-unlockd: what it keeps of each user on the disk, and its conversation with polkit and fprintd.
 * What it says to besign stands in unlock/daemon.h.
 */

#include "base/secret.h"
#include "unlock/daemon.h"

#include <stdbool.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

/* ---- unlockd_keep.c: files of a directory that is ours alone ---- */

/* Makes it when it is not there. BE_DENIED when others may look into it. */
enum be_err keep_open(const char *dir, struct be_error *err);

/* BE_NOT_FOUND when there is none and create is false. Owned by the caller. */
enum be_err keep_key(struct secret **out, const char *dir, uid_t uid, bool create, struct be_error *err);
bool keep_has_key(const char *dir, uid_t uid);
enum be_err keep_forget(const char *dir, uid_t uid, struct be_error *err);

/* Fingers of a user that were not recognised since one was. A try is counted, on the disk, before the finger is looked
 * at. */
struct keep_tries {
	unsigned count;
	int64_t last; /* seconds since 1970 */
};

enum be_err keep_tries_read(struct keep_tries *out, const char *dir, uid_t uid, struct be_error *err);
enum be_err keep_tries_write(const struct keep_tries *tries, const char *dir, uid_t uid, struct be_error *err);
/* The moment from which another finger may be tried; 0 when that is now. */
int64_t keep_tries_locked(const struct keep_tries *tries, int64_t now);

/* ---- unlockd_finger.c: polkit and fprintd ---- */

#define FINGER_NAME_MAX 256u

/* A finger that is waited for. */
struct finger {
	sd_bus *bus;
	sd_bus_slot *match;
	char owner[FINGER_NAME_MAX]; /* fprintd's connection: nobody else's signals count */
	char device[FINGER_NAME_MAX];
	bool claimed;
	bool started;
	uint64_t
		after; /* the number of fprintd's answer to being started: what it said before is about another finger */
	void (*done)(void *context, enum unlockd_word word); /* UNLOCKD_READY: recognised. Called once at most. */
	void *context;
};

/* Whether this user, in the session of that caller, could put a finger on the reader now. */
enum unlockd_word finger_look(sd_bus *bus, const char *caller, const char *user);

/* UNLOCKD_READY: done is called later, from sd_bus_process, unless finger_stop comes first. */
enum unlockd_word finger_start(struct finger *finger, const char *caller, const char *user);
void finger_stop(struct finger *finger);

#endif
