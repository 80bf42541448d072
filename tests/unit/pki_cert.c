/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cert.h"

#include "support/ca.h"

#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void describe(struct pki_cert_info *out, X509 *cert)
{
	struct buffer der = BUFFER_EMPTY;

	ca_der(&der, cert);
	assert_int_equal(pki_cert_describe(out, der.data, der.len, NULL), BE_OK);
	buffer_free(&der);
	X509_free(cert);
}

static void add_to_name(X509 *cert, int nid, int type, const void *bytes, int len)
{
	assert_int_equal(X509_NAME_add_entry_by_NID(X509_get_subject_name(cert), nid, type, bytes, len, -1, 0), 1);
}

static void a_persons_certificate_is_described(void **state)
{
	struct pki_cert_info info;
	X509 *root = ca_root("Otoritas Contoh", ca_key(CA_P256, 0));

	(void)state;
	describe(&info, ca_person("Siti Contoh, S.H.", ca_key(CA_P384, 0), root, ca_key(CA_P256, 0)));
	assert_string_equal(info.name, "Siti Contoh, S.H.");
	assert_string_equal(info.subject, "C=ID, O=Contoh, CN=Siti Contoh\\, S.H.");
	assert_string_equal(info.issuer, "C=ID, O=Contoh, CN=Otoritas Contoh");
	assert_int_equal(info.not_before, CA_NOW - CA_YEAR);
	assert_int_equal(info.not_after, CA_NOW + CA_YEAR);
	assert_int_equal(info.key_kind, PKI_KEY_EC);
	assert_int_equal(info.key_bits, 384);
	assert_true(info.has_key_usage);
	assert_int_equal(info.key_usage, PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION);
	assert_int_equal(strlen(info.sha256), 64);
	assert_false(info.has_eku || info.eku_document || info.is_ca || info.self_signed || info.odd_name);
	X509_free(root);
}

static void a_root_is_an_authority_that_signed_itself(void **state)
{
	struct pki_cert_info info;

	(void)state;
	describe(&info, ca_root("Otoritas Contoh", ca_key(CA_RSA2048, 0)));
	assert_true(info.is_ca);
	assert_true(info.self_signed);
	assert_int_equal(info.key_usage, PKI_KU_KEY_CERT_SIGN | PKI_KU_CRL_SIGN);
	assert_int_equal(info.key_kind, PKI_KEY_RSA);
	assert_int_equal(info.key_bits, 2048);
}

static void a_certificate_that_only_names_itself_as_issuer_is_not_self_signed(void **state)
{
	struct pki_cert_info info;
	X509 *root = ca_root("Otoritas Contoh", ca_key(CA_P256, 0));

	(void)state;
	describe(&info, ca_intermediate("Otoritas Contoh", ca_key(CA_P256, 1), root, ca_key(CA_P256, 0)));
	assert_string_equal(info.subject, info.issuer);
	assert_false(info.self_signed);
	X509_free(root);
}

static void every_kind_of_key_has_its_name(void **state)
{
	/* clang-format off */
	static const struct { enum ca_key key; enum pki_key_kind kind; uint32_t bits; } keys[] = {
		{ CA_P256,    PKI_KEY_EC,      256 },
		{ CA_P521,    PKI_KEY_EC,      521 },
		{ CA_RSA1024, PKI_KEY_RSA,     1024 },
		{ CA_RSA_PSS, PKI_KEY_RSA_PSS, 2048 },
		{ CA_ED25519, PKI_KEY_ED25519, 256 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct pki_cert_info info;

		describe(&info, ca_root("Contoh", ca_key(keys[i].key, 0)));
		assert_int_equal(info.key_kind, keys[i].kind);
		assert_int_equal(info.key_bits, keys[i].bits);
		assert_true(info.self_signed);
	}
}

static void purposes_say_whether_documents_may_be_signed(void **state)
{
	/* clang-format off */
	static const struct { const char *purposes; bool document, timestamp; } cases[] = {
		{ "1.3.6.1.5.5.7.3.36",                 true,  false },
		{ "1.2.840.113583.1.1.5",               true,  false },
		{ "emailProtection",                    true,  false },
		{ "1.3.6.1.4.1.311.10.3.12",            true,  false },
		{ "anyExtendedKeyUsage",                true,  false },
		{ "clientAuth,1.3.6.1.5.5.7.3.36",      true,  false },
		{ "serverAuth",                         false, false },
		{ "1.3.6.1.5.5.7.3.360",                false, false },
		{ "critical,timeStamping",              false, true },
		{ "timeStamping",                       false, false },
		{ "critical,timeStamping,clientAuth",   false, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pki_cert_info info;

		describe(&info,
			ca_issue(&(struct ca_wish){
				.name = "Contoh", .key = ca_key(CA_P256, 0), .purposes = cases[i].purposes }));
		assert_true(info.has_eku);
		assert_false(info.has_key_usage);
		assert_int_equal(info.eku_document, cases[i].document);
		assert_int_equal(info.eku_timestamp_only, cases[i].timestamp);
	}
}

static void nul_inside(X509 *cert)
{
	X509_NAME_ENTRY_free(X509_NAME_delete_entry(X509_get_subject_name(cert), 2));
	add_to_name(cert, NID_commonName, V_ASN1_UTF8STRING, "Siti\0Contoh", 11);
}

static void second_name(X509 *cert)
{
	add_to_name(cert, NID_commonName, V_ASN1_UTF8STRING, "Budi", -1);
}

static void no_common_name(X509 *cert)
{
	X509_NAME_ENTRY_free(X509_NAME_delete_entry(X509_get_subject_name(cert), 2));
}

static void escapes(X509 *cert)
{
	add_to_name(cert, NID_organizationalUnitName, V_ASN1_UTF8STRING, "a\nb\x1b[2J, CN=c", -1);
}

static void unknown_type(X509 *cert)
{
	ASN1_OBJECT *type = OBJ_txt2obj("1.3.6.1.4.1.99999.7", 1);

	assert_int_equal(X509_NAME_add_entry_by_OBJ(X509_get_subject_name(cert), type, V_ASN1_UTF8STRING,
				 (const unsigned char *)"nilai", -1, -1, 0),
		1);
	ASN1_OBJECT_free(type);
}

static void sixteen_bits(X509 *cert)
{
	X509_NAME_ENTRY_free(X509_NAME_delete_entry(X509_get_subject_name(cert), 2));
	add_to_name(cert, NID_commonName, V_ASN1_BMPSTRING, "\0C\0o\0n\0t\0o\0h\x4e\x2d", 14);
}

static void no_text(X509 *cert)
{
	X509_NAME_ENTRY_free(X509_NAME_delete_entry(X509_get_subject_name(cert), 2));
	add_to_name(cert, NID_commonName, V_ASN1_BIT_STRING, "\xff\xfe", 2);
}

static void names_that_could_deceive_are_called_odd_and_cannot_hide(void **state)
{
	/* clang-format off */
	static const struct { void (*shape)(X509 *); const char *name, *subject; bool odd; } cases[] = {
		{ nul_inside,     "Siti\xEF\xBF\xBD" "Contoh", "C=ID, O=Contoh, CN=Siti\\00Contoh", true },
		{ second_name,    "Budi", "C=ID, O=Contoh, CN=Siti, CN=Budi", true },
		{ no_common_name, "C=ID, O=Contoh", "C=ID, O=Contoh", false },
		{ escapes,        "Siti", "C=ID, O=Contoh, CN=Siti, OU=a\\0Ab\\1B[2J\\, CN=c", false },
		{ unknown_type,   "Siti", "C=ID, O=Contoh, CN=Siti, 1.3.6.1.4.1.99999.7=nilai", false },
		{ sixteen_bits,   "Contoh\xE4\xB8\xAD", "C=ID, O=Contoh, CN=Contoh\xE4\xB8\xAD", false },
		{ no_text,        "C=ID, O=Contoh, CN=#030301FFFE", "C=ID, O=Contoh, CN=#030301FFFE", true },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pki_cert_info info;

		describe(&info,
			ca_issue(&(struct ca_wish){
				.name = "Siti", .key = ca_key(CA_P256, 0), .shape = cases[i].shape }));
		assert_string_equal(info.name, cases[i].name);
		assert_string_equal(info.subject, cases[i].subject);
		assert_int_equal(info.odd_name, cases[i].odd);
	}
}

static void many_words(X509 *cert)
{
	for (int i = 0; i < 20; i++)
		add_to_name(cert, NID_organizationalUnitName, V_ASN1_UTF8STRING,
			"\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD", -1);
}

static void a_name_too_long_is_cut_between_characters(void **state)
{
	struct pki_cert_info info;
	size_t len;

	(void)state;
	describe(&info, ca_issue(&(struct ca_wish){ .name = "Siti", .key = ca_key(CA_P256, 0), .shape = many_words }));
	len = strlen(info.subject);
	assert_true(len > PKI_DN_MAX - 8 && len < PKI_DN_MAX);
	assert_string_equal(info.subject + len - 3, "\xE2\x80\xA6");
	assert_true(((unsigned char)info.subject[len - 4] & 0xC0u) == 0x80u || info.subject[len - 4] > 0);
	assert_string_equal(info.name, "Siti");
}

static void set_serial(X509 *cert, const uint8_t *bytes, int len, bool negative)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	assert_int_equal(ASN1_STRING_set(serial, bytes, len), 1);
	if (negative)
		serial->type = V_ASN1_NEG_INTEGER;
	assert_int_equal(X509_set_serialNumber(cert, serial), 1);
	ASN1_INTEGER_free(serial);
}

static const uint8_t long_serial[30] = { 0x7A, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
	21 };

static void serial_20(X509 *cert)
{
	set_serial(cert, long_serial, 20, true);
}

static void serial_30(X509 *cert)
{
	set_serial(cert, long_serial, 30, false);
}

static void serial_0(X509 *cert)
{
	set_serial(cert, (const uint8_t *)"", 1, false);
}

static void every_serial_number_finds_room(void **state)
{
	/* clang-format off */
	static const struct { void (*shape)(X509 *); const char *serial; } cases[] = {
		{ serial_0,  "00" },
		{ serial_20, "-7A0102030405060708090A0B0C0D0E0F10111213" },
		{ serial_30, "7A0102030405060708090A0B0C0D0E0F1011\xE2\x80\xA6" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pki_cert_info info;

		describe(&info,
			ca_issue(&(struct ca_wish){
				.name = "Siti", .key = ca_key(CA_P256, 0), .shape = cases[i].shape }));
		assert_string_equal(info.serial, cases[i].serial);
	}
}

static void two_key_usages(X509 *cert)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, "digitalSignature");

	for (int i = 0; i < 2; i++)
		assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void garbled_purposes(X509 *cert)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension = NULL;

	assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x04\x01\x00", 3), 1);
	extension = X509_EXTENSION_create_by_NID(NULL, NID_ext_key_usage, 1, value);
	assert_int_equal(X509_add_ext(cert, extension, -1), 1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
}

static void extensions_that_cannot_be_read_allow_nothing(void **state)
{
	struct pki_cert_info info;

	(void)state;
	describe(&info,
		ca_issue(&(struct ca_wish){ .name = "Siti", .key = ca_key(CA_P256, 0), .shape = two_key_usages }));
	assert_true(info.has_key_usage);
	assert_int_equal(info.key_usage, 0);
	describe(&info,
		ca_issue(&(struct ca_wish){ .name = "Siti", .key = ca_key(CA_P256, 0), .shape = garbled_purposes }));
	assert_true(info.has_eku);
	assert_false(info.eku_document || info.eku_timestamp_only);
}

static void what_is_not_exactly_one_certificate_is_malformed(void **state)
{
	X509 *cert = ca_root("Otoritas Contoh", ca_key(CA_P256, 0));
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	struct be_error err = { .code = BE_OK };

	(void)state;
	ca_der(&der, cert);
	for (size_t len = 0; len < der.len; len++)
		assert_int_equal(pki_cert_describe(&info, der.data, len, NULL), BE_MALFORMED);
	buffer_add_byte(&der, 0);
	assert_int_equal(pki_cert_describe(&info, der.data, der.len, &err), BE_MALFORMED);
	assert_non_null(err.msgid);
	assert_int_equal(pki_cert_describe(&info, NULL, 0, NULL), BE_MALFORMED);
	buffer_free(&der);
	X509_free(cert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_persons_certificate_is_described),
		cmocka_unit_test(a_root_is_an_authority_that_signed_itself),
		cmocka_unit_test(a_certificate_that_only_names_itself_as_issuer_is_not_self_signed),
		cmocka_unit_test(every_kind_of_key_has_its_name),
		cmocka_unit_test(purposes_say_whether_documents_may_be_signed),
		cmocka_unit_test(names_that_could_deceive_are_called_odd_and_cannot_hide),
		cmocka_unit_test(a_name_too_long_is_cut_between_characters),
		cmocka_unit_test(every_serial_number_finds_room),
		cmocka_unit_test(extensions_that_cannot_be_read_allow_nothing),
		cmocka_unit_test(what_is_not_exactly_one_certificate_is_malformed),
	};

	return cmocka_run_group_tests_name("certificates", tests, NULL, NULL);
}
