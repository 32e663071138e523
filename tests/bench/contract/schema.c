/* SPDX-License-Identifier: MIT
 * Our half of the contract benchmark: schema CASE.json … prints a line for each,
 * "name compile_us valid_ns invalid_ns told_ns allocations": invalid is asked only, told gives the faults. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ext/contract/schema.h"

/* Every allocation of the process, libraries' too. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static size_t allocations;

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	allocations++;
	return __libc_realloc(block, size);
}

static void die(const char *file, const char *why)
{
	fprintf(stderr, "%s: %s\n", file, why);
	exit(1);
}

static double cpu_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static agent_json *read_tree(const char *path)
{
	static char text[1 << 20];
	agent_error err;
	agent_json *tree;
	FILE *file = fopen(path, "rb");
	size_t len = file != NULL ? fread(text, 1, sizeof text, file) : 0;
	if (file == NULL || fclose(file) != 0) {
		die(path, "cannot be read");
	}
	if (agent_json_parse((agent_str){ text, len }, (agent_json_limits){ sizeof text, 64 }, path, &tree, &err) != AGENT_OK) {
		die(path, err.message);
	}
	return tree;
}

static void judge(const char *file, const agent_schema *schema, const agent_json *value, bool told, bool valid)
{
	agent_error err;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count;
	agent_arena *arena = told ? agent_arena_new(1 << 20) : NULL;
	if (agent_schema_validate(schema, value, arena, told ? faults : NULL, &count, &err) != AGENT_OK) {
		die(file, err.message);
	}
	if ((count == 0) != valid) {
		die(file, "is judged otherwise than it should be");
	}
	agent_arena_free(arena);
}

/* The least of five, each of 50 ms and more; *made, if asked for, is what one validation allocates. */
static double measure(const char *file, const agent_schema *schema, const agent_json *value, bool told, bool valid, double *made)
{
	double best = 1e18;
	long rounds = 1;
	for (int i = 0; i < 5;) {
		size_t before = allocations;
		double start = cpu_ns();
		for (long r = 0; r < rounds; r++) {
			judge(file, schema, value, told, valid);
		}
		double took = cpu_ns() - start;
		if (took < 5e7) {
			rounds *= 2;
			continue;
		}
		if (made != NULL) {
			*made = (double)(allocations - before) / (double)rounds;
		}
		best = took / (double)rounds < best ? took / (double)rounds : best;
		i++;
	}
	return best;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const agent_schema_options options = { .formats = true };
		agent_error err;
		agent_schema *schema = NULL;
		agent_json *tree = read_tree(argv[i]);
		double made, start = cpu_ns();
		for (int r = 0; r < 20; r++) {
			agent_schema_free(schema);
			if (agent_schema_compile(agent_json_get(tree, "schema"), &options, &schema, &err) != AGENT_OK) {
				die(argv[i], err.message);
			}
		}
		double compile = (cpu_ns() - start) / 20 / 1000;
		const agent_json *valid = agent_json_get(tree, "valid"), *invalid = agent_json_get(tree, "invalid");
		double fine = measure(argv[i], schema, valid, false, true, &made);
		double asked = measure(argv[i], schema, invalid, false, false, NULL);
		double told = measure(argv[i], schema, invalid, true, false, NULL);
		const char *name = strrchr(argv[i], '/') != NULL ? strrchr(argv[i], '/') + 1 : argv[i];
		printf("%s %.1f %.1f %.1f %.1f %g\n", name, compile, fine, asked, told, made);
		fflush(stdout);
		agent_schema_free(schema);
		agent_json_free(tree);
	}
	return 0;
}
