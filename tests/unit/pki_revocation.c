/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "pki/crl.h"
#include "pki/ocsp.h"
#include "support/ca.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#define HOUR 3600

/* An authority with a responder of its own, another authority, and a person of each. */
static struct pki_authority *root, *issuing, *responder, *stranger, *strange_responder;
static struct buffer person, other_person;
static char serial[PKI_SERIAL_TEXT];
static const uint8_t nonce[PKI_OCSP_NONCE] = "a nonce of thirty-two octets ..";

static struct pki_issue wish(enum pki_profile profile, const char *common)
{
	return (struct pki_issue){ .profile = profile,
		.country = "ID",
		.organisation = "Contoh",
		.common = common,
		.not_before = CA_NOW - CA_DAY,
		.not_after = CA_NOW + CA_YEAR };
}

static struct pki_authority *authority(enum pki_profile profile, const char *common, const struct pki_authority *by)
{
	struct pki_issue what = wish(profile, common);
	struct pki_authority *made = NULL;

	assert_int_equal(pki_authority_make(&made, PKI_MAKE_P256, &what, by, NULL), BE_OK);
	return made;
}

static void issue_person(struct buffer *out, const struct pki_authority *by, const char *crl_url, char *number)
{
	struct pki_issue what = wish(PKI_PROFILE_PERSON, "Wayan Contoh");
	unsigned char *spki = NULL;
	int len = i2d_PUBKEY(ca_key(CA_P256, 0), &spki);

	what.crl_url = crl_url;
	assert_true(len > 0);
	assert_int_equal(pki_authority_issue(by, &what, spki, (size_t)len, out, number, NULL), BE_OK);
	OPENSSL_free(spki);
}

static int make_all(void **state)
{
	(void)state;
	root = authority(PKI_PROFILE_ROOT, "Contoh Root", NULL);
	issuing = authority(PKI_PROFILE_ISSUING, "Contoh Issuing", root);
	responder = authority(PKI_PROFILE_OCSP, "Contoh OCSP", issuing);
	stranger = authority(PKI_PROFILE_ISSUING, "Contoh Issuing", root);
	strange_responder = authority(PKI_PROFILE_OCSP, "Contoh OCSP", stranger);
	issue_person(&person, issuing, NULL, serial);
	issue_person(&other_person, issuing, NULL, NULL);
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	pki_authority_free(&root);
	pki_authority_free(&issuing);
	pki_authority_free(&responder);
	pki_authority_free(&stranger);
	pki_authority_free(&strange_responder);
	buffer_free(&person);
	buffer_free(&other_person);
	return 0;
}

/* ---- OCSP ---- */

struct known {
	struct pki_ocsp_status status;
	unsigned asked;
	bool broken;
};

static enum be_err look_up(void *arg, const char *number, struct pki_ocsp_status *out, struct be_error *err)
{
	struct known *known = arg;

	known->asked++;
	if (known->broken)
		return be_fail(err, BE_IO, "the book is gone", NULL);
	*out = strcmp(number, serial) == 0 ? known->status
					   : (struct pki_ocsp_status){ .status = PKI_REVOCATION_UNKNOWN };
	return BE_OK;
}

static void ask(struct buffer *request, const struct buffer *about, const struct pki_authority *by, const uint8_t *with)
{
	size_t len;
	const uint8_t *issuer = pki_authority_certificate(by, &len);

	assert_int_equal(pki_ocsp_request(request, about->data, about->len, issuer, len, with, NULL), BE_OK);
}

static void answer(struct buffer *response, const struct buffer *request, const struct pki_authority *signer,
	const struct pki_authority *issuer, struct known *known)
{
	struct pki_ocsp_responder r = {
		.signer = signer, .this_update = CA_NOW, .next_update = CA_NOW + HOUR, .lookup = look_up, .arg = known
	};

	r.issuer = pki_authority_certificate(issuer, &r.issuer_len);
	assert_int_equal(pki_ocsp_answer(response, &r, request->data, request->len, NULL), BE_OK);
	assert_int_equal(ERR_peek_error(), 0);
}

static struct pki_revocation_facts judge(
	const struct buffer *response, const struct buffer *about, const struct pki_authority *by, const uint8_t *with)
{
	struct pki_revocation_facts facts;
	size_t len;
	const uint8_t *issuer = pki_authority_certificate(by, &len);

	assert_int_equal(
		pki_ocsp_check(&facts, response->data, response->len, about->data, about->len, issuer, len, with, NULL),
		BE_OK);
	assert_int_equal(ERR_peek_error(), 0);
	return facts;
}

static struct pki_revocation_facts ask_and_judge(const struct pki_authority *signer, struct known *known)
{
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	ask(&request, &person, issuing, nonce);
	answer(&response, &request, signer, issuing, known);
	facts = judge(&response, &person, issuing, nonce);
	buffer_free(&request);
	buffer_free(&response);
	return facts;
}

static void a_certificate_that_is_good_is_said_to_be_so(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct pki_revocation_facts facts = ask_and_judge(responder, &known);

	(void)state;
	assert_int_equal(facts.fault, PKI_REVOCATION_OK);
	assert_int_equal(facts.status, PKI_REVOCATION_GOOD);
	assert_int_equal(facts.this_update, CA_NOW);
	assert_int_equal(facts.next_update, CA_NOW + HOUR);
	assert_int_equal(facts.produced_at, CA_NOW);
	assert_true(facts.delegated && facts.signer_no_check && facts.has_nonce);
	assert_string_equal(facts.signer.name, "Contoh OCSP");
	assert_true(pki_revocation_fresh(&facts, CA_NOW, 0));
	assert_int_equal(known.asked, 1);
}

static void a_revoked_one_is_told_with_its_moment_and_reason(void **state)
{
	struct known known = { .status = { PKI_REVOCATION_REVOKED, CA_NOW - CA_DAY, PKI_REASON_KEY_COMPROMISE } };
	struct pki_revocation_facts facts = ask_and_judge(responder, &known);

	(void)state;
	assert_int_equal(facts.status, PKI_REVOCATION_REVOKED);
	assert_int_equal(facts.revoked_at, CA_NOW - CA_DAY);
	assert_int_equal(facts.reason, PKI_REASON_KEY_COMPROMISE);
	known.status.reason = PKI_REASON_UNSPECIFIED;
	facts = ask_and_judge(responder, &known);
	assert_int_equal(facts.status, PKI_REVOCATION_REVOKED);
	assert_int_equal(facts.reason, PKI_REASON_NONE);
}

static void the_issuer_itself_may_answer(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct pki_revocation_facts facts = ask_and_judge(issuing, &known);

	(void)state;
	assert_int_equal(facts.status, PKI_REVOCATION_GOOD);
	assert_false(facts.delegated);
}

static void nobody_else_may(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct pki_authority *tsa = authority(PKI_PROFILE_TSA, "Contoh OCSP", issuing);
	struct pki_authority *far = authority(PKI_PROFILE_OCSP, "Contoh OCSP", root);
	const struct pki_authority *others[] = { strange_responder, stranger, tsa, far, root };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct pki_revocation_facts facts = ask_and_judge(others[i], &known);

		assert_int_equal(facts.status, PKI_REVOCATION_NONE);
		assert_true(facts.fault == PKI_REVOCATION_SIGNER || facts.fault == PKI_REVOCATION_SIGNATURE);
	}
	pki_authority_free(&tsa);
	pki_authority_free(&far);
}

static void an_answer_about_somebody_else_is_none(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	(void)state;
	ask(&request, &person, issuing, NULL);
	answer(&response, &request, responder, issuing, &known);
	facts = judge(&response, &other_person, issuing, NULL);
	assert_int_equal(facts.fault, PKI_REVOCATION_OTHER);
	/* The stranger has the same name and another key. */
	facts = judge(&response, &person, stranger, NULL);
	assert_int_equal(facts.fault, PKI_REVOCATION_OTHER);
	buffer_free(&request);
	buffer_free(&response);
}

static void a_certificate_of_another_authority_is_unknown_and_not_looked_up(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY, theirs = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	(void)state;
	issue_person(&theirs, stranger, NULL, NULL);
	ask(&request, &theirs, stranger, NULL);
	answer(&response, &request, responder, issuing, &known);
	assert_int_equal(known.asked, 0);
	facts = judge(&response, &theirs, stranger, NULL);
	assert_int_equal(facts.status, PKI_REVOCATION_NONE);
	assert_int_equal(facts.fault, PKI_REVOCATION_SIGNER);
	buffer_free(&request);
	buffer_free(&response);
	buffer_free(&theirs);
}

static void an_answer_to_another_question_is_refused(void **state)
{
	static const uint8_t other[PKI_OCSP_NONCE] = "another one of thirty-two octets";
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	(void)state;
	ask(&request, &person, issuing, other);
	answer(&response, &request, responder, issuing, &known);
	facts = judge(&response, &person, issuing, nonce);
	assert_int_equal(facts.status, PKI_REVOCATION_NONE);
	assert_int_equal(facts.fault, PKI_REVOCATION_NONCE);
	/* Who did not ask with one does not look at it. */
	facts = judge(&response, &person, issuing, NULL);
	assert_int_equal(facts.status, PKI_REVOCATION_GOOD);
	buffer_reset(&request);
	buffer_reset(&response);
	ask(&request, &person, issuing, NULL);
	answer(&response, &request, responder, issuing, &known);
	facts = judge(&response, &person, issuing, nonce);
	assert_int_equal(facts.status, PKI_REVOCATION_GOOD);
	assert_false(facts.has_nonce);
	buffer_free(&request);
	buffer_free(&response);
}

static void what_is_no_request_is_answered_all_the_same(void **state)
{
	struct known known = { .status = { .status = PKI_REVOCATION_GOOD } };
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	struct pki_revocation_facts facts;

	(void)state;
	buffer_add_str(&request, "GET / HTTP/1.1");
	answer(&response, &request, responder, issuing, &known);
	facts = judge(&response, &person, issuing, NULL);
	assert_int_equal(facts.fault, PKI_REVOCATION_REFUSED);
	buffer_reset(&request);
	buffer_reset(&response);
	ask(&request, &person, issuing, NULL);
	buffer_add_byte(&request, 0);
	answer(&response, &request, responder, issuing, &known);
	assert_int_equal(judge(&response, &person, issuing, NULL).fault, PKI_REVOCATION_REFUSED);
	buffer_reset(&request);
	buffer_reset(&response);
	known.broken = true;
	ask(&request, &person, issuing, NULL);
	answer(&response, &request, responder, issuing, &known);
	assert_int_equal(judge(&response, &person, issuing, NULL).fault, PKI_REVOCATION_REFUSED);
	buffer_free(&request);
	buffer_free(&response);
}

/* Nothing that is changed on the way makes a revoked certificate good. */
static void a_changed_response_never_becomes_good(void **state)
{
	struct known known = { .status = { PKI_REVOCATION_REVOKED, CA_NOW - CA_DAY, PKI_REASON_SUPERSEDED } };
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;

	(void)state;
	ask(&request, &person, issuing, nonce);
	answer(&response, &request, responder, issuing, &known);
	for (size_t i = 0; i < response.len; i++) {
		uint8_t was = response.data[i];

		for (unsigned bit = 0; bit < 8; bit += 3) {
			struct pki_revocation_facts facts;

			response.data[i] = (uint8_t)(was ^ 1u << bit);
			facts = judge(&response, &person, issuing, nonce);
			assert_int_not_equal(facts.status, PKI_REVOCATION_GOOD);
			assert_int_not_equal(facts.status, PKI_REVOCATION_UNKNOWN);
		}
		response.data[i] = was;
	}
	for (size_t len = 0; len < response.len; len++) {
		struct buffer cut = { response.data, len, len, false };

		assert_int_equal(judge(&cut, &person, issuing, nonce).fault, PKI_REVOCATION_MALFORMED);
	}
	buffer_free(&request);
	buffer_free(&response);
}

/* ---- CRL ---- */

static void make_list(struct buffer *out, const struct pki_authority *by, const char *listed, enum pki_reason reason)
{
	struct pki_crl_build *build = NULL;
	struct pki_crl_entry entry = { listed, CA_NOW - HOUR, reason };

	assert_int_equal(pki_crl_build_new(&build, by, 7, CA_NOW, CA_NOW + CA_DAY, NULL), BE_OK);
	if (listed != NULL)
		assert_int_equal(pki_crl_build_add(build, &entry, NULL), BE_OK);
	assert_int_equal(pki_crl_build_finish(build, out, NULL), BE_OK);
	pki_crl_build_free(&build);
}

static struct pki_revocation_facts judge_list(
	const struct buffer *crl, const struct buffer *about, const struct pki_authority *by)
{
	struct pki_revocation_facts facts;
	size_t len;
	const uint8_t *issuer = pki_authority_certificate(by, &len);

	assert_int_equal(pki_crl_check(&facts, crl->data, crl->len, about->data, about->len, issuer, len, NULL), BE_OK);
	assert_int_equal(ERR_peek_error(), 0);
	return facts;
}

static void a_list_says_who_is_on_it(void **state)
{
	struct buffer crl = BUFFER_EMPTY;
	struct pki_revocation_facts facts;
	struct pki_crl_info info;

	(void)state;
	make_list(&crl, issuing, serial, PKI_REASON_CESSATION);
	facts = judge_list(&crl, &person, issuing);
	assert_int_equal(facts.status, PKI_REVOCATION_REVOKED);
	assert_int_equal(facts.reason, PKI_REASON_CESSATION);
	assert_int_equal(facts.revoked_at, CA_NOW - HOUR);
	assert_true(facts.from_crl);
	facts = judge_list(&crl, &other_person, issuing);
	assert_int_equal(facts.status, PKI_REVOCATION_GOOD);
	assert_int_equal(pki_crl_describe(&info, crl.data, crl.len, NULL), BE_OK);
	assert_int_equal(info.number, 7);
	assert_int_equal(info.entries, 1);
	assert_int_equal(info.next_update, CA_NOW + CA_DAY);
	buffer_free(&crl);
}

static void a_list_of_another_is_not_used(void **state)
{
	struct buffer crl = BUFFER_EMPTY;

	(void)state;
	make_list(&crl, stranger, NULL, PKI_REASON_NONE);
	assert_int_equal(judge_list(&crl, &person, issuing).fault, PKI_REVOCATION_SIGNATURE);
	buffer_reset(&crl);
	make_list(&crl, root, NULL, PKI_REASON_NONE);
	assert_int_equal(judge_list(&crl, &person, issuing).fault, PKI_REVOCATION_OTHER);
	buffer_free(&crl);
}

/* A list with whatever extensions, signed by a key of OpenSSL's for a root that it made. */
struct odd {
	const char *what;
	const char *idp; /* as openssl.cnf has it */
	int nid;         /* of a further critical extension; 0: none */
	bool in_entry;
	const char *points; /* the certificate's own distribution point */
	enum pki_revocation_fault fault;
};

static X509 *odd_root;

static void add_crl_extension(X509_CRL *crl, int nid, const char *value)
{
	X509V3_CTX ctx;
	CONF *conf = NCONF_new(NULL);
	BIO *bio = BIO_new_mem_buf("[dp]\nfullname=URI:http://contoh.example/one.crl\n", -1);
	X509_EXTENSION *extension;

	assert_int_equal(NCONF_load_bio(conf, bio, NULL), 1);
	X509V3_set_ctx(&ctx, odd_root, NULL, NULL, crl, 0);
	X509V3_set_nconf(&ctx, conf);
	extension = X509V3_EXT_nconf_nid(conf, &ctx, nid, value);
	if (extension == NULL)
		fail_msg("%s: %s", value, ERR_reason_error_string(ERR_peek_last_error()));
	assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
	X509_EXTENSION_free(extension);
	NCONF_free(conf);
	BIO_free(bio);
}

static void add_unknown_to(X509_CRL *crl, bool in_entry)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4.5", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05\x00", 2), 1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	if (in_entry) {
		X509_REVOKED *entry = X509_REVOKED_new();
		ASN1_INTEGER *number = ASN1_INTEGER_new();
		ASN1_TIME *when = ASN1_TIME_set(NULL, CA_NOW);

		assert_int_equal(ASN1_INTEGER_set(number, 99), 1);
		assert_int_equal(X509_REVOKED_set_serialNumber(entry, number), 1);
		assert_int_equal(X509_REVOKED_set_revocationDate(entry, when), 1);
		assert_int_equal(X509_REVOKED_add_ext(entry, extension, -1), 1);
		assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
		ASN1_INTEGER_free(number);
		ASN1_TIME_free(when);
	} else {
		assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
	}
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static void make_odd(struct buffer *out, const struct odd *odd)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *time = ASN1_TIME_set(NULL, CA_NOW);
	unsigned char *der = NULL;
	int len;

	assert_int_equal(X509_CRL_set_version(crl, 1), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl, X509_get_subject_name(odd_root)), 1);
	assert_int_equal(X509_CRL_set1_lastUpdate(crl, time), 1);
	ASN1_TIME_set(time, CA_NOW + CA_DAY);
	assert_int_equal(X509_CRL_set1_nextUpdate(crl, time), 1);
	if (odd->idp != NULL)
		add_crl_extension(crl, NID_issuing_distribution_point, odd->idp);
	if (odd->nid == NID_delta_crl) {
		ASN1_INTEGER *base = ASN1_INTEGER_new();

		assert_int_equal(ASN1_INTEGER_set(base, 1), 1);
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_delta_crl, base, 1, X509V3_ADD_DEFAULT), 1);
		ASN1_INTEGER_free(base);
	}
	if (odd->nid == NID_undef + 1)
		add_unknown_to(crl, odd->in_entry);
	assert_true(X509_CRL_sign(crl, ca_key(CA_P256, 1), EVP_sha256()) > 0);
	len = i2d_X509_CRL(crl, &der);
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ASN1_TIME_free(time);
	X509_CRL_free(crl);
}

static void add_point(X509 *cert)
{
	X509_EXTENSION *extension =
		X509V3_EXT_conf_nid(NULL, NULL, NID_crl_distribution_points, "URI:http://contoh.example/one.crl");

	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void lists_that_do_not_speak_for_a_certificate_never_make_it_good(void **state)
{
	/* clang-format off */
	static const struct odd lists[] = {
		{ "a plain list",                     NULL, 0, false, NULL, PKI_REVOCATION_OK },
		{ "users only",                       "critical,onlyuser:TRUE", 0, false, NULL, PKI_REVOCATION_OK },
		{ "authorities only",                 "critical,onlyCA:TRUE", 0, false, NULL, PKI_REVOCATION_OTHER },
		{ "attribute certificates only",      "critical,onlyAA:TRUE", 0, false, NULL, PKI_REVOCATION_OTHER },
		{ "some reasons only",                "critical,onlysomereasons:keyCompromise", 0, false, NULL,
		                                      PKI_REVOCATION_OTHER },
		{ "an indirect list",                 "critical,indirectCRL:TRUE", 0, false, NULL,
		                                      PKI_REVOCATION_UNSUPPORTED },
		{ "another distribution point",       "critical,fullname:URI:http://contoh.example/two.crl", 0, false, "x",
		                                      PKI_REVOCATION_OTHER },
		{ "a point, the certificate has none", "critical,fullname:URI:http://contoh.example/one.crl", 0, false,
		                                      NULL, PKI_REVOCATION_OTHER },
		{ "its own distribution point",       "critical,fullname:URI:http://contoh.example/one.crl", 0, false, "x",
		                                      PKI_REVOCATION_OK },
		{ "a delta list",                     NULL, NID_delta_crl, false, NULL, PKI_REVOCATION_UNSUPPORTED },
		{ "an unknown critical extension",    NULL, NID_undef + 1, false, NULL, PKI_REVOCATION_UNSUPPORTED },
		{ "the same in an entry of another",  NULL, NID_undef + 1, true, NULL, PKI_REVOCATION_UNSUPPORTED },
	};
	/* clang-format on */
	struct buffer issuer = BUFFER_EMPTY;

	(void)state;
	odd_root = ca_root("Contoh Ganjil", ca_key(CA_P256, 1));
	ca_der(&issuer, odd_root);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct buffer crl = BUFFER_EMPTY, about = BUFFER_EMPTY;
		struct pki_revocation_facts facts;
		X509 *cert = ca_issue(&(struct ca_wish){ .name = "Made Contoh",
			.key = ca_key(CA_P256, 2),
			.issuer = odd_root,
			.issuer_key = ca_key(CA_P256, 1),
			.shape = lists[i].points != NULL ? add_point : NULL });

		ca_der(&about, cert);
		make_odd(&crl, &lists[i]);
		assert_int_equal(
			pki_crl_check(&facts, crl.data, crl.len, about.data, about.len, issuer.data, issuer.len, NULL),
			BE_OK);
		if (facts.fault != lists[i].fault)
			fail_msg("%s: fault %u (%s)", lists[i].what, facts.fault, facts.detail);
		assert_int_equal(facts.status == PKI_REVOCATION_GOOD, lists[i].fault == PKI_REVOCATION_OK);
		X509_free(cert);
		buffer_free(&crl);
		buffer_free(&about);
	}
	X509_free(odd_root);
	buffer_free(&issuer);
}

static void a_changed_list_never_takes_anybody_off(void **state)
{
	struct buffer crl = BUFFER_EMPTY;

	(void)state;
	make_list(&crl, issuing, serial, PKI_REASON_NONE);
	for (size_t i = 0; i < crl.len; i++) {
		uint8_t was = crl.data[i];

		for (unsigned bit = 0; bit < 8; bit += 3) {
			crl.data[i] = (uint8_t)(was ^ 1u << bit);
			assert_int_not_equal(judge_list(&crl, &person, issuing).status, PKI_REVOCATION_GOOD);
		}
		crl.data[i] = was;
	}
	buffer_free(&crl);
}

/* ---- when it counts ---- */

static void an_answer_counts_for_its_time(void **state)
{
	/* clang-format off */
	static const struct { const char *what; int64_t made, next, moment, max_age; bool fresh; } times[] = {
		{ "now",                        CA_NOW, CA_NOW + HOUR, CA_NOW,             0, true },
		{ "our clock is a bit behind",  CA_NOW, CA_NOW + HOUR, CA_NOW - 200,       0, true },
		{ "from the future",            CA_NOW, CA_NOW + HOUR, CA_NOW - 2 * HOUR,  0, false },
		{ "past its end",               CA_NOW, CA_NOW + HOUR, CA_NOW + 2 * HOUR,  0, false },
		{ "without an end",             CA_NOW, TIME_NONE,     CA_NOW,             0, false },
		{ "without one, but young",     CA_NOW, TIME_NONE,     CA_NOW + HOUR,      CA_DAY, true },
		{ "without one, and old",       CA_NOW, TIME_NONE,     CA_NOW + 2 * CA_DAY, CA_DAY, false },
		{ "older than is agreed",       CA_NOW, CA_NOW + CA_YEAR, CA_NOW + 2 * CA_DAY, CA_DAY, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct pki_revocation_facts facts = { .status = PKI_REVOCATION_GOOD,
			.this_update = times[i].made,
			.next_update = times[i].next,
			.produced_at = times[i].made,
			.signer = { .not_before = CA_NOW - CA_DAY, .not_after = CA_NOW + CA_DAY } };

		if (pki_revocation_fresh(&facts, times[i].moment, times[i].max_age) != times[i].fresh)
			fail_msg("%s", times[i].what);
		facts.signer.not_after = CA_NOW - HOUR;
		assert_false(pki_revocation_fresh(&facts, times[i].moment, times[i].max_age));
		facts.signer.not_after = CA_NOW + CA_DAY;
		facts.status = PKI_REVOCATION_NONE;
		assert_false(pki_revocation_fresh(&facts, times[i].moment, times[i].max_age));
	}
}

/* ---- authorities ---- */

static void an_authority_is_saved_and_read_again(void **state)
{
	struct pki_authority *again = NULL;
	struct secret *pem = NULL, *mixed = NULL;
	size_t len, again_len;
	const uint8_t *der = pki_authority_certificate(issuing, &len), *again_der;
	const char *text;

	(void)state;
	assert_int_equal(pki_authority_save(issuing, &pem, NULL), BE_OK);
	assert_int_equal(pki_authority_load(&again, pem, NULL), BE_OK);
	again_der = pki_authority_certificate(again, &again_len);
	assert_int_equal(len, again_len);
	assert_memory_equal(der, again_der, len);
	pki_authority_free(&again);
	/* The certificate of another: refused. */
	text = strstr((const char *)secret_bytes(pem), "-----BEGIN CERTIFICATE");
	assert_non_null(text);
	assert_int_equal(secret_new(&mixed, 8192, NULL), BE_OK);
	assert_int_equal(
		secret_add(mixed, secret_bytes(pem), (size_t)(text - (const char *)secret_bytes(pem)), NULL), BE_OK);
	secret_free(&pem);
	assert_int_equal(pki_authority_save(root, &pem, NULL), BE_OK);
	text = strstr((const char *)secret_bytes(pem), "-----BEGIN CERTIFICATE");
	assert_int_equal(secret_add(mixed, text, strlen(text), NULL), BE_OK);
	assert_int_equal(pki_authority_load(&again, mixed, NULL), BE_KEY_MISMATCH);
	assert_null(again);
	secret_cut(mixed, 100);
	assert_int_equal(pki_authority_load(&again, mixed, NULL), BE_BAD_KEY_FILE);
	secret_free(&pem);
	secret_free(&mixed);
}

static void a_persons_certificate_is_what_the_profile_says(void **state)
{
	struct pki_issue what = wish(PKI_PROFILE_PERSON, "Ni Luh Contoh");
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	char number[PKI_SERIAL_TEXT];
	unsigned char *spki = NULL;
	int len = i2d_PUBKEY(ca_key(CA_P256, 3), &spki);

	(void)state;
	what.not_after = CA_NOW + 50 * (int64_t)CA_YEAR;
	what.ocsp_url = "http://contoh.example/a,b";
	what.issuer_url = "http://contoh.example/ca.crt";
	what.crl_url = "http://contoh.example/ca.crl";
	assert_int_equal(pki_authority_issue(issuing, &what, spki, (size_t)len, &der, number, NULL), BE_OK);
	assert_int_equal(pki_cert_describe(&info, der.data, der.len, NULL), BE_OK);
	assert_string_equal(info.subject, "C=ID, O=Contoh, CN=Ni Luh Contoh");
	assert_string_equal(info.serial, number);
	assert_int_equal(strlen(number), 32);
	assert_true(info.eku_document && !info.is_ca && info.has_key_usage);
	assert_int_equal(info.key_usage, PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION);
	assert_int_equal(info.not_after, CA_NOW + CA_YEAR);
	assert_non_null(memmem(der.data, der.len, "http://contoh.example/a,b", 25));
	assert_true(pki_authority_issued(issuing, der.data, der.len));
	assert_false(pki_authority_issued(stranger, der.data, der.len));
	assert_int_equal(pki_authority_issue(issuing, &what, spki, (size_t)len - 1, &der, NULL, NULL), BE_MALFORMED);
	OPENSSL_free(spki);
	buffer_free(&der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_that_is_good_is_said_to_be_so),
		cmocka_unit_test(a_revoked_one_is_told_with_its_moment_and_reason),
		cmocka_unit_test(the_issuer_itself_may_answer),
		cmocka_unit_test(nobody_else_may),
		cmocka_unit_test(an_answer_about_somebody_else_is_none),
		cmocka_unit_test(a_certificate_of_another_authority_is_unknown_and_not_looked_up),
		cmocka_unit_test(an_answer_to_another_question_is_refused),
		cmocka_unit_test(what_is_no_request_is_answered_all_the_same),
		cmocka_unit_test(a_changed_response_never_becomes_good),
		cmocka_unit_test(a_list_says_who_is_on_it),
		cmocka_unit_test(a_list_of_another_is_not_used),
		cmocka_unit_test(lists_that_do_not_speak_for_a_certificate_never_make_it_good),
		cmocka_unit_test(a_changed_list_never_takes_anybody_off),
		cmocka_unit_test(an_answer_counts_for_its_time),
		cmocka_unit_test(an_authority_is_saved_and_read_again),
		cmocka_unit_test(a_persons_certificate_is_what_the_profile_says),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
