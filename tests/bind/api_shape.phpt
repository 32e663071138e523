--TEST--
The functions and classes are those of the contract
--EXTENSIONS--
agent
--FILE--
<?php
foreach ((new ReflectionExtension('agent'))->getFunctions() as $f) {
    $p = array_map(fn($p) => trim(($p->getAttributes('SensitiveParameter') ? '#[S] ' : '') . $p->getType() . ' $' . $p->getName()
        . ($p->isDefaultValueAvailable() ? ' = ' . str_replace("\n", '', var_export($p->getDefaultValue(), true)) : '')), $f->getParameters());
    echo $f->getName(), '(', implode(', ', $p), '): ', $f->getReturnType(), "\n";
}
foreach ((new ReflectionExtension('agent'))->getClasses() as $c) {
    echo $c->isFinal() ? 'final ' : '', $c->getName(), $c->getParentClass() ? ' < ' . $c->getParentClass()->getName() : '', ':';
    foreach ($c->getProperties() as $p) {
        if ($p->getDeclaringClass() == $c) {
            echo ' ', $p->isReadOnly() ? 'readonly ' : '', $p->getType(), ' $', $p->getName(), ';';
        }
    }
    echo "\n";
}
?>
--EXPECT--
agent_configure(array|string $config): string
agent_use(string $digest): void
agent_secret_put(string $name, #[S] string $value): void
agent_chat(string $session, string $message, ?callable $on_event = NULL, array $options = array ()): Agent\Turn
agent_tool_call(string $tool, array $arguments, array $options = array ()): Agent\ToolResult
agent_tool_register(string $tool, callable $handler): void
agent_tool_serve(string $tool, string $method, string $path, string $body, #[S] array $headers, callable $handler): Agent\ToolResponse
agent_session_start(?string $subject = NULL, array $options = array ()): string
agent_session_get(string $session, array $options = array ()): array
agent_session_grant(string $session, string $scope, int $seconds): void
agent_session_end(string $session): void
agent_knowledge_put(array $document): int
agent_knowledge_delete(string $id): bool
agent_knowledge_list(array $options = array ()): array
agent_knowledge_search(string $query, array $options = array ()): array
agent_token_issue(array $claims, int $seconds = 60): string
agent_token_verify(#[S] string $token, string $audience): array
agent_token_key_set(): array
agent_token_key_rotate(int $overlap = 86400): string
agent_schema_check(string $schema, string $json, array $options = array ()): array
agent_health(): array
Agent\Outcome: readonly string $name; readonly string $value;
final Agent\Turn: readonly string $id; readonly string $session; readonly Agent\Outcome $outcome; readonly bool $degraded; readonly string $reply; readonly array $citations; readonly array $files; readonly array $tool_calls; readonly ?array $confirmation; readonly ?string $notice; readonly array $usage; readonly array $timings; readonly string $model;
final Agent\Event: readonly string $kind; readonly string $text; readonly array $data;
final Agent\ToolResult: readonly bool $ok; readonly string $result; readonly array $data; readonly array $visitor; readonly string $message; readonly int $attempts; readonly int $latency_ms;
final Agent\ToolResponse: readonly int $status; readonly array $headers; readonly string $body;
Agent\ToolRefusal < Exception: readonly int $status; readonly string $reason;
Agent\Exception < Exception: readonly string $reason; readonly bool $retry;
Agent\ConfigException < Agent\Exception:
Agent\HttpException < Agent\Exception:
Agent\ProviderException < Agent\Exception:
Agent\ToolException < Agent\Exception:
Agent\SchemaException < Agent\Exception:
Agent\SessionException < Agent\Exception:
Agent\KnowledgeException < Agent\Exception:
Agent\TokenException < Agent\Exception:
Agent\TimeoutException < Agent\Exception:
Agent\CancelledException < Agent\Exception:
Agent\LimitException < Agent\Exception:
Agent\StoreException < Agent\Exception:
Agent\InternalException < Agent\Exception:
