/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs a fuzz harness without a fuzzer: every seed as it is, then a fixed number of mutations from a fixed generator,
 * so that each run of the tests does the same. A child does the work; when it dies or hangs, the parent says at which
 * input.
 *
 *   HARNESS SEEDS               one test, in TAP
 *   HARNESS SEEDS NUMBER FILE   writes input NUMBER into FILE, for a debugger
 *
 * A slow harness defines fuzz_mutations to ask for fewer.
 */

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
extern const unsigned fuzz_mutations __attribute__((weak));

#define MUTATIONS 20000u
#define INPUT_MAX (1u << 20)
#define SECONDS_AN_INPUT 20u

struct input {
	uint8_t *bytes;
	size_t len;
};

struct seeds {
	struct input *items;
	size_t count;
};

static uint64_t random_state = 0x9e3779b97f4a7c15u;

/* xorshift64*: the same numbers everywhere. */
static uint64_t random_bits(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1du;
}

static size_t below(size_t bound)
{
	return bound == 0 ? 0 : (size_t)(random_bits() >> 11) % bound;
}

static void *must(void *memory)
{
	if (memory == NULL) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

/* ---- seeds ---- */

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool load(const char *directory, const char *name, struct input *out)
{
	char *path = NULL;
	FILE *file = NULL;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		path = must(NULL);
	file = fopen(path, "rb");
	free(path);
	if (file == NULL)
		return false;
	out->bytes = must(malloc(INPUT_MAX));
	out->len = fread(out->bytes, 1, INPUT_MAX, file);
	fclose(file);
	return true;
}

/* In the order of their names; without any, the empty input is the one seed. */
static void load_all(const char *directory, struct seeds *out)
{
	struct dirent **names = NULL;
	int found = scandir(directory, &names, visible, alphasort);

	out->items = must(calloc(found > 0 ? (size_t)found : 1, sizeof(*out->items)));
	for (int i = 0; i < found; i++) {
		if (load(directory, names[i]->d_name, &out->items[out->count]))
			out->count++;
		free(names[i]);
	}
	free(names);
	if (out->count == 0) {
		out->items[0].bytes = must(malloc(1));
		out->count = 1;
	}
}

static void free_all(struct seeds *seeds)
{
	for (size_t i = 0; i < seeds->count; i++)
		free(seeds->items[i].bytes);
	free(seeds->items);
}

/* ---- mutations ---- */

static void insert(struct input *in, size_t at, const uint8_t *bytes, size_t len)
{
	if (len > INPUT_MAX - in->len)
		len = INPUT_MAX - in->len;
	memmove(in->bytes + at + len, in->bytes + at, in->len - at);
	memmove(in->bytes + at, bytes, len);
	in->len += len;
}

static void cut(struct input *in, size_t at, size_t len)
{
	memmove(in->bytes + at, in->bytes + at + len, in->len - at - len);
	in->len -= len;
}

static void insert_noise(struct input *in)
{
	uint8_t noise[16];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)random_bits();
	insert(in, below(in->len + 1), noise, 1 + below(sizeof(noise)));
}

/* A number in digits is where offsets and lengths stand in a PDF. */
static void insert_number(struct input *in)
{
	static const char *const numbers[] = { "0", "-1", "1", "65535", "2147483648", "4294967295", "4294967296",
		"18446744073709551615", "99999999999999999999", "1e30", "00000", "[", "<<", ">>", "\n", "%" };
	const char *number = numbers[below(sizeof(numbers) / sizeof(numbers[0]))];

	insert(in, below(in->len + 1), (const uint8_t *)number, strlen(number));
}

static void splice(struct input *in, const struct seeds *seeds)
{
	const struct input *other = &seeds->items[below(seeds->count)];
	size_t from = below(other->len);
	size_t len = below(other->len - from < 512 ? other->len - from + 1 : 512);

	insert(in, below(in->len + 1), other->bytes + from, len);
}

static void mutate_once(struct input *in, const struct seeds *seeds)
{
	static const uint8_t edges[] = { 0x00, 0x01, 0x7f, 0x80, 0xff, 0x30, 0x84, ' ', '\n', '0', '9', '/', '(', '<' };
	size_t at = below(in->len);
	size_t len = in->len == 0 ? 0 : 1 + below(in->len - at < 64 ? in->len - at : 64);

	switch (in->len == 0 ? 4 : below(8)) {
	case 0:
		in->bytes[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		in->bytes[at] = (uint8_t)random_bits();
		break;
	case 2:
		in->bytes[at] = edges[below(sizeof(edges))];
		break;
	case 3:
		cut(in, at, len);
		break;
	case 4:
		insert_noise(in);
		break;
	case 5:
		insert_number(in);
		break;
	case 6:
		splice(in, seeds);
		break;
	default:
		in->len = below(8) == 0 ? at : in->len;
		break;
	}
}

static unsigned mutations(void)
{
	return &fuzz_mutations != NULL ? fuzz_mutations : MUTATIONS;
}

/* Input number i, counted from 0: first the seeds, then mutations; the generator must have made all before it. */
static void make_input(const struct seeds *seeds, size_t i, struct input *out)
{
	const struct input *seed = &seeds->items[i < seeds->count ? i : below(seeds->count)];

	if (seed->len > 0)
		memcpy(out->bytes, seed->bytes, seed->len);
	out->len = seed->len;
	if (i < seeds->count)
		return;
	for (size_t rounds = 1 + below(4); rounds > 0; rounds--)
		mutate_once(out, seeds);
}

/* ---- the child works, the parent watches ---- */

/* The harness gets a copy of exactly its size, so that a sanitizer sees a read past the end. */
static void run_one(const struct input *in)
{
	uint8_t *copy = must(malloc(in->len > 0 ? in->len : 1));

	if (in->len > 0)
		memcpy(copy, in->bytes, in->len);
	alarm(SECONDS_AN_INPUT);
	LLVMFuzzerTestOneInput(copy, in->len);
	free(copy);
}

static void run_all(const struct seeds *seeds, volatile uint64_t *reached)
{
	struct input in = { must(malloc(INPUT_MAX)), 0 };

	for (size_t i = 0; i < seeds->count + mutations(); i++) {
		*reached = i;
		make_input(seeds, i, &in);
		run_one(&in);
	}
	alarm(0);
	free(in.bytes);
}

static int watch(pid_t child, const char *name, const struct seeds *seeds, const volatile uint64_t *reached)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return 2;
	}
	puts("1..1");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		printf("ok 1 - %s stands %zu seeds and %u mutations\n", name, seeds->count, mutations());
		return 0;
	}
	printf("not ok 1 - %s stands %zu seeds and %u mutations\n", name, seeds->count, mutations());
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("# input %" PRIu64 " takes longer than %u seconds\n", *reached, SECONDS_AN_INPUT);
	else if (WIFSIGNALED(status))
		printf("# input %" PRIu64 " ends in signal %d (%s)\n", *reached, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		printf("# the run ended with status %d, last at input %" PRIu64 "\n", WEXITSTATUS(status), *reached);
	return 1;
}

static int write_input(const struct seeds *seeds, size_t number, const char *path)
{
	struct input in = { must(malloc(INPUT_MAX)), 0 };
	FILE *file = fopen(path, "wb");
	bool written = false;

	for (size_t i = 0; i <= number; i++)
		make_input(seeds, i, &in);
	if (file != NULL) {
		written = fwrite(in.bytes, 1, in.len, file) == in.len;
		written = fclose(file) == 0 && written;
	}
	free(in.bytes);
	return written ? 0 : 2;
}

int main(int argc, char **argv)
{
	struct seeds seeds = { NULL, 0 };
	volatile uint64_t *reached = NULL;
	const char *name = strrchr(argv[0], '/');
	pid_t child = -1;
	int status = 2;

	if (argc != 2 && argc != 4) {
		fputs("usage: HARNESS SEEDS [NUMBER FILE]\n", stderr);
		return 2;
	}
	load_all(argv[1], &seeds);
	if (argc == 4) {
		status = write_input(&seeds, (size_t)strtoull(argv[2], NULL, 10), argv[3]);
		goto out;
	}
	reached = mmap(NULL, sizeof(*reached), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reached == MAP_FAILED)
		goto out;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (LLVMFuzzerInitialize != NULL)
			LLVMFuzzerInitialize(&argc, &argv);
		run_all(&seeds, reached);
		free_all(&seeds);
		exit(0);
	}
	if (child > 0)
		status = watch(child, name != NULL ? name + 1 : argv[0], &seeds, reached);
out:
	free_all(&seeds);
	return status;
}
