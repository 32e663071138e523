<?php

/**
 * @generate-class-entries
 * @generate-legacy-arginfo 80200
 *
 * The contract between the extension `agent` and PHP developers. Strings are UTF-8; JSON texts are strict (RFC 8259: no
 * doubled keys, no NUL, integers of 64 bits at most). Times are seconds, durations milliseconds where a name ends in _ms.
 * Wrong arguments are TypeError or ValueError; everything else that fails is an Agent\Exception.
 */

namespace {

    /**
     * Checks a whole configuration (an array, or its JSON text), compiles it and stores it in the pool's data directory (the INI
     * agent.data_dir, else a directory of this user's under the temporary one: there it must be stored again after that was emptied).
     *
     * @param array|string $config the shape is in the README, section "Configuration"
     * @return string its digest: 64 hexadecimal digits, the same for the same configuration
     * @throws Agent\ConfigException the message begins with the JSON Pointer of the place
     */
    function agent_configure(array|string $config): string {}

    /**
     * Selects a stored configuration for the rest of this request: one look-up, nothing is parsed in a warm worker.
     *
     * @throws Agent\ConfigException when there is none of that digest
     */
    function agent_use(string $digest): void {}

    /**
     * Stores a secret, sealed, under a name that a configuration can give as {"put": name}.
     * Needs a selected configuration (its data directory).
     *
     * @param string $name  [a-z0-9_.-]{1,64}
     * @param string $value at most 16 KiB; empty: the stored one is deleted, and where a configuration gives the name the secret is missing
     */
    function agent_secret_put(string $name, #[\SensitiveParameter] string $value): void {}

    /**
     * One turn: the visitor's message in, a checked answer out. Blocks until the turn ends, at most its wall budget.
     *
     * Options: subject (string, whose session it is; must fit the session), message_id (string, at most 64 bytes: a repeated one
     * gives the same turn), address (string, the visitor's, for the rate limit), locale (string), utc_offset (int, minutes).
     *
     * @param callable|null $on_event takes an Agent\Event; called between steps, never from inside the core. It may throw or
     *        exit: the turn is then cancelled, closed as Interrupted and saved
     * @throws Agent\SessionException unknown or ended session, another subject's session
     */
    function agent_chat(string $session, string $message, ?callable $on_event = null, array $options = []): Agent\Turn {}

    /**
     * Calls one tool by hand, through the same gate: arguments checked, token signed, answer validated.
     * Options: session (string; where it is this subject's, what has been granted to it counts), subject (string), call_id (string: the
     * idempotency key). A write is refused.
     *
     * @throws Agent\ToolException when there is no such tool
     */
    function agent_tool_call(string $tool, array $arguments, array $options = []): Agent\ToolResult {}

    /**
     * Answers a tool of the selected configuration in this process, for this request. Scope, resource and rate are judged as in
     * agent_tool_serve(), before the handler runs.
     *
     * @param callable $handler (array $arguments, array $context): array. The context is the one of agent_tool_serve()
     */
    function agent_tool_register(string $tool, callable $handler): void {}

    /**
     * The secured backend of one tool in one call: checks form, token, digest, scope, arguments, rate and repetition, runs the handler, validates
     * its answer, writes the audit record. What the request did wrong is a response, never an exception.
     *
     * A handler refuses with Agent\ToolRefusal; anything else it throws ends the call as failed and passes on to the caller of this function.
     *
     * A tool with a `resource` opens for a token with a subject and the tool's scope, or with the resource's own form of it
     * ("order:ABC-12345:read"). A write takes each token (jti) once, also in other processes and after a restart, and each idempotency key: the
     * same key with a new token gets the stored answer; a handler that was begun and brought no valid answer is never run again under that key.
     * With a read, a failed answer is not stored and the key runs the handler again.
     *
     * 200 with the answer, else {"error": {"code", "message"}}, with "faults" or "retry_after_ms" where there are any:
     *
     *   400  arguments (faults), idempotency_key (a write has none, or it is over 255 bytes), header_repeated (two different values)
     *   401  WWW-Authenticate: token_missing, token_invalid, audience, issuer, too_long, not_yet, expired, digest (made for another request),
     *        token_replayed (a write has seen it)
     *   403  scope; proof_required: a guest, for a tool with a resource
     *   405  Allow: method
     *   409  in_progress, with Retry-After; unknown: a write under this key was begun, and whether it was carried out is not known
     *   413, 414  too_large (body, address: 256 KiB)
     *   429  Retry-After, retry_after_ms: rate, counted for the subject, the session and the visitor's address each; all of them or none
     *   500  contract: the answer does not fit output_schema (faults); failed: the handler returned no array
     *   4xx, 5xx  the handler's Agent\ToolRefusal: its status and reason. A 4xx says that nothing was changed
     *
     * @param string $path    path and query of the request, as the caller sent it
     * @param array  $headers name => value, or a list of values; any case, '_' for '-'. Read are Authorization (X-Agent-Authorization where that is
     *        absent or empty) and Idempotency-Key
     * @param callable $handler (array $arguments, array $context): array. Context: subject (string, null for a guest), session, turn, call (strings, empty
     *        where there is none) and scope (string: what the token allows, separated by blanks: the tool's own, not for a guest where it has a
     *        resource, and what has been granted to the session)
     */
    function agent_tool_serve(string $tool, string $method, string $path, string $body, #[\SensitiveParameter] array $headers, callable $handler): Agent\ToolResponse {}

    /**
     * A new session. Options: locale (string), id (string: 22 characters of base64url, as the ids made here; it must be as hard to guess).
     *
     * With an id: the session of that id, begun where there is none. One that is there already is given as it is (its locale stays), also when
     * two processes begin it at the same moment. So an id can be handed out before there is a row, and the first message makes it.
     *
     * @param string|null $subject who it is ("wp:42"); null: a guest
     * @return string the session's id: 22 characters, unguessable
     * @throws Agent\SessionException the session of that id is another subject's ("subject") or has ended ("ended")
     */
    function agent_session_start(?string $subject = null, array $options = []): string {}

    /**
     * What a session holds. Options: subject (as in agent_chat), limit (int: turns, default 50).
     *
     * @return array{id: string, subject: ?string, locale: string, created: int, updated: int, ended: bool, grants: array<array{scope: string, expires: int}>, turns: array<array>}
     * @throws Agent\SessionException
     */
    function agent_session_get(string $session, array $options = []): array {}

    /** Opens a scope for a session for some seconds (1 … 86400), for example "order:ABC-12345:read" after a proof. */
    function agent_session_grant(string $session, string $scope, int $seconds): void {}

    /** Ends a session: later messages are refused. The history stays until retention takes it. */
    function agent_session_end(string $session): void {}

    /**
     * Stores a document, replacing an earlier one of the same id. Members: id, title, text (required), url, language, access (a scope;
     * empty: public), updated (int).
     *
     * @return int how many passages it became
     * @throws Agent\KnowledgeException
     */
    function agent_knowledge_put(array $document): int {}

    /**
     * Removes a document and all its passages.
     *
     * @return bool true when there was one of this id
     */
    function agent_knowledge_delete(string $id): bool {}

    /**
     * The ids of the site's documents, public or not, in ascending order of their bytes. Options: after (string: only ids greater than it),
     * prefix (string: only ids that begin with it), limit (int, 1 … 10000, default 1000).
     *
     * As many as the limit came back: there may be more, and the last one is the next call's `after`.
     *
     * @return list<string>
     */
    function agent_knowledge_list(array $options = []): array {}

    /**
     * Searches the site's documents. Options: limit (int, 1 … 20, default 5), language (string), scopes (array of strings).
     *
     * @return array<array{id: string, title: string, url: string, heading: string, text: string, language: string, updated: int, score: float}>
     */
    function agent_knowledge_search(string $query, array $options = []): array {}

    /**
     * Signs a short token. Claims: aud, sub, scope (strings), and any of session, turn, call, dig, addr; iss, iat, nbf, exp and jti are set here.
     * Lives $seconds: 1 … 60 for the configuration's backend.audience, whose tokens open tools; 1 … 2592000 (30 days) for any other audience.
     *
     * Tokens for backend.audience are signed as the configuration's `backend` says (HS256 or EdDSA); all others are HS256, with a key that is
     * derived for their audience from the site's key ring.
     *
     * @throws Agent\ConfigException "key_set": backend.key_set holds public keys, which sign nothing; "secret": backend.key is missing or no key
     * @throws Agent\TokenException "key_ring": the key ring in the data directory cannot be opened; "token_size"
     */
    function agent_token_issue(array $claims, int $seconds = 60): string {}

    /**
     * Verifies a token for an audience. The key fixes the algorithm; a kid picks among the audience's keys, and a token without one is accepted
     * only where there is exactly one key. A token that was signed for longer than its audience allows (see agent_token_issue) is refused;
     * clocks may differ by 30 seconds.
     *
     * @return array its claims: those that agent_token_issue knows; others are passed over
     * @throws Agent\TokenException "token_size", "token_form", "token_alg", "token_kid" (not known, or retired), "token_signature",
     *         "token_audience", "token_issuer", "token_times", "token_not_yet", "token_expired"
     */
    function agent_token_verify(#[\SensitiveParameter] string $token, string $audience): array {}

    /**
     * The public keys that verify this site's tokens for its backend, as a JWK Set (RFC 7517) for the backend's side: the signing one first.
     * Never an HMAC key: empty where backend.algorithm is HS256, and where this side only verifies (backend.key_set).
     *
     * @return array{keys: list<array{kty: string, crv: string, kid: string, alg: string, use: string, x: string}>}
     * @throws Agent\ConfigException "secret": backend.key is missing or no Ed25519 private key in PEM
     */
    function agent_token_key_set(): array {}

    /**
     * Makes a new key of the site's key ring. It signs from now on; the older ones verify for $overlap seconds more (or less, where they retire
     * sooner already), then they are refused and deleted. Give an overlap of at least the life of the longest tokens that are to survive: a
     * browser's session, a link. 0: every token so far is refused at once. Other workers notice at their next token.
     *
     * A key that the configuration names (backend.key) is no part of the ring and stays.
     *
     * @param int $overlap 0 … 2592000 (30 days)
     * @return string the new key's kid
     * @throws Agent\LimitException "key_ring_full": 32 keys still verify
     * @throws Agent\TimeoutException "key_ring_busy": another process is changing the ring (retry)
     * @throws Agent\StoreException|Agent\TokenException nothing has changed then
     */
    function agent_token_key_rotate(int $overlap = 86400): string {}

    /**
     * Validates a JSON text against a JSON Schema text, draft 2020-12 or, where "$schema" says so, draft 7. Keywords that are not known are
     * annotations. Nothing is fetched: documents that the schema refers to are taken from the registry; the meta-schemas of both drafts are known.
     *
     * Options, array{dialect?: string, registry?: array<string, string>, formats?: bool}: "dialect", the URI for schemas without "$schema" (https://json-schema.org/draft/2020-12/schema); "registry", JSON texts by their URIs
     * without fragment, 64 at most; "formats", whether "format" asserts (true): date-time date time duration email hostname ipv4 ipv6 uri
     * uri-reference uuid regex json-pointer, where others are annotations. Patterns are ECMA-262's in unicode mode. "pattern" and "uniqueItems" work
     * within limits.
     *
     * Texts are strict JSON of 1 MiB at most: no member twice, no U+0000 in names, valid UTF-8, no integer beyond 64 bits.
     *
     * @return array<array{instance: string, schema: string, keyword: string, message: string}> the errors (16 at most): JSON Pointers into the value
     *     and into the schema, the keyword, and a sentence; [] = valid
     * @throws Agent\SchemaException when a text is no JSON, the schema is no schema or refers to what is not there
     * @throws Agent\LimitException "pattern_limit", "schema_limit" when judging takes too long or the schema refers to itself without end
     */
    function agent_schema_check(string $schema, string $json, array $options = []): array {}

    /**
     * How the extension and the selected site are: versions, data directory, store, warnings, and the circuit breakers that all its workers
     * share. Holds no secret, and nothing of another site.
     *
     * A breaker has the key "tool:<name>" or "brain:<host:port>/<model>" and appears with the first call. It opens when of the attempts of the last
     * two minutes (calls) at least 5, and at least half, were failures: no answer, a late or a broken one, and from 50 answers on
     * also one that took more than twice p95_ms and more than 50 ms. p50_ms and p95_ms are those of the last 512 to 1024 answers (a model's:
     * until its first words), null before the first. While it is open calls end at once: a tool's with the result "breaker_open", a model's with the
     * local brain. After retry_in_ms (1 s, and twice as long with each opening in a row, at most 60 s) it is half open: one call
     * tries, and an answer closes it.
     *
     * @return array{ok: bool, version: string, libraries: array<string, string>, site: ?string, checks: array<array{name: string, ok: bool, message: string}>,
     *         breakers: list<array{key: string, state: "closed"|"open"|"half_open", calls: int, failures: int, p50_ms: ?float, p95_ms: ?float, retry_in_ms: int}>,
     *         turns: ?array{running: int, waiting: int, max: int}} turns: of all workers; max 0: as many as come
     */
    function agent_health(): array {}
}

namespace Agent {

    enum Outcome: string
    {
        /** The answer is in `reply`. */
        case Answered = 'answered';
        /** A question went back to the visitor. */
        case Asked = 'asked';
        /** The documents do not hold it; the reply says so. */
        case Declined = 'declined';
        /** A proof of ownership would open the answer. */
        case NeedsProof = 'needs_proof';
        case NeedsConfirmation = 'needs_confirmation';
        /** A human is offered. */
        case Escalated = 'escalated';
        /** Too busy, or too many messages; the message was kept or refused as the notice says. */
        case Shed = 'shed';
        /** The turn was cut short: the client left, the callback threw, the process died. */
        case Interrupted = 'interrupted';
        case Failed = 'failed';
    }

    /** @not-serializable */
    final class Turn
    {
        public readonly string $id;
        public readonly string $session;
        public readonly Outcome $outcome;
        /** The local brain answered because no model could, or no tool was reachable. */
        public readonly bool $degraded;
        public readonly string $reply;
        /** array<array{title: string, url: string, id: string}> the documents and the passages of tools that the reply cites */
        public readonly array $citations;
        /** array<array> members that tools marked for the visitor only */
        public readonly array $files;
        /**
         * array<array{id: string, name: string, arguments: array, result: string, attempts: int, latency_ms: int, coercions: array}>
         * coercions: array<array{instance: string, from: string, to: string}>, arguments of the wrong type that were read as what they
         * plainly meant ("3" as 3): a JSON Pointer, and the value's JSON text before and after
         */
        public readonly array $tool_calls;
        public readonly ?array $confirmation;
        public readonly ?string $notice;
        /** array{input: int, output: int, cached: int, estimated: bool, passes: int} tokens */
        public readonly array $usage;
        /** array<string, int> milliseconds per state, and "total" */
        public readonly array $timings;
        public readonly string $model;

        private function __construct() {}
    }

    /** @not-serializable */
    final class Event
    {
        /** state, text, tool, citation, file, notice, waiting, end */
        public readonly string $kind;
        /** text: a checked sentence; notice: its words; state: its name; else "" */
        public readonly string $text;
        /** tool: {id, name, status: started|ok|…, label}; citation: {title, url, id}; file: its members; end: {outcome} */
        public readonly array $data;

        private function __construct() {}
    }

    /** @not-serializable */
    final class ToolResult
    {
        public readonly bool $ok;
        /** ok, invalid, transient, timeout, refused, proof, malformed, unknown_tool, failed, breaker_open (it failed too often just now, and was not called) */
        public readonly string $result;
        /** What the model would see. */
        public readonly array $data;
        /** What only the visitor would see. */
        public readonly array $visitor;
        public readonly string $message;
        public readonly int $attempts;
        public readonly int $latency_ms;

        private function __construct() {}
    }

    /** @not-serializable */
    final class ToolResponse
    {
        public readonly int $status;
        /** array<string, string> */
        public readonly array $headers;
        /** JSON text */
        public readonly string $body;

        private function __construct() {}

        /** Sends status, headers and body to the client. */
        public function send(): void {}
    }

    class Exception extends \Exception
    {
        /** A stable short word: "unknown", "data_dir", "address_refused" … */
        public readonly string $reason;
        /** The same call may succeed later. */
        public readonly bool $retry;
    }

    class ConfigException extends Exception {}
    class HttpException extends Exception {}
    class ProviderException extends Exception {}
    class ToolException extends Exception {}
    class SchemaException extends Exception {}
    class SessionException extends Exception {}
    class KnowledgeException extends Exception {}
    class TokenException extends Exception {}
    class TimeoutException extends Exception {}
    class CancelledException extends Exception {}
    class LimitException extends Exception {}
    class StoreException extends Exception {}
    class InternalException extends Exception {}

    /** Thrown by a tool's handler to refuse: 400 and 404 guide the model, 403 with $code "proof_required" asks for a proof. */
    class ToolRefusal extends \Exception
    {
        public readonly int $status;
        public readonly string $reason;

        public function __construct(int $status, string $reason, string $message = "") {}
    }
}
