<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sums of money as decimal strings ("176.90"), counted in whole minor units: no float touches them, and what does not fit is an error.
 */

declare(strict_types=1);

namespace Aiguy\Store;

defined( 'ABSPATH' ) || exit;

final class Money {
	/** ISO 4217: decimals of the minor unit, where they are not 2. */
	private const DECIMALS = array(
		'BIF' => 0, 'CLP' => 0, 'DJF' => 0, 'GNF' => 0, 'ISK' => 0, 'JPY' => 0, 'KMF' => 0, 'KRW' => 0, 'PYG' => 0,
		'RWF' => 0, 'UGX' => 0, 'UYI' => 0, 'VND' => 0, 'VUV' => 0, 'XAF' => 0, 'XOF' => 0, 'XPF' => 0,
		'BHD' => 3, 'IQD' => 3, 'JOD' => 3, 'KWD' => 3, 'LYD' => 3, 'OMR' => 3, 'TND' => 3,
	);

	/** Only signs that mean one currency to everybody, the dollar of this plugin's home included. */
	private const SIGNS = array( 'USD' => '$', 'EUR' => '€', 'GBP' => '£', 'JPY' => '¥' );

	/** "$176.90", "176.90 PLN", "-€5.00": the same in every locale, without groups, so that it can be found again word for word. */
	public static function format( string $decimal, string $currency ): string {
		$minor  = self::minor( $decimal, $currency );
		$amount = ltrim( self::decimal( $minor, $currency ), '-' );
		$minus  = $minor < 0 ? '-' : '';
		return isset( self::SIGNS[ $currency ] ) ? $minus . self::SIGNS[ $currency ] . $amount : "$minus$amount $currency";
	}

	/** The sum of any number of amounts of one currency; of none it is zero. */
	public static function sum( string $currency, string ...$decimals ): string {
		$sum = 0;
		foreach ( $decimals as $decimal ) {
			$sum = self::whole( $sum + self::minor( $decimal, $currency ) );
		}
		return self::decimal( $sum, $currency );
	}

	/** The price of so many. */
	public static function times( string $decimal, int $quantity, string $currency ): string {
		return self::decimal( self::whole( self::minor( $decimal, $currency ) * $quantity ), $currency );
	}

	/**
	 * "176.90" of USD is 17690. Fewer decimals than the currency has are filled up, more are an error even when they are zeros.
	 *
	 * @throws \ValueError no decimal number, too many decimals, or out of range
	 */
	public static function minor( string $decimal, string $currency ): int {
		$places = self::places( $currency );
		if ( 1 !== preg_match( '/\A(-?)(\d+)(?:\.(\d+))?\z/', $decimal, $part ) || strlen( $part[3] ?? '' ) > $places ) {
			throw new \ValueError( "\"$decimal\" is no amount of $currency" );
		}
		$digits = ltrim( $part[2] . str_pad( $part[3] ?? '', $places, '0' ), '0' );
		if ( strlen( $digits ) > 18 ) {
			throw new \ValueError( "\"$decimal\" is more $currency than can be counted" );
		}
		return (int) ( $part[1] . $digits );
	}

	/** 17690 of USD is "176.90". */
	public static function decimal( int $minor, string $currency ): string {
		$places = self::places( $currency );
		$digits = str_pad( ltrim( (string) $minor, '-' ), $places + 1, '0', STR_PAD_LEFT );
		$amount = 0 === $places ? $digits : substr( $digits, 0, -$places ) . '.' . substr( $digits, -$places );
		return $minor < 0 ? "-$amount" : $amount;
	}

	private static function places( string $currency ): int {
		if ( 1 !== preg_match( '/\A[A-Z]{3}\z/', $currency ) ) {
			throw new \ValueError( "\"$currency\" is no currency" );
		}
		return self::DECIMALS[ $currency ] ?? 2;
	}

	/** PHP turns an integer that grows too large into a float: that is the one place where it can be seen. */
	private static function whole( int|float $minor ): int {
		return is_int( $minor ) ? $minor : throw new \ValueError( 'the sum is more than can be counted' );
	}
}
