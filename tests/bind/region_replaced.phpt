--TEST--
A site's shared memory that was cut, damaged, removed or replaced: the next use makes it again
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use(['rate' => ['session' => '2/h']]);
$session = agent_session_start();
[$file] = glob(site_dir() . '/*.region');
printf("%o %s\n", fileperms($file), filesize($file) > 100000 ? 'whole' : '?');

function outcomes(int $count): string
{
    global $session;
    return implode(' ', array_map(fn() => agent_chat($session, 'Hello')->outcome->value, range(1, $count)));
}

function again(): string
{
    global $file;
    clearstatcache();
    return outcomes(3) . ', ' . (is_link($file) || !is_file($file) ? '?' : sprintf('%o', fileperms($file) & 0777)) . "\n";
}

echo 'begun: ', again();
echo 'kept: ', outcomes(1), "\n";
ftruncate(fopen($file, 'r+'), 0);
echo 'empty: ', again();
ftruncate(fopen($file, 'r+'), 10000);
echo 'short: ', again();
fwrite(fopen($file, 'r+'), 'something else');
site_use(['rate' => ['session' => '2/h'], 'locale' => 'de']); // a worker that has it mapped works on; this site maps it anew
echo 'another header: ', again();
unlink($file);
echo 'removed: ', again();
chmod($file, 0644);
echo 'open to others: ', again();
rename($file, "$file.x");
symlink("$file.x", $file);
echo 'a link: ', again();
copy($file, "$file.y");
rename("$file.y", $file);
echo 'a copy, open to others: ', again();

// In the middle of a turn, which ends without touching what is no longer there.
unlink($file);
agent_tool_register('get_order_status', function (array $arguments) use ($file) {
    ftruncate(fopen($file, 'r+'), 0);
    return ['status' => 'shipped'];
});
$turn = agent_chat($session, 'Where is my order ABC-12345?');
echo $turn->outcome->value, ', then: ', again();
echo array_column(agent_health()['checks'], 'message', 'name')['turns'], "\n";
site_remove();
?>
--EXPECT--
100600 whole
begun: asked asked shed, 600
kept: shed
empty: asked asked shed, 600
short: asked asked shed, 600
another header: asked asked shed, 600
removed: asked asked shed, 600
open to others: asked asked shed, 600
a link: asked asked shed, 600
a copy, open to others: asked asked shed, 600
answered, then: asked asked shed, 600
0 running of 2 at most, 0 waiting
