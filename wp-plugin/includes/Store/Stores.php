<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which store this site has.
 */

declare(strict_types=1);

namespace Aiguy\Store;

use Aiguy\Demo\DemoStore;

defined( 'ABSPATH' ) || exit;

final class Stores {
	/** The site's store; null: it has none, and only its pages are answered from. */
	public static function current(): ?Store {
		static $demo = null;
		if ( self::is_demo() ) {
			$demo ??= new DemoStore();
		}
		/**
		 * The store whose orders the assistant may look up.
		 *
		 * @param Store|null $store
		 */
		$store = apply_filters( 'aiguy_store', $demo );
		return $store instanceof Store ? $store : null;
	}

	/** The demonstration store is on only where wp-config.php says so. */
	public static function is_demo(): bool {
		return defined( 'AIGUY_DEMO' ) && true === constant( 'AIGUY_DEMO' );
	}
}
