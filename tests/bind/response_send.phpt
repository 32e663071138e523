--TEST--
ToolResponse::send() sets status and headers and writes the body; not after output
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
ob_start();
$challenge = agent_tool_serve('get_order_status', 'POST', '/t', '{}', ['Authorization' => 'Bearer ' . tool_token('POST', '/t', '{}', ['scope' => 'x'])], fn() => []);
$challenge->send();
$status = http_response_code(); // PHP would make 401 of it
$response = serve(fn() => throw new Agent\ToolRefusal(404, 'not_found', 'None'));
$response->send();
$body = ob_get_clean();
echo $challenge->status, ' ', isset($challenge->headers['WWW-Authenticate']) ? 'with a challenge ' : '', $status, "\n";
echo http_response_code(), ' ', $body === $challenge->body . $response->body ? 'body' : '?', "\n";
flush();
echo thrown(fn() => $response->send()), "\n";
site_remove();
?>
--EXPECT--
403 with a challenge 403
404 body
Agent\ToolException [headers_sent] The answer cannot be sent: output has begun
