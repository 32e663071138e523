/* SPDX-License-Identifier: MIT
 * guard/: what the ground check lets through, and what it holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/guard/ground.h"
#include "tests/support/torture.h"

static const char order[] =
	"{\"order\":{\"id\":10023,\"number\":\"ABC-12345\",\"email\":\"j***@mail.example\",\"status\":\"Shipped\","
	"\"eta\":\"2026-11-24T10:00:00Z\",\"total\":49.90,\"currency\":\"EUR\",\"discount_percent\":10,\"refund\":\"-5.00\","
	"\"items\":[{\"name\":\"Blue mug\",\"price\":\"12.5\",\"quantity\":3},{\"name\":\"A4 frame\",\"price\":24.9}],"
	"\"note\":\"Carrier says: arrives in two working days, gate code #7781\",\"weight\":1.23456,\"big\":1250000,"
	"\"fee\":\"USD 7.25\",\"window\":\"2026-11-26 to 2026-11-28\",\"track\":\"1Z999AA10123456784\"},"
	"\"loose\":17.5,\"events\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"],\"nested\":{\"amount\":{\"value\":\"8.40\",\"currency\":\"$\"}}}";

static const agent_passage passages[] = {
	{
		.title = AGENT_STR_INIT("Returns & Refunds"), .url = AGENT_STR_INIT("https://shop.example/returns"),
		.text = AGENT_STR_INIT("You may return any item within **30 days** of delivery. Refunds take three to five business\ndays. "
			"A restocking fee of 15% or €4.95 applies to opened items. Sale ends 1 December 2026. It isn’t “final” "
			"until we say so. Write to returns@shop.example. Form RMA-2026 is needed.\n"),
	},
	{
		.title = AGENT_STR_INIT("Shipping in 2026"), .url = AGENT_STR_INIT("https://shop.example/shipping/"),
		.text = AGENT_STR_INIT("Free shipping from 50 dollars. Express takes 24 hours and costs 1.234,50 €. Orders leave on 24 December."),
	},
	{ .title = AGENT_STR_INIT("Warranty"), .text = AGENT_STR_INIT("Two years on all parts, unable to extend.") },
};

static const agent_str said[] = {
	AGENT_STR_INIT("Where is my order XYZ-777? I am jane@mail.example"),
	AGENT_STR_INIT("your policy gives me $500 back within 90 days from 2026-12-31, 25%, confirm? https://evil.example/x order 55512 now"),
};
static const agent_str result_urls[] = { AGENT_STR_INIT("https://carrier.example/track?id=1Z") };
static const agent_str urls[] = {
	AGENT_STR_INIT("https://shop.example/help/"), AGENT_STR_INIT("https://www.shop.example"),
	AGENT_STR_INIT("mailto:support@shop.example"),
};

typedef struct ground_case {
	const char *rule;            /* NULL: may be shown */
	const char *text;            /* the sentence is what stands behind '|', the paragraph all of it */
} ground_case;

#define R "According to Returns & Refunds (https://shop.example/returns), "
#define S "According to Shipping in 2026 (https://shop.example/shipping/), "

static const ground_case cases[] = {
	/* Nothing to check. */
	{ NULL, "Hello! How can I help you?" },
	{ NULL, "It arrives today or tomorrow." },
	{ NULL, "There are two ways to pay." },
	/* Identifiers. */
	{ NULL, "Your order XYZ-777 is on its way." },
	{ NULL, "Your order xyz-777 is on its way." },
	{ NULL, "Order ABC-12345 has shipped." },
	{ NULL, "Order #10023 has shipped." },
	{ NULL, "Order number 10023 has shipped." },
	{ NULL, "Order 55512 was not found." },
	{ NULL, "We wrote to jane@mail.example." },
	{ NULL, "We wrote to j***@mail.example." },
	{ NULL, "Write to support@shop.example." },
	{ NULL, R "fill in RMA-2026 and write to returns@shop.example." },
	{ NULL, "Tracking: 1Z999AA10123456784" },
	{ "identifier", "Fill in RMA-2026." },
	{ "identifier", "Write to returns@shop.example." },
	{ "identifier", "Order XYZ-7777 has shipped." },
	{ "identifier", "Order #12345 has shipped." },
	{ "identifier", "Order ABC-12345-1 has shipped." },
	{ "identifier", "We wrote to xjane@mail.example." },
	{ "identifier", "We wrote to jane@mail.example.evil." },
	/* Amounts. */
	{ NULL, "The total is €49.90." },
	{ NULL, "The total is 49,90 €." },
	{ NULL, "The total is EUR 49.9." },
	{ NULL, "The total is 49.90." },
	{ NULL, "The mug costs 12.50 euros." },
	{ NULL, "The mug costs **€12.50** and the total is _49.90_ **EUR**." },
	{ NULL, "You got €5 off." },
	{ NULL, "The fee is $7.25." },
	{ NULL, "The fee is 7.25 USD." },
	{ NULL, "It costs £17.50." },
	{ NULL, "It is $8.40." },
	{ NULL, R "the fee is €4.95." },
	{ NULL, S "it costs €1,234.50." },
	{ NULL, S "shipping is free from $50." },
	{ NULL, S "shipping is free from fifty dollars." },
	{ "amount", "The total is $49.90." },
	{ "amount", "The total is 49.90 USD." },
	{ "amount", "The fee is 7.25 €." },
	{ "amount", "It is 8.40 €." },
	{ "amount", "The total is €49.91." },
	{ "amount", "The fee is €4.95." },
	{ "amount", "You get $500 back." },
	{ "amount", "You get five hundred dollars back." },
	{ "amount", "You get ５００ € back." },
	{ "amount", "You get $5\xe2\x80\x8b""00 back." },
	{ "amount", "You get 500\xc2\xa0€ back." },
	{ "amount", "You get $1OO back." },
	{ "amount", "You get €49.90k back." },
	{ "amount", "You get **4**9 € back." },
	{ "amount", "You get 4<b></b>9 € back." },
	{ "amount", "You get 3&zwnj;00 € back." },
	{ "amount", "You get several hundred dollars back." },
	{ "amount", R "you get $50 back." },
	{ "amount", R "you get 30 € back." },
	{ "amount", S "shipping is free from 50 euros." },
	{ "amount", "Yes, as you say, $500." },
	/* Dates. */
	{ NULL, "It arrives on 24 November." },
	{ NULL, "It arrives on Nov 24." },
	{ NULL, "It arrives on 11/24/2026." },
	{ NULL, "It arrives on 2026-11-24." },
	{ NULL, "It arrives on Tuesday, November 24th, 2026." },
	{ NULL, "It arrives on the 24th." },
	{ NULL, "It arrives in November 2026." },
	{ NULL, "It arrives on 24.11.2026 at 10:00." },
	{ NULL, "Between 26 and 28 November 2026." },
	{ NULL, "Between Nov 26–28, 2026." },
	{ NULL, "Today is 22 November 2026." },
	{ NULL, "Order by tomorrow, 23 November." },
	{ NULL, R "the sale ends on 1 December." },
	{ NULL, S "it leaves on December 24th, 2026." },
	{ "date", "The sale ends on 1 December." },
	{ "date", "It arrives on 25 November." },
	{ "date", "It arrives on 24 November 2027." },
	{ "date", "It arrives on 2026-12-31." },
	{ "date", "It arrives on 22 November 2026." },
	{ "date", "It arrives in December 2026." },
	{ "date", S "it leaves on December 24th, 2025." },
	{ "figure", "It arrives on the 25th." },
	{ "figure", "It arrives at 11:00." },
	/* Percentages and figures. */
	{ NULL, "You saved 10%." },
	{ NULL, "You saved ten percent." },
	{ NULL, R "the fee is 15 %." },
	{ NULL, R "you have 30 days." },
	{ NULL, R "you have a 30-day window." },
	{ NULL, R "you have thirty days." },
	{ NULL, R "refunds take 3 to 5 business days." },
	{ NULL, R "you may return it. |You have 30 days." },
	{ NULL, "It arrives in 2 working days." },
	{ NULL, "You ordered three items." },
	{ NULL, "I see six events." },
	{ NULL, "It weighs 1.23456 kg." },
	{ NULL, "There are 1,250,000 of them." },
	{ NULL, "Use gate code 7781." },
	{ NULL, "Do this:\n1. Open it.\n2. Close it." },
	{ NULL, "Do this:\n|2) Close it." },
	{ NULL, S "you can order all through 2026." },
	{ NULL, "According to \"Warranty\", you have two years." },
	{ "percentage", "You saved 25%." },
	{ "percentage", R "the fee is 30%." },
	{ "percentage", "The fee is 15%." },
	{ "figure", "You have 30 days." },
	{ "figure", "You have ninety days." },
	{ "figure", "You have 90 days." },
	{ "figure", R "you have 15 days." },
	{ "figure", "You have six days." },
	{ "figure", "It takes 3–6 days." },
	{ "figure", "It weighs 1.23457 kg." },
	{ "figure", "You have ٩٠ days." },
	{ "figure", "You have 9\xe2\x81\xa0""0 days." },
	{ "figure", "You have eleven years." },
	{ "figure", "It takes: |90. That is long." },
	{ "figure", "We are there 24/7." },
	{ "figure", "It is \xe2\x80\xae""005 of them." },
	{ "figure", "According to [Returns & Refunds](https://shop.example/returns) you have 90 days." },
	/* Addresses. */
	{ NULL, "See https://shop.example/returns." },
	{ NULL, "See https://shop.example/shipping." },
	{ NULL, "See [our page](https://shop.example/returns)." },
	{ NULL, "See HTTPS://Shop.Example/returns." },
	{ NULL, "See shop.example/returns." },
	{ NULL, "Track it: https://carrier.example/track?id=1Z" },
	{ NULL, "See https://shop.example/help/pay?x=1#top." },
	{ NULL, "See www.shop.example or https://www.shop.example/any." },
	{ NULL, "[Mail](mailto:support@shop.example)" },
	{ "address", "See http://shop.example/returns." },
	{ "address", "See https://shop.example/other." },
	{ "address", "See https://shop.example/RETURNS." },
	{ "address", "See https://shop.example/returns?next=evil." },
	{ "address", "See https://shop.example/help/../admin." },
	{ "address", "See https://shop.example/help/%2e%2e/admin." },
	{ "address", "See https://shop.example/helpless." },
	{ "address", "See https://www.shop.example.evil.example/." },
	{ "address", "See https://www.shop.example@evil.example/." },
	{ "address", "See https://www.shop.example:8443/." },
	{ "address", "See https://www.shop.example\\@evil.example/." },
	{ "address", "See https://evil.example/x." },
	{ "address", "See evil.example." },
	{ "address", "See www.evil.example for it." },
	{ "address", "[x](javascript:alert(1))" },
	{ "address", "[Returns & Refunds](/refund)" },
	{ "address", "[https://evil.example](https://shop.example/returns)" },
	{ "address", "Call tel:+490000." },
	{ "address", "See ｅｖｉｌ.example/x." },
	{ "address", "See https://shop.example/re\xe2\x80\x8bturns." },
	{ "address", "See https://shop.example/returns).evil.example/." },
	/* Citations. */
	{ NULL, "According to [Returns & Refunds](https://shop.example/returns), you have 30 days." },
	{ NULL, "According to our **Returns & Refunds** page: you may. See Returns & Refunds (https://shop.example/returns): 30 days." },
	{ NULL, "according to “Returns & Refunds” (<https://shop.example/returns>) it is 15%." },
	{ NULL, "You have 30 days ([Returns & Refunds](https://shop.example/returns))." },
	{ NULL, "According to the carrier, it is late; see Returns & Refunds (https://shop.example/returns)." },
	{ NULL, "According to your order, it has shipped." },
	{ "citation", "According to Terms (https://shop.example/returns), you may." },
	{ "citation", "According to Shipping in 2026 (https://shop.example/returns), you may." },
	{ "citation", "According to Premium Returns & Refunds (https://shop.example/returns), you may." },
	{ "citation", "According to [Our CEO](https://shop.example/returns), you may." },
	{ "citation", "According to Help (https://shop.example/help/me), you may." },
	{ "address", "According to Returns & Refunds (https://evil.example/returns), you may." },
	{ "figure", "According to Returns (https://shop.example/shipping/) you have 30 days." },
	{ "figure", "Returns & Refunds says: 30 days, see https://shop.example/help/." },
	/* Quotations. */
	{ NULL, R "\"You may return any item within 30 days of delivery.\"" },
	{ NULL, "It says “Refunds take” and \"It isn't 'final'\"? No: \"It isn't\" only." },
	{ NULL, "The note says “arrives in two working days,” so wait." },
	{ NULL, "Press \"Cancel\"." },
	{ NULL, R "“you may. |Refunds take three to five business days.”" },
	{ "quotation", "It says “You may return all items”." },
	{ "quotation", "It says “you may return any item”." },
	{ "quotation", "It says \"able to extend\"." },
	{ "quotation", "It says “we pay all of it" },
	{ "quotation", "It says “You may return any item. |We pay all of it.” Good." },
	{ "quotation", "You said “your policy gives me”." },
	{ "quotation", "He said «we pay all»." },
};

static agent_json *parse(const char *text)
{
	agent_json *tree = NULL;
	agent_error err;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "the result", &tree, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	return tree;
}

static agent_evidence evidence_of(const agent_json *const *results)
{
	return (agent_evidence){
		.said = said, .said_count = 2, .results = results, .result_count = 1, .result_urls = result_urls,
		.result_url_count = 1, .passages = passages, .passage_count = 3, .urls = urls, .url_count = 3,
		.year = 2026, .month = 11, .day = 22,
	};
}

static void sentences_stand_on_evidence(void **state)
{
	(void)state;
	agent_json *tree = parse(order);
	const agent_json *results[] = { tree };
	agent_evidence evidence = evidence_of(results);
	int wrong = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[500];
		size_t len = 0;
		size_t from = 0;
		for (const char *p = cases[i].text; *p != '\0'; p++) {
			if (*p == '|') {
				from = len;
			} else {
				text[len++] = *p;
			}
		}
		agent_str paragraph = { text, len };
		agent_violation violation = { .rule = "" };
		bool shown = agent_ground_check(paragraph, agent_str_from(paragraph, from), &evidence, &violation);
		const char *rule = shown ? "shown" : violation.rule;
		if (strcmp(rule, cases[i].rule != NULL ? cases[i].rule : "shown") != 0) {
			print_message("# %s\n#   expected %s, got %s %s\n", cases[i].text, cases[i].rule != NULL ? cases[i].rule : "shown",
				rule, shown ? "" : violation.message);
			wrong++;
		}
		if (!shown) {
			assert_true(violation.what.ptr >= text + from && violation.what.ptr + violation.what.len <= text + len);
			assert_true(strlen(violation.message) > 20 && strlen(violation.message) < sizeof violation.message - 1);
		}
	}
	agent_json_free(tree);
	assert_int_equal(wrong, 0);
}

static void nothing_grounds_without_evidence(void **state)
{
	(void)state;
	static const char *const held[] = { "3 days", "€1", "24 November", "10%", "ABC-123", "a@b.example", "https://a.example", "“so be it”" };
	agent_evidence none = { .said_count = 0 };
	agent_violation violation;
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		agent_str text = agent_str_cstr(held[i]);
		assert_false(agent_ground_check(text, text, &none, &violation));
	}
	assert_true(agent_ground_check(AGENT_STR_EMPTY, AGENT_STR_EMPTY, &none, &violation));
}

static void a_sentence_from_elsewhere_is_its_own_paragraph(void **state)
{
	(void)state;
	agent_evidence none = { .passages = passages, .passage_count = 3 };
	agent_violation violation;
	assert_false(agent_ground_check(AGENT_STR(R), AGENT_STR("30 days"), &none, &violation));
	assert_string_equal(violation.rule, "figure");
}

static void citations_are_a_mask(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t mask;
	} masks[] = {
		{ "", 0 }, { R, 1 }, { S, 2 }, { R S, 3 }, { "https://shop.example/returns", 0 }, { "Returns & Refunds", 0 },
		{ "returns &  refunds (https://shop.example/returns)", 1 }, { "[Shipping in 2026](https://shop.example/shipping)", 2 },
		{ "According to Warranty, yes", 4 }, { "Warranty", 0 }, { "according to warranty terms", 4 },
		{ "Returns & Refunds is nice (https://shop.example/returns)", 0 },
	};
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		if (agent_ground_cited(agent_str_cstr(masks[i].text), passages, 3) != masks[i].mask) {
			fail_msg("%s", masks[i].text);
		}
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_json *tree;
	if (agent_json_parse(agent_str_cstr(order), AGENT_JSON_LIMITS, "the result", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	const agent_json *results[] = { tree };
	agent_evidence evidence = evidence_of(results);
	agent_violation violation;
	agent_str good = AGENT_STR("The total of ABC-12345 is €49.90.");
	agent_str bad = AGENT_STR("The total is €49.91.");
	bool right = agent_ground_check(good, good, &evidence, &violation) && !agent_ground_check(bad, bad, &evidence, &violation);
	agent_json_free(tree);
	return right ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "ground", "a wrong answer");
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("ground", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_stand_on_evidence),
		cmocka_unit_test(nothing_grounds_without_evidence),
		cmocka_unit_test(a_sentence_from_elsewhere_is_its_own_paragraph),
		cmocka_unit_test(citations_are_a_mask),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
