/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_CERTIFICATES_H
#define SERVICE_CERTIFICATES_H

/*
 * The life of a person's certificate: request, link by mail, passphrase, ISSUE, renewal, revocation. Puts store, vault,
 * ca and mail together, so that each step is one transaction: done with its history, its audit entry and its letter, or
 * not at all. Knows no HTTP. Who is asking was settled before (service/accounts.h). Safe from any thread.
 *
 * States are the authority's (service.md 1.4): NEW (requested; no passphrase yet) → ISSUE → EXPIRED or REVOKE. A renewal
 * is a certificate of its own, RENEW until its passphrase is set; the old one stays ISSUE until then, and becomes
 * EXPIRED in that very transaction, its key destroyed. It is not revoked: what it signed stays what it was.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "service/ca.h"
#include "service/service.h"

#define CERTIFICATES_LINK_BYTES 32u
#define CERTIFICATES_LINK_SECONDS (48 * 3600)

/* In the functions below: user and certificate are the store's ids; key_type, terms as in the API. Errors besides the
 * named ones: the store's. */

/* Asks for a certificate. BE_STATE when one is NEW, RENEW or ISSUE already; BE_TERMS unless terms is the version in
 * force. id: of the new certificate. */
enum be_err certificates_request(struct service *service, const char *user, enum service_key_type key,
	const char *terms, char *id, size_t id_size, struct be_error *err);

/* Asks for the successor of an ISSUE certificate. BE_TOO_EARLY (retry_at says from when), BE_STATE, BE_TERMS,
 * BE_NOT_FOUND for a certificate of somebody else as well. */
enum be_err certificates_renew(struct service *service, const char *user, const char *certificate, const char *terms,
	char *id, size_t id_size, struct be_error *err);

/* What a link leads to, without spending it: for the page that asks for the passphrase. link: the secret alone, as it
 * stands at the end of the URL. BE_LINK when it is unknown, spent or too old. name: of the person; sizes as given. */
enum be_err certificates_link_look(
	struct service *service, const struct secret *link, char *name, size_t name_size, struct be_error *err);

/* Spends the link: makes the key under the passphrase, issues the certificate. BE_WEAK leaves the link usable; of two at
 * once one gets BE_LINK. id may be NULL. */
enum be_err certificates_set_passphrase(struct service *service, const struct secret *link,
	const struct secret *passphrase, char *id, size_t id_size, struct be_error *err);

/* reason: a word of ca_reasons (BE_USAGE otherwise). BE_STATE when it is revoked or expired already, BE_NOT_FOUND. A NEW or
 * RENEW one is taken back, its link with it. */
enum be_err certificates_revoke(
	struct service *service, const char *user, const char *certificate, const char *reason, struct be_error *err);

/* Marks what has ended as EXPIRED and lets go of its key; takes back requests whose link has ended. To be called by and
 * by; *next as ca_tick. */
enum be_err certificates_tick(struct service *service, int64_t *next, struct be_error *err);

/* The book that the ca looks into: the store's certificates. */
struct ca_book certificates_book(struct store *store);

#endif
