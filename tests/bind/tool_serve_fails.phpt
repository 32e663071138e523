--TEST--
A serving handler: refusals are responses, its exceptions are the caller's
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
foreach ([
    'refusal' => fn() => throw new Agent\ToolRefusal(404, 'not_found', 'There is no such order'),
    'proof' => fn() => throw new Agent\ToolRefusal(403, 'proof_required'),
    'no array' => fn() => 'a string',
    'contract' => fn() => ['status' => 1],
    'exception' => fn() => throw new RuntimeException('mine'),
    'error' => fn() => no_such_function(),
] as $name => $handler) {
    try {
        $r = serve($handler, headers: ['Idempotency-Key' => $name]);
        echo $name, ': ', $r->status, ' ', $r->body, "\n";
    } catch (Throwable $e) {
        echo $name, ': ', $e::class, ' ', $e->getMessage(), "\n";
        // The claim on the key was given back: a retry runs.
        echo serve(fn() => ['status' => 'retried'], headers: ['Idempotency-Key' => $name])->status, "\n";
    }
}
site_remove();
?>
--EXPECT--
refusal: 404 {"error":{"code":"not_found","message":"There is no such order"}}
proof: 403 {"error":{"code":"proof_required","message":""}}
no array: 500 {"error":{"code":"failed","message":"the tool failed"}}
contract: 500 {"error":{"code":"contract","message":"the tool's answer does not fit its own schema","faults":[{"instance":"/status","schema":"/properties/status/type","keyword":"type","message":"must be a string, is an integer"}]}}
exception: RuntimeException mine
200
error: Error Call to undefined function no_such_function()
200
