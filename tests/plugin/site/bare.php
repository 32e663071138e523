<?php

/**
 * The plugin on a PHP without the extension, and its end: what uninstalling leaves. The same site behind php -S, whose php.ini does not load agent.so.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

wordpress('reset');
wordpress('settings', json(['contact_url' => SITE . '/help/contact/', 'contact_label' => 'Write <us>']));
$page = wordpress('insert-post', json(['post_title' => 'Ask', 'post_content' => '<p>Before.</p>[aiguy_chat]<p>After.</p>']));
$path = substr($page['url'], strlen(SITE));
$admin = (new Browser())->login('admin');
$nora = (new Browser())->login('nora');

$ini = STATE . '/tests-bare.ini';
file_put_contents($ini, preg_replace('~^(extension="?[^"\n]*agent\.so"?|agent\..*)$~m', '', (string) file_get_contents(STATE . '/php.ini')));
chmod($ini, 0644);
$probe = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr((string) strrchr(stream_socket_get_name($probe, false), ':'), 1);
fclose($probe);
$as = posix_geteuid() === 0 ? ['setpriv', '--reuid=www-data', '--regid=www-data', '--init-groups'] : [];
$server = proc_open(['env', 'PHP_INI_SCAN_DIR=', ...$as, PHP_BINARY, '-c', $ini, '-S', "127.0.0.1:$port", '-t', STATE . '/wordpress'],
    [['file', '/dev/null', 'r'], ['file', getenv('SITE_TEST') . '/bare.log', 'w'], ['file', getenv('SITE_TEST') . '/bare.log', 'a']], $pipes);
register_shutdown_function(static function () use ($server, $ini): void {
    proc_terminate($server);
    proc_close($server);
    unlink($ini);
});
for ($i = 0; $i < 100 && !@stream_socket_client("tcp://127.0.0.1:$port", $code, $error, 1); $i++) {
    usleep(50_000);
}
$guest = new Browser();
$guest->port = $admin->port = $nora->port = $port;

// --- a page, a route, the administration ---------------------------------------------------------------------------------

$answer = $guest->get($path);
check('the page opens', $answer->status === 200 && str_contains($answer->body, 'Before.') && str_contains($answer->body, 'After.'), $answer);
check('with a link to the contact page in place of the assistant', str_contains($answer->body, '<a href="' . SITE . '/help/contact/">Write &lt;us&gt;</a>'), $answer->body);
check('and nothing of the assistant', !str_contains($answer->body, 'data-aiguy') && !str_contains($answer->body, 'widget.js'), $answer->body);
wordpress('settings', json(['contact_url' => '']));
$answer = $guest->get($path);
check('without a contact page there is nothing', $answer->status === 200 && !str_contains($answer->body, 'class="aiguy') && !str_contains($answer->body, '[aiguy_chat]'), $answer->body);
foreach (['/session' => '{}', '/chat' => ['token' => 'a', 'message' => 'b', 'message_id' => 'c'], '/proof' => ['token' => 'a', 'order_number' => 'b', 'email' => 'c']] as $route => $body) {
    refused("$route says that it is not available", 503, 'aiguy_unavailable', $guest->post($route, $body));
}
refused('a tool, too', 503, 'aiguy_unavailable', $guest->post('/tools/get_order_status', '{}', ['Authorization' => 'Bearer a']));
refused('a file, too', 503, 'aiguy_unavailable', $guest->get('/index.php?rest_route=/aiguy/v1/file/a.pdf&ticket=a'));

$notice = static fn(Answer $answer): string => preg_match('~<div id="aiguy-missing".*?</div>~s', $answer->body, $m) ? html_entity_decode(strip_tags($m[0]), ENT_QUOTES) : '';
foreach (['/wp-admin/plugins.php' => true, '/wp-admin/options-general.php?page=aiguy' => true, '/wp-admin/index.php' => false, '/wp-admin/edit.php' => false] as $screen => $shown) {
    $answer = $admin->get($screen);
    $text = $notice($answer);
    check($shown ? "$screen names what is to be installed" : "$screen does not nag", $answer->status === 200 && ($text !== '') === $shown
        && (!$shown || (str_contains($text, 'agent.so') && str_contains($text, PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION))), [$answer->status, $text]);
}
same('a subscriber is not told', '', $notice($nora->get('/wp-admin/profile.php')));
same('with the extension nobody is', '', $notice((new Browser())->login('admin')->get('/wp-admin/plugins.php')));
$form = preg_match('~name="_wpnonce" value="([0-9a-f]{10})"~', $admin->get('/wp-admin/options-general.php?page=aiguy')->body);
same('the settings can be seen', 1, $form);

// --- the command line: activation, saving, the index ---------------------------------------------------------------------

/** tests/support/wordpress.php in a PHP without the extension. */
function bare(string ...$arguments): mixed
{
    global $ini;
    return wordpress_anew_with($ini, ...$arguments);
}

$made = bare('insert-post', json(['post_title' => 'Saved without it', 'post_content' => '<p>The Yarrow lantern is saved.</p>']));
check('a page can be saved', is_int($made['id'] ?? null), $made);
same('it can be switched off and on', [true, true], [bare('deactivate'), bare('activate')]);
check('and a page be deleted', bare('delete-post', (string) $made['id']) === true);
$made = bare('insert-post', json(['post_title' => 'Saved without it', 'post_content' => '<p>The Yarrow lantern is saved.</p>']));
check('what was saved meanwhile comes into the index once the extension is there', wordpress_anew('index-all') > 0 && str_contains(json(wordpress_anew('search', 'Yarrow lantern')), 'Yarrow'));

// --- the end -------------------------------------------------------------------------------------------------------------

$traces = wordpress_anew('traces');
check('there is something to leave behind', count($traces) >= 4, $traces);
$settings = wordpress_anew('settings', json(['delete_data' => false]));
same('deleting the plugin', [true, true], [wordpress_anew('deactivate'), wordpress_anew('uninstall')]);
$left = wordpress_anew('traces');
$tasks = static fn(array $traces): array => array_values(preg_grep('~^aiguy_(index|keys)_~', $traces));
same('leaves everything where the settings do not say otherwise', array_values(array_diff($traces, $tasks($traces))), $left);
same('but no task behind', [], $tasks($left));
same('activated again', true, wordpress_anew('activate'));
same('the settings are as they were', $settings, wordpress_anew('option', 'aiguy_settings'));
// A mail that was sent leaves its mark for ten minutes.
$ruth = guest();
$ruth->post('/proof', ['token' => $ruth->token, 'order_number' => 'STW-37127', 'email' => 'ruth.calloway@example.com']);
model("status 500\njson {}\n");
same('a mail', 'answered', $ruth->ask('Send me the invoice for order STW-37127')->outcome());
$traces = wordpress_anew('traces');
check('leaves its mark', preg_grep('~aiguy_mailed~', $traces) !== [], $traces);
foreach (['with the extension' => wordpress_anew(...), 'without it' => bare(...)] as $how => $do) {
    wordpress_anew('settings', json(['delete_data' => true]));
    $do('deactivate');
    same("deleting the plugin $how, where the settings say so", true, $do('uninstall'));
    same("leaves nothing, $how", [], wordpress_anew('traces'));
    same('the customers, orders and pages of the site are still there', 200, (new Browser())->get('/help/returns/')->status);
    same('activated again', true, $do('activate'));
    same('it begins with what it brings', ['local', false], array_values(array_intersect_key(wordpress_anew('option', 'aiguy_settings'), ['brain' => 1, 'delete_data' => 1])));
}
wordpress_anew('reset');
check('all as before', wordpress_anew('index-all') > 20);
model("text Hello there.\nfinish stop\n");
same('it answers', 'Hello there.', trim(guest()->ask('Hello')->text()));
check('php -S had nothing to complain', !preg_match('~PHP (Fatal|Warning|Notice|Deprecated)~', (string) file_get_contents(getenv('SITE_TEST') . '/bare.log')), (string) file_get_contents(getenv('SITE_TEST') . '/bare.log'));

finish();
