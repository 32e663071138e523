--TEST--
A model that keeps failing is not asked: the local brain answers at once
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

$port = upstream_start();
upstream_use([], ['retries' => 0]);
agent_knowledge_put(['id' => 'r', 'title' => 'Returns', 'url' => 'https://shop.example/returns', 'text' => 'You can return an item within 30 days of delivery.']);
script('model', "status 500\njson {}");
for ($i = 1; $i <= 5; $i++) {
    ask('How long may I return an item?');
}
$breaker = agent_health()['breakers'][0];
echo $breaker['key'] === "brain:127.0.0.1:$port/test-model" ? 'the model' : $breaker['key'], " is $breaker[state]\n";
echo upstream_count('request'), " requests\n";
ask('How long may I return an item?');
echo upstream_count('request'), " requests\n";

script('model', "words Hello again.\nfinish stop");
for ($i = 0; $i < 1000 && agent_health()['breakers'][0]['state'] !== 'half_open'; $i++) {
    usleep(10000);
}
ask('Hi');
echo agent_health()['breakers'][0]['state'], ', ', upstream_count('request'), " requests\n";

echo "--- a wrong key is the site's to mend\n";
upstream_use([], ['retries' => 0, 'model' => 'another']);
script('model', "status 401\njson {\"error\":{\"message\":\"bad key\"}}");
for ($i = 1; $i <= 6; $i++) {
    ask('How long may I return an item?');
}
$breaker = array_column(agent_health()['breakers'], null, 'key')["brain:127.0.0.1:$port/another"];
echo "$breaker[state], $breaker[failures] of $breaker[calls], ", upstream_count('request'), " requests\n";
site_remove();
?>
--EXPECT--
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
the model is open
5 requests
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
5 requests
answered
  Hello again.
closed, 6 requests
--- a wrong key is the site's to mend
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
closed, 0 of 6, 12 requests
