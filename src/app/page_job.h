/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_PAGE_JOB_H
#define APP_PAGE_JOB_H

/*
 * Drawing one page for a screen, as a worker does it: it opens the document when that was not done, looks for a text
 * when one is given, and draws the page. The source goes along with the job and comes back with it.
 */

#include "app/engine.h"

struct page_job {
	const struct app_engine *engine;
	char *document;             /* owned */
	struct page_source *source; /* owned; NULL: the document is opened first */
	uint32_t number;            /* the page; with a text the first that is looked at, then where it was found */
	char *text;                 /* owned; NULL: nothing is looked for */
	struct render_rect found;
	uint32_t columns, rows;
	enum render_mode mode;
	struct page_picture picture; /* what came of it; owned */
};

/* NULL without memory, and then the source is closed. */
struct page_job *page_job_new(const struct app_engine *engine, const char *document, struct page_source *source,
	uint32_t number, const char *text);
enum be_err page_job_run(struct page_job *job, struct be_error *err);
void page_job_free(struct page_job *job);

#endif
