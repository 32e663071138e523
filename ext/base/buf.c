/* SPDX-License-Identifier: MIT
 * The growing buffer.
 * Nothing but bytes. */
#include "ext/base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/base/alloc.h"

void agent_buf_init(agent_buf *buf, size_t limit)
{
	*buf = (agent_buf){ .limit = limit };
}

void agent_buf_clear(agent_buf *buf)
{
	agent_free(buf->ptr);
	*buf = (agent_buf){ .limit = buf->limit };
}

void agent_buf_reset(agent_buf *buf)
{
	buf->len = 0;
	buf->fault = AGENT_BUF_FINE;
}

static bool reserve(agent_buf *buf, size_t more)
{
	if (buf->fault != AGENT_BUF_FINE) {
		return false;
	}
	if (more > buf->limit - buf->len) {
		buf->fault = AGENT_BUF_FULL;
		return false;
	}
	size_t need = buf->len + more;
	if (need <= buf->capacity) {
		return true;
	}
	size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
	while (capacity < need) {
		capacity = capacity > buf->limit / 2 ? buf->limit : capacity * 2;
		if (capacity < need && capacity == buf->limit) {
			capacity = need; /* only where limit < 64 */
		}
	}
	char *ptr = agent_realloc(buf->ptr, capacity);
	if (ptr == NULL) {
		buf->fault = AGENT_BUF_NO_MEMORY;
		return false;
	}
	buf->ptr = ptr;
	buf->capacity = capacity;
	return true;
}

void agent_buf_add(agent_buf *buf, agent_str text)
{
	if (text.len > 0 && reserve(buf, text.len)) {
		memcpy(buf->ptr + buf->len, text.ptr, text.len);
		buf->len += text.len;
	}
}

char *agent_buf_extend(agent_buf *buf, size_t more)
{
	if (more == 0 || !reserve(buf, more)) {
		return NULL;
	}
	buf->len += more;
	return buf->ptr + buf->len - more;
}

void agent_buf_add_char(agent_buf *buf, char c)
{
	agent_buf_add(buf, (agent_str){ &c, 1 });
}

void agent_buf_add_int(agent_buf *buf, int64_t value)
{
	agent_buf_addf(buf, "%lld", (long long)value);
}

void agent_buf_addf(agent_buf *buf, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof text) {
		buf->fault = buf->fault != AGENT_BUF_FINE ? buf->fault : AGENT_BUF_FULL;
		return;
	}
	agent_buf_add(buf, (agent_str){ text, (size_t)len });
}

agent_str agent_buf_str(const agent_buf *buf)
{
	return agent_str_of(buf->ptr, buf->len);
}

agent_status agent_buf_check(const agent_buf *buf, const char *what, agent_error *err)
{
	switch (buf->fault) {
		case AGENT_BUF_FINE:
			return AGENT_OK;
		case AGENT_BUF_FULL:
			return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "%s is larger than %zu bytes", what, buf->limit);
		case AGENT_BUF_NO_MEMORY:
			break;
	}
	return agent_fail_memory(err);
}
