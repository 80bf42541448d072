/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "house.h"

#include "base/time.h"
#include "service/ca.h"
#include "service/log.h"
#include "service/store_people.h"
#include "service/vault.h"
#include "wire/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void give_up(const char *what, const struct be_error *err)
{
	fprintf(stderr, "the tests' house failed: %s: %s (%s)\n", what, err->msgid != NULL ? err->msgid : "?",
		err->detail);
	abort();
}

#define DO(call) \
	do { \
		struct be_error err = { .code = BE_OK }; \
		struct be_error *e = &err; \
		if ((call) != BE_OK) \
			give_up(#call, &err); \
	} while (0)

static char *path_of(const struct house *house, const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", house->dir, name);
	return path;
}

/* Derivations as cheap as they may be: what they cost is another test's. */
static void open_parts(struct house *house)
{
	struct service *s = house->service;
	struct vault_settings settings = {
		.cost = { SCRYPT_LOG2_N_MIN, 8, 1 }, .authorisation_seconds = 300, .batch_max = 1000, .open_max = 10
	};

	DO(store_open(&s->store, path_of(house, "besign.db"), e));
	settings.key_file = path_of(house, "service.key");
	DO(vault_open(&s->vault, s->store, &settings, e));
	DO(ca_open(&s->ca, &s->config, s->store, s->vault, e));
	DO(mail_open(&s->mail, &s->config, s->store, s->vault, e));
}

void house_open(struct house *house, const char *public_url)
{
	service_log_to(-1, SERVICE_LOG_ERROR);
	time_set_for_test(HOUSE_NOW);
	if (house->dir[0] == '\0') {
		(void)strcpy(house->dir, "/tmp/besign-house-XXXXXX");
		if (mkdtemp(house->dir) == NULL)
			abort();
	}
	house->service = calloc(1, sizeof(*house->service));
	if (house->service == NULL)
		abort();
	DO(service_config_embedded(&house->service->config, house->dir, path_of(house, "socket"), e));
	if (public_url != NULL)
		house->service->config.public_url = strdup(public_url);
	open_parts(house);
}

void house_close(struct house *house)
{
	struct service *s = house->service;

	mail_free(&s->mail);
	ca_free(&s->ca);
	vault_close(&s->vault);
	store_close(&s->store);
	service_config_free(&s->config);
	free(s);
	house->service = NULL;
}

void house_remove(struct house *house)
{
	char command[128];

	if (house->service != NULL)
		house_close(house);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", house->dir);
	if (system(command) != 0)
		abort();
	house->dir[0] = '\0';
	time_set_for_test(TIME_NONE);
}

static const char *login_of(unsigned number)
{
	static char login[32];

	(void)snprintf(login, sizeof(login), "orang%u@contoh.example", number);
	return login;
}

int64_t house_person(struct house *house, unsigned number)
{
	struct store_user user = { .language = "id", .created = time_now() };
	const struct store_password password = { .cost = { SCRYPT_LOG2_N_MIN, 8, 1 } };

	(void)snprintf(user.login, sizeof(user.login), "orang%u", number);
	(void)snprintf(user.mail, sizeof(user.mail), "%s", login_of(number));
	(void)snprintf(user.name, sizeof(user.name), "Ketut Contoh %u", number);
	DO(store_user_add(house->service->store, &user, &password, e));
	return user.id;
}

struct secret *house_secret(const char *text)
{
	struct secret *secret = NULL;

	DO(secret_new(&secret, strlen(text) + 1, e));
	DO(secret_add(secret, text, strlen(text), e));
	return secret;
}

struct secret *house_link(struct house *house, unsigned number)
{
	struct mail_item *items = NULL;
	struct secret *link = NULL;
	size_t count = 0;
	int64_t next;

	DO(mail_deliver(house->service->mail, &next, e));
	DO(mail_box(house->service->mail, login_of(number), &items, &count, e));
	for (size_t i = 0; i < count && link == NULL; i++) {
		const char *url = items[i].link != NULL ? (const char *)secret_bytes(items[i].link) : "";
		const char *at = strstr(url, WIRE_PATH_LINK);

		if (at != NULL)
			link = house_secret(at + strlen(WIRE_PATH_LINK));
	}
	mail_items_free(&items, count);
	if (link == NULL)
		abort();
	return link;
}

const char *house_terms(struct house *house)
{
	static char version[STORE_WORD_SIZE];

	DO(certificates_terms(house->service, version, NULL, e));
	return version;
}

void house_issue(struct house *house, unsigned number, int64_t user, char id[static STORE_ID_SIZE])
{
	struct secret *passphrase = house_secret(HOUSE_PASSPHRASE);
	struct secret *link;

	DO(certificates_request(house->service, user, "p256", house_terms(house), id, e));
	link = house_link(house, number);
	DO(certificates_set_passphrase(house->service, link, passphrase, id, e));
	secret_free(&link);
	secret_free(&passphrase);
}

struct store_certificate house_certificate(struct house *house, const char *id)
{
	struct store_certificate row;

	DO(store_certificate_get(house->service->store, 0, id, time_now(), &row, e));
	return row;
}
