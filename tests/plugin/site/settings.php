<?php

/**
 * The settings page: who may see and save it, what it takes, and where the model's key goes.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

wordpress('reset');
const PAGE = '/wp-admin/options-general.php?page=aiguy';

/** The fields of a form on a page as a browser would send them. */
function fields(string $html, string $mark): array
{
    $document = new DOMDocument();
    $document->loadHTML($html, LIBXML_NOERROR);
    $path = new DOMXPath($document);
    foreach ($path->query('//form') as $form) {
        $fields = [];
        foreach ($path->query('.//input | .//textarea | .//select/option[@selected]', $form) as $field) {
            $name = $field->nodeName === 'option' ? $field->parentNode->getAttribute('name') : $field->getAttribute('name');
            $value = $field->nodeName === 'textarea' ? $field->textContent : $field->getAttribute('value');
            if ($name !== '' && ($field->getAttribute('type') !== 'checkbox' || $field->hasAttribute('checked'))) {
                $fields[] = [$name, $value];
            }
        }
        if (str_contains($form->ownerDocument->saveHTML($form), $mark)) {
            parse_str(implode('&', array_map(static fn(array $f): string => urlencode($f[0]) . '=' . urlencode($f[1]), $fields)), $all);
            return $all;
        }
    }
    check("there is a form with $mark", false, substr($html, 0, 500));
    return [];
}

/** The page's notices, as words. */
function notices(string $html): string
{
    preg_match_all('~<div[^>]*class=["\'][^"\']*notice[^>]*>(.*?)</div>~s', $html, $m);
    return html_entity_decode(trim(preg_replace('~\s+~', ' ', strip_tags(implode(' ', $m[1])))), ENT_QUOTES);
}

$settings = static fn(): array => wordpress('option', 'aiguy_settings');

// --- the form ------------------------------------------------------------------------------------------------------------

$admin = (new Browser())->login('admin');
$page = $admin->get(PAGE);
same('an administrator sees the page', 200, $page->status);
$form = fields($page->body, 'options.php');
$before = $settings();
same('it shows the settings as they are', [$before['brain'], $before['base_url'], $before['model'], $before['key'], $before['tools_url']],
    [$form['aiguy_settings']['brain'] ?? '', $form['aiguy_settings']['base_url'] ?? '', $form['aiguy_settings']['model'] ?? '', $form['aiguy_settings']['key'] ?? '', $form['aiguy_settings']['tools_url'] ?? '']);
same('every setting has its field', [], array_diff(array_keys($before), array_keys($form['aiguy_settings'] ?? [])));
check('the pages to be indexed among them', preg_match('~name="aiguy_settings\[post_types\]\[\]" value="page" checked~', preg_replace("~'~", '"', preg_replace('~\s+~', ' ', $page->body))) === 1);
$answer = $admin->form('/wp-admin/options.php', $form);
check('saved as it is', $answer->status === 302 && str_contains($answer->header('location'), 'settings-updated=true'), $answer);
same('nothing has changed', $before, $settings());
$admin->form('/wp-admin/options.php', array_replace_recursive($form, ['aiguy_settings' => ['contact_url' => SITE . '/help/contact/', 'contact_label' => ' Write to <b>us</b> & wait ', 'instructions' => "We are \"Fellbrook\".\nBe kind.", 'delete_data' => '1']]));
same('what was typed is stored, as text', [SITE . '/help/contact/', 'Write to us & wait', "We are \"Fellbrook\".\nBe kind.", true], array_values(array_intersect_key($settings(), ['contact_url' => 1, 'contact_label' => 1, 'instructions' => 1, 'delete_data' => 1])));
check('the page says so', str_contains(notices($admin->get(PAGE . '&settings-updated=true')->body), 'Settings saved'));
$page = $admin->get(PAGE)->body;
same('and shows it', 'Write to us & wait', fields($page, 'options.php')['aiguy_settings']['contact_label'] ?? '');
check('all is well', str_contains(notices($page), 'has taken these settings') && !str_contains(notices($page), 'no contact page'), notices($page));

$form = fields($page, 'options.php');
foreach ([
    'base_url' => ['javascript:alert(1)', 'data:text/html,x', 'https://user:password@models.example.com/v1', 'no address', '/v1', 'https://', ['a']],
    'tools_url' => ['file:///etc/passwd', 'ftp://127.0.0.1/'],
    'contact_url' => ['javascript:alert(1)', 'https://example.com/#fragment'],
    'brain' => ['anthropic', ['local']],
    'key' => ['file', ''],
    'model' => [['a']],
    'post_types' => ['page'],
] as $name => $values) {
    foreach ($values as $value) {
        $wanted = $settings();
        $admin->form('/wp-admin/options.php', ['aiguy_settings' => [$name => $value] + $form['aiguy_settings']] + $form);
        same("$name is not " . json($value), $wanted, $settings());
    }
}
$answer = $admin->form('/wp-admin/options.php', ['aiguy_settings' => ['base_url' => 'javascript:alert(1)'] + $form['aiguy_settings']] + $form);
check('which is said', str_contains(notices($admin->get(PAGE . '&settings-updated=true')->body), 'Address of the model: this is no web address'));
$admin->form('/wp-admin/options.php', ['aiguy_settings' => ['model' => ''] + $form['aiguy_settings']] + $form);
same('a model without a name: the local brain', 'local', $settings()['brain']);
check('which is said, too', str_contains(notices($admin->get(PAGE . '&settings-updated=true')->body), 'Until both are there the local brain answers'));
wordpress('settings', json(['contact_label' => '"><script>alert(1)</script>', 'contact_url' => 'https://example.com/?a="><script>alert(2)</script>', 'instructions' => '</textarea><script>alert(3)</script>', 'base_url' => '"><script>alert(4)</script>', 'model' => '"><script>alert(5)</script>']));
check('markup in a setting stays text, on the page', !preg_match('~<script>alert\(\d\)~', $admin->get(PAGE)->body) && !preg_match('~<script>alert\(\d\)~', (new Browser())->get('/')->body));
provoked('aiguy, (configuration|index): Agent.ConfigException: /');
wordpress('reset');

// --- who may -------------------------------------------------------------------------------------------------------------

$before = $settings();
$changed = array_replace_recursive(fields($admin->get(PAGE)->body, 'options.php'), ['aiguy_settings' => ['contact_label' => 'Changed']]);
$nora = (new Browser())->login('nora');
$answer = $nora->get(PAGE);
check('a subscriber does not see the page', $answer->status === 403 && !str_contains($answer->body, 'aiguy_settings'), $answer->status);
$answer = $nora->form('/wp-admin/options.php', $changed);
check('nor saves it', $answer->status === 403 && $settings() === $before, $answer->status);
$hers = static fn(string $action): array => ['_wpnonce' => wordpress('nonce', $action, urldecode($nora->login_cookie()))];
$answer = $nora->form('/wp-admin/options.php', $hers('aiguy-options') + $changed);
check('nor with a nonce of her own', $answer->status === 403 && $settings() === $before, $answer->status);
$answer = (new Browser())->get(PAGE);
check('a guest is sent to the login', $answer->status === 302 && str_contains($answer->header('location'), 'wp-login.php'), $answer);
$answer = (new Browser())->form('/wp-admin/options.php', $changed);
check('and saves nothing', $answer->status !== 200 && $settings() === $before, $answer->status);
foreach (['without a nonce' => ['_wpnonce' => ''], 'with another nonce' => ['_wpnonce' => '0123456789']] as $what => $nonce) {
    $answer = $admin->form('/wp-admin/options.php', $nonce + $changed);
    check("an administrator $what saves nothing", $answer->status === 403 && $settings() === $before, $answer->status);
}
$nonce = ['X-WP-Nonce' => $admin->nonce()];
$answer = $admin->request('POST', '/wp-json/wp/v2/settings', json(['aiguy_settings' => ['contact_label' => 'Changed']]), $nonce);
check('the REST interface of WordPress has no such setting', $settings() === $before && $answer->status === 200 && !str_contains($answer->body, 'aiguy'), $answer);

// --- the key -------------------------------------------------------------------------------------------------------------

const KEY = 'sk-test-R7h2Qm9vLx4TzB8w';
$form = fields($admin->get(PAGE)->body, 'aiguy_store_key');
same('the key\'s field is empty and not filled in by the browser', ['', 1], [$form['key'] ?? 'none', preg_match('~name="key" type="password"[^>]*autocomplete="off"~', $admin->get(PAGE)->body)]);
foreach (['a subscriber with a nonce of her own' => [$nora, $hers('aiguy_store_key')], 'a guest' => [new Browser(), []], 'an administrator without a nonce' => [$admin, ['_wpnonce' => '']]] as $who => [$browser, $more]) {
    $answer = $browser->form('/wp-admin/admin-post.php', $more + ['key' => KEY] + $form);
    check("$who stores no key", !str_contains($answer->header('location'), 'aiguy_done=key'), $answer);
}
$answer = $admin->form('/wp-admin/admin-post.php', ['key' => '  '] + $form);
check('no key is none', str_contains($answer->header('location'), 'aiguy_done=nokey'), $answer);
$answer = $admin->form('/wp-admin/admin-post.php', ['key' => ' ' . KEY . ' '] + $form);
check('an administrator does', $answer->status === 302 && str_contains($answer->header('location'), 'aiguy_done=key'), $answer);
$page = $admin->get(PAGE . '&aiguy_done=key')->body;
check('which is said, without the key', str_contains(notices($page), 'The key is stored') && !str_contains($page, KEY));
wordpress('settings', json(['key' => 'secret']));
model("text Hello there.\nfinish stop\n");
same('a visitor asks', 'answered', guest()->ask('Hello')->outcome());
$heads = array_map(static fn(string $file): string => (string) file_get_contents($file), glob(getenv('UPSTREAM_BODIES') . '/*.head') ?: []);
check('the model gets the key', preg_grep('~^authorization: Bearer ' . KEY . '\r?$~im', $heads) !== []);
same('no table of the database has it', [], wordpress('find', KEY));
same('the search finds what is there', ['wp_users'], wordpress('find', 'nora.quist@example.com'));
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(STATE . '/agent', FilesystemIterator::SKIP_DOTS));
$found = $open = [];
foreach ($files as $file) {
    if (str_contains((string) file_get_contents($file->getPathname()), KEY)) {
        $found[] = $file->getFilename();
    }
    if (($file->getPerms() & 0077) !== 0) {
        $open[] = $file->getFilename();
    }
}
same('no file of the data directory has it in clear', [], $found);
same('nobody else may read these files', [], $open);
$found = [];
foreach (glob(STATE . '/log/*') ?: [] as $file) {
    if (str_contains((string) file_get_contents($file), KEY)) {
        $found[] = basename($file);
    }
}
same('nor has a log', [], $found);
check('nor the settings page', !str_contains($admin->get(PAGE)->body, KEY));
provoked('wp_update_(plugins|themes)\(\): An unexpected error occurred');
check('nor what Site Health copies', !str_contains($admin->get('/wp-admin/site-health.php?tab=debug')->body, KEY));
wordpress('reset');

// --- the index -----------------------------------------------------------------------------------------------------------

$form = fields($admin->get(PAGE)->body, 'aiguy_index_now');
check('a subscriber does not start the index', !str_contains($nora->form('/wp-admin/admin-post.php', $hers('aiguy_index_now') + $form)->header('location'), 'aiguy_done'));
$answer = $admin->form('/wp-admin/admin-post.php', $form);
check('an administrator does', str_contains($answer->header('location'), 'aiguy_done=index'), $answer);
preg_match('~(\d+) pages are indexed~', $admin->get(PAGE)->body, $m);
same('the page counts what is indexed', wordpress('index-all'), (int) ($m[1] ?? 0));

finish();
