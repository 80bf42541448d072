/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"
#include "app/trust_offer.h"

#include "base/time.h"
#include "support/desk.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * A bundle with two roots and an authority under the first; people under all of them. What is accepted goes to a home
 * of the test's own.
 */

enum { ROOT, OTHER_ROOT, MIDDLE, PERSON };

static X509 *certs[3];
static char names[3][65];

static void put_certificate(const char *name, size_t which, X509 *cert)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct pki_cert_info info;

	ca_der(&bytes, cert);
	assert_int_equal(pki_cert_describe(&info, bytes.data, bytes.len, NULL), BE_OK);
	memcpy(names[which], info.sha256, sizeof(info.sha256));
	buffer_reset(&bytes);
	ca_pem(&bytes, cert);
	desk_write(name, bytes.data, bytes.len);
	buffer_free(&bytes);
	certs[which] = cert;
}

static EVP_PKEY *key(size_t which)
{
	return ca_key(CA_P256, which);
}

static int make(void **state)
{
	char text[1024];
	int len;

	(void)state;
	desk_make();
	time_set_for_test(CA_NOW);
	if (mkdir(desk_path("home"), 0700) + mkdir(desk_path("bundle"), 0700) +
			setenv("XDG_DATA_HOME", desk_path("home"), 1) !=
		0)
		return -1;
	put_certificate("bundle/root.pem", ROOT, ca_root("Akar", key(ROOT)));
	put_certificate("bundle/other.pem", OTHER_ROOT, ca_root("Akar Lain", key(OTHER_ROOT)));
	put_certificate("bundle/middle.pem", MIDDLE, ca_intermediate("Antara", key(MIDDLE), certs[ROOT], key(ROOT)));
	len = snprintf(text, sizeof(text),
		"root.pem\tanchor\t%s\tCN=Akar\t2027-01-01T00:00:00Z\tin a test\n"
		"other.pem\tanchor\t%s\tCN=Akar Lain\t2027-01-01T00:00:00Z\tin a test\n"
		"middle.pem\tintermediate\t%s\tCN=Antara\t2027-01-01T00:00:00Z\tin a test\n",
		names[ROOT], names[OTHER_ROOT], names[MIDDLE]);
	desk_write("bundle/anchors.tsv", text, (size_t)len);
	desk_pdf("a.pdf", NULL);
	return 0;
}

static int take_away(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int clear(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		X509_free(certs[i]);
	time_set_for_test(TIME_NONE);
	if (nftw(desk_path("home"), take_away, 8, FTW_DEPTH | FTW_PHYS) +
			nftw(desk_path("bundle"), take_away, 8, FTW_DEPTH | FTW_PHYS) !=
		0)
		return -1;
	desk_clear();
	return unsetenv("XDG_DATA_HOME");
}

/* Signs by the engine, with a key file that holds the person's certificate alone. */
static void sign_by(const char *from, const char *to, X509 *person)
{
	const char *const inputs[] = { desk_path(from) };
	const struct outputs_place place = { .output = desk_path(to) };
	const struct sign_options options = { .time = CA_NOW };
	struct engine_sign_job job = { .key_file = desk_path("key.p12"), .options = &options };
	struct secret *passphrase = NULL;
	struct outputs outputs;
	struct buffer p12 = BUFFER_EMPTY;

	ca_p12(&p12, DESK_PASSPHRASE, key(PERSON), person, NULL, 2048);
	desk_write("key.p12", p12.data, p12.len);
	buffer_free(&p12);
	X509_free(person);
	assert_int_equal(secret_new(&passphrase, 64, NULL), BE_OK);
	assert_int_equal(secret_add(passphrase, DESK_PASSPHRASE, strlen(DESK_PASSPHRASE), NULL), BE_OK);
	assert_int_equal(outputs_make(&outputs, inputs, 1, &place, false, NULL), BE_OK);
	job.passphrase = passphrase;
	job.outputs = &outputs;
	assert_int_equal(app_engine_real.sign(NULL, &job, NULL), BE_OK);
	assert_int_equal(outputs.documents[0].result, BE_OK);
	outputs_free(&outputs);
	secret_free(&passphrase);
}

static struct trust_list offers(const char *name)
{
	struct verify_options options = { .at = CA_NOW, .revocation = VERIFY_REVOCATION_NONE };
	struct pki_anchors *anchors = NULL;
	struct trust_list list;

	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(trust_load(anchors, NULL), BE_OK);
	options.anchors = anchors;
	assert_int_equal(trust_offer_find(&list, desk_path(name), desk_path("bundle"), &options, NULL), BE_OK);
	pki_anchors_free(&anchors);
	return list;
}

static void assert_no_offer(const char *name)
{
	struct trust_list list = offers(name);

	assert_int_equal(list.count, 0);
	trust_list_free(&list);
}

static void assert_verdict(const char *name, enum verify_result result, bool trusted)
{
	struct verify_report report;

	assert_int_equal(app_engine_real.verify(&report, desk_path(name), VERIFY_REVOCATION_NONE, NULL), BE_OK);
	assert_int_equal(report.result, result);
	assert_int_equal(report.signatures[0].trusted, trusted);
	verify_report_free(&report);
}

static void the_anchor_that_is_missed_is_offered_and_nothing_is_accepted(void **state)
{
	struct trust_list list;

	(void)state;
	sign_by("a.pdf", "out.pdf", ca_person("Budi", key(PERSON), certs[MIDDLE], key(MIDDLE)));
	assert_verdict("out.pdf", VERIFY_INDETERMINATE, false);
	list = offers("out.pdf");
	assert_int_equal(list.count, 1);
	assert_string_equal(list.entries[0].name, "root");
	assert_string_equal(list.entries[0].sha256, names[ROOT]);
	assert_string_equal(list.entries[0].seen, "in a test");
	assert_verdict("out.pdf", VERIFY_INDETERMINATE, false);
	assert_false(desk_has("home/besign"));
	/* Accepted, with the authority between that the document does not bring, it is enough. */
	assert_int_equal(trust_offer_accept(&list.entries[0], desk_path("bundle"), NULL), BE_OK);
	trust_list_free(&list);
	assert_verdict("out.pdf", VERIFY_TOTAL_PASSED, true);
	assert_no_offer("out.pdf");
	assert_true(desk_has("home/besign/trust/root.pem") && desk_has("home/besign/trust/helpers/middle.pem"));
	assert_false(desk_has("home/besign/trust/other.pem"));
}

static void each_signature_has_its_own_anchor(void **state)
{
	struct trust_list list;

	(void)state;
	sign_by("a.pdf", "b.pdf", ca_person("Ani", key(PERSON), certs[OTHER_ROOT], key(OTHER_ROOT)));
	sign_by("b.pdf", "c.pdf", ca_person("Budi", key(PERSON), certs[ROOT], key(ROOT)));
	sign_by("c.pdf", "d.pdf", ca_person("Ani", key(PERSON), certs[OTHER_ROOT], key(OTHER_ROOT)));
	list = offers("d.pdf");
	assert_int_equal(list.count, 2);
	assert_string_equal(list.entries[0].name, "other");
	assert_string_equal(list.entries[1].name, "root");
	trust_list_free(&list);
}

static void what_no_anchor_would_help_is_offered_none(void **state)
{
	X509 *stranger = ca_root("Orang Lain", key(PERSON));
	struct buffer file = BUFFER_EMPTY;
	uint8_t *box = NULL;

	(void)state;
	assert_no_offer("a.pdf");
	sign_by("a.pdf", "asing.pdf", ca_person("Orang", key(PERSON), stranger, key(PERSON)));
	X509_free(stranger);
	assert_no_offer("asing.pdf");
	sign_by("a.pdf", "b.pdf", ca_person("Budi", key(PERSON), certs[ROOT], key(ROOT)));
	desk_read(&file, "b.pdf");
	box = memmem(file.data, file.len, "0 0 200 100", 11);
	assert_non_null(box);
	box[4] = '9';
	desk_write("rusak.pdf", file.data, file.len);
	buffer_free(&file);
	assert_no_offer("rusak.pdf");
}

static void what_cannot_be_judged_is_an_error(void **state)
{
	const struct verify_options options = { .at = CA_NOW };
	struct be_error err = { .code = BE_OK };
	struct trust_list list;

	(void)state;
	desk_write("b.pdf", "no document", 11);
	assert_int_equal(
		trust_offer_find(&list, desk_path("b.pdf"), desk_path("bundle"), &options, &err), BE_NOT_A_PDF);
	assert_non_null(err.msgid);
	assert_int_equal(list.count, 0);
}

static void a_bundle_that_was_tampered_with_offers_nothing(void **state)
{
	const struct verify_options options = { .at = CA_NOW };
	struct trust_list list;
	X509 *evil = ca_root("Akar", key(PERSON));
	struct buffer pem = BUFFER_EMPTY;

	(void)state;
	sign_by("a.pdf", "b.pdf", ca_person("Budi", key(PERSON), evil, key(PERSON)));
	ca_pem(&pem, evil);
	desk_write("bundle/root.pem", pem.data, pem.len);
	assert_int_equal(
		trust_offer_find(&list, desk_path("b.pdf"), desk_path("bundle"), &options, NULL), BE_FINGERPRINT);
	assert_int_equal(list.count, 0);
	buffer_free(&pem);
	X509_free(evil);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(the_anchor_that_is_missed_is_offered_and_nothing_is_accepted),
		AT_DESK(each_signature_has_its_own_anchor),
		AT_DESK(what_no_anchor_would_help_is_offered_none),
		AT_DESK(what_cannot_be_judged_is_an_error),
		AT_DESK(a_bundle_that_was_tampered_with_offers_nothing),
	};

	return cmocka_run_group_tests_name("app_trust_offer", tests, NULL, NULL);
}
