<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How often proofs were tried: counters in a table, counted up atomically, so that parallel requests cannot pass together.
 */

declare(strict_types=1);

namespace Aiguy\Proof;

defined( 'ABSPATH' ) || exit;

final class Attempts {
	/**
	 * Attempts and seconds, the widest first: who is over one limit is not counted on for the others, so that nobody can use up what an order's owner has left.
	 * The order's counter is that of the number as typed: one that does not exist counts as well.
	 */
	private const LIMITS = array(
		// A new session costs nothing; trying one number after the other does.
		'address' => array( 30, HOUR_IN_SECONDS ),
		'session' => array( 5, DAY_IN_SECONDS ),
		'order'   => array( 10, HOUR_IN_SECONDS ),
	);

	/** Counts one attempt; false when it is one too many. */
	public static function count( string $session, string $number, string $address ): bool {
		$values = array(
			'address' => self::network( $address ),
			'session' => $session,
			'order'   => $number,
		);
		foreach ( self::LIMITS as $kind => [ $most, $seconds ] ) {
			if ( self::add( hash( 'sha256', $kind . "\n" . $values[ $kind ] . "\n" . wp_salt( 'nonce' ) ), $seconds ) > $most ) {
				return false;
			}
		}
		return true;
	}

	/** One household of IPv6 has 2^64 addresses: they count as one. */
	private static function network( string $address ): string {
		$bytes = filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6 ) ? (string) inet_pton( $address ) : '';
		return '' === $bytes ? $address : bin2hex( substr( $bytes, 0, 8 ) );
	}

	private static function add( string $bucket, int $seconds ): int {
		global $wpdb;
		$table = self::table();
		$now   = time();
		// phpcs:disable WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL -- the table's name is ours; a cache would not be atomic
		// MariaDB assigns from left to right: `hits` still sees the old `expires`.
		$wpdb->query(
			$wpdb->prepare(
				"INSERT INTO $table (bucket, hits, expires) VALUES (%s, 1, %d)
				ON DUPLICATE KEY UPDATE hits = IF(expires <= %d, 1, hits + 1), expires = IF(expires <= %d, VALUES(expires), expires)",
				$bucket,
				$now + $seconds,
				$now,
				$now
			)
		);
		$hits = $wpdb->get_var( $wpdb->prepare( "SELECT hits FROM $table WHERE bucket = %s", $bucket ) );
		if ( 1 === (int) $hits ) {
			$wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE expires <= %d", $now ) );
		}
		// phpcs:enable
		// No counter, no attempt: a table that is gone must not open the door.
		return null === $hits ? PHP_INT_MAX : (int) $hits;
	}

	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . 'aiguy_attempts';
	}

	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			bucket char(64) NOT NULL,
			hits int(11) NOT NULL,
			expires bigint(20) NOT NULL,
			PRIMARY KEY  (bucket),
			KEY expires (expires)
			) {$wpdb->get_charset_collate()};"
		);
	}

	public static function uninstall(): void {
		global $wpdb;
		$table = self::table();
		$wpdb->query( "DROP TABLE IF EXISTS $table" ); // phpcs:ignore WordPress.DB -- ours
	}
}
