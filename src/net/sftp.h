/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_SFTP_H
#define NET_SFTP_H

/*
 * A file put on somebody's server by SFTP, through the same libcurl as everything else. Owns the rules of it: the server
 * has to be one whose key is known, a file gets its name only when it is whole, and an existing one is refused unless it
 * is to be replaced. Knows no screens, and no file but the one that it is given.
 */

#include "net/net.h"

/* sftp://USER@HOST[:PORT]/DIR taken apart; DIR as bytes, "/~/x" is x in USER's home directory, as in ssh's own URLs. */
struct net_sftp_place {
	char host[256]; /* without brackets, in lower case */
	uint16_t port;
	char user[256];
	char dir[1024]; /* begins with a slash and ends in one */
};

/* BE_USAGE with one sentence: another scheme, no user, a password in it, controls. */
enum be_err net_sftp_place_read(struct net_sftp_place *out, const char *url, struct be_error *err);

/* Everything is borrowed. Proving who we are: with a password and no key file by the password; with a key file by that,
 * and the password opens it; with neither by the ssh-agent of the environment. */
struct net_sftp_server {
	const struct net_sftp_place *place;
	const char *known_hosts; /* in the form of OpenSSH; one that is not there knows nobody */
	const char *identity;    /* NULL: none */
	const struct secret *password;
	uint32_t silence_s; /* how long it may do nothing; 0: 30 */
};

struct net_sftp_file {
	int fd; /* read from the start by pread */
	uint64_t len;
	const char *name; /* on the server: bytes without a slash */
	unsigned mode;    /* before the server's own mask */
	bool replace;
	const atomic_bool *cancel;
	net_progress progress;
	void *progress_arg;
};

/* Writes beside the target, under a name that nobody else uses, and renames. Replacing takes the old one away first: there
 * is a moment without either, and a server that then does not rename has the new one under its hidden name (BE_REFUSED says
 * so). BE_TLS: the server's key is not known, or another one than it was (the detail is the key's
 * kind and fingerprint); BE_DENIED: it does not take user and key or password; BE_EXISTS, BE_NOT_FOUND (the directory),
 * BE_REFUSED, BE_FULL; BE_NETWORK, BE_CANCELLED: nothing has the name; BE_UNKNOWN_OUTCOME: the renaming was asked for and
 * not answered; BE_UNSUPPORTED: this libcurl has no SFTP; BE_IO: the file could not be read to its end. */
enum be_err net_sftp_put(
	struct net *net, const struct net_sftp_server *server, const struct net_sftp_file *file, struct be_error *err);

#endif
