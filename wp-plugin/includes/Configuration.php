<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The site's configuration for the extension, made from the settings and from what WordPress allows. Selects nothing: that is Engine's.
 */

declare(strict_types=1);

namespace Aiguy;

use Aiguy\Hands\Manifest;
use Aiguy\Store\Stores;

defined( 'ABSPATH' ) || exit;

final class Configuration {
	/** Names under which the extension keeps the key of the model, sealed: that of the settings page, that of wp-config.php. */
	public const SECRET          = 'brain_key';
	public const CONSTANT_SECRET = 'brain_key_constant';

	/**
	 * As agent_configure() takes it.
	 *
	 * @return array<string, mixed>
	 */
	public static function build(): array {
		$settings = Settings::get();
		$config   = array(
			'site'    => self::site(),
			'locale'  => self::locale(),
			'brain'   => self::brain( $settings ),
			'tools'   => Manifest::tools( Stores::current(), $settings['tools_url'] ),
			'backend' => array( 'audience' => self::audience() ),
			'urls'    => array( self::home() . '/' ),
		);
		if ( '' !== $settings['instructions'] ) {
			$config['instructions'] = $settings['instructions'];
		}
		if ( '' !== $settings['contact_url'] ) {
			$config['contact'] = array( 'url' => $settings['contact_url'] );
			if ( '' !== $settings['contact_label'] ) {
				$config['contact']['label'] = $settings['contact_label'];
			}
		}
		/**
		 * The configuration before it is checked and stored. Its shape is agent_configure()'s; budgets and rates can be made narrower here.
		 *
		 * @param array $config
		 */
		return (array) apply_filters( 'aiguy_configuration', $config );
	}

	/** For whom the tokens of tool calls are. */
	public static function audience(): string {
		return self::home() . '/#aiguy-tools';
	}

	/** Why the local brain answers although a model is set; '' where it does not or is wanted. */
	public static function brain_off( array $settings ): string {
		if ( 'openai-chat' !== $settings['brain'] ) {
			return '';
		}
		if ( function_exists( 'wp_supports_ai' ) && ! wp_supports_ai() ) {
			return __( 'Language models are switched off for this site (WP_AI_SUPPORT).', 'aiguy' );
		}
		// The extension's own connections do not pass WordPress' HTTP functions, so what those may not call is not called here either.
		if ( _wp_http_get_object()->block_request( $settings['base_url'] ) ) {
			return __( 'WP_HTTP_BLOCK_EXTERNAL forbids calls to the model\'s host; name it in WP_ACCESSIBLE_HOSTS.', 'aiguy' );
		}
		if ( 'constant' === $settings['key'] && '' === self::constant_key() ) {
			/* translators: %s: name of a constant */
			return sprintf( __( 'The constant %s is not set.', 'aiguy' ), Settings::KEY_NAME );
		}
		return '';
	}

	/** The model's key where wp-config.php defines it; '' where not. */
	public static function constant_key(): string {
		return defined( Settings::KEY_NAME ) && is_string( constant( Settings::KEY_NAME ) ) ? constant( Settings::KEY_NAME ) : '';
	}

	private static function brain( array $settings ): array {
		if ( 'openai-chat' !== $settings['brain'] || '' !== self::brain_off( $settings ) ) {
			return array( 'protocol' => 'local' );
		}
		$brain = array(
			'protocol' => $settings['brain'],
			'base_url' => $settings['base_url'],
			'model'    => $settings['model'],
		);
		$key   = match ( $settings['key'] ) {
			'env'      => array( 'env' => Settings::KEY_NAME ),
			'constant' => array( 'put' => self::CONSTANT_SECRET ),
			'secret'   => array( 'put' => self::SECRET ),
			default    => null,
		};
		return null === $key ? $brain : $brain + array( 'key' => $key );
	}

	/** The site's address as it is stored: home_url() goes by this request's scheme and language. */
	private static function home(): string {
		return untrailingslashit( (string) get_option( 'home' ) );
	}

	/** Whose sessions, documents and limits these are: a name per site of a network, the same from every pool and the command line. */
	private static function site(): string {
		$home = (string) preg_replace( '~^https?://~', '', strtolower( self::home() ) );
		$name = trim( (string) preg_replace( '~[^a-z0-9._-]+~', '-', $home ), '-' ) . '-' . get_current_blog_id();
		return strlen( $name ) <= 64 ? $name : substr( $name, 0, 31 ) . '-' . md5( $home . get_current_blog_id() );
	}

	/** The site's language, whatever the language of this request. */
	private static function locale(): string {
		$locale = (string) get_option( 'WPLANG' );
		return '' === $locale ? 'en-US' : str_replace( '_', '-', $locale );
	}
}
