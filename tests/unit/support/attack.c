/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include "pki/cms_build.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM 2000u /* bytes of a message */

#define NEEDED(what) \
	do { \
		if (!(what)) \
			give_up(#what); \
	} while (0)

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "the tests' attacker failed: %s\n", what);
	abort();
}

/* clang-format off */
const struct attack_paper attack_document = {
	.text = {
		[1] = "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>",
		[2] = "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
		[3] = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R "
			"/Annots [10 0 R] >>",
		[4] = "<< /Length 38 >>\nstream\nBT /F1 12 Tf 20 20 Td (Satu) Tj ET    \nendstream",
		[5] = "<< /Fields [10 0 R] /SigFlags 3 >>",
		[6] = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 9 0 R /Resources 7 0 R >>",
		[7] = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
		[8] = "<< /Title (Surat) >>",
		[9] = "<< /Length 38 >>\nstream\nBT /F1 12 Tf 20 20 Td (Dua) Tj ET     \nendstream",
		[10] = ATTACK_FIELD("Sig1", "/V 11 0 R"),
		[11] = ATTACK_SIGNATURE("/M (D:20260528203000Z)"),
	},
	.trailer = "/Root 1 0 R /Info 8 0 R /ID [<0123456789abcdef> <0123456789abcdef>]",
};

const struct attack_paper attack_second = {
	.text = {
		[3] = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R "
			"/Annots [10 0 R 20 0 R] >>",
		[5] = "<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>",
		[20] = ATTACK_FIELD("Sig2", "/V 21 0 R"),
		[21] = ATTACK_SIGNATURE("/M (D:20260528203000Z)"),
	},
	.trailer = "/Root 1 0 R /Info 8 0 R /ID [<0123456789abcdef> <fedcba9876543210>]",
};
/* clang-format on */

struct attack_paper attack_with(const struct attack_paper *paper, const struct attack_part *parts)
{
	struct attack_paper out = *paper;

	for (size_t i = 0; parts != NULL && i < ATTACK_PARTS && parts[i].number != 0; i++) {
		NEEDED(parts[i].number < ATTACK_OBJECTS);
		out.text[parts[i].number] = parts[i].text;
	}
	return out;
}

/* ---- who signs, and who is trusted ---- */

static struct {
	struct pki_anchors *anchors;
	struct buffer signer; /* DER */
	struct buffer root;
} desk;

void attack_trust(const X509 *cert)
{
	struct buffer der = BUFFER_EMPTY;

	ca_der(&der, cert);
	NEEDED(pki_anchors_add(desk.anchors, der.data, der.len, true, NULL) == BE_OK);
	buffer_free(&der);
}

int attack_setup(void **state)
{
	X509 *root = ca_root("Akar Contoh", ca_key(CA_P256, 0));
	X509 *person = ca_person("Budi Contoh", ca_key(CA_P256, 1), root, ca_key(CA_P256, 0));

	(void)state;
	NEEDED(pki_anchors_new(&desk.anchors, NULL) == BE_OK);
	attack_trust(root);
	ca_der(&desk.signer, person);
	ca_der(&desk.root, root);
	X509_free(root);
	X509_free(person);
	return 0;
}

int attack_teardown(void **state)
{
	(void)state;
	pki_anchors_free(&desk.anchors);
	buffer_free(&desk.signer);
	buffer_free(&desk.root);
	return 0;
}

struct pki_anchors *attack_anchors(void)
{
	return desk.anchors;
}

void attack_message(struct buffer *der, const uint8_t *document, size_t len)
{
	const uint8_t *chain[] = { desk.signer.data, desk.root.data };
	const size_t lens[] = { desk.signer.len, desk.root.len };
	struct pki_cms_build *build = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ca_key(CA_P256, 1), NULL);
	uint8_t digest[DIGEST_MAX] = { 0 };
	uint8_t value[128];
	size_t value_len = sizeof(value);
	size_t digest_len = 0;

	NEEDED(digest_bytes(DIGEST_SHA256, document, len, digest, &digest_len, NULL) == BE_OK);
	NEEDED(pki_cms_build_new(&build, chain, lens, 2, DIGEST_SHA256, PKI_SCHEME_ECDSA, digest, NULL) == BE_OK);
	NEEDED(pki_cms_build_digest(build, digest, &digest_len, NULL) == BE_OK);
	NEEDED(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1);
	NEEDED(EVP_PKEY_sign(ctx, value, &value_len, digest, digest_len) == 1);
	NEEDED(pki_cms_build_finish(build, value, value_len, der, NULL) == BE_OK);
	EVP_PKEY_CTX_free(ctx);
	pki_cms_build_free(&build);
}

/* ---- writing ---- */

static const char *hole(void)
{
	static char text[2 * ROOM + 3];

	memset(text, 'x', sizeof(text) - 1);
	text[0] = '<';
	text[sizeof(text) - 2] = '>';
	return text;
}

void attack_object(struct pdftext *t, uint32_t number, const char *text)
{
	const char *mark = strstr(text, ATTACK_CONTENTS);
	char *whole = NULL;

	if (mark == NULL) {
		pdftext_object(t, number, text);
		return;
	}
	NEEDED(asprintf(&whole, "%.*s%s%s", (int)(mark - text), text, hole(), mark + strlen(ATTACK_CONTENTS)) >= 0);
	pdftext_object(t, number, whole);
	free(whole);
}

void attack_objects(struct pdftext *t, const struct attack_paper *paper)
{
	for (uint32_t i = 1; i < ATTACK_OBJECTS; i++) {
		if (paper->text[i] != NULL)
			attack_object(t, i, paper->text[i]);
	}
}

static uint8_t *last(const struct pdftext *t, const char *text)
{
	size_t size = strlen(text);

	for (size_t at = t->bytes.len; at-- > 0;) {
		if (t->bytes.len - at >= size && memcmp(t->bytes.data + at, text, size) == 0)
			return t->bytes.data + at;
	}
	return NULL;
}

size_t attack_find(const struct pdftext *t, const char *text)
{
	const uint8_t *at = last(t, text);

	if (at == NULL)
		give_up(text);
	return (size_t)(at - t->bytes.data);
}

void attack_overwrite(struct pdftext *t, const char *text, const char *by)
{
	size_t at = attack_find(t, text);

	NEEDED(strlen(text) == strlen(by));
	memcpy(t->bytes.data + at, by, strlen(by));
}

static void put_range(struct pdftext *t, const uint64_t numbers[static 3], const char *form)
{
	uint8_t *at = last(t, ATTACK_RANGE);
	struct buffer text = BUFFER_EMPTY;

	if (at == NULL)
		return;
	for (; *form != '\0'; form++) {
		if (*form >= 'A' && *form <= 'C')
			buffer_printf(&text, "%ju", (uintmax_t)numbers[*form - 'A']);
		else if (*form == 'a')
			buffer_printf(&text, "%ju", (uintmax_t)numbers[0] + 2);
		else
			buffer_add_byte(&text, (uint8_t)*form);
	}
	NEEDED(!text.failed && text.len <= strlen(ATTACK_RANGE));
	memset(at, ' ', strlen(ATTACK_RANGE));
	memcpy(at, text.data, text.len);
	buffer_free(&text);
}

static void put_contents(uint8_t *at, size_t digits, const struct buffer *der)
{
	static const char hex[] = "0123456789abcdef";

	NEEDED(2 * der->len <= digits);
	memset(at, '0', digits);
	for (size_t i = 0; i < der->len; i++) {
		at[2 * i] = (uint8_t)hex[der->data[i] >> 4];
		at[2 * i + 1] = (uint8_t)hex[der->data[i] & 15];
	}
}

void attack_sign_as(struct pdftext *t, const struct attack_seal *seal)
{
	struct buffer document = BUFFER_EMPTY;
	struct buffer der = BUFFER_EMPTY;
	uint64_t numbers[3];
	size_t digits;
	uint8_t *at = last(t, hole());

	if (at == NULL)
		return;
	digits = strlen(hole()) - 2 - seal->shorter;
	memset(at + 1 + digits, ' ', seal->shorter + 1);
	at[1 + digits] = '>';
	numbers[0] = (uint64_t)(at - t->bytes.data);
	numbers[1] = numbers[0] + digits + 2;
	numbers[2] = (seal->end != 0 ? seal->end : t->bytes.len) - numbers[1];
	put_range(t, numbers, seal->range != NULL ? seal->range : "[0 A B C]");
	buffer_add(&document, t->bytes.data, (size_t)numbers[0]);
	buffer_add(&document, t->bytes.data + numbers[1], (size_t)numbers[2]);
	NEEDED(!document.failed);
	(seal->message != NULL ? seal->message : attack_message)(&der, document.data, document.len);
	NEEDED(!der.failed);
	put_contents(at + 1, digits, &der);
	buffer_free(&document);
	buffer_free(&der);
}

void attack_sign(struct pdftext *t)
{
	attack_sign_as(t, &(struct attack_seal){ 0 });
}

void attack_revision(struct pdftext *t, const struct attack_paper *paper)
{
	attack_objects(t, paper);
	pdftext_table(t, paper->trailer);
	attack_sign(t);
}

/* ---- the verdict ---- */

void attack_judge(struct attack_verdict *out, const uint8_t *bytes, size_t len)
{
	const struct judge_request request = { .at = CA_NOW, .anchors = desk.anchors };
	const struct verify_options options = { desk.anchors, CA_NOW, VERIFY_REVOCATION_NONE, 0 };
	struct judge_answer answer;
	int fd = memfd_create("attack", MFD_CLOEXEC);

	*out = (struct attack_verdict){ .result = VERIFY_NO_SIGNATURE };
	NEEDED(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	NEEDED(judge_document(&answer, fd, len, &request, NULL) == BE_OK);
	out->error = (enum be_err)answer.document.error;
	out->warnings = answer.document.warnings;
	out->count = answer.document.count;
	out->signatures = calloc(out->count + 1, sizeof(*out->signatures));
	NEEDED(out->signatures != NULL);
	for (size_t i = 0; i < out->count; i++) {
		out->signatures[i].facts = answer.signatures[i];
		verify_status(&out->signatures[i], &options);
		out->result = verify_worse(out->result, out->signatures[i].result);
	}
	if (out->error != BE_OK)
		out->result = VERIFY_ERROR;
	judge_answer_free(&answer);
	close(fd);
}

void attack_verdict_free(struct attack_verdict *verdict)
{
	free(verdict->signatures);
	verdict->signatures = NULL;
}

enum verify_result attack_result(const struct pdftext *t)
{
	struct attack_verdict verdict;
	enum verify_result result;

	attack_judge(&verdict, t->bytes.data, t->bytes.len);
	result = verdict.result;
	attack_verdict_free(&verdict);
	return result;
}

static void explain(const char *what, const struct attack_verdict *v)
{
	fprintf(stderr, "%s: error %u, result %u, %zu signatures\n", what, v->error, v->result, v->count);
	for (size_t i = 0; i < v->count; i++) {
		const struct verify_signature *s = &v->signatures[i];

		fprintf(stderr, "  %s: gate %u %s, modification %u %s, %s\n", s->facts.field, s->facts.gate,
			s->facts.gate_detail, s->facts.modification, s->facts.modification_detail,
			verify_subindication_word(s->subindication));
	}
}

bool attack_passed(struct pdftext *t, const char *what, size_t count, enum facts_modification modification)
{
	struct attack_verdict v;
	bool good;

	attack_judge(&v, t->bytes.data, t->bytes.len);
	good = v.result == VERIFY_TOTAL_PASSED && v.count == count &&
		v.signatures[0].facts.modification == modification;
	if (!good)
		explain(what, &v);
	attack_verdict_free(&v);
	pdftext_free(t);
	return good;
}

bool attack_refused(struct pdftext *t, const char *what)
{
	struct attack_verdict v;
	bool good;

	attack_judge(&v, t->bytes.data, t->bytes.len);
	good = v.result != VERIFY_TOTAL_PASSED && v.result != VERIFY_NO_SIGNATURE;
	for (size_t i = 0; i < v.count; i++) {
		const struct facts_signature *f = &v.signatures[i].facts;

		if (strcmp(f->field, "Sig1") != 0)
			continue;
		good = good && (f->gate != FACTS_GATE_PASSED || f->modification == FACTS_OTHER);
		break;
	}
	if (!good)
		explain(what, &v);
	attack_verdict_free(&v);
	pdftext_free(t);
	return good;
}
