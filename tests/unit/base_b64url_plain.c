/* SPDX-License-Identifier: MIT
 * The tests of base64url once more, over the plain loops alone: what a processor without AVX2 runs.
 */
#define AGENT_BASE_B64URL_AVX2_H /* as if it had been included: nothing of it is there */
#define agent_b64url_put plain_b64url_put
#define agent_b64url_get plain_b64url_get
#define agent_b64url_encode plain_b64url_encode
#define agent_b64url_decode plain_b64url_decode

#include "ext/base/b64url.c"

#undef XX
#define alphabet test_alphabet
#include "tests/unit/base_b64url.c"
