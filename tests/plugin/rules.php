<?php

/**
 * The rules of the house over wp-plugin/, read as text and as tokens: guards, escaping, translations, routes, and what must not lie in the folder. TAP.
 * php tests/plugin/rules.php [FOLDER]
 */

declare(strict_types=1);

error_reporting(E_ALL);
$folder = realpath($argv[1] ?? dirname(__DIR__, 2) . '/wp-plugin');
$failed = 0;

/** @param list<string> $offenders */
function rule(string $what, array $offenders): void
{
    global $failed;
    echo $offenders === [] ? '' : 'not ', "ok - plugin rules: $what\n";
    foreach (array_slice($offenders, 0, 20) as $offender) {
        echo "  $offender\n";
    }
    $failed += $offenders === [] ? 0 : 1;
}

/** @var array<string, string> $all every file by its path in the folder */
$all = $links = $executable = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::SELF_FIRST) as $file) {
    $path = substr($file->getPathname(), strlen($folder) + 1);
    if ($file->isLink()) {
        $links[] = $path;
    } elseif ($file->isFile() && !str_starts_with($path, 'vendor/')) {
        $all[$path] = (string) file_get_contents($file->getPathname());
        if ($file->getPerms() & 0111) {
            $executable[] = $path;
        }
    }
}
ksort($all);
$php = array_filter($all, static fn(string $path): bool => str_ends_with($path, '.php'), ARRAY_FILTER_USE_KEY);
$js = array_filter($all, static fn(string $path): bool => str_ends_with($path, '.js'), ARRAY_FILTER_USE_KEY);
/** @return list<string> the paths of the files of which the test does not hold */
$without = static fn(array $files, callable $test): array => array_keys(array_filter($files, static fn(string $text, string $path): bool => !$test($text, $path), ARRAY_FILTER_USE_BOTH));
/** @return list<string> path:line of each match */
function matches(array $files, string $pattern): array
{
    $found = [];
    foreach ($files as $path => $text) {
        foreach (preg_grep($pattern, explode("\n", $text)) ?: [] as $line => $words) {
            $found[] = "$path:" . ($line + 1) . ': ' . trim(substr($words, 0, 120));
        }
    }
    return $found;
}

// --- files ---------------------------------------------------------------------------------------------------------------

rule('there are files to look at', count($php) > 30 && count($js) > 5 ? [] : [count($php) . ' PHP files']);
rule('only kinds of files that belong into a plugin', array_values(preg_grep('~\.(php|js|css|txt|md|json|html|pot|svg)$~D', array_keys($all), PREG_GREP_INVERT)));
rule('no hidden file', array_values(preg_grep('~(^|/)\.~', array_keys($all))));
rule('no link', $links);
rule('nothing executable', $executable);
rule('no script of a shell', $without($all, static fn(string $text): bool => !str_starts_with($text, '#!')));
rule('no binary file', $without($all, static fn(string $text): bool => !str_contains($text, "\0") && mb_check_encoding($text, 'UTF-8')));
rule('no mark of the byte order, no carriage return', $without($all, static fn(string $text): bool => !str_starts_with($text, "\xef\xbb\xbf") && !str_contains($text, "\r")));
rule('no PHP file is longer than 350 lines', $without($php, static fn(string $text): bool => substr_count($text, "\n") <= 350));

rule('every PHP file leaves where WordPress is not', $without($php, static fn(string $text): bool => preg_match("~^defined\( 'ABSPATH' \) \|\| exit;$~m", $text) === 1));
rule('before anything is run', $without($php, static fn(string $text): bool => preg_match("~^<\?php\n(/\*\*.*?\*/|//[^\n]*)\s*declare\(strict_types=1\);\s*(namespace [A-Za-z\\\\]+;\s*)?((use [^;]+;\s*)*)defined\( 'ABSPATH' \) \|\| exit;~s", $text) === 1));
rule('every PHP file names its licence', $without($php, static fn(string $text): bool => str_contains($text, 'SPDX-License-Identifier: GPL-2.0-or-later')));
rule('classes are where the autoloader looks for them', $without($php, static function (string $text, string $path): bool {
    if (!str_starts_with($path, 'includes/') || $path === 'includes/autoload.php') {
        return !str_contains($text, "\nnamespace ");
    }
    $class = basename($path, '.php');
    $space = rtrim('Aiguy\\' . strtr(substr(dirname($path) . '/', strlen('includes/')), '/', '\\'), '\\');
    return str_contains($text, "\nnamespace $space;") && preg_match("~^(abstract |final |readonly )*(class|interface|enum|trait) $class\b~m", $text) === 1;
}));
$broken = [];
foreach (array_keys($php) as $path) {
    exec(escapeshellarg(PHP_BINARY) . ' -n -l ' . escapeshellarg("$folder/$path") . ' 2>&1', $lines, $status);
    $broken = array_merge($broken, $status === 0 ? [] : [$path]);
}
rule('php -l', $broken);

// --- words that must not be there ----------------------------------------------------------------------------------------

rule('no host of a provider', matches($all, '~(openai|anthropic|mistral|cohere|groq|openrouter|deepseek|together|perplexity|fireworks|x)\.(com|ai|xyz)\b|googleapis|azure\.com|huggingface|amazonaws~i'));
rule('no other way out than the extension', matches($php, '~\b(wp_(safe_)?remote_\w+|curl_\w+|fsockopen|stream_socket_client|WP_Http)\s*\(~'));
rule('nothing that runs words', matches($php, '~(?<![\w>:$])(eval|assert|exec|shell_exec|system|passthru|popen|proc_open|pcntl_exec|create_function|unserialize|extract|parse_str|var_dump|print_r|phpinfo|die)\s*\(~'));
rule('no mixed bag of input', matches($php, '~\$_REQUEST\b|\$GLOBALS\b|\bINPUT_REQUEST\b~'));
rule('cookies and the nonce are read in one place', array_values(preg_grep('~^includes/Session\.php:~', matches($php, '~\$_COOKIE\b~'), PREG_GREP_INVERT)));
rule('no short or closing tag', matches($php, '~<\?(?!php)|\?>~'));
rule('no HTML made of strings in the widget', matches($js, '~\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML\w*|createContextualFragment|eval|new Function)\b~'));
rule('no address of elsewhere in the widget', matches($js + array_filter($all, static fn(string $path): bool => str_ends_with($path, '.css'), ARRAY_FILTER_USE_KEY), '~https?://(?!www\.w3\.org/|[^\s/]*\.example\b)[a-z]~'));
rule('no file larger than 100 kB', $without($all, static fn(string $text): bool => strlen($text) <= 100_000));

// --- tokens --------------------------------------------------------------------------------------------------------------

/** The arguments of the call whose "(" is at $at: lists of tokens, blanks and comments left out. @return list<list<PhpToken>> */
function arguments(array $tokens, int $at): array
{
    $list = [[]];
    for ($depth = 0, $i = $at; $i < count($tokens); $i++) {
        $text = $tokens[$i]->text;
        $depth += in_array($text, ['(', '[', '{'], true) || $tokens[$i]->is([T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES]) ? 1 : 0;
        $depth -= in_array($text, [')', ']', '}'], true) ? 1 : 0;
        if ($depth === 0) {
            break;
        }
        if ($depth === 1 && $text === ',') {
            $list[] = [];
        } elseif ($i > $at) {
            $list[count($list) - 1][] = $tokens[$i];
        }
    }
    return array_values(array_filter($list));
}

/** Variables that reach the output without an escaping function around them. @param list<PhpToken> $tokens @return list<string> */
function bare(array $tokens): array
{
    $escaping = '~^(esc_\w+|wp_kses\w*|absint|intval|count|checked|selected|disabled|wp_json_encode|number_format_i18n|submit_button|str_repeat)$~';
    $found = [];
    for ($i = 0; $i < count($tokens); $i++) {
        if ($tokens[$i]->is(T_STRING) && preg_match($escaping, $tokens[$i]->text) && ($tokens[$i + 1]->text ?? '') === '(') {
            for ($depth = 0, $i++; $i < count($tokens); $i++) {
                $depth += ['(' => 1, ')' => -1][$tokens[$i]->text] ?? 0;
                if ($depth === 0) {
                    break;
                }
            }
        } elseif ($tokens[$i]->is(T_VARIABLE)) {
            // A condition chooses among words; it is not shown itself.
            for ($depth = 0, $j = $i + 1; $j < count($tokens) && $depth >= 0 && !in_array($tokens[$j]->text, ['.', ',', '?', ':'], true); $j++) {
                $depth += ['(' => 1, '[' => 1, ')' => -1, ']' => -1][$tokens[$j]->text] ?? 0;
            }
            if (($tokens[$j]->text ?? '') !== '?' && !in_array($tokens[$i + 1]->text ?? '', ['===', '!=='], true)) {
                $found[] = $tokens[$i]->text;
            }
        }
    }
    return $found;
}

const TRANSLATING = ['__' => 2, '_e' => 2, '_x' => 3, '_ex' => 3, '_n' => 4, '_nx' => 5, 'esc_html__' => 2, 'esc_html_e' => 2, 'esc_html_x' => 3, 'esc_attr__' => 2, 'esc_attr_e' => 2, 'esc_attr_x' => 3];
$translations = $unescaped = $routes = $hooks = $globals = [];
$counts = ['translations' => 0, 'routes' => 0, 'output' => 0, 'hooks' => 0];
foreach ($php as $path => $text) {
    $tokens = array_values(array_filter(PhpToken::tokenize($text), static fn(PhpToken $token): bool => !$token->is([T_WHITESPACE, T_COMMENT, T_DOC_COMMENT, T_INLINE_HTML])));
    $lines = explode("\n", $text);
    $fine = static fn(int $line): bool => str_contains($lines[$line - 1], 'phpcs:ignore WordPress.Security.EscapeOutput -- ');
    foreach ($tokens as $i => $token) {
        $place = "$path:$token->line";
        if ($token->is(T_ECHO) || $token->is(T_PRINT)) {
            $counts['output']++;
            for ($expression = [], $depth = 0, $j = $i + 1; $tokens[$j]->text !== ';' && $depth >= 0; $j++) {
                $expression[] = $tokens[$j];
                $depth += ['(' => 1, '[' => 1, ')' => -1, ']' => -1][$tokens[$j]->text] ?? 0;
            }
            foreach ($fine($token->line) ? [] : bare($expression) as $variable) {
                $unescaped[] = "$place: $variable";
            }
        }
        if (!$token->is([T_STRING, T_NAME_FULLY_QUALIFIED]) || ($tokens[$i + 1]->text ?? '') !== '(' || in_array($tokens[$i - 1]->text, ['->', '::', 'function', 'new'], true)) {
            continue;
        }
        $name = ltrim($token->text, '\\');
        $given = arguments($tokens, $i + 1);
        $first = $given[0][0] ?? null;
        if (isset(TRANSLATING[$name])) {
            $counts['translations']++;
            $last = end($given);
            if (count($given) !== TRANSLATING[$name] || count($last) !== 1 || $last[0]->text !== "'aiguy'" || !$first->is(T_CONSTANT_ENCAPSED_STRING) || count($given[0]) !== 1) {
                $translations[] = "$place: $name()";
            } elseif (preg_match_all('~%(?:\d+\$)?[sd]~', $first->text, $m) && !preg_match('~translators:~', implode("\n", array_slice($lines, max(0, $token->line - 4), 4)))) {
                $translations[] = "$place: no word to the translators";
            } elseif (count($m[0] ?? []) > 1 && !str_contains($first->text, '%1$')) {
                $translations[] = "$place: places without numbers";
            }
        } elseif ($name === 'printf' || $name === 'vprintf') {
            $counts['output']++;
            foreach ($fine($token->line) ? [] : array_merge(...array_map(bare(...), $given)) as $variable) {
                $unescaped[] = "$place: $variable";
            }
        } elseif ($name === 'register_rest_route') {
            $counts['routes']++;
            $words = implode(' ', array_map(static fn(PhpToken $token): string => $token->text, array_merge(...$given)));
            foreach (["'permission_callback' =>", "'args' =>", "'methods' =>", "'show_in_index' => false"] as $wanted) {
                if (!str_contains($words, $wanted)) {
                    $routes[] = "$place: no $wanted";
                }
            }
            if (str_contains($words, '__return_true')) {
                $routes[] = "$place: open to everybody";
            }
        } elseif (in_array($name, ['do_action', 'apply_filters'], true)) {
            $counts['hooks']++;
            if (!$first->is(T_CONSTANT_ENCAPSED_STRING) || !str_starts_with($first->text, "'aiguy_")) {
                $hooks[] = "$place: $name";
            }
        } elseif ($name === 'define' && !str_starts_with($first->text, "'AIGUY_") && !str_contains($lines[$token->line - 1], 'PrefixAllGlobals')) {
            $globals[] = "$place: define( {$first->text}";
        }
    }
    if (!str_contains($text, "\nnamespace ")) {
        preg_match_all('~^\s*(?:function (?!aiguy_)\w+|(?:abstract |final )*class \w+)|^\$(?!aiguy_)\w+ *=~m', $text, $m);
        $globals = array_merge($globals, array_map(static fn(string $found): string => "$path: $found", $m[0]));
    }
}
rule("every one of $counts[translations] texts is translated in the plugin's own domain, as it stands", $counts['translations'] > 50 ? $translations : ['too few found']);
rule("nothing of $counts[output] outputs is unescaped", $counts['output'] > 10 ? $unescaped : ['too few found']);
rule("every one of $counts[routes] routes has its permission, its arguments and stays out of the index", $counts['routes'] >= 3 ? $routes : ['too few found']);
rule("every one of $counts[hooks] hooks bears the plugin's name", $counts['hooks'] >= 3 ? $hooks : ['too few found']);
rule('so does whatever is global', $globals);

// --- the two heads -------------------------------------------------------------------------------------------------------

$head = static fn(string $file, string $name): string => preg_match("~^[ *]*$name: *(.*?) *$~m", $all[$file] ?? '', $m) ? $m[1] : '';
$version = $head('aiguy.php', 'Version');
rule('the version is the same in three places', $version !== '' && $version === $head('readme.txt', 'Stable tag') && str_contains($all['aiguy.php'], "define( 'AIGUY_VERSION', '$version' )") ? [] : [$version, $head('readme.txt', 'Stable tag')]);
foreach (['Requires PHP', 'Requires at least'] as $name) {
    rule("$name is the same in both heads", $head('aiguy.php', $name) !== '' && $head('aiguy.php', $name) === $head('readme.txt', $name) ? [] : [$head('aiguy.php', $name), $head('readme.txt', $name)]);
}
rule('the text domain is the plugin\'s name', $head('aiguy.php', 'Text Domain') === 'aiguy' ? [] : [$head('aiguy.php', 'Text Domain')]);
rule('readme.txt has what the directory asks for', array_keys(array_filter([
    'Tested up to' => $head('readme.txt', 'Tested up to') === '',
    'License' => !str_starts_with($head('readme.txt', 'License'), 'GPL'),
    'at most five tags' => count(explode(',', $head('readme.txt', 'Tags'))) > 5,
    'a short description of at most 150 characters' => !preg_match('~\n\n([^\n=]{20,150})\n\n== Description ==~u', $all['readme.txt']),
    'External services' => !str_contains($all['readme.txt'], '== External services =='),
    'a change of this version' => !str_contains($all['readme.txt'], "= $version ="),
])));

exit($failed === 0 ? 0 : 1);
