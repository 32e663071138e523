/*
 * For whoever uses the keyboard or a screen reader, a small screen, dark colours, no motion, or a script from right to left.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { assert, holds, test } from './harness.mjs';
import { calls, says, script, until } from './site.mjs';
import { visitor } from './visitor.mjs';

const axe = readFileSync( createRequire( process.env.BROWSER_MODULES + '/' ).resolve( 'axe-core/axe.min.js' ), 'utf8' );
const CANADA = 'How much does shipping to Canada cost?';
const ORDER = 'Where is my order ABC-12345?';

/** What axe-core finds serious in the widget. */
async function violations( widget ) {
	await widget.page.evaluate( axe );
	const { violations: found } = await widget.page.evaluate( () => window.axe.run( { include: [ '.aiguy' ] }, { resultTypes: [ 'violations' ] } ) );
	return found.filter( ( { impact } ) => [ 'serious', 'critical' ].includes( impact ) ).map( ( { id, nodes } ) => `${ id }: ${ nodes.map( ( { html, failureSummary } ) => `${ html } ${ failureSummary }` ).join( '; ' ) }` );
}

for ( const colorScheme of [ 'light', 'dark' ] ) {
	test( 'local', `axe finds nothing serious in the widget, closed, open, with an answer, a form and an error: ${ colorScheme }`, async () => {
		const guest = await visitor( { colorScheme } );
		guest.expect( /status of 502/ );
		const widget = await guest.visit( '/help/' );
		await widget.find( '.launcher' ).waitFor();
		assert.deepEqual( await violations( widget ), [], 'closed' );
		await widget.open();
		assert.deepEqual( await violations( widget ), [], 'open' );
		await widget.ask( CANADA );
		await widget.ask( ORDER );
		await widget.find( 'form.proof .primary' ).click(); // an empty address: the form says so
		await widget.page.route( '**/chat', ( route ) => route.fulfill( { status: 502 } ) );
		await widget.send( CANADA );
		await widget.settled();
		assert.equal( await widget.find( '#proof-error' ).isVisible(), true );
		assert.notEqual( await widget.error(), '' );
		assert.deepEqual( await violations( widget ), [], 'in use' );
	} );
}

test( 'local', 'with the keyboard alone: open, ask, follow a source, show whose order it is, close', async () => {
	const widget = await ( await visitor() ).visit( '/help/' );
	const press = ( key ) => widget.page.keyboard.press( key );
	await widget.find( '.launcher' ).waitFor();
	for ( let i = 0; await widget.focus() !== 'launcher'; i++ ) {
		assert.ok( i < 80, 'the launcher is reached with Tab' );
		await press( 'Tab' );
	}
	await press( 'Enter' );
	await widget.ready();
	assert.equal( await widget.focus(), 'field' );
	assert.equal( await widget.find( '.launcher' ).getAttribute( 'aria-expanded' ), 'true' );
	await widget.page.keyboard.type( CANADA );
	await press( 'Shift+Enter' );
	await widget.page.keyboard.type( 'And how long does it take?' );
	await press( 'Enter' );
	await widget.find( '.assistant .text span' ).first().waitFor();
	await widget.settled();
	assert.equal( ( await widget.log() ).find( ( { who } ) => who === 'visitor' ).text, `${ CANADA }\nAnd how long does it take?` );
	assert.equal( await widget.focus(), 'field' );
	// Back over the answer's links to the log itself; each stop can be seen.
	const stops = [];
	while ( ! stops.includes( 'log' ) ) {
		assert.ok( stops.length < 10, 'the log is reached with Shift and Tab' );
		await press( 'Shift+Tab' );
		const stop = await widget.page.evaluate( () => {
			const element = document.querySelector( '[data-aiguy]' ).shadowRoot.activeElement;
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle( element );
			return { name: element.className || element.tagName, seen: outlineStyle !== 'none' && outlineWidth !== '0px' || boxShadow !== 'none' };
		} );
		assert.ok( stop.seen, `the focus on ${ stop.name } cannot be seen` );
		stops.push( stop.name );
	}
	assert.ok( stops.length > 1, 'the sources are on the way' );
	await press( 'Escape' );
	await widget.find( '.panel' ).waitFor( { state: 'hidden' } );
	assert.equal( await widget.focus(), 'launcher' );
	await press( 'Enter' );
	await widget.find( '.panel' ).waitFor();
	await widget.page.keyboard.type( ORDER );
	await press( 'Enter' );
	await until( 'the focus in the form', async () => await widget.focus() === 'proof-email' );
	await widget.page.keyboard.type( 'nora.quist@example.com' );
	await press( 'Enter' );
	await widget.page.waitForFunction( () => document.querySelector( '[data-aiguy]' ).shadowRoot.textContent.includes( 'Parcelway' ) );
	await widget.settled();
	assert.equal( await widget.focus(), 'field' );
	await press( 'Escape' );
	await widget.find( '.panel' ).waitFor( { state: 'hidden' } );
	assert.equal( await widget.focus(), 'launcher' );
} );

test( 'model', 'a screen reader hears whole sentences, each once; and nothing of the history again', async () => {
	script( 'model', calls( 'get_order_status', { order_number: 'ABC-12345' } ), 'pace 150\nwords Your order ABC-12345 has shipped. It is expected on 2026-11-25. Have a good day!\nfinish stop' );
	const widget = await ( await visitor( { as: 'nora' } ) ).chat( '/help/' );
	// What a browser tells of: text that is added below a live region which is not off.
	await widget.page.evaluate( () => {
		window.heard = [];
		const root = document.querySelector( '[data-aiguy]' ).shadowRoot;
		new MutationObserver( ( records ) => {
			for ( const { addedNodes, target } of records ) {
				const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
				const live = ( node ) => node.closest( '[aria-live], [role=alert], [role=status]' );
				for ( const node of addedNodes ) {
					const region = live( node.nodeType === Node.ELEMENT_NODE ? node : element );
					if ( region && region.getAttribute( 'aria-live' ) !== 'off' && ! node.matches?.( '[aria-hidden]' ) ) {
						window.heard.push( node.textContent.trim() );
					}
				}
			}
		} ).observe( root, { childList: true, subtree: true, characterData: true } );
	} );
	const log = widget.find( '.log' );
	await until( 'the region to be on', async () => await log.getAttribute( 'aria-live' ) === 'polite' );
	await widget.ask( ORDER );
	const heard = ( await widget.page.evaluate( () => window.heard ) ).filter( ( text ) => text !== '' );
	const sentences = [ 'Your order ABC-12345 has shipped.', 'It is expected on 2026-11-25.', 'Have a good day!' ];
	assert.deepEqual( heard.filter( ( text ) => sentences.some( ( sentence ) => text.includes( sentence ) || sentence.includes( text ) ) ), sentences );
	holds( heard.join( '|' ), 'One moment' );
	assert.equal( await log.getAttribute( 'role' ), 'log' );
	// Who said what can be heard, too; the history comes with the region off.
	await widget.page.reload();
	await widget.find( '.launcher' ).click();
	await widget.find( '.assistant' ).waitFor();
	assert.equal( await log.getAttribute( 'aria-live' ), 'off' );
	await until( 'the region to be on again', async () => await log.getAttribute( 'aria-live' ) === 'polite' );
	holds( await log.evaluate( ( element ) => element.textContent ), [ 'You:', 'Answer:' ] );
} );

/** What sticks out of the window or of its own box. */
const fits = ( widget ) => widget.page.evaluate( () => {
	const root = document.querySelector( '[data-aiguy]' ).shadowRoot;
	const out = [];
	for ( const element of root.querySelectorAll( '.launcher, .panel, .panel *' ) ) {
		const box = element.getBoundingClientRect();
		if ( box.width > 1 && element.checkVisibility() && ! element.closest( 'svg' ) && ( box.left < -0.5 || box.right > innerWidth + 0.5 ) ) {
			out.push( `${ element.tagName }.${ element.className } ${ box.left } ${ box.right }` );
		}
	}
	const log = root.querySelector( '.log' );
	return out.concat( log && log.scrollWidth > log.clientWidth ? [ 'the log scrolls sideways' ] : [], document.documentElement.scrollWidth > innerWidth ? [ 'the page scrolls sideways' ] : [] );
} );

test( 'local', 'at 360 pixels everything has its place: launcher, panel, answers, form, error; fingers find the buttons', async () => {
	const guest = await visitor( { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true } );
	guest.expect( /status of 502/ );
	const widget = await guest.visit( '/help/' );
	await widget.find( '.launcher' ).waitFor();
	assert.deepEqual( await fits( widget ), [] );
	await widget.find( '.launcher' ).tap();
	await widget.ready();
	await widget.ask( CANADA );
	await widget.ask( 'Averyveryverylongwordwithoutanyplacetobreakit'.repeat( 6 ) );
	await widget.ask( ORDER );
	await until( 'the field of the address in sight', () => widget.find( '#proof-email' ).evaluate( ( field ) => {
		const { top, bottom } = field.getBoundingClientRect();
		const log = field.closest( '.log' ).getBoundingClientRect();
		return top >= log.top && bottom <= log.bottom;
	} ), 3 );
	await widget.page.route( '**/chat', ( route ) => route.fulfill( { status: 502 } ) );
	await widget.send( CANADA );
	await widget.settled();
	assert.deepEqual( await fits( widget ), [] );
	for ( const name of [ '.close', '.send', '.error button', 'form.proof .primary' ] ) {
		const { width, height } = await widget.find( name ).boundingBox();
		assert.ok( width >= 24 && height >= 24, `${ name } has ${ width } by ${ height } pixels` );
	}
	// Telephones zoom in on fields with smaller letters, and do not zoom out again.
	assert.ok( await widget.find( '#field' ).evaluate( ( field ) => parseFloat( getComputedStyle( field ).fontSize ) ) >= 16 );
	await widget.find( '.close' ).tap();
	await widget.find( '.panel' ).waitFor( { state: 'hidden' } );
} );

test( 'local', 'dark where the visitor wants it dark, still where they want no motion', async () => {
	const shades = [];
	for ( const colorScheme of [ 'light', 'dark' ] ) {
		const widget = await ( await visitor( { colorScheme, reducedMotion: 'reduce' } ) ).chat( '/help/' );
		shades.push( await widget.find( '.panel' ).evaluate( ( panel ) => {
			const [ r, g, b ] = getComputedStyle( panel ).backgroundColor.match( /\d+/g ).map( Number );
			return r + g + b;
		} ) );
		await widget.page.route( '**/chat', () => {} ); // never answered: the widget waits
		await widget.send( CANADA );
		await widget.find( '.status' ).waitFor();
		const moving = await widget.page.evaluate( () => document.querySelector( '[data-aiguy]' ).shadowRoot.getAnimations()
			.filter( ( { playState, effect } ) => playState === 'running' && effect.getComputedTiming().duration > 1 ).length );
		assert.equal( moving, 0 );
	}
	assert.ok( shades[ 0 ] > 600 && shades[ 1 ] < 200, shades.join() );
} );

test( 'local', 'on a page from right to left the widget stands on the left, and text goes as its own script does', async () => {
	const guest = await visitor();
	await guest.context.addInitScript( () => {
		new MutationObserver( ( records, observer ) => {
			if ( document.documentElement ) {
				document.documentElement.dir = 'rtl';
				observer.disconnect();
			}
		} ).observe( document, { childList: true } );
	} );
	const widget = await guest.chat( '/help/' );
	const { x, width } = await widget.find( '.launcher' ).boundingBox();
	assert.ok( x + width / 2 < 640, `the launcher is at ${ x }` );
	await widget.ask( 'كم تكلفة الشحن؟' );
	await widget.ask( CANADA );
	assert.deepEqual( await fits( widget ), [] );
	const directions = await widget.page.evaluate( () => [ ...document.querySelector( '[data-aiguy]' ).shadowRoot.querySelectorAll( '.message .text, .message .text p' ) ]
		.filter( ( element ) => element.dir === 'auto' ).map( ( element ) => getComputedStyle( element ).direction ) );
	assert.deepEqual( directions.slice( 0, 1 ).concat( directions.slice( -1 ) ), [ 'rtl', 'ltr' ] );
	const send = await widget.find( '.send' ).boundingBox(), field = await widget.find( '#field' ).boundingBox();
	assert.ok( send.x < field.x, 'the button Send stands at the end of the line, which is left' );
} );
