/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_H
#define APP_H

/*
 * The room app as a screen sees it: what commands and screens share, and nothing of a terminal.
 */

#include "app/account_calls.h"
#include "app/batch.h"
#include "app/browse.h"
#include "app/cert_state.h"
#include "app/check.h"
#include "app/desk.h"
#include "app/doctor.h"
#include "app/engine.h"
#include "app/enrolment.h"
#include "app/journal.h"
#include "app/journal_text.h"
#include "app/outputs.h"
#include "app/page.h"
#include "app/page_job.h"
#include "app/paths.h"
#include "app/place.h"
#include "app/qr_content.h"
#include "app/qr_follow.h"
#include "app/qr_links.h"
#include "app/qr_read.h"
#include "app/service.h"
#include "app/settings.h"
#include "app/share.h"
#include "app/state.h"
#include "app/trust.h"
#include "app/trust_offer.h"
#include "app/unlock.h"
#include "app/verify_text.h"
#include "app/visual.h"
#include "app/walk.h"

#endif
