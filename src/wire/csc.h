/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_CSC_H
#define WIRE_CSC_H

/*
 * The bodies of the CSC API v2 that this service speaks (Cloud Signature Consortium, API 2.0.0.2), as records.
 * Names in JSON are the specification's; requests carry a token, but for info. Digests and signatures are base64 there
 * and bytes here. A signature is PKCS#1 v1.5 or PSS bytes for RSA, DER (ECDSA-Sig-Value) for ECDSA.
 */

#include "wire/account.h"

/* clang-format off */

#define WIRE_OID_MAX     65u
#define WIRE_SIGN_MAX    1000u /* digests in one call: what multisign says of a credential */
#define WIRE_DIGEST_MAX  64u
#define WIRE_SIG_MAX     1024u
#define WIRE_AUTH_ID     "passphrase" /* the one object of auth.objects: authData is [{"id": "passphrase", "value": …}] */

/* The object identifiers that travel (CSC 2, 11.x; RFC 8017, RFC 5758). */
#define WIRE_OID_SHA256          "2.16.840.1.101.3.4.2.1"
#define WIRE_OID_SHA384          "2.16.840.1.101.3.4.2.2"
#define WIRE_OID_SHA512          "2.16.840.1.101.3.4.2.3"
#define WIRE_OID_RSA             "1.2.840.113549.1.1.1"  /* PKCS#1 v1.5 with hashAlgorithmOID */
#define WIRE_OID_RSA_SHA256      "1.2.840.113549.1.1.11"
#define WIRE_OID_RSA_SHA384      "1.2.840.113549.1.1.12"
#define WIRE_OID_RSA_SHA512      "1.2.840.113549.1.1.13"
#define WIRE_OID_ECDSA_SHA256    "1.2.840.10045.4.3.2"
#define WIRE_OID_ECDSA_SHA384    "1.2.840.10045.4.3.3"
#define WIRE_OID_ECDSA_SHA512    "1.2.840.10045.4.3.4"

/* WIRE_PATH_CSC_INFO -> wire_csc_info */
struct wire_csc_info {
	char    specs[WIRE_WORD_MAX];           /* "2.0.0.2" */
	char    name[WIRE_NAME_MAX];
	char    logo[WIRE_LINE_MAX];            /* may be empty */
	char    region[WIRE_WORD_MAX];
	char    lang[WIRE_WORD_MAX];
	char    description[WIRE_LINE_MAX];
	struct wire_list authType;              /* char[WIRE_WORD_MAX] */
	char    oauth2[WIRE_LINE_MAX];         /* base URI of oauth2/…; may be empty in the embedded mode */
	struct wire_list methods;               /* char[WIRE_ID_MAX]: "credentials/list" … */
};
extern const struct wire_message wire_csc_info_message;

struct wire_csc_key {
	char    status[WIRE_WORD_MAX];          /* "enabled", "disabled" */
	struct wire_list algo;                  /* char[WIRE_OID_MAX] */
	int64_t len;                            /* bits */
	char    curve[WIRE_OID_MAX];            /* OID; empty for RSA */
};

struct wire_csc_cert {
	char    status[WIRE_WORD_MAX];          /* "valid", "expired", "revoked", "suspended" */
	struct wire_list certificates;          /* struct wire_bytes: DER, leaf first */
	char    issuerDN[WIRE_DN_MAX];
	char    serialNumber[WIRE_ID_MAX];
	char    subjectDN[WIRE_DN_MAX];
	char    validFrom[WIRE_WORD_MAX];       /* "YYYYMMDDHHMMSSZ" */
	char    validTo[WIRE_WORD_MAX];
};

struct wire_csc_auth_object {
	char    type[WIRE_WORD_MAX];            /* "Password" */
	char    id[WIRE_ID_MAX];                /* WIRE_AUTH_ID */
	char    format[WIRE_WORD_MAX];          /* "A", "N" */
	char    label[WIRE_NAME_MAX];
	char    description[WIRE_LINE_MAX];
};

struct wire_csc_auth {
	char    mode[WIRE_WORD_MAX];            /* "explicit", "oauth2code" */
	char    expression[WIRE_NAME_MAX];
	struct wire_list objects;               /* struct wire_csc_auth_object */
};

struct wire_csc_credential {
	char    credentialID[WIRE_ID_MAX];      /* only inside credentialInfos */
	char    description[WIRE_LINE_MAX];
	struct wire_csc_key key;
	struct wire_csc_cert cert;
	struct wire_csc_auth auth;              /* with authInfo */
	char    SCAL[WIRE_WORD_MAX];            /* "2": authorize names the digests */
	int64_t multisign;                      /* digests in one call */
	char    lang[WIRE_WORD_MAX];
};
extern const struct wire_message wire_csc_credential_message;

/* WIRE_PATH_CSC_LIST -> wire_csc_credentials */
struct wire_csc_list {
	char    userID[WIRE_USER_MAX];          /* must be absent: the token says who it is */
	bool    credentialInfo;
	char    certificates[WIRE_WORD_MAX];    /* "none", "single" (also when empty), "chain" */
	bool    certInfo;
	bool    authInfo;
	bool    onlyValid;
};
extern const struct wire_message wire_csc_list_message;

struct wire_csc_credentials {
	struct wire_list credentialIDs;         /* char[WIRE_ID_MAX] */
	struct wire_list credentialInfos;       /* struct wire_csc_credential; with credentialInfo */
	bool    onlyValid;
};
extern const struct wire_message wire_csc_credentials_message;

/* WIRE_PATH_CSC_CREDENTIAL -> wire_csc_credential */
struct wire_csc_credential_request {
	char    credentialID[WIRE_ID_MAX];
	char    certificates[WIRE_WORD_MAX];
	bool    certInfo;
	bool    authInfo;
};
extern const struct wire_message wire_csc_credential_request_message;

struct wire_csc_auth_data {
	char    id[WIRE_ID_MAX];                /* WIRE_AUTH_ID */
	struct secret *value;
};

/* WIRE_PATH_CSC_AUTHORIZE -> wire_csc_sad. One try of the passphrase, one authorisation for all digests named. */
struct wire_csc_authorize {
	char    credentialID[WIRE_ID_MAX];
	int64_t numSignatures;                  /* 1 .. multisign */
	struct wire_list hashes;                /* struct wire_bytes; required: SCAL is "2" */
	char    hashAlgorithmOID[WIRE_OID_MAX];
	struct wire_list authData;              /* struct wire_csc_auth_data */
	char    description[WIRE_DN_MAX];
};
extern const struct wire_message wire_csc_authorize_message;

struct wire_csc_sad {
	struct secret *SAD;
	int64_t expiresIn;                      /* seconds */
};
extern const struct wire_message wire_csc_sad_message;

/* WIRE_PATH_CSC_EXTEND -> wire_csc_sad: a new SAD for what is left of numSignatures; the old one ends */
struct wire_csc_extend {
	char    credentialID[WIRE_ID_MAX];
	struct secret *SAD;
	struct wire_list hashes;                /* struct wire_bytes */
	char    hashAlgorithmOID[WIRE_OID_MAX];
};
extern const struct wire_message wire_csc_extend_message;

/* WIRE_PATH_CSC_SIGN_HASH -> wire_csc_signatures; each digest of an authorisation is signed once */
struct wire_csc_sign_hash {
	char    credentialID[WIRE_ID_MAX];
	struct secret *SAD;
	struct wire_list hashes;                /* struct wire_bytes, 1 .. WIRE_SIGN_MAX */
	char    hashAlgorithmOID[WIRE_OID_MAX]; /* required with WIRE_OID_RSA */
	char    signAlgo[WIRE_OID_MAX];
	char    operationMode[WIRE_WORD_MAX];   /* "S", also when empty; "A" is refused */
};
extern const struct wire_message wire_csc_sign_hash_message;

struct wire_csc_signatures {
	struct wire_list signatures;            /* struct wire_bytes, in the order of the digests */
};
extern const struct wire_message wire_csc_signatures_message;

/* WIRE_PATH_CSC_TIMESTAMP -> wire_csc_token */
struct wire_csc_timestamp {
	struct wire_bytes hash;
	char    hashAlgo[WIRE_OID_MAX];
	char    nonce[WIRE_ID_MAX];             /* hexadecimal; may be empty */
};
extern const struct wire_message wire_csc_timestamp_message;

struct wire_csc_token {
	struct wire_bytes timestamp;            /* DER, TimeStampToken (RFC 3161) */
};
extern const struct wire_message wire_csc_token_message;

/* clang-format on */

#endif
