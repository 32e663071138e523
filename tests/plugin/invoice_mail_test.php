<?php
/**
 * The mail with an invoice, sent by the WordPress of a running demonstration site; its sendmail keeps every mail as a file. TAP on standard output.
 *   deploy/demo && php tests/plugin/invoice_mail_test.php [FOLDER OF THE SITE, /var/lib/agent-demo]
 * As root it becomes the site's own user before WordPress starts.
 */

declare(strict_types=1);

use Aiguy\Invoice\Mailer;
use Aiguy\Store\Order;
use Aiguy\Store\Stores;

error_reporting(E_ALL);
$inside = ($argv[1] ?? '') === '--inside';
$state = rtrim($inside ? $argv[2] : ($argv[1] ?? '/var/lib/agent-demo'), '/');
if (!is_file("$state/wordpress/wp-load.php") || !is_file("$state/php.ini")) {
	echo "not ok - invoice mail: a site is in $state (deploy/demo)\n";
	exit(1);
}

if (!$inside) {
	// Where mails go can only be said when PHP starts.
	$kept = "$state/tmp/invoice-mail-" . getmypid();
	mkdir($kept, 0700);
	chown($kept, fileowner("$state/mail"));
	$process = proc_open(['env', 'PHP_INI_SCAN_DIR=', PHP_BINARY, '-c', "$state/php.ini", '-d', 'display_errors=stderr', '-d', "sendmail_path=/bin/sh '$state/keep-mail' '$kept'", __FILE__, '--inside', $state, $kept], [], $pipes);
	$status = proc_close($process);
	array_map('unlink', glob("$kept/*"));
	rmdir($kept);
	exit($status);
}

$kept = $argv[3];
$user = posix_getpwuid(fileowner("$state/mail"));
if (posix_geteuid() === 0 && $user['uid'] !== 0) {
	posix_initgroups($user['name'], $user['gid']);
	posix_setgid($user['gid']);
	posix_setuid($user['uid']);
}
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_URI' => '/'];
require "$state/wordpress/wp-load.php";

$failed = 0;
function ok(bool $passed, string $what, string $why = ''): void
{
	global $failed;
	$failed += $passed ? 0 : 1;
	echo $passed ? 'ok' : 'not ok', " - invoice mail: $what\n", $passed || $why === '' ? '' : preg_replace('/^/m', '# ', rtrim(substr($why, 0, 1500))) . "\n";
}

/** The mails since the last call: the header as one text, unfolded, and all of it. @return list<array{0: string, 1: string}> */
function mails(): array
{
	global $kept;
	$mails = [];
	foreach (glob("$kept/*.eml") as $file) {
		$all = str_replace("\r\n", "\n", file_get_contents($file));
		$mails[] = [preg_replace('/\n[ \t]+/', ' ', strstr($all, "\n\n", true)), $all];
		unlink($file);
	}
	return $mails;
}

/** The attached PDF, read. */
function attached(string $mail): string
{
	global $kept;
	if (!preg_match('/^Content-Type: application\/pdf; name=\S+\n(?:[^\n]+\n)*\n([A-Za-z0-9+\/=\n]+)/m', $mail, $found)) {
		return '';
	}
	file_put_contents("$kept/invoice.pdf", base64_decode($found[1]));
	$text = (string) shell_exec('pdftotext -enc UTF-8 -layout ' . escapeshellarg("$kept/invoice.pdf") . ' - 2>&1');
	unlink("$kept/invoice.pdf");
	return $text;
}

/** @return string class of what is thrown, '' if nothing is */
function thrown(callable $do): string
{
	try {
		$do();
	} catch (Throwable $e) {
		return $e::class;
	}
	return '';
}

$store = Stores::current();
$real = $store?->order('ABC-12345');
if ($real === null || $real->invoice_number === null) {
	echo "not ok - invoice mail: the site has the demonstration's store\n";
	exit(1);
}
$seller = $store->seller();
// An order of its own for each case, so that a second run in ten minutes meets no mark of the first.
$run = bin2hex(random_bytes(4));
$order = static function (string $number, array $more = []) use ($real, $run): Order {
	return new Order(...($more + ['number' => "$number-$run"] + get_object_vars($real)));
};

Mailer::send($order('ONE'), $seller);
$mails = mails();
ok(count($mails) === 1, 'one mail is sent', (string) count($mails));
[$header, $mail] = $mails[0] ?? ['', ''];
ok((bool) preg_match('/^To: ' . preg_quote($real->billing_email, '/') . '$/m', $header) && !preg_match('/^(Cc|Bcc):/mi', $header), 'to the address of the order and to nobody else', $header);
ok((bool) preg_match('/^Reply-To: <?' . preg_quote($seller['email'], '/') . '>?$/m', $header), 'an answer goes to the seller', $header);
ok(str_contains($mail, "name=$real->invoice_number.pdf") && str_contains(attached($mail), $real->invoice_number) && str_contains(attached($mail), $real->billing_name), 'the invoice is attached');
ok(str_contains($mail, "invoice $real->invoice_number for your order ONE-$run") && !str_contains(strstr($mail, 'application/pdf', true), $real->billing_name), 'it says which order; no word in it is the customer\'s own');

Mailer::send($order('ONE'), $seller);
ok(mails() === [], 'asked again it is not sent twice');
Mailer::send($order('TWO'), $seller);
ok(count(mails()) === 1, 'another order\'s is sent');

foreach (["x@example.com\r\nBcc: y@example.com", 'a@example.com,b@example.com', 'nobody', ''] as $address) {
	$wrong[] = thrown(static fn() => Mailer::send($order('BAD', ['billing_email' => $address]), $seller));
}
ok(array_unique($wrong) === [RuntimeException::class] && mails() === [], 'no mail to what is not one address', implode(' ', $wrong));
ok(thrown(static fn() => Mailer::send($order('NONE', ['invoice_number' => null]), $seller)) === InvalidArgumentException::class && mails() === [], 'no mail without an invoice');

Mailer::send($order('INJ', ['invoice_number' => "A\r\nBcc: y@example.com\r\n\r\nx"]), ['name' => "Shop\r\nBcc: z@example.com", 'email' => "s@example.com\r\nBcc: w@example.com"] + $seller);
[$header] = mails()[0] ?? [''];
ok($header !== '' && !preg_match('/^(Cc|Bcc):/mi', $header), 'line ends in numbers and names make no header', $header);

$other = static function (array $mail) use (&$other): array {
	remove_filter('wp_mail', $other);
	wp_mail('log@example.com', 'Log', 'a mail is being sent');
	return $mail;
};
add_filter('wp_mail', $other);
Mailer::send($order('NEST'), $seller);
$found = [];
foreach (mails() as [$header, $mail]) {
	preg_match('/^To: (\S+)$/m', $header, $to);
	$found[$to[1] ?? ''] = str_contains($mail, 'application/pdf');
}
ksort($found);
$expected = ['log@example.com' => false, $real->billing_email => true];
ksort($expected);
ok($found === $expected, 'a mail that another plugin sends in between does not get the invoice', var_export($found, true));

add_filter('pre_wp_mail', '__return_false');
$first = thrown(static fn() => Mailer::send($order('FAIL'), $seller));
remove_filter('pre_wp_mail', '__return_false');
add_filter('pre_wp_mail', '__return_true');
$second = thrown(static fn() => Mailer::send($order('FAIL'), $seller));
remove_filter('pre_wp_mail', '__return_true');
ok($first === RuntimeException::class, 'a mail that WordPress cannot send is an error', $first);
ok($second === RuntimeException::class, 'so is one that something else took without the invoice', $second);
Mailer::send($order('FAIL'), $seller);
ok(count(mails()) === 1, 'after a failure it can be sent at once');

$throws = static function (): void { throw new LogicException('from another plugin'); };
add_action('phpmailer_init', $throws, 20);
$hooks = count($GLOBALS['wp_filter']['phpmailer_init']->callbacks, COUNT_RECURSIVE);
$first = thrown(static fn() => Mailer::send($order('HOOK'), $seller));
$left = count($GLOBALS['wp_filter']['phpmailer_init']->callbacks, COUNT_RECURSIVE);
remove_action('phpmailer_init', $throws, 20);
ok($first === LogicException::class && $left === $hooks, 'its hook is removed when another one throws');
wp_mail('later@example.com', 'Later', 'nothing attached');
$mails = mails();
ok(count($mails) === 1 && !str_contains($mails[0][1], 'application/pdf') && $GLOBALS['phpmailer']->getAttachments() === [], 'the next mail of the site has no invoice');

foreach ($GLOBALS['wpdb']->get_col($GLOBALS['wpdb']->prepare("SELECT option_name FROM {$GLOBALS['wpdb']->options} WHERE option_name LIKE %s", $GLOBALS['wpdb']->esc_like('_transient_aiguy_mailed_') . '%')) as $name) {
	$marks[] = $name;
}
ok(wp_using_ext_object_cache() || count($marks ?? []) >= 3, 'what was sent is remembered for a while');

exit($failed === 0 ? 0 : 1);
