/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/totp.h"

#include "base/encode.h"
#include "crypto/mac.h"
#include "crypto/random.h"

#include <stdio.h>
#include <string.h>

#define WINDOW 1       /* steps before and after the present one that are accepted */
#define CLOCK_STEPS 20 /* ten minutes: farther than this it is not the clock */
#define LABEL_MAX 64u

int64_t totp_step(int64_t moment)
{
	return moment / TOTP_PERIOD;
}

/* RFC 4226, 5.3, with the step as the counter. */
static enum be_err truncated(const struct secret *secret, int64_t step, uint32_t *out, struct be_error *err)
{
	uint8_t counter[8];
	uint8_t mac[DIGEST_MAX];
	const uint8_t *at;
	enum be_err rc;

	for (unsigned i = 0; i < sizeof(counter); i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	rc = crypto_hmac(DIGEST_SHA1, secret_bytes(secret), secret_len(secret), counter, sizeof(counter), mac, err);
	if (rc != BE_OK)
		return rc;
	at = mac + (mac[19] & 0x0fu);
	*out = (uint32_t)(at[0] & 0x7fu) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	explicit_bzero(mac, sizeof(mac));
	return BE_OK;
}

enum be_err totp_code(
	char out[static TOTP_CODE_MAX], const struct secret *secret, int64_t step, int digits, struct be_error *err)
{
	uint32_t number = 0;
	enum be_err rc = truncated(secret, step, &number, err);

	if (rc == BE_OK && digits == 8)
		(void)snprintf(out, TOTP_CODE_MAX, "%08u", number % 100000000u);
	else if (rc == BE_OK)
		(void)snprintf(out, TOTP_CODE_MAX, "%06u", number % 1000000u);
	return rc;
}

/* Exactly the digits; an authenticator shows "123 456". */
static bool digits_of(char out[static TOTP_DIGITS + 1], const char *code)
{
	size_t n = 0;

	for (; *code != '\0'; code++) {
		if (*code == ' ')
			continue;
		if (*code < '0' || *code > '9' || n == TOTP_DIGITS)
			return false;
		out[n++] = *code;
	}
	out[n] = '\0';
	return n == TOTP_DIGITS;
}

static enum be_err said(struct be_error *err, int64_t distance, int64_t step, int64_t last)
{
	if (distance < -WINDOW || distance > WINDOW)
		return be_fail(err, BE_CLOCK,
			N_("The code belongs to another time: the clock of the device or of the service is wrong"),
			"%+lld", (long long)distance * TOTP_PERIOD);
	if (step <= last)
		return be_fail(err, BE_CODE_USED, N_("This code was used already; wait for the next one"), NULL);
	return BE_OK;
}

enum be_err totp_check(
	const struct secret *secret, const char *code, int64_t now, int64_t last, int64_t *step, struct be_error *err)
{
	char given[TOTP_DIGITS + 1] = "";
	bool whole = digits_of(given, code);
	int64_t found = CLOCK_STEPS + 1;
	enum be_err rc = BE_OK;

	/* All are computed, and the nearest one counts, so that the time does not tell where it was found. */
	for (int64_t away = -CLOCK_STEPS; away <= CLOCK_STEPS && rc == BE_OK; away++) {
		char right[TOTP_CODE_MAX] = "";
		int64_t far = away < 0 ? -away : away;

		rc = totp_code(right, secret, totp_step(now) + away, TOTP_DIGITS, err);
		if (rc == BE_OK && crypto_equal(given, right, TOTP_DIGITS) && far < (found < 0 ? -found : found))
			found = away;
		explicit_bzero(right, sizeof(right));
	}
	explicit_bzero(given, sizeof(given));
	if (rc != BE_OK)
		return rc;
	if (!whole || found > CLOCK_STEPS)
		return be_fail(err, BE_WRONG_CODE, N_("The code is wrong"), NULL);
	*step = totp_step(now) + found;
	return said(err, found, *step, last);
}

enum be_err totp_setup_key(struct secret **out, const struct secret *secret, struct be_error *err)
{
	return encode_secret(out, ENCODE_BASE32, secret, err);
}

/* RFC 3986, 2.3: what needs no percent sign anywhere. */
static void add_escaped(struct buffer *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			buffer_add_byte(out, (uint8_t)*text);
		else
			buffer_printf(out, "%%%02X", (unsigned)(uint8_t)*text);
}

static enum be_err put_uri(struct secret **out, const struct buffer *before, const struct secret *key,
	const struct buffer *after, struct be_error *err)
{
	enum be_err rc = secret_new(out, before->len + secret_len(key) + after->len, err);

	if (rc == BE_OK)
		rc = secret_add(*out, before->data, before->len, err);
	if (rc == BE_OK)
		rc = secret_add(*out, secret_bytes(key), secret_len(key), err);
	if (rc == BE_OK)
		rc = secret_add(*out, after->data, after->len, err);
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}

enum be_err totp_uri(
	struct secret **out, const char *issuer, const char *account, const struct secret *secret, struct be_error *err)
{
	struct buffer before = BUFFER_EMPTY;
	struct buffer after = BUFFER_EMPTY;
	struct secret *key = NULL;
	enum be_err rc;

	*out = NULL;
	if (strlen(issuer) > LABEL_MAX || strlen(account) > LABEL_MAX)
		return be_fail(err, BE_LIMIT, N_("A name is too long"), "at most %u bytes", LABEL_MAX);
	rc = totp_setup_key(&key, secret, err);
	if (rc != BE_OK)
		return rc;
	buffer_add_str(&before, "otpauth://totp/");
	add_escaped(&before, issuer);
	buffer_add_byte(&before, ':');
	add_escaped(&before, account);
	buffer_add_str(&before, "?secret=");
	buffer_add_str(&after, "&issuer=");
	add_escaped(&after, issuer);
	rc = buffer_check(&before, err);
	if (rc == BE_OK)
		rc = buffer_check(&after, err);
	if (rc == BE_OK)
		rc = put_uri(out, &before, key, &after, err);
	secret_free(&key);
	buffer_free(&before);
	buffer_free(&after);
	return rc;
}
