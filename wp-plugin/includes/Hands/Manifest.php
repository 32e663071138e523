<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The contracts of the three tools: what may go in, what comes out, what the visitor alone gets. Handlers answers them.
 */

declare(strict_types=1);

namespace Aiguy\Hands;

use Aiguy\Invoice\Pdf;
use Aiguy\Store\Store;

defined( 'ABSPATH' ) || exit;

final class Manifest {
	/**
	 * @param string $url base URL of the tools backend; '' = this process
	 * @return list<array<string, mixed>> members as in the extension's README, section "Configuration"
	 */
	public static function tools( ?Store $store, string $url ): array {
		$tools = array( self::docs() );
		if ( null !== $store ) {
			$tools[] = self::status( $store->number_pattern() );
			if ( Pdf::available() ) {
				$tools[] = self::invoice( $store->number_pattern() );
			}
		}
		return array_map(
			static fn( array $tool ): array => $tool + array( 'effect' => 'read' ) + ( '' === $url ? array() : array( 'url' => $url . '/' . $tool['name'] ) ),
			$tools
		);
	}

	private static function status( string $pattern ): array {
		return array(
			'name'          => 'get_order_status',
			'description'   => 'Status, dates, carrier, tracking, items and total of one order of the customer.',
			'scope'         => 'order:read',
			'resource'      => 'order_number',
			'timeouts_ms'   => 2500,
			'retries'       => 1,
			'rate'          => '30/m',
			'input_schema'  => self::by_number( $pattern ),
			'output_schema' => array(
				'type'       => 'object',
				'properties' => array(
					'order_number' => self::text( 'Order' ),
					'status'       => self::text( 'Status' ),
					'placed_on'    => self::date( 'Placed on' ),
					'shipped_on'   => self::date( 'Shipped on' ),
					'expected_on'  => self::date( 'Expected on' ),
					'delivered_on' => self::date( 'Delivered on' ),
					'carrier'      => self::text( 'Carrier' ),
					'tracking_url' => self::text( 'Tracking' ) + array( 'format' => 'uri' ),
					'items'        => self::text( 'Items' ),
					'total'        => self::text( 'Total' ),
				),
				'required'   => array( 'order_number', 'status', 'placed_on', 'items', 'total' ),
			),
			'examples'      => array( 'Where is my order ABC-12345?', 'What is the status of order ABC-12345?', 'When will ABC-12345 arrive?', 'Track my order' ),
		);
	}

	private static function invoice( string $pattern ): array {
		return array(
			'name'          => 'get_invoice_pdf',
			'description'   => 'Gives the customer the invoice of one order as a PDF: as a link below the answer, or by e-mail to the billing address of a guest\'s order.',
			'scope'         => 'invoice:read',
			'resource'      => 'order_number',
			'timeouts_ms'   => 5000,
			'retries'       => 0,
			'rate'          => '10/m',
			'input_schema'  => self::by_number( $pattern ),
			'output_schema' => array(
				'type'       => 'object',
				'properties' => array(
					'order_number'   => self::text( 'Order' ),
					'invoice_number' => self::text( 'Invoice' ),
					'total'          => self::text( 'Total' ),
					'sent_to'        => self::text( 'Sent to' ),
					'note'           => self::text( 'Note' ),
					'file'           => array(
						'type'       => 'object',
						'deliver'    => 'visitor',
						'properties' => array(
							'name'         => array( 'type' => 'string' ),
							'order_number' => array( 'type' => 'string' ),
						),
						'required'   => array( 'name', 'order_number' ),
					),
				),
				'required'   => array( 'order_number' ),
			),
			'examples'      => array( 'Send me the invoice for order ABC-12345', 'I need the invoice of ABC-12345', 'Download my invoice', 'Can I have a receipt for ABC-12345?' ),
		);
	}

	private static function docs(): array {
		return array(
			'name'          => 'retrieve_docs',
			'description'   => 'Searches the store\'s own pages for something that the passages at hand do not hold. Cite what it brings.',
			'scope'         => 'docs:read',
			'timeouts_ms'   => 2000,
			'retries'       => 1,
			'rate'          => '60/m',
			'input_schema'  => array(
				'type'                 => 'object',
				'properties'           => array(
					'query' => array(
						'type'        => 'string',
						'minLength'   => 2,
						'maxLength'   => 300,
						'title'       => 'search words',
						'description' => 'A few words in the language of the pages.',
					),
				),
				'required'             => array( 'query' ),
				'additionalProperties' => false,
			),
			'output_schema' => array(
				'type'       => 'object',
				'properties' => array(
					'passages' => array(
						'type'    => 'array',
						'deliver' => 'passages',
						'items'   => array(
							'type'       => 'object',
							'properties' => array(
								'id'       => array( 'type' => 'string' ),
								'title'    => array( 'type' => 'string' ),
								'url'      => array( 'type' => 'string' ),
								'heading'  => array( 'type' => 'string' ),
								'text'     => array( 'type' => 'string' ),
								'language' => array( 'type' => 'string' ),
								'updated'  => array( 'type' => 'integer' ),
							),
							'required'   => array( 'title', 'url', 'text' ),
						),
					),
				),
				'required'   => array( 'passages' ),
			),
		);
	}

	private static function by_number( string $pattern ): array {
		return array(
			'type'                 => 'object',
			'properties'           => array(
				'order_number' => array(
					'type'        => 'string',
					'pattern'     => $pattern,
					'title'       => 'order number',
					'description' => 'As in the order confirmation.',
				),
			),
			'required'             => array( 'order_number' ),
			'additionalProperties' => false,
		);
	}

	private static function text( string $title ): array {
		return array( 'type' => 'string', 'title' => $title );
	}

	private static function date( string $title ): array {
		return array( 'type' => 'string', 'format' => 'date', 'title' => $title );
	}
}
