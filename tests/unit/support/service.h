/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_SERVICE_H
#define SUPPORT_SERVICE_H

/*
 * A besignd of its own for tests, in a directory of its own, and an invented person who goes the whole way with it. The
 * service is a child of the test: it can be stopped, killed, and made to fail at a chosen call (preload/iofault.h). What
 * is only a means ends the program when it fails; what a test may want to see fail returns its error.
 */

#include "account/account.h"
#include "account/embedded.h"
#include "tests/preload/iofault.h"

#include <sys/types.h>

struct service_desk {
	char dir[64];
	struct embedded_place place;
	struct iofault *fault;
	char fault_file[80];
	pid_t pid;          /* 0: not running */
	const char *config; /* a file instead of the embedded mode, which names the desk's data and socket; NULL */
	bool bare;          /* without preload/iofault.h: for measurements */
};

void service_desk_make(struct service_desk *desk);
/* Ends the service, also one that was started behind the test's back, and removes everything. */
void service_desk_clear(struct service_desk *desk);

/* Starts besignd, the one beside the test program, and waits until it listens. It looks at a small machine. False when it
 * ended instead. */
bool service_desk_start(struct service_desk *desk);
/* SIGTERM, and waits; false when it did not end as it should (status 0). */
bool service_desk_stop(struct service_desk *desk);
/* SIGKILL, unless it is dead already, and waits. */
void service_desk_kill(struct service_desk *desk);
/* Waits until it has ended by itself. */
void service_desk_wait(struct service_desk *desk);

/* A copy of the data directory as it is, while nothing runs; and back. name: in the desk's directory. */
void service_desk_save(const struct service_desk *desk, const char *name);
void service_desk_load(const struct service_desk *desk, const char *name);

/* An account without a session file, at this desk. */
struct account *service_desk_account(const struct service_desk *desk);

struct service_person {
	char user[64];
	struct secret *password;
	struct secret *passphrase;
	struct secret *key; /* of the one-time codes; NULL before a device is enrolled */
	int64_t step;       /* of the newest code used */
	char device[WIRE_ID_MAX];
	char certificate[WIRE_ID_MAX];
};

/* number tells people apart. */
void service_person_make(struct service_person *person, unsigned number);
void service_person_free(struct service_person *person);
/* A secret of a text; owned by the caller. */
struct secret *service_secret(const char *text);
/* The key of an enrolment, as bytes; owned by the caller. */
struct secret *service_key(const struct wire_enrolment *enrolment);
/* A code that was not used yet and counts now: at most three within 30 seconds. Owned by the caller. */
struct secret *service_code(struct service_person *person);

/* Each is one step of the way, and needs those before it. */
enum be_err service_register(struct account *account, struct service_person *person, struct be_error *err);
enum be_err service_enrol(struct account *account, struct service_person *person, struct be_error *err);
enum be_err service_sign_in(struct account *account, struct service_person *person, struct be_error *err);
/* key: "p256", "rsa3072". */
enum be_err service_request(
	struct account *account, struct service_person *person, const char *key, struct be_error *err);
/* The newest link in the mailbox; BE_NOT_FOUND after 10 s without. Owned by the caller. */
enum be_err service_link(struct account *account, struct secret **link, struct be_error *err);
enum be_err service_set_passphrase(
	struct account *account, struct service_person *person, const struct secret *link, struct be_error *err);
/* All of these. */
enum be_err service_whole_way(
	struct account *account, struct service_person *person, const char *key, struct be_error *err);

/* "ISSUE", "NEW" …; "" when there is no such certificate. */
enum be_err service_state(
	struct account *account, const char *certificate, char out[static WIRE_WORD_MAX], struct be_error *err);
/* One authorisation, count signatures over digests of the number; each is held against the certificate. */
enum be_err service_sign(struct account *account, const struct service_person *person, const struct secret *passphrase,
	unsigned number, size_t count, struct be_error *err);

#endif
