--TEST--
A literal array is read where Opcache keeps it: nothing is written there
--EXTENSIONS--
agent
--SKIPIF--
<?php
is_file(PHP_EXTENSION_DIR . '/opcache.so') or die('skip no Opcache beside this PHP');
?>
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
$script = site_dir() . '/script.php';
file_put_contents($script, <<<'PHP'
<?php
echo opcache_is_script_cached(__FILE__) ? 'cached' : 'not cached', "\n";
try {
    agent_configure(['site' => 'A B']);
} catch (Agent\ConfigException $e) {
    echo $e->getMessage(), "\n";
}
PHP);
// In a process of its own, where a write to the shared memory is a crash.
$ini = ['zend_extension' => PHP_EXTENSION_DIR . '/opcache.so', 'opcache.enable_cli' => 1, 'opcache.file_update_protection' => 0,
    'opcache.protect_memory' => 1, 'opcache.jit' => 'off'];
$process = proc_open(array_merge(php_command($ini), [$script]), [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
echo stream_get_contents($pipes[1]), 'status ', proc_close($process), "\n";
site_remove();
?>
--EXPECT--
cached
/site: must consist of a-z, 0-9, . _ and -
status 0
