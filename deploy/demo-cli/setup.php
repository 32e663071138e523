<?php

/**
 * Stores the demo's configuration and indexes the help articles that have changed. setup.php VERBOSE
 */

declare(strict_types=1);

require __DIR__ . '/config.php';

$state = (string) getenv('AGENT_DEMO_STATE');
$folder = DEMO_PLUGIN . '/demo/articles';
$verbose = ($argv[1] ?? '0') === '1';

try {
    $digest = agent_configure(demo_config((int) getenv('AGENT_DEMO_PORT')));
    agent_use($digest);
    file_put_contents("$state/digest", $digest);

    // What was indexed, and from which bytes.
    $list = "$state/articles.json";
    $known = is_file($list) ? (array) json_decode((string) file_get_contents($list), true) : [];
    $changed = $passages = 0;
    foreach (glob("$folder/*.md") ?: [] as $file) {
        $slug = basename($file, '.md');
        $text = (string) file_get_contents($file);
        if (($known[$slug] ?? '') === hash('sha256', $text)) {
            continue;
        }
        [$title, $body] = explode("\n", $text, 2);
        $passages += agent_knowledge_put([
            'id' => $slug,
            'title' => ltrim($title, '# '),
            'text' => trim($body),
            'url' => "https://fellbrook.example/help/$slug",
            'language' => 'en',
            'updated' => (int) filemtime($file),
        ]);
        $known[$slug] = hash('sha256', $text);
        $changed++;
    }
    if ($changed > 0) {
        file_put_contents($list, json_encode($known, JSON_PRETTY_PRINT));
    }
    if ($verbose) {
        printf("  · articles: %d, %d of them indexed now (%d passages)\n", count($known), $changed, $passages);
    }
} catch (Agent\Exception $e) {
    fwrite(STDERR, 'deploy/demo: ' . $e->getMessage() . " ({$e->reason})\n");
    exit(1);
}
