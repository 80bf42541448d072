/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/csc.h"

#include "wire/table.h"

/* One line a member, named as the specification names it. "true" where a message is none without it. */

/* clang-format off */

#define MESSAGE(record, schema, fields) const struct wire_message record##_message = { schema, sizeof(struct record), fields }

static const struct wire_field info[] = {
	WIRE_AT_TEXT(struct wire_csc_info, specs, true),
	WIRE_AT_TEXT(struct wire_csc_info, name, true),
	WIRE_AT_TEXT(struct wire_csc_info, logo, false),
	WIRE_AT_TEXT(struct wire_csc_info, region, true),
	WIRE_AT_TEXT(struct wire_csc_info, lang, true),
	WIRE_AT_TEXT(struct wire_csc_info, description, true),
	WIRE_AT_TEXTS(struct wire_csc_info, authType, true, WIRE_WORD_MAX, 10),
	WIRE_AT_TEXT(struct wire_csc_info, oauth2, false),
	WIRE_AT_TEXTS(struct wire_csc_info, methods, true, WIRE_ID_MAX, 30),
	WIRE_AT_END
};
MESSAGE(wire_csc_info, "CscInfo", info);

static const struct wire_field key[] = {
	WIRE_AT_TEXT(struct wire_csc_key, status, true),
	WIRE_AT_TEXTS(struct wire_csc_key, algo, true, WIRE_OID_MAX, 20),
	WIRE_AT_INT(struct wire_csc_key, len, true),
	WIRE_AT_TEXT(struct wire_csc_key, curve, false),
	WIRE_AT_END
};
static const struct wire_message key_message = { "CscKey", sizeof(struct wire_csc_key), key };

static const struct wire_field cert[] = {
	WIRE_AT_TEXT(struct wire_csc_cert, status, false),
	WIRE_AT_BLOBS(struct wire_csc_cert, certificates, false, WIRE_CERT_MAX, WIRE_CHAIN_MAX),
	WIRE_AT_TEXT(struct wire_csc_cert, issuerDN, false),
	WIRE_AT_TEXT(struct wire_csc_cert, serialNumber, false),
	WIRE_AT_TEXT(struct wire_csc_cert, subjectDN, false),
	WIRE_AT_TEXT(struct wire_csc_cert, validFrom, false),
	WIRE_AT_TEXT(struct wire_csc_cert, validTo, false),
	WIRE_AT_END
};
static const struct wire_message cert_message = { "CscCert", sizeof(struct wire_csc_cert), cert };

static const struct wire_field auth_object[] = {
	WIRE_AT_TEXT(struct wire_csc_auth_object, type, true),
	WIRE_AT_TEXT(struct wire_csc_auth_object, id, true),
	WIRE_AT_TEXT(struct wire_csc_auth_object, format, false),
	WIRE_AT_TEXT(struct wire_csc_auth_object, label, false),
	WIRE_AT_TEXT(struct wire_csc_auth_object, description, false),
	WIRE_AT_END
};
static const struct wire_message auth_object_message = {
	"CscAuthObject", sizeof(struct wire_csc_auth_object), auth_object
};

static const struct wire_field auth[] = {
	WIRE_AT_TEXT(struct wire_csc_auth, mode, true),
	WIRE_AT_TEXT(struct wire_csc_auth, expression, false),
	WIRE_AT_OBJECTS(struct wire_csc_auth, objects, false, 10, &auth_object_message),
	WIRE_AT_END
};
static const struct wire_message auth_message = { "CscAuth", sizeof(struct wire_csc_auth), auth };

static const struct wire_field credential[] = {
	WIRE_AT_TEXT(struct wire_csc_credential, credentialID, false),
	WIRE_AT_TEXT(struct wire_csc_credential, description, false),
	WIRE_AT_OBJECT(struct wire_csc_credential, key, true, &key_message),
	WIRE_AT_OBJECT(struct wire_csc_credential, cert, true, &cert_message),
	WIRE_AT_OBJECT(struct wire_csc_credential, auth, true, &auth_message),
	WIRE_AT_TEXT(struct wire_csc_credential, SCAL, false),
	WIRE_AT_INT(struct wire_csc_credential, multisign, true),
	WIRE_AT_TEXT(struct wire_csc_credential, lang, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_credential, "CscCredential", credential);

static const struct wire_field list[] = {
	WIRE_AT_TEXT(struct wire_csc_list, userID, false),
	WIRE_AT_BOOL(struct wire_csc_list, credentialInfo, false),
	WIRE_AT_TEXT(struct wire_csc_list, certificates, false),
	WIRE_AT_BOOL(struct wire_csc_list, certInfo, false),
	WIRE_AT_BOOL(struct wire_csc_list, authInfo, false),
	WIRE_AT_BOOL(struct wire_csc_list, onlyValid, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_list, "CscList", list);

static const struct wire_field credentials[] = {
	WIRE_AT_TEXTS(struct wire_csc_credentials, credentialIDs, true, WIRE_ID_MAX, WIRE_CERTS_MAX),
	WIRE_AT_OBJECTS(struct wire_csc_credentials, credentialInfos, false, WIRE_CERTS_MAX, &wire_csc_credential_message),
	WIRE_AT_BOOL(struct wire_csc_credentials, onlyValid, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_credentials, "CscCredentials", credentials);

static const struct wire_field credential_request[] = {
	WIRE_AT_TEXT(struct wire_csc_credential_request, credentialID, true),
	WIRE_AT_TEXT(struct wire_csc_credential_request, certificates, false),
	WIRE_AT_BOOL(struct wire_csc_credential_request, certInfo, false),
	WIRE_AT_BOOL(struct wire_csc_credential_request, authInfo, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_credential_request, "CscCredentialRequest", credential_request);

static const struct wire_field auth_data[] = {
	WIRE_AT_TEXT(struct wire_csc_auth_data, id, true),
	WIRE_AT_SECRET(struct wire_csc_auth_data, value, false, WIRE_PASS_MAX),
	WIRE_AT_END
};
static const struct wire_message auth_data_message = { "CscAuthData", sizeof(struct wire_csc_auth_data), auth_data };

static const struct wire_field authorize[] = {
	WIRE_AT_TEXT(struct wire_csc_authorize, credentialID, true),
	WIRE_AT_INT(struct wire_csc_authorize, numSignatures, true),
	WIRE_AT_BLOBS(struct wire_csc_authorize, hashes, true, WIRE_DIGEST_MAX, WIRE_SIGN_MAX),
	WIRE_AT_TEXT(struct wire_csc_authorize, hashAlgorithmOID, true),
	WIRE_AT_OBJECTS(struct wire_csc_authorize, authData, true, 10, &auth_data_message),
	WIRE_AT_TEXT(struct wire_csc_authorize, description, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_authorize, "CscAuthorize", authorize);

static const struct wire_field sad[] = {
	WIRE_AT_SECRET(struct wire_csc_sad, SAD, true, WIRE_TOKEN_MAX),
	WIRE_AT_INT(struct wire_csc_sad, expiresIn, true),
	WIRE_AT_END
};
MESSAGE(wire_csc_sad, "CscSad", sad);

static const struct wire_field extend[] = {
	WIRE_AT_TEXT(struct wire_csc_extend, credentialID, true),
	WIRE_AT_SECRET(struct wire_csc_extend, SAD, true, WIRE_TOKEN_MAX),
	WIRE_AT_BLOBS(struct wire_csc_extend, hashes, true, WIRE_DIGEST_MAX, WIRE_SIGN_MAX),
	WIRE_AT_TEXT(struct wire_csc_extend, hashAlgorithmOID, true),
	WIRE_AT_END
};
MESSAGE(wire_csc_extend, "CscExtend", extend);

static const struct wire_field sign_hash[] = {
	WIRE_AT_TEXT(struct wire_csc_sign_hash, credentialID, true),
	WIRE_AT_SECRET(struct wire_csc_sign_hash, SAD, true, WIRE_TOKEN_MAX),
	WIRE_AT_BLOBS(struct wire_csc_sign_hash, hashes, true, WIRE_DIGEST_MAX, WIRE_SIGN_MAX),
	WIRE_AT_TEXT(struct wire_csc_sign_hash, hashAlgorithmOID, false),
	WIRE_AT_TEXT(struct wire_csc_sign_hash, signAlgo, true),
	WIRE_AT_TEXT(struct wire_csc_sign_hash, operationMode, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_sign_hash, "CscSignHash", sign_hash);

static const struct wire_field signatures[] = {
	WIRE_AT_BLOBS(struct wire_csc_signatures, signatures, true, WIRE_SIG_MAX, WIRE_SIGN_MAX),
	WIRE_AT_END
};
MESSAGE(wire_csc_signatures, "CscSignatures", signatures);

static const struct wire_field timestamp[] = {
	WIRE_AT_BYTES(struct wire_csc_timestamp, hash, true, WIRE_DIGEST_MAX),
	WIRE_AT_TEXT(struct wire_csc_timestamp, hashAlgo, true),
	WIRE_AT_TEXT(struct wire_csc_timestamp, nonce, false),
	WIRE_AT_END
};
MESSAGE(wire_csc_timestamp, "CscTimestamp", timestamp);

static const struct wire_field token[] = {
	WIRE_AT_BYTES(struct wire_csc_token, timestamp, true, 65536),
	WIRE_AT_END
};
MESSAGE(wire_csc_token, "CscToken", token);

/* clang-format on */
