<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whose conversation a request is part of. The browser holds a signed token with the session's id; the session's row is made by its first message.
 *
 * The token of a signed-in visitor carries a digest of the login cookie and is worth nothing without that very cookie, nor when WordPress does not take the
 * cookie any more. The cookie alone opens nothing: a foreign site can make a browser send it.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Session {
	private const AUDIENCE     = 'aiguy:browser';
	public const GUEST_SECONDS = 7 * DAY_IN_SECONDS;
	private const USER_SECONDS = DAY_IN_SECONDS;

	/**
	 * @param string      $id      22 characters
	 * @param string|null $subject "wp:42"; null: a guest
	 * @param string      $login   digest of the login cookie; '' for a guest
	 */
	private function __construct(
		public readonly string $id,
		public readonly ?string $subject,
		public readonly string $login
	) {}

	/** A new session of whoever WordPress says is here: a user only with a valid REST nonce and the login cookie. */
	public static function start(): self {
		$user  = get_current_user_id();
		$login = 0 === $user ? '' : self::login_of( $user );
		return new self( rtrim( strtr( base64_encode( random_bytes( 16 ) ), '+/', '-_' ), '=' ), '' === $login ? null : 'wp:' . $user, $login );
	}

	/** The session of a token; null: forged, expired, another site's, or the login it belongs to is over. */
	public static function of( string $token ): ?self {
		try {
			$claims = agent_token_verify( $token, self::AUDIENCE );
		} catch ( \Agent\TokenException ) {
			return null;
		}
		if ( 'chat' !== ( $claims['scope'] ?? '' ) || ! isset( $claims['session'] ) ) {
			return null;
		}
		$subject = $claims['sub'] ?? null;
		$login   = '';
		if ( null !== $subject ) {
			$login = self::login_of( (int) substr( $subject, 3 ) );
			if ( '' === $login || ! hash_equals( $claims['dig'] ?? '', $login ) ) {
				return null;
			}
		}
		return new self( $claims['session'], $subject, $login );
	}

	/** @return array{0: string, 1: int} the token, and when it expires */
	public function token(): array {
		$seconds = null === $this->subject ? self::GUEST_SECONDS : self::USER_SECONDS;
		$claims  = array(
			'aud'     => self::AUDIENCE,
			'scope'   => 'chat',
			'session' => $this->id,
		);
		return array( agent_token_issue( $claims + $this->owner(), $seconds ), time() + $seconds );
	}

	/** Claims that bind another token to this visitor. */
	public function owner(): array {
		return null === $this->subject ? array() : array(
			'sub' => $this->subject,
			'dig' => $this->login,
		);
	}

	/** Makes the row, if there is none yet. */
	public function create(): void {
		agent_session_start( $this->subject, array( 'id' => $this->id ) );
	}

	/** Options of agent_chat() and agent_session_get() that say who asks. */
	public function options(): array {
		return null === $this->subject ? array() : array( 'subject' => $this->subject );
	}

	/** Digest of the login cookie of this request, if WordPress takes it as this user's; else ''. */
	public static function login_of( int $user ): string {
		$cookie = $_COOKIE[ LOGGED_IN_COOKIE ] ?? ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- digested and validated, never shown
		if ( ! is_string( $cookie ) || '' === $cookie || wp_validate_auth_cookie( $cookie, 'logged_in' ) !== $user ) {
			return '';
		}
		return hash( 'sha256', 'aiguy login ' . $cookie );
	}
}
