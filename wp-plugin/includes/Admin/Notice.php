<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tells those who run the site what is missing: on the plugins' screen and on our own only.
 */

declare(strict_types=1);

namespace Aiguy\Admin;

use Aiguy\Engine;
use Aiguy\Settings;

defined( 'ABSPATH' ) || exit;

final class Notice {
	public static function show(): void {
		$screen  = get_current_screen();
		$missing = Engine::missing();
		if ( '' === $missing || ! current_user_can( Settings::CAP ) || null === $screen || ! in_array( $screen->id, array( 'plugins', Page::SCREEN ), true ) ) {
			return;
		}
		wp_admin_notice(
			esc_html(
				$missing . ' ' . sprintf(
					/* translators: 1: PHP version, 2: interface of PHP, e.g. fpm-fcgi */
					__( 'aiguy answers nothing until it is there: install agent.so for PHP %1$s (%2$s), add "extension=agent.so" to its settings and restart it, or ask your host to. Until then the page shows the contact link instead of the assistant.', 'aiguy' ),
					PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION,
					PHP_SAPI
				)
			),
			array(
				'type' => 'error',
				'id'   => 'aiguy-missing',
			)
		);
	}

	/**
	 * Site Health's test of PHP modules.
	 *
	 * @param array<string, array> $modules
	 */
	public static function module( array $modules ): array {
		return $modules + array(
			'agent' => array(
				'extension' => 'agent',
				'required'  => true,
			),
		);
	}
}
