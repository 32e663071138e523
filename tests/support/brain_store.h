/* SPDX-License-Identifier: MIT
 * A store for tests of the local brain: its tools and its help pages.
 * No expectation: those are in the tests. */
#ifndef AGENT_TESTS_BRAIN_STORE_H
#define AGENT_TESTS_BRAIN_STORE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/brain/brain.h"

#define ORDER "{\"order_number\":\"ABC-12345\"}"

static const char manifest_text[] =
	"[{\"name\":\"get_order_status\",\"description\":\"Looks up the state of one order: whether it was shipped, when and how it will be delivered.\","
	"\"url\":\"https://tools.example.com/get_order_status\",\"scope\":\"order:read\",\"effect\":\"read\","
	"\"examples\":[\"Where is my order ABC-12345?\",\"When will my package arrive?\",\"Has my order been shipped?\",\"What is the status of my order?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\",\"description\":\"The number in the confirmation mail\",\"examples\":[\"ABC-12345\"]}}},"
	"\"output_schema\":{\"type\":\"object\",\"required\":[\"order_number\",\"status\"],\"properties\":{\"order_number\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"string\"},\"shipped_on\":{\"type\":\"string\"},\"expected_delivery\":{\"type\":\"string\"},"
	"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"quantity\":{\"type\":\"integer\"}}}},"
	"\"note\":{\"type\":\"string\"},\"carrier\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}},"
	"\"gift\":{\"type\":\"boolean\",\"title\":\"Gift wrapped\"}}}},"
	"{\"name\":\"get_invoice\",\"description\":\"Gets the invoice or receipt of an order as a PDF.\","
	"\"url\":\"https://tools.example.com/get_invoice\",\"scope\":\"invoice:read\",\"effect\":\"read\","
	"\"examples\":[\"Send me the invoice for order ABC-12345\",\"I need a receipt\",\"Can I have a copy of my bill?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"title\":\"Order number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"},"
	"\"language\":{\"type\":\"string\",\"enum\":[\"english\",\"german\"]}}},"
	"\"output_schema\":{\"type\":\"object\",\"required\":[\"invoice_number\",\"link\"],\"properties\":{\"invoice_number\":{\"type\":\"string\"},"
	"\"total\":{\"type\":\"number\"},\"link\":{\"type\":\"string\",\"format\":\"uri\",\"deliver\":\"visitor\"}}}},"
	"{\"name\":\"cancel_order\",\"description\":\"Cancels an order that was not shipped yet.\","
	"\"url\":\"https://tools.example.com/cancel_order\",\"scope\":\"order:write\",\"effect\":\"write\","
	"\"examples\":[\"Cancel my order ABC-12345\",\"Please cancel my order\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"}}}},"
	"{\"name\":\"search_products\",\"description\":\"Searches the catalogue of products.\","
	"\"url\":\"https://tools.example.com/search_products\",\"scope\":\"product:read\",\"effect\":\"read\","
	"\"examples\":[\"Do you sell blue mugs?\",\"Which lamps do you have in stock?\",\"Search the catalogue for chairs\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"query\"],\"properties\":{\"query\":"
	"{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},\"max_price\":{\"type\":\"integer\",\"minimum\":0}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"products\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}},"
	"{\"name\":\"get_points\",\"description\":\"Shows how many bonus points a customer has.\","
	"\"url\":\"https://tools.example.com/get_points\",\"scope\":\"points:read\",\"effect\":\"read\","
	"\"examples\":[\"How many bonus points do I have?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"email\"],\"properties\":{\"email\":"
	"{\"type\":\"string\",\"format\":\"email\",\"title\":\"E-mail address\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"points\":{\"type\":\"integer\"}}}},"
	/* for a model: without examples the local brain never calls it */
	"{\"name\":\"retrieve_docs\",\"description\":\"Searches the help pages of the store about returns, refunds, shipping, payment and my order.\","
	"\"url\":\"https://tools.example.com/retrieve_docs\",\"scope\":\"docs:read\",\"effect\":\"read\","
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"query\"],\"properties\":{\"query\":{\"type\":\"string\"},"
	"\"order_number\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"found\":{\"type\":\"integer\"},\"passages\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":"
	"{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}}}}}}}]";

static const agent_passage pages[] = {
	{ .id = AGENT_STR_INIT("returns#0"), .title = AGENT_STR_INIT("Returns and refunds"),
		.url = AGENT_STR_INIT("https://shop.example/returns"),
		.text = AGENT_STR_INIT("# Returns\n\nYou can return any item within 30 days of delivery. The item must be unused\nand in its original box. "
			"We refund the price within 5 days.\n\n- Gift cards cannot be returned.\n- **Sale items** can be *exchanged* only.\n") },
	{ .id = AGENT_STR_INIT("shipping#0"), .title = AGENT_STR_INIT("Shipping"),
	.url = AGENT_STR_INIT("https://shop.example/shipping"),
		.text = AGENT_STR_INIT("We ship to all countries of the European Union. Shipping costs 4.90 EUR within Germany and is free from 50 EUR. "
			"Parcels arrive within 3 to 5 working days. Say \"express\" at checkout and your parcel leaves the same day.") },
	{ .id = AGENT_STR_INIT("payment#0"), .title = AGENT_STR_INIT("Payment"), .url = AGENT_STR_INIT(""),
		.text = AGENT_STR_INIT("You can pay by credit card, PayPal or bank transfer.") },
};

typedef struct shop {
	agent_arena *arena;
	agent_json *tree;
	agent_manifest manifest;
} shop;

static inline agent_status shop_open(shop *s, agent_error *err)
{
	*s = (shop){ .arena = agent_arena_new(1024 * 1024) };
	if (s->arena == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_json_parse(agent_str_cstr(manifest_text), AGENT_JSON_LIMITS, "the manifest", &s->tree,
		err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_manifest_read(s->tree, "/tools", s->arena, &s->manifest, err);
}

static inline void shop_close(shop *s)
{
	agent_manifest_clear(&s->manifest);
	agent_json_free(s->tree);
	agent_arena_free(s->arena);
}

static inline int setup(void **state)
{
	static shop one;
	agent_error err = { 0 };
	if (shop_open(&one, &err) != AGENT_OK) {
		print_error("%s\n", err.message);
		return -1;
	}
	*state = &one;
	return 0;
}

static inline int teardown(void **state)
{
	shop_close(*state);
	return 0;
}

static inline agent_brain_request ask(const shop *s, const agent_message *messages, size_t count)
{
	return (agent_brain_request){ .policy = AGENT_STR_EMPTY, .instruction = AGENT_STR_EMPTY,
		.locale = AGENT_STR_EMPTY,
		.tools = s->manifest.tools, .tool_count = s->manifest.count, .tool_mask = UINT64_MAX,
		.tools_allowed = true,
		.messages = messages, .message_count = count, .turn_start = count - 1,
		.message = messages[count - 1].text,
		.passages = pages, .passage_count = 3 };
}

static inline agent_message said(const char *text)
{
	return (agent_message){ .role = AGENT_ROLE_USER, .text = agent_str_cstr(text) };
}

#endif
