/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/admin.h"

#include "base/file.h"
#include "base/process.h"
#include "base/sanitise.h"
#include "base/time.h"
#include "service/accounts.h"
#include "service/service.h"
#include "service/store_records.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_MAX 1024u
#define SECRET_FILE_MAX 4096u

enum { DONE = 0, NOT_DONE = 1, NOT_UNDERSTOOD = 2 };

const char admin_usage[] =
	"commands:\n"
	"  user add LOGIN --name NAME [--mail ADDRESS] [--organisation NAME]\n"
	"           [--language id|en] [--password-fd N]      asks for a password when none is given\n"
	"  user disable LOGIN      ends the user's sessions and lets nobody in\n"
	"  user enable LOGIN\n"
	"  user reset-otp LOGIN    forgets the user's devices: the next sign-in enrols one\n"
	"  user unlock LOGIN       forgets wrong tries\n"
	"  backup DIRECTORY        copies database and key into a new directory, while the service runs\n"
	"  audit check             walks through the chain of the audit log\n";

static int told(enum be_err rc, const struct be_error *err)
{
	char detail[sizeof(err->detail)];

	if (rc == BE_OK)
		return DONE;
	(void)sanitise_str(detail, sizeof(detail), err->detail);
	(void)fprintf(stderr, "besignd: %s%s%s\n", err->msgid != NULL ? err->msgid : be_err_word(rc),
		detail[0] != '\0' ? ": " : "", detail);
	return rc == BE_USAGE ? NOT_UNDERSTOOD : NOT_DONE;
}

static enum be_err not_understood(struct be_error *err, const char *word)
{
	return be_fail(err, BE_USAGE, N_("This is no command of besignd; \"besignd --help\" lists them"), "%s",
		word != NULL ? word : "");
}

/* ---- users ---- */

struct new_user {
	struct accounts_person person;
	int password_fd; /* -1: asked for */
};

static enum be_err take_options(struct new_user *out, int argc, char **argv, struct be_error *err)
{
	static const struct option options[] = { { "name", required_argument, NULL, 'n' },
		{ "mail", required_argument, NULL, 'm' }, { "organisation", required_argument, NULL, 'o' },
		{ "language", required_argument, NULL, 'l' }, { "password-fd", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 } };
	char *end = NULL;
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			out->person.name = optarg;
			break;
		case 'm':
			out->person.mail = optarg;
			break;
		case 'o':
			out->person.organisation = optarg;
			break;
		case 'l':
			out->person.language = optarg;
			break;
		case 'p':
			out->password_fd = (int)strtol(optarg, &end, 10);
			if (end == optarg || *end != '\0' || out->password_fd < 0)
				return be_fail(err, BE_USAGE, N_("This is no number of a descriptor"), "%s", optarg);
			break;
		default:
			return not_understood(err, argv[optind - 1]);
		}
	}
	if (optind < argc)
		return not_understood(err, argv[optind]);
	if (out->person.name == NULL)
		return be_fail(err, BE_USAGE, N_("A user needs a name"), "--name");
	if (out->person.mail == NULL)
		out->person.mail = out->person.login;
	return BE_OK;
}

static enum be_err ask_password(struct secret **out, int fd, struct be_error *err)
{
	struct secret *again = NULL;
	enum be_err rc;

	process_guard_secrets();
	if (fd >= 0)
		return secret_read_fd(out, fd, PASSWORD_MAX, err);
	rc = secret_ask(out, "Password: ", PASSWORD_MAX, err);
	if (rc == BE_OK)
		rc = secret_ask(&again, "Password again: ", PASSWORD_MAX, err);
	if (rc == BE_OK &&
		(secret_len(*out) != secret_len(again) ||
			memcmp(secret_bytes(*out), secret_bytes(again), secret_len(again)) != 0))
		rc = be_fail(err, BE_USAGE, N_("The two passwords are not the same"), NULL);
	secret_free(&again);
	return rc;
}

static enum be_err user_add(struct service *service, int argc, char **argv, struct be_error *err)
{
	struct new_user user = { .person = { .login = argv[0] }, .password_fd = -1 };
	struct secret *password = NULL;
	enum be_err rc = take_options(&user, argc, argv, err);

	if (rc == BE_OK)
		rc = ask_password(&password, user.password_fd, err);
	user.person.password = password;
	if (rc == BE_OK)
		rc = accounts_register(service->accounts, &user.person, NULL, err);
	secret_free(&password);
	return rc;
}

static enum be_err user_disable(struct service *service, int argc, char **argv, struct be_error *err)
{
	return argc == 1 ? accounts_disable(service->accounts, argv[0], true, err) : not_understood(err, argv[1]);
}

static enum be_err user_enable(struct service *service, int argc, char **argv, struct be_error *err)
{
	return argc == 1 ? accounts_disable(service->accounts, argv[0], false, err) : not_understood(err, argv[1]);
}

static enum be_err user_reset_otp(struct service *service, int argc, char **argv, struct be_error *err)
{
	return argc == 1 ? accounts_reset_otp(service->accounts, argv[0], err) : not_understood(err, argv[1]);
}

static enum be_err user_unlock(struct service *service, int argc, char **argv, struct be_error *err)
{
	return argc == 1 ? accounts_unlock(service->accounts, argv[0], err) : not_understood(err, argv[1]);
}

/* ---- a copy of everything ---- */

static void join(struct buffer *out, const char *dir, const char *name)
{
	buffer_reset(out);
	buffer_printf(out, "%s/%s", dir, name);
	buffer_add_byte(out, '\0');
}

static enum be_err copy_key(struct service *service, const char *dir, struct be_error *err)
{
	struct buffer from = BUFFER_EMPTY;
	struct buffer to = BUFFER_EMPTY;
	struct buffer key = BUFFER_EMPTY;
	struct file_output *output = NULL;
	enum be_err rc = service_path(&from, &service->config, SERVICE_KEY_FILE, err);

	join(&to, dir, SERVICE_KEY_FILE);
	if (rc == BE_OK)
		rc = buffer_check(&to, err);
	if (rc == BE_OK)
		rc = file_read_all(&key, (const char *)from.data, SECRET_FILE_MAX, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, (const char *)to.data, 0600, false, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), key.data, key.len, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	if (key.data != NULL)
		explicit_bzero(key.data, key.cap);
	buffer_free(&key);
	buffer_free(&to);
	buffer_free(&from);
	return rc;
}

/* The key first: a database whose key is missing is of no use, a key without one does no harm. */
static enum be_err backup(struct service *service, int argc, char **argv, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc;

	if (argc != 1)
		return not_understood(err, argc > 1 ? argv[1] : "backup");
	if (mkdir(argv[0], 0700) != 0)
		return be_fail_errno(err, errno == EEXIST ? BE_EXISTS : BE_IO,
			N_("The directory for the copy cannot be made, or is there already"), argv[0]);
	rc = copy_key(service, argv[0], err);
	join(&path, argv[0], SERVICE_STORE_FILE);
	if (rc == BE_OK)
		rc = buffer_check(&path, err);
	if (rc == BE_OK)
		rc = store_backup(service->store, (const char *)path.data, err);
	if (rc == BE_OK)
		rc = store_audit_add(service->store, time_now(), "admin", "backup", argv[0], "", err);
	buffer_free(&path);
	return rc;
}

/* ---- the audit log ---- */

static enum be_err audit_check(struct service *service, int argc, char **argv, struct be_error *err)
{
	uint8_t last[STORE_DIGEST_SIZE];
	int64_t lines = 0;
	enum be_err rc =
		argc == 0 ? store_audit_check(service->store, &lines, last, err) : not_understood(err, argv[0]);

	if (rc != BE_OK)
		return rc;
	(void)printf("%lld lines, unbroken; the last is ", (long long)lines);
	for (size_t i = 0; i < sizeof(last); i++)
		(void)printf("%02x", last[i]);
	(void)putchar('\n');
	return BE_OK;
}

/* ---- which ---- */

static const struct {
	const char *words[2]; /* the second may be NULL */
	int least;            /* words after them */
	enum be_err (*run)(struct service *service, int argc, char **argv, struct be_error *err);
} commands[] = {
	{ { "user", "add" }, 1, user_add },
	{ { "user", "disable" }, 1, user_disable },
	{ { "user", "enable" }, 1, user_enable },
	{ { "user", "reset-otp" }, 1, user_reset_otp },
	{ { "user", "unlock" }, 1, user_unlock },
	{ { "backup", NULL }, 1, backup },
	{ { "audit", "check" }, 0, audit_check },
};

int admin_run(struct service_config *config, int argc, char **argv)
{
	struct service *service = NULL;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = not_understood(&err, argv[0]);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const int used = commands[i].words[1] != NULL ? 2 : 1;

		if (argc - used < commands[i].least || strcmp(argv[0], commands[i].words[0]) != 0 ||
			(used == 2 && strcmp(argv[1], commands[i].words[1]) != 0))
			continue;
		rc = service_open_beside(&service, config, &err);
		if (rc == BE_OK)
			rc = commands[i].run(service, argc - used, argv + used, &err);
		break;
	}
	service_close(&service);
	service_config_free(config);
	return told(rc, &err);
}
