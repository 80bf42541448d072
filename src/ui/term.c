/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Beyond ncurses' own, for the sequences it does not name. */
#define KEY_PASTE_BEGIN (KEY_MAX + 1)
#define KEY_PASTE_END (KEY_MAX + 2)

#define ESCAPE_DELAY_MS 50
#define CLIPBOARD_MAX 4096u

enum pair { PAIR_NONE, PAIR_GREEN, PAIR_RED, PAIR_YELLOW, PAIR_CYAN };

static struct {
	SCREEN *screen;
	FILE *out;
	bool pastes;    /* bracketed paste may be switched on */
	bool clipboard; /* OSC 52 may be tried */
	bool alternate; /* there is a screen to go back to */
} term;

static const struct {
	attr_t mono;
	attr_t attributes;
	short pair;
} looks[CANVAS_STYLES] = {
	[CANVAS_PLAIN] = { A_NORMAL, A_NORMAL, PAIR_NONE },
	[CANVAS_TITLE] = { A_BOLD, A_BOLD, PAIR_NONE },
	[CANVAS_RULE] = { A_NORMAL, A_NORMAL, PAIR_NONE },
	[CANVAS_FAINT] = { A_NORMAL, A_DIM, PAIR_NONE },
	[CANVAS_GOOD] = { A_BOLD, A_BOLD, PAIR_GREEN },
	[CANVAS_BAD] = { A_REVERSE, A_BOLD, PAIR_RED },
	[CANVAS_UNSURE] = { A_UNDERLINE, A_BOLD, PAIR_YELLOW },
	[CANVAS_KEY] = { A_BOLD, A_NORMAL, PAIR_CYAN },
	[CANVAS_MARKER] = { A_BOLD, A_BOLD, PAIR_CYAN },
	[CANVAS_PICTURE] = { A_NORMAL, A_NORMAL, PAIR_NONE },
	[CANVAS_MARKED] = { A_REVERSE, A_REVERSE, PAIR_NONE },
};

/* ---- which terminal ---- */

bool ui_terminal_will_do(void)
{
	const char *name = getenv("TERM");

	return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && name != NULL && name[0] != '\0' &&
		strcmp(name, "dumb") != 0;
}

/* What names of terminals that the system does not know begin with or have in them, when they speak as xterm does. */
static bool speaks_xterm(const char *name)
{
	static const char *const known[] = { "xterm", "kitty", "ghostty", "foot", "alacritty", "wezterm", "tmux",
		"screen", "putty", "ms-terminal", "contour", "rio", "vte", "gnome", "konsole", "iterm", "st-", "rxvt" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(name, known[i]) != NULL)
			return true;
	return false;
}

static void say_taken_for(struct ui *ui, const char *name, const char *taken)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put(&text, N_("Unknown terminal"));
	buffer_add_str(&text.utf8, " ");
	ui_put_foreign(&text, name);
	buffer_add_str(&text.utf8, "; ");
	ui_put(&text, N_("taken for"));
	buffer_printf(&text.utf8, " %s", taken);
	ui_say_text(ui, UI_UNSURE, &text);
	buffer_free(&text.utf8);
}

static SCREEN *open_screen(struct ui *ui, const char *name, FILE *out, FILE *in)
{
	const char *taken;
	SCREEN *screen = newterm(name, out, in);

	if (screen != NULL)
		return screen;
	taken = speaks_xterm(name) ? "xterm-256color" : "vt100";
	screen = newterm(taken, out, in);
	if (screen == NULL) {
		taken = "vt100";
		screen = newterm(taken, out, in);
	}
	if (screen != NULL)
		say_taken_for(ui, name, taken);
	return screen;
}

/* A server without the person's locale can still count characters: C.UTF-8 is in the C library itself. */
void term_choose_locale(struct ui *ui)
{
	if (setlocale(LC_ALL, "") == NULL)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_NUMERIC, "C");
	ui->terminal_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void choose_colours(struct ui *ui)
{
	const char *no = getenv("NO_COLOR");

	ui->no_colour = no != NULL && no[0] != '\0';
	ui->terminal_colour = has_colors() && start_color() == OK && use_default_colors() == OK;
	ui->terminal_colours = ui->terminal_colour ? COLORS : 0;
	if (!ui->terminal_colour)
		return;
	(void)init_pair(PAIR_GREEN, COLOR_GREEN, -1);
	(void)init_pair(PAIR_RED, COLOR_RED, -1);
	(void)init_pair(PAIR_YELLOW, COLOR_YELLOW, -1);
	(void)init_pair(PAIR_CYAN, COLOR_CYAN, -1);
}

/* ---- open and close ---- */

/* Bytes that ncurses knows nothing of. All that it has to say itself is out before. */
static void send(const char *bytes, size_t len)
{
	(void)fflush(term.out);
	while (len > 0) {
		const ssize_t n = write(fileno(term.out), bytes, len);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void send_str(const char *text)
{
	send(text, strlen(text));
}

/* What Windows' PuTTY and others send whatever their TERM says. */
static void define_keys(void)
{
	static const struct {
		const char *sequence;
		int key;
	} keys[] = {
		{ "\033[200~", KEY_PASTE_BEGIN },
		{ "\033[201~", KEY_PASTE_END },
		{ "\033[11~", KEY_F(1) },
		{ "\033[21~", KEY_F(10) },
		{ "\033[A", KEY_UP },
		{ "\033[B", KEY_DOWN },
		{ "\033[C", KEY_RIGHT },
		{ "\033[D", KEY_LEFT },
		{ "\033[H", KEY_HOME },
		{ "\033[F", KEY_END },
		{ "\033[1~", KEY_HOME },
		{ "\033[4~", KEY_END },
		{ "\033[5~", KEY_PPAGE },
		{ "\033[6~", KEY_NPAGE },
		{ "\033[3~", KEY_DC },
		{ "\033[Z", KEY_BTAB },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)define_key(keys[i].sequence, keys[i].key);
}

static bool is_there(const char *capability)
{
	return capability != NULL && capability != (const char *)-1;
}

enum be_err term_open(struct ui *ui, struct be_error *err)
{
	const char *name = getenv("TERM");

	term_choose_locale(ui);
	return term_open_at(ui, name != NULL ? name : "", stdout, stdin, err);
}

enum be_err term_open_at(struct ui *ui, const char *name, FILE *out, FILE *in, struct be_error *err)
{
	term.out = out;
	term.screen = open_screen(ui, name, out, in);
	if (term.screen == NULL)
		return be_fail(err, BE_UNSUPPORTED, N_("The terminal cannot be used for screens"), "%s", name);
	/* Control keys arrive as keys: one that is pasted must not end or stop the program. */
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)meta(stdscr, TRUE);
	if (getenv("ESCDELAY") == NULL)
		(void)set_escdelay(ESCAPE_DELAY_MS);
	define_keys();
	choose_colours(ui);
	/* A terminal without another screen is an old one, and would show what it does not understand. */
	term.alternate = is_there(tigetstr("smcup"));
	term.pastes = term.alternate;
	term.clipboard = term.alternate;
	ui->frugal = !term.alternate;
	getmaxyx(stdscr, ui->rows, ui->columns);
	ui_set_look(ui, ui->colour_wish, ui->characters_wish);
	if (term.pastes)
		send_str("\033[?2004h");
	return BE_OK;
}

void term_leave(void)
{
	if (term.pastes)
		send_str("\033[?2004l");
	(void)endwin();
	if (!term.alternate)
		send_str("\n");
	(void)fflush(term.out);
}

void term_close(void)
{
	if (term.screen == NULL)
		return;
	term_leave();
	delscreen(term.screen);
	term.screen = NULL;
}

void term_return(struct ui *ui)
{
	(void)reset_prog_mode();
	if (term.pastes)
		send_str("\033[?2004h");
	term_resized(ui);
	term_redraw();
}

void term_redraw(void)
{
	(void)clearok(curscr, TRUE);
}

void term_resized(struct ui *ui)
{
	struct winsize size;

	if (ioctl(fileno(term.out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
		is_term_resized(size.ws_row, size.ws_col))
		(void)resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, ui->rows, ui->columns);
}

/* ---- showing ---- */

static void show_cell(const struct ui *ui, int row, int column)
{
	const struct canvas_cell *cell = &ui->canvas.cells[(size_t)row * (size_t)ui->canvas.columns + (size_t)column];
	wchar_t text[CANVAS_CHARS + 1] = { 0 };
	const bool colour = ui->colour;
	cchar_t shown;
	int pair;

	if (cell->chars[0] == 0)
		return;
	for (size_t i = 0; i < CANVAS_CHARS; i++)
		text[i] = (wchar_t)cell->chars[i];
	pair = colour ? looks[cell->style].pair : PAIR_NONE;
	/* A page has as many pairs as it has colours side by side: ncurses keeps those that were used last. */
	if (colour && (cell->style == CANVAS_PICTURE || cell->style == CANVAS_MARKED) &&
		(cell->fg >= 0 || cell->bg >= 0))
		pair = alloc_pair(cell->fg, cell->bg);
	if (setcchar(&shown, text, colour ? looks[cell->style].attributes : looks[cell->style].mono, 0, &pair) == OK)
		(void)mvadd_wch(row, column, &shown);
}

/* base64 (RFC 4648, 4), as OSC 52 wants it. */
static void send_clipboard(struct ui *ui)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const struct buffer *text = &ui->clipboard.utf8;
	struct buffer out = BUFFER_EMPTY;

	buffer_add_str(&out, "\033]52;c;");
	for (size_t i = 0; i < text->len; i += 3) {
		const size_t left = text->len - i;
		const unsigned a = text->data[i];
		const unsigned b = left > 1 ? text->data[i + 1] : 0;
		const unsigned c = left > 2 ? text->data[i + 2] : 0;

		buffer_add_byte(&out, (uint8_t)digits[a >> 2]);
		buffer_add_byte(&out, (uint8_t)digits[(a & 3u) << 4 | b >> 4]);
		buffer_add_byte(&out, left > 1 ? (uint8_t)digits[(b & 15u) << 2 | c >> 6] : '=');
		buffer_add_byte(&out, left > 2 ? (uint8_t)digits[c & 63u] : '=');
	}
	buffer_add_str(&out, "\a");
	if (!out.failed && text->len <= CLIPBOARD_MAX && term.clipboard)
		send((const char *)out.data, out.len);
	buffer_free(&out);
	buffer_reset(&ui->clipboard.utf8);
}

void term_show(struct ui *ui)
{
	const struct canvas *canvas = &ui->canvas;

	(void)erase();
	for (int row = 0; row < canvas->rows; row++)
		for (int column = 0; column < canvas->columns; column++)
			show_cell(ui, row, column);
	(void)move(canvas->cursor_row, canvas->cursor_column);
	(void)refresh();
	if (ui->clipboard.utf8.len > 0)
		send_clipboard(ui);
}

/* ---- keys ---- */

static uint32_t function_key(wint_t code)
{
	static const struct {
		int code;
		uint32_t key;
	} keys[] = {
		{ KEY_UP, UI_KEY_UP },
		{ KEY_DOWN, UI_KEY_DOWN },
		{ KEY_LEFT, UI_KEY_LEFT },
		{ KEY_RIGHT, UI_KEY_RIGHT },
		{ KEY_HOME, UI_KEY_HOME },
		{ KEY_END, UI_KEY_END },
		{ KEY_PPAGE, UI_KEY_PAGE_UP },
		{ KEY_NPAGE, UI_KEY_PAGE_DOWN },
		{ KEY_BTAB, UI_KEY_BACK_TAB },
		/* With shift an arrow is the capital letter of its direction. */
		{ KEY_SLEFT, 'H' },
		{ KEY_SRIGHT, 'L' },
		{ KEY_SR, 'K' },
		{ KEY_SF, 'J' },
		{ KEY_BACKSPACE, UI_KEY_BACKSPACE },
		{ KEY_DC, UI_KEY_DELETE },
		{ KEY_ENTER, UI_KEY_ENTER },
		{ KEY_F(1), UI_KEY_HELP },
		{ KEY_F(10), UI_KEY_QUIT },
		{ KEY_PASTE_BEGIN, UI_KEY_PASTE_BEGIN },
		{ KEY_PASTE_END, UI_KEY_PASTE_END },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((wint_t)keys[i].code == code)
			return keys[i].key;
	return UI_KEY_NOTHING;
}

#define CONTROL(letter) ((letter)&0x1F)

static uint32_t control_key(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t key;
	} keys[] = {
		{ '\r', UI_KEY_ENTER },
		{ '\n', UI_KEY_ENTER },
		{ '\t', UI_KEY_TAB },
		{ 0x1B, UI_KEY_ESCAPE },
		{ 0x7F, UI_KEY_BACKSPACE },
		{ CONTROL('H'), UI_KEY_BACKSPACE },
		{ CONTROL('C'), UI_KEY_INTERRUPT },
		{ CONTROL('G'), UI_KEY_HELP },
		{ CONTROL('U'), UI_KEY_KILL_LINE },
		{ CONTROL('W'), UI_KEY_KILL_WORD },
		{ CONTROL('A'), UI_KEY_HOME },
		{ CONTROL('E'), UI_KEY_END },
		{ CONTROL('P'), UI_KEY_UP },
		{ CONTROL('N'), UI_KEY_DOWN },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == code)
			return keys[i].key;
	return code < 0x20 ? UI_KEY_NOTHING : (uint32_t)code;
}

bool term_key(const struct ui *ui, uint32_t *key, bool *suspend)
{
	wint_t code = 0;
	const int kind = get_wch(&code);

	*suspend = false;
	if (kind == ERR)
		return false;
	*key = kind == KEY_CODE_YES ? function_key(code) : control_key(code);
	if (kind == OK && !ui->pasting && code == CONTROL('L')) {
		term_redraw();
	} else if (kind == OK && !ui->pasting && code == CONTROL('Z')) {
		*suspend = true;
	}
	code = 0;
	return true;
}

/* Its queue is a ring of 137 (curses.priv.h, FIFO_SIZE, since 1995) that nothing else can reach; pushing more than fits
 * would break it. */
void term_forget_keys(void)
{
	static const int all = 136;
	wint_t code = 0;

	for (int i = 0; i < all; i++)
		(void)ungetch(' ');
	for (int i = 0; i < all; i++)
		(void)get_wch(&code);
}
