/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages between us and a helper: what they carry, and what a helper with bad manners gets. */

#include "box/box.h"
#include "box/message.h"

#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 30000
#define ANSWER_MAX 1024u

static char probe[PATH_MAX];

static void need_probe(void)
{
	if (probe[0] != '\0')
		return;
	print_message("skipped: BUILD does not name the directory of the built programs\n");
	skip();
}

static struct box *start(const char *layers)
{
	struct buffer answer = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	struct box *box = NULL;

	need_probe();
	if (box_start(&box, probe, -1, &err) != BE_OK ||
	    box_ask(box, layers, strlen(layers), &answer, ANSWER_MAX, PATIENCE_MS, &err) != BE_OK)
		fail_msg("%s: %s: %s", layers, err.msgid, err.detail);
	buffer_free(&answer);
	return box;
}

static void an_answer_is_appended(void **state)
{
	struct buffer answer = BUFFER_EMPTY;
	struct box *box = start("all");

	(void)state;
	buffer_add_str(&answer, "before ");
	assert_int_equal(box_ask(box, "echo one", 8, &answer, ANSWER_MAX, PATIENCE_MS, NULL), BE_OK);
	assert_int_equal(box_ask(box, "echo ", 5, &answer, ANSWER_MAX, PATIENCE_MS, NULL), BE_OK);
	assert_int_equal(box_ask(box, "echo two", 8, &answer, 3, PATIENCE_MS, NULL), BE_OK);
	assert_int_equal(answer.len, 13);
	assert_memory_equal(answer.data, "before onetwo", 13);
	buffer_free(&answer);
	box_free(&box);
	box_free(&box);
}

/* Far more than a socket holds, so both directions go in pieces and wait. */
static void a_large_message_comes_back_whole(void **state)
{
	const size_t size = 8u << 20;
	struct buffer message = BUFFER_EMPTY;
	struct buffer answer = BUFFER_EMPTY;
	struct box *box = start("all");

	(void)state;
	buffer_add_str(&message, "echo ");
	for (size_t i = 0; i < size; i++)
		buffer_add_byte(&message, (uint8_t)(i * 31 >> 3));
	assert_int_equal(box_ask(box, message.data, message.len, &answer, size, PATIENCE_MS, NULL), BE_OK);
	assert_int_equal(answer.len, size);
	assert_memory_equal(answer.data, message.data + 5, size);
	buffer_free(&message);
	buffer_free(&answer);
	box_free(&box);
}

static const struct {
	const char *act;
	int timeout_ms;
	enum be_err expected;
	const char *detail;
} manners[] = {
	{ "say nothing",            50,          BE_HELPER,  "no answer within 50 ms" },
	{ "say nothing",            0,           BE_HELPER,  "no answer within 0 ms" },
	{ "announce too much",      PATIENCE_MS, BE_HELPER,  "1025 bytes announced, 1024 allowed" },
	{ "stop within the answer", PATIENCE_MS, BE_HELPER,  "exit status 0" },
	{ "stop within the length", PATIENCE_MS, BE_HELPER,  "exit status 0" },
	{ "answer twice",           PATIENCE_MS, BE_HELPER,  "more than one answer" },
	{ "answer garbage",         PATIENCE_MS, BE_HELPER,  "4294967295 bytes announced, 1024 allowed" },
	{ "close the socket",       PATIENCE_MS, BE_HELPER,  "signal KILL" },
	{ "exit",                   PATIENCE_MS, BE_HELPER,  "exit status 7" },
	{ "exit without a sandbox", PATIENCE_MS, BE_SANDBOX, "exit status 71" },
	{ "abort",                  PATIENCE_MS, BE_HELPER,  "signal ABRT" },
	{ "open a socket",          PATIENCE_MS, BE_HELPER,  "refused system call" },
};

/* In the sandbox, as real helpers are; and asking again neither hangs nor succeeds, and adds nothing to the
 * answer. */
static void bad_manners_end_the_helper_and_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
		struct buffer answer = BUFFER_EMPTY;
		struct be_error err = { .code = BE_OK };
		struct box *box = start("all");
		const char *act = manners[i].act;
		enum be_err rc;

		buffer_add_str(&answer, "before");
		rc = box_ask(box, act, strlen(act), &answer, ANSWER_MAX, manners[i].timeout_ms, &err);
		if (rc != manners[i].expected || err.code != rc || strcmp(err.detail, manners[i].detail) != 0)
			fail_msg("\"%s\": %s", act, err.detail);
		assert_non_null(err.msgid);
		assert_int_equal(answer.len, 6);
		err = (struct be_error){ .code = BE_OK };
		assert_int_equal(box_ask(box, "echo x", 6, &answer, ANSWER_MAX, PATIENCE_MS, &err), rc);
		assert_string_equal(err.detail, manners[i].detail);
		assert_int_equal(answer.len, 6);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);       /* it is dead, and buried */
		buffer_free(&answer);
		box_free(&box);
	}
}

/* ---- the frames themselves ---- */

static void send_bytes(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static void a_length_is_four_bytes_little_endian(void **state)
{
	uint8_t frame[8] = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(box_message_send(ends[0], "abc", 3, NULL, NULL), BE_OK);
	assert_int_equal(recv(ends[1], frame, sizeof(frame), MSG_DONTWAIT), 7);
	assert_memory_equal(frame, "\x03\0\0\0abc", 7);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static const struct {
	const char *what;
	const char *bytes;
	size_t len;
	enum be_err expected;           /* with at most five bytes */
} frames[] = {
	{ "a message",                 "\x03\0\0\0abc", 7, BE_OK },
	{ "an empty message",          "\0\0\0\0", 4, BE_OK },
	{ "the longest that may be",   "\x05\0\0\0abcde", 9, BE_OK },
	{ "one byte too long",         "\x06\0\0\0abcdef", 10, BE_LIMIT },
	{ "the longest there is",      "\xff\xff\xff\xff""abc", 7, BE_LIMIT },
	{ "large in the third byte",   "\0\0\x01\0""abc", 7, BE_LIMIT },
	{ "nothing",                   "", 0, BE_NOT_FOUND },
	{ "a part of a length",        "\x03\0\0", 3, BE_NOT_FOUND },
	{ "a length and no more",      "\x03\0\0\0", 4, BE_NOT_FOUND },
	{ "all but the last byte",     "\x03\0\0\0ab", 6, BE_NOT_FOUND },
};

static void a_frame_is_whole_or_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct buffer out = BUFFER_EMPTY;
		int ends[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
		send_bytes(ends[0], frames[i].bytes, frames[i].len);
		(void)close(ends[0]);
		if (box_message_receive(ends[1], &out, 5, NULL, NULL) != frames[i].expected)
			fail_msg("%s", frames[i].what);
		assert_int_equal(out.len, frames[i].expected == BE_OK ? frames[i].len - 4 : 0);
		buffer_free(&out);
		(void)close(ends[1]);
	}
}

static void a_promise_of_much_takes_no_memory(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	const struct box_message_wait soon = box_message_until(1, NULL);
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	send_bytes(ends[0], "\xff\xff\xff\x7f""abc", 7);
	assert_int_equal(box_message_receive(ends[1], &out, SIZE_MAX, &soon, NULL), BE_CANCELLED);
	assert_int_equal(out.len, 0);
	assert_true(out.cap <= 65536);
	buffer_free(&out);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* Without the default action of SIGPIPE this test would not end. */
static void writing_to_nobody_is_an_error_and_no_signal(void **state)
{
	int ends[2];

	(void)state;
	(void)signal(SIGPIPE, SIG_DFL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	(void)close(ends[1]);
	assert_int_equal(box_message_send(ends[0], "abc", 3, NULL, NULL), BE_NOT_FOUND);
	(void)close(ends[0]);
}

static void a_reader_that_never_reads_meets_the_deadline(void **state)
{
	static const uint8_t much[4u << 20];
	const struct box_message_wait soon = box_message_until(20, NULL);
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(box_message_send(ends[0], much, sizeof(much), &soon, NULL), BE_CANCELLED);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void who_waits_for_a_silent_peer_is_freed_by_the_flag(void **state)
{
	const atomic_bool set = true;
	const struct box_message_wait wait = box_message_until(3600 * 1000, &set);
	struct be_error err = { .code = BE_OK };
	struct buffer out = BUFFER_EMPTY;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(box_message_receive(ends[1], &out, 1, &wait, &err), BE_CANCELLED);
	assert_string_equal(err.detail, "cancelled");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static int set_up(void **state)
{
	const char *build = getenv("BUILD");

	(void)state;
	if (build != NULL)
		(void)snprintf(probe, sizeof(probe), "%s/tests/make/box_probe", build);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_appended),
		cmocka_unit_test(a_large_message_comes_back_whole),
		cmocka_unit_test(bad_manners_end_the_helper_and_are_named),
		cmocka_unit_test(a_length_is_four_bytes_little_endian),
		cmocka_unit_test(a_frame_is_whole_or_nothing),
		cmocka_unit_test(a_promise_of_much_takes_no_memory),
		cmocka_unit_test(writing_to_nobody_is_an_error_and_no_signal),
		cmocka_unit_test(a_reader_that_never_reads_meets_the_deadline),
		cmocka_unit_test(who_waits_for_a_silent_peer_is_freed_by_the_flag),
	};

	return cmocka_run_group_tests_name("box/message", tests, set_up, NULL);
}
