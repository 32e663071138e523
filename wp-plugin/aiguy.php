<?php
/**
 * Plugin Name:       aiguy – support agent
 * Description:       A support and billing agent for your visitors. It answers from your pages and your store's own systems, and shows a sentence only after checking it. Needs the PHP extension "agent".
 * Version:           0.1.0
 * Requires at least: 6.8
 * Requires PHP:      8.2
 * Author:            The agent authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       aiguy
 * Domain Path:       /languages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

defined( 'ABSPATH' ) || exit;

define( 'AIGUY_VERSION', '0.1.0' );
define( 'AIGUY_FILE', __FILE__ );
define( 'AIGUY_DIR', __DIR__ );

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( Aiguy\Setup::class, 'activate' ) );
register_deactivation_hook( __FILE__, array( Aiguy\Setup::class, 'deactivate' ) );

Aiguy\Plugin::start();
