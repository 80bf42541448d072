/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/core.h"

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
