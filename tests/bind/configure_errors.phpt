--TEST--
A wrong configuration names the place by its JSON Pointer
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

function say(array|string $config): void
{
    echo thrown(fn() => agent_configure($config)), "\n";
}
say('');
say('{"site":"a","site":"b"}');
say(['site' => 'phpt', 'unknown' => 1]);
say(['site' => 'A B']);
say(json_decode(site_config(['tools' => [order_tool(['timeouts_ms' => 1])]]), true));
say(json_decode(site_config(['tools' => [order_tool(), order_tool()]]), true));
say(json_decode(site_config(['brain' => ['protocol' => 'telepathy']]), true));
say(['site' => 'phpt', 'tools' => [order_tool(['url' => 'https://tools.example/order'])]]);
say(['site' => NAN]);
say([]);
site_remove();
?>
--EXPECT--
Agent\ConfigException [end] the configuration: the text ends too early, at byte 0
Agent\ConfigException [duplicate_key] the configuration: the member "site" stands there twice, at byte 12
Agent\ConfigException [unknown_member] /unknown: is not known; allowed are: site data_dir locale instructions brain tools backend contact urls budget rate texts retention_days
Agent\ConfigException [rule] /site: must consist of a-z, 0-9, . _ and -
Agent\ConfigException [range] /tools/0/timeouts_ms: must be an integer from 50 to 30000
Agent\ConfigException [rule] /tools/1/name: must not be the name of another tool
Agent\ConfigException [rule] /brain/protocol: must be local or openai-chat
Agent\ConfigException [audience] /backend/audience: is required, because /tools/0 has a url: its token is for this audience
ValueError: agent_configure(): Argument #1 ($config) cannot become JSON: a number in it is infinite or not a number
Agent\ConfigException [required] /site: is required
