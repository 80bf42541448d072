/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_API_INSIDE_H
#define SERVICE_API_INSIDE_H

/*
 * What the files of api share. A route of the JSON API is a struct api_call: what its body holds, who may ask, and a short
 * function between two records; reading, asking for the token, writing and refusing are done once, in api.c. Only they
 * include this.
 */

#include "base/i18n.h"
#include "service/accounts.h"
#include "service/api.h"
#include "wire/csc.h"
#include "wire/failure.h"

#include <pthread.h>

struct api {
	struct service *service;
	pthread_mutex_t health_lock;
	int64_t health_at; /* the second it was found so */
	enum be_err health;
	char page_policy[128]; /* Content-Security-Policy of a page with a form, up to form-action's addresses */
};

/* One question under way. */
struct api_ask {
	struct service *service;
	const struct http_request *request;
	const char *address; /* for the count of tries; NULL: not counted */
	int64_t now;
	struct accounts_session session; /* unless anybody may ask */
	/* Set when an error is to be called something else than wire_failure_of says. */
	enum wire_failure_code why;
};

enum api_who {
	API_ANYBODY, /* no token is looked at */
	API_ACCOUNT, /* signed in with password and code: the scope "account" */
	API_SIGNER   /* the same, or a token of OAuth 2 */
};

struct api_call {
	enum api_who who;
	bool csc;        /* refusals with the statuses of the CSC API */
	unsigned status; /* when it went well */
	const struct wire_message *takes;
	const struct wire_message *gives;
	/* in is filled; out is zeros, and freed by the caller whatever it holds. */
	enum be_err (*run)(struct api_ask *ask, const void *in, void *out, struct be_error *err);
};

/* The handler of all of these: route->detail is a struct api_call. */
void api_json(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);

/* Fills the answer with a refusal. err may be NULL. */
void api_fail(struct http_answer *answer, enum wire_failure_code code, const struct be_error *err);
/* The same in the statuses that CSC knows. */
void api_fail_csc(struct http_answer *answer, enum wire_failure_code code, const struct be_error *err);
/* Writes a record as the body; a refusal when there is no memory. */
void api_give(struct http_answer *answer, unsigned status, const struct wire_message *message, const void *record);
/* For the count of tries: the peer, or NULL on the Unix socket. */
const char *api_address(const struct http_request *request);

/* ---- tables of calls: api.c makes routes of them ---- */

/* api_account.c */
extern const struct api_call api_service, api_register, api_login, api_login_code, api_login_enrol, api_login_confirm,
	api_profile, api_logout_all, api_devices, api_device_add, api_device_confirm, api_device_remove,
	api_password_change, api_terms, api_mailbox;
/* api_certificates.c */
extern const struct api_call api_certificates, api_certificate, api_certificate_request, api_certificate_renew,
	api_certificate_link, api_certificate_revoke, api_certificate_history, api_certificate_wait,
	api_certificate_import, api_passphrase_set, api_passphrase_change;
/* api_csc.c, api_csc_sign.c */
extern const struct api_call api_csc_info, api_csc_list, api_csc_credential, api_csc_authorize, api_csc_extend,
	api_csc_sign_hash, api_csc_timestamp;

/* The certificates of one that was issued, leaf first; at most most of them. */
enum be_err api_chain(
	struct service *service, const char *id, size_t most, struct wire_list *out, struct be_error *err);
/* The secret of a one-time link, without the URL that may stand before it. Owned by the caller. */
enum be_err api_link_secret(struct secret **out, const struct secret *link, struct be_error *err);

/* ---- what is no JSON ---- */

/* api_oauth.c: forms in. */
void api_oauth_page(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_oauth_form(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_oauth_token(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_oauth_revoke(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_oauth_metadata(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);

/* api_link.c: the page of a one-time link. */
void api_link_page(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_link_form(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);

/* api_public.c: DER, files and health. */
void api_ocsp(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_ocsp_get(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_tsa(void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_file(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
void api_health(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer);
extern const struct api_file {
	bool list; /* of revoked certificates */
	bool root;
} api_file_issuer, api_file_root, api_file_crl, api_file_root_crl;

/* ---- pages (api_page.c): no script, one form, everything in one answer ---- */

struct api_page {
	enum i18n_language language;
	struct buffer html;
};

/* The language wished for: a word ("id", "en") or an Accept-Language header; Indonesian without either. */
enum i18n_language api_language(const char *word, const char *header);
void api_page_begin(
	struct api_page *page, enum i18n_language language, const struct service *service, const char *title);
/* Texts are escaped; msgids are translated. NULL is passed over. */
void api_page_say(struct api_page *page, const char *msgid);
void api_page_about(struct api_page *page, const char *msgid, const char *text); /* "Name: text" */
void api_page_problem(struct api_page *page, const char *msgid);
void api_page_form(struct api_page *page); /* to where the page came from */
void api_page_hidden(struct api_page *page, const char *name, const char *value);
void api_page_field(struct api_page *page, const char *name, const char *msgid, const char *type, const char *complete);
void api_page_submit(struct api_page *page, const char *msgid); /* ends the form */
/* Takes the page. origin: where its form may lead beside this service; NULL: nowhere. */
void api_page_end(
	const struct api *api, struct api_page *page, unsigned status, const char *origin, struct http_answer *answer);
/* How style is allowed: the hash of the one that every page has. */
enum be_err api_page_policy(struct api *api, struct be_error *err);

#endif
