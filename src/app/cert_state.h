/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CERT_STATE_H
#define APP_CERT_STATE_H

/*
 * The states of a certificate at an account service, as the authority spells them, and what they mean to its owner.
 * One of a later service's is shown as it comes.
 */

#include "app/verify_text.h"

/* What is remembered of a chosen certificate that the account does not have; no service's word. */
#define CERT_STATE_NONE "NO_CERTIFICATE"

/* "ISSUED" for the authority's "ISSUE"; others as they come, borrowed. */
const char *cert_state_shown(const char *state);
/* It can sign. */
bool cert_state_works(const char *state);
enum verify_text_mood cert_state_mood(const char *state);
/* msgid: what it means, and what comes next; NULL for a state that is not known. */
const char *cert_state_about(const char *state);
/* The same for who is at the command line: names the command that comes next. */
const char *cert_state_next(const char *state);

#endif
