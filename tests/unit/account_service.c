/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "crypto/totp.h"
#include "service/ca.h"
#include "signer/signer.h"
#include "support/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One service for all tests of this file; each has a person of its own. */
static struct service_desk desk;
static unsigned people;

struct scene {
	struct account *account;
	struct service_person person;
};

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

static int enter(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -1;
	s->account = service_desk_account(&desk);
	service_person_make(&s->person, ++people);
	*state = s;
	return 0;
}

static int leave(void **state)
{
	struct scene *s = *state;

	account_free(&s->account);
	service_person_free(&s->person);
	free(s);
	return 0;
}

static void must(enum be_err rc, const struct be_error *err)
{
	if (rc != BE_OK)
		fail_msg("%s: %s (%s)", be_err_word(rc), err->msgid, err->detail);
}

#define MUST(call) must((call), &err)
#define ERR struct be_error err = { .code = BE_OK }

/* ---- the service and registering ---- */

static void it_says_what_it_is(void **state)
{
	struct scene *s = *state;
	struct wire_service service;
	struct wire_terms id, en;
	ERR;

	MUST(account_service(s->account, &service, NULL, &err));
	assert_true(service.embedded);
	assert_true(service.registration);
	assert_true(service.mailbox);
	assert_true(llabs(service.time - time_now()) < 60);
	MUST(account_terms(s->account, "id", &id, NULL, &err));
	MUST(account_terms(s->account, "en", &en, NULL, &err));
	assert_string_equal(id.version, en.version);
	assert_string_equal(id.version, service.terms_version);
	assert_true(id.text.len > 100 && en.text.len > 100);
	wire_free(&wire_terms_message, &id);
	wire_free(&wire_terms_message, &en);
	wire_free(&wire_service_message, &service);
}

static void a_weak_password_is_refused_and_a_known_user_keeps_theirs(void **state)
{
	struct scene *s = *state;
	struct wire_register record = { .name = "Orang Contoh" };
	struct wire_login_step step;
	struct secret *other = service_secret("kata sandi orang lain");
	ERR;

	WIRE_SET(record.user, s->person.user);
	record.password = service_secret("12345");
	assert_int_equal(account_register(s->account, &record, NULL, &err), BE_WEAK);
	secret_free(&record.password);
	MUST(service_register(s->account, &s->person, &err));
	record.password = other;
	assert_int_equal(account_register(s->account, &record, NULL, &err), BE_EXISTS);
	assert_int_equal(account_login(s->account, s->person.user, other, &step, NULL, &err), BE_WRONG_LOGIN);
	MUST(account_login(s->account, s->person.user, s->person.password, &step, NULL, &err));
	assert_true(step.enrol);
	assert_false(account_signed_in(s->account));
	secret_free(&other);
	wire_free(&wire_login_step_message, &step);
}

static void without_a_session_nothing_is_told(void **state)
{
	struct scene *s = *state;
	struct wire_certificates certificates;
	struct wire_devices devices;
	struct wire_mailbox box;
	ERR;

	assert_int_equal(account_certificates(s->account, &certificates, NULL, &err), BE_SESSION);
	assert_int_equal(account_devices(s->account, &devices, NULL, &err), BE_SESSION);
	assert_int_equal(account_mailbox(s->account, &box, NULL, &err), BE_SESSION);
}

/* ---- codes ---- */

static void a_code_is_good_once_and_in_time(void **state)
{
	struct scene *s = *state;
	struct wire_login_step step;
	char text[TOTP_CODE_MAX];
	struct secret *code = NULL;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	assert_string_equal(account_user(s->account), s->person.user);
	MUST(account_login(s->account, s->person.user, s->person.password, &step, NULL, &err));
	assert_false(step.enrol);
	assert_int_equal(step.devices.count, 1);

	/* The one that enrolled the device, again. */
	assert_int_equal(totp_code(text, s->person.key, s->person.step, TOTP_DIGITS, NULL), BE_OK);
	code = service_secret(text);
	assert_int_equal(account_login_code(s->account, &step, s->person.device, code, NULL, &err), BE_CODE_USED);
	secret_free(&code);

	/* From a clock that is ten minutes fast. */
	assert_int_equal(totp_code(text, s->person.key, totp_step(time_now()) + 20, TOTP_DIGITS, NULL), BE_OK);
	code = service_secret(text);
	assert_int_equal(account_login_code(s->account, &step, s->person.device, code, NULL, &err), BE_CLOCK);
	assert_non_null(strstr(err.detail, "6"));
	secret_free(&code);
	code = service_secret("x12y");
	assert_int_not_equal(account_login_code(s->account, &step, s->person.device, code, NULL, &err), BE_OK);
	secret_free(&code);

	code = service_code(&s->person);
	MUST(account_login_code(s->account, &step, s->person.device, code, NULL, &err));
	secret_free(&code);
	wire_free(&wire_login_step_message, &step);
}

static void wrong_codes_lock_and_the_end_of_it_is_said(void **state)
{
	struct scene *s = *state;
	struct wire_login_step step;
	struct secret *wrong = service_secret("000000");
	enum be_err rc = BE_WRONG_CODE;
	unsigned tries = 0;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	MUST(account_login(s->account, s->person.user, s->person.password, &step, NULL, &err));
	while (rc != BE_LOCKED && tries++ < 20)
		rc = account_login_code(s->account, &step, s->person.device, wrong, NULL, &err);
	assert_int_equal(rc, BE_LOCKED);
	assert_in_range(tries, 4, 7);
	assert_true(err.retry_at > time_now());
	assert_true(err.retry_at < time_now() + 3600);
	secret_free(&wrong);
	wire_free(&wire_login_step_message, &step);
}

/* ---- devices and the password ---- */

static void devices_come_and_go_but_the_last_stays(void **state)
{
	struct scene *s = *state;
	struct wire_devices devices;
	struct wire_enrolment enrolment;
	struct wire_device device;
	struct service_person second;
	struct secret *code = NULL;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	assert_int_equal(account_device_remove(s->account, s->person.device, NULL, &err), BE_STATE);
	service_person_make(&second, 1000);
	MUST(account_device_add(s->account, "Tablet", &enrolment, NULL, &err));
	second.key = service_key(&enrolment);
	code = service_code(&second);
	/* It can be called otherwise by then, but not as another one is: that spends no code. */
	assert_string_equal(enrolment.name, "Tablet");
	WIRE_SET(enrolment.name, "Ponsel");
	assert_int_equal(account_device_confirm(s->account, &enrolment, code, &device, NULL, &err), BE_EXISTS);
	WIRE_SET(enrolment.name, "Tablet kantor");
	MUST(account_device_confirm(s->account, &enrolment, code, &device, NULL, &err));
	assert_string_equal(device.name, "Tablet kantor");
	MUST(account_devices(s->account, &devices, NULL, &err));
	assert_int_equal(devices.devices.count, 2);
	MUST(account_device_remove(s->account, s->person.device, NULL, &err));
	assert_int_equal(account_device_remove(s->account, s->person.device, NULL, &err), BE_NOT_FOUND);
	wire_free(&wire_devices_message, &devices);
	wire_free(&wire_device_message, &device);
	wire_free(&wire_enrolment_message, &enrolment);
	secret_free(&code);
	service_person_free(&second);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
	struct scene *s = *state;
	struct account *elsewhere = service_desk_account(&desk);
	struct secret *new_one = service_secret("kata sandi yang baru");
	struct wire_profile profile;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	MUST(service_sign_in(elsewhere, &s->person, &err));
	MUST(account_profile(elsewhere, &profile, NULL, &err));
	assert_string_equal(profile.name, "Orang Contoh");
	wire_free(&wire_profile_message, &profile);
	assert_int_equal(account_change_password(s->account, new_one, new_one, NULL, &err), BE_WRONG_LOGIN);
	MUST(account_change_password(s->account, s->person.password, new_one, NULL, &err));
	assert_int_equal(account_profile(elsewhere, &profile, NULL, &err), BE_SESSION);
	assert_false(account_signed_in(elsewhere));
	MUST(account_profile(s->account, &profile, NULL, &err));
	wire_free(&wire_profile_message, &profile);
	secret_free(&new_one);
	account_free(&elsewhere);
}

/* ---- sessions ---- */

static void two_programs_share_a_session_file(void **state)
{
	struct scene *s = *state;
	char file[200];
	struct account_place place = { .data = desk.place.data, .session_file = file };
	struct account *first = NULL, *second = NULL;
	struct wire_profile profile;
	ERR;

	(void)snprintf(file, sizeof(file), "%s/session-%u", desk.dir, people);
	MUST(account_open(&first, &place, &err));
	MUST(service_register(first, &s->person, &err));
	MUST(service_enrol(first, &s->person, &err));
	assert_int_equal(access(file, F_OK), 0);
	/* Each run of a program spends the refresh token of the one before. */
	for (int run = 0; run < 5; run++) {
		MUST(account_open(&second, &place, &err));
		assert_true(account_signed_in(second));
		assert_string_equal(account_user(second), s->person.user);
		MUST(account_profile(second, &profile, NULL, &err));
		wire_free(&wire_profile_message, &profile);
		account_free(&second);
		MUST(account_profile(first, &profile, NULL, &err));
		wire_free(&wire_profile_message, &profile);
	}
	MUST(account_sign_out(first, NULL, &err));
	assert_int_not_equal(access(file, F_OK), 0);
	assert_string_equal(account_user(first), "");
	MUST(account_open(&second, &place, &err));
	assert_false(account_signed_in(second));
	assert_int_equal(account_profile(second, &profile, NULL, &err), BE_SESSION);
	account_free(&first);
	account_free(&second);
}

static void signing_out_everywhere_ends_a_stolen_token(void **state)
{
	struct scene *s = *state;
	struct account *thief = service_desk_account(&desk);
	struct wire_profile profile;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	MUST(service_sign_in(thief, &s->person, &err));
	MUST(account_profile(thief, &profile, NULL, &err));
	wire_free(&wire_profile_message, &profile);
	MUST(account_sign_out_all(s->account, NULL, &err));
	assert_int_equal(account_profile(thief, &profile, NULL, &err), BE_SESSION);
	assert_int_equal(account_profile(s->account, &profile, NULL, &err), BE_SESSION);
	account_free(&thief);
}

/* ---- certificates ---- */

static void a_certificate_goes_its_way(void **state)
{
	struct scene *s = *state;
	struct wire_certificate certificate;
	struct wire_history history;
	struct wire_terms terms;
	struct wire_certificates list;
	struct secret *link = NULL, *weak = service_secret("abc");
	char was[WIRE_WORD_MAX];
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	assert_int_equal(account_certificate_request(s->account, NULL, "0", &certificate, NULL, &err), BE_TERMS);
	MUST(service_request(s->account, &s->person, "p256", &err));
	assert_int_equal(service_request(s->account, &s->person, "p256", &err), BE_STATE);
	MUST(service_state(s->account, s->person.certificate, was, &err));
	assert_string_equal(was, "NEW");
	MUST(service_link(s->account, &link, &err));
	assert_int_equal(account_set_passphrase(s->account, link, weak, &certificate, NULL, &err), BE_WEAK);
	MUST(service_set_passphrase(s->account, &s->person, link, &err));
	assert_int_equal(service_set_passphrase(s->account, &s->person, link, &err), BE_LINK);

	MUST(account_certificate(s->account, s->person.certificate, &certificate, NULL, &err));
	assert_string_equal(certificate.state, "ISSUE");
	assert_string_equal(certificate.key, "p256");
	assert_non_null(strstr(certificate.subject, "CN=Orang Contoh"));
	assert_int_equal(certificate.chain.count, 3);
	assert_true(certificate.not_after - certificate.not_before <= 731 * 86400);
	assert_true(certificate.renew_from > time_now());
	wire_free(&wire_certificate_message, &certificate);

	MUST(account_terms(s->account, "id", &terms, NULL, &err));
	assert_int_equal(
		account_certificate_renew(s->account, s->person.certificate, terms.version, &certificate, NULL, &err),
		BE_TOO_EARLY);
	wire_free(&wire_terms_message, &terms);
	assert_true(err.retry_at > time_now());

	MUST(account_certificates(s->account, &list, NULL, &err));
	assert_int_equal(list.certificates.count, 1);
	assert_int_equal(account_certificate_revoke(s->account, s->person.certificate, "boredom", NULL, NULL, &err),
		BE_MALFORMED);
	MUST(account_certificate_revoke(s->account, s->person.certificate, "keyCompromise", &certificate, NULL, &err));
	assert_string_equal(certificate.state, "REVOKE");
	assert_string_equal(certificate.reason, "keyCompromise");
	assert_true(certificate.revoked != TIME_NONE);
	wire_free(&wire_certificate_message, &certificate);
	assert_int_equal(
		account_certificate_revoke(s->account, s->person.certificate, "keyCompromise", NULL, NULL, &err),
		BE_STATE);
	MUST(account_certificate_history(s->account, s->person.certificate, &history, NULL, &err));
	assert_true(history.events.count >= 3);
	wire_free(&wire_history_message, &history);
	wire_free(&wire_certificates_message, &list);
	secret_free(&link);
	secret_free(&weak);
}

static void another_persons_certificate_is_not_there(void **state)
{
	struct scene *s = *state;
	struct service_person other;
	struct account *theirs = service_desk_account(&desk);
	struct wire_certificate certificate;
	struct wire_csc_credential credential;
	ERR;

	service_person_make(&other, ++people);
	MUST(service_whole_way(theirs, &other, "p256", &err));
	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	assert_int_equal(account_certificate(s->account, other.certificate, &certificate, NULL, &err), BE_NOT_FOUND);
	assert_int_equal(account_credential(s->account, other.certificate, &credential, NULL, &err), BE_MALFORMED);
	assert_int_equal(account_certificate_revoke(s->account, other.certificate, "superseded", NULL, NULL, &err),
		BE_NOT_FOUND);
	memcpy(s->person.certificate, other.certificate, sizeof(other.certificate));
	assert_int_equal(service_sign(s->account, &s->person, other.passphrase, 1, 1, &err), BE_MALFORMED);
	service_person_free(&other);
	account_free(&theirs);
}

static void waiting_returns_when_something_changes(void **state)
{
	struct scene *s = *state;
	struct wire_certificates before, after;
	int64_t change;
	ERR;

	MUST(service_register(s->account, &s->person, &err));
	MUST(service_enrol(s->account, &s->person, &err));
	MUST(account_certificates(s->account, &before, NULL, &err));
	change = before.change;
	MUST(service_request(s->account, &s->person, "p256", &err));
	/* The change is there already: no waiting. */
	MUST(account_certificates_wait(s->account, change, 30, &after, NULL, &err));
	assert_int_not_equal(after.change, change);
	change = after.change;
	wire_free(&wire_certificates_message, &after);
	MUST(account_certificates_wait(s->account, change, 1, &after, NULL, &err));
	assert_int_equal(after.change, change);
	wire_free(&wire_certificates_message, &after);
	wire_free(&wire_certificates_message, &before);
}

static void a_wrong_passphrase_tells_how_many_tries_are_left(void **state)
{
	struct scene *s = *state;
	struct secret *wrong = service_secret("bukan frasa sandinya");
	struct secret *next = service_secret("frasa sandi yang kedua");
	uint32_t left;
	ERR;

	MUST(service_whole_way(s->account, &s->person, "p256", &err));
	assert_int_equal(service_sign(s->account, &s->person, wrong, 1, 1, &err), BE_WRONG_PASSPHRASE);
	left = err.tries_left;
	assert_in_range(left, 1, 10);
	assert_int_equal(account_change_passphrase(s->account, s->person.certificate, wrong, next, NULL, &err),
		BE_WRONG_PASSPHRASE);
	assert_int_equal(err.tries_left, left - 1);
	MUST(account_change_passphrase(s->account, s->person.certificate, s->person.passphrase, next, NULL, &err));
	MUST(service_sign(s->account, &s->person, next, 1, 1, &err));
	assert_int_equal(service_sign(s->account, &s->person, s->person.passphrase, 1, 1, &err), BE_WRONG_PASSPHRASE);
	secret_free(&wrong);
	secret_free(&next);
}

static void too_many_wrong_passphrases_lock(void **state)
{
	struct scene *s = *state;
	struct secret *wrong = service_secret("bukan frasa sandinya");
	enum be_err rc = BE_WRONG_PASSPHRASE;
	unsigned tries = 0;
	ERR;

	MUST(service_whole_way(s->account, &s->person, "p256", &err));
	while (rc == BE_WRONG_PASSPHRASE && tries++ < 20)
		rc = service_sign(s->account, &s->person, wrong, 1, 1, &err);
	assert_int_equal(rc, BE_LOCKED);
	assert_true(err.retry_at > time_now());
	assert_int_equal(service_sign(s->account, &s->person, s->person.passphrase, 1, 1, &err), BE_LOCKED);
	secret_free(&wrong);
}

/* ---- signing through the table of signers ---- */

static struct signer_item *make_items(size_t count)
{
	struct signer_item *items = calloc(count, sizeof(*items));

	assert_non_null(items);
	for (size_t i = 0; i < count; i++)
		for (size_t b = 0; b < 32; b++)
			items[i].digest[b] = (uint8_t)(i * 31 + b + (i >> 8));
	return items;
}

static void free_items(struct signer_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_free(&items[i].signature);
	free(items);
}

static void a_thousand_and_more_are_signed_in_few_calls(void **state)
{
	enum { COUNT = 1010 };
	struct scene *s = *state;
	struct signer_item *items = make_items(COUNT);
	struct signer *signer = NULL;
	ERR;

	MUST(service_whole_way(s->account, &s->person, "rsa3072", &err));
	MUST(signer_open_csc(&signer, s->account, s->person.certificate, s->person.passphrase, NULL, &err));
	MUST(signer_fit(signer, time_now(), &err));
	assert_int_equal(signer_info(signer)->key_bits, 3072);
	MUST(signer_sign(signer, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256, items, COUNT, &err));
	for (size_t i = 0; i < COUNT; i++) {
		must(items[i].result, &items[i].error);
		assert_int_equal(items[i].signature.len, 384);
		if (i > 0)
			assert_memory_not_equal(items[i].signature.data, items[i - 1].signature.data, 384);
	}
	signer_free(&signer);
	free_items(items, COUNT);
}

static void a_wrong_passphrase_is_every_documents_result(void **state)
{
	struct scene *s = *state;
	struct secret *wrong = service_secret("bukan frasa sandinya");
	struct signer_item *items = make_items(3);
	struct signer *signer = NULL;
	uint32_t left;
	ERR;

	MUST(service_whole_way(s->account, &s->person, "p256", &err));
	MUST(signer_open_csc(&signer, s->account, s->person.certificate, wrong, NULL, &err));
	MUST(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items, 3, &err));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(items[i].result, BE_WRONG_PASSPHRASE);
		assert_int_equal(items[i].signature.len, 0);
	}
	assert_int_equal(items[0].error.tries_left, items[2].error.tries_left);
	/* A large batch comes in several calls: the wrong passphrase was counted in the first, and in no other. */
	left = items[0].error.tries_left;
	for (size_t i = 0; i < 10; i++) {
		MUST(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items, 3, &err));
		assert_int_equal(items[0].result, BE_WRONG_PASSPHRASE);
		assert_int_equal(items[2].error.tries_left, left);
	}
	signer_free(&signer);
	free_items(items, 3);
	secret_free(&wrong);
}

static void a_cancelled_question_says_so(void **state)
{
	struct scene *s = *state;
	atomic_bool cancel = true;
	const struct account_wait wait = { .cancel = &cancel };
	struct wire_service service;
	ERR;

	assert_int_equal(account_service(s->account, &service, &wait, &err), BE_CANCELLED);
	cancel = false;
	MUST(account_service(s->account, &service, &wait, &err));
	wire_free(&wire_service_message, &service);
}

/* The words are written down twice, since an app has no service in it: they must be the same. */
static void the_reasons_are_those_of_the_service(void **state)
{
	size_t i = 0;

	(void)state;
	for (; account_reasons[i].word != NULL; i++) {
		assert_non_null(ca_reasons[i].word);
		assert_string_equal(account_reasons[i].word, ca_reasons[i].word);
		assert_string_equal(account_reasons[i].about, ca_reasons[i].about);
	}
	assert_null(ca_reasons[i].word);
}

/* So many calls that change files does it take to authorise four signatures. */
static int64_t calls_to_authorise(struct scene *s, const struct signer_item *items)
{
	uint8_t bytes[4 * 32];
	const struct account_digests digests = { DIGEST_SHA256, bytes, 4 };
	struct secret *sad = NULL;
	const int64_t before = desk.fault->seen;
	ERR;

	for (size_t i = 0; i < 4; i++)
		memcpy(bytes + 32 * i, items[i].digest, 32);
	MUST(account_authorize(s->account, s->person.certificate, s->person.passphrase, &digests, &sad, NULL, &err));
	secret_free(&sad);
	return desk.fault->seen - before;
}

/* Last: the service dies in the middle of it. A try of the passphrase that it dies over stays counted, so there are few. */
static void an_answer_that_never_came_is_unknown(void **state)
{
	struct scene *s = *state;
	struct signer_item *items = make_items(4);
	struct signer *signer = NULL;
	size_t unknown = 0;
	int64_t at;
	ERR;

	MUST(service_whole_way(s->account, &s->person, "p256", &err));
	MUST(signer_open_csc(&signer, s->account, s->person.certificate, s->person.passphrase, NULL, &err));
	/* The letter about the certificate may be on its way during the first. */
	(void)calls_to_authorise(s, items);
	at = calls_to_authorise(s, items);
	for (int tries = 0; unknown == 0 && tries < 3; tries++) {
		desk.fault->at = desk.fault->seen + ++at;
		desk.fault->mode = IOFAULT_KILL;
		MUST(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items, 4, &err));
		desk.fault->mode = IOFAULT_COUNT;
		for (size_t i = 0; i < 4; i++) {
			assert_int_not_equal(items[i].result, BE_OK);
			assert_int_equal(items[i].signature.len, 0);
			unknown += items[i].result == BE_UNKNOWN_OUTCOME;
		}
		service_desk_wait(&desk);
		assert_true(unknown == 0 || unknown == 4);
		assert_true(service_desk_start(&desk));
	}
	assert_int_equal(unknown, 4);
	MUST(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items, 4, &err));
	must(items[3].result, &items[3].error);
	signer_free(&signer);
	free_items(items, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_says_what_it_is),
		TEST(a_weak_password_is_refused_and_a_known_user_keeps_theirs),
		TEST(without_a_session_nothing_is_told),
		TEST(a_code_is_good_once_and_in_time),
		TEST(wrong_codes_lock_and_the_end_of_it_is_said),
		TEST(devices_come_and_go_but_the_last_stays),
		TEST(a_new_password_ends_the_other_sessions),
		TEST(two_programs_share_a_session_file),
		TEST(signing_out_everywhere_ends_a_stolen_token),
		TEST(a_certificate_goes_its_way),
		TEST(another_persons_certificate_is_not_there),
		TEST(waiting_returns_when_something_changes),
		TEST(a_wrong_passphrase_tells_how_many_tries_are_left),
		TEST(too_many_wrong_passphrases_lock),
		TEST(a_thousand_and_more_are_signed_in_few_calls),
		TEST(a_wrong_passphrase_is_every_documents_result),
		TEST(a_cancelled_question_says_so),
		TEST(the_reasons_are_those_of_the_service),
		TEST(an_answer_that_never_came_is_unknown),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
