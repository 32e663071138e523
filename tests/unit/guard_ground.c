/* SPDX-License-Identifier: MIT
 * guard/: what the ground check lets through, and what it holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/guard/ground.h"
#include "ext/text/words.h"
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
	/* Number words, shares, spans. */
	{ "percentage", "You get half of it back." },
	{ "percentage", "You get twice the price back." },
	{ "percentage", "You get double your money back." },
	{ "percentage", "Two thirds of the price are refunded." },
	{ "percentage", "A quarter of the price is refunded." },
	{ "percentage", R "you have twice 30 days." },
	{ "figure", "You have two weeks to return it." },
	{ "figure", "You have a week to return it." },
	{ "figure", "You get it back within a full year." },
	{ "figure", "You have a dozen of them." },
	{ "figure", "The number of days is seven." },
	{ "amount", "It costs a tenner." },
	{ "figure", "You get half a million." },
	{ NULL, "You may ask once a week." },
	{ NULL, "Please try again in a minute." },
	/* A unit of time is part of a figure. */
	{ "figure", R "you have 30 minutes." },
	{ "figure", R "you have 30 months." },
	{ "figure", R "refunds take 3 to 5 weeks." },
	{ "figure", R "refunds take five months." },
	{ "figure", S "express takes 24 days." },
	{ "figure", S "you have 2026 days." },
	{ "figure", "It takes 10 days." },
	{ "figure", "You have three years." },
	{ "figure", "You get 12.5 hours." },
	{ "percentage", "You saved 49.9%." },
	{ "amount", "You get €10 off." },
	{ "amount", "It costs €3." },
	{ NULL, S "express takes a day, or 24 hours, no: one day." },
	{ NULL, R "it is 30-day, 30 calendar days, 30 (thirty) days." },
	/* Days of the week and months. */
	{ "date", "It arrives on Friday." },
	{ "date", "You have until next Monday." },
	{ "date", "It arrives on Monday, 24 November." },
	{ "date", "It arrives in December." },
	{ "date", "The offer lasts until mid-March." },
	{ "date", "Llega el 5 de diciembre." },
	{ "date", "Am 3. März kommt es." },
	{ NULL, "It arrives on Tuesday." },
	{ NULL, "Llega el 24 de noviembre de 2026." },
	{ NULL, "Es kommt am 24. November im November." },
	{ NULL, "Today, Sunday, nobody works." },
	{ NULL, "You may return it, May I add." },
	/* Other languages and signs. */
	{ "amount", "Sie bekommen fünfhundert Euro zurück." },
	{ "amount", "Sie bekommen 500 Euro zurück." },
	{ "amount", "Vous recevrez cinq cents euros." },
	{ "amount", "Recibirá quinientos euros." },
	{ "figure", "Sie haben zwei Wochen Zeit." },
	{ "figure", "Tiene noventa días." },
	{ "figure", "dentro de 5 días" },
	{ "figure", R "Sie haben dreißig Minuten." },
	{ "figure", "您有九十天退货。" },
	{ "figure", "退款五百元。" },
	{ "figure", "You have Ⅻ days." },
	{ "figure", "You have ㊿ days." },
	{ NULL, R "Sie haben dreißig Tage." },
	{ NULL, R "tiene 30 días." },
	/* Figures that look like items of a list. */
	{ "figure", "It is:\n90. That many." },
	{ "figure", "It is:\n17. dollars" },
	{ NULL, "Do this:\n9. Open it.\n10. Close it." },
	/* Codes. */
	{ "identifier", "Use code WELCOME." },
	{ "identifier", "Use the coupon **\"FREESHIP\"** now." },
	{ "identifier", "Your code is: X1." },
	{ NULL, "Enter the discount code at the checkout." },
	{ NULL, "The code PDF is none." },
	/* Addresses that are spelled otherwise. */
	{ "address", "See evil[.]example." },
	{ "address", "See evil dot com." },
	{ "address", "See evil(dot)com or evil .com." },
	{ "address", "See evil.click." },
	{ "address", "<a href=evil>x</a>" },
	{ "address", "<img src=x onerror=y>" },
	{ "address", "[x]( evil.html )" },
	{ "address", "[x](<evil page>)" },
	{ "address", "Click it:\n[x]: evil" },
	{ NULL, "See the dot on the map. Shop there." },
	/* Single marks. */
	{ "quotation", "It says 'we pay all of it'." },
	{ "quotation", "It says ‘we pay all of it’." },
	{ "quotation", "It says ‚we pay all of it‘." },
	{ "quotation", "It says ‹we pay all of it›." },
	{ NULL, R "‘You may return any item’." },
	{ NULL, "It's the customers' choice, isn't it? That's 'fine'." },
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

static const char help_order[] =
	"{\"order_number\":\"KLM-40213\",\"status\":\"shipped\",\"items\":[{\"name\":\"Trail boots\",\"quantity\":1,\"price\":\"129.00\"},"
	"{\"name\":\"Wool socks\",\"quantity\":3,\"price\":\"12.50\"}],\"total\":\"172.45\",\"currency\":\"USD\",\"placed_on\":\"2026-11-17\","
	"\"shipped_on\":\"2026-11-19\",\"expected_on\":\"2026-11-25\",\"carrier\":\"UPS\",\"return_days\":30,\"shipping\":{\"method\":\"Standard\",\"days\":\"3 to 5 business days\"}}";

static const agent_passage help[] = {
	{ .title = AGENT_STR_INIT("Returns"), .url = AGENT_STR_INIT("https://shop.example/returns"),
		.text = AGENT_STR_INIT("You can return an item within 30 days of delivery. Bring it to the store from Monday to Saturday, 10 a.m. to 7 p.m. "
			"For a refund to your card we deduct $6.50 for the label. Students get 15% off. Worn items are refunded at half price. "
			"Items bought between November 1 and December 24 can be returned until January 31. Repairs take 2 weeks.") },
	{ .title = AGENT_STR_INIT("Discount codes"), .url = AGENT_STR_INIT("https://shop.example/codes"),
		.text = AGENT_STR_INIT("New subscribers get the code WELCOME10 for 10% off. Gift cards are valid for five years. "
			"Call +1 802 555 0142. The password link works for 60 minutes. Press 'Download my data' under Account.") },
};

/* Ordinary correct answers. A check that holds one of them costs a pass and annoys a customer. */
static void good_answers_pass(void **state)
{
	(void)state;
	static const char *const good[] = {
		"Hi! Happy to help. What would you like to know?",
		"I'm sorry to hear that. Could you tell me your order number?",
		"Your order KLM-40213 was shipped on 19 November and should arrive on Wednesday, 25 November.",
		"Good news: KLM-40213 is on its way with UPS. It should be there by Nov 25.",
		"Your order has two items: Trail boots ($129.00) and three pairs of Wool socks at $12.50 each.",
		"The total was $172.45, paid on November 17, 2026.",
		"Standard shipping takes 3 to 5 business days.",
		"Standard shipping takes three to five business days, so it should arrive on the 25th.",
		"You have 30 days to return it.",
		"According to Returns (https://shop.example/returns), you can return an item within 30 days of delivery.",
		"According to [Returns](https://shop.example/returns), we deduct **$6.50** for the label if you want the refund on your card.",
		"Students get 15% off ([Returns](https://shop.example/returns)).",
		"According to Returns (https://shop.example/returns): \"You can return an item within 30 days of delivery.\"",
		"According to Returns (https://shop.example/returns), the store is open from Monday to Saturday, 10 a.m. to 7 p.m.",
		"According to Returns (https://shop.example/returns), worn items are refunded at half price.",
		"According to Returns (https://shop.example/returns), gifts bought in December can be returned until January 31.",
		"According to Returns (https://shop.example/returns), a repair takes two weeks, that is 14 days.",
		"According to Discount codes (https://shop.example/codes), new subscribers get the code WELCOME10.",
		"According to Discount codes (https://shop.example/codes), gift cards are valid for 5 years.",
		"According to Discount codes (https://shop.example/codes), you can call +1 802 555 0142.",
		"According to Discount codes (https://shop.example/codes), the link works for one hour (60 minutes).",
		"According to Discount codes (https://shop.example/codes), press 'Download my data'.",
		"1. Sign in and open Orders.\n2. Choose the order and press Return.\n3. Print the label and send the parcel.",
		"- Trail boots: $129.00\n- Wool socks: 3 × $12.50",
		"Laut Returns (https://shop.example/returns) können Sie den Artikel innerhalb von 30 Tagen zurückgeben.",
		"Según Returns (https://shop.example/returns), tiene 30 días. Su pedido llega el 25 de noviembre.",
		"I can't look that up, but a colleague can help: https://shop.example/contact",
		"I could not find that in our help pages. The closest page is Returns (https://shop.example/returns).",
		"Please double-check the e-mail address and try again in a few minutes. It's no trouble at all!",
		"You may hand it in at any time; there's no rush, and you don't have to do it today or tomorrow.",
		"Thanks for your patience! Is there anything else I can do for you this week?",
		"We're sorry for the delay; that's the carrier's fault and not yours.",
	};
	const agent_json *results[] = { parse(help_order) };
	const agent_str words[] = { AGENT_STR("Where is KLM-40213? And how do I return things?") };
	const agent_str site[] = { AGENT_STR("https://shop.example/contact") };
	agent_evidence evidence = { .said = words, .said_count = 1, .results = results, .result_count = 1, .passages = help,
		.passage_count = 2, .urls = site, .url_count = 1, .year = 2026, .month = 11, .day = 22 };
	int held = 0;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		agent_str text = agent_str_cstr(good[i]);
		size_t end;
		for (size_t at = 0; at < text.len; at += end) {
			agent_violation violation;
			end = agent_sentence_end(agent_str_from(text, at), true);
			assert_int_not_equal(end, 0);
			agent_str sentence = agent_str_cut(text, at, end);
			if (!agent_ground_check(agent_str_cut(text, 0, at + end), sentence, &evidence, &violation)) {
				print_message("# %s\n#   held: %s %s\n", good[i], violation.rule, violation.message);
				held++;
			}
		}
	}
	agent_json_free((agent_json *)(uintptr_t)results[0]);
	assert_int_equal(held, 0);
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
		cmocka_unit_test(good_answers_pass),
		cmocka_unit_test(nothing_grounds_without_evidence),
		cmocka_unit_test(a_sentence_from_elsewhere_is_its_own_paragraph),
		cmocka_unit_test(citations_are_a_mask),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
