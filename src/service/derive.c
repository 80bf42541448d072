/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/derive.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static unsigned inside;
static unsigned most;

/* Subjects share these; sharing costs time and nothing else. */
#define TURNS 64u
static pthread_mutex_t turns[TURNS] = { [0 ... TURNS - 1] = PTHREAD_MUTEX_INITIALIZER };

/* The clock that every C library can wait by; one that is set meanwhile makes a wait shorter or longer, no more. */
static struct timespec latest(void)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += DERIVE_WAIT_SECONDS;
	return until;
}

static enum be_err busy(struct be_error *err)
{
	return be_fail(err, BE_BUSY, N_("Too many people are signing in or signing at once; try again"), NULL);
}

static enum be_err enter(struct be_error *err)
{
	const struct timespec until = latest();
	int waited = 0;

	(void)pthread_mutex_lock(&lock);
	while (inside >= DERIVE_AT_ONCE && waited == 0)
		waited = pthread_cond_timedwait(&left, &lock, &until);
	if (inside < DERIVE_AT_ONCE)
		waited = 0;
	if (waited == 0) {
		inside++;
		most = inside > most ? inside : most;
	}
	(void)pthread_mutex_unlock(&lock);
	return waited == 0 ? BE_OK : busy(err);
}

static void leave(void)
{
	(void)pthread_mutex_lock(&lock);
	inside--;
	(void)pthread_cond_signal(&left);
	(void)pthread_mutex_unlock(&lock);
}

enum be_err derive(struct secret **out, size_t len, const struct secret *passphrase, const uint8_t *salt,
	size_t salt_len, const struct scrypt_cost *cost, struct be_error *err)
{
	enum be_err rc;

	*out = NULL;
	rc = enter(err);
	if (rc != BE_OK)
		return rc;
	rc = scrypt_derive(out, len, passphrase, salt, salt_len, cost, err);
	leave();
	return rc;
}

/* FNV-1a: only to spread. */
static pthread_mutex_t *turn_of(const char *subject)
{
	uint32_t hash = 2166136261u;

	for (; *subject != '\0'; subject++)
		hash = (hash ^ (uint8_t)*subject) * 16777619u;
	return &turns[hash % TURNS];
}

enum be_err derive_turn(const char *subject, struct be_error *err)
{
	const struct timespec until = latest();

	return pthread_mutex_timedlock(turn_of(subject), &until) == 0 ? BE_OK : busy(err);
}

void derive_turn_end(const char *subject)
{
	(void)pthread_mutex_unlock(turn_of(subject));
}

unsigned derive_most(void)
{
	unsigned out;

	(void)pthread_mutex_lock(&lock);
	out = most;
	(void)pthread_mutex_unlock(&lock);
	return out;
}
