/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/exchange.h"

#include <string.h>
#include <unistd.h>

#define STEP_MS 100 /* how long a cancelled transfer goes on at most */
#define SLOW_BYTES 100L
#define SLOW_SECONDS 15L

/* libcurl calls them by name only since 7.85; before, by bits. */
#define OLD_PROTOCOLS ((CURLoption)181)
#define OLD_HTTP 3L
#define OLD_SMTP ((1L << 16) | (1L << 17))
#define OLD_SFTP (1L << 5)

/* ---- what libcurl calls back ---- */

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct net_exchange *exchange = arg;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (address->family != AF_UNIX && !net_address_allowed(&address->addr, exchange->reach)) {
		exchange->blocked = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Called when a connection stands, right before the request is written on it. libcurl writes a request again by itself
 * when a kept connection turns out to be dead; what must not be done twice is stopped there. */
static int before_request(void *arg, char *primary, char *local, int primary_port, int local_port)
{
	struct net_exchange *exchange = arg;

	(void)primary, (void)local, (void)primary_port, (void)local_port;
	if (exchange->once && exchange->began)
		return CURL_PREREQFUNC_ABORT;
	exchange->began = true;
	return CURL_PREREQFUNC_OK;
}

static int tell_progress(void *arg, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
	const struct net_exchange *exchange = arg;

	if (exchange->progress != NULL)
		exchange->progress(exchange->progress_arg, (uint64_t)sent, (uint64_t)to_send, (uint64_t)received,
			(uint64_t)to_receive);
	return exchange->cancel != NULL && atomic_load(exchange->cancel);
}

/* ---- a transfer ---- */

static bool set_protocols(struct net *net, const char *protocols)
{
	long old = strncmp(protocols, "http", 4) == 0 ? OLD_HTTP : strcmp(protocols, "sftp") == 0 ? OLD_SFTP : OLD_SMTP;

	if (net->curl->easy_setopt(net->easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK)
		return true;
	return NET_SET(net, OLD_PROTOCOLS, old);
}

static bool set_policy(struct net *net, struct net_exchange *exchange)
{
	return NET_SET(net, CURLOPT_NOSIGNAL, 1L) && NET_SET(net, CURLOPT_FOLLOWLOCATION, 0L) &&
		NET_SET(net, CURLOPT_SSL_VERIFYPEER, 1L) && NET_SET(net, CURLOPT_SSL_VERIFYHOST, 2L) &&
		NET_SET(net, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
		NET_SET(net, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
		NET_SET(net, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
		NET_SET(net, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
		NET_SET(net, CURLOPT_OPENSOCKETDATA, exchange) &&
		NET_SET(net, CURLOPT_XFERINFOFUNCTION, tell_progress) && NET_SET(net, CURLOPT_XFERINFODATA, exchange) &&
		NET_SET(net, CURLOPT_NOPROGRESS, 0L) && NET_SET(net, CURLOPT_ERRORBUFFER, net->said) &&
		NET_SET(net, CURLOPT_PREREQFUNCTION, before_request) && NET_SET(net, CURLOPT_PREREQDATA, exchange);
}

/* A long poll is silent for as long as it was asked to be; whoever sets a longer time means it. */
static bool set_times(struct net *net, uint32_t connect_ms, uint32_t total_ms)
{
	bool patient = total_ms > 2000u * (uint32_t)SLOW_SECONDS;

	return NET_SET(net, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms) &&
		NET_SET(net, CURLOPT_TIMEOUT_MS, (long)total_ms) &&
		(patient ||
			(NET_SET(net, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES) &&
				NET_SET(net, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS)));
}

enum be_err net_exchange_begin(struct net *net, struct net_exchange *exchange, const char *url, const char *protocols,
	uint32_t connect_ms, uint32_t total_ms, const char *ca_file, struct be_error *err)
{
	net->curl->easy_reset(net->easy);
	net->said[0] = '\0';
	exchange->net = net;
	if (set_policy(net, exchange) && set_protocols(net, protocols) && set_times(net, connect_ms, total_ms) &&
		(ca_file == NULL ||
			(NET_SET(net, CURLOPT_CAINFO, ca_file) && NET_SET(net, CURLOPT_CAPATH, (char *)NULL))) &&
		NET_SET(net, CURLOPT_URL, url))
		return BE_OK;
	return be_fail(err, BE_UNSUPPORTED, N_("This machine's libcurl is too old to be used safely"), NULL);
}

static bool is_cancelled(const struct net_exchange *exchange)
{
	return exchange->cancel != NULL && atomic_load(exchange->cancel);
}

CURLcode net_exchange_run(struct net_exchange *exchange)
{
	const struct net_curl *curl = exchange->net->curl;
	CURLM *multi = exchange->net->multi;
	CURLcode code = CURLE_FAILED_INIT;
	CURLMsg *message;
	int running = 1, left;

	if (curl->multi_add_handle(multi, exchange->net->easy) != CURLM_OK)
		return CURLE_OUT_OF_MEMORY;
	while (running != 0 && !is_cancelled(exchange)) {
		if (curl->multi_perform(multi, &running) != CURLM_OK)
			break;
		if (running != 0 && curl->multi_poll(multi, NULL, 0, STEP_MS, NULL) != CURLM_OK)
			break;
	}
	if (running != 0 && is_cancelled(exchange))
		code = CURLE_ABORTED_BY_CALLBACK;
	while ((message = curl->multi_info_read(multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			code = message->data.result;
	(void)curl->multi_remove_handle(multi, exchange->net->easy);
	return code;
}

/* ---- in our words ---- */

static bool is_tls(CURLcode code)
{
	static const CURLcode codes[] = { CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
		CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
		CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* libcurl's own sentence names hosts and numbers, never what stands behind the host in a URL. */
static enum be_err fail_because(
	const struct net_exchange *exchange, CURLcode code, enum be_err as, const char *msgid, struct be_error *err)
{
	const char *said = exchange->net->said;

	return be_fail(err, as, msgid, "%s", said[0] != '\0' ? said : exchange->net->curl->easy_strerror(code));
}

enum be_err net_exchange_fail(const struct net_exchange *exchange, CURLcode code, bool unknown, struct be_error *err)
{
	if (code == CURLE_OUT_OF_MEMORY)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (exchange->too_much)
		return be_fail(err, BE_LIMIT, N_("The answer is larger than it may be"), NULL);
	if (unknown && exchange->began)
		return fail_because(exchange, code, BE_UNKNOWN_OUTCOME,
			N_("The request was sent, but no answer came: it may have been carried out"), err);
	if (is_cancelled(exchange))
		return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
	if (exchange->blocked)
		return be_fail(err, BE_BLOCKED,
			exchange->reach == NET_REACH_PUBLIC
				? N_("The address leads into this machine or a private network, and is not asked")
				: N_("The address does not lead to this machine, and is not asked without TLS"),
			NULL);
	if (is_tls(code))
		return fail_because(exchange, code, BE_TLS,
			N_("The other side could not prove who it is, so nothing was sent"), err);
	if (exchange->began && (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL))
		return fail_because(exchange, code, BE_MALFORMED, N_("The answer is not one of the web"), err);
	return fail_because(exchange, code, BE_NETWORK, N_("The other side could not be reached"), err);
}
