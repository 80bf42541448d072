/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app.h"

#include "support/desk.h"
#include "support/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct app_engine *const engine = &app_engine_real;

static int make(void **state)
{
	(void)state;
	desk_make();
	time_set_for_test(CA_NOW);
	return setenv("XDG_DATA_HOME", desk_path(""), 1);
}

static int clear(void **state)
{
	(void)state;
	time_set_for_test(TIME_NONE);
	desk_clear();
	return unsetenv("XDG_DATA_HOME");
}

static struct secret *passphrase_of(const char *text)
{
	struct secret *secret = NULL;

	assert_int_equal(secret_new(&secret, 64, NULL), BE_OK);
	assert_int_equal(secret_add(secret, text, strlen(text), NULL), BE_OK);
	return secret;
}

static void a_key_is_described_only_with_its_passphrase(void **state)
{
	struct secret *right = passphrase_of(DESK_PASSPHRASE);
	struct secret *wrong = passphrase_of("salah");
	struct key_facts facts;

	(void)state;
	desk_p12("key.p12", ca_key(CA_P256, 0));
	assert_int_equal(engine->key_describe(&facts, desk_path("key.p12"), wrong, NULL), BE_WRONG_PASSPHRASE);
	assert_string_equal(facts.sha256, "");
	assert_int_equal(facts.until, TIME_NONE);
	assert_int_equal(engine->key_describe(&facts, desk_path("tiada.p12"), right, NULL), BE_NOT_FOUND);
	assert_int_equal(engine->key_describe(&facts, desk_path("key.p12"), right, NULL), BE_OK);
	assert_int_equal(strlen(facts.sha256), 64);
	assert_true(facts.name[0] != '\0' && facts.until > CA_NOW);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L), 0);
	secret_free(&right);
	secret_free(&wrong);
}

struct job {
	const char *inputs[2];
	struct sign_options options;
	struct outputs outputs;
	struct engine_sign_job job;
	struct secret *passphrase;
};

static void begin(struct job *j, const char *passphrase, const struct sign_progress *progress)
{
	const struct outputs_place place = { NULL, NULL, false };

	desk_p12("key.p12", ca_key(CA_P256, 0));
	desk_pdf("a.pdf", NULL);
	desk_pdf("b.pdf", NULL);
	*j = (struct job){ .inputs = { desk_path("a.pdf"), desk_path("b.pdf") },
		.options = { .time = engine->now(), .jobs = 1 },
		.passphrase = passphrase_of(passphrase) };
	assert_int_equal(outputs_make(&j->outputs, j->inputs, 2, &place, false, NULL), BE_OK);
	j->job = (struct engine_sign_job){ .key_file = desk_path("key.p12"),
		.passphrase = j->passphrase,
		.options = &j->options,
		.outputs = &j->outputs,
		.progress = progress };
}

static void end(struct job *j)
{
	outputs_free(&j->outputs);
	secret_free(&j->passphrase);
}

/* In the same process, as an app does it that stays. */
static void documents_are_signed_and_then_verified(void **state)
{
	struct verify_report report;
	struct key_facts who;
	struct job j;

	(void)state;
	begin(&j, DESK_PASSPHRASE, NULL);
	assert_int_equal(engine->sign(&who, &j.job, NULL), BE_OK);
	assert_int_equal(j.outputs.documents[0].result, BE_OK);
	assert_int_equal(j.outputs.documents[1].result, BE_OK);
	assert_int_equal(engine->verify(&report, desk_path("a_signed.pdf"), VERIFY_REVOCATION_NONE, NULL), BE_OK);
	assert_int_equal(report.result, VERIFY_INDETERMINATE);
	assert_int_equal(report.count, 1);
	assert_true(report.signatures[0].integrity && !report.signatures[0].trusted);
	assert_string_equal(report.signatures[0].facts.cms.signer.sha256, who.sha256);
	verify_report_free(&report);
	end(&j);
}

static void what_cannot_be_opened_starts_nothing(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct key_facts who;
	struct job j;

	(void)state;
	begin(&j, "salah", NULL);
	assert_int_equal(engine->sign(&who, &j.job, &err), BE_WRONG_PASSPHRASE);
	assert_non_null(err.msgid);
	assert_string_equal(who.sha256, "");
	assert_int_equal(desk_count(), 3);
	end(&j);
}

static void stop(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	(void)stage;
	(void)document;
	(void)count;
	if (done == 1)
		atomic_store((atomic_bool *)context, true);
}

static void a_cancelled_job_keeps_what_was_finished(void **state)
{
	atomic_bool cancel = false;
	const struct sign_progress progress = { stop, &cancel, &cancel };
	struct job j;

	(void)state;
	begin(&j, DESK_PASSPHRASE, &progress);
	assert_int_equal(engine->sign(NULL, &j.job, NULL), BE_OK);
	assert_int_equal(j.outputs.documents[0].result, BE_OK);
	assert_int_equal(j.outputs.documents[1].result, BE_CANCELLED);
	assert_true(desk_has("a_signed.pdf") && !desk_has("b_signed.pdf"));
	end(&j);
}

/* ---- a key that stays at the service ---- */

static void begin_credential(
	struct job *j, struct account *account, const struct service_person *person, const char *passphrase)
{
	begin(j, passphrase, NULL);
	j->options.time = time_now();
	j->job.key_file = NULL;
	j->job.credential = person->certificate;
	j->job.account = account;
}

static void check_signed(const char *name, const struct key_facts *who)
{
	struct verify_report report;

	assert_int_equal(engine->verify(&report, desk_path(name), VERIFY_REVOCATION_NONE, NULL), BE_OK);
	assert_int_equal(report.count, 1);
	assert_true(report.signatures[0].integrity);
	assert_string_equal(report.signatures[0].facts.cms.signer.sha256, who->sha256);
	verify_report_free(&report);
}

/* A wrong passphrase, a session that is none and a revoked certificate are errors of the whole: nothing is made, and no
 * document is told to have failed by itself. */
static void documents_are_signed_by_a_key_at_the_service(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct service_desk service;
	struct service_person person;
	struct account *account, *stranger;
	struct key_facts who;
	struct job j;

	(void)state;
	time_set_for_test(TIME_NONE);
	service_desk_make(&service);
	assert_true(service_desk_start(&service));
	service_person_make(&person, 1);
	account = service_desk_account(&service);
	stranger = service_desk_account(&service);
	assert_int_equal(service_whole_way(account, &person, "p256", &err), BE_OK);

	begin_credential(&j, account, &person, "salah");
	assert_int_equal(engine->sign(&who, &j.job, &err), BE_WRONG_PASSPHRASE);
	assert_true(err.tries_left > 0 && err.msgid != NULL);
	j.job.account = stranger;
	assert_int_equal(engine->sign(&who, &j.job, &err), BE_SESSION);
	end(&j);
	assert_int_equal(desk_count(), 3);

	begin_credential(&j, account, &person, (const char *)secret_bytes(person.passphrase));
	assert_int_equal(engine->sign(&who, &j.job, &err), BE_OK);
	assert_int_equal(j.outputs.documents[0].result, BE_OK);
	assert_int_equal(j.outputs.documents[1].result, BE_OK);
	assert_string_equal(who.name, "Orang Contoh");
	end(&j);
	check_signed("a_signed.pdf", &who);
	check_signed("b_signed.pdf", &who);

	assert_int_equal(
		account_certificate_revoke(account, person.certificate, "superseded", NULL, NULL, &err), BE_OK);
	assert_int_equal(unlink(desk_path("a_signed.pdf")) + unlink(desk_path("b_signed.pdf")), 0);
	begin_credential(&j, account, &person, (const char *)secret_bytes(person.passphrase));
	assert_int_equal(engine->sign(&who, &j.job, &err), BE_REVOKED);
	end(&j);
	assert_int_equal(desk_count(), 3);

	account_free(&account);
	account_free(&stranger);
	service_person_free(&person);
	assert_true(service_desk_stop(&service));
	service_desk_clear(&service);
}

static void trust_is_listed_given_and_taken(void **state)
{
	struct verify_report report;
	struct trust_entry entry;
	struct trust_list list;
	struct buffer pem = BUFFER_EMPTY;
	X509 *root = ca_root("Akar", ca_key(CA_P256, 1));
	size_t bundled = 0;

	(void)state;
	ca_pem(&pem, root);
	desk_write("akar.pem", pem.data, pem.len);
	assert_int_equal(engine->trust_list(&list, NULL), BE_OK);
	bundled = list.count;
	trust_list_free(&list);
	assert_int_equal(engine->trust_add(&entry, desk_path("akar.pem"), NULL), BE_OK);
	assert_int_equal(engine->trust_list(&list, NULL), BE_OK);
	assert_int_equal(list.count, bundled + 1);
	trust_list_free(&list);
	/* What cannot be loaded is never passed over. */
	assert_int_equal(chmod(desk_path("besign/trust/akar.pem"), 0666), 0);
	desk_pdf("a.pdf", NULL);
	assert_int_equal(engine->verify(&report, desk_path("a.pdf"), VERIFY_REVOCATION_NONE, NULL), BE_BAD_ANCHOR);
	assert_int_equal(report.result, VERIFY_ERROR);
	assert_int_equal(engine->trust_offers(&list, desk_path("a.pdf"), NULL), BE_BAD_ANCHOR);
	assert_int_equal(engine->trust_remove(&entry, NULL), BE_OK);
	assert_int_equal(engine->verify(&report, desk_path("a.pdf"), VERIFY_REVOCATION_NONE, NULL), BE_OK);
	assert_int_equal(report.result, VERIFY_NO_SIGNATURE);
	verify_report_free(&report);
	assert_int_equal(engine->trust_offers(&list, desk_path("a.pdf"), NULL), BE_OK);
	assert_int_equal(list.count, 0);
	trust_list_free(&list);
	assert_int_equal(rmdir(desk_path("besign/trust")), 0);
	buffer_free(&pem);
	X509_free(root);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_key_is_described_only_with_its_passphrase),
		AT_DESK(documents_are_signed_and_then_verified),
		AT_DESK(what_cannot_be_opened_starts_nothing),
		AT_DESK(a_cancelled_job_keeps_what_was_finished),
		AT_DESK(documents_are_signed_by_a_key_at_the_service),
		AT_DESK(trust_is_listed_given_and_taken),
	};

	return cmocka_run_group_tests_name("app_engine", tests, NULL, NULL);
}
