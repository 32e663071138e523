/* SPDX-License-Identifier: MIT
 * The properties of characters that ECMA-262 knows behind \p, by PCRE2's names.
 * Nothing of a pattern's syntax. */
#include "ext/contract/pattern_ecma.h"

#include <string.h>

/* General categories: the short name first, then the long ones. */
static const char *const categories[][3] = {
	{ "C", "Other" }, { "Cc", "Control", "cntrl" }, { "Cf", "Format" }, { "Cn", "Unassigned" }, { "Co", "Private_Use" },
	{ "Cs", "Surrogate" }, { "L", "Letter" }, { "LC", "Cased_Letter" }, { "Ll", "Lowercase_Letter" },
	{ "Lm", "Modifier_Letter" }, { "Lo", "Other_Letter" }, { "Lt", "Titlecase_Letter" }, { "Lu", "Uppercase_Letter" },
	{ "M", "Mark", "Combining_Mark" }, { "Mc", "Spacing_Mark" }, { "Me", "Enclosing_Mark" },
	{ "Mn", "Nonspacing_Mark" }, { "N", "Number" }, { "Nd", "Decimal_Number", "digit" }, { "Nl", "Letter_Number" },
	{ "No", "Other_Number" }, { "P", "Punctuation", "punct" }, { "Pc", "Connector_Punctuation" },
	{ "Pd", "Dash_Punctuation" }, { "Pe", "Close_Punctuation" }, { "Pf", "Final_Punctuation" },
	{ "Pi", "Initial_Punctuation" }, { "Po", "Other_Punctuation" }, { "Ps", "Open_Punctuation" }, { "S", "Symbol" },
	{ "Sc", "Currency_Symbol" }, { "Sk", "Modifier_Symbol" }, { "Sm", "Math_Symbol" }, { "So", "Other_Symbol" },
	{ "Z", "Separator" }, { "Zl", "Line_Separator" }, { "Zp", "Paragraph_Separator" }, { "Zs", "Space_Separator" },
};

/* Binary properties, both spellings; PCRE2 has the same names. */
static const char *const binaries[] = {
	"ASCII", "ASCII_Hex_Digit", "AHex", "Alphabetic", "Alpha", "Any", "Bidi_Control", "Bidi_C", "Bidi_Mirrored", "Bidi_M",
	"Case_Ignorable", "CI", "Cased", "Changes_When_Casefolded", "CWCF", "Changes_When_Casemapped", "CWCM",
	"Changes_When_Lowercased", "CWL", "Changes_When_NFKC_Casefolded", "CWKCF", "Changes_When_Titlecased", "CWT",
	"Changes_When_Uppercased", "CWU", "Dash", "Default_Ignorable_Code_Point", "DI", "Deprecated", "Dep", "Diacritic",
	"Dia", "Emoji", "Emoji_Component", "EComp", "Emoji_Modifier", "EMod", "Emoji_Modifier_Base", "EBase",
	"Emoji_Presentation", "EPres", "Extended_Pictographic", "ExtPict", "Extender", "Ext", "Grapheme_Base", "Gr_Base",
	"Grapheme_Extend", "Gr_Ext", "Hex_Digit", "Hex", "IDS_Binary_Operator", "IDSB", "IDS_Trinary_Operator", "IDST",
	"ID_Continue", "IDC", "ID_Start", "IDS", "Ideographic", "Ideo", "Join_Control", "Join_C",
	"Logical_Order_Exception", "LOE", "Lowercase", "Lower", "Math", "Noncharacter_Code_Point", "NChar",
	"Pattern_Syntax", "Pat_Syn", "Pattern_White_Space", "Pat_WS", "Quotation_Mark", "QMark", "Radical",
	"Regional_Indicator", "RI", "Sentence_Terminal", "STerm", "Soft_Dotted", "SD", "Terminal_Punctuation", "Term",
	"Unified_Ideograph", "UIdeo", "Uppercase", "Upper", "Variation_Selector", "VS", "White_Space", "space",
	"XID_Continue", "XIDC", "XID_Start", "XIDS",
};

static const char *category(agent_str name)
{
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
		for (size_t k = 0; k < 3 && categories[i][k] != NULL; k++) {
			if (agent_str_is(name, categories[i][k])) {
				return categories[i][0];
			}
		}
	}
	return NULL;
}

static bool binary(agent_str name)
{
	for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
		if (agent_str_is(name, binaries[i])) {
			return true;
		}
	}
	return false;
}

/* A script's name as Unicode spells it; whether there is such a script, PCRE2 says. */
static bool script(agent_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		if (i == 0 ? c < 'A' || c > 'Z' : !letter && c != '_') {
			return false;
		}
	}
	return name.len > 0;
}

static bool behind(agent_str text, const char *prefix, agent_str *name)
{
	size_t len = strlen(prefix);
	if (!agent_str_starts(text, agent_str_of(prefix, len))) {
		return false;
	}
	*name = agent_str_from(text, len);
	return true;
}

static bool put(agent_buf *out, bool negated, const char *prefix, agent_str name)
{
	agent_buf_addf(out, "\\%c{%s%.*s}", negated ? 'P' : 'p', prefix, AGENT_STR_ARG(name));
	return true;
}

bool agent_pattern_property(agent_str text, bool negated, agent_buf *out)
{
	agent_str name = text;
	if (behind(text, "Script=", &name) || behind(text, "sc=", &name)) {
		return script(name) && put(out, negated, "sc:", name);
	}
	if (behind(text, "Script_Extensions=", &name) || behind(text, "scx=", &name)) {
		return script(name) && put(out, negated, "scx:", name);
	}
	bool named = behind(text, "General_Category=", &name) || behind(text, "gc=", &name);
	const char *found = category(name);
	if (found != NULL) {
		return put(out, negated, "", agent_str_cstr(strcmp(found, "LC") == 0 ? "L&" : found));
	}
	if (named) {
		return false;
	}
	if (agent_str_is(text, "Assigned")) {
		return put(out, !negated, "", AGENT_STR("Cn"));
	}
	return binary(text) && put(out, negated, "", text);
}
