/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/service.h"

#include "app/data.h"
#include "app/paths.h"
#include "net/net.h"

#include <string.h>
#include <strings.h>

#define HTTPS "https://"
#define HTTP "http://"

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

enum service_kind service_kind(const struct settings *settings)
{
	if (settings->service[0] == '\0')
		return SERVICE_NOT_CHOSEN;
	return strcmp(settings->service, SERVICE_EMBEDDED_WORD) == 0 ? SERVICE_EMBEDDED : SERVICE_SERVER;
}

/* With or without a port behind it. */
static bool is_this_machine(const char *host, size_t len)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const size_t size = strlen(names[i]);

		if (len >= size && strncasecmp(host, names[i], size) == 0 && (len == size || host[size] == ':'))
			return true;
	}
	return false;
}

/* The host and port of an address; NULL when it is none of ours. */
static const char *host_of(const char *address, size_t *len)
{
	const char *host = begins(address, HTTPS) ? address + strlen(HTTPS)
		: begins(address, HTTP)           ? address + strlen(HTTP)
						  : NULL;

	*len = host != NULL ? strcspn(host, "/") : 0;
	return host;
}

bool service_is_plain(const struct settings *settings)
{
	size_t len;
	const char *host = host_of(settings->service, &len);

	return host != NULL && begins(settings->service, HTTP) && !is_this_machine(host, len);
}

enum be_err service_check(const char *service, bool plain, struct be_error *err)
{
	size_t len;
	const char *host = host_of(service, &len);

	if (service[0] == '\0' || strcmp(service, SERVICE_EMBEDDED_WORD) == 0)
		return BE_OK;
	if (host == NULL || len == 0 || strcspn(service, "?#@ \t\"<>\\") != strlen(service))
		return be_fail(err, BE_USAGE,
			N_("The address of a service looks like https://sign.example.id, without user name, query or blanks"),
			"%s", service);
	if (begins(service, HTTP) && !plain && !is_this_machine(host, len))
		return be_fail(err, BE_USAGE,
			N_("Whoever is in between would read your password: a service is reached by https://"), "%s",
			service);
	return BE_OK;
}

static enum be_err open_at(
	struct account **out, struct account_place *place, const struct settings *settings, struct be_error *err)
{
	struct buffer ca = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	if (place->url != NULL && settings->service_ca[0] != '\0')
		rc = paths_absolute(&ca, settings->service_ca, NULL, err);
	if (rc == BE_OK) {
		place->ca_file = ca.len > 0 ? (const char *)ca.data : NULL;
		rc = account_open(out, place, err);
	}
	buffer_free(&ca);
	return rc;
}

enum be_err service_open(struct account **out, const struct settings *settings, struct be_error *err)
{
	struct account_place place = { .plain = settings->service_plain == SETTINGS_PLAIN_YES };
	struct buffer session = BUFFER_EMPTY;
	struct buffer data = BUFFER_EMPTY;
	char url[SETTINGS_TEXT_MAX];
	size_t len;
	enum be_err rc = service_check(settings->service, place.plain, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = data_own(&session, DATA_STATE_HOME, "session", err);
	if (rc == BE_OK)
		rc = data_own(&data, DATA_HOME, "service", err);
	if (rc == BE_OK) {
		place.session_file = (const char *)session.data;
		place.data = (const char *)data.data;
		if (service_kind(settings) == SERVICE_SERVER) {
			/* Paths of the API begin with the stroke that an address may end in. */
			len = strlen(settings->service);
			memcpy(url, settings->service, len + 1);
			while (len > 0 && url[len - 1] == '/')
				url[--len] = '\0';
			place.url = url;
		}
		rc = open_at(out, &place, settings, err);
	}
	buffer_free(&session);
	buffer_free(&data);
	return rc;
}
