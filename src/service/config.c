/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/config.h"

#include "base/config.h"
#include "base/utf8.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 65536u
#define TEXT_MAX 1024u

enum kind {
	KIND_TEXT,
	KIND_PATH,
	KIND_WORD,  /* one of words, kept as its number */
	KIND_NUMBER /* from least to most */
};

struct spec {
	const char *name;
	enum kind kind;
	size_t at;
	const char *preset; /* NULL: nothing is set */
	const char *words;
	int64_t least, most;
};

#define AT(member) offsetof(struct service_config, member)
/* clang-format off */
static const struct spec table[] = {
	{ "data",               KIND_PATH,   AT(data),               NULL,  NULL, 0, 0 },
	{ "socket",             KIND_PATH,   AT(socket),             NULL,  NULL, 0, 0 },
	{ "listen",             KIND_TEXT,   AT(listen),             NULL,  NULL, 0, 0 },
	{ "public-url",         KIND_TEXT,   AT(public_url),         NULL,  NULL, 0, 0 },
	{ "tls-certificate",    KIND_PATH,   AT(tls_certificate),    NULL,  NULL, 0, 0 },
	{ "tls-key",            KIND_PATH,   AT(tls_key),            NULL,  NULL, 0, 0 },
	{ "behind-proxy",       KIND_WORD,   AT(behind_proxy),       "no",  "no|yes", 0, 0 },
	{ "name",               KIND_TEXT,   AT(name),               "BeSign", NULL, 0, 0 },
	{ "country",            KIND_TEXT,   AT(country),            "ID",  NULL, 0, 0 },
	{ "organisation",       KIND_TEXT,   AT(organisation),       "BeSign", NULL, 0, 0 },
	{ "registration",       KIND_WORD,   AT(registration_open),  "closed", "closed|open", 0, 0 },
	{ "oauth-clients",      KIND_TEXT,   AT(oauth_clients),      NULL,  NULL, 0, 0 },
	{ "terms-file",         KIND_PATH,   AT(terms_file),         NULL,  NULL, 0, 0 },
	{ "terms-version",      KIND_TEXT,   AT(terms_version),      NULL,  NULL, 0, 0 },
	{ "keys",               KIND_WORD,   AT(keys),               "passphrase", "passphrase|token", 0, 0 },
	{ "key-type",           KIND_WORD,   AT(key_type),           "rsa3072", "rsa3072|p256", 0, 0 },
	{ "token-uri",          KIND_TEXT,   AT(token_uri),          NULL,  NULL, 0, 0 },
	{ "token-pin-file",     KIND_PATH,   AT(token_pin_file),     NULL,  NULL, 0, 0 },
	{ "certificate-days",   KIND_NUMBER, AT(certificate_days),   "730", NULL, 1, 1825 },
	{ "renew-days",         KIND_NUMBER, AT(renew_days),         "30",  NULL, 0, 365 },
	{ "batch-max",          KIND_NUMBER, AT(batch_max),          "1000", NULL, 1, 10000 },
	{ "mail",               KIND_WORD,   AT(mail),               "maildir", "maildir|smtp", 0, 0 },
	{ "mail-from",          KIND_TEXT,   AT(mail_from),          NULL,  NULL, 0, 0 },
	{ "smtp-url",           KIND_TEXT,   AT(smtp_url),           NULL,  NULL, 0, 0 },
	{ "smtp-user",          KIND_TEXT,   AT(smtp_user),          NULL,  NULL, 0, 0 },
	{ "smtp-password-file", KIND_PATH,   AT(smtp_password_file), NULL,  NULL, 0, 0 },
	{ "smtp-ca-file",       KIND_PATH,   AT(smtp_ca_file),       NULL,  NULL, 0, 0 },
	{ "connections-max",    KIND_NUMBER, AT(connections_max),    "100", NULL, 4, 10000 },
	{ "idle-seconds",       KIND_NUMBER, AT(idle_seconds),       "0",   NULL, 0, 86400 },
};
/* clang-format on */
#define COUNT (sizeof(table) / sizeof(table[0]))

static const char bad_value[] = N_("The configuration has a value that cannot be");
static const char no_memory[] = N_("There is not enough memory");

const char *service_config_name(unsigned n)
{
	return n < COUNT ? table[n].name : NULL;
}

/* ---- one value ---- */

static void *place(struct service_config *config, const struct spec *spec)
{
	return (char *)config + spec->at;
}

static bool is_text(const char *value, size_t len)
{
	if (len == 0 || len > TEXT_MAX)
		return false;
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)value + at, len - at, &c);
		if (c == UTF8_BAD || c < 0x20 || (c >= 0x7F && c < 0xA0))
			return false;
	}
	return true;
}

static bool word_number(const char *words, const char *value, unsigned *number)
{
	const size_t len = strlen(value);

	for (*number = 0;; ++*number) {
		const size_t word = strcspn(words, "|");

		if (word == len && memcmp(words, value, len) == 0)
			return true;
		if (words[word] == '\0')
			return false;
		words += word + 1;
	}
}

/* An enum is as wide as an int, a bool is not: each is stored as what it is. */
static bool take_word(struct service_config *config, const struct spec *spec, const char *value)
{
	unsigned number = 0;

	if (!word_number(spec->words, value, &number))
		return false;
	if (spec->at == AT(behind_proxy) || spec->at == AT(registration_open))
		*(bool *)place(config, spec) = number != 0;
	else
		memcpy(place(config, spec), &number, sizeof(number));
	return true;
}

static bool take_number(struct service_config *config, const struct spec *spec, const char *value)
{
	char *end = NULL;
	int64_t number;

	errno = 0;
	number = strtoll(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || number < spec->least || number > spec->most)
		return false;
	*(int64_t *)place(config, spec) = number;
	return true;
}

static enum be_err take_string(
	struct service_config *config, const struct spec *spec, const char *value, size_t len, struct be_error *err)
{
	char **at = place(config, spec);

	if (!is_text(value, len) || (spec->kind == KIND_PATH && value[0] != '/'))
		return be_fail(err, BE_USAGE, bad_value, NULL);
	free(*at);
	*at = strndup(value, len);
	return *at == NULL ? be_fail(err, BE_NO_MEMORY, no_memory, NULL) : BE_OK;
}

static enum be_err take(
	struct service_config *config, const struct spec *spec, const char *value, size_t len, struct be_error *err)
{
	bool taken = false;

	if (spec->kind == KIND_TEXT || spec->kind == KIND_PATH)
		return take_string(config, spec, value, len, err);
	taken = spec->kind == KIND_WORD ? take_word(config, spec, value) : take_number(config, spec, value);
	return taken ? BE_OK : be_fail(err, BE_USAGE, bad_value, NULL);
}

static enum be_err fill_defaults(struct service_config *config, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*config = SERVICE_CONFIG_EMPTY;
	for (size_t i = 0; i < COUNT && rc == BE_OK; i++)
		if (table[i].preset != NULL)
			rc = take(config, &table[i], table[i].preset, strlen(table[i].preset), err);
	return rc;
}

void service_config_free(struct service_config *config)
{
	for (size_t i = 0; i < COUNT; i++)
		if (table[i].kind == KIND_TEXT || table[i].kind == KIND_PATH)
			free(*(char **)place(config, &table[i]));
	*config = SERVICE_CONFIG_EMPTY;
}

enum be_err service_config_embedded(
	struct service_config *out, const char *data, const char *socket, struct be_error *err)
{
	enum be_err rc = fill_defaults(out, err);

	out->embedded = true;
	out->registration_open = true;
	out->idle_seconds = 600;
	out->data = strdup(data);
	out->socket = strdup(socket);
	if (rc == BE_OK && (out->data == NULL || out->socket == NULL))
		rc = be_fail(err, BE_NO_MEMORY, no_memory, NULL);
	if (rc == BE_OK && (data[0] != '/' || socket[0] != '/'))
		rc = be_fail(err, BE_USAGE, N_("The name has to begin with /"), "%s", data[0] != '/' ? data : socket);
	if (rc != BE_OK)
		service_config_free(out);
	return rc;
}

/* ---- the whole ---- */

/* What only together can be wrong: the name that has to be mended, and why. */
struct objection {
	const char *name;
	const char *why;
};

static bool is_loopback(const char *listen)
{
	return strncmp(listen, "127.0.0.1:", 10) == 0 || strncmp(listen, "[::1]:", 6) == 0;
}

/* ADDRESS:PORT, the address in brackets when it has colons of its own. */
static bool is_listen(const char *listen)
{
	const char *colon = strrchr(listen, ':');
	char *end = NULL;
	long port;

	if (colon == NULL || colon == listen || (listen[0] == '[') != (colon[-1] == ']'))
		return false;
	if (listen[0] != '[' && memchr(listen, ':', (size_t)(colon - listen)) != NULL)
		return false;
	port = strtol(colon + 1, &end, 10);
	return end != colon + 1 && *end == '\0' && port >= 0 && port <= 65535;
}

static bool is_public_url(const char *url)
{
	const size_t len = strlen(url);
	const char *host = strstr(url, "://");

	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return false;
	return host != NULL && host[3] != '\0' && url[len - 1] != '/' && strpbrk(url, " \"<>\\@?#") == NULL;
}

static bool is_smtp_url(const char *url)
{
	return (strncmp(url, "smtp://", 7) == 0 && url[7] != '\0') ||
		(strncmp(url, "smtps://", 8) == 0 && url[8] != '\0');
}

static struct objection object_to_listening(const struct service_config *c)
{
	if (c->listen == NULL && c->socket == NULL)
		return (struct objection){ "listen", N_("The service has to listen somewhere: set listen or socket") };
	if (c->listen != NULL && !is_listen(c->listen))
		return (struct objection){ "listen", N_("This is no address and port, as 127.0.0.1:8443 is one") };
	if ((c->tls_certificate == NULL) != (c->tls_key == NULL))
		return (struct objection){ "tls-key", N_("TLS needs both a certificate and its key") };
	if (c->listen != NULL && c->tls_certificate == NULL && !c->behind_proxy && !is_loopback(c->listen))
		return (struct objection){ "listen",
			N_("Without TLS the service only listens on 127.0.0.1 or [::1], or behind a proxy") };
	if (c->public_url != NULL && !is_public_url(c->public_url))
		return (struct objection){ "public-url",
			N_("This is no URL that begins with https:// and has no slash at its end") };
	return (struct objection){ NULL, NULL };
}

static struct objection object_to_names(const struct service_config *c)
{
	if (strlen(c->country) != 2 || c->country[0] < 'A' || c->country[0] > 'Z' || c->country[1] < 'A' ||
		c->country[1] > 'Z')
		return (struct objection){ "country", N_("A country is named by two capital letters") };
	/* X.520 bounds both, and "Root CA of …" has to fit as well. */
	if (strlen(c->organisation) > 40)
		return (struct objection){ "organisation", N_("This name is too long for a certificate") };
	if (c->terms_file != NULL && c->terms_version == NULL)
		return (struct objection){ "terms-version", N_("Terms of your own need a version") };
	return (struct objection){ NULL, NULL };
}

static struct objection object_to_keys_and_mail(const struct service_config *c)
{
	if (c->keys == SERVICE_KEYS_TOKEN && (c->token_uri == NULL || c->token_pin_file == NULL))
		return (struct objection){ "token-uri", N_("Keys in a token need its URI and a file with its PIN") };
	if (c->renew_days > c->certificate_days)
		return (struct objection){ "renew-days", N_("A certificate cannot be renewed before it begins") };
	if (c->mail == SERVICE_MAIL_SMTP && (c->smtp_url == NULL || c->mail_from == NULL || c->public_url == NULL))
		return (struct objection){ "mail", N_("Mail by SMTP needs smtp-url, mail-from and public-url") };
	if (c->smtp_url != NULL && !is_smtp_url(c->smtp_url))
		return (struct objection){ "smtp-url", N_("This is no URL that begins with smtp:// or smtps://") };
	if ((c->smtp_user == NULL) != (c->smtp_password_file == NULL))
		return (struct objection){ "smtp-user",
			N_("Signing in at the mail server needs a user and a password file") };
	return (struct objection){ NULL, NULL };
}

static enum be_err hold_together(const struct service_config *config, const char *path, struct be_error *err)
{
	struct objection objection = { NULL, NULL };

	if (config->data == NULL)
		objection = (struct objection){ "data", N_("The service needs a directory for its data") };
	if (objection.name == NULL)
		objection = object_to_listening(config);
	if (objection.name == NULL)
		objection = object_to_names(config);
	if (objection.name == NULL)
		objection = object_to_keys_and_mail(config);
	return objection.name == NULL ? BE_OK : be_fail(err, BE_USAGE, objection.why, "%s: %s", path, objection.name);
}

/* ---- the file ---- */

static const struct spec *find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static enum be_err take_line(struct service_config *out, const struct config_line *line, bool seen[static COUNT],
	const char *path, struct be_error *err)
{
	const struct spec *spec = line->kind == CONFIG_SETTING ? find(line->name) : NULL;
	const char *why = NULL;
	enum be_err rc;

	if (line->kind == CONFIG_REMARK)
		return BE_OK;
	if (line->kind == CONFIG_BROKEN)
		return be_fail(err, BE_USAGE, N_("A line is not of the form \"name = value\""), "%s, line %zu", path,
			line->number);
	if (spec == NULL)
		why = N_("The configuration has no such name");
	else if (seen[spec - table])
		why = N_("The configuration says this twice");
	if (why != NULL)
		return be_fail(err, BE_USAGE, why, "%s, line %zu: %s", path, line->number, line->name);
	seen[spec - table] = true;
	rc = take(out, spec, (const char *)line->value.data, line->value.len, NULL);
	return rc == BE_OK ? BE_OK
			   : be_fail(err, rc, rc == BE_NO_MEMORY ? no_memory : bad_value, "%s, line %zu: %s", path,
				     line->number, line->name);
}

enum be_err service_config_read(struct service_config *out, const char *path, struct be_error *err)
{
	struct config_line line = CONFIG_START;
	struct buffer text = BUFFER_EMPTY;
	bool seen[COUNT] = { false };
	enum be_err rc = fill_defaults(out, err);

	if (rc == BE_OK)
		rc = config_load(&text, path, FILE_MAX, err);
	while (rc == BE_OK && config_next(&line, &text)) {
		if (line.value.failed)
			rc = be_fail(err, BE_NO_MEMORY, no_memory, NULL);
		else
			rc = take_line(out, &line, seen, path, err);
	}
	if (rc == BE_OK)
		rc = hold_together(out, path, err);
	if (rc != BE_OK)
		service_config_free(out);
	config_line_free(&line);
	buffer_free(&text);
	return rc;
}
