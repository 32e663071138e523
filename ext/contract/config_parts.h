/* SPDX-License-Identifier: MIT
 * The configuration's members that are objects of their own.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_CONFIG_PARTS_H
#define AGENT_CONTRACT_CONFIG_PARTS_H

#include "ext/contract/config.h"
#include "ext/contract/members.h"

/* Each stands at its own member's place. */
agent_status agent_config_read_brain(agent_place *place, const agent_json *node, agent_config *config);
agent_status agent_config_read_backend(agent_place *place, const agent_json *node, agent_config *config);
agent_status agent_config_read_contact(agent_place *place, const agent_json *node, agent_config *config);
agent_status agent_config_read_rate(agent_place *place, const agent_json *node, agent_config *config);
agent_status agent_config_read_texts(agent_place *place, const agent_json *node, agent_config *config);

/* A member that names a secret; absent: *out stays as it is. */
agent_status agent_config_read_secret(agent_place *place, const agent_json *object, const char *name, agent_secret_ref *out);
/* "en", "de-AT". */
const char *agent_rule_locale(agent_str text);

#endif
