/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * besign-judge: looks at one untrusted document inside the box and answers with facts. It holds the document's
 * descriptor and nothing else; it decides nothing, and dies rather than do what it was not made for.
 */

#include "verify/judge.h"
#include "box/box.h"

#include <openssl/crypto.h>

#include <stdio.h>
#include <sys/stat.h>

/* Only for an error that is no fact about the document: memory, or a request that is none. */
static enum be_err answer_error(const struct be_error *error)
{
	struct judge_answer answer = { .document.error = error->code };
	struct buffer message = BUFFER_EMPTY;
	enum be_err rc;

	(void)snprintf(answer.document.error_detail, sizeof(answer.document.error_detail), "%s", error->detail);
	rc = judge_answer_encode(&message, &answer, NULL);
	if (rc == BE_OK)
		rc = box_answer(message.data, message.len, NULL);
	buffer_free(&message);
	return rc;
}

static enum be_err serve(struct be_error *err)
{
	struct judge_request request = { 0 };
	struct judge_answer answer = { 0 };
	struct buffer message = BUFFER_EMPTY;
	struct stat st;
	enum be_err rc = box_receive(&message, JUDGE_REQUEST_MAX, err);

	if (rc == BE_OK)
		rc = judge_request_decode(&request, message.data, message.len, err);
	if (rc == BE_OK && fstat(BOX_FD_DOCUMENT, &st) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be read"), "fstat");
	if (rc == BE_OK)
		rc = judge_document(&answer, BOX_FD_DOCUMENT, (uint64_t)st.st_size, &request, err);
	buffer_reset(&message);
	if (rc == BE_OK)
		rc = judge_answer_encode(&message, &answer, err);
	if (rc == BE_OK)
		rc = box_answer(message.data, message.len, err);
	judge_answer_free(&answer);
	pki_anchors_free(&request.anchors);
	buffer_free(&message);
	return rc;
}

int main(void)
{
	struct be_error error = { .code = BE_OK };

	/* No configuration file: a helper uses what is built in. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
			    OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS,
		    NULL) != 1)
		return 1;
	if (box_enter(&error) != BE_OK)
		return BOX_EXIT_NO_SANDBOX;
	if (serve(&error) != BE_OK)
		return answer_error(&error) == BE_OK ? 0 : 1;
	return 0;
}
