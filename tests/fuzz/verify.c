/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Any bytes at all may be judged, and nothing is called passed but what the signers of the seeds signed: every
 * signature of a passed file covers exactly the bytes that a good signature of a seed covers.
 */

#include "crypto/digest.h"
#include "verify/judge.h"
#include "verify/status.h"

#include "verify_seed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOW 1780000000

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const unsigned fuzz_mutations;
const unsigned fuzz_mutations = 4000;

static struct judge_request request = { .at = NOW };

static void expect(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	expect(pki_anchors_new(&request.anchors, NULL) == BE_OK);
	expect(pki_anchors_add(request.anchors, verify_seed_anchor, sizeof(verify_seed_anchor), true, NULL) == BE_OK);
	return 0;
}

static bool was_signed(const uint8_t *data, size_t size, const uint64_t range[static 4])
{
	uint8_t value[DIGEST_MAX] = { 0 };
	struct digest *d = NULL;
	size_t len = 0;

	expect(range[0] == 0 && range[1] < range[2] && range[2] <= size && range[3] <= size - range[2]);
	expect(digest_new(&d, DIGEST_SHA256, NULL) == BE_OK);
	expect(digest_add(d, data, (size_t)range[1], NULL) == BE_OK);
	expect(digest_add(d, data + range[2], (size_t)range[3], NULL) == BE_OK);
	expect(digest_finish(d, value, &len, NULL) == BE_OK);
	digest_free(&d);
	for (size_t i = 0; i < sizeof(verify_seed_signed) / sizeof(verify_seed_signed[0]); i++) {
		if (memcmp(value, verify_seed_signed[i], len) == 0)
			return true;
	}
	return false;
}

/* What a passed file has behind its newest signature is an end of line at the most. */
static void expect_signed(const uint8_t *data, size_t size, const struct judge_answer *answer)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < answer->document.count; i++) {
		const uint64_t *range = answer->signatures[i].byte_range;

		expect(was_signed(data, size, range));
		if (range[2] + range[3] > end)
			end = range[2] + range[3];
	}
	expect(size - end <= 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct verify_options options = { request.anchors, NOW, VERIFY_REVOCATION_NONE, 0 };
	struct verify_signature *signature = calloc(1, sizeof(*signature));
	enum verify_result result = VERIFY_NO_SIGNATURE;
	struct judge_answer answer;
	int fd = memfd_create("input", MFD_CLOEXEC);

	expect(signature != NULL && fd >= 0 && write(fd, data, size) == (ssize_t)size);
	expect(judge_document(&answer, fd, size, &request, NULL) == BE_OK);
	for (uint32_t i = 0; i < answer.document.count; i++) {
		signature->facts = answer.signatures[i];
		verify_status(signature, &options);
		result = verify_worse(result, signature->result);
	}
	if (result == VERIFY_TOTAL_PASSED)
		expect_signed(data, size, &answer);
	judge_answer_free(&answer);
	close(fd);
	free(signature);
	return 0;
}
