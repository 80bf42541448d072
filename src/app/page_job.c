/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/page_job.h"

#include <stdlib.h>
#include <string.h>

struct page_job *page_job_new(const struct app_engine *engine, const char *document, struct page_source *source,
	uint32_t number, const char *text)
{
	struct page_job *job = calloc(1, sizeof(*job));

	if (job == NULL) {
		engine->page_close(&source);
		return NULL;
	}
	job->engine = engine;
	job->source = source;
	job->number = number;
	job->document = strdup(document);
	job->text = text != NULL ? strdup(text) : NULL;
	if (job->document == NULL || (text != NULL && job->text == NULL)) {
		page_job_free(job);
		return NULL;
	}
	return job;
}

enum be_err page_job_run(struct page_job *job, struct be_error *err)
{
	const struct app_engine *engine = job->engine;
	enum be_err rc = BE_OK;

	if (job->source == NULL)
		rc = engine->page_open(&job->source, job->document, err);
	if (rc == BE_OK && job->text != NULL)
		rc = engine->page_find(&job->number, &job->found, job->source, job->number, job->text, err);
	if (rc == BE_OK)
		rc = engine->page_draw(
			&job->picture, job->source, job->number, job->columns, job->rows, job->mode, err);
	return rc;
}

void page_job_free(struct page_job *job)
{
	if (job == NULL)
		return;
	job->engine->page_close(&job->source);
	page_picture_free(&job->picture);
	free(job->document);
	free(job->text);
	free(job);
}
