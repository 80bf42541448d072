/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/mail.h"

#include "base/file.h"
#include "base/time.h"
#include "net/mime.h"
#include "service/log.h"
#include "service/mail_inside.h"
#include "service/store_people.h"
#include "service/store_records.h"
#include "service/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LEASE 600     /* seconds that a letter belongs to who carries it */
#define FIRST_WAIT 60 /* doubled with each try … */
#define MOST_WAIT (4 * 3600)
#define GIVE_UP (5 * 86400)
#define LOOK_AGAIN 3600 /* seconds without a wake-up */
#define PASSWORD_MAX 1024u
#define LETTER_MAX 65000u

/* ---- opening ---- */

static enum be_err read_password(struct secret **out, const char *path, struct be_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file with the mail server's password cannot be read"), path);
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0)
		rc = be_fail(err, BE_DENIED, N_("The file with the mail server's password can be read by others"), "%s",
			path);
	else
		rc = secret_read_fd(out, fd, PASSWORD_MAX, err);
	(void)close(fd);
	return rc;
}

static enum be_err set_maildir(struct mail *mail, struct be_error *err)
{
	static const char *const below[] = { "tmp", "new", "cur" };
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	if (asprintf(&mail->maildir, "%s/Maildir", mail->config->data) < 0) {
		mail->maildir = NULL;
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	}
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]) && rc == BE_OK; i++) {
		buffer_reset(&path);
		buffer_printf(&path, "%s/%s", mail->maildir, below[i]);
		buffer_add_byte(&path, 0);
		rc = buffer_check(&path, err);
		if (rc == BE_OK)
			rc = file_make_dirs((const char *)path.data, err);
	}
	buffer_free(&path);
	return rc;
}

enum be_err mail_open(struct mail **out, const struct service_config *config, struct store *store, struct vault *vault,
	struct be_error *err)
{
	struct mail *mail = calloc(1, sizeof(*mail));
	enum be_err rc = BE_OK;

	*out = NULL;
	if (mail == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	mail->config = config;
	mail->store = store;
	mail->vault = vault;
	mail->sender.from = config->mail_from != NULL ? config->mail_from : "besign@localhost";
	mail->sender.service = config->name;
	mime_address(mail->from, sizeof(mail->from), mail->sender.from);
	mail->due = true;
	(void)pthread_mutex_init(&mail->delivering, NULL);
	(void)pthread_mutex_init(&mail->lock, NULL);
	(void)pthread_cond_init(&mail->changed, NULL);
	if (config->mail == SERVICE_MAIL_MAILDIR)
		rc = set_maildir(mail, err);
	else if (config->smtp_password_file != NULL)
		rc = read_password(&mail->password, config->smtp_password_file, err);
	if (rc == BE_OK)
		*out = mail;
	else
		mail_free(&mail);
	return rc;
}

void mail_free(struct mail **mail)
{
	struct mail *m = *mail;

	if (m == NULL)
		return;
	if (m->running) {
		(void)pthread_mutex_lock(&m->lock);
		atomic_store(&m->stop, true);
		(void)pthread_cond_signal(&m->changed);
		(void)pthread_mutex_unlock(&m->lock);
		(void)pthread_join(m->thread, NULL);
	}
	net_close(&m->net);
	secret_free(&m->password);
	free(m->maildir);
	(void)pthread_cond_destroy(&m->changed);
	(void)pthread_mutex_destroy(&m->lock);
	(void)pthread_mutex_destroy(&m->delivering);
	free(m);
	*mail = NULL;
}

/* ---- into the queue ---- */

static void wipe(struct buffer *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	buffer_free(b);
}

static enum be_err into_secret(struct secret **out, const struct buffer *bytes, struct be_error *err)
{
	enum be_err rc = secret_new(out, bytes->len, err);

	return rc == BE_OK ? secret_add(*out, bytes->data, bytes->len, err) : rc;
}

/* The vault's seal is bound to nothing but its purpose: the row's number is not known before it is written. */
enum be_err mail_queue(struct mail *mail, int64_t user, const struct mail_letter *letter, struct be_error *err)
{
	struct store_mail row = { .user = user, .queued = time_now(), .due = time_now() };
	struct buffer message = BUFFER_EMPTY, sealed = BUFFER_EMPTY;
	struct secret *content = NULL;
	char id[STORE_ID_SIZE];
	enum be_err rc;

	if (strlen(letter->to) >= sizeof(row.to))
		return be_fail(err, BE_USAGE, N_("This is no mail address"), NULL);
	(void)strcpy(row.to, letter->to);
	buffer_add_fill(&message, 0, LETTER_MAX);
	buffer_reset(&message);
	rc = store_id_new(id, err);
	if (rc == BE_OK)
		rc = mail_compose(&message, letter, &mail->sender, id, row.queued, err);
	if (rc == BE_OK)
		rc = into_secret(&content, &message, err);
	if (rc == BE_OK)
		rc = vault_seal(mail->vault, "mail", "", content, &sealed, err);
	if (rc == BE_OK)
		rc = store_mail_add(mail->store, &row, &sealed, err);
	secret_free(&content);
	wipe(&message);
	buffer_free(&sealed);
	return rc;
}

enum be_err mail_tell_device(
	struct mail *mail, const struct store_user *person, const char *device, int64_t now, struct be_error *err)
{
	struct mail_letter letter = { .kind = MAIL_DEVICE,
		.language = I18N_ID,
		.to = person->mail,
		.name = person->name,
		.device = device,
		.moment = now };
	enum be_err rc;

	(void)i18n_by_name(&letter.language, person->language);
	rc = mail_queue(mail, person->id, &letter, err);
	if (rc == BE_OK)
		mail_wake(mail); /* who carries it waits for the transaction, as everybody */
	return rc;
}

void mail_wake(struct mail *mail)
{
	(void)pthread_mutex_lock(&mail->lock);
	mail->due = true;
	(void)pthread_cond_signal(&mail->changed);
	(void)pthread_mutex_unlock(&mail->lock);
}

/* ---- out of it ---- */

static enum be_err hand_over(
	struct mail *mail, const struct store_mail *row, const struct secret *letter, struct be_error *err)
{
	const struct net_mail_server server = {
		.url = mail->config->smtp_url,
		.user = mail->config->smtp_user,
		.password = mail->password,
		.ca_file = mail->config->smtp_ca_file,
	};
	const char *const to = row->to;
	const struct net_mail message = {
		.from = mail->from,
		.to = &to,
		.to_count = 1,
		.message = secret_bytes(letter),
		.len = secret_len(letter),
		.cancel = &mail->stop,
	};
	enum be_err rc = BE_OK;

	if (mail->maildir != NULL)
		return mail_box_put(mail->maildir, row->id, row->queued, letter, err);
	if (mail->net == NULL)
		rc = net_open(&mail->net, err);
	if (rc == BE_OK)
		rc = net_mail_send(mail->net, &server, &message, err);
	return rc;
}

/* What the server says for good, or what nobody can open any more. A password that is wrong is the administrator's to
 * mend: it is tried again like a server that does not answer. */
static bool is_hopeless(enum be_err rc)
{
	return rc == BE_REFUSED || rc == BE_CRYPTO || rc == BE_USAGE;
}

static int64_t try_again_at(const struct store_mail *row, enum be_err rc, int64_t now)
{
	int64_t wait = FIRST_WAIT;

	for (uint32_t i = 1; i < row->tries && wait < MOST_WAIT; i++)
		wait *= 2;
	if (is_hopeless(rc) || now - row->queued > GIVE_UP)
		return TIME_NONE;
	return now + (wait < MOST_WAIT ? wait : MOST_WAIT);
}

static enum be_err put_off(struct mail *mail, const struct store_mail *row, enum be_err why,
	const struct be_error *cause, struct be_error *err)
{
	int64_t due = try_again_at(row, why, time_now());

	service_log_error(due == TIME_NONE ? SERVICE_LOG_ERROR : SERVICE_LOG_WARNING,
		due == TIME_NONE ? "mail.given-up" : "mail.later", cause);
	return store_mail_later(mail->store, row->id, due, cause->detail, err);
}

/* BE_NOT_FOUND when nothing is due. */
static enum be_err carry_one(struct mail *mail, struct be_error *err)
{
	struct buffer sealed = BUFFER_EMPTY;
	struct secret *letter = NULL;
	struct be_error cause = { .code = BE_OK };
	struct store_mail row;
	enum be_err why;
	enum be_err rc = store_mail_take(mail->store, time_now(), LEASE, &row, &sealed, err);

	if (rc != BE_OK) {
		buffer_free(&sealed);
		return rc;
	}
	why = vault_unseal(mail->vault, "mail", "", sealed.data, sealed.len, &letter, &cause);
	if (why == BE_OK)
		why = hand_over(mail, &row, letter, &cause);
	if (why == BE_OK) {
		rc = store_mail_done(mail->store, row.id, time_now(), err);
		if (rc == BE_OK)
			service_log(SERVICE_LOG_INFO, "mail.sent", SERVICE_LOG_NUMBER("mail", row.id));
	} else if (why == BE_NO_MEMORY || why == BE_CANCELLED) {
		/* The lease ends by itself. */
		rc = be_fail(err, why, cause.msgid, NULL);
	} else {
		rc = put_off(mail, &row, why, &cause, err);
	}
	secret_free(&letter);
	buffer_free(&sealed);
	return rc;
}

enum be_err mail_deliver(struct mail *mail, int64_t *next, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*next = TIME_NONE;
	(void)pthread_mutex_lock(&mail->delivering);
	while (rc == BE_OK && !atomic_load(&mail->stop))
		rc = carry_one(mail, err);
	if (rc == BE_NOT_FOUND || rc == BE_OK)
		rc = store_mail_next(mail->store, next, err);
	(void)pthread_mutex_unlock(&mail->delivering);
	return rc;
}

/* ---- a thread of its own ---- */

static void wait_until(struct mail *mail, int64_t next)
{
	struct timespec until;
	int64_t seconds = next != TIME_NONE ? next - time_now() : LOOK_AGAIN;

	if (seconds < 1)
		seconds = 1;
	if (seconds > LOOK_AGAIN)
		seconds = LOOK_AGAIN;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	(void)pthread_mutex_lock(&mail->lock);
	while (!mail->due && !atomic_load(&mail->stop))
		if (pthread_cond_timedwait(&mail->changed, &mail->lock, &until) == ETIMEDOUT)
			break;
	mail->due = false;
	(void)pthread_mutex_unlock(&mail->lock);
}

static void *carry(void *arg)
{
	struct mail *mail = arg;
	struct be_error before = { .code = BE_OK };

	/* Nobody else carries: what an earlier run died over need not wait for its lease. */
	if (store_mail_release(mail->store, time_now(), LEASE, &before) != BE_OK)
		service_log_error(SERVICE_LOG_WARNING, "mail.queue", &before);
	while (!atomic_load(&mail->stop)) {
		struct be_error err = { .code = BE_OK };
		int64_t next = TIME_NONE;

		if (mail_deliver(mail, &next, &err) != BE_OK) {
			service_log_error(SERVICE_LOG_WARNING, "mail.queue", &err);
			next = time_now() + FIRST_WAIT;
		}
		wait_until(mail, next);
	}
	return NULL;
}

enum be_err mail_start(struct mail *mail, struct be_error *err)
{
	if (pthread_create(&mail->thread, NULL, carry, mail) != 0)
		return be_fail(err, BE_NO_MEMORY, N_("The thread that carries letters could not be started"), NULL);
	mail->running = true;
	return BE_OK;
}
