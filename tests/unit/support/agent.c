/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/agent.h"

#include "base/buffer.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
	char dir[32], path[64];
	char keys[16];
	int listening, stop[2];
	pthread_t thread;
	_Atomic(enum agent_manner) manner;
	atomic_size_t signings;
	atomic_bool framed;
	atomic_uint flags;
} agent;

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "agent: %s\n", what);
	abort();
}

static void put_u32(struct buffer *out, size_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_add_byte(out, (uint8_t)(number >> shift));
}

static void put_string(struct buffer *out, const void *bytes, size_t len)
{
	put_u32(out, len);
	buffer_add(out, bytes, len);
}

static size_t get_u32(const uint8_t *at)
{
	return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* ---- keys ---- */

static const char *type_of(char key)
{
	switch (key) {
	case 'r':
	case 'w':
		return "ssh-rsa";
	case 'p':
		return "ecdsa-sha2-nistp256";
	case 's':
		return "sk-ssh-ed25519@openssh.com";
	case 'd':
		return "ssh-dss";
	default:
		return "ssh-ed25519";
	}
}

static void put_blob(struct buffer *out, char key)
{
	struct buffer blob = BUFFER_EMPTY;
	const char *type = type_of(key);

	if (key == 'b')
		put_u32(&blob, 4000);
	put_string(&blob, type, strlen(type));
	if (key == 'r' || key == 'w') {
		put_string(&blob, "\1\0\1", 3);
		put_u32(&blob, key == 'r' ? 257 : 129);
		buffer_add_byte(&blob, 0);
		buffer_add_fill(&blob, (uint8_t)key, key == 'r' ? 256 : 128);
	} else {
		put_u32(&blob, 32);
		buffer_add_fill(&blob, (uint8_t)key, 32);
	}
	put_string(out, blob.data, blob.len);
	buffer_free(&blob);
}

static void put_list(struct buffer *out, enum agent_manner manner)
{
	const size_t count = strlen(agent.keys);

	if (manner == AGENT_LIST_REFUSED) {
		buffer_add_byte(out, 5);
		return;
	}
	buffer_add_byte(out, 12);
	put_u32(out, manner == AGENT_COUNTS_WRONG ? 0xFFFFFFFFu : count);
	for (size_t i = 0; i < count; i++) {
		char comment[] = "kunci \033[31m?";

		comment[sizeof(comment) - 2] = agent.keys[i];
		put_blob(out, agent.keys[i]);
		put_string(out, comment, strlen(comment));
	}
	if (manner == AGENT_LIST_TRAILING)
		buffer_add_byte(out, 0);
}

/* ---- signing ---- */

static char key_of(const uint8_t *blob, size_t len)
{
	for (const char *k = agent.keys; *k != '\0'; k++) {
		struct buffer mine = BUFFER_EMPTY;
		bool same;

		put_blob(&mine, *k);
		same = mine.len == len + 4 && memcmp(mine.data + 4, blob, len) == 0;
		buffer_free(&mine);
		if (same)
			return *k;
	}
	return '\0';
}

static void put_signature(struct buffer *out, char key, const uint8_t *message, size_t len, enum agent_manner manner)
{
	struct buffer both = BUFFER_EMPTY;
	uint8_t digest[DIGEST_MAX];
	size_t digest_len = 0;
	size_t size = key == 'r' ? 256 : 64;

	buffer_add_byte(&both, manner == AGENT_ANOTHER_KEY ? (uint8_t)'x' : (uint8_t)key);
	buffer_add(&both, message, len);
	must(digest_bytes(DIGEST_SHA512, both.data, both.len, digest, &digest_len, NULL) == BE_OK, "no digest");
	buffer_free(&both);
	if (manner == AGENT_RANDOM)
		must(crypto_random(digest, digest_len, NULL) == BE_OK, "no random bytes");
	if (manner == AGENT_SHORT)
		size--;
	if (manner == AGENT_LONG)
		size += 4000;
	put_u32(out, size);
	for (size_t i = 0; i < size; i++)
		buffer_add_byte(out, digest[i % digest_len]);
}

static void put_signed(struct buffer *out, const struct buffer *request, enum agent_manner manner)
{
	static const char framed[] = "SSHSIG\0\0\0\x0Dunlock@besign\0\0\0\0\0\0\0\x06sha512";
	const size_t blob_len = get_u32(request->data + 1);
	const uint8_t *message = request->data + 9 + blob_len;
	const size_t len = get_u32(request->data + 5 + blob_len);
	const char key = key_of(request->data + 5, blob_len);
	const char *type = key == 'r' ? "rsa-sha2-512" : "ssh-ed25519";
	struct buffer inside = BUFFER_EMPTY;

	atomic_fetch_add(&agent.signings, 1);
	atomic_store(
		&agent.framed, len == sizeof(framed) - 1 + 4 + 64 && memcmp(message, framed, sizeof(framed) - 1) == 0);
	atomic_store(&agent.flags, (unsigned)get_u32(message + len));
	if (key == '\0' || manner == AGENT_DECLINES) {
		buffer_add_byte(out, 5);
		return;
	}
	if (manner == AGENT_WRONG_TYPE)
		type = "ssh-rsa";
	put_string(&inside, type, strlen(type));
	put_signature(&inside, key, message, len, manner);
	buffer_add_byte(out, 14);
	if (manner == AGENT_OVERLAPPING) {
		put_u32(out, inside.len + 1000);
		buffer_add(out, inside.data, inside.len);
	} else {
		put_string(out, inside.data, inside.len);
	}
	if (manner == AGENT_TRAILING)
		buffer_add_str(out, "more");
	buffer_free(&inside);
}

/* ---- the conversation ---- */

static bool receive(int fd, void *into, size_t len)
{
	return recv(fd, into, len, MSG_WAITALL) == (ssize_t)len;
}

/* False: the conversation is over. */
static bool answer(int fd, const struct buffer *request)
{
	const enum agent_manner manner = atomic_load(&agent.manner);
	const bool sign = request->data[0] == 13;
	struct buffer body = BUFFER_EMPTY;
	struct buffer message = BUFFER_EMPTY;
	bool goes_on = true;

	if (sign && manner != AGENT_WRONG_ANSWER)
		put_signed(&body, request, manner);
	else
		put_list(&body, manner);
	if (sign && manner == AGENT_LEAVES) {
		goes_on = false;
	} else if (!sign || manner != AGENT_SILENT) {
		const size_t say = !sign        ? body.len
			: manner == AGENT_HUGE  ? 0xFFFFFFFFu
			: manner == AGENT_EMPTY ? 0
			: manner == AGENT_CUT   ? body.len + 500
						: body.len;

		put_u32(&message, say);
		buffer_add(&message, body.data, body.len);
		goes_on = send(fd, message.data, message.len, MSG_NOSIGNAL) == (ssize_t)message.len &&
			!(sign && manner == AGENT_CUT);
	}
	buffer_free(&message);
	buffer_free(&body);
	return goes_on;
}

static void serve(int fd)
{
	struct pollfd both[] = { { .fd = fd, .events = POLLIN }, { .fd = agent.stop[0], .events = POLLIN } };
	struct buffer request = BUFFER_EMPTY;
	uint8_t head[4];
	bool goes_on = true;

	while (goes_on && poll(both, 2, -1) > 0 && both[1].revents == 0) {
		if (!receive(fd, head, sizeof(head)))
			break;
		buffer_reset(&request);
		buffer_add_fill(&request, 0, get_u32(head));
		goes_on = request.len > 0 && receive(fd, request.data, request.len) && answer(fd, &request);
	}
	buffer_free(&request);
	(void)close(fd);
}

static void *run(void *unused)
{
	struct pollfd both[] = { { .fd = agent.listening, .events = POLLIN },
		{ .fd = agent.stop[0], .events = POLLIN } };

	(void)unused;
	while (poll(both, 2, -1) > 0 && both[1].revents == 0) {
		const int fd = accept(agent.listening, NULL, NULL);

		if (fd >= 0)
			serve(fd);
	}
	return NULL;
}

void agent_start(const char *keys, enum agent_manner manner)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(&agent, 0, sizeof(agent));
	(void)snprintf(agent.keys, sizeof(agent.keys), "%s", keys);
	atomic_store(&agent.manner, manner);
	(void)strcpy(agent.dir, "/tmp/besign-agent-XXXXXX");
	must(mkdtemp(agent.dir) != NULL, "no directory");
	(void)snprintf(agent.path, sizeof(agent.path), "%s/agent", agent.dir);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", agent.path);
	agent.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(agent.listening >= 0 && pipe(agent.stop) == 0 &&
			bind(agent.listening, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
			listen(agent.listening, 4) == 0 && setenv("SSH_AUTH_SOCK", agent.path, 1) == 0 &&
			pthread_create(&agent.thread, NULL, run, NULL) == 0,
		"no socket");
}

void agent_set(enum agent_manner manner)
{
	atomic_store(&agent.manner, manner);
}

void agent_drop(const char *keys)
{
	char kept[sizeof(agent.keys)] = "";

	for (const char *k = agent.keys; *k != '\0'; k++)
		if (strchr(keys, *k) == NULL)
			kept[strlen(kept)] = *k;
	memcpy(agent.keys, kept, sizeof(kept));
}

void agent_stop(void)
{
	must(write(agent.stop[1], "", 1) == 1 && pthread_join(agent.thread, NULL) == 0, "it does not stop");
	(void)close(agent.listening);
	(void)close(agent.stop[0]);
	(void)close(agent.stop[1]);
	(void)unlink(agent.path);
	(void)rmdir(agent.dir);
	(void)unsetenv("SSH_AUTH_SOCK");
}

size_t agent_signings(void)
{
	return atomic_load(&agent.signings);
}

bool agent_was_framed(void)
{
	return atomic_load(&agent.framed);
}

unsigned agent_flags(void)
{
	return atomic_load(&agent.flags);
}
