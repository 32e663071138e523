<?php

/**
 * What a visitor's browser would see of nginx and php-fpm. TAP; test.php PORT WORK. The servers are tests/fpm/run's.
 */

declare(strict_types=1);

[, $port, $work] = $argv;
$failures = 0;

function check(bool $ok, string $what, mixed $shown = null): void
{
    global $failures;
    echo $ok ? 'ok' : 'not ok', " - fpm: $what\n";
    if (!$ok) {
        $failures++;
        if ($shown !== null) {
            echo '  ', str_replace("\n", "\n  ", substr(is_string($shown) ? $shown : (string) json_encode($shown, JSON_PARTIAL_OUTPUT_ON_ERROR), 0, 1500)), "\n";
        }
    }
}

final class Answer
{
    public int $status = 0;
    /** @var array<string, string> */
    public array $headers = [];
    public string $body = '';
    /** @var list<array{float, string}> when each piece came, in seconds from the request */
    public array $pieces = [];

    public function json(): array
    {
        return (array) json_decode($this->body, true);
    }

    /** @return list<array> */
    public function events(): array
    {
        preg_match_all('~^data: (.*)$~m', $this->body, $m);
        return array_map(static fn(string $json): array => (array) json_decode($json, true), $m[1]);
    }

    public function turn(): array
    {
        foreach ($this->events() as $event) {
            if (($event['kind'] ?? '') === 'turn') {
                return $event;
            }
        }
        return [];
    }
}

/** GET over HTTP/1.1 with a connection of its own; leaves as soon as $leave_at occurs in what came. */
function get(string $pool, string $script, array $query = [], ?string $leave_at = null): Answer
{
    global $port;
    $answer = new Answer();
    $socket = stream_socket_client("tcp://127.0.0.1:$port", $code, $error, 5);
    $path = "/$pool/$script.php?" . http_build_query($query);
    fwrite($socket, "GET $path HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nConnection: close\r\n\r\n");
    stream_set_timeout($socket, 30);
    $began = microtime(true);
    $raw = '';
    while (!feof($socket)) {
        $piece = fread($socket, 65536);
        if ($piece === false || $piece === '') {
            if (stream_get_meta_data($socket)['timed_out']) {
                break;
            }
            continue;
        }
        $raw .= $piece;
        $answer->pieces[] = [microtime(true) - $began, $piece];
        if ($leave_at !== null && str_contains($raw, $leave_at)) {
            break;
        }
    }
    fclose($socket);
    [$head, $body] = explode("\r\n\r\n", $raw, 2) + [1 => ''];
    $lines = explode("\r\n", $head);
    $answer->status = (int) (explode(' ', $lines[0])[1] ?? 0);
    foreach (array_slice($lines, 1) as $line) {
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        $answer->headers[strtolower($name)] = trim($value);
    }
    if (str_contains($answer->headers['transfer-encoding'] ?? '', 'chunked')) {
        $plain = '';
        while (preg_match('~^([0-9a-f]+)\r\n~i', $body, $m) && ($length = hexdec($m[1])) > 0) {
            $plain .= substr($body, strlen($m[0]), (int) $length);
            $body = substr($body, strlen($m[0]) + (int) $length + 2);
        }
        $body = $plain;
    }
    $answer->body = $body;
    return $answer;
}

/** A request that is not waited for. */
final class Pending
{
    public string $raw = '';
    public bool $ended = false;
    /** @var resource */
    public $socket;

    public function __construct(string $pool, string $script, array $query)
    {
        global $port;
        $this->socket = stream_socket_client("tcp://127.0.0.1:$port", $code, $error, 5);
        fwrite($this->socket, "GET /$pool/$script.php?" . http_build_query($query) . " HTTP/1.1\r\nHost: 127.0.0.1:$port\r\nConnection: close\r\n\r\n");
        stream_set_blocking($this->socket, false);
    }

    public function outcome(): string
    {
        return preg_match('~"kind":"turn","outcome":"(\w+)"~', $this->raw, $m) ? $m[1] : '';
    }
}

/** Reads what comes until $done says so; false: it did not within half a minute. */
function read_until(array $pending, callable $done): bool
{
    for ($until = microtime(true) + 30; !$done(); ) {
        $open = array_filter(array_map(static fn(Pending $p) => $p->ended ? null : $p->socket, $pending));
        if ($open === [] || microtime(true) > $until) {
            return (bool) $done();
        }
        $none = null;
        stream_select($open, $none, $none, 1);
        foreach ($pending as $p) {
            if (!$p->ended) {
                $p->raw .= (string) fread($p->socket, 65536);
                $p->ended = feof($p->socket);
            }
        }
    }
    return true;
}

/** What health says of a site's turns. */
function turns(string $pool): string
{
    $health = get($pool, 'do', ['do' => 'health'])->json();
    return (string) (array_column($health['ok']['checks'] ?? [], 'message', 'name')['turns'] ?? json_encode($health));
}

/** Waits until health says $wanted. */
function turns_become(string $pool, string $wanted): bool
{
    for ($i = 0; $i < 200 && turns($pool) !== $wanted; $i++) {
        usleep(50_000);
    }
    return turns($pool) === $wanted;
}

function worker(string $pool): string
{
    return get($pool, 'do', ['do' => 'whoami'])->headers['x-worker'] ?? '';
}

/** Waits until $wanted occurs in the upstream's log behind $offset. */
function upstream_says(string $wanted, int $offset): bool
{
    global $work;
    for ($i = 0; $i < 80; $i++) {
        if (preg_match($wanted, (string) file_get_contents("$work/upstream.log", offset: $offset))) {
            return true;
        }
        usleep(50_000);
    }
    return false;
}

function upstream_size(): int
{
    global $work;
    clearstatcache();
    return (int) filesize("$work/upstream.log");
}

/** The newest request the model got. */
function upstream_request(): array
{
    global $work;
    $files = glob("$work/bodies/*.txt") ?: [];
    natsort($files);
    return $files === [] ? [] : (array) json_decode((string) file_get_contents(end($files)), true);
}

/** Every call of the messages has exactly one result behind it. */
function balanced(array $messages): bool
{
    $open = [];
    foreach ($messages as $message) {
        foreach ($message['tool_calls'] ?? [] as $call) {
            $open[$call['id']] = true;
        }
        if (($message['role'] ?? '') === 'tool') {
            if (!isset($open[$message['tool_call_id']])) {
                return false;
            }
            unset($open[$message['tool_call_id']]);
        }
    }
    return $open === [];
}

function session(string $pool = 'shop'): string
{
    $answer = get($pool, 'do', ['do' => 'start']);
    $id = $answer->json()['ok'] ?? '';
    if (!is_string($id) || strlen($id) !== 22) {
        check(false, "pool $pool starts a session", $answer->body);
    }
    return (string) $id;
}

const QUESTION = 'Where is my order ABC-12345?';

// --- a turn, event by event, to the client ---------------------------------------------------------------------------

$pid = worker('shop');
check($pid !== '', 'the pool answers');
$session = session();
$answer = get('shop', 'chat', ['session' => $session, 'message' => 'Hello, can you help me?', 'script' => 'slow']);
check(($answer->turn()['outcome'] ?? '') === 'answered', 'a streamed turn is answered', $answer->body);
$first = $last = null;
foreach ($answer->pieces as [$at, $piece]) {
    if (str_contains($piece, '"kind":"text"')) {
        $first ??= $at;
        $last = $at;
    }
}
check($first !== null && $last - $first > 0.7, 'checked text reaches the client while the model is still speaking', [$first, $last]);
check(($answer->headers['x-worker'] ?? '') === $pid, 'the pool has one worker');

$answer = get('shop', 'chat', ['session' => $session, 'message' => QUESTION]);
check(str_contains($answer->turn()['reply'] ?? '', 'shipped'), 'the local brain answers with a registered tool', $answer->body);
$answer = get('shop', 'chat', ['session' => $session, 'message' => QUESTION, 'tool' => 'good']);
check(str_contains($answer->turn()['reply'] ?? '', 'shipped'), 'the local brain answers with a tool of another pool', $answer->body);

// --- the client leaves -----------------------------------------------------------------------------------------------

$session = session();
$mark = upstream_size();
get('shop', 'chat', ['session' => $session, 'message' => 'Hello, can you help me?', 'script' => 'endless'], '"kind":"text"');
check(upstream_says('~ gone ~', $mark), 'a client that leaves ends the request upstream', substr((string) file_get_contents("$work/upstream.log"), -600));
$answer = get('shop', 'do', ['do' => 'get', 'argument' => $session]);
$turns = $answer->json()['ok']['turns'] ?? [];
check(count($turns) === 1 && ($turns[0]['record']['outcome'] ?? '') === 'interrupted', 'the turn is kept as interrupted', $answer->body);
check(($answer->headers['x-worker'] ?? '') === $pid, 'the same worker serves the next request');
$answer = get('shop', 'chat', ['session' => $session, 'message' => 'Hello again', 'script' => 'plain']);
check(($answer->turn()['outcome'] ?? '') === 'answered', 'the session goes on', $answer->body);
check(balanced(upstream_request()['messages'] ?? [['role' => 'none', 'tool_calls' => [['id' => 'none']]]]), 'its history is balanced', upstream_request());

$session = session();
$mark = upstream_size();
get('shop', 'chat', ['session' => $session, 'message' => QUESTION, 'script' => 'tool'], '"kind":"text"');
check(upstream_says('~ gone ~', $mark), 'a client that leaves behind a tool call ends the request upstream', substr((string) file_get_contents("$work/upstream.log"), -600));
$answer = get('shop', 'chat', ['session' => $session, 'message' => 'Hello again', 'script' => 'plain']);
check(($answer->turn()['outcome'] ?? '') === 'answered', 'the session goes on behind a tool call', $answer->body);
$request = upstream_request();
check(balanced($request['messages'] ?? []) && str_contains((string) json_encode($request), 'tool_call_id'), 'its history holds the call and its result', $request);

// --- what PHP code can do to its request -----------------------------------------------------------------------------

foreach (['throw', 'exit', 'error', 'undefined', 'time', 'memory'] as $mode) {
    foreach (['callback', 'handler', 'tool'] as $place) {
        $session = session();
        $tools = worker('tools');
        $script = $place === 'callback' ? ['script' => 'endless'] : [];
        $answer = get('shop', 'chat', ['session' => $session, 'message' => QUESTION, $place => $mode] + $script);
        $where = "$mode in the " . ['callback' => 'event callback', 'handler' => 'registered tool', 'tool' => 'served tool'][$place];
        check(worker('shop') === $pid && worker('tools') === $tools, "$where: the same worker serves the next request");
        if ($place === 'tool') {
            check($answer->turn() !== [], "$where: the turn ends with a word to the visitor", $answer->body);
        }
        $answer = get('shop', 'chat', ['session' => $session, 'message' => QUESTION, 'tool' => 'good']);
        check(($answer->turn()['outcome'] ?? '') === 'answered', "$where: the session is usable", $answer->body);
    }
}
$session = session();
$mark = upstream_size();
get('shop', 'chat', ['session' => $session, 'message' => 'Hello', 'script' => 'endless', 'callback' => 'exit']);
check(upstream_says('~ gone ~', $mark), 'exit in the event callback ends the request upstream');
$answer = get('shop', 'do', ['do' => 'get', 'argument' => $session]);
check(($answer->json()['ok']['turns'][0]['record']['outcome'] ?? '') === 'interrupted', 'exit in the event callback leaves an interrupted turn', $answer->body);

// --- pools are strangers ---------------------------------------------------------------------------------------------

$digest = get('shop', 'do', ['do' => 'configure'])->json()['ok'] ?? '';
$answer = get('other', 'do', ['do' => 'use', 'argument' => $digest]);
check(($answer->json()['error'] ?? '') === 'Agent\ConfigException', "another user's configuration is unknown", $answer->body);
get('shop', 'do', ['do' => 'put']);
check(get('other', 'do', ['do' => 'configure'])->json() === ['ok' => $digest], 'the same configuration has the same digest for another user');
$answer = get('other', 'do', ['do' => 'get', 'argument' => $session]);
check(($answer->json()['error'] ?? '') === 'Agent\SessionException', "another user's session is unknown", $answer->body);
$answer = get('other', 'do', ['do' => 'chat', 'argument' => $session]);
check(($answer->json()['error'] ?? '') === 'Agent\SessionException', "another user's session takes no message", $answer->body);
check(count(get('shop', 'do', ['do' => 'search', 'argument' => 'zebra plan'])->json()['ok'] ?? []) === 1, 'a document is found by its owner');
check((get('other', 'do', ['do' => 'search', 'argument' => 'zebra plan'])->json()['ok'] ?? null) === [], "another user's documents are not found");
$token = get('shop', 'do', ['do' => 'issue'])->json()['ok'] ?? '';
check((get('shop', 'do', ['do' => 'verify', 'argument' => $token])->json()['ok']['sub'] ?? '') === 'test:1', 'a token is valid where it was issued');
$answer = get('other', 'do', ['do' => 'verify', 'argument' => $token]);
check(($answer->json()['error'] ?? '') === 'Agent\TokenException', "another user's token is refused", $answer->body);

$own = "$work/tmp/agent-" . posix_uid('www-data');
check(is_dir($own), 'the default data directory is the user\'s own', glob("$work/tmp/*"));
$open = [];
foreach (is_dir($own) ? new RecursiveIteratorIterator(new RecursiveDirectoryIterator($own, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::SELF_FIRST) : [] as $file) {
    if (($file->getPerms() & 0077) !== 0) {
        $open[] = sprintf('%s %o', $file->getPathname(), $file->getPerms() & 0777);
    }
}
check((fileperms($own) & 0777) === 0700 && $open === [], 'nobody else may read it', $open);
check((get('other', 'do', ['do' => 'list', 'argument' => $own])->json()['ok'] ?? null) === false, 'another user cannot list it');
$answer = get('thief', 'do', ['do' => 'configure']);
check(($answer->json()['error'] ?? '') === 'Agent\ConfigException', "a pool that names another user's data directory is refused", $answer->body);

// --- chat cannot take a pool -----------------------------------------------------------------------------------------

// Eight workers, of which two may run turns and two may wait for them.
$sessions = array_map(static fn() => session('busy'), range(1, 8));
$running = [];
foreach ([0, 1] as $i) {
    $running[] = new Pending('busy', 'chat', ['session' => $sessions[$i], 'message' => 'Hello', 'script' => 'endless', 'wall' => 60000]);
}
check(read_until($running, static fn() => array_filter($running, static fn($p) => !str_contains($p->raw, '"kind":"text"')) === []), 'two turns run', turns('busy'));
$others = [];
foreach (range(2, 7) as $i) {
    $others[] = new Pending('busy', 'chat', ['session' => $sessions[$i], 'message' => 'Hello', 'script' => 'plain', 'wall' => 60000]);
}
$ended = static fn() => array_filter($others, static fn($p) => $p->ended);
check(read_until($others, static fn() => count($ended()) === 4), 'of six more, four end at once', array_map(static fn($p) => $p->raw, $others));
check(array_count_values(array_map(static fn($p) => $p->outcome(), $ended())) === ['shed' => 4], 'they are shed', array_map(static fn($p) => $p->raw, $ended()));
check(turns('busy') === '2 running of 2 at most, 2 waiting', 'other requests of the pool are answered meanwhile', turns('busy'));
check(turns('busyother') === '0 running of 2 at most, 0 waiting', "another user's turns are counted apart", turns('busyother'));
foreach ($running as $p) {
    fclose($p->socket);
    $p->ended = true;
}
check(read_until($others, static fn() => count($ended()) === 6), 'when the clients of the two leave, those who waited run', array_map(static fn($p) => $p->raw, $others));
$outcomes = array_count_values(array_map(static fn($p) => $p->outcome(), $others));
check($outcomes == ['shed' => 4, 'answered' => 2], 'and are answered', $outcomes);
check(turns_become('busy', '0 running of 2 at most, 0 waiting'), 'no place is lost', turns('busy'));
foreach (['throw', 'exit', 'error', 'time', 'memory'] as $mode) {
    get('busy', 'chat', ['session' => session('busy'), 'message' => 'Hello', 'script' => 'endless', 'callback' => $mode]);
    check(turns_become('busy', '0 running of 2 at most, 0 waiting'), "no place is lost with $mode in the event callback", turns('busy'));
}

// --- shared memory ---------------------------------------------------------------------------------------------------

$regions = glob("$work/shm/agent-*/*.region") ?: [];
$owners = array_map(fileowner(...), $regions);
sort($owners);
$wanted = [posix_uid('www-data'), posix_uid('nobody')];
sort($wanted);
check($owners === $wanted, 'each user has a file of its own in agent.shm_dir', $regions);
check(array_filter($regions, static fn($f) => (fileperms($f) & 07777) !== 0600 || (fileperms(dirname($f)) & 07777) !== 0700) === [], 'that nobody else may open');

$session = session('busy');
$once = static fn(): string => get('busy', 'chat', ['session' => $session, 'message' => 'Hello', 'rate' => '2/h'])->turn()['outcome'] ?? '';
check([$once(), $once(), $once()] === ['asked', 'asked', 'shed'], 'two messages an hour');
$inode = fileinode($regions[0]);
$pid = worker('shop');
exec('kill -USR2 ' . (int) file_get_contents("$work/fpm.pid"));
for ($i = 0; $i < 200 && in_array(worker('shop'), [$pid, ''], true); $i++) {
    usleep(50_000);
}
check(!in_array(worker('shop'), [$pid, ''], true), 'php-fpm is reloaded: there are new workers');
$pid = worker('shop');
check($once() === 'shed', 'what was taken from a limit is taken after a reload');
clearstatcache();
check(fileinode($regions[0]) === $inode, 'and the file is the same');

// --- settings of the host --------------------------------------------------------------------------------------------

foreach (['configure', 'use', 'schema', 'start'] as $function) {
    $answer = get('off', 'do', ['do' => $function, 'argument' => $digest]);
    check(str_starts_with($answer->json()['error'] ?? '', 'Agent\\'), "agent.enabled=0: $function throws", $answer->body);
}
$answer = get('shop', 'do', ['do' => 'ini']);
check(($answer->json()['ok'][0] ?? null) === false && ($answer->json()['ok'][1] ?? null) === false, 'a script cannot change the settings', $answer->body);
check(worker('shop') === $pid, 'one worker served it all');

exit($failures === 0 ? 0 : 1);

function posix_uid(string $user): int
{
    foreach (file('/etc/passwd') ?: [] as $line) {
        $fields = explode(':', $line);
        if ($fields[0] === $user) {
            return (int) $fields[2];
        }
    }
    return -1;
}
