/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/run.h"

#include "base/file.h"
#include "base/process.h"
#include "base/time.h"
#include "service/http.h"
#include "service/log.h"
#include "service/notify.h"
#include "service/service.h"
#include "service/vault.h"
#include "wire/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who comes while another besignd is ending waits for it. */
#define LOCK_SECONDS 20u
#define LOG_MAX (1 << 20)
#define SETTLE_MS 50

struct run {
	struct service *service;
	int signals;
	int64_t next; /* when service_tick wants to be called */
	int turn;     /* held while the service ends by itself; -1 */
};

/* ---- the log of an embedded service ---- */

/* Standard error goes there as well: what a library or the C runtime says at the end is not lost. */
static enum be_err open_log(const struct service_config *config, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer older = BUFFER_EMPTY;
	struct stat st;
	int fd = -1;
	enum be_err rc = file_make_dirs(config->data, err);

	if (rc == BE_OK)
		rc = service_path(&path, config, SERVICE_LOG_FILE, err);
	if (rc == BE_OK)
		rc = service_path(&older, config, SERVICE_LOG_FILE ".1", err);
	if (rc == BE_OK) {
		if (stat((const char *)path.data, &st) == 0 && st.st_size > LOG_MAX)
			(void)rename((const char *)path.data, (const char *)older.data);
		fd = open((const char *)path.data, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
			rc = be_fail_errno(
				err, BE_IO, N_("The service's log cannot be written"), (const char *)path.data);
	}
	if (fd > STDERR_FILENO)
		(void)close(fd);
	buffer_free(&older);
	buffer_free(&path);
	return rc;
}

/* ---- ending by itself ---- */

static bool nobody_is_there(const struct service *service)
{
	return http_connections(service->http) == 0 && vault_open_keys(service->vault) == 0;
}

/* An app that finds the socket gone waits for its turn, which is held here until the process has ended; one that was
 * connected before is answered first. So nobody meets a service that is about to go. */
static bool may_end_idle(struct run *run)
{
	const struct service *service = run->service;
	const struct service_config *config = &service->config;
	struct buffer path = BUFFER_EMPTY;
	bool gone = false;

	if (config->idle_seconds == 0 || config->socket == NULL || !nobody_is_there(service) ||
		http_idle_seconds(service->http) < config->idle_seconds)
		return false;
	if (service_path(&path, config, WIRE_TURN_FILE, NULL) == BE_OK)
		run->turn = open((const char *)path.data, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	/* With its directory went the data, and the way for anybody to ask for a turn: there is nothing to wait for. */
	gone = run->turn < 0 && errno == ENOENT;
	buffer_free(&path);
	if (gone)
		(void)unlink(config->socket);
	if (run->turn < 0)
		return gone;
	if (flock(run->turn, LOCK_EX | LOCK_NB) != 0) {
		(void)close(run->turn);
		run->turn = -1;
		return false;
	}
	(void)unlink(config->socket);
	while (poll(NULL, 0, SETTLE_MS) == 0 && !nobody_is_there(service))
		continue;
	return true;
}

/* ---- the loop ---- */

static int milliseconds_to_wait(const struct run *run, int64_t now)
{
	const struct service_config *config = &run->service->config;
	int64_t seconds = run->next - now;

	if (config->idle_seconds > 0) {
		int64_t idle = config->idle_seconds - http_idle_seconds(run->service->http);

		if (idle < 1)
			idle = 1;
		seconds = idle < seconds ? idle : seconds;
	}
	return seconds < 0 ? 0 : seconds > 3600 ? 3600 * 1000 : (int)seconds * 1000;
}

/* The signal that ends the service; 0 when it was none. */
static uint32_t take_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT ? info.ssi_signo : 0;
}

static const char *serve(struct run *run)
{
	for (;;) {
		struct pollfd wait = { .fd = run->signals, .events = POLLIN };
		int64_t now = time_now();
		int ready;

		if (now >= run->next)
			run->next = service_tick(run->service, now);
		if (may_end_idle(run))
			return "idle";
		ready = poll(&wait, 1, milliseconds_to_wait(run, now));
		if (ready > 0 && take_signal(run->signals) != 0)
			return "signal";
	}
}

static enum be_err begin(struct run *run, struct service_config *config, struct be_error *err)
{
	const bool embedded = config->embedded;
	sigset_t ours;
	enum be_err rc = BE_OK;

	(void)sigemptyset(&ours);
	(void)sigaddset(&ours, SIGTERM);
	(void)sigaddset(&ours, SIGINT);
	(void)sigaddset(&ours, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &ours, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	run->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->signals < 0)
		rc = be_fail_errno(err, BE_IO, N_("The service cannot be started"), "signalfd");
	if (rc == BE_OK && embedded)
		rc = open_log(config, err);
	if (rc == BE_OK)
		rc = service_open(&run->service, config, LOCK_SECONDS, err);
	else
		service_config_free(config);
	if (rc == BE_OK)
		rc = service_listen(run->service, err);
	return rc;
}

int run_service(struct service_config *config, int ready_fd)
{
	struct run run = { .service = NULL, .signals = -1, .turn = -1 };
	struct be_error err = { .code = BE_OK };
	enum be_err rc;

	process_guard_secrets();
	(void)umask(077);
	rc = begin(&run, config, &err);
	if (rc == BE_OK) {
		const char *why;

		service_log(SERVICE_LOG_INFO, "service.started", SERVICE_LOG_TEXT("socket", run.service->config.socket),
			SERVICE_LOG_TEXT("listen", run.service->config.listen));
		notify_ready(ready_fd);
		why = serve(&run);
		notify_stopping();
		service_log(SERVICE_LOG_INFO, "service.stopping", SERVICE_LOG_TEXT("why", why));
	} else {
		service_log_error(SERVICE_LOG_ERROR, "service.failed", &err);
		notify_failed(ready_fd, &err);
	}
	service_close(&run.service);
	if (rc == BE_OK)
		service_log(SERVICE_LOG_INFO, "service.stopped", SERVICE_LOG_NUMBER("pid", getpid()));
	if (run.signals >= 0)
		(void)close(run.signals);
	return rc == BE_OK ? 0 : 1;
}
