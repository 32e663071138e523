--TEST--
phpinfo shows versions and settings, no secret
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

putenv('AGENT_TEST_SECRET=hunter2-hunter2');
site_use(['backend' => ['audience' => 'https://shop.example/tools', 'issuer' => 'agent', 'key' => ['env' => 'AGENT_TEST_SECRET']]]);
agent_secret_put('brain', 'hunter3-hunter3');
ob_start();
phpinfo(INFO_MODULES);
$text = ob_get_clean();
preg_match('~\nagent\n\n(.*?)\n\n(?:Directive.*?)\n\n~s', $text, $m);
foreach (['agent support => enabled', 'Version => ', 'libcurl => ', 'json-c => ', 'openssl => ', 'sqlite => ', 'pcre2 => '] as $line) {
    echo $line, str_contains($m[0] ?? '', $line) ? "yes\n" : "no\n";
}
$command = [...php_command(['agent.proxy' => 'http://127.0.0.1:3128']), '-r', 'phpinfo(INFO_MODULES);'];
preg_match('~^Outgoing connections => .*$~m', shell_exec(implode(' ', array_map('escapeshellarg', $command))), $row);
echo $row[0] ?? 'not said', "\n", str_contains($m[0] ?? '', 'Outgoing') ? "said here, too\n" : '';
// The environment's own listing is not ours.
echo str_contains($m[0] ?? '', 'hunter') ? "secret shown\n" : "no secret\n";
site_remove();
?>
--EXPECT--
agent support => enabledyes
Version => yes
libcurl => yes
json-c => yes
openssl => yes
sqlite => yes
pcre2 => yes
Outgoing connections => through agent.proxy: names are resolved there, so it must refuse private addresses itself
no secret
