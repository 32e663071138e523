/* SPDX-License-Identifier: MIT
 * Filling an agent_error.
 * No allocation. */
#include "ext/base/error.h"

#include <stdarg.h>
#include <stdio.h>

static void copy_code(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);
	len = len < size ? len : size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* vsnprintf cuts at a byte: take back a character that was cut in two, and mask controls (a message may quote input). */
static void tidy(char *message, size_t size)
{
	size_t len = strlen(message);
	if (len == size - 1) {
		size_t start = len;
		while (start > 0 && len - start < 4 && ((unsigned char)message[start - 1] & 0xC0) == 0x80) {
			start--;
		}
		if (start > 0 && ((unsigned char)message[start - 1] & 0xC0) == 0xC0) {
			message[start - 1] = '\0';
		}
	}
	for (char *c = message; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f) {
			*c = '?';
		}
	}
}

agent_status agent_fail(agent_error *err, agent_domain domain, const char *code, const char *format, ...)
{
	va_list args;
	err->domain = domain;
	err->retry = false;
	err->http = 0;
	copy_code(err->code, sizeof err->code, code);
	va_start(args, format);
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	tidy(err->message, sizeof err->message);
	return AGENT_ERR;
}

agent_status agent_fail_memory(agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_MEMORY, "out_of_memory", "out of memory");
}
