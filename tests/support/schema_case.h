/* SPDX-License-Identifier: MIT
 * For tests of schemas: texts to trees and programs, and values that must be valid or not.
 * Static functions, for C tests with cmocka only. */
#ifndef AGENT_TESTS_SCHEMA_CASE_H
#define AGENT_TESTS_SCHEMA_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/contract/schema.h"

#define CASE_REGISTRY 4

/* A document of the registry as texts. */
typedef struct case_resource {
	const char *uri, *text;
} case_resource;

typedef struct schema_case {
	const char *schema;
	const char *valid, *invalid; /* JSON arrays of values; NULL: none */
	case_resource registry[CASE_REGISTRY];
} schema_case;

static inline agent_json *case_parse(const char *text)
{
	agent_error err;
	agent_json *node;
	if (agent_json_parse(agent_str_cstr(text), (agent_json_limits){ 4 * 1024 * 1024, 64 }, "the text", &node, &err) != AGENT_OK) {
		fail_msg("%.300s: %s", text, err.message);
	}
	return node;
}

/* *options gets the registry; *out and *err as agent_schema_compile leaves them. */
static inline agent_status case_compile(const schema_case *one, agent_schema_options options, agent_schema **out, agent_error *err)
{
	agent_schema_resource registry[CASE_REGISTRY];
	agent_json *document = case_parse(one->schema);
	while (options.registry_count < CASE_REGISTRY && one->registry[options.registry_count].uri != NULL) {
		const case_resource *resource = &one->registry[options.registry_count];
		registry[options.registry_count++] = (agent_schema_resource){ agent_str_cstr(resource->uri), case_parse(resource->text) };
	}
	options.registry = registry;
	agent_status status = agent_schema_compile(document, &options, out, err);
	agent_json_free(document); /* the schema keeps what it uses */
	for (size_t i = 0; i < options.registry_count; i++) {
		agent_json_free(registry[i].document);
	}
	return status;
}

static inline void case_values(const char *name, const agent_schema *schema, const char *list, bool valid)
{
	agent_error err;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count, quiet;
	agent_json *values = case_parse(list);
	for (size_t i = 0; i < agent_json_count(values); i++) {
		agent_arena *arena = agent_arena_new(100000);
		const agent_json *value = agent_json_at(values, i);
		assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &quiet, &err), AGENT_OK);
		assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
		if ((count == 0) != valid || (quiet == 0) != valid) {
			fail_msg("%s: item %zu of %s is %s", name, i, list, valid ? "refused" : "accepted");
		}
		assert_true(!valid || agent_arena_used(arena) == 0);
		agent_arena_free(arena);
	}
	agent_json_free(values);
}

static inline void case_check(const schema_case *one, agent_schema_options options)
{
	agent_error err;
	agent_schema *schema;
	if (case_compile(one, options, &schema, &err) != AGENT_OK) {
		fail_msg("%s: %s", one->schema, err.message);
	}
	case_values(one->schema, schema, one->valid != NULL ? one->valid : "[]", true);
	case_values(one->schema, schema, one->invalid != NULL ? one->invalid : "[]", false);
	agent_schema_free(schema);
}

static inline void case_refused(const schema_case *one, agent_schema_options options, const char *message)
{
	agent_error err;
	agent_schema *schema;
	if (case_compile(one, options, &schema, &err) == AGENT_OK) {
		fail_msg("%s: accepted", one->schema);
	}
	assert_null(schema);
	if (strncmp(err.message, message, strlen(message)) != 0) {
		fail_msg("%s: %s", one->schema, err.message);
	}
}

#endif
