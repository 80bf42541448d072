/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * Certified documents: evil annotations (EAA) and sneaky signatures (SSA). This version allows less than a
 * certification does: after one nothing but another invisible signature, or one in a field that was there, and with
 * P 1 nothing at all.
 */

#define PAGE(annots) \
	"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R /Annots " annots " >>"
#define SEEN(more) "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /F 4 /Rect [9 9 290 90] /P 3 0 R " more " >>"
#define ANNOTATION(kind, more) \
	"<< /Type /Annot /Subtype /" kind " /Rect [10 10 290 60] /P 3 0 R /F 4 /AP << /N 23 0 R >> " more " >>"
#define OVERLAY \
	"<< /Type /XObject /Subtype /Form /BBox [0 0 290 60] " \
	"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> " \
	"/Length 38 >>\nstream\nBT /F1 12 Tf 20 20 Td (Palsu) Tj ET   \nendstream"
#define PICTURE \
	"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 " \
	"/Length 1 >>\nstream\nx\nendstream"

static const char *const certified_by[] = {
	NULL,
	ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
			 "/TransformParams /P 1 /V /1.2 >> >>]"),
	ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
			 "/TransformParams /P 2 /V /1.2 >> >>]"),
	ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
			 "/TransformParams /P 3 /V /1.2 >> >>]"),
};

/* perms: the catalogue names the certification, as it should; a signature that certifies does so without that too. */
static void certify(struct pdftext *t, unsigned p, bool perms, const struct attack_part *more)
{
	struct attack_paper document = attack_with(&attack_document, more);

	document.text[11] = certified_by[p];
	if (perms)
		document.text[1] = "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Perms << /DocMDP 11 0 R >> >>";
	pdftext_begin(t);
	attack_revision(t, &document);
}

static void then(struct pdftext *t, const struct attack_part *parts)
{
	struct attack_paper second = attack_with(&attack_second, parts);

	attack_revision(t, &second);
}

static void a_certified_document_passes_and_says_what_it_allows(void **state)
{
	(void)state;
	for (unsigned p = 1; p <= 3; p++) {
		struct attack_verdict v;
		struct pdftext t;

		certify(&t, p, true, NULL);
		attack_judge(&v, t.bytes.data, t.bytes.len);
		assert_int_equal(v.result, VERIFY_TOTAL_PASSED);
		assert_int_equal(v.signatures[0].facts.type, FACTS_CERTIFICATION);
		assert_int_equal(v.signatures[0].facts.docmdp, p);
		attack_verdict_free(&v);
		pdftext_free(&t);
	}
}

static void another_invisible_signature_is_allowed_unless_nothing_is(void **state)
{
	struct pdftext t;

	(void)state;
	for (int perms = 0; perms < 2; perms++) {
		for (unsigned p = 2; p <= 3; p++) {
			certify(&t, p, perms, NULL);
			then(&t, NULL);
			assert_true(attack_passed(&t, "invisible", 2, FACTS_FORM));
		}
		certify(&t, 1, perms, NULL);
		then(&t, NULL);
		assert_true(attack_refused(&t, "P 1"));
	}
}

static void a_field_that_was_there_may_be_signed_where_everybody_sees_it(void **state)
{
	const struct attack_part there[] = { { 3, PAGE("[10 0 R 20 0 R]") },
		{ 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" }, { 20, SEEN("") }, { 0, NULL } };
	const struct attack_part signs[] = { { 3, NULL }, { 5, NULL }, { 20, SEEN("/V 21 0 R /AP << /N 23 0 R >>") },
		{ 23, OVERLAY }, { 0, NULL } };
	struct pdftext t;

	(void)state;
	for (unsigned p = 1; p <= 3; p++) {
		certify(&t, p, true, there);
		then(&t, signs);
		if (p > 1)
			assert_true(attack_passed(&t, "an existing field", 2, FACTS_FORM));
		else
			assert_true(attack_refused(&t, "an existing field, P 1"));
	}
}

/* ---- EAA ---- */

/* clang-format off */
static const struct {
	const char *name;
	const char *annotation;
} evil[] = {
	{ "EAA annotation FreeText added on P1/P2/P3", ANNOTATION("FreeText", "/DA (/F1 12 Tf) /Contents (Palsu)") },
	{ "EAA annotation Stamp added on P1/P2/P3", ANNOTATION("Stamp", "/Name /Approved") },
	{ "EAA annotation Redact added on P1/P2/P3", ANNOTATION("Redact", "/RO 23 0 R /OverlayText (Palsu)") },
	{ "EAA annotation Link added on P1/P2/P3", ANNOTATION("Link",
		"/A << /S /URI /URI (https://contoh.example) >>") },
	{ "EAA annotation Ink added on P1/P2/P3", ANNOTATION("Ink", "/InkList [[10 10 90 90]]") },
	{ "EAA annotation Highlight added on P1/P2/P3", ANNOTATION("Highlight",
		"/QuadPoints [10 60 290 60 10 10 290 10]") },
	{ "EAA annotation Popup added on P1/P2/P3", ANNOTATION("Popup", "/Open true") },
	{ "EAA annotation Widget button added on P1/P2/P3", ANNOTATION("Widget", "/FT /Btn /T (Tombol) /Ff 65536") },
	{ "EAA annotation FileAttachment added on P1/P2/P3", ANNOTATION("FileAttachment",
		"/FS << /Type /Filespec /F (a) >>") },
	{ "EAA annotation 3D/RichMedia added on P1/P2/P3", ANNOTATION("RichMedia", "/RichMediaContent << >>") },
	{ "EAA annotation 3D/RichMedia added on P1/P2/P3", ANNOTATION("3D", "/3DD 23 0 R") },
	{ "EAA annotation Screen added on P1/P2/P3", ANNOTATION("Screen", "/A << /S /Rendition >>") },
};
/* clang-format on */

/* Alone, beside an honest signature, and as the very field that is signed. */
static void no_annotation_passes_after_a_certification(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		for (unsigned p = 1; p <= 3; p++) {
			struct pdftext t;
			char *field = NULL;

			certify(&t, p, true, NULL);
			then(&t,
				ATTACK_PARTS_OF({ 3, PAGE("[10 0 R 22 0 R]") }, { 5, NULL }, { 20, NULL }, { 21, NULL },
					{ 22, evil[i].annotation }, { 23, OVERLAY }));
			wrong += !attack_refused(&t, evil[i].name);
			certify(&t, p, true, NULL);
			then(&t,
				ATTACK_PARTS_OF({ 3, PAGE("[10 0 R 20 0 R 22 0 R]") }, { 22, evil[i].annotation },
					{ 23, OVERLAY }));
			wrong += !attack_refused(&t, evil[i].name);
			certify(&t, p, true, NULL);
			assert_true(
				asprintf(&field, "<< /FT /Sig /T (Sig2) /V 21 0 R %s", evil[i].annotation + 2) >= 0);
			then(&t, ATTACK_PARTS_OF({ 20, field }, { 23, OVERLAY }));
			wrong += !attack_refused(&t, evil[i].name);
			free(field);
		}
	}
	assert_int_equal(wrong, 0);
}

/* ---- SSA ---- */

static const struct {
	const char *name;
	struct attack_part second[ATTACK_PARTS];
} sneaky[] = {
	{ "SSA visible signature field with text overlay",
		{ { 20, SEEN("/V 21 0 R /AP << /N 23 0 R >>") }, { 23, OVERLAY } } },
	{ "SSA signature field appearance image over content",
		{ { 20, SEEN("/V 21 0 R /AP << /N 23 0 R >>") }, { 23, PICTURE } } },
	{ "SSA second signature removed value", { { 20, SEEN("%V 21 0 R\n /AP << /N 23 0 R >>") }, { 23, OVERLAY } } },
	{ "SSA second signature removed value",
		{ { 20, SEEN("/V null /AP << /N 23 0 R >>") }, { 21, NULL }, { 23, OVERLAY } } },
	{ "SSA unsigned field visible over text",
		{ { 20, SEEN("/AP << /N 23 0 R >>") }, { 21, NULL }, { 23, OVERLAY } } },
	{ "more: a widget below its field",
		{ { 3, PAGE("[10 0 R 22 0 R]") }, { 20, "<< /FT /Sig /T (Sig2) /V 21 0 R /Kids [22 0 R] >>" },
			{ 22,
				"<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 290 90] /P 3 0 R /AP << "
				"/N 23 0 R >> >>" },
			{ 23, OVERLAY } } },
	{ "more: an area that is written backwards",
		{ { 20,
			  "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /Rect [290 90 9 9] /P 3 0 R /V 21 0 R "
			  "/AP << /N 23 0 R >> >>" },
			{ 23, OVERLAY } } },
};

static void no_new_visible_field_passes_after_a_certification(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(sneaky) / sizeof(sneaky[0]); i++) {
		for (unsigned p = 1; p <= 3; p++) {
			struct pdftext t;

			certify(&t, p, p != 2, NULL);
			then(&t, sneaky[i].second);
			wrong += !attack_refused(&t, sneaky[i].name);
		}
	}
	assert_int_equal(wrong, 0);
}

/* The same fields do no harm where nobody certified: what they cover is for whoever looks at the page. */
static void a_new_visible_signature_passes_where_nobody_certified(void **state)
{
	struct pdftext t;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		pdftext_begin(&t);
		attack_revision(&t, &attack_document);
		then(&t, sneaky[i].second);
		assert_true(attack_passed(&t, sneaky[i].name, 2, FACTS_FORM));
	}
}

/* A third signer is bound by the first, whatever the second said. */
static void the_first_certification_binds_everybody_after_it(void **state)
{
	const struct attack_part third[] = { { 3, PAGE("[10 0 R 20 0 R 30 0 R]") },
		{ 5, "<< /Fields [10 0 R 20 0 R 30 0 R] /SigFlags 3 >>" }, { 20, NULL }, { 21, NULL },
		{ 31, ATTACK_SIGNATURE("") }, { 0, NULL } };
	struct attack_paper seen = attack_with(&attack_second, third);
	struct attack_paper unseen = seen;
	struct pdftext t;

	(void)state;
	seen.text[30] = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig3) /Rect [9 9 290 90] /P 3 0 R /V 31 0 R >>";
	unseen.text[30] = ATTACK_FIELD("Sig3", "/V 31 0 R");
	certify(&t, 2, true, NULL);
	then(&t, ATTACK_PARTS_OF({ 21, certified_by[3] }));
	attack_revision(&t, &unseen);
	assert_true(attack_passed(&t, "three signatures", 3, FACTS_FORM));
	certify(&t, 2, true, NULL);
	then(&t, ATTACK_PARTS_OF({ 21, certified_by[3] }));
	attack_revision(&t, &seen);
	assert_true(attack_refused(&t, "the third is seen"));
	certify(&t, 3, true, NULL);
	then(&t,
		ATTACK_PARTS_OF(
			{ 20, ATTACK_FIELD("Sig2", "/V 21 0 R /Lock << /Type /SigFieldLock /Action /All /P 1 >>") }));
	attack_revision(&t, &unseen);
	assert_true(attack_refused(&t, "the second locked the document"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certified_document_passes_and_says_what_it_allows),
		cmocka_unit_test(another_invisible_signature_is_allowed_unless_nothing_is),
		cmocka_unit_test(a_field_that_was_there_may_be_signed_where_everybody_sees_it),
		cmocka_unit_test(no_annotation_passes_after_a_certification),
		cmocka_unit_test(no_new_visible_field_passes_after_a_certification),
		cmocka_unit_test(a_new_visible_signature_passes_where_nobody_certified),
		cmocka_unit_test(the_first_certification_binds_everybody_after_it),
	};

	return cmocka_run_group_tests_name("verify certified", tests, attack_setup, attack_teardown);
}
