/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Measures a besignd of its own over its Unix socket: signatures per second, one at a time and a thousand at a time,
 * 200 clients at once, and its memory after many signatures.
 *
 *	service_load rsa3072|p256
 *
 * Prints "NAME VALUE" a line: single, batch (signatures a second), authorise (seconds for one authorisation), clients
 * (how many had all their signatures, each right), signed (how many signatures the database has counted, out of wanted),
 * rss_before, rss_after (KiB; 10,000 signatures lie between).
 */

#include "support/service.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SINGLES 500u
#define BATCH 1000u
#define BATCHES 3u
#define CLIENTS 200u
#define EACH 5u
#define MANY 10000u
#define PIECE 500u /* signatures that fit into one answer, whatever the key */

static struct service_desk desk;
static struct service_person person;
static char session_file[128];

static void must(enum be_err rc, const struct be_error *err, const char *what)
{
	if (rc == BE_OK)
		return;
	(void)fprintf(stderr, "service_load: %s: %s: %s (%s)\n", what, be_err_word(rc), err->msgid, err->detail);
	service_desk_clear(&desk);
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long resident(void)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)desk.pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		(void)sscanf(line, "VmRSS: %ld", &kib);
	if (file != NULL)
		(void)fclose(file);
	return kib;
}

static struct account *open_account(void)
{
	const struct account_place place = { .data = desk.place.data, .session_file = session_file };
	struct be_error err = { .code = BE_OK };
	struct account *account = NULL;

	must(account_open(&account, &place, &err), &err, "opening");
	return account;
}

/* A person with a key in the embedded service, wrapped as cheaply as may be: authorising is not what is measured; then the same data in a service that takes 500 connections. */
static void prepare(const char *key)
{
	static char config[128];
	struct be_error err = { .code = BE_OK };
	struct account *account = NULL;
	FILE *file;

	service_desk_make(&desk);
	(void)snprintf(session_file, sizeof(session_file), "%s/session", desk.dir);
	service_person_make(&person, 1);
	if (!service_desk_start(&desk))
		exit(1);
	account = open_account();
	must(service_whole_way(account, &person, key, &err), &err, "preparing");
	account_free(&account);
	(void)service_desk_stop(&desk);
	(void)snprintf(config, sizeof(config), "%s/besignd.conf", desk.dir);
	file = fopen(config, "w");
	if (file == NULL)
		exit(1);
	(void)fprintf(file, "data = %s\nsocket = %s\nconnections-max = 500\n", desk.place.data, desk.place.socket);
	(void)fclose(file);
	desk.config = config;
	desk.bare = true;
	if (!service_desk_start(&desk))
		exit(1);
}

/* ---- one client ---- */

struct work {
	uint8_t *digests;
	struct buffer *signatures;
	size_t count;
};

static struct work make_work(size_t count, unsigned salt)
{
	struct work work = { malloc(count * 32), calloc(count, sizeof(struct buffer)), count };

	if (work.digests == NULL || work.signatures == NULL)
		exit(1);
	for (size_t i = 0; i < count * 32; i++)
		work.digests[i] = (uint8_t)(i / 32 >> (i % 4 * 8)) ^ (uint8_t)(i % 32 * 7 + salt);
	memcpy(work.digests, &salt, sizeof(salt));
	return work;
}

static void free_work(struct work *work)
{
	for (size_t i = 0; i < work->count; i++)
		buffer_free(&work->signatures[i]);
	free(work->signatures);
	free(work->digests);
}

static enum be_err sign_piece(struct account *account, const struct secret *sad, enum pki_scheme scheme,
	struct work *work, size_t from, size_t count, struct be_error *err)
{
	const struct account_digests digests = { DIGEST_SHA256, work->digests + 32 * from, count };

	return account_sign_hashes(
		account, person.certificate, sad, scheme, &digests, work->signatures + from, NULL, err);
}

/* How long the signatures took, without the authorisation. */
static double sign_in_pieces(
	struct account *account, enum pki_scheme scheme, struct work *work, size_t piece, double *authorise)
{
	const struct account_digests all = { DIGEST_SHA256, work->digests, work->count };
	struct be_error err = { .code = BE_OK };
	struct secret *sad = NULL;
	double before = seconds();
	double after;

	must(account_authorize(account, person.certificate, person.passphrase, &all, &sad, NULL, &err), &err,
		"authorising");
	after = seconds();
	if (authorise != NULL)
		*authorise = after - before;
	before = after;
	for (size_t from = 0; from < work->count; from += piece)
		must(sign_piece(account, sad, scheme, work, from,
			     work->count - from < piece ? work->count - from : piece, &err),
			&err, "signing");
	after = seconds();
	secret_free(&sad);
	return after - before;
}

static void measure_speed(struct account *account, enum pki_scheme scheme)
{
	struct work single = make_work(SINGLES, 1);
	double took = 0;
	double authorise = 0;

	took = sign_in_pieces(account, scheme, &single, 1, &authorise);
	(void)printf("single %.1f\nauthorise %.3f\n", SINGLES / took, authorise);
	free_work(&single);
	took = 0;
	for (unsigned b = 0; b < BATCHES; b++) {
		struct work batch = make_work(BATCH, 2 + b);

		took += sign_in_pieces(account, scheme, &batch, PIECE, NULL);
		free_work(&batch);
	}
	(void)printf("batch %.1f\n", BATCH * BATCHES / took);
}

static void measure_memory(struct account *account, enum pki_scheme scheme)
{
	(void)printf("rss_before %ld\n", resident());
	for (unsigned done = 0; done < MANY; done += BATCH) {
		struct work batch = make_work(BATCH, 100 + done);

		(void)sign_in_pieces(account, scheme, &batch, PIECE, NULL);
		free_work(&batch);
	}
	(void)printf("rss_after %ld\n", resident());
}

/* ---- 200 at once ---- */

struct client {
	pthread_t thread;
	struct account *account;
	unsigned number;
	bool right;
};

static pthread_barrier_t together;

static void *be_client(void *arg)
{
	struct client *client = arg;
	struct be_error err = { .code = BE_OK };
	enum be_err rc;

	(void)pthread_barrier_wait(&together);
	/* Each is held against the certificate. Busy means that nothing was done: one asks again. */
	for (;;) {
		rc = service_sign(client->account, &person, person.passphrase, 5000 + client->number, EACH, &err);
		if (rc != BE_BUSY)
			break;
		(void)poll(NULL, 0, 500);
	}
	client->right = rc == BE_OK;
	if (rc != BE_OK)
		(void)fprintf(
			stderr, "client %u: %s: %s (%s)\n", client->number, be_err_word(rc), err.msgid, err.detail);
	return NULL;
}

static long count_signed(void)
{
	char command[300];
	long count = -1;
	FILE *pipe;

	/* What the audit log says of each call: how many it signed. */
	(void)snprintf(command, sizeof(command),
		"sqlite3 '%s/besign.db' \"SELECT coalesce(sum(cast(substr(detail, 12) AS INTEGER)), 0) FROM audit WHERE action = 'sign'\"",
		desk.place.data);
	pipe = popen(command, "r");
	if (pipe == NULL || fscanf(pipe, "%ld", &count) != 1)
		count = -1;
	if (pipe != NULL)
		(void)pclose(pipe);
	return count;
}

static void measure_clients(void)
{
	static struct client clients[CLIENTS];
	struct wire_profile profile;
	struct be_error err = { .code = BE_OK };
	const long before = count_signed();
	size_t right = 0;
	double took;

	(void)pthread_barrier_init(&together, NULL, CLIENTS + 1);
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i].account = open_account();
		clients[i].number = i;
		/* Its own access token, before the race begins. */
		must(account_profile(clients[i].account, &profile, NULL, &err), &err, "a client");
		wire_free(&wire_profile_message, &profile);
		if (pthread_create(&clients[i].thread, NULL, be_client, &clients[i]) != 0)
			exit(1);
	}
	(void)pthread_barrier_wait(&together);
	took = seconds();
	for (unsigned i = 0; i < CLIENTS; i++) {
		(void)pthread_join(clients[i].thread, NULL);
		right += clients[i].right;
		account_free(&clients[i].account);
	}
	(void)printf("clients %zu\nclients_seconds %.1f\nsigned %ld\nwanted %u\n", right, seconds() - took,
		count_signed() - before, CLIENTS * EACH);
}

int main(int argc, char **argv)
{
	const char *key = argc == 2 ? argv[1] : "";
	const bool rsa = strcmp(key, "rsa3072") == 0;
	const enum pki_scheme scheme = rsa ? PKI_SCHEME_RSA_PKCS1 : PKI_SCHEME_ECDSA;
	struct account *account = NULL;

	if (!rsa && strcmp(key, "p256") != 0) {
		(void)fputs("usage: service_load rsa3072|p256\n", stderr);
		return 2;
	}
	prepare(key);
	account = open_account();
	measure_speed(account, scheme);
	measure_memory(account, scheme);
	account_free(&account);
	measure_clients();
	(void)service_desk_stop(&desk);
	service_person_free(&person);
	service_desk_clear(&desk);
	return 0;
}
