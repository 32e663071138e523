/*
 * Whose conversation it is: tabs, saved copies of a page, other sites, logins that end, visitors who leave.
 */
import { createServer } from 'node:http';
import { assert, holds, test } from './harness.mjs';
import { SITE, UPSTREAM, calls, says, script, settings, until, upstream } from './site.mjs';
import { visitor } from './visitor.mjs';

const QUESTION = 'Where is my order ABC-12345?';
const CANADA = 'How much does shipping to Canada cost?';
const RETURNS = 'How long do I have to return an item?';
const canada = () => says( `According to International shipping (${ SITE }/help/international-shipping/), shipping to Canada costs $14.95.` );

const claims = ( token ) => JSON.parse( Buffer.from( token.split( '.' )[ 1 ], 'base64url' ).toString() );
const texts = ( log ) => log.map( ( { text } ) => text );
const whose = ( log ) => log.map( ( { who } ) => who );

/** A POST of the widget's kind with this visitor's cookies, from the site itself unless the headers say something else. */
const post = ( one, route, data, headers = {} ) => one.context.request.post( `${ SITE }/wp-json/aiguy/v1/${ route }`, { data, headers: { Origin: SITE, ...headers } } );
let ids = 0;
const question = ( token ) => ( { token, message: QUESTION, message_id: `b-${ process.pid }-${ ++ids }` } );

test( 'local model', 'two tabs of one session ask at once: both are answered, and both see the same history in order', async () => {
	// Who comes second waits for the first one's turn: the model holds each answer back a little.
	const asked = ( question, answer ) => `match "content":${ JSON.stringify( question ) }}]\nwait 700\n${ answer }`;
	script( 'model', asked( CANADA, canada() ), asked( RETURNS, says( `According to Returns (${ SITE }/help/returns/), you can return an item within 30 days of delivery.` ) ), says( 'Hello.' ) );
	const guest = await visitor();
	const one = await guest.chat( '/help/' );
	await one.ask( 'Hello' ); // the session's row is there
	const two = await guest.chat( '/help/' );
	assert.equal( claims( await one.token() ).session, claims( await two.token() ).session );
	await Promise.all( [ one.send( CANADA ), two.send( RETURNS ) ] );
	await Promise.all( [ one.settled(), two.settled() ] );
	holds( ( await one.last() ).text, '$14.95' );
	holds( ( await two.last() ).text, '30 days' );
	const logs = [];
	for ( const tab of [ one, two ] ) {
		await tab.page.reload();
		await tab.open();
		logs.push( await tab.log() );
	}
	assert.deepEqual( texts( logs[ 0 ] ), texts( logs[ 1 ] ) );
	assert.deepEqual( whose( logs[ 0 ] ), [ 'visitor', 'assistant', 'visitor', 'assistant', 'visitor', 'assistant' ] );
	const said = texts( logs[ 0 ] );
	for ( const [ asked, answer ] of [ [ CANADA, '$14.95' ], [ RETURNS, '30 days' ] ] ) {
		holds( said[ said.indexOf( asked ) + 1 ], answer );
	}
} );

test( 'local', 'a saved copy of the page works for whoever gets it, and each of them has a session of their own', async () => {
	const nora = await visitor( { as: 'nora' } );
	const first = await visitor(), second = await visitor();
	// What a full-page cache keeps is what a guest got, long ago; here it is given to everybody.
	const saved = await ( await first.context.request.get( `${ SITE }/help/` ) ).text();
	const element = ( html ) => /<div class="aiguy"[^>]*>.*?<\/div>/s.exec( html )[ 0 ];
	const others = [ await second.context.request.get( `${ SITE }/help/` ), await nora.context.request.get( `${ SITE }/help/` ) ];
	for ( const other of others ) {
		assert.equal( element( await other.text() ), element( saved ) );
	}
	holds( element( saved ), '/wp-json/aiguy/v1/session', [ /[a-f0-9]{10}["&]/, /eyJ/ ] );
	const sessions = [];
	for ( const one of [ first, second, nora ] ) {
		await one.context.route( `${ SITE }/help/`, ( route ) => route.fulfill( { contentType: 'text/html; charset=utf-8', body: saved } ) );
		const widget = await one.chat( '/help/' );
		holds( ( await widget.ask( CANADA ) ).text, '$14.95' );
		sessions.push( claims( await widget.token() ) );
	}
	assert.equal( new Set( sessions.map( ( { session } ) => session ) ).size, 3 );
	assert.deepEqual( sessions.map( ( { sub } ) => ( sub ?? 'guest' ).slice( 0, 3 ) ), [ 'gue', 'gue', 'wp:' ] );
	// The customer is one on the saved page, too.
	holds( ( await ( await nora.chat( '/help/' ) ).ask( QUESTION ) ).text, 'shipped' );
	// Each sees what they asked, and nothing else.
	const widget = await first.chat( '/help/' );
	assert.deepEqual( whose( await widget.log() ), [ 'visitor', 'assistant' ] );
} );

test( 'local', 'pages of other sites reach nothing, cookies or not', async () => {
	const pages = createServer( ( request, response ) => response.setHeader( 'content-type', 'text/html' ).end( '<!doctype html><title>elsewhere</title>' ) );
	await new Promise( ( resolve ) => pages.listen( 0, '127.0.0.1', resolve ) );
	try {
		const nora = await visitor( { as: 'nora' } );
		nora.expect( /blocked by CORS policy/, /ERR_FAILED/, /status of (400|401|403|415)/ );
		const token = await ( await nora.chat( '/help/' ) ).token();
		const { port } = pages.address();
		// The first is the same site for cookies, as it is only another port; the second is another site.
		for ( const elsewhere of [ `http://127.0.0.1:${ port }`, `http://localhost:${ port }` ] ) {
			nora.allow( elsewhere );
			const page = await nora.context.newPage();
			await page.goto( elsewhere );
			const statuses = [];
			page.on( 'response', ( response ) => response.url().startsWith( SITE ) && statuses.push( [ response.request().method(), response.status(), response.headers()[ 'access-control-allow-origin' ] ] ) );
			const read = await page.evaluate( async ( [ site, body ] ) => {
				const got = [];
				for ( const route of [ 'session', 'chat', 'proof' ] ) {
					for ( const [ type, mode ] of [ [ 'application/json', 'cors' ], [ 'text/plain', 'cors' ], [ 'text/plain', 'no-cors' ] ] ) {
						try {
							const answer = await fetch( `${ site }/wp-json/aiguy/v1/${ route }`, { method: 'POST', credentials: 'include', mode, headers: { 'Content-Type': type }, body } );
							got.push( `${ answer.type } ${ await answer.text() }` );
						} catch {
							got.push( 'refused' );
						}
					}
				}
				return got;
			}, [ SITE, JSON.stringify( question( token ) ) ] );
			assert.deepEqual( read, [ 'session', 'chat', 'proof' ].flatMap( () => [ 'refused', 'refused', 'opaque ' ] ) );
			for ( const [ method, status, allowed ] of statuses ) {
				assert.equal( allowed, undefined );
				// 400: WordPress misses the members of a body that is no JSON before it asks who sends it.
				assert.ok( method === 'OPTIONS' || status === 403 || status === 400, `${ method } ${ status }` );
			}
			assert.ok( statuses.filter( ( [ method ] ) => method === 'POST' ).length >= 3 ); // those that the page could not read at all are not told of
			// A form asks nobody before it is sent.
			for ( const route of [ 'session', 'chat' ] ) {
				await page.goto( elsewhere );
				const answer = page.waitForResponse( ( response ) => response.url().includes( '/wp-json/' ) );
				await page.evaluate( ( [ action, members ] ) => {
					const form = document.createElement( 'form' );
					Object.assign( form, { action, method: 'post' } );
					for ( const [ name, value ] of Object.entries( members ) ) {
						const field = document.createElement( 'input' );
						Object.assign( field, { name, value } );
						form.append( field );
					}
					document.body.append( form );
					form.submit();
				}, [ `${ SITE }/wp-json/aiguy/v1/${ route }`, question( token ) ] );
				assert.equal( ( await answer ).status(), 403 );
				await page.waitForURL( /wp-json/ );
			}
		}
		// With cookies, token and type as the page itself sends them, the origin alone decides.
		for ( const headers of [ { Origin: 'https://evil.example' }, { Origin: `http://127.0.0.1:${ port }` }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' } ] ) {
			for ( const [ route, body ] of [ [ 'session', { token } ], [ 'chat', question( token ) ], [ 'proof', { token, order_number: 'ABC-12345', email: 'a@example.com' } ] ] ) {
				const answer = await post( nora, route, body, headers );
				assert.equal( answer.status(), 403, `${ route } ${ JSON.stringify( headers ) }` );
				assert.equal( ( await answer.json() ).code, 'aiguy_origin' );
			}
		}
		// Nothing of all that was asked.
		assert.equal( ( await ( await nora.chat( '/help/' ) ).log() ).filter( ( { who } ) => who === 'visitor' ).length, 0 );
	} finally {
		pages.close();
	}
} );

test( 'local', 'a token is worth nothing after the logout, nor without its cookie, nor with another\'s; and the page goes on as a guest', async () => {
	const nora = await visitor();
	nora.expect( /status of 401/ );
	await nora.logIn( 'nora', true );
	const widget = await nora.chat( '/help/' );
	holds( ( await widget.ask( QUESTION ) ).text, 'shipped' );
	const token = await widget.token();
	assert.equal( ( await post( nora, 'chat', question( token ) ) ).status(), 200 );
	const guest = await visitor(), daniel = await visitor( { as: 'daniel' } ), again = await visitor();
	await again.logIn( 'nora', true ); // she herself, in another browser
	for ( const other of [ guest, daniel, again ] ) {
		assert.equal( ( await post( other, 'chat', question( token ) ) ).status(), 401 );
		assert.equal( ( await post( other, 'proof', { token, order_number: 'ABC-12345', email: 'nora.quist@example.com' } ) ).status(), 401 );
		const given = await ( await post( other, 'session', { token } ) ).json();
		assert.deepEqual( given.messages, [] );
		assert.notEqual( claims( given.token ).session, claims( token ).session );
		assert.equal( given.subject, 'guest' ); // there is no nonce
	}
	// In daniel's browser her token opens his own, empty conversation.
	const his = await daniel.visit( '/help/' );
	await his.page.evaluate( ( value ) => localStorage.setItem( 'aiguy:' + document.querySelector( '[data-aiguy]' ).dataset.sessionUrl, value ), token );
	await his.open();
	assert.deepEqual( whose( await his.log() ), [ 'greeting' ] );
	assert.equal( claims( await his.token() ).sub, claims( ( await ( await post( daniel, 'session', {}, { 'X-WP-Nonce': await nonce( daniel ) } ) ).json() ).token ).sub );

	const elsewhere = await nora.visit( '/wp-admin/profile.php' );
	const logout = await elsewhere.page.locator( '#wp-admin-bar-logout a' ).getAttribute( 'href' );
	const before = await nora.context.cookies();
	await elsewhere.page.goto( logout );
	assert.equal( ( await post( nora, 'chat', question( token ) ) ).status(), 401 );
	// Not even with the cookie as it was: WordPress has ended that login.
	await nora.context.addCookies( before );
	assert.equal( ( await post( nora, 'chat', question( token ) ) ).status(), 401 );
	await nora.context.clearCookies();
	const answer = await widget.ask( QUESTION );
	holds( answer.text, 'confirm', 'shipped' );
	assert.equal( claims( await widget.token() ).sub, undefined );
	await widget.page.reload();
	await widget.open();
	assert.deepEqual( texts( await widget.log() ).filter( ( text ) => text.includes( 'shipped' ) ), [] );
} );

const nonce = async ( one ) => ( await one.context.request.get( `${ SITE }/wp-admin/admin-ajax.php?action=rest-nonce` ) ).text();

test( 'local', 'a token that another tab replaced is used by this one, too', async () => {
	const guest = await visitor();
	guest.expect( /status of 401/ );
	const one = await guest.chat( '/help/' );
	const two = await guest.chat( '/help/' );
	await two.page.evaluate( () => localStorage.clear() );
	await two.page.reload();
	await two.open();
	const token = await two.token();
	assert.equal( await one.token(), token );
	await one.ask( CANADA );
	await two.page.reload();
	await two.open();
	assert.deepEqual( whose( await two.log() ), [ 'visitor', 'assistant' ] );
	// One that is no token at all: a new session, and the question goes out once.
	await one.page.evaluate( () => localStorage.setItem( localStorage.key( 0 ), 'no token' ) );
	holds( ( await one.ask( RETURNS ) ).text, '30 days' );
	await one.page.reload();
	await one.open();
	assert.deepEqual( texts( await one.log() ).filter( ( text ) => text === RETURNS ).length, 1 );
} );

test( 'local model', 'whoever leaves in the middle: the call is cancelled, the next visit shows what was said, and the session goes on', async ( brain ) => {
	const server = upstream();
	const nora = await visitor( { as: 'nora' } );
	const widget = await nora.chat( '/help/' );
	if ( brain === 'model' ) {
		script( 'model', calls( 'get_order_status', { order_number: 'ABC-12345' } ), 'text Your order ABC-12345 has shipped. It is\nstall' );
		await widget.send( QUESTION );
		await widget.find( '.assistant .text span' ).first().waitFor();
	} else {
		script( 'tools', 'stall' );
		await settings( 'local', { tools_url: `http://127.0.0.1:${ UPSTREAM }/tools` } );
		await widget.send( QUESTION );
		await until( 'the call of the tool', () => server.requests( 'tools' ).length > 0 );
	}
	await widget.page.close();
	const asked = () => server.requests( brain === 'model' ? 'model' : 'tools' ).at( -1 );
	await until( 'the end of the call', () => asked().ended !== '' );
	assert.equal( asked().ended, 'gone' );
	await settings( brain );
	script( 'model', canada() );
	const next = await nora.chat( '/help/' );
	const log = await next.log();
	assert.deepEqual( whose( log ), [ 'visitor', 'assistant' ] );
	assert.equal( log[ 0 ].text, QUESTION );
	assert.equal( log[ 1 ].text, brain === 'model' ? 'Your order ABC-12345 has shipped.' : '' );
	holds( log[ 1 ].remark, 'incomplete' );
	holds( ( await next.ask( CANADA ) ).text, '$14.95' );
	if ( brain === 'model' ) {
		// The model is told a whole conversation: each call has one result.
		const { messages } = JSON.parse( server.requests( 'model' ).at( -1 ).body );
		const called = messages.flatMap( ( message ) => ( message.tool_calls ?? [] ).map( ( { id } ) => id ) );
		assert.deepEqual( messages.filter( ( { role } ) => role === 'tool' ).map( ( message ) => message.tool_call_id ), called );
	}
}, { alone: true } );

test( 'model', 'the button Stop ends an answer: the model is cancelled, and the chat goes on', async () => {
	script( 'model', calls( 'get_order_status', { order_number: 'ABC-12345' } ), 'text Your order ABC-12345 has shipped. It is\nstall' );
	const server = upstream();
	const nora = await visitor( { as: 'nora' } );
	nora.expect( /ERR_ABORTED/ );
	const widget = await nora.chat( '/help/' );
	await widget.send( QUESTION );
	await widget.find( '.assistant .text span' ).first().waitFor();
	await widget.find( '.stop' ).click();
	await widget.settled();
	const { text, remark } = await widget.last();
	assert.deepEqual( [ text, remark ], [ 'Your order ABC-12345 has shipped.', 'You stopped this answer.' ] );
	await until( 'the end of the call', () => server.requests( 'model' )[ 1 ].ended !== '' );
	assert.equal( server.requests( 'model' )[ 1 ].ended, 'gone' );
	script( 'model', canada() );
	holds( ( await widget.ask( CANADA ) ).text, '$14.95' );
} );
