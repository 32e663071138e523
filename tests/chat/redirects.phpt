--TEST--
A redirect is an answer that is no success: nobody follows it, neither to where it points nor with the token or the key
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
$port = upstream_start();
$sites = 0;
foreach ([301, 302, 303, 307, 308] as $status) {
    $moved = "status $status\nheader Location: http://127.0.0.1:$port/elsewhere/v1/chat/completions\nheader Retry-After: 0\njson {\"status\":\"shipped\"}\n";
    upstream_use(['retries' => 0], ['retries' => 0], ['site' => 'phpt' . ++$sites]);
    script('order', $moved);
    script('model', $moved);
    script('elsewhere', "json {\"status\":\"shipped\"}\n");
    $result = agent_tool_call('get_order_status', ['order' => 'ABC-12345'], ['subject' => 'wp:1']);
    echo $status, ' ', $result->result, ' ', json_encode($result->data), ' ', $result->message, "\n";
    $turn = agent_chat(agent_session_start(), 'Hello');
    echo '  the model: ', $turn->degraded ? 'the local brain answers' : $turn->reply, "\n";
}
echo preg_match_all('~ /elsewhere/~', upstream_log()), " requests elsewhere\n";
site_remove();
?>
--EXPECT--
301 transient [] The tool answered with status 301.
  the model: the local brain answers
302 transient [] The tool answered with status 302.
  the model: the local brain answers
303 transient [] The tool answered with status 303.
  the model: the local brain answers
307 transient [] The tool answered with status 307.
  the model: the local brain answers
308 transient [] The tool answered with status 308.
  the model: the local brain answers
0 requests elsewhere
