/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HELPER_RENDER_SCAN_H
#define HELPER_RENDER_SCAN_H

/*
 * The few lines of C++ that stand between us and zxing-cpp, as C sees them. Where make did not find that library,
 * render_scan.cpp is not built and BESIGN_SCAN is not defined.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one code says: its octets, and what the library takes them for (UTF-8, not to be relied on). The corners are x and
 * y of four points, in pixels. All of it is borrowed for the call. */
struct render_scanned {
	const uint8_t *octets;
	size_t octets_len;
	const char *text;
	size_t text_len;
	int encoded; /* the code itself names the encoding of its octets */
	int corners[8];
};

/* Told of every QR code in a picture of width x height octets, 0 is black. Returns 0, or something else when the library
 * gave up, for want of memory say; no exception leaves it. */
int render_scan(const uint8_t *grey, int width, int height, void (*found)(void *arg, const struct render_scanned *code),
	void *arg);

#ifdef __cplusplus
}
#endif

#endif
