/* SPDX-License-Identifier: MIT
 * Which tests of the suite are known not to pass, and why.
 * Knows nothing of schemas. */
#ifndef AGENT_TESTS_SCHEMA_EXCEPTIONS_H
#define AGENT_TESTS_SCHEMA_EXCEPTIONS_H

#include "ext/base/str.h"

/* A line: draft, file, group, test and why, with a tab between each two. Group and test "*": the whole file is left out. */
typedef struct exception {
	agent_str draft, file, group, test, why;
	size_t line;
	bool used;
} exception;

typedef struct exceptions {
	exception *list;
	size_t count;
	char *text;
} exceptions;

/* Ends the program with a reason where the file cannot be read or a line has another form. */
void exceptions_read(exceptions *all, const char *path);
void exceptions_clear(exceptions *all);
/* NULL when there is none; the one that is found counts as used. group and test NULL: the whole file. */
const exception *exceptions_find(exceptions *all, agent_str draft, agent_str file, const agent_str *group,
	const agent_str *test);

/* The whole file as text that the caller frees; ends the program where that is not possible. */
char *read_file(const char *path, size_t *len);

#endif
