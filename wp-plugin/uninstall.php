<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs when the plugin is deleted. Data goes only where the settings say so.
 */

declare(strict_types=1);

defined( 'ABSPATH' ) || exit;
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/autoload.php';

if ( ! is_multisite() ) {
	Aiguy\Setup::uninstall();
} else {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $aiguy_site ) {
		switch_to_blog( (int) $aiguy_site );
		Aiguy\Setup::uninstall();
		restore_current_blog();
	}
}
