/* SPDX-License-Identifier: MIT
 * text/: what the recogniser finds, and what does not slip past it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/base/buf.h"
#include "ext/text/recognise.h"
#include "ext/text/utf8.h"

typedef struct found_case {
	const char *text, *expected; /* "kind(text=value) …", see describe() */
} found_case;

static void describe(agent_buf *out, agent_str text, const agent_found *found)
{
	static const char kinds[] = "UEIMDPNQ";
	agent_buf_addf(out, "%s%c(", out->len > 0 ? " " : "", kinds[found->kind]);
	agent_buf_add(out, agent_str_cut(text, found->start, found->len));
	if (found->kind == AGENT_FOUND_DATE) {
		agent_buf_addf(out, "=%d-%d-%d", found->year, found->month, found->day);
		if (found->alt_month != 0) {
			agent_buf_addf(out, "/%d-%d", found->alt_month, found->alt_day);
		}
	} else if (found->kind >= AGENT_FOUND_MONEY && found->kind <= AGENT_FOUND_NUMBER) {
		if (found->minor == INT64_MIN) {
			agent_buf_add_lit(out, "=?");
		} else if (found->minor % 10000 == 0) {
			agent_buf_addf(out, "=%lld", (long long)(found->minor / 10000));
		} else {
			agent_buf_addf(out, "=%.12g", (double)found->minor / 10000);
		}
		agent_buf_addf(out, "%s", found->currency);
		if (found->sign != 0) {
			agent_buf_add_char(out, found->sign);
		}
	}
	agent_buf_add_char(out, ')');
}

static void check(const found_case *cases, size_t count)
{
	int wrong = 0;
	for (size_t i = 0; i < count; i++) {
		agent_buf out;
		agent_buf_init(&out, 4000);
		agent_str text = agent_str_cstr(cases[i].text);
		agent_found found;
		for (size_t pos = 0, last = 0; agent_recognise(text, &pos, &found); last = pos) {
			assert_true(pos > last || found.kind == AGENT_FOUND_QUOTE);
			assert_true(found.len > 0 && found.start + found.len <= text.len);
			describe(&out, text, &found);
		}
		if (!agent_str_is(agent_buf_str(&out), cases[i].expected)) {
			print_message("# %s\n#   expected %s\n#   got      %.*s\n", cases[i].text, cases[i].expected, (int)out.len, out.ptr);
			wrong++;
		}
		agent_buf_clear(&out);
	}
	assert_int_equal(wrong, 0);
}

#define CHECK(cases) check((cases), sizeof(cases) / sizeof *(cases))

static void dates(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "on 2026-11-24.", "D(2026-11-24=2026-11-24)" },
		{ "at 2026-11-24T10:00:00Z, yes", "D(2026-11-24T10:00:00Z=2026-11-24)" },
		{ "2026-11-24T10:00:00.123+02:00", "D(2026-11-24T10:00:00.123+02:00=2026-11-24)" },
		{ "2026/11/24", "D(2026/11/24=2026-11-24)" },
		{ "24 November 2026", "D(24 November 2026=2026-11-24)" },
		{ "the 24th of November, 2026", "D(24th of November, 2026=2026-11-24)" },
		{ "Nov 24", "D(Nov 24=0-11-24)" },
		{ "Nov. 24th.", "D(Nov. 24th=0-11-24)" },
		{ "November 24th, 2026.", "D(November 24th, 2026=2026-11-24)" },
		{ "NOVEMBER 24 2026", "D(NOVEMBER 24 2026=2026-11-24)" },
		{ "in November 2026", "D(November 2026=2026-11-0)" },
		{ "Tuesday, 24 Nov", "D(24 Nov=0-11-24)" },
		{ "11/24/2026", "D(11/24/2026=2026-11-24)" },
		{ "24/11/2026", "D(24/11/2026=2026-11-24)" },
		{ "05/11/2026", "D(05/11/2026=2026-5-11/11-5)" },
		{ "24.11.2026", "D(24.11.2026=2026-11-24)" },
		{ "24. November 2026", "D(24. November 2026=2026-11-24)" },
		{ "24-Nov-2026", "D(24-Nov-2026=2026-11-24)" },
		{ "11/24/26", "D(11/24/26=2026-11-24)" },
		{ "24–26 November", "D(24=0-11-24) D(26 November=0-11-26)" },
		{ "24 to 26 November 2026", "D(24=2026-11-24) D(26 November 2026=2026-11-26)" },
		{ "you may 5 times", "N(5=5)" },
		{ "May 5", "D(May 5=0-5-5)" },
		{ "31.02.2026", "N(31.02=31.02) N(2026=2026)" },
		{ "24/7 support", "N(24=24) N(7=7)" },
		{ "in 2026", "N(2026=2026)" },
		{ "２０２６-１１-２４", "D(２０２６-１１-２４=2026-11-24)" },
		{ "2026\xe2\x80\x8b-11-24", "D(2026\xe2\x80\x8b-11-24=2026-11-24)" },
		{ "November 24 at 3 PM", "D(November 24=0-11-24) N(3=3)" },
		{ "Sept 3rd", "D(Sept 3rd=0-9-3)" },
		{ "Nov 24–26, 2026", "D(Nov 24=2026-11-24) D(26, 2026=2026-11-26)" },
		{ "November 24th and 25th", "D(November 24th=0-11-24) D(25th=0-11-25)" },
	};
	CHECK(cases);
}

static void money(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "It is $12.50.", "M($12.50=12.5$)" },
		{ "12,50 €", "M(12,50 €=12.5EUR)" },
		{ "12,50\xc2\xa0€", "M(12,50\xc2\xa0€=12.5EUR)" },
		{ "EUR 12", "M(EUR 12=12EUR)" },
		{ "12 dollars", "M(12 dollars=12$)" },
		{ "12 US dollars", "M(12 US dollars=12USD)" },
		{ "US$12", "M(US$12=12USD)" },
		{ "USD $12", "M(USD $12=12USD)" },
		{ "$12 USD", "M($12 USD=12USD)" },
		{ "€1,234.56", "M(€1,234.56=1234.56EUR)" },
		{ "1.234,56 €", "M(1.234,56 €=1234.56EUR)" },
		{ "1.234 €", "M(1.234 €=1234EUR)" },
		{ "1 234,56 €", "M(1 234,56 €=1234.56EUR)" },
		{ "CHF 1'234.50", "M(CHF 1'234.50=1234.5CHF)" },
		{ "£5", "M(£5=5GBP)" },
		{ "50 cents", "M(50 cents=0.5)" },
		{ "five hundred dollars", "M(five hundred dollars=500$)" },
		{ "a hundred euros", "M(a hundred euros=100EUR)" },
		{ "twenty-five euros", "M(twenty-five euros=25EUR)" },
		{ "$5k and $2 million", "M($5k=5000$) M($2 million=2000000$)" },
		{ "5 million euros", "M(5 million euros=5000000EUR)" },
		{ "a $50-voucher", "M($50=50$)" },
		{ "a 50-dollar voucher", "M(50-dollar=50$)" },
		{ "-$5", "M($5=-5$)" },
		{ "3 $10 vouchers", "N(3=3) M($10=10$)" },
		{ "$5OO", "M($5OO=?$)" },
		{ "5OO €", "N(5OO=?)" },
		{ "＄５００", "M(＄５００=500$)" },
		{ "$5\xe2\x80\x8b""00", "M($5\xe2\x80\x8b""00=500$)" },
		{ "٥٠٠ €", "M(٥٠٠ €=500EUR)" },
		{ "5️⃣0️⃣0️⃣ €", "M(5️⃣0️⃣0️⃣ €=500EUR)" },
		{ "𝟓𝟎𝟎 €", "M(𝟓𝟎𝟎 €=500EUR)" },
		{ "退款500元", "M(500元=500Y)" },
		{ "¥500", "M(¥500=500Y)" },
		{ "49 kr", "M(49 kr=49k)" },
		{ "49 zł", "M(49 zł=49PLN)" },
		{ "Rs. 1,23,456", "M(Rs. 1,23,456=123456INR)" },
		{ "1000000000000000 €", "M(1000000000000000 €=?EUR)" },
		{ "$1.23456", "M($1.23456=?$)" },
		{ "try 12 of all", "N(12=12)" },
		{ "**5**00 €", "M(5**00 €=500EUR)" },
		{ "**€**500 or **500** _euros_", "M(€**500=500EUR) M(500** _euros=500EUR)" },
		{ "5&nbsp;00 €, 5<b>00</b> €", "M(5&nbsp;00 €=500EUR) M(5<b>00</b> €=500EUR)" },
		{ "1\\,500 €", "M(1\\,500 €=1500EUR)" },
		{ "5 00 €", "N(5=5) M(00 €=?EUR)" },
		{ "several hundred dollars", "M(hundred dollars=100$)" },
	};
	CHECK(cases);
}

static void figures(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "30 days", "N(30=30)" },
		{ "a 30-day return", "N(30=30)" },
		{ "within-30-days", "N(30=30)" },
		{ "3-5 days", "N(3=3) N(5=5)" },
		{ "three days", "N(three=3)" },
		{ "three to five business days", "N(three=3) N(five=5)" },
		{ "three-day", "N(three=3)" },
		{ "two ways", "" },
		{ "two new items", "N(two=2)" },
		{ "one of them", "" },
		{ "one business day", "N(one=1)" },
		{ "twenty things", "N(twenty=20)" },
		{ "a hundred", "N(a hundred=100)" },
		{ "a five", "" },
		{ "two hundred and five", "N(two hundred and five=205)" },
		{ "10%", "P(10%=10)" },
		{ "10 %", "P(10 %=10)" },
		{ "2,5 percent", "P(2,5 percent=2.5)" },
		{ "ten per cent", "P(ten per cent=10)" },
		{ "one-hundred percent", "P(one-hundred percent=100)" },
		{ "１０％", "P(１０％=10)" },
		{ "1,234", "N(1,234=1234)" },
		{ "1.234", "N(1.234=1.234)" },
		{ "0.125", "N(0.125=0.125)" },
		{ "10.000 points", "N(10.000=10000)" },
		{ "5~10 days", "N(5=5) N(10=10)" },
		{ "1,234,567.5", "N(1,234,567.5=1234567.5)" },
		{ "v1.2.3", "N(1.2=1.2) N(3=3)" },
		{ "2½ hours", "N(2½=2.5)" },
		{ "½ price", "N(½=0.5)" },
		{ "5k points", "N(5k=5000)" },
		{ "in5 days", "N(5=5)" },
		{ "the 24th", "N(24th=24)" },
		{ "A4, MP3 and B2B", "" },
		{ "10:30", "N(10=10) N(30=30)" },
		{ "100ml", "N(100=100)" },
		{ "_30_ and **14**", "N(30=30) N(14=14)" },
		{ "3.50.", "N(3.50=3.5)" },
		{ "1\xe2\x80\x8d""4 days", "N(1\xe2\x80\x8d""4=14)" },
		{ "②④ days", "N(②④=24)" },
	};
	CHECK(cases);
}

static void identifiers(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "ABC-12345", "I(ABC-12345)" },
		{ "abc-12345.", "I(abc-12345)" },
		{ "INV2024001", "I(INV2024001)" },
		{ "#10023", "I(#10023)" },
		{ "Order 10023 was", "I(10023)" },
		{ "order number 10023", "I(10023)" },
		{ "order no. 10023", "I(10023)" },
		{ "your order number is 10023", "I(10023)" },
		{ "you may order 10023 pieces", "N(10023=10023)" },
		{ "10023 pieces", "N(10023=10023)" },
		{ "550e8400-e29b-41d4-a716-446655440000", "I(550e8400-e29b-41d4-a716-446655440000)" },
		{ "12AB34", "I(12AB34)" },
		{ "xyz-777", "I(xyz-777)" },
		{ "SAVE20", "I(SAVE20)" },
		{ "in30 days, Within-30-Days, refund-500", "N(30=30) N(30=30) N(500=500)" },
		{ "WELCOME10", "I(WELCOME10)" },
		{ "order 5000 €", "M(5000 €=5000EUR)" },
		{ "jane@shop.example.", "E(jane@shop.example)" },
		{ "j***@shop.example", "E(j***@shop.example)" },
		{ "<jane.doe+x@mail.shop.example>", "E(jane.doe+x@mail.shop.example)" },
		{ "1Z999AA10123456784", "I(1Z999AA10123456784)" },
	};
	CHECK(cases);
}

static void addresses(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "See https://shop.example/returns.", "U(https://shop.example/returns)" },
		{ "(https://shop.example/returns), then", "U(https://shop.example/returns)" },
		{ "https://shop.example/a_(b)_c!", "U(https://shop.example/a_(b)_c)" },
		{ "[Returns](https://shop.example/returns)**", "U(https://shop.example/returns)" },
		{ "<https://shop.example/x?a=1&b=2>", "U(https://shop.example/x?a=1&b=2)" },
		{ "**https://shop.example/x**", "U(https://shop.example/x)" },
		{ "www.evil.example", "U(www.evil.example)" },
		{ "evil.example/path is", "U(evil.example/path)" },
		{ "evil.example", "U(evil.example)" },
		{ "evil.host:8080/x", "U(evil.host:8080/x)" },
		{ "javascript:alert(1)", "U(javascript:alert(1))" },
		{ "[x](javascript:alert(1))", "U(javascript:alert(1))" },
		{ "JavaScript:alert(1)", "U(JavaScript:alert(1))" },
		{ "data:text/html,x", "U(data:text/html,x)" },
		{ "mailto:a@b.example", "U(mailto:a@b.example)" },
		{ "tel:+4912345", "U(tel:+4912345)" },
		{ "[x](/refund)", "U(/refund)" },
		{ "[x](#refund)", "U(#refund)" },
		{ "[x](weird+scheme:abc)", "U(weird+scheme:abc)" },
		{ "//evil.example/x", "U(//evil.example/x)" },
		{ "\\\\evil.example\\x", "U(\\\\evil.example\\x)" },
		{ "http:\\\\evil.example", "U(http:\\\\evil.example)" },
		{ "https://sh\xe2\x80\x8bop.example/", "U(https://sh\xe2\x80\x8bop.example/)" },
		{ "ｈｔｔｐｓ：／／evil.example", "U(ｈｔｔｐｓ：／／evil.example)" },
		{ "evil．example/x", "U(evil．example/x)" },
		{ "https://shop.example).evil.example/", "U(https://shop.example) U(evil.example/)" },
		{ "https://user@evil.example/", "U(https://user@evil.example/)" },
		{ "192.168.1.1", "U(192.168.1.1)" },
		{ "xn--80ak6aa92e.xn--p1ai", "U(xn--80ak6aa92e.xn--p1ai)" },
		{ "Note: this", "" },
		{ "e.g. this, i.e. that", "" },
		{ "policy.If you", "" },
		{ "and/or", "" },
		{ "见https://shop.example/退货。然后", "U(https://shop.example/退货)" },
		{ "orders@shop.example or shop.example", "E(orders@shop.example) U(shop.example)" },
	};
	CHECK(cases);
}

static void quotations(void **state)
{
	(void)state;
	static const found_case cases[] = {
		{ "It says “we ship in 3 days”.", "Q(we ship in 3 days) N(3=3)" },
		{ "It says \"we ship\" and \"we pay\".", "Q(we ship) Q(we pay)" },
		{ "Press \"Cancel\" now.", "" },
		{ "„wir liefern schnell“ heißt", "Q(wir liefern schnell)" },
		{ "« nous livrons »", "Q( nous livrons )" },
		{ "A 5\" and 7\" plate", "N(5=5) N(7=7)" },
		{ "an “open one", "" },
		{ "\"See $5 there\" and 10%", "Q(See $5 there) M($5=5$) P(10%=10)" },
	};
	CHECK(cases);
}

static void utf8_is_checked_and_cut(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80", "\xf8\x88\x80\x80\x80",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(agent_utf8_valid(agent_str_cstr(bad[i])));
	}
	agent_str good = AGENT_STR("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_true(agent_utf8_valid(good));
	static const size_t cuts[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };
	static const size_t partial[] = { 0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0 };
	for (size_t max = 0; max < 12; max++) {
		assert_int_equal(agent_utf8_cut(good, max), cuts[max]);
	}
	for (size_t len = 0; len <= good.len; len++) {
		assert_int_equal(agent_utf8_partial(agent_str_cut(good, 0, len)), partial[len]);
	}
	assert_int_equal(agent_utf8_partial(AGENT_STR("\xe0\x80")), 0);
	static const uint32_t codes[] = { 'a', 0xe4, 0x20ac, 0x1f600 };
	size_t pos = 0;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(agent_utf8_next(good, &pos), codes[i]);
	}
	pos = 0;
	assert_int_equal(agent_utf8_next(AGENT_STR("\xe2\x82"), &pos), 0xfffd);
	assert_int_equal(pos, 1);
}

/* No input may hang it, step outside the text or find nothing of a length. */
static void garbage_is_walked(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"1", ",", ".", "-", "/", "$", "€", "%", " ", "\n", "\"", "“", "(", "](", "http", "://", "@", "a", "Nov", "two",
		"hundred", "\xe2\x80\x8b", "\xff", "#", "T", ":", "½", "元", "of ", "24", "*", "_", "`", "~~", "&b;", "&nbsp;", "<b>", "\\",
	};
	uint32_t seed = 12345;
	for (int round = 0; round < 3000; round++) {
		agent_buf text;
		agent_buf_init(&text, 400);
		for (int i = 0; i < 20; i++) {
			seed = seed * 1664525u + 1013904223u;
			agent_buf_add(&text, agent_str_cstr(parts[(seed >> 16) % (sizeof parts / sizeof *parts)]));
		}
		agent_found found;
		int steps = 0;
		for (size_t pos = 0; agent_recognise(agent_buf_str(&text), &pos, &found); steps++) {
			assert_true(found.len > 0 && found.start + found.len <= text.len && pos <= text.len);
			assert_true(steps < 200);
		}
		agent_buf_clear(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(money),
		cmocka_unit_test(figures),
		cmocka_unit_test(identifiers),
		cmocka_unit_test(addresses),
		cmocka_unit_test(quotations),
		cmocka_unit_test(utf8_is_checked_and_cut),
		cmocka_unit_test(garbage_is_walked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
