<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keeps the extension's passages the same as the site's public pages: one page when it is saved or deleted, and all of them in a run – after installing, when
 * addresses change, when a save could not be told, and once a day for what was changed behind WordPress' back.
 * Only what any visitor may read is indexed: published, without password, of the post types in the settings. Comments and reviews are not.
 */

declare(strict_types=1);

namespace Aiguy\Knowledge;

use Aiguy\Engine;
use Aiguy\Settings;

defined( 'ABSPATH' ) || exit;

final class Indexer {
	/** How far a run has come: {phase: 'put'|'remove', after: the last post or document done}; {phase: 'done', after: documents held then}. */
	public const RUN = 'aiguy_index_run';

	private const SOME     = 'aiguy_index_some';
	private const DAILY    = 'aiguy_index_daily';
	private const BATCH    = 100;
	private const SECONDS  = 20;
	private const LATER    = 10 * MINUTE_IN_SECONDS;
	private const DOCUMENT = 'post:';

	public static function hooks(): void {
		add_action( 'wp_after_insert_post', array( self::class, 'saved' ), 10, 2 );
		add_action( 'before_delete_post', array( self::class, 'deleted' ) );
		add_action( 'post_updated', array( self::class, 'moved' ), 10, 3 );
		add_action( 'update_option_' . Settings::OPTION, array( self::class, 'settings_changed' ), 10, 2 );
		add_action( 'permalink_structure_changed', array( self::class, 'restart' ), 10, 0 );
		add_action( self::SOME, array( self::class, 'some' ) );
		add_action( self::DAILY, array( self::class, 'restart' ), 10, 0 );
		// For scripts: everything at once.
		add_action( 'aiguy_index_all', array( self::class, 'all' ) );
	}

	public static function saved( int $id, \WP_Post $post ): void {
		if ( wp_is_post_revision( $id ) || wp_is_post_autosave( $id ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		if ( ! self::ready() || ! ( self::is_public( $post ) ? self::put( $post ) : self::remove( $id ) ) ) {
			self::restart();
		}
	}

	public static function deleted( int $id ): void {
		if ( ! wp_is_post_revision( $id ) && ( ! self::ready() || ! self::remove( $id ) ) ) {
			self::restart();
		}
	}

	/** The addresses of the pages below change with it. */
	public static function moved( int $id, \WP_Post $after, \WP_Post $before ): void {
		if ( is_post_type_hierarchical( $after->post_type ) && ( $after->post_name !== $before->post_name || $after->post_parent !== $before->post_parent ) && 'publish' === $after->post_status ) {
			self::restart();
		}
	}

	public static function settings_changed( mixed $old, mixed $new ): void {
		if ( ( is_array( $old ) ? $old['post_types'] ?? null : null ) !== ( is_array( $new ) ? $new['post_types'] ?? null : null ) ) {
			self::restart();
		}
	}

	/** A run from the beginning, in the background. */
	public static function restart(): void {
		update_option(
			self::RUN,
			array(
				'phase' => 'put',
				'after' => 0,
			),
			false
		);
		self::schedule( 0 );
		if ( ! wp_next_scheduled( self::DAILY ) ) {
			wp_schedule_event( time() + DAY_IN_SECONDS, 'daily', self::DAILY );
		}
	}

	/** Part of a run: as much as some seconds allow. */
	public static function some(): void {
		if ( ! self::under_way() ) {
			return;
		}
		// First of all: whatever ends this request, the run goes on.
		self::schedule( self::LATER );
		$end = time() + self::SECONDS;
		do {
			$more = self::ready() && self::step();
		} while ( $more && time() < $end );
		if ( $more ) {
			self::schedule( 0 );
		} elseif ( ! self::under_way() ) {
			wp_unschedule_hook( self::SOME );
		}
	}

	public static function all(): void {
		self::restart();
		while ( self::ready() && self::step() ) {
			continue;
		}
	}

	/** Documents that the extension holds of this site's pages. */
	public static function count(): int {
		$count = 0;
		$after = '';
		do {
			$ids    = agent_knowledge_list( array( 'prefix' => self::DOCUMENT, 'after' => $after, 'limit' => 10000 ) );
			$count += count( $ids );
			$after  = (string) end( $ids );
		} while ( 10000 === count( $ids ) );
		return $count;
	}

	/** Takes everything out; does nothing where the extension is not there. */
	public static function forget(): void {
		while ( self::ready() && array() !== ( $ids = self::documents( '' ) ) ) {
			foreach ( $ids as $id ) {
				if ( ! self::remove( $id ) ) {
					return;
				}
			}
		}
	}

	public static function stop(): void {
		delete_option( self::RUN );
		wp_unschedule_hook( self::SOME );
		wp_unschedule_hook( self::DAILY );
	}

	/** One batch: first every published post is put, then every document that is none any more goes. False when all is done. */
	private static function step(): bool {
		if ( ! self::under_way() ) {
			return false;
		}
		$run     = get_option( self::RUN );
		$putting = 'put' === $run['phase'];
		$ids     = $putting ? self::published( (int) $run['after'] ) : self::documents( (string) $run['after'] );
		_prime_post_caches( array_values( $ids ), true, false );
		foreach ( $ids as $id ) {
			$post = get_post( $id );
			if ( $post instanceof \WP_Post && self::is_public( $post ) ) {
				if ( $putting ) {
					self::put( $post );
				}
			} elseif ( ! $putting ) {
				self::remove( $id );
			}
		}
		$next = match ( true ) {
			array() !== $ids => array( 'phase' => $run['phase'], 'after' => $putting ? end( $ids ) : array_key_last( $ids ) ),
			$putting         => array( 'phase' => 'remove', 'after' => '' ),
			default          => array( 'phase' => 'done', 'after' => self::count() ),
		};
		update_option( self::RUN, $next, false );
		return 'done' !== $next['phase'];
	}

	private static function under_way(): bool {
		$run = get_option( self::RUN );
		return is_array( $run ) && 'done' !== $run['phase'];
	}

	/** A data directory that was emptied under workers that go on: where the last run left documents, there are none now. */
	public static function check_loss(): void {
		if ( array() !== agent_knowledge_list( array( 'prefix' => self::DOCUMENT, 'limit' => 1 ) ) ) {
			return;
		}
		$run = get_option( self::RUN );
		if ( is_array( $run ) && 'done' === $run['phase'] && $run['after'] > 0 ) {
			self::restart();
		}
	}

	/** @return list<int> */
	private static function published( int $after ): array {
		global $wpdb;
		// A walk by id, whatever filters the queries of visitors.
		return array_map( intval( ... ), $wpdb->get_col( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE post_status = 'publish' AND ID > %d ORDER BY ID LIMIT %d", $after, self::BATCH ) ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	}

	/** @return array<string, int> post by document */
	private static function documents( string $after ): array {
		$posts = array();
		foreach ( agent_knowledge_list( array( 'prefix' => self::DOCUMENT, 'after' => $after, 'limit' => self::BATCH ) ) as $document ) {
			$posts[ $document ] = (int) substr( $document, strlen( self::DOCUMENT ) );
		}
		return $posts;
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

	/** False: it could not be stored; the old words are taken out then. */
	private static function put( \WP_Post $post ): bool {
		try {
			$text = Text::of_html( $post->post_content );
			if ( '' === $text ) {
				return self::remove( $post->ID );
			}
			$title = trim( html_entity_decode( wp_strip_all_tags( mb_scrub( get_the_title( $post ), 'UTF-8' ) ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
			$url   = (string) get_permalink( $post );
			agent_knowledge_put(
				array(
					'id'       => self::DOCUMENT . $post->ID,
					'title'    => mb_strcut( '' === $title ? (string) wp_parse_url( $url, PHP_URL_PATH ) : $title, 0, 500, 'UTF-8' ),
					'text'     => $text,
					'url'      => $url,
					'language' => substr( (string) get_bloginfo( 'language' ), 0, 2 ),
					'updated'  => (int) get_post_modified_time( 'U', true, $post ),
				)
			);
			return true;
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'index of post ' . $post->ID );
			self::remove( $post->ID );
			return false;
		}
	}

	private static function remove( int $id ): bool {
		try {
			agent_knowledge_delete( self::DOCUMENT . $id );
			return true;
		} catch ( \Agent\Exception $e ) {
			Engine::report( $e, 'index of post ' . $id );
			return false;
		}
	}

	private static function schedule( int $seconds ): void {
		wp_clear_scheduled_hook( self::SOME );
		wp_schedule_single_event( time() + $seconds, self::SOME );
	}

	/** A page is saved whether or not the extension is there. */
	private static function ready(): bool {
		if ( '' !== Engine::missing() ) {
			return false;
		}
		try {
			Engine::select();
			return true;
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'index' );
			return false;
		}
	}
}
