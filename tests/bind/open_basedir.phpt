--TEST--
Paths in a configuration obey open_basedir
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$outside = sys_get_temp_dir() . '/agent-phpt-outside-' . getmypid();
mkdir($outside, 0700);
$inside = site_dir();
$open = agent_configure(site_config(['data_dir' => $outside]));
$good = site_use();
$GLOBALS['site_digests'][$open] = true;
$child = sprintf(<<<'PHP'
    require '%s';
    echo thrown(fn() => agent_configure('%s')), "\n", thrown(fn() => agent_use('%s')), "\n", thrown(fn() => agent_configure('%s')), "\n";
    echo thrown(fn() => agent_session_start()), "\n";
    agent_use('%s');
    echo strlen(agent_session_start()), "\n";
    PHP, realpath(__DIR__ . '/../support/site.php.inc'), site_config(['data_dir' => $outside]), $open,
    site_config(['backend' => ['audience' => 'https://a.example/', 'key' => ['file' => '/etc/shadow']]]), $good);
$command = array_merge(php_command(['open_basedir' => realpath(__DIR__ . '/..') . PATH_SEPARATOR . $inside]), ['-r', $child]);
echo str_replace([$outside, $inside], ['OUT', 'IN'], shell_exec(implode(' ', array_map('escapeshellarg', $command)) . ' 2>&1'));
site_remove();
remove_tree($outside);
?>
--EXPECT--
Agent\ConfigException [open_basedir] open_basedir does not allow the path OUT
Agent\ConfigException [open_basedir] open_basedir does not allow the path OUT
Agent\ConfigException [open_basedir] open_basedir does not allow the path /etc/shadow
Agent\ConfigException [no_configuration] No configuration is selected: call agent_use() first
22
