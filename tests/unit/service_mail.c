/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "net/mime.h"
#include "service/mail_inside.h"
#include "service/store_records.h"
#include "support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mail_sender sender = { "Layanan \xC3\x9Cji <noreply@contoh.example>", "Layanan Uji" };

static struct mail_letter letter_of(enum mail_kind kind, enum i18n_language language)
{
	return (struct mail_letter){ .kind = kind,
		.language = language,
		.to = "made@contoh.example",
		.name = "Made Contoh",
		.link_until = HOUSE_NOW + 172800,
		.certificate = "C=ID, O=Contoh, CN=Made Contoh",
		.serial = "0123ABCD",
		.until = HOUSE_NOW + 86400,
		.reason = N_("Passphrase or key may be known to others"),
		.device = "ponsel",
		.moment = HOUSE_NOW };
}

static void compose(struct buffer *out, const struct mail_letter *letter)
{
	assert_int_equal(mail_compose(out, letter, &sender, "0123456789abcdef", HOUSE_NOW, NULL), BE_OK);
	buffer_add_byte(out, 0);
	assert_false(out->failed);
	out->len--;
}

/* ---- letters ---- */

static void a_letter_is_ascii_in_lines_of_the_right_length_and_has_both_forms(void **state)
{
	struct secret *link = house_secret("http://localhost/passphrase/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

	(void)state;
	for (int kind = 0; kind < MAIL_KINDS; kind++)
		for (int language = 0; language < I18N_LANGUAGES; language++) {
			struct mail_letter letter = letter_of((enum mail_kind)kind, (enum i18n_language)language);
			struct buffer out = BUFFER_EMPTY;
			size_t line = 0;

			letter.link = link;
			compose(&out, &letter);
			for (size_t i = 0; i < out.len; i++) {
				uint8_t c = out.data[i];

				assert_true((c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n');
				assert_true(c != '\n' || (i > 0 && out.data[i - 1] == '\r'));
				assert_true(c != '\r' || out.data[i + 1] == '\n');
				line = c == '\n' ? 0 : line + 1;
				assert_true(line <= 79);
			}
			assert_non_null(strstr((const char *)out.data, "\r\nTo: made@contoh.example\r\n"));
			assert_non_null(strstr((const char *)out.data, "From: =?UTF-8?B?"));
			assert_non_null(strstr((const char *)out.data, "= <noreply@contoh.example>\r\n"));
			assert_non_null(strstr((const char *)out.data, "Content-Type: text/plain; charset=utf-8"));
			assert_non_null(strstr((const char *)out.data, "Content-Type: text/html; charset=utf-8"));
			assert_non_null(strstr((const char *)out.data, "Date: Thu, 28 May 2026 20:26:40 +0000\r\n"));
			buffer_free(&out);
		}
	secret_free(&link);
}

static void each_person_is_written_to_in_their_language(void **state)
{
	struct mail_letter letter = letter_of(MAIL_REVOCATION, I18N_EN);
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	compose(&out, &letter);
	assert_non_null(strstr((const char *)out.data, "Subject: Your certificate was revoked\r\n"));
	assert_non_null(strstr((const char *)out.data, "Content-Language: en\r\n"));
	buffer_reset(&out);
	letter.language = I18N_ID;
	compose(&out, &letter);
	assert_null(strstr((const char *)out.data, "Your certificate was revoked"));
	assert_non_null(strstr((const char *)out.data, "Content-Language: id\r\n"));
	buffer_free(&out);
}

static void what_people_are_called_cannot_break_a_letter(void **state)
{
	struct mail_letter letter = letter_of(MAIL_DEVICE, I18N_EN);
	struct buffer out = BUFFER_EMPTY, text = BUFFER_EMPTY;
	const char *html;

	(void)state;
	letter.name = "Made\r\nBcc: semua@contoh.example\r\n\r\n<script>";
	letter.device = "</p><img src=\"http://contoh.example/x\">\x1b[2J";
	compose(&out, &letter);
	assert_null(strstr((const char *)out.data, "\r\nBcc:"));
	mime_unquote(&text, out.data, out.len);
	buffer_add_byte(&text, 0);
	html = strstr((const char *)text.data, "<!doctype html>");
	assert_non_null(html);
	assert_null(strstr(html, "<script>"));
	assert_null(strstr(html, "<img"));
	assert_null(strchr((const char *)text.data, '\x1b'));
	assert_non_null(strstr((const char *)text.data, "&#60;img"));
	letter.to = "made@contoh.example\r\nBcc: semua@contoh.example";
	assert_int_equal(mail_compose(&out, &letter, &sender, "1", HOUSE_NOW, NULL), BE_USAGE);
	buffer_free(&out);
	buffer_free(&text);
}

static void addresses_are_held_to_their_form(void **state)
{
	static const char *const good[] = { "a@b", "orang.satu+dua@contoh.example" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a b@c", "a@b\n", "<a@b>", "a@b,c@d", "a@b;c",
		"\"a\"@b" };
	char longest[300];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(mime_address_check(good[i], NULL), BE_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(mime_address_check(bad[i], NULL), BE_USAGE);
	memset(longest, 'a', sizeof(longest));
	(void)strcpy(longest + 260, "@b");
	assert_int_equal(mime_address_check(longest, NULL), BE_USAGE);
}

/* ---- forms ---- */

static void quoted_text_comes_back_as_it_was(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct buffer text = BUFFER_EMPTY, quoted = BUFFER_EMPTY, back = BUFFER_EMPTY;
		size_t len = (size_t)rand_r(&seed) % 400;

		for (size_t i = 0; i < len; i++) {
			int c = rand_r(&seed) % 8;

			buffer_add_byte(&text,
				(uint8_t)(c == 0         ? '\n'
						: c == 1 ? ' '
						: c == 2 ? '='
							 : rand_r(&seed) % 256));
			/* A line's end is one character in here and two on the way. */
			if (text.data[text.len - 1] == '\r')
				text.data[text.len - 1] = 'r';
		}
		mime_quote(&quoted, text.data, text.len);
		mime_unquote(&back, quoted.data, quoted.len);
		assert_int_equal(back.len, text.len);
		if (text.len != 0)
			assert_memory_equal(back.data, text.data, text.len);
		buffer_free(&text);
		buffer_free(&quoted);
		buffer_free(&back);
	}
}

static void a_subject_of_any_script_comes_back_as_it_was(void **state)
{
	static const char *const texts[] = { "plain", "\xC3\x9C",
		"Sertifikat \xE2\x80\x9CMade\xE2\x80\x9D sudah berlaku, "
		"dan ini baris yang panjang sekali \xE2\x98\x83\xE2\x98\x83",
		"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"
		"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buffer header = BUFFER_EMPTY, back = BUFFER_EMPTY;

		mime_header(&header, "Subject", texts[i]);
		assert_memory_equal(header.data, "Subject: ", 9);
		mime_decode(&back, (const char *)header.data + 9, header.len - 11);
		assert_int_equal(back.len, strlen(texts[i]));
		assert_memory_equal(back.data, texts[i], back.len);
		buffer_free(&header);
		buffer_free(&back);
	}
}

/* ---- the queue ---- */

static struct house house;

static int open_house(void **state)
{
	(void)state;
	house_open(&house, NULL);
	return 0;
}

static int remove_house(void **state)
{
	(void)state;
	house_remove(&house);
	return 0;
}

static enum be_err queue_one(struct mail *mail, int64_t user, const char *to, const char *link, bool commit)
{
	struct mail_letter letter = letter_of(MAIL_ISSUANCE, I18N_ID);
	struct secret *url = house_secret(link);
	enum be_err rc = store_begin(house.service->store, NULL);

	letter.to = to;
	letter.link = url;
	if (rc == BE_OK)
		rc = mail_queue(mail, user, &letter, NULL);
	rc = store_end(house.service->store, commit ? rc : BE_CANCELLED, NULL);
	secret_free(&url);
	return rc;
}

static size_t box_of(const char *address, struct mail_item **items)
{
	size_t count = 0;

	assert_int_equal(mail_box(house.service->mail, address, items, &count, NULL), BE_OK);
	return count;
}

static void a_letter_belongs_to_what_it_tells(void **state)
{
	struct mail *mail = house.service->mail;
	struct mail_item *items = NULL;
	int64_t user = house_person(&house, 1), next;
	size_t count;

	(void)state;
	assert_int_equal(
		queue_one(mail, user, "satu@contoh.example", "http://localhost/passphrase/x1", false), BE_CANCELLED);
	assert_int_equal(mail_deliver(mail, &next, NULL), BE_OK);
	assert_int_equal(next, TIME_NONE);
	assert_int_equal(box_of("satu@contoh.example", &items), 0);
	mail_items_free(&items, 0);
	assert_int_equal(queue_one(mail, user, "satu@contoh.example", "http://localhost/passphrase/x1", true), BE_OK);
	time_set_for_test(HOUSE_NOW + 5);
	assert_int_equal(queue_one(mail, user, "satu@contoh.example", "http://localhost/passphrase/x2", true), BE_OK);
	assert_int_equal(queue_one(mail, user, "dua@contoh.example", "http://localhost/passphrase/x3", true), BE_OK);
	assert_int_equal(mail_deliver(mail, &next, NULL), BE_OK);
	count = box_of("satu@contoh.example", &items);
	assert_int_equal(count, 2);
	assert_int_equal(items[0].moment, HOUSE_NOW + 5);
	assert_memory_equal(secret_bytes(items[0].link), "http://localhost/passphrase/x2", 31);
	assert_memory_equal(secret_bytes(items[1].link), "http://localhost/passphrase/x1", 31);
	assert_string_not_equal(items[0].subject, "");
	assert_non_null(strstr((const char *)items[0].text.data, "Made Contoh"));
	mail_items_free(&items, count);
	/* Carried once, however often it is asked for. */
	assert_int_equal(mail_deliver(mail, &next, NULL), BE_OK);
	count = box_of("satu@contoh.example", &items);
	assert_int_equal(count, 2);
	mail_items_free(&items, count);
}

static void the_same_letter_twice_is_one(void **state)
{
	char dir[160];
	struct secret *letter = house_secret("To: tiga@contoh.example\r\nSubject: halo\r\n\r\nisi\r\n");
	struct mail_item *items = NULL;
	size_t count;

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/Maildir", house.dir);
	for (int i = 0; i < 3; i++)
		assert_int_equal(mail_box_put(dir, 77, HOUSE_NOW, letter, NULL), BE_OK);
	count = box_of("tiga@contoh.example", &items);
	assert_int_equal(count, 1);
	assert_string_equal(items[0].id, "M77");
	assert_null(items[0].link);
	mail_items_free(&items, count);
	secret_free(&letter);
}

static void what_an_earlier_run_died_over_is_carried_at_once(void **state)
{
	struct store *store = house.service->store;
	struct buffer sealed = BUFFER_EMPTY;
	struct store_mail row;
	const int64_t now = time_now();
	int64_t user = house_person(&house, 4), next;

	(void)state;
	assert_int_equal(
		queue_one(house.service->mail, user, "enam@contoh.example", "http://localhost/passphrase/x6", true),
		BE_OK);
	assert_int_equal(store_mail_take(store, now, 600, &row, &sealed, NULL), BE_OK);
	assert_int_equal(mail_deliver(house.service->mail, &next, NULL), BE_OK);
	assert_int_equal(next, now + 600);
	assert_int_equal(store_mail_release(store, now, 600, NULL), BE_OK);
	assert_int_equal(store_mail_next(store, &next, NULL), BE_OK);
	assert_int_equal(next, now);
	assert_int_equal(mail_deliver(house.service->mail, &next, NULL), BE_OK);
	assert_int_equal(next, TIME_NONE);
	buffer_free(&sealed);
}

static void what_is_no_letter_of_ours_is_passed_over(void **state)
{
	static const char *const texts[] = { "", "To: empat@contoh.example", "To: empat@contoh.example\r\n\r\n",
		"To: empat@contoh.example\r\nContent-Type: multipart/alternative; boundary=\"\r\n\r\nx",
		"To: empat@contoh.example\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\r\n--b\r\n",
		"To: empat@contoh.example\r\nSubject: =?UTF-8?B?!!!?=\r\n\r\n" };
	struct mail_item *items = NULL;
	char path[200];
	size_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *file;

		(void)snprintf(path, sizeof(path), "%s/Maildir/cur/%d.M9%zu.besign:2,S", house.dir, HOUSE_NOW, i);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_int_equal(fputs(texts[i], file) >= 0, 1);
		assert_int_equal(fclose(file), 0);
	}
	count = box_of("empat@contoh.example", &items);
	assert_true(count <= sizeof(texts) / sizeof(texts[0]));
	mail_items_free(&items, count);
}

static void a_server_that_does_not_answer_is_asked_again_later_and_later(void **state)
{
	struct service_config config = house.service->config;
	int64_t user = house_person(&house, 5), start = time_now(), next, waited = 60;
	struct mail *mail = NULL;

	(void)state;
	config.mail = SERVICE_MAIL_SMTP;
	/* Nobody listens on port 1 of this machine. */
	config.smtp_url = strdup("smtp://127.0.0.1:1");
	config.mail_from = strdup("BeSign <noreply@contoh.example>");
	assert_int_equal(mail_open(&mail, &config, house.service->store, house.service->vault, NULL), BE_OK);
	assert_int_equal(mail_box(mail, "a@b", &(struct mail_item *){ NULL }, &(size_t){ 0 }, NULL), BE_UNSUPPORTED);
	assert_int_equal(queue_one(mail, user, "lima@contoh.example", "http://localhost/passphrase/x5", true), BE_OK);
	for (int i = 0; i < 12 && time_now() < start + 3 * 86400; i++) {
		assert_int_equal(mail_deliver(mail, &next, NULL), BE_OK);
		assert_int_equal(next, time_now() + waited);
		waited = waited < 14400 / 2 ? waited * 2 : 14400;
		time_set_for_test(next);
	}
	assert_int_equal(waited, 14400);
	time_set_for_test(start + 5 * 86400 + 1);
	assert_int_equal(mail_deliver(mail, &next, NULL), BE_OK);
	assert_int_equal(next, TIME_NONE);
	mail_free(&mail);
	free(config.smtp_url);
	free(config.mail_from);
}

static void a_password_file_that_others_can_read_is_refused(void **state)
{
	struct service_config config = house.service->config;
	struct mail *mail = NULL;
	char path[160], command[400];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/password", house.dir);
	(void)snprintf(command, sizeof(command), "echo rahasia >%s && chmod 644 %s", path, path);
	assert_int_equal(system(command), 0);
	config.mail = SERVICE_MAIL_SMTP;
	config.smtp_password_file = path;
	assert_int_equal(mail_open(&mail, &config, house.service->store, house.service->vault, NULL), BE_DENIED);
	assert_null(mail);
	(void)snprintf(command, sizeof(command), "chmod 600 %s", path);
	assert_int_equal(system(command), 0);
	assert_int_equal(mail_open(&mail, &config, house.service->store, house.service->vault, NULL), BE_OK);
	mail_free(&mail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_is_ascii_in_lines_of_the_right_length_and_has_both_forms),
		cmocka_unit_test(each_person_is_written_to_in_their_language),
		cmocka_unit_test(what_people_are_called_cannot_break_a_letter),
		cmocka_unit_test(addresses_are_held_to_their_form),
		cmocka_unit_test(quoted_text_comes_back_as_it_was),
		cmocka_unit_test(a_subject_of_any_script_comes_back_as_it_was),
		cmocka_unit_test(a_letter_belongs_to_what_it_tells),
		cmocka_unit_test(the_same_letter_twice_is_one),
		cmocka_unit_test(what_an_earlier_run_died_over_is_carried_at_once),
		cmocka_unit_test(what_is_no_letter_of_ours_is_passed_over),
		cmocka_unit_test(a_server_that_does_not_answer_is_asked_again_later_and_later),
		cmocka_unit_test(a_password_file_that_others_can_read_is_refused),
	};

	return cmocka_run_group_tests(tests, open_house, remove_house);
}
