--TEST--
The settings are the host's: no script changes them, and a bad value leaves the default
--EXTENSIONS--
agent
--INI--
agent.max_tools=2
agent.allow_private=127.0.0.1:1
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

foreach (ini_get_all('agent') as $name => $entry) {
    echo $name, ' ', $entry['access'] === INI_SYSTEM ? 'system' : 'open', ' ', var_export($entry['local_value'], true), "\n";
}
$command = array_merge(php_command(['agent.max_tools' => '-1', 'display_startup_errors' => '1']), ['-r', 'echo "\n", ini_get("agent.max_tools"), "\n";']);
echo trim(shell_exec(implode(' ', array_map('escapeshellarg', $command)))), "\n";
?>
--EXPECTF--
agent.allow_private system '127.0.0.1:1'
agent.ca_file system ''
agent.data_dir system ''
agent.enabled system '1'
agent.max_passes system '8'
agent.max_tokens system '20000'
agent.max_tools system '2'
agent.max_turns system '2'
agent.max_wall_ms system '60000'
agent.proxy system ''
agent.queue_ms system '1500'
agent.rate_address system '0'
agent.rate_session system '0'
agent.shm_dir system ''
Warning: %Aagent.max_tools must be between 0 and 100000000 in Unknown on line 0

3
