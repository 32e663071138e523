<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes the demonstration's site into WordPress: customers as users, help, products and front page as pages. What it wrote it finds
 * again by a meta key and touches only when its text has changed; what others wrote it leaves alone.
 */

declare(strict_types=1);

namespace Aiguy\Demo;

use Aiguy\Store\Stores;

defined( 'ABSPATH' ) || exit;

final class Install {
	/** Which text of the demonstration this is, and what was written the last time. */
	private const KEY    = '_aiguy_demo';
	private const DIGEST = '_aiguy_demo_digest';

	private int $created = 0;
	private int $updated = 0;

	/**
	 * @return array{customers: int, pages: int, created: int, updated: int} what there is, and what this run had to write for it
	 * @throws \LogicException   this site is not a demonstration
	 * @throws \RuntimeException WordPress refused something, or the data is not whole
	 */
	public static function run(): array {
		if ( ! Stores::is_demo() ) {
			throw new \LogicException( 'AIGUY_DEMO is not true: this site is not a demonstration' );
		}
		// An administrator writes: block markup must not go through the filter for the texts of people who may not write HTML.
		$before = get_current_user_id();
		$admins = get_users( array( 'role' => 'administrator', 'orderby' => 'ID', 'number' => 1, 'fields' => 'ID' ) );
		wp_set_current_user( (int) ( $admins[0] ?? throw new \RuntimeException( 'The demonstration needs an administrator' ) ) );
		try {
			return ( new self() )->all();
		} finally {
			wp_set_current_user( $before );
		}
	}

	private function all(): array {
		// Links in the texts are what these settings make of them, so they come first.
		self::options( array( 'blogname' => 'Fellbrook Outfitters', 'blogdescription' => 'Equipment for days outside' ) );
		self::permalinks( '/%postname%/' );
		$customers = Data::of()->customers;
		foreach ( $customers as $customer ) {
			$this->customer( $customer );
		}
		$ids = $this->posts( Texts::pages() + ( wp_is_block_theme() ? Texts::frame() : array() ) );
		self::options( array( 'show_on_front' => 'page', 'page_on_front' => (string) $ids['front'] ) );
		$this->review( Texts::review(), $ids );
		return array(
			'customers' => count( $customers ),
			'pages'     => count( Texts::pages() ),
			'created'   => $this->created,
			'updated'   => $this->updated,
		);
	}

	private function customer( array $customer ): void {
		$fields = array(
			'user_login'   => $customer['login'],
			'user_pass'    => $customer['password'],
			'user_email'   => $customer['email'],
			'display_name' => $customer['name'],
			'first_name'   => strtok( $customer['name'], ' ' ),
			'role'         => null !== get_role( 'customer' ) ? 'customer' : 'subscriber',
		);
		$digest = self::digest( $fields );
		$user   = get_user_by( 'login', $customer['login'] );
		if ( false !== $user ) {
			if ( '' === get_user_meta( $user->ID, self::KEY, true ) ) {
				throw new \RuntimeException( "This site has a user {$customer['login']} who is not the demonstration's" );
			}
			if ( get_user_meta( $user->ID, self::DIGEST, true ) === $digest ) {
				return;
			}
			$fields['ID'] = $user->ID;
		}
		$fields['meta_input'] = array( self::KEY => 'customer', self::DIGEST => $digest );
		// Nobody is there to be told that an invented customer has a new password.
		add_filter( 'send_password_change_email', '__return_false' );
		add_filter( 'send_email_change_email', '__return_false' );
		self::written( false !== $user ? wp_update_user( $fields ) : wp_insert_user( $fields ) );
		remove_filter( 'send_password_change_email', '__return_false' );
		remove_filter( 'send_email_change_email', '__return_false' );
		$this->count( false !== $user );
	}

	/**
	 * @param array<string, array{post_type: string, post_name: string, post_title: string, post_content: string, parent: string}> $texts
	 * @return array<string, int> the posts' numbers by key
	 */
	private function posts( array $texts ): array {
		$ids = self::posts_there();
		foreach ( $texts as $key => $fields ) {
			$fields['post_parent'] = '' === $fields['parent'] ? 0 : $ids[ $fields['parent'] ];
			unset( $fields['parent'] );
			$fields += array( 'post_status' => 'publish', 'comment_status' => 'closed', 'ping_status' => 'closed' );
			$digest  = self::digest( $fields );
			$there   = $ids[ $key ] ?? 0;
			if ( $there > 0 && get_post_meta( $there, self::DIGEST, true ) === $digest ) {
				continue;
			}
			$fields['meta_input'] = array( self::KEY => $key );
			$fields               = wp_slash( $fields );
			$ids[ $key ]          = self::written( $there > 0 ? wp_update_post( array( 'ID' => $there ) + $fields, true ) : wp_insert_post( $fields, true ) );
			// A list of the pages below a page has that page's own number in it.
			if ( str_contains( $fields['post_content'], Texts::OWN_ID ) ) {
				$content = str_replace( Texts::OWN_ID, (string) $ids[ $key ], $fields['post_content'] );
				self::written( wp_update_post( array( 'ID' => $ids[ $key ], 'post_content' => $content ), true ) );
			}
			$this->around( $key, $ids[ $key ] );
			// Last: a run that was cut off does this post again.
			update_post_meta( $ids[ $key ], self::DIGEST, $digest );
			$this->count( $there > 0 );
		}
		return $ids;
	}

	/** What a post needs beside its text to be found by the theme. */
	private function around( string $key, int $id ): void {
		// The hero has the page's heading; the template of a page would put a second one above it.
		if ( 'front' === $key && isset( wp_get_theme()->get_page_templates( null, 'page' )['page-no-title'] ) ) {
			update_post_meta( $id, '_wp_page_template', 'page-no-title' );
		}
		if ( 'footer' === $key ) {
			wp_set_object_terms( $id, get_stylesheet(), 'wp_theme' );
			wp_set_object_terms( $id, 'footer', 'wp_template_part_area' );
		}
	}

	/** @return array<string, int> what an earlier run wrote */
	private static function posts_there(): array {
		$ids   = array();
		$posts = get_posts(
			array(
				'post_type'      => array( 'page', 'wp_navigation', 'wp_template_part' ),
				'post_status'    => array( 'publish', 'private', 'draft', 'pending', 'future' ),
				'posts_per_page' => -1,
				'meta_key'       => self::KEY, // phpcs:ignore WordPress.DB.SlowDBQuery -- once, when a demonstration is set up
				'orderby'        => 'ID',
				'fields'         => 'ids',
			)
		);
		foreach ( $posts as $id ) {
			$ids[ get_post_meta( $id, self::KEY, true ) ] = $id;
		}
		return $ids;
	}

	private function review( array $review, array $ids ): void {
		$there = get_comments( array( 'post_id' => $ids[ $review['page'] ], 'meta_key' => self::KEY, 'count' => true ) ); // phpcs:ignore WordPress.DB.SlowDBQuery
		if ( $there > 0 ) {
			return;
		}
		$id = wp_insert_comment(
			wp_slash(
				array(
					'comment_post_ID'  => $ids[ $review['page'] ],
					'comment_author'   => $review['comment_author'],
					'comment_content'  => $review['comment_content'],
					'comment_approved' => 1,
					'comment_meta'     => array( self::KEY => 'review' ),
				)
			)
		);
		self::written( (int) $id );
		$this->count( false );
	}

	/** @param array<string, string> $options */
	private static function options( array $options ): void {
		foreach ( $options as $name => $value ) {
			update_option( $name, $value );
		}
	}

	private static function permalinks( string $structure ): void {
		global $wp_rewrite;
		if ( get_option( 'permalink_structure' ) !== $structure ) {
			$wp_rewrite->set_permalink_structure( $structure );
			flush_rewrite_rules( false );
		}
	}

	private static function digest( array $fields ): string {
		return hash( 'sha256', (string) wp_json_encode( $fields ) );
	}

	private static function written( int|\WP_Error $id ): int {
		if ( $id instanceof \WP_Error || 0 === $id ) {
			throw new \RuntimeException( 'WordPress refused a part of the demonstration: ' . ( $id instanceof \WP_Error ? $id->get_error_message() : 'no reason given' ) );
		}
		return $id;
	}

	private function count( bool $was_there ): void {
		$was_there ? ++$this->updated : ++$this->created;
	}
}
