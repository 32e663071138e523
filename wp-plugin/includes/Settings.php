<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The option `aiguy_settings`: its shape, its defaults, and what may be stored in it. Never a key.
 *
 * brain:         'local' | 'openai-chat'
 * base_url:      of a server with the Chat Completions interface, without /chat/completions
 * model:         its model
 * key:           'none' | 'env' | 'constant' (both named AIGUY_API_KEY) | 'secret' (stored sealed by the extension)
 * tools_url:     base URL of the tools backend; '' = the tools are answered in the same process
 * contact_url, contact_label: where a person can be reached
 * instructions:  the site's own words to the model, at most 4000 bytes
 * post_types:    list of post types that are indexed
 * delete_data:   whether uninstalling removes everything
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Settings {
	public const OPTION   = 'aiguy_settings';
	public const GROUP    = 'aiguy';
	public const CAP      = 'aiguy_manage_settings';
	public const KEY_NAME = 'AIGUY_API_KEY';

	public const DEFAULTS = array(
		'brain'         => 'local',
		'base_url'      => '',
		'model'         => '',
		'key'           => 'none',
		'tools_url'     => '',
		'contact_url'   => '',
		'contact_label' => '',
		'instructions'  => '',
		'post_types'    => array( 'post', 'page' ),
		'delete_data'   => false,
	);

	/** @return array<string, mixed> every member of DEFAULTS */
	public static function get(): array {
		$stored = get_option( self::OPTION );
		return ( is_array( $stored ) ? array_intersect_key( $stored, self::DEFAULTS ) : array() ) + self::DEFAULTS;
	}

	public static function register(): void {
		register_setting(
			self::GROUP,
			self::OPTION,
			array(
				'type'              => 'object',
				'default'           => self::DEFAULTS,
				'sanitize_callback' => array( self::class, 'sanitize' ),
				'show_in_rest'      => false,
			)
		);
		add_filter( 'option_page_capability_' . self::GROUP, static fn(): string => self::CAP );
	}

	/**
	 * What a form or a script hands in, made into what may be stored; a member that is wrong keeps its old value and is named in a settings error.
	 *
	 * @return array<string, mixed>
	 */
	public static function sanitize( mixed $given ): array {
		$old = self::get();
		$new = $old;
		if ( ! is_array( $given ) ) {
			return $old;
		}
		foreach ( array(
			'brain' => array( 'local', 'openai-chat' ),
			'key'   => array( 'none', 'env', 'constant', 'secret' ),
		) as $name => $allowed ) {
			if ( isset( $given[ $name ] ) && in_array( $given[ $name ], $allowed, true ) ) {
				$new[ $name ] = $given[ $name ];
			}
		}
		foreach ( array(
			'base_url'    => __( 'Address of the model', 'aiguy' ),
			'tools_url'   => __( 'Address of the tools', 'aiguy' ),
			'contact_url' => __( 'Contact page', 'aiguy' ),
		) as $name => $label ) {
			if ( isset( $given[ $name ] ) && is_string( $given[ $name ] ) ) {
				$new[ $name ] = self::url( $given[ $name ], $old[ $name ], $name, $label );
			}
		}
		foreach ( array( 'model' => 200, 'contact_label' => 100 ) as $name => $most ) {
			if ( isset( $given[ $name ] ) && is_string( $given[ $name ] ) ) {
				$new[ $name ] = mb_strcut( sanitize_text_field( $given[ $name ] ), 0, $most, 'UTF-8' );
			}
		}
		if ( isset( $given['instructions'] ) && is_string( $given['instructions'] ) ) {
			$new['instructions'] = mb_strcut( sanitize_textarea_field( $given['instructions'] ), 0, 4000, 'UTF-8' );
		}
		if ( isset( $given['post_types'] ) && is_array( $given['post_types'] ) ) {
			$public            = get_post_types( array( 'public' => true ) );
			$new['post_types'] = array_values( array_intersect( $public, array_filter( $given['post_types'], is_string( ... ) ) ) );
		}
		if ( isset( $given['delete_data'] ) ) {
			$new['delete_data'] = (bool) $given['delete_data'];
		}
		if ( 'openai-chat' === $new['brain'] && ( '' === $new['base_url'] || '' === $new['model'] ) ) {
			$new['brain'] = 'local';
			self::error( 'brain', __( 'A model needs an address and a name. Until both are there the local brain answers.', 'aiguy' ) );
		}
		return $new;
	}

	private static function url( string $given, string $old, string $name, string $label ): string {
		$given = trim( $given );
		if ( '' === $given ) {
			return '';
		}
		$url  = esc_url_raw( $given, array( 'http', 'https' ) );
		$host = wp_parse_url( $url, PHP_URL_HOST );
		if ( '' === $url || ! is_string( $host ) || str_contains( $host, '%' ) || null !== wp_parse_url( $url, PHP_URL_USER ) || null !== wp_parse_url( $url, PHP_URL_FRAGMENT ) ) {
			/* translators: %s: name of the field */
			self::error( $name, sprintf( __( '%s: this is no web address. The old one was kept.', 'aiguy' ), $label ) );
			return $old;
		}
		return 'contact_url' === $name ? $url : rtrim( $url, '/' );
	}

	private static function error( string $code, string $message ): void {
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( self::OPTION, 'aiguy_' . $code, $message );
		}
	}
}
