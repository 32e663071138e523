/* SPDX-License-Identifier: MIT
 * From a tool's one input_schema, the schema for a provider's strict mode, where the model can write nothing but what fits.
 * No request and no provider's protocol: that is brain/. */
#ifndef AGENT_CONTRACT_STRICT_H
#define AGENT_CONTRACT_STRICT_H

#include "ext/contract/json.h"

/* What the derived schema lets through, the source lets through too, after agent_strict_undo. What a provider's subset cannot say exactly, in
 * either direction, is not said in part: the tool is then offered by its source schema without the strict mode. The arguments are
 * validated against the source always.
 *
 * OPENAI     strict function calling: every object closed, every property required; one that is optional in the source may be null instead,
 *            which stands for its absence. Keywords: type enum const properties required additionalProperties items minItems maxItems minimum
 *            maximum exclusiveMinimum exclusiveMaximum multipleOf pattern format anyOf $defs $ref.
 * ANTHROPIC  strict tools: every object closed, optional properties stay optional. Keywords: type enum const properties required
 *            additionalProperties items minItems (0, 1) pattern format anyOf $defs $ref (to definitions that stand before, so that nothing recurs).
 *
 * title and description are kept, other annotations are dropped. Not expressible, with either: other keywords and formats, values other than
 * scalars in enum and const, patterns that look around, look back or know classes of Unicode, objects that are not closed by
 * additionalProperties, $ref to anything but /$defs or beside other keywords. With OPENAI also: an optional property that may be null by itself, and
 * optional properties inside an alternative of anyOf (it could not be told whose null it is). */
typedef enum agent_strict_form { AGENT_STRICT_OPENAI, AGENT_STRICT_ANTHROPIC } agent_strict_form;

/* Documented by OpenAI ("Supported schemas" of Structured Outputs). Arrays count as levels here. */
#define AGENT_STRICT_PROPERTIES 5000
#define AGENT_STRICT_LEVELS 10
#define AGENT_STRICT_TEXT 120000         /* of all names, definitions' names, enum and const values */
#define AGENT_STRICT_ENUM 1000           /* values of all enums */
#define AGENT_STRICT_ENUM_LONG 250       /* of one enum of strings: beyond it, */
#define AGENT_STRICT_ENUM_TEXT 15000     /* no more text than this */
/* Documented by Anthropic ("Schema complexity limits"), for all strict tools of a request together: the sums are the encoder's affair. */
#define AGENT_STRICT_OPTIONALS 24
#define AGENT_STRICT_UNIONS 16

typedef struct agent_strict {
	agent_json *document;        /* the caller's; NULL: cannot be expressed, and `why` says where and what */
	int optionals, unions;       /* properties that are optional, and values with several types or alternatives, in `document` */
	char why[200];
} agent_strict;

/* source: an input_schema that compiles. AGENT_ERR only for memory. */
agent_status agent_strict_derive(const agent_json *source, agent_strict_form form, agent_strict *out, agent_error *err);
/* Takes members out of a value that fits the OPENAI form: those that are null and optional in the source. */
void agent_strict_undo(const agent_json *source, agent_json *value);

#endif
