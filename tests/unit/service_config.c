/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What every server needs. */
#define SERVER "data = /var/lib/besign\nlisten = 127.0.0.1:8443\n"

static char path[64];

static void write_file(const char *text)
{
	FILE *file = NULL;
	int fd;

	(void)snprintf(path, sizeof(path), "%s", "/tmp/besignd-config-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static enum be_err read_text(struct service_config *out, const char *text, struct be_error *err)
{
	enum be_err rc;

	write_file(text);
	rc = service_config_read(out, path, err);
	(void)unlink(path);
	return rc;
}

static void a_short_file_is_filled_with_defaults(void **state)
{
	struct service_config config;
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(read_text(&config, SERVER, &err), BE_OK);
	assert_string_equal(config.data, "/var/lib/besign");
	assert_string_equal(config.listen, "127.0.0.1:8443");
	assert_string_equal(config.name, "BeSign");
	assert_string_equal(config.country, "ID");
	assert_false(config.embedded);
	assert_false(config.registration_open);
	assert_int_equal(config.certificate_days, 730);
	assert_int_equal(config.renew_days, 30);
	assert_int_equal(config.batch_max, 1000);
	assert_int_equal(config.idle_seconds, 0);
	assert_int_equal(config.keys, SERVICE_KEYS_PASSPHRASE);
	assert_int_equal(config.key_type, SERVICE_KEY_RSA3072);
	assert_null(config.public_url);
	service_config_free(&config);
}

static void every_name_is_taken(void **state)
{
	static const char text[] = SERVER
		"# a remark\nsocket = /run/besign/besign.sock\n"
		"public-url = https://sign.example.id\ntls-certificate = /etc/besign/tls.pem\ntls-key = /etc/besign/tls.key\n"
		"behind-proxy = yes\nname = \"Tanda Tangan Contoh\"\ncountry = ID\norganisation = Instansi Contoh\n"
		"registration = open\noauth-clients = portal https://portal.example.id/kembali\nterms-file = /etc/besign/terms.txt\nterms-version = 2026-1\nkeys = token\n"
		"key-type = p256\ntoken-uri = pkcs11:token=besign\ntoken-pin-file = /etc/besign/pin\n"
		"certificate-days = 365\nrenew-days = 14\nbatch-max = 250\nmail = smtp\n"
		"mail-from = BeSign <noreply@sign.example.id>\nsmtp-url = smtp://mail.example.id:587\n"
		"smtp-user = besign\nsmtp-password-file = /etc/besign/smtp\nsmtp-ca-file = /etc/besign/ca.pem\n"
		"connections-max = 200\nidle-seconds = 60\n";
	struct service_config config;
	struct be_error err = { .code = BE_OK };

	(void)state;
	for (unsigned n = 0; service_config_name(n) != NULL; n++) {
		char line[80];

		(void)snprintf(line, sizeof(line), "\n%s = ", service_config_name(n));
		if (n > 0)
			assert_non_null(strstr(text, line));
	}
	assert_int_equal(read_text(&config, text, &err), BE_OK);
	assert_true(config.behind_proxy);
	assert_true(config.registration_open);
	assert_string_equal(config.name, "Tanda Tangan Contoh");
	assert_int_equal(config.keys, SERVICE_KEYS_TOKEN);
	assert_int_equal(config.key_type, SERVICE_KEY_P256);
	assert_int_equal(config.mail, SERVICE_MAIL_SMTP);
	assert_int_equal(config.connections_max, 200);
	assert_string_equal(config.smtp_ca_file, "/etc/besign/ca.pem");
	service_config_free(&config);
	assert_null(config.data);
}

static const struct {
	const char *text, *detail;
} refused[] = {
	{ "listen = 127.0.0.1:8443\n", "data" },
	{ "data = /d\n", "listen" },
	{ SERVER "colour = blue\n", "line 3: colour" },
	{ SERVER "data = /other\n", "line 3: data" },
	{ SERVER "nonsense\n", "line 3" },
	{ "data = relative\n", "line 1: data" },
	{ SERVER "registration = maybe\n", "line 3: registration" },
	{ SERVER "batch-max = 0\n", "line 3: batch-max" },
	{ SERVER "batch-max = 10x\n", "line 3: batch-max" },
	{ SERVER "batch-max = 99999999999999999999\n", "line 3: batch-max" },
	{ SERVER "name =\n", "line 3: name" },
	{ SERVER "name = \"a\\x0ab\"\n", "line 3: name" },
	{ SERVER "mail-from = \"a\\x0d\\x0aBcc: x\"\n", "line 3: mail-from" },
	{ "data = /d\nlisten = 0.0.0.0:80\n", "listen" },
	{ "data = /d\nlisten = 127.0.0.1\n", "listen" },
	{ "data = /d\nlisten = ::1:80\n", "listen" },
	{ "data = /d\nlisten = 127.0.0.1:99999\n", "listen" },
	{ SERVER "tls-key = /k\n", "tls-key" },
	{ SERVER "public-url = sign.example.id\n", "public-url" },
	{ SERVER "public-url = https://sign.example.id/\n", "public-url" },
	{ SERVER "public-url = https://a@b\n", "public-url" },
	{ SERVER "country = Indonesia\n", "country" },
	{ SERVER "organisation = An institution whose name is far too long for it\n", "organisation" },
	{ SERVER "terms-file = /t\n", "terms-version" },
	{ SERVER "keys = token\n", "token-uri" },
	{ SERVER "certificate-days = 20\n", "renew-days" },
	{ SERVER "mail = smtp\n", "mail" },
	{ SERVER "smtp-url = http://mail\n", "smtp-url" },
	{ SERVER "smtp-user = a\n", "smtp-user" },
};

static void what_cannot_be_is_refused_and_named(void **state)
{
	struct service_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct be_error err = { .code = BE_OK };

		assert_int_equal(read_text(&config, refused[i].text, &err), BE_USAGE);
		if (strstr(err.detail, refused[i].detail) == NULL)
			fail_msg("%s: \"%s\" is not in \"%s\"", refused[i].text, refused[i].detail, err.detail);
		assert_null(config.data);
	}
}

static void plain_http_is_for_this_machine_or_a_proxy(void **state)
{
	static const char *const fine[] = { "listen = [::1]:80\n", "listen = 0.0.0.0:80\nbehind-proxy = yes\n",
		"listen = 0.0.0.0:443\ntls-certificate = /c\ntls-key = /k\n", "socket = /run/s\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		struct service_config config;
		char text[200];

		(void)snprintf(text, sizeof(text), "data = /d\n%s", fine[i]);
		assert_int_equal(read_text(&config, text, NULL), BE_OK);
		service_config_free(&config);
	}
}

static void the_embedded_one_needs_no_file(void **state)
{
	struct service_config config;

	(void)state;
	assert_int_equal(
		service_config_embedded(&config, "/home/a/.local/share/besign/service", "/run/s", NULL), BE_OK);
	assert_true(config.embedded);
	assert_true(config.registration_open);
	assert_int_equal(config.idle_seconds, 600);
	assert_null(config.listen);
	service_config_free(&config);
	assert_int_equal(service_config_embedded(&config, "relative", "/run/s", NULL), BE_USAGE);
	assert_null(config.data);
}

static void a_missing_file_is_said_so(void **state)
{
	struct service_config config;
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(service_config_read(&config, "/nonexistent/besignd.conf", &err), BE_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_file_is_filled_with_defaults),
		cmocka_unit_test(every_name_is_taken),
		cmocka_unit_test(what_cannot_be_is_refused_and_named),
		cmocka_unit_test(plain_http_is_for_this_machine_or_a_proxy),
		cmocka_unit_test(the_embedded_one_needs_no_file),
		cmocka_unit_test(a_missing_file_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
