/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in at a server that is not there, answers nonsense, or does not answer at all: the screen stays, with what was
 * typed, and says one sentence. With the real program and its real way to the network. */

#include "support/user.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define USER "ani@contoh.example.id"
#define PASSWORD "gunung agung 3142"

/* ---- servers ---- */

static int listening; /* -1: nobody does */
static pid_t server;  /* 0: nobody answers */

static unsigned take_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(listening >= 0);
	assert_int_equal(bind(listening, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

/* Reads a request, but for what it does not want to know, and says always the same. */
static _Noreturn void answer_one(int fd, const char *answer)
{
	char request[8192];

	if (read(fd, request, sizeof(request)) > 0 && write(fd, answer, strlen(answer)) > 0)
		(void)shutdown(fd, SHUT_WR);
	while (read(fd, request, sizeof(request)) > 0)
		continue;
	_exit(0);
}

/* Each connection by a process of its own: a client may keep one open while it asks by another. */
static _Noreturn void answer_all(const char *answer)
{
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		const int fd = accept(listening, NULL, NULL);

		if (fd < 0)
			_exit(1);
		if (fork() == 0)
			answer_one(fd, answer);
		(void)close(fd);
	}
}

/* answer: NULL for one that takes connections and is silent. */
static void serve(const char *answer)
{
	assert_int_equal(listen(listening, 16), 0);
	if (answer == NULL)
		return;
	server = fork();
	assert_true(server >= 0);
	if (server == 0)
		answer_all(answer);
}

static int make(void **state)
{
	char config[128];

	(void)state;
	user_make();
	(void)snprintf(config, sizeof(config), "revocation = none\nservice = http://127.0.0.1:%u\n", take_port());
	user_write(".config/besign/config", config, strlen(config));
	return 0;
}

static int clear(void **state)
{
	(void)state;
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
	server = 0;
	(void)close(listening);
	user_clear();
	return 0;
}

/* ---- at the keyboard; nothing here waits until no job runs, for one may run for good ---- */

static struct terminal *type_password(void)
{
	struct terminal *t = user_start(NULL);

	assert_true(terminal_press(t, "1"));
	assert_true(terminal_wait_text(t, "Username or e-mail:"));
	assert_true(terminal_type(t, USER));
	assert_true(terminal_press(t, "Enter"));
	assert_true(terminal_type(t, PASSWORD));
	assert_true(terminal_wait_text(t, "[*****************"));
	return t;
}

static void leave(struct terminal **t)
{
	assert_true(terminal_press(*t, "F10"));
	assert_true(terminal_wait_text(*t, "Quit BeSign?"));
	assert_true(terminal_press(*t, "2"));
	user_ended(t, 0);
}

static void check_kept(struct terminal *t, const char *sentence)
{
	assert_true(terminal_wait_text(t, sentence));
	assert_true(terminal_wait_text(t, "BeSign - Sign In"));
	user_sees(t, "[" USER);
	user_sees(t, "[*****************");
	user_is_on(t, "Password:");
}

static void a_server_that_is_gone(void **state)
{
	struct terminal *t = type_password();

	(void)state;
	user_press(t, "Enter");
	check_kept(t, "The other side could not be reached");
	leave(&t);
}

static void a_server_that_is_another_one(void **state)
{
	static const struct {
		const char *answer, *sentence;
	} answers[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<h1>Halo</h1>\n",
			"The answer is of another kind than was asked for" },
		{ "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"ticket\":1}",
			"A message of the service is not as it should be (ticket: no text)" },
		{ "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
			"What answers there is not the service (HTTP 502)" },
		{ "\r\n\r\nnonsense", "The request was sent, but no answer came" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct terminal *t;

		serve(answers[i].answer);
		t = type_password();
		user_press(t, "Enter");
		check_kept(t, answers[i].sentence);
		user_misses(t, "One-time code");
		user_misses(t, "Halo");
		leave(&t);
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
		server = 0;
	}
}

/* The person decides how long. */
static void a_server_that_is_silent(void **state)
{
	struct terminal *t;

	(void)state;
	serve(NULL);
	t = type_password();
	assert_true(terminal_press(t, "Enter"));
	assert_true(terminal_wait_text(t, "Please wait"));
	user_is_on(t, "1 Cancel");
	assert_true(terminal_press(t, "Enter"));
	check_kept(t, "ancelled");
	assert_false(user_left(t, PASSWORD));
	leave(&t);
}

/* A question that nobody waits for is under way, and ends before what it is asked with goes. */
static void another_service_is_taken_while_one_is_silent(void **state)
{
	struct terminal *t;

	(void)state;
	serve(NULL);
	t = type_password();
	assert_true(terminal_press(t, "Tab Tab Tab Enter"));
	assert_true(terminal_wait_text(t, "(*) A server of your institution"));
	assert_true(terminal_press(t, "Tab ^U"));
	assert_true(terminal_type(t, "http://127.0.0.1:1"));
	assert_true(terminal_press(t, "Tab Tab Tab Enter"));
	assert_true(terminal_wait_text(t, "The other side could not be reached"));
	check_kept(t, "Account service:    http://127.0.0.1:1");
	assert_int_equal(user_run("grep -qx 'service = http://127.0.0.1:1' ~/.config/besign/config"), 0);
	leave(&t);
}

/* What needs no account does not wait for one. */
static void without_the_service_everything_else_works(void **state)
{
	struct terminal *t;

	(void)state;
	serve(NULL);
	t = user_start(NULL);
	user_press(t, "2");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_server_that_is_gone, make, clear),
		cmocka_unit_test_setup_teardown(a_server_that_is_another_one, make, clear),
		cmocka_unit_test_setup_teardown(a_server_that_is_silent, make, clear),
		cmocka_unit_test_setup_teardown(another_service_is_taken_while_one_is_silent, make, clear),
		cmocka_unit_test_setup_teardown(without_the_service_everything_else_works, make, clear),
	};

	return cmocka_run_group_tests_name("screens_account_network", tests, NULL, NULL);
}
