<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The fields of the settings page. What they may hold is Settings' to say.
 */

declare(strict_types=1);

namespace Aiguy\Admin;

use Aiguy\Settings;

defined( 'ABSPATH' ) || exit;

final class Fields {
	public static function register(): void {
		$sections = array(
			'brain'   => array( __( 'Who answers', 'aiguy' ), __( 'The local brain needs no key and no server: it looks things up and quotes your pages. A model words the answers; what it says about money, dates and addresses is checked in both cases before a visitor sees it.', 'aiguy' ) ),
			'store'   => array( __( 'Orders', 'aiguy' ), __( 'The assistant looks orders up through tools with signed, short-lived permissions. On one server they are answered in the same process; with a second PHP pool give its address.', 'aiguy' ) ),
			'contact' => array( __( 'People', 'aiguy' ), '' ),
			'pages'   => array( __( 'Pages', 'aiguy' ), '' ),
		);
		foreach ( $sections as $id => [ $title, $words ] ) {
			add_settings_section( $id, $title, static fn() => print( '' === $words ? '' : '<p>' . esc_html( $words ) . '</p>' ), Page::SLUG );
		}
		self::choice(
			'brain',
			'brain',
			__( 'Brain', 'aiguy' ),
			array(
				'local'       => __( 'Local', 'aiguy' ),
				'openai-chat' => __( 'A model with the Chat Completions interface', 'aiguy' ),
			)
		);
		self::text( 'base_url', 'brain', __( 'Address of the model', 'aiguy' ), 'url', __( 'Without /chat/completions, for example https://models.example.com/v1', 'aiguy' ) );
		self::text( 'model', 'brain', __( 'Name of the model', 'aiguy' ), 'text', '' );
		self::choice(
			'key',
			'brain',
			__( 'Its key', 'aiguy' ),
			array(
				'none'     => __( 'none', 'aiguy' ),
				/* translators: %s: name */
				'env'      => sprintf( __( 'environment variable %s of the PHP pool', 'aiguy' ), Settings::KEY_NAME ),
				/* translators: %s: name */
				'constant' => sprintf( __( 'constant %s in wp-config.php', 'aiguy' ), Settings::KEY_NAME ),
				'secret'   => __( 'stored by the extension (see below)', 'aiguy' ),
			)
		);
		self::field( 'instructions', 'brain', __( 'About this store', 'aiguy' ), array( self::class, 'instructions' ) );
		self::text( 'tools_url', 'store', __( 'Address of the tools', 'aiguy' ), 'url', __( 'Empty: in the same process. A private or loopback address must also be named in the INI agent.allow_private.', 'aiguy' ) );
		self::text( 'contact_url', 'contact', __( 'Contact page', 'aiguy' ), 'url', __( 'Offered whenever the assistant cannot help.', 'aiguy' ) );
		self::text( 'contact_label', 'contact', __( 'Its name', 'aiguy' ), 'text', '' );
		self::field( 'post_types', 'pages', __( 'Answer from', 'aiguy' ), array( self::class, 'post_types' ) );
		self::field( 'delete_data', 'pages', __( 'When the plugin is deleted', 'aiguy' ), array( self::class, 'delete_data' ) );
	}

	/** @param callable(string $id, string $name, array $all): mixed $print */
	private static function field( string $key, string $section, string $title, callable $print ): void {
		$id = 'aiguy-' . $key;
		add_settings_field( $id, $title, static fn() => $print( $id, Settings::OPTION . '[' . $key . ']', Settings::get() ), Page::SLUG, $section, 'post_types' === $key ? array() : array( 'label_for' => $id ) );
	}

	private static function text( string $key, string $section, string $title, string $type, string $help ): void {
		self::field(
			$key,
			$section,
			$title,
			static function ( string $id, string $name, array $all ) use ( $key, $type, $help ): void {
				printf( '<input id="%s" name="%s" type="%s" class="regular-text" value="%s"', esc_attr( $id ), esc_attr( $name ), esc_attr( $type ), esc_attr( $all[ $key ] ) );
				self::help( $id, $help, '>' );
			}
		);
	}

	/** @param array<string, string> $choices value => label */
	private static function choice( string $key, string $section, string $title, array $choices ): void {
		self::field(
			$key,
			$section,
			$title,
			static function ( string $id, string $name, array $all ) use ( $key, $choices ): void {
				printf( '<select id="%s" name="%s">', esc_attr( $id ), esc_attr( $name ) );
				foreach ( $choices as $value => $label ) {
					printf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( $all[ $key ], $value, false ), esc_html( $label ) );
				}
				echo '</select>';
			}
		);
	}

	/** The end of a field, with words that explain it. */
	private static function help( string $id, string $help, string $end ): void {
		if ( '' === $help ) {
			echo $end; // phpcs:ignore WordPress.Security.EscapeOutput -- markup of the callers
			return;
		}
		printf( ' aria-describedby="%s-help"', esc_attr( $id ) );
		echo $end; // phpcs:ignore WordPress.Security.EscapeOutput -- markup of the callers
		printf( '<p class="description" id="%s-help">%s</p>', esc_attr( $id ), esc_html( $help ) );
	}

	private static function instructions( string $id, string $name, array $all ): void {
		printf( '<textarea id="%s" name="%s" class="large-text" rows="4" maxlength="4000"', esc_attr( $id ), esc_attr( $name ) );
		self::help(
			$id,
			__( 'Your own words to the model: who you are, how to address customers. Not for prices or promises; those come from pages and tools only.', 'aiguy' ),
			'>' . esc_textarea( $all['instructions'] ) . '</textarea>'
		);
	}

	private static function delete_data( string $id, string $name, array $all ): void {
		printf( '<input type="hidden" name="%s" value="">', esc_attr( $name ) );
		printf(
			'<label><input type="checkbox" id="%s" name="%s" value="1"%s> %s</label>',
			esc_attr( $id ),
			esc_attr( $name ),
			checked( $all['delete_data'], true, false ),
			esc_html__( 'delete its settings, its tables and the index of pages too', 'aiguy' )
		);
	}

	private static function post_types( string $id, string $name, array $all ): void {
		printf( '<fieldset><legend class="screen-reader-text">%s</legend><input type="hidden" name="%s[]" value="">', esc_html__( 'Answer from', 'aiguy' ), esc_attr( $name ) );
		foreach ( get_post_types( array( 'public' => true ), 'objects' ) as $type ) {
			if ( 'attachment' !== $type->name ) {
				printf( '<label><input type="checkbox" name="%s[]" value="%s"%s> %s</label><br>', esc_attr( $name ), esc_attr( $type->name ), checked( in_array( $type->name, $all['post_types'], true ), true, false ), esc_html( $type->labels->name ) );
			}
		}
		echo '</fieldset>';
	}
}
