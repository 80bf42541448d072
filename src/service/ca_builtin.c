/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ca.h"

#include "base/time.h"
#include "pki/crl.h"
#include "pki/ocsp.h"
#include "pki/tsp.h"
#include "service/config.h"
#include "service/log.h"
#include "service/store.h"
#include "service/store_certificates.h"
#include "service/store_records.h"
#include "service/vault.h"
#include "wire/paths.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* Clocks of others are behind: the authority's own and its documents were seen a quarter of an hour apart. */
#define BACKDATED (20 * MINUTE)

#define OCSP_GOOD_FOR (12 * HOUR)
#define CRL_GOOD_FOR (7 * DAY)
#define CRL_MADE_EVERY DAY
#define ROOT_CRL_GOOD_FOR YEAR
#define ROOT_CRL_MADE_EVERY (YEAR / 2)
#define ISSUING_WARNING YEAR

/* A UUID of our own as an OID (X.667): "stamped by the clock of the machine that besignd runs on". */
#define TSA_POLICY "2.25.95524654900744365676847169753569841122"
#define TSA_ACCURACY 1

/* ---- whom it consists of ---- */

enum who { ROOT, ISSUING, OCSP, TSA, PARTS };

struct part {
	const char *value; /* of the store, and what the vault binds its key to */
	const char *suffix;
	enum pki_profile profile;
	enum who issuer;
	int64_t life;
	int64_t renewed; /* before its end; 0: never by itself */
};

/* clang-format off */
static const struct part parts[PARTS] = {
	[ROOT]    = { "ca.root",    "Root CA",              PKI_PROFILE_ROOT,    ROOT,    20 * YEAR, 0 },
	[ISSUING] = { "ca.issuing", "Issuing CA",           PKI_PROFILE_ISSUING, ROOT,    10 * YEAR, 0 },
	[OCSP]    = { "ca.ocsp",    "OCSP Responder",       PKI_PROFILE_OCSP,    ISSUING, 90 * DAY,  30 * DAY },
	[TSA]     = { "ca.tsa",     "Time-Stamp Authority", PKI_PROFILE_TSA,     ISSUING, 10 * YEAR, YEAR },
};
/* clang-format on */

struct list {
	struct buffer der;
	int64_t made; /* TIME_NONE: not made, or no longer right */
};

struct builtin {
	const struct service_config *config;
	struct store *store;
	struct vault *vault;
	pthread_rwlock_t lock;    /* of the authorities: OCSP and TSA are replaced now and then */
	pthread_mutex_t renewing; /* who replaces them; taken before the lock */
	/* The root's key is opened for its own list only; between those only its certificate is here. */
	struct buffer root;
	struct pki_authority *authorities[PARTS];
	pthread_mutex_t lists; /* of the lists; never taken with a transaction open */
	struct list issuing_list;
	struct list root_list;
};

/* ---- making and keeping the parts ---- */

struct names {
	char common[96];
	char issuer_url[600];
	char ocsp_url[600];
	char crl_url[600];
};

/* Certificates below the root say where everything else is found, when there is a public place for it. */
static void wish_of(
	struct pki_issue *wish, struct names *names, const struct service_config *config, enum who who, int64_t now)
{
	const char *url = config->public_url;
	bool by_root = parts[who].issuer == ROOT;

	(void)snprintf(names->common, sizeof(names->common), "%s %s", config->name, parts[who].suffix);
	*wish = (struct pki_issue){ .profile = parts[who].profile,
		.country = config->country,
		.organisation = config->organisation,
		.common = names->common,
		.not_before = now - BACKDATED,
		.not_after = now + parts[who].life };
	if (url == NULL || who == ROOT)
		return;
	(void)snprintf(
		names->issuer_url, sizeof(names->issuer_url), "%s%s", url, by_root ? WIRE_PATH_ROOT : WIRE_PATH_ISSUER);
	(void)snprintf(
		names->crl_url, sizeof(names->crl_url), "%s%s", url, by_root ? WIRE_PATH_ROOT_CRL : WIRE_PATH_CRL);
	(void)snprintf(names->ocsp_url, sizeof(names->ocsp_url), "%s%s", url, WIRE_PATH_OCSP);
	wish->issuer_url = names->issuer_url;
	wish->crl_url = names->crl_url;
	wish->ocsp_url = by_root ? NULL : names->ocsp_url;
}

static enum be_err make_part(struct pki_authority **out, const struct service_config *config, enum who who,
	const struct pki_authority *issuer, struct be_error *err)
{
	struct pki_issue wish;
	struct names names;

	wish_of(&wish, &names, config, who, time_now());
	/* What answers thousands of times is a key that signs quickly; what signs once a person, one everybody knows. */
	return pki_authority_make(
		out, who == ROOT || who == ISSUING ? PKI_MAKE_RSA3072 : PKI_MAKE_P256, &wish, issuer, err);
}

static enum be_err keep_part(
	const struct builtin *ca, enum who who, const struct pki_authority *authority, struct be_error *err)
{
	struct buffer sealed = BUFFER_EMPTY;
	struct secret *pem = NULL;
	enum be_err rc = pki_authority_save(authority, &pem, err);

	if (rc == BE_OK)
		rc = vault_seal(ca->vault, "ca", parts[who].value, pem, &sealed, err);
	if (rc == BE_OK)
		rc = store_value_set(ca->store, parts[who].value, sealed.data, sealed.len, err);
	secret_free(&pem);
	buffer_free(&sealed);
	return rc;
}

static enum be_err load_part(const struct builtin *ca, enum who who, struct pki_authority **out, struct be_error *err)
{
	struct buffer sealed = BUFFER_EMPTY;
	struct secret *pem = NULL;
	enum be_err rc = store_value_get(ca->store, parts[who].value, &sealed, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = vault_unseal(ca->vault, "ca", parts[who].value, sealed.data, sealed.len, &pem, err);
	if (rc == BE_OK)
		rc = pki_authority_load(out, pem, err);
	secret_free(&pem);
	buffer_free(&sealed);
	return rc;
}

/* All of it at once, unless another process was faster: then what that one wrote counts. */
static enum be_err keep_all(const struct builtin *ca, struct pki_authority *const *made, struct be_error *err)
{
	struct buffer there = BUFFER_EMPTY;
	enum be_err rc = store_begin(ca->store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_value_get(ca->store, parts[ISSUING].value, &there, err);
	if (rc == BE_NOT_FOUND) {
		rc = BE_OK;
		for (int who = 0; who < PARTS && rc == BE_OK; who++)
			rc = keep_part(ca, (enum who)who, made[who], err);
		if (rc == BE_OK)
			rc = store_audit_add(ca->store, time_now(), "service", "ca-made", "", "", err);
	}
	buffer_free(&there);
	return store_end(ca->store, rc, err);
}

static enum be_err make_all(const struct builtin *ca, struct be_error *err)
{
	struct pki_authority *made[PARTS] = { NULL };
	enum be_err rc = BE_OK;

	for (int who = 0; who < PARTS && rc == BE_OK; who++)
		rc = make_part(
			&made[who], ca->config, (enum who)who, who == ROOT ? NULL : made[parts[who].issuer], err);
	if (rc == BE_OK)
		rc = keep_all(ca, made, err);
	for (int who = 0; who < PARTS; who++)
		pki_authority_free(&made[who]);
	return rc;
}

static int64_t end_of(const struct pki_authority *authority)
{
	struct pki_cert_info info;
	size_t len;
	const uint8_t *der = pki_authority_certificate(authority, &len);

	return pki_cert_describe(&info, der, len, NULL) == BE_OK ? info.not_after : 0;
}

/* A new key and certificate for OCSP or time stamps. The store is never asked for with the write lock held: who has a
 * transaction open may be waiting for that lock. */
static enum be_err renew_part(struct builtin *ca, enum who who, struct be_error *err)
{
	struct pki_authority *made = NULL;
	enum be_err rc = make_part(&made, ca->config, who, ca->authorities[ISSUING], err);

	if (rc == BE_OK)
		rc = keep_part(ca, who, made, err);
	if (rc == BE_OK) {
		struct pki_authority *old = ca->authorities[who];

		(void)pthread_rwlock_wrlock(&ca->lock);
		ca->authorities[who] = made;
		(void)pthread_rwlock_unlock(&ca->lock);
		made = old;
	}
	pki_authority_free(&made);
	return rc;
}

/* next: when something has to be renewed. */
static enum be_err renew_what_ends(struct builtin *ca, int64_t *next, struct be_error *err)
{
	int64_t now = time_now();
	int64_t issuing_ends = end_of(ca->authorities[ISSUING]);
	enum be_err rc = BE_OK;

	(void)pthread_mutex_lock(&ca->renewing);
	for (int who = 0; who < PARTS && rc == BE_OK; who++) {
		int64_t due;

		if (parts[who].renewed == 0)
			continue;
		if (end_of(ca->authorities[who]) - parts[who].renewed <= now)
			rc = renew_part(ca, (enum who)who, err);
		/* Cut to its issuer's, its end may be near however new it is. */
		due = end_of(ca->authorities[who]) - parts[who].renewed;
		due = due < now + HOUR ? now + HOUR : due;
		*next = due < *next ? due : *next;
	}
	(void)pthread_mutex_unlock(&ca->renewing);
	if (issuing_ends - ISSUING_WARNING < now)
		service_log(SERVICE_LOG_WARNING, "ca.issuing-ends", SERVICE_LOG_NUMBER("until", issuing_ends));
	return rc;
}

/* ---- certificates ---- */

static enum be_err issue(void *self, const uint8_t *public_key, size_t len, const struct ca_subject *person,
	struct buffer *certificate, char *serial, struct be_error *err)
{
	struct builtin *ca = self;
	struct pki_issue wish;
	struct names names;
	int64_t now = time_now();
	enum be_err rc;

	wish_of(&wish, &names, ca->config, OCSP, now);
	wish.profile = PKI_PROFILE_PERSON;
	wish.common = person->name;
	if (person->organisation != NULL)
		wish.organisation = person->organisation;
	wish.not_after = now + ca->config->certificate_days * DAY;
	(void)pthread_rwlock_rdlock(&ca->lock);
	if (end_of(ca->authorities[ISSUING]) <= now)
		rc = be_fail(err, BE_CERT_EXPIRED, N_("The authority's own certificate has expired"), NULL);
	else
		rc = pki_authority_issue(ca->authorities[ISSUING], &wish, public_key, len, certificate, serial, err);
	(void)pthread_rwlock_unlock(&ca->lock);
	return rc;
}

static enum be_err certificate(void *self, enum ca_which which, struct buffer *der, struct be_error *err)
{
	static const enum who whos[] = { [CA_ISSUING] = ISSUING, [CA_ROOT] = ROOT, [CA_TSA] = TSA };
	struct builtin *ca = self;
	size_t len = ca->root.len;
	const uint8_t *bytes = ca->root.data;

	(void)pthread_rwlock_rdlock(&ca->lock);
	if (which != CA_ROOT)
		bytes = pki_authority_certificate(ca->authorities[whos[which]], &len);
	buffer_add(der, bytes, len);
	(void)pthread_rwlock_unlock(&ca->lock);
	return buffer_check(der, err);
}

/* ---- OCSP ---- */

/* A certificate that somebody brought along (a .p12 file) is in the store as well, but is not ours. */
static bool is_ours(const struct builtin *ca, const char *id)
{
	struct buffer der = BUFFER_EMPTY;
	bool ours = store_certificate_der(ca->store, id, &der, NULL, NULL) == BE_OK &&
		pki_authority_issued(ca->authorities[ISSUING], der.data, der.len);

	buffer_free(&der);
	return ours;
}

static enum be_err look_up(void *arg, const char *serial, struct pki_ocsp_status *out, struct be_error *err)
{
	struct builtin *ca = arg;
	struct store_certificate found;
	enum be_err rc = store_certificate_by_serial(ca->store, serial, time_now(), &found, err);

	*out = (struct pki_ocsp_status){ .status = PKI_REVOCATION_UNKNOWN };
	if (rc == BE_NOT_FOUND || (rc == BE_OK && !is_ours(ca, found.id)))
		return BE_OK;
	if (rc != BE_OK)
		return rc;
	out->status = found.revoked != TIME_NONE ? PKI_REVOCATION_REVOKED : PKI_REVOCATION_GOOD;
	out->revoked_at = found.revoked;
	out->reason = (enum pki_reason)found.reason;
	return BE_OK;
}

static enum be_err ocsp(void *self, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err)
{
	struct builtin *ca = self;
	struct pki_ocsp_responder responder = {
		.this_update = time_now(),
		.next_update = time_now() + OCSP_GOOD_FOR,
		.lookup = look_up,
		.arg = ca,
	};
	enum be_err rc;

	(void)pthread_rwlock_rdlock(&ca->lock);
	responder.signer = ca->authorities[OCSP];
	responder.issuer = pki_authority_certificate(ca->authorities[ISSUING], &responder.issuer_len);
	rc = pki_ocsp_answer(response, &responder, request, len, err);
	(void)pthread_rwlock_unlock(&ca->lock);
	return rc;
}

/* ---- time stamps ---- */

static enum be_err timestamp(
	void *self, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err)
{
	struct builtin *ca = self;
	const uint8_t *chain[1];
	size_t chain_lens[1];
	struct pki_tsp_authority authority = {
		.chain = chain,
		.chain_lens = chain_lens,
		.chain_count = 1,
		.policy = TSA_POLICY,
		.moment = time_now(),
		.accuracy = TSA_ACCURACY,
	};
	enum be_err rc;

	(void)pthread_rwlock_rdlock(&ca->lock);
	authority.signer = ca->authorities[TSA];
	chain[0] = pki_authority_certificate(ca->authorities[ISSUING], &chain_lens[0]);
	rc = pki_tsp_answer(response, &authority, request, len, NULL, err);
	(void)pthread_rwlock_unlock(&ca->lock);
	return rc;
}

/* ---- lists of what is revoked ---- */

struct listing {
	struct builtin *ca;
	struct pki_crl_build *build;
};

static enum be_err list_one(void *ctx, const struct store_certificate *revoked, struct be_error *err)
{
	struct listing *listing = ctx;
	struct pki_crl_entry entry = {
		.serial = revoked->serial,
		.revoked_at = revoked->revoked,
		.reason = (enum pki_reason)revoked->reason,
	};

	/* A request that was taken back never had a certificate. */
	if (revoked->serial[0] == '\0' || !is_ours(listing->ca, revoked->id))
		return BE_OK;
	return pki_crl_build_add(listing->build, &entry, err);
}

/* Revoked ones stay on it a day longer than they would have been good for (RFC 5280, 3.3). */
static enum be_err make_list(struct builtin *ca, const struct pki_authority *issuer, bool of_people,
	const char *counter, int64_t good_for, struct buffer *der, struct be_error *err)
{
	struct listing listing = { ca, NULL };
	int64_t now = time_now();
	int64_t number = 0;
	enum be_err rc = store_counter_next(ca->store, counter, &number, err);

	if (rc == BE_OK)
		rc = pki_crl_build_new(&listing.build, issuer, (uint64_t)number, now, now + good_for, err);
	if (rc == BE_OK && of_people)
		rc = store_certificates_revoked(ca->store, now - DAY, list_one, &listing, err);
	if (rc == BE_OK)
		rc = pki_crl_build_finish(listing.build, der, err);
	pki_crl_build_free(&listing.build);
	return rc;
}

static enum be_err make_issuing_list(struct builtin *ca, struct buffer *der, struct be_error *err)
{
	enum be_err rc;

	(void)pthread_rwlock_rdlock(&ca->lock);
	rc = make_list(ca, ca->authorities[ISSUING], true, "ca.issuing.crl", CRL_GOOD_FOR, der, err);
	(void)pthread_rwlock_unlock(&ca->lock);
	return rc;
}

static enum be_err make_root_list(struct builtin *ca, struct buffer *der, struct be_error *err)
{
	struct pki_authority *root = NULL;
	enum be_err rc = load_part(ca, ROOT, &root, err);

	if (rc == BE_OK)
		rc = make_list(ca, root, false, "ca.root.crl", ROOT_CRL_GOOD_FOR, der, err);
	pki_authority_free(&root);
	return rc;
}

/* The lists' lock is the caller's. What is revoked while a list is made is on the next one. */
static enum be_err bring_up_to_date(
	struct builtin *ca, enum ca_which which, struct list *list, int64_t made_every, struct be_error *err)
{
	struct buffer der = BUFFER_EMPTY;
	int64_t now = time_now();
	enum be_err rc;

	if (list->made != TIME_NONE && list->made <= now && now < list->made + made_every)
		return BE_OK;
	rc = which == CA_ROOT ? make_root_list(ca, &der, err) : make_issuing_list(ca, &der, err);
	if (rc != BE_OK) {
		buffer_free(&der);
		return rc;
	}
	buffer_free(&list->der);
	list->der = der;
	list->made = now;
	return BE_OK;
}

static enum be_err crl(void *self, enum ca_which which, struct buffer *out, struct be_error *err)
{
	struct builtin *ca = self;
	struct list *list = which == CA_ROOT ? &ca->root_list : &ca->issuing_list;
	enum be_err rc;

	(void)pthread_mutex_lock(&ca->lists);
	rc = bring_up_to_date(ca, which, list, which == CA_ROOT ? ROOT_CRL_MADE_EVERY : CRL_MADE_EVERY, err);
	if (rc == BE_OK) {
		buffer_add(out, list->der.data, list->der.len);
		rc = buffer_check(out, err);
	}
	(void)pthread_mutex_unlock(&ca->lists);
	return rc;
}

/* The store has it already; that is all there is to it but for the list that was made before. */
static enum be_err revoke(void *self, const char *serial, enum pki_reason reason, int64_t moment, struct be_error *err)
{
	struct builtin *ca = self;

	(void)serial, (void)reason, (void)moment, (void)err;
	(void)pthread_mutex_lock(&ca->lists);
	ca->issuing_list.made = TIME_NONE;
	(void)pthread_mutex_unlock(&ca->lists);
	return BE_OK;
}

static enum be_err tick(void *self, int64_t *next, struct be_error *err)
{
	*next = time_now() + DAY;
	return renew_what_ends(self, next, err);
}

/* ---- opening ---- */

static void builtin_free(void *self)
{
	struct builtin *ca = self;

	if (ca == NULL)
		return;
	for (int who = 0; who < PARTS; who++)
		pki_authority_free(&ca->authorities[who]);
	buffer_free(&ca->root);
	buffer_free(&ca->issuing_list.der);
	buffer_free(&ca->root_list.der);
	(void)pthread_rwlock_destroy(&ca->lock);
	(void)pthread_mutex_destroy(&ca->renewing);
	(void)pthread_mutex_destroy(&ca->lists);
	free(ca);
}

static enum be_err keep_root_certificate(struct builtin *ca, struct be_error *err)
{
	size_t len;
	const uint8_t *der = pki_authority_certificate(ca->authorities[ROOT], &len);

	buffer_add(&ca->root, der, len);
	pki_authority_free(&ca->authorities[ROOT]);
	return buffer_check(&ca->root, err);
}

static enum be_err open_all(struct builtin *ca, struct be_error *err)
{
	struct buffer there = BUFFER_EMPTY;
	int64_t next = INT64_MAX;
	enum be_err rc = store_value_get(ca->store, parts[ISSUING].value, &there, err);

	buffer_free(&there);
	if (rc == BE_NOT_FOUND)
		rc = make_all(ca, err);
	for (int who = 0; who < PARTS && rc == BE_OK; who++)
		rc = load_part(ca, (enum who)who, &ca->authorities[who], err);
	if (rc == BE_OK)
		rc = keep_root_certificate(ca, err);
	if (rc == BE_OK)
		rc = renew_what_ends(ca, &next, err);
	return rc;
}

enum be_err ca_open(struct ca **out, const struct service_config *config, struct store *store, struct vault *vault,
	struct be_error *err)
{
	static const struct ca_ops ops = { issue, revoke, certificate, ocsp, timestamp, crl, tick, builtin_free };
	struct builtin *ca = calloc(1, sizeof(*ca));
	enum be_err rc;

	*out = NULL;
	if (ca == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	ca->config = config;
	ca->store = store;
	ca->vault = vault;
	ca->issuing_list.made = TIME_NONE;
	ca->root_list.made = TIME_NONE;
	(void)pthread_rwlock_init(&ca->lock, NULL);
	(void)pthread_mutex_init(&ca->renewing, NULL);
	(void)pthread_mutex_init(&ca->lists, NULL);
	rc = open_all(ca, err);
	if (rc == BE_OK)
		return ca_new(out, &ops, ca, err);
	builtin_free(ca);
	return rc;
}
