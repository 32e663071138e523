--TEST--
Health: versions, checks and the site, without a secret
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$before = agent_health();
echo implode(' ', array_keys($before)), ' ', var_export($before['site'], true), "\n";
echo implode(' ', array_keys($before['libraries'])), "\n";
site_use();
$health = agent_health();
echo var_export($health['ok'], true), ' ', $health['site'], ' ', $health['version'] === phpversion('agent') ? 'version' : '?', "\n";
foreach ($health['checks'] as $check) {
    echo $check['name'], ' ', var_export($check['ok'], true), "\n";
}
echo json_encode($health['breakers']), ' ', json_encode($before['turns']), ' ', implode(' ', array_map(gettype(...), $health['turns'])), ' ', $health['turns']['running'], "\n";
site_remove();
?>
--EXPECT--
ok version libraries site checks breakers turns NULL
libcurl json-c openssl sqlite pcre2
true phpt version
data_dir true
config_dir false
store true
turns true
secrets true
[] null integer integer integer 0
