<?php

/**
 * The demonstration's texts, without WordPress: what becomes of their Markdown, and whether they say the same as the store's data and
 * as each other. TAP. php tests/plugin/texts_test.php
 */

declare(strict_types=1);

use Aiguy\Demo\Data;
use Aiguy\Demo\Install;
use Aiguy\Demo\Markdown;
use Aiguy\Store\Money;

require __DIR__ . '/tap.php';

$wrap = static fn(string $block, string $html): string => "<!-- wp:$block -->\n$html\n<!-- /wp:" . strtok($block, ' ') . ' -->';
$p = static fn(string $html): string => $wrap('paragraph', "<p>$html</p>");

foreach ([
    'lines of a paragraph' => ["One\ntwo.\n\nThree.", $p('One two.') . "\n\n" . $p('Three.')],
    'line ends of Windows' => ["One\r\n\r\nTwo", $p('One') . "\n\n" . $p('Two')],
    'headings' => ["## A\n### B\ntext", $wrap('heading', '<h2 class="wp-block-heading">A</h2>') . "\n\n"
        . $wrap('heading {"level":3}', '<h3 class="wp-block-heading">B</h3>') . "\n\n" . $p('text')],
    'a list' => ["- one\n  and more\n- two", $wrap('list', '<ul class="wp-block-list">' . $wrap('list-item', '<li>one and more</li>') . "\n\n" . $wrap('list-item', '<li>two</li>') . '</ul>')],
    'a numbered list' => ["1. one\n2. two", $wrap('list {"ordered":true}', '<ol class="wp-block-list">' . $wrap('list-item', '<li>one</li>') . "\n\n" . $wrap('list-item', '<li>two</li>') . '</ol>')],
    'a quote' => ["> Good.\n> — Ann", $wrap('quote', '<blockquote class="wp-block-quote">' . $p('Good.') . '<cite>Ann</cite></blockquote>')],
    'a table' => ["| A | B |\n| --- | --- |\n| 1 | <2> |", $wrap('table', '<figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr><th>A</th><th>B</th></tr></thead>'
        . '<tbody><tr><td>1</td><td>&lt;2&gt;</td></tr></tbody></table></figure>')],
    'a shortcode in a line of its own' => ["Ask:\n\n[aiguy_chat]", $p('Ask:') . "\n\n" . $wrap('shortcode', '[aiguy_chat]')],
    'a shortcode in a sentence' => ['See [gallery] and [embed]x[/embed].', $p('See &#091;gallery&#093; and &#091;embed&#093;x&#091;/embed&#093;.')],
    'HTML' => ['<b>"a" & b</b> <!-- wp:html --> &lt;', $p('&lt;b&gt;"a" &amp; b&lt;/b&gt; &lt;!-- wp:html --&gt; &amp;lt;')],
    'a link' => ['[A & "B"](https://a.example/?x=1&y="2")', $p('<a href="https://a.example/?x=1&amp;y=&quot;2&quot;">A &amp; "B"</a>')],
    'mail and phone' => ['[a@b.example](mailto:a@b.example), [1](tel:+1)', $p('<a href="mailto:a@b.example">a@b.example</a>, <a href="tel:+1">1</a>')],
    'a link that runs a script' => ['[x](javascript:1) [y](data:1) [z](//a.example)', $p('&#091;x&#093;(javascript:1) &#091;y&#093;(data:1) &#091;z&#093;(//a.example)')],
    'an address' => ['(See https://a.example/b?c=1&d=2.)', $p('(See <a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.)')],
    'a shortcode in an address' => ['https://a.example/[x] [[x]](https://a.example)', $p('<a href="https://a.example/">https://a.example/</a>&#091;x&#093; &#091;&#091;x&#093;&#093;(<a href="https://a.example">https://a.example</a>)')],
    'nothing' => ["\n \n", ''],
] as $what => [$markdown, $blocks]) {
    same($what, $blocks, Markdown::blocks($markdown));
}
same('title and body', ['A title', "Text\n\nmore"], Markdown::title_and_body("# A title \r\n\r\nText\r\n\r\nmore\r\n"));
foreach (['', 'A title', "## A\nb", '# ', "# A"] as $text) {
    try {
        Markdown::title_and_body($text);
        check('no title in ' . json_encode($text), false);
    } catch (ValueError) {
        check('no title in ' . json_encode($text), true);
    }
}

/** @return array<string, array{string, string}> title and body by slug */
$texts = static function (string $folder): array {
    $texts = [];
    foreach (glob(PLUGIN . "/demo/$folder/*.md") as $file) {
        $texts[basename($file, '.md')] = Markdown::title_and_body((string) file_get_contents($file));
    }
    return $texts;
};
$articles = $texts('articles');
$products = $texts('products');
same('20 articles', 20, count($articles));
same('3 products', 3, count($products));
foreach ($articles + $products + $texts('pages') as $slug => [$title, $body]) {
    $open = [];
    $stray = false;
    preg_match_all('~<!-- (/?)wp:([a-z-]+)[^>]*-->~', Markdown::blocks($body), $tags, PREG_SET_ORDER);
    foreach ($tags as [, $closing, $block]) {
        if ($closing === '') {
            $open[] = $block;
        } else {
            $stray = $stray || array_pop($open) !== $block;
        }
    }
    check("$slug: every block is closed", $tags !== [] && $open === [] && !$stray);
}

// What stands in more than one place is the same there.
foreach ($products as $slug => [$title, $body]) {
    $prices = [];
    foreach (Data::of()->orders as $order) {
        foreach ($order->lines as $line) {
            if ($order->currency === 'USD' && explode(',', $line->name)[0] === $title) {
                $prices[Money::format($line->unit_price, 'USD')] = true;
            }
        }
    }
    preg_match('/costs? (\$[0-9.]+[0-9])/', $body, $said);
    same("$slug: its price is that of the orders", array_keys($prices), [$said[1] ?? '']);
}
$all = implode("\n", array_column($articles, 1));
preg_match_all('/\[([^\]]+@[^\]]+|\+[0-9 ]+)\]/', $texts('pages')['contact'][1], $ways);
check('the contact page has ways to write and to call', count($ways[1]) === 5);
same('the articles know them too', [], array_values(array_filter($ways[1], static fn(string $way): bool => !str_contains($all, $way))));
preg_match_all('~https://fellbrook\.example/help/([a-z-]+)~', $all . $texts('pages')['contact'][1] . file_get_contents(PLUGIN . '/demo/pages/footer.html'), $links);
same('links to help pages lead somewhere', [], array_diff($links[1], array_keys($articles)));
foreach (['STW-21722' => 'Canada costs', 'FGH-35901' => 'Other countries cost', 'ABC-19353' => 'Other countries cost'] as $number => $words) {
    $order = Data::of()->orders[$number];
    check("the shipping of $number is what the articles say", str_contains($articles['international-shipping'][1], "$words " . Money::format($order->shipping, $order->currency)));
}
foreach (['STW-52690', 'KLM-53037'] as $number) {
    $order = Data::of()->orders[$number];
    check("the shipping of $number is what the articles say", str_contains($articles['international-shipping'][1], Money::format($order->shipping, $order->currency)));
}

// Without the constant nothing is written anywhere.
try {
    Install::run();
    check('no demonstration where AIGUY_DEMO is not true', false);
} catch (LogicException $e) {
    check('no demonstration where AIGUY_DEMO is not true', str_contains($e->getMessage(), 'AIGUY_DEMO'));
}

finish();
