--TEST--
ToolResponse::send() sets status and headers and writes the body; not after output
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
ob_start();
$response = serve(fn() => throw new Agent\ToolRefusal(404, 'not_found', 'None'));
$response->send();
$body = ob_get_clean();
echo http_response_code(), ' ', $body === $response->body ? 'body' : '?', "\n";
flush();
echo thrown(fn() => $response->send()), "\n";
site_remove();
?>
--EXPECT--
404 body
Agent\ToolException [headers_sent] The answer cannot be sent: output has begun
