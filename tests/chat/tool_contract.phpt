--TEST--
Nothing of an answer that breaks its contract reaches the model, the visitor or the store: neither values nor names of members
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

$model = "match \"role\":\"tool\"\nwords That is all I can say.\nfinish stop\nnext\ncall get_order_status {\"order\":\"ABC-12345\"}\nfinish tool_calls";
$sites = 0;
/** Every byte that the site keeps, without the test server's own folder. */
function kept(): string
{
    $all = '';
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(site_dir(), FilesystemIterator::SKIP_DOTS)) as $file) {
        $all .= str_contains((string) $file, '/upstream/') ? '' : file_get_contents((string) $file);
    }
    return $all;
}
function judge(string $name, callable $turn): void
{
    $seen = [];
    $session = agent_session_start('wp:1');
    $report = $turn($session, function (Agent\Event $event) use (&$seen) { $seen[] = [$event->kind, $event->text, $event->data]; });
    foreach (['the turn' => (array) $report, 'events' => $seen, 'the session' => agent_session_get($session, ['subject' => 'wp:1']), 'the model' => upstream_requests('model'), 'the store' => kept()] as $where => $what) {
        // One word in a value, one in a name.
        foreach (['MARKEDVALUE', 'MARKEDNAME'] as $word) {
            if (str_contains(is_string($what) ? $what : print_r($what, true), $word)) {
                echo "$name: $word in $where\n";
            }
        }
    }
    echo "$name: {$report->tool_calls[0]['result']}\n";
}
$chat = fn(string $session, callable $on_event) => agent_chat($session, 'Where is my order ABC-12345?', $on_event, ['subject' => 'wp:1']);
$strict = ['retries' => 0, 'output_schema' => ['type' => 'object', 'properties' => ['status' => ['type' => 'string', 'maxLength' => 20]], 'required' => ['status'], 'additionalProperties' => false]];
foreach ([
    'a value of another type' => 'json {"status":["MARKEDVALUE"]}',
    'a value too long' => 'json {"status":"MARKEDVALUE MARKEDVALUE MARKEDVALUE"}',
    'a member that is not named' => 'json {"status":"ok","MARKEDNAME":"MARKEDVALUE"}',
    'a name in place of another' => 'json {"MARKEDNAME":"MARKEDVALUE"}',
    'a name twice' => 'json {"MARKEDNAME":1,"MARKEDNAME":"MARKEDVALUE"}',
    'half of it' => "type application/json\nchunk {\"status\":\"MARKEDVALUE",
    'more behind it' => "type application/json\nchunk {\"status\":\"ok\"} MARKEDVALUE",
    'no JSON' => "type text/plain\nchunk MARKEDVALUE",
    'an error of the server' => "status 500\njson {\"error\":{\"code\":\"MARKEDNAME\",\"message\":\"MARKEDVALUE\"}}",
] as $name => $answer) {
    upstream_use($strict, [], ['site' => 'phpt' . ++$sites]);
    script('model', $model);
    script('order', $answer);
    judge($name, $chat);
}
// A handler of this process.
upstream_use(['url' => 'https://unused.example/'], [], ['site' => 'phpt' . ++$sites, 'tools' => [order_tool($strict)]]);
foreach (['a value' => ['status' => ['MARKEDVALUE']], 'a name' => ['status' => 'ok', 'MARKEDNAME' => 1]] as $name => $answer) {
    script('model', $model);
    agent_tool_register('get_order_status', fn() => $answer);
    judge("here, $name", $chat);
}
// The test itself sees what does reach them.
upstream_use($strict, [], ['site' => 'phpt' . ++$sites]);
script('model', $model);
script('order', 'json {"status":"MARKEDVALUE"}');
judge('a good answer', $chat);
site_remove();
?>
--EXPECT--
a value of another type: transient
a value too long: transient
a member that is not named: transient
a name in place of another: transient
a name twice: transient
half of it: transient
more behind it: transient
no JSON: transient
an error of the server: transient
here, a value: transient
here, a name: transient
a good answer: MARKEDVALUE in the session
a good answer: MARKEDVALUE in the model
a good answer: MARKEDVALUE in the store
a good answer: ok
