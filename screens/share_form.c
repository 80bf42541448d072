/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the screens of the ways to share have in common: the documents, and the worker that takes them along. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define STRINGS 6

/* What the worker has of its own. */
struct work {
	const struct app_engine *engine;
	struct share_job job; /* its strings are those below */
	struct settings settings;
	struct secret *password;
	struct share_documents documents;
	char *strings[STRINGS];
	size_t string_count;
	struct ui_op *op;
};

/* ---- the documents ---- */

void share_form_open(struct share_form *form, struct ui *ui, const void *request)
{
	const struct share_request *asked = request;

	form->paths = calloc(asked->count > 0 ? asked->count : 1, sizeof(*form->paths));
	for (; form->paths != NULL && form->count < asked->count; form->count++)
		if ((form->paths[form->count] = strdup(asked->paths[form->count])) == NULL)
			break;
	if (form->count < asked->count)
		ui_say(ui, UI_BAD, N_("Out of memory"));
}

void share_form_close(struct share_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		free(form->paths[i]);
	free(form->paths);
}

void share_form_documents(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct share_form *form = state;
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	if (form->count != 1) {
		ui_put_count(out, "%zu document", "%zu documents", form->count);
		return;
	}
	paths_name(&name, form->paths[0]);
	ui_put_foreign(out, name.failed ? "" : (const char *)name.data);
	buffer_free(&name);
}

/* ---- the worker ---- */

static void work_free(void *given)
{
	struct work *w = given;

	if (w == NULL)
		return;
	secret_free(&w->password);
	share_documents_free(&w->documents);
	for (size_t i = 0; i < w->string_count; i++)
		free(w->strings[i]);
	free(w);
}

static void report(void *context, size_t done, size_t hundred)
{
	ui_op_progress(context, done, hundred);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;
	enum be_err rc;

	w->job.cancel = ui_op_cancel(op);
	w->job.report = report;
	w->job.context = op;
	rc = w->engine->share(&w->job, err);
	secret_free(&w->password);
	return rc;
}

static void remember(struct desk *desk, const struct work *w)
{
	struct state *state = &desk->state;
	const struct share_job *job = &w->job;

	switch (job->way) {
	case SHARE_FOLDER:
		(void)state_set_share(&state->share_folder, job->folder.dir, NULL);
		for (size_t i = 0; i < w->documents.count; i++)
			if (w->documents.documents[i].target != NULL)
				(void)state_add_document(state, w->documents.documents[i].target, NULL);
		break;
	case SHARE_MAIL:
		(void)state_set_share(&state->share_mail, job->mail.to, NULL);
		break;
	case SHARE_SERVER:
	default:
		(void)state_set_share(&state->share_server, job->server.url, NULL);
		(void)state_set_share(&state->share_key, job->server.identity, NULL);
		break;
	}
	desk_keep_state(desk);
}

/* Whatever happened, a password is typed anew for the next time. */
static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct share_form *form = state;
	struct work *w = given;

	if (form->password != NULL)
		secret_clear(form->password);
	if (error->code == BE_OK) {
		const struct share_outcome outcome = { &w->documents };

		remember(desk_of(ui), w);
		ui_pop(ui);
		ui_replace(ui, &screen_share_result, &outcome);
		return;
	}
	if (error->code == BE_DENIED && form->password != NULL)
		ui_focus(ui, offsetof(struct share_form, password));
	ui_say_error(ui, error);
}

/* Puts a copy in place of a string of the job. */
static bool own(struct work *w, const char **string)
{
	if (*string == NULL)
		return true;
	w->strings[w->string_count] = strdup(*string);
	*string = w->strings[w->string_count];
	return *string != NULL && ++w->string_count > 0;
}

static enum be_err fill(struct work *w, const struct share_form *form, struct be_error *err)
{
	struct share_job *job = &w->job;
	enum be_err rc = share_documents_make(&w->documents, (const char *const *)form->paths, form->count, err);

	job->documents = &w->documents;
	share_mail_settings(&job->mail, &w->settings);
	if (rc == BE_OK &&
		!(own(w, &job->folder.dir) && own(w, &job->mail.to) && own(w, &job->mail.subject) &&
			own(w, &job->mail.message) && own(w, &job->server.url) && own(w, &job->server.identity)))
		rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (rc != BE_OK || form->password == NULL || secret_len(form->password) == 0)
		return rc;
	rc = secret_new(&w->password, secret_len(form->password), err);
	if (rc == BE_OK)
		rc = secret_add(w->password, secret_bytes(form->password), secret_len(form->password), err);
	job->mail.password = w->password;
	job->server.password = w->password;
	return rc;
}

void share_form_start(struct share_form *form, struct ui *ui, const struct share_job *job)
{
	struct ui_job start = { .title = N_("Sharing, in per cent"), .run = run, .done = done, .free = work_free };
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));

	if (w != NULL) {
		w->engine = desk_of(ui)->engine;
		w->settings = desk_of(ui)->settings;
		w->job = *job;
	}
	if (w == NULL || fill(w, form, &err) != BE_OK) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	start.work = w;
	ui_start(ui, &start);
}
