/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/frames.h"

#include "base/file.h"
#include "render/render.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

struct files {
	const char *const *paths;
	size_t count, at;
};

static enum be_err next_file(
	struct frame_source *self, struct buffer *out, const atomic_bool *cancel, struct be_error *err)
{
	struct files *files = self->own;

	buffer_reset(out);
	if (cancel != NULL && atomic_load(cancel))
		return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
	if (files->at == files->count)
		return be_fail(err, BE_NOT_FOUND, N_("No more pictures come"), NULL);
	return file_read_all(out, files->paths[files->at++], RENDER_IMAGE_MAX, err);
}

static void close_files(struct frame_source *self)
{
	free(self->own);
}

enum be_err frames_of_files(struct frame_source *out, const char *const *paths, size_t count, struct be_error *err)
{
	struct files *files = calloc(1, sizeof(*files));

	*out = (struct frame_source){ NULL, NULL, NULL };
	if (files == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	*files = (struct files){ paths, count, 0 };
	*out = (struct frame_source){ next_file, close_files, files };
	return BE_OK;
}

/* ---- the camera ---- */

static bool has_video_device(void)
{
	DIR *dir = opendir("/dev");
	const struct dirent *entry;
	bool found = false;

	while (dir != NULL && !found && (entry = readdir(dir)) != NULL)
		found = strncmp(entry->d_name, "video", 5) == 0;
	if (dir != NULL)
		(void)closedir(dir);
	return found;
}

const char *frames_no_camera(void)
{
	return has_video_device()
		? N_("this version does not use cameras; take a picture with another program and choose its file")
		: N_("this computer has no camera; choose a picture or a document");
}

enum be_err frames_of_camera(struct frame_source *out, struct be_error *err)
{
	*out = (struct frame_source){ NULL, NULL, NULL };
	return be_fail(err, BE_UNSUPPORTED, frames_no_camera(), NULL);
}

void frames_close(struct frame_source *source)
{
	if (source->close != NULL)
		source->close(source);
	*source = (struct frame_source){ NULL, NULL, NULL };
}
