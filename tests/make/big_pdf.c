/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Makes PDF documents to measure with; the same bytes each time.
 *
 *   big_pdf small|big|many|many-objstm FILE [field]
 *
 * small: one page with one line. big: 25 images of four million bytes. many: 300,000 small objects and a classic
 * cross-reference table. many-objstm: the same in object streams, with a cross-reference stream.
 * field: with an empty signature field on the first page.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define IMAGES 25u
#define IMAGE_SIDE 2000u
#define OBJECTS 300000u
#define OBJECTS_A_LIST 1000u
#define OBJECTS_A_STREAM 200u

/* Where an object stands: at an offset, or as the index-th of an object stream. */
struct place {
	uint64_t at;
	uint32_t index;
	bool packed;
};

struct text {
	char *bytes;
	size_t len, cap;
};

struct pdf {
	FILE *file;
	uint64_t written;
	struct place *places; /* by object number; 0 is the free entry */
	uint32_t count, cap;
	bool packs;                /* objects go into object streams */
	struct text heads, bodies; /* of the object stream that is being filled */
	uint32_t packed[OBJECTS_A_STREAM];
	uint32_t packed_count;
};

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "big_pdf: %s\n", why);
	exit(2);
}

static void put(struct pdf *pdf, const void *bytes, size_t len)
{
	if (len > 0 && fwrite(bytes, 1, len, pdf->file) != len)
		give_up("the file cannot be written");
	pdf->written += len;
}

__attribute__((format(printf, 2, 3))) static void say(struct pdf *pdf, const char *format, ...)
{
	char line[256];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(line))
		give_up("a line is too long");
	put(pdf, line, (size_t)len);
}

static void append(struct text *text, const char *bytes, size_t len)
{
	if (text->cap - text->len < len) {
		text->cap = 2 * text->cap + len;
		text->bytes = realloc(text->bytes, text->cap);
		if (text->bytes == NULL)
			give_up("out of memory");
	}
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

/* ---- objects ---- */

static uint32_t reserve(struct pdf *pdf)
{
	if (pdf->count == pdf->cap) {
		pdf->cap = 2 * pdf->cap + 64;
		pdf->places = realloc(pdf->places, pdf->cap * sizeof(*pdf->places));
		if (pdf->places == NULL)
			give_up("out of memory");
	}
	pdf->places[pdf->count] = (struct place){ 0, 0, false };
	return pdf->count++;
}

static void begin(struct pdf *pdf, uint32_t number)
{
	pdf->places[number].at = pdf->written;
	say(pdf, "%" PRIu32 " 0 obj\n", number);
}

static void stream(struct pdf *pdf, uint32_t number, const char *entries, const void *bytes, size_t len)
{
	begin(pdf, number);
	say(pdf, "<< %s /Length %zu >>\nstream\n", entries, len);
	put(pdf, bytes, len);
	say(pdf, "\nendstream\nendobj\n");
}

static void deflated(struct pdf *pdf, uint32_t number, const char *entries, const void *bytes, size_t len)
{
	uLongf size = compressBound((uLong)len);
	uint8_t *small = malloc(size);
	char all[256];

	if (small == NULL || compress2(small, &size, bytes, (uLong)len, 6) != Z_OK)
		give_up("nothing could be compressed");
	snprintf(all, sizeof(all), "%s /Filter /FlateDecode", entries);
	stream(pdf, number, all, small, size);
	free(small);
}

/* ISO 32000-2, 7.5.7: pairs of number and offset, then the objects. */
static void flush_packed(struct pdf *pdf)
{
	uint32_t number;
	size_t first = pdf->heads.len;
	char entries[128];

	if (pdf->packed_count == 0)
		return;
	number = reserve(pdf);
	for (uint32_t i = 0; i < pdf->packed_count; i++)
		pdf->places[pdf->packed[i]] = (struct place){ number, i, true };
	append(&pdf->heads, pdf->bodies.bytes, pdf->bodies.len);
	snprintf(entries, sizeof(entries), "/Type /ObjStm /N %" PRIu32 " /First %zu", pdf->packed_count, first);
	deflated(pdf, number, entries, pdf->heads.bytes, pdf->heads.len);
	pdf->heads.len = pdf->bodies.len = 0;
	pdf->packed_count = 0;
}

static void object_bytes(struct pdf *pdf, uint32_t number, const char *bytes, size_t len)
{
	char head[48];
	int head_len;

	if (!pdf->packs) {
		begin(pdf, number);
		put(pdf, bytes, len);
		say(pdf, "\nendobj\n");
		return;
	}
	head_len = snprintf(head, sizeof(head), "%" PRIu32 " %zu ", number, pdf->bodies.len);
	append(&pdf->heads, head, (size_t)head_len);
	append(&pdf->bodies, bytes, len);
	append(&pdf->bodies, "\n", 1);
	pdf->packed[pdf->packed_count++] = number;
	if (pdf->packed_count == OBJECTS_A_STREAM)
		flush_packed(pdf);
}

__attribute__((format(printf, 3, 4))) static void object(struct pdf *pdf, uint32_t number, const char *format, ...)
{
	char body[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(body))
		give_up("an object is too long");
	object_bytes(pdf, number, body, (size_t)len);
}

/* An array of references to the count objects from first on. */
static void references(struct pdf *pdf, uint32_t number, uint32_t first, uint32_t count)
{
	struct text list = { NULL, 0, 0 };

	append(&list, "[", 1);
	for (uint32_t i = 0; i < count; i++) {
		char one[24];
		int len = snprintf(one, sizeof(one), " %" PRIu32 " 0 R", first + i);

		append(&list, one, (size_t)len);
	}
	append(&list, " ]", 2);
	object_bytes(pdf, number, list.bytes, list.len);
	free(list.bytes);
}

/* ---- cross-reference data ---- */

/* 7.5.4 */
static void table(struct pdf *pdf, uint32_t catalog)
{
	uint64_t at = pdf->written;

	say(pdf, "xref\n0 %" PRIu32 "\n0000000000 65535 f \n", pdf->count);
	for (uint32_t i = 1; i < pdf->count; i++)
		say(pdf, "%010" PRIu64 " 00000 n \n", pdf->places[i].at);
	say(pdf, "trailer\n<< /Size %" PRIu32 " /Root %" PRIu32 " 0 R >>\nstartxref\n%" PRIu64 "\n%%%%EOF\n",
		pdf->count, catalog, at);
}

static uint8_t *big_endian(uint8_t *out, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*out++ = (uint8_t)(value >> (8 * i));
	return out;
}

/* 7.5.8: type, offset or stream, generation or index. */
static void table_stream(struct pdf *pdf, uint32_t catalog)
{
	uint32_t number = reserve(pdf);
	uint64_t at = pdf->written;
	uint8_t *entries = malloc(pdf->count * (size_t)7), *end = entries;
	char dictionary[128];

	if (entries == NULL)
		give_up("out of memory");
	pdf->places[number].at = at;
	for (uint32_t i = 0; i < pdf->count; i++) {
		const struct place *place = &pdf->places[i];

		end = big_endian(end, i == 0 ? 0 : place->packed ? 2 : 1, 1);
		end = big_endian(end, place->at, 4);
		end = big_endian(end, i == 0 ? 65535 : place->index, 2);
	}
	snprintf(dictionary, sizeof(dictionary), "/Type /XRef /W [1 4 2] /Size %" PRIu32 " /Root %" PRIu32 " 0 R",
		pdf->count, catalog);
	deflated(pdf, number, dictionary, entries, (size_t)(end - entries));
	free(entries);
	say(pdf, "startxref\n%" PRIu64 "\n%%%%EOF\n", at);
}

/* ---- the documents ---- */

/* The first page, with its text and, if wanted, an empty signature field. */
static void page(struct pdf *pdf, uint32_t number, uint32_t pages, uint32_t field)
{
	static const char text[] = "BT /F1 24 Tf 72 720 Td (Measured, not guessed.) Tj ET";
	uint32_t content = reserve(pdf), font = reserve(pdf);
	char annotation[48] = "";

	if (field != 0)
		snprintf(annotation, sizeof(annotation), " /Annots [ %" PRIu32 " 0 R ]", field);
	object(pdf, number,
		"<< /Type /Page /Parent %" PRIu32 " 0 R /MediaBox [ 0 0 595 842 ] /Contents %" PRIu32
		" 0 R /Resources << /Font << /F1 %" PRIu32 " 0 R >> >>%s >>",
		pages, content, font, annotation);
	stream(pdf, content, "", text, sizeof(text) - 1);
	object(pdf, font, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
	if (field != 0)
		object(pdf, field,
			"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [ 72 72 272 122 ] /P %" PRIu32
			" 0 R >>",
			number);
}

static void fill_noise(uint32_t *words, size_t count, uint64_t state)
{
	for (size_t i = 0; i < count; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		words[i] = (uint32_t)(state >> 32);
	}
}

static void image_page(struct pdf *pdf, uint32_t number, uint32_t pages, uint32_t seed)
{
	static const char paint[] = "q 595 0 0 842 0 0 cm /Im Do Q";
	static uint32_t pixels[IMAGE_SIDE * IMAGE_SIDE / sizeof(uint32_t)];
	uint32_t image = reserve(pdf), content = reserve(pdf);
	char entries[160];

	fill_noise(pixels, sizeof(pixels) / sizeof(pixels[0]), seed);
	snprintf(entries, sizeof(entries),
		"/Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /DeviceGray /BitsPerComponent 8",
		IMAGE_SIDE, IMAGE_SIDE);
	stream(pdf, image, entries, pixels, sizeof(pixels));
	stream(pdf, content, "", paint, sizeof(paint) - 1);
	object(pdf, number,
		"<< /Type /Page /Parent %" PRIu32 " 0 R /MediaBox [ 0 0 595 842 ] /Contents %" PRIu32
		" 0 R /Resources << /XObject << /Im %" PRIu32 " 0 R >> >> >>",
		pages, content, image);
}

/* Reserves numbers that follow each other; the first is returned. */
static uint32_t reserve_many(struct pdf *pdf, uint32_t count)
{
	uint32_t first = reserve(pdf);

	for (uint32_t i = 1; i < count; i++)
		reserve(pdf);
	return first;
}

/* Small objects, lists of them, and a list of the lists, whose number is returned. */
static uint32_t many(struct pdf *pdf)
{
	uint32_t lists = OBJECTS / OBJECTS_A_LIST;
	uint32_t first_list = reserve_many(pdf, lists);
	uint32_t first = reserve_many(pdf, OBJECTS);
	uint32_t all = reserve(pdf);

	for (uint32_t i = 0; i < OBJECTS; i++)
		object(pdf, first + i, "<< /Number %" PRIu32 " /Word (measure) >>", i);
	for (uint32_t i = 0; i < lists; i++)
		references(pdf, first_list + i, first + i * OBJECTS_A_LIST, OBJECTS_A_LIST);
	references(pdf, all, first_list, lists);
	return all;
}

static void document(struct pdf *pdf, const char *mode, bool with_field)
{
	uint32_t count = strcmp(mode, "big") == 0 ? 1 + IMAGES : 1;
	uint32_t catalog, pages, kids, first, field;
	char form[80] = "", piece[128] = "";

	reserve(pdf); /* object 0, the head of the free list */
	catalog = reserve(pdf);
	pages = reserve(pdf);
	kids = reserve(pdf);
	first = reserve_many(pdf, count);
	field = with_field ? reserve(pdf) : 0;
	say(pdf, "%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n");
	page(pdf, first, pages, field);
	for (uint32_t i = 1; i < count; i++)
		image_page(pdf, first + i, pages, i);
	if (strncmp(mode, "many", 4) == 0)
		snprintf(piece, sizeof(piece),
			" /PieceInfo << /Bench << /LastModified (D:20240101000000Z) /Private %" PRIu32 " 0 R >> >>",
			many(pdf));
	if (field != 0)
		snprintf(form, sizeof(form), " /AcroForm << /Fields [ %" PRIu32 " 0 R ] >>", field);
	references(pdf, kids, first, count);
	object(pdf, pages, "<< /Type /Pages /Count %" PRIu32 " /Kids %" PRIu32 " 0 R >>", count, kids);
	object(pdf, catalog, "<< /Type /Catalog /Pages %" PRIu32 " 0 R%s%s >>", pages, form, piece);
	if (pdf->packs) {
		flush_packed(pdf);
		table_stream(pdf, catalog);
	} else {
		table(pdf, catalog);
	}
}

static bool known(const char *mode)
{
	static const char *const modes[] = { "small", "big", "many", "many-objstm" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(mode, modes[i]) == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct pdf pdf = { .file = NULL };

	if (argc < 3 || argc > 4 || !known(argv[1]) || (argc == 4 && strcmp(argv[3], "field") != 0)) {
		fputs("usage: big_pdf small|big|many|many-objstm FILE [field]\n", stderr);
		return 2;
	}
	pdf.packs = strcmp(argv[1], "many-objstm") == 0;
	pdf.file = fopen(argv[2], "wb");
	if (pdf.file == NULL)
		give_up("the file cannot be made");
	document(&pdf, argv[1], argc == 4);
	if (fclose(pdf.file) != 0)
		give_up("the file cannot be written");
	free(pdf.places);
	free(pdf.heads.bytes);
	free(pdf.bodies.bytes);
	return 0;
}
