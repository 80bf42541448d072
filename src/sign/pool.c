/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#define THREADS_MAX 64u

struct pool {
	atomic_size_t next;
	size_t count;
	void (*work)(void *context, size_t index);
	void *context;
};

static void *take_turns(void *argument)
{
	struct pool *pool = argument;
	size_t index;

	while ((index = atomic_fetch_add(&pool->next, 1)) < pool->count)
		pool->work(pool->context, index);
	return NULL;
}

void sign_pool_run(unsigned threads, size_t count, void (*work)(void *context, size_t index), void *context)
{
	struct pool pool = { .count = count, .work = work, .context = context };
	pthread_t others[THREADS_MAX];
	unsigned started = 0;
	sigset_t all, before;

	atomic_init(&pool.next, 0);
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	while (started + 1 < threads && started + 1 < count &&
		pthread_create(&others[started], NULL, take_turns, &pool) == 0)
		started++;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)take_turns(&pool);
	while (started > 0)
		(void)pthread_join(others[--started], NULL);
}
