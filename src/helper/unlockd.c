/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * besign-unlockd: makes a fingerprint mean something. fprintd says yes or no; this process, which is root, is told so and
 * gives the user who asked a key that nobody but root has. One request at a time, one key for one finger: what is
 * released is decided by the request that the finger was waited for, and that request is gone before its answer is sent.
 */

#include "helper/unlockd.h"
#include "base/process.h"
#include "base/time.h"
#include "crypto/mac.h"
#include "crypto/random.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STATE "/var/lib/besign-unlockd"
#define PURPOSE "besign-unlockd: a key for a slot 1"
#define SECONDS UINT64_C(1000000)
#define CALL_WITHIN (10 * SECONDS)
#define IDLE_AFTER (60 * SECONDS)

struct request {
	sd_bus_message *message; /* NULL: nobody waits */
	sd_bus_track *caller;
	uid_t uid;
	uint8_t salt[UNLOCKD_SALT_SIZE];
	bool create;
	struct keep_tries before; /* as they were without this one */
	uint64_t until;           /* monotonic, microseconds */
	struct finger finger;
};

static struct {
	sd_bus *bus;
	const char *dir;
	struct request request;
	uint64_t last; /* when something was done */
} self;

static uint64_t now_usec(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECONDS + (uint64_t)t.tv_nsec / 1000;
}

static const char *word_text(enum unlockd_word word)
{
	static const char *const texts[] = {
#define X(name, text, code, msgid) text,
		UNLOCKD_WORDS(X)
#undef X
	};

	return texts[word];
}

static int refuse(sd_bus_message *m, enum unlockd_word word, int64_t retry_at)
{
	char name[sizeof(UNLOCKD_ERRORS) + 32];

	(void)snprintf(name, sizeof(name), "%s%s", UNLOCKD_ERRORS, word_text(word));
	return sd_bus_reply_method_errorf(m, name, "%jd", (intmax_t)retry_at);
}

static int complain(const struct be_error *err)
{
	(void)fprintf(stderr, "<3>%s (%s)\n", err->msgid, err->detail);
	return -EIO;
}

/* ---- who asks ---- */

struct caller {
	uid_t uid;
	char user[FINGER_NAME_MAX];
};

/* The bus knows the user of each connection from the kernel. */
static enum unlockd_word know_caller(struct caller *out, sd_bus_message *m)
{
	sd_bus_creds *creds = NULL;
	const struct passwd *entry = NULL;
	enum unlockd_word word = UNLOCKD_NO_USER;

	if (sd_bus_query_sender_creds(m, SD_BUS_CREDS_EUID, &creds) >= 0 &&
		sd_bus_creds_get_euid(creds, &out->uid) >= 0)
		entry = getpwuid(out->uid);
	if (entry != NULL && strlen(entry->pw_name) < sizeof(out->user)) {
		(void)strcpy(out->user, entry->pw_name);
		word = UNLOCKD_READY;
	}
	(void)sd_bus_creds_unref(creds);
	return word;
}

/* ---- the one request ---- */

static enum be_err derive(struct secret **out, const struct request *r, struct be_error *err)
{
	struct secret *key = NULL;
	enum be_err rc = keep_key(&key, self.dir, r->uid, r->create, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = crypto_hkdf(out, UNLOCKD_KEY_SIZE, key, r->salt, sizeof(r->salt), PURPOSE, err);
	secret_free(&key);
	return rc;
}

static void reply_key(sd_bus_message *m, const struct secret *key)
{
	sd_bus_message *reply = NULL;

	if (sd_bus_message_new_method_return(m, &reply) >= 0 && sd_bus_message_sensitive(reply) >= 0 &&
		sd_bus_message_append_array(reply, SD_BUS_TYPE_BYTE, secret_bytes(key), secret_len(key)) >= 0)
		(void)sd_bus_send(NULL, reply, NULL);
	(void)sd_bus_message_unref(reply);
}

static void settle_tries(const struct request *r, enum unlockd_word word)
{
	const struct keep_tries none = { 0, 0 };
	struct be_error err = { .code = BE_OK };

	/* It was counted already. A finger that never came is no try. */
	if (word == UNLOCKD_NO_MATCH)
		return;
	if (keep_tries_write(word == UNLOCKD_READY ? &none : &r->before, self.dir, r->uid, &err) != BE_OK)
		(void)complain(&err);
}

/* Takes the request away first: whatever fprintd or the caller do now, there is nothing more to be had. */
static void finish(enum unlockd_word word, bool answer)
{
	struct request r = self.request;
	struct be_error err = { .code = BE_OK };
	struct secret *key = NULL;

	if (r.message == NULL)
		return;
	finger_stop(&self.request.finger);
	memset(&self.request, 0, sizeof(self.request));
	self.last = now_usec();
	settle_tries(&r, word);
	(void)fprintf(stderr, "<6>uid %ju: %s\n", (uintmax_t)r.uid, word == UNLOCKD_READY ? "match" : word_text(word));
	if (answer && word == UNLOCKD_READY && derive(&key, &r, &err) != BE_OK) {
		word = err.code == BE_OK ? UNLOCKD_NO_KEY : UNLOCKD_FAILED;
		if (err.code != BE_OK)
			(void)complain(&err);
	}
	if (answer && word == UNLOCKD_READY)
		reply_key(r.message, key);
	else if (answer)
		(void)refuse(r.message, word, 0);
	secret_free(&key);
	explicit_bzero(r.salt, sizeof(r.salt));
	(void)sd_bus_track_unref(r.caller);
	(void)sd_bus_message_unref(r.message);
}

static void finger_done(void *unused, enum unlockd_word word)
{
	(void)unused;
	finish(word, true);
}

static int caller_left(sd_bus_track *unused, void *context)
{
	(void)unused;
	(void)context;
	finish(UNLOCKD_NO_TOUCH, false);
	return 0;
}

static bool read_request(struct request *r, sd_bus_message *m)
{
	const void *salt = NULL;
	size_t len = 0;
	int create = 0;

	if (sd_bus_message_read_array(m, SD_BUS_TYPE_BYTE, &salt, &len) <= 0 || len != sizeof(r->salt) ||
		sd_bus_message_read(m, "b", &create) <= 0)
		return false;
	memcpy(r->salt, salt, len);
	r->create = create != 0;
	return true;
}

/* Counted on the disk before the finger is looked at. */
static enum unlockd_word count_try(struct request *r, int64_t *retry_at)
{
	const int64_t now = time_now();
	struct be_error err = { .code = BE_OK };
	struct keep_tries with;

	if (keep_tries_read(&r->before, self.dir, r->uid, &err) != BE_OK) {
		(void)complain(&err);
		return UNLOCKD_FAILED;
	}
	*retry_at = keep_tries_locked(&r->before, now);
	if (*retry_at != 0)
		return UNLOCKD_LOCKED;
	with = (struct keep_tries){ r->before.count + 1, now };
	if (keep_tries_write(&with, self.dir, r->uid, &err) == BE_OK)
		return UNLOCKD_READY;
	(void)complain(&err);
	return UNLOCKD_FAILED;
}

static bool track(struct request *r, sd_bus_message *m)
{
	return sd_bus_track_new(self.bus, &r->caller, caller_left, NULL) >= 0 &&
		sd_bus_track_add_sender(r->caller, m) >= 0;
}

static int on_release(sd_bus_message *m, void *unused, sd_bus_error *error)
{
	struct request *r = &self.request;
	struct caller caller = { .uid = 0 };
	int64_t retry_at = 0;
	enum unlockd_word word;

	(void)unused;
	self.last = now_usec();
	if (r->message != NULL)
		return refuse(m, UNLOCKD_BUSY, 0);
	memset(r, 0, sizeof(*r));
	if (!read_request(r, m))
		return sd_bus_error_set_const(error, SD_BUS_ERROR_INVALID_ARGS, "salt");
	word = know_caller(&caller, m);
	r->uid = caller.uid;
	if (word == UNLOCKD_READY && !r->create && !keep_has_key(self.dir, r->uid))
		word = UNLOCKD_NO_KEY;
	if (word == UNLOCKD_READY)
		word = count_try(r, &retry_at);
	if (word != UNLOCKD_READY)
		return refuse(m, word, retry_at);
	r->finger = (struct finger){ .bus = self.bus, .done = finger_done };
	word = track(r, m) ? finger_start(&r->finger, sd_bus_message_get_sender(m), caller.user) : UNLOCKD_FAILED;
	r->message = sd_bus_message_ref(m);
	r->until = now_usec() + UNLOCKD_FINGER_WITHIN_S * SECONDS;
	if (word != UNLOCKD_READY)
		finish(word, true);
	return 1;
}

static int on_look(sd_bus_message *m, void *unused, sd_bus_error *unused_error)
{
	struct keep_tries tries = { 0, 0 };
	struct caller caller = { .uid = 0 };
	int64_t retry_at = 0;
	enum unlockd_word word = know_caller(&caller, m);

	(void)unused;
	(void)unused_error;
	self.last = now_usec();
	if (word == UNLOCKD_READY)
		word = finger_look(self.bus, sd_bus_message_get_sender(m), caller.user);
	if (word == UNLOCKD_READY && keep_tries_read(&tries, self.dir, caller.uid, NULL) == BE_OK)
		retry_at = keep_tries_locked(&tries, time_now());
	if (retry_at != 0)
		word = UNLOCKD_LOCKED;
	return sd_bus_reply_method_return(m, "sx", word_text(word), retry_at);
}

static int on_forget(sd_bus_message *m, void *unused, sd_bus_error *unused_error)
{
	struct be_error err = { .code = BE_OK };
	struct caller caller = { .uid = 0 };
	const enum unlockd_word word = know_caller(&caller, m);

	(void)unused;
	(void)unused_error;
	self.last = now_usec();
	if (word != UNLOCKD_READY)
		return refuse(m, word, 0);
	if (keep_forget(self.dir, caller.uid, &err) != BE_OK)
		return complain(&err);
	return sd_bus_reply_method_return(m, NULL);
}

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD_WITH_ARGS(
		"Look", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", state, "x", retry_at), on_look, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD_WITH_ARGS("Release", SD_BUS_ARGS("ay", salt, "b", create), SD_BUS_RESULT("ay", key), on_release,
		SD_BUS_VTABLE_UNPRIVILEGED | SD_BUS_VTABLE_SENSITIVE),
	SD_BUS_METHOD_WITH_ARGS("Forget", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_forget, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};

/* ---- the process ---- */

static int wait_for_more(void)
{
	const uint64_t now = now_usec();
	const uint64_t until = self.request.message != NULL ? self.request.until : self.last + IDLE_AFTER;
	const int r = sd_bus_wait(self.bus, until > now ? until - now : 0);

	return r == -EINTR ? 0 : r;
}

/* Until nobody has asked for a while: who comes later starts another one. What was sent before the name was given up is
 * still answered. */
static int serve(void)
{
	int r = 0;
	bool leaving = false;

	while (r >= 0) {
		r = sd_bus_process(self.bus, NULL);
		if (r != 0)
			continue;
		if (self.request.message != NULL) {
			if (now_usec() >= self.request.until)
				finish(UNLOCKD_NO_TOUCH, true);
		} else if (leaving) {
			return 0;
		} else if (now_usec() >= self.last + IDLE_AFTER) {
			leaving = true;
			r = sd_bus_release_name(self.bus, UNLOCKD_NAME);
			continue;
		}
		r = wait_for_more();
	}
	return r;
}

int main(int argc, char **argv)
{
	struct be_error err = { .code = BE_OK };
	int r;

	self.dir = STATE;
	if (argc == 3 && strcmp(argv[1], "--state") == 0)
		self.dir = argv[2];
	else if (argc != 1) {
		(void)fprintf(stderr, "usage: besign-unlockd [--state DIRECTORY]\n");
		return 2;
	}
	process_guard_secrets();
	crypto_lock_memory();
	if (keep_open(self.dir, &err) != BE_OK) {
		(void)complain(&err);
		return 1;
	}
	self.last = now_usec();
	r = sd_bus_open_system(&self.bus);
	if (r >= 0)
		r = sd_bus_set_method_call_timeout(self.bus, CALL_WITHIN);
	if (r >= 0)
		r = sd_bus_add_object_vtable(self.bus, NULL, UNLOCKD_PATH, UNLOCKD_INTERFACE, vtable, NULL);
	if (r >= 0)
		r = sd_bus_request_name(self.bus, UNLOCKD_NAME, 0);
	if (r >= 0)
		r = serve();
	if (r < 0)
		(void)fprintf(stderr, "<3>besign-unlockd: the system bus: %s\n", strerror(-r));
	(void)sd_bus_flush_close_unref(self.bus);
	return r < 0 ? 1 : 0;
}
