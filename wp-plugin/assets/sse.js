/*
 * Server-sent events over fetch. EventSource knows neither POST nor a body, so the stream is read here.
 * This file imports nothing and touches no page: tests/browser/widget_units.mjs runs it under Node.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/** No event of ours comes near this; a stream that never ends a line must not fill the memory of the page. */
const LARGEST_EVENT = 1 << 20;

/** Takes the text of a stream in any pieces and gives the data of each event as soon as it is whole. */
export class EventLines {
	#rest = '';
	#data = [];
	#afterReturn = false;

	/** @param {string} text the next piece @returns {string[]} the data of the events that it completed */
	push( text ) {
		if ( text === '' ) {
			return [];
		}
		// CR, LF and CRLF all end a line. A CR ends it at once; the LF that may open the next piece belongs to it.
		if ( this.#afterReturn && text[ 0 ] === '\n' ) {
			text = text.slice( 1 );
		}
		this.#rest += text;
		this.#afterReturn = this.#rest.endsWith( '\r' );
		const lines = this.#rest.split( /\r\n|\r|\n/ );
		this.#rest = lines.pop();
		const events = [];
		for ( const line of lines ) {
			this.#line( line, events );
		}
		if ( this.#rest.length > LARGEST_EVENT || this.#data.length > LARGEST_EVENT ) {
			throw new Error( 'an event without an end' );
		}
		return events;
	}

	/** The stream has ended: what stands there without its blank line. The caller sees whether it is whole. */
	end() {
		const events = [];
		this.#line( this.#rest, events );
		this.#line( '', events );
		this.#rest = '';
		return events;
	}

	#line( line, events ) {
		if ( line === '' ) {
			if ( this.#data.length > 0 ) {
				events.push( this.#data.join( '\n' ) );
				this.#data = [];
			}
			return;
		}
		// A line that opens with a colon is a comment: its field has no name. Other fields are not used here.
		const colon = line.indexOf( ':' );
		if ( ( colon < 0 ? line : line.slice( 0, colon ) ) === 'data' ) {
			this.#data.push( colon < 0 ? '' : line.slice( line[ colon + 1 ] === ' ' ? colon + 2 : colon + 1 ) );
		}
	}
}

/** The event that a piece of data is, `{ type: 'DONE' }` for the last one, null for what is none. */
export function toEvent( data ) {
	if ( data.trim() === '[DONE]' ) {
		return { type: 'DONE' };
	}
	try {
		const event = JSON.parse( data );
		return event && typeof event.type === 'string' ? event : null;
	} catch {
		return null; // one broken event costs itself, not the rest of the answer
	}
}

/**
 * @param {ReadableStream} body of a response
 * @param {() => void} heard called whenever bytes come, comments too: somebody is still there
 */
export async function* readEvents( body, heard ) {
	const reader = body.getReader();
	const decoder = new TextDecoder();
	const lines = new EventLines();
	try {
		for ( let ended = false; ! ended; ) {
			const { done, value } = await reader.read();
			ended = done;
			heard();
			const texts = done ? lines.push( decoder.decode() ).concat( lines.end() ) : lines.push( decoder.decode( value, { stream: true } ) );
			for ( const text of texts ) {
				const event = toEvent( text );
				if ( event ) {
					yield event;
				}
			}
		}
	} finally {
		reader.cancel().catch( () => {} ); // whoever stops listening also hangs up
	}
}
