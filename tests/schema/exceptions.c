/* SPDX-License-Identifier: MIT
 * Reads the list of exceptions.
 * Knows nothing of schemas. */
#include "tests/schema/exceptions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

char *read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	long size = -1;
	if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
		text = malloc((size_t)size + 1);
	}
	if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	fclose(file);
	text[size] = '\0';
	*len = (size_t)size;
	return text;
}

static bool column(agent_str *line, agent_str *out, bool last)
{
	size_t tab = agent_str_find(*line, AGENT_STR("\t"), 0);
	if (last != (tab == (size_t)-1)) {
		return false;
	}
	*out = last ? *line : agent_str_cut(*line, 0, tab);
	*line = last ? AGENT_STR_EMPTY : agent_str_from(*line, tab + 1);
	return out->len > 0;
}

void exceptions_read(exceptions *all, const char *path)
{
	size_t len, number = 0;
	*all = (exceptions){ .text = read_file(path, &len) };
	agent_str text = { all->text, len };
	while (text.len > 0) {
		size_t end = agent_str_find(text, AGENT_STR("\n"), 0);
		agent_str line = end == (size_t)-1 ? text : agent_str_cut(text, 0, end);
		exception e = { .line = ++number };
		text = end == (size_t)-1 ? AGENT_STR_EMPTY : agent_str_from(text, end + 1);
		if (line.len == 0 || line.ptr[0] == '#') {
			continue;
		}
		if (!column(&line, &e.draft, false) || !column(&line, &e.file, false) || !column(&line, &e.group, false)
			|| !column(&line, &e.test, false) || !column(&line, &e.why, true)) {
			fprintf(stderr, "%s:%zu: is not draft, file, group, test and why with tabs between them\n", path,
				number);
			exit(2);
		}
		all->list = realloc(all->list, (all->count + 1) * sizeof e);
		if (all->list == NULL) {
			exit(2);
		}
		all->list[all->count++] = e;
	}
}

void exceptions_clear(exceptions *all)
{
	free(all->list);
	free(all->text);
}

const exception *exceptions_find(exceptions *all, agent_str draft, agent_str file, const agent_str *group,
	const agent_str *test)
{
	const agent_str any = AGENT_STR("*");
	const exception *found = NULL;
	for (size_t i = 0; i < all->count; i++) {
		exception *e = &all->list[i];
		if (agent_str_eq(e->draft, draft) && agent_str_eq(e->file, file)
			&& agent_str_eq(e->group, group != NULL ? *group : any) && agent_str_eq(e->test, test != NULL ? *test : any)) {
			e->used = true;
			found = found != NULL ? found : e;
		}
	}
	return found;
}
