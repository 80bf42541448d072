/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/unlock_parts.h"

#include "base/encode.h"
#include "crypto/digest.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The agent may stand on another machine and in other hands (ssh -A), so its answers are a stranger's: every length is
 * held against what is there, and an answer ends where it says. */

#define REQUEST_IDENTITIES 11u
#define IDENTITIES_ANSWER 12u
#define SIGN_REQUEST 13u
#define SIGN_RESPONSE 14u
#define FAILURE 5u
#define RSA_SHA2_512 4u

#define MESSAGE_MAX 262144u
#define BLOB_MAX 16384u
#define SIGNATURE_MAX 2048u /* of an RSA key of 16384 bits */
#define RSA_BYTES_MIN 256u
#define ED25519_SIGNATURE 64u

#define LOOK_WITHIN_MS 2000
#define SIGN_WITHIN_MS 60000 /* a person may have to confirm */
#define CANCEL_WITHIN_MS 100

struct agent {
	int fd;
	int64_t until; /* ms, monotonic: for the answer that is waited for */
	const atomic_bool *cancel;
	struct buffer blobs[UNLOCK_AGENT_KEYS_MAX]; /* of the keys that were listed, */
	struct unlock_agent_keys keys;              /* and what they are */
};

static const char gone[] = N_("The ssh-agent went away, or did not answer in time");
static const char nonsense[] = N_("The ssh-agent's answer makes no sense");
static const char no_agent[] =
	N_("There is no ssh-agent here: start one and add a key with ssh-add -c, or log in with ssh -A");

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the connection ---- */

static enum be_err wait_for(const struct agent *agent, short events, struct be_error *err)
{
	struct pollfd one = { .fd = agent->fd, .events = events };

	for (;;) {
		const int64_t left = agent->until - now_ms();
		int ready;

		if (agent->cancel != NULL && atomic_load(agent->cancel))
			return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		if (left <= 0)
			return be_fail(err, BE_DENIED, gone, NULL);
		ready = poll(&one, 1, left < CANCEL_WITHIN_MS ? (int)left : CANCEL_WITHIN_MS);
		if (ready > 0)
			return BE_OK;
		if (ready < 0 && errno != EINTR)
			return be_fail_errno(err, BE_IO, gone, "poll");
	}
}

static enum be_err send_all(const struct agent *agent, const struct buffer *message, struct be_error *err)
{
	for (size_t at = 0; at < message->len;) {
		const ssize_t n = send(agent->fd, message->data + at, message->len - at, MSG_NOSIGNAL);
		enum be_err rc;

		if (n > 0) {
			at += (size_t)n;
			continue;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return be_fail_errno(err, BE_DENIED, gone, "send");
		rc = wait_for(agent, POLLOUT, err);
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

/* Signatures are what wraps are made of, so an answer goes into locked memory, past nothing that stays. */
static enum be_err receive(const struct agent *agent, struct secret *into, size_t len, struct be_error *err)
{
	uint8_t piece[512];
	enum be_err rc = BE_OK;

	while (rc == BE_OK && len > 0) {
		const ssize_t n = recv(agent->fd, piece, len < sizeof(piece) ? len : sizeof(piece), 0);

		if (n > 0) {
			rc = secret_add(into, piece, (size_t)n, err);
			len -= (size_t)n;
		} else if (n == 0) {
			rc = be_fail(err, BE_DENIED, gone, "closed");
		} else if (errno == EAGAIN || errno == EINTR) {
			rc = wait_for(agent, POLLIN, err);
		} else {
			rc = be_fail_errno(err, BE_DENIED, gone, "recv");
		}
	}
	explicit_bzero(piece, sizeof(piece));
	return rc;
}

static enum be_err receive_answer(struct secret **out, const struct agent *agent, struct be_error *err)
{
	struct secret *head = NULL;
	size_t len = 0;
	enum be_err rc = secret_new(&head, 4, err);

	if (rc == BE_OK)
		rc = receive(agent, head, 4, err);
	if (rc == BE_OK) {
		for (size_t i = 0; i < 4; i++)
			len = len << 8 | secret_bytes(head)[i];
		if (len == 0 || len > MESSAGE_MAX)
			rc = be_fail(err, BE_MALFORMED, nonsense, "%zu bytes", len);
	}
	secret_free(&head);
	if (rc == BE_OK)
		rc = secret_new(out, len, err);
	if (rc == BE_OK)
		rc = receive(agent, *out, len, err);
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}

static enum be_err connect_to(int *out, const char *path, struct be_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t len = strlen(path);

	*out = -1;
	if (len == 0 || len >= sizeof(address.sun_path))
		return be_fail(err, BE_NOT_FOUND, no_agent, NULL);
	memcpy(address.sun_path, path, len);
	*out = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*out < 0)
		return be_fail_errno(err, BE_IO, no_agent, "socket");
	if (connect(*out, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return BE_OK;
	(void)be_fail_errno(err, BE_NOT_FOUND, no_agent, path);
	(void)close(*out);
	*out = -1;
	return BE_NOT_FOUND;
}

enum be_err agent_open(struct agent **out, const atomic_bool *cancel, struct be_error *err)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	struct agent *agent = NULL;
	enum be_err rc;

	*out = NULL;
	if (path == NULL)
		return be_fail(err, BE_NOT_FOUND, no_agent, NULL);
	agent = calloc(1, sizeof(*agent));
	if (agent == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	agent->cancel = cancel;
	rc = connect_to(&agent->fd, path, err);
	if (rc == BE_OK)
		*out = agent;
	else
		agent_close(&agent);
	return rc;
}

void agent_close(struct agent **agent)
{
	if (*agent == NULL)
		return;
	if ((*agent)->fd >= 0)
		(void)close((*agent)->fd);
	for (size_t i = 0; i < (*agent)->keys.count; i++)
		buffer_free(&(*agent)->blobs[i]);
	free(*agent);
	*agent = NULL;
}

/* ---- numbers and strings of the protocol (RFC 4251, section 5) ---- */

static void put_u32(struct buffer *out, size_t number)
{
	const uint8_t bytes[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	buffer_add(out, bytes, sizeof(bytes));
}

static void put_string(struct buffer *out, const void *bytes, size_t len)
{
	put_u32(out, len);
	buffer_add(out, bytes, len);
}

struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

struct piece {
	const uint8_t *bytes;
	size_t len;
};

static size_t take_u32(struct reader *r)
{
	size_t number = 0;

	if (r->left < 4) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < 4; i++)
		number = number << 8 | r->at[i];
	r->at += 4;
	r->left -= 4;
	return number;
}

static struct piece take_string(struct reader *r)
{
	const size_t len = take_u32(r);
	const struct piece found = { r->at, len };

	if (r->bad || len > r->left) {
		r->bad = true;
		return (struct piece){ (const uint8_t *)"", 0 };
	}
	r->at += len;
	r->left -= len;
	return found;
}

static bool is(struct piece piece, const char *word)
{
	return piece.len == strlen(word) && memcmp(piece.bytes, word, piece.len) == 0;
}

/* ---- which keys there are ---- */

static void copy_text(char *out, size_t size, struct piece text)
{
	const size_t len = text.len < size - 1 ? text.len : size - 1;

	memcpy(out, text.bytes, len);
	out[len] = '\0';
}

/* As ssh-keygen -l has it. */
static bool put_fingerprint(char out[static UNLOCK_FINGERPRINT_MAX], const struct buffer *blob)
{
	uint8_t digest[DIGEST_MAX];
	struct buffer text = BUFFER_EMPTY;
	size_t len = 0;
	bool good;

	if (digest_bytes(DIGEST_SHA256, blob->data, blob->len, digest, &len, NULL) != BE_OK)
		return false;
	buffer_add_str(&text, "SHA256:");
	encode_add(&text, ENCODE_BASE64, digest, len);
	while (!text.failed && text.len > 0 && text.data[text.len - 1] == '=')
		text.len--;
	good = !text.failed && text.len < UNLOCK_FINGERPRINT_MAX;
	if (good)
		copy_text(out, UNLOCK_FINGERPRINT_MAX, (struct piece){ text.data, text.len });
	buffer_free(&text);
	return good;
}

static const char *rsa_off(struct reader *blob)
{
	struct piece modulus;

	(void)take_string(blob);
	modulus = take_string(blob);
	while (modulus.len > 0 && modulus.bytes[0] == 0) {
		modulus.bytes++;
		modulus.len--;
	}
	return modulus.len < RSA_BYTES_MIN ? N_("an RSA key of less than 2048 bits") : NULL;
}

/* Only what gives the same signature for the same message each time can be a key to something. */
static const char *why_off(struct piece type, struct reader *blob)
{
	if (is(type, "ssh-ed25519"))
		return NULL;
	if (is(type, "ssh-rsa"))
		return rsa_off(blob);
	if (type.len > 3 && memcmp(type.bytes, "sk-", 3) == 0)
		return N_("a security key counts its signatures, so each is another one");
	if (type.len > 11 && memcmp(type.bytes, "ecdsa-sha2-", 11) == 0)
		return N_("an ECDSA key signs with a random number, so each signature is another one");
	return N_("only ed25519 and RSA keys can be used");
}

static bool take_key(struct agent *agent, struct reader *answer)
{
	const struct piece blob = take_string(answer);
	const struct piece comment = take_string(answer);
	struct reader inside = { blob.bytes, blob.len, false };
	const struct piece type = take_string(&inside);
	struct unlock_agent_key *key = &agent->keys.keys[agent->keys.count];
	struct buffer *kept = &agent->blobs[agent->keys.count];

	if (answer->bad || inside.bad || blob.len > BLOB_MAX)
		return false;
	/* More keys than anybody has: read past, not kept. */
	if (agent->keys.count == UNLOCK_AGENT_KEYS_MAX)
		return true;
	buffer_add(kept, blob.bytes, blob.len);
	agent->keys.count++;
	copy_text(key->type, sizeof(key->type), type);
	copy_text(key->comment, sizeof(key->comment), comment);
	key->off = why_off(type, &inside);
	return !inside.bad && !kept->failed && put_fingerprint(key->fingerprint, kept);
}

static enum be_err ask(
	struct secret **out, struct agent *agent, const struct buffer *body, int within, struct be_error *err)
{
	struct buffer message = BUFFER_EMPTY;
	enum be_err rc = buffer_check(body, err);

	agent->until = now_ms() + within;
	put_string(&message, body->data, body->len);
	if (rc == BE_OK)
		rc = buffer_check(&message, err);
	if (rc == BE_OK)
		rc = send_all(agent, &message, err);
	if (rc == BE_OK)
		rc = receive_answer(out, agent, err);
	buffer_free(&message);
	return rc;
}

enum be_err agent_list(struct unlock_agent_keys *out, struct agent *agent, struct be_error *err)
{
	struct secret *answer = NULL;
	struct buffer body = BUFFER_EMPTY;
	struct reader r = { NULL, 0, false };
	enum be_err rc;

	*out = (struct unlock_agent_keys){ .count = 0 };
	buffer_add_byte(&body, REQUEST_IDENTITIES);
	rc = ask(&answer, agent, &body, LOOK_WITHIN_MS, err);
	buffer_free(&body);
	if (rc != BE_OK)
		return rc;
	r = (struct reader){ secret_bytes(answer) + 1, secret_len(answer) - 1,
		secret_bytes(answer)[0] != IDENTITIES_ANSWER };
	for (size_t left = r.bad ? 0 : take_u32(&r); !r.bad && left > 0; left--)
		r.bad = !take_key(agent, &r);
	if (r.bad || r.left != 0)
		rc = be_fail(err, BE_MALFORMED, nonsense, NULL);
	else
		*out = agent->keys;
	secret_free(&answer);
	return rc;
}

/* ---- signing ---- */

/* The signature itself, when it is one of that kind. */
static struct piece signature_of(struct reader *answer, const struct unlock_agent_key *key)
{
	const bool rsa = strcmp(key->type, "ssh-rsa") == 0;
	const struct piece whole = take_string(answer);
	struct reader inside = { whole.bytes, whole.len, answer->bad || answer->left != 0 };
	const struct piece type = take_string(&inside);
	const struct piece signature = take_string(&inside);

	answer->bad = inside.bad || inside.left != 0 || !is(type, rsa ? "rsa-sha2-512" : "ssh-ed25519") ||
		(rsa ? signature.len < RSA_BYTES_MIN || signature.len > SIGNATURE_MAX
		     : signature.len != ED25519_SIGNATURE);
	return signature;
}

static enum be_err take_signature(
	struct secret **out, const struct secret *answer, const struct unlock_agent_key *key, struct be_error *err)
{
	struct reader r = { secret_bytes(answer) + 1, secret_len(answer) - 1, false };
	struct piece signature;
	enum be_err rc;

	if (secret_bytes(answer)[0] == FAILURE)
		return be_fail(err, BE_DENIED,
			N_("The ssh-agent refused to sign: it was not confirmed, or the key is gone"), "%s",
			key->fingerprint);
	r.bad = secret_bytes(answer)[0] != SIGN_RESPONSE;
	signature = signature_of(&r, key);
	if (r.bad)
		return be_fail(err, BE_MALFORMED, nonsense, "%s", key->type);
	rc = secret_new(out, signature.len, err);
	return rc == BE_OK ? secret_add(*out, signature.bytes, signature.len, err) : rc;
}

enum be_err agent_sign(struct secret **out, struct agent *agent, const char *fingerprint, const struct buffer *message,
	struct be_error *err)
{
	struct buffer body = BUFFER_EMPTY;
	struct secret *answer = NULL;
	size_t which = 0;
	enum be_err rc;

	*out = NULL;
	while (which < agent->keys.count && strcmp(agent->keys.keys[which].fingerprint, fingerprint) != 0)
		which++;
	if (which == agent->keys.count || agent->keys.keys[which].off != NULL)
		return be_fail(
			err, BE_DENIED, N_("The ssh-agent does not have the key that this needs"), "%s", fingerprint);
	buffer_add_byte(&body, SIGN_REQUEST);
	put_string(&body, agent->blobs[which].data, agent->blobs[which].len);
	put_string(&body, message->data, message->len);
	put_u32(&body, strcmp(agent->keys.keys[which].type, "ssh-rsa") == 0 ? RSA_SHA2_512 : 0);
	rc = ask(&answer, agent, &body, SIGN_WITHIN_MS, err);
	if (rc == BE_OK)
		rc = take_signature(out, answer, &agent->keys.keys[which], err);
	if (rc != BE_OK)
		secret_free(out);
	secret_free(&answer);
	buffer_free(&body);
	return rc;
}
