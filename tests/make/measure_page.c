/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What looking at a page costs: milliseconds until the helper has opened the document, until its first page is there in
 * the cells of an 80x24 window, and for drawing it again; and the resident memory of this process, which sees cells only.
 *
 *   measure_page DOCUMENT
 */

#include "app/page.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	struct page_source *source = NULL;
	struct page_picture picture;
	struct be_error err = { .code = BE_OK };
	struct rusage usage;
	double opened, first, again;
	const double begin = now();

	if (argc != 2 || page_source_open(&source, argv[1], &err) != BE_OK) {
		(void)fprintf(stderr, "measure_page: %s %s\n", err.msgid != NULL ? err.msgid : "DOCUMENT", err.detail);
		return 2;
	}
	opened = now();
	if (page_picture_draw(&picture, source, 1, 78, 20, RENDER_256, &err) != BE_OK)
		return 2;
	first = now();
	page_picture_free(&picture);
	if (page_picture_draw(&picture, source, 1, 78, 20, RENDER_256, &err) != BE_OK)
		return 2;
	again = now();
	page_picture_free(&picture);
	page_source_close(&source);
	(void)getrusage(RUSAGE_SELF, &usage);
	(void)printf("%.2f %.2f %.2f %ld\n", opened - begin, first - opened, again - first, usage.ru_maxrss);
	return 0;
}
