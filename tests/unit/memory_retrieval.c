/* SPDX-License-Identifier: MIT
 * How well the search finds: questions of people with known answers, scored by nDCG@10.
 */
#include "tests/unit/memory_support.h"

#include <math.h>

#include "ext/contract/json.h"

static agent_json *fixture;

static bool read_fixture(void)
{
	char path[512];
	const char *root = getenv("AGENT_FIXTURES");
	const char *project = getenv("AGENT_ROOT");
	int len = root != NULL ? snprintf(path, sizeof path, "%s/retrieval/stackfaq.json", root)
		: snprintf(path, sizeof path, "%s/../shared/fixtures/retrieval/stackfaq.json", project != NULL
		? project : ".");
	FILE *file = len > 0 && len < (int)sizeof path ? fopen(path, "rb") : NULL;
	if (file == NULL) {
		return false;
	}
	agent_buf text;
	char piece[4096];
	agent_error err = { 0 };
	agent_buf_init(&text, 8 * 1024 * 1024);
	for (size_t got = 0; (got = fread(piece, 1, sizeof piece, file)) > 0;) {
		agent_buf_add(&text, (agent_str){ piece, got });
	}
	fclose(file);
	agent_json_limits limits = { 8 * 1024 * 1024, 16 };
	if (agent_json_parse(agent_buf_str(&text), limits, "the fixture", &fixture, &err) != AGENT_OK) {
		fprintf(stderr, "# %s: %s\n", path, err.message);
	}
	agent_buf_clear(&text);
	return fixture != NULL;
}

static void put_all(agent_sqlite *db, const agent_json *documents)
{
	agent_knowledge port = agent_sqlite_knowledge(db);
	size_t total = 0;
	for (size_t i = 0; i < agent_json_count(documents); i++) {
		const agent_json *d = agent_json_at(documents, i);
		char id[24];
		int64_t number = -1;
		size_t chunks = 0;
		agent_document document = { .url = AGENT_STR_EMPTY, .language = AGENT_STR("en"), .access =
			AGENT_STR_EMPTY };
		assert_true(agent_json_int(agent_json_get(d, "id"), &number));
		snprintf(id, sizeof id, "%lld", (long long)number);
		document.id = agent_str_cstr(id);
		assert_true(agent_json_str(agent_json_get(d, "title"), &document.title)
			&& agent_json_str(agent_json_get(d, "text"), &document.text));
		assert_ok(port.put(port.state, &document, &chunks, err));
		total += chunks;
	}
	printf("# %zu documents, %zu passages\n", agent_json_count(documents), total);
}

static bool is_relevant(const agent_json *relevant, int64_t id)
{
	for (size_t i = 0; i < agent_json_count(relevant); i++) {
		int64_t one = -1;
		if (agent_json_int(agent_json_at(relevant, i), &one) && one == id) {
			return true;
		}
	}
	return false;
}

/* The documents of the passages, each once, in their order; at most 10. */
static size_t documents_of(const agent_passage *passages, size_t count, int64_t ids[10])
{
	size_t found = 0;
	for (size_t i = 0; i < count && found < 10; i++) {
		int64_t id = -1;
		bool seen = false;
		size_t mark = agent_str_find(passages[i].id, AGENT_STR("#"), 0);
		assert_true(agent_str_to_int(agent_str_cut(passages[i].id, 0, mark), &id));
		for (size_t k = 0; k < found; k++) {
			seen = seen || ids[k] == id;
		}
		if (!seen) {
			ids[found++] = id;
		}
	}
	return found;
}

static void questions_find_their_answers(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_knowledge port = agent_sqlite_knowledge(db);
	const agent_json *queries = agent_json_get(fixture, "queries");
	put_all(db, agent_json_get(fixture, "documents"));
	double sum = 0;
	size_t first = 0;
	size_t all = agent_json_count(queries);
	int64_t begin = support_now(NULL);
	for (size_t i = 0; i < all; i++) {
		const agent_json *relevant = agent_json_get(agent_json_at(queries, i), "relevant");
		agent_knowledge_query query = { .language = AGENT_STR("en"), .limit = 50 };
		agent_passage *passages = NULL;
		size_t count = 0;
		int64_t ids[10];
		agent_arena *arena = agent_arena_new(1000000);
		assert_true(agent_json_str(agent_json_get(agent_json_at(queries, i), "text"), &query.text));
		assert_ok(port.search(port.state, &query, arena, &passages, &count, err));
		size_t found = documents_of(passages, count, ids);
		double gain = 0;
		double best = 0;
		for (size_t k = 0; k < 10; k++) {
			gain += k < found && is_relevant(relevant, ids[k]) ? 1 / log2((double)k + 2) : 0;
			best += k < agent_json_count(relevant) ? 1 / log2((double)k + 2) : 0;
		}
		sum += best > 0 ? gain / best : 0;
		first += found > 0 && is_relevant(relevant, ids[0]);
		agent_arena_free(arena);
	}
	int64_t took = support_now(NULL) - begin;
	printf("# nDCG@10 %.3f, hit@1 %.3f, %zu questions, %.2f ms each\n", sum / (double)all,
		(double)first / (double)all, all,
		(double)took / (double)all);
	assert_true(sum / (double)all >= 0.80);
	agent_sqlite_close(db);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(questions_find_their_answers) };
	if (!read_fixture()) {
		printf("1..0\n# no fixture\n");
		return 0;
	}
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	agent_json_free(fixture);
	return status;
}
