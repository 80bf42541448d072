/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/time.h"
#include "pki/cert.h"
#include "service/store_certificates.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SPECS "2.0.0.2"
#define CURVE_P256 "1.2.840.10045.3.1.7"

/* ---- info ---- */

static const char *const methods[] = { "info", "oauth2/authorize", "oauth2/token", "oauth2/revoke", "credentials/list",
	"credentials/info", "credentials/authorize", "credentials/extendTransaction", "signatures/signHash",
	"signatures/timestamp" };
#define METHODS (sizeof(methods) / sizeof(methods[0]))

static enum be_err info_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct service_config *config = &ask->service->config;
	struct wire_csc_info *answer = out;
	enum be_err rc = wire_list_new(&answer->authType, 1, WIRE_WORD_MAX, err);

	(void)in;
	if (rc == BE_OK)
		rc = wire_list_new(&answer->methods, METHODS, WIRE_ID_MAX, err);
	if (rc != BE_OK)
		return rc;
	WIRE_SET(answer->specs, SPECS);
	WIRE_SET(answer->name, config->name);
	WIRE_SET(answer->region, config->country);
	WIRE_SET(answer->lang, "id");
	WIRE_SET(answer->description, config->organisation);
	if (config->public_url != NULL)
		WIRE_SET(answer->oauth2, config->public_url);
	wire_set_text(answer->authType.items, WIRE_WORD_MAX, "oauth2code");
	for (size_t i = 0; i < METHODS; i++)
		wire_set_text((char *)answer->methods.items + i * WIRE_ID_MAX, WIRE_ID_MAX, methods[i]);
	return BE_OK;
}

const struct api_call api_csc_info = { API_ANYBODY, true, 200, &wire_nothing_message, &wire_csc_info_message,
	info_run };

/* ---- what a credential is ---- */

static const char *const rsa_algorithms[] = { WIRE_OID_RSA, WIRE_OID_RSA_SHA256, WIRE_OID_RSA_SHA384,
	WIRE_OID_RSA_SHA512 };
static const char *const ecdsa_algorithms[] = { WIRE_OID_ECDSA_SHA256, WIRE_OID_ECDSA_SHA384, WIRE_OID_ECDSA_SHA512 };

static bool works(const struct store_certificate *certificate)
{
	return certificate->state == STORE_STATE_ISSUE || certificate->state == STORE_STATE_RENEW;
}

static const char *status_word(const struct store_certificate *certificate)
{
	if (works(certificate))
		return "valid";
	if (certificate->state == STORE_STATE_REVOKE)
		return "revoked";
	return certificate->state == STORE_STATE_SUSPEND ? "suspended" : "expired";
}

static enum be_err describe_key(
	struct wire_csc_key *out, const struct pki_cert_info *info, bool enabled, struct be_error *err)
{
	bool rsa = info->key_kind == PKI_KEY_RSA;
	const char *const *algorithms = rsa ? rsa_algorithms : ecdsa_algorithms;
	size_t count = rsa ? sizeof(rsa_algorithms) / sizeof(rsa_algorithms[0])
			   : sizeof(ecdsa_algorithms) / sizeof(ecdsa_algorithms[0]);
	enum be_err rc = wire_list_new(&out->algo, count, WIRE_OID_MAX, err);

	WIRE_SET(out->status, enabled ? "enabled" : "disabled");
	out->len = info->key_bits;
	if (!rsa && info->key_bits == 256)
		WIRE_SET(out->curve, CURVE_P256);
	for (size_t i = 0; rc == BE_OK && i < count; i++)
		wire_set_text((char *)out->algo.items + i * WIRE_OID_MAX, WIRE_OID_MAX, algorithms[i]);
	return rc;
}

/* "YYYYMMDDHHMMSSZ" */
static void write_moment(char *out, size_t size, int64_t moment)
{
	time_t seconds = (time_t)moment;
	struct tm parts;

	out[0] = '\0';
	if (moment != TIME_NONE && gmtime_r(&seconds, &parts) != NULL)
		(void)strftime(out, size, "%Y%m%d%H%M%SZ", &parts);
}

static enum be_err describe_auth(struct wire_csc_auth *out, struct be_error *err)
{
	struct wire_csc_auth_object *object;
	enum be_err rc = wire_list_new(&out->objects, 1, sizeof(*object), err);

	if (rc != BE_OK)
		return rc;
	object = out->objects.items;
	WIRE_SET(object->type, "Password");
	WIRE_SET(object->id, WIRE_AUTH_ID);
	WIRE_SET(object->format, "A");
	WIRE_SET(object->label, "Passphrase");
	WIRE_SET(out->expression, WIRE_AUTH_ID);
	return BE_OK;
}

struct wanted {
	const char *certificates;
	bool cert_info;
	bool auth_info;
};

/* What a word about certificates asks for: none, the person's, or all. */
static bool chain_length(const char *word, size_t *most)
{
	static const struct {
		const char *word;
		size_t most;
	} words[] = { { "", 1 }, { "single", 1 }, { "none", 0 }, { "chain", WIRE_CHAIN_MAX } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0) {
			*most = words[i].most;
			return true;
		}
	return false;
}

static enum be_err describe(struct wire_csc_credential *out, struct service *service,
	const struct store_certificate *certificate, const struct wanted *wanted, struct be_error *err)
{
	const struct service_config *config = &service->config;
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	size_t most = 1;
	enum be_err rc = store_certificate_der(service->store, certificate->id, &der, NULL, err);

	if (rc == BE_OK)
		rc = pki_cert_describe(&info, der.data, der.len, err);
	buffer_free(&der);
	if (rc == BE_OK && !chain_length(wanted->certificates, &most))
		rc = be_fail(err, BE_MALFORMED, N_("Invalid parameter certificates"), NULL);
	if (rc == BE_OK)
		rc = describe_key(&out->key, &info, works(certificate), err);
	if (rc == BE_OK && most > 0)
		rc = api_chain(service, certificate->id, most, &out->cert.certificates, err);
	if (rc == BE_OK && wanted->cert_info) {
		WIRE_SET(out->cert.status, status_word(certificate));
		WIRE_SET(out->cert.issuerDN, info.issuer);
		WIRE_SET(out->cert.subjectDN, info.subject);
		WIRE_SET(out->cert.serialNumber, info.serial);
		write_moment(out->cert.validFrom, sizeof(out->cert.validFrom), info.not_before);
		write_moment(out->cert.validTo, sizeof(out->cert.validTo), info.not_after);
	}
	WIRE_SET(out->auth.mode, "explicit");
	if (rc == BE_OK && wanted->auth_info)
		rc = describe_auth(&out->auth, err);
	WIRE_SET(out->SCAL, "2");
	WIRE_SET(out->lang, "id");
	out->multisign = config->batch_max < (int64_t)WIRE_SIGN_MAX ? config->batch_max : (int64_t)WIRE_SIGN_MAX;
	return rc;
}

/* ---- list and info ---- */

struct collecting {
	struct service *service;
	const struct wire_csc_list *wish;
	struct wire_csc_credentials *answer;
};

static enum be_err collect(void *ctx, const struct store_certificate *certificate, struct be_error *err)
{
	struct collecting *all = ctx;
	struct wire_list *ids = &all->answer->credentialIDs;
	struct wire_list *infos = &all->answer->credentialInfos;
	const struct wanted wanted = { all->wish->certificates, all->wish->certInfo, all->wish->authInfo };
	enum be_err rc = BE_OK;

	/* Before there is a certificate there is no credential. */
	if (certificate->serial[0] == '\0' || (all->wish->onlyValid && !works(certificate)) ||
		ids->count == WIRE_CERTS_MAX)
		return BE_OK;
	wire_set_text((char *)ids->items + ids->count++ * WIRE_ID_MAX, WIRE_ID_MAX, certificate->id);
	if (all->wish->credentialInfo) {
		struct wire_csc_credential *info = (struct wire_csc_credential *)infos->items + infos->count++;

		WIRE_SET(info->credentialID, certificate->id);
		rc = describe(info, all->service, certificate, &wanted, err);
	}
	return rc;
}

static enum be_err list_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_list *wish = in;
	struct wire_csc_credentials *answer = out;
	struct collecting all = { ask->service, wish, answer };
	enum be_err rc = BE_OK;

	if (wish->userID[0] != '\0')
		return be_fail(err, BE_MALFORMED, N_("userID parameter MUST be null"), NULL);
	rc = wire_list_new(&answer->credentialIDs, WIRE_CERTS_MAX, WIRE_ID_MAX, err);
	if (rc == BE_OK && wish->credentialInfo)
		rc = wire_list_new(&answer->credentialInfos, WIRE_CERTS_MAX, sizeof(struct wire_csc_credential), err);
	answer->credentialIDs.count = 0;
	answer->credentialInfos.count = 0;
	answer->onlyValid = wish->onlyValid;
	if (rc == BE_OK)
		rc = store_certificates(ask->service->store, ask->session.user.id, ask->now, collect, &all, err);
	return rc;
}

const struct api_call api_csc_list = { API_SIGNER, true, 200, &wire_csc_list_message, &wire_csc_credentials_message,
	list_run };

static enum be_err credential_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_credential_request *wish = in;
	const struct wanted wanted = { wish->certificates, wish->certInfo, wish->authInfo };
	struct store_certificate certificate;
	enum be_err rc = store_certificate_get(
		ask->service->store, ask->session.user.id, wish->credentialID, ask->now, &certificate, err);

	if (rc == BE_OK && certificate.serial[0] == '\0')
		rc = BE_NOT_FOUND;
	if (rc == BE_OK)
		rc = describe(out, ask->service, &certificate, &wanted, err);
	if (rc == BE_NOT_FOUND)
		rc = be_fail(err, BE_MALFORMED, N_("Invalid parameter credentialID"), NULL);
	return rc;
}

const struct api_call api_csc_credential = { API_SIGNER, true, 200, &wire_csc_credential_request_message,
	&wire_csc_credential_message, credential_run };
