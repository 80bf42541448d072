/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_key.h"

#include "app/cert_state.h"
#include "app/unlock.h"
#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/cert_print.h"
#include "cli/interrupt.h"
#include "cli/password.h"
#include "cli/unlock_saved.h"

#include <string.h>

#define OPTION "--passphrase-fd"

enum be_err sign_key_check(const struct key_wishes *wishes, struct be_error *err)
{
	const int named = (wishes->p12 != NULL) + (wishes->pkcs11 != NULL) + (wishes->credential != NULL);
	struct state state;
	bool chosen;

	if (named > 1)
		return be_fail(err, BE_USAGE, N_("--p12, --pkcs11 and --credential exclude each other"), NULL);
	if (named == 1)
		return BE_OK;
	state_read(&state);
	chosen = state.credential.id[0] != '\0';
	state_free(&state);
	return chosen
		? BE_OK
		: be_fail(err, BE_USAGE,
			  N_("Name the key file with --p12, or choose a certificate of your account: \"besign cert use ID\""),
			  NULL);
}

/* One that was saved, unless it is to be typed or comes from elsewhere; else asked for. */
static enum be_err take_passphrase(struct secret **out, bool *saved, const struct key_wishes *wishes,
	const struct unlock_target *target, const char *question, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*out = NULL;
	if (wishes->passphrase_fd < 0 && !wishes->no_unlock)
		rc = unlock_saved(out, target, interrupt_take(), err);
	*saved = *out != NULL;
	return rc == BE_OK && !*saved ? ask_secret(out, wishes->passphrase_fd, question, OPTION, err) : rc;
}

/* Asked before the passphrase: nobody likes to type one for a file that is not there. */
static enum be_err open_p12(struct signer **out, const struct key_wishes *wishes, struct be_error *err)
{
	struct unlock_target target = { .id = NULL };
	struct secret *passphrase = NULL;
	struct buffer path = BUFFER_EMPTY;
	bool saved = false;
	enum be_err rc = password_check_key_file(wishes->p12, err);

	if (rc == BE_OK)
		rc = unlock_target_file(&target, &path, wishes->p12, NULL, err);
	if (rc == BE_OK)
		rc = take_passphrase(
			&passphrase, &saved, wishes, &target, /* max: 70 */ N_("Passphrase of the key file"), err);
	if (rc == BE_OK)
		rc = signer_open_p12(out, wishes->p12, passphrase, err);
	if (rc == BE_WRONG_PASSPHRASE && saved)
		rc = be_fail(err, rc, unlock_outdated, "%s", wishes->p12);
	buffer_free(&path);
	secret_free(&passphrase);
	return rc;
}

static enum be_err open_token(struct signer **out, const struct key_wishes *wishes, struct be_error *err)
{
	struct secret *pin = NULL;
	enum be_err rc = signer_look_pkcs11(wishes->pkcs11, err);

	if (rc == BE_OK)
		rc = ask_secret(&pin, wishes->passphrase_fd, /* max: 70 */ N_("PIN of the token"), OPTION, err);
	if (rc == BE_OK)
		rc = signer_open_pkcs11(out, wishes->pkcs11, pin, err);
	secret_free(&pin);
	return rc;
}

static enum be_err must_work(const struct wire_certificate *certificate, struct be_error *err)
{
	const char *meaning = cert_state_next(certificate->state);

	if (cert_print_works(certificate))
		return BE_OK;
	return be_fail(err, strcmp(cert_state_shown(certificate->state), "REVOKE") == 0 ? BE_REVOKED : BE_STATE,
		N_("This certificate cannot sign"), "%s: %s", cert_state_shown(certificate->state),
		meaning != NULL ? tr(meaning) : certificate->id);
}

static enum be_err open_credential(struct sign_key *key, const struct key_wishes *wishes, struct be_error *err)
{
	struct wire_certificate certificate = { .id = "" };
	struct secret *passphrase = NULL;
	struct unlock_target target;
	enum be_err rc = account_here_open(&key->here, NULL, err);

	if (rc == BE_OK)
		rc = account_here_certificate(&key->here, wishes->credential, &certificate, err);
	if (rc == BE_OK)
		rc = must_work(&certificate, err);
	target = (struct unlock_target){ UNLOCK_CREDENTIAL, certificate.id, certificate.sha256 };
	if (rc == BE_OK)
		rc = take_passphrase(&passphrase, &key->saved, wishes, &target,
			/* max: 70 */ N_("Passphrase of the certificate"), err);
	if (rc == BE_OK)
		WIRE_SET(key->credential, certificate.id);
	if (rc == BE_OK)
		rc = signer_open_csc(&key->signer, key->here.account, certificate.id, passphrase, &key->here.wait, err);
	secret_free(&passphrase);
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

enum be_err sign_key_open(struct sign_key *out, const struct key_wishes *wishes, struct be_error *err)
{
	memset(out, 0, sizeof(*out));
	if (wishes->p12 != NULL) {
		out->ref = (struct key_ref){ KEY_REF_P12, wishes->p12 };
		return open_p12(&out->signer, wishes, err);
	}
	if (wishes->pkcs11 != NULL) {
		out->ref = (struct key_ref){ KEY_REF_PKCS11, wishes->pkcs11 };
		return open_token(&out->signer, wishes, err);
	}
	out->ref = (struct key_ref){ KEY_REF_CREDENTIAL, out->credential };
	return open_credential(out, wishes, err);
}

/* The signer first: it asks by the account. */
void sign_key_close(struct sign_key *key)
{
	signer_free(&key->signer);
	account_here_close(&key->here);
}
