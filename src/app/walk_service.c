/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/walk_service.h"

#include "account/account.h"
#include "account/embedded.h"
#include "app/data.h"
#include "app/sample.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/time.h"
#include "crypto/totp.h"
#include "sign/sign.h"
#include "verify/verify.h"
#include "wire/paths.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LETTERS 10u
#define LETTER "letter.pdf"
#define LETTER_MAX (1u << 20)
#define TRUST_DIR "trust"
#define PATH_ROOM 4096u

/* Invented, and no secrets: the account ends with the walk. */
#define USER "sari.contoh@example.id"
#define NAME "Sari Contoh"
#define PASSWORD "kata sandi latihan 1"
#define PASSPHRASE "frasa sandi latihan 2"
#define DEVICE "Latihan"

static const char otherwise[] = N_("The service did otherwise than it should");

struct journey {
	const char *dir;
	walk_tell *tell;
	void *context;
	struct embedded_place place;
	struct account *account;
	struct secret *password;
	struct secret *passphrase;
	struct secret *key; /* of the codes, as bytes */
	int64_t step;       /* of the code that was used last */
	char certificate[WIRE_ID_MAX];
};

static void told(const struct journey *j, const char *title, const char *asked, const char *outcome)
{
	const struct walk_step step = { title, asked, outcome };

	j->tell(j->context, &step);
}

static enum be_err wrong(struct be_error *err, const char *what)
{
	return be_fail(err, BE_SELF_CHECK, otherwise, "%s", what);
}

static enum be_err place(const struct journey *j, char out[static PATH_ROOM], const char *name, struct be_error *err)
{
	const int len = snprintf(out, PATH_ROOM, "%s/%s", j->dir, name);

	return len < 0 || (unsigned)len >= PATH_ROOM
		? be_fail(err, BE_LIMIT, N_("The name of the temporary directory is too long"), NULL)
		: BE_OK;
}

static enum be_err keep_secret(struct secret **out, const char *text, struct be_error *err)
{
	return wire_set_secret(out, text, strlen(text), err);
}

/* ---- who ---- */

static enum be_err start(struct journey *j, struct be_error *err)
{
	struct wire_service service;
	char data[PATH_ROOM];
	enum be_err rc = place(j, data, "service", err);
	const struct account_place where = { .data = data };

	if (rc == BE_OK)
		rc = embedded_find(&j->place, data, err);
	if (rc == BE_OK)
		rc = account_open(&j->account, &where, err);
	if (rc == BE_OK)
		rc = account_service(j->account, &service, NULL, err);
	if (rc != BE_OK)
		return rc;
	if (!service.embedded || !service.registration)
		return wrong(err, WIRE_PATH_SERVICE);
	told(j, N_("Start a service of its own for this walk"), "POST " WIRE_PATH_SERVICE,
		N_("It listens on a private socket. Its certification authority is trusted by nobody else."));
	wire_free(&wire_service_message, &service);
	return BE_OK;
}

static enum be_err sign_up(struct journey *j, struct be_error *err)
{
	struct wire_register person = { .user = USER, .name = NAME, .language = "id", .password = j->password };
	const enum be_err rc = account_register(j->account, &person, NULL, err);

	if (rc == BE_OK)
		told(j, N_("Register"), "POST " WIRE_PATH_REGISTER, N_("There is an account now."));
	return rc;
}

/* A code counts once; one step early or late is allowed, so three follow each other without waiting. */
static enum be_err next_code(struct journey *j, struct secret **out, struct be_error *err)
{
	const int64_t earliest = totp_step(time_now()) - 1;
	char code[TOTP_CODE_MAX];
	enum be_err rc;

	j->step = j->step + 1 > earliest ? j->step + 1 : earliest;
	rc = totp_code(code, j->key, j->step, TOTP_DIGITS, err);
	if (rc == BE_OK)
		rc = keep_secret(out, code, err);
	explicit_bzero(code, sizeof(code));
	return rc;
}

static enum be_err enrol(struct journey *j, struct be_error *err)
{
	struct wire_login_step step;
	struct wire_enrolment enrolment = { .key = NULL };
	struct secret *code = NULL;
	enum be_err rc = account_login(j->account, USER, j->password, &step, NULL, err);

	if (rc == BE_OK && !step.enrol)
		rc = wrong(err, WIRE_PATH_LOGIN);
	if (rc == BE_OK)
		rc = account_login_enrol(j->account, &step, DEVICE, &enrolment, NULL, err);
	if (rc == BE_OK)
		rc = encode_read_secret(
			&j->key, ENCODE_BASE32, secret_bytes(enrolment.key), secret_len(enrolment.key), err);
	if (rc == BE_OK)
		rc = next_code(j, &code, err);
	if (rc == BE_OK)
		rc = account_login_confirm(j->account, &step, &enrolment, code, NULL, err);
	if (rc == BE_OK)
		told(j, N_("Sign in with the password, and enrol a device for one-time codes"),
			"POST " WIRE_PATH_LOGIN_ENROL, N_("A first code of the new device was right."));
	secret_free(&code);
	wire_free(&wire_enrolment_message, &enrolment);
	wire_free(&wire_login_step_message, &step);
	return rc;
}

static enum be_err sign_in(struct journey *j, struct be_error *err)
{
	struct wire_login_step step = { .ticket = NULL };
	struct secret *code = NULL;
	enum be_err rc = account_sign_out(j->account, NULL, err);

	if (rc == BE_OK)
		rc = account_login(j->account, USER, j->password, &step, NULL, err);
	if (rc == BE_OK && (step.enrol || step.devices.count != 1))
		rc = wrong(err, WIRE_PATH_LOGIN);
	if (rc == BE_OK)
		rc = next_code(j, &code, err);
	if (rc == BE_OK)
		rc = account_login_code(
			j->account, &step, ((const struct wire_device *)step.devices.items)[0].id, code, NULL, err);
	if (rc == BE_OK)
		told(j, N_("Sign out, and sign in again with password and code"), "POST " WIRE_PATH_LOGIN_CODE,
			N_("The code was computed from the device's key, and counts only once."));
	secret_free(&code);
	wire_free(&wire_login_step_message, &step);
	return rc;
}

/* ---- the certificate ---- */

static enum be_err request(struct journey *j, struct be_error *err)
{
	struct wire_terms terms;
	struct wire_certificate certificate = { .id = "" };
	enum be_err rc = account_terms(j->account, "id", &terms, NULL, err);

	if (rc == BE_OK)
		rc = account_certificate_request(j->account, NULL, terms.version, &certificate, NULL, err);
	if (rc == BE_OK && strcmp(certificate.state, "NEW") != 0)
		rc = wrong(err, certificate.state);
	if (rc == BE_OK) {
		memcpy(j->certificate, certificate.id, sizeof(j->certificate));
		told(j, N_("Accept the terms, and request a certificate"), "POST " WIRE_PATH_CERTIFICATE_REQUEST,
			N_("Its state is NEW: it waits for its passphrase."));
	}
	wire_free(&wire_terms_message, &terms);
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

/* Mail is carried by a thread of its own: the change that is waited for is the mail's arrival. */
static enum be_err find_link(struct journey *j, struct secret **out, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (unsigned tries = 0; rc == BE_OK && *out == NULL && tries < 100; tries++) {
		struct wire_mailbox box;

		if (tries > 0)
			(void)usleep(100000);
		rc = account_mailbox(j->account, &box, NULL, err);
		for (size_t i = 0; rc == BE_OK && *out == NULL && i < box.mails.count; i++) {
			struct wire_mail *mail = (struct wire_mail *)box.mails.items + i;

			*out = mail->link;
			mail->link = NULL;
		}
		wire_free(&wire_mailbox_message, &box);
	}
	return rc == BE_OK && *out == NULL ? wrong(err, WIRE_PATH_MAILBOX) : rc;
}

static enum be_err set_passphrase(struct journey *j, struct be_error *err)
{
	struct wire_certificate certificate = { .id = "" };
	struct secret *link = NULL;
	enum be_err rc = find_link(j, &link, err);

	if (rc == BE_OK)
		told(j, N_("Open the mailbox"), "POST " WIRE_PATH_MAILBOX,
			N_("A mail came, with a link that can be used once."));
	if (rc == BE_OK)
		rc = account_set_passphrase(j->account, link, j->passphrase, &certificate, NULL, err);
	if (rc == BE_OK && (strcmp(certificate.id, j->certificate) != 0 || strcmp(certificate.state, "ISSUE") != 0))
		rc = wrong(err, certificate.state);
	if (rc == BE_OK)
		told(j, N_("Follow the link, and set the passphrase"), "POST " WIRE_PATH_PASSPHRASE_SET,
			N_("The key was made under the passphrase, and its certificate is ISSUED."));
	if (rc == BE_OK && account_set_passphrase(j->account, link, j->passphrase, &certificate, NULL, err) != BE_LINK)
		rc = wrong(err, WIRE_PATH_PASSPHRASE_SET);
	secret_free(&link);
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

/* ---- letters ---- */

struct letters {
	char inputs[LETTERS][PATH_ROOM];
	char outputs[LETTERS][PATH_ROOM];
	struct sign_document documents[LETTERS];
};

static enum be_err write_letters(const struct journey *j, struct letters *letters, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer letter = BUFFER_EMPTY;
	char name[32];
	enum be_err rc = data_find(&path, LETTER, err);

	if (rc == BE_OK)
		rc = file_read_all(&letter, (const char *)path.data, LETTER_MAX, err);
	for (unsigned i = 0; rc == BE_OK && i < LETTERS; i++) {
		(void)snprintf(name, sizeof(name), "letter-%u.pdf", i + 1);
		rc = place(j, letters->inputs[i], name, err);
		if (rc == BE_OK)
			rc = sample_write(j->dir, name, letter.data, letter.len, err);
		(void)snprintf(name, sizeof(name), "letter-%u_signed.pdf", i + 1);
		if (rc == BE_OK)
			rc = place(j, letters->outputs[i], name, err);
		letters->documents[i].input = letters->inputs[i];
		letters->documents[i].output = letters->outputs[i];
	}
	buffer_free(&path);
	buffer_free(&letter);
	return rc;
}

static enum be_err sign_letters(const struct journey *j, struct letters *letters, size_t count, struct be_error *err)
{
	const struct sign_options options = {
		.reason = "Latihan", .location = "Jakarta", .time = time_now(), .jobs = 1
	};
	struct signer *signer = NULL;
	enum be_err rc = signer_open_csc(&signer, j->account, j->certificate, j->passphrase, NULL, err);

	if (rc == BE_OK)
		rc = sign_documents(signer, &options, letters->documents, count, NULL, err);
	for (size_t i = 0; rc == BE_OK && i < count; i++) {
		rc = letters->documents[i].result;
		if (rc != BE_OK && err != NULL)
			*err = letters->documents[i].error;
	}
	signer_free(&signer);
	return rc;
}

/* The root of the service's own authority, as the anchor of this walk alone. */
static enum be_err trust_root(const struct journey *j, struct pki_anchors *anchors, struct be_error *err)
{
	const struct account_fetch what = {
		.path = WIRE_PATH_ROOT, .accept = WIRE_TYPE_CERTIFICATE, .max = WIRE_CERT_MAX
	};
	struct buffer root = BUFFER_EMPTY;
	enum be_err rc = account_fetch(j->account, &what, &root, NULL, err);

	if (rc == BE_OK)
		rc = pki_anchors_add(anchors, root.data, root.len, true, err);
	buffer_free(&root);
	return rc;
}

static enum be_err expect_valid(const struct pki_anchors *anchors, const char *file, struct be_error *err)
{
	const struct verify_options options = {
		.anchors = anchors, .at = time_now(), .revocation = VERIFY_REVOCATION_NONE
	};
	struct verify_report report = { .result = VERIFY_ERROR };
	enum be_err rc = verify_file(&report, file, &options, err);

	if (rc == BE_OK && (report.result != VERIFY_TOTAL_PASSED || report.count != 1))
		rc = be_fail(err, BE_SELF_CHECK, N_("The letter was just signed, and yet it was not found valid"), "%s",
			verify_result_word(report.result));
	verify_report_free(&report);
	return rc;
}

static enum be_err sign_and_verify(const struct journey *j, struct letters *letters, struct be_error *err)
{
	struct pki_anchors *anchors = NULL;
	enum be_err rc = write_letters(j, letters, err);

	if (rc == BE_OK)
		rc = sign_letters(j, letters, LETTERS, err);
	if (rc != BE_OK)
		return rc;
	told(j, N_("Sign ten letters with one passphrase"), "POST " WIRE_PATH_CSC_SIGN_HASH,
		N_("Only digests went to the service, all of them at once; the letters stayed here."));
	rc = pki_anchors_new(&anchors, err);
	if (rc == BE_OK)
		rc = trust_root(j, anchors, err);
	for (size_t i = 0; rc == BE_OK && i < LETTERS; i++)
		rc = expect_valid(anchors, letters->outputs[i], err);
	if (rc == BE_OK)
		told(j, N_("Verify the ten letters, trusting the authority of this service"), "GET " WIRE_PATH_ROOT,
			N_("All ten are valid. Revocation was not looked at."));
	pki_anchors_free(&anchors);
	return rc;
}

static enum be_err revoke_it(const struct journey *j, struct letters *letters, struct be_error *err)
{
	struct wire_certificate certificate = { .id = "" };
	struct be_error refusal = { .code = BE_OK };
	enum be_err rc =
		account_certificate_revoke(j->account, j->certificate, "cessationOfOperation", &certificate, NULL, err);

	if (rc == BE_OK && strcmp(certificate.state, "REVOKE") != 0)
		rc = wrong(err, certificate.state);
	if (rc == BE_OK && unlink(letters->outputs[0]) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be removed"), letters->outputs[0]);
	if (rc == BE_OK && sign_letters(j, letters, 1, &refusal) != BE_REVOKED)
		rc = wrong(err, WIRE_PATH_CSC_SIGN_HASH);
	if (rc == BE_OK)
		told(j, N_("Revoke the certificate, and try to sign once more"), "POST " WIRE_PATH_CERTIFICATE_REVOKE,
			N_("Its state is REVOKE, and it signs no more."));
	wire_free(&wire_certificate_message, &certificate);
	return rc;
}

/* ---- the whole way ---- */

enum be_err walk_service_run(const char *dir, walk_tell *tell, void *context, struct be_error *err)
{
	static struct letters letters;
	struct journey j = { .dir = dir, .tell = tell, .context = context, .step = TOTP_STEP_NONE };
	enum be_err rc = keep_secret(&j.password, PASSWORD, err);
	enum be_err ended;

	memset(&letters, 0, sizeof(letters));
	if (rc == BE_OK)
		rc = keep_secret(&j.passphrase, PASSPHRASE, err);
	if (rc == BE_OK)
		rc = start(&j, err);
	if (rc == BE_OK)
		rc = sign_up(&j, err);
	if (rc == BE_OK)
		rc = enrol(&j, err);
	if (rc == BE_OK)
		rc = sign_in(&j, err);
	if (rc == BE_OK)
		rc = request(&j, err);
	if (rc == BE_OK)
		rc = set_passphrase(&j, err);
	if (rc == BE_OK)
		rc = sign_and_verify(&j, &letters, err);
	if (rc == BE_OK)
		rc = revoke_it(&j, &letters, err);
	account_free(&j.account);
	if (j.place.data != NULL) {
		ended = embedded_stop(&j.place, rc == BE_OK ? err : NULL);
		rc = rc != BE_OK ? rc : ended;
		embedded_place_free(&j.place);
	}
	secret_free(&j.password);
	secret_free(&j.passphrase);
	secret_free(&j.key);
	return rc;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	(void)remove(path);
	return 0;
}

void walk_service_clean(const char *dir)
{
	(void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
