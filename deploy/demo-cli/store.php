<?php

/**
 * The demonstration store of the WordPress plugin, without WordPress: the same orders, the same articles, the same checks.
 */

declare(strict_types=1);

const DEMO_PLUGIN = __DIR__ . '/../../wp-plugin';

// The plugin's files answer to nobody who opens them by their address; this constant of WordPress tells them that they are included.
define('ABSPATH', DEMO_PLUGIN . '/');

foreach (['Store/Store', 'Store/OrderLine', 'Store/Order', 'Store/Money', 'Demo/Data', 'Demo/DemoStore'] as $class) {
    require DEMO_PLUGIN . "/includes/$class.php";
}

/** Customer 1 is the subject demo:1; a guest and any other subject have no orders of their own. */
function demo_customer(?string $subject): ?int
{
    return preg_match('/\Ademo:([1-9][0-9]{0,8})\z/', (string) $subject, $part) === 1 ? (int) $part[1] : null;
}
