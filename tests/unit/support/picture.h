/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_PICTURE_H
#define SUPPORT_PICTURE_H

/*
 * Grey pictures with QR codes on them, as a printer, a scanner and a photographer would leave them. Everything in here
 * ends the program when it cannot do what it is asked.
 */

#include "base/buffer.h"

struct picture {
	int width, height;
	uint8_t *octets; /* 0 is black; owned */
};

void picture_new(struct picture *out, int width, int height, uint8_t paper);
void picture_free(struct picture *picture);

/* A code with modules of so many pixels, its quiet zone kept free, with the quiet zone's corner at x, y. Returns the
 * side of all that. */
int picture_add_code(struct picture *picture, const char *text, int x, int y, int module);

/* Corners of the new picture, x and y of the top left, the top right, the bottom right, the bottom left one: where those
 * of the old one come to lie. */
void picture_warp(struct picture *picture, int width, int height, const double corners[8]);
/* Around its middle, by degrees; it grows so that nothing is lost. */
void picture_turn(struct picture *picture, double degrees);
/* Grain of that strength, light that falls off to one side, and a blur: always the same ones. */
void picture_spoil(struct picture *picture, int grain, int shade, int blur);

/* Added to out. */
void picture_png(struct buffer *out, const struct picture *picture);
/* The header of a picture of that size and nothing in it but the same octet, packed. */
void picture_bomb(struct buffer *out, uint32_t width, uint32_t height);
/* A PDF document, one page of width x height points for each picture, which fills it. */
void picture_pdf(struct buffer *out, const struct picture *pictures, size_t count, int width, int height);

#endif
