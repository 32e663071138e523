/*
 * One answer in the log: grows with the events of its stream, and is built from the parts of a stored message the same way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/** A date, the number of an order or an invoice: torn at a hyphen at the end of a line, it is hard to read and to copy. */
const NUMBER = /\b((?=[A-Z-]*[0-9])[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){1,2})\b/;

export class Reply {
	/** The turn's last word: outcome, degraded, proof. */
	turn = {};
	/** The server's words for a failure, '' if there was none. */
	error = '';
	/** The server ended the answer before its time. */
	cut = false;

	#kit;
	#strings;
	#blocks = new Map();
	#text;
	#sources;
	#files;
	#status = null;
	#known = new Set();

	/**
	 * @param {Object} kit the functions of dom.js and links.js
	 * @param {Object} strings
	 */
	constructor( kit, strings ) {
		const { el } = kit;
		this.#kit = kit;
		this.#strings = strings;
		this.#text = el( 'div', { class: 'text' } );
		this.#sources = el( 'ul' );
		this.#files = el( 'div', { class: 'files', hidden: true } );
		this.element = el( 'div', { class: 'message assistant' }, el( 'span', { class: 'unseen' }, strings.assistant + ' ' ), this.#text, this.#files );
	}

	get empty() {
		return this.#text.childElementCount === 0 && this.#known.size === 0;
	}

	/** The stream is open and nothing has come yet. */
	wait() {
		this.#say( this.#strings.thinking );
	}

	/** @param {Object} event of the stream */
	hear( event ) {
		switch ( event.type ) {
			case 'again':
				this.#forget();
				break;
			case 'text-start':
				this.#block( event.id, event.providerMetadata );
				break;
			case 'text-delta':
				this.#append( event.id, String( event.delta ?? '' ) );
				break;
			case 'tool-input-available':
				this.#say( this.#strings[ 'tool_' + event.toolName ] ?? this.#strings.tool );
				break;
			case 'source-url':
				this.#source( event );
				break;
			case 'file':
				this.#file( event );
				break;
			case 'data-turn':
				this.turn = event.data ?? {};
				break;
			case 'error':
				this.error = String( event.errorText || this.#strings.error );
				break;
			case 'abort':
				this.cut = true;
				break;
		}
	}

	/** A message of the history. */
	show( parts ) {
		for ( const [ index, part ] of parts.entries() ) {
			if ( part.type === 'text' ) {
				this.#block( index, part.providerMetadata );
				this.#append( index, String( part.text ?? '' ) );
			} else {
				this.hear( part );
			}
		}
	}

	/** Nothing more will come. @param {string} remark about how it ended, '' for as it should */
	settle( remark = '' ) {
		this.#quiet();
		for ( const block of this.#blocks.values() ) {
			const last = block.lastChild?.lastChild;
			if ( last?.nodeType === Node.TEXT_NODE ) {
				last.data = last.data.trimEnd(); // white space is kept in a block, so a line end at its end would show
			}
			if ( block.textContent === '' ) {
				block.remove();
			}
		}
		if ( remark !== '' ) {
			this.element.append( this.#kit.el( 'p', { class: 'remark' }, remark ) );
		}
	}

	#forget() {
		this.#blocks.clear();
		this.#known.clear();
		this.#text.replaceChildren();
		this.#files.replaceChildren();
		this.#files.hidden = true;
		this.#sources.parentElement?.remove();
		this.#sources = this.#kit.el( 'ul' );
		this.turn = {};
		this.#say( this.#strings.thinking );
	}

	#block( id, metadata ) {
		const notice = metadata?.aiguy?.kind === 'notice';
		const block = this.#kit.el( 'p', { class: notice ? 'notice' : null, dir: 'auto' } );
		this.#blocks.set( id, block );
		this.#text.append( block );
		return block;
	}

	/** A delta is a whole sentence, and becomes an element of its own: so a screen reader hears it once, as a whole. */
	#append( id, delta ) {
		const { el, link, findLinks } = this.#kit;
		const block = this.#blocks.get( id ) ?? this.#block( id );
		const sentence = block.hasChildNodes() ? delta : delta.trimStart();
		if ( sentence === '' ) {
			return;
		}
		this.#quiet();
		const words = ( text ) => text.split( NUMBER ).map( ( part, index ) => index % 2 === 1 ? el( 'span', { class: 'number' }, part ) : part );
		const parts = findLinks( sentence ).flatMap( ( part ) => typeof part === 'string' ? words( part ) : link( part.url, part.text, this.#strings.new_tab ) );
		block.append( el( 'span', {}, ...parts ) );
	}

	#source( { url, title } ) {
		const address = this.#newAddress( url );
		if ( ! address ) {
			return;
		}
		const { el, link } = this.#kit;
		if ( ! this.#sources.parentElement ) {
			this.element.append( el( 'div', { class: 'sources' }, el( 'span', {}, this.#strings.sources ), this.#sources ) );
		}
		this.#sources.append( el( 'li', { dir: 'auto' }, link( address, String( title || address.host ), this.#strings.new_tab ) ) );
	}

	#file( { url, filename } ) {
		const address = this.#newAddress( url );
		if ( ! address ) {
			return;
		}
		const { link, icon } = this.#kit;
		const button = link( address, String( filename || fileName( address ) ), this.#strings.new_tab, { class: 'file', target: '_blank', title: this.#strings.new_tab } );
		button.prepend( icon( 'file' ) );
		this.#files.append( button );
		this.#files.hidden = false;
	}

	/** An address that a person may follow, if this answer does not name it yet. */
	#newAddress( text ) {
		const address = this.#kit.webAddress( String( text ) );
		if ( ! address || this.#known.has( address.href ) ) {
			return null;
		}
		this.#known.add( address.href );
		return address;
	}

	#say( words ) {
		this.#quiet();
		const { el } = this.#kit;
		this.#status = el( 'p', { class: 'status' }, el( 'span', { class: 'dots', 'aria-hidden': 'true' }, el( 'i' ), el( 'i' ), el( 'i' ) ), el( 'span', {}, words ) );
		this.element.append( this.#status );
	}

	#quiet() {
		this.#status?.remove();
		this.#status = null;
	}
}

function fileName( url ) {
	const last = url.pathname.split( '/' ).pop();
	try {
		return decodeURIComponent( last ) || url.host;
	} catch {
		return last;
	}
}
