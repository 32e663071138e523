/*
 * Orders of others, orders that do not exist, and a guest who shows that an order is theirs. Whoever asks for what they
 * may not see learns nothing from the answer.
 */
import { readdirSync } from 'node:fs';
import { assert, holds, test } from './harness.mjs';
import { SITE_STATE, calls, says, script, store, toolResults, until, upstream } from './site.mjs';
import { visitor } from './visitor.mjs';

const guestOrder = store.orders.find( ( order ) => order.guest && order.status === 'shipped' );
const { number, guest: { email } } = guestOrder;
const OTHERS = 'FGH-31002', UNKNOWN = 'QQQ-00000';
const question = ( order ) => `Where is my order ${ order }?`;

/** Fills the form of a proof and sends it; what the form then says, '' when it is gone. */
async function prove( widget, address, order ) {
	if ( order ) {
		await widget.find( '#proof-order' ).fill( order );
	}
	await widget.find( '#proof-email' ).fill( address );
	const answered = widget.page.waitForResponse( ( response ) => response.url().endsWith( '/proof' ) );
	await widget.find( 'form.proof .primary' ).click();
	const answer = await answered;
	const body = await answer.json();
	await widget.find( 'form.proof[aria-busy]' ).waitFor( { state: 'detached' } );
	return { status: answer.status(), body, form: body.ok ? '' : await widget.find( '#proof-error' ).innerText() };
}

test( 'local', 'another customer\'s order, an order that does not exist, a wrong e-mail address: the same words', async () => {
	const widget = await ( await visitor( { as: 'nora' } ) ).chat( '/help/' );
	const chat = [];
	for ( const order of [ OTHERS, UNKNOWN ] ) {
		chat.push( ( await widget.ask( question( order ) ) ).text );
	}
	const asked = [], form = [];
	for ( const order of [ number, UNKNOWN ] ) {
		const guest = await ( await visitor() ).chat( '/help/' );
		asked.push( ( await guest.ask( question( order ) ) ).notices.join() );
		for ( const [ entered, address ] of [ [ order, 'somebody@example.com' ], [ order, store.customers[ 0 ].email ], [ 'nonsense', email ] ] ) {
			const answer = await prove( guest, address, entered );
			assert.equal( answer.status, 200 );
			assert.deepEqual( answer.body, { ok: false, message: answer.form } );
			form.push( answer.form );
		}
	}
	for ( const words of [ chat, asked, form ] ) {
		assert.equal( new Set( words ).size, 1, words.join( '\n' ) );
	}
	holds( chat[ 0 ], form[ 0 ] );
	holds( form[ 0 ], 'no order' );
} );

test( 'model', 'another customer\'s order and an order that does not exist: the model hears the same', async () => {
	const heard = [];
	const seen = [];
	for ( const order of [ OTHERS, UNKNOWN ] ) {
		script( 'model', calls( 'get_order_status', { order_number: order } ), says( 'I found no order with these details. Please check the number.' ) );
		const server = upstream();
		const nora = await visitor( { as: 'nora' } );
		const widget = await nora.chat( '/help/' );
		const { text } = await widget.ask( question( order ) );
		heard.push( toolResults( server.requests( 'model' )[ 1 ] ).join().replaceAll( order, '…' ) );
		seen.push( text + JSON.stringify( ( await nora.events( 0 ) ).filter( ( { type } ) => type.startsWith( 'tool-output' ) ).map( ( { type, errorText } ) => [ type, errorText ] ) ) );
	}
	assert.equal( heard[ 0 ], heard[ 1 ] );
	assert.equal( seen[ 0 ], seen[ 1 ] );
	holds( heard[ 0 ], 'no order', [ 'Daniel', 'Swiftpost' ] );
} );

test( 'local model', 'a guest shows by the form that an order is theirs and then hears its status', async ( brain ) => {
	script( 'model', calls( 'get_order_status', { order_number: number } ), calls( 'get_order_status', { order_number: number } ),
		says( `Your order ${ number } has ${ guestOrder.status }. It should arrive on ${ guestOrder.expected_on }.` ) );
	const server = upstream();
	const guest = await visitor();
	const widget = await guest.chat( '/help/' );
	const first = await widget.ask( question( number ) );
	holds( first.text + first.notices.join(), 'confirm', guestOrder.carrier );
	assert.equal( await widget.find( '#proof-order' ).inputValue(), number );
	await until( 'the focus in the form', async () => await widget.focus() === 'proof-email' );

	// What is no address is not sent; a wrong one is, and the form says so and takes another.
	await widget.find( '#proof-email' ).fill( 'ruth' );
	await widget.find( 'form.proof .primary' ).click();
	holds( await widget.find( '#proof-error' ).innerText(), 'e-mail address' );
	assert.deepEqual( guest.requests.filter( ( { url } ) => url.endsWith( '/proof' ) ), [] );
	const wrong = await prove( widget, 'ruth@example.com' );
	holds( wrong.form, 'no order' );
	assert.equal( await widget.focus(), 'proof-email' );
	const right = await prove( widget, ` ${ email.toUpperCase() }` );
	assert.equal( right.body.ok, true );

	// The question goes out again by itself.
	await until( 'the second answer', async () => ( await widget.log() ).filter( ( { who } ) => who === 'assistant' ).length === 2 );
	await widget.settled();
	holds( ( await widget.last() ).text, [ number, guestOrder.status, guestOrder.expected_on ] );
	assert.equal( ( await guest.outcome() ).outcome, 'answered' );
	assert.equal( await widget.find( 'form.proof' ).count(), 0 );

	// The address went to the proof's route and nowhere else.
	const typed = /ruth[^"]*@example\.com/i;
	for ( const { url, body } of guest.requests.filter( ( { url } ) => ! url.endsWith( '/proof' ) ) ) {
		holds( url + body, [], typed );
	}
	await widget.page.reload();
	await widget.open();
	const log = await widget.log();
	holds( JSON.stringify( log ), [ guestOrder.status ], typed );
	assert.equal( log.filter( ( { who } ) => who === 'proof' ).length, 0 );
	for ( const request of server.requests( 'model' ) ) {
		holds( request.body, number, typed );
	}
	if ( brain === 'local' ) {
		// Another order stays closed.
		const other = await widget.ask( question( OTHERS ) );
		holds( other.notices.join() + other.text, 'confirm' );
		assert.equal( await widget.find( '#proof-order' ).inputValue(), OTHERS );
	}
} );

test( 'local', 'a guest who has shown it gets the invoice by e-mail to the billing address, not as a link', async () => {
	const mails = () => readdirSync( `${ SITE_STATE }/mail` ).length;
	const before = mails();
	const widget = await ( await visitor() ).chat( '/help/' );
	await widget.ask( `Send me the invoice for order ${ number }` );
	await prove( widget, email );
	await until( 'the second answer', async () => ( await widget.log() ).filter( ( { who } ) => who === 'assistant' ).length === 2 );
	await widget.settled();
	const answer = await widget.last();
	holds( answer.text, guestOrder.invoice_number, email );
	assert.deepEqual( answer.files, [] );
	assert.equal( mails(), before + 1 );
	await widget.ask( `I need the invoice of ${ number }` );
	assert.equal( mails(), before + 1 );
} );

test( 'local', 'after five wrong addresses the form says so in words and closes', async () => {
	const guest = await visitor();
	guest.expect( /status of 429/ );
	const widget = await guest.chat( '/help/' );
	await widget.ask( question( 'QQQ-00001' ) );
	for ( let i = 0; i < 5; i++ ) {
		assert.equal( ( await prove( widget, `nobody${ i }@example.com` ) ).status, 200 );
	}
	const { status, form } = await prove( widget, 'nobody@example.com' );
	assert.equal( status, 429 );
	holds( form, 'Too many attempts' );
	assert.equal( await widget.find( 'form.proof fieldset' ).evaluate( ( fields ) => fields.disabled ), true );
	assert.equal( await widget.focus(), 'field' );
	// The chat itself goes on.
	holds( ( await widget.ask( 'How much does shipping to Canada cost?' ) ).text, '$14.95' );
} );
