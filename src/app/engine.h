/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_ENGINE_H
#define APP_ENGINE_H

/*
 * What screens ask for, as one table: behind them stands the real engine, or in a test one with a fixed clock and
 * answers of its own. The functions may take long and are for a worker thread; one at a time.
 */

#include "app/account_calls.h"
#include "app/batch.h"
#include "app/browse.h"
#include "app/doctor.h"
#include "app/journal.h"
#include "app/key_prove.h"
#include "app/outputs.h"
#include "app/page.h"
#include "app/place.h"
#include "app/qr_follow.h"
#include "app/qr_read.h"
#include "app/share.h"
#include "app/trust.h"
#include "app/unlock.h"
#include "app/visual.h"
#include "sign/look.h"
#include "verify/verify.h"

struct engine_sign_job {
	const char *key_file;            /* PKCS#12; NULL with a credential */
	const char *credential;          /* id of a certificate whose key stays at the service; NULL with a key file */
	struct account *account;         /* with credential: where that is, signed in; borrowed */
	const struct secret *passphrase; /* borrowed during the call */
	const struct sign_options *options;   /* time: now() of the table */
	struct outputs *outputs;              /* get their results */
	const struct sign_look *look;         /* what is seen; NULL: nothing */
	const struct place *place;            /* where; with look */
	struct batch *batch;                  /* the rest of this one, which outputs are of; NULL: a new one */
	bool unrecorded;                      /* for practice: neither a record nor the journal */
	const struct sign_progress *progress; /* may be NULL; its cancel flag may be set from any thread */
};

struct app_engine {
	int64_t (*now)(void);
	/* Waits so long, or until it is cancelled: between two questions. */
	void (*pause)(unsigned milliseconds, const atomic_bool *cancel);
	/* Before a passphrase is typed: as process_guard_secrets. */
	void (*guard)(void);

	/* Opens the key file, says what its certificate is, and forgets the key. */
	enum be_err (*key_describe)(
		struct key_facts *out, const char *key_file, const struct secret *passphrase, struct be_error *err);
	/* Opens the key file and signs, and forgets the key. who (which may be NULL) is filled as soon as the key is
	 * open. BE_OK: every document has its own result; otherwise nothing was signed. That a key at the service was
	 * refused (BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED …) is such an error too. */
	enum be_err (*sign)(struct key_facts *who, const struct engine_sign_job *job, struct be_error *err);

	/* Against what the user accepted, now. Errors as verify_file, and as trust_load. */
	enum be_err (*verify)(
		struct verify_report *out, const char *path, enum verify_revocation revocation, struct be_error *err);

	/* As trust_list_read, trust_offer_find, trust_offer_accept, trust_add,
	 * trust_remove. */
	enum be_err (*trust_list)(struct trust_list *out, struct be_error *err);
	enum be_err (*trust_offers)(struct trust_list *out, const char *path, struct be_error *err);
	enum be_err (*trust_accept)(const struct trust_entry *entry, struct be_error *err);
	enum be_err (*trust_describe)(struct trust_entry *out, const char *file, struct be_error *err);
	enum be_err (*trust_add)(struct trust_entry *out, const char *file, struct be_error *err);
	enum be_err (*trust_remove)(const struct trust_entry *entry, struct be_error *err);

	/* As page_source_open, page_source_close, page_picture_draw, page_find. */
	enum be_err (*page_open)(struct page_source **out, const char *path, struct be_error *err);
	void (*page_close)(struct page_source **source);
	enum be_err (*page_draw)(struct page_picture *out, struct page_source *source, uint32_t number, uint32_t cols,
		uint32_t rows, enum render_mode mode, struct be_error *err);
	enum be_err (*page_find)(uint32_t *number, struct render_rect *at, struct page_source *source, uint32_t from,
		const char *text, struct be_error *err);

	/* As place_compare. */
	enum be_err (*place_compare)(struct place_others *out, char *const *documents, size_t count,
		const struct place *place, const atomic_bool *cancel, struct be_error *err);

	/* As the functions of these names in app/visual.h. */
	enum be_err (*visual_read)(struct visual *out, struct be_error *err);
	enum be_err (*visual_write)(const struct visual *visual, struct be_error *err);
	enum be_err (*visual_pictures)(struct visual_pictures *out, struct be_error *err);
	enum be_err (*visual_add)(struct visual_picture *out, const char *path, struct be_error *err);
	enum be_err (*visual_remove)(const char *name, struct be_error *err);
	enum be_err (*visual_use)(const char *name, struct be_error *err);
	enum be_err (*visual_preview)(struct render_cells *out, const struct visual_wish *wish,
		const atomic_bool *cancel, struct be_error *err);

	/* The account service; one call at a time for one struct account. */
	const struct account_calls *account;
	/* As journal_read and journal_check; batch_list_read; batch_take with batch_settle; batch_forget. */
	enum be_err (*journal)(struct journal *out, struct be_error *err);
	enum be_err (*journal_check)(enum journal_file *out, const struct journal_entry *entry,
		const atomic_bool *cancel, struct be_error *err);
	enum be_err (*batches)(struct batch_list *out, struct be_error *err);
	enum be_err (*batch_take)(struct batch **out, const char *id, const atomic_bool *cancel, struct be_error *err);
	enum be_err (*batch_forget)(const char *id, struct be_error *err);
	/* As key_prove. */
	enum be_err (*key_prove)(struct key_facts *out, const struct unlock_target *target, struct account *account,
		const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err);
	/* As unlock_ways, unlock_chosen and unlock_own_… in app/unlock.h. */
	enum be_err (*unlock_ways)(struct unlock_ways *out, const struct unlock_target *target, struct be_error *err);
	enum be_err (*unlock_chosen)(enum unlock_way *out, const struct unlock_target *target, struct be_error *err);
	enum be_err (*unlock_enrol)(const struct unlock_target *target, enum unlock_way way, const char *key,
		const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err);
	enum be_err (*unlock_release)(struct secret **out, const struct unlock_target *target, enum unlock_way way,
		const atomic_bool *cancel, struct be_error *err);
	enum be_err (*unlock_remove)(const struct unlock_target *target, enum unlock_way way, struct be_error *err);
	enum be_err (*unlock_use)(const struct unlock_target *target, enum unlock_way way, struct be_error *err);
	/* As share_run. */
	enum be_err (*share)(const struct share_job *job, struct be_error *err);
	/* As qr_read_file, frames_no_camera, qr_read_camera, qr_follow, qr_save. */
	enum be_err (*qr_read)(
		struct qr_codes *out, const char *path, const struct qr_read_wish *wish, struct be_error *err);
	const char *(*qr_no_camera)(void);
	enum be_err (*qr_camera)(struct qr_codes *out, const struct qr_read_wish *wish, struct be_error *err);
	enum be_err (*qr_follow)(
		struct qr_found *out, const char *url, const struct qr_follow_wish *wish, struct be_error *err);
	enum be_err (*qr_save)(const char *document, const char *target, struct be_error *err);

	/* As browse_read, browse_is and doctor_look: what the computer has. */
	enum be_err (*browse)(
		struct browse *out, const char *dir, const struct browse_wish *wish, struct be_error *err);
	enum be_err (*browse_is)(enum browse_kind *out, const char *path, struct be_error *err);
	void (*doctor)(struct doctor_facts *out);
};

extern const struct app_engine app_engine_real;

#endif
