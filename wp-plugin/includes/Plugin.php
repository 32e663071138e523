<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the plugin hooks into WordPress; what a hook does lives elsewhere.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Plugin {
	public static function start(): void {
		add_action( 'init', array( Widget::class, 'register' ) );
		add_action( 'rest_api_init', array( Rest\Routes::class, 'register' ) );
		Rest\Routes::guard();

		add_action( 'admin_init', array( Settings::class, 'register' ) );
		add_action( 'admin_init', array( Admin\Page::class, 'forms' ) );
		add_action( 'admin_menu', array( Admin\Page::class, 'add' ) );
		add_action( 'admin_notices', array( Admin\Notice::class, 'show' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( AIGUY_FILE ), array( Admin\Page::class, 'links' ) );
		add_filter( 'site_status_test_php_modules', array( Admin\Notice::class, 'module' ) );

		Knowledge\Indexer::hooks();
		Keys::hooks();

		add_action( 'wp_initialize_site', array( Setup::class, 'new_site' ), 900 );
		add_filter( 'wpmu_drop_tables', array( Setup::class, 'tables' ) );
	}
}
