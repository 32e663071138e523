--TEST--
A configuration is stored under its digest: the same for the same configuration, array or text
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$text = site_config();
$first = agent_configure($text);
echo strlen($first), ' ', preg_match('/^[0-9a-f]{64}$/', $first), "\n";
echo agent_configure(json_decode($text, true)) === $first ? "same\n" : "another\n";
echo agent_configure(json_encode(json_decode($text, true), JSON_PRETTY_PRINT)) === $first ? "same\n" : "another\n";
echo agent_configure(site_config(['locale' => 'de'])) === $first ? "same\n" : "another\n";
agent_use($first);
agent_use($first);
$GLOBALS['site_digests'][$first] = true;
echo agent_health()['ok'] ? "ok\n" : "not ok\n";
echo thrown(fn() => agent_use(str_repeat('0', 64))), "\n";
echo thrown(fn() => agent_use('../../etc/passwd')), "\n";
echo agent_health()['site'] === null ? "deselected\n" : "still selected\n";
site_remove();
?>
--EXPECT--
64 1
same
same
another
ok
Agent\ConfigException [unknown_digest] no configuration with this digest is stored here
Agent\ConfigException [unknown_digest] no configuration with this digest is stored here
still selected
