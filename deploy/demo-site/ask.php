<?php
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Asks the demonstration site one question as a visitor's browser would, and prints the answer as it comes.
 * Run by deploy/demo --ask: php ask.php STATE URL WHO FRESH VERBOSE QUESTION
 *
 * WHO is empty for a guest, "customer" for the first customer of the demonstration store, or a customer's login. Who it was keeps cookies and
 * the session's token in STATE/ask, so that the next question goes on in the same conversation; FRESH is 1 for a new one.
 *
 * Exit status: 0 the outcome of the turn is "answered"; 1 it is another one, told on standard error, or the site failed.
 */

declare(strict_types=1);

if ( PHP_SAPI !== 'cli' || 7 !== $argc ) {
	exit( 2 );
}
exit( ( new Aiguy_Demo_Visitor( $argv[1], $argv[2], $argv[3], '1' === $argv[5] ) )->ask( $argv[6], '1' === $argv[4] ) );

/** A browser with one visitor: cookies, a stored token, and the page's routes. */
final class Aiguy_Demo_Visitor {
	private string $jar;
	private string $token_file;
	private string $login    = '';
	private string $password = '';

	/** What is not a whole event yet. */
	private string $rest = '';

	/** The body of an answer that is no stream. */
	private string $plain = '';
	private bool $stream  = false;
	private ?string $outcome = null;

	/** A text block is open, and something of it was printed. */
	private bool $in_text = false;

	/** @var list<string> told after the text */
	private array $links = array();

	public function __construct( private string $state, private string $url, string $who, private bool $verbose ) {
		if ( '' !== $who ) {
			$this->find_customer( $who );
		}
		$folder = "$state/ask";
		if ( ! is_dir( $folder ) && ! mkdir( $folder, 0700 ) ) {
			$this->fail( "$folder cannot be made" );
		}
		umask( 0077 );
		$name             = '' === $this->login ? 'guest' : 'customer-' . $this->login;
		$this->jar        = "$folder/$name.cookies";
		$this->token_file = "$folder/$name.token";
	}

	private function fail( string $message ): never {
		fwrite( STDERR, "deploy/demo: $message\n" );
		exit( 1 );
	}

	private function verbose( string $message ): void {
		if ( $this->verbose ) {
			fwrite( STDERR, "  · $message\n" );
		}
	}

	/** Login and password stand in the demonstration store's own file. */
	private function find_customer( string $who ): void {
		$file      = "$this->state/wordpress/wp-content/plugins/aiguy/demo/store.json";
		$customers = json_decode( (string) file_get_contents( $file ), true )['customers'] ?? array();
		foreach ( $customers as $customer ) {
			if ( 'customer' === $who || $customer['login'] === $who ) {
				$this->login    = $customer['login'];
				$this->password = $customer['password'];
				return;
			}
		}
		$this->fail( "the demonstration store has no customer $who; it has " . implode( ', ', array_column( $customers, 'login' ) ) );
	}

	public function ask( string $question, bool $fresh ): int {
		if ( $fresh && is_file( $this->token_file ) ) {
			unlink( $this->token_file );
		}
		$token   = $this->session();
		$message = array( 'token' => $token, 'message' => $question, 'message_id' => bin2hex( random_bytes( 12 ) ) );
		$status  = $this->chat( $message );
		if ( 401 === $status ) {
			// The token's time is over, or it was another login's: the page takes a new one, too.
			unlink( $this->token_file );
			$status = $this->chat( array( 'token' => $this->session() ) + $message );
		}
		if ( 200 !== $status || ! $this->stream ) {
			$error = json_decode( $this->plain, true );
			$this->fail( is_string( $error['message'] ?? null ) ? "$status: {$error['message']}" : "the chat answered $status: " . substr( $this->plain, 0, 300 ) );
		}
		$this->end_text();
		foreach ( $this->links as $link ) {
			echo "  $link\n";
		}
		if ( null === $this->outcome ) {
			$this->fail( 'the stream ended without an outcome' );
		}
		if ( 'answered' !== $this->outcome ) {
			fwrite( STDERR, "deploy/demo: $this->outcome\n" );
			return 1;
		}
		return 0;
	}

	/** The token for the chat: what the page does when it is opened. */
	private function session(): string {
		$headers = array();
		$nonce   = $this->nonce();
		if ( null === $nonce && '' !== $this->login ) {
			$this->log_in();
			$nonce = $this->nonce() ?? $this->fail( "the site does not know $this->login any more right after the login" );
		}
		if ( null !== $nonce ) {
			$headers[] = "X-WP-Nonce: $nonce";
		}
		$stored                = is_file( $this->token_file ) ? (string) file_get_contents( $this->token_file ) : '';
		[ $status, $body ]     = $this->request( '/wp-json/aiguy/v1/session', '' === $stored ? '{}' : $this->json( array( 'token' => $stored ) ), $headers );
		$session               = json_decode( $body, true );
		if ( 200 !== $status || ! is_string( $session['token'] ?? null ) ) {
			$this->fail( "no session: the site answered $status " . ( $session['message'] ?? substr( $body, 0, 300 ) ) );
		}
		$wanted = '' === $this->login ? 'guest' : 'customer';
		if ( ( $session['subject'] ?? '' ) !== $wanted ) {
			$this->fail( "the session is of a {$session['subject']}, not of a $wanted" );
		}
		file_put_contents( $this->token_file, $session['token'] );
		$this->verbose( "session of a $wanted, " . count( $session['messages'] ?? array() ) . ' messages so far' );
		return $session['token'];
	}

	/** WordPress' own nonce of somebody who is logged in; null for everybody else. */
	private function nonce(): ?string {
		[ $status, $body ] = $this->request( '/wp-admin/admin-ajax.php?action=rest-nonce' );
		return 200 === $status && 1 === preg_match( '/^[0-9a-f]{10}$/D', $body ) ? $body : null;
	}

	private function log_in(): void {
		// The form sets a cookie by which WordPress sees that cookies work.
		$this->request( '/wp-login.php' );
		$form              = http_build_query( array( 'log' => $this->login, 'pwd' => $this->password, 'testcookie' => '1', 'redirect_to' => "$this->url/" ) );
		[ $status, $body ] = $this->request( '/wp-login.php', $form, array( 'Content-Type: application/x-www-form-urlencoded' ) );
		if ( 302 !== $status ) {
			$this->fail( "$this->login could not log in (the site answered $status)" );
		}
		$this->verbose( "logged in as $this->login" );
	}

	private function json( mixed $value ): string {
		return json_encode( $value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	}

	/**
	 * @param list<string> $headers
	 * @return array{int, string} status and body
	 */
	private function request( string $path, ?string $body = null, array $headers = array() ): array {
		$curl = $this->handle( $path, $body, $headers );
		curl_setopt_array( $curl, array( CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30 ) );
		$answer = curl_exec( $curl );
		if ( false === $answer ) {
			$this->fail( "$this->url$path: " . curl_error( $curl ) );
		}
		return array( curl_getinfo( $curl, CURLINFO_RESPONSE_CODE ), $answer );
	}

	/** @param list<string> $headers */
	private function handle( string $path, ?string $body, array $headers ): CurlHandle {
		$curl = curl_init( $this->url . $path );
		if ( null !== $body ) {
			// The first header of a name counts.
			$headers[] = 'Content-Type: application/json';
			$headers[] = "Origin: $this->url";
			curl_setopt( $curl, CURLOPT_POSTFIELDS, $body );
		}
		curl_setopt_array(
			$curl,
			array(
				CURLOPT_HTTPHEADER => $this->first_of_each( $headers ),
				CURLOPT_COOKIEFILE => $this->jar,
				CURLOPT_COOKIEJAR  => $this->jar,
				CURLOPT_PROXY      => '',
			)
		);
		return $curl;
	}

	/**
	 * @param list<string> $headers
	 * @return list<string>
	 */
	private function first_of_each( array $headers ): array {
		$kept = array();
		foreach ( $headers as $header ) {
			$kept += array( strtolower( strstr( $header, ':', true ) ) => $header );
		}
		return array_values( $kept );
	}

	/** @param array{token: string, message: string, message_id: string} $message */
	private function chat( array $message ): int {
		$this->plain = '';
		$curl        = $this->handle( '/wp-json/aiguy/v1/chat', $this->json( $message ), array( 'Accept: text/event-stream' ) );
		curl_setopt_array(
			$curl,
			array(
				CURLOPT_TIMEOUT       => 180,
				CURLOPT_WRITEFUNCTION => function ( CurlHandle $curl, string $bytes ): int {
					$this->stream = str_starts_with( (string) curl_getinfo( $curl, CURLINFO_CONTENT_TYPE ), 'text/event-stream' );
					if ( $this->stream ) {
						$this->read( $bytes );
					} else {
						$this->plain .= $bytes;
					}
					return strlen( $bytes );
				},
			)
		);
		if ( false === curl_exec( $curl ) ) {
			$this->end_text();
			$this->fail( 'the connection broke: ' . curl_error( $curl ) );
		}
		return curl_getinfo( $curl, CURLINFO_RESPONSE_CODE );
	}

	/** Events end with an empty line; what begins with a colon only keeps the line open. */
	private function read( string $bytes ): void {
		$this->rest .= $bytes;
		while ( false !== ( $end = strpos( $this->rest, "\n\n" ) ) ) {
			$event      = substr( $this->rest, 0, $end );
			$this->rest = substr( $this->rest, $end + 2 );
			foreach ( explode( "\n", $event ) as $line ) {
				if ( str_starts_with( $line, 'data: ' ) && 'data: [DONE]' !== $line ) {
					$part = json_decode( substr( $line, 6 ), true );
					if ( ! is_array( $part ) ) {
						$this->fail( "the stream has an event that is no JSON: $line" );
					}
					$this->show( $part );
				}
			}
		}
	}

	/** @param array<string, mixed> $part */
	private function show( array $part ): void {
		switch ( $part['type'] ?? '' ) {
			case 'text-delta':
				echo $this->printable( $part['delta'] );
				$this->in_text = true;
				flush();
				break;
			case 'text-end':
				$this->end_text();
				break;
			case 'source-url':
				$this->links[] = $this->printable( "[{$part['title']}] {$part['url']}" );
				break;
			case 'file':
				$this->links[] = $this->printable( "({$part['mediaType']}) {$part['url']}" );
				break;
			case 'tool-input-available':
				$this->verbose( "calls {$part['toolName']}" );
				break;
			case 'tool-output-available':
				$this->verbose( 'tool: ' . $this->json( $part['output'] ) );
				break;
			case 'tool-output-error':
				$this->verbose( "tool: {$part['errorText']}" );
				break;
			case 'data-turn':
				$this->outcome = (string) $part['data']['outcome'];
				$this->verbose( $this->json( $part['data'] ) );
				break;
			case 'error':
				$this->end_text();
				fwrite( STDERR, $this->printable( (string) $part['errorText'] ) . "\n" );
				break;
			case 'abort':
				$this->end_text();
				fwrite( STDERR, "the site cut the answer short\n" );
				break;
		}
	}

	private function end_text(): void {
		if ( $this->in_text ) {
			echo "\n";
			$this->in_text = false;
		}
	}

	/** A terminal obeys control characters. */
	private function printable( string $text ): string {
		return preg_replace( '/[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/', '', $text );
	}
}
