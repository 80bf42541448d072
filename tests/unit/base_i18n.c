/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's language, and the catalogue it comes from. */

#include "base/catalogue.h"
#include "base/error.h"
#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int back_to_english(void **state)
{
	(void)state;
	i18n_set(I18N_EN);
	return 0;
}

static void it_is_english_until_somebody_says_otherwise(void **state)
{
	(void)state;
	assert_int_equal(i18n_get(), I18N_EN);
	assert_string_equal(tr(N_("Document")), "Document");
}

static void the_language_changes_while_the_program_runs(void **state)
{
	(void)state;
	i18n_set(I18N_ID);
	assert_int_equal(i18n_get(), I18N_ID);
	assert_string_equal(tr(N_("Document")), "Dokumen");
	assert_string_equal(tr(N_("The document does not exist")), "Dokumen tidak ada");
	i18n_set(I18N_EN);
	assert_string_equal(tr(N_("Document")), "Document");
	i18n_set(I18N_LANGUAGES);
	assert_int_equal(i18n_get(), I18N_EN);
}

static void a_language_may_be_asked_for_by_itself(void **state)
{
	(void)state;
	assert_string_equal(tr_in(I18N_ID, "Sign in"), "Masuk");
	assert_string_equal(tr_in(I18N_EN, "Sign in"), "Sign in");
	assert_string_equal(tr("Sign in"), "Sign in");
	i18n_set(I18N_ID);
	assert_string_equal(tr_in(I18N_EN, "Sign in"), "Sign in");
	assert_string_equal(tr_in(I18N_ID, "no such sentence"), "no such sentence");
	assert_string_equal(tr_in(I18N_LANGUAGES, "Sign in"), "Sign in");
	assert_string_equal(tr_in(I18N_ID, NULL), "");
}

static void what_has_no_translation_is_its_own(void **state)
{
	const char *mine = "No catalogue has this sentence";

	(void)state;
	i18n_set(I18N_ID);
	assert_ptr_equal(tr(mine), mine);
	assert_string_equal(tr(""), ""); /* and not the header of the catalogue */
	assert_string_equal(tr(NULL), "");
	assert_string_equal(tr("Documen"), "Documen");
	assert_string_equal(tr("Documents, and more"), "Documents, and more");
	assert_string_equal(tr("\x01"), "\x01");
	assert_string_equal(tr("\xff"), "\xff");
}

static void every_entry_of_the_own_catalogue_is_found(void **state)
{
	const uint8_t *b = catalogue_id.bytes;
	const size_t table = b[12] | (size_t)b[13] << 8;
	const size_t count = catalogue_count(&catalogue_id);

	(void)state;
	assert_true(count > 400);
	for (size_t i = 1; i < count; i++) {
		const uint8_t *entry = b + table + 8 * i;
		const size_t at = entry[4] | (size_t)entry[5] << 8 | (size_t)entry[6] << 16;
		const char *found = catalogue_find(&catalogue_id, (const char *)b + at, 0);

		assert_non_null(found);
		assert_true(found[0] != '\0');
	}
}

static void the_name_of_a_language_may_be_a_locale(void **state)
{
	static const struct {
		const char *name;
		bool known;
		enum i18n_language language;
	} names[] = {
		{ "id", true, I18N_ID },
		{ "en", true, I18N_EN },
		{ "id_ID.UTF-8", true, I18N_ID },
		{ "id_ID", true, I18N_ID },
		{ "id-ID", true, I18N_ID },
		{ "id.UTF-8", true, I18N_ID },
		{ "en_GB@euro", true, I18N_EN },
		{ "en@quot", true, I18N_EN },
		{ "", false, I18N_EN },
		{ "i", false, I18N_EN },
		{ "ido", false, I18N_EN },
		{ "english", false, I18N_EN },
		{ "ID", false, I18N_EN },
		{ "C", false, I18N_EN },
		{ "C.UTF-8", false, I18N_EN },
		{ "POSIX", false, I18N_EN },
		{ "de_DE.UTF-8", false, I18N_EN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		enum i18n_language language = I18N_LANGUAGES;

		assert_int_equal(i18n_by_name(&language, names[i].name), names[i].known);
		assert_int_equal(language, names[i].known ? names[i].language : I18N_LANGUAGES);
	}
	assert_string_equal(i18n_name(I18N_ID), "id");
	assert_string_equal(i18n_name(I18N_EN), "en");
	assert_string_equal(i18n_native_name(I18N_ID), "Bahasa Indonesia");
	assert_string_equal(i18n_native_name(I18N_EN), "English");
}

static void the_environment_is_asked_in_order(void **state)
{
	static const char *const variables[] = { "BESIGN_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
	static const struct {
		const char *values[4]; /* NULL: not set */
		enum i18n_language language;
	} cases[] = {
		{ { NULL, NULL, NULL, NULL }, I18N_ID },
		{ { NULL, "C", NULL, NULL }, I18N_ID },
		{ { NULL, "POSIX", "C.UTF-8", "C" }, I18N_ID },
		{ { NULL, NULL, NULL, "en_US.UTF-8" }, I18N_EN },
		{ { NULL, NULL, NULL, "de_DE.UTF-8" }, I18N_ID },
		{ { NULL, "C", NULL, "en_US.UTF-8" }, I18N_EN },
		{ { NULL, NULL, "en_US", "id_ID" }, I18N_EN },
		{ { NULL, "id_ID", "en_US", "en_US" }, I18N_ID },
		{ { "en", "id_ID", "id_ID", "id_ID" }, I18N_EN },
		{ { "id", "en_US", "en_US", "en_US" }, I18N_ID },
		{ { "", "en_US", NULL, NULL }, I18N_EN },
		{ { "fr", "en_US", NULL, NULL }, I18N_EN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t v = 0; v < 4; v++) {
			if (cases[i].values[v] != NULL)
				assert_int_equal(setenv(variables[v], cases[i].values[v], 1), 0);
			else
				assert_int_equal(unsetenv(variables[v]), 0);
		}
		assert_int_equal(i18n_from_environment(), cases[i].language);
	}
}

/* ---- catalogues of any shape ---- */

/* As msgfmt would write it: "few" has a plural of two forms, "one" none, "void" an empty translation. */
#define ENTRIES 4u
#define MADE_MAX 512u

struct made {
	uint8_t bytes[MADE_MAX];
	size_t len;
};

static void put_number(struct made *m, size_t at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		m->bytes[at + i] = (uint8_t)(number >> (8 * i));
}

static void put_string(struct made *m, size_t entry, const char *text, size_t len)
{
	put_number(m, entry, (uint32_t)len);
	put_number(m, entry + 4, (uint32_t)m->len);
	memcpy(m->bytes + m->len, text, len + 1);
	m->len += len + 1;
}

static struct made make(void)
{
	static const char few[] = "few\0many";
	static const char forms[] = "sedikit\0banyak";
	struct made m = { .len = 28 + 2 * 8 * ENTRIES };

	put_number(&m, 0, 0x950412DEu);
	put_number(&m, 8, ENTRIES);
	put_number(&m, 12, 28);
	put_number(&m, 16, 28 + 8 * ENTRIES);
	put_string(&m, 28, "", 0);
	put_string(&m, 36, few, sizeof(few) - 1);
	put_string(&m, 44, "one", 3);
	put_string(&m, 52, "void", 4);
	put_string(&m, 60, "Language: id", 12);
	put_string(&m, 68, forms, sizeof(forms) - 1);
	put_string(&m, 76, "satu", 4);
	put_string(&m, 84, "", 0);
	return m;
}

static const char *find(const struct made *m, const char *msgid, size_t form)
{
	const struct catalogue c = { m->bytes, m->len };

	return catalogue_find(&c, msgid, form);
}

static void a_plural_has_forms(void **state)
{
	const struct made m = make();

	(void)state;
	assert_string_equal(find(&m, "one", 0), "satu");
	assert_null(find(&m, "one", 1));
	assert_string_equal(find(&m, "few", 0), "sedikit");
	assert_string_equal(find(&m, "few", 1), "banyak");
	assert_null(find(&m, "few", 2));
	assert_null(find(&m, "few", SIZE_MAX));
	assert_null(find(&m, "many", 0));
	assert_null(find(&m, "void", 0));
	assert_null(find(&m, "", 0));
}

static void english_counts_one_and_many(void **state)
{
	(void)state;
	assert_string_equal(tr_n("%lu thing", "%lu things", 1), "%lu thing");
	assert_string_equal(tr_n("%lu thing", "%lu things", 0), "%lu things");
	assert_string_equal(tr_n("%lu thing", "%lu things", 2), "%lu things");
	i18n_set(I18N_ID);
	/* Of the own catalogue: whatever the number, there is one form. */
	assert_string_equal(tr_n("Document", "Documents", 1), "Dokumen");
	assert_string_equal(tr_n("Document", "Documents", 7), "Dokumen");
}

/* Cut short anywhere, with the end of the bytes at the end of an allocation, so that a sanitizer sees a step too far. */
static void a_catalogue_that_is_cut_short_finds_nothing_wrong(void **state)
{
	static const char *const asked[] = { "", "few", "one", "void", "zebra", "a" };
	const struct made m = make();

	(void)state;
	for (size_t len = 0; len < m.len; len++) {
		uint8_t *bytes = malloc(len > 0 ? len : 1);
		const struct catalogue c = { bytes, len };

		assert_non_null(bytes);
		memcpy(bytes, m.bytes, len);
		for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
			const char *found = catalogue_find(&c, asked[i], 0);

			assert_true(found == NULL || strcmp(found, find(&m, asked[i], 0)) == 0);
		}
		free(bytes);
	}
	assert_null(catalogue_find(&(struct catalogue){ NULL, 0 }, "one", 0));
}

/* Every number of the header and of both tables, set to what would lead astray. Whatever is found lies in the bytes and
 * ends there. */
static void a_hostile_catalogue_is_no_translation_and_no_crash(void **state)
{
	static const uint32_t numbers[] = { 0, 1, 3, 27, 28, 91, 92, 120, 0x7FFFFFFF, 0x80000000u, 0xFFFFFFF0u,
		0xFFFFFFF8u, 0xFFFFFFFEu, 0xFFFFFFFFu };
	static const char *const asked[] = { "few", "one", "void", "zebra", "a", "\xff" };
	const struct made good = make();

	(void)state;
	for (size_t at = 0; at < 28 + 16 * ENTRIES; at += 4) {
		for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
			struct made bad = good;
			uint8_t *bytes = malloc(bad.len);
			const struct catalogue c = { bytes, bad.len };

			assert_non_null(bytes);
			put_number(&bad, at, numbers[n]);
			memcpy(bytes, bad.bytes, bad.len);
			for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
				for (size_t form = 0; form < 3; form++) {
					const char *found = catalogue_find(&c, asked[i], form);

					assert_true(found == NULL ||
						((const uint8_t *)found >= bytes &&
							(const uint8_t *)found + strlen(found) < bytes + bad.len));
				}
			}
			free(bytes);
		}
	}
}

static void a_string_without_its_zero_is_not_read(void **state)
{
	struct made m = make();

	(void)state;
	m.bytes[m.len - 1] = 'x';
	assert_null(find(&m, "void", 0));
	put_number(&m, 48 + 28, 3); /* the translation of "one" without its last letter: no zero follows */
	assert_null(find(&m, "one", 0));
	assert_string_equal(find(&m, "few", 0), "sedikit");
}

static void another_format_is_no_catalogue(void **state)
{
	struct made m = make();

	(void)state;
	put_number(&m, 0, 0xDE120495u); /* the other byte order */
	assert_null(find(&m, "one", 0));
	assert_int_equal(catalogue_count(&(struct catalogue){ m.bytes, m.len }), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_english_until_somebody_says_otherwise),
		cmocka_unit_test_teardown(the_language_changes_while_the_program_runs, back_to_english),
		cmocka_unit_test_teardown(a_language_may_be_asked_for_by_itself, back_to_english),
		cmocka_unit_test_teardown(what_has_no_translation_is_its_own, back_to_english),
		cmocka_unit_test(every_entry_of_the_own_catalogue_is_found),
		cmocka_unit_test(the_name_of_a_language_may_be_a_locale),
		cmocka_unit_test(the_environment_is_asked_in_order),
		cmocka_unit_test(a_plural_has_forms),
		cmocka_unit_test_teardown(english_counts_one_and_many, back_to_english),
		cmocka_unit_test(a_catalogue_that_is_cut_short_finds_nothing_wrong),
		cmocka_unit_test(a_hostile_catalogue_is_no_translation_and_no_crash),
		cmocka_unit_test(a_string_without_its_zero_is_not_read),
		cmocka_unit_test(another_format_is_no_catalogue),
	};

	return cmocka_run_group_tests_name("base_i18n", tests, NULL, NULL);
}
