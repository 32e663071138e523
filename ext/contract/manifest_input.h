/* SPDX-License-Identifier: MIT
 * What an input_schema must be beyond a schema that compiles.
 * Inside this room only: manifest.c. */
#ifndef AGENT_CONTRACT_MANIFEST_INPUT_H
#define AGENT_CONTRACT_MANIFEST_INPUT_H

#include "ext/contract/members.h"

/* Arguments are closed objects, all the way down, because what a model adds to them nobody has asked for:
 *
 *   the root      "type": "object", and "additionalProperties" or "unevaluatedProperties" is false
 *   each object   (a schema of a member or an item whose type may be object, or which has properties and no type) says "additionalProperties" or
 *                 "unevaluatedProperties": false, or true or a schema where members with any name are wanted. In alternatives (allOf anyOf
 *                 oneOf then else dependentSchemas) the same where "object" is named as a type, unless what holds them has said it.
 *   $ref          is "#" or a JSON Pointer into this schema ("#/$defs/address"); what it names is looked at where it is used. No $id, $anchor,
 *                 $dynamicRef, $dynamicAnchor; $schema is draft 2020-12.
 *
 * A schema without a type lets anything in, objects too: that is not looked after. CONFIG error at the place's pointer (that of the tool). */
agent_status agent_manifest_check_input(agent_place *place, const agent_json *document);

#endif
