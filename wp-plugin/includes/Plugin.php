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
		add_action( 'admin_menu', array( Admin\Page::class, 'add' ) );
		add_action( 'admin_notices', array( Admin\Notice::class, 'show' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( AIGUY_FILE ), array( Admin\Page::class, 'links' ) );
		add_filter( 'site_status_test_php_modules', array( Admin\Notice::class, 'module' ) );

		add_action( 'wp_after_insert_post', array( Knowledge\Indexer::class, 'saved' ), 10, 2 );
		add_action( 'before_delete_post', array( Knowledge\Indexer::class, 'deleted' ) );
		add_action( 'update_option_' . Settings::OPTION, array( Knowledge\Indexer::class, 'settings_changed' ), 10, 2 );
		add_action( 'permalink_structure_changed', array( Knowledge\Indexer::class, 'restart' ), 10, 0 );
		add_action( 'aiguy_index_all', array( Knowledge\Indexer::class, 'all' ) );
		add_action( 'aiguy_index_some', array( Knowledge\Indexer::class, 'some' ) );
	}
}
