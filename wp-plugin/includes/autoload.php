<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Aiguy\Rest\Chat is includes/Rest/Chat.php.
 */

declare(strict_types=1);

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( string $name ): void {
		if ( str_starts_with( $name, 'Aiguy\\' ) ) {
			$file = __DIR__ . '/' . strtr( substr( $name, 6 ), '\\', '/' ) . '.php';
			if ( is_file( $file ) ) {
				require $file;
			}
		}
	}
);
