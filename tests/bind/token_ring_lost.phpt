--TEST--
A key ring that was removed is made again under the warm worker; one that was changed is told, not replaced; another site's kid opens nothing
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$why = fn(callable $call) => preg_replace(['~^Agent.(\w+) \[(\w+)\] ~', '~ring/\w+~'], ['$1 $2: ', 'ring/…'], thrown($call));
$issue = fn() => agent_token_issue(['aud' => 'browser', 'session' => 's'], 3600);
$verify = fn($token) => $why(fn() => agent_token_verify($token, 'browser'));
site_use();
$token = $issue();
echo $verify($token), ', ', substr(sprintf('%o', fileperms(site_dir() . '/ring')), -4), "\n";
remove_tree(site_dir() . '/ring');
echo $verify($token), '; ', $verify($new = $issue()), "\n";
remove_tree(site_dir());
echo $verify($new), '; ', $verify($new = $issue()), "\n";

$file = glob(site_dir() . '/ring/*')[0];
$bytes = file_get_contents($file);
file_put_contents($file, strrev($bytes));
echo $verify($new), "\n", $why($issue), "\n", $why(fn() => agent_token_key_rotate()), "\n";
file_put_contents($file, '');
echo preg_replace('~:.*~', '', $verify($new)), "\n";
file_put_contents($file, $bytes);
echo $verify($new), "\n";

// A sister site in the same directory: neither the name of the key nor the key is its own.
site_use(['site' => 'sister']);
echo $verify($new), "\n";
site_remove();
?>
--EXPECT--
nothing, 0700
TokenException token_kid: the token's key is not known, or not any more; nothing
TokenException token_kid: the token's key is not known, or not any more; nothing
TokenException key_ring: the file ring/… in the data directory was sealed with another key, or changed: without it a new ring begins
TokenException key_ring: the file ring/… in the data directory was sealed with another key, or changed: without it a new ring begins
TokenException key_ring: the file ring/… in the data directory was sealed with another key, or changed: without it a new ring begins
TokenException key_ring
nothing
TokenException token_kid: the token's key is not known, or not any more
