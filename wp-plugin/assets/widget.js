/*
 * The chat of a page: turns each `[data-aiguy]` element into a button at the lower edge. The rest is loaded when somebody
 * means to use it.
 *
 * A shadow root of its own: themes style `button`, `textarea`, `p` and `*`, often with !important, and none of that gets
 * in here, as nothing of widget.css gets out. What a theme may set are custom properties on `.aiguy` or `:root`:
 * --aiguy-accent and --aiguy-accent-text (button and visitor's words), --aiguy-font, --aiguy-offset-x, --aiguy-offset-y
 * (distance from the corner), --aiguy-z (100000: above the admin bar, below the dialogs of core).
 *
 * Strings: the attribute data-strings holds a JSON object with any of the keys of STRINGS below; others are left as they
 * are. A key tool_<name> is said while the tool of that name runs. data-contact-label goes before the key contact.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

const STRINGS = {
	launcher: 'Ask a question',
	title: 'Help',
	subtitle: 'Automated assistant',
	close: 'Close',
	log: 'Conversation',
	greeting: 'Hello! Ask about an order, an invoice, shipping or returns.',
	you: 'You:',
	assistant: 'Answer:',
	field: 'Your question',
	field_hint: 'Enter sends, Shift and Enter start a new line.',
	send: 'Send',
	stop: 'Stop',
	stopped: 'You stopped this answer.',
	incomplete: 'This answer is incomplete.',
	thinking: 'One moment…',
	tool: 'Looking that up…',
	tool_get_order_status: 'Looking up your order…',
	tool_get_invoice_pdf: 'Getting your invoice…',
	tool_retrieve_docs: 'Reading the help pages…',
	sources: 'Sources:',
	new_tab: 'opens in a new tab',
	contact: 'Contact us',
	try_again: 'Try again',
	error: 'Something went wrong. Please try again.',
	error_connection: 'The connection was lost. Please try again.',
	error_session: 'The chat cannot be reached right now.',
	error_long: 'Your question is longer than 2000 characters. Please shorten it.',
	proof_title: 'Is this your order?',
	proof_intro: 'Please confirm it with the e-mail address on the bill. The address does not become part of the chat.',
	proof_order: 'Order number',
	proof_email: 'Billing e-mail address',
	proof_submit: 'Confirm',
	proof_cancel: 'Cancel',
	proof_missing: 'Please enter the order number and the billing e-mail address.',
	proof_email_invalid: 'Please enter an e-mail address like name@example.com.',
};

const PARTS = [ 'dom', 'links', 'sse', 'talk', 'reply', 'proof', 'panel' ];
const SHEETS = [ 'panel', 'log' ];

/**
 * The other files carry the version of this one (`?ver=`), which a plain `import … from './panel.js'` would leave out:
 * after an update a browser would mix old and new ones. So they import nothing, and get each other's exports as one kit.
 */
let kit = null;
function loadKit() {
	kit ??= Promise.all( PARTS.map( ( part ) => import( versioned( `./${ part }.js` ) ) ) ).then( ( parts ) => Object.assign( {}, ...parts ) );
	kit.catch( () => {
		kit = null;
	} );
	return kit;
}

function versioned( path ) {
	const url = new URL( path, import.meta.url );
	url.search = new URL( import.meta.url ).search;
	return url.href;
}

/** Style sheets into a shadow root. A sheet that does not come makes it plain, not unusable. */
function style( root, names ) {
	return Promise.all( names.map( ( name ) => new Promise( ( resolve ) => {
		const link = make( root, 'link', { rel: 'stylesheet', href: versioned( `./${ name }.css` ) } );
		link.addEventListener( 'load', resolve );
		link.addEventListener( 'error', resolve );
	} ) ) );
}

function stringsOf( { strings, contactLabel } ) {
	const all = { ...STRINGS };
	try {
		for ( const [ key, value ] of Object.entries( JSON.parse( strings ?? '{}' ) ) ) {
			if ( typeof value === 'string' ) {
				all[ key ] = value;
			}
		}
	} catch {
		// The English ones are better than none.
	}
	all.contact = contactLabel || all.contact;
	return all;
}

function contactOf( { contactUrl } ) {
	try {
		const url = new URL( contactUrl, document.baseURI );
		return contactUrl && [ 'https:', 'http:', 'mailto:', 'tel:' ].includes( url.protocol ) ? url : null;
	} catch {
		return null;
	}
}

/** Elements for the few things that stand before the kit is there. */
function make( parent, name, attributes, text = '' ) {
	const element = document.createElement( name );
	for ( const [ key, value ] of Object.entries( attributes ) ) {
		element.setAttribute( key, value );
	}
	element.textContent = text;
	parent.append( element );
	return element;
}

/** A speech bubble, and the arrow that takes its place while the panel is open. */
function mark() {
	const draw = ( name, attributes, parent ) => {
		const element = document.createElementNS( 'http://www.w3.org/2000/svg', name );
		for ( const [ key, value ] of Object.entries( attributes ) ) {
			element.setAttribute( key, value );
		}
		parent?.append( element );
		return element;
	};
	const svg = draw( 'svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' } );
	draw( 'path', { class: 'bubble', d: 'M20.5 11.5a8 8 0 0 1-8 8H4l2-3.2a8 8 0 1 1 14.5-4.8Z' }, svg );
	draw( 'path', { class: 'arrow', d: 'M6 9.5l6 6 6-6' }, svg );
	return svg;
}

function start( host ) {
	const { sessionUrl, chatUrl, proofUrl, nonceUrl } = host.dataset;
	const strings = stringsOf( host.dataset );
	const contact = contactOf( host.dataset );
	const lang = host.closest( '[lang]' )?.lang;

	// To the end of the body: an ancestor with a transform, a filter or overflow would take "fixed" to itself.
	host.dir = getComputedStyle( host ).direction;
	if ( lang ) {
		host.lang = lang;
	}
	document.body.append( host );
	host.style.cssText = 'all: initial !important; position: fixed !important; inset-block-end: 0 !important; inset-inline-end: 0 !important; z-index: var(--aiguy-z, 100000) !important';

	const root = host.attachShadow( { mode: 'open' } );
	const box = make( root, 'div', { class: 'box' } );
	box.style.display = 'none';
	style( root, [ 'widget' ] ).then( () => box.style.removeProperty( 'display' ) );

	const launcher = make( box, 'button', { type: 'button', class: 'launcher', 'aria-expanded': 'false', 'aria-controls': 'panel' } );
	launcher.append( mark() );
	make( launcher, 'span', {}, strings.launcher );
	const section = make( box, 'section', { id: 'panel', class: 'panel', role: 'dialog', 'aria-labelledby': 'title', 'aria-describedby': 'subtitle', hidden: '' } );

	let panel = null;
	let styled = null;
	const open = async () => {
		launcher.setAttribute( 'aria-busy', 'true' );
		box.querySelector( '.unreachable' )?.remove();
		try {
			styled ??= style( root, SHEETS );
			const [ parts ] = await Promise.all( [ loadKit(), styled ] );
			panel ??= new parts.Panel( parts, section, launcher, { strings, contact, urls: { session: sessionUrl, chat: chatUrl, proof: proofUrl, nonce: nonceUrl } } );
			panel.open();
		} catch {
			const oops = make( box, 'p', { class: 'unreachable', role: 'alert' }, strings.error_session + ' ' );
			if ( contact ) {
				make( oops, 'a', { href: contact.href }, strings.contact );
			}
		}
		launcher.removeAttribute( 'aria-busy' );
	};
	launcher.addEventListener( 'click', () => section.hidden ? open() : panel.close() );
	launcher.addEventListener( 'pointerenter', () => loadKit().catch( () => {} ), { once: true, passive: true } );
	box.addEventListener( 'keydown', ( event ) => {
		if ( event.key === 'Escape' && ! event.isComposing && ! section.hidden ) {
			panel.close();
		}
	} );
}

// Without streams the element stays what the page made it: a link to people.
if ( window.ReadableStream && window.TextDecoder && window.AbortController && 'body' in Response.prototype ) {
	const seen = new Set();
	for ( const host of document.querySelectorAll( '[data-aiguy]' ) ) {
		const url = host.dataset.sessionUrl;
		if ( url && ! seen.has( url ) ) {
			seen.add( url );
			start( host );
		} else if ( url ) {
			host.hidden = true; // the page has this chat already: one button is enough
		}
	}
}
