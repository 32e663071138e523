<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Turns as messages of the AI SDK's UIMessage shape ({id, role, parts}): those of a session, and a finished one. The parts are the stream's.
 *
 * A turn's record is an array with the members of Agent\Turn.
 */

declare(strict_types=1);

namespace Aiguy\Stream;

use Aiguy\Session;
use Aiguy\Ticket;

defined( 'ABSPATH' ) || exit;

final class History {
	public const NOTICE = array( 'aiguy' => array( 'kind' => 'notice' ) );
	private const TURNS = 30;

	/**
	 * @return list<array>|null oldest first; null: the session has ended or belongs to somebody else
	 */
	public static function of( Session $session ): ?array {
		try {
			$stored = agent_session_get( $session->id, $session->options() + array( 'limit' => self::TURNS ) );
		} catch ( \Agent\SessionException $e ) {
			return 'unknown' === $e->reason ? array() : null;
		}
		if ( $stored['ended'] ) {
			return null;
		}
		$messages = array();
		foreach ( $stored['turns'] as $turn ) {
			foreach ( $turn['messages'] as $message ) {
				if ( 'user' === $message['role'] ) {
					$messages[] = array(
						'id'    => $turn['message_id'],
						'role'  => 'user',
						'parts' => array( self::text( $message['text'] ) ),
					);
				}
			}
			if ( is_array( $turn['record'] ) ) {
				$messages[] = self::message( $turn['record'], $turn['message_id'], null );
			}
		}
		return $messages;
	}

	/** @return array<string, mixed> the record of a turn that has just ended */
	public static function of_turn( \Agent\Turn $turn ): array {
		return array( 'outcome' => $turn->outcome->value ) + get_object_vars( $turn );
	}

	public static function reply_id( string $message_id ): string {
		return $message_id . ':reply';
	}

	/**
	 * @param Session|null $session whose links to files are made; null: none are, they last minutes only
	 */
	public static function message( array $record, string $message_id, ?Session $session ): array {
		$parts = array();
		if ( '' !== $record['reply'] ) {
			$parts[] = self::text( $record['reply'] );
		}
		if ( null !== ( $record['notice'] ?? null ) ) {
			$parts[] = self::text( $record['notice'] ) + array( 'providerMetadata' => self::NOTICE );
		}
		foreach ( $record['citations'] as $citation ) {
			$parts[] = self::source( $citation );
		}
		foreach ( null === $session ? array() : $record['files'] as $members ) {
			array_push( $parts, ...self::files( $members, $session ) );
		}
		$parts[] = self::outcome( $record );
		return array(
			'id'    => self::reply_id( $message_id ),
			'role'  => 'assistant',
			'parts' => $parts,
		);
	}

	/** @param array{id: string, title: string, url: string} $citation */
	public static function source( array $citation ): array {
		return array(
			'type'     => 'source-url',
			'sourceId' => $citation['id'],
			'url'      => $citation['url'],
			'title'    => $citation['title'],
		);
	}

	/**
	 * The visitor's members of a tool's result as file parts. A guest gets none.
	 *
	 * @return list<array>
	 */
	public static function files( array $members, Session $session ): array {
		$parts = array();
		foreach ( $members as $file ) {
			if ( ! is_array( $file ) || ! isset( $file['name'], $file['order_number'] ) || null === $session->subject ) {
				continue;
			}
			$parts[] = array(
				'type'      => 'file',
				'url'       => Ticket::url( $session, $file['order_number'], $file['name'] ),
				'mediaType' => 'application/pdf',
			);
		}
		return $parts;
	}

	public static function outcome( array $record ): array {
		$data = array(
			'outcome'  => $record['outcome'],
			'degraded' => $record['degraded'] ?? false,
		);
		if ( \Agent\Outcome::NeedsProof->value === $record['outcome'] ) {
			$data['proof'] = array( 'order_number' => '' );
			foreach ( $record['tool_calls'] as $call ) {
				if ( 'proof' === $call['result'] ) {
					$data['proof']['order_number'] = (string) ( $call['arguments']['order_number'] ?? '' );
				}
			}
		}
		return array(
			'type' => 'data-turn',
			'data' => $data,
		);
	}

	private static function text( string $text ): array {
		return array(
			'type' => 'text',
			'text' => $text,
		);
	}
}
