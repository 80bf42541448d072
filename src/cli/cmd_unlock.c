/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/key_prove.h"
#include "app/unlock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/process.h"
#include "cli/account_ask.h"
#include "cli/account_here.h"
#include "cli/password.h"
#include "cli/print.h"
#include "cli/unlock_saved.h"

#include <stdio.h>
#include <string.h>

#define INDENT 4u
#define STATE_CELLS 10u /* of the words before a way */

struct wishes {
	const char *p12;
	const char *credential;
	const char *way;
	const char *key;
	int passphrase_fd; /* -1: asked for */
	bool json;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "p12", N_("FILE"), AT(p12),
		N_("the key file (PKCS#12) whose passphrase it is"), 0 },
	{ OPTIONS_TEXT, "credential", "ID", AT(credential),
		N_("a certificate of the account instead; without either, the chosen one"), 0 },
	{ OPTIONS_TEXT, "way", "fingerprint|ssh-agent", AT(way),
		N_("which way; use takes passphrase as well: no way but typing it"), 0 },
	{ OPTIONS_TEXT, "key", N_("FINGERPRINT"), AT(key),
		N_("which key of the ssh-agent (SHA256:...), as ssh-add -l lists them"), 0 },
	{ OPTIONS_NUMBER, "passphrase-fd", "N", AT(passphrase_fd),
		N_("read the passphrase that is to be saved from this descriptor"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("list: one JSON object, for programs"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* What a verb works on. */
struct job {
	const struct wishes *wishes;
	struct buffer path;
	struct unlock_target target; /* id NULL: none was named, and none is needed */
	struct account_here here;    /* of a key at the service */
	struct wire_certificate certificate;
	enum unlock_way way; /* with --way */
};

/* ---- what there is ---- */

static void print_off(const struct be_error *off)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_add_str(&text, tr(off->msgid));
	print_line(N_("Note"), INDENT, &text);
	buffer_free(&text);
}

static void print_way(enum unlock_way way, const struct unlock_way_facts *facts, bool of_a_key)
{
	const bool kept = of_a_key && facts->kept && way != UNLOCK_PASSPHRASE;
	const char *state = of_a_key && facts->used ? /* max: 9 */ N_("IN USE")
		: kept                              ? /* max: 9 */ N_("SAVED")
		: facts->off.code != BE_OK          ? /* max: 9 */ N_("OFF")
						    : "";

	print_verdict_padded(state, facts->used ? PRINT_GOOD : PRINT_PLAIN, STATE_CELLS);
	print_text(stdout, unlock_way_title(way));
	(void)printf(" (%s)\n", unlock_way_word(way));
	if (facts->key[0] != '\0')
		print_line_foreign(N_("Key"), INDENT, facts->key);
	if (facts->off.code != BE_OK)
		print_off(&facts->off);
}

static void print_agent_key(const struct unlock_agent_key *key)
{
	print_verdict_padded("", PRINT_PLAIN, STATE_CELLS);
	print_foreign(stdout, key->fingerprint);
	(void)fputc(' ', stdout);
	print_foreign(stdout, key->type);
	(void)fputc(' ', stdout);
	print_foreign(stdout, key->comment);
	(void)fputc('\n', stdout);
	if (key->off != NULL)
		print_line_text(N_("Note"), INDENT, key->off);
}

static void print_slots(const struct unlock_slots *slots)
{
	for (size_t i = 0; i < slots->count; i++) {
		const struct unlock_slot *slot = &slots->slots[i];

		print_verdict_padded(slot->used ? /* max: 9 */ N_("IN USE") : /* max: 9 */ N_("SAVED"),
			slot->used ? PRINT_GOOD : PRINT_PLAIN, STATE_CELLS);
		print_foreign(stdout, slot->id);
		(void)printf(" (%s)\n", unlock_way_word(slot->way));
	}
}

static void print_heading(const char *msgid)
{
	(void)fputc('\n', stdout);
	print_text(stdout, msgid);
	(void)fputs(":\n", stdout);
}

static struct json *way_json(enum unlock_way way, const struct unlock_way_facts *facts)
{
	struct json *object = json_object();

	json_put_string(object, "way", unlock_way_word(way));
	json_put_bool(object, "available", facts->off.code == BE_OK);
	json_put_string(object, "reason", facts->off.msgid);
	return object;
}

static struct json *agent_json(const struct unlock_agent_key *key)
{
	struct json *object = json_object();

	json_put_string(object, "fingerprint", key->fingerprint);
	json_put_string(object, "type", key->type);
	json_put_string(object, "comment", key->comment);
	json_put_bool(object, "available", key->off == NULL);
	json_put_string(object, "reason", key->off);
	return object;
}

static struct json *slot_json(const struct unlock_slot *slot)
{
	struct json *object = json_object();
	struct buffer uri = BUFFER_EMPTY;

	json_put_string(object, "way", unlock_way_word(slot->way));
	json_put_string(object, "kind", slot->kind == UNLOCK_KEY_FILE ? "key-file" : "credential");
	json_put_string(object, "id", slot->id);
	if (slot->kind == UNLOCK_KEY_FILE)
		file_uri(&uri, slot->id);
	buffer_add_byte(&uri, '\0');
	json_put_string(object, "file_uri", uri.len > 1 && !uri.failed ? (const char *)uri.data : NULL);
	buffer_free(&uri);
	json_put_string(object, "certificate", slot->certificate);
	json_put_string(object, "key", slot->key[0] != '\0' ? slot->key : NULL);
	json_put_bool(object, "used", slot->used);
	return object;
}

static enum be_err print_json(
	const struct unlock_ways *ways, const struct unlock_slots *slots, const struct job *job, struct be_error *err)
{
	struct json *all = json_object();
	struct json *list = json_array();
	struct buffer line = BUFFER_EMPTY;
	enum be_err rc;

	for (size_t i = 0; i < UNLOCK_WAY_COUNT; i++)
		json_add(list, way_json((enum unlock_way)i, &ways->ways[i]));
	json_put(all, "ways", list);
	list = json_array();
	for (size_t i = 0; i < ways->agent.count; i++)
		json_add(list, agent_json(&ways->agent.keys[i]));
	json_put(all, "agent_keys", list);
	list = json_array();
	for (size_t i = 0; i < slots->count; i++)
		if (job->target.id == NULL || strcmp(slots->slots[i].id, job->target.id) == 0)
			json_add(list, slot_json(&slots->slots[i]));
	json_put(all, "saved", list);
	rc = json_print(&line, all, err);
	if (rc == BE_OK)
		rc = print_json_line(&line, err);
	json_free(&all);
	buffer_free(&line);
	return rc;
}

static void print_all(const struct unlock_ways *ways, const struct unlock_slots *slots, bool of_a_key)
{
	for (size_t i = 0; i < UNLOCK_WAY_COUNT; i++)
		print_way((enum unlock_way)i, &ways->ways[i], of_a_key);
	if (ways->agent.count > 0)
		print_heading(N_("Keys in the ssh-agent"));
	for (size_t i = 0; i < ways->agent.count; i++)
		print_agent_key(&ways->agent.keys[i]);
	if (!of_a_key && slots->count > 0) {
		print_heading(N_("Saved passphrases"));
		print_slots(slots);
	}
}

static enum be_err do_list(const struct job *job, struct be_error *err)
{
	const bool of_a_key = job->target.id != NULL;
	struct unlock_slots slots = { NULL, 0 };
	struct unlock_ways ways;
	enum be_err rc = unlock_ways(&ways, of_a_key ? &job->target : NULL, err);

	if (rc == BE_OK)
		rc = unlock_own_slots(&slots, err);
	if (rc == BE_OK && job->wishes->json)
		rc = print_json(&ways, &slots, job, err);
	else if (rc == BE_OK)
		print_all(&ways, &slots, of_a_key);
	unlock_slots_free(&slots);
	return rc;
}

/* ---- changing it ---- */

static void say(const char *msgid, const struct job *job)
{
	print_text(stdout, msgid);
	(void)fputs(": ", stdout);
	print_foreign(stdout, job->target.id);
	(void)printf(" (%s)\n", unlock_way_word(job->way));
}

static bool is_file(const struct job *job)
{
	return job->target.kind == UNLOCK_KEY_FILE;
}

static enum be_err prove(
	struct key_facts *facts, const struct job *job, const struct secret *passphrase, struct be_error *err)
{
	return key_prove(facts, &job->target, job->here.account, passphrase, job->here.wait.cancel, err);
}

/* The passphrase is proved before anybody is asked to lend a finger or a key. */
static enum be_err do_add(const struct job *job, struct be_error *err)
{
	struct unlock_target target = job->target;
	struct secret *passphrase = NULL;
	struct key_facts facts;
	enum be_err rc;

	if (job->way == UNLOCK_PASSPHRASE)
		return be_fail(
			err, BE_USAGE, N_("Typing the passphrase is always possible and needs nothing saved"), NULL);
	rc = unlock_look(job->way, err);
	if (rc == BE_OK && is_file(job))
		rc = password_check_key_file(job->target.id, err);
	if (rc == BE_OK)
		rc = ask_secret(&passphrase, job->wishes->passphrase_fd,
			is_file(job) ? N_("Passphrase of the key file") : N_("Passphrase of the certificate"),
			"--passphrase-fd", err);
	if (rc == BE_OK)
		rc = prove(&facts, job, passphrase, err);
	if (rc == BE_OK) {
		target.certificate = facts.sha256;
		unlock_say_request(job->way);
		rc = unlock_own_enrol(&target, job->way, job->wishes->key, passphrase, NULL, err);
	}
	secret_free(&passphrase);
	if (rc != BE_OK)
		return rc;
	say(N_("the passphrase is saved, and this way is asked first from now on"), job);
	if (job->way == UNLOCK_SSH_AGENT)
		print_line_text(N_("Note"), INDENT,
			N_("who can use the agent can use the key: add it with ssh-add -c, so that each use is confirmed"));
	return BE_OK;
}

static enum be_err do_remove(const struct job *job, struct be_error *err)
{
	const enum be_err rc = unlock_own_remove(&job->target, job->way, err);

	if (rc == BE_OK)
		say(N_("removed"), job);
	return rc;
}

static enum be_err do_use(const struct job *job, struct be_error *err)
{
	const enum be_err rc = unlock_own_use(&job->target, job->way, err);

	if (rc == BE_OK)
		say(N_("asked first from now on"), job);
	return rc;
}

static enum be_err do_try(const struct job *job, struct be_error *err)
{
	struct secret *passphrase = NULL;
	struct key_facts facts;
	enum be_err rc = is_file(job) ? password_check_key_file(job->target.id, err) : BE_OK;

	if (rc == BE_OK)
		unlock_say_request(job->way);
	if (rc == BE_OK)
		rc = unlock_own_release(&passphrase, &job->target, job->way, NULL, err);
	if (rc == BE_OK)
		rc = prove(&facts, job, passphrase, err);
	if (rc == BE_WRONG_PASSPHRASE)
		rc = be_fail(err, rc, unlock_outdated, "%s", job->target.id);
	secret_free(&passphrase);
	if (rc == BE_OK)
		say(N_("it works: the passphrase is the right one"), job);
	return rc;
}

/* ---- the command ---- */

static const struct {
	const char *name;
	bool needs_key, needs_way;
	enum be_err (*run)(const struct job *job, struct be_error *err);
} verbs[] = {
	{ "list", false, false, do_list },
	{ "add", true, true, do_add },
	{ "remove", true, true, do_remove },
	{ "use", true, true, do_use },
	{ "try", true, true, do_try },
};

static enum be_err take_target(struct job *job, bool needed, struct be_error *err)
{
	const struct wishes *wishes = job->wishes;
	enum be_err rc = BE_OK;

	if (wishes->p12 != NULL && wishes->credential != NULL)
		return be_fail(err, BE_USAGE, N_("--p12 and --credential exclude each other"), NULL);
	if (wishes->p12 != NULL)
		return unlock_target_file(&job->target, &job->path, wishes->p12, NULL, err);
	if (!needed && wishes->credential == NULL)
		return BE_OK;
	rc = account_here_open(&job->here, NULL, err);
	if (rc == BE_OK && wishes->credential == NULL && job->here.state.credential.id[0] == '\0')
		return be_fail(err, BE_USAGE,
			N_("Name the key file with --p12, or choose a certificate of your account: \"besign cert use ID\""),
			NULL);
	if (rc == BE_OK)
		rc = account_here_certificate(&job->here, wishes->credential, &job->certificate, err);
	job->target = (struct unlock_target){ UNLOCK_CREDENTIAL, job->certificate.id, job->certificate.sha256 };
	return rc;
}

static enum be_err take_way(struct job *job, bool needed, struct be_error *err)
{
	if (job->wishes->way == NULL)
		return needed ? be_fail(err, BE_USAGE, N_("Say which way with --way"), NULL) : BE_OK;
	if (unlock_way_by_word(&job->way, job->wishes->way))
		return BE_OK;
	return be_fail(
		err, BE_USAGE, N_("The ways are fingerprint, ssh-agent and passphrase"), "--way %s", job->wishes->way);
}

/* at_service: an account was asked. */
static enum be_err run_verb(
	const struct wishes *wishes, size_t count, char **words, bool *at_service, struct be_error *err)
{
	struct job job = { .wishes = wishes, .path = BUFFER_EMPTY, .way = UNLOCK_PASSPHRASE };
	enum be_err rc = BE_OK;
	size_t i = 0;

	while (count > 0 && i < sizeof(verbs) / sizeof(verbs[0]) && strcmp(words[0], verbs[i].name) != 0)
		i++;
	if (count == 0 || i == sizeof(verbs) / sizeof(verbs[0]))
		return be_fail(err, BE_USAGE, N_("Say one of list, add, remove, use and try"), "%s",
			count > 0 ? words[0] : "");
	if (count > 1)
		return be_fail(err, BE_USAGE, N_("That is one name too many"), "%s", words[1]);
	rc = take_target(&job, verbs[i].needs_key, err);
	if (rc == BE_OK)
		rc = take_way(&job, verbs[i].needs_way, err);
	if (rc == BE_OK)
		rc = verbs[i].run(&job, err);
	*at_service = job.here.account != NULL;
	wire_free(&wire_certificate_message, &job.certificate);
	account_here_close(&job.here);
	buffer_free(&job.path);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .passphrase_fd = -1 };
	bool at_service = false;
	struct be_error err = { .code = BE_OK };
	int count = 0;
	enum be_err rc = options_parse(options, &wishes, argc, argv, &count, &err);

	process_guard_secrets();
	if (rc == BE_OK)
		rc = run_verb(&wishes, (size_t)count, argv + 1, &at_service, &err);
	if (rc == BE_OK)
		return EXIT_DONE;
	return at_service ? command_refuse(self, &err) : command_refuse_here(self, &err);
}

const struct command command_unlock = { "unlock",
	N_("list | add | remove | use | try  [--p12 FILE | --credential ID] [--way WAY] [options]"),
	N_("let a fingerprint or an ssh-agent's key stand for the passphrase"), options, run };
