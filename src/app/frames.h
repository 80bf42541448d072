/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_FRAMES_H
#define APP_FRAMES_H

/*
 * Where pictures come from that a code is looked for in: one after another, until one has it. A camera would be such a
 * source; files are one. A picture is a PNG or JPEG file as it lies on a disk, which is also what cameras give (MJPEG):
 * nothing of it is decoded here.
 */

#include "base/buffer.h"

#include <stdatomic.h>

struct frame_source {
	/* Puts the next picture in place of what the buffer had. BE_NOT_FOUND when no more come; BE_CANCELLED. */
	enum be_err (*next)(
		struct frame_source *self, struct buffer *out, const atomic_bool *cancel, struct be_error *err);
	void (*close)(struct frame_source *self);
	void *own;
};

/* Files in their order; the paths are borrowed until it is closed. BE_NO_MEMORY. */
enum be_err frames_of_files(struct frame_source *out, const char *const *paths, size_t count, struct be_error *err);

/* The computer's camera. BE_UNSUPPORTED, and the sentence says why: this version knows no kind of camera. */
enum be_err frames_of_camera(struct frame_source *out, struct be_error *err);
/* Why there is none, for a screen (msgid); NULL when there is one. */
const char *frames_no_camera(void);

void frames_close(struct frame_source *source);

#endif
