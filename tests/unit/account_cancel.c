/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person changes her mind while the service is asked. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/service.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct service_desk desk;

static int start(void **state)
{
	(void)state;
	service_desk_make(&desk);
	return service_desk_start(&desk) ? 0 : -1;
}

static int stop(void **state)
{
	const bool ended = service_desk_stop(&desk);

	(void)state;
	service_desk_clear(&desk);
	return ended ? 0 : -1;
}

static void must(enum be_err rc, const struct be_error *err)
{
	if (rc != BE_OK)
		fail_msg("%s: %s (%s)", be_err_word(rc), err->msgid, err->detail);
}

struct canceller {
	atomic_bool cancel;
	unsigned after; /* microseconds */
};

static void *cancel_soon(void *given)
{
	struct canceller *c = given;

	(void)usleep(c->after);
	atomic_store(&c->cancel, true);
	return NULL;
}

/* Renewing it is one question that serves once: whenever the person changes her mind, she is still signed in. */
static void a_cancelled_question_never_costs_the_session(void **state)
{
	struct account_place place = { .data = desk.place.data };
	struct be_error err = { .code = BE_OK };
	struct account *account = NULL;
	struct service_person person;
	struct wire_certificates all;
	char file[96];

	(void)state;
	(void)snprintf(file, sizeof(file), "%s/session", desk.dir);
	place.session_file = file;
	service_person_make(&person, 1);
	must(account_open(&account, &place, &err), &err);
	must(service_register(account, &person, &err), &err);
	must(service_enrol(account, &person, &err), &err);
	for (unsigned i = 0; i < 40; i++) {
		struct canceller c = { .after = i * 150 };
		const struct account_wait wait = { .cancel = &c.cancel };
		pthread_t thread;

		/* A program that begins knows the file alone, and renews the session first of all. */
		account_free(&account);
		must(account_open(&account, &place, &err), &err);
		assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &c), 0);
		(void)account_certificates(account, &all, &wait, NULL);
		wire_free(&wire_certificates_message, &all);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_true(account_signed_in(account));
		must(account_certificates(account, &all, NULL, &err), &err);
		wire_free(&wire_certificates_message, &all);
	}
	account_free(&account);
	service_person_free(&person);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cancelled_question_never_costs_the_session),
	};

	return cmocka_run_group_tests_name("account_cancel", tests, start, stop);
}
