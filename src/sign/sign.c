/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/sign.h"

#include "sign/job.h"
#include "sign/outputs.h"
#include "sign/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* An output holds itself and its directory open. */
#define DESCRIPTORS_EACH 2u
/* For what else the process and each thread have open. */
#define DESCRIPTORS_SPARE 128u
#define JOBS_DEFAULT_MAX 4

struct run {
	struct signer *signer;
	struct sign_batch batch;
	struct pdf_appearance *appearance;
	struct sign_document *documents;
	size_t count;
	const struct sign_progress *progress;
	pthread_mutex_t reporting; /* and done */
	size_t done;
	/* The group that is open now. */
	size_t first;
	size_t size;
	struct sign_job *jobs;
	struct signer_item *items; /* of the jobs that got this far; see gather */
};

/* ---- what the batch has in common ---- */

static enum be_err choose_digest(struct run *run, const struct sign_options *options, struct be_error *err)
{
	const struct pki_cert_info *info = signer_info(run->signer);

	run->batch.digest = options->digest;
	if (options->digest == DIGEST_NONE)
		run->batch.digest =
			info->key_kind == PKI_KEY_EC && info->key_bits == 384 ? DIGEST_SHA384 : DIGEST_SHA256;
	else if (options->digest != DIGEST_SHA256 && options->digest != DIGEST_SHA384 &&
		options->digest != DIGEST_SHA512)
		return be_fail(err, BE_USAGE, N_("Signatures are made with SHA-256, SHA-384 or SHA-512 only"), "%s",
			digest_name(options->digest));
	return BE_OK;
}

/* A key that is bound to RSASSA-PSS (RFC 4055) leaves no choice. */
static enum be_err choose_scheme(struct run *run, const struct sign_options *options, struct be_error *err)
{
	const struct pki_cert_info *info = signer_info(run->signer);

	if (info->key_kind == PKI_KEY_RSA_PSS || (options->pss && info->key_kind == PKI_KEY_RSA))
		run->batch.scheme = PKI_SCHEME_RSA_PSS;
	else if (options->pss)
		return be_fail(err, BE_KEY_UNFIT,
			N_("RSASSA-PSS needs an RSA key, and this key is none; leave the scheme out"), "%s",
			info->name);
	else
		run->batch.scheme = info->key_kind == PKI_KEY_RSA ? PKI_SCHEME_RSA_PKCS1 : PKI_SCHEME_ECDSA;
	return BE_OK;
}

static enum be_err choose_form(struct run *run, const struct sign_options *options, struct be_error *err)
{
	const char *form = options->sub_filter != NULL ? options->sub_filter : "ETSI.CAdES.detached";

	if (strcmp(form, "ETSI.CAdES.detached") != 0 && strcmp(form, "adbe.pkcs7.detached") != 0)
		return be_fail(
			err, BE_USAGE, N_("This form of signature is not known; choose cades or pkcs7"), "%s", form);
	run->batch.request = (struct pdf_sign_request){
		.field = options->field,
		.spot = options->spot,
		.sub_filter = form,
		.name = options->name,
		.reason = options->reason,
		.location = options->location,
		.contact = options->contact,
		.time = options->time,
	};
	return BE_OK;
}

/* No document changes how large its message can be, so a message about nothing tells how much room to leave. */
static enum be_err measure_contents(struct run *run, struct be_error *err)
{
	static const uint8_t nothing[DIGEST_MAX];
	struct sign_batch *batch = &run->batch;
	struct pki_cms_build *build = NULL;
	enum be_err rc;

	rc = pki_cms_build_new(&build, batch->chain, batch->chain_lens, batch->chain_count, batch->digest,
		batch->scheme, nothing, err);
	if (rc == BE_OK)
		rc = pki_cms_build_max_size(build, &batch->request.contents_size, err);
	pki_cms_build_free(&build);
	return rc;
}

static enum be_err choose_appearance(struct run *run, const struct sign_options *options, struct be_error *err)
{
	enum be_err rc = BE_OK;

	if (options->appearance != NULL)
		rc = pdf_appearance_open(&run->appearance, options->appearance, options->appearance_len, err);
	run->batch.request.appearance = run->appearance;
	return rc;
}

static enum be_err choose(struct run *run, const struct sign_options *options, struct be_error *err)
{
	enum be_err rc;

	if (run->count == 0)
		return be_fail(err, BE_USAGE, N_("There is no document to sign"), NULL);
	run->batch.chain_count = signer_certificates(run->signer, &run->batch.chain, &run->batch.chain_lens);
	rc = choose_digest(run, options, err);
	if (rc == BE_OK)
		rc = choose_form(run, options, err);
	if (rc == BE_OK)
		rc = choose_appearance(run, options, err);
	if (rc == BE_OK)
		rc = signer_fit(run->signer, options->time, err);
	if (rc == BE_OK)
		rc = choose_scheme(run, options, err);
	if (rc == BE_OK)
		rc = measure_contents(run, err);
	if (rc == BE_OK)
		rc = sign_outputs_check(run->documents, run->count, err);
	return rc;
}

static unsigned choose_threads(unsigned wanted, size_t count)
{
	long processors;

	if (count == 1 || wanted > 0)
		return count == 1 ? 1 : wanted;
	processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (processors < 1)
		return 1;
	return processors < JOBS_DEFAULT_MAX ? (unsigned)processors : JOBS_DEFAULT_MAX;
}

/* How many documents may be open at once; asks the system for more where it has them. */
static size_t group_size(size_t count)
{
	size_t size = count < SIGN_GROUP_MAX ? count : SIGN_GROUP_MAX;
	rlim_t needed = (rlim_t)size * DESCRIPTORS_EACH + DESCRIPTORS_SPARE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
		return size;
	limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
		return size;
	if (limit.rlim_cur < DESCRIPTORS_SPARE + DESCRIPTORS_EACH)
		return 1;
	return (size_t)(limit.rlim_cur - DESCRIPTORS_SPARE) / DESCRIPTORS_EACH;
}

/* ---- one document of a group ---- */

static bool cancelled(const struct run *run)
{
	return run->progress != NULL && run->progress->cancel != NULL && atomic_load(run->progress->cancel);
}

static void report(struct run *run, enum sign_stage stage, size_t index)
{
	(void)pthread_mutex_lock(&run->reporting);
	if (stage == SIGN_DONE)
		run->done++;
	if (run->progress != NULL && run->progress->report != NULL)
		run->progress->report(run->progress->context, stage, run->first + index, run->done, run->count);
	(void)pthread_mutex_unlock(&run->reporting);
}

static enum be_err cancel(struct be_error *err)
{
	return be_fail(err, BE_CANCELLED, N_("Signing was cancelled; this document is not signed"), NULL);
}

static void prepare_one(void *context, size_t index)
{
	struct run *run = context;
	struct sign_document *document = &run->documents[run->first + index];

	if (cancelled(run))
		document->result = cancel(&document->error);
	else
		document->result = sign_prepare(&run->jobs[index], document, &run->batch, &document->error);
	if (document->result != BE_OK)
		sign_job_clear(&run->jobs[index]);
	report(run, document->result == BE_OK ? SIGN_PREPARED : SIGN_DONE, index);
}

/* A job without an output failed earlier, and that is reported already. */
static void finish_one(void *context, size_t index)
{
	struct run *run = context;
	struct sign_document *document = &run->documents[run->first + index];
	struct sign_job *job = &run->jobs[index];

	if (job->output == NULL)
		return;
	if (document->result == BE_OK && cancelled(run))
		document->result = cancel(&document->error);
	if (document->result == BE_OK)
		document->result =
			sign_finish(job, document, &run->batch, &run->items[job->item].signature, &document->error);
	sign_job_clear(job);
	report(run, SIGN_DONE, index);
}

/* ---- a group ---- */

/* The signer is given a list without gaps. */
static size_t gather(struct run *run)
{
	size_t asked = 0;

	for (size_t index = 0; index < run->size; index++) {
		struct sign_job *job = &run->jobs[index];

		if (job->output == NULL)
			continue;
		memcpy(run->items[asked].digest, job->to_sign, sizeof(job->to_sign));
		job->item = asked++;
	}
	return asked;
}

static void take_answer(struct run *run, size_t index, enum be_err rc, const struct be_error *why)
{
	struct sign_document *document = &run->documents[run->first + index];
	const struct signer_item *item = &run->items[run->jobs[index].item];

	document->result = rc != BE_OK ? rc : item->result;
	if (document->result != BE_OK)
		document->error = rc != BE_OK ? *why : item->error;
	else
		report(run, SIGN_SIGNED, index);
}

static void sign_prepared(struct run *run)
{
	struct be_error why = { .code = BE_OK };
	size_t asked = gather(run);
	enum be_err rc;

	if (asked == 0)
		return;
	if (cancelled(run))
		rc = cancel(&why);
	else
		rc = signer_sign(run->signer, run->batch.scheme, run->batch.digest, run->items, asked, &why);
	for (size_t index = 0; index < run->size; index++)
		if (run->jobs[index].output != NULL)
			take_answer(run, index, rc, &why);
}

static void sign_group(struct run *run, unsigned threads)
{
	memset(run->jobs, 0, run->size * sizeof(*run->jobs));
	memset(run->items, 0, run->size * sizeof(*run->items));
	sign_pool_run(threads, run->size, prepare_one, run);
	sign_prepared(run);
	sign_pool_run(threads, run->size, finish_one, run);
	for (size_t index = 0; index < run->size; index++)
		buffer_free(&run->items[index].signature);
}

enum be_err sign_documents(struct signer *signer, const struct sign_options *options, struct sign_document *documents,
	size_t count, const struct sign_progress *progress, struct be_error *err)
{
	struct run run = { .signer = signer, .documents = documents, .count = count, .progress = progress };
	unsigned threads;
	size_t size;
	enum be_err rc;

	for (size_t i = 0; i < count; i++) {
		documents[i].result = BE_OK;
		documents[i].error = (struct be_error){ .code = BE_OK };
		documents[i].field[0] = documents[i].sha256[0] = '\0';
	}
	rc = choose(&run, options, err);
	if (rc != BE_OK)
		goto out;
	threads = choose_threads(options->jobs, count);
	size = group_size(count);
	run.jobs = calloc(size, sizeof(*run.jobs));
	run.items = calloc(size, sizeof(*run.items));
	if (run.jobs == NULL || run.items == NULL || pthread_mutex_init(&run.reporting, NULL) != 0) {
		rc = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		goto out;
	}
	for (; run.first < count; run.first += run.size) {
		run.size = count - run.first < size ? count - run.first : size;
		sign_group(&run, threads);
	}
	(void)pthread_mutex_destroy(&run.reporting);
out:
	pdf_appearance_free(&run.appearance);
	free(run.items);
	free(run.jobs);
	return rc;
}
