/*
 * When something is late, full, closed or broken: words for people, a way to a person, and a chat that goes on.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { assert, holds, test } from './harness.mjs';
import { SITE, SITE_STATE, UPSTREAM, calls, expectInLog, says, script, settings, upstream } from './site.mjs';
import { visitor } from './visitor.mjs';

const QUESTION = 'Where is my order ABC-12345?';
const ELSEWHERE = 'How much does shipping to Canada cost?';
const CONTACT = { text: 'Contact our team', href: `${ SITE }/contact/` };
/** The panel's own link to a person stands below everything that goes wrong. */
async function offersContact( widget ) {
	const link = widget.find( '.panel > .contact a' );
	assert.deepEqual( { text: await link.innerText(), href: await link.getAttribute( 'href' ) }, CONTACT );
	assert.equal( await link.isVisible(), true );
}

/** A plugin of the site for one test. */
async function plugin( php, body ) {
	const file = `${ SITE_STATE }/wordpress/wp-content/mu-plugins/test-browser.php`;
	writeFileSync( file, `<?php ${ php }\n` );
	try {
		await body();
	} finally {
		rmSync( file );
	}
}

test( 'local model', 'a tool that does not answer in time: words, a person is offered, the call is cancelled', async ( brain ) => {
	script( 'tools', 'stall' );
	script( 'model', calls( 'get_order_status', { order_number: 'ABC-12345' } ), says( 'I am sorry, the order system is late.' ) );
	await settings( brain, { tools_url: `http://127.0.0.1:${ UPSTREAM }/tools` } );
	const server = upstream();
	const nora = await visitor( { as: 'nora' } );
	const widget = await nora.chat( '/help/' );
	const answer = await widget.ask( QUESTION );
	holds( answer.notices.join( ' ' ) + answer.text, 'did not answer in time' );
	assert.deepEqual( answer.contact.map( ( { text, href } ) => ( { text, href } ) ), [ CONTACT ] );
	assert.equal( ( await nora.outcome() ).outcome, 'escalated' );
	assert.equal( ( await nora.events( 0 ) ).at( -1 ).type, 'finish' );
	const requests = server.requests( 'tools' );
	assert.ok( requests.length > 0 );
	assert.deepEqual( requests.map( ( { ended } ) => ended ), requests.map( () => 'gone' ) );
	// Whoever asks something else next is answered.
	script( 'model', says( `According to International shipping (${ SITE }/help/international-shipping/), shipping to Canada costs $14.95.` ) );
	holds( ( await widget.ask( ELSEWHERE ) ).text, '$14.95' );
}, { alone: true } );

test( 'model', 'a model that fails: the local brain answers the same question', async () => {
	script( 'model', 'status 500\njson {"error":{"message":"secret words"}}' );
	const nora = await visitor( { as: 'nora' } );
	const answer = await ( await nora.chat( '/help/' ) ).ask( QUESTION );
	holds( answer.text, [ 'ABC-12345', 'shipped', '2026-11-25' ], 'secret' );
	assert.equal( ( await nora.outcome() ).degraded, true );
} );

test( 'local', 'more messages than the site allows: words, and a person is offered', async () => {
	await plugin( "add_filter( 'aiguy_configuration', fn( $c ) => array( 'rate' => array( 'session' => '1/10m' ) ) + $c );", async () => {
		const guest = await visitor();
		guest.expect( /status of 429/ );
		const widget = await guest.chat( '/help/' );
		holds( ( await widget.ask( ELSEWHERE ) ).text, '$14.95' );
		await widget.send( ELSEWHERE );
		await widget.settled();
		const answer = await widget.last();
		const said = answer.text + answer.notices.join() + await widget.error();
		holds( said, /many messages/ );
		holds( JSON.stringify( answer.contact ) + said, CONTACT.text );
	} );
}, { alone: true } );

test( 'local', 'a site that cannot answer at all says so in words and offers a person; later the same question goes through', async () => {
	const guest = await visitor();
	guest.expect( /status of 503/ );
	const widget = await guest.visit( '/help/' );
	await plugin( "add_filter( 'aiguy_configuration', fn( $c ) => array( 'tools' => 'none' ) + $c );", async () => {
		expectInLog( /aiguy, configuration: Agent.ConfigException/ );
		await widget.open();
		holds( await widget.error(), 'not available at the moment' );
		await offersContact( widget );
		await widget.send( ELSEWHERE );
		await widget.settled();
		holds( await widget.error(), 'not available at the moment' );
	} );
	await widget.find( '.error button' ).click();
	await widget.find( '.assistant .text span' ).first().waitFor();
	await widget.settled();
	holds( ( await widget.last() ).text, '$14.95' );
	assert.equal( await widget.error(), '' );
	assert.deepEqual( ( await widget.log() ).map( ( { who } ) => who ).filter( ( who ) => who !== 'greeting' ), [ 'visitor', 'assistant' ] );
}, { alone: true } );

test( 'local', 'a proxy\'s page instead of an answer (429, 502, 503): words of the widget, not the page', async () => {
	const guest = await visitor();
	guest.expect( /status of (429|502|503)/ );
	const widget = await guest.chat( '/help/' );
	for ( const status of [ 429, 502, 503 ] ) {
		await widget.page.route( '**/chat', ( route ) => route.fulfill( { status, contentType: 'text/html', body: '<h1>Bad gateway &mdash; nginx</h1>' } ), { times: 1 } );
		await widget.send( ELSEWHERE );
		await widget.settled();
		holds( await widget.error(), 'Something went wrong', [ 'nginx', 'h1' ] );
		await offersContact( widget );
	}
	await widget.find( '.error button' ).click();
	await widget.find( '.assistant .text span' ).first().waitFor();
	await widget.settled();
	holds( ( await widget.last() ).text, '$14.95' );
} );

test( 'local', 'a connection that breaks is taken up again: the same message, shown once', async () => {
	const guest = await visitor();
	guest.expect( /ERR_/ );
	const widget = await guest.chat( '/help/' );
	const ids = [];
	widget.page.on( 'request', ( request ) => request.url().endsWith( '/chat' ) && ids.push( request.postDataJSON().message_id ) );
	await widget.page.route( '**/chat', ( route ) => route.fulfill( { contentType: 'text/event-stream',
		body: 'data: {"type":"start","messageId":"x"}\n\ndata: {"type":"text-start","id":"t1"}\n\ndata: {"type":"text-delta","id":"t1","delta":"Half an answer."}\n\n' } ), { times: 1 } );
	holds( ( await widget.ask( ELSEWHERE ) ).text, '$14.95', 'Half' );
	assert.equal( ids.length, 2 );
	assert.equal( ids[ 0 ], ids[ 1 ] );

	// The server had the question the first time already, and its answer got lost.
	let answered = 0;
	await widget.page.route( '**/chat', async ( route ) => {
		answered = ( await route.fetch() ).status();
		await route.abort();
	}, { times: 1 } );
	holds( ( await widget.ask( 'How long do I have to return an item?' ) ).text, '30 days' );
	assert.equal( answered, 200 );
	await widget.page.reload();
	await widget.open();
	assert.deepEqual( ( await widget.log() ).map( ( { who } ) => who ), [ 'visitor', 'assistant', 'visitor', 'assistant' ] );

	// Nobody there twice: words, and the visitor's own try goes through.
	await widget.page.route( '**/chat', ( route ) => route.abort(), { times: 2 } );
	await widget.send( ELSEWHERE );
	await widget.settled();
	holds( await widget.error(), 'connection was lost' );
	await widget.find( '.error button' ).click();
	await widget.page.waitForFunction( () => document.querySelector( '[data-aiguy]' ).shadowRoot.querySelectorAll( '.assistant .text span' ).length === 3 );
	await widget.settled();
	assert.equal( await widget.error(), '' );
} );
