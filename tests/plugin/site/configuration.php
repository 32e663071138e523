<?php

/**
 * The configuration that the plugin makes: stored when something in it changes, found again when it was lost, and obedient to what WordPress allows.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

wordpress('reset');
model("text The model speaks.\nfinish stop\n");

/** Which configuration is stored, after a visitor came by. */
function state(): array
{
    guest();
    return (array) wordpress('option', 'aiguy_state');
}

/** Who answered: 'model', 'local', or the status of what was no answer. */
function brain(): string
{
    $asked = model_requests();
    $answer = (new Browser())->post('/session', '{}');
    if ($answer->status !== 200) {
        return (string) $answer->status;
    }
    $guest = new Browser();
    $guest->token = $answer->json()['token'];
    $answer = $guest->ask('How long do I have to return an item?');
    return match (true) {
        model_requests() > $asked && str_contains($answer->text(), 'The model speaks.') => 'model',
        model_requests() === $asked && str_contains($answer->text(), '30 days') && $answer->parts_of('data-turn')[0]['data']['degraded'] === false => 'local',
        default => "$answer->status $answer->body",
    };
}

function stored(): int
{
    return count(glob(STATE . '/agent/config/*.json') ?: []);
}

// --- stored when it changes ----------------------------------------------------------------------------------------------

$first = state();
check('the digest is kept', preg_match('~^[0-9a-f]{64}$~D', $first['digest'] ?? '') === 1 && is_file(STATE . "/agent/config/$first[digest].json"), $first);
$files = stored();
$times = filemtime(STATE . "/agent/config/$first[digest].json");
brain();
same('visits store nothing again', [$first, $files, $times], [state(), stored(), filemtime(STATE . "/agent/config/$first[digest].json")]);
wordpress('settings', json(['instructions' => 'Be brief.']));
$second = state();
check('another setting: another configuration', $second['digest'] !== $first['digest'] && stored() === $files + 1, [$first, $second]);
same('which stays', $second, state());
$from = count(model_bodies());
same('the model hears of it', 'model', brain());
check('in the site\'s own words', str_contains(implode('', model_bodies($from)), 'Be brief.'));
foreach (['contact_url' => SITE . '/help/contact/', 'contact_label' => 'Write to us', 'model' => 'another', 'tools_url' => ''] as $name => $value) {
    $before = state()['digest'];
    wordpress('settings', json([$name => $value]));
    check("$name is part of it", state()['digest'] !== $before);
}
same('what the tools say in the same process is the same', 'answered', (static function (): string {
    model_calls('get_order_status', ['order_number' => 'ABC-12345'], 'It has been shipped.');
    return customer('nora')->ask('Where is my order ABC-12345?')->outcome();
})());
wordpress('reset');
same('all as before: the first one again', $first['digest'], state()['digest']);
foreach (['delete_data' => true, 'post_types' => ['page', 'post']] as $name => $value) {
    wordpress('settings', json([$name => $value]));
    same("$name is no part of it", $first['digest'], state()['digest']);
}
wordpress('reset');
model("text The model speaks.\nfinish stop\n");

// --- lost ----------------------------------------------------------------------------------------------------------------

wordpress('delete-option', 'aiguy_state');
same('an option that is gone is made again', $first, state());
update_state(['digest' => str_repeat('0', 64)] + $first);
same('so is one that names a configuration that never was', $first, state());
function update_state(array $state): void
{
    wordpress('set-state', json($state));
}
foreach (glob(STATE . '/agent/config/*') ?: [] as $file) {
    unlink($file);
}
same('configurations that are gone are stored again', [$first, 'model'], [state(), brain()]);

$guest = guest();
$guest->ask('Hello');
$old = $guest->session_id();
// No run of the index is under way.
wordpress('index-all');
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(STATE . '/agent', FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST);
foreach ($files as $file) {
    $file->isDir() ? rmdir($file->getPathname()) : unlink($file->getPathname());
}
// The tests' own process has files open that are gone.
$wordpress = null;
$statuses = [];
for ($i = 0; $i < 12; $i++) {
    $statuses[] = (new Browser())->post('/session', '{}')->status;
}
same('an emptied data directory: visitors get a session', [200 => 12], array_count_values($statuses));
refused('an old token is worth nothing', 401, 'aiguy_token', $guest->ask('Hello'));
$session = $guest->open();
check('and begins anew', $session['messages'] === [] && $guest->session_id() !== $old, $session);
same('then an answer comes', 'The model speaks.', trim($guest->ask('Hello')->text()));
model("status 500\njson {}\n");
for ($i = 0; $i < 10 && !str_contains($text = guest()->ask('How long do I have to return an item?')->text(), '30 days'); $i++) {
    // Indexing runs in the background of visits, which DISABLE_WP_CRON leaves to the machine.
    (new Browser())->get('/wp-cron.php');
    usleep(100_000);
}
check('and the pages are indexed again by themselves, although no worker has started anew', str_contains($text, '30 days'), $text);
wordpress('index-all');
model("text The model speaks.\nfinish stop\n");

// --- what WordPress allows -----------------------------------------------------------------------------------------------

same('the model answers', 'model', brain());
mu_plugin('ai', "add_filter( 'wp_supports_ai', '__return_false' );");
same('where WordPress switches language models off, the local brain does', 'local', brain());
mu_plugin('ai', '');
same('and the model again', 'model', brain());
mu_plugin('ai', "define( 'WP_AI_SUPPORT', false );");
same('the constant WP_AI_SUPPORT does the same', 'local', brain());
mu_plugin('ai', '');
same('the model again', 'model', brain());
wordpress('settings', json(['base_url' => 'https://models.example.com/v1']));
same('a host that WP_HTTP_BLOCK_EXTERNAL forbids: the local brain', 'local', brain());
$admin = (new Browser())->login('admin');
$page = static fn(): string => html_entity_decode(strip_tags(preg_replace('~<(script|style)\b.*?</\1>~s', '', $admin->get('/wp-admin/options-general.php?page=aiguy')->body)), ENT_QUOTES);
check('which the settings page says', str_contains($page(), 'WP_HTTP_BLOCK_EXTERNAL') && str_contains($page(), 'The local brain answers instead of the model'), $page());
wordpress('settings', json(['key' => 'constant', 'base_url' => 'http://127.0.0.1:' . getenv('UPSTREAM') . '/model']));
same('a constant for the key that is not set: the local brain', 'local', brain());
check('which the settings page says, too', str_contains($page(), 'AIGUY_API_KEY'), $page());
mu_plugin('key', "define( 'AIGUY_API_KEY', 'key-of-a-constant-5512' );");
$from = count(model_bodies());
same('once it is set, the model', 'model', brain());
$heads = implode('', array_map(static fn(string $file): string => (string) file_get_contents($file), glob(getenv('UPSTREAM_BODIES') . '/*.head') ?: []));
check('gets it as its key', stripos($heads, 'Authorization: Bearer key-of-a-constant-5512') !== false);
mu_plugin('key', "define( 'AIGUY_API_KEY', 'key-of-a-constant-6623' );");
same('another one', 'model', brain());
$heads = implode('', array_map(static fn(string $file): string => (string) file_get_contents($file), glob(getenv('UPSTREAM_BODIES') . '/*.head') ?: []));
check('is taken over', stripos($heads, 'Authorization: Bearer key-of-a-constant-6623') !== false);
mu_plugin('key', '');
same('neither is in the database', [[], []], [wordpress('find', 'key-of-a-constant-5512'), wordpress('find', 'key-of-a-constant-6623')]);
wordpress('reset');
check('healthy, the settings page says that the settings are taken', str_contains($page(), 'has taken these settings'), $page());

// --- broken --------------------------------------------------------------------------------------------------------------

provoked('aiguy, (configuration|index): Agent.ConfigException: /');
foreach ([
    'instructions' => ['instructions' => str_repeat('a', 5000)],
    'an address of the model that is none' => ['base_url' => 'ftp://127.0.0.1/model'],
    'a model without a name' => ['model' => ''],
    'tools at an address that is none' => ['tools_url' => 'ftp://127.0.0.1/tools'],
] as $what => $broken) {
    wordpress('settings', json($broken));
    $answer = (new Browser())->post('/session', '{}');
    refused("broken: $what: a visitor hears that it is not available", 503, 'aiguy_unavailable', $answer);
    check('… and no more', !preg_match('~pointer|/brain|/tools|/instructions|Agent~', $answer->body), $answer);
    $text = $page();
    check('… the settings page says what is wrong', preg_match('~The extension does not take these settings: /[a-z]~', $text) === 1, $text);
    same('… a page of the site opens', 200, (new Browser())->get('/')->status);
    same('… and a page can be saved', true, is_int(wordpress('insert-post', json(['post_title' => 'Saved', 'post_content' => '<p>Saved.</p>']))['id'] ?? null));
    wordpress('reset');
    same('… right again: it answers', 'model', brain());
}

finish();
