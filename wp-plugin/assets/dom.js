/*
 * Elements without markup: every text goes in as a text node, so nothing that a server, a model or a visitor wrote can
 * become an element. No file of this folder sets HTML.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Paths on a 24 by 24 grid, drawn as lines. */
const ICONS = {
	close: [ 'M6.5 6.5l11 11', 'M17.5 6.5l-11 11' ],
	send: [ 'M12 19V5.5', 'M6 11.5l6-6 6 6' ],
	stop: [ 'M7.5 7.5h9v9h-9Z' ],
	file: [ 'M13.5 4H7a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 7 20h10a1.5 1.5 0 0 0 1.5-1.5V9Z', 'M13.5 4v5h5' ],
};

/**
 * @param {string} name
 * @param {Object} attributes values of null and false are left out, true is an empty value, functions are listeners
 * @param {...(Node|string|null)} children
 */
export function el( name, attributes = {}, ...children ) {
	const element = document.createElement( name );
	for ( const [ key, value ] of Object.entries( attributes ) ) {
		if ( typeof value === 'function' ) {
			element.addEventListener( key, value );
		} else if ( value !== null && value !== false ) {
			element.setAttribute( key, value === true ? '' : value );
		}
	}
	element.append( ...children.filter( ( child ) => child !== null ) );
	return element;
}

export function icon( name ) {
	const svg = document.createElementNS( SVG, 'svg' );
	svg.setAttribute( 'viewBox', '0 0 24 24' );
	svg.setAttribute( 'aria-hidden', 'true' );
	svg.setAttribute( 'focusable', 'false' );
	for ( const d of ICONS[ name ] ) {
		const path = document.createElementNS( SVG, 'path' );
		path.setAttribute( 'd', d );
		svg.append( path );
	}
	return svg;
}

/**
 * @param {URL} url checked already
 * @param {?string} newTab words for a link that opens a tab of its own
 */
export function link( url, text, newTab, attributes = {} ) {
	const leaves = url.protocol.startsWith( 'http' ) && url.origin !== window.location.origin;
	return el( 'a', {
		href: url.href,
		rel: 'nofollow noopener noreferrer',
		target: leaves ? '_blank' : null,
		title: leaves ? newTab : null,
		...attributes,
	}, text );
}
