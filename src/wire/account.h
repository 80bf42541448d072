/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_ACCOUNT_H
#define WIRE_ACCOUNT_H

/*
 * The bodies of the account API, as records. Which path takes and gives which stands behind each; "token" says that the
 * request carries an access token (Authorization: Bearer). Moments are seconds since 1970 UTC. Texts are the service's or
 * the user's own: they are sanitised where they are shown.
 */

#include "wire/message.h"

/* clang-format off */

#define WIRE_USER_MAX     255u /* sizes with the NUL */
#define WIRE_ID_MAX       65u
#define WIRE_NAME_MAX     257u
#define WIRE_LINE_MAX     255u
#define WIRE_WORD_MAX     33u
#define WIRE_DN_MAX       1025u
#define WIRE_TOKEN_MAX    128u  /* bytes of a secret */
#define WIRE_PASS_MAX     1024u /* bytes of a password or passphrase */
#define WIRE_CODE_MAX     16u
#define WIRE_DEVICES_MAX  20u
#define WIRE_CERTS_MAX    200u
#define WIRE_EVENTS_MAX   500u
#define WIRE_MAILS_MAX    50u
#define WIRE_PROSE_MAX    65536u
#define WIRE_LINK_MAX     512u
#define WIRE_P12_MAX      65536u
#define WIRE_CHAIN_MAX    8u
#define WIRE_CERT_MAX     16384u /* bytes of one certificate */

/* {} : a body that says nothing. */
struct wire_nothing {
	char    unused;
};
extern const struct wire_message wire_nothing_message;

/* -> WIRE_PATH_SERVICE */
struct wire_service {
	char    name[WIRE_NAME_MAX];
	char    version[WIRE_WORD_MAX];
	char    terms_version[WIRE_WORD_MAX];
	bool    embedded;                       /* its certificates are trusted by nobody else */
	bool    registration;                   /* open to everybody who reaches it */
	bool    mailbox;                        /* mails are read by WIRE_PATH_MAILBOX: there is no mail server */
	int64_t password_min;                   /* characters */
	int64_t passphrase_min;
	int64_t time;                           /* the service's clock */
};
extern const struct wire_message wire_service_message;

/* WIRE_PATH_REGISTER -> wire_nothing, 202: known and unknown users are answered alike */
struct wire_register {
	char    user[WIRE_USER_MAX];            /* how one signs in: a mail address */
	char    name[WIRE_NAME_MAX];            /* as it is to stand in certificates */
	char    organisation[WIRE_NAME_MAX];
	char    language[WIRE_WORD_MAX];        /* "id" or "en": of mails and pages; may be empty */
	struct secret *password;
};
extern const struct wire_message wire_register_message;

struct wire_device {
	char    id[WIRE_ID_MAX];
	char    name[WIRE_NAME_MAX];
	int64_t created;
	int64_t used;                           /* TIME_NONE: never */
};
extern const struct wire_message wire_device_message;

/* WIRE_PATH_LOGIN -> wire_login_step */
struct wire_login {
	char    user[WIRE_USER_MAX];
	struct secret *password;
};
extern const struct wire_message wire_login_message;

struct wire_login_step {
	struct secret *ticket;                  /* good for the next step, for some minutes */
	bool    enrol;                          /* there is no device yet: WIRE_PATH_LOGIN_ENROL comes next */
	struct wire_list devices;               /* struct wire_device: else WIRE_PATH_LOGIN_CODE with one of these */
};
extern const struct wire_message wire_login_step_message;

/* WIRE_PATH_LOGIN_CODE -> wire_tokens */
struct wire_login_code {
	struct secret *ticket;
	char    device[WIRE_ID_MAX];            /* empty: whichever of the user's has this code */
	struct secret *code;
	char    name[WIRE_NAME_MAX];            /* with LOGIN_CONFIRM: of the device, in place of the one that it was asked for with; may be empty */
};
extern const struct wire_message wire_login_code_message;

/* WIRE_PATH_LOGIN_ENROL -> wire_enrolment; WIRE_PATH_LOGIN_CONFIRM takes wire_login_code -> wire_tokens */
struct wire_login_enrol {
	struct secret *ticket;
	char    name[WIRE_NAME_MAX];            /* of the device */
};
extern const struct wire_message wire_login_enrol_message;

/* WIRE_PATH_DEVICE_ADD (token) -> wire_enrolment */
struct wire_device_add {
	char    name[WIRE_NAME_MAX];
};
extern const struct wire_message wire_device_add_message;

struct wire_enrolment {
	char    device[WIRE_ID_MAX];            /* counts once a code of it has come */
	char    name[WIRE_NAME_MAX];            /* it may have another one by then */
	struct secret *key;                     /* base32 */
	struct secret *uri;                     /* otpauth://… for the QR code */
};
extern const struct wire_message wire_enrolment_message;

/* WIRE_PATH_DEVICE_CONFIRM (token) -> wire_device */
struct wire_device_confirm {
	char    device[WIRE_ID_MAX];
	struct secret *code;
	char    name[WIRE_NAME_MAX];            /* in place of the one that it was asked for with; may be empty */
};
extern const struct wire_message wire_device_confirm_message;

/* Also what WIRE_PATH_OAUTH_TOKEN answers (RFC 6749, 5.1). */
struct wire_tokens {
	struct secret *access_token;
	struct secret *refresh_token;           /* NULL: none */
	char    token_type[WIRE_WORD_MAX];      /* "Bearer" */
	int64_t expires_in;                     /* seconds, of the access token */
	char    scope[WIRE_WORD_MAX];
};
extern const struct wire_message wire_tokens_message;

/* WIRE_PATH_PROFILE (token): wire_nothing -> wire_profile */
struct wire_profile {
	char    user[WIRE_USER_MAX];
	char    name[WIRE_NAME_MAX];
	char    organisation[WIRE_NAME_MAX];
	char    language[WIRE_WORD_MAX];
	bool    terms_accepted;                 /* the version in force */
};
extern const struct wire_message wire_profile_message;

/* WIRE_PATH_DEVICES (token): wire_nothing -> wire_devices */
struct wire_devices {
	struct wire_list devices;               /* struct wire_device */
};
extern const struct wire_message wire_devices_message;

/* WIRE_PATH_DEVICE_REMOVE (token) -> wire_nothing; the last device cannot be removed (wrong_state) */
struct wire_device_remove {
	char    id[WIRE_ID_MAX];
};
extern const struct wire_message wire_device_remove_message;

struct wire_certificate {
	char    id[WIRE_ID_MAX];                /* also the CSC credentialID */
	char    state[WIRE_WORD_MAX];           /* as the authority spells it: "ISSUE", "NEW", "REVOKE" … */
	char    key[WIRE_WORD_MAX];             /* "rsa3072", "p256"; empty before there is one */
	char    subject[WIRE_DN_MAX];           /* empty before it is issued, as all below */
	char    issuer[WIRE_DN_MAX];
	char    serial[WIRE_ID_MAX];            /* upper-case hexadecimal */
	char    sha256[WIRE_ID_MAX];            /* lower-case hexadecimal, of the DER */
	int64_t not_before;
	int64_t not_after;
	int64_t renew_from;                     /* when renewal opens */
	int64_t requested;
	int64_t revoked;                        /* TIME_NONE: it is not */
	char    reason[WIRE_WORD_MAX];          /* of the revocation: "keyCompromise" … (RFC 5280) */
	char    renews[WIRE_ID_MAX];            /* the certificate that this one follows; may be empty */
	struct wire_list chain;                 /* struct wire_bytes, DER, leaf first; with WIRE_PATH_CERTIFICATE only */
};
extern const struct wire_message wire_certificate_message;

/* WIRE_PATH_CERTIFICATES (token): wire_nothing -> wire_certificates; newest first */
struct wire_certificates {
	int64_t change;                         /* counts the changes of the user's certificates, for WIRE_PATH_CERTIFICATE_WAIT */
	struct wire_list certificates;          /* struct wire_certificate */
};
extern const struct wire_message wire_certificates_message;

/* WIRE_PATH_CERTIFICATE, WIRE_PATH_CERTIFICATE_LINK (token) -> wire_certificate; WIRE_PATH_CERTIFICATE_HISTORY (token) ->
 * wire_history */
struct wire_certificate_id {
	char    id[WIRE_ID_MAX];
};
extern const struct wire_message wire_certificate_id_message;

/* WIRE_PATH_CERTIFICATE_REQUEST (token) -> wire_certificate, 201 */
struct wire_certificate_request {
	char    terms_version[WIRE_WORD_MAX];   /* the version that the user accepts by this */
	char    key[WIRE_WORD_MAX];             /* "rsa3072" (also when empty) or "p256" */
};
extern const struct wire_message wire_certificate_request_message;

/* WIRE_PATH_CERTIFICATE_RENEW (token) -> wire_certificate, 201: the new one; the old one works until its passphrase is set */
struct wire_certificate_renew {
	char    id[WIRE_ID_MAX];
	char    terms_version[WIRE_WORD_MAX];
};
extern const struct wire_message wire_certificate_renew_message;

/* WIRE_PATH_CERTIFICATE_REVOKE (token) -> wire_certificate */
struct wire_certificate_revoke {
	char    id[WIRE_ID_MAX];
	char    reason[WIRE_WORD_MAX];          /* "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation", "unspecified" */
};
extern const struct wire_message wire_certificate_revoke_message;

struct wire_event {
	int64_t at;
	char    what[WIRE_WORD_MAX];            /* "requested", "issued", "passphrase-set" … */
	char    detail[WIRE_NAME_MAX];          /* may be empty */
};
extern const struct wire_message wire_event_message;

struct wire_history {
	struct wire_list events;                /* struct wire_event, oldest first */
};
extern const struct wire_message wire_history_message;

/* WIRE_PATH_CERTIFICATE_WAIT (token) -> wire_certificates, when change is another one or the time is over */
struct wire_wait {
	int64_t change;                         /* what was seen last */
	int64_t seconds;                        /* at most WIRE_WAIT_MAX; more is taken as that */
};
extern const struct wire_message wire_wait_message;

/* WIRE_PATH_CERTIFICATE_IMPORT (token) -> wire_certificate, 201 */
struct wire_certificate_import {
	struct wire_bytes p12;
	struct secret *p12_password;            /* NULL: empty */
	struct secret *passphrase;              /* that the key is kept under here */
};
extern const struct wire_message wire_certificate_import_message;

/* WIRE_PATH_TERMS -> wire_terms; no token */
struct wire_terms_request {
	char    language[WIRE_WORD_MAX];        /* a wish, "id" or "en": answered in what the service has */
};
extern const struct wire_message wire_terms_request_message;

struct wire_terms {
	char    version[WIRE_WORD_MAX];
	struct wire_bytes text;                 /* WIRE_PROSE */
};
extern const struct wire_message wire_terms_message;

/* WIRE_PATH_PASSPHRASE_SET -> wire_certificate; no token: the link is the proof */
struct wire_passphrase_set {
	struct secret *link;                    /* the secret of the link, with or without the URL before it */
	struct secret *passphrase;
};
extern const struct wire_message wire_passphrase_set_message;

/* WIRE_PATH_PASSPHRASE_CHANGE (token) -> wire_nothing */
struct wire_passphrase_change {
	char    id[WIRE_ID_MAX];                /* of the certificate */
	struct secret *current;
	struct secret *passphrase;
};
extern const struct wire_message wire_passphrase_change_message;

/* WIRE_PATH_PASSWORD_CHANGE (token) -> wire_nothing: every other session ends */
struct wire_password_change {
	struct secret *current;
	struct secret *password;
};
extern const struct wire_message wire_password_change_message;

struct wire_mail {
	char    id[WIRE_ID_MAX];
	int64_t at;
	char    subject[WIRE_NAME_MAX];
	struct wire_bytes text;                 /* WIRE_PROSE */
	struct secret *link;                    /* the one-time link in it, a whole URL; NULL: none */
};
extern const struct wire_message wire_mail_message;

/* WIRE_PATH_MAILBOX (token): wire_nothing -> wire_mailbox; newest first */
struct wire_mailbox {
	struct wire_list mails;                 /* struct wire_mail */
};
extern const struct wire_message wire_mailbox_message;

/* clang-format on */

#endif
