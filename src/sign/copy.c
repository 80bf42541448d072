/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/copy.h"

#include "base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>

#define PIECE (4u << 20)
#define WORTH_A_THREAD (4 * (uint64_t)PIECE)

/* The digest follows the copy, never ahead of what is written. */
struct follower {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	int fd;
	uint64_t written; /* under lock */
	bool ended;       /* under lock: nothing more will be written */
	struct digest *digest;
	enum be_err result; /* of the follower; read after it was joined */
	struct be_error error;
};

static void *follow(void *context)
{
	struct follower *f = context;
	uint64_t done = 0;
	bool more = true;

	while (more && f->result == BE_OK) {
		uint64_t until;

		(void)pthread_mutex_lock(&f->lock);
		while (f->written == done && !f->ended)
			(void)pthread_cond_wait(&f->moved, &f->lock);
		until = f->written;
		more = !f->ended;
		(void)pthread_mutex_unlock(&f->lock);
		f->result = digest_add_file(f->digest, f->fd, done, until - done, &f->error);
		done = until;
	}
	return NULL;
}

static void tell(struct follower *f, uint64_t written, bool ended)
{
	(void)pthread_mutex_lock(&f->lock);
	f->written = written;
	f->ended = ended;
	(void)pthread_cond_signal(&f->moved);
	(void)pthread_mutex_unlock(&f->lock);
}

static enum be_err copy_ahead(struct follower *f, int from, uint64_t len, struct be_error *err)
{
	uint64_t at = 0;
	enum be_err rc = BE_OK;

	while (rc == BE_OK && at < len) {
		uint64_t piece = len - at < PIECE ? len - at : PIECE;

		rc = file_copy_part(from, f->fd, at, piece, err);
		if (rc == BE_OK) {
			/* The disk begins now what fsync would wait for in the end; it is no harm when it does not. */
			(void)sync_file_range(f->fd, (off_t)at, (off_t)piece, SYNC_FILE_RANGE_WRITE);
			at += piece;
		}
		tell(f, at, false);
	}
	tell(f, at, true);
	return rc;
}

static enum be_err one_after_the_other(int from, int to, uint64_t len, struct digest *d, struct be_error *err)
{
	enum be_err rc = file_copy(from, to, len, err);

	return rc == BE_OK ? digest_add_file(d, to, 0, len, err) : rc;
}

enum be_err sign_copy(int from, int to, uint64_t len, struct digest *d, struct be_error *err)
{
	struct follower f = { .fd = to, .digest = d };
	pthread_t thread;
	enum be_err rc;

	if (len < WORTH_A_THREAD)
		return one_after_the_other(from, to, len, d, err);
	(void)pthread_mutex_init(&f.lock, NULL);
	(void)pthread_cond_init(&f.moved, NULL);
	if (pthread_create(&thread, NULL, follow, &f) == 0) {
		rc = copy_ahead(&f, from, len, err);
		(void)pthread_join(thread, NULL);
		if (rc == BE_OK && f.result != BE_OK)
			rc = be_fail(err, f.result, f.error.msgid, "%s", f.error.detail);
	} else {
		rc = one_after_the_other(from, to, len, d, err);
	}
	(void)pthread_cond_destroy(&f.moved);
	(void)pthread_mutex_destroy(&f.lock);
	return rc;
}
