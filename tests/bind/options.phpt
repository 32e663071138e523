--TEST--
Options are strict: unknown names and wrong types are errors that name what is allowed
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

echo thrown(fn() => agent_chat('s', 'm', null, ['foo' => 1])), "\n";
echo thrown(fn() => agent_chat('s', 'm', null, ['x'])), "\n";
echo thrown(fn() => agent_chat('s', 'm', null, ['subject' => 1])), "\n";
echo thrown(fn() => agent_chat('s', 'm', options: ['utc_offset' => '60'])), "\n";
echo thrown(fn() => agent_tool_call('t', [], ['sesion' => 'a'])), "\n";
echo thrown(fn() => agent_session_start(null, ['subject' => 'a'])), "\n";
echo thrown(fn() => agent_session_get('s', ['limit' => 0])), "\n";
echo thrown(fn() => agent_session_grant('s', 'x', 0)), "\n";
echo thrown(fn() => agent_knowledge_search('q', ['limit' => 21])), "\n";
echo thrown(fn() => agent_knowledge_search('q', ['scopes' => 'a'])), "\n";
echo thrown(fn() => agent_knowledge_search('q', ['scopes' => ['a', 1]])), "\n";
echo thrown(fn() => agent_knowledge_list(['limit' => 0])), "\n";
echo thrown(fn() => agent_knowledge_list(['limit' => 10001])), "\n";
echo thrown(fn() => agent_knowledge_list(['limit' => '10'])), "\n";
echo thrown(fn() => agent_knowledge_list(['after' => 1])), "\n";
echo thrown(fn() => agent_knowledge_list(['prefix' => ['a']])), "\n";
echo thrown(fn() => agent_knowledge_list(['before' => 'a'])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['formats' => 1])), "\n";
echo thrown(fn() => agent_token_issue(['aud' => 'a'], 2592001)), "\n";
// A reference is looked through; null is "not given".
$subject = 'wp:1';
$options = ['subject' => &$subject, 'locale' => null];
echo thrown(fn() => agent_chat('s', 'm', null, $options)), "\n";
?>
--EXPECT--
ValueError: agent_chat(): Argument #4 ($options) must not have an option "foo"; the options are: subject, message_id, address, locale, utc_offset
ValueError: agent_chat(): Argument #4 ($options) must not have an option 0; the options are: subject, message_id, address, locale, utc_offset
TypeError: agent_chat(): Argument #4 ($options) must have a string as option "subject", int given
TypeError: agent_chat(): Argument #4 ($options) must have an integer as option "utc_offset", string given
ValueError: agent_tool_call(): Argument #3 ($options) must not have an option "sesion"; the options are: session, subject, call_id
ValueError: agent_session_start(): Argument #2 ($options) must not have an option "subject"; the options are: locale, id
ValueError: agent_session_get(): Argument #2 ($options) must have a number between 1 and 1000 as option "limit"
ValueError: agent_session_grant(): Argument #3 ($seconds) must be between 1 and 86400
ValueError: agent_knowledge_search(): Argument #2 ($options) must have a number between 1 and 20 as option "limit"
TypeError: agent_knowledge_search(): Argument #2 ($options) must have an array as option "scopes", string given
TypeError: agent_knowledge_search(): Argument #2 ($options) must have an array of strings as option "scopes", int found in it
ValueError: agent_knowledge_list(): Argument #1 ($options) must have a number between 1 and 10000 as option "limit"
ValueError: agent_knowledge_list(): Argument #1 ($options) must have a number between 1 and 10000 as option "limit"
TypeError: agent_knowledge_list(): Argument #1 ($options) must have an integer as option "limit", string given
TypeError: agent_knowledge_list(): Argument #1 ($options) must have a string as option "after", int given
TypeError: agent_knowledge_list(): Argument #1 ($options) must have a string as option "prefix", array given
ValueError: agent_knowledge_list(): Argument #1 ($options) must not have an option "before"; the options are: after, prefix, limit
TypeError: agent_schema_check(): Argument #3 ($options) must have true or false as option "formats", int given
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
Agent\ConfigException [no_configuration] No configuration is selected: call agent_use() first
