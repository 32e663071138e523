/* SPDX-License-Identifier: MIT
 * base64url and hexadecimal.
 * No other alphabet. */
#include "ext/base/b64url.h"

#include "ext/base/b64url_avx2.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#define XX 0xff
/* The value of a character; XX: none of the alphabet. */
static const unsigned char values[256] = {
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, 62, XX, XX, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, XX, XX, XX, XX, XX, XX,
	XX, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, XX, XX, XX, XX, 63,
	XX, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
};
#undef XX

size_t agent_b64url_put(char *out, agent_str bytes)
{
	const unsigned char *in = (const unsigned char *)bytes.ptr;
	char *o = out;
	size_t i = 0;
#ifdef AGENT_B64URL_AVX2
	if (bytes.len >= 16 && __builtin_cpu_supports("avx2")) {
		i = avx2_put(out, in, bytes.len);
		o += i / 3 * 4;
	}
#endif
	for (; i + 3 <= bytes.len; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
		*o++ = alphabet[v >> 18];
		*o++ = alphabet[v >> 12 & 63];
		*o++ = alphabet[v >> 6 & 63];
		*o++ = alphabet[v & 63];
	}
	if (bytes.len - i == 1) {
		*o++ = alphabet[in[i] >> 2];
		*o++ = alphabet[(in[i] & 3) << 4];
	} else if (bytes.len - i == 2) {
		*o++ = alphabet[in[i] >> 2];
		*o++ = alphabet[(in[i] & 3) << 4 | in[i + 1] >> 4];
		*o++ = alphabet[(in[i + 1] & 15) << 2];
	}
	return (size_t)(o - out);
}

bool agent_b64url_get(unsigned char *out, agent_str text)
{
	const unsigned char *in = (const unsigned char *)text.ptr;
	size_t whole = text.len / 4 * 4;
	size_t rest = text.len - whole;
	unsigned wrong = 0; /* its upper bits: some character was none of the alphabet; looked at once, behind the loop */
	size_t i = 0;
#ifdef AGENT_B64URL_AVX2
	if (whole >= 16 && __builtin_cpu_supports("avx2")) {
		i = avx2_get(out, in, whole);
		out += i / 4 * 3;
	}
#endif
	for (; i < whole; i += 4, out += 3) {
		unsigned a = values[in[i]], b = values[in[i + 1]], c = values[in[i + 2]], d = values[in[i + 3]];
		uint32_t v = a << 18 | b << 12 | c << 6 | d;
		wrong |= a | b | c | d;
		out[0] = (unsigned char)(v >> 16);
		out[1] = (unsigned char)(v >> 8);
		out[2] = (unsigned char)v;
	}
	if (rest < 2) {
		return rest == 0 && wrong < 64;
	}
	unsigned a = values[in[whole]];
	unsigned b = values[in[whole + 1]];
	unsigned c = rest > 2 ? values[in[whole + 2]] : 0;
	wrong |= a | b | c;
	out[0] = (unsigned char)(a << 2 | b >> 4);
	if (rest > 2) {
		out[1] = (unsigned char)(b << 4 | c >> 2);
	}
	return wrong < 64 && (rest == 2 ? (b & 15) == 0 : (c & 3) == 0);
}

void agent_b64url_encode(agent_buf *out, agent_str bytes)
{
	char *text = agent_buf_extend(out, bytes.len / 3 * 4 + (bytes.len % 3 * 4 + 2) / 3);
	if (text != NULL) {
		agent_b64url_put(text, bytes);
	}
}

bool agent_b64url_decode(agent_buf *out, agent_str text)
{
	size_t before = out->len;
	unsigned char *bytes = (unsigned char *)agent_buf_extend(out, text.len / 4 * 3 + text.len % 4 * 3 / 4);
	if (bytes == NULL) {
		return text.len == 0 && out->fault == AGENT_BUF_FINE;
	}
	if (!agent_b64url_get(bytes, text)) {
		out->len = before;
		return false;
	}
	return true;
}
