/* SPDX-License-Identifier: MIT
 * What a model meant by a value of the wrong type, where nothing can be lost.
 * For the side that listens to a model only: what a server is sent is taken as it is or refused. */
#ifndef AGENT_CONTRACT_COERCE_H
#define AGENT_CONTRACT_COERCE_H

#include "ext/contract/schema.h"

/* Validates the tree; where a value is of the wrong type ("type" is what its schema says, and no alternative of anyOf or oneOf), it is
 * replaced in place and the tree validated again, a few rounds at most:
 *
 *   "123"  -> 123     integer or number asked: decimal text as this writer would write it (-?(0|[1-9][0-9]*)) that fits 64 bits
 *   "1.10" -> 1.10    number asked: the same with a fraction; the digits stay as they are
 *   "true" -> true    boolean asked; "false" likewise
 *   5      -> [5]     array asked, and the one item fits it (also an object; not null, {}, "", or a text that begins as an array or an object does:
 *                     "[1,2]" is a list of two, and "" or {} may be one of none)
 *
 * Not: "0123", "+1", " 1", "1e3", "-0", "" (who wrote these may have meant another thing); where two of these would do; a date-time without
 * its zone; and no number becomes a string: an order number written as a number may have lost its zeros before it came here, so its
 * author is asked to write it again. 3.0 is an integer for the schema, nothing is done to it.
 *
 * *count and faults: as agent_schema_validate leaves them for the tree as it then is. When *count is 0, *log gets what was done, one object per
 * value with a comma between them: {"instance":"/quantity","from":"\"3\"","to":"3"}, texts longer than AGENT_COERCION_TEXT bytes cut.
 * The tree is an object or an array and must be the caller's own. AGENT_ERR as of agent_schema_validate. */
agent_status agent_coerce(const agent_schema *schema, agent_json *value, agent_arena *arena, agent_schema_fault *faults, size_t *count, agent_buf *log,
	agent_error *err);

#define AGENT_COERCION_TEXT ((size_t)200)
#define AGENT_COERCIONS ((size_t)32) /* values of one call; who has more of them wrong is asked to write the call again */

#endif
