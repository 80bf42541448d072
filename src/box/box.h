/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BOX_BOX_H
#define BOX_BOX_H

/*
 * Running a helper: a program of ours that looks at untrusted bytes and can do nothing else. The parent
 * starts it (posix_spawn) with one socket and one document's descriptor, sends bounded length-prefixed
 * messages, and takes bounded answers, one for each. The helper enters its sandbox before it reads the
 * first byte of the document. Knows processes; knows no PDF.
 */

#include "base/buffer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Descriptors in the helper; everything above is closed, 0–2 are /dev/null (2 stays the parent's under a
 * sanitizer build). */
#define BOX_FD_MESSAGES 3       /* a SOCK_STREAM socket pair end */
#define BOX_FD_DOCUMENT 4       /* the document, read-only; may be absent */

/* ---- the parent's side ---- */

struct box;

/* Where a helper's program stands: beside the running program (a build tree), else the installed libexec
 * directory. BE_HELPER when neither. A name with a slash is the place itself. The path is put in place of
 * what the buffer had, and a NUL that does not count follows it. */
enum be_err box_find(struct buffer *path, const char *helper, struct be_error *err);

/* Starts the helper with LANG=C for an environment, in a process group of its own. document may be -1; it
 * is opened anew for reading, the caller keeps its own. A helper that enters by box_enter dies with the
 * thread that calls this (PR_SET_PDEATHSIG knows threads): ask from a thread that stays. One that enters by
 * box_enter_reading dies with the process, and any thread may ask it, one at a time. */
enum be_err box_start(struct box **out, const char *helper, int document, struct be_error *err);
/* One message to the helper and one back, at most max bytes, within timeout_ms in all (a helper that is
 * later is killed: BE_HELPER). The answer is appended, or nothing is. The detail says how a helper died:
 * "exit status N", "signal NAME", or "refused system call" (SIGSYS). After a failure the helper is dead,
 * and asking again fails the same way. BE_SANDBOX: the helper had no sandbox to work in. */
enum be_err box_ask(struct box *box, const void *message, size_t len, struct buffer *answer, size_t max,
	int timeout_ms, struct be_error *err);
/* A flag that ends the waiting of a box_ask: the helper is killed, the answer is BE_CANCELLED. Borrowed; NULL
 * takes it away. */
void box_cancel_by(struct box *box, const atomic_bool *flag);
/* Ends the helper (kill, then wait) and frees. */
void box_free(struct box **box);

/* ---- the helper's side ---- */

/* What a helper exits with when box_enter fails, so that box_ask can say BE_SANDBOX. */
#define BOX_EXIT_NO_SANDBOX 71

/* rlimits (address space, CPU seconds, no files written, no processes, no core), PR_SET_NO_NEW_PRIVS, not
 * dumpable, dies with its parent, Landlock where the kernel has it, then a seccomp allow-list: anything
 * that opens, creates, connects, forks, executes, traces or changes a mapping to executable is refused by
 * killing the process. BE_SANDBOX when seccomp or no_new_privs cannot be had: the helper must then stop.
 *
 * First in main, but after what opens files once: OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG |
 * OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_ADD_ALL_CIPHERS, NULL) reads openssl.cnf, a provider other
 * than the built-in one is loaded with dlopen, setlocale and iconv read their tables. The time zone is read
 * by box_enter itself. Afterwards there is 1 GiB of memory, the document's size of address space
 * beside it, and 30 s of CPU for the process's whole life:
 * start one for each document. */
enum be_err box_enter(struct be_error *err);

/* The same in two steps, for a helper that lives as long as its document is looked at and must open some
 * files while it works: fonts, and what comes with the libraries that draw. The first step grants reading
 * below these directories and files (NULL-ended; those that are not there are passed over) to every thread
 * that is started after it. BE_SANDBOX also when one runs already, and when the kernel has no Landlock:
 * seccomp cannot tell one path from another. The second takes away the rest: what box_enter refuses is refused but
 * for opening to read, asking about files, and threads.
 *
 * Before the first, what loads code is warmed up (iconv, the loaders of pictures); between the two what
 * starts threads; after the second nothing that has to open a file for anything but reading. It ends when
 * the parent's end of the socket closes, even while it is busy. */
enum be_err box_enter_reading(const char *const *readable, struct be_error *err);
enum be_err box_enter_closed(struct be_error *err);
/* Allows the process that many more seconds of processor time; after them SIGXCPU ends it. For each request
 * of a helper that entered by box_enter_reading. */
void box_more_time(unsigned seconds);

/* Next message from the parent, at most max bytes; BE_NOT_FOUND when the parent is gone. */
enum be_err box_receive(struct buffer *out, size_t max, struct be_error *err);
enum be_err box_answer(const void *message, size_t len, struct be_error *err);

/* ---- for doctor ---- */

struct box_offers {
	bool seccomp;
	int  landlock_abi;              /* 0: none */
};
/* What this kernel offers, probed now. */
void box_probe(struct box_offers *out);

#endif
