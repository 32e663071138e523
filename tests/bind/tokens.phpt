--TEST--
Tokens: issued, verified, refused for another audience, when changed, when empty
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
$token = agent_token_issue(['aud' => 'https://shop.example/tools', 'sub' => 'wp:42', 'scope' => 'order:read'], 30);
$claims = agent_token_verify($token, 'https://shop.example/tools');
echo $claims['iss'], ' ', $claims['aud'], ' ', $claims['sub'], ' ', $claims['scope'], ' ', $claims['exp'] - $claims['iat'], ' ', strlen($claims['jti']), "\n";
echo preg_replace('~\[.*~', '', thrown(fn() => agent_token_verify($token, 'https://other.example/'))), "\n";
echo preg_replace('~\[.*~', '', thrown(fn() => agent_token_verify(substr($token, 0, -2) . 'AA', 'https://shop.example/tools'))), "\n";
echo preg_replace('~\[.*~', '', thrown(fn() => agent_token_verify('', 'https://shop.example/tools'))), "\n";
echo preg_replace('~:.*~', '', thrown(fn() => agent_token_issue([]))), "\n";
echo preg_replace('~:.*~', '', thrown(fn() => agent_token_issue(['aud' => 'a', 'admin' => 'yes']))), "\n";
site_remove();
?>
--EXPECT--
agent https://shop.example/tools wp:42 order:read 30 22
Agent\TokenException 
Agent\TokenException 
Agent\TokenException 
ValueError
ValueError
