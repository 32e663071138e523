<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The widget's words in the language of the page; assets/widget.js has the same keys with their English defaults.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Strings {
	/** @return array<string, string> */
	public static function all(): array {
		return array(
			'launcher'              => __( 'Ask a question', 'aiguy' ),
			'title'                 => __( 'Help', 'aiguy' ),
			'subtitle'              => __( 'Automated assistant', 'aiguy' ),
			'close'                 => __( 'Close', 'aiguy' ),
			'log'                   => __( 'Conversation', 'aiguy' ),
			'greeting'              => __( 'Hello! Ask about an order, an invoice, shipping or returns.', 'aiguy' ),
			'you'                   => __( 'You:', 'aiguy' ),
			'assistant'             => __( 'Answer:', 'aiguy' ),
			'field'                 => __( 'Your question', 'aiguy' ),
			'field_hint'            => __( 'Enter sends, Shift and Enter start a new line.', 'aiguy' ),
			'send'                  => __( 'Send', 'aiguy' ),
			'stop'                  => __( 'Stop', 'aiguy' ),
			'stopped'               => __( 'You stopped this answer.', 'aiguy' ),
			'incomplete'            => __( 'This answer is incomplete.', 'aiguy' ),
			'thinking'              => __( 'One moment…', 'aiguy' ),
			'tool'                  => __( 'Looking that up…', 'aiguy' ),
			'tool_get_order_status' => __( 'Looking up your order…', 'aiguy' ),
			'tool_get_invoice_pdf'  => __( 'Getting your invoice…', 'aiguy' ),
			'tool_retrieve_docs'    => __( 'Reading the help pages…', 'aiguy' ),
			'sources'               => __( 'Sources:', 'aiguy' ),
			'new_tab'               => __( 'opens in a new tab', 'aiguy' ),
			'contact'               => __( 'Contact us', 'aiguy' ),
			'try_again'             => __( 'Try again', 'aiguy' ),
			'error'                 => __( 'Something went wrong. Please try again.', 'aiguy' ),
			'error_connection'      => __( 'The connection was lost. Please try again.', 'aiguy' ),
			'error_session'         => __( 'The chat cannot be reached right now.', 'aiguy' ),
			'error_long'            => __( 'Your question is longer than 2000 characters. Please shorten it.', 'aiguy' ),
			'proof_title'           => __( 'Is this your order?', 'aiguy' ),
			'proof_intro'           => __( 'Please confirm it with the e-mail address on the bill. The address does not become part of the chat.', 'aiguy' ),
			'proof_order'           => __( 'Order number', 'aiguy' ),
			'proof_email'           => __( 'Billing e-mail address', 'aiguy' ),
			'proof_submit'          => __( 'Confirm', 'aiguy' ),
			'proof_cancel'          => __( 'Cancel', 'aiguy' ),
			'proof_missing'         => __( 'Please enter the order number and the billing e-mail address.', 'aiguy' ),
			'proof_email_invalid'   => __( 'Please enter an e-mail address like name@example.com.', 'aiguy' ),
		);
	}
}
