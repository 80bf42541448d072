/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/service.h"

#include "base/encode.h"
#include "base/time.h"
#include "crypto/totp.h"
#include "pki/private_key.h"

#include <openssl/x509.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 60000
#define ROOM 4096u

static void must(bool held, const char *what)
{
	if (held)
		return;
	(void)fprintf(stderr, "support/service: %s: %s\n", what, strerror(errno));
	abort();
}

static void path_of(char out[static ROOM], const struct service_desk *desk, const char *name)
{
	must(snprintf(out, ROOM, "%s/%s", desk->dir, name) < (int)ROOM, "a path is too long");
}

/* ---- the desk ---- */

void service_desk_make(struct service_desk *desk)
{
	struct be_error err = { .code = BE_OK };
	const char *tmp = getenv("TMPDIR");
	char data[ROOM];
	int fd;

	memset(desk, 0, sizeof(*desk));
	must(snprintf(desk->dir, sizeof(desk->dir), "%s/besignd-XXXXXX",
		     tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp") < (int)sizeof(desk->dir),
		"the name of the directory");
	must(mkdtemp(desk->dir) != NULL, "mkdtemp");
	path_of(data, desk, "data");
	if (embedded_find(&desk->place, data, &err) != BE_OK) {
		(void)fprintf(stderr, "%s: %s\n", err.msgid, err.detail);
		abort();
	}
	/* A socket of this desk alone: nothing is left in the user's own runtime directory. */
	must(snprintf(desk->fault_file, sizeof(desk->fault_file), "%s/fault", desk->dir) <
			(int)sizeof(desk->fault_file),
		"fault");
	fd = open(desk->fault_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0 && ftruncate(fd, sizeof(*desk->fault)) == 0, desk->fault_file);
	desk->fault = mmap(NULL, sizeof(*desk->fault), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(desk->fault != MAP_FAILED, "mmap");
	(void)close(fd);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void service_desk_clear(struct service_desk *desk)
{
	service_desk_kill(desk);
	(void)embedded_stop(&desk->place, NULL);
	(void)munmap(desk->fault, sizeof(*desk->fault));
	embedded_place_free(&desk->place);
	remove_tree(desk->dir);
	memset(desk, 0, sizeof(*desk));
}

/* ---- the process ---- */

/* As systemd would: where the service says READY=1. */
static int open_notify(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)unlink(path);
	must(strlen(path) < sizeof(address.sun_path), "the name of the socket");
	memcpy(address.sun_path, path, strlen(path));
	must(fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0, path);
	return fd;
}

/* Where the programs under test stand: two above the one that runs. */
static void build_path(char out[static ROOM], const char *name)
{
	const ssize_t len = readlink("/proc/self/exe", out, ROOM - 100);

	must(len > 0, "/proc/self/exe");
	out[len] = '\0';
	for (int up = 0; up < 3; up++)
		*strrchr(out, '/') = '\0';
	(void)strncat(out, name, ROOM - strlen(out) - 1);
	must(access(out, R_OK) == 0, out);
}

static void spawn(struct service_desk *desk, const char *notify)
{
	char program[ROOM], library[ROOM], preload[ROOM + 16], fault[128], told[ROOM + 16], home[128], log[ROOM];
	/* The library stands before a sanitizer's runtime, which would refuse. */
	char *environment[] = { fault, told, home, (char[]){ "ASAN_OPTIONS=verify_asan_link_order=0" }, preload, NULL };
	char *embedded[] = { (char[]){ "besignd" }, (char[]){ "--embedded" }, (char[]){ "--data" }, desk->place.data,
		(char[]){ "--socket" }, desk->place.socket, NULL };
	char *configured[] = { (char[]){ "besignd" }, (char[]){ "--config" }, (char *)(uintptr_t)desk->config, NULL };
	posix_spawn_file_actions_t actions;

	build_path(program, "/besignd");
	build_path(library, "/tests/iofault.so");
	(void)snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", library);
	(void)snprintf(fault, sizeof(fault), "IOFAULT=%s", desk->fault_file);
	(void)snprintf(told, sizeof(told), "NOTIFY_SOCKET=%s", notify);
	(void)snprintf(home, sizeof(home), "HOME=%s", desk->dir);
	if (desk->bare)
		environment[4] = NULL;
	path_of(log, desk, "log");
	must(posix_spawn_file_actions_init(&actions) == 0, "posix_spawn");
	must(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0) == 0, "posix_spawn");
	/* An embedded one opens a log of its own. */
	must(posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600) == 0,
		"posix_spawn");
	errno = posix_spawn(
		&desk->pid, program, &actions, NULL, desk->config != NULL ? configured : embedded, environment);
	must(errno == 0, "posix_spawn");
	(void)posix_spawn_file_actions_destroy(&actions);
}

bool service_desk_start(struct service_desk *desk)
{
	char path[ROOM], text[128];
	struct pollfd wait = { .events = POLLIN };
	bool ready = false;

	path_of(path, desk, "notify");
	wait.fd = open_notify(path);
	spawn(desk, path);
	for (int waited = 0; !ready && waited < START_MS; waited += 20) {
		if (poll(&wait, 1, 20) == 1) {
			const ssize_t len = recv(wait.fd, text, sizeof(text) - 1, 0);

			text[len > 0 ? len : 0] = '\0';
			ready = strncmp(text, "READY=1", 7) == 0;
		} else if (waitpid(desk->pid, NULL, WNOHANG) == desk->pid) {
			desk->pid = 0;
			break;
		}
	}
	(void)close(wait.fd);
	return ready;
}

static int end(struct service_desk *desk, int signal_number)
{
	int status = 0;

	if (desk->pid == 0)
		return 0;
	if (signal_number != 0)
		(void)kill(desk->pid, signal_number);
	while (waitpid(desk->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	desk->pid = 0;
	return status;
}

bool service_desk_stop(struct service_desk *desk)
{
	return end(desk, SIGTERM) == 0;
}

void service_desk_kill(struct service_desk *desk)
{
	(void)end(desk, SIGKILL);
}

void service_desk_wait(struct service_desk *desk)
{
	(void)end(desk, 0);
}

/* ---- copies of the data ---- */

static void copy_tree(const char *from, const char *to)
{
	pid_t pid;
	int status = 0;
	char *arguments[] = { (char[]){ "cp" }, (char[]){ "-a" }, (char[]){ "--" }, strdup(from), strdup(to), NULL };

	errno = posix_spawnp(&pid, "cp", NULL, NULL, arguments, environ);
	must(errno == 0 && waitpid(pid, &status, 0) == pid && status == 0, "cp -a");
	free(arguments[3]);
	free(arguments[4]);
}

void service_desk_save(const struct service_desk *desk, const char *name)
{
	char path[ROOM];

	path_of(path, desk, name);
	remove_tree(path);
	copy_tree(desk->place.data, path);
}

void service_desk_load(const struct service_desk *desk, const char *name)
{
	char path[ROOM];

	path_of(path, desk, name);
	remove_tree(desk->place.data);
	copy_tree(path, desk->place.data);
}

struct account *service_desk_account(const struct service_desk *desk)
{
	const struct account_place place = { .data = desk->place.data };
	struct account *account = NULL;

	must(account_open(&account, &place, NULL) == BE_OK, "account_open");
	return account;
}

/* ---- a person ---- */

struct secret *service_secret(const char *text)
{
	struct secret *secret = NULL;

	must(wire_set_secret(&secret, text, strlen(text), NULL) == BE_OK, "secret");
	return secret;
}

void service_person_make(struct service_person *person, unsigned number)
{
	char text[64];

	memset(person, 0, sizeof(*person));
	person->step = TOTP_STEP_NONE;
	(void)snprintf(person->user, sizeof(person->user), "orang%u@contoh.example.id", number);
	(void)snprintf(text, sizeof(text), "kata sandi orang %u", number);
	person->password = service_secret(text);
	(void)snprintf(text, sizeof(text), "frasa sandi orang %u", number);
	person->passphrase = service_secret(text);
}

void service_person_free(struct service_person *person)
{
	secret_free(&person->password);
	secret_free(&person->passphrase);
	secret_free(&person->key);
	memset(person, 0, sizeof(*person));
}

struct secret *service_key(const struct wire_enrolment *enrolment)
{
	struct secret *key = NULL;

	must(encode_read_secret(&key, ENCODE_BASE32, secret_bytes(enrolment->key), secret_len(enrolment->key), NULL) ==
			BE_OK,
		"base32");
	return key;
}

struct secret *service_code(struct service_person *person)
{
	const int64_t earliest = totp_step(time_now()) - 1;
	char code[TOTP_CODE_MAX];

	person->step = person->step + 1 > earliest ? person->step + 1 : earliest;
	must(totp_code(code, person->key, person->step, TOTP_DIGITS, NULL) == BE_OK, "totp_code");
	return service_secret(code);
}

enum be_err service_register(struct account *account, struct service_person *person, struct be_error *err)
{
	struct wire_register record = { .language = "id", .password = person->password };

	WIRE_SET(record.user, person->user);
	WIRE_SET(record.name, "Orang Contoh");
	return account_register(account, &record, NULL, err);
}

enum be_err service_enrol(struct account *account, struct service_person *person, struct be_error *err)
{
	struct wire_login_step step = { .ticket = NULL };
	struct wire_enrolment enrolment = { .key = NULL };
	struct secret *code = NULL;
	enum be_err rc = account_login(account, person->user, person->password, &step, NULL, err);

	if (rc == BE_OK)
		rc = account_login_enrol(account, &step, "Ponsel", &enrolment, NULL, err);
	if (rc == BE_OK) {
		secret_free(&person->key);
		person->key = service_key(&enrolment);
		memcpy(person->device, enrolment.device, sizeof(person->device));
		code = service_code(person);
		rc = account_login_confirm(account, &step, &enrolment, code, NULL, err);
	}
	secret_free(&code);
	wire_free(&wire_enrolment_message, &enrolment);
	wire_free(&wire_login_step_message, &step);
	return rc;
}

enum be_err service_sign_in(struct account *account, struct service_person *person, struct be_error *err)
{
	struct wire_login_step step = { .ticket = NULL };
	struct secret *code = NULL;
	enum be_err rc = account_login(account, person->user, person->password, &step, NULL, err);

	if (rc == BE_OK) {
		code = service_code(person);
		rc = account_login_code(account, &step, person->device, code, NULL, err);
	}
	secret_free(&code);
	wire_free(&wire_login_step_message, &step);
	return rc;
}

enum be_err service_request(
	struct account *account, struct service_person *person, const char *key, struct be_error *err)
{
	struct wire_terms terms = { .version = "" };
	struct wire_certificate certificate = { .id = "" };
	enum be_err rc = account_terms(account, "id", &terms, NULL, err);

	if (rc == BE_OK)
		rc = account_certificate_request(account, key, terms.version, &certificate, NULL, err);
	if (rc == BE_OK)
		memcpy(person->certificate, certificate.id, sizeof(person->certificate));
	wire_free(&wire_terms_message, &terms);
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

enum be_err service_link(struct account *account, struct secret **link, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*link = NULL;
	for (int tries = 0; rc == BE_OK && *link == NULL && tries < 500; tries++) {
		struct wire_mailbox box = { .mails = { NULL, 0 } };

		if (tries > 0)
			(void)poll(NULL, 0, 20);
		rc = account_mailbox(account, &box, NULL, err);
		for (size_t i = 0; rc == BE_OK && *link == NULL && i < box.mails.count; i++) {
			struct wire_mail *mail = (struct wire_mail *)box.mails.items + i;

			*link = mail->link;
			mail->link = NULL;
		}
		wire_free(&wire_mailbox_message, &box);
	}
	return rc == BE_OK && *link == NULL ? be_fail(err, BE_NOT_FOUND, "There is no mail", NULL) : rc;
}

enum be_err service_set_passphrase(
	struct account *account, struct service_person *person, const struct secret *link, struct be_error *err)
{
	struct wire_certificate certificate = { .id = "" };
	const enum be_err rc = account_set_passphrase(account, link, person->passphrase, &certificate, NULL, err);

	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

enum be_err service_whole_way(
	struct account *account, struct service_person *person, const char *key, struct be_error *err)
{
	struct secret *link = NULL;
	enum be_err rc = service_register(account, person, err);

	if (rc == BE_OK)
		rc = service_enrol(account, person, err);
	if (rc == BE_OK)
		rc = service_request(account, person, key, err);
	if (rc == BE_OK)
		rc = service_link(account, &link, err);
	if (rc == BE_OK)
		rc = service_set_passphrase(account, person, link, err);
	secret_free(&link);
	return rc;
}

enum be_err service_state(
	struct account *account, const char *certificate, char out[static WIRE_WORD_MAX], struct be_error *err)
{
	struct wire_certificates list = { .change = 0 };
	const enum be_err rc = account_certificates(account, &list, NULL, err);

	out[0] = '\0';
	for (size_t i = 0; rc == BE_OK && i < list.certificates.count; i++) {
		const struct wire_certificate *one = (const struct wire_certificate *)list.certificates.items + i;

		if (strcmp(one->id, certificate) == 0)
			memcpy(out, one->state, WIRE_WORD_MAX);
	}
	wire_free(&wire_certificates_message, &list);
	return rc;
}

/* ---- signatures ---- */

static enum be_err check_all(const struct wire_csc_credential *credential, const uint8_t *digests, size_t count,
	const struct buffer *signatures, struct be_error *err)
{
	const struct wire_bytes *leaf = credential->cert.certificates.items;
	const enum pki_scheme scheme = credential->key.curve[0] != '\0' ? PKI_SCHEME_ECDSA : PKI_SCHEME_RSA_PKCS1;
	const uint8_t *at = leaf->data;
	X509 *certificate = d2i_X509(NULL, &at, (long)leaf->len);
	uint8_t *spki = NULL;
	const int len = certificate != NULL ? i2d_PUBKEY(X509_get0_pubkey(certificate), &spki) : -1;
	enum be_err rc = BE_OK;

	must(len > 0, "the certificate");
	for (size_t i = 0; rc == BE_OK && i < count; i++)
		rc = pki_public_check(spki, (size_t)len, scheme, DIGEST_SHA256, digests + 32 * i, signatures[i].data,
			signatures[i].len, err);
	OPENSSL_free(spki);
	X509_free(certificate);
	return rc;
}

enum be_err service_sign(struct account *account, const struct service_person *person, const struct secret *passphrase,
	unsigned number, size_t count, struct be_error *err)
{
	struct account_digests digests = { .alg = DIGEST_SHA256, .count = count };
	struct wire_csc_credential credential;
	struct buffer *signatures = calloc(count, sizeof(*signatures));
	uint8_t *bytes = malloc(32 * count + 1);
	struct secret *sad = NULL;
	enum pki_scheme scheme;
	enum be_err rc = account_credential(account, person->certificate, &credential, NULL, err);

	must(signatures != NULL && bytes != NULL, "memory");
	for (size_t i = 0; i < 32 * count; i++)
		bytes[i] = (uint8_t)(number + i / 32 * 7 + i);
	digests.bytes = bytes;
	scheme = credential.key.curve[0] != '\0' ? PKI_SCHEME_ECDSA : PKI_SCHEME_RSA_PKCS1;
	if (rc == BE_OK)
		rc = account_authorize(account, person->certificate, passphrase, &digests, &sad, NULL, err);
	if (rc == BE_OK)
		rc = account_sign_hashes(account, person->certificate, sad, scheme, &digests, signatures, NULL, err);
	if (rc == BE_OK)
		rc = check_all(&credential, bytes, count, signatures, err);
	for (size_t i = 0; i < count; i++)
		buffer_free(&signatures[i]);
	secret_free(&sad);
	free(signatures);
	free(bytes);
	wire_free(&wire_csc_credential_message, &credential);
	return rc;
}
