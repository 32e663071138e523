--TEST--
Refusals and what concerns one caller open no breaker; a call is retried only while its breaker is closed
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

function calls(string $script, int $times, array $tool): void
{
    static $sites = 0;
    upstream_use($tool, [], ['site' => 'phpt' . ++$sites]);
    script('order', $script);
    $before = upstream_count('request');
    for ($i = 0; $i < $times; $i++) {
        $result = agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
    }
    $breaker = agent_health()['breakers'][0];
    echo "$result->result after $result->attempts, $breaker[state], $breaker[failures] of $breaker[calls], ", upstream_count('request') - $before, " requests\n";
}

calls("status 404\njson {\"error\":{\"code\":\"not_found\",\"message\":\"No such order.\"}}", 8, ['retries' => 0]);
calls("status 401\njson {}", 8, ['retries' => 0]);
calls("status 403\njson {\"error\":{\"code\":\"proof_required\",\"message\":\"Prove it.\"}}", 8, ['retries' => 0]);
calls("status 429\njson {}", 8, ['retries' => 0]);
calls("status 409\njson {}", 8, ['retries' => 0]);
echo "--- failures\n";
calls("cut", 5, ['retries' => 0]);
calls('json {"order":7}', 5, ['retries' => 0]);
calls("type text/html\nchunk <html>", 5, ['retries' => 0]);
calls("wait 3000\njson {}", 5, ['retries' => 0, 'timeouts_ms' => 50]);
calls("status 503\njson {}", 3, ['retries' => 1]); // the sixth attempt is not made
calls("status 503\njson {}", 4, ['retries' => 1]);
calls("status 503\njson {}\nnext\njson {\"status\":\"shipped\"}", 1, ['retries' => 1]);
site_remove();
?>
--EXPECT--
invalid after 1, closed, 0 of 8, 8 requests
refused after 1, closed, 0 of 8, 8 requests
proof after 1, closed, 0 of 8, 8 requests
transient after 1, closed, 0 of 0, 8 requests
transient after 1, closed, 0 of 0, 8 requests
--- failures
transient after 1, open, 5 of 5, 5 requests
transient after 1, open, 5 of 5, 5 requests
transient after 1, open, 5 of 5, 5 requests
timeout after 1, open, 5 of 5, 5 requests
transient after 1, open, 5 of 5, 5 requests
breaker_open after 0, open, 5 of 5, 5 requests
ok after 2, closed, 1 of 2, 2 requests
