/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bodies of the API from a stranger: whatever they are, reading fills a record within its bounds or leaves zeros; what
 * was read can be written and read again, and is then written the same. The first byte says which record (or that it is
 * a form), the rest is the body.
 */

#include "wire/csc.h"
#include "wire/failure.h"
#include "wire/form.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct wire_message *const messages[] = { &wire_nothing_message, &wire_service_message,
	&wire_register_message, &wire_login_message, &wire_login_step_message, &wire_login_code_message,
	&wire_login_enrol_message, &wire_device_add_message, &wire_enrolment_message, &wire_device_confirm_message,
	&wire_tokens_message, &wire_profile_message, &wire_devices_message, &wire_device_remove_message,
	&wire_certificate_message, &wire_certificates_message, &wire_certificate_request_message,
	&wire_certificate_renew_message, &wire_certificate_revoke_message, &wire_history_message, &wire_wait_message,
	&wire_certificate_import_message, &wire_terms_message, &wire_passphrase_set_message,
	&wire_passphrase_change_message, &wire_password_change_message, &wire_mailbox_message, &wire_csc_info_message,
	&wire_csc_list_message, &wire_csc_credentials_message, &wire_csc_credential_message,
	&wire_csc_authorize_message, &wire_csc_sad_message, &wire_csc_extend_message, &wire_csc_sign_hash_message,
	&wire_csc_signatures_message, &wire_csc_timestamp_message, &wire_csc_token_message };
#define MESSAGES (sizeof(messages) / sizeof(messages[0]))

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static bool all_zeros(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void record(const struct wire_message *message, const uint8_t *body, size_t len)
{
	uint8_t *first = malloc(message->size);
	uint8_t *second = malloc(message->size);
	struct secret *once = NULL;
	struct secret *twice = NULL;

	expect(first != NULL && second != NULL);
	memset(first, 0xA5, message->size);
	if (wire_decode(first, message, body, len, NULL) != BE_OK) {
		expect(all_zeros(first, message->size));
	} else if (wire_encode(&once, message, first, NULL) == BE_OK) {
		/* Only the escaping of a body near the limit may make it too long to be written. */
		expect(wire_decode(second, message, secret_bytes(once), secret_len(once), NULL) == BE_OK);
		expect(wire_encode(&twice, message, second, NULL) == BE_OK);
		expect(secret_len(once) == secret_len(twice) &&
			memcmp(secret_bytes(once), secret_bytes(twice), secret_len(once)) == 0);
		wire_free(message, second);
	} else {
		expect(len > WIRE_BODY_MAX / 6);
	}
	wire_free(message, first);
	expect(all_zeros(first, message->size));
	secret_free(&once);
	secret_free(&twice);
	free(first);
	free(second);
}

static void form(const uint8_t *body, size_t len)
{
	static const char *const names[] = { "code", "client_id", "a", "" };
	struct wire_form *parsed = NULL;

	if (wire_form_parse(&parsed, body, len, NULL) != BE_OK) {
		expect(parsed == NULL);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct secret *value = wire_form_secret(parsed, names[i]);
		const struct wire_form_pair pair = { "v", value != NULL ? secret_bytes(value) : NULL,
			value != NULL ? secret_len(value) : 0 };
		struct wire_form *again = NULL;
		struct secret *written = NULL;

		if (value == NULL)
			continue;
		expect(secret_len(value) <= len && strlen(wire_form_text(parsed, names[i])) == secret_len(value));
		if (wire_form_write(&written, &pair, 1, NULL) == BE_OK) {
			expect(wire_form_parse(&again, secret_bytes(written), secret_len(written), NULL) == BE_OK);
			expect(strcmp(wire_form_text(again, "v"), (const char *)secret_bytes(value)) == 0);
			wire_form_free(&again);
			secret_free(&written);
		}
	}
	wire_form_free(&parsed);
}

static void refusal(const uint8_t *body, size_t len)
{
	struct wire_failure failure;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = wire_failure_decode(&failure, 400, body, len, &err);

	expect(rc != BE_OK && err.code == rc && err.msgid != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] < MESSAGES)
		record(messages[data[0]], data + 1, size - 1);
	else if (data[0] % 2 == 0)
		form(data + 1, size - 1);
	else
		refusal(data + 1, size - 1);
	return 0;
}
