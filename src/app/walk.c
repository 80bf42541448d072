/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/walk.h"

#include "app/data.h"
#include "app/sample.h"
#include "base/file.h"
#include "base/time.h"
#include "sign/sign.h"
#include "verify/verify.h"

#include <string.h>
#include <unistd.h>

#define LETTER_MAX (1u << 20)
#define PATH_ROOM 4096u

#define LETTER WALK_LETTER
#define SIGNED "letter_signed.pdf"
#define FORGED WALK_FORGED
#define TWICE "letter_signed_twice.pdf"

/* What the forger changes: the amount in the letter. */
#define AMOUNT "Rp 1.250.000"
#define AMOUNT_FORGED "Rp 9.250.000"

#define SIGN_COMMAND "besign sign --p12 " SAMPLE_KEY_FILE " --passphrase-fd 3 3<" SAMPLE_PASSPHRASE_FILE
#define VERIFY_COMMAND "besign verify --no-default-trust --trust " SAMPLE_TRUST_DIR " --revocation none"

struct walk {
	const char *dir;
	walk_tell *tell;
	void *context;
};

static enum be_err place(const struct walk *w, char out[static PATH_ROOM], const char *name, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc;

	buffer_printf(&path, "%s/%s", w->dir, name);
	buffer_add_byte(&path, '\0');
	rc = buffer_check(&path, err);
	if (rc == BE_OK && path.len > PATH_ROOM)
		rc = be_fail(err, BE_LIMIT, N_("The name of the temporary directory is too long"), NULL);
	if (rc == BE_OK)
		memcpy(out, path.data, path.len);
	buffer_free(&path);
	return rc;
}

static void told(const struct walk *w, const char *title, const char *command, const char *outcome)
{
	const struct walk_step step = { title, command, outcome };

	w->tell(w->context, &step);
}

static enum be_err open_signer(const struct walk *w, struct signer **out, struct be_error *err)
{
	struct secret *passphrase = NULL;
	char path[PATH_ROOM];
	enum be_err rc = place(w, path, SAMPLE_KEY_FILE, err);

	if (rc == BE_OK)
		rc = secret_new(&passphrase, sizeof(SAMPLE_PASSPHRASE), err);
	if (rc == BE_OK)
		rc = secret_add(passphrase, SAMPLE_PASSPHRASE, strlen(SAMPLE_PASSPHRASE), err);
	if (rc == BE_OK)
		rc = signer_open_p12(out, path, passphrase, err);
	secret_free(&passphrase);
	return rc;
}

static enum be_err sign_one(const struct walk *w, const char *from, const char *to, struct be_error *err)
{
	const struct sign_options options = {
		.reason = "Latihan", .location = "Jakarta", .time = time_now(), .jobs = 1
	};
	char input[PATH_ROOM];
	char output[PATH_ROOM];
	struct sign_document document = { .input = input, .output = output };
	struct signer *signer = NULL;
	enum be_err rc = place(w, input, from, err);

	if (rc == BE_OK)
		rc = place(w, output, to, err);
	if (rc == BE_OK)
		rc = open_signer(w, &signer, err);
	if (rc == BE_OK)
		rc = sign_documents(signer, &options, &document, 1, NULL, err);
	if (rc == BE_OK && document.result != BE_OK) {
		rc = document.result;
		if (err != NULL)
			*err = document.error;
	}
	signer_free(&signer);
	return rc;
}

/* The result is what it should be, and so is the number of signatures; else the sentence. */
static enum be_err expect(const struct walk *w, const char *name, enum verify_result result, size_t count,
	const char *otherwise, struct be_error *err)
{
	struct pki_anchors *anchors = NULL;
	struct verify_report report = { .result = VERIFY_ERROR };
	char trust[PATH_ROOM];
	char file[PATH_ROOM];
	enum be_err rc = place(w, trust, SAMPLE_TRUST_DIR, err);

	if (rc == BE_OK)
		rc = place(w, file, name, err);
	if (rc == BE_OK)
		rc = pki_anchors_new(&anchors, err);
	if (rc == BE_OK)
		rc = pki_anchors_add_dir(anchors, trust, true, err);
	if (rc == BE_OK) {
		const struct verify_options options = {
			.anchors = anchors, .at = time_now(), .revocation = VERIFY_REVOCATION_NONE
		};

		rc = verify_file(&report, file, &options, err);
	}
	if (rc == BE_OK && report.result == VERIFY_ERROR) {
		rc = report.error.code;
		if (err != NULL)
			*err = report.error;
	} else if (rc == BE_OK && (report.result != result || report.count != count)) {
		rc = be_fail(err, BE_SELF_CHECK, otherwise, "%s: %s, %zu signatures", name,
			verify_result_word(report.result), report.count);
	}
	verify_report_free(&report);
	pki_anchors_free(&anchors);
	return rc;
}

static enum be_err prepare(const struct walk *w, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer letter = BUFFER_EMPTY;
	enum be_err rc = sample_make(w->dir, err);

	if (rc == BE_OK)
		rc = data_find(&path, LETTER, err);
	if (rc == BE_OK)
		rc = file_read_all(&letter, (const char *)path.data, LETTER_MAX, err);
	if (rc == BE_OK)
		rc = sample_write(w->dir, LETTER, letter.data, letter.len, err);
	if (rc == BE_OK)
		told(w, N_("Make a throw-away authority, a key and a certificate, and copy the sample letter"),
			"openssl req -x509 -newkey rsa:2048 -subj '/CN=Latihan' -keyout key.pem -out cert.pem"
			" -addext keyUsage=critical,digitalSignature,nonRepudiation &&"
			" openssl pkcs12 -export -inkey key.pem -in cert.pem -out " SAMPLE_KEY_FILE,
			N_("The authority is trusted by this walk alone, and by nobody else."));
	buffer_free(&path);
	buffer_free(&letter);
	return rc;
}

/* One byte of the signed letter, in the text that its reader sees. */
static enum be_err forge(const struct walk *w, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	char path[PATH_ROOM];
	uint8_t *amount = NULL;
	enum be_err rc = place(w, path, SIGNED, err);

	if (rc == BE_OK)
		rc = file_read_all(&bytes, path, LETTER_MAX, err);
	if (rc == BE_OK) {
		amount = memmem(bytes.data, bytes.len, AMOUNT, strlen(AMOUNT));
		if (amount == NULL)
			rc = be_fail(
				err, BE_SELF_CHECK, N_("The sample letter is not the one that came with besign"), NULL);
	}
	if (rc == BE_OK && amount != NULL) {
		memcpy(amount, AMOUNT_FORGED, strlen(AMOUNT_FORGED));
		rc = sample_write(w->dir, FORGED, bytes.data, bytes.len, err);
	}
	buffer_free(&bytes);
	return rc;
}

static enum be_err sign_and_verify(const struct walk *w, struct be_error *err)
{
	enum be_err rc = sign_one(w, LETTER, SIGNED, err);

	if (rc != BE_OK)
		return rc;
	told(w, N_("Sign the letter"), SIGN_COMMAND " -o " SIGNED " " LETTER,
		N_("The letter is signed; the original is untouched."));
	rc = expect(w, SIGNED, VERIFY_TOTAL_PASSED, 1, N_("The letter was just signed, and yet it was not found valid"),
		err);
	if (rc == BE_OK)
		told(w, N_("Verify the signed letter, trusting only the throw-away authority"),
			VERIFY_COMMAND " " SIGNED,
			N_("Valid. Revocation was not looked at: a throw-away authority tells nothing of it."));
	return rc;
}

static enum be_err forge_and_verify(const struct walk *w, struct be_error *err)
{
	enum be_err rc = forge(w, err);

	if (rc != BE_OK)
		return rc;
	rc = expect(w, FORGED, VERIFY_TOTAL_FAILED, 1, N_("A changed letter was not found to be invalid"), err);
	if (rc == BE_OK)
		told(w, N_("Change one byte of the signed letter, and verify it again"),
			"LC_ALL=C sed 's/" AMOUNT "/" AMOUNT_FORGED "/' " SIGNED " >" FORGED "; " VERIFY_COMMAND
			" " FORGED,
			N_("Not valid: the change was caught, as it must be."));
	return rc;
}

static enum be_err sign_again(const struct walk *w, struct be_error *err)
{
	enum be_err rc = sign_one(w, SIGNED, TWICE, err);

	if (rc != BE_OK)
		return rc;
	told(w, N_("Sign a second time, on top of the first signature"), SIGN_COMMAND " -o " TWICE " " SIGNED,
		N_("The second signature was added behind the first."));
	rc = expect(w, TWICE, VERIFY_TOTAL_PASSED, 2,
		N_("The letter was signed twice, and yet not both signatures were found valid"), err);
	if (rc == BE_OK)
		told(w, N_("Verify both signatures"), VERIFY_COMMAND " " TWICE, N_("Both signatures are valid."));
	return rc;
}

enum be_err walk_run(const char *dir, walk_tell *tell, void *context, struct be_error *err)
{
	const struct walk w = { dir, tell, context };
	enum be_err rc = prepare(&w, err);

	if (rc == BE_OK)
		rc = sign_and_verify(&w, err);
	if (rc == BE_OK)
		rc = forge_and_verify(&w, err);
	if (rc == BE_OK)
		rc = sign_again(&w, err);
	return rc;
}

void walk_clean(const char *dir)
{
	static const char *const made[] = { LETTER, SIGNED, FORGED, TWICE, SAMPLE_KEY_FILE, SAMPLE_PASSPHRASE_FILE,
		SAMPLE_AUTHORITY_FILE };
	const struct walk w = { .dir = dir };
	char path[PATH_ROOM];

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (place(&w, path, made[i], NULL) == BE_OK)
			(void)unlink(path);
	if (place(&w, path, SAMPLE_TRUST_DIR, NULL) == BE_OK)
		(void)rmdir(path);
	(void)rmdir(dir);
}
