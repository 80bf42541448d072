/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_PATHS_H
#define WIRE_PATHS_H

/*
 * Where the service answers: paths under its base URL. contrib/openapi.yaml describes each, and a test holds the two
 * against each other. Everything with a JSON body is a POST, so that no identifier stands in a URL and thereby in a log.
 * Knows no transport.
 */

/* clang-format off */

/* ---- account API: JSON in, JSON out (wire/account.h) ---- */

#define WIRE_PATH_SERVICE             "/account/v1/service"        /* what this service is; no token */
#define WIRE_PATH_REGISTER            "/account/v1/register"       /* no token */
#define WIRE_PATH_LOGIN               "/account/v1/login"          /* password -> a ticket and what comes next */
#define WIRE_PATH_LOGIN_CODE          "/account/v1/login/code"     /* ticket, device and code -> tokens */
#define WIRE_PATH_LOGIN_ENROL         "/account/v1/login/enrol"    /* ticket and name -> the first device's key */
#define WIRE_PATH_LOGIN_CONFIRM       "/account/v1/login/confirm"  /* ticket, device and code -> tokens */
#define WIRE_PATH_PROFILE             "/account/v1/profile"
#define WIRE_PATH_LOGOUT_ALL          "/account/v1/logout-all"     /* revokes every token of the user */
#define WIRE_PATH_DEVICES             "/account/v1/devices/list"
#define WIRE_PATH_DEVICE_ADD          "/account/v1/devices/add"
#define WIRE_PATH_DEVICE_CONFIRM      "/account/v1/devices/confirm"
#define WIRE_PATH_DEVICE_REMOVE       "/account/v1/devices/remove"
#define WIRE_PATH_CERTIFICATES        "/account/v1/certificates/list"
#define WIRE_PATH_CERTIFICATE         "/account/v1/certificates/info"
#define WIRE_PATH_CERTIFICATE_REQUEST "/account/v1/certificates/request"
#define WIRE_PATH_CERTIFICATE_RENEW   "/account/v1/certificates/renew"
#define WIRE_PATH_CERTIFICATE_LINK    "/account/v1/certificates/link"   /* a new link by mail; older ones end */
#define WIRE_PATH_CERTIFICATE_REVOKE  "/account/v1/certificates/revoke"
#define WIRE_PATH_CERTIFICATE_HISTORY "/account/v1/certificates/history"
#define WIRE_PATH_CERTIFICATE_WAIT    "/account/v1/certificates/wait"   /* long poll, at most WIRE_WAIT_MAX seconds */
#define WIRE_PATH_CERTIFICATE_IMPORT  "/account/v1/certificates/import" /* a .p12 */
#define WIRE_PATH_TERMS               "/account/v1/terms"
#define WIRE_PATH_PASSPHRASE_SET      "/account/v1/passphrase/set" /* by a one-time link; no token */
#define WIRE_PATH_PASSPHRASE_CHANGE   "/account/v1/passphrase/change"
#define WIRE_PATH_PASSWORD_CHANGE     "/account/v1/password/change"
#define WIRE_PATH_MAILBOX             "/account/v1/mailbox/list" /* embedded mode only */

#define WIRE_WAIT_MAX 30

/* ---- OAuth 2: forms in, JSON out (wire/form.h) ---- */

#define WIRE_PATH_OAUTH_AUTHORIZE "/oauth2/authorize" /* GET: the page; POST: its form */
#define WIRE_PATH_OAUTH_TOKEN     "/oauth2/token"
#define WIRE_PATH_OAUTH_REVOKE    "/oauth2/revoke"
#define WIRE_PATH_OAUTH_METADATA  "/.well-known/oauth-authorization-server" /* RFC 8414 */

/* The client that needs no registration: besign itself, on the loopback interface (RFC 8252, 7.3). */
#define WIRE_CLIENT_BESIGN "besign"

/* ---- CSC API v2 (wire/csc.h) ---- */

#define WIRE_CSC_BASE           "/csc/v2/"
#define WIRE_PATH_CSC_INFO      "/csc/v2/info" /* no token */
#define WIRE_PATH_CSC_LIST      "/csc/v2/credentials/list"
#define WIRE_PATH_CSC_CREDENTIAL "/csc/v2/credentials/info"
#define WIRE_PATH_CSC_AUTHORIZE "/csc/v2/credentials/authorize"
#define WIRE_PATH_CSC_EXTEND    "/csc/v2/credentials/extendTransaction"
#define WIRE_PATH_CSC_SIGN_HASH "/csc/v2/signatures/signHash"
#define WIRE_PATH_CSC_TIMESTAMP "/csc/v2/signatures/timestamp"

/* ---- for everybody: DER in, DER out, and files ---- */

#define WIRE_PATH_OCSP      "/pki/ocsp" /* RFC 6960, appendix A: POST, or GET with the request in the path */
#define WIRE_PATH_TSA       "/pki/tsa"  /* RFC 3161, 3.4 */
#define WIRE_PATH_CRL       "/pki/issuing.crl"
#define WIRE_PATH_ROOT_CRL  "/pki/root.crl"
#define WIRE_PATH_ISSUER    "/pki/issuing.crt"
#define WIRE_PATH_ROOT      "/pki/root.crt"
#define WIRE_PATH_LINK      "/passphrase/" /* GET, POST: the page of a one-time link; the secret follows the slash */
#define WIRE_PATH_HEALTH    "/health"      /* GET: 200 when the database answers, else 503; no token */

/* ---- the embedded service ---- */

/* In its data directory: the file whose lock is held by who starts it, and by the service while it ends by itself. */
#define WIRE_TURN_FILE "start.lock"

/* Content types. */
#define WIRE_TYPE_JSON          "application/json"
#define WIRE_TYPE_FORM          "application/x-www-form-urlencoded"
#define WIRE_TYPE_HTML          "text/html; charset=utf-8"
#define WIRE_TYPE_OCSP_REQUEST  "application/ocsp-request"
#define WIRE_TYPE_OCSP_RESPONSE "application/ocsp-response"
#define WIRE_TYPE_TSA_QUERY     "application/timestamp-query"
#define WIRE_TYPE_TSA_REPLY     "application/timestamp-reply"
#define WIRE_TYPE_CRL           "application/pkix-crl"
#define WIRE_TYPE_CERTIFICATE   "application/pkix-cert"

/* clang-format on */

#endif
