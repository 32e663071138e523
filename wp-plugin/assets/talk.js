/*
 * What the widget says to the server and hears from it: the session, a question with its stream of events, a proof.
 * Nothing here knows the page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/** The server writes a comment every two seconds while it waits; this long without a byte, nobody is there any more. */
const SILENCE_MS = 30000;
const AGAIN_AFTER_MS = 1000;

/** A failure that asking again at once does not mend. `words`: the server's own, for people, or empty. */
export class Trouble extends Error {
	constructor( status, words ) {
		super( words || `status ${ status }` );
		this.status = status;
		this.words = words;
	}
}

/** 128 random bits. crypto.randomUUID would ask for HTTPS, which a shop in somebody's laboratory has not. */
export function newId() {
	return Array.from( crypto.getRandomValues( new Uint8Array( 16 ) ), ( byte ) => byte.toString( 16 ).padStart( 2, '0' ) ).join( '' );
}

export class Talk {
	#urls;
	#readEvents;
	#key;
	#memory = '';

	/**
	 * @param {{session: string, chat: string, proof: string, nonce: string}} urls
	 * @param {Function} readEvents of sse.js
	 */
	constructor( urls, readEvents ) {
		this.#urls = urls;
		this.#readEvents = readEvents;
		this.#key = 'aiguy:' + urls.session;
	}

	/**
	 * A session token from the server, which takes the place of the stored one.
	 *
	 * @returns {Promise<{subject: string, messages: Array}>}
	 */
	async open() {
		const stored = this.#token();
		let answer = await this.#session( stored );
		if ( stored !== '' && [ 400, 401, 403 ].includes( answer.status ) ) {
			answer = await this.#session( '' ); // a token that the server no longer knows, or a login that ended in between
		}
		if ( ! answer.ok ) {
			throw await trouble( answer );
		}
		const session = await answer.json();
		if ( typeof session.token !== 'string' || session.token === '' ) {
			throw new Trouble( answer.status, '' );
		}
		this.#keep( session.token );
		return { subject: session.subject, messages: Array.isArray( session.messages ) ? session.messages : [] };
	}

	/**
	 * Asks, and hears the events of the answer until its end. When the connection breaks, the same is sent once more with the
	 * same id: had the answer been finished, the server gives it again; had it been cut short by the break, the question is
	 * asked anew. `hear( { type: 'again' } )` tells that an answer comes from its start.
	 *
	 * @param {string} message
	 * @param {string} id
	 * @param {AbortSignal} stop
	 * @param {(event: Object) => void} hear
	 */
	async ask( message, id, stop, hear ) {
		let cut = false;
		const notCut = ( event ) => {
			cut ||= event.type === 'data-turn' && event.data?.outcome === 'interrupted';
			if ( ! cut ) {
				hear( event );
			}
		};
		try {
			return await this.#listen( { message, message_id: id }, stop, hear );
		} catch ( error ) {
			await this.#again( error, stop, hear );
		}
		try {
			await this.#listen( { message, message_id: id }, stop, notCut );
			if ( cut ) {
				hear( { type: 'again' } );
				await this.#listen( { message, message_id: `${ id.slice( 0, 62 ) }-2` }, stop, hear );
			}
		} catch ( error ) {
			throw stop.aborted || error instanceof Trouble ? error : new Trouble( 0, '' );
		}
	}

	async #again( error, stop, hear ) {
		if ( stop.aborted || error instanceof Trouble ) {
			throw error;
		}
		await new Promise( ( resolve ) => setTimeout( resolve, AGAIN_AFTER_MS ) );
		hear( { type: 'again' } );
	}

	/** @returns {Promise<{ok: boolean, message: string}>} */
	async prove( orderNumber, email ) {
		const answer = await this.#post( this.#urls.proof, { order_number: orderNumber, email }, 'application/json', timeout() );
		if ( ! answer.ok ) {
			throw await trouble( answer );
		}
		const { ok, message } = await answer.json();
		return { ok: ok === true, message: String( message ?? '' ) };
	}

	async #listen( question, stop, hear ) {
		const line = new AbortController();
		const hangUp = () => line.abort();
		let silence = setTimeout( hangUp, SILENCE_MS );
		stop.addEventListener( 'abort', hangUp );
		if ( stop.aborted ) {
			hangUp(); // stopped while a broken connection waited for its second attempt
		}
		try {
			const answer = await this.#post( this.#urls.chat, question, 'text/event-stream', line.signal );
			if ( ! answer.ok || ! /^text\/event-stream/i.test( answer.headers.get( 'content-type' ) ?? '' ) ) {
				throw await trouble( answer );
			}
			let complete = false;
			const heard = () => {
				clearTimeout( silence );
				silence = setTimeout( hangUp, SILENCE_MS );
			};
			try {
				for await ( const event of this.#readEvents( answer.body, heard ) ) {
					complete ||= [ 'DONE', 'finish', 'error', 'abort' ].includes( event.type );
					hear( event );
				}
			} catch ( error ) {
				if ( ! complete ) {
					throw error;
				}
			}
			if ( ! complete ) {
				throw new Error( 'the stream ended before the answer did' );
			}
		} finally {
			clearTimeout( silence );
			stop.removeEventListener( 'abort', hangUp );
		}
	}

	/** A refused token (it ran out, or its login ended) is replaced once, and the same is sent again. */
	async #post( url, body, accept, signal ) {
		const send = () => fetch( url, {
			method: 'POST',
			credentials: 'same-origin',
			cache: 'no-store',
			headers: { 'Content-Type': 'application/json', Accept: accept },
			body: JSON.stringify( { token: this.#token(), ...body } ),
			signal,
		} );
		const answer = await send();
		if ( answer.status !== 401 ) {
			return answer;
		}
		await this.open();
		return send();
	}

	async #session( token ) {
		const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
		const nonce = await this.#nonce();
		if ( nonce !== '' ) {
			headers[ 'X-WP-Nonce' ] = nonce;
		}
		return fetch( this.#urls.session, {
			method: 'POST',
			credentials: 'same-origin',
			cache: 'no-store',
			headers,
			body: JSON.stringify( token === '' ? {} : { token } ),
			signal: timeout(),
		} );
	}

	/** A logged-in visitor gets ten hexadecimal digits here; everybody else something else, and is a guest. */
	async #nonce() {
		if ( ! this.#urls.nonce ) {
			return '';
		}
		try {
			const answer = await fetch( this.#urls.nonce, { credentials: 'same-origin', cache: 'no-store', signal: timeout() } );
			const text = answer.ok ? ( await answer.text() ).trim() : '';
			return /^[0-9a-f]{10}$/.test( text ) ? text : '';
		} catch {
			return '';
		}
	}

	/** Read each time: another tab of this page may have put a newer one there. */
	#token() {
		try {
			return localStorage.getItem( this.#key ) ?? this.#memory;
		} catch {
			return this.#memory;
		}
	}

	#keep( token ) {
		this.#memory = token;
		try {
			localStorage.setItem( this.#key, token );
		} catch {
			// Storage is blocked or full: the session then lasts as long as this page.
		}
	}
}

function timeout() {
	const control = new AbortController();
	setTimeout( () => control.abort(), SILENCE_MS );
	return control.signal;
}

/** The server's words, where they are meant for people: its own errors, and those of a full or a closed house. */
async function trouble( answer ) {
	let said = {};
	try {
		said = ( await answer.json() ) ?? {};
	} catch {
		// a page of a proxy, say
	}
	const forPeople = [ 429, 503 ].includes( answer.status ) || String( said.code ?? '' ).startsWith( 'aiguy_' );
	return new Trouble( answer.status, forPeople && typeof said.message === 'string' ? said.message : '' );
}
