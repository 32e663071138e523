/* SPDX-License-Identifier: MIT
 * base64url and hexadecimal.
 * No other alphabet. */
#include "ext/base/b64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void agent_b64url_encode(agent_buf *out, agent_str bytes)
{
	const unsigned char *in = (const unsigned char *)bytes.ptr;
	size_t i = 0;
	for (; i + 3 <= bytes.len; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
		char four[4] = { alphabet[v >> 18], alphabet[v >> 12 & 63], alphabet[v >> 6 & 63], alphabet[v & 63] };
		agent_buf_add(out, (agent_str){ four, 4 });
	}
	if (bytes.len - i == 1) {
		char two[2] = { alphabet[in[i] >> 2], alphabet[(in[i] & 3) << 4] };
		agent_buf_add(out, (agent_str){ two, 2 });
	} else if (bytes.len - i == 2) {
		char three[3] = { alphabet[in[i] >> 2], alphabet[(in[i] & 3) << 4 | in[i + 1] >> 4], alphabet[(in[i + 1] & 15) << 2] };
		agent_buf_add(out, (agent_str){ three, 3 });
	}
}

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return c - 'A';
	}
	if (c >= 'a' && c <= 'z') {
		return c - 'a' + 26;
	}
	if (c >= '0' && c <= '9') {
		return c - '0' + 52;
	}
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool agent_b64url_decode(agent_buf *out, agent_str text)
{
	if (text.len % 4 == 1) {
		return false;
	}
	uint32_t bits = 0;
	int count = 0;
	for (size_t i = 0; i < text.len; i++) {
		int d = digit(text.ptr[i]);
		if (d < 0) {
			return false;
		}
		bits = bits << 6 | (uint32_t)d;
		count += 6;
		if (count >= 8) {
			count -= 8;
			agent_buf_add_char(out, (char)(bits >> count & 0xff));
			bits &= (1u << count) - 1;
		}
	}
	return bits == 0 && out->fault == AGENT_BUF_FINE;
}

void agent_hex_encode(agent_buf *out, agent_str bytes)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		char two[2] = { digits[c >> 4], digits[c & 15] };
		agent_buf_add(out, (agent_str){ two, 2 });
	}
}
