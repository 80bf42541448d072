/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "support/stage_account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/rumah/sari/surat"

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

/* The clock stands. */
static void engine_pause(unsigned milliseconds, const atomic_bool *cancel)
{
	(void)milliseconds;
	(void)cancel;
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
	const bool unanswered = job->credential != NULL && stage_account.failure == BE_UNKNOWN_OUTCOME;
	enum be_err rc;

	if (unanswered)
		stage_account.failure = BE_OK;
	rc = job->credential != NULL ? stage_certificates_open(who, job->credential, job->passphrase, err)
				     : take_key(who, job->key_file, job->passphrase, err);

	current->signings++;
	current->interrupted -= rc == BE_OK && job->batch != NULL;
	current->retried = job->batch != NULL && outputs->count > batch_count(job->batch, BATCH_LEFT);
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
			(void)strcpy(outputs->batch, "20260528T202640Z-00000000");
			continue;
		}
		sign_one(document);
		if (unanswered && document->result == BE_OK)
			document->result = be_fail(&document->error, BE_UNKNOWN_OUTCOME,
				"The request was sent, but no answer came: it may have been carried out", NULL);
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

/* ---- the journal, newest first ---- */

static const struct {
	enum journal_result result;
	const char *code, *file, *output;
} entries[] = {
	{ JOURNAL_SIGNED, "", FOLDER "/surat 2.pdf", FOLDER "/surat 2_signed.pdf" },
	{ JOURNAL_FAILED, "damaged", FOLDER "/rusak.pdf", FOLDER "/rusak_signed.pdf" },
	{ JOURNAL_SIGNED, "", FOLDER "/ubah.pdf", FOLDER "/ubah_signed.pdf" },
	{ JOURNAL_UNKNOWN, "unknown-outcome", FOLDER "/surat 10.pdf", FOLDER "/surat 10_signed.pdf" },
	{ JOURNAL_SIGNED, "", FOLDER "/hilang.pdf", FOLDER "/hilang_signed.pdf" },
	{ JOURNAL_SIGNED, "",
		FOLDER "/jahat\033[31m\xE2\x80\xAE"
		       "fdp.pdf",
		FOLDER "/jahat\033[31m\xE2\x80\xAE"
		       "fdp_signed.pdf" },
	{ JOURNAL_SIGNED, "",
		FOLDER "/perjanjian kerja sama antara dua instansi tentang pertukaran data kependudukan 2026 final.pdf",
		FOLDER
		"/perjanjian kerja sama antara dua instansi tentang pertukaran data kependudukan 2026 final_signed.pdf" },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static void put_journal_entry(struct journal_entry *out, size_t i)
{
	*out = (struct journal_entry){ .time = STAGE_NOW - (int64_t)i * 86400,
		.result = entries[i].result,
		.file = strdup(entries[i].file),
		.output = strdup(entries[i].output),
		.key_kind = entries[i].result == JOURNAL_UNKNOWN ? KEY_REF_CREDENTIAL : KEY_REF_P12,
		.key = strdup(entries[i].result == JOURNAL_UNKNOWN ? "kunci-1" : "/rumah/sari/sari.p12") };
	(void)strcpy(out->code, entries[i].code);
	(void)strcpy(out->signer, "Sari Wulandari");
	(void)memset(out->certificate, 'a', sizeof(out->certificate) - 1);
	if (out->result != JOURNAL_SIGNED)
		return;
	(void)strcpy(out->field, "Signature1");
	(void)memset(out->sha256, 'b', sizeof(out->sha256) - 1);
}

static enum be_err engine_journal(struct journal *out, struct be_error *err)
{
	(void)err;
	*out = (struct journal){ calloc(ENTRIES, sizeof(*out->entries)), ENTRIES, 1 };
	must(out->entries != NULL, "no memory");
	for (size_t i = 0; i < ENTRIES; i++)
		put_journal_entry(&out->entries[i], i);
	return BE_OK;
}

static enum be_err engine_journal_check(
	enum journal_file *out, const struct journal_entry *entry, const atomic_bool *cancel, struct be_error *err)
{
	(void)cancel;
	(void)err;
	*out = strstr(entry->output, "hilang") != NULL  ? JOURNAL_FILE_MISSING
		: strstr(entry->output, "ubah") != NULL ? JOURNAL_FILE_CHANGED
							: JOURNAL_FILE_SAME;
	return BE_OK;
}

/* ---- interrupted batches ---- */

static struct batch *make_batch(size_t number)
{
	static const char *const names[] = { "satu", "dua", "tiga", "empat", "lima" };
	struct batch *batch = calloc(1, sizeof(*batch));

	must(batch != NULL, "no memory");
	(void)snprintf(batch->id, sizeof(batch->id), "20260527T202640Z-%08zx", number);
	batch->time = STAGE_NOW - 86400;
	batch->key_kind = KEY_REF_P12;
	batch->key = strdup("/rumah/sari/sari.p12");
	batch->signer = strdup("Sari Wulandari");
	batch->reason = strdup("Persetujuan");
	batch->fd = -1;
	batch->count = 5;
	batch->documents = calloc(batch->count, sizeof(*batch->documents));
	must(batch->documents != NULL, "no memory");
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_document *document = &batch->documents[i];

		must(asprintf(&document->input, FOLDER "/%s.pdf", names[i]) > 0, "no memory");
		must(asprintf(&document->output, FOLDER "/%s_signed.pdf", names[i]) > 0, "no memory");
		document->mark = i < 2 ? BATCH_SIGNED : i == 4 && current->unknown ? BATCH_UNKNOWN : BATCH_LEFT;
	}
	return batch;
}

static enum be_err engine_batches(struct batch_list *out, struct be_error *err)
{
	(void)err;
	*out = (struct batch_list){ calloc(current->interrupted + 1, sizeof(struct batch *)), current->interrupted, 0 };
	must(out->batches != NULL, "no memory");
	for (size_t i = 0; i < current->interrupted; i++)
		out->batches[i] = make_batch(i);
	return BE_OK;
}

static enum be_err engine_batch_take(
	struct batch **out, const char *id, const atomic_bool *cancel, struct be_error *err)
{
	(void)id;
	(void)cancel;
	(void)err;
	current->taken++;
	*out = make_batch(0);
	return BE_OK;
}

static enum be_err engine_batch_forget(const char *id, struct be_error *err)
{
	(void)id;
	(void)err;
	current->forgotten++;
	current->interrupted -= current->interrupted > 0;
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

/* ---- sharing: by the document's name, and by the place ---- */

static const char *or_none(const char *text)
{
	return text != NULL ? text : "-";
}

static void note_share(const struct share_job *job)
{
	const struct secret *password = job->way == SHARE_MAIL ? job->mail.password : job->server.password;
	const char *typed = password != NULL ? (const char *)secret_bytes(password) : NULL;

	switch (job->way) {
	case SHARE_FOLDER:
		(void)snprintf(current->share, sizeof(current->share), "folder %s%s%s", job->folder.dir,
			job->folder.move ? " move" : "", job->folder.replace ? " replace" : "");
		break;
	case SHARE_MAIL:
		(void)snprintf(current->share, sizeof(current->share),
			"mail %s to %s subject %s message %s server %s user %s password %s", or_none(job->mail.from),
			or_none(job->mail.to), or_none(job->mail.subject), or_none(job->mail.message),
			or_none(job->mail.server), or_none(job->mail.user), or_none(typed));
		break;
	case SHARE_SERVER:
	default:
		(void)snprintf(current->share, sizeof(current->share), "server %s identity %s password %s%s",
			or_none(job->server.url), or_none(job->server.identity), or_none(typed),
			job->server.replace ? " replace" : "");
		break;
	}
}

static enum be_err refuse_share(const struct share_job *job, struct be_error *err)
{
	const struct secret *password = job->way == SHARE_MAIL ? job->mail.password : job->server.password;

	if (job->way == SHARE_FOLDER && strstr(job->folder.dir, "hilang") != NULL)
		return be_fail(err, BE_NOT_FOUND, "The folder cannot be used", "%s: No such file or directory",
			job->folder.dir);
	if (job->way == SHARE_SERVER && strstr(job->server.url, "asing") != NULL)
		return be_fail(err, BE_TLS,
			"The server's key is not in known_hosts: compare its fingerprint, and connect once with ssh to accept it",
			"asing.contoh.example: ED25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	if (password != NULL && strcmp((const char *)secret_bytes(password), STAGE_PASSPHRASE) != 0)
		return be_fail(err, BE_DENIED, "The server does not accept this user and password",
			"sari@arsip.contoh.example");
	return BE_OK;
}

static void share_one(const struct share_job *job, struct share_document *document)
{
	static const char *const targets[] = { [SHARE_FOLDER] = "/rumah/sari/arsip/",
		[SHARE_MAIL] = "budi@contoh.example",
		[SHARE_SERVER] = "sftp://sari@arsip.contoh.example/masuk/" };

	if (strstr(document->path, "ubah") != NULL && job->way != SHARE_MAIL) {
		document->result =
			be_fail(&document->error, BE_EXISTS, "The file already exists", "%s", document->path);
	} else if (job->way == SHARE_MAIL && strstr(job->mail.to, "sunyi") != NULL) {
		document->result = be_fail(&document->error, BE_UNKNOWN_OUTCOME,
			"The request was sent, but no answer came: it may have been carried out", NULL);
	} else {
		document->result = BE_OK;
		document->target = strdup(targets[job->way]);
		must(document->target != NULL, "no memory");
	}
}

static enum be_err engine_share(const struct share_job *job, struct be_error *err)
{
	const enum be_err rc = refuse_share(job, err);

	current->shares++;
	note_share(job);
	for (size_t i = 0; rc == BE_OK && i < job->documents->count; i++) {
		if (atomic_load(job->cancel))
			continue;
		share_one(job, &job->documents->documents[i]);
		job->report(job->context, 100 * (i + 1) / job->documents->count, 100);
		if (current->during != NULL)
			current->during(current, i + 1);
	}
	return rc;
}

/* ---- ways of authorising: an agent with three keys, and no reader ---- */

static const struct unlock_agent_key agent_keys[] = {
	{ "SHA256:cccccccccccccccccccccccccccccccccccccccccc1", "ecdsa-sha2-nistp256", "sari@kantor",
		"an ECDSA key signs with a random number, so each signature is another one" },
	{ "SHA256:cccccccccccccccccccccccccccccccccccccccccc2", "ssh-ed25519", "sari@laptop", NULL },
	{ "SHA256:cccccccccccccccccccccccccccccccccccccccccc3", "ssh-rsa", "jahat\033[31m\xE2\x80\xAE", NULL },
};

static enum be_err engine_unlock_ways(struct unlock_ways *out, const struct unlock_target *target, struct be_error *err)
{
	(void)err;
	*out = (struct unlock_ways){ .agent = { .count = sizeof(agent_keys) / sizeof(agent_keys[0]) } };
	memcpy(out->agent.keys, agent_keys, sizeof(agent_keys));
	(void)be_fail(
		&out->ways[UNLOCK_FINGERPRINT].off, BE_UNSUPPORTED, "This computer has no fingerprint reader", NULL);
	for (size_t i = 0; i < UNLOCK_WAY_COUNT && target != NULL; i++) {
		out->ways[i].kept = i == UNLOCK_PASSPHRASE || (current->unlock_kept & 1u << i) != 0;
		out->ways[i].used = i == current->unlock_used;
	}
	if (out->ways[UNLOCK_SSH_AGENT].kept)
		(void)strcpy(out->ways[UNLOCK_SSH_AGENT].key, current->unlock_key);
	return BE_OK;
}

static enum be_err engine_unlock_chosen(enum unlock_way *out, const struct unlock_target *target, struct be_error *err)
{
	(void)target;
	(void)err;
	*out = current->unlock_used;
	return BE_OK;
}

static enum be_err engine_unlock_enrol(const struct unlock_target *target, enum unlock_way way, const char *key,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err)
{
	(void)err;
	must(!atomic_load(cancel) && strlen(target->certificate) == 64, "a target of no certificate");
	must(strcmp((const char *)secret_bytes(passphrase), STAGE_PASSPHRASE) == 0, "a wrong passphrase was saved");
	current->unlock_kept |= 1u << way;
	current->unlock_used = way;
	(void)snprintf(current->unlock_key, sizeof(current->unlock_key), "%s", key != NULL ? key : "");
	return BE_OK;
}

static enum be_err engine_unlock_release(struct secret **out, const struct unlock_target *target, enum unlock_way way,
	const atomic_bool *cancel, struct be_error *err)
{
	enum be_err rc;

	(void)cancel;
	must(way == UNLOCK_SSH_AGENT &&
			(target->kind == UNLOCK_CREDENTIAL || strcmp(target->id, "/rumah/sari/sari.p12") == 0),
		"another key was asked for");
	current->releases++;
	*out = NULL;
	if (current->unlock_fails.code != BE_OK) {
		*err = current->unlock_fails;
		return err->code;
	}
	rc = secret_new(out, 64, err);
	return rc == BE_OK ? secret_add(*out, STAGE_PASSPHRASE, strlen(STAGE_PASSPHRASE), err) : rc;
}

static enum be_err engine_key_prove(struct key_facts *out, const struct unlock_target *target, struct account *account,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err)
{
	(void)cancel;
	must(target->kind == UNLOCK_KEY_FILE || account != NULL, "a key at the service, and no account");
	return target->kind == UNLOCK_KEY_FILE ? engine_describe(out, target->id, passphrase, err)
					       : stage_certificates_open(out, target->id, passphrase, err);
}

static enum be_err engine_unlock_remove(const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	(void)target;
	(void)err;
	current->unlock_kept &= ~(1u << way);
	if (current->unlock_used == way)
		current->unlock_used = UNLOCK_PASSPHRASE;
	return BE_OK;
}

static enum be_err engine_unlock_use(const struct unlock_target *target, enum unlock_way way, struct be_error *err)
{
	(void)target;
	(void)err;
	current->unlock_used = way;
	return BE_OK;
}

/* ---- the computer ---- */

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
	.pause = engine_pause,
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
	.account = &stage_account_calls,
	.journal = engine_journal,
	.journal_check = engine_journal_check,
	.batches = engine_batches,
	.batch_take = engine_batch_take,
	.batch_forget = engine_batch_forget,
	.key_prove = engine_key_prove,
	.unlock_ways = engine_unlock_ways,
	.unlock_chosen = engine_unlock_chosen,
	.unlock_enrol = engine_unlock_enrol,
	.unlock_release = engine_unlock_release,
	.unlock_remove = engine_unlock_remove,
	.unlock_use = engine_unlock_use,
	.share = engine_share,
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
	stage_account_reset();
	current = stage;
	visual_default(&stage->visual);
	stage->pictures = PICTURES_AT_FIRST;
	settings_default(&desk->settings);
	desk->state.key = KEY_FACTS_UNKNOWN;
	desk->state.credential = CREDENTIAL_NONE;
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

static int setup(void **state, bool known)
{
	struct stage *stage = malloc(sizeof(*stage));

	if (stage == NULL)
		return -1;
	i18n_set(I18N_EN);
	stage_open(stage, known);
	*state = stage;
	return 0;
}

int stage_setup(void **state)
{
	return setup(state, true);
}

int stage_setup_first(void **state)
{
	return setup(state, false);
}

int stage_teardown(void **state)
{
	stage_close(*state);
	free(*state);
	i18n_set(I18N_EN);
	return 0;
}

void stage_interrupt(struct stage *stage, size_t batches, bool unknown)
{
	stage->interrupted = batches;
	stage->unknown = unknown;
	desk_look_for_batches(&stage->desk);
	ui_push(stage->ui, &screen_resume, NULL);
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
	/* In the language of the pose. */
	if (strcmp(word, "@word") == 0) {
		stage_type(stage, tr("REVOKE"));
		return;
	}
	if (word[0] == '@' && word[1] != '\0') {
		must(stage_account_set(&stage->desk, word + 1), word);
		return;
	}
	if (strncmp(word, "Interrupted", 11) == 0) {
		stage_interrupt(stage, word[11] == '\0' ? 1 : 3, word[11] != '\0');
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, word) == 0) {
			ui_key(stage->ui, names[i].key);
			return;
		}
	}
	stage_type(stage, word);
}

/* The screen is painted before each key, as on a terminal. */
void stage_press(struct stage *stage, const char *pressed)
{
	char *copy = strdup(pressed);
	char *rest = NULL;

	must(copy != NULL, "no memory");
	for (char *word = strtok_r(copy, " ", &rest); word != NULL && !stage->ui->over;
		word = strtok_r(NULL, " ", &rest)) {
		if (word[0] != '@')
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
/* A person who is signed in, with a certificate, a letter, and what was chosen. */
#define CREDENTIAL "@in @issued @chosen "
#define ALL "@in @issued @revoked @soon @expired @issued @chosen @new "
#define INFO "@in @issued 3 1 Enter "
#define ACCEPT " Tab Space Tab "
#define REQUEST "@in 3 2" ACCEPT "Enter"
#define LETTER "@in @new 3 4 Enter "
#define TWICE " gunung-agung Tab gunung-agung "
#define CHOOSE(what) BROWSE "/ " what " Enter Enter "
/* The service on this computer is taken, and somebody comes who has a device, two of them, or none yet. */
#define SIGN_IN "5 3 "
#define CODE SIGN_IN "sari Tab benar Enter "
#define TWO SIGN_IN "dua Tab benar Enter "
#define ENROL SIGN_IN "baru Tab benar Enter "
#define IN CODE "123456 Enter "

#define SECURITY_AGENT "4 2 3 "
/* A mail server that asks who we are. */
#define MAIL "4 9 sari@contoh.example Tab surel.contoh.example Tab Tab sari Tab Tab Enter Esc "
#define SHARE CHOOSE("surat") "3 benar Enter 2 "

const struct stage_pose stage_poses[] = {
	{ "welcome", false, "" },
	{ "language", false, "f" },
	{ "home", true, "" },
	{ "home_first", false, "4" },
	{ "certificate", true, "3" },
	{ "home_chosen", true, "@in @issued @chosen" },
	{ "home_revoked", true, "@in @issued @chosen @revoked 1 Esc" },
	{ "home_over", true, "@in @issued @expired @chosen" },
	{ "home_signed_out", true, "@in @issued @chosen @out" },
	{ "certificate_in", true, "@in @issued @chosen 3" },
	{ "certificate_in_none", true, "@in @remote 3" },
	{ "key_file", true, "3 7" },
	{ "key_file_none", false, "4 3 7" },
	{ "key_passphrase", true, "3 7 2" },
	{ "key_passphrase_wrong", true, "3 7 2 salah Enter" },
	{ "cert_list", true, ALL "3 1" },
	{ "cert_list_none", true, "@in 3 1" },
	{ "cert_list_gone", true, "@in @issued 3 1 Home @gone" },
	{ "cert_list_ended", true, "@in @issued 3 1 @ended" },
	{ "cert_list_odd", true, "@in @issued @odd 3 1" },
	{ "cert_info", true, INFO },
	{ "cert_info_new", true, "@in @new 3 1 Enter" },
	{ "cert_info_revoked", true, "@in @issued @revoked 3 1 Enter" },
	{ "cert_info_gone", true, "@in @issued 3 1 Enter @gone" },
	{ "cert_info_known", true, "@in @issued @chosen 3 3 @out" },
	{ "cert_info_copied", true, INFO "c" },
	{ "cert_use", true, INFO "u" },
	{ "cert_history", true, INFO "t" },
	{ "cert_history_gone", true, INFO "t @gone" },
	{ "cert_add", true, "@in 3 2" },
	{ "cert_add_gone", true, "@in 3 2 @gone" },
	{ "cert_add_refused", true, "@in @issued 3 2" ACCEPT "Enter" },
	{ "cert_add_slow", true, "@in 3 2" ACCEPT "@slow Enter" },
	{ "cert_terms", true, "@in 3 2 t" },
	{ "cert_notice", true, REQUEST },
	{ "cert_notice_mail", true, "@in @remote 3 2" ACCEPT "Enter" },
	{ "mailbox", true, "@in @new 3 4" },
	{ "mailbox_none", true, "@in 3 4" },
	{ "mailbox_gone", true, "@in @new 3 4 Home @gone" },
	{ "mailbox_remote", true, "@in 3 4 @nobox" },
	{ "mail", true, LETTER },
	{ "mail_link", true, LETTER "v" },
	{ "cert_passphrase", true, LETTER "Up Enter" },
	{ "cert_passphrase_pasted", true, "3 6 " },
	{ "cert_passphrase_differs", true, LETTER "Up Enter rahasia Tab rahasa Enter" },
	{ "cert_passphrase_weak", true, LETTER "Up Enter pendek Tab pendek Enter" },
	{ "cert_passphrase_slow", true, LETTER "Up Enter" TWICE "@slow Enter" },
	{ "cert_passphrase_used", true, LETTER "Up Enter" TWICE "Enter Tab Enter Up Enter" TWICE "Enter" },
	{ "cert_passphrase_done", true, LETTER "Up Enter" TWICE "Enter" },
	{ "cert_renew", true, "@in @soon @chosen 3 3 r" },
	{ "cert_renew_notice", true, "@in @soon 3 1 Enter r" ACCEPT "Enter" },
	{ "cert_change", true, INFO "p" },
	{ "cert_change_wrong", true, INFO "p salah Tab" TWICE "Enter" },
	{ "cert_revoke", true, INFO "x" },
	{ "cert_revoke_confirm", true, INFO "x 2 Tab @word Enter" },
	{ "cert_revoke_gone", true, INFO "x 2 Tab @word Enter @gone 2" },
	{ "cert_revoke_notice", true, INFO "x 2 Tab @word Enter 2" },
	{ "sign_key", true, CREDENTIAL CHOOSE("surat") },
	{ "sign_key_signed_out", true, CREDENTIAL CHOOSE("surat") "@out" },
	{ "sign_key_revoked", true, CREDENTIAL "@revoked 3 Esc " CHOOSE("surat") },
	{ "sign_passphrase_key", true, CREDENTIAL CHOOSE("surat") "3" },
	{ "sign_passphrase_key_wrong", true, CREDENTIAL CHOOSE("surat") "3 salah Enter" },
	{ "sign_passphrase_key_locked", true, CREDENTIAL CHOOSE("surat") "3 a Enter b Enter c Enter d Enter e Enter" },
	{ "sign_passphrase_key_ended", true, CREDENTIAL CHOOSE("surat") "3 benar @ended Enter" },
	{ "sign_passphrase_key_revoked", true, CREDENTIAL CHOOSE("surat") "3 @revoked benar Enter" },
	{ "sign_passphrase_key_gone", true, CREDENTIAL CHOOSE("surat") "3 benar @gone Enter" },
	{ "sign_result_unknown", true, CREDENTIAL BROWSE "a c 3 benar @slow Enter" },
	{ "sign_document_unknown", true, CREDENTIAL BROWSE "a c 3 benar @slow Enter Enter" },
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
	{ "settings_security", true, "4 2" },
	{ "security_credential", true, CREDENTIAL "4 2" },
	{ "security_passphrase", true, "4 2 1" },
	{ "security_agent", true, SECURITY_AGENT },
	{ "security_wrong", true, SECURITY_AGENT "Tab salah Enter" },
	{ "security_saved", true, SECURITY_AGENT "Tab benar Enter" },
	{ "security_kept", true, SECURITY_AGENT "Tab benar Enter Enter 3" },
	{ "security_tried", true, SECURITY_AGENT "Tab benar Enter Enter 3 1" },
	{ "security_remove", true, SECURITY_AGENT "Tab benar Enter Enter 3 2" },
	{ "sign_passphrase_saved", true, SECURITY_AGENT "Tab benar Enter Enter Esc Esc " CHOOSE("surat") "3" },
	{ "settings_display", true, "4 4" },
	{ "settings_sign", true, "4 5 Persetujuan Tab Jakarta" },
	{ "settings_verify", true, "4 6" },
	{ "settings_share", true, "4 9" },
	{ "settings_share_server", true, "4 9 sari@contoh.example Tab surel.contoh.example:587" },
	{ "settings_share_wrong", true, "4 9 sari Tab Tab Tab Enter" },
	{ "share", true, SHARE },
	{ "share_several", true, BROWSE "a c 3 benar Enter 2 4" },
	{ "share_folder", true, SHARE "1 /rumah/sari/arsip" },
	{ "share_folder_missing", true, SHARE "1 /rumah/sari/hilang Enter" },
	{ "share_mail_first", true, SHARE "2" },
	{ "share_mail", true, MAIL SHARE "2 budi@contoh.example, dewi@contoh.example" },
	{ "share_mail_wrong", true, MAIL SHARE "2 budi@contoh.example Tab Tab Tab salah Enter" },
	{ "share_mail_unknown", true, MAIL SHARE "2 sunyi@contoh.example Tab Tab Tab benar Enter" },
	{ "share_server", true, SHARE "3" },
	{ "share_server_unknown", true, SHARE "3 sari@asing.contoh.example/masuk Tab Tab Enter" },
	{ "share_result", true, SHARE "1 /arsip Enter" },
	{ "share_result_mixed", true, BROWSE "a c 3 benar Enter 2 1 /arsip Enter" },
	{ "share_result_document", true, SHARE "1 /arsip Enter Enter" },
	{ "trust", true, "4 7" },
	{ "trust_certificate", true, "4 7 Enter" },
	{ "trust_confirm", true, "4 7 Enter 1" },
	{ "machine", true, "4 8" },
	{ "service", true, "5" },
	{ "service_server", true, "5 2 http://akun.example.id Tab Tab Space" },
	{ "service_refused", true, "5 2 http://akun.example.id Tab Tab Tab Enter" },
	{ "service_settings", true, "4 End Enter" },
	{ "sign_in", true, SIGN_IN },
	{ "sign_in_plain", true, "5 2 http://akun.example.id Tab Tab Space Tab Enter sari" },
	{ "sign_in_gone", true, "5 2 https://hilang.example.id Tab Tab Tab Enter" },
	{ "sign_in_closed", true, "5 2 https://tertutup.example.id Tab Tab Tab Enter" },
	{ "sign_in_wrong", true, SIGN_IN "sari Tab salah Enter" },
	{ "register", true, SIGN_IN "Tab Tab Tab Enter" },
	{ "register_differs", true,
		SIGN_IN "Tab Tab Tab Enter ani@contoh.example.id Tab Ani Tab Tab kata-sandi Tab lain Enter" },
	{ "register_weak", true,
		SIGN_IN "Tab Tab Tab Enter ani@contoh.example.id Tab Ani Tab Tab mudah Tab mudah Enter" },
	{ "otp_code", true, CODE },
	{ "otp_code_wrong", true, CODE "000000 Enter" },
	{ "otp_code_clock", true, CODE "222222 Enter" },
	{ "otp_code_locked", true, CODE "333333 Enter" },
	{ "otp_code_late", true, CODE "444444 Enter" },
	{ "otp_code_devices", true, TWO },
	{ "otp_qr", true, ENROL "Enter Tab Tab Tab Enter" },
	{ "otp_enrol", true, ENROL "Enter" },
	{ "otp_enrol_key", true, ENROL "c" },
	{ "otp_enrol_copied", true, ENROL "c Tab Tab Tab Tab Enter" },
	{ "otp_enrol_wrong", true, ENROL "c 999999 Enter" },
	{ "otp_enrol_name", true, IN "5 1 a c 654321 Tab Ponsel Enter" },
	{ "home_signed_in", true, IN },
	{ "account", true, IN "5" },
	{ "devices", true, IN "5 1" },
	{ "devices_last", true, IN "5 1 Enter" },
	{ "devices_remove", true, TWO "Tab Enter 123456 Enter 5 1 Down Enter" },
	{ "password", true, IN "5 2" },
	{ "password_wrong", true, IN "5 2 salah Tab kata-sandi Tab kata-sandi Enter" },
	{ "sign_out", true, IN "5 3" },
	{ "sign_out_everywhere", true, IN "5 4" },
	{ "journal", true, "6" },
	{ "journal_search", true, "6 / surat" },
	{ "journal_entry", true, "6 Enter" },
	{ "journal_entry_failed", true, "6 Down Enter" },
	{ "journal_entry_changed", true, "6 / ubah Enter Enter" },
	{ "journal_entry_missing", true, "6 / hilang Enter Enter" },
	{ "journal_entry_hostile", true, "6 / jahat Enter Enter" },
	{ "resume", true, "Interrupted" },
	{ "resume_unknown", true, "InterruptedUnknown" },
	{ "resume_forget", true, "Interrupted 3" },
	{ "resume_passphrase", true, "Interrupted 1" },
	{ "home_interrupted", true, "Interrupted 2" },
	{ "help", true, "?" },
	{ "help_off", true, "1 ? End" },
	{ "off", true, "1 3" },
	{ "quit", true, "q" },
};

const size_t stage_pose_count = sizeof(stage_poses) / sizeof(stage_poses[0]);
