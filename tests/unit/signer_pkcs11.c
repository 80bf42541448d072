/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include "base/time.h"
#include "support/ca.h"
#include "support/desk.h"
#include "support/soft_token.h"
#include "token/token_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NAMED SOFT_TOKEN_URI ";object="

static struct secret *pin;
static struct token *token; /* to put things into it */
static X509 *authority;

static struct secret *secret_of(const char *text)
{
	struct secret *out = NULL;

	assert_int_equal(secret_new(&out, strlen(text), NULL), BE_OK);
	assert_int_equal(secret_add(out, text, strlen(text), NULL), BE_OK);
	return out;
}

static int setup(void **state)
{
	(void)state;
	if (!soft_token_make())
		return -1;
	desk_make();
	pin = secret_of(SOFT_TOKEN_PIN);
	authority = ca_root("Otoritas Kartu", ca_key(CA_P256, 1));
	return token_open(&token, SOFT_TOKEN_URI, pin, NULL) == BE_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	X509_free(authority);
	token_free(&token);
	secret_free(&pin);
	desk_clear();
	soft_token_clear();
	return 0;
}

/* ---- what lies in the token ---- */

static int empty(void **state)
{
	CK_OBJECT_HANDLE found[100];
	CK_ULONG count = 0;

	(void)state;
	assert_int_equal(token->module->C_FindObjectsInit(token->session, NULL, 0), CKR_OK);
	assert_int_equal(token->module->C_FindObjects(token->session, found, 100, &count), CKR_OK);
	assert_int_equal(token->module->C_FindObjectsFinal(token->session), CKR_OK);
	for (CK_ULONG i = 0; i < count; i++)
		assert_int_equal(token->module->C_DestroyObject(token->session, found[i]), CKR_OK);
	return 0;
}

static void put_certificate(const uint8_t *id, size_t id_len, const X509 *cert)
{
	CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE;
	uint8_t copy[TOKEN_ID_MAX], subject[] = { 0x30, 0x00 };
	struct buffer der = BUFFER_EMPTY;
	CK_OBJECT_HANDLE object;

	ca_der(&der, cert);
	memcpy(copy, id, id_len);
	{
		CK_ATTRIBUTE template[] = { { CKA_CLASS, &kind, sizeof(kind) },
			{ CKA_CERTIFICATE_TYPE, &type, sizeof(type) }, { CKA_TOKEN, &yes, sizeof(yes) },
			{ CKA_SUBJECT, subject, sizeof(subject) }, { CKA_ID, copy, id_len },
			{ CKA_VALUE, der.data, der.len } };

		assert_int_equal(token->module->C_CreateObject(token->session, template, 6, &object), CKR_OK);
	}
	buffer_free(&der);
}

static X509 *certify(const struct buffer *spki, const char *name, const char *usage)
{
	const uint8_t *at = spki->data;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)spki->len);
	struct ca_wish wish = { .name = name,
		.key = key,
		.issuer = authority,
		.issuer_key = ca_key(CA_P256, 1),
		.from = time_now() - CA_DAY,
		.until = time_now() + CA_YEAR,
		.usage = usage };
	X509 *cert = ca_issue(&wish);

	EVP_PKEY_free(key);
	return cert;
}

/* A key pair made in the token, and its certificate beside it. usage NULL: none. Its SubjectPublicKeyInfo is appended. */
static struct token_key put(enum pki_private_kind kind, const char *label, const char *usage, struct buffer *spki)
{
	struct token_key key;

	assert_int_equal(token_key_make(token, kind, label, &key, spki, NULL), BE_OK);
	if (usage != NULL) {
		X509 *cert = certify(spki, label, usage);

		put_certificate(key.id, key.id_len, cert);
		X509_free(cert);
	}
	return key;
}

static enum be_err open_named(struct signer **out, const char *uri)
{
	struct be_error err = { .code = BE_OK };

	return signer_open_pkcs11(out, uri, pin, &err);
}

#define SIGNS "critical,digitalSignature,nonRepudiation"

/* ---- signing ---- */

static void a_key_in_the_token_signs_all_of_a_batch(void **state)
{
	/* clang-format off */
	static const struct { enum pki_private_kind kind; enum pki_scheme scheme; enum digest_alg alg; } ways[] = {
		{ PKI_PRIVATE_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256 },
		{ PKI_PRIVATE_RSA2048, PKI_SCHEME_RSA_PSS,   DIGEST_SHA512 },
		{ PKI_PRIVATE_P256,    PKI_SCHEME_ECDSA,     DIGEST_SHA256 },
		{ PKI_PRIVATE_P384,    PKI_SCHEME_ECDSA,     DIGEST_SHA384 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct buffer spki = BUFFER_EMPTY;
		struct signer_item items[3] = { 0 };
		struct signer *signer = NULL;

		(void)put(ways[i].kind, "Sari Contoh", SIGNS, &spki);
		assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_OK);
		assert_string_equal(signer_info(signer)->name, "Sari Contoh");
		for (size_t j = 0; j < 3; j++)
			memset(items[j].digest, (int)j + 1, sizeof(items[j].digest));
		assert_int_equal(signer_sign(signer, ways[i].scheme, ways[i].alg, items, 3, NULL), BE_OK);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(items[j].result, BE_OK);
			assert_int_equal(
				pki_public_check(spki.data, spki.len, ways[i].scheme, ways[i].alg, items[j].digest,
					items[j].signature.data, items[j].signature.len, NULL),
				BE_OK);
			buffer_free(&items[j].signature);
		}
		signer_free(&signer);
		buffer_free(&spki);
		(void)empty(state);
	}
}

static void the_chain_that_lies_in_the_token_goes_along(void **state)
{
	const uint8_t *const *ders = NULL;
	struct buffer spki = BUFFER_EMPTY;
	struct signer *signer = NULL;
	const size_t *lens = NULL;
	struct pki_cert_info info;

	(void)state;
	put_certificate((const uint8_t *)"otoritas", 8, authority);
	(void)put(PKI_PRIVATE_P256, "Sari Contoh", SIGNS, &spki);
	/* Also when the name is that of the key, which the authority's certificate does not have. */
	assert_int_equal(open_named(&signer, NAMED "Sari%20Contoh"), BE_OK);
	assert_true(signer_certificates(signer, &ders, &lens) >= 2);
	assert_int_equal(pki_cert_describe(&info, ders[0], lens[0], NULL), BE_OK);
	assert_string_equal(info.name, "Sari Contoh");
	assert_int_equal(pki_cert_describe(&info, ders[1], lens[1], NULL), BE_OK);
	assert_int_equal(signer_fit(signer, time_now(), NULL), BE_OK);
	assert_int_equal(signer_fit(signer, time_now() + 2 * (int64_t)CA_YEAR, NULL), BE_CERT_EXPIRED);
	signer_free(&signer);
	buffer_free(&spki);
}

/* ---- which key is meant ---- */

static void of_several_keys_the_one_that_may_sign_documents_is_meant(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct signer *signer = NULL;

	(void)state;
	(void)put(PKI_PRIVATE_P256, "Masuk", "critical,keyAgreement", &spki);
	spki.len = 0;
	(void)put(PKI_PRIVATE_P256, "Tanpa", NULL, &spki);
	assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_OK);
	/* The only one there is; that it is not fit is said when it is to sign. */
	assert_int_equal(signer_fit(signer, time_now(), NULL), BE_KEY_UNFIT);
	signer_free(&signer);
	spki.len = 0;
	(void)put(PKI_PRIVATE_P256, "Dokumen", SIGNS, &spki);
	assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_OK);
	assert_string_equal(signer_info(signer)->name, "Dokumen");
	signer_free(&signer);
	spki.len = 0;
	(void)put(PKI_PRIVATE_P256, "Jabatan", SIGNS, &spki);
	assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_SEVERAL_KEYS);
	assert_null(signer);
	assert_int_equal(open_named(&signer, NAMED "Jabatan"), BE_OK);
	assert_string_equal(signer_info(signer)->name, "Jabatan");
	signer_free(&signer);
	assert_int_equal(open_named(&signer, NAMED "Tanpa"), BE_KEY_MISMATCH);
	assert_int_equal(open_named(&signer, NAMED "Lain"), BE_NO_KEY);
	assert_null(signer);
	buffer_free(&spki);
}

static void a_certificate_of_another_key_is_not_believed(void **state)
{
	struct buffer mine = BUFFER_EMPTY;
	struct buffer other = BUFFER_EMPTY;
	struct signer *signer = NULL;
	struct token_key key;
	X509 *cert;

	(void)state;
	key = put(PKI_PRIVATE_P256, "Sari Contoh", NULL, &mine);
	(void)put(PKI_PRIVATE_P256, "Budi Contoh", NULL, &other);
	cert = certify(&other, "Budi Contoh", SIGNS);
	put_certificate(key.id, key.id_len, cert);
	assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_KEY_MISMATCH);
	assert_null(signer);
	X509_free(cert);
	buffer_free(&mine);
	buffer_free(&other);
}

static void what_is_wrong_with_a_token_is_said(void **state)
{
	struct secret *wrong = secret_of("000000");
	struct signer *signer = NULL;

	(void)state;
	assert_int_equal(signer_look_pkcs11(SOFT_TOKEN_URI, NULL), BE_OK);
	assert_int_equal(signer_look_pkcs11("pkcs11:token=tidak-ada", NULL), BE_NOT_FOUND);
	assert_int_equal(signer_look_pkcs11("kartu", NULL), BE_USAGE);
	assert_int_equal(signer_look_pkcs11(SOFT_TOKEN_URI "?pin-value=" SOFT_TOKEN_PIN, NULL), BE_USAGE);
	assert_int_equal(
		signer_open_pkcs11(&signer, "pkcs11:token=" SOFT_TOKEN_THIRD, wrong, NULL), BE_WRONG_PASSPHRASE);
	assert_null(signer);
	assert_int_equal(signer_open_pkcs11(&signer, "pkcs11:token=" SOFT_TOKEN_SECOND, pin, NULL), BE_NO_KEY);
	assert_null(signer);
	secret_free(&wrong);
}

/* ---- a card that refuses its PIN while it signs ---- */

static unsigned asked;

static CK_RV refuse(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	(void)session;
	(void)mechanism;
	(void)key;
	asked++;
	return CKR_PIN_INCORRECT;
}

static void after_a_refused_pin_nothing_more_is_asked(void **state)
{
	CK_FUNCTION_LIST false_one = *token->module;
	CK_FUNCTION_LIST **modules = NULL;
	const struct token_library *lib = NULL;
	struct buffer spki = BUFFER_EMPTY;
	struct signer_item items[5] = { 0 };
	struct signer *signer = NULL;
	size_t which = 0;

	(void)state;
	(void)put(PKI_PRIVATE_P256, "Sari Contoh", SIGNS, &spki);
	assert_int_equal(token_library(&lib, &modules, NULL), BE_OK);
	while (modules[which] != NULL && modules[which] != token->module)
		which++;
	assert_non_null(modules[which]);
	false_one.C_SignInit = refuse;
	modules[which] = &false_one;
	assert_int_equal(open_named(&signer, SOFT_TOKEN_URI), BE_OK);
	/* As a large batch comes: in several calls. */
	assert_int_equal(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items, 3, NULL), BE_OK);
	assert_int_equal(signer_sign(signer, PKI_SCHEME_ECDSA, DIGEST_SHA256, items + 3, 2, NULL), BE_OK);
	modules[which] = token->module;
	assert_int_equal(asked, 1);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(items[i].result, BE_WRONG_PASSPHRASE);
		assert_int_equal(items[i].signature.len, 0);
	}
	signer_free(&signer);
	buffer_free(&spki);
}

/* ---- from the command line ---- */

static const char *besign(void)
{
	static char path[4096];
	const ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 100);

	assert_true(len > 0);
	path[len] = '\0';
	for (int up = 0; up < 3; up++)
		*strrchr(path, '/') = '\0';
	return strcat(path, "/besign");
}

static int run_sign(const char *given, const char *output)
{
	char command[10000];
	int status;

	(void)snprintf(command, sizeof(command),
		"printf '%%s\\n' %s | HOME=%s %s --lang en sign --pkcs11 '" SOFT_TOKEN_URI
		"' --passphrase-fd 0 -o %s %s >%s 2>&1",
		given, desk_path("home"), besign(), desk_path(output), desk_path("letter.pdf"), desk_path("said"));
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_command_signs_with_a_token(void **state)
{
	struct buffer spki = BUFFER_EMPTY;
	struct buffer signed_one = BUFFER_EMPTY;
	char remove[5000];

	(void)state;
	(void)put(PKI_PRIVATE_RSA2048, "Sari Contoh", SIGNS, &spki);
	desk_pdf("letter.pdf", NULL);
	assert_int_equal(run_sign("000000", "wrong.pdf"), 5);
	assert_false(desk_has("wrong.pdf"));
	assert_int_equal(run_sign(SOFT_TOKEN_PIN, "signed.pdf"), 0);
	desk_read(&signed_one, "signed.pdf");
	assert_non_null(memmem(signed_one.data, signed_one.len, "ETSI.CAdES.detached", 19));
	buffer_free(&signed_one);
	buffer_free(&spki);
	/* With the journal in it. */
	(void)snprintf(remove, sizeof(remove), "rm -r %s", desk_path("home"));
	assert_int_equal(system(remove), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_key_in_the_token_signs_all_of_a_batch, empty),
		cmocka_unit_test_teardown(the_chain_that_lies_in_the_token_goes_along, empty),
		cmocka_unit_test_teardown(of_several_keys_the_one_that_may_sign_documents_is_meant, empty),
		cmocka_unit_test_teardown(a_certificate_of_another_key_is_not_believed, empty),
		cmocka_unit_test_teardown(what_is_wrong_with_a_token_is_said, empty),
		cmocka_unit_test_teardown(after_a_refused_pin_nothing_more_is_asked, empty),
		cmocka_unit_test_teardown(the_command_signs_with_a_token, empty),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
