/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/account.h"

#include "wire/table.h"

/* One line a member. "true" where a message is none without it. */

/* clang-format off */

#define MESSAGE(record, schema, fields) const struct wire_message record##_message = { schema, sizeof(struct record), fields }

static const struct wire_field nothing[] = { WIRE_AT_END };
MESSAGE(wire_nothing, "Nothing", nothing);

static const struct wire_field service[] = {
	WIRE_AT_TEXT(struct wire_service, name, true),
	WIRE_AT_TEXT(struct wire_service, version, true),
	WIRE_AT_TEXT(struct wire_service, terms_version, true),
	WIRE_AT_BOOL(struct wire_service, embedded, true),
	WIRE_AT_BOOL(struct wire_service, registration, true),
	WIRE_AT_BOOL(struct wire_service, mailbox, true),
	WIRE_AT_INT(struct wire_service, password_min, true),
	WIRE_AT_INT(struct wire_service, passphrase_min, true),
	WIRE_AT_TIME(struct wire_service, time, true),
	WIRE_AT_END
};
MESSAGE(wire_service, "Service", service);

static const struct wire_field reg[] = {
	WIRE_AT_TEXT(struct wire_register, user, true),
	WIRE_AT_TEXT(struct wire_register, name, true),
	WIRE_AT_TEXT(struct wire_register, organisation, false),
	WIRE_AT_TEXT(struct wire_register, language, false),
	WIRE_AT_SECRET(struct wire_register, password, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_register, "Register", reg);

static const struct wire_field device[] = {
	WIRE_AT_TEXT(struct wire_device, id, true),
	WIRE_AT_TEXT(struct wire_device, name, true),
	WIRE_AT_TIME(struct wire_device, created, true),
	WIRE_AT_TIME(struct wire_device, used, false),
	WIRE_AT_END
};
MESSAGE(wire_device, "Device", device);

static const struct wire_field login[] = {
	WIRE_AT_TEXT(struct wire_login, user, true),
	WIRE_AT_SECRET(struct wire_login, password, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_login, "Login", login);

static const struct wire_field login_step[] = {
	WIRE_AT_SECRET(struct wire_login_step, ticket, true, WIRE_TOKEN_MAX),
	WIRE_AT_BOOL(struct wire_login_step, enrol, true),
	WIRE_AT_OBJECTS(struct wire_login_step, devices, true, WIRE_DEVICES_MAX, &wire_device_message),
	WIRE_AT_END
};
MESSAGE(wire_login_step, "LoginStep", login_step);

static const struct wire_field login_code[] = {
	WIRE_AT_SECRET(struct wire_login_code, ticket, true, WIRE_TOKEN_MAX),
	WIRE_AT_TEXT(struct wire_login_code, device, false),
	WIRE_AT_SECRET(struct wire_login_code, code, true, WIRE_CODE_MAX),
	WIRE_AT_TEXT(struct wire_login_code, name, false),
	WIRE_AT_END
};
MESSAGE(wire_login_code, "LoginCode", login_code);

static const struct wire_field login_enrol[] = {
	WIRE_AT_SECRET(struct wire_login_enrol, ticket, true, WIRE_TOKEN_MAX),
	WIRE_AT_TEXT(struct wire_login_enrol, name, true),
	WIRE_AT_END
};
MESSAGE(wire_login_enrol, "LoginEnrol", login_enrol);

static const struct wire_field device_add[] = {
	WIRE_AT_TEXT(struct wire_device_add, name, true),
	WIRE_AT_END
};
MESSAGE(wire_device_add, "DeviceAdd", device_add);

static const struct wire_field enrolment[] = {
	WIRE_AT_TEXT(struct wire_enrolment, device, true),
	WIRE_AT_TEXT(struct wire_enrolment, name, false),
	WIRE_AT_SECRET(struct wire_enrolment, key, true, WIRE_TOKEN_MAX),
	WIRE_AT_SECRET(struct wire_enrolment, uri, true, WIRE_LINK_MAX),
	WIRE_AT_END
};
MESSAGE(wire_enrolment, "Enrolment", enrolment);

static const struct wire_field device_confirm[] = {
	WIRE_AT_TEXT(struct wire_device_confirm, device, true),
	WIRE_AT_SECRET(struct wire_device_confirm, code, true, WIRE_CODE_MAX),
	WIRE_AT_TEXT(struct wire_device_confirm, name, false),
	WIRE_AT_END
};
MESSAGE(wire_device_confirm, "DeviceConfirm", device_confirm);

static const struct wire_field tokens[] = {
	WIRE_AT_SECRET(struct wire_tokens, access_token, true, WIRE_TOKEN_MAX),
	WIRE_AT_SECRET(struct wire_tokens, refresh_token, false, WIRE_TOKEN_MAX),
	WIRE_AT_TEXT(struct wire_tokens, token_type, true),
	WIRE_AT_INT(struct wire_tokens, expires_in, true),
	WIRE_AT_TEXT(struct wire_tokens, scope, false),
	WIRE_AT_END
};
MESSAGE(wire_tokens, "Tokens", tokens);

static const struct wire_field profile[] = {
	WIRE_AT_TEXT(struct wire_profile, user, true),
	WIRE_AT_TEXT(struct wire_profile, name, true),
	WIRE_AT_TEXT(struct wire_profile, organisation, false),
	WIRE_AT_TEXT(struct wire_profile, language, true),
	WIRE_AT_BOOL(struct wire_profile, terms_accepted, true),
	WIRE_AT_END
};
MESSAGE(wire_profile, "Profile", profile);

static const struct wire_field devices[] = {
	WIRE_AT_OBJECTS(struct wire_devices, devices, true, WIRE_DEVICES_MAX, &wire_device_message),
	WIRE_AT_END
};
MESSAGE(wire_devices, "Devices", devices);

static const struct wire_field device_remove[] = {
	WIRE_AT_TEXT(struct wire_device_remove, id, true),
	WIRE_AT_END
};
MESSAGE(wire_device_remove, "DeviceRemove", device_remove);

static const struct wire_field certificate[] = {
	WIRE_AT_TEXT(struct wire_certificate, id, true),
	WIRE_AT_TEXT(struct wire_certificate, state, true),
	WIRE_AT_TEXT(struct wire_certificate, key, false),
	WIRE_AT_TEXT(struct wire_certificate, subject, false),
	WIRE_AT_TEXT(struct wire_certificate, issuer, false),
	WIRE_AT_TEXT(struct wire_certificate, serial, false),
	WIRE_AT_TEXT(struct wire_certificate, sha256, false),
	WIRE_AT_TIME(struct wire_certificate, not_before, false),
	WIRE_AT_TIME(struct wire_certificate, not_after, false),
	WIRE_AT_TIME(struct wire_certificate, renew_from, false),
	WIRE_AT_TIME(struct wire_certificate, requested, true),
	WIRE_AT_TIME(struct wire_certificate, revoked, false),
	WIRE_AT_TEXT(struct wire_certificate, reason, false),
	WIRE_AT_TEXT(struct wire_certificate, renews, false),
	WIRE_AT_BLOBS(struct wire_certificate, chain, false, WIRE_CERT_MAX, WIRE_CHAIN_MAX),
	WIRE_AT_END
};
MESSAGE(wire_certificate, "Certificate", certificate);

static const struct wire_field certificates[] = {
	WIRE_AT_INT(struct wire_certificates, change, true),
	WIRE_AT_OBJECTS(struct wire_certificates, certificates, true, WIRE_CERTS_MAX, &wire_certificate_message),
	WIRE_AT_END
};
MESSAGE(wire_certificates, "Certificates", certificates);

static const struct wire_field certificate_id[] = {
	WIRE_AT_TEXT(struct wire_certificate_id, id, true),
	WIRE_AT_END
};
MESSAGE(wire_certificate_id, "CertificateId", certificate_id);

static const struct wire_field certificate_request[] = {
	WIRE_AT_TEXT(struct wire_certificate_request, terms_version, true),
	WIRE_AT_TEXT(struct wire_certificate_request, key, false),
	WIRE_AT_END
};
MESSAGE(wire_certificate_request, "CertificateRequest", certificate_request);

static const struct wire_field certificate_renew[] = {
	WIRE_AT_TEXT(struct wire_certificate_renew, id, true),
	WIRE_AT_TEXT(struct wire_certificate_renew, terms_version, true),
	WIRE_AT_END
};
MESSAGE(wire_certificate_renew, "CertificateRenew", certificate_renew);

static const struct wire_field certificate_revoke[] = {
	WIRE_AT_TEXT(struct wire_certificate_revoke, id, true),
	WIRE_AT_TEXT(struct wire_certificate_revoke, reason, true),
	WIRE_AT_END
};
MESSAGE(wire_certificate_revoke, "CertificateRevoke", certificate_revoke);

static const struct wire_field event[] = {
	WIRE_AT_TIME(struct wire_event, at, true),
	WIRE_AT_TEXT(struct wire_event, what, true),
	WIRE_AT_TEXT(struct wire_event, detail, false),
	WIRE_AT_END
};
MESSAGE(wire_event, "Event", event);

static const struct wire_field history[] = {
	WIRE_AT_OBJECTS(struct wire_history, events, true, WIRE_EVENTS_MAX, &wire_event_message),
	WIRE_AT_END
};
MESSAGE(wire_history, "History", history);

static const struct wire_field wait[] = {
	WIRE_AT_INT(struct wire_wait, change, true),
	WIRE_AT_INT(struct wire_wait, seconds, true),
	WIRE_AT_END
};
MESSAGE(wire_wait, "Wait", wait);

static const struct wire_field certificate_import[] = {
	WIRE_AT_BYTES(struct wire_certificate_import, p12, true, WIRE_P12_MAX),
	WIRE_AT_SECRET(struct wire_certificate_import, p12_password, false, WIRE_PASS_MAX),
	WIRE_AT_SECRET(struct wire_certificate_import, passphrase, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_certificate_import, "CertificateImport", certificate_import);

static const struct wire_field terms_request[] = {
	WIRE_AT_TEXT(struct wire_terms_request, language, false),
	WIRE_AT_END
};
MESSAGE(wire_terms_request, "TermsRequest", terms_request);

static const struct wire_field terms[] = {
	WIRE_AT_TEXT(struct wire_terms, version, true),
	WIRE_AT_PROSE(struct wire_terms, text, true, WIRE_PROSE_MAX),
	WIRE_AT_END
};
MESSAGE(wire_terms, "Terms", terms);

static const struct wire_field passphrase_set[] = {
	WIRE_AT_SECRET(struct wire_passphrase_set, link, true, WIRE_LINK_MAX),
	WIRE_AT_SECRET(struct wire_passphrase_set, passphrase, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_passphrase_set, "PassphraseSet", passphrase_set);

static const struct wire_field passphrase_change[] = {
	WIRE_AT_TEXT(struct wire_passphrase_change, id, true),
	WIRE_AT_SECRET(struct wire_passphrase_change, current, true, WIRE_PASS_MAX),
	WIRE_AT_SECRET(struct wire_passphrase_change, passphrase, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_passphrase_change, "PassphraseChange", passphrase_change);

static const struct wire_field password_change[] = {
	WIRE_AT_SECRET(struct wire_password_change, current, true, WIRE_PASS_MAX),
	WIRE_AT_SECRET(struct wire_password_change, password, true, WIRE_PASS_MAX),
	WIRE_AT_END
};
MESSAGE(wire_password_change, "PasswordChange", password_change);

static const struct wire_field mail[] = {
	WIRE_AT_TEXT(struct wire_mail, id, true),
	WIRE_AT_TIME(struct wire_mail, at, true),
	WIRE_AT_TEXT(struct wire_mail, subject, true),
	WIRE_AT_PROSE(struct wire_mail, text, true, WIRE_PROSE_MAX),
	WIRE_AT_SECRET(struct wire_mail, link, false, WIRE_LINK_MAX),
	WIRE_AT_END
};
MESSAGE(wire_mail, "Mail", mail);

static const struct wire_field mailbox[] = {
	WIRE_AT_OBJECTS(struct wire_mailbox, mails, true, WIRE_MAILS_MAX, &wire_mail_message),
	WIRE_AT_END
};
MESSAGE(wire_mailbox, "Mailbox", mailbox);

/* clang-format on */
