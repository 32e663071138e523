<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keeps the extension's passages the same as the site's public pages: on save, on delete, and all of them at once.
 * Only what any visitor may read is indexed: published, without password, of the post types in the settings. Comments and reviews are not.
 */

declare(strict_types=1);

namespace Aiguy\Knowledge;

use Aiguy\Engine;
use Aiguy\Settings;

defined( 'ABSPATH' ) || exit;

final class Indexer {
	/** The ids of posts that are indexed, so that what vanished unseen is found. */
	public const LIST = 'aiguy_indexed';
	/** How far a run through all posts has come: the last id done. */
	public const NEXT = 'aiguy_index_next';
	private const BATCH = 50;

	public static function saved( int $id, \WP_Post $post ): void {
		if ( wp_is_post_revision( $id ) || wp_is_post_autosave( $id ) || ! self::ready() ) {
			return;
		}
		$known = (array) get_option( self::LIST, array() );
		if ( self::is_public( $post ) && self::put( $post ) ) {
			$known[] = $id;
		} elseif ( in_array( $id, $known, true ) ) {
			self::remove( $id );
			$known = array_diff( $known, array( $id ) );
		} else {
			return;
		}
		self::remember( $known );
	}

	public static function deleted( int $id ): void {
		$known = (array) get_option( self::LIST, array() );
		if ( in_array( $id, $known, true ) && self::ready() ) {
			self::remove( $id );
			self::remember( array_diff( $known, array( $id ) ) );
		}
	}

	public static function settings_changed( mixed $old, mixed $new ): void {
		if ( ( is_array( $old ) ? $old['post_types'] ?? null : null ) !== ( is_array( $new ) ? $new['post_types'] ?? null : null ) ) {
			self::restart();
		}
	}

	/** Everything, in one go: for the command line and small sites. */
	public static function all(): void {
		self::restart();
		while ( self::step() ) {
			continue;
		}
	}

	/** From the beginning, some posts at a time, in the background. */
	public static function restart(): void {
		update_option( self::NEXT, 0, false );
		if ( ! wp_next_scheduled( 'aiguy_index_some' ) ) {
			wp_schedule_single_event( time(), 'aiguy_index_some' );
		}
	}

	public static function some(): void {
		if ( self::step() ) {
			wp_schedule_single_event( time() + 1, 'aiguy_index_some' );
		}
	}

	/** One batch; false when all is done. */
	private static function step(): bool {
		global $wpdb;
		$next = get_option( self::NEXT );
		if ( false === $next || ! self::ready() ) {
			return false;
		}
		$ids   = array_map( intval( ... ), $wpdb->get_col( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE post_status = 'publish' AND ID > %d ORDER BY ID LIMIT %d", (int) $next, self::BATCH ) ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a walk by id, whatever filters the queries of visitors
		$known = (array) get_option( self::LIST, array() );
		_prime_post_caches( $ids, false, false );
		foreach ( $ids as $id ) {
			$post = get_post( $id );
			if ( $post instanceof \WP_Post && self::is_public( $post ) && self::put( $post ) ) {
				$known[] = $id;
			} elseif ( in_array( $id, $known, true ) ) {
				self::remove( $id );
				$known = array_diff( $known, array( $id ) );
			}
		}
		if ( array() !== $ids ) {
			self::remember( $known );
			update_option( self::NEXT, end( $ids ), false );
			return true;
		}
		foreach ( $known as $id ) {
			$post = get_post( $id );
			if ( ! $post instanceof \WP_Post || ! self::is_public( $post ) ) {
				self::remove( $id );
				$known = array_diff( $known, array( $id ) );
			}
		}
		self::remember( $known );
		delete_option( self::NEXT );
		return false;
	}

	public static function count(): int {
		return count( (array) get_option( self::LIST, array() ) );
	}

	private static function is_public( \WP_Post $post ): bool {
		$public = 'publish' === $post->post_status && '' === $post->post_password && in_array( $post->post_type, Settings::get()['post_types'], true );
		/**
		 * Whether a post's words may be quoted to visitors. A filter can take away, not add: what is not public stays out.
		 *
		 * @param bool     $public
		 * @param \WP_Post $post
		 */
		return $public && (bool) apply_filters( 'aiguy_index_post', true, $post );
	}

	/** False: it has no words of its own to answer from, or could not be stored. */
	private static function put( \WP_Post $post ): bool {
		$text = Text::of_html( $post->post_content );
		if ( '' === $text ) {
			return false;
		}
		$title = trim( html_entity_decode( wp_strip_all_tags( get_the_title( $post ) ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
		try {
			agent_knowledge_put(
				array(
					'id'       => 'post:' . $post->ID,
					'title'    => mb_strcut( '' === $title ? (string) wp_parse_url( (string) get_permalink( $post ), PHP_URL_PATH ) : $title, 0, 500, 'UTF-8' ),
					'text'     => $text,
					'url'      => (string) get_permalink( $post ),
					'language' => substr( (string) get_bloginfo( 'language' ), 0, 2 ),
					'updated'  => (int) get_post_modified_time( 'U', true, $post ),
				)
			);
			return true;
		} catch ( \Agent\Exception $e ) {
			Engine::report( $e, 'index of post ' . $post->ID );
			return false;
		}
	}

	private static function remove( int $id ): void {
		try {
			agent_knowledge_delete( 'post:' . $id );
		} catch ( \Agent\Exception $e ) {
			Engine::report( $e, 'index of post ' . $id );
		}
	}

	private static function remember( array $ids ): void {
		update_option( self::LIST, array_values( array_unique( array_map( intval( ... ), $ids ) ) ), false );
	}

	/** A page is saved whether or not the extension is there. */
	private static function ready(): bool {
		if ( '' !== Engine::missing() ) {
			return false;
		}
		try {
			Engine::select();
			return true;
		} catch ( \Agent\Exception $e ) {
			Engine::report( $e, 'index' );
			return false;
		}
	}
}
