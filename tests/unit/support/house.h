/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_HOUSE_H
#define SUPPORT_HOUSE_H

/*
 * The parts of a service in the test's own process, without HTTP and without a thread that carries letters, in a
 * directory of its own; and an invented person in it. Everything in here ends the test when it cannot do what it is asked.
 */

#include "service/certificates.h"
#include "service/mail.h"

struct house {
	char dir[64];
	struct service *service;
};

#define HOUSE_NOW 1780000000
#define HOUSE_PASSPHRASE "gunung-agung-3142"

/* Opens the parts; the directory is made when dir is "". public_url may be NULL. The clock stands at HOUSE_NOW until a
 * test sets it. */
void house_open(struct house *house, const char *public_url);
/* Closes the parts; the directory stays. */
void house_close(struct house *house);
void house_remove(struct house *house);

/* number tells people apart. */
int64_t house_person(struct house *house, unsigned number);
/* Carries the letters, and gives the newest link that this person got; owned by the caller, its secret alone. */
struct secret *house_link(struct house *house, unsigned number);
struct secret *house_secret(const char *text);

/* The version of the terms in force. Static. */
const char *house_terms(struct house *house);
/* Request, link, passphrase: an ISSUE certificate. */
void house_issue(struct house *house, unsigned number, int64_t user, char id[static STORE_ID_SIZE]);
struct store_certificate house_certificate(struct house *house, const char *id);

#endif
