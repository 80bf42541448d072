/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A batch that is interrupted anywhere is gone on with, and nothing in it is signed twice. */

#include "app/batch.h"

#include "app/journal.h"
#include "base/file.h"
#include "base/time.h"
#include "support/desk.h"
#include "verify/verify.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT 5u

static const char *const names[COUNT] = { "a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf" };
static const char *const outs[COUNT] = { "a_signed.pdf", "b_signed.pdf", "c_signed.pdf", "d_signed.pdf",
	"e_signed.pdf" };

static char home[64];

static int make(void **state)
{
	(void)state;
	(void)strcpy(home, "/tmp/besign-batch.XXXXXX");
	if (mkdtemp(home) == NULL)
		return -1;
	desk_make();
	time_set_for_test(CA_NOW);
	desk_p12("key.p12", ca_key(CA_P256, 0));
	desk_p12("other.p12", ca_key(CA_P256, 1));
	for (size_t i = 0; i < COUNT; i++)
		desk_pdf(names[i], NULL);
	return setenv("XDG_STATE_HOME", home, 1);
}

static int clear(void **state)
{
	char command[96];

	(void)state;
	time_set_for_test(TIME_NONE);
	desk_clear();
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", home);
	return system(command) == 0 ? unsetenv("XDG_STATE_HOME") : -1;
}

/* ---- a key, and what it is made to do ---- */

struct holder {
	struct signer *inner;
	size_t asked;   /* items, in all */
	size_t unknown; /* so many of the last items of a call are not answered */
	bool dies;      /* in the middle of the call */
	atomic_bool cancel;
};

static size_t holder_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	return signer_certificates(((const struct holder *)state)->inner, ders, lens);
}

static enum be_err holder_fit(const void *state, int64_t moment, struct be_error *err)
{
	return signer_fit(((const struct holder *)state)->inner, moment, err);
}

static enum be_err holder_sign(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	struct holder *holder = state;
	enum be_err rc;

	if (holder->dies)
		_exit(9);
	holder->asked += count;
	rc = signer_sign(holder->inner, scheme, alg, items, count, err);
	for (size_t i = 0; i < holder->unknown && i < count; i++)
		items[count - 1 - i].result = be_fail(
			&items[count - 1 - i].error, BE_UNKNOWN_OUTCOME, N_("The service did not answer"), NULL);
	return rc;
}

static void holder_free(void *state)
{
	signer_free(&((struct holder *)state)->inner);
}

static const struct signer_ops holder_ops = { "holder", holder_certificates, holder_fit, holder_sign, holder_free };

static struct signer *open_key(struct holder *holder, const char *name)
{
	struct secret *passphrase = NULL;
	struct signer *signer = NULL;

	*holder = (struct holder){ .inner = NULL };
	assert_int_equal(secret_new(&passphrase, 64, NULL), BE_OK);
	assert_int_equal(secret_add(passphrase, DESK_PASSPHRASE, strlen(DESK_PASSPHRASE), NULL), BE_OK);
	assert_int_equal(signer_open_p12(&holder->inner, desk_path(name), passphrase, NULL), BE_OK);
	secret_free(&passphrase);
	assert_int_equal(signer_new(&signer, &holder_ops, holder, NULL), BE_OK);
	return signer;
}

/* ---- a batch ---- */

struct plan {
	enum key_ref_kind kind;
	bool replace;
	size_t count;     /* 0: all */
	size_t stops;     /* after so many are done: 0 never */
	bool dies;        /* stopping is the end of the process; else it is cancelled */
	size_t unknown;   /* as in struct holder */
	bool dies_asking; /* as in struct holder */
	void (*during)(void);
	const struct sign_look *look;
	struct pdf_sign_spot spot;
};

struct watch {
	const struct plan *plan;
	struct holder *holder;
};

static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	const struct watch *watch = context;

	(void)document;
	(void)count;
	if (stage != SIGN_DONE)
		return;
	if (watch->plan->during != NULL)
		watch->plan->during();
	if (watch->plan->stops == 0 || done != watch->plan->stops)
		return;
	if (watch->plan->dies)
		_exit(9);
	atomic_store(&watch->holder->cancel, true);
}

static void make_outputs(struct outputs *outputs, size_t count, bool replace)
{
	const struct outputs_place place = { NULL, NULL, replace };
	const char *inputs[COUNT];

	for (size_t i = 0; i < count; i++)
		inputs[i] = desk_path(names[i]);
	assert_int_equal(outputs_make(outputs, inputs, count, &place, false, NULL), BE_OK);
}

static void sign(const struct plan *plan, struct outputs *outputs)
{
	const struct sign_options options = { .time = CA_NOW, .jobs = 1, .reason = "Persetujuan", .spot = plan->spot };
	const struct batch_order order = { .key = { plan->kind, desk_path("key.p12") }, .look = plan->look };
	struct holder holder;
	struct signer *signer = open_key(&holder, "key.p12");
	struct watch watch = { plan, &holder };
	const struct sign_progress progress = { report, &watch, &holder.cancel };

	holder.unknown = plan->unknown;
	holder.dies = plan->dies_asking;
	make_outputs(outputs, plan->count > 0 ? plan->count : COUNT, plan->replace);
	assert_int_equal(batch_sign(outputs, signer, &options, &order, &progress, NULL), BE_OK);
	signer_free(&signer);
}

/* In a process of its own, which does not come to its end. */
static void sign_and_die(const struct plan *plan)
{
	const pid_t child = fork();
	struct outputs outputs;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		sign(plan, &outputs);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

static struct batch *take_only(void)
{
	struct batch_list list;
	struct batch *batch = NULL;

	assert_int_equal(batch_list_read(&list, NULL), BE_OK);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.running, 0);
	assert_int_equal(batch_take(&batch, list.batches[0]->id, NULL), BE_OK);
	batch_list_free(&list);
	assert_int_equal(batch_settle(batch, NULL, NULL), BE_OK);
	return batch;
}

static size_t records(void)
{
	char path[128];
	const struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/besign/batches", home);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	if (dir != NULL)
		(void)closedir(dir);
	return count;
}

static char *record_path(void)
{
	char path[128];
	const struct dirent *entry;
	char *found = NULL;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/besign/batches", home);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			assert_true(asprintf(&found, "%s/%s", path, entry->d_name) > 0);
	(void)closedir(dir);
	assert_non_null(found);
	return found;
}

static size_t resume(struct batch *batch, const char *key, bool retry, enum be_err expected, struct outputs *outputs)
{
	struct holder holder;
	struct signer *signer = open_key(&holder, key);
	const struct sign_progress progress = { .cancel = &holder.cancel };
	size_t asked;

	assert_int_equal(batch_outputs(outputs, batch, retry, NULL), BE_OK);
	assert_int_equal(batch_resume(batch, outputs, signer, CA_NOW, &progress, NULL), expected);
	asked = holder.asked;
	signer_free(&signer);
	return asked;
}

/* Each output has one signature, which holds, and stands once in the journal with the digest that it has. */
static void check_once(size_t count)
{
	const struct verify_options options = { .at = CA_NOW, .revocation = VERIFY_REVOCATION_NONE };
	struct journal journal;
	size_t signed_in_all = 0;

	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	for (size_t i = 0; i < journal.count; i++)
		signed_in_all += journal.entries[i].result == JOURNAL_SIGNED;
	assert_int_equal(signed_in_all, count);
	for (size_t i = 0; i < count; i++) {
		struct verify_report report;
		enum journal_file file;
		size_t found = 0;

		assert_int_equal(verify_file(&report, desk_path(outs[i]), &options, NULL), BE_OK);
		assert_int_equal(report.count, 1);
		assert_true(report.signatures[0].integrity);
		assert_int_equal(report.signatures[0].facts.coverage, FACTS_WHOLE_FILE);
		assert_string_equal(report.signatures[0].facts.reason, "Persetujuan");
		verify_report_free(&report);
		for (size_t j = 0; j < journal.count; j++) {
			if (strcmp(journal.entries[j].output, desk_path(outs[i])) != 0 ||
				journal.entries[j].result != JOURNAL_SIGNED)
				continue;
			found++;
			assert_string_equal(journal.entries[j].file, desk_path(names[i]));
			assert_int_equal(journal_check(&file, &journal.entries[j], NULL, NULL), BE_OK);
			assert_int_equal(file, JOURNAL_FILE_SAME);
		}
		assert_int_equal(found, 1);
	}
	journal_free(&journal);
}

/* ---- an end ---- */

static void look_while_it_runs(void)
{
	struct batch_list list;
	struct buffer text = BUFFER_EMPTY;
	struct batch *batch = NULL;
	struct stat st;
	char *path = record_path();

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(file_read_all(&text, path, 1u << 20, NULL), BE_OK);
	assert_null(memmem(text.data, text.len, DESK_PASSPHRASE, strlen(DESK_PASSPHRASE)));
	/* Nobody takes it for an interrupted one. */
	assert_int_equal(batch_list_read(&list, NULL), BE_OK);
	assert_int_equal(list.count, 0);
	assert_int_equal(list.running, 1);
	assert_int_equal(batch_take(&batch, strrchr(path, '/') + 1, NULL), BE_BUSY);
	assert_null(batch);
	assert_int_equal(batch_forget(strrchr(path, '/') + 1, NULL), BE_BUSY);
	batch_list_free(&list);
	buffer_free(&text);
	free(path);
}

static void a_batch_is_written_down_while_it_runs_and_no_longer(void **state)
{
	const struct plan plan = { .during = look_while_it_runs, .count = 2 };
	struct outputs outputs;

	(void)state;
	sign(&plan, &outputs);
	assert_int_equal(outputs.documents[1].result, BE_OK);
	assert_string_equal(outputs.batch, "");
	assert_int_equal(outputs.warning.code, BE_OK);
	assert_int_equal(strlen(outputs.documents[0].sha256), 64);
	assert_int_equal(records(), 0);
	check_once(2);
	outputs_free(&outputs);
}

static void no_record(void)
{
	assert_int_equal(records(), 0);
}

static void one_document_is_no_batch(void **state)
{
	const struct plan plan = { .during = no_record, .count = 1 };
	struct outputs outputs;

	(void)state;
	sign(&plan, &outputs);
	check_once(1);
	outputs_free(&outputs);
}

/* Failures are results: they do not make an interrupted batch. */
static void failures_end_a_batch_as_well(void **state)
{
	const struct plan plan = { .kind = KEY_REF_P12 };
	struct journal journal;
	struct outputs outputs;

	(void)state;
	desk_write("b.pdf", "no document", 11);
	assert_int_equal(unlink(desk_path("d.pdf")), 0);
	sign(&plan, &outputs);
	assert_int_equal(outputs.documents[0].result, BE_OK);
	assert_int_equal(outputs.documents[1].result, BE_NOT_A_PDF);
	assert_int_equal(outputs.documents[3].result, BE_NOT_FOUND);
	assert_string_equal(outputs.batch, "");
	assert_int_equal(records(), 0);
	assert_int_equal(journal_read(&journal, NULL), BE_OK);
	assert_int_equal(journal.count, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		const struct journal_entry *entry = &journal.entries[i];
		const bool fails =
			strcmp(entry->file, desk_path("b.pdf")) == 0 || strcmp(entry->file, desk_path("d.pdf")) == 0;

		assert_int_equal(entry->result, fails ? JOURNAL_FAILED : JOURNAL_SIGNED);
		assert_int_equal(entry->sha256[0] == '\0', fails);
	}
	journal_free(&journal);
	outputs_free(&outputs);
}

/* ---- interrupted ---- */

static void what_was_interrupted_is_finished(void **state)
{
	(void)state;
	for (size_t after = 1; after < COUNT; after++) {
		const struct plan plan = { .stops = after, .dies = true };
		struct outputs outputs;
		struct batch *batch;
		struct batch *second = NULL;

		sign_and_die(&plan);
		assert_int_equal(records(), 1);
		batch = take_only();
		assert_int_equal(batch_count(batch, BATCH_SIGNED), after);
		assert_int_equal(batch_count(batch, BATCH_LEFT), COUNT - after);
		assert_int_equal(batch_take(&second, batch->id, NULL), BE_BUSY);
		assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), COUNT - after);
		assert_int_equal(outputs.count, COUNT - after);
		for (size_t i = 0; i < outputs.count; i++)
			assert_int_equal(outputs.documents[i].result, BE_OK);
		batch_free(&batch);
		outputs_free(&outputs);
		assert_int_equal(records(), 0);
		check_once(COUNT);
		(void)clear(state);
		(void)make(state);
	}
}

/* Killed after an output had got its name, and before that was written down anywhere. */
static void an_output_without_a_mark_is_not_signed_again(void **state)
{
	const struct plan plan = { .stops = 3, .dies = true };
	struct buffer text = BUFFER_EMPTY;
	struct outputs outputs;
	struct batch *batch;
	char journal[128];
	const uint8_t *at;
	FILE *file;
	char *path;

	(void)state;
	sign_and_die(&plan);
	path = record_path();
	assert_int_equal(file_read_all(&text, path, 1u << 20, NULL), BE_OK);
	at = memmem(text.data, text.len, "documents = ", 12);
	assert_non_null(at);
	at = memchr(at, '\n', text.len - (size_t)(at - text.data));
	assert_non_null(at);
	assert_int_equal(truncate(path, at + 1 - text.data), 0);
	/* Half a mark is none; and so is what a file system may leave. */
	file = fopen(path, "a");
	assert_non_null(file);
	assert_int_equal(fwrite("signed = 0\0\0", 1, 12, file), 12);
	assert_int_equal(fclose(file), 0);
	(void)snprintf(journal, sizeof(journal), "%s/besign/journal", home);
	assert_int_equal(truncate(journal, 0), 0);
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 3);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 2);
	check_once(COUNT);
	batch_free(&batch);
	outputs_free(&outputs);
	buffer_free(&text);
	free(path);
}

/* Two files: when the power goes off, the one may have what the other has lost. */
static void what_the_journal_lost_is_added(void **state)
{
	const struct plan plan = { .stops = 3, .dies = true };
	struct outputs outputs;
	struct batch *batch;
	char journal[128];

	(void)state;
	sign_and_die(&plan);
	(void)snprintf(journal, sizeof(journal), "%s/besign/journal", home);
	assert_int_equal(unlink(journal), 0);
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 3);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 2);
	check_once(COUNT);
	batch_free(&batch);
	outputs_free(&outputs);
}

/* Looked at once more, the journal does not have it once more. */
static void looking_again_changes_nothing(void **state)
{
	const struct plan plan = { .stops = 2, .dies = true };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	for (int i = 0; i < 3; i++) {
		batch = take_only();
		assert_int_equal(batch_count(batch, BATCH_SIGNED), 2);
		batch_free(&batch);
	}
	batch = take_only();
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 3);
	check_once(COUNT);
	batch_free(&batch);
	outputs_free(&outputs);
}

/* Files that stand where an output is to be, and are none of this batch. */
static void what_is_not_this_signature_on_this_input_does_not_count(void **state)
{
	const struct plan plan = { .stops = 1, .dies = true };
	struct buffer text = BUFFER_EMPTY;
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	/* b: the input and some more; c: signed, but another document (it begins otherwise); d: by another key. */
	desk_read(&text, "b.pdf");
	buffer_add_str(&text, "\n% more\n");
	desk_write("b_signed.pdf", text.data, text.len);
	buffer_reset(&text);
	desk_read(&text, "a_signed.pdf");
	text.data[7] ^= 1;
	desk_write("c_signed.pdf", text.data, text.len);
	{
		struct holder holder;
		struct signer *signer = open_key(&holder, "other.p12");
		const struct sign_options options = { .time = CA_NOW };
		struct sign_document document = { .input = desk_path("d.pdf"), .output = desk_path("d_signed.pdf") };

		assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_OK);
		assert_int_equal(document.result, BE_OK);
		signer_free(&signer);
	}
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 1);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 1);
	for (size_t i = 0; i < outputs.count; i++)
		assert_int_equal(outputs.documents[i].result, i < 3 ? BE_EXISTS : BE_OK);
	batch_free(&batch);
	outputs_free(&outputs);
	assert_int_equal(records(), 0);
	buffer_free(&text);
}

/* Yesterday's signatures on the same documents are to be replaced: they are none of today's. */
static void what_was_to_be_replaced_is_not_taken_for_signed(void **state)
{
	const struct plan first = { .kind = KEY_REF_P12 };
	const struct plan again = { .replace = true, .stops = 2, .dies = true };
	struct buffer before = BUFFER_EMPTY;
	struct buffer after = BUFFER_EMPTY;
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign(&first, &outputs);
	outputs_free(&outputs);
	desk_read(&before, "e_signed.pdf");
	sign_and_die(&again);
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 2);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 3);
	assert_int_equal(outputs.documents[2].result, BE_OK);
	desk_read(&after, "e_signed.pdf");
	assert_true(before.len != after.len || memcmp(before.data, after.data, after.len) != 0);
	batch_free(&batch);
	outputs_free(&outputs);
	buffer_free(&before);
	buffer_free(&after);
}

static void an_input_that_changed_is_refused(void **state)
{
	const struct plan plan = { .stops = 1, .dies = true };
	struct buffer text = BUFFER_EMPTY;
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	/* b is longer, c is another file of the same octets, d has another octet, e is gone. */
	desk_read(&text, "b.pdf");
	buffer_add_str(&text, "\n");
	desk_write("b.pdf", text.data, text.len);
	assert_int_equal(rename(desk_path("c.pdf"), desk_path("kept.pdf")), 0);
	desk_pdf("c.pdf", NULL);
	buffer_reset(&text);
	desk_read(&text, "d.pdf");
	text.data[text.len - 1] ^= 1;
	desk_write("d.pdf", text.data, text.len);
	assert_int_equal(unlink(desk_path("e.pdf")), 0);
	batch = take_only();
	assert_int_equal(batch_outputs(&outputs, batch, false, NULL), BE_OK);
	assert_true(outputs_are_hopeless(&outputs));
	outputs_free(&outputs);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 0);
	assert_int_equal(outputs.count, 4);
	for (size_t i = 0; i < outputs.count; i++) {
		assert_int_equal(outputs.documents[i].result, BE_CHANGED);
		assert_false(desk_has(outs[i + 1]));
	}
	batch_free(&batch);
	outputs_free(&outputs);
	assert_int_equal(records(), 0);
	buffer_free(&text);
}

static void another_key_signs_none_of_it(void **state)
{
	const struct plan plan = { .stops = 2, .dies = true };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	batch = take_only();
	assert_int_equal(resume(batch, "other.p12", false, BE_KEY_MISMATCH, &outputs), 0);
	outputs_free(&outputs);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 3);
	batch_free(&batch);
	outputs_free(&outputs);
	check_once(COUNT);
}

static void what_is_cancelled_can_be_gone_on_with_or_forgotten(void **state)
{
	const struct plan plan = { .stops = 2 };
	struct outputs outputs;
	struct batch *batch;
	char id[OUTPUTS_BATCH_MAX];

	(void)state;
	sign(&plan, &outputs);
	assert_int_equal(outputs.documents[4].result, BE_CANCELLED);
	assert_true(outputs.batch[0] != '\0');
	memcpy(id, outputs.batch, sizeof(id));
	outputs_free(&outputs);
	batch = take_only();
	assert_string_equal(batch->id, id);
	assert_int_equal(batch_count(batch, BATCH_LEFT), 3);
	batch_free(&batch);
	assert_int_equal(batch_forget(id, NULL), BE_OK);
	assert_int_equal(batch_forget(id, NULL), BE_NOT_FOUND);
	assert_int_equal(records(), 0);
	assert_true(desk_has("a_signed.pdf") && desk_has("b_signed.pdf") && !desk_has("c_signed.pdf"));
	/* What was not tried is no entry of the journal. */
	check_once(2);
}

/* ---- a key that is elsewhere ---- */

static void an_unknown_outcome_is_kept_and_not_tried_by_itself(void **state)
{
	const struct plan plan = { .kind = KEY_REF_CREDENTIAL, .unknown = 2 };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign(&plan, &outputs);
	assert_int_equal(outputs.documents[2].result, BE_OK);
	assert_int_equal(outputs.documents[3].result, BE_UNKNOWN_OUTCOME);
	assert_true(outputs.batch[0] != '\0');
	outputs_free(&outputs);
	batch = take_only();
	assert_int_equal(batch->key_kind, KEY_REF_CREDENTIAL);
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 3);
	assert_int_equal(batch_count(batch, BATCH_UNKNOWN), 2);
	assert_int_equal(batch_outputs(&outputs, batch, false, NULL), BE_OK);
	assert_int_equal(outputs.count, 0);
	batch_end(batch, &outputs);
	assert_string_equal(outputs.batch, batch->id);
	outputs_free(&outputs);
	batch_free(&batch);
	assert_int_equal(records(), 1);
	batch = take_only();
	assert_int_equal(resume(batch, "key.p12", true, BE_OK, &outputs), 2);
	batch_free(&batch);
	outputs_free(&outputs);
	assert_int_equal(records(), 0);
	check_once(COUNT);
}

static void what_died_while_it_asked_is_of_unknown_outcome(void **state)
{
	const struct plan plan = { .kind = KEY_REF_CREDENTIAL, .dies_asking = true };
	const struct plan file = { .kind = KEY_REF_P12, .dies_asking = true };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_UNKNOWN), COUNT);
	assert_int_equal(batch_outputs(&outputs, batch, false, NULL), BE_OK);
	assert_int_equal(outputs.count, 0);
	outputs_free(&outputs);
	batch_free(&batch);
	/* A key file that was asked has done nothing that anybody else could know of. */
	sign_and_die(&file);
	assert_int_equal(records(), 2);
}

static void an_answer_makes_it_known_again(void **state)
{
	const struct plan plan = { .kind = KEY_REF_CREDENTIAL, .stops = 2, .dies = true };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign_and_die(&plan);
	batch = take_only();
	assert_int_equal(batch_count(batch, BATCH_SIGNED), 2);
	assert_int_equal(batch_count(batch, BATCH_LEFT), 3);
	assert_int_equal(resume(batch, "key.p12", false, BE_OK, &outputs), 3);
	batch_free(&batch);
	outputs_free(&outputs);
	check_once(COUNT);
}

static void even_one_document_is_kept_for_a_remote_key(void **state)
{
	const struct plan plan = { .kind = KEY_REF_CREDENTIAL, .count = 1, .unknown = 1 };
	struct outputs outputs;
	struct batch *batch;

	(void)state;
	sign(&plan, &outputs);
	outputs_free(&outputs);
	batch = take_only();
	assert_int_equal(batch->count, 1);
	assert_int_equal(batch_count(batch, BATCH_UNKNOWN), 1);
	batch_free(&batch);
}

/* ---- the record ---- */

static void place_and_look_come_back(void **state)
{
	static const char *const lines[] = { " {name} ", "kedua \"2\"\nbaru" };
	const struct sign_look look = { .image = "cap.png", .qr = "https://contoh.example/\xE4\xB8\xAD", lines, 2 };
	const struct plan plan = { .stops = 1, .look = &look, .spot = { PDF_PAGE_LAST, { 12.25, 0, 180.123456, 60 } } };
	struct outputs outputs;
	struct batch *batch;
	char *here = getcwd(NULL, 0);

	(void)state;
	sign(&plan, &outputs);
	outputs_free(&outputs);
	batch = take_only();
	assert_true(batch->seen);
	assert_int_equal(strncmp(batch->image, here, strlen(here)), 0);
	assert_string_equal(strrchr(batch->image, '/'), "/cap.png");
	assert_string_equal(batch->qr, look.qr);
	assert_int_equal(batch->line_count, 2);
	assert_string_equal(batch->lines[0], lines[0]);
	assert_string_equal(batch->lines[1], lines[1]);
	assert_string_equal(batch->reason, "Persetujuan");
	assert_null(batch->location);
	assert_int_equal(batch->time, CA_NOW);
	assert_string_equal(batch->signer, "Budi Contoh");
	assert_string_equal(batch->key, desk_path("key.p12"));
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(batch->documents[i].spot.page == PDF_PAGE_LAST);
		for (size_t j = 0; j < 4; j++) {
			const double off = batch->documents[i].spot.rect[j] - plan.spot.rect[j];

			assert_true(off > -1e-6 && off < 1e-6);
		}
	}
	batch_free(&batch);
	free(here);
}

static void odd_names_come_back(void **state)
{
	static const char *const odd[] = { "\xFF\xFE.pdf", "baris\nbaru.pdf",
		"\xE2\x80\xAE"
		"fdp.exe",
		" tepi ", "\"", "# = \\x00" };
	const struct sign_options options = { .time = CA_NOW };
	const struct batch_order order = { .key = { KEY_REF_P12, "key.p12" } };
	const struct outputs_place place = { NULL, NULL, false };
	const char *inputs[6];
	struct outputs outputs;
	struct holder holder;
	struct signer *signer = open_key(&holder, "key.p12");
	const struct sign_progress progress = { .cancel = &holder.cancel };
	struct batch *batch;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		desk_pdf(odd[i], NULL);
		inputs[i] = desk_path(odd[i]);
	}
	assert_int_equal(outputs_make(&outputs, inputs, 6, &place, false, NULL), BE_OK);
	atomic_store(&holder.cancel, true);
	assert_int_equal(batch_sign(&outputs, signer, &options, &order, &progress, NULL), BE_OK);
	signer_free(&signer);
	batch = take_only();
	assert_int_equal(batch->count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(batch->documents[i].input, inputs[i]);
		assert_string_equal(batch->documents[i].output, outputs.names[i]);
		assert_false(batch->documents[i].changed);
	}
	batch_free(&batch);
	outputs_free(&outputs);
}

static const struct {
	const char *find, *with;
} damages[] = {
	{ "version = 1", "version = 2" },
	{ "key-kind = p12", "key-kind = zzz" },
	{ "documents = 5", "documents = 6" },
	{ "documents = 5", "documents = x" },
	{ "certificate = ", "certificata = " },
	{ "document = /", "document = x" },
	{ "output-was = 0 0", "output-was = 0 x" },
	{ "signed = 0", "signed = 9" },
	{ "signed = 0", "zignet = 0" },
	{ "key = ", "kay = " },
};

static void a_record_that_is_not_understood_is_left_alone(void **state)
{
	const struct plan plan = { .stops = 1, .dies = true };
	struct buffer text = BUFFER_EMPTY;
	struct batch_list list;
	char *path;

	(void)state;
	sign_and_die(&plan);
	path = record_path();
	assert_int_equal(file_read_all(&text, path, 1u << 20, NULL), BE_OK);
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const size_t len = strlen(damages[i].find);
		uint8_t *at = memmem(text.data, text.len, damages[i].find, len);
		struct batch *batch = NULL;
		FILE *file = fopen(path, "w");

		assert_non_null(at);
		assert_non_null(file);
		(void)fwrite(text.data, 1, (size_t)(at - text.data), file);
		(void)fputs(damages[i].with, file);
		(void)fwrite(at + len, 1, text.len - (size_t)(at - text.data) - len, file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(batch_list_read(&list, NULL), BE_OK);
		assert_int_equal(list.count + list.running, 0);
		batch_list_free(&list);
		assert_int_equal(batch_take(&batch, strrchr(path, '/') + 1, NULL), BE_MALFORMED);
		assert_null(batch);
		assert_int_equal(records(), 1);
	}
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(batch_list_read(&list, NULL), BE_OK);
	assert_int_equal(list.count, 0);
	batch_list_free(&list);
	free(path);
	buffer_free(&text);
}

/* Whatever is in the file: it is read, or it is not. */
static void no_octet_of_a_record_breaks_anything(void **state)
{
	static const uint8_t others[] = { 0, '\n', '9', '-', '"', '\\', 0xFF };
	const struct plan plan = { .stops = 1, .dies = true };
	struct buffer text = BUFFER_EMPTY;
	struct batch_list list;
	char *path;

	(void)state;
	sign_and_die(&plan);
	path = record_path();
	assert_int_equal(file_read_all(&text, path, 1u << 20, NULL), BE_OK);
	for (size_t at = 0; at < text.len; at++) {
		const uint8_t before = text.data[at];
		FILE *file = fopen(path, "w");

		text.data[at] = others[at % sizeof(others)];
		assert_non_null(file);
		assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
		assert_int_equal(fclose(file), 0);
		text.data[at] = before;
		assert_int_equal(batch_list_read(&list, NULL), BE_OK);
		assert_in_range(list.count, 0, 1);
		if (list.count == 1) {
			assert_in_range(list.batches[0]->count, 1, COUNT);
			for (size_t i = 0; i < list.batches[0]->count; i++)
				assert_non_null(list.batches[0]->documents[i].output);
		}
		batch_list_free(&list);
	}
	buffer_free(&text);
	free(path);
}

static void several_are_told_apart_oldest_first(void **state)
{
	const struct plan plan = { .stops = 1, .dies = true, .replace = true };
	struct batch_list list;
	struct batch *batch = NULL;

	(void)state;
	for (int i = 0; i < 3; i++) {
		time_set_for_test(CA_NOW + i);
		sign_and_die(&plan);
	}
	assert_int_equal(batch_list_read(&list, NULL), BE_OK);
	assert_int_equal(list.count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(list.batches[i]->time, CA_NOW + i);
	assert_int_equal(batch_take(&batch, "../journal", NULL), BE_NOT_FOUND);
	assert_int_equal(batch_take(&batch, "20990101T000000Z-00000000", NULL), BE_NOT_FOUND);
	assert_int_equal(batch_take(&batch, "", NULL), BE_NOT_FOUND);
	batch_list_free(&list);
}

static void what_cannot_be_written_down_is_said_and_signed(void **state)
{
	const struct plan plan = { .kind = KEY_REF_P12 };
	struct outputs outputs;
	char path[128];
	FILE *file;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/besign", home);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	sign(&plan, &outputs);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(outputs.documents[i].result, BE_OK);
		assert_true(desk_has(outs[i]));
	}
	assert_int_equal(outputs.warning.code, BE_IO);
	assert_non_null(outputs.warning.msgid);
	assert_string_equal(outputs.batch, "");
	outputs_free(&outputs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_batch_is_written_down_while_it_runs_and_no_longer, make, clear),
		cmocka_unit_test_setup_teardown(one_document_is_no_batch, make, clear),
		cmocka_unit_test_setup_teardown(failures_end_a_batch_as_well, make, clear),
		cmocka_unit_test_setup_teardown(what_was_interrupted_is_finished, make, clear),
		cmocka_unit_test_setup_teardown(an_output_without_a_mark_is_not_signed_again, make, clear),
		cmocka_unit_test_setup_teardown(what_the_journal_lost_is_added, make, clear),
		cmocka_unit_test_setup_teardown(looking_again_changes_nothing, make, clear),
		cmocka_unit_test_setup_teardown(what_is_not_this_signature_on_this_input_does_not_count, make, clear),
		cmocka_unit_test_setup_teardown(what_was_to_be_replaced_is_not_taken_for_signed, make, clear),
		cmocka_unit_test_setup_teardown(an_input_that_changed_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(another_key_signs_none_of_it, make, clear),
		cmocka_unit_test_setup_teardown(what_is_cancelled_can_be_gone_on_with_or_forgotten, make, clear),
		cmocka_unit_test_setup_teardown(an_unknown_outcome_is_kept_and_not_tried_by_itself, make, clear),
		cmocka_unit_test_setup_teardown(what_died_while_it_asked_is_of_unknown_outcome, make, clear),
		cmocka_unit_test_setup_teardown(an_answer_makes_it_known_again, make, clear),
		cmocka_unit_test_setup_teardown(even_one_document_is_kept_for_a_remote_key, make, clear),
		cmocka_unit_test_setup_teardown(place_and_look_come_back, make, clear),
		cmocka_unit_test_setup_teardown(odd_names_come_back, make, clear),
		cmocka_unit_test_setup_teardown(a_record_that_is_not_understood_is_left_alone, make, clear),
		cmocka_unit_test_setup_teardown(no_octet_of_a_record_breaks_anything, make, clear),
		cmocka_unit_test_setup_teardown(several_are_told_apart_oldest_first, make, clear),
		cmocka_unit_test_setup_teardown(what_cannot_be_written_down_is_said_and_signed, make, clear),
	};

	return cmocka_run_group_tests_name("app_batch", tests, NULL, NULL);
}
