/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/sign.h"

#include "base/file.h"
#include "pki/cms.h"
#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int make(void **state)
{
	(void)state;
	(void)umask(022);
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static struct signer *open_key(enum ca_key kind)
{
	struct secret *secret = NULL;
	struct signer *signer = NULL;

	desk_p12("key.p12", ca_key(kind, 0));
	assert_int_equal(secret_new(&secret, 64, NULL), BE_OK);
	assert_int_equal(secret_add(secret, DESK_PASSPHRASE, strlen(DESK_PASSPHRASE), NULL), BE_OK);
	assert_int_equal(signer_open_p12(&signer, desk_path("key.p12"), secret, NULL), BE_OK);
	secret_free(&secret);
	assert_int_equal(unlink(desk_path("key.p12")), 0);
	return signer;
}

static const struct sign_options plain = { .time = CA_NOW };

static struct sign_document letter(const char *input, const char *output)
{
	return (struct sign_document){ .input = desk_path(input), .output = desk_path(output) };
}

/* ---- an output read again, without the code that wrote it ---- */

static const uint8_t *last_of(const struct buffer *file, const char *word)
{
	const uint8_t *found = NULL;

	for (size_t i = 0; i + strlen(word) <= file->len; i++)
		if (memcmp(file->data + i, word, strlen(word)) == 0)
			found = file->data + i + strlen(word);
	assert_non_null(found);
	return found;
}

static size_t read_contents(uint8_t *out, size_t room, const uint8_t *hex)
{
	size_t len = 0;

	for (; *hex != '>' && len < room; hex += 2) {
		char digits[3] = { (char)hex[0], (char)hex[1], '\0' };

		assert_int_equal(strspn(digits, "0123456789ABCDEF"), 2);
		out[len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

/* The newest signature covers the whole file but its own /Contents, and is right. */
static void assert_signed(struct pki_cms_facts *facts, const char *name)
{
	enum pki_cms_fault fault = PKI_CMS_NOT_CMS;
	static uint8_t contents[65536];
	struct buffer file = BUFFER_EMPTY;
	uint8_t value[DIGEST_MAX] = { 0 };
	struct pki_cms *cms = NULL;
	struct digest *d = NULL;
	uint64_t range[4];
	size_t len = 0;

	desk_read(&file, name);
	assert_int_equal(sscanf((const char *)last_of(&file, "/ByteRange ["), "%ju %ju %ju %ju", &range[0], &range[1],
				 &range[2], &range[3]),
		4);
	assert_int_equal(range[0], 0);
	assert_int_equal(range[2] + range[3], file.len);
	assert_ptr_equal(last_of(&file, "/Contents "), file.data + range[1]);
	assert_true(file.data[range[1]] == '<' && file.data[range[2] - 1] == '>');
	len = read_contents(contents, sizeof(contents), file.data + range[1] + 1);
	assert_int_equal(range[2] - range[1], 2 * len + 2);
	assert_int_equal(pki_cms_parse(&cms, &fault, contents, len, NULL), BE_OK);
	assert_int_equal(fault, PKI_CMS_OK);
	assert_int_equal(digest_new(&d, pki_cms_digest_alg(cms), NULL), BE_OK);
	assert_int_equal(digest_add(d, file.data, range[1], NULL), BE_OK);
	assert_int_equal(digest_add(d, file.data + range[2], range[3], NULL), BE_OK);
	assert_int_equal(digest_finish(d, value, &len, NULL), BE_OK);
	assert_int_equal(pki_cms_check(cms, value, len, facts, NULL), BE_OK);
	assert_int_equal(facts->fault, PKI_CMS_OK);
	digest_free(&d);
	pki_cms_free(&cms);
	buffer_free(&file);
}

static void assert_begins_with(const char *name, const char *start)
{
	struct buffer whole = BUFFER_EMPTY, part = BUFFER_EMPTY;

	desk_read(&whole, name);
	desk_read(&part, start);
	assert_true(whole.len > part.len);
	assert_memory_equal(whole.data, part.data, part.len);
	buffer_free(&whole);
	buffer_free(&part);
}

/* ---- what works ---- */

static void the_input_stays_and_is_the_beginning_of_the_output(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct sign_document document;
	struct pki_cms_facts facts;
	struct stat st;

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("same.pdf", NULL);
	assert_int_equal(chmod(desk_path("a.pdf"), 0740), 0);
	document = letter("a.pdf", "a_signed.pdf");
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_OK);
	assert_string_equal(document.field, "Signature1");
	assert_string_equal(document.sha256, "");
	assert_signed(&facts, "a_signed.pdf");
	assert_string_equal(facts.signer.name, "Budi Contoh");
	assert_false(facts.has_signing_time);
	assert_begins_with("a_signed.pdf", "same.pdf");
	assert_int_equal(stat(desk_path("a_signed.pdf"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(desk_count(), 3);
	signer_free(&signer);
}

static void a_second_signature_leaves_the_first_as_it_is(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct sign_document document;
	struct pki_cms_facts facts;

	(void)state;
	desk_pdf("a.pdf", NULL);
	document = letter("a.pdf", "one.pdf");
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	document = letter("one.pdf", "two.pdf");
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_OK);
	assert_string_equal(document.field, "Signature2");
	assert_begins_with("two.pdf", "one.pdf");
	assert_signed(&facts, "one.pdf");
	assert_signed(&facts, "two.pdf");
	signer_free(&signer);
}

static void the_digest_and_the_scheme_follow_the_key_and_the_wish(void **state)
{
	/* clang-format off */
	static const struct {
		enum ca_key key; enum digest_alg digest; bool pss; enum digest_alg expected; const char *name;
	} cases[] = {
		{ CA_P256,    DIGEST_NONE,   false, DIGEST_SHA256, "ECDSA" },
		{ CA_P384,    DIGEST_NONE,   false, DIGEST_SHA384, "ECDSA" },
		{ CA_P384,    DIGEST_SHA256, false, DIGEST_SHA256, "ECDSA" },
		{ CA_RSA2048, DIGEST_NONE,   false, DIGEST_SHA256, "RSA PKCS#1 v1.5" },
		{ CA_RSA2048, DIGEST_SHA512, false, DIGEST_SHA512, "RSA PKCS#1 v1.5" },
		{ CA_RSA2048, DIGEST_SHA384, true,  DIGEST_SHA384, "RSA-PSS" },
		{ CA_RSA_PSS, DIGEST_NONE,   false, DIGEST_SHA256, "RSA-PSS" },
	};
	/* clang-format on */

	(void)state;
	desk_pdf("a.pdf", NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct signer *signer = open_key(cases[i].key);
		struct sign_document document = letter("a.pdf", "out.pdf");
		struct sign_options options = plain;
		struct pki_cms_facts facts;

		options.digest = cases[i].digest;
		options.pss = cases[i].pss;
		document.replace = true;
		assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
		assert_int_equal(document.result, BE_OK);
		assert_signed(&facts, "out.pdf");
		assert_int_equal(facts.digest, cases[i].expected);
		assert_string_equal(facts.signature, cases[i].name);
		signer_free(&signer);
	}
}

static void the_hash_is_that_of_the_output(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct buffer file = BUFFER_EMPTY;
	struct sign_document document;
	uint8_t value[DIGEST_MAX];
	char hex[65] = "";
	size_t len = 0;

	(void)state;
	desk_pdf("a.pdf", NULL);
	document = letter("a.pdf", "out.pdf");
	document.hash_output = true;
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	desk_read(&file, "out.pdf");
	assert_int_equal(digest_bytes(DIGEST_SHA256, file.data, file.len, value, &len, NULL), BE_OK);
	for (size_t i = 0; i < len; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", value[i]);
	assert_string_equal(document.sha256, hex);
	buffer_free(&file);
	signer_free(&signer);
}

static void an_empty_field_is_signed_by_its_name_and_only_once(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct sign_options options = plain;
	struct sign_document document;
	struct pki_cms_facts facts;

	(void)state;
	desk_pdf("form.pdf", "Kepala");
	document = letter("form.pdf", "out.pdf");
	options.field = "Kepalo";
	assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_NO_SUCH_FIELD);
	assert_string_equal(document.field, "");
	options.field = "";
	assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_NO_SUCH_FIELD);
	assert_int_equal(desk_count(), 1);
	options.field = "Kepala";
	assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_OK);
	assert_string_equal(document.field, "Kepala");
	assert_signed(&facts, "out.pdf");
	document = letter("out.pdf", "again.pdf");
	assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_FIELD_SIGNED);
	assert_false(desk_has("again.pdf"));
	signer_free(&signer);
}

/* ---- what must not work ---- */

static void an_existing_output_is_replaced_only_when_asked(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct buffer file = BUFFER_EMPTY;
	struct sign_document document;
	struct pki_cms_facts facts;

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_write("out.pdf", "old", 3);
	document = letter("a.pdf", "out.pdf");
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_EXISTS);
	desk_read(&file, "out.pdf");
	assert_int_equal(file.len, 3);
	document.replace = true;
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_OK);
	assert_signed(&facts, "out.pdf");
	assert_int_equal(desk_count(), 2);
	buffer_free(&file);
	signer_free(&signer);
}

static void what_is_no_document_is_said_and_the_others_are_signed(void **state)
{
	/* clang-format off */
	static const struct { const char *input; enum be_err expected; } cases[] = {
		{ "a.pdf",      BE_OK },
		{ "directory",  BE_NOT_A_PDF },
		{ "pipe",       BE_NOT_A_PDF },
		{ "empty",      BE_NOT_A_PDF },
		{ "text",       BE_NOT_A_PDF },
		{ "absent",     BE_NOT_FOUND },
		{ "a.pdf/b",    BE_NOT_FOUND },
		{ "b.pdf",      BE_OK },
	};
	enum { COUNT = sizeof(cases) / sizeof(cases[0]) };
	/* clang-format on */
	struct signer *signer = open_key(CA_RSA2048);
	struct sign_document documents[COUNT];
	struct pki_cms_facts facts;

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("b.pdf", NULL);
	desk_write("empty", "", 0);
	desk_write("text", "Dengan hormat,\n", 15);
	assert_int_equal(mkdir(desk_path("directory"), 0700), 0);
	assert_int_equal(mkfifo(desk_path("pipe"), 0600), 0);
	for (size_t i = 0; i < COUNT; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "out%zu", i);
		documents[i] = letter(cases[i].input, name);
	}
	assert_int_equal(sign_documents(signer, &plain, documents, COUNT, NULL, NULL), BE_OK);
	for (size_t i = 0; i < COUNT; i++) {
		if (documents[i].result != cases[i].expected)
			fail_msg("%s: %s", cases[i].input, be_err_word(documents[i].result));
		assert_true(documents[i].result == BE_OK || documents[i].error.msgid != NULL);
	}
	assert_signed(&facts, "out0");
	assert_signed(&facts, "out7");
	assert_int_equal(desk_count(), 6 + 2);
	signer_free(&signer);
}

static void what_cannot_be_done_is_refused_before_anything_is(void **state)
{
	/* clang-format off */
	static const struct {
		const char *what; enum ca_key key; struct sign_options options; enum be_err expected;
	} cases[] = {
		{ "another form", CA_P256, { .time = CA_NOW, .sub_filter = "adbe.pkcs7.sha1" }, BE_USAGE },
		{ "SHA-1", CA_P256, { .time = CA_NOW, .digest = DIGEST_SHA1 }, BE_USAGE },
		{ "SHA-224", CA_P256, { .time = CA_NOW, .digest = DIGEST_SHA224 }, BE_USAGE },
		{ "SHA3-256", CA_P256, { .time = CA_NOW, .digest = DIGEST_SHA3_256 }, BE_USAGE },
		{ "PSS without RSA", CA_P256, { .time = CA_NOW, .pss = true }, BE_KEY_UNFIT },
		{ "an expired one", CA_P256, { .time = CA_NOW + 2 * (int64_t)CA_YEAR }, BE_CERT_EXPIRED },
		{ "one of tomorrow", CA_P256, { .time = CA_NOW - 2 * (int64_t)CA_YEAR }, BE_CERT_NOT_YET },
		{ "RSA of 1024 bits", CA_RSA1024, { .time = CA_NOW }, BE_KEY_UNFIT },
		{ "another curve", CA_P521, { .time = CA_NOW }, BE_KEY_UNFIT },
		{ "another kind of key", CA_ED25519, { .time = CA_NOW }, BE_KEY_UNFIT },
	};
	/* clang-format on */
	struct sign_document document;

	(void)state;
	desk_pdf("a.pdf", NULL);
	document = letter("a.pdf", "out.pdf");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct signer *signer = open_key(cases[i].key);
		struct be_error err = { .code = BE_OK };
		enum be_err rc = sign_documents(signer, &cases[i].options, &document, 1, NULL, &err);

		if (rc != cases[i].expected)
			fail_msg("%s: %s", cases[i].what, be_err_word(rc));
		assert_non_null(err.msgid);
		signer_free(&signer);
	}
	assert_int_equal(desk_count(), 1);
}

static void no_document_or_two_with_one_output_start_nothing(void **state)
{
	struct signer *signer = open_key(CA_P256);
	struct sign_document documents[2];

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("b.pdf", NULL);
	documents[0] = letter("a.pdf", "out.pdf");
	documents[1] = letter("b.pdf", "out.pdf");
	assert_int_equal(sign_documents(signer, &plain, documents, 0, NULL, NULL), BE_USAGE);
	assert_int_equal(sign_documents(signer, &plain, documents, 2, NULL, NULL), BE_SAME_OUTPUT);
	documents[1] = letter("b.pdf", "a.pdf");
	documents[1].replace = true;
	assert_int_equal(sign_documents(signer, &plain, documents, 2, NULL, NULL), BE_OUTPUT_IS_INPUT);
	assert_int_equal(desk_count(), 2);
	signer_free(&signer);
}

/* ---- a signer that fails ---- */

enum fault { FAULT_NONE, FAULT_OTHER_DIGEST, FAULT_RAW, FAULT_SILENT, FAULT_REFUSES, FAULT_ONE_REFUSED, FAULT_CANCELS };

struct faulty {
	struct signer *inner;
	enum fault fault;
	unsigned calls;
	size_t most;
	atomic_bool cancel;
};

static size_t faulty_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	const struct faulty *faulty = state;

	return signer_certificates(faulty->inner, ders, lens);
}

static enum be_err faulty_fit(const void *state, int64_t moment, struct be_error *err)
{
	const struct faulty *faulty = state;

	return signer_fit(faulty->inner, moment, err);
}

static enum be_err faulty_sign(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	struct faulty *faulty = state;
	enum be_err rc;

	faulty->calls++;
	faulty->most = count > faulty->most ? count : faulty->most;
	if (faulty->fault == FAULT_SILENT)
		return BE_OK;
	if (faulty->fault == FAULT_REFUSES)
		return be_fail(err, BE_WRONG_PASSPHRASE, N_("The code is wrong"), NULL);
	for (size_t i = 0; faulty->fault == FAULT_OTHER_DIGEST && i < count; i++)
		items[i].digest[0] ^= 1;
	rc = signer_sign(faulty->inner, scheme, alg, items, count, err);
	for (size_t i = 0; faulty->fault == FAULT_RAW && i < count; i++)
		memset(items[i].signature.data, 1, items[i].signature.len);
	if (faulty->fault == FAULT_ONE_REFUSED)
		items[0].result = be_fail(&items[0].error, BE_CRYPTO, N_("Not this one"), NULL);
	if (faulty->fault == FAULT_CANCELS)
		atomic_store(&faulty->cancel, true);
	return rc;
}

static void faulty_free(void *state)
{
	struct faulty *faulty = state;

	signer_free(&faulty->inner);
}

static const struct signer_ops faulty_ops = { "faulty", faulty_certificates, faulty_fit, faulty_sign, faulty_free };

static struct signer *open_faulty(struct faulty *faulty, enum fault fault)
{
	struct signer *signer = NULL;

	*faulty = (struct faulty){ .inner = open_key(CA_P256), .fault = fault };
	assert_int_equal(signer_new(&signer, &faulty_ops, faulty, NULL), BE_OK);
	return signer;
}

static void a_signature_that_is_wrong_or_missing_leaves_nothing(void **state)
{
	/* clang-format off */
	static const struct { enum fault fault; enum be_err first, second; size_t outputs; } cases[] = {
		{ FAULT_NONE,         BE_OK,               BE_OK,               2 },
		{ FAULT_OTHER_DIGEST, BE_SELF_CHECK,       BE_SELF_CHECK,       0 },
		{ FAULT_RAW,          BE_CRYPTO,           BE_CRYPTO,           0 },
		{ FAULT_SILENT,       BE_CRYPTO,           BE_CRYPTO,           0 },
		{ FAULT_REFUSES,      BE_WRONG_PASSPHRASE, BE_WRONG_PASSPHRASE, 0 },
		{ FAULT_ONE_REFUSED,  BE_CRYPTO,           BE_OK,               1 },
		{ FAULT_CANCELS,      BE_CANCELLED,        BE_CANCELLED,        0 },
	};
	/* clang-format on */

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("b.pdf", NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct faulty faulty;
		struct signer *signer = open_faulty(&faulty, cases[i].fault);
		struct sign_progress progress = { .cancel = &faulty.cancel };
		struct sign_document documents[2];

		documents[0] = letter("a.pdf", "out1.pdf");
		documents[1] = letter("b.pdf", "out2.pdf");
		assert_int_equal(sign_documents(signer, &plain, documents, 2, &progress, NULL), BE_OK);
		assert_int_equal(documents[0].result, cases[i].first);
		assert_int_equal(documents[1].result, cases[i].second);
		assert_int_equal(documents[0].error.code, documents[0].result);
		assert_int_equal(documents[1].error.code, documents[1].result);
		assert_int_equal(desk_count(), 2 + cases[i].outputs);
		(void)unlink(desk_path("out1.pdf"));
		(void)unlink(desk_path("out2.pdf"));
		signer_free(&signer);
	}
}

static void a_failed_replacement_leaves_the_old_file(void **state)
{
	struct faulty faulty;
	struct signer *signer = open_faulty(&faulty, FAULT_OTHER_DIGEST);
	struct buffer file = BUFFER_EMPTY;
	struct sign_document document;

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_write("out.pdf", "old", 3);
	document = letter("a.pdf", "out.pdf");
	document.replace = true;
	assert_int_equal(sign_documents(signer, &plain, &document, 1, NULL, NULL), BE_OK);
	assert_int_equal(document.result, BE_SELF_CHECK);
	desk_read(&file, "out.pdf");
	assert_int_equal(file.len, 3);
	assert_int_equal(desk_count(), 2);
	buffer_free(&file);
	signer_free(&signer);
}

/* ---- batches ---- */

enum { BATCH = 40 };

struct seen {
	unsigned stages[BATCH][SIGN_DONE + 1];
	size_t last_done;
	size_t cancel_at;
	bool in_order;
	atomic_bool cancel;
};

static void watch(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	struct seen *seen = context;

	seen->in_order = seen->in_order && count == BATCH && document < BATCH &&
		done == seen->last_done + (stage == SIGN_DONE ? 1 : 0);
	seen->last_done = done;
	if (document < BATCH)
		seen->stages[document][stage]++;
	if (done == seen->cancel_at)
		atomic_store(&seen->cancel, true);
}

static void make_batch(struct sign_document documents[static BATCH])
{
	for (size_t i = 0; i < BATCH; i++) {
		char in[16], out[16];

		(void)snprintf(in, sizeof(in), "in%zu", i);
		(void)snprintf(out, sizeof(out), "out%zu", i);
		desk_pdf(in, NULL);
		documents[i] = letter(in, out);
	}
}

static void every_document_is_reported_done_once_and_the_key_is_used_once(void **state)
{
	static const unsigned jobs[] = { 0, 1, 3, 100 };
	struct sign_document documents[BATCH];

	(void)state;
	make_batch(documents);
	desk_write("in20", "no document", 11);
	for (size_t k = 0; k < 4; k++) {
		struct seen seen = { .in_order = true, .cancel_at = SIZE_MAX };
		struct sign_progress progress = { watch, &seen, &seen.cancel };
		struct sign_options options = plain;
		struct faulty faulty;
		struct signer *signer = open_faulty(&faulty, FAULT_NONE);

		options.jobs = jobs[k];
		assert_int_equal(sign_documents(signer, &options, documents, BATCH, &progress, NULL), BE_OK);
		assert_int_equal(faulty.calls, 1);
		assert_int_equal(faulty.most, BATCH - 1);
		assert_true(seen.in_order);
		assert_int_equal(seen.last_done, BATCH);
		for (size_t i = 0; i < BATCH; i++) {
			assert_int_equal(documents[i].result, i == 20 ? BE_NOT_A_PDF : BE_OK);
			assert_int_equal(seen.stages[i][SIGN_PREPARED], i == 20 ? 0 : 1);
			assert_int_equal(seen.stages[i][SIGN_SIGNED], i == 20 ? 0 : 1);
			assert_int_equal(seen.stages[i][SIGN_DONE], 1);
			assert_int_equal(unlink(documents[i].output) == 0, i != 20);
		}
		signer_free(&signer);
	}
}

static void what_was_finished_before_a_cancel_stays(void **state)
{
	struct seen seen = { .in_order = true, .cancel_at = 3 };
	struct sign_progress progress = { watch, &seen, &seen.cancel };
	struct signer *signer = open_key(CA_P256);
	struct sign_document documents[BATCH];
	struct sign_options options = plain;
	struct pki_cms_facts facts;

	(void)state;
	options.jobs = 1;
	make_batch(documents);
	assert_int_equal(sign_documents(signer, &options, documents, BATCH, &progress, NULL), BE_OK);
	for (size_t i = 0; i < BATCH; i++)
		assert_int_equal(documents[i].result, i < 3 ? BE_OK : BE_CANCELLED);
	assert_int_equal(desk_count(), BATCH + 3);
	assert_signed(&facts, "out2");
	assert_int_equal(seen.last_done, BATCH);
	signer_free(&signer);
}

static void a_batch_cancelled_at_once_does_not_touch_the_key(void **state)
{
	struct faulty faulty;
	struct signer *signer = open_faulty(&faulty, FAULT_NONE);
	struct sign_progress progress = { .cancel = &faulty.cancel };
	struct sign_document documents[BATCH];

	(void)state;
	make_batch(documents);
	atomic_store(&faulty.cancel, true);
	assert_int_equal(sign_documents(signer, &plain, documents, BATCH, &progress, NULL), BE_OK);
	for (size_t i = 0; i < BATCH; i++)
		assert_int_equal(documents[i].result, BE_CANCELLED);
	assert_int_equal(faulty.calls, 0);
	assert_int_equal(desk_count(), BATCH);
	signer_free(&signer);
}

/* Lowers what this process may open for good, so it comes last. */
static void where_few_files_may_be_open_a_batch_is_signed_in_groups(void **state)
{
	const struct rlimit few = { 150, 150 };
	struct faulty faulty;
	struct signer *signer = open_faulty(&faulty, FAULT_NONE);
	struct sign_document documents[BATCH];

	(void)state;
	make_batch(documents);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(sign_documents(signer, &plain, documents, BATCH, NULL, NULL), BE_OK);
	for (size_t i = 0; i < BATCH; i++)
		assert_int_equal(documents[i].result, BE_OK);
	assert_true(faulty.calls > 1 && faulty.most < BATCH);
	signer_free(&signer);
}

int main(void)
{
#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)
	const struct CMUnitTest tests[] = {
		AT_DESK(the_input_stays_and_is_the_beginning_of_the_output),
		AT_DESK(a_second_signature_leaves_the_first_as_it_is),
		AT_DESK(the_digest_and_the_scheme_follow_the_key_and_the_wish),
		AT_DESK(the_hash_is_that_of_the_output),
		AT_DESK(an_empty_field_is_signed_by_its_name_and_only_once),
		AT_DESK(an_existing_output_is_replaced_only_when_asked),
		AT_DESK(what_is_no_document_is_said_and_the_others_are_signed),
		AT_DESK(what_cannot_be_done_is_refused_before_anything_is),
		AT_DESK(no_document_or_two_with_one_output_start_nothing),
		AT_DESK(a_signature_that_is_wrong_or_missing_leaves_nothing),
		AT_DESK(a_failed_replacement_leaves_the_old_file),
		AT_DESK(every_document_is_reported_done_once_and_the_key_is_used_once),
		AT_DESK(what_was_finished_before_a_cancel_stays),
		AT_DESK(a_batch_cancelled_at_once_does_not_touch_the_key),
		AT_DESK(where_few_files_may_be_open_a_batch_is_signed_in_groups),
	};

	return cmocka_run_group_tests_name("signing documents", tests, NULL, NULL);
}
