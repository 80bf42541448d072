/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "crypto/random.h"
#include "pki/chain.h"
#include "pki/crl.h"
#include "pki/ocsp.h"
#include "pki/tst.h"
#include "service/ca.h"
#include "service/store_records.h"
#include "service/vault.h"
#include "support/ca.h"
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400
#define HOUR 3600

/* One house for all, since making an authority takes its time; each test begins a day after the one before has ended. */
static struct house house;
static unsigned people;
static struct secret *passphrase;
static int64_t base = HOUSE_NOW;

static int open_house(void **state)
{
	(void)state;
	house_open(&house, NULL);
	passphrase = house_secret(HOUSE_PASSPHRASE);
	return 0;
}

static int remove_house(void **state)
{
	(void)state;
	secret_free(&passphrase);
	house_remove(&house);
	return 0;
}

static int begin(void **state)
{
	int64_t next;

	(void)state;
	base = time_now() + DAY;
	time_set_for_test(base);
	assert_int_equal(ca_tick(house.service->ca, &next, NULL), BE_OK);
	return 0;
}

static void open_again(void)
{
	int64_t now = time_now();

	house_close(&house);
	house_open(&house, NULL);
	time_set_for_test(now);
}

static int64_t somebody(void)
{
	return house_person(&house, ++people);
}

/* ---- what others see of a certificate ---- */

static void chain_of(struct buffer *leaf, struct buffer *issuing, struct buffer *root, const char *id)
{
	struct buffer issuers = BUFFER_EMPTY;
	size_t len;

	assert_int_equal(store_certificate_der(house.service->store, id, leaf, &issuers, NULL), BE_OK);
	len = pki_cert_length(issuers.data, issuers.len);
	buffer_add(issuing, issuers.data, len);
	buffer_add(root, issuers.data + len, issuers.len - len);
	buffer_free(&issuers);
}

static struct pki_revocation_facts ask_ocsp(const char *id)
{
	struct buffer leaf = BUFFER_EMPTY, issuing = BUFFER_EMPTY, root = BUFFER_EMPTY;
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	chain_of(&leaf, &issuing, &root, id);
	assert_int_equal(pki_ocsp_request(&request, leaf.data, leaf.len, issuing.data, issuing.len, NULL, NULL), BE_OK);
	assert_int_equal(ca_ocsp(house.service->ca, request.data, request.len, &response, NULL), BE_OK);
	assert_int_equal(pki_ocsp_check(&facts, response.data, response.len, leaf.data, leaf.len, issuing.data,
				 issuing.len, NULL, NULL),
		BE_OK);
	assert_int_equal(facts.fault, PKI_REVOCATION_OK);
	assert_true(pki_revocation_fresh(&facts, time_now(), DAY));
	buffer_free(&leaf);
	buffer_free(&issuing);
	buffer_free(&root);
	buffer_free(&request);
	buffer_free(&response);
	return facts;
}

static struct pki_revocation_facts ask_list(const char *id, uint64_t *number)
{
	struct buffer leaf = BUFFER_EMPTY, issuing = BUFFER_EMPTY, root = BUFFER_EMPTY, crl = BUFFER_EMPTY;
	struct pki_revocation_facts facts;
	struct pki_crl_info info;

	chain_of(&leaf, &issuing, &root, id);
	assert_int_equal(ca_crl(house.service->ca, CA_ISSUING, &crl, NULL), BE_OK);
	assert_int_equal(
		pki_crl_check(&facts, crl.data, crl.len, leaf.data, leaf.len, issuing.data, issuing.len, NULL), BE_OK);
	assert_int_equal(facts.fault, PKI_REVOCATION_OK);
	assert_int_equal(pki_crl_describe(&info, crl.data, crl.len, NULL), BE_OK);
	*number = info.number;
	buffer_free(&leaf);
	buffer_free(&issuing);
	buffer_free(&root);
	buffer_free(&crl);
	return facts;
}

static enum be_err sign_once(int64_t user, const char *id, struct be_error *err)
{
	uint8_t digest[32] = { 1 };
	struct vault_wish wish = {
		.user = user, .certificate = id, .count = 1, .alg = DIGEST_SHA256, .digests = digest
	};
	struct buffer signature = BUFFER_EMPTY;
	struct secret *sad = NULL;
	int64_t expires;
	enum be_err rc = vault_authorise(house.service->vault, &wish, passphrase, time_now(), &sad, &expires, err);

	if (rc == BE_OK)
		rc = vault_sign(house.service->vault, user, id, sad, PKI_SCHEME_ECDSA, DIGEST_SHA256, digest, 1,
			&signature, time_now(), err);
	secret_free(&sad);
	buffer_free(&signature);
	return rc;
}

/* ---- the way of a certificate ---- */

static void from_the_request_to_the_first_signature(void **state)
{
	struct buffer leaf = BUFFER_EMPTY, issuing = BUFFER_EMPTY, root = BUFFER_EMPTY;
	struct pki_anchors *anchors = NULL;
	struct pki_chain_facts chain;
	struct pki_cert_info info;
	char id[STORE_ID_SIZE], again[STORE_ID_SIZE], name[32];
	struct be_error err = { .code = BE_OK };
	struct secret *link;
	int64_t user = somebody();

	(void)state;
	assert_int_equal(certificates_request(house.service, user, NULL, "an older version", id, &err), BE_TERMS);
	assert_int_equal(
		certificates_request(house.service, user, "dsa", house_terms(&house), id, &err), BE_UNSUPPORTED);
	assert_int_equal(certificates_request(house.service, user, "p256", house_terms(&house), id, &err), BE_OK);
	assert_int_equal(house_certificate(&house, id).state, STORE_STATE_NEW);
	assert_int_equal(certificates_request(house.service, user, "p256", house_terms(&house), again, &err), BE_STATE);
	assert_int_equal(sign_once(user, id, &err), BE_STATE);
	link = house_link(&house, people);
	assert_int_equal(secret_len(link), 43);
	assert_int_equal(certificates_set_passphrase(house.service, link, passphrase, again, &err), BE_OK);
	assert_string_equal(again, id);
	assert_int_equal(house_certificate(&house, id).state, STORE_STATE_ISSUE);
	assert_int_equal(sign_once(user, id, &err), BE_OK);
	chain_of(&leaf, &issuing, &root, id);
	assert_int_equal(pki_cert_describe(&info, leaf.data, leaf.len, NULL), BE_OK);
	(void)snprintf(name, sizeof(name), "Ketut Contoh %u", people);
	assert_string_equal(info.name, name);
	assert_int_equal(info.not_after, base + 730 * DAY);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_add(anchors, root.data, root.len, true, NULL), BE_OK);
	assert_int_equal(pki_chain_check(&chain, anchors, leaf.data, leaf.len, (const uint8_t *const[]){ issuing.data },
				 &issuing.len, 1, time_now(), NULL),
		BE_OK);
	assert_int_equal(chain.result, PKI_CHAIN_OK);
	assert_int_equal(chain.length, 3);
	pki_anchors_free(&anchors);
	secret_free(&link);
	buffer_free(&leaf);
	buffer_free(&issuing);
	buffer_free(&root);
}

static void a_link_serves_once_and_for_two_days(void **state)
{
	char id[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	struct secret *weak = house_secret("abc");
	struct secret *wrong = house_secret("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	struct secret *link, *newer;
	int64_t user = somebody();

	(void)state;
	assert_int_equal(certificates_request(house.service, user, "p256", house_terms(&house), id, &err), BE_OK);
	link = house_link(&house, people);
	assert_int_equal(certificates_link_look(house.service, wrong, NULL, NULL, &err), BE_LINK);
	assert_int_equal(certificates_set_passphrase(house.service, wrong, passphrase, id, &err), BE_LINK);
	assert_int_equal(certificates_set_passphrase(house.service, link, weak, id, &err), BE_WEAK);
	time_set_for_test(base + 48 * HOUR);
	assert_int_equal(certificates_link_look(house.service, link, NULL, NULL, &err), BE_LINK);
	assert_int_equal(certificates_set_passphrase(house.service, link, passphrase, id, &err), BE_LINK);
	assert_int_equal(certificates_link_again(house.service, user, id, &err), BE_OK);
	newer = house_link(&house, people);
	time_set_for_test(base + 47 * HOUR);
	assert_int_equal(certificates_set_passphrase(house.service, link, passphrase, id, &err), BE_LINK);
	assert_int_equal(certificates_set_passphrase(house.service, newer, passphrase, id, &err), BE_OK);
	assert_int_equal(certificates_set_passphrase(house.service, newer, passphrase, id, &err), BE_LINK);
	assert_int_equal(certificates_link_again(house.service, user, id, &err), BE_STATE);
	secret_free(&link);
	secret_free(&newer);
	secret_free(&weak);
	secret_free(&wrong);
}

static void a_renewal_takes_over_when_its_passphrase_is_set(void **state)
{
	char old[STORE_ID_SIZE], next[STORE_ID_SIZE], other[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	struct secret *link;
	int64_t stranger = somebody(), user = somebody(), when;

	(void)state;
	house_issue(&house, people, user, old);
	assert_int_equal(certificates_renew(house.service, user, old, house_terms(&house), next, &err), BE_TOO_EARLY);
	assert_int_equal(err.retry_at, base + 700 * (int64_t)DAY);
	time_set_for_test(err.retry_at);
	assert_int_equal(
		certificates_renew(house.service, stranger, old, house_terms(&house), next, &err), BE_NOT_FOUND);
	assert_int_equal(certificates_renew(house.service, user, old, "2001", next, &err), BE_TERMS);
	assert_int_equal(certificates_renew(house.service, user, old, house_terms(&house), next, &err), BE_OK);
	assert_int_equal(certificates_renew(house.service, user, old, house_terms(&house), other, &err), BE_STATE);
	assert_int_equal(house_certificate(&house, next).state, STORE_STATE_RENEW);
	assert_int_equal(house_certificate(&house, old).state, STORE_STATE_ISSUE);
	assert_int_equal(sign_once(user, old, &err), BE_OK);
	link = house_link(&house, people);
	assert_int_equal(certificates_set_passphrase(house.service, link, passphrase, other, &err), BE_OK);
	assert_int_equal(house_certificate(&house, next).state, STORE_STATE_ISSUE);
	assert_int_equal(house_certificate(&house, old).state, STORE_STATE_EXPIRED);
	assert_int_equal(sign_once(user, next, &err), BE_OK);
	assert_int_not_equal(sign_once(user, old, &err), BE_OK);
	assert_int_equal(ca_tick(house.service->ca, &when, &err), BE_OK);
	/* What the old one signed stays what it was. */
	assert_int_equal(ask_ocsp(old).status, PKI_REVOCATION_GOOD);
	assert_int_equal(certificates_revoke(house.service, user, old, "superseded", &err), BE_STATE);
	secret_free(&link);
}

static void revoking_is_known_at_once_and_for_good(void **state)
{
	char id[STORE_ID_SIZE], other[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	struct pki_revocation_facts facts;
	uint64_t number, later;
	int64_t user = somebody(), stranger;

	(void)state;
	house_issue(&house, people, user, id);
	stranger = somebody();
	house_issue(&house, people, stranger, other);
	assert_int_equal(ask_ocsp(id).status, PKI_REVOCATION_GOOD);
	assert_int_equal(ask_list(id, &number).status, PKI_REVOCATION_GOOD);
	assert_int_equal(certificates_revoke(house.service, stranger, id, "keyCompromise", &err), BE_NOT_FOUND);
	assert_int_equal(certificates_revoke(house.service, user, id, "cACompromise", &err), BE_USAGE);
	time_set_for_test(base + HOUR);
	assert_int_equal(certificates_revoke(house.service, user, id, "keyCompromise", &err), BE_OK);
	assert_int_equal(certificates_revoke(house.service, user, id, "keyCompromise", &err), BE_STATE);
	facts = ask_ocsp(id);
	assert_int_equal(facts.status, PKI_REVOCATION_REVOKED);
	assert_int_equal(facts.revoked_at, base + HOUR);
	assert_int_equal(facts.reason, PKI_REASON_KEY_COMPROMISE);
	facts = ask_list(id, &later);
	assert_int_equal(facts.status, PKI_REVOCATION_REVOKED);
	assert_int_equal(facts.reason, PKI_REASON_KEY_COMPROMISE);
	assert_true(later > number);
	assert_int_equal(ask_ocsp(other).status, PKI_REVOCATION_GOOD);
	assert_int_equal(ask_list(other, &number).status, PKI_REVOCATION_GOOD);
	assert_int_equal(number, later);
	assert_int_not_equal(sign_once(user, id, &err), BE_OK);
	/* After another start the same, and the numbers of the lists go on. */
	open_again();
	time_set_for_test(base + 2 * HOUR);
	assert_int_equal(ask_ocsp(id).status, PKI_REVOCATION_REVOKED);
	assert_int_equal(ask_list(id, &number).status, PKI_REVOCATION_REVOKED);
	assert_true(number > later);
}

static void a_request_can_be_taken_back(void **state)
{
	char id[STORE_ID_SIZE], next[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	struct secret *link;
	int64_t user = somebody();

	(void)state;
	assert_int_equal(certificates_request(house.service, user, "p256", house_terms(&house), id, &err), BE_OK);
	link = house_link(&house, people);
	assert_int_equal(certificates_revoke(house.service, user, id, "unspecified", &err), BE_OK);
	assert_int_equal(certificates_set_passphrase(house.service, link, passphrase, next, &err), BE_LINK);
	house_issue(&house, people, user, next);
	assert_int_equal(ask_ocsp(next).status, PKI_REVOCATION_GOOD);
	secret_free(&link);
}

static void what_has_ended_loses_its_key(void **state)
{
	char id[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	int64_t user = somebody(), next;
	struct store_certificate row;
	struct store_key key;
	struct buffer envelope = BUFFER_EMPTY;

	(void)state;
	house_issue(&house, people, user, id);
	row = house_certificate(&house, id);
	assert_int_equal(certificates_tick(house.service, &next, &err), BE_OK);
	assert_int_equal(store_key_get(house.service->store, row.key, &key, NULL, &envelope, NULL), BE_OK);
	assert_true(envelope.len > 0);
	time_set_for_test(row.not_after + 1);
	assert_int_equal(certificates_tick(house.service, &next, &err), BE_OK);
	assert_int_equal(house_certificate(&house, id).state, STORE_STATE_EXPIRED);
	buffer_reset(&envelope);
	(void)store_key_get(house.service->store, row.key, &key, NULL, &envelope, NULL);
	assert_int_equal(envelope.len, 0);
	assert_int_equal(certificates_renew(house.service, user, id, house_terms(&house), id, &err), BE_STATE);
	buffer_free(&envelope);
}

/* ---- two at once ---- */

#define RACERS 4u

struct race {
	struct secret *link;
	atomic_uint won, lost;
};

static void *set_it(void *arg)
{
	struct race *race = arg;
	struct be_error err = { .code = BE_OK };
	char id[STORE_ID_SIZE];
	enum be_err rc = certificates_set_passphrase(house.service, race->link, passphrase, id, &err);

	if (rc == BE_OK)
		atomic_fetch_add(&race->won, 1);
	else if (rc == BE_LINK)
		atomic_fetch_add(&race->lost, 1);
	return NULL;
}

static void of_many_with_one_link_one_wins(void **state)
{
	char id[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	struct race race = { NULL, 0, 0 };
	pthread_t threads[RACERS];
	int64_t user = somebody();

	(void)state;
	assert_int_equal(certificates_request(house.service, user, "p256", house_terms(&house), id, &err), BE_OK);
	race.link = house_link(&house, people);
	for (size_t i = 0; i < RACERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, set_it, &race), 0);
	for (size_t i = 0; i < RACERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(atomic_load(&race.won), 1);
	assert_int_equal(atomic_load(&race.lost), RACERS - 1);
	secret_free(&race.link);
}

/* ---- keys that come along ---- */

static void a_key_file_can_be_brought_along_and_is_not_answered_for(void **state)
{
	EVP_PKEY *root_key = ca_key(CA_P256, 0), *key = ca_key(CA_P256, 1);
	X509 *root = ca_root("Otoritas Lain", root_key);
	X509 *cert = ca_person("Ketut Contoh", key, root, root_key);
	STACK_OF(X509) *others = sk_X509_new_null();
	struct secret *password = house_secret("rahasia-berkas");
	struct buffer file = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	char id[STORE_ID_SIZE], again[STORE_ID_SIZE];
	int64_t user = somebody(), other = somebody();
	struct buffer crl = BUFFER_EMPTY;
	struct pki_crl_info was, info;

	(void)state;
	assert_int_equal(ca_crl(house.service->ca, CA_ISSUING, &crl, NULL), BE_OK);
	assert_int_equal(pki_crl_describe(&was, crl.data, crl.len, NULL), BE_OK);
	buffer_reset(&crl);
	(void)sk_X509_push(others, root);
	ca_p12(&file, "rahasia-berkas", key, cert, others, 2048);
	assert_int_equal(
		certificates_import(house.service, user, file.data, file.len, passphrase, passphrase, id, &err),
		BE_WRONG_PASSPHRASE);
	assert_int_equal(
		certificates_import(house.service, user, file.data, file.len, password, passphrase, id, &err), BE_OK);
	assert_int_equal(house_certificate(&house, id).state, STORE_STATE_ISSUE);
	assert_int_equal(sign_once(user, id, &err), BE_OK);
	assert_int_equal(
		certificates_import(house.service, user, file.data, file.len, password, passphrase, again, &err),
		BE_STATE);
	assert_int_equal(
		certificates_import(house.service, other, file.data, file.len, password, passphrase, again, &err),
		BE_STATE);
	assert_int_equal(certificates_revoke(house.service, user, id, "keyCompromise", &err), BE_OK);
	assert_int_equal(ca_crl(house.service->ca, CA_ISSUING, &crl, NULL), BE_OK);
	assert_int_equal(pki_crl_describe(&info, crl.data, crl.len, NULL), BE_OK);
	assert_true(info.number > was.number);
	assert_int_equal(info.entries, was.entries);
	buffer_free(&crl);
	buffer_free(&file);
	secret_free(&password);
	sk_X509_free(others);
	X509_free(cert);
	X509_free(root);
}

/* ---- the authority itself ---- */

static void the_authority_is_made_once(void **state)
{
	struct buffer before = BUFFER_EMPTY, after = BUFFER_EMPTY;
	struct pki_cert_info info;

	(void)state;
	assert_int_equal(ca_certificate(house.service->ca, CA_ROOT, &before, NULL), BE_OK);
	assert_int_equal(ca_certificate(house.service->ca, CA_ISSUING, &before, NULL), BE_OK);
	open_again();
	assert_int_equal(ca_certificate(house.service->ca, CA_ROOT, &after, NULL), BE_OK);
	assert_int_equal(pki_cert_describe(&info, after.data, after.len, NULL), BE_OK);
	assert_string_equal(info.name, "BeSign Root CA");
	assert_true(info.is_ca && info.self_signed);
	assert_int_equal(ca_certificate(house.service->ca, CA_ISSUING, &after, NULL), BE_OK);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, after.len);
	buffer_free(&before);
	buffer_free(&after);
}

static void the_responders_certificate_is_renewed_in_time(void **state)
{
	char id[STORE_ID_SIZE];
	struct pki_revocation_facts facts;
	struct be_error err = { .code = BE_OK };
	int64_t user = somebody(), next, first;

	(void)state;
	house_issue(&house, people, user, id);
	first = ask_ocsp(id).signer.not_after;
	assert_int_equal(ca_tick(house.service->ca, &next, &err), BE_OK);
	assert_int_equal(ask_ocsp(id).signer.not_after, first);
	time_set_for_test(first - 29 * DAY);
	assert_int_equal(ca_tick(house.service->ca, &next, &err), BE_OK);
	assert_true(next > time_now());
	facts = ask_ocsp(id);
	assert_true(facts.signer.not_after > first);
	assert_true(facts.signer_no_check);
	/* The same after another start, long after the first would have ended. */
	time_set_for_test(first + DAY);
	open_again();
	assert_int_equal(ask_ocsp(id).status, PKI_REVOCATION_GOOD);
}

static void names_that_cannot_be_seen_do_not_go_into_a_certificate(void **state)
{
	static const char *const names[] = { "", " Ketut", "Ketut ", "Ke\ntut", "Ke\xE2\x80\xAEtut", "Ke\xff",
		"0123456789012345678901234567890123456789012345678901234567890123456789" };
	struct buffer der = BUFFER_EMPTY;
	char serial[PKI_SERIAL_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ca_subject subject = { .name = names[i] };

		assert_int_equal(
			ca_certify(house.service->ca, (const uint8_t *)"x", 1, &subject, &der, serial, NULL), BE_USAGE);
	}
	assert_int_equal(ca_certify(house.service->ca, (const uint8_t *)"x", 1, &(struct ca_subject){ .name = "Ketut" },
				 &der, serial, NULL),
		BE_MALFORMED);
	assert_int_equal(der.len, 0);
}

static void a_digest_is_stamped(void **state)
{
	struct buffer token = BUFFER_EMPTY;
	struct pki_tst_facts facts;
	struct pki_tst *tst = NULL;
	enum pki_cms_fault fault;
	uint8_t digest[32] = { 7 };

	(void)state;
	assert_int_equal(ca_timestamp_digest(house.service->ca, DIGEST_SHA256, digest, (const uint8_t *)"\x12\x34", 2,
				 &token, NULL),
		BE_OK);
	assert_int_equal(pki_tst_parse(&tst, &fault, token.data, token.len, NULL), BE_OK);
	assert_int_equal(pki_tst_check(tst, digest, sizeof(digest), NULL, NULL, 0, &facts, NULL), BE_OK);
	assert_int_equal(facts.fault, PKI_CMS_OK);
	assert_int_equal(facts.time, base);
	assert_true(facts.imprint_ok && facts.purpose_ok && facts.time_inside);
	pki_tst_free(&tst);
	buffer_reset(&token);
	assert_int_equal(
		ca_timestamp_digest(house.service->ca, DIGEST_SHA1, digest, NULL, 0, &token, NULL), BE_REFUSED);
	buffer_free(&token);
}

static void every_step_is_in_the_audit_log(void **state)
{
	char id[STORE_ID_SIZE];
	struct be_error err = { .code = BE_OK };
	int64_t lines = 0, user = somebody();
	uint8_t last[STORE_DIGEST_SIZE];

	(void)state;
	house_issue(&house, people, user, id);
	assert_int_equal(certificates_revoke(house.service, user, id, "cessationOfOperation", &err), BE_OK);
	assert_int_equal(store_audit_check(house.service->store, &lines, last, &err), BE_OK);
	assert_true(lines >= 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(from_the_request_to_the_first_signature),
		TEST(a_link_serves_once_and_for_two_days),
		TEST(revoking_is_known_at_once_and_for_good),
		TEST(a_request_can_be_taken_back),
		TEST(of_many_with_one_link_one_wins),
		TEST(a_key_file_can_be_brought_along_and_is_not_answered_for),
		TEST(the_authority_is_made_once),
		TEST(names_that_cannot_be_seen_do_not_go_into_a_certificate),
		TEST(a_digest_is_stamped),
		TEST(every_step_is_in_the_audit_log),
		TEST(a_renewal_takes_over_when_its_passphrase_is_set),
		TEST(what_has_ended_loses_its_key),
		TEST(the_responders_certificate_is_renewed_in_time),
	};

	return cmocka_run_group_tests(tests, open_house, remove_house);
}
