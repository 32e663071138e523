/*
 * A customer asks for an order and its invoice: what the answer says, how it arrives, what stays of it.
 */
import { execFileSync } from 'node:child_process';
import { assert, holds, test } from './harness.mjs';
import { SITE, calls, php, says, script, store, told, toolResults, upstream } from './site.mjs';
import { visitor } from './visitor.mjs';

const QUESTION = 'Where is my order ABC-12345?';
const STATUS = calls( 'get_order_status', { order_number: 'ABC-12345' } );
const order = store.orders.find( ( { number } ) => number === 'ABC-12345' );

test( 'local model', 'a customer who signs in by the form hears status and date of the order, from the tool', async ( brain ) => {
	script( 'model', STATUS, says( `Your order ABC-12345 has ${ order.status }. It should arrive on ${ order.expected_on } with ${ order.carrier }: ${ order.tracking_url }` ) );
	const server = upstream();
	const nora = await visitor();
	const widget = await nora.visit( `/wp-login.php?redirect_to=${ encodeURIComponent( SITE + '/help/' ) }` );
	await widget.page.fill( '#user_login', 'nora' );
	await widget.page.fill( '#user_pass', store.customers[ 0 ].password );
	await widget.page.click( '#wp-submit' );
	await widget.page.waitForURL( SITE + '/help/' );
	await widget.open();
	const answer = await widget.ask( QUESTION );
	holds( answer.text, [ 'ABC-12345', order.status, order.expected_on, order.carrier ] );
	assert.deepEqual( answer.links, [ { text: order.tracking_url, href: order.tracking_url, rel: 'nofollow noopener noreferrer', target: '_blank' } ] );
	const events = await nora.events();
	const [ { headers } ] = nora.streams;
	assert.equal( headers[ 'x-vercel-ai-ui-message-stream' ], 'v1' );
	holds( headers[ 'cache-control' ], 'no-store' );
	const called = events.find( ( { type } ) => type === 'tool-input-available' );
	assert.equal( called.toolName, 'get_order_status' );
	assert.deepEqual( events.find( ( { type } ) => type === 'tool-output-available' ).output, { status: 'ok' } );
	assert.equal( events.find( ( { type } ) => type === 'data-turn' ).data.outcome, 'answered' );
	if ( brain === 'model' ) {
		const [ , second ] = server.requests( 'model' );
		holds( toolResults( second ).join(), [ order.expected_on, order.carrier ] );
	}
} );

test( 'model', 'the first sentence is on the page while the model still holds back the second', async () => {
	script( 'model', STATUS, 'text Your order ABC-12345 has shipped. It is\nwait 2000\ntext  expected on 2026-11-25.\nfinish stop' );
	const server = upstream();
	const widget = await ( await visitor( { as: 'nora' } ) ).chat( '/help/' );
	await widget.send( QUESTION );
	await widget.find( '.assistant .text span' ).first().waitFor();
	assert.deepEqual( ( await widget.last() ).sentences.map( ( s ) => s.trim() ), [ 'Your order ABC-12345 has shipped.' ] );
	assert.equal( server.requests( 'model' )[ 1 ].ended, '', 'the model had ended already' );
	await widget.settled();
	assert.deepEqual( ( await widget.last() ).sentences.map( ( s ) => s.trim() ), [ 'Your order ABC-12345 has shipped.', 'It is expected on 2026-11-25.' ] );
	assert.equal( server.requests( 'model' )[ 1 ].ended, 'done' );
} );

test( 'local model', 'after a reload the conversation is there, and goes on', async ( brain ) => {
	script( 'model', STATUS, says( `Your order ABC-12345 has ${ order.status }.` ),
		says( `According to Returns (${ SITE }/help/returns/), you can return an item within 30 days of delivery.` ) );
	const widget = await ( await visitor( { as: 'nora' } ) ).chat( '/help/' );
	const first = await widget.ask( QUESTION );
	const second = await widget.ask( 'How long do I have to return an item?' );
	holds( second.text, [ '30 days', 'Returns' ] );
	assert.deepEqual( second.sources.map( ( { text, href } ) => [ text, href ] ), [ [ 'Returns', `${ SITE }/help/returns/` ] ] );
	await widget.page.reload();
	await widget.open();
	const log = await widget.log();
	assert.deepEqual( log.map( ( { who } ) => who ), [ 'visitor', 'assistant', 'visitor', 'assistant' ] );
	assert.deepEqual( log.map( ( { text } ) => text ), [ QUESTION, first.text, 'How long do I have to return an item?', second.text ] );
	assert.deepEqual( log[ 1 ].links, first.links );
	assert.deepEqual( log[ 3 ].sources, second.sources );
	if ( brain === 'model' ) {
		const server = upstream();
		script( 'model', says( 'You are welcome.' ) );
		await widget.ask( 'Thank you' );
		holds( told( server.requests( 'model' )[ 0 ] ), [ QUESTION, first.text ] );
	}
} );

test( 'local model', 'the invoice comes as a link that downloads a PDF, in this browser only', async ( brain ) => {
	const { invoice_number: number, total } = order;
	script( 'model', calls( 'get_invoice_pdf', { order_number: 'ABC-12345' } ), says( `Here is the invoice ${ number } of your order ABC-12345.` ) );
	const server = upstream();
	const nora = await visitor( { as: 'nora', acceptDownloads: true } );
	const widget = await nora.chat( '/help/' );
	const answer = await widget.ask( 'Send me the invoice for order ABC-12345' );
	holds( answer.text, number );
	assert.deepEqual( answer.files.map( ( { text, rel, target } ) => [ text, rel, target ] ), [ [ `${ number }.pdf`, 'nofollow noopener noreferrer', '_blank' ] ] );
	const coming = new Promise( ( resolve ) => {
		widget.page.on( 'download', resolve );
		widget.page.on( 'popup', ( popup ) => popup.on( 'download', resolve ) );
	} );
	await widget.find( '.files a' ).click();
	const download = await coming;
	assert.equal( download.suggestedFilename(), `${ number }.pdf` );
	holds( execFileSync( 'pdftotext', [ '-layout', await download.path(), '-' ], { encoding: 'utf8' } ), [ number, 'ABC-12345', total, 'Nora Quist', 'Ridgeline rain jacket' ] );
	const url = answer.files[ 0 ].href;
	const headers = ( await nora.context.request.get( url ) ).headers();
	assert.equal( headers[ 'content-type' ], 'application/pdf' );
	holds( headers[ 'cache-control' ], 'no-store' );
	holds( headers[ 'x-robots-tag' ], 'noindex' );
	for ( const other of [ await visitor(), await visitor( { as: 'daniel' } ) ] ) {
		assert.equal( ( await other.context.request.get( url ) ).status(), 403 );
	}
	if ( brain === 'model' ) {
		const bodies = server.requests( 'model' ).map( ( { body } ) => body ).join( '\n' );
		holds( bodies, number, [ 'ticket', '.pdf' ] );
	}
	// Minutes later the link would be dead: the history does not show it.
	await widget.page.reload();
	await widget.open();
	assert.deepEqual( ( await widget.last() ).files, [] );
} );

test( 'local', 'nothing is asked for before the chat is opened, and no row is written before the first message', async () => {
	const guest = await visitor();
	const widget = await guest.visit( '/help/' );
	await widget.find( '.launcher' ).waitFor();
	assert.deepEqual( guest.requests.filter( ( { url } ) => /wp-json|admin-ajax/.test( url ) ), [] );
	await widget.open();
	const asked = guest.requests.filter( ( { url } ) => /wp-json|admin-ajax/.test( url ) ).map( ( { url } ) => new URL( url ).pathname );
	assert.deepEqual( asked, [ '/wp-admin/admin-ajax.php', '/wp-json/aiguy/v1/session' ] );
	const [ , claims ] = ( await widget.token() ).split( '.' );
	const { session } = JSON.parse( Buffer.from( claims, 'base64url' ).toString() );
	assert.match( session, /^[A-Za-z0-9_-]{22}$/ );
	await assert.rejects( php( 'session', session ), /unknown/ );
	await widget.ask( 'How much does shipping to Canada cost?' );
	assert.equal( ( await php( 'session', session ) ).turns.length, 1 );
} );
