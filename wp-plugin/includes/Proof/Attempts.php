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
	/** Attempts and seconds. The order's counter is that of the number as typed: one that does not exist counts as well. */
	private const LIMITS = array(
		'session' => array( 5, DAY_IN_SECONDS ),
		'order'   => array( 10, HOUR_IN_SECONDS ),
		// A new session costs nothing; trying one number after the other does.
		'address' => array( 30, HOUR_IN_SECONDS ),
	);

	/** Counts one attempt; false when it is one too many. */
	public static function count( string $session, string $number, string $address ): bool {
		$fine = true;
		foreach ( array( 'session' => $session, 'order' => $number, 'address' => $address ) as $kind => $value ) {
			[ $most, $seconds ] = self::LIMITS[ $kind ];
			$fine               = self::add( hash( 'sha256', $kind . "\n" . $value . "\n" . wp_salt( 'nonce' ) ), $seconds ) <= $most && $fine;
		}
		return $fine;
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
