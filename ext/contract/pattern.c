/* SPDX-License-Identifier: MIT
 * Patterns on PCRE2: compiled once, matched within limits.
 * The only file that includes PCRE2; no JIT. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ext/base/alloc.h"
#include "ext/contract/pattern.h"
#include "ext/contract/pattern_ecma.h"
#include "ext/contract/pattern_simple.h"

#define SOURCE_MAX ((size_t)4096)
#define CODE_MAX ((size_t)32 * 1024)
#define PLAIN_LIMIT 10000u       /* steps back from one starting place, as PCRE2 counts them */
#define COUNTED_LIMIT 10000000u  /* the same where our own count is the tighter one */
#define DEPTH_LIMIT 1000000u     /* the heap's is the tighter one */
#define HEAP_LIMIT 16384u        /* KiB */

/* PCRE2 counts per starting place, and not what a repetition of one character runs over: that leaves a pattern without a step back
 * the square of a text. So longer texts, and short ones that take long, are matched by a program with a callout before each item,
 * which counts all of it: about a nanosecond is 1. */
#define SHORT_TEXT ((size_t)64)
#define SHORT_COST ((size_t)640)
#define ITEM_COST ((size_t)8)    /* of an item, where a character that is run over costs 1 */
#define WORK_LEAST ((size_t)32000000)
#define WORK_PER_BYTE ((size_t)80)
#define WORK_UNIT ((size_t)64)   /* of that is 1 of a validation's work */

/* Nothing in it changes after it was made: matches bring their own match data. */
struct agent_pattern {
	pcre2_code *code;
	pcre2_code *counted;         /* the same with callouts */
	size_t item_cost;
	bool references;
	agent_pattern_item *items;   /* where it is simple: agent_pattern_test needs no PCRE2 then */
	size_t item_count;
};

static void *take_memory(PCRE2_SIZE size, void *state)
{
	(void)state;
	return agent_malloc(size);
}

static void give_memory(void *block, void *state)
{
	(void)state;
	agent_free(block);
}

/* --- compiling --- */

static agent_status compile_code(pcre2_compile_context *context, agent_str text, uint32_t more, pcre2_code **out,
	agent_error *err)
{
	int code = 0;
	PCRE2_SIZE at = 0;
	size_t size = 0;
	*out = pcre2_compile((PCRE2_SPTR)text.ptr, text.len,
		PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C
			| PCRE2_NEVER_UCP | more,
		&code, &at, context);
	if (*out == NULL) {
		PCRE2_UCHAR reason[160] = { 0 };
		if (code == PCRE2_ERROR_HEAP_FAILED) {
			return agent_fail_memory(err);
		}
		pcre2_get_error_message(code, reason, sizeof reason);
		return agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is no regular expression: %s",
			(const char *)reason);
	}
	(void)pcre2_pattern_info(*out, PCRE2_INFO_SIZE, &size);
	return size <= CODE_MAX ? AGENT_OK
		: agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is a pattern that repeats or lists too much");
}

static agent_status compile(agent_pattern *p, agent_str text, agent_error *err)
{
	pcre2_general_context *general = pcre2_general_context_create(take_memory, give_memory, NULL);
	pcre2_compile_context *context = general != NULL ? pcre2_compile_context_create(general) : NULL;
	agent_status status = AGENT_ERR;
	if (context == NULL) {
		agent_fail_memory(err);
	} else {
		pcre2_set_parens_nest_limit(context, AGENT_PATTERN_DEPTH);
		pcre2_set_newline(context, PCRE2_NEWLINE_LF);
		status = compile_code(context, text, 0, &p->code, err);
		if (status == AGENT_OK) {
			status = compile_code(context, text, PCRE2_AUTO_CALLOUT, &p->counted, err);
		}
	}
	pcre2_compile_context_free(context);
	pcre2_general_context_free(general);
	return status;
}

static agent_status translate(agent_pattern *p, agent_str source, agent_error *err)
{
	agent_buf text;
	agent_pattern_shape shape;
	size_t at = 0;
	agent_buf_init(&text, SOURCE_MAX * 64); /* \s alone becomes 90 bytes */
	const char *reason = agent_pattern_translate(source, &text, &shape, &at);
	agent_status status;
	if (reason != NULL) {
		status = agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is no regular expression: %s, at byte %zu",
			reason, at);
	} else {
		status = agent_buf_check(&text, "the pattern", err);
	}
	if (status == AGENT_OK) {
		p->item_cost = ITEM_COST + shape.least / 16;
		p->references = shape.references;
		status = compile(p, agent_buf_str(&text), err);
	}
	agent_buf_clear(&text);
	return status;
}

static agent_status simplify(agent_pattern *p, agent_str source, agent_error *err)
{
	agent_pattern_item items[32];
	size_t count = agent_pattern_items(source, items, sizeof items / sizeof *items);
	if (count == 0) {
		return AGENT_OK;
	}
	p->items = agent_calloc(count, sizeof *items);
	if (p->items == NULL) {
		return agent_fail_memory(err);
	}
	memcpy(p->items, items, count * sizeof *items);
	p->item_count = count;
	return AGENT_OK;
}

agent_status agent_pattern_compile(agent_str source, agent_pattern **out, agent_error *err)
{
	*out = NULL;
	if (source.len > SOURCE_MAX) {
		return agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is a pattern of more than %zu bytes",
			SOURCE_MAX);
	}
	agent_pattern *p = agent_calloc(1, sizeof *p);
	if (p == NULL) {
		return agent_fail_memory(err);
	}
	if (translate(p, source, err) != AGENT_OK || simplify(p, source, err) != AGENT_OK) {
		agent_pattern_free(p);
		return AGENT_ERR;
	}
	*out = p;
	return AGENT_OK;
}

void agent_pattern_free(agent_pattern *pattern)
{
	if (pattern != NULL) {
		pcre2_code_free(pattern->code);
		pcre2_code_free(pattern->counted);
		agent_free(pattern->items);
		agent_free(pattern);
	}
}

size_t agent_pattern_size(const agent_pattern *pattern)
{
	size_t plain = 0, counted = 0;
	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &plain);
	(void)pcre2_pattern_info(pattern->counted, PCRE2_INFO_SIZE, &counted);
	return sizeof *pattern + plain + counted + pattern->item_count * sizeof *pattern->items;
}

/* --- matching --- */

/* What PCRE2 wants to allocate for one match stands here; what does not fit comes from the heap. */
typedef struct room {
	size_t used;
	union {
		max_align_t align;
		char bytes[23 * 1024];       /* PCRE2 begins with 20 KiB for the places it remembers */
	} u;
} room;

static void *take_room(PCRE2_SIZE size, void *state)
{
	room *r = state;
	size_t step = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (step < size || step > sizeof r->u.bytes - r->used) {
		return agent_malloc(size);
	}
	r->used += step;
	return r->u.bytes + r->used - step;
}

static void give_room(void *block, void *state)
{
	room *r = state;
	const char *p = block;
	if (p != NULL && (p < r->u.bytes || p >= r->u.bytes + sizeof r->u.bytes)) {
		agent_free(block);
	}
}

typedef struct meter {
	size_t left, last, item_cost;
	size_t reference_cost;       /* more, for a pattern that compares with what a group took */
} meter;

static int count(pcre2_callout_block *block, void *state)
{
	meter *m = state;
	size_t at = block->current_position;
	size_t moved = at > m->last ? at - m->last : m->last - at;
	size_t cost = m->item_cost + m->reference_cost + moved;
	m->last = at;
	if (cost > m->left) {
		return PCRE2_ERROR_MATCHLIMIT;
	}
	m->left -= cost;
	return 0;
}

static agent_status match_failed(int code, agent_error *err)
{
	switch (code) {
		case PCRE2_ERROR_MATCHLIMIT:
		case PCRE2_ERROR_DEPTHLIMIT:
		case PCRE2_ERROR_HEAPLIMIT:
			return agent_fail(err, AGENT_DOMAIN_LIMIT, "pattern_limit",
				"a pattern takes too long on this text");
		case PCRE2_ERROR_NOMEMORY:
			return agent_fail_memory(err);
		default:
			return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "pattern_text",
				"a pattern cannot be matched: error %d", code);
	}
}

/* One run of one of the two programs; meter NULL: the plain one. */
static int run(const agent_pattern *pattern, agent_str text, size_t from, meter *m, size_t *start, size_t *end)
{
	room memory;
	memory.used = 0;
	int code = PCRE2_ERROR_NOMEMORY;
	pcre2_general_context *general = pcre2_general_context_create(take_room, give_room, &memory);
	pcre2_match_context *limits = general != NULL ? pcre2_match_context_create(general) : NULL;
	pcre2_match_data *data = limits != NULL ? pcre2_match_data_create(1, general) : NULL;
	if (data != NULL) {
		pcre2_set_match_limit(limits, m != NULL ? COUNTED_LIMIT : PLAIN_LIMIT);
		pcre2_set_depth_limit(limits, DEPTH_LIMIT);
		pcre2_set_heap_limit(limits, HEAP_LIMIT);
		if (m != NULL) {
			pcre2_set_callout(limits, count, m);
		}
		code = pcre2_match(m != NULL ? pattern->counted : pattern->code, (PCRE2_SPTR)text.ptr, text.len, from, 0, data,
			limits);
	}
	if (code >= 0) {
		const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
		*start = offsets[0];
		*end = offsets[1];
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(limits);
	pcre2_general_context_free(general);
	return code;
}

/* *work: in, what may be spent at most; out, what of it is left. */
static agent_status find(const agent_pattern *pattern, agent_str text, size_t from, size_t *work, bool *found, size_t *start,
	size_t *end, agent_error *err)
{
	*found = false;
	*start = *end = 0;
	if (from > text.len) {
		return AGENT_OK;
	}
	size_t left = text.len - from;
	int code = PCRE2_ERROR_MATCHLIMIT;
	if (left <= SHORT_TEXT) {
		code = run(pattern, text, from, NULL, start, end);
		*work -= *work < left + SHORT_COST ? *work : left + SHORT_COST;
	}
	if (code == PCRE2_ERROR_MATCHLIMIT) {
		size_t most = WORK_LEAST + left * WORK_PER_BYTE;
		meter m = { .left = most < *work ? most : *work, .last = from, .item_cost = pattern->item_cost,
			.reference_cost = pattern->references ? left / 16 : 0 };
		size_t given = m.left;
		code = run(pattern, text, from, &m, start, end);
		*work -= given - m.left;
	}
	*found = code >= 0;
	return code >= 0 || code == PCRE2_ERROR_NOMATCH ? AGENT_OK : match_failed(code, err);
}

agent_status agent_pattern_find(const agent_pattern *pattern, agent_str text, size_t from, bool *found, size_t *start,
	size_t *end, agent_error *err)
{
	size_t work = SIZE_MAX;
	return find(pattern, text, from, &work, found, start, end, err);
}

agent_status agent_pattern_test(const agent_pattern *pattern, agent_str text, long *work, bool *found, agent_error *err)
{
	size_t start, end;
	if (pattern->item_count > 0) {
		*work -= (long)((SHORT_COST + text.len) / WORK_UNIT);
		*found = agent_pattern_items_match(pattern->items, pattern->item_count, text);
		return AGENT_OK;
	}
	size_t most = *work > 0 ? (size_t)*work * WORK_UNIT : 0, left = most;
	agent_status status = find(pattern, text, 0, &left, found, &start, &end, err);
	*work -= (long)((most - left + WORK_UNIT - 1) / WORK_UNIT);
	return status;
}

void agent_pattern_version(agent_buf *out)
{
	char text[64];
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof text
		&& pcre2_config(PCRE2_CONFIG_VERSION, text) > 0) {
		agent_buf_add(out, agent_str_cstr(text));
	}
}
