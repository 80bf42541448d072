/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/unlock_parts.h"

#include "base/config.h"
#include "base/encode.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file is read by one rule: what it would be if we had written it is what it must be, byte for byte. So there is one
 * spelling of everything, and a line that somebody added, doubled or turned around is noticed before anything is asked. */

#define FILE_MAX 2097152u /* more than UNLOCK_SLOTS_MAX of the longest names take */
#define SEALED_MAX (2u * UNLOCK_PASSPHRASE_MAX)

static const char not_ours[] = N_(
	"The file of saved passphrases can be read by others, or is somebody else's: it is not used; remove it and save them again");
static const char cannot_read[] = N_("The file of saved passphrases cannot be read");
static const char cannot_write[] = N_("The file of saved passphrases cannot be written");
static const char damaged[] = N_("The file of saved passphrases was changed or damaged; remove it and save them again");

static const char remark[] =
	"besign keeps passphrases here, each sealed with a key that is not on this disk. Any change makes the file useless.";

static const char *const ways[] = { [UNLOCK_PASSPHRASE] = "passphrase",
	[UNLOCK_FINGERPRINT] = "fingerprint",
	[UNLOCK_SSH_AGENT] = "ssh-agent" };
static const char *const kinds[] = { [UNLOCK_KEY_FILE] = "key-file", [UNLOCK_CREDENTIAL] = "credential" };

const char *unlock_way_word(enum unlock_way way)
{
	return (size_t)way < UNLOCK_WAY_COUNT ? ways[way] : "";
}

bool unlock_way_by_word(enum unlock_way *out, const char *word)
{
	for (size_t i = 0; i < UNLOCK_WAY_COUNT; i++) {
		if (strcmp(ways[i], word) == 0) {
			*out = (enum unlock_way)i;
			return true;
		}
	}
	return false;
}

void unlock_slots_free(struct unlock_slots *slots)
{
	for (size_t i = 0; i < slots->count; i++)
		buffer_free(&slots->slots[i].sealed);
	free(slots->slots);
	*slots = (struct unlock_slots){ NULL, 0 };
}

/* ---- looking things up ---- */

bool unlock_slot_is_of(const struct unlock_slot *slot, const struct unlock_target *target)
{
	const char *certificate = target->certificate != NULL ? target->certificate : "";

	return slot->kind == target->kind && strcmp(slot->id, target->id) == 0 &&
		(certificate[0] == '\0' || strcmp(slot->certificate, certificate) == 0);
}

const struct unlock_slot *unlock_slots_find(
	const struct unlock_slots *slots, const struct unlock_target *target, enum unlock_way way)
{
	for (size_t i = 0; i < slots->count; i++)
		if (slots->slots[i].way == way && unlock_slot_is_of(&slots->slots[i], target))
			return &slots->slots[i];
	return NULL;
}

const struct unlock_slot *unlock_slots_used(const struct unlock_slots *slots, const struct unlock_target *target)
{
	for (size_t i = 0; i < slots->count; i++)
		if (slots->slots[i].used && unlock_slot_is_of(&slots->slots[i], target))
			return &slots->slots[i];
	return NULL;
}

/* ---- writing ---- */

static void add_bytes(struct buffer *out, const char *name, const void *bytes, size_t len)
{
	struct buffer text = BUFFER_EMPTY;

	encode_add(&text, ENCODE_BASE64, bytes, len);
	buffer_add_byte(&text, '\0');
	if (text.failed)
		out->failed = true;
	else
		config_add(out, name, (const char *)text.data);
	buffer_free(&text);
}

void unlock_slot_header(struct buffer *out, const struct unlock_slot *slot)
{
	config_add(out, "way", ways[slot->way]);
	config_add(out, "kind", kinds[slot->kind]);
	config_add(out, "id", slot->id);
	config_add(out, "certificate", slot->certificate);
	config_add(out, "key", slot->key);
	add_bytes(out, "salt", slot->salt, sizeof(slot->salt));
}

static void make_text(struct buffer *out, const struct unlock_slots *slots)
{
	config_add_remark(out, remark);
	for (size_t i = 0; i < slots->count; i++) {
		const struct unlock_slot *slot = &slots->slots[i];

		unlock_slot_header(out, slot);
		config_add(out, "used", slot->used ? "yes" : "no");
		add_bytes(out, "sealed", slot->sealed.data, slot->sealed.len);
	}
}

enum be_err unlock_slots_write(const struct unlock_slots *slots, const char *file, struct be_error *err)
{
	struct file_output *output = NULL;
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc;

	if (slots->count == 0) {
		if (unlink(file) != 0 && errno != ENOENT)
			return be_fail_errno(err, BE_IO, cannot_write, file);
		return BE_OK;
	}
	make_text(&text, slots);
	rc = buffer_check(&text, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, file, S_IRUSR | S_IWUSR, true, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), text.data, text.len, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	buffer_free(&text);
	return rc;
}

enum be_err unlock_slots_lock(const char *file, int *lock, struct be_error *err)
{
	return file_lock(file, lock, cannot_write, err);
}

/* ---- reading ---- */

/* BE_NOT_FOUND when there is none. */
static enum be_err check_private(const char *file, struct be_error *err)
{
	struct stat st;
	const int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum be_err rc = BE_OK;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return BE_NOT_FOUND;
	if (fd < 0)
		return be_fail_errno(
			err, errno == ELOOP ? BE_DENIED : BE_IO, errno == ELOOP ? not_ours : cannot_read, file);
	if (fstat(fd, &st) != 0)
		rc = be_fail_errno(err, BE_IO, cannot_read, file);
	else if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		rc = be_fail(err, BE_DENIED, not_ours, "%s", file);
	(void)close(fd);
	return rc;
}

static bool take_array(char *out, size_t size, const struct buffer *value)
{
	if (value->len >= size || strlen((const char *)value->data) != value->len)
		return false;
	memcpy(out, value->data, value->len + 1);
	return true;
}

static bool take_bytes(struct buffer *out, const struct buffer *value, size_t max)
{
	return encode_read(out, ENCODE_BASE64, (const char *)value->data, value->len, NULL) == BE_OK && out->len <= max;
}

static bool take_salt(struct unlock_slot *slot, const struct buffer *value)
{
	struct buffer bytes = BUFFER_EMPTY;
	const bool good = take_bytes(&bytes, value, UNLOCK_SALT_SIZE) && bytes.len == UNLOCK_SALT_SIZE;

	if (good)
		memcpy(slot->salt, bytes.data, bytes.len);
	buffer_free(&bytes);
	return good;
}

static bool take_way(struct unlock_slot *slot, const struct buffer *value)
{
	return unlock_way_by_word(&slot->way, (const char *)value->data) && slot->way != UNLOCK_PASSPHRASE;
}

static bool take_kind(struct unlock_slot *slot, const struct buffer *value)
{
	slot->kind =
		strcmp((const char *)value->data, kinds[UNLOCK_KEY_FILE]) == 0 ? UNLOCK_KEY_FILE : UNLOCK_CREDENTIAL;
	return strcmp((const char *)value->data, kinds[slot->kind]) == 0;
}

/* The lines of a slot, in their order. */
enum line { LINE_WAY, LINE_KIND, LINE_ID, LINE_CERTIFICATE, LINE_KEY, LINE_SALT, LINE_USED, LINE_SEALED, LINES };

static bool take(struct unlock_slot *slot, enum line line, const struct buffer *value)
{
	switch (line) {
	case LINE_WAY:
		return take_way(slot, value);
	case LINE_KIND:
		return take_kind(slot, value);
	case LINE_ID:
		return take_array(slot->id, sizeof(slot->id), value);
	case LINE_CERTIFICATE:
		return take_array(slot->certificate, sizeof(slot->certificate), value);
	case LINE_KEY:
		return take_array(slot->key, sizeof(slot->key), value);
	case LINE_SALT:
		return take_salt(slot, value);
	case LINE_USED:
		slot->used = strcmp((const char *)value->data, "yes") == 0;
		return true;
	case LINE_SEALED:
		return take_bytes(&slot->sealed, value, SEALED_MAX);
	case LINES:
	default:
		return false;
	}
}

/* Names are not looked at here: that they stand in this order is what being written anew shows. */
static bool read_text(struct unlock_slots *out, const struct buffer *text)
{
	struct config_line line = CONFIG_START;
	size_t at = 0;
	bool well = true;

	while (well && config_next(&line, text)) {
		if (line.kind == CONFIG_REMARK)
			continue;
		if (at % LINES == 0 && out->count < UNLOCK_SLOTS_MAX)
			out->slots[out->count++] = (struct unlock_slot){ .sealed = BUFFER_EMPTY };
		well = line.kind == CONFIG_SETTING && !line.value.failed && at / LINES < out->count &&
			take(&out->slots[out->count - 1], (enum line)(at % LINES), &line.value);
		at++;
	}
	config_line_free(&line);
	return well && at % LINES == 0;
}

/* One slot for each way of a target, and one of them in use at most. */
static bool makes_sense(const struct unlock_slots *slots)
{
	for (size_t i = 0; i < slots->count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct unlock_slot *a = &slots->slots[i];
			const struct unlock_slot *b = &slots->slots[j];

			if (a->kind == b->kind && strcmp(a->id, b->id) == 0 &&
				(a->way == b->way || (a->used && b->used)))
				return false;
		}
	}
	return true;
}

static bool understand(struct unlock_slots *out, const struct buffer *text)
{
	struct buffer again = BUFFER_EMPTY;
	bool same = read_text(out, text) && makes_sense(out);

	if (same)
		make_text(&again, out);
	same = same && !again.failed && again.len == text->len && memcmp(again.data, text->data, text->len) == 0;
	buffer_free(&again);
	return same;
}

enum be_err unlock_slots_read(struct unlock_slots *out, const char *file, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = check_private(file, err);

	*out = (struct unlock_slots){ NULL, 0 };
	if (rc != BE_OK)
		return rc == BE_NOT_FOUND ? BE_OK : rc;
	out->slots = calloc(UNLOCK_SLOTS_MAX, sizeof(*out->slots));
	if (out->slots == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = config_load(&text, file, FILE_MAX, err);
	if (rc == BE_MALFORMED || rc == BE_LIMIT || (rc == BE_OK && !understand(out, &text)))
		rc = be_fail(err, BE_MALFORMED, damaged, "%s", file);
	buffer_free(&text);
	if (rc != BE_OK)
		unlock_slots_free(out);
	return rc;
}
