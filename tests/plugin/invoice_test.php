<?php
/**
 * The invoices that the packaged plugin makes, read with other people's programs (poppler). TAP on standard output.
 *   deploy/plugin && php tests/plugin/invoice_test.php
 * With --child CASE it prints one PDF, in a process of its own.
 */

declare(strict_types=1);

use Aiguy\Invoice\Pdf;
use Aiguy\Store\Money;
use Aiguy\Store\Order;
use Aiguy\Store\OrderLine;

error_reporting(E_ALL);
// A notice in a library is a broken JSON answer on a site that shows them.
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
	if (!(error_reporting() & $level)) {
		return false;
	}
	throw new ErrorException($message, 0, $level, $file, $line);
});

define('ABSPATH', __DIR__ . '/');
$root = dirname(__DIR__, 2);
$plugin = getenv('AIGUY_TEST_PLUGIN') ?: "$root/build/plugin/aiguy";
if (!is_file("$plugin/includes/Invoice/Pdf.php")) {
	echo "not ok - invoice: $plugin is there (deploy/plugin)\n";
	exit(1);
}
spl_autoload_register(static function (string $name) use ($plugin): void {
	if (str_starts_with($name, 'Aiguy\\') && is_file($file = "$plugin/includes/" . strtr(substr($name, 6), '\\', '/') . '.php')) {
		require $file;
	}
});

// What an invoice takes from WordPress: words, the site's way of writing dates, its language.
function __(string $text, string $domain): string { return $domain === 'aiguy' ? $text : 'no text domain'; }
function wp_date(string $format, int $time, DateTimeZone $zone): string { return (new DateTimeImmutable("@$time"))->setTimezone($zone)->format($format); }
function get_option(string $name, mixed $default = false): mixed { return $name === 'date_format' ? 'F j, Y' : $default; }
function get_bloginfo(string $what): string { return $what === 'language' ? 'de-AT' : ''; }

const SELLER = ['name' => 'Fellbrook Outfitters', 'address' => ['14 Mill Lane', 'Harrow Falls, VT 05999'], 'email' => 'billing@fellbrook.example', 'tax_id' => 'EIN 00-4127730'];
const LONG_WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhalterungsschraubenschlüsselaufbewahrungsschachteldeckel';
const MARKUP = '<b>Bold</b> <script>alert(1)</script> &amp; <img src=http://127.0.0.1:9/x.png> {:ptp:} {nb} %s $1 (a\b) {{:ptg:}}';

/** @param list<array{0: string, 1: int, 2: string}> $lines name, quantity, unit price */
function order(array $lines = [['Rain jacket, M', 1, '149.00'], ['Wool socks, 3 pairs', 2, '27.90']], array $more = []): Order
{
	$currency = $more['currency'] ?? 'USD';
	$lines = array_map(static fn(array $l): OrderLine => new OrderLine($l[0], $l[1], $l[2], Money::times($l[2], $l[1], $currency)), $lines);
	$shipping = $currency === 'JPY' ? '5' : '4.90';
	$tax = $currency === 'JPY' ? '1' : '1.05';
	return new Order(...($more + [
		'number' => 'ABC-12345', 'status' => 'shipped', 'placed_on' => '2026-11-18', 'shipped_on' => '2026-11-19', 'expected_on' => null, 'delivered_on' => null,
		'carrier' => null, 'tracking_url' => null, 'currency' => $currency, 'lines' => $lines, 'shipping' => $shipping, 'tax' => $tax,
		'total' => Money::sum($currency, $shipping, $tax, ...array_map(static fn(OrderLine $l): string => $l->total, $lines)),
		'payment' => 'Visa ending in 4242', 'invoice_number' => 'FB-2026-7001', 'invoice_date' => '2026-11-19', 'billing_name' => 'Dana Whitfield',
		'billing_email' => 'dana@example.com', 'billing_address' => ['2 Orchard Road', 'Harrow Falls, VT 05999'],
	]));
}

/** @return array<string, Order> */
function orders(): array
{
	return [
		'plain' => order(),
		'world' => order(
			[['Kurtka „Żółw” dla Łukasza & 李小龍 (Ελένη, Кирилл)', 1, '10.00'], ["e\u{301}tude zo\u{308}e, 베를린 서울 さくら", 1, '10.00']],
			['billing_name' => 'Łukasz 李小龍 Ελένη Кирилл', 'billing_address' => ['ul. Żółkiewskiego 7', '東京都千代田区丸の内一丁目', 'Αθήνα, Ελλάδα']]
		),
		'many' => order(array_map(static fn(int $i): array => ["Item number $i.", 1, '1.50'], range(1, 200))),
		'long' => order(
			[[LONG_WORD, 1, '1.00'], [rtrim(str_repeat('lorem ipsum ', 600)), 1, '1.00'], [str_repeat('登山用レインジャケット、防水・', 12), 1, '999999999999999.99']],
			['billing_name' => rtrim(str_repeat('Maximiliana Constantinopolska-Schmidt ', 12)), 'billing_address' => array_fill(0, 70, 'one more line of an address'), 'payment' => str_repeat('Gift card, ', 60)]
		),
		'markup' => order([[MARKUP, 1, '1.00']], ['billing_name' => '<h1>{:ptp:}</h1>', 'payment' => "Line\nbreak\ttab\0nul \u{202E}txet\u{202C}"]),
		'right' => order([['שלום עולם jacket מעיל גשם', 1, '1.00'], ['معطف واق من المطر', 1, '1.00'], ['李 שלום', 1, '1.00']], ['billing_name' => 'דנה']),
		'odd' => order([["\u{20BB7}野家 \u{1F525} ไทย", 1, '1.00'], ["broken \xC3\x28 text \xFF", 1, '1.00'], ['', 1, '1.00']], ['billing_name' => '', 'billing_address' => [''], 'payment' => '', 'invoice_date' => null]),
		'yen' => order([['Socks', 3, '1200']], ['currency' => 'JPY']),
		'zloty' => order([['Socks', 1, '12.30']], ['currency' => 'PLN']),
	];
}

// --- a process of its own ---------------------------------------------------------------------------------------------

if (($argv[1] ?? '') === '--child') {
	$case = $argv[2] ?? '';
	if ($case === 'foreign') {
		// Another plugin's TCPDF, from another folder and with settings that would end the process at the first error.
		define('K_TCPDF_EXTERNAL_CONFIG', true);
		define('K_PATH_FONTS', '/nonexistent/fonts/');
		define('K_PATH_CACHE', '/nonexistent/cache/');
		define('K_PATH_IMAGES', '/nonexistent/');
		define('PDF_FONT_NAME_MAIN', 'courier');
		define('K_TCPDF_THROW_EXCEPTION_ERROR', false);
		require $argv[3] . '/tcpdf.php';
	} elseif ($case === 'old') {
		class TCPDF {}
		class TCPDF_STATIC { public static function getTCPDFVersion(): string { return '5.9.206'; } }
	}
	if ($case === 'bare' || $case === 'old') {
		$thrown = '';
		try {
			Pdf::render(order(), SELLER);
		} catch (RuntimeException $e) {
			$thrown = $e::class;
		}
		echo json_encode([Pdf::available(), $thrown]);
		exit(0);
	}
	$_SERVER['DOCUMENT_ROOT'] = '/var/www';
	$pdf = Pdf::render(orders()['world'], SELLER);
	if ($_SERVER['DOCUMENT_ROOT'] !== '/var/www') {
		exit(3);
	}
	echo $pdf;
	exit(0);
}

// --- tools ------------------------------------------------------------------------------------------------------------

$failed = 0;
$folder = sys_get_temp_dir() . '/aiguy-invoice-' . getmypid();
mkdir($folder, 0700);
register_shutdown_function(static function () use ($folder): void { exec('rm -rf ' . escapeshellarg($folder)); });

function ok(bool $passed, string $what, string $why = ''): void
{
	global $failed;
	$failed += $passed ? 0 : 1;
	echo $passed ? 'ok' : 'not ok', " - invoice: $what\n", $passed || $why === '' ? '' : preg_replace('/^/m', '# ', rtrim(substr($why, 0, 1500))) . "\n";
}

/** What a program says about a PDF; what it complains about too. */
function reads(string $pdf, string $program): string
{
	global $folder;
	file_put_contents("$folder/invoice.pdf", $pdf);
	// Not exec(): it takes the form feed after a page for a blank.
	$out = shell_exec(strtr($program, ['FILE' => escapeshellarg("$folder/invoice.pdf")]) . ' 2>&1');
	return is_string($out) ? $out : '';
}

function text(string $pdf, string $options = ''): string { return reads($pdf, "pdftotext -enc UTF-8 $options FILE -"); }

/** Without blanks, so that only the order of the characters counts. */
function bare(string $text): string { return (string) preg_replace('/[\s\x{200E}-\x{200F}\x{202A}-\x{202E}]+/u', '', $text); }

/** Whether the pieces come in this order; the first that does not, else ''. */
function out_of_order(string $text, array $pieces): string
{
	$at = 0;
	foreach ($pieces as $piece) {
		$found = strpos($text, $piece, $at);
		if ($found === false) {
			return "\"$piece\" is missing, or stands before what comes before it:\n$text";
		}
		$at = $found + strlen($piece);
	}
	return '';
}

function child(string $case, array $options = [], string $argument = '', string $plugin = ''): array
{
	$command = array_merge([PHP_BINARY, '-d', 'display_errors=stderr'], $options, [__FILE__, '--child', $case, $argument]);
	$process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['file', '/dev/stderr', 'w']], $pipes, null, ['AIGUY_TEST_PLUGIN' => $plugin ?: $GLOBALS['plugin']] + getenv());
	$out = stream_get_contents($pipes[1]);
	return [proc_close($process), $out];
}

foreach (['pdftotext', 'pdffonts', 'pdfinfo'] as $program) {
	if (trim((string) shell_exec("command -v $program")) === '') {
		echo "not ok - invoice: $program is there (Debian: poppler-utils)\n";
		exit(1);
	}
}

// --- what is made -----------------------------------------------------------------------------------------------------

ok(Pdf::available(), 'the packaged plugin can make invoices');
$pdf = [];
foreach (orders() as $name => $order) {
	try {
		memory_reset_peak_usage();
		$memory = memory_get_usage();
		$start = hrtime(true);
		$pdf[$name] = Pdf::render($order, SELLER);
		$milliseconds = (hrtime(true) - $start) / 1e6;
		$megabytes = (memory_get_peak_usage() - $memory) / 1048576;
		ok($megabytes < 20, sprintf('%s: %d bytes in %d ms, %.1f MB of memory at most', $name, strlen($pdf[$name]), $milliseconds, $megabytes));
		if ($name === 'plain') {
			ok(preg_grep('/droidsansfallback/', get_included_files()) === [], 'the East Asian font is left alone by an invoice that needs none of it');
		}
	} catch (Throwable $e) {
		$pdf[$name] = '';
		ok(false, "$name is made", (string) $e);
	}
}

$facts = ['FB-2026-7001', 'November 19, 2026', 'ABC-12345', 'November 18, 2026', 'Dana Whitfield', '2 Orchard Road', 'Item', 'Quantity', 'Unit price', 'Rain jacket, M', '$149.00', 'Wool socks, 3 pairs',
	'$27.90', '$55.80', 'Subtotal', '$204.80', 'Shipping', '$4.90', 'Tax', '$1.05', 'Total', '$210.75', 'Visa ending in 4242', 'Page 1 of 1'];
foreach (['as it lies on the page' => '-layout', 'as it was written' => '-raw'] as $how => $option) {
	$why = out_of_order(text($pdf['plain'], $option), $facts);
	ok($why === '', "number, dates, lines and total are read in order, $how", $why);
}
$text = text($pdf['plain']);
foreach ([...SELLER['address'], SELLER['name'], SELLER['email'], SELLER['tax_id'], ...$facts] as $piece) {
	$missing = str_contains($text, $piece) ? ($missing ?? '') : $piece;
}
ok($missing === '', 'pdftotext without options reads everything', "$missing\n$text");

foreach (['plain' => 2, 'world' => 3] as $name => $count) {
	$fonts = array_slice(explode("\n", trim(reads($pdf[$name], 'pdffonts FILE'))), 2);
	$embedded = preg_grep('/^[A-Z]{6}\+(DejaVuSans|DejaVuSans-Bold|DroidSansFallback) +CID TrueType +Identity-H +yes yes yes /', $fonts);
	ok(count($fonts) === $count && count($embedded) === $count, "$name: $count fonts, each embedded as a subset that can be read back", implode("\n", $fonts));
}

$info = reads($pdf['world'], 'pdfinfo FILE');
ok(preg_match('/^Title: +Invoice FB-2026-7001$/m', $info) && preg_match('/^Author: +Fellbrook Outfitters$/m', $info) && preg_match('/^Page size: .*\(A4\)$/m', $info)
	&& preg_match('/^JavaScript: +no$/m', $info), 'title, author, A4, no script', $info);
// UTF-16 in the document's catalogue.
ok(str_contains($pdf['world'], '/Lang (' . "\xFE\xFF" . mb_convert_encoding('de-AT', 'UTF-16BE', 'UTF-8') . ')') || preg_match('#/Lang \(de-AT\)#', $pdf['world']) === 1, 'it says its language');
ok(!str_contains(text($pdf['plain']), 'TCPDF'), 'no advertisement of the library on the page');

$why = out_of_order(text($pdf['world'], '-layout'), ['Łukasz 李小龍 Ελένη Кирилл', 'ul. Żółkiewskiego 7', '東京都千代田区丸の内一丁目', 'Αθήνα, Ελλάδα', 'Kurtka „Żółw” dla Łukasza & 李小龍', '(Ελένη, Кирилл)', 'étude zöe, 베를린 서울 さくら']);
ok($why === '', 'names of many scripts, in one line and in products', $why);

$pages = array_slice(explode("\f", text($pdf['many'], '-layout')), 0, -1);
preg_match_all('/Item number (\d+)\./', implode($pages), $found);
ok(array_map('intval', $found[1]) === range(1, 200), '200 lines, each once and in order');
$wrong = array_filter($pages, static fn(string $page): bool => str_contains($page, 'Item number') && !preg_match('/^ *Item +Quantity +Unit price +Total$/m', $page));
ok(count($pages) > 4 && $wrong === [], 'every page with lines has the head of the table', implode("\f", $wrong));
$wrong = array_filter($pages, static fn(string $page, int $i): bool => !str_contains($page, sprintf('Page %d of %d', $i + 1, count($pages))), ARRAY_FILTER_USE_BOTH);
ok($wrong === [] && str_contains((string) end($pages), '$305.95'), 'every page has its number, the last one the total', implode("\f", $wrong));

$text = bare(text($pdf['long'], '-raw'));
ok(str_contains($text, LONG_WORD), 'a word wider than its column goes over lines, none of it lost', $text);
ok(str_contains($text, bare(orders()['long']->billing_name)) && substr_count($text, 'onemorelineofanaddress') === 70, 'a long name and a long address go over lines and pages');
ok(substr_count((string) preg_replace('/FellbrookOutfitters·FB-2026-7001Page\dof\d|ItemQuantityUnitpriceTotal/u', '', $text), 'loremipsum') >= 590, 'a name longer than a page goes over pages');
ok(substr_count($text, '登山用レインジャケット、防水・') === 12 && str_contains($text, '$999999999999999.99'), 'text without blanks wraps, and so does a large amount');

foreach ($pdf as $name => $bytes) {
	preg_match_all('/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)/', reads($bytes, 'pdftotext -enc UTF-8 -bbox FILE -'), $words, PREG_SET_ORDER);
	$outside = array_filter($words, static fn(array $w): bool => $w[1] < 56.6 || $w[3] > 539 || $w[2] < 50 || $w[4] > 815);
	ok(count($words) > 20 && $outside === [], "$name: everything stands inside the margins", implode("\n", array_map(static fn(array $w): string => implode(' ', $w), $outside)));
}

$text = (string) preg_replace('/\s+/u', ' ', text($pdf['markup'], '-raw'));
ok(str_contains($text, MARKUP) && str_contains($text, '<h1>{:ptp:}</h1>'), 'markup and the library\'s own place holders are text', $text);
ok(str_contains($text, 'Line break tab nul txet'), 'control characters and those that turn text round are not shown', $text);

$text = text($pdf['right'], '-raw');
ok(str_contains($text, 'שלום') && str_contains($text, 'jacket') && str_contains($text, 'דנה') && str_contains(Normalizer::normalize($text, Normalizer::FORM_KC), 'المطر'), 'Hebrew and Arabic are read in their order', $text);
$text = text($pdf['odd'], '-raw');
ok(str_contains($text, "\u{FFFD}野家 \u{FFFD} \u{FFFD}") && str_contains($text, 'broken'), 'what no font has is marked as missing; broken text breaks nothing', $text);

ok(str_contains(text($pdf['yen']), '¥3606') && str_contains(text($pdf['zloty']), '18.25 PLN'), 'amounts in the currency of the order, to its minor unit');
ok(text($pdf['world'], '-layout') === text(Pdf::render(orders()['world'], SELLER), '-layout'), 'the same order gives the same text');

// --- what is refused --------------------------------------------------------------------------------------------------

foreach ([
	'no invoice number' => [['invoice_number' => null], InvalidArgumentException::class],
	'an empty invoice number' => [['invoice_number' => ''], InvalidArgumentException::class],
	'an amount that is none' => [['total' => '1e3'], RuntimeException::class],
] as $what => [$more, $class]) {
	$thrown = '';
	try {
		Pdf::render(order(more: $more), SELLER);
	} catch (Throwable $e) {
		$thrown = $e::class;
	}
	ok($thrown === $class, "$what: $class", $thrown);
}
ok(Pdf::file_name(order(more: ['invoice_number' => "../a\r\nb\"ü.php"])) === 'a-b-.php.pdf' && Pdf::file_name(order()) === 'FB-2026-7001.pdf', 'the name of the file is safe', Pdf::file_name(order(more: ['invoice_number' => "../a\r\nb\"ü.php"])));

// --- other surroundings -----------------------------------------------------------------------------------------------

$same = static fn(array $result): bool => $result[0] === 0 && $result[1] !== '' && text($result[1], '-layout') === text($pdf['world'], '-layout');
ok($same(child('confined', ['-d', 'open_basedir=' . $plugin . ':' . __DIR__, '-d', 'allow_url_fopen=0', '-d', 'disable_functions=curl_init,curl_exec,fsockopen,stream_socket_client,tempnam,tmpfile,mkdir,unlink,exec,shell_exec'])),
	'it needs no file outside the plugin, no network and no temporary file, and leaves DOCUMENT_ROOT alone');
mkdir("$folder/other");
exec('cp -r ' . escapeshellarg("$plugin/vendor/tcpdf") . ' ' . escapeshellarg("$folder/other/"));
ok($same(child('foreign', [], "$folder/other/tcpdf")), 'another plugin\'s TCPDF, loaded before with other settings: the same invoice');
ok(child('old') === [0, '[false,"RuntimeException"]'], 'another plugin\'s TCPDF that is too old: said, not tried');
ok(child('bare', [], '', "$root/wp-plugin") === [0, '[false,"RuntimeException"]'], 'the sources alone say that they cannot make invoices');

// --- the folder -------------------------------------------------------------------------------------------------------

$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($plugin, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::SELF_FIRST);
$wrong = [];
foreach ($files as $path => $file) {
	if ($file->isLink() || str_starts_with($file->getFilename(), '.') || preg_match('/\.(sh|zip|gz|tgz|tar|phar|so)$/i', $path)
		|| ($file->isFile() && $file->getExtension() === 'php' && !str_contains($path, '/vendor/') && !preg_match('/defined\( \'(ABSPATH|WP_UNINSTALL_PLUGIN)\' \) \|\| exit;/', file_get_contents($path)))) {
		$wrong[] = $path;
	}
}
ok($wrong === [], 'the folder has no link, no hidden file, no script, no archive, and guards in every PHP file of ours', implode("\n", $wrong));
$licences = ['tcpdf/LICENSE-LGPL-3.txt', 'tcpdf/LICENSE-GPL-3.txt', 'tcpdf/COPYRIGHT.txt', 'fonts/LICENSE-Apache-2.0.txt', 'fonts/COPYRIGHT-dejavusans.txt', 'fonts/COPYRIGHT-droidsansfallback.txt'];
ok(array_filter($licences, static fn(string $file): bool => !is_file("$plugin/vendor/$file")) === [], 'the licences of what others made are with it');

exit($failed === 0 ? 0 : 1);
