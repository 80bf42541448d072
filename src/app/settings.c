/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/settings.h"

#include "app/data.h"
#include "base/i18n.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX 262144u

#define AT(member) offsetof(struct settings, member)
#define ARRAY(member) offsetof(struct settings, member), sizeof(((struct settings *)NULL)->member)
/* clang-format off */
static const struct settings_spec table[] = {
	{ "language", SETTINGS_CHOICE, "auto|id|en", AT(language), 0, "auto", N_("Language"),
		N_("Language of the program: auto (as the system says), id (Indonesian) or en (English).") },
	{ "colour", SETTINGS_CHOICE, "auto|always|never", AT(colour), 0, "auto", N_("Colour"),
		N_("Colour: auto (where the terminal has it and NO_COLOR is not set), always or never.") },
	{ "characters", SETTINGS_CHOICE, "auto|ascii", AT(characters), 0, "auto", N_("Characters"),
		N_("Lines and marks: auto (as the terminal can) or ascii (plain letters and signs only).") },
	{ "output-directory", SETTINGS_PATH, NULL, ARRAY(output_directory), "", N_("Directory for signed documents"),
		N_("Where signed documents go: a directory that begins with / or ~/; empty: beside the document.") },
	{ "reason", SETTINGS_TEXT, NULL, ARRAY(reason), "", N_("Reason"),
		N_("Reason that is offered when you sign; empty: none.") },
	{ "location", SETTINGS_TEXT, NULL, ARRAY(location), "", N_("Place"),
		N_("Place that is offered when you sign; empty: none.") },
	{ "mail-from", SETTINGS_TEXT, NULL, ARRAY(mail_from), "", N_("Your mail address"),
		N_("Your mail address, which signed documents are sent from.") },
	{ "mail-server", SETTINGS_TEXT, NULL, ARRAY(mail_server), "", N_("Mail server"),
		N_("Mail server that sends them: HOST or HOST:PORT; empty: the sendmail program of this computer.") },
	{ "mail-security", SETTINGS_CHOICE, "starttls|tls|none", AT(mail_security), 0, "starttls", N_("Mail security"),
		N_("How the mail server is spoken to: starttls (usual, port 587), tls (port 465) "
		   "or none (only a server on this computer).") },
	{ "mail-user", SETTINGS_TEXT, NULL, ARRAY(mail_user), "", N_("Mail user"),
		N_("User name at the mail server; empty: it asks for none. The password is asked for each time and never kept.") },
	{ "mail-authorities", SETTINGS_PATH, NULL, ARRAY(mail_authorities), "", N_("Mail authorities"),
		N_("File with the authorities (PEM) that the mail server's certificate leads to; empty: those of the system.") },
	{ "sendmail", SETTINGS_PATH, NULL, ARRAY(sendmail), "", N_("Sendmail program"),
		N_("The sendmail program, by its full name; empty: /usr/sbin/sendmail or /usr/lib/sendmail.") },
	{ "revocation", SETTINGS_CHOICE, "require|soft|none", AT(revocation), 0, "require", N_("Revocation"),
		N_("When it is not known whether a certificate was revoked: require (the signature is not certain), "
		   "soft (a note says so) or none (it is not looked at).") },
	{ "service", SETTINGS_TEXT, NULL, ARRAY(service), "", N_("Account service"),
		N_("Where your account is: embedded (on this computer) or the address of a server, such as "
		   "https://sign.example.id; empty: not chosen yet.") },
	{ "service-ca", SETTINGS_PATH, NULL, ARRAY(service_ca), "", N_("Authority of the service"),
		N_("A PEM file with the authority of that server's certificate; empty: those of this computer.") },
	{ "service-plain-http", SETTINGS_CHOICE, "no|yes", AT(service_plain), 0, "no", N_("Plain HTTP"),
		N_("yes: the server may be reached without TLS, and whoever is in between reads passwords; no: never.") },
};
/* clang-format on */
#define COUNT (sizeof(table) / sizeof(table[0]))

static const char twice[] = N_("A setting is set twice, and only the first one counts; remove the line");

const struct settings_spec *settings_table(size_t *count)
{
	*count = COUNT;
	return table;
}

static const struct settings_spec *find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

/* ---- one value ---- */

/* The word of that number; NULL when there are fewer. */
static const char *word_at(const char *words, int number, size_t *len)
{
	for (int i = 0; words != NULL; i++) {
		*len = strcspn(words, "|");
		if (i == number)
			return words;
		words = words[*len] == '|' ? words + *len + 1 : NULL;
	}
	return NULL;
}

const char *settings_value(const struct settings *settings, const struct settings_spec *spec, size_t *len)
{
	const char *at = (const char *)settings + spec->at;
	int number;

	if (spec->kind != SETTINGS_CHOICE) {
		*len = strnlen(at, spec->size);
		return at;
	}
	memcpy(&number, at, sizeof(number));
	return word_at(spec->words, number, len);
}

static bool take_choice(struct settings *out, const struct settings_spec *spec, const char *value, size_t len)
{
	const char *word = NULL;
	size_t word_len;

	for (int i = 0; (word = word_at(spec->words, i, &word_len)) != NULL; i++) {
		if (word_len == len && memcmp(word, value, len) == 0) {
			memcpy((char *)out + spec->at, &i, sizeof(i));
			return true;
		}
	}
	return false;
}

/* A document gets this text: no more than a line of letters. */
static bool is_line(const char *value, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)value + at, len - at, &c);
		if (c == UTF8_BAD || c < 0x20 || (c >= 0x7F && c < 0xA0))
			return false;
	}
	return true;
}

static bool is_place(const char *value, size_t len)
{
	return len == 0 || value[0] == '/' || strcmp(value, "~") == 0 || strncmp(value, "~/", 2) == 0;
}

/* NULL when the value was taken, else why not (msgid). */
static const char *take(struct settings *out, const struct settings_spec *spec, const char *value, size_t len)
{
	if (spec->kind == SETTINGS_CHOICE)
		return take_choice(out, spec, value, len)
			? NULL
			: N_("A setting has a value that it cannot have; write one of the words that are named here");
	if (len >= spec->size)
		return N_("The value of a setting is too long; shorten it");
	if (spec->kind == SETTINGS_TEXT && !is_line(value, len))
		return N_("The value of a setting is not one line of text in UTF-8; mend it");
	if (spec->kind == SETTINGS_PATH && !is_place(value, len))
		return N_("A file or directory in the settings has to begin with / or ~/");
	memcpy((char *)out + spec->at, value, len);
	((char *)out)[spec->at + len] = '\0';
	return NULL;
}

void settings_default(struct settings *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < COUNT; i++)
		(void)take(out, &table[i], table[i].preset, strlen(table[i].preset));
}

/* ---- reading ---- */

/* What is wrong with a line (msgid); NULL for one that is understood or none of ours. seen: by setting. */
static const char *judge(
	struct settings *out, const struct config_line *line, const struct settings_spec *spec, bool seen[static COUNT])
{
	const char *wrong = NULL;

	if (line->kind == CONFIG_BROKEN)
		return N_("A line is not of the form \"name = value\"; mend it, or put # before it");
	if (spec == NULL)
		return NULL;
	if (seen[spec - table])
		return twice;
	wrong = take(out, spec, (const char *)line->value.data, line->value.len);
	seen[spec - table] = wrong == NULL;
	return wrong;
}

static void say_wrong(struct be_error *err, const char *msgid, const struct config_line *line,
	const struct settings_spec *spec, const char *path)
{
	if (spec != NULL && spec->words != NULL && msgid != twice)
		(void)be_fail(
			err, BE_MALFORMED, msgid, "line %zu: %s = %s; %s", line->number, spec->name, spec->words, path);
	else
		(void)be_fail(err, BE_MALFORMED, msgid, "line %zu of %s", line->number, path);
}

static const struct settings_spec *spec_of(const struct config_line *line)
{
	return line->kind == CONFIG_SETTING ? find(line->name) : NULL;
}

/* The first thing that is wrong is the one that is told. */
static enum be_err read_text(void *out, const struct buffer *text, const char *path, struct be_error *err)
{
	struct config_line line = CONFIG_START;
	bool seen[COUNT] = { false };
	enum be_err rc = BE_OK;

	while (config_next(&line, text)) {
		const struct settings_spec *spec = spec_of(&line);
		const char *wrong = NULL;

		if (line.value.failed) {
			rc = buffer_check(&line.value, err);
			break;
		}
		wrong = judge(out, &line, spec, seen);
		if (wrong != NULL && rc == BE_OK) {
			rc = BE_MALFORMED;
			say_wrong(err, wrong, &line, spec, path);
		}
	}
	config_line_free(&line);
	return rc;
}

enum be_err settings_read(struct settings *out, struct be_error *err)
{
	settings_default(out);
	return data_read(out, read_text, DATA_CONFIG_HOME, "config", FILE_MAX, err);
}

/* ---- writing ---- */

/* The file as it is and as it becomes. */
struct edit {
	const struct settings *wanted;
	const struct buffer *old;
	struct buffer text;
	bool seen[COUNT];
	bool written[COUNT];
};

/* As a text that ends with a NUL that does not count. */
static void value_of(struct buffer *out, const struct settings *settings, const struct settings_spec *spec)
{
	size_t len = 0;
	const char *value = settings_value(settings, spec, &len);

	buffer_reset(out);
	if (value != NULL)
		buffer_add(out, value, len);
	buffer_add_byte(out, '\0');
}

static void copy(struct edit *edit, size_t from, size_t to)
{
	buffer_add(&edit->text, edit->old->data + from, to - from);
}

static void set_aside(struct edit *edit, const struct config_line *line)
{
	buffer_printf(&edit->text, "# %s: ", tr(N_("not understood")));
	copy(edit, line->at, line->at + line->len);
	buffer_add_byte(&edit->text, '\n');
}

/* A line that is understood keeps what stands around its value; one that is not makes room for a new one below it. */
static void edit_line(struct edit *edit, const struct config_line *line)
{
	const struct settings_spec *spec = spec_of(line);
	const bool again = spec != NULL && edit->written[spec - table];
	struct buffer wanted = BUFFER_EMPTY;
	struct settings found;
	bool right;

	settings_default(&found);
	right = judge(&found, line, spec, edit->seen) == NULL && !again;
	if (spec != NULL) {
		value_of(&wanted, edit->wanted, spec);
		edit->written[spec - table] = true;
	}
	if (wanted.failed) {
		edit->text.failed = true;
	} else if (!right) {
		set_aside(edit, line);
		if (spec != NULL && !again)
			config_add(&edit->text, spec->name, (const char *)wanted.data);
	} else if (spec != NULL && strcmp((const char *)wanted.data, (const char *)line->value.data) != 0) {
		copy(edit, line->at, line->value_at);
		config_add_value(&edit->text, (const char *)wanted.data);
		copy(edit, line->value_at + line->value_len, line->next);
	} else {
		copy(edit, line->at, line->next);
	}
	buffer_free(&wanted);
}

static void add_missing(struct edit *edit, bool all)
{
	struct buffer wanted = BUFFER_EMPTY;

	if (edit->text.len > 0 && edit->text.data[edit->text.len - 1] != '\n')
		buffer_add_byte(&edit->text, '\n');
	for (size_t i = 0; i < COUNT; i++) {
		value_of(&wanted, edit->wanted, &table[i]);
		if (wanted.failed)
			break;
		if (edit->written[i] || (!all && strcmp((const char *)wanted.data, table[i].preset) == 0))
			continue;
		if (edit->text.len > 0)
			buffer_add_byte(&edit->text, '\n');
		config_add_remark(&edit->text, tr(table[i].about));
		config_add(&edit->text, table[i].name, (const char *)wanted.data);
	}
	edit->text.failed = edit->text.failed || wanted.failed;
	buffer_free(&wanted);
}

static enum be_err make_text(struct edit *edit, bool all, struct be_error *err)
{
	struct config_line line = CONFIG_START;

	if (all)
		config_add_remark(&edit->text, tr(N_("Settings of besign. A line that begins with # is a comment.")));
	while (config_next(&line, edit->old) && !line.value.failed) {
		if (line.number == 1)
			copy(edit, 0, line.at);
		edit_line(edit, &line);
	}
	edit->text.failed = edit->text.failed || line.value.failed;
	config_line_free(&line);
	add_missing(edit, all);
	return buffer_check(&edit->text, err);
}

static enum be_err check_wanted(const struct settings *settings, struct be_error *err)
{
	struct settings scratch;
	struct buffer value = BUFFER_EMPTY;
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < COUNT && rc == BE_OK; i++) {
		const char *wrong = NULL;

		value_of(&value, settings, &table[i]);
		rc = buffer_check(&value, err);
		if (rc == BE_OK)
			wrong = take(&scratch, &table[i], (const char *)value.data, value.len - 1);
		if (wrong != NULL)
			rc = be_fail(err, BE_USAGE, wrong, "%s%s%s", table[i].name, table[i].words != NULL ? " = " : "",
				table[i].words != NULL ? table[i].words : "");
	}
	buffer_free(&value);
	return rc;
}

enum be_err settings_write(const struct settings *settings, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer old = BUFFER_EMPTY;
	struct edit edit = { .wanted = settings, .old = &old };
	struct stat st;
	enum be_err rc = check_wanted(settings, err);
	bool missing = false;

	if (rc == BE_OK)
		rc = data_own(&path, DATA_CONFIG_HOME, "config", err);
	if (rc == BE_OK) {
		missing = stat((const char *)path.data, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
		rc = missing ? BE_OK : config_load(&old, (const char *)path.data, FILE_MAX, err);
	}
	if (rc == BE_OK)
		rc = make_text(&edit, missing, err);
	if (rc == BE_OK)
		rc = config_save((const char *)path.data, &edit.text, err);
	buffer_free(&edit.text);
	buffer_free(&path);
	buffer_free(&old);
	return rc;
}
