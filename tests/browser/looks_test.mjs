/*
 * Pictures for people, in build/screenshots/: look at them after a change of the widget. Little is asserted here.
 */
import { assert, picture, test } from './harness.mjs';
import { SITE, calls, says, script } from './site.mjs';
import { visitor } from './visitor.mjs';

const PHONE = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const CANADA = 'How much does shipping to Canada cost?';
const ORDER = 'Where is my order ABC-12345?';

test( 'local', 'pictures: desktop, closed and open, on the front page and a help page', async () => {
	const nora = await visitor( { as: 'nora' } );
	for ( const [ name, path ] of [ [ 'front', '/' ], [ 'help', '/help/' ], [ 'product', '/products/ridgeline-rain-jacket/' ] ] ) {
		const widget = await nora.visit( path );
		await widget.find( '.launcher' ).waitFor();
		await picture( widget.page, `desktop-${ name }-closed` );
		await widget.open();
		await picture( widget.page, `desktop-${ name }-open` );
		if ( name === 'front' ) {
			await widget.ask( ORDER );
			await widget.ask( CANADA );
			await widget.ask( 'Send me the invoice for order ABC-12345' );
			await picture( widget.page, 'desktop-sources-and-file' );
		}
		await widget.page.close();
	}
} );

for ( const [ name, options ] of [ [ 'phone', PHONE ], [ 'phone-dark', { ...PHONE, colorScheme: 'dark' } ], [ 'dark', { colorScheme: 'dark' } ] ] ) {
	test( 'local', `pictures: ${ name }, with an answer, a proof and an error`, async () => {
		const guest = await visitor( options );
		guest.expect( /status of 502/ );
		const widget = await guest.visit( '/' );
		if ( options.colorScheme === 'dark' ) {
			// The theme is light only: a dark page needs colours of its own.
			await widget.page.addStyleTag( { content: 'body, body * { background: #111 !important; color: #ddd !important; border-color: #333 !important; }' } );
		}
		await widget.find( '.launcher' ).waitFor();
		await picture( widget.page, `${ name }-closed` );
		await widget.open();
		await picture( widget.page, `${ name }-open` );
		await widget.ask( CANADA );
		await picture( widget.page, `${ name }-answer` );
		await widget.ask( ORDER );
		await picture( widget.page, `${ name }-proof` );
		await widget.find( '#proof-email' ).fill( 'nobody@example.com' );
		await widget.find( 'form.proof .primary' ).click();
		await widget.page.waitForFunction( () => document.querySelector( '[data-aiguy]' ).shadowRoot.querySelector( '#proof-error' ).textContent !== '' );
		await picture( widget.page, `${ name }-proof-wrong` );
		await widget.page.route( '**/chat', ( route ) => route.fulfill( { status: 502 } ) );
		await widget.send( CANADA );
		await widget.settled();
		await picture( widget.page, `${ name }-error` );
	} );
}

test( 'model', 'pictures: a long answer, one that is coming in, one that stopped', async () => {
	const long = [ `According to Returns (${ SITE }/help/returns/), you can return an item within 30 days of delivery.`,
		'Put the shoes into their own box, and the box into another one.', 'Please do not tape the shoe box itself.', 'Print the label, and keep the receipt until you have the money.' ].join( ' ' );
	const one = await visitor( { as: 'nora' } );
	for ( const [ name, size ] of [ [ 'desktop', { width: 1280, height: 800 } ], [ 'phone', { width: 360, height: 640 } ] ] ) {
		script( 'model', says( `${ long }\n\n${ 'Pack it dry and keep it cool. '.repeat( 60 ) }\n\n- First the boots.\n- Then the tent, which has to be dry.` ) );
		const widget = await one.visit( '/help/' );
		await widget.page.setViewportSize( size );
		await widget.open();
		await widget.ask( 'How long do I have to return an item?' );
		await picture( widget.page, `${ name }-long-answer` );
		script( 'model', calls( 'get_order_status', { order_number: 'ABC-12345' } ), 'text Your order ABC-12345 has shipped. It is\nstall' );
		await widget.send( ORDER );
		await widget.find( '.assistant:last-of-type .text span' ).first().waitFor();
		await picture( widget.page, `${ name }-coming-in` );
		await widget.find( '.stop' ).click();
		await widget.settled();
		await picture( widget.page, `${ name }-stopped` );
		assert.equal( ( await widget.last() ).remark, 'You stopped this answer.' );
		await widget.page.close();
	}
} );
