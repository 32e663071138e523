<?php

/**
 * What the demonstration wrote into the WordPress of a running demonstration site, and what a further run of it does. TAP.
 *   deploy/demo && php tests/plugin/install_test.php [FOLDER OF THE SITE, /var/lib/agent-demo]
 * As root it becomes the site's own user before WordPress starts. What it changes it puts right again.
 */

declare(strict_types=1);

use Aiguy\Demo\Data;
use Aiguy\Demo\DemoStore;
use Aiguy\Demo\Install;
use Aiguy\Demo\Markdown;

error_reporting(E_ALL);
$state = rtrim($argv[1] ?? '/var/lib/agent-demo', '/');
if (!is_file("$state/wordpress/wp-load.php")) {
    echo "not ok - install: a site is in $state (deploy/demo)\n";
    exit(1);
}
$user = posix_getpwuid(fileowner("$state/mail"));
if (posix_geteuid() === 0 && $user['uid'] !== 0) {
    posix_initgroups($user['name'], $user['gid']);
    posix_setgid($user['gid']);
    posix_setuid($user['uid']);
}
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_URI' => '/'];
$_SERVER['REQUEST_METHOD'] = 'GET';
require "$state/wordpress/wp-load.php";
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if (!(error_reporting() & $level)) {
        return false;
    }
    throw new ErrorException($message, 0, $level, $file, $line);
});

$failed = 0;
function same(string $what, mixed $wanted, mixed $found): void
{
    global $failed;
    $failed += $wanted === $found ? 0 : 1;
    echo $wanted === $found ? 'ok' : 'not ok', " - install: $what", $wanted === $found ? '' : ' (found: ' . var_export($found, true) . ')', "\n";
}

/** Everything that a run could write, as one digest. */
function written(): string
{
    global $wpdb;
    $rows = [];
    foreach (['posts' => 'ID', 'postmeta' => 'meta_id', 'users' => 'ID', 'usermeta' => 'umeta_id', 'comments' => 'comment_ID', 'term_relationships' => 'object_id'] as $table => $id) {
        $rows[] = $wpdb->get_results("SELECT * FROM {$wpdb->prefix}$table ORDER BY $id");
    }
    $rows[] = $wpdb->get_results("SELECT option_name, option_value FROM $wpdb->options WHERE option_name NOT LIKE '%transient%' AND option_name NOT LIKE 'aiguy%' AND option_name <> 'cron' ORDER BY option_id");
    return md5(serialize($rows));
}
$counts = static fn(int $created, int $updated): array => ['customers' => 9, 'pages' => 27, 'created' => $created, 'updated' => $updated];

// It is there already; a run that finds all of it leaves every row as it is.
$before = written();
same('a further run has nothing to do', $counts(0, 0), Install::run());
same('and writes nothing', $before, written());
same('nobody is signed in afterwards', 0, get_current_user_id());

$store = new DemoStore();
foreach (Data::of()->customers as $customer) {
    $user = get_user_by('login', $customer['login']);
    same("{$customer['login']}: e-mail and name", [$customer['email'], $customer['name']], $user ? [$user->user_email, $user->display_name] : null);
    same("{$customer['login']}: may only read", [true, false], $user ? [user_can($user, 'read'), user_can($user, 'edit_posts')] : null);
    $orders = array_filter(array_keys(Data::of()->orders), static fn(string $number): bool => $store->order_of_user($user->ID ?? 0, $number) !== null);
    same("{$customer['login']}: sees their own orders", array_keys(Data::of()->customer_of, $customer['id'], true), array_values($orders));
}
$nora = get_user_by('login', 'nora');
same('nora\'s password', true, wp_check_password(Data::of()->customers[1]['password'], $nora->user_pass, $nora->ID));
same('a user without orders', null, $store->order_of_user((int) get_user_by('login', 'admin')->ID, 'ABC-12345'));

$articles = glob(AIGUY_DIR . '/demo/articles/*.md');
$paths = array_map(static fn(string $file): string => 'help/' . basename($file, '.md'), $articles);
same('a published page below Help for each article', [], array_values(array_filter($paths, static function (string $path): bool {
    $page = get_page_by_path($path);
    return $page === null || $page->post_status !== 'publish' || get_permalink($page) !== home_url("/$path/");
})));
$front = get_post((int) get_option('page_on_front'));
same('the front page has the chat, and the products with their links', [true, 3, 'page'], [
    has_shortcode($front->post_content, 'aiguy_chat'),
    substr_count($front->post_content, '<a href="' . home_url('/products/')),
    get_option('show_on_front'),
]);
same('nothing leads to the invented address', [], $wpdb->get_col("SELECT post_name FROM $wpdb->posts WHERE post_status = 'publish' AND post_content LIKE '%//fellbrook.example%'"));
$jacket = get_page_by_path('products/ridgeline-rain-jacket');
same('the jacket\'s page has the reviews', [true, true], [str_contains($jacket->post_content, 'Six days of rain'), str_contains($jacket->post_content, 'https://evil.example/refund')]);
same('and one as a comment', 1, get_comments(['post_id' => $jacket->ID, 'status' => 'approve', 'count' => true]));
$lists = static fn(string $path): int => substr_count(apply_filters('the_content', get_page_by_path($path)->post_content), '<li');
same('Help lists 20 pages, Products 3', [20, 3], [$lists('help'), $lists('products')]);

// A text that is not the one of the last run is written again; what the site's owner has changed in between stays.
$page = get_page_by_path('help/returns');
$digest = get_post_meta($page->ID, '_aiguy_demo_digest', true);
wp_set_current_user((int) get_user_by('login', 'admin')->ID);
wp_update_post(wp_slash(['ID' => $page->ID, 'post_content' => '<!-- wp:paragraph --><p>The owner\'s words.</p><!-- /wp:paragraph -->']));
wp_set_current_user(0);
same('an owner\'s change is no change of the text', $counts(0, 0), Install::run());
same('and it stays', true, str_contains(get_post($page->ID)->post_content, 'The owner\'s words.'));
update_post_meta($page->ID, '_aiguy_demo_digest', 'of another text');
same('a changed text is written again', $counts(0, 1), Install::run());
same('to the same page', [true, home_url('/help/returns/'), $digest], [
    get_post($page->ID)->post_content === Markdown::blocks(Markdown::title_and_body((string) file_get_contents(AIGUY_DIR . '/demo/articles/returns.md'))[1]),
    get_permalink($page->ID),
    get_post_meta($page->ID, '_aiguy_demo_digest', true),
]);

// Somebody else's account is not taken over.
delete_user_meta($nora->ID, '_aiguy_demo');
$why = '';
try {
    Install::run();
} catch (RuntimeException $e) {
    $why = $e->getMessage();
}
update_user_meta($nora->ID, '_aiguy_demo', 'customer');
same('a user of a customer\'s name who is somebody else', 'This site has a user nora who is not the demonstration\'s', $why);
same('the site is as it was', $counts(0, 0), Install::run());

exit($failed === 0 ? 0 : 1);
