/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/service.h"

#include "base/file.h"
#include "base/time.h"
#include "service/accounts.h"
#include "service/api.h"
#include "service/ca.h"
#include "service/certificates.h"
#include "service/log.h"
#include "service/mail.h"
#include "service/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define AUTHORISATION_SECONDS 300
#define OPEN_MAX 500u
#define PIN_MAX 256u
#define CLOSE_SECONDS 10u
#define SWEEP_SECONDS 60
#define LOCK_PAUSE_NS 20000000L

static const char not_private[] = N_(
	"The directory of the service's data can be read by others, or is somebody else's: make it yours, with mode 0700");

enum be_err service_path(
	struct buffer *out, const struct service_config *config, const char *name, struct be_error *err)
{
	enum be_err rc;

	buffer_reset(out);
	buffer_printf(out, "%s/%s", config->data, name);
	buffer_add_byte(out, '\0');
	rc = buffer_check(out, err);
	if (rc == BE_OK)
		out->len--;
	return rc;
}

/* ---- the data directory ---- */

static enum be_err make_data(const struct service_config *config, struct be_error *err)
{
	struct stat st;
	enum be_err rc = file_make_dirs(config->data, err);

	if (rc != BE_OK)
		return rc;
	if (stat(config->data, &st) != 0)
		return be_fail_errno(
			err, BE_IO, N_("The directory of the service's data cannot be used"), config->data);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return be_fail(err, BE_DENIED, not_private, "%s", config->data);
	return BE_OK;
}

static enum be_err wait_for_lock(int fd, unsigned seconds, struct be_error *err)
{
	const struct timespec pause = { 0, LOCK_PAUSE_NS };
	struct timespec now, end;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return be_fail_errno(err, BE_IO, N_("The service's lock cannot be taken"), SERVICE_LOCK_FILE);
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec))
			return be_fail(err, BE_BUSY, N_("Another besignd uses this data directory"), NULL);
		(void)nanosleep(&pause, NULL);
	}
	return BE_OK;
}

static enum be_err take_lock(struct service *service, unsigned seconds, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = service_path(&path, &service->config, SERVICE_LOCK_FILE, err);

	if (rc == BE_OK) {
		service->lock = open((const char *)path.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		rc = service->lock >= 0
			? wait_for_lock(service->lock, seconds, err)
			: be_fail_errno(err, BE_IO, N_("The service's lock cannot be made"), (const char *)path.data);
	}
	buffer_free(&path);
	return rc;
}

/* ---- the parts ---- */

static enum be_err open_store(struct service *service, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = service_path(&path, &service->config, SERVICE_STORE_FILE, err);

	if (rc == BE_OK)
		rc = store_open(&service->store, (const char *)path.data, err);
	buffer_free(&path);
	return rc;
}

static enum be_err read_pin(struct secret **pin, const char *path, struct be_error *err)
{
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file with the token's PIN cannot be read"), path);
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
		rc = be_fail(err, BE_DENIED, N_("The file with the token's PIN can be read by others"), "%s", path);
	else
		rc = secret_read_fd(pin, fd, PIN_MAX, err);
	(void)close(fd);
	return rc;
}

static enum be_err open_vault(struct service *service, struct be_error *err)
{
	const struct service_config *config = &service->config;
	struct vault_settings settings = { .cost = scrypt_cost_for_machine(0),
		.authorisation_seconds = AUTHORISATION_SECONDS,
		.batch_max = (uint32_t)config->batch_max,
		.open_max = OPEN_MAX };
	struct buffer path = BUFFER_EMPTY;
	struct secret *pin = NULL;
	enum be_err rc = service_path(&path, config, SERVICE_KEY_FILE, err);

	if (rc == BE_OK && config->keys == SERVICE_KEYS_TOKEN) {
		rc = read_pin(&pin, config->token_pin_file, err);
		settings.token_uri = config->token_uri;
		settings.token_pin = pin;
	}
	settings.key_file = (const char *)path.data;
	if (rc == BE_OK)
		rc = vault_open(&service->vault, service->store, &settings, err);
	secret_free(&pin);
	buffer_free(&path);
	return rc;
}

/* Who has a password and no device yet may add one; whoever owns the account shall know that it was done. */
static enum be_err write_about_device(
	void *ctx, const struct store_user *user, const char *device, int64_t now, struct be_error *err)
{
	const struct service *service = ctx;

	return mail_tell_device(service->mail, user, device, now, err);
}

static enum be_err open_accounts(struct service *service, struct be_error *err)
{
	struct accounts_settings settings = accounts_defaults(service->config.name, service->config.embedded);

	if (service->mail != NULL) {
		settings.device_added = write_about_device;
		settings.device_added_ctx = service;
	}
	return accounts_open(&service->accounts, service->store, service->vault, &settings, err);
}

/* An empty one, with the config taken. */
static enum be_err begin(struct service **out, struct service_config *config, struct be_error *err)
{
	struct service *service = calloc(1, sizeof(*service));

	*out = NULL;
	if (service == NULL) {
		service_config_free(config);
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	}
	service->config = *config;
	service->lock = -1;
	*config = SERVICE_CONFIG_EMPTY;
	*out = service;
	return BE_OK;
}

enum be_err service_open(struct service **out, struct service_config *config, unsigned seconds, struct be_error *err)
{
	struct service *service = NULL;
	enum be_err rc = begin(&service, config, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = make_data(&service->config, err);
	if (rc == BE_OK)
		rc = take_lock(service, seconds, err);
	if (rc == BE_OK)
		rc = open_store(service, err);
	if (rc == BE_OK)
		rc = open_vault(service, err);
	if (rc == BE_OK)
		rc = ca_open(&service->ca, &service->config, service->store, service->vault, err);
	if (rc == BE_OK)
		rc = mail_open(&service->mail, &service->config, service->store, service->vault, err);
	if (rc == BE_OK)
		rc = open_accounts(service, err);
	if (rc == BE_OK)
		*out = service;
	else
		service_close(&service);
	return rc;
}

enum be_err service_open_beside(struct service **out, struct service_config *config, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct service *service = NULL;
	enum be_err rc = begin(&service, config, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = service_path(&path, &service->config, SERVICE_STORE_FILE, err);
	if (rc == BE_OK && access((const char *)path.data, F_OK) != 0)
		rc = be_fail_errno(err, BE_NOT_FOUND, N_("This service was never started"), (const char *)path.data);
	if (rc == BE_OK)
		rc = open_store(service, err);
	if (rc == BE_OK)
		rc = open_accounts(service, err);
	if (rc == BE_OK)
		*out = service;
	else
		service_close(&service);
	buffer_free(&path);
	return rc;
}

enum be_err service_listen(struct service *service, struct be_error *err)
{
	struct http_config http;
	enum be_err rc = api_new(&service->api, service, err);

	if (rc != BE_OK)
		return rc;
	api_http(service->api, &http);
	rc = http_start(&service->http, &http, err);
	if (rc == BE_OK)
		rc = mail_start(service->mail, err);
	return rc;
}

/* A part that cannot do its work now is told about, and asked again later: the service goes on without. */
static void ask(enum be_err rc, const struct be_error *err, const char *event, int64_t wanted, int64_t *next)
{
	if (rc != BE_OK)
		service_log_error(SERVICE_LOG_WARNING, event, err);
	else if (wanted != TIME_NONE && wanted < *next)
		*next = wanted;
}

int64_t service_tick(struct service *service, int64_t now)
{
	struct be_error err = { .code = BE_OK };
	int64_t next = now + SWEEP_SECONDS;
	int64_t wanted = TIME_NONE;
	enum be_err rc = ca_tick(service->ca, &wanted, &err);

	ask(rc, &err, "ca.tick", wanted, &next);
	rc = certificates_tick(service, &wanted, &err);
	ask(rc, &err, "certificates.tick", wanted, &next);
	vault_sweep(service->vault, now);
	accounts_sweep(service->accounts);
	return next > now ? next : now + 1;
}

void service_close(struct service **service)
{
	struct service *s = *service;

	if (s == NULL)
		return;
	if (s->http != NULL)
		http_stop(s->http, CLOSE_SECONDS);
	http_free(&s->http);
	api_free(&s->api);
	mail_free(&s->mail);
	accounts_close(&s->accounts);
	ca_free(&s->ca);
	vault_close(&s->vault);
	store_close(&s->store);
	if (s->lock >= 0)
		(void)close(s->lock);
	service_config_free(&s->config);
	free(s);
	*service = NULL;
}
