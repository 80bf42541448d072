/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stage *current;

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "stage: %s\n", what);
	abort();
}

/* ---- the engine ---- */

static int64_t engine_now(void)
{
	return STAGE_NOW;
}

static void engine_guard(void)
{
	current->guards++;
}

static void fill_key(struct key_facts *out)
{
	*out = KEY_FACTS_UNKNOWN;
	(void)strcpy(out->name, "Sari Wulandari");
	(void)strcpy(out->issuer, "C=ID, O=Otoritas Contoh, CN=Otoritas Contoh G1");
	(void)memset(out->sha256, 'a', sizeof(out->sha256) - 1);
	out->until = STAGE_NOW + 200 * (int64_t)86400;
}

static enum be_err take_key(
	struct key_facts *out, const char *key_file, const struct secret *passphrase, struct be_error *err)
{
	(void)snprintf(current->key_file, sizeof(current->key_file), "%s", key_file);
	must(secret_len(passphrase) < sizeof(current->passphrase), "a passphrase of that length is not foreseen");
	memcpy(current->passphrase, secret_bytes(passphrase), secret_len(passphrase) + 1);
	if (strstr(key_file, "rusak") != NULL)
		return be_fail(err, BE_BAD_KEY_FILE, "This is no PKCS#12 key file, or it is damaged", NULL);
	if (strcmp(current->passphrase, STAGE_PASSPHRASE) != 0)
		return be_fail(err, BE_WRONG_PASSPHRASE, "The passphrase of the key file is wrong", NULL);
	fill_key(out);
	return BE_OK;
}

static enum be_err engine_describe(
	struct key_facts *out, const char *key_file, const struct secret *passphrase, struct be_error *err)
{
	current->descriptions++;
	return take_key(out, key_file, passphrase, err);
}

static void sign_one(struct sign_document *document)
{
	document->result = BE_OK;
	document->error = (struct be_error){ .code = BE_OK };
	if (strstr(document->input, "rusak") != NULL)
		document->result = be_fail(&document->error, BE_DAMAGED, "The document is damaged", "no trailer");
	else if (strstr(document->input, "sudah") != NULL && !document->replace)
		document->result =
			be_fail(&document->error, BE_EXISTS, "The output exists already", "%s", document->output);
	if (document->result != BE_OK)
		return;
	(void)strcpy(document->field, "Signature1");
	(void)memset(document->sha256, 'b', sizeof(document->sha256) - 1);
}

static enum be_err engine_sign(struct key_facts *who, const struct engine_sign_job *job, struct be_error *err)
{
	struct outputs *outputs = job->outputs;
	enum be_err rc = take_key(who, job->key_file, job->passphrase, err);

	current->signings++;
	(void)snprintf(current->reason, sizeof(current->reason), "%s",
		job->options->reason != NULL ? job->options->reason : "");
	current->seen = job->look != NULL;
	if (job->look != NULL)
		current->place = *job->place;
	(void)snprintf(current->location, sizeof(current->location), "%s",
		job->options->location != NULL ? job->options->location : "");
	for (size_t i = 0; rc == BE_OK && i < outputs->count; i++) {
		struct sign_document *document = &outputs->documents[i];

		if (atomic_load(job->progress->cancel)) {
			document->result = be_fail(&document->error, BE_CANCELLED, "Cancelled", NULL);
			continue;
		}
		sign_one(document);
		job->progress->report(job->progress->context, SIGN_DONE, i, i + 1, outputs->count);
		if (current->during != NULL)
			current->during(current, i + 1);
	}
	return rc;
}

/* ---- verifying: by the document's name ---- */

static void put_certificate(struct pki_cert_info *info, const char *name)
{
	(void)snprintf(info->name, sizeof(info->name), "%s", name);
	(void)snprintf(info->subject, sizeof(info->subject), "C=ID, O=Instansi Contoh, CN=%s", name);
	(void)strcpy(info->issuer, "C=ID, O=Otoritas Contoh, CN=Otoritas Contoh G1");
	(void)memset(info->sha256, 'c', sizeof(info->sha256) - 1);
}

static struct verify_signature *add_signature(struct verify_report *report, enum verify_result result, const char *name)
{
	struct verify_signature *s;

	report->signatures = reallocarray(report->signatures, report->count + 1, sizeof(*report->signatures));
	must(report->signatures != NULL, "no memory");
	s = &report->signatures[report->count++];
	memset(s, 0, sizeof(*s));
	s->result = result;
	s->integrity = s->trusted = true;
	s->facts.has_cms = true;
	s->facts.claimed_time = s->time_used = STAGE_NOW - 86400;
	(void)snprintf(s->facts.field, sizeof(s->facts.field), "Signature%zu", report->count);
	(void)strcpy(s->facts.reason, "Persetujuan");
	(void)strcpy(s->facts.location, "Jakarta");
	put_certificate(&s->facts.cms.signer, name);
	report->result = result;
	return s;
}

static void note(struct verify_notes *notes, const char *text)
{
	notes->text[notes->count++] = text;
}

static void untrusted(struct verify_report *report, const char *name)
{
	struct verify_signature *s = add_signature(report, VERIFY_INDETERMINATE, name);

	s->trusted = false;
	s->subindication = VERIFY_NO_CERTIFICATE_CHAIN_FOUND;
	s->facts.chain_now.result = PKI_CHAIN_NONE;
	note(&s->reasons, "The certificate does not lead to an authority that you trust");
}

static void changed(struct verify_report *report)
{
	struct verify_signature *s = add_signature(report, VERIFY_TOTAL_FAILED, "Budi Santoso");

	s->integrity = false;
	s->subindication = VERIFY_HASH_FAILURE;
	note(&s->reasons, "The signed part of the document was changed after signing");
}

/* Names as attackers give them: to forge a verdict, to turn text around, to reach the terminal. */
static void hostile(struct verify_report *report)
{
	struct verify_signature *s;

	untrusted(report,
		"VALID\033[1;32m \xE2\x80\xAE"
		"DILAV\xE2\x80\x8B \x9B"
		"31m");
	s = &report->signatures[0];
	(void)strcpy(s->facts.reason, "SAH\n\n  VALID\r\n\x07\x1b]0;VALID\x07");
	(void)strcpy(s->facts.location,
		"\xF0\x9F\x98\x80 \xE6\xBC\xA2\xE5\xAD\x97 e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81 \xFF\xFE");
}

static enum be_err engine_verify(
	struct verify_report *out, const char *path, enum verify_revocation revocation, struct be_error *err)
{
	(void)revocation;
	current->verifications++;
	memset(out, 0, sizeof(*out));
	if (strstr(path, "asing") != NULL && !current->trusted) {
		untrusted(out, "Dewi Lestari");
	} else if (strstr(path, "ubah") != NULL) {
		changed(out);
	} else if (strstr(path, "jahat") != NULL) {
		hostile(out);
	} else if (strstr(path, "kosong") != NULL) {
		out->result = VERIFY_NO_SIGNATURE;
	} else if (strstr(path, "rusak") != NULL) {
		out->result = VERIFY_ERROR;
		(void)be_fail(&out->error, BE_NOT_A_PDF, "This is no PDF document", NULL);
	} else if (strstr(path, "lenyap") != NULL) {
		return be_fail(err, BE_NOT_FOUND, "There is no such file", "%s", path);
	} else {
		(void)add_signature(out, VERIFY_TOTAL_PASSED, "Sari Wulandari");
		(void)add_signature(out, VERIFY_TOTAL_PASSED, "Budi Santoso");
	}
	return BE_OK;
}

/* ---- trust ---- */

static void put_entry(struct trust_entry *out, const char *name, enum trust_role role, bool accepted)
{
	memset(out, 0, sizeof(*out));
	(void)snprintf(out->name, sizeof(out->name), "%s", name);
	(void)snprintf(out->subject, sizeof(out->subject), "C=ID, O=Otoritas Contoh, CN=%s", name);
	(void)memset(out->sha256, 'd', sizeof(out->sha256) - 1);
	(void)strcpy(out->until, "2036-05-28T20:26:40Z");
	out->role = role;
	out->bundled = true;
	out->accepted = accepted;
	(void)strcpy(out->seen, "in a document of an authority");
}

static void add_entry(struct trust_list *list, const char *name, enum trust_role role, bool accepted)
{
	list->entries = reallocarray(list->entries, list->count + 1, sizeof(*list->entries));
	must(list->entries != NULL, "no memory");
	put_entry(&list->entries[list->count++], name, role, accepted);
}

static enum be_err engine_trust_list(struct trust_list *out, struct be_error *err)
{
	(void)err;
	*out = (struct trust_list){ NULL, 0 };
	add_entry(out, "Otoritas Contoh G1", TRUST_ANCHOR, current->trusted);
	add_entry(out, "Otoritas Contoh G2", TRUST_ANCHOR, true);
	add_entry(out, "Otoritas Antara", TRUST_INTERMEDIATE, true);
	return BE_OK;
}

static enum be_err engine_trust_offers(struct trust_list *out, const char *path, struct be_error *err)
{
	(void)err;
	*out = (struct trust_list){ NULL, 0 };
	if (strstr(path, "asing") != NULL && !current->trusted)
		add_entry(out, "Otoritas Contoh G1", TRUST_ANCHOR, false);
	return BE_OK;
}

static enum be_err engine_trust_accept(const struct trust_entry *entry, struct be_error *err)
{
	(void)err;
	must(strcmp(entry->name, "Otoritas Contoh G1") == 0, "the wrong authority was accepted");
	current->trusted = true;
	return BE_OK;
}

static enum be_err engine_trust_describe(struct trust_entry *out, const char *file, struct be_error *err)
{
	if (strstr(file, "rusak") != NULL)
		return be_fail(err, BE_BAD_ANCHOR, "The file holds no certificate, or more than one", "%s", file);
	put_entry(out, "milik-sendiri", TRUST_ANCHOR, false);
	out->bundled = false;
	out->seen[0] = '\0';
	return BE_OK;
}

static enum be_err engine_trust_add(struct trust_entry *out, const char *file, struct be_error *err)
{
	current->trusted = true;
	return engine_trust_describe(out, file, err);
}

static enum be_err engine_trust_remove(const struct trust_entry *entry, struct be_error *err)
{
	(void)entry;
	(void)err;
	current->trusted = false;
	return BE_OK;
}

/* ---- pages: two, with lines of text as dashes, and an empty signature field on the second ---- */

static enum be_err engine_page_open(struct page_source **out, const char *path, struct be_error *err)
{
	if (strstr(path, "rusak") != NULL)
		return be_fail(err, BE_DAMAGED, "The document is damaged", NULL);
	*out = calloc(1, sizeof(**out));
	must(*out != NULL, "no memory");
	current->pages_open++;
	return BE_OK;
}

static void engine_page_close(struct page_source **source)
{
	current->pages_open -= *source != NULL;
	free(*source);
	*source = NULL;
}

static void draw_cells(struct page_picture *out, uint32_t cols, uint32_t rows, enum render_mode mode)
{
	struct render_cells *cells = &out->cells;

	cells->rows = rows;
	cells->cols = (uint32_t)(rows * 2 * out->page.width / out->page.height);
	if (cells->cols > cols) {
		cells->cols = cols;
		cells->rows = (uint32_t)(cols * out->page.height / out->page.width / 2);
	}
	cells->cells = calloc((size_t)cells->rows * cells->cols, sizeof(*cells->cells));
	must(cells->cells != NULL, "no memory");
	for (uint32_t i = 0; i < cells->rows * cells->cols; i++) {
		const bool ink = i / cells->cols % 3 == 1 && i % cells->cols > 1 && i % cells->cols + 2 < cells->cols;

		cells->cells[i] = (struct render_cell){ .character = !ink ? ' '
				: mode == RENDER_ASCII                    ? '='
									  : 0x2580,
			.fg = mode < RENDER_MONO ? 0 : -1,
			.bg = mode < RENDER_MONO ? 7 : -1 };
	}
}

static enum be_err engine_page_draw(struct page_picture *out, struct page_source *source, uint32_t number,
	uint32_t cols, uint32_t rows, enum render_mode mode, struct be_error *err)
{
	static const char words[] = "Surat perintah\0Jakarta, 28 Mei 2026";

	must(source != NULL, "a page of no document");
	memset(out, 0, sizeof(*out));
	if (number < 1 || number > 2)
		return be_fail(err, BE_NO_SUCH_PAGE, "The document does not have that page", NULL);
	out->number = number;
	out->count = 2;
	out->page = (struct render_page){ .width = 595, .height = 842, .unit = 1, .sure = 1 };
	draw_cells(out, cols, rows, mode);
	out->text.bytes = malloc(sizeof(words));
	out->text.lines = calloc(2, sizeof(*out->text.lines));
	must(out->text.bytes != NULL && out->text.lines != NULL, "no memory");
	memcpy(out->text.bytes, words, sizeof(words));
	out->text.lines[0] = (struct render_line){ { 72, 72, 300, 20 }, out->text.bytes };
	out->text.lines[1] = (struct render_line){ { 72, 600, 200, 20 }, out->text.bytes + strlen(words) + 1 };
	out->text.count = 2;
	if (number == 2) {
		out->fields.fields = calloc(1, sizeof(*out->fields.fields));
		must(out->fields.fields != NULL, "no memory");
		out->fields.fields[0] =
			(struct render_field){ { 300, 300, 200, 80 }, RENDER_FIELD_SIGNATURE, "Persetujuan" };
		out->fields.count = 1;
	}
	return BE_OK;
}

static enum be_err engine_page_find(uint32_t *number, struct render_rect *at, struct page_source *source, uint32_t from,
	const char *text, struct be_error *err)
{
	(void)source;
	(void)from;
	if (strcmp(text, "Jakarta") != 0)
		return be_fail(err, BE_NOT_FOUND, "That text stands nowhere in the document", NULL);
	*number = 2;
	*at = (struct render_rect){ 72, 600, 200, 20 };
	return BE_OK;
}

static enum be_err engine_place_compare(struct place_others *out, char *const *documents, size_t count,
	const struct place *place, const atomic_bool *cancel, struct be_error *err)
{
	(void)place;
	(void)cancel;
	(void)err;
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < count; i++) {
		if (strstr(documents[i], "rusak") != NULL) {
			out->without++;
		} else if (strstr(documents[i], "ubah") != NULL) {
			out->count++;
			out->first = strdup(documents[i]);
			out->width = 420;
			out->height = 595;
		}
	}
	return BE_OK;
}

/* ---- the visualisation: four pictures, of which the last is there when it was added ---- */

static const struct visual_picture pictures[] = {
	{ "cap-instansi.png", 600, 200, VISUAL_WELL },
	{ "kecil.png", 64, 20, VISUAL_TOO_SMALL },
	{ "rusak.jpg", 0, 0, VISUAL_BROKEN },
	{ "tanda_tangan.jpg", 4000, 1500, VISUAL_TOO_LARGE },
};

#define PICTURES (sizeof(pictures) / sizeof(pictures[0]))
#define PICTURES_AT_FIRST 7u

static enum be_err engine_visual_read(struct visual *out, struct be_error *err)
{
	(void)err;
	*out = current->visual;
	return BE_OK;
}

static enum be_err engine_visual_write(const struct visual *visual, struct be_error *err)
{
	const enum be_err rc = visual_check(visual, err);

	if (rc == BE_OK)
		current->visual = *visual;
	return rc;
}

static enum be_err engine_visual_pictures(struct visual_pictures *out, struct be_error *err)
{
	(void)err;
	*out = (struct visual_pictures){ calloc(PICTURES, sizeof(*out->pictures)), 0 };
	must(out->pictures != NULL, "no memory");
	for (size_t i = 0; i < PICTURES; i++)
		if ((current->pictures & 1u << i) != 0)
			out->pictures[out->count++] = pictures[i];
	return BE_OK;
}

static enum be_err engine_visual_add(struct visual_picture *out, const char *path, struct be_error *err)
{
	if (strstr(path, "rusak") != NULL)
		return be_fail(err, BE_UNSUPPORTED, "The picture has to be a PNG or JPEG file", NULL);
	current->pictures |= 1u << (PICTURES - 1);
	*out = pictures[PICTURES - 1];
	return BE_OK;
}

static enum be_err engine_visual_remove(const char *name, struct be_error *err)
{
	(void)err;
	for (size_t i = 0; i < PICTURES; i++)
		if (strcmp(pictures[i].name, name) == 0)
			current->pictures &= ~(1u << i);
	if (strcmp(current->visual.picture, name) == 0)
		current->visual.picture[0] = '\0';
	return BE_OK;
}

static enum be_err engine_visual_use(const char *name, struct be_error *err)
{
	(void)err;
	(void)snprintf(current->visual.picture, VISUAL_NAME_MAX, "%s", name != NULL ? name : "");
	return BE_OK;
}

static void draw_cell(struct render_cells *cells, uint32_t row, uint32_t column, char c)
{
	if (row < cells->rows && column < cells->cols)
		cells->cells[row * cells->cols + column].character = (uint32_t)(uint8_t)c;
}

/* A frame, with each line of text as it is filled in. */
static enum be_err engine_visual_preview(
	struct render_cells *out, const struct visual_wish *wish, const atomic_bool *cancel, struct be_error *err)
{
	const struct sign_options said = {
		.name = wish->name, .reason = wish->reason, .location = wish->location, .time = wish->time
	};
	struct visual_look look;

	(void)cancel;
	current->previews++;
	current->shown = *wish;
	*out = (struct render_cells){ .cells = NULL };
	if (strcmp(wish->visual.qr, "mati") == 0)
		return be_fail(err, BE_SANDBOX,
			"Visible signatures are not drawn on this computer: its kernel lacks Landlock (Linux 5.13)",
			NULL);
	if (strcmp(wish->visual.qr, "aksara") == 0)
		return be_fail(err, BE_UNSUPPORTED, "No font on this computer has a character of the text", "U+13000");
	out->rows = wish->rows;
	out->cols = wish->cols < 6 * wish->rows ? wish->cols : 6 * wish->rows;
	out->cells = calloc((size_t)out->rows * out->cols, sizeof(*out->cells));
	must(out->cells != NULL, "no memory");
	for (uint32_t row = 0; row < out->rows; row++)
		for (uint32_t column = 0; column < out->cols; column++)
			out->cells[row * out->cols + column] = (struct render_cell){
				row == 0 || column == 0 || row + 1 == out->rows || column + 1 == out->cols ? '#' : ' ',
				-1, -1
			};
	must(visual_look(&look, &wish->visual, NULL) == BE_OK, "no look");
	for (size_t i = 0; i < look.look.line_count; i++) {
		struct buffer line = BUFFER_EMPTY;
		bool empty;

		must(sign_look_fill(&line, look.look.lines[i], &said, &empty, NULL) == BE_OK, "no line");
		for (size_t at = 0; at < line.len && !empty && at + 4 < out->cols && i + 2 < out->rows; at++)
			draw_cell(out, (uint32_t)i + 1, (uint32_t)at + 2, (char)line.data[at]);
		buffer_free(&line);
	}
	visual_look_free(&look);
	return BE_OK;
}

/* ---- QR codes: by the picture's name, then by the address ---- */

#define SURAT "https://dokumen.contoh.go.id/verifikasi/surat?id=7d3f0c2a-51b8-4f0e"

static void put_code(struct qr_codes *out, uint32_t page, const char *text)
{
	out->codes = reallocarray(out->codes, out->count + 1, sizeof(*out->codes));
	must(out->codes != NULL, "no memory");
	out->codes[out->count].page = page;
	qr_content_read(&out->codes[out->count++].content, text);
}

static enum be_err engine_qr_read(
	struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err)
{
	(void)wish;
	*out = (struct qr_codes){ .codes = NULL };
	if (strstr(path, "rusak") != NULL)
		return be_fail(err, BE_MALFORMED, "The picture is damaged", NULL);
	if (strstr(path, "kosong") != NULL)
		return BE_OK;
	if (strstr(path, "banyak") != NULL) {
		out->pages = 4;
		out->unread = 1;
		put_code(out, 1, SURAT);
		put_code(out, 1, "Nomor 12/2026\nTanggal 28 Mei 2026");
		put_code(out, 3, "https://bsre.bssn.go.id@jahat.example/");
		put_code(out, 3, "http://b\xD1\x95re.example/surat");
	} else {
		put_code(out, 0, SURAT);
	}
	return BE_OK;
}

static const char *engine_qr_no_camera(void)
{
	return current->camera ? NULL : "this computer has no camera; choose a picture or a document";
}

static enum be_err engine_qr_camera(struct qr_codes *out, const struct qr_read_wish *wish, struct be_error *err)
{
	must(current->camera, "a camera that is not there was asked");
	return engine_qr_read(out, "kamera", wish, err);
}

static void put_link(struct qr_found *out, const char *url, const char *text)
{
	struct qr_content content;

	if (out->links.links == NULL)
		out->links.links = calloc(QR_LINKS_MAX, sizeof(*out->links.links));
	must(out->links.links != NULL, "no memory");
	qr_content_read(&content, url);
	memcpy(out->links.links[out->links.count].url, content.url, sizeof(content.url));
	memcpy(out->links.links[out->links.count].host, content.host, sizeof(content.host));
	(void)strcpy(out->links.links[out->links.count++].text, text);
}

static enum be_err engine_qr_follow(
	struct qr_found *out, const char *url, const struct qr_follow_wish *wish, struct be_error *err)
{
	struct qr_content content;

	must(!wish->anywhere, "a screen may not ask hosts that nobody saw");
	current->follows++;
	(void)snprintf(current->followed, sizeof(current->followed), "%s", url);
	*out = QR_FOUND_NOTHING;
	if (strstr(url, "hilang") != NULL)
		return be_fail(err, BE_NOT_FOUND, "The host says that there is nothing at this address", "HTTP 404");
	if (strstr(url, "pindah") != NULL) {
		out->came = QR_CAME_ELSEWHERE;
		url = "https://unduh.lain.example/surat.pdf";
	} else if (strstr(url, "laman") != NULL) {
		out->came = QR_CAME_PAGE;
		(void)strcpy(out->links.title, "Verifikasi dokumen \033[31m");
		put_link(out, "https://dokumen.contoh.go.id/unduh/surat.pdf", "Unduh surat");
		put_link(out, "https://jahat.example/surat.pdf", "dokumen.contoh.go.id Unduh");
	} else if (strstr(url, "kosong") != NULL) {
		out->came = QR_CAME_PAGE;
	} else if (strstr(url, "teks") != NULL) {
		out->came = QR_CAME_TEXT;
		out->text = strdup("Dokumen SAH\n\033[2Jdan asli\n");
	} else if (strstr(url, "arsip.zip") != NULL) {
		(void)strcpy(out->type, "application/zip");
	} else {
		out->came = QR_CAME_PDF;
		out->size = 123456;
		out->document = strdup("/tmp/besign-qr-stage/surat.pdf");
	}
	qr_content_read(&content, url);
	memcpy(out->url, content.url, sizeof(out->url));
	memcpy(out->host, content.host, sizeof(out->host));
	return BE_OK;
}

static enum be_err engine_qr_save(const char *document, const char *target, struct be_error *err)
{
	must(strcmp(document, "/tmp/besign-qr-stage/surat.pdf") == 0, "another document was saved");
	if (strstr(target, "sudah") != NULL)
		return be_fail(err, BE_EXISTS, "The file already exists", "%s", target);
	(void)snprintf(current->saved, sizeof(current->saved), "%s", target);
	return BE_OK;
}

/* ---- the computer ---- */

#define FOLDER "/rumah/sari/surat"

static const struct browse_entry surat[] = {
	{ .name = "..", .kind = BROWSE_PARENT },
	{ .name = "arsip", .kind = BROWSE_DIRECTORY },
	{ .name = "asing.pdf", .kind = BROWSE_FILE },
	{ .name = "jahat\033[31m\xE2\x80\xAE"
		  "fdp.pdf",
		.kind = BROWSE_FILE },
	{ .name = "kosong.pdf", .kind = BROWSE_FILE },
	{ .name = "perjanjian kerja sama antara dua instansi tentang pertukaran data kependudukan 2026 final.pdf",
		.kind = BROWSE_FILE },
	{ .name = "rusak.pdf", .kind = BROWSE_FILE },
	{ .name = "sudah.pdf", .kind = BROWSE_FILE },
	{ .name = "surat 2.pdf", .kind = BROWSE_FILE },
	{ .name = "surat 10.pdf", .kind = BROWSE_FILE },
	{ .name = "ubah.pdf", .kind = BROWSE_FILE },
};
/* Three folders of as many entries. */
#define FOUR 4

static const struct browse_entry above[FOUR] = {
	{ .name = "..", .kind = BROWSE_PARENT },
	{ .name = "kosong", .kind = BROWSE_DIRECTORY },
	{ .name = "surat", .kind = BROWSE_DIRECTORY },
	{ .name = "tertutup", .kind = BROWSE_DIRECTORY },
};
static const struct browse_entry keys[FOUR] = {
	{ .name = "..", .kind = BROWSE_PARENT },
	{ .name = "surat", .kind = BROWSE_DIRECTORY },
	{ .name = "rusak.p12", .kind = BROWSE_FILE },
	{ .name = "sari.p12", .kind = BROWSE_FILE },
};
static const struct browse_entry images[FOUR] = {
	{ .name = "..", .kind = BROWSE_PARENT },
	{ .name = "arsip", .kind = BROWSE_DIRECTORY },
	{ .name = "rusak.png", .kind = BROWSE_FILE },
	{ .name = "tanda tangan.jpg", .kind = BROWSE_FILE },
};
static const struct browse_entry scans[] = {
	{ .name = "..", .kind = BROWSE_PARENT },
	{ .name = "arsip", .kind = BROWSE_DIRECTORY },
	{ .name = "banyak.pdf", .kind = BROWSE_FILE },
	{ .name = "foto.jpg", .kind = BROWSE_FILE },
	{ .name = "kosong.png", .kind = BROWSE_FILE },
	{ .name = "rusak.png", .kind = BROWSE_FILE },
};
static const struct browse_entry nothing[] = { { .name = "..", .kind = BROWSE_PARENT } };

static enum be_err engine_browse(
	struct browse *out, const char *dir, const struct browse_wish *wish, struct be_error *err)
{
	const bool wants_keys = strcmp(wish->endings[0], ".p12") == 0;
	const struct browse_entry *from = nothing;
	size_t count = 1;

	*out = BROWSE_EMPTY;
	if (strstr(dir, "tertutup") != NULL)
		return be_fail(err, BE_IO, "You are not allowed to see what is in this directory", "%s", dir);
	if (strcmp(dir, FOLDER) == 0 && strcmp(wish->endings[0], ".png") == 0) {
		from = images;
		count = FOUR;
	} else if (strcmp(dir, FOLDER) == 0 && !wants_keys && wish->endings[1] != NULL) {
		from = scans;
		count = sizeof(scans) / sizeof(scans[0]);
	} else if (strcmp(dir, FOLDER) == 0 && !wants_keys) {
		from = surat;
		count = sizeof(surat) / sizeof(surat[0]);
	} else if (strcmp(dir, "/rumah/sari") == 0) {
		from = wants_keys ? keys : above;
		count = FOUR;
	}
	out->entries = calloc(count, sizeof(*out->entries));
	must(out->entries != NULL, "no memory");
	memcpy(out->entries, from, count * sizeof(*from));
	out->count = count;
	return BE_OK;
}

static enum be_err engine_browse_is(enum browse_kind *out, const char *path, struct be_error *err)
{
	if (strstr(path, "hilang") != NULL)
		return be_fail(err, BE_NOT_FOUND, "The file does not exist", "%s", path);
	*out = strchr(strrchr(path, '/'), '.') != NULL ? BROWSE_FILE : BROWSE_DIRECTORY;
	return BE_OK;
}

static void engine_doctor(struct doctor_facts *out)
{
	*out = (struct doctor_facts){ .count = 3 };
	out->facts[0] = (struct doctor_fact){ "Version", DOCTOR_GOOD, "", "1.2.3" };
	out->facts[1] = (struct doctor_fact){ "System", DOCTOR_LESS, "", "Linux 6.1 x86_64" };
	out->facts[2] = (struct doctor_fact){ "Certificate", DOCTOR_MISSING, "none is set yet", "" };
}

static const struct app_engine engine = {
	.now = engine_now,
	.guard = engine_guard,
	.key_describe = engine_describe,
	.sign = engine_sign,
	.verify = engine_verify,
	.trust_list = engine_trust_list,
	.trust_offers = engine_trust_offers,
	.trust_accept = engine_trust_accept,
	.trust_describe = engine_trust_describe,
	.trust_add = engine_trust_add,
	.trust_remove = engine_trust_remove,
	.page_open = engine_page_open,
	.page_close = engine_page_close,
	.page_draw = engine_page_draw,
	.page_find = engine_page_find,
	.place_compare = engine_place_compare,
	.visual_read = engine_visual_read,
	.visual_write = engine_visual_write,
	.visual_pictures = engine_visual_pictures,
	.visual_add = engine_visual_add,
	.visual_remove = engine_visual_remove,
	.visual_use = engine_visual_use,
	.visual_preview = engine_visual_preview,
	.qr_read = engine_qr_read,
	.qr_no_camera = engine_qr_no_camera,
	.qr_camera = engine_qr_camera,
	.qr_follow = engine_qr_follow,
	.qr_save = engine_qr_save,
	.browse = engine_browse,
	.browse_is = engine_browse_is,
	.doctor = engine_doctor,
};

/* ---- the stage ---- */

void stage_open(struct stage *stage, bool known)
{
	struct desk *desk = &stage->desk;
	struct key_facts facts;

	memset(stage, 0, sizeof(*stage));
	current = stage;
	visual_default(&stage->visual);
	stage->pictures = PICTURES_AT_FIRST;
	settings_default(&desk->settings);
	desk->state.key = KEY_FACTS_UNKNOWN;
	desk->engine = &engine;
	must(state_set_directory(&desk->state, FOLDER, NULL) == BE_OK, "no folder");
	if (known) {
		fill_key(&facts);
		must(state_set_key(&desk->state, "/rumah/sari/sari.p12", &facts, NULL) == BE_OK, "no key");
		must(state_add_document(&desk->state, FOLDER "/surat 2_signed.pdf", NULL) == BE_OK, "no document");
		must(state_add_document(&desk->state, FOLDER "/asing.pdf", NULL) == BE_OK, "no document");
	}
	must(ui_new(&stage->ui, desk, NULL) == BE_OK, "no toolkit");
	ui_push(stage->ui, known ? &screen_home : &screen_welcome, NULL);
}

void stage_close(struct stage *stage)
{
	ui_free(&stage->ui);
	must(stage->pages_open == 0, "a document was left open");
	desk_close(&stage->desk);
	current = NULL;
}

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Up", UI_KEY_UP },
	{ "Down", UI_KEY_DOWN },
	{ "Left", UI_KEY_LEFT },
	{ "Right", UI_KEY_RIGHT },
	{ "Home", UI_KEY_HOME },
	{ "End", UI_KEY_END },
	{ "PageUp", UI_KEY_PAGE_UP },
	{ "PageDown", UI_KEY_PAGE_DOWN },
	{ "Tab", UI_KEY_TAB },
	{ "BackTab", UI_KEY_BACK_TAB },
	{ "Enter", UI_KEY_ENTER },
	{ "Esc", UI_KEY_ESCAPE },
	{ "Backspace", UI_KEY_BACKSPACE },
	{ "Delete", UI_KEY_DELETE },
	{ "Space", ' ' },
	{ "F1", UI_KEY_HELP },
	{ "F10", UI_KEY_QUIT },
	{ "^C", UI_KEY_INTERRUPT },
	{ "^G", UI_KEY_HELP },
	{ "^U", UI_KEY_KILL_LINE },
	{ "^W", UI_KEY_KILL_WORD },
	{ "PasteBegin", UI_KEY_PASTE_BEGIN },
	{ "PasteEnd", UI_KEY_PASTE_END },
};

void stage_type(struct stage *stage, const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t left = strlen(utf8);

	while (left > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(at, left, &c);

		ui_key(stage->ui, c);
		at += taken;
		left -= taken;
	}
}

static void press_word(struct stage *stage, const char *word)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, word) == 0) {
			ui_key(stage->ui, names[i].key);
			return;
		}
	}
	stage_type(stage, word);
}

/* The screen is painted between keys, as on a terminal. */
void stage_press(struct stage *stage, const char *pressed)
{
	char *copy = strdup(pressed);
	char *rest = NULL;

	must(copy != NULL, "no memory");
	for (char *word = strtok_r(copy, " ", &rest); word != NULL && !stage->ui->over;
		word = strtok_r(NULL, " ", &rest)) {
		ui_paint(stage->ui);
		press_word(stage, word);
	}
	free(copy);
}

const char *stage_picture(struct stage *stage)
{
	static struct buffer picture;

	buffer_reset(&picture);
	must(ui_picture(stage->ui, stage->ui->rows, stage->ui->columns, &picture) == BE_OK, "no picture");
	buffer_add_byte(&picture, '\0');
	return (const char *)picture.data;
}

bool stage_shows(struct stage *stage, const char *text)
{
	const char *picture = stage_picture(stage);

	if (strstr(picture, text) != NULL)
		return true;
	(void)fprintf(stderr, "\"%s\" is not on the screen:\n%s", text, picture);
	return false;
}

const char *stage_screen(const struct stage *stage)
{
	return ui_top(stage->ui) != NULL ? ui_top(stage->ui)->screen->name : "";
}

/* ---- every screen, and the states that look different ---- */

#define BROWSE "1 1 "
#define CHOOSE(what) BROWSE "/ " what " Enter Enter "

const struct stage_pose stage_poses[] = {
	{ "welcome", false, "" },
	{ "language", false, "f" },
	{ "home", true, "" },
	{ "home_first", false, "4" },
	{ "certificate", true, "3" },
	{ "certificate_none", false, "4 3" },
	{ "key_passphrase", true, "3 2" },
	{ "key_passphrase_wrong", true, "3 2 salah Enter" },
	{ "browse", true, BROWSE },
	{ "browse_marked", true, BROWSE "Down Down Space Down Space" },
	{ "browse_search", true, BROWSE "/ sur" },
	{ "browse_recent", true, BROWSE "r" },
	{ "browse_closed", true, BROWSE "u End Enter" },
	{ "browse_key", true, "1 2" },
	{ "path", true, BROWSE "t" },
	{ "sign", false, "2" },
	{ "sign_ready", true, CHOOSE("surat") },
	{ "sign_place", true, CHOOSE("surat") "5 s" },
	{ "sign_place_moved", true, CHOOSE("surat") "5 s 7 Right Down J L +" },
	{ "sign_place_field", true, CHOOSE("surat") "5 s PageDown e" },
	{ "sign_place_found", true, CHOOSE("surat") "5 s t Jakarta Enter" },
	{ "sign_place_broken", true, CHOOSE("rusak") "5 s" },
	{ "sign_numbers", true, CHOOSE("surat") "5 s a" },
	{ "sign_numbers_own", true, CHOOSE("surat") "5 s a 3 8" },
	{ "find", true, CHOOSE("surat") "5 s t" },
	{ "sign_passphrase_visible", true, BROWSE "a c 5 s v" },
	{ "sign_passphrase", true, CHOOSE("surat") "3" },
	{ "sign_passphrase_typed", true, CHOOSE("surat") "3 rahasia" },
	{ "sign_passphrase_wrong", true, CHOOSE("surat") "3 salah Enter" },
	{ "sign_result", true, CHOOSE("surat") "3 benar Enter" },
	{ "sign_result_mixed", true, BROWSE "a c 3 benar Enter" },
	{ "sign_document", true, CHOOSE("surat") "3 benar Enter Enter" },
	{ "sign_document_copied", true, CHOOSE("surat") "3 benar Enter Enter c" },
	{ "sign_document_failed", true, CHOOSE("rusak") "3 benar Enter Enter" },
	{ "verify", true, "2" },
	{ "verify_first", false, "3" },
	{ "verify_result_valid", true, "2 1 / surat Enter Enter" },
	{ "verify_result_unsure", true, "2 1 / asing Enter Enter" },
	{ "verify_result_changed", true, "2 1 / ubah Enter Enter" },
	{ "verify_result_none", true, "2 1 / kosong Enter Enter" },
	{ "verify_result_broken", true, "2 1 / rusak Enter Enter" },
	{ "verify_result_missing", true, "2 1 t ^U lenyap.pdf Enter" },
	{ "path_missing", true, "2 1 t ^U hilang.pdf Enter" },
	{ "verify_detail", true, "2 1 / surat Enter Enter Enter" },
	{ "verify_detail_unsure", true, "2 1 / asing Enter Enter Enter Down Down" },
	{ "verify_detail_hostile", true, "2 1 / jahat Enter Enter Enter End" },
	{ "qr", true, "2 2" },
	{ "browse_scan", true, "2 2 1" },
	{ "qr_none", true, "2 2 1 / kosong Enter Enter" },
	{ "qr_paste", true, "2 2 2 contoh.go.id/surat" },
	{ "qr_codes", true, "2 2 1 / banyak Enter Enter" },
	{ "qr_code", true, "2 2 1 / foto Enter Enter" },
	{ "qr_code_text", true, "2 2 1 / banyak Enter Enter Down Enter" },
	{ "qr_code_user", true, "2 2 1 / banyak Enter Enter Down Down Enter" },
	{ "qr_code_letters", true, "2 2 1 / banyak Enter Enter End Enter" },
	{ "qr_code_elsewhere", true, "2 2 2 https://contoh.id/pindah Enter 1" },
	{ "qr_code_refused", true, "2 2 2 https://contoh.id/hilang Enter 1" },
	{ "qr_code_other", true, "2 2 2 https://contoh.id/arsip.zip Enter 1" },
	{ "qr_verified", true, "2 2 1 / foto Enter Enter 1" },
	{ "qr_document", true, "2 2 1 / foto Enter Enter 1 Esc" },
	{ "qr_page", true, "2 2 2 https://contoh.id/laman Enter 1" },
	{ "qr_page_empty", true, "2 2 2 https://contoh.id/kosong Enter 1" },
	{ "qr_text", true, "2 2 2 https://contoh.id/teks Enter 1" },
	{ "page", true, "2 1 / surat Enter Enter 2" },
	{ "page_second", true, "2 1 / surat Enter Enter 2 PageDown" },
	{ "page_text", true, "2 1 / surat Enter Enter 2 r" },
	{ "settings", true, "4" },
	{ "settings_visual", true, "4 1 Down Enter" },
	{ "settings_visual_small", true, "4 1 Down Down Enter" },
	{ "settings_visual_added", true, "4 1 a End Enter" },
	{ "settings_visual_remove", true, "4 1 Down Enter r" },
	{ "settings_visual_text", true, "4 1 t" },
	{ "settings_visual_own", true, "4 1 t Down Space" },
	{ "settings_visual_off", true, "4 1 t Tab mati" },
	{ "settings_visual_glyph", true, "4 1 t Tab aksara" },
	{ "browse_picture", true, "4 1 a" },
	{ "settings_display", true, "4 4" },
	{ "settings_sign", true, "4 5 Persetujuan Tab Jakarta" },
	{ "settings_verify", true, "4 6" },
	{ "trust", true, "4 7" },
	{ "trust_certificate", true, "4 7 Enter" },
	{ "trust_confirm", true, "4 7 Enter 1" },
	{ "machine", true, "4 8" },
	{ "help", true, "?" },
	{ "help_off", false, "? End" },
	{ "off", false, "1" },
	{ "quit", true, "q" },
};

const size_t stage_pose_count = sizeof(stage_poses) / sizeof(stage_poses[0]);
