<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A turn as parts of the AI SDK's "UI message stream" v1 (https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol): events of the extension in, parts out.
 * A notice – the machine's own words – is a text block of its own, marked in providerMetadata. The outcome is a `data-turn` part.
 */

declare(strict_types=1);

namespace Aiguy\Stream;

use Aiguy\Session;

defined( 'ABSPATH' ) || exit;

final class UiMessageStream {
	/** Number of the text block that is open; 0: none is. */
	private int $open   = 0;
	private int $blocks = 0;

	public function __construct( private Output $output, private Session $session ) {}

	public function start( string $message_id ): void {
		$this->output->send(
			array(
				'type'      => 'start',
				'messageId' => History::reply_id( $message_id ),
			)
		);
		$this->output->send( array( 'type' => 'start-step' ) );
	}

	public function event( \Agent\Event $event ): void {
		match ( $event->kind ) {
			'text'     => $this->text( $event->text ),
			'notice'   => $this->notice( $event->text ),
			'tool'     => $this->tool( $event->data ),
			'citation' => $this->output->send( History::source( $event->data ) ),
			'file'     => array_map( $this->output->send( ... ), History::files( $event->data, $this->session ) ),
			'waiting'  => $this->output->comment( 'waiting' ),
			default    => null,
		};
	}

	public function finish( \Agent\Turn $turn ): void {
		$this->close();
		$this->output->send( History::outcome( History::of_turn( $turn ) ) );
		$this->output->send( array( 'type' => 'finish-step' ) );
		$this->output->send( array( 'type' => \Agent\Outcome::Interrupted === $turn->outcome ? 'abort' : 'finish' ) );
		$this->output->done();
	}

	/** Ends the stream with words for people. */
	public function error( string $words ): void {
		try {
			$this->close();
			$this->output->send(
				array(
					'type'      => 'error',
					'errorText' => $words,
				)
			);
			$this->output->done();
		} catch ( ClientGone ) {
			return;
		}
	}

	private function text( string $sentence ): void {
		if ( 0 === $this->open ) {
			$this->open = ++$this->blocks;
			$this->output->send(
				array(
					'type' => 'text-start',
					'id'   => 't' . $this->open,
				)
			);
		}
		$this->output->send(
			array(
				'type'  => 'text-delta',
				'id'    => 't' . $this->open,
				'delta' => $sentence,
			)
		);
	}

	private function notice( string $words ): void {
		$this->close();
		$id = 't' . ++$this->blocks;
		$this->output->send(
			array(
				'type'             => 'text-start',
				'id'               => $id,
				'providerMetadata' => History::NOTICE,
			)
		);
		$this->output->send(
			array(
				'type'  => 'text-delta',
				'id'    => $id,
				'delta' => $words,
			)
		);
		$this->output->send(
			array(
				'type' => 'text-end',
				'id'   => $id,
			)
		);
	}

	/** Names and states only: what a tool was told and what it said is checked, and then said in words. */
	private function tool( array $data ): void {
		if ( 'started' === $data['status'] ) {
			$this->output->send(
				array(
					'type'       => 'tool-input-available',
					'toolCallId' => $data['id'],
					'toolName'   => $data['name'],
					'input'      => new \stdClass(),
					'dynamic'    => true,
				)
			);
			return;
		}
		$result = 'ok' === $data['status']
			? array(
				'type'   => 'tool-output-available',
				'output' => array( 'status' => 'ok' ),
			)
			: array(
				'type'      => 'tool-output-error',
				'errorText' => $data['status'],
			);
		$this->output->send(
			$result + array(
				'toolCallId' => $data['id'],
				'dynamic'    => true,
			)
		);
	}

	private function close(): void {
		if ( 0 !== $this->open ) {
			$id         = 't' . $this->open;
			$this->open = 0;
			$this->output->send(
				array(
					'type' => 'text-end',
					'id'   => $id,
				)
			);
		}
	}
}
