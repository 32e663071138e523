--TEST--
A stack trace does not show a token or a secret
--EXTENSIONS--
agent
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
try {
    agent_token_verify('secret-token', 'https://shop.example/tools');
} catch (Agent\TokenException $e) {
    echo get_class($e->getTrace()[0]['args'][0] ?? null), str_contains($e->getTraceAsString() . $e->getMessage(), 'secret-token') ? ' shown' : ' hidden', "\n";
}
try {
    agent_secret_put('Not a name!', 'secret-value');
} catch (Throwable $e) {
    echo get_class($e->getTrace()[0]['args'][1] ?? null), str_contains($e->getTraceAsString() . $e->getMessage(), 'secret-value') ? ' shown' : ' hidden', "\n";
}
site_remove();
?>
--EXPECT--
SensitiveParameterValue hidden
SensitiveParameterValue hidden
