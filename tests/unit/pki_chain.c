/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "support/ca.h"

#include <openssl/conf.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HELPERS_MAX 8

/* One question to the room: the certificates are taken, NULL ends a list. */
struct question {
	X509 *leaf;
	X509 *trusted[4];
	X509 *known[4];             /* anchors' helpers: shipped with the program, not trusted */
	X509 *helpers[HELPERS_MAX]; /* out of the document */
	int64_t moment;             /* 0: CA_NOW */
};

static void add_all(struct pki_anchors *anchors, X509 *const *certs, bool trusted)
{
	for (; *certs != NULL; certs++) {
		struct buffer der = BUFFER_EMPTY;

		ca_der(&der, *certs);
		assert_int_equal(pki_anchors_add(anchors, der.data, der.len, trusted, NULL), BE_OK);
		buffer_free(&der);
	}
}

static void ask(struct pki_chain_facts *facts, const struct question *q)
{
	struct pki_anchors *anchors = NULL;
	struct buffer leaf = BUFFER_EMPTY;
	struct buffer ders[HELPERS_MAX];
	const uint8_t *helpers[HELPERS_MAX];
	size_t lens[HELPERS_MAX], count = 0;

	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	add_all(anchors, q->trusted, true);
	add_all(anchors, q->known, false);
	ca_der(&leaf, q->leaf);
	for (; q->helpers[count] != NULL; count++) {
		ders[count] = BUFFER_EMPTY;
		ca_der(&ders[count], q->helpers[count]);
		helpers[count] = ders[count].data;
		lens[count] = ders[count].len;
	}
	assert_int_equal(pki_chain_check(facts, anchors, leaf.data, leaf.len, helpers, lens, count,
				 q->moment != 0 ? q->moment : CA_NOW, NULL),
		BE_OK);
	for (size_t i = 0; i < count; i++)
		buffer_free(&ders[i]);
	buffer_free(&leaf);
	pki_anchors_free(&anchors);
}

/* A house of three: root, authority, person; and what can be wrong with the middle or the end. */
struct house {
	X509 *root, *middle, *leaf;
};

static EVP_PKEY *key(size_t which)
{
	return ca_key(CA_P256, which);
}

static void build(struct house *house, const struct ca_wish *middle, const struct ca_wish *leaf)
{
	struct ca_wish m = { .name = "Otoritas Antara",
		.key = key(1),
		.constraints = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign" };
	struct ca_wish l = { .name = "Siti Contoh", .key = key(2), .usage = "critical,digitalSignature" };

	if (middle != NULL) {
		m = *middle;
		m.name = "Otoritas Antara";
		m.key = m.key != NULL ? m.key : key(1);
	}
	if (leaf != NULL) {
		l = *leaf;
		l.name = "Siti Contoh";
		l.key = key(2);
	}
	house->root = ca_root("Otoritas Akar", key(0));
	m.issuer = house->root;
	m.issuer_key = key(0);
	house->middle = ca_issue(&m);
	l.issuer = house->middle;
	l.issuer_key = m.key;
	house->leaf = ca_issue(&l);
}

static void tear_down(struct house *house)
{
	X509_free(house->root);
	X509_free(house->middle);
	X509_free(house->leaf);
}

static void unknown_critical(X509 *cert)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *type = OBJ_txt2obj("1.3.6.1.4.1.99999.8", 1);
	X509_EXTENSION *extension = NULL;

	assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05\x00", 2), 1);
	extension = X509_EXTENSION_create_by_OBJ(NULL, type, 1, value);
	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OBJECT_free(type);
	ASN1_OCTET_STRING_free(value);
}

static void add_extension(X509 *cert, int nid, const char *value)
{
	CONF *none = NCONF_new(NULL);
	X509_EXTENSION *extension;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, none);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
	NCONF_free(none);
}

static void address_elsewhere(X509 *cert)
{
	add_extension(cert, NID_subject_alt_name, "email:siti@lain.example");
}

static void with_policy(X509 *cert)
{
	add_extension(cert, NID_certificate_policies, "1.3.6.1.4.1.99999.1");
}

/* Whatever it issues has to name a policy (RFC 5280, 4.2.1.11). */
static void policy_required(X509 *cert)
{
	with_policy(cert);
	add_extension(cert, NID_policy_constraints, "critical,requireExplicitPolicy:0");
}

#define CA "critical,CA:TRUE"
#define CA_USAGE "critical,keyCertSign"
#define PERSON "critical,digitalSignature"

/* clang-format off */
static const struct {
	const char *what;
	struct ca_wish middle, leaf;
	enum pki_chain_result expected;
	bool leaf_time_bad;
} houses[] = {
	{ "all is well",
	  { .constraints = CA, .usage = CA_USAGE }, { .usage = PERSON }, PKI_CHAIN_OK, false },
	{ "expired person",
	  { .constraints = CA, .usage = CA_USAGE },
	  { .usage = PERSON, .from = CA_NOW - CA_YEAR, .until = CA_NOW - CA_DAY }, PKI_CHAIN_EXPIRED, true },
	{ "expired authority",
	  { .constraints = CA, .usage = CA_USAGE, .from = CA_NOW - CA_YEAR, .until = CA_NOW - CA_DAY },
	  { .usage = PERSON }, PKI_CHAIN_EXPIRED, false },
	{ "both expired",
	  { .constraints = CA, .usage = CA_USAGE, .from = CA_NOW - CA_YEAR, .until = CA_NOW - CA_DAY },
	  { .usage = PERSON, .from = CA_NOW - CA_YEAR, .until = CA_NOW - CA_DAY }, PKI_CHAIN_EXPIRED, true },
	{ "person not yet valid",
	  { .constraints = CA, .usage = CA_USAGE },
	  { .usage = PERSON, .from = CA_NOW + CA_DAY, .until = CA_NOW + CA_YEAR }, PKI_CHAIN_NOT_YET_VALID, true },
	{ "authority not yet valid",
	  { .constraints = CA, .usage = CA_USAGE, .from = CA_NOW + CA_DAY, .until = CA_NOW + CA_YEAR },
	  { .usage = PERSON }, PKI_CHAIN_NOT_YET_VALID, false },
	{ "no authority at all: no basic constraints",
	  { .usage = CA_USAGE }, { .usage = PERSON }, PKI_CHAIN_CONSTRAINTS, false },
	{ "no authority at all: CA is FALSE",
	  { .constraints = "critical,CA:FALSE", .usage = "critical,digitalSignature" },
	  { .usage = PERSON }, PKI_CHAIN_CONSTRAINTS, false },
	{ "an authority that may not sign certificates",
	  { .constraints = CA, .usage = "critical,cRLSign" }, { .usage = PERSON }, PKI_CHAIN_CONSTRAINTS, false },
	{ "both: expired and no authority",
	  { .usage = CA_USAGE }, { .usage = PERSON, .from = CA_NOW - CA_YEAR, .until = CA_NOW - CA_DAY },
	  PKI_CHAIN_CONSTRAINTS, false },
	{ "a name outside what the authority may name",
	  { .constraints = CA, .usage = CA_USAGE, .name_constraints = "critical,permitted;email:contoh.example" },
	  { .usage = PERSON, .shape = address_elsewhere }, PKI_CHAIN_CONSTRAINTS, false },
	{ "a policy, as the authority requires",
	  { .constraints = CA, .usage = CA_USAGE, .shape = policy_required }, { .usage = PERSON, .shape = with_policy },
	  PKI_CHAIN_OK, false },
	{ "no policy, though the authority requires one",
	  { .constraints = CA, .usage = CA_USAGE, .shape = policy_required }, { .usage = PERSON },
	  PKI_CHAIN_CONSTRAINTS, false },
	{ "an extension nobody knows, critical",
	  { .constraints = CA, .usage = CA_USAGE, .shape = unknown_critical }, { .usage = PERSON },
	  PKI_CHAIN_CONSTRAINTS, false },
};
/* clang-format on */

static void a_path_is_judged_by_all_its_certificates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(houses) / sizeof(houses[0]); i++) {
		struct pki_chain_facts facts;
		struct house h;

		build(&h, &houses[i].middle, &houses[i].leaf);
		ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .helpers = { h.middle } });
		tear_down(&h);
		if (facts.result != (uint32_t)houses[i].expected || facts.leaf_time_bad != houses[i].leaf_time_bad)
			fail_msg("%s: %u, %s", houses[i].what, facts.result, facts.detail);
		assert_int_equal(facts.detail[0] == '\0', facts.result == PKI_CHAIN_OK);
	}
}

static void a_good_path_names_its_length_and_its_anchor(void **state)
{
	struct pki_chain_facts facts;
	struct pki_cert_info info;
	struct buffer der = BUFFER_EMPTY;
	struct house h;

	(void)state;
	build(&h, NULL, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .helpers = { h.middle } });
	ca_der(&der, h.root);
	assert_int_equal(pki_cert_describe(&info, der.data, der.len, NULL), BE_OK);
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	assert_int_equal(facts.length, 3);
	assert_string_equal(facts.anchor_sha256, info.sha256);
	buffer_free(&der);
	tear_down(&h);
}

static void a_missing_authority_is_found_among_helpers_of_either_kind(void **state)
{
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h, NULL, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	assert_int_equal(facts.length, 0);
	assert_string_equal(facts.anchor_sha256, "");
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .known = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	ask(&facts,
		&(struct question){
			.leaf = h.leaf, .trusted = { h.root }, .helpers = { h.leaf, h.root, h.middle, h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	assert_int_equal(facts.length, 3);
	tear_down(&h);
}

static void what_came_with_a_document_never_becomes_an_anchor(void **state)
{
	X509 *stranger = ca_root("Otoritas Lain", key(3));
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h, NULL, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .helpers = { h.middle, h.root } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { stranger }, .helpers = { h.middle, h.root } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	ask(&facts, &(struct question){ .leaf = h.leaf, .known = { h.root, h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	ask(&facts, &(struct question){ .leaf = h.root, .helpers = { h.root } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	assert_string_equal(facts.anchor_sha256, "");
	tear_down(&h);
	X509_free(stranger);
}

/* Known to be wrong whoever is trusted, so it is said even when nobody is. */
static void a_certificate_that_a_person_issued_is_no_matter_of_trust(void **state)
{
	struct pki_chain_facts facts;
	struct house h;
	X509 *forged;

	(void)state;
	build(&h, NULL, NULL);
	forged = ca_person("Bukan Siapa-siapa", key(3), h.leaf, key(2));
	ask(&facts, &(struct question){ .leaf = forged, .helpers = { h.leaf, h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_BROKEN);
	ask(&facts, &(struct question){ .leaf = h.leaf, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_NONE);
	X509_free(forged);
	tear_down(&h);
}

static void any_certificate_that_somebody_trusts_is_an_anchor(void **state)
{
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h, NULL, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	assert_int_equal(facts.length, 2);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.middle }, .helpers = { h.root, h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	assert_int_equal(facts.length, 2);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.leaf } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	assert_int_equal(facts.length, 1);
	tear_down(&h);
}

static void an_anchor_counts_only_while_it_is_valid_itself(void **state)
{
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h,
		&(struct ca_wish){
			.constraints = CA, .usage = CA_USAGE, .from = CA_NOW - CA_YEAR, .until = CA_NOW + 3 * CA_YEAR },
		&(struct ca_wish){ .usage = PERSON, .from = CA_NOW - CA_YEAR, .until = CA_NOW + 3 * CA_YEAR });
	ask(&facts,
		&(struct question){ .leaf = h.leaf,
			.trusted = { h.root },
			.helpers = { h.middle },
			.moment = CA_NOW + 2 * CA_YEAR });
	assert_int_equal(facts.result, PKI_CHAIN_EXPIRED);
	assert_false(facts.leaf_time_bad);
	assert_int_equal(facts.length, 3);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.middle }, .moment = CA_NOW + 4 * CA_YEAR });
	assert_int_equal(facts.result, PKI_CHAIN_EXPIRED);
	assert_true(facts.leaf_time_bad);
	tear_down(&h);
}

static void a_path_longer_than_an_authority_allows_is_refused(void **state)
{
	X509 *root = ca_issue(&(struct ca_wish){ .name = "Otoritas Akar",
		.key = key(0),
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = CA_USAGE });
	X509 *middle = ca_intermediate("Otoritas Antara", key(1), root, key(0));
	X509 *leaf = ca_person("Siti Contoh", key(2), middle, key(1));
	struct pki_chain_facts facts;

	(void)state;
	ask(&facts, &(struct question){ .leaf = leaf, .trusted = { root }, .helpers = { middle } });
	assert_int_equal(facts.result, PKI_CHAIN_CONSTRAINTS);
	X509_free(root);
	X509_free(middle);
	X509_free(leaf);
}

static void a_persons_certificate_cannot_issue_others(void **state)
{
	X509 *leaf;
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h, NULL, NULL);
	leaf = ca_person("Budi Contoh", key(3), h.leaf, key(2));
	ask(&facts, &(struct question){ .leaf = leaf, .trusted = { h.root }, .helpers = { h.leaf, h.middle } });
	assert_int_not_equal(facts.result, PKI_CHAIN_OK);
	X509_free(leaf);
	tear_down(&h);
}

static void signatures_that_are_broken_today_make_a_path_weak(void **state)
{
	struct pki_chain_facts facts;
	struct house h;

	(void)state;
	build(&h, &(struct ca_wish){ .constraints = CA, .usage = CA_USAGE, .digest = EVP_sha1() }, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_WEAK);
	assert_int_equal(facts.length, 3);
	/* As an anchor its own signature says nothing. */
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	tear_down(&h);

	build(&h, NULL, &(struct ca_wish){ .usage = PERSON, .digest = EVP_sha1() });
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_WEAK);
	tear_down(&h);

	build(&h, &(struct ca_wish){ .constraints = CA, .usage = CA_USAGE, .key = ca_key(CA_RSA1024, 0) }, NULL);
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { h.root }, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_WEAK);
	tear_down(&h);
}

static void keys_that_bring_their_own_digest_are_not_weak(void **state)
{
	EVP_PKEY *edwards = ca_key(CA_ED25519, 0);
	X509 *root = ca_root("Otoritas Akar", edwards);
	X509 *leaf = ca_person("Siti Contoh", key(2), root, edwards);
	struct pki_chain_facts facts;

	(void)state;
	ask(&facts, &(struct question){ .leaf = leaf, .trusted = { root } });
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	X509_free(root);
	X509_free(leaf);
}

static void a_wrong_signature_breaks_the_path(void **state)
{
	struct pki_chain_facts facts;
	struct house h;
	X509 *impostor, *leaf;

	(void)state;
	build(&h, NULL, NULL);
	/* Names the true authority and its key identifier; signed with another key. */
	leaf = ca_person("Siti Contoh", key(2), h.middle, key(3));
	ask(&facts, &(struct question){ .leaf = leaf, .trusted = { h.root }, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_BROKEN);
	X509_free(leaf);

	/* The same for an expired one: the time does not hide the wrong signature. */
	leaf = ca_issue(&(struct ca_wish){ .name = "Siti Contoh",
		.key = key(2),
		.issuer = h.middle,
		.issuer_key = key(3),
		.usage = PERSON,
		.from = CA_NOW - CA_YEAR,
		.until = CA_NOW - CA_DAY });
	ask(&facts, &(struct question){ .leaf = leaf, .trusted = { h.root }, .helpers = { h.middle } });
	assert_int_equal(facts.result, PKI_CHAIN_BROKEN);
	X509_free(leaf);

	/* An authority of the same name with another key. */
	impostor = ca_root("Otoritas Akar", key(4));
	ask(&facts, &(struct question){ .leaf = h.leaf, .trusted = { impostor }, .helpers = { h.middle, h.root } });
	assert_int_not_equal(facts.result, PKI_CHAIN_OK);
	X509_free(impostor);
	tear_down(&h);
}

static void bytes_that_are_no_certificate_are_a_result_not_an_error(void **state)
{
	static const uint8_t junk[] = { 0x30, 0x82, 0xff, 0xff, 0x00 };
	const uint8_t *helpers[] = { junk, NULL };
	const size_t lens[] = { sizeof(junk), 0 };
	struct pki_anchors *anchors = NULL;
	struct buffer der = BUFFER_EMPTY;
	struct pki_chain_facts facts;
	X509 *root = ca_root("Otoritas Akar", key(0));
	X509 *leaf = ca_person("Siti Contoh", key(2), root, key(0));

	(void)state;
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(pki_chain_check(&facts, anchors, junk, sizeof(junk), NULL, NULL, 0, CA_NOW, NULL), BE_OK);
	assert_int_equal(facts.result, PKI_CHAIN_BROKEN);
	ca_der(&der, root);
	assert_int_equal(pki_anchors_add(anchors, der.data, der.len, true, NULL), BE_OK);
	buffer_reset(&der);
	ca_der(&der, leaf);
	assert_int_equal(pki_chain_check(&facts, anchors, der.data, der.len, helpers, lens, 2, CA_NOW, NULL), BE_OK);
	assert_int_equal(facts.result, PKI_CHAIN_OK);
	buffer_free(&der);
	pki_anchors_free(&anchors);
	X509_free(root);
	X509_free(leaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_judged_by_all_its_certificates),
		cmocka_unit_test(a_good_path_names_its_length_and_its_anchor),
		cmocka_unit_test(a_missing_authority_is_found_among_helpers_of_either_kind),
		cmocka_unit_test(what_came_with_a_document_never_becomes_an_anchor),
		cmocka_unit_test(a_certificate_that_a_person_issued_is_no_matter_of_trust),
		cmocka_unit_test(any_certificate_that_somebody_trusts_is_an_anchor),
		cmocka_unit_test(an_anchor_counts_only_while_it_is_valid_itself),
		cmocka_unit_test(a_path_longer_than_an_authority_allows_is_refused),
		cmocka_unit_test(a_persons_certificate_cannot_issue_others),
		cmocka_unit_test(signatures_that_are_broken_today_make_a_path_weak),
		cmocka_unit_test(keys_that_bring_their_own_digest_are_not_weak),
		cmocka_unit_test(a_wrong_signature_breaks_the_path),
		cmocka_unit_test(bytes_that_are_no_certificate_are_a_result_not_an_error),
	};

	return cmocka_run_group_tests_name("certification paths", tests, NULL, NULL);
}
