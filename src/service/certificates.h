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
#include "service/service.h"
#include "service/store_certificates.h"
#include "service/store_people.h"

#define CERTIFICATES_LINK_BYTES 32u
#define CERTIFICATES_LINK_SECONDS (48 * 3600)

/* In the functions below: user is a store_user.id, id and certificate a store_certificate.id. Errors besides the named
 * ones: the store's. Another user's certificate is BE_NOT_FOUND. Each wakes the mail when it wrote a letter. */

/* Asks for a certificate, of key_kind "rsa3072" or "p256" (NULL: the configured one; BE_UNSUPPORTED). BE_STATE when one is
 * NEW, RENEW or ISSUE already; BE_TERMS unless terms is the version in force. */
enum be_err certificates_request(struct service *service, int64_t user, const char *key_kind, const char *terms,
	char id[static STORE_ID_SIZE], struct be_error *err);

/* Asks for the successor of an ISSUE certificate. BE_TOO_EARLY (retry_at says from when), BE_STATE (in another state, or
 * being renewed already), BE_TERMS. */
enum be_err certificates_renew(struct service *service, int64_t user, const char *certificate, const char *terms,
	char id[static STORE_ID_SIZE], struct be_error *err);
/* From when on it may be renewed; TIME_NONE when it may not. */
int64_t certificates_renewable_from(const struct service *service, const struct store_certificate *certificate);

/* A new link for a NEW or RENEW certificate, by mail; older ones stop working. BE_STATE. */
enum be_err certificates_link_again(
	struct service *service, int64_t user, const char *certificate, struct be_error *err);

/* What a link leads to, without spending it: for the page that asks for the passphrase. link: the secret alone, as it
 * stands at the end of the URL. BE_LINK when it is unknown, spent or too old. person may be NULL. */
enum be_err certificates_link_look(struct service *service, const struct secret *link,
	struct store_certificate *certificate, struct store_user *person, struct be_error *err);

/* Spends the link: makes the key under the passphrase, issues the certificate. BE_WEAK leaves the link usable; of two at
 * once one gets BE_LINK. Takes seconds. */
enum be_err certificates_set_passphrase(struct service *service, const struct secret *link,
	const struct secret *passphrase, char id[static STORE_ID_SIZE], struct be_error *err);

/* A key with its certificate out of a .p12 file, kept under a new passphrase; it is ISSUE at once. Its own authority
 * answers for it, ours does not. Errors of vault_key_import; BE_STATE as certificates_request; BE_KEY_UNFIT,
 * BE_CERT_EXPIRED as pki_key_fit. */
enum be_err certificates_import(struct service *service, int64_t user, const uint8_t *p12, size_t len,
	const struct secret *p12_passphrase, const struct secret *passphrase, char id[static STORE_ID_SIZE],
	struct be_error *err);

/* reason: a word of ca_reasons (BE_USAGE otherwise). BE_STATE when it is revoked or expired already. A NEW or RENEW one is
 * taken back, and its link with it. */
enum be_err certificates_revoke(
	struct service *service, int64_t user, const char *certificate, const char *reason, struct be_error *err);

/* Marks what has ended as EXPIRED and lets go of its key. To be called by and by; *next as ca_tick. */
enum be_err certificates_tick(struct service *service, int64_t *next, struct be_error *err);

/* ---- terms of service ---- */

/* Version and text in force, UTF-8: the configured file's, or those that come with the program. text may be NULL;
 * appended, without a NUL. */
enum be_err certificates_terms(
	const struct service *service, char version[static STORE_WORD_SIZE], struct buffer *text, struct be_error *err);

#endif
