<?php

/**
 * Follows the includes of ext/ and checks the house's rules: who may include what, each library behind its door, no banned
 * functions, no clock or socket in the pure rooms, sources.txt complete. TAP: one line per rule; each violation as
 * "file:line: rule".
 *
 *   php tests/layers.php [root]
 */

declare(strict_types=1);

const ROOMS = [
    'base' => [],
    'text' => ['base'],
    'contract' => ['base', 'text'],
    'seal' => ['base', 'contract'],
    'wire' => ['base'],
    'brain' => ['base', 'text', 'contract'],
    'hands' => ['base', 'text', 'contract'],
    'guard' => ['base', 'text', 'contract'],
    'turn' => ['base', 'text', 'contract', 'brain', 'hands', 'guard'],
    'memory' => ['base', 'text', 'contract', 'seal'],
    'watch' => ['base', 'text', 'contract'],
    'run' => ['base', 'text', 'contract', 'seal', 'wire', 'brain', 'hands', 'guard', 'turn', 'memory', 'watch'],
    'bind' => ['run'], // and the headers that run/'s headers include: its public types
];

const PURE = ['text', 'contract', 'brain', 'hands', 'guard', 'turn'];

/** Headers of libraries, and the files they may be included from. */
const DOORS = [
    'libcurl' => ['~^curl/~', '~^ext/wire/~'],
    'OpenSSL' => ['~^openssl/~', '~^ext/seal/~'],
    'SQLite' => ['~^sqlite3~', '~^ext/memory/[a-z_]*sqlite[a-z_]*\.[ch]$~'],
    'hiredis' => ['~^hiredis|^async\.h$~', '~^ext/memory/[a-z_]*redis[a-z_]*\.[ch]$~'],
    'libpq' => ['~libpq~', '~^ext/memory/[a-z_]*postgres[a-z_]*\.[ch]$~'],
    'PCRE2' => ['~^pcre2~', '~^ext/contract/pattern\.c$~'],
    'json-c' => ['~^json-c/|^json(_object|_tokener|_util)?\.h$~', '~^ext/contract/~'],
    'Zend and PHP' => ['~^(php|zend|SAPI|Zend/|main/|win32/|TSRM|ext/(standard|json|spl|date|pcre|random|hash)/)~', '~^ext/bind/~'],
];

/** What a pure room may take from the C library: values and strings, nothing that reaches outside. */
const PURE_HEADERS = ['assert.h', 'ctype.h', 'errno.h', 'float.h', 'inttypes.h', 'limits.h', 'math.h', 'stdalign.h', 'stdarg.h',
    'stdbool.h', 'stddef.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h'];

const BANNED = '~(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|strncat|strncpy|strtok|strtok_r|atoi|atol|atoll|atof|sscanf|gets|alloca|setjmp|longjmp)\s*\(~';
const BANNED_PREFIX = '~\b(json_tokener_\w+|json_object_to_json_string\w*)~';
const HEAP = '~(?<![\w.>])(malloc|calloc|realloc|free|strdup|strndup|asprintf|reallocarray)\s*\(~';
/** What the headers above would still let through. */
const IMPURE = '~(?<![\w.>])(rand|srand|random|srandom|drand48|getenv|secure_getenv|setenv|putenv|system|exit|abort|popen|fopen|fdopen|freopen|'
    . 'fread|fwrite|fgets|remove|rename|tmpfile|perror|printf|vprintf|fprintf|vfprintf|puts|fputs|putchar|getchar|strerror|setlocale)\s*\(~';

const LINES_MAX = 600;

/** @var array<string, list<string>> rule => violations */
$violations = array_fill_keys([
    'rooms include only the rooms below them',
    'each library has one door',
    'only bind/ knows PHP',
    'pure rooms reach no clock, socket or store',
    'no banned function',
    'memory comes from base/alloc.h',
    'no mutable variable at file level outside bind/',
    'ext/sources.txt lists every source',
    'no file of more than ' . LINES_MAX . ' lines',
    'every file begins with its licence',
], []);

$root = rtrim($argv[1] ?? dirname(__DIR__), '/');
chdir($root) || exit(2);

/** Comments and the insides of string and character literals become blanks; lines stay where they are. */
function code_only(string $text): string
{
    return preg_replace_callback(
        '~//[^\n]*|/\*.*?\*/|"(?:[^"\\\\\n]|\\\\.)*"|\'(?:[^\'\\\\\n]|\\\\.)*\'~s',
        static fn(array $m): string => preg_replace('~[^\n]~', ' ', $m[0]),
        $text
    );
}

/** @return list<array{int, string, bool}> line, name, in angle brackets */
function includes_of(string $text): array
{
    $found = [];
    foreach (explode("\n", $text) as $i => $line) {
        if (preg_match('~^\s*#\s*include\s*([<"])([^>"]+)[>"]~', $line, $m)) {
            $found[] = [$i + 1, $m[2], $m[1] === '<'];
        }
    }
    return $found;
}

function room_of(string $path): ?string
{
    return preg_match('~^ext/([a-z]+)/~', $path, $m) ? $m[1] : null;
}

/** @return iterable<array{int, string}> line and word of each match in text without comments */
function words(string $pattern, string $code): iterable
{
    preg_match_all($pattern, $code, $m, PREG_OFFSET_CAPTURE);
    foreach ($m[1] as [$word, $offset]) {
        yield [substr_count($code, "\n", 0, $offset) + 1, $word];
    }
}

$files = array_merge(glob('ext/*/*.[ch]') ?: [], glob('ext/*/*.inc') ?: [], glob('ext/*.[ch]') ?: []);
sort($files);
$texts = [];
foreach ($files as $file) {
    $texts[$file] = (string) file_get_contents($file);
}

// The headers that run/'s headers bring along are public to bind/.
$public = [];
$queue = array_values(array_filter($files, static fn(string $f): bool => (bool) preg_match('~^ext/run/\w+\.h$~', $f)));
while ($queue !== []) {
    $file = array_pop($queue);
    if (isset($public[$file]) || !isset($texts[$file])) {
        continue;
    }
    $public[$file] = true;
    foreach (includes_of($texts[$file]) as [, $name]) {
        $queue[] = $name;
    }
}

foreach ($texts as $file => $text) {
    $room = room_of($file);
    $code = code_only($text);
    if ($room === null || !isset(ROOMS[$room])) {
        $violations['rooms include only the rooms below them'][] = "$file:1: not in a room";
        continue;
    }
    $pure = in_array($room, PURE, true);

    foreach (includes_of($text) as [$line, $name, $angle]) {
        if (!$angle && isset($texts[$name])) {
            $other = room_of($name);
            if ($other !== $room && !in_array($other, ROOMS[$room], true) && !($room === 'bind' && isset($public[$name]))) {
                $violations['rooms include only the rooms below them'][] = "$file:$line: $room/ may not include $other/ ($name)";
            }
            continue;
        }
        $door = null;
        foreach (DOORS as $library => [$headers, $allowed]) {
            if (preg_match($headers, $name)) {
                $door = $library;
                if (!preg_match($allowed, $file)) {
                    $rule = $library === 'Zend and PHP' ? 'only bind/ knows PHP' : 'each library has one door';
                    $violations[$rule][] = "$file:$line: $name is $library";
                }
            }
        }
        if ($door !== null) {
            continue;
        }
        if (!$angle) {
            if ($room !== 'bind' || !is_file($name)) {
                $violations['rooms include only the rooms below them'][] = "$file:$line: \"$name\" is no header of ext/ (paths begin at the root)";
            }
        } elseif ($pure && !in_array($name, PURE_HEADERS, true)) {
            $violations['pure rooms reach no clock, socket or store'][] = "$file:$line: <$name>";
        }
    }

    foreach ([BANNED, BANNED_PREFIX] as $pattern) {
        foreach (words($pattern, $code) as [$line, $word]) {
            $violations['no banned function'][] = "$file:$line: $word";
        }
    }
    if ($room !== 'bind' && $file !== 'ext/base/alloc.c' && $file !== 'ext/base/alloc.h') {
        foreach (words(HEAP, $code) as [$line, $word]) {
            $violations['memory comes from base/alloc.h'][] = "$file:$line: $word";
        }
    }
    if ($pure) {
        foreach (words(IMPURE, $code) as [$line, $word]) {
            $violations['pure rooms reach no clock, socket or store'][] = "$file:$line: $word()";
        }
    }
    if ($room !== 'bind') {
        // "static T name;" or "static T name = …": neither a function nor const.
        foreach (words('~^(static\s+(?!.*\bconst\b)(?!inline\b)[^(){}=;]*?)(?:=[^=]|;)~m', $code) as [$line, $word]) {
            $violations['no mutable variable at file level outside bind/'][] = "$file:$line: " . preg_replace('~\s+~', ' ', trim($word));
        }
    }

    $count = substr_count($text, "\n");
    if ($count > LINES_MAX) {
        $violations['no file of more than ' . LINES_MAX . ' lines'][] = "$file:$count: split it";
    }
    if (!str_contains(strtok($text, "\n") ?: '', 'SPDX-License-Identifier: MIT')) {
        $violations['every file begins with its licence'][] = "$file:1: no SPDX-License-Identifier: MIT";
    }
}

$listed = [];
foreach (@file('ext/sources.txt') ?: [] as $line) {
    foreach (preg_split('~\s+~', preg_replace('~#.*~', '', $line), -1, PREG_SPLIT_NO_EMPTY) as $name) {
        $listed[] = $name;
    }
}
$sources = glob('ext/*/*.c') ?: [];
foreach (array_diff($sources, $listed) as $name) {
    $violations['ext/sources.txt lists every source'][] = "$name:1: missing in ext/sources.txt";
}
foreach (array_diff($listed, $sources) as $name) {
    $violations['ext/sources.txt lists every source'][] = "ext/sources.txt:1: $name does not exist";
}

$failed = 0;
foreach ($violations as $rule => $places) {
    echo $places === [] ? 'ok' : 'not ok', " - $rule\n";
    foreach ($places as $place) {
        [$where, $what] = explode(': ', $place, 2);
        echo "$where: $rule: $what\n";
    }
    $failed += $places === [] ? 0 : 1;
}
exit($failed === 0 ? 0 : 1);
