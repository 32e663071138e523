<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The extension's own keys, which sign what browsers and tools are handed: a new one each month, or when the site's owner wants one. The keys themselves
 * never leave the extension's data directory.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Keys {
	private const MONTHLY = 'aiguy_keys_monthly';
	private const MONTH   = 30 * DAY_IN_SECONDS;
	/** How long the old keys still open what they have signed: a day more than the longest that is handed out, a guest's session. */
	private const OVERLAP = Session::GUEST_SECONDS + DAY_IN_SECONDS;

	public static function hooks(): void {
		add_action( self::MONTHLY, array( self::class, 'monthly' ) );
		// Also where an earlier version of the plugin was installed, or the list of tasks was lost.
		add_action( 'admin_init', array( self::class, 'schedule' ), 10, 0 );
	}

	public static function schedule(): void {
		if ( ! wp_next_scheduled( self::MONTHLY ) ) {
			wp_schedule_single_event( time() + self::MONTH, self::MONTHLY );
		}
	}

	public static function stop(): void {
		wp_unschedule_hook( self::MONTHLY );
	}

	public static function monthly(): void {
		// First of all: whatever ends this request, there is a next time.
		self::in( DAY_IN_SECONDS );
		if ( '' === Engine::missing() ) {
			try {
				self::rotate( false );
			} catch ( \Throwable $e ) {
				Engine::report( $e, 'keys' );
			}
		}
	}

	/**
	 * @param bool $at_once what older keys have signed opens nothing any more: conversations begin anew
	 * @throws \Agent\Exception nothing has changed then
	 */
	public static function rotate( bool $at_once ): void {
		Engine::select();
		agent_token_key_rotate( $at_once ? 0 : self::OVERLAP );
		self::in( self::MONTH );
	}

	/** When the next one is made, Unix time; 0: nobody knows. */
	public static function next(): int {
		return (int) wp_next_scheduled( self::MONTHLY );
	}

	private static function in( int $seconds ): void {
		self::stop();
		wp_schedule_single_event( time() + $seconds, self::MONTHLY );
	}
}
