/* SPDX-License-Identifier: MIT
 * The official JSON-Schema-Test-Suite over contract/schema: suite FOLDER EXCEPTIONS [WORD]
 * prints TAP lines, and what is shown in any case; only files whose name holds WORD. Nothing is fetched. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "ext/contract/schema_program.h"
#include "tests/schema/exceptions.h"

#define DOCUMENTS_MAX 200
#define PATH_MAX_HERE 1024

typedef struct tally {
	size_t passed, all;
} tally;

static struct {
	const char *folder, *word;
	exceptions known;
	agent_schema_resource documents[DOCUMENTS_MAX];
	agent_json *trees[DOCUMENTS_MAX];
	char *uris[DOCUMENTS_MAX];
	size_t document_count, failed;
} suite;

static const char *const drafts[] = { "draft2020-12", "draft7" };
static const char *const dialects[] = { "https://json-schema.org/draft/2020-12/schema",
	"http://json-schema.org/draft-07/schema#" };
/* Of optional/: what is said about patterns. */
static const char *const pattern_files[] = { "ecmascript-regex.json", "non-bmp-regex.json", "unicode.json" };

static agent_json *read_tree(const char *path)
{
	agent_error err;
	agent_json *tree;
	size_t len;
	char *text = read_file(path, &len);
	if (agent_json_parse_nul((agent_str){ text, len }, AGENT_JSON_LIMITS, path, &tree, &err) != AGENT_OK) {
		fprintf(stderr, "%s\n", err.message);
		exit(2);
	}
	free(text);
	return tree;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool is_json(const char *name)
{
	size_t len = strlen(name);
	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

/* Every *.json below the folder of a draft's documents. */
static void read_documents(const char *folder, const char *uri, const char *draft)
{
	struct dirent **names;
	int count = scandir(folder, &names, visible, by_name);
	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		char path[PATH_MAX_HERE], here[PATH_MAX_HERE];
		snprintf(path, sizeof path, "%s/%s", folder, name);
		snprintf(here, sizeof here, "%s/%s", uri, name);
		if (is_json(name) && suite.document_count < DOCUMENTS_MAX) {
			agent_json *tree = suite.trees[suite.document_count] = read_tree(path);
			char *copy = suite.uris[suite.document_count] = strdup(here);
			suite.documents[suite.document_count++] = (agent_schema_resource){ agent_str_cstr(copy), tree };
		} else if (!is_json(name) && (strncmp(name, "draft", 5) != 0 || strcmp(name, draft) == 0)) {
			read_documents(path, here, draft);
		}
		free(names[i]);
	}
	if (count < 0) {
		fprintf(stderr, "%s: cannot be read\n", folder);
		exit(2);
	}
	free(names);
}

static void forget_documents(void)
{
	for (size_t i = 0; i < suite.document_count; i++) {
		agent_json_free(suite.trees[i]);
		free(suite.uris[i]);
	}
	suite.document_count = 0;
}

/* NULL when the schema judges as the suite wants, else why not (in a static buffer). */
static const char *judge(const agent_schema *schema, const agent_json *value, bool valid)
{
	static char why[600];
	agent_error err = { 0 };
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t quiet = 0, count = 0;
	agent_arena *arena = agent_arena_new((size_t)4 * 1024 * 1024);
	why[0] = '\0';
	if (arena == NULL || agent_schema_validate(schema, value, NULL, NULL, &quiet, &err) != AGENT_OK
		|| agent_schema_validate(schema, value, arena, faults, &count, &err) != AGENT_OK) {
		snprintf(why, sizeof why, "%s", err.message);
	} else if ((quiet > 0) != (count > 0)) {
		snprintf(why, sizeof why, "%zu faults when they are not asked for, else %zu", quiet, count);
	} else if ((count == 0) != valid && count == 0) {
		snprintf(why, sizeof why, "is taken as valid");
	} else if ((count == 0) != valid) {
		snprintf(why, sizeof why, "is taken as invalid: \"%.*s\" %.*s (%.*s)", AGENT_STR_ARG(faults[0].instance),
			AGENT_STR_ARG(faults[0].message), AGENT_STR_ARG(faults[0].schema));
	}
	agent_arena_free(arena);
	return why[0] != '\0' ? why : NULL;
}

static void say(bool ok, agent_str draft, agent_str file, agent_str group, agent_str test, const char *why)
{
	suite.failed += !ok;
	printf("%s - schema %.*s %.*s: %.*s: %.*s%s%s\n", ok ? "ok" : "not ok", AGENT_STR_ARG(draft), AGENT_STR_ARG(file),
		AGENT_STR_ARG(group), AGENT_STR_ARG(test), why != NULL ? ": " : "", why != NULL ? why : "");
}

static void run_test(const agent_schema *schema, const char *refused, const agent_json *test, agent_str draft,
	agent_str file, agent_str group, tally *sum)
{
	agent_str name = AGENT_STR_EMPTY;
	bool valid = false;
	(void)agent_json_str(agent_json_get(test, "description"), &name);
	(void)agent_json_bool(agent_json_get(test, "valid"), &valid);
	const char *why = schema == NULL ? refused : judge(schema, agent_json_get(test, "data"), valid);
	const exception *known = exceptions_find(&suite.known, draft, file, &group, &name);
	sum->all++;
	sum->passed += why == NULL;
	if (known == NULL) {
		say(why == NULL, draft, file, group, name, why);
	} else if (why == NULL) {
		say(false, draft, file, group, name, "passes although it is an exception");
	}
}

static void run_file(size_t d, agent_str file, bool formats, tally *sum)
{
	char path[PATH_MAX_HERE];
	agent_str draft = agent_str_cstr(drafts[d]);
	if (strstr(file.ptr, suite.word) == NULL) {
		return;
	}
	snprintf(path, sizeof path, "%s/tests/%s/%s", suite.folder, drafts[d], file.ptr);
	agent_json *groups = read_tree(path);
	const agent_schema_options options = { .formats = formats, .dialect = agent_str_cstr(dialects[d]),
		.registry = suite.documents, .registry_count = suite.document_count };
	for (size_t g = 0; g < agent_json_count(groups); g++) {
		const agent_json *group = agent_json_at(groups, g), *tests = agent_json_get(group, "tests");
		agent_error err;
		agent_schema *schema;
		agent_str name = AGENT_STR_EMPTY;
		(void)agent_json_str(agent_json_get(group, "description"), &name);
		agent_status status = agent_schema_compile(agent_json_get(group, "schema"), &options, &schema, &err);
		for (size_t t = 0; t < agent_json_count(tests); t++) {
			run_test(status == AGENT_OK ? schema : NULL, err.message, agent_json_at(tests, t), draft, file, name, sum);
		}
		agent_schema_free(schema);
	}
	agent_json_free(groups);
}

/* The format that a file of optional/format is about; a file that is left out must be about one we do not have. */
static bool format_left_out(size_t d, agent_str file)
{
	agent_str draft = agent_str_cstr(drafts[d]);
	size_t start = strlen("optional/format/");
	agent_str name = agent_str_cut(file, start, file.len - start - strlen(".json"));
	if (exceptions_find(&suite.known, draft, file, NULL, NULL) == NULL) {
		return false;
	}
	if (agent_format_find(name) != NULL) {
		say(false, draft, file, AGENT_STR("*"), AGENT_STR("*"), "is left out although the format is there");
	}
	return true;
}

static void run_folder(size_t d, const char *below, tally *sum, tally *formats)
{
	char folder[PATH_MAX_HERE], file[PATH_MAX_HERE];
	struct dirent **names;
	snprintf(folder, sizeof folder, "%s/tests/%s/%s", suite.folder, drafts[d], below);
	int count = scandir(folder, &names, visible, by_name);
	for (int i = 0; i < count; i++) {
		snprintf(file, sizeof file, "%s%s", below, names[i]->d_name);
		if (is_json(file) && formats == NULL) {
			run_file(d, agent_str_cstr(file), false, sum);
		} else if (is_json(file) && !format_left_out(d, agent_str_cstr(file))) {
			run_file(d, agent_str_cstr(file), true, formats);
		}
		free(names[i]);
	}
	if (count <= 0) {
		fprintf(stderr, "%s: holds no tests\n", folder);
		exit(2);
	}
	free(names);
}

int main(int argc, char **argv)
{
	tally required[2] = { { 0, 0 }, { 0, 0 } }, formats = { 0, 0 }, patterns = { 0, 0 };
	char path[PATH_MAX_HERE];
	if (argc < 3) {
		fprintf(stderr, "suite FOLDER EXCEPTIONS [WORD]\n");
		return 2;
	}
	suite.folder = argv[1];
	suite.word = argc > 3 ? argv[3] : "";
	exceptions_read(&suite.known, argv[2]);
	for (size_t d = 0; d < 2; d++) {
		snprintf(path, sizeof path, "%s/remotes", suite.folder);
		read_documents(path, "http://localhost:1234", drafts[d]);
		run_folder(d, "", &required[d], NULL);
		run_folder(d, "optional/format/", NULL, &formats);
		for (size_t i = 0; i < sizeof pattern_files / sizeof *pattern_files; i++) {
			snprintf(path, sizeof path, "%s/tests/%s/optional/%s", suite.folder, drafts[d], pattern_files[i]);
			FILE *there = fopen(path, "r"); /* draft 7 has two of them only */
			if (there != NULL) {
				fclose(there);
				snprintf(path, sizeof path, "optional/%s", pattern_files[i]);
				run_file(d, agent_str_cstr(path), true, &patterns);
			}
		}
		forget_documents();
	}
	for (size_t i = 0; suite.word[0] == '\0' && i < suite.known.count; i++) {
		const exception *e = &suite.known.list[i];
		if (!e->used) {
			say(false, e->draft, e->file, e->group, e->test, "is an exception, and no such test is there");
		}
	}
	printf("shown - json-schema draft2020-12: %zu of %zu, draft7: %zu of %zu\n", required[0].passed, required[0].all,
		required[1].passed, required[1].all);
	printf("shown - formats: %zu of %zu, patterns: %zu of %zu\n", formats.passed, formats.all, patterns.passed,
		patterns.all);
	exceptions_clear(&suite.known);
	return suite.failed > 0;
}
