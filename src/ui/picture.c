/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The screens without anybody at them: keys in, text out. */

#include "ui/core.h"

#include "base/utf8.h"

#include <string.h>

void ui_feed(struct ui *ui, const char *utf8)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t left = strlen(utf8);

	while (left > 0) {
		uint32_t key;
		const size_t taken = utf8_decode(at, left, &key);

		ui_paint(ui);
		ui_key(ui, key == '\n' ? UI_KEY_ENTER : key == '\t' ? UI_KEY_TAB : key);
		at += taken;
		left -= taken;
	}
}

enum be_err ui_picture(struct ui *ui, int rows, int columns, struct buffer *out)
{
	ui->rows = rows;
	ui->columns = columns;
	ui_paint(ui);
	for (int row = 0; row < ui->canvas.rows; row++) {
		canvas_row_text(&ui->canvas, row, out);
		buffer_add_byte(out, '\n');
	}
	return buffer_check(out, NULL);
}
