/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/state.h"
#include "base/time.h"
#include "support/desk.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int make(void **state)
{
	(void)state;
	desk_make();
	return setenv("XDG_STATE_HOME", desk_path(""), 1);
}

static int clear(void **state)
{
	(void)state;
	(void)unlink(desk_path("besign/state"));
	desk_clear();
	return unsetenv("XDG_STATE_HOME");
}

static struct key_facts certificate(void)
{
	struct key_facts cert = { .until = CA_NOW };

	(void)strcpy(cert.name, "Budi \"B\"\nVALID");
	(void)strcpy(cert.issuer, "C=ID, O=Contoh, CN=Otoritas");
	(void)strcpy(cert.sha256, SHA256);
	return cert;
}

static void assert_empty(void)
{
	struct state s;

	state_read(&s);
	assert_null(s.directory);
	assert_null(s.key_file);
	assert_int_equal(s.count, 0);
	assert_int_equal(s.key.until, TIME_NONE);
	assert_string_equal(s.key.sha256, "");
	state_free(&s);
}

static void what_is_remembered_comes_back(void **state)
{
	static const char *const odd[] = { "/a/\xFF\xFE.pdf", "/a/baris\nbaru.pdf", "/a/\xE2\x80\xAE fdp.exe", " tepi ",
		"\"", "/a/\xE4\xB8\xAD.pdf" };
	const struct key_facts cert = certificate();
	struct state s;
	struct stat st;

	(void)state;
	assert_empty();
	state_read(&s);
	assert_int_equal(state_set_directory(&s, "/home/budi/Dokumen", NULL), BE_OK);
	assert_int_equal(state_set_key(&s, "/home/budi/kunci.p12", &cert, NULL), BE_OK);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_int_equal(state_add_document(&s, odd[i], NULL), BE_OK);
	assert_int_equal(state_write(&s, NULL), BE_OK);
	state_free(&s);
	assert_int_equal(stat(desk_path("besign/state"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(desk_path("besign"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	state_read(&s);
	assert_string_equal(s.directory, "/home/budi/Dokumen");
	assert_string_equal(s.key_file, "/home/budi/kunci.p12");
	assert_string_equal(s.key.name, cert.name);
	assert_string_equal(s.key.issuer, cert.issuer);
	assert_string_equal(s.key.sha256, SHA256);
	assert_int_equal(s.key.until, CA_NOW);
	assert_int_equal(s.count, sizeof(odd) / sizeof(odd[0]));
	for (size_t i = 0; i < s.count; i++)
		assert_string_equal(s.documents[i], odd[s.count - 1 - i]);
	/* Another key file of which nothing is known. */
	assert_int_equal(state_set_key(&s, "/lain.p12", NULL, NULL), BE_OK);
	assert_string_equal(s.key.name, "");
	assert_int_equal(s.key.until, TIME_NONE);
	state_free(&s);
}

static void the_chosen_certificate_comes_back(void **state)
{
	struct wire_certificate answer = { .state = "ISSUE",
		.subject = "C=ID, O=Contoh, CN=Budi",
		.issuer = "C=ID, O=Contoh, CN=Otoritas",
		.not_after = CA_NOW,
		.renew_from = CA_NOW - 30 };
	struct state s;

	(void)state;
	WIRE_SET(answer.id, "c-1");
	WIRE_SET(answer.sha256, SHA256);
	state_read(&s);
	assert_string_equal(s.credential.id, "");
	credential_take(&s.credential, &answer);
	assert_string_equal(s.credential.facts.name, answer.subject);
	/* Once the certificate itself was seen, its name stays, as long as it is that one. */
	(void)strcpy(s.credential.facts.name, "Budi");
	WIRE_SET(answer.state, "REVOKE");
	credential_take(&s.credential, &answer);
	assert_int_equal(state_write(&s, NULL), BE_OK);
	state_free(&s);
	assert_string_equal(s.credential.id, "");
	state_read(&s);
	assert_string_equal(s.credential.id, "c-1");
	assert_string_equal(s.credential.state, "REVOKE");
	assert_string_equal(s.credential.facts.name, "Budi");
	assert_string_equal(s.credential.facts.issuer, answer.issuer);
	assert_string_equal(s.credential.facts.sha256, SHA256);
	assert_int_equal(s.credential.facts.until, CA_NOW);
	assert_int_equal(s.credential.renew_from, CA_NOW - 30);
	(void)memset(answer.sha256, 'e', 64);
	credential_take(&s.credential, &answer);
	assert_string_equal(s.credential.facts.name, answer.subject);
	state_free(&s);
}

static void where_documents_went_comes_back(void **state)
{
	struct state s;

	(void)state;
	state_read(&s);
	assert_null(s.share_mail);
	assert_int_equal(state_set_share(&s.share_folder, "/arsip/\xFF", NULL), BE_OK);
	assert_int_equal(state_set_share(&s.share_mail, "budi@contoh.example, dewi@contoh.example", NULL), BE_OK);
	assert_int_equal(state_set_share(&s.share_server, "sftp://sari@contoh.example/masuk", NULL), BE_OK);
	assert_int_equal(state_set_share(&s.share_key, "/kunci", NULL), BE_OK);
	assert_int_equal(state_write(&s, NULL), BE_OK);
	state_free(&s);
	state_read(&s);
	assert_string_equal(s.share_folder, "/arsip/\xFF");
	assert_string_equal(s.share_mail, "budi@contoh.example, dewi@contoh.example");
	assert_string_equal(s.share_server, "sftp://sari@contoh.example/masuk");
	assert_string_equal(s.share_key, "/kunci");
	/* A server that was used without a key file. */
	assert_int_equal(state_set_share(&s.share_key, "", NULL), BE_OK);
	assert_null(s.share_key);
	assert_int_equal(state_set_share(&s.share_mail, NULL, NULL), BE_OK);
	assert_null(s.share_mail);
	state_free(&s);
}

static void only_the_last_twenty_documents_stay_and_none_twice(void **state)
{
	struct state s;
	char name[24];

	(void)state;
	state_read(&s);
	for (int i = 0; i < 30; i++) {
		(void)snprintf(name, sizeof(name), "/%d.pdf", i);
		assert_int_equal(state_add_document(&s, name, NULL), BE_OK);
	}
	assert_int_equal(s.count, STATE_DOCUMENTS_MAX);
	assert_string_equal(s.documents[0], "/29.pdf");
	assert_string_equal(s.documents[19], "/10.pdf");
	assert_int_equal(state_add_document(&s, "/10.pdf", NULL), BE_OK);
	assert_int_equal(state_add_document(&s, "/20.pdf", NULL), BE_OK);
	assert_int_equal(state_add_document(&s, "/20.pdf", NULL), BE_OK);
	assert_int_equal(s.count, STATE_DOCUMENTS_MAX);
	assert_string_equal(s.documents[0], "/20.pdf");
	assert_string_equal(s.documents[1], "/10.pdf");
	assert_string_equal(s.documents[2], "/29.pdf");
	assert_string_equal(s.documents[19], "/11.pdf");
	state_free(&s);
}

static void paths_that_no_system_has_are_refused(void **state)
{
	static char path[PATH_MAX + 1];
	struct state s;

	(void)state;
	memset(path, 'a', PATH_MAX);
	state_read(&s);
	assert_int_equal(state_set_directory(&s, path, NULL), BE_LIMIT);
	assert_int_equal(state_add_document(&s, "", NULL), BE_LIMIT);
	/* The longest, with nothing in it that can be written as it is. */
	memset(path, 0xFF, PATH_MAX - 1);
	path[PATH_MAX - 1] = '\0';
	for (size_t i = 0; i < STATE_DOCUMENTS_MAX; i++) {
		path[0] = (char)(1 + i);
		assert_int_equal(state_add_document(&s, path, NULL), BE_OK);
	}
	assert_int_equal(state_write(&s, NULL), BE_OK);
	state_free(&s);
	state_read(&s);
	assert_int_equal(s.count, STATE_DOCUMENTS_MAX);
	assert_string_equal(s.documents[0], path);
	state_free(&s);
}

static void a_broken_file_is_as_if_it_were_empty(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} files[] = {
		{ "directory = /a\n\0", 16 },
		{ "directory = /a\n\xFF\n", 17 },
		{ "directory = /a\nrusak\n", 21 },
		{ "directory = /a\ndirectory = /b\n", 30 },
		{ "directory = /a\nkey-until = besok\n", 33 },
		{ "directory = /a\nkey-sha256 = 12\n", 31 },
		{ "directory = /a\ndocument =\n", 26 },
		{ "document = \"/a\n", 15 },
		{ "document=a\ndocument=b\ndocument=c\ndocument=d\ndocument=e\ndocument=f\ndocument=g\ndocument=h\n"
		  "document=i\ndocument=j\ndocument=k\ndocument=l\ndocument=m\ndocument=n\ndocument=o\ndocument=p\n"
		  "document=q\ndocument=r\ndocument=s\ndocument=t\ndocument=u\n",
			231 },
	};
	struct state s;

	(void)state;
	assert_int_equal(mkdir(desk_path("besign"), 0700), 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		desk_write("besign/state", files[i].bytes, files[i].len);
		assert_empty();
	}
	desk_write("besign/state", "later-version = 1\ndirectory = /a\n", 33);
	state_read(&s);
	assert_string_equal(s.directory, "/a");
	state_free(&s);
}

/* ---- two at once ---- */

enum { ROUNDS = 100 };

static void *write_often(void *letter)
{
	char name[3] = { '/', *(const char *)letter, '\0' };
	struct state s = { .key = KEY_FACTS_UNKNOWN };

	for (size_t i = 0; i < ROUNDS; i++) {
		if (state_set_directory(&s, name, NULL) != BE_OK || state_set_key(&s, name, NULL, NULL) != BE_OK ||
			state_write(&s, NULL) != BE_OK)
			abort();
	}
	state_free(&s);
	return NULL;
}

static void two_that_write_at_once_never_tear_the_file(void **state)
{
	pthread_t threads[2];

	(void)state;
	assert_int_equal(mkdir(desk_path("besign"), 0700), 0);
	assert_int_equal(pthread_create(&threads[0], NULL, write_often, (void *)(uintptr_t) "a"), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, write_often, (void *)(uintptr_t) "b"), 0);
	for (size_t i = 0; i < ROUNDS; i++) {
		struct state s;

		state_read(&s);
		assert_true(s.directory == NULL || strcmp(s.directory, s.key_file) == 0);
		state_free(&s);
	}
	assert_int_equal(pthread_join(threads[0], NULL) + pthread_join(threads[1], NULL), 0);
	{
		struct state s;

		state_read(&s);
		assert_string_equal(s.directory, s.key_file);
		state_free(&s);
	}
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(what_is_remembered_comes_back),
		AT_DESK(the_chosen_certificate_comes_back),
		AT_DESK(where_documents_went_comes_back),
		AT_DESK(only_the_last_twenty_documents_stay_and_none_twice),
		AT_DESK(paths_that_no_system_has_are_refused),
		AT_DESK(a_broken_file_is_as_if_it_were_empty),
		AT_DESK(two_that_write_at_once_never_tear_the_file),
	};

	return cmocka_run_group_tests_name("app_state", tests, NULL, NULL);
}
