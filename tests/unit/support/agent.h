/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_AGENT_H
#define SUPPORT_AGENT_H

/*
 * An ssh-agent of our own on a socket of its own, in a thread, that SSH_AUTH_SOCK names: honest, or hostile in one way.
 * Its signatures are none; they are only the same for the same message. Everything in here ends the program when it
 * cannot do what it is asked.
 */

#include <stdbool.h>
#include <stddef.h>

enum agent_manner {
	AGENT_HONEST,
	AGENT_RANDOM,        /* another signature each time */
	AGENT_DECLINES,      /* the person does not confirm */
	AGENT_LEAVES,        /* hangs up instead of signing */
	AGENT_SILENT,        /* never answers a request to sign */
	AGENT_ANOTHER_KEY,   /* signs with another key than it was asked for */
	AGENT_WRONG_TYPE,    /* says that the signature is of another kind */
	AGENT_SHORT,         /* the signature lacks a byte */
	AGENT_LONG,          /* or has some thousand too many */
	AGENT_HUGE,          /* an answer of four gigabytes */
	AGENT_EMPTY,         /* an answer of no byte */
	AGENT_CUT,           /* says more than it sends, and hangs up */
	AGENT_OVERLAPPING,   /* a string that is longer than the answer */
	AGENT_TRAILING,      /* bytes after the end of the answer */
	AGENT_WRONG_ANSWER,  /* lists keys when asked for a signature */
	AGENT_COUNTS_WRONG,  /* more keys said than listed */
	AGENT_LIST_TRAILING, /* bytes after the list */
	AGENT_LIST_REFUSED,  /* failure instead of a list */
	AGENT_MANNERS
};

/* What keys it has, a letter each: e ed25519, f another ed25519, r RSA of 2048 bits, w a weak RSA key, p ECDSA, s a key
 * on a security key, d DSA, b one whose blob is broken. */
void agent_start(const char *keys, enum agent_manner manner);
void agent_set(enum agent_manner manner);
/* Forgets a key, as ssh-add -d does. */
void agent_drop(const char *keys);
void agent_stop(void);

/* How often it was asked to sign. */
size_t agent_signings(void);
/* The last message began as sshsig's do, with our namespace; and with which flags. */
bool agent_was_framed(void);
unsigned agent_flags(void);

#endif
