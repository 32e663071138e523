/*
 * Which parts of an answer's text are links. The server lets an address through only if it stood in a cited document or
 * a tool's result; here it is made sure that the link goes exactly where its text says.
 * This file imports nothing and touches no page: tests/browser/widget_units.mjs runs it under Node.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/** The characters of RFC 3986 and no others: a letter of another alphabet is never part of a link. */
const CANDIDATE = /https?:\/\/[a-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gi;
const AUTHORITY = /^https?:\/\/([a-z0-9.-]+)(?::[0-9]{1,5})?(?=[/?#]|$)/i;

/** What ends a sentence, closes a quotation or sets a word in bold behind an address. */
const TRAILING = /[.,;:!?'*_]$/;

/** What may stand directly behind a bare host: anything else would make it another host. */
const AFTER_HOST = /^(?!\\)[\s\p{P}<>|`]/u;

/** An absolute http(s) address without a user name, or null. */
export function webAddress( text ) {
	let url;
	try {
		url = new URL( text );
	} catch {
		return null;
	}
	return ( url.protocol === 'http:' || url.protocol === 'https:' ) && url.username === '' && url.password === '' ? url : null;
}

/**
 * @param {string} text
 * @returns {Array<string|{text: string, url: URL}>} the same text in order, its links as objects
 */
export function findLinks( text ) {
	const parts = [];
	let from = 0;
	for ( const match of text.matchAll( CANDIDATE ) ) {
		const found = withoutTrailing( match[ 0 ] );
		const end = match.index + found.length;
		const url = /[a-z0-9+.-]/i.test( text.charAt( match.index - 1 ) ) ? null : linkOf( found, text.slice( end ) );
		if ( url ) {
			if ( match.index > from ) {
				parts.push( text.slice( from, match.index ) );
			}
			parts.push( { text: found, url } );
			from = end;
		}
	}
	if ( from < text.length ) {
		parts.push( text.slice( from ) );
	}
	return parts;
}

function withoutTrailing( found ) {
	for ( ; ; ) {
		const unpaired = ( found.endsWith( ')' ) && count( found, ')' ) > count( found, '(' ) ) || ( found.endsWith( ']' ) && count( found, ']' ) > count( found, '[' ) );
		if ( ! unpaired && ! TRAILING.test( found ) ) {
			return found;
		}
		found = found.slice( 0, -1 );
	}
}

function count( text, character ) {
	return text.split( character ).length - 1;
}

function linkOf( found, rest ) {
	const authority = AUTHORITY.exec( found );
	const url = authority && webAddress( found );
	// "https://shop.example@evil.example", "https://shöp.example" and "https://0x7f.1" read as one host and lead to another.
	if ( ! url || url.hostname !== authority[ 1 ].toLowerCase() ) {
		return null;
	}
	if ( authority[ 0 ].length === found.length && rest !== '' && ! AFTER_HOST.test( rest ) ) {
		return null;
	}
	return url;
}
