/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * The allow-list in pairs: what a second signature may bring passes alone, and each neighbour just beyond it is
 * "other". A row says how its document and its second revision differ from the plain ones; an object that a row gives
 * in both is one that the second revision overwrites.
 */

struct row {
	const char *what;
	struct attack_part document[ATTACK_PARTS];
	struct attack_part second[ATTACK_PARTS];
	const char *trailer; /* of the second revision; NULL: as before */
};

#define PAGE(annots) \
	"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R " annots " >>"
#define PAGE_TWO(more) \
	"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 9 0 R /Resources 7 0 R " more " >>"
#define CATALOGUE(more) "<< /Type /Catalog /Pages 2 0 R " more " >>"
#define SEEN(name, more) \
	"<< /Type /Annot /Subtype /Widget /FT /Sig /T (" name ") /F 4 /Rect [9 9 90 40] /P 3 0 R " more " >>"
#define FORM_XOBJECT "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 7 >>\nstream\n0 0 m n\nendstream"
#define FORM_WITH(resources) \
	"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources " resources \
	" /Length 7 >>\nstream\n0 0 m n\nendstream"
#define OLD_FORM "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 7 >>\nstream\n5 5 m n\nendstream"
#define FONT "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
#define TRAILER(info, id) "/Root 1 0 R " info " /ID [" id " <fedcba9876543210>]"
#define EMPTY_SECOND \
	{ 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" }, \
	{ \
		3, PAGE("/Annots [10 0 R 20 0 R]") \
	}
#define NO_CHANGE \
	{ 5, NULL }, \
	{ \
		3, NULL \
	}

/* clang-format off */
static const struct row allowed[] = {
	{ "a new invisible field and its signature", { { 0, NULL } }, { { 0, NULL } }, NULL },
	{ "a new field that no page shows", { { 0, NULL } }, { { 3, NULL } }, NULL },
	{ "a new visible field with its own appearance", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") }, { 22, FORM_XOBJECT } }, NULL },
	{ "a new field with its widget as its kid", { { 0, NULL } },
		{ { 3, PAGE("/Annots [10 0 R 22 0 R]") }, { 20, "<< /FT /Sig /T (Sig2) /V 21 0 R /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [0 0 0 0] /P 3 0 R >>" } }, NULL },
	{ "a field that was empty", { EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") } }, { NO_CHANGE }, NULL },
	{ "a field that was empty, with a new appearance", { EMPTY_SECOND, { 20, SEEN("Sig2", "") } },
		{ NO_CHANGE, { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") }, { 22, FORM_XOBJECT } }, NULL },
	{ "a field that was empty, below a parent, with its widget as its kid",
		{ { 5, "<< /Fields [10 0 R 30 0 R] /SigFlags 3 >>" }, { 3, PAGE("/Annots [10 0 R 22 0 R]") },
			{ 30, "<< /T (Atas) /Kids [20 0 R] >>" }, { 20,
				"<< /FT /Sig /T (Sig2) /Parent 30 0 R /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 90 40] /P 3 0 R >>" } },
		{ NO_CHANGE, { 20, "<< /FT /Sig /T (Sig2) /Parent 30 0 R /Kids [22 0 R] /V 21 0 R >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 90 40] /P 3 0 R /AP << "
				"/N 23 0 R >> >>" },
			{ 23, FORM_XOBJECT } }, NULL },
	{ "a field that was empty, which the structure of the document names too",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "/StructParent 0") },
			{ 1, CATALOGUE("/AcroForm 5 0 R /StructTreeRoot 30 0 R") },
			{ 30, "<< /Type /StructTreeRoot /K [31 0 R] >>" },
			{ 31, "<< /S /Form /P 30 0 R /K << /Type /OBJR /Obj 20 0 R /Pg 3 0 R >> >>" } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/StructParent 0 /V 21 0 R") } }, NULL },
	{ "a list of annotations that is an object of its own",
		{ { 3, PAGE("/Annots 30 0 R") }, { 30, "[10 0 R]" } }, { { 3, NULL }, { 30, "[10 0 R 20 0 R]" } },
			NULL },
	{ "a list of fields that is an object of its own",
		{ { 5, "<< /Fields 30 0 R /SigFlags 3 >>" }, { 30, "[10 0 R]" } },
		{ { 5, NULL }, { 30, "[10 0 R 20 0 R]" } }, NULL },
	{ "a form in the catalogue", { { 1, CATALOGUE("/AcroForm << /Fields [10 0 R] >>") }, { 5, NULL } },
		{ { 1, CATALOGUE("/AcroForm << /Fields [10 0 R 20 0 R] /SigFlags 3 >>") }, { 5, NULL } }, NULL },
	{ "a form that moved to an object of its own", { { 1, CATALOGUE("/AcroForm << /Fields [10 0 R] >>") }, { 5,
		NULL } },
		{ { 1, CATALOGUE("/AcroForm 30 0 R") }, { 5, NULL }, { 30,
			"<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" } }, NULL },
	{ "the page written in another order", { { 0, NULL } },
		{ { 3, "<< /Annots [ 10 0 R 20 0 R ] /Resources 7 0 R /Contents 4 0 R /MediaBox [ 0 0 300 200 ] "
			"/Parent 2 0 R "
			"/Type /P#61ge >>" } }, NULL },
	{ "a list of annotations with a hole in it", { { 3, PAGE("/Annots [10 0 R 40 0 R null]") } },
		{ { 3, PAGE("/Annots [10 0 R 40 0 R null 20 0 R]") } }, NULL },
	{ "a new visible field on another page, with its own appearance", { { 0, NULL } },
		{ { 3, NULL }, { 6, PAGE_TWO("/Annots [20 0 R]") }, { 20,
			"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /F 132 /Rect [9 9 90 40] /P 6 0 R /V 21 0 R "
			"/AP << /N 22 0 R >> >>" }, { 22, FORM_XOBJECT } }, NULL },
	{ "a new visible field in a list of annotations that is an object of its own",
		{ { 3, PAGE("/Annots 30 0 R") }, { 30, "[10 0 R]" } },
		{ { 3, NULL }, { 30, "[10 0 R 20 0 R]" }, { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") },
			{ 22, FORM_XOBJECT } }, NULL },
	{ "an appearance of several layers, with a font of the document",
		{ { 7, "<< /Font << /F1 12 0 R >> >>" }, { 12, FONT } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R /D << /On 22 0 R >> >>") },
			{ 22, FORM_WITH("<< /XObject << /n2 23 0 R >> >>") },
			{ 23, FORM_WITH("<< /Font << /F1 12 0 R >> /ColorSpace << /C [/ICCBased 24 0 R] >> >>") },
			{ 24, "<< /N 3 /Length 7 >>\nstream\nprofile\nendstream" } }, NULL },
	{ "a lock in the new field", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /Lock 22 0 R") }, { 22,
			"<< /Type /SigFieldLock /Action /All >>" } }, NULL },
	{ "no change of the second half of /ID", { { 0, NULL } }, { { 0, NULL } }, TRAILER("/Info 8 0 R",
		"<0123456789ABCDEF>") },
};

static const struct row forbidden[] = {
	{ "two references added to /Annots", { { 0, NULL } }, { { 3, PAGE("/Annots [10 0 R 20 0 R 22 0 R]") },
		{ 22, "<< /Type /Annot /Subtype /FreeText /Rect [0 0 99 99] >>" } }, NULL },
	{ "the widget put twice into /Annots", { { 0, NULL } }, { { 3, PAGE("/Annots [10 0 R 20 0 R 20 0 R]") } },
		NULL },
	{ "one reference of /Annots exchanged", { { 0, NULL } }, { { 3, PAGE("/Annots [20 0 R]") } }, NULL },
	{ "an annotation beside a signature", { { 0, NULL } }, { { 3, PAGE("/Annots [10 0 R 22 0 R]") },
		{ 22, "<< /Type /Annot /Subtype /FreeText /Rect [0 0 99 99] >>" } }, NULL },
	{ "two fields", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R 22 0 R] /SigFlags 3 >>" }, { 22, ATTACK_FIELD("Sig3", "") } }, NULL },
	{ "two fields of one name", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R 22 0 R] /SigFlags 3 >>" }, { 22, ATTACK_FIELD("Sig1",
			"/V 21 0 R") } }, NULL },
	{ "a new field of an old one's name", { { 0, NULL } }, { { 20, ATTACK_FIELD("Sig1", "/V 21 0 R") } }, NULL },
	{ "a text field beside the signature", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R 22 0 R] /SigFlags 3 >>" }, { 22,
			"<< /FT /Tx /T (Isi) /V (Rp 1) >>" } }, NULL },
	{ "a text field alone", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" }, { 20, "<< /FT /Tx /T (Isi) /V (Rp 1) >>" },
			{ 21, NULL } }, NULL },
	{ "another key of the page", { { 0, NULL } }, { { 3, PAGE("/Annots [10 0 R 20 0 R] /Rotate 90") } }, NULL },
	{ "the page says /Annots twice", { { 0, NULL } }, { { 3,
		PAGE("/Annots [10 0 R 20 0 R] /Annots [10 0 R 20 0 R]") } }, NULL },
	{ "the page says /Annots twice in two spellings", { { 0, NULL } },
		{ { 3, PAGE("/Annot#73 [22 0 R] /Annots [10 0 R 20 0 R]") }, { 22, "<< /Subtype /FreeText >>" } },
			NULL },
	{ "the contents of the page", { { 0, NULL } }, { { 4,
		"<< /Length 38 >>\nstream\nBT /F1 12 Tf 20 20 Td (Tiga) Tj ET    \nendstream" } }, NULL },
	{ "/Annots of a second page", { { 0, NULL } }, { { 6, PAGE_TWO("/Annots [20 0 R]") } }, NULL },
	{ "/Annots that two pages share",
		{ { 3, PAGE("/Annots 30 0 R") }, { 6, PAGE_TWO("/Annots 30 0 R") }, { 30, "[10 0 R]" } },
		{ { 3, NULL }, { 30, "[10 0 R 20 0 R]" } }, NULL },
	{ "/Annots that is a list of pages too",
		{ { 3, PAGE("/Annots 30 0 R") }, { 2, "<< /Type /Pages /Kids 30 0 R /Count 1 >>" }, { 30,
			"[10 0 R]" } },
		{ { 3, NULL }, { 30, "[10 0 R 20 0 R]" } }, NULL },
	{ "/Annots that an object beyond our depth uses too",
		{ { 3, PAGE("/Annots 30 0 R /Keys 31 0 R") }, { 30, "[10 0 R]" }, { 31,
			"<< /Kids 30 0 R /Broken ( >>" } },
		{ { 3, NULL }, { 30, "[10 0 R 20 0 R]" } }, NULL },
	{ "/Annots of what is no page, named by the widget",
		{ { 7, "<< /Font << /F1 << /Type /Font >> >> /ColorSpace 31 0 R >>" }, { 31, "<< /Annots 30 0 R >>" },
			{ 30, "[/Lab]" } },
		{ { 3, NULL }, { 20, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /Rect [0 0 0 0] /P 31 0 "
			"R /V 21 0 R >>" },
			{ 30, "[/Lab 20 0 R]" } }, NULL },
	{ "/Fields that is a list of kids too",
		{ { 5, "<< /Fields 30 0 R /SigFlags 3 >>" }, { 30, "[10 0 R]" }, { 31, "<< /Kids 30 0 R >>" },
			{ 8, "<< /Title (Surat) /Tree 31 0 R >>" } },
		{ { 5, NULL }, { 30, "[10 0 R 20 0 R]" } }, NULL },
	{ "an appearance that overwrites an old object", { EMPTY_SECOND, { 20, SEEN("Sig2", "/AP << /N 22 0 R >>") },
		{ 22, FORM_XOBJECT } },
		{ NO_CHANGE, { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") },
			{ 22, "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 7 >>\nstream\n1 1 m "
				"n\nendstream" } }, NULL },
	{ "an appearance of a new field that overwrites a content stream", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 9 0 R >>") }, { 9, FORM_XOBJECT } }, NULL },
	{ "an appearance that is a content stream of the document", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 9 0 R >>") } }, NULL },
	{ "an appearance that is a hidden picture of the document",
		{ { 7, "<< /XObject << /Hidden 12 0 R >> >>" }, { 12, OLD_FORM } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 12 0 R >>") } }, NULL },
	{ "an appearance that draws a hidden picture of the document",
		{ { 7, "<< /XObject << /Hidden 12 0 R >> >>" }, { 12, OLD_FORM } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") },
			{ 22, FORM_WITH("<< /XObject << /Hidden 12 0 R >> >>") } }, NULL },
	{ "an appearance that shares a page's resources", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") }, { 22, FORM_WITH("7 0 R") } }, NULL },
	{ "an appearance whose letters are a content stream of the document", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") },
			{ 22, FORM_WITH("<< /Font << /F1 << /Type /Font /Subtype /Type3 /CharProcs << /a 9 0 R >> >> >> "
				">>") } }, NULL },
	{ "an appearance that leads to a page", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") }, { 22,
			FORM_WITH("<< /XObject << /P 6 0 R >> >>") } }, NULL },
	{ "an appearance in a dictionary of the document",
		{ { 12, "<< /N 13 0 R >>" }, { 13, OLD_FORM }, { 8, "<< /Title (Surat) /Other 12 0 R >>" } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP 12 0 R") } }, NULL },
	{ "an appearance for one state that is a content stream of the document", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AS /On /AP << /N << /Off 22 0 R /On 9 0 R >> >>") }, { 22,
			FORM_XOBJECT } }, NULL },
	{ "an appearance that is no stream", { { 0, NULL } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N [22 0 R] >>") }, { 22, FORM_XOBJECT } }, NULL },
	{ "an empty field that gets a hidden picture of the document as its appearance",
		{ EMPTY_SECOND, { 20, SEEN("Sig2", "") }, { 7, "<< /XObject << /Hidden 12 0 R >> >>" }, { 12, OLD_FORM } },
		{ NO_CHANGE, { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 12 0 R >>") } }, NULL },
	{ "a widget that names another page than the one that lists it", { { 0, NULL } },
		{ { 20, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /F 132 /Rect [9 9 90 40] /P 6 0 R /V 21 0 R "
			"/AP << /N 22 0 R >> >>" }, { 22, FORM_XOBJECT } }, NULL },
	{ "a widget that hangs below an old field", { { 0, NULL } },
		{ { 3, PAGE("/Annots [10 0 R 22 0 R]") }, { 20, "<< /FT /Sig /T (Sig2) /V 21 0 R /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 10 0 R /Rect [9 9 90 40] /P 3 0 R /AP << /N 23 0 "
				"R >> >>" }, { 23, FORM_XOBJECT } }, NULL },
	{ "a widget with a signature of its own", { { 0, NULL } },
		{ { 3, PAGE("/Annots [10 0 R 22 0 R]") }, { 20, "<< /FT /Sig /T (Sig2) /V 21 0 R /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 90 40] /P 3 0 R /V 11 0 R >>" } },
		NULL },
	{ "a widget that is not the field's", { { 0, NULL } },
		{ { 3, PAGE("/Annots [10 0 R 22 0 R]") }, { 22,
			"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Isi) /Rect [9 9 90 40] /P 3 0 R /AP << /N 23 0 R >> "
			">>" }, { 23, FORM_XOBJECT } }, NULL },
	{ "a widget in the lists of two pages", { { 0, NULL } },
		{ { 6, PAGE_TWO("/Annots [20 0 R]") }, { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 22 0 R >>") }, { 22,
			FORM_XOBJECT } }, NULL },
	{ "a field with an action", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /A << /S /Launch >>") } }, NULL },
	{ "a field with additional actions", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /AA << /PO << /S /JavaScript /JS (a) >> >>") } }, NULL },
	{ "a widget below the field with an action", { { 0, NULL } },
		{ { 3, PAGE("/Annots [10 0 R 22 0 R]") }, { 20, "<< /FT /Sig /T (Sig2) /V 21 0 R /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [0 0 0 0] /P 3 0 R /A << /S "
				"/URI >> >>" } }, NULL },
	{ "an empty field that gets an action with its signature", { EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /A << /S /Launch >>") } }, NULL },
	{ "an empty field that gets another place", { EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") } },
		{ NO_CHANGE, { 20, SEEN("Sig2", "/V 21 0 R") } }, NULL },
	{ "a field that is another kind of annotation as well", { { 0, NULL } },
		{ { 20, "<< /Type /Annot /Subtype /FreeText /FT /Sig /T (Sig2) /Rect [0 0 99 99] /DA (x) /Contents "
			"(Tiga) /V 21 0 R >>" } }, NULL },
	{ "a widget whose place readers read differently", { { 0, NULL } },
		{ { 20, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /Rect [0 0 300 200 0] /P 3 0 R /V 21 "
			"0 R >>" } }, NULL },
	{ "a new field below a /Parent", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /Parent 10 0 R") } }, NULL },
	{ "a new field below an old one",
		{ { 5, "<< /Fields [10 0 R 30 0 R] /SigFlags 3 >>" }, { 30, "<< /T (Atas) /Kids [31 0 R] >>" }, { 31,
			"<< /FT /Tx /T (Isi) /Parent 30 0 R >>" } },
		{ { 5, NULL }, { 30, "<< /T (Atas) /Kids [31 0 R 20 0 R] >>" }, { 20, ATTACK_FIELD("Sig2",
			"/V 21 0 R /Parent 30 0 R") } }, NULL },
	{ "a form that overwrites what was something else", { { 1,
		CATALOGUE("/AcroForm << /Fields [10 0 R] /SigFlags 3 >>") }, { 5, NULL } },
		{ { 1, CATALOGUE("/AcroForm 7 0 R") }, { 5, NULL }, { 7,
			"<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" } }, NULL },
	{ "an appearance that the page named before it was there", { { 7,
		"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /X 40 0 R "
			">> >>" } },
		{ { 20, SEEN("Sig2", "/V 21 0 R /AP << /N 40 0 R >>") }, { 40, FORM_XOBJECT } }, NULL },
	{ "contents that the page named before they were there",
		{ { 3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents [4 0 R 40 0 R] /Resources 7 "
			"0 R /Annots [10 0 R] >>" } },
		{ { 3, NULL }, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R /MK 40 0 R") },
			{ 40, "<< /Length 7 >>\nstream\n1 1 m n\nendstream" } }, NULL },
	{ "information that the trailer named before it was there", { { 8, NULL } },
		{ { 21, ATTACK_SIGNATURE("/Prop_Build 8 0 R") }, { 8, "<< /Title (Lain) >>" } }, NULL },
	{ "a field that is the fonts of a page as well",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 7, "<< /Font 20 0 R >>" } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
	{ "a field whose appearance is a picture of the page as well",
		{ EMPTY_SECOND, { 20, SEEN("Sig2", "") }, { 7, "<< /XObject 20 0 R >>" } },
		{ NO_CHANGE, { 20, SEEN("Sig2", "/V 21 0 R /AP 22 0 R") }, { 22, FORM_XOBJECT } }, NULL },
	{ "a widget that is the pictures of a page as well",
		{ { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 >>" }, { 20, "<< /FT /Sig /T (Sig2) /Kids [22 0 R] >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 90 40] >>" }, { 7,
				"<< /XObject 22 0 R >>" } },
		{ NO_CHANGE, { 20, "<< /FT /Sig /T (Sig2) /Kids [22 0 R] /V 21 0 R >>" },
			{ 22, "<< /Type /Annot /Subtype /Widget /Parent 20 0 R /Rect [9 9 90 40] /AP 23 0 R >>" },
				{ 23, FORM_XOBJECT } }, NULL },
	{ "a widget in a list that is a list of something else as well",
		{ EMPTY_SECOND, { 3, PAGE("/Annots 30 0 R") }, { 30, "[10 0 R 20 0 R]" }, { 20, ATTACK_FIELD("Sig2",
			"") },
			{ 7, "<< /ColorSpace << /C 30 0 R >> >>" } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
	{ "/Info changed", { { 0, NULL } }, { { 8, "<< /Title (Lain) >>" } }, NULL },
	{ "/Info exchanged", { { 0, NULL } }, { { 0, NULL } }, TRAILER("/Info 21 0 R", "<0123456789abcdef>") },
	{ "/Info dropped", { { 0, NULL } }, { { 0, NULL } }, TRAILER("", "<0123456789abcdef>") },
	{ "/ID[0] changed", { { 0, NULL } }, { { 0, NULL } }, TRAILER("/Info 8 0 R", "<1123456789abcdef>") },
	{ "/ID dropped", { { 0, NULL } }, { { 0, NULL } }, "/Root 1 0 R /Info 8 0 R" },
	{ "/Root changed", { { 0, NULL } }, { { 22, CATALOGUE("/AcroForm 5 0 R") } },
		"/Root 22 0 R /Info 8 0 R /ID [<0123456789abcdef> <fedcba9876543210>]" },
	{ "the page tree changed", { { 0, NULL } }, { { 2, "<< /Type /Pages /Kids [6 0 R 3 0 R] /Count 2 >>" } },
		NULL },
	{ "the catalogue's /OpenAction added", { { 0, NULL } },
		{ { 1, CATALOGUE("/AcroForm 5 0 R /OpenAction [6 0 R /Fit]") } }, NULL },
	{ "the catalogue's /Pages changed", { { 0, NULL } },
		{ { 1, "<< /Type /Catalog /Pages 22 0 R /AcroForm 5 0 R >>" }, { 22,
			"<< /Type /Pages /Kids [3 0 R] /Count 1 >>" } }, NULL },
	{ "the catalogue's /Perms added", { { 0, NULL } },
		{ { 1, CATALOGUE("/AcroForm 5 0 R /Perms << /DocMDP 21 0 R >>") } }, NULL },
	{ "the form's /DR added", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 /DR << /Font << >> >> >>" } }, NULL },
	{ "a new form with /DR", { { 1, CATALOGUE("/AcroForm << /Fields [10 0 R] >>") } },
		{ { 1, CATALOGUE("/AcroForm << /Fields [10 0 R 20 0 R] /DR << >> >>") }, { 5, NULL } }, NULL },
	{ "/NeedAppearances added", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 /NeedAppearances true >>" } }, NULL },
	{ "/XFA added", { { 0, NULL } },
		{ { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 3 /XFA 22 0 R >>" }, { 22,
			"<< /Length 0 >>\nstream\n\nendstream" } }, NULL },
	{ "/SigFlags lowered", { { 0, NULL } }, { { 5, "<< /Fields [10 0 R 20 0 R] /SigFlags 1 >>" } }, NULL },
	{ "/SigFlags dropped", { { 0, NULL } }, { { 5, "<< /Fields [10 0 R 20 0 R] >>" } }, NULL },
	{ "/SigFlags with a flag that nobody knows", { { 0, NULL } }, { { 5,
		"<< /Fields [10 0 R 20 0 R] /SigFlags 7 >>" } }, NULL },
	{ "the earlier signature removed", { { 0, NULL } }, { { 10, ATTACK_FIELD("Sig1", "") } }, NULL },
	{ "the earlier signature commented out", { { 0, NULL } }, { { 10, ATTACK_FIELD("Sig1", "%V 11 0 R\n") } },
		NULL },
	{ "the earlier field gone", { { 0, NULL } }, { { 5, "<< /Fields [20 0 R] /SigFlags 3 >>" } }, NULL },
	{ "one signature in two fields", { EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") } },
		{ { 5, "<< /Fields [10 0 R 20 0 R 22 0 R] /SigFlags 3 >>" }, { 3,
			PAGE("/Annots [10 0 R 20 0 R 22 0 R]") },
			{ 20, ATTACK_FIELD("Sig2", "/V 21 0 R") }, { 22, ATTACK_FIELD("Sig3", "/V 21 0 R") } }, NULL },
	{ "an old signature in a new field", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 11 0 R") }, { 21, NULL } }, NULL },
	{ "an old signature in a new field, by a detour", { { 0, NULL } },
		{ { 20, ATTACK_FIELD("Sig2", "/V 22 0 R") }, { 22, "11 0 R" }, { 21, NULL } }, NULL },
	{ "a signature in no field", { { 0, NULL } }, { { 20, ATTACK_FIELD("Sig2", "") } }, NULL },
	{ "a signature commented out", { { 0, NULL } }, { { 20, ATTACK_FIELD("Sig2", "%V 21 0 R\n") } }, NULL },
	{ "a new object that nothing needs", { { 0, NULL } }, { { 22, "<< /Type /XObject >>" } }, NULL },
	{ "nothing but a new object", { { 0, NULL } }, { NO_CHANGE, { 20, NULL }, { 21, NULL }, { 22, "null" } },
		NULL },
	{ "nothing at all", { { 0, NULL } }, { NO_CHANGE, { 20, NULL }, { 21, NULL } }, NULL },
	{ "an earlier /Lock allows no change", { { 10, ATTACK_FIELD("Sig1",
		"/V 11 0 R /Lock << /Type /SigFieldLock /Action /All /P 1 >>") } },
		{ { 0, NULL } }, NULL },
	{ "an earlier signature locks all fields that are there",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 11,
			ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /FieldMDP "
			"/TransformParams << /Type /TransformParams /Action /All /V /1.2 >> >>]") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
	{ "an earlier signature locks this field",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 11,
			ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /FieldMDP "
			"/TransformParams << /Type /TransformParams /Action /Include /Fields [(Sig2)] /V /1.2 >> "
				">>]") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
	{ "an earlier signature locks all fields but another",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 11,
			ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /FieldMDP "
			"/TransformParams << /Type /TransformParams /Action /Exclude /Fields [(Sig22)] /V /1.2 >> "
				">>]") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
};

/* A lock means whole names: Sig2 is not Sig22. */
static const struct row unlocked[] = {
	{ "an earlier signature locks a field of a longer name",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 11,
			ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /FieldMDP "
			"/TransformParams << /Type /TransformParams /Action /Include /Fields [(Sig22) (Sig)] /V "
				"/1.2 >> >>]") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
	{ "an earlier signature locks all fields but this",
		{ EMPTY_SECOND, { 20, ATTACK_FIELD("Sig2", "") }, { 11,
			ATTACK_SIGNATURE("/Reference [<< /Type /SigRef /TransformMethod /FieldMDP "
			"/TransformParams << /Type /TransformParams /Action /Exclude /Fields [(Sig2)] /V /1.2 >> "
				">>]") } },
		{ NO_CHANGE, { 20, ATTACK_FIELD("Sig2", "/V 21 0 R") } }, NULL },
};
/* clang-format on */

static void write_row(struct pdftext *t, const struct row *row)
{
	struct attack_paper document = attack_with(&attack_document, row->document);
	struct attack_paper second = attack_with(&attack_second, row->second);

	if (row->trailer != NULL)
		second.trailer = row->trailer;
	pdftext_begin(t);
	attack_revision(t, &document);
	attack_revision(t, &second);
}

static void a_later_signature_may_bring_itself_its_field_and_what_leads_to_it(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		struct pdftext t;

		write_row(&t, &allowed[i]);
		wrong += !attack_passed(&t, allowed[i].what, 2, FACTS_FORM);
	}
	assert_int_equal(wrong, 0);
}

static void anything_beyond_that_is_another_change(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		struct pdftext t;

		write_row(&t, &forbidden[i]);
		wrong += !attack_refused(&t, forbidden[i].what);
	}
	assert_int_equal(wrong, 0);
}

#define MANY 250000u

/* Object 12 lists very many; the last of them refers to the catalogue, or to what the second signer is going to add. */
static void write_many(struct pdftext *t, const char *last)
{
	struct buffer list = BUFFER_EMPTY;
	struct attack_paper document = attack_with(&attack_document, ATTACK_PARTS_OF({ 8, "<< /List 12 0 R >>" }));

	buffer_add_byte(&list, '[');
	for (uint32_t i = 0; i < MANY; i++)
		buffer_printf(&list, "%u 0 R ", 100 + i);
	buffer_add(&list, "]", 2);
	assert_false(list.failed);
	pdftext_begin(t);
	attack_objects(t, &document);
	pdftext_object(t, 12, (const char *)list.data);
	for (uint32_t i = 0; i < MANY; i++)
		pdftext_object(t, 100 + i, i + 1 < MANY ? "[]" : last);
	pdftext_table(t, document.trailer);
	attack_sign(t);
	attack_revision(t, &attack_second);
	buffer_free(&list);
}

static void a_document_of_very_many_objects_is_looked_through_to_the_end(void **state)
{
	struct pdftext t;

	(void)state;
	write_many(&t, "[1 0 R]");
	assert_true(attack_passed(&t, "many", 2, FACTS_FORM));
	write_many(&t, "[20 0 R]");
	assert_true(attack_refused(&t, "many, the last waits for what comes later"));
}

static void a_lock_holds_the_fields_it_names_and_no_others(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(unlocked) / sizeof(unlocked[0]); i++) {
		struct pdftext t;

		write_row(&t, &unlocked[i]);
		wrong += !attack_passed(&t, unlocked[i].what, 2, FACTS_FORM);
	}
	assert_int_equal(wrong, 0);
}

static void a_signature_put_in_an_earlier_ones_place_fails_the_file(void **state)
{
	const struct attack_part parts[] = { NO_CHANGE, { 10, ATTACK_FIELD("Sig1", "/V 21 0 R") }, { 20, NULL },
		{ 0, NULL } };
	struct attack_paper second = attack_with(&attack_second, parts);
	struct pdftext t;

	(void)state;
	pdftext_begin(&t);
	attack_revision(&t, &attack_document);
	attack_revision(&t, &second);
	assert_int_equal(attack_result(&t), VERIFY_TOTAL_FAILED);
	pdftext_free(&t);
}

/* The phantom covers a whole revision, properly; only, nobody signed its field then. */
static void a_signature_that_no_field_had_is_none_in_a_field_that_comes_later(void **state)
{
	static const struct attack_part bare[] = { { 5, "<< /Fields [] >>" }, { 3, PAGE("") }, { 10, NULL },
		{ 11, NULL }, { 30, ATTACK_SIGNATURE("/Reason (bayangan)") }, { 0, NULL } };
	static const struct attack_part taken[] = { { 20, ATTACK_FIELD("Sig2", "/V 30 0 R") }, { 21, NULL },
		{ 0, NULL } };
	struct attack_paper phantom = attack_with(&attack_document, bare);
	struct attack_paper first = { .trailer = attack_document.trailer };
	struct attack_paper second = attack_with(&attack_second, taken);
	struct attack_verdict v;
	struct pdftext t;

	(void)state;
	first.text[3] = attack_document.text[3];
	first.text[5] = attack_document.text[5];
	first.text[10] = attack_document.text[10];
	first.text[11] = attack_document.text[11];
	pdftext_begin(&t);
	attack_revision(&t, &phantom);
	attack_revision(&t, &first);
	attack_revision(&t, &second);
	attack_judge(&v, t.bytes.data, t.bytes.len);
	assert_int_equal(v.count, 2);
	assert_int_equal(v.result, VERIFY_TOTAL_FAILED);
	assert_string_equal(v.signatures[1].facts.field, "Sig1");
	assert_int_equal(v.signatures[1].facts.modification, FACTS_OTHER);
	assert_int_equal(v.signatures[0].facts.gate, FACTS_GATE_REPLACED);
	attack_verdict_free(&v);
	pdftext_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_later_signature_may_bring_itself_its_field_and_what_leads_to_it),
		cmocka_unit_test(anything_beyond_that_is_another_change),
		cmocka_unit_test(a_document_of_very_many_objects_is_looked_through_to_the_end),
		cmocka_unit_test(a_lock_holds_the_fields_it_names_and_no_others),
		cmocka_unit_test(a_signature_put_in_an_earlier_ones_place_fails_the_file),
		cmocka_unit_test(a_signature_that_no_field_had_is_none_in_a_field_that_comes_later),
	};

	return cmocka_run_group_tests_name("verify step", tests, attack_setup, attack_teardown);
}
