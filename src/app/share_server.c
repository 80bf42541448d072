/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include "app/paths.h"
#include "net/sftp.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(void *arg, uint64_t sent, uint64_t to_send, uint64_t received, uint64_t to_receive)
{
	(void)to_send;
	(void)received;
	(void)to_receive;
	share_tell(arg, sent);
}

/* The address of the document there, as a person would write it. */
static void put_target(struct share_document *document, const struct net_sftp_place *place, const char *name)
{
	struct buffer text = BUFFER_EMPTY;
	bool v6 = strchr(place->host, ':') != NULL;

	buffer_printf(&text, "sftp://%s@%s%s%s", place->user, v6 ? "[" : "", place->host, v6 ? "]" : "");
	if (place->port != 22)
		buffer_printf(&text, ":%u", (unsigned)place->port);
	buffer_add_str(&text, place->dir);
	buffer_add_str(&text, name);
	buffer_add_byte(&text, '\0');
	share_done(document, text.failed ? NULL : (const char *)text.data);
	buffer_free(&text);
}

/* asked: the server was; before that a failure is the document's own. */
static enum be_err put(struct share_run *run, struct net *net, const struct net_sftp_server *server,
	struct share_document *document, bool *asked, struct be_error *err)
{
	struct net_sftp_file file = {
		.replace = run->job->server.replace, .cancel = run->job->cancel, .progress = tell, .progress_arg = run
	};
	struct buffer name = BUFFER_EMPTY;
	struct stat st;
	enum be_err rc = share_open(&file.fd, &st, document->path, true, err);

	if (rc != BE_OK)
		return rc;
	paths_name(&name, document->path);
	rc = buffer_check(&name, err);
	if (rc == BE_OK) {
		file.name = (const char *)name.data;
		file.len = (uint64_t)st.st_size;
		file.mode = st.st_mode & 0777;
		*asked = true;
		rc = net_sftp_put(net, server, &file, err);
	}
	if (rc == BE_OK) {
		put_target(document, server->place, file.name);
		run->before += file.len;
	}
	(void)close(file.fd);
	buffer_free(&name);
	return rc;
}

/* The next document would meet the same. */
static bool ends_all(enum be_err rc)
{
	return rc == BE_TLS || rc == BE_DENIED || rc == BE_NETWORK || rc == BE_UNSUPPORTED || rc == BE_NOT_FOUND ||
		rc == BE_FULL;
}

static enum be_err put_all(
	struct share_run *run, struct net *net, const struct net_sftp_server *server, struct be_error *err)
{
	struct share_documents *all = run->job->documents;
	struct be_error error = { .code = BE_OK };
	bool over = false;

	for (size_t i = 0; i < all->count && !share_is_cancelled(run); i++) {
		bool asked = false;
		const enum be_err rc = over ? error.code : put(run, net, server, &all->documents[i], &asked, &error);

		over = over || (asked && ends_all(rc));
		if (over && i == 0) {
			if (err != NULL)
				*err = error;
			return rc;
		}
		if (rc != BE_OK)
			share_failed(&all->documents[i], rc, &error);
	}
	return BE_OK;
}

enum be_err share_server_check(const struct share_server *server, struct be_error *err)
{
	struct net_sftp_place place;

	return net_sftp_place_read(&place, server->url != NULL ? server->url : "", err);
}

enum be_err share_to_server(struct share_run *run, struct be_error *err)
{
	const struct share_server *wish = &run->job->server;
	struct net_sftp_place place;
	struct net_sftp_server server = { .place = &place,
		.identity = wish->identity != NULL && wish->identity[0] != '\0' ? wish->identity : NULL,
		.password = wish->password != NULL && secret_len(wish->password) > 0 ? wish->password : NULL };
	struct buffer hosts = BUFFER_EMPTY;
	struct net *net = NULL;
	enum be_err rc = net_sftp_place_read(&place, wish->url != NULL ? wish->url : "", err);

	if (rc == BE_OK)
		rc = paths_absolute(&hosts, "~/.ssh/known_hosts", NULL, err);
	if (rc == BE_OK)
		rc = net_open(&net, err);
	if (rc == BE_OK) {
		server.known_hosts = (const char *)hosts.data;
		rc = put_all(run, net, &server, err);
	}
	net_close(&net);
	buffer_free(&hosts);
	return rc;
}
