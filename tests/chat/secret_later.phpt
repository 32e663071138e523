--TEST--
A configuration may name a secret before it is stored: until then, and after it was deleted, the local brain answers; in between the model does
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

function secrets(): string
{
    return implode(', ', array_column(array_filter(agent_health()['checks'], fn($check) => $check['name'] === 'secrets' && !$check['ok']), 'message')) ?: 'all there';
}
upstream_use([], ['key' => ['put' => 'model.key']]);
script('model', "words I am a model.\nfinish stop");
echo secrets(), "\n";
ask('Hello!');
echo count(upstream_requests('model')), " requests\n";
agent_secret_put('model.key', 'sk-test-1');
echo secrets(), "\n";
ask('Hello!');
agent_secret_put('model.key', 'sk-test-2');
ask('Hello!');
agent_secret_put('model.key', '');
echo secrets(), "\n";
ask('Hello!');
agent_secret_put('model.key', ''); // once more: nothing is there to delete
foreach (glob(site_dir() . '/upstream/bodies/*.head') as $head) {
    echo preg_match('~^authorization: *(.*?)\r?$~mi', file_get_contents($head), $match) ? $match[1] : '?', "\n";
}
site_remove();
?>
--EXPECT--
no secret model.key is stored
asked (degraded)
  Hello! How can I help you today?
0 requests
all there
answered
  I am a model.
answered
  I am a model.
no secret model.key is stored
asked (degraded)
  Hello! How can I help you today?
Bearer sk-test-1
Bearer sk-test-2
