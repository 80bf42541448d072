/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/trust.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/secret.h"
#include "pki/make.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FROM 1767225600  /* 2026-01-01 */
#define UNTIL 1798761600 /* 2027-01-01 */

static char home[64];
static char bundle[80];

static void write_file(const char *name, const void *bytes, size_t len)
{
	char path[160];
	FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", home, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Makes an authority, writes its certificate as PEM, and says its fingerprint. */
static void make_authority(const char *file, const char *name, char sha256[65])
{
	const struct pki_make wish = { PKI_MAKE_P256, name, "Orang Contoh", "Contoh", FROM, UNTIL };
	struct secret *passphrase = NULL;
	struct buffer p12 = BUFFER_EMPTY;
	struct buffer pem = BUFFER_EMPTY;
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;

	assert_int_equal(secret_new(&passphrase, 16, NULL), BE_OK);
	assert_int_equal(secret_add(passphrase, "rahasia", 7, NULL), BE_OK);
	assert_int_equal(pki_make_identity(&p12, &pem, &wish, passphrase, NULL), BE_OK);
	assert_int_equal(pki_pem_certificate(&der, pem.data, pem.len, NULL), BE_OK);
	assert_int_equal(pki_cert_describe(&info, der.data, der.len, NULL), BE_OK);
	memcpy(sha256, info.sha256, 65);
	write_file(file, pem.data, pem.len);
	secret_free(&passphrase);
	buffer_free(&p12);
	buffer_free(&pem);
	buffer_free(&der);
}

static void write_manifest(const char *root_sha256, const char *helper_sha256)
{
	char text[1024];
	const int len = snprintf(text, sizeof(text),
		"# comment\n"
		"root.pem\tanchor\t%s\tCN=Akar\t2027-01-01T00:00:00Z\tin a test\n"
		"helper.pem\tintermediate\t%s\tCN=Antara\t2027-01-01T00:00:00Z\tin a test\n",
		root_sha256, helper_sha256);

	write_file("bundle/anchors.tsv", text, (size_t)len);
}

static char root_sha256[65];
static char helper_sha256[65];

static int set_up(void **state)
{
	(void)state;
	(void)strcpy(home, "/tmp/besign-trust-XXXXXX");
	if (mkdtemp(home) == NULL || setenv("XDG_DATA_HOME", home, 1) != 0)
		return -1;
	(void)snprintf(bundle, sizeof(bundle), "%s/bundle", home);
	if (mkdir(bundle, S_IRWXU) != 0)
		return -1;
	make_authority("bundle/root.pem", "Akar Contoh", root_sha256);
	make_authority("bundle/helper.pem", "Antara Contoh", helper_sha256);
	write_manifest(root_sha256, helper_sha256);
	return 0;
}

static int take_away(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	return nftw(home, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

static struct trust_list list_now(void)
{
	struct trust_list list;

	assert_int_equal(trust_list_read(&list, bundle, NULL), BE_OK);
	return list;
}

/* How many are loaded, and how many of them are trusted. */
static void assert_loaded(size_t all, size_t trusted)
{
	struct pki_anchors *anchors = NULL;
	size_t found = 0;

	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(trust_load(anchors, NULL), BE_OK);
	assert_int_equal(pki_anchors_count(anchors), all);
	for (size_t i = 0; i < all; i++) {
		const uint8_t *der = NULL;
		size_t len = 0;
		bool is_trusted = false;

		pki_anchors_at(anchors, i, &der, &len, &is_trusted);
		found += is_trusted;
	}
	assert_int_equal(found, trusted);
	pki_anchors_free(&anchors);
}

static void accept_all(void)
{
	struct trust_list list = list_now();

	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(trust_accept(&list.entries[i], bundle, NULL), BE_OK);
	trust_list_free(&list);
}

static void nothing_is_trusted_before_it_is_accepted(void **state)
{
	struct trust_list list = list_now();

	(void)state;
	assert_int_equal(list.count, 2);
	assert_true(list.entries[0].bundled && !list.entries[0].accepted);
	assert_string_equal(list.entries[0].seen, "in a test");
	assert_loaded(0, 0);
	trust_list_free(&list);
}

static void an_accepted_anchor_is_trusted_and_a_helper_never(void **state)
{
	struct trust_list list;
	char manifest[160];

	(void)state;
	accept_all();
	assert_loaded(2, 1);
	list = list_now();
	assert_int_equal(list.count, 2);
	assert_true(list.entries[0].accepted && list.entries[1].accepted);
	trust_list_free(&list);
	/* Even when the list of roles is gone. */
	(void)snprintf(manifest, sizeof(manifest), "%s/anchors.tsv", bundle);
	assert_int_equal(unlink(manifest), 0);
	assert_loaded(2, 1);
}

static void what_is_kept_is_closed_to_others(void **state)
{
	char path[160];
	struct stat st;

	(void)state;
	accept_all();
	(void)snprintf(path, sizeof(path), "%s/besign/trust/root.pem", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void)snprintf(path, sizeof(path), "%s/besign/trust", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void a_bundled_file_that_was_swapped_is_refused(void **state)
{
	struct be_error err = { .code = BE_OK };
	struct trust_list list;
	char other[65];

	(void)state;
	make_authority("bundle/root.pem", "Akar Palsu", other);
	list = list_now();
	assert_int_equal(trust_accept(&list.entries[0], bundle, &err), BE_FINGERPRINT);
	assert_string_equal(err.detail, "root");
	assert_loaded(0, 0);
	trust_list_free(&list);
}

static const char *const bad_lines[] = {
	"root.pem\tanchor\n",
	"root.pem\tking\t%s\tCN=A\t2027-01-01T00:00:00Z\tx\n",
	"root.pem\tanchor\t1234\tCN=A\t2027-01-01T00:00:00Z\tx\n",
	"../root.pem\tanchor\t%s\tCN=A\t2027-01-01T00:00:00Z\tx\n",
	"root.txt\tanchor\t%s\tCN=A\t2027-01-01T00:00:00Z\tx\n",
	".pem\tanchor\t%s\tCN=A\t2027-01-01T00:00:00Z\tx\n",
	"root.pem\tanchor\t%s\tCN=A\t2027-01-01T00:00:00Z\tx\ty\n",
	"root.pem\tanchor\t%s\t\t2027-01-01T00:00:00Z\tx\n",
};

static void a_damaged_manifest_is_refused_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++) {
		struct buffer text = BUFFER_EMPTY;
		const char *hole = strstr(bad_lines[i], "%s");
		struct trust_list list;

		if (hole != NULL) {
			buffer_add(&text, bad_lines[i], (size_t)(hole - bad_lines[i]));
			buffer_add_str(&text, root_sha256);
		}
		buffer_add_str(&text, hole != NULL ? hole + 2 : bad_lines[i]);
		write_file("bundle/anchors.tsv", text.data, text.len);
		assert_int_equal(trust_list_read(&list, bundle, NULL), BE_BAD_ANCHOR);
		assert_int_equal(list.count, 0);
		buffer_free(&text);
	}
}

static void the_users_own_is_added_found_and_removed(void **state)
{
	struct trust_entry entry;
	struct trust_list list;
	const struct trust_entry *found = NULL;
	char file[160];
	char sha256[65];
	struct buffer spelled = BUFFER_EMPTY;

	(void)state;
	make_authority("Otoritas Kota.pem", "Otoritas Kota", sha256);
	(void)snprintf(file, sizeof(file), "%s/Otoritas Kota.pem", home);
	assert_int_equal(trust_add(&entry, file, NULL), BE_OK);
	assert_string_equal(entry.name, "Otoritas_Kota");
	assert_string_equal(entry.sha256, sha256);
	assert_int_equal(trust_add(&entry, file, NULL), BE_OK);
	assert_loaded(1, 1);
	list = list_now();
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < 64; i += 2)
		buffer_printf(&spelled, "%s%c%c", i > 0 ? ":" : "", sha256[i], sha256[i + 1]);
	buffer_add_byte(&spelled, '\0');
	found = trust_list_find(&list, (const char *)spelled.data);
	buffer_free(&spelled);
	assert_non_null(found);
	assert_ptr_equal(found, trust_list_find(&list, "Otoritas_Kota"));
	assert_null(trust_list_find(&list, "Otoritas"));
	sha256[63] = '\0';
	assert_null(trust_list_find(&list, sha256));
	assert_int_equal(trust_remove(found, NULL), BE_OK);
	assert_loaded(0, 0);
	assert_int_equal(trust_remove(found, NULL), BE_NOT_FOUND);
	assert_int_equal(trust_remove(&list.entries[0], NULL), BE_NOT_FOUND);
	trust_list_free(&list);
}

static void another_certificate_does_not_take_a_name_over(void **state)
{
	struct trust_entry entry;
	char file[160];
	char sha256[65];

	(void)state;
	(void)snprintf(file, sizeof(file), "%s/kota.pem", home);
	make_authority("kota.pem", "Otoritas Kota", sha256);
	assert_int_equal(trust_add(&entry, file, NULL), BE_OK);
	make_authority("kota.pem", "Otoritas Lain", sha256);
	assert_int_equal(trust_add(&entry, file, NULL), BE_EXISTS);
	write_file("kota.pem", "no certificate", 14);
	assert_int_equal(trust_add(&entry, file, NULL), BE_BAD_ANCHOR);
	assert_loaded(1, 1);
}

static void a_file_that_is_no_certificate_is_listed_so_that_it_can_be_removed(void **state)
{
	struct pki_anchors *anchors = NULL;
	struct trust_list list;
	const struct trust_entry *found = NULL;

	(void)state;
	accept_all();
	write_file("besign/trust/odd.pem", "odd", 3);
	assert_int_equal(pki_anchors_new(&anchors, NULL), BE_OK);
	assert_int_equal(trust_load(anchors, NULL), BE_BAD_ANCHOR);
	pki_anchors_free(&anchors);
	list = list_now();
	found = trust_list_find(&list, "odd");
	assert_non_null(found);
	assert_string_equal(found->sha256, "");
	assert_int_equal(trust_remove(found, NULL), BE_OK);
	trust_list_free(&list);
	assert_loaded(2, 1);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(nothing_is_trusted_before_it_is_accepted),
		FRESH(an_accepted_anchor_is_trusted_and_a_helper_never),
		FRESH(what_is_kept_is_closed_to_others),
		FRESH(a_bundled_file_that_was_swapped_is_refused),
		FRESH(a_damaged_manifest_is_refused_whole),
		FRESH(the_users_own_is_added_found_and_removed),
		FRESH(another_certificate_does_not_take_a_name_over),
		FRESH(a_file_that_is_no_certificate_is_listed_so_that_it_can_be_removed),
	};

	return cmocka_run_group_tests_name("app_trust", tests, NULL, NULL);
}
