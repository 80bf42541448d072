/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CERT_VERBS_H
#define CLI_CERT_VERBS_H

/*
 * What "besign cert" is given, and its verbs: those that only look are in cmd_cert.c, those that change something at the
 * service in cert_life.c. Each is a run of struct verb.
 */

#include "cli/verbs.h"

struct cert_wishes {
	bool json;
	int expires_within; /* days; -1: not asked */
	const char *key;
	const char *accept_terms;
	const char *reason;
	bool yes;
	int p12_password_fd; /* -1: asked for */
	int passphrase_fd;
	const char *output;
	bool chain;
};

enum be_err cert_terms(const void *into, char *const *words, int *status, struct be_error *err);
enum be_err cert_issue(const void *into, char *const *words, int *status, struct be_error *err);
enum be_err cert_renew(const void *into, char *const *words, int *status, struct be_error *err);
enum be_err cert_revoke(const void *into, char *const *words, int *status, struct be_error *err);
enum be_err cert_import(const void *into, char *const *words, int *status, struct be_error *err);

#endif
