/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"
#include "service/vault.h"

#include <string.h>

#define LEAST 8u
#define LONG_ENOUGH 12u /* from here on one kind of characters is enough */
#define MOST 512u

/* What people choose most, of at least LEAST characters; compared without regard to case. */
static const char *const used_by_all[] = { "password", "password1", "password12", "password123", "password1234",
	"passw0rd", "p@ssw0rd", "p@ssword", "p@ssw0rd1", "p@ssw0rd123", "12345678", "123456789", "1234567890",
	"0123456789", "87654321", "987654321", "11223344", "12341234", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx",
	"qwerty123", "qwertyuiop", "qwerty12", "qwerty1234", "asdfghjkl", "asdf1234", "zaq12wsx", "abcd1234",
	"abc12345", "a1b2c3d4", "iloveyou", "iloveyou1", "sunshine", "princess", "football", "baseball", "superman",
	"trustno1", "welcome1", "welcome123", "admin123", "admin1234", "administrator", "changeme", "letmein1",
	"secret123", "indonesia", "indonesia1", "indonesia123", "indonesia45", "bismillah", "bismillah1",
	"bismillah123", "alhamdulillah", "rahasia1", "rahasia12", "rahasia123", "katasandi", "katasandi1",
	"katasandi123", "katakunci", "sayangku", "sayang123", "cintaku1", "aku12345", "jakarta123", "bandung123",
	"merdeka45", "merdeka1945", "garuda123", "pancasila", "besign123", "passphrase", "passphrase1",
	"passphrase123" };

enum kind { LOWER = 1, UPPER = 2, DIGIT = 4, OTHER = 8 };

struct looked {
	size_t characters;
	unsigned kinds;
	bool same;     /* one character, again and again */
	bool in_order; /* each one after or before the last: "abcdefgh", "87654321" */
};

static unsigned kind_of(uint32_t c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	return c >= '0' && c <= '9' ? DIGIT : OTHER;
}

/* False for what is no text. */
static bool look(const struct secret *passphrase, struct looked *out)
{
	const uint8_t *bytes = secret_bytes(passphrase);
	uint32_t last = 0;
	int64_t step = 0;

	*out = (struct looked){ .same = true, .in_order = true };
	for (size_t at = 0; at < secret_len(passphrase); out->characters++) {
		uint32_t c;
		int64_t away;

		at += utf8_decode(bytes + at, secret_len(passphrase) - at, &c);
		if (c == UTF8_BAD || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
		away = (int64_t)c - (int64_t)last;
		if (out->characters == 1)
			step = away;
		if (out->characters > 0) {
			out->same = out->same && c == last;
			out->in_order = out->in_order && (step == 1 || step == -1) && away == step;
		}
		out->kinds |= kind_of(c);
		last = c;
	}
	return true;
}

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_word(const struct secret *passphrase, const char *word)
{
	const uint8_t *bytes = secret_bytes(passphrase);
	bool same = secret_len(passphrase) == strlen(word);

	for (size_t i = 0; same && word[i] != '\0'; i++)
		same = lower(bytes[i]) == lower((uint8_t)word[i]);
	return same;
}

static bool everybody_uses(const struct secret *passphrase)
{
	for (size_t i = 0; i < sizeof(used_by_all) / sizeof(used_by_all[0]); i++)
		if (is_word(passphrase, used_by_all[i]))
			return true;
	return false;
}

enum be_err vault_passphrase_fit(const struct secret *passphrase, const char *login, struct be_error *err)
{
	struct looked looked;

	if (secret_len(passphrase) > MOST)
		return be_fail(err, BE_WEAK, N_("It is too long; 512 bytes are enough"), NULL);
	if (!look(passphrase, &looked))
		return be_fail(err, BE_WEAK, N_("It has characters that cannot be typed everywhere"), NULL);
	if (looked.characters < LEAST)
		return be_fail(err, BE_WEAK, N_("It is too short: at least 8 characters"), NULL);
	if (looked.same || looked.in_order || everybody_uses(passphrase))
		return be_fail(err, BE_WEAK, N_("It is one of those that are guessed first"), NULL);
	if (login != NULL && is_word(passphrase, login))
		return be_fail(err, BE_WEAK, N_("It must not be the user name"), NULL);
	if (looked.characters < LONG_ENOUGH && (looked.kinds & (looked.kinds - 1)) == 0)
		return be_fail(err, BE_WEAK,
			N_("Under 12 characters it needs more than letters of one kind or digits alone"), NULL);
	return BE_OK;
}
