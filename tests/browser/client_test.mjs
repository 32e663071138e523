/*
 * The chat's stream as a client reads it that nobody here wrote: the package "ai" of npm, in Node, without a page.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { assert, holds, test } from './harness.mjs';
import { SITE, UPSTREAM, calls, says, script, settings } from './site.mjs';
import { visitor } from './visitor.mjs';

const require = createRequire( process.env.BROWSER_MODULES + '/' );
const { DefaultChatTransport, readUIMessageStream, uiMessageChunkSchema, validateUIMessages } = await import( pathToFileURL( require.resolve( 'ai' ) ) );

let ids = 0;

/** A customer or a guest with a session, without a page. */
async function client( as = '' ) {
	const { context } = await visitor( { as } );
	const headers = { Origin: SITE, Cookie: ( await context.cookies() ).map( ( { name, value } ) => `${ name }=${ value }` ).join( '; ' ) };
	const nonce = await ( await fetch( `${ SITE }/wp-admin/admin-ajax.php?action=rest-nonce`, { headers } ) ).text();
	const session = async ( token ) => ( await fetch( `${ SITE }/wp-json/aiguy/v1/session`, {
		method: 'POST', headers: { ...headers, 'Content-Type': 'application/json', ...( nonce.length === 10 ? { 'X-WP-Nonce': nonce } : {} ) }, body: JSON.stringify( token ? { token } : {} ),
	} ) ).json();
	const { token, subject } = await session();
	assert.equal( subject, as === '' ? 'guest' : 'customer' );
	const transport = new DefaultChatTransport( {
		api: `${ SITE }/wp-json/aiguy/v1/chat`,
		headers: { ...headers, Accept: 'text/event-stream' },
		prepareSendMessagesRequest: ( { messages } ) => {
			const { id, parts } = messages.at( -1 );
			return { body: { token, message: parts[ 0 ].text, message_id: id } };
		},
	} );
	const chunks = [];
	return {
		chunks,
		history: async () => ( await session( token ) ).messages,
		/** The message that its own reader makes of the stream; it throws at the first part that it does not take. */
		async ask( question ) {
			const messages = [ { id: `c-${ process.pid }-${ ++ids }`, role: 'user', parts: [ { type: 'text', text: question } ] } ];
			const stream = await transport.sendMessages( { chatId: 'c', trigger: 'submit-message', messages } );
			chunks.length = 0;
			const kept = stream.pipeThrough( new TransformStream( { transform( chunk, controller ) {
				chunks.push( chunk );
				controller.enqueue( chunk );
			} } ) );
			let message = null;
			for await ( const state of readUIMessageStream( { stream: kept, terminateOnError: true } ) ) {
				message = state;
			}
			const { validate } = uiMessageChunkSchema();
			for ( const chunk of chunks ) {
				const { success, error } = await validate( chunk );
				assert.ok( success, `${ JSON.stringify( chunk ) }: ${ error }` );
			}
			return message;
		},
	};
}

const types = ( message ) => message.parts.map( ( { type } ) => type );
const part = ( message, type ) => message.parts.find( ( one ) => one.type === type );
const text = ( message ) => message.parts.filter( ( { type } ) => type === 'text' ).map( ( one ) => one.text ).join( '' );

test( 'local model', 'a tool and a file', async () => {
	script( 'model', calls( 'get_invoice_pdf', { order_number: 'ABC-12345' } ), says( 'Here is the invoice FB-2026-7001. It says $176.90.' ) );
	const nora = await client( 'nora' );
	const message = await nora.ask( 'Send me the invoice for order ABC-12345' );
	holds( text( message ), 'FB-2026-7001' );
	const { toolName, state, output } = part( message, 'dynamic-tool' );
	assert.deepEqual( { toolName, state, output }, { toolName: 'get_invoice_pdf', state: 'output-available', output: { status: 'ok' } } );
	const { mediaType, url } = part( message, 'file' );
	assert.equal( mediaType, 'application/pdf' );
	holds( url, `${ SITE }/wp-json/aiguy/v1/file/FB-2026-7001.pdf?ticket=` );
	assert.equal( part( message, 'data-turn' ).data.outcome, 'answered' );
	assert.equal( message.id, `c-${ process.pid }-${ ids }:reply` );
} );

test( 'local model', 'a source', async () => {
	script( 'model', says( `According to Returns (${ SITE }/help/returns/), you can return an item within 30 days of delivery. That is all.` ) );
	const guest = await client();
	const message = await guest.ask( 'How long do I have to return an item?' );
	holds( text( message ), '30 days' );
	assert.equal( part( message, 'source-url' ).title, 'Returns' );
	assert.equal( part( message, 'source-url' ).url, `${ SITE }/help/returns/` );
	// What the history gives is what its own check takes for messages.
	const history = await guest.history();
	assert.equal( history.length, 2 );
	await validateUIMessages( { messages: history } );
	assert.deepEqual( types( history[ 1 ] ), types( message ).filter( ( type ) => type !== 'step-start' ) );
} );

test( 'local', 'a notice that asks for a proof', async () => {
	const guest = await client();
	const message = await guest.ask( 'Where is my order ABC-12345?' );
	const notice = message.parts.find( ( { providerMetadata } ) => providerMetadata?.aiguy?.kind === 'notice' );
	holds( notice.text, 'confirm' );
	assert.deepEqual( part( message, 'data-turn' ).data, { outcome: 'needs_proof', degraded: false, proof: { order_number: 'ABC-12345' } } );
	await validateUIMessages( { messages: await guest.history() } );
} );

test( 'local', 'a tool that is late', async () => {
	script( 'tools', 'stall' );
	await settings( 'local', { tools_url: `http://127.0.0.1:${ UPSTREAM }/tools` } );
	const nora = await client( 'nora' );
	const message = await nora.ask( 'Where is my order ABC-12345?' );
	const { state, errorText } = part( message, 'dynamic-tool' );
	assert.deepEqual( { state, errorText }, { state: 'output-error', errorText: 'timeout' } );
	holds( text( message ), 'did not answer in time' );
	await validateUIMessages( { messages: await nora.history() } );
}, { alone: true } );

test( 'local', 'a refused request is an error with words, not a broken stream', async () => {
	const guest = await client();
	await assert.rejects( guest.ask( 'x'.repeat( 2001 ) ), /message/ );
} );
