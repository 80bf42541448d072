/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_CONFIG_H
#define SERVICE_CONFIG_H

/*
 * How this service was told to run: read once at the start from a file of lines "name = value" (base/config.h), and
 * only looked at from then on, from any thread. Knows names, defaults and bounds; opens none of the files that it
 * names. contrib/besignd.8 lists the same names, and a test holds the two together.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum service_mail { SERVICE_MAIL_MAILDIR, SERVICE_MAIL_SMTP };
enum service_keys { SERVICE_KEYS_PASSPHRASE, SERVICE_KEYS_TOKEN };
enum service_key_type { SERVICE_KEY_RSA3072, SERVICE_KEY_P256 };

/* Texts are owned, UTF-8 without control characters; NULL where nothing was set and there is no default. Paths are
 * absolute. */
struct service_config {
	/* Where and for whom. */
	bool embedded;    /* for one person on this machine: Unix socket only, registration open, mail in a Maildir */
	char *data;       /* the directory of everything that is kept, mode 0700; never NULL */
	char *socket;     /* a Unix socket to listen on, mode 0600 */
	char *listen;     /* "127.0.0.1:8443", "[::1]:8443": one TCP address to listen on */
	char *public_url; /* "https://sign.example.id", no slash at the end: what links, AIA and CDP begin with */
	/* TLS of our own, PEM files; or none of both, and then listen must be a loopback address or behind_proxy. */
	char *tls_certificate;
	char *tls_key;
	bool behind_proxy; /* the last address of X-Forwarded-For is the client's; TLS ends at the proxy */

	/* What it calls itself. Never NULL. */
	char *name;         /* in mails, pages and otpauth URIs: "BeSign" */
	char *country;      /* of the CA's names: "ID" */
	char *organisation; /* of the CA's names */

	bool registration_open;
	/* "NAME ADDRESS NAME ADDRESS …": OAuth 2 clients elsewhere than on the user's machine, each with the one address
	 * where it is answered. NULL: none. */
	char *oauth_clients;
	char *terms_file;    /* plain UTF-8; NULL: the text that comes with the program */
	char *terms_version; /* NULL: that of the text that comes with the program */

	/* Keys and certificates. */
	enum service_keys keys;
	enum service_key_type key_type; /* of new keys, where the person does not choose */
	char *token_uri;                /* RFC 7512; with SERVICE_KEYS_TOKEN */
	char *token_pin_file;
	int64_t certificate_days; /* 730 */
	int64_t renew_days;       /* 30: before the end from when on a certificate may be renewed */
	int64_t batch_max;        /* signatures of one authorisation, CSC's multisign: 1000 */

	/* Mail. */
	enum service_mail mail;
	char *mail_from; /* "BeSign <noreply@sign.example.id>" without CR, LF */
	char *smtp_url;  /* "smtp://mail.example.id:587" (STARTTLS is required) or "smtps://…" */
	char *smtp_user;
	char *smtp_password_file;
	char *smtp_ca_file; /* NULL: the system's */

	/* Limits. */
	int64_t connections_max; /* 100 */
	int64_t idle_seconds;    /* the service ends after so long without a request; 0: never */
};

/* The defaults of the embedded mode. data and socket are copied. */
enum be_err service_config_embedded(
	struct service_config *out, const char *data, const char *socket, struct be_error *err);

/* Reads the file, fills in the defaults of a server, and holds the whole against itself. BE_MALFORMED for what is no
 * such file, BE_USAGE for a name, a value or a combination that cannot be, with "PATH, line N: NAME" in the detail;
 * BE_NOT_FOUND and BE_IO for the file. */
enum be_err service_config_read(struct service_config *out, const char *path, struct be_error *err);

/* Fills the struct with nothing; what service_config_free leaves as well. */
#define SERVICE_CONFIG_EMPTY ((struct service_config){ .embedded = false })
void service_config_free(struct service_config *config);

/* The n-th name that a file may have; NULL after the last. For the test that holds the manual against them. */
const char *service_config_name(unsigned n);

#endif
