/*
 * The two files of the widget that need no page: the reader of server-sent events, given its bytes in every way a network
 * may cut them, and the finder of links. And what holds for all its files. node tests/browser/widget_units.mjs
 */
import { readdirSync, readFileSync } from 'node:fs';

const assets = new URL( '../../wp-plugin/assets/', import.meta.url );
const text = ( name ) => readFileSync( new URL( name, assets ), 'utf8' );
// As a browser takes them. By their names Node would take them for CommonJS.
const module = ( name ) => import( 'data:text/javascript,' + encodeURIComponent( text( name ) ) );
const { readEvents, EventLines, toEvent } = await module( 'sse.js' );
const { findLinks, webAddress } = await module( 'links.js' );

let failed = 0;
function ok( holds, name, got = '' ) {
	console.log( ( holds ? 'ok - ' : 'not ok - ' ) + 'widget: ' + name );
	if ( ! holds ) {
		failed++;
		console.error( '  ' + JSON.stringify( got ) );
	}
}
function same( got, wanted, name ) {
	ok( JSON.stringify( got ) === JSON.stringify( wanted ), name, { got, wanted } );
}

// ---- the stream ----

/** The events of a body that comes in these pieces. */
async function events( pieces ) {
	const body = new ReadableStream( {
		start( control ) {
			for ( const piece of pieces ) {
				control.enqueue( piece );
			}
			control.close();
		},
	} );
	const heard = [];
	let reads = 0;
	for await ( const event of readEvents( body, () => reads++ ) ) {
		heard.push( event );
	}
	return { heard, reads };
}

const stream = [
	': waiting', '',
	'data: {"type":"start","messageId":"m1:reply"}', '',
	'event: ignored', 'id: 7', 'retry: 10', 'nameless', 'data:{"type":"text-delta","id":"t1","delta":"Łukasz 李 😀 pays 5 €. "}', '',
	': a comment inside', 'data: {"type":"text-delta",', 'data: "id":"t1","delta":"Two lines of data: DONE."}', '',
	'data: {"broken":', '',
	'data: "no object"', '', 'data: null', '', 'data: {"no":"type"}', '', '', '',
	'data: {"type":"finish"}', '',
	'data: [DONE]', '', '',
];
const wanted = [
	{ type: 'start', messageId: 'm1:reply' },
	{ type: 'text-delta', id: 't1', delta: 'Łukasz 李 😀 pays 5 €. ' },
	{ type: 'text-delta', id: 't1', delta: 'Two lines of data: DONE.' },
	{ type: 'finish' },
	{ type: 'DONE' },
];
for ( const [ name, end ] of [ [ 'LF', '\n' ], [ 'CR', '\r' ], [ 'CRLF', '\r\n' ] ] ) {
	const bytes = new TextEncoder().encode( stream.join( end ) );
	let wrong = null;
	for ( let at = 0; at <= bytes.length && wrong === null; at++ ) {
		const { heard } = await events( [ bytes.slice( 0, at ), bytes.slice( at ) ] );
		wrong = JSON.stringify( heard ) === JSON.stringify( wanted ) ? null : { at, heard };
	}
	ok( wrong === null, `a stream with ${ name }, cut at each of its ${ bytes.length } bytes`, wrong );
	const { heard, reads } = await events( Array.from( bytes, ( byte ) => Uint8Array.of( byte ) ) );
	same( heard, wanted, `a stream with ${ name }, byte by byte` );
	ok( reads > bytes.length, `each piece with ${ name } is a sign of life, comments too`, reads );
}
{
	const small = new TextEncoder().encode( '\uFEFFdata:{"type":"é"}\r\n\r\ndata: {"type":"b"}\r\r' );
	let wrong = null;
	for ( let one = 0; one <= small.length && wrong === null; one++ ) {
		for ( let two = one; two <= small.length && wrong === null; two++ ) {
			const { heard } = await events( [ small.slice( 0, one ), small.slice( one, two ), small.slice( two ) ] );
			wrong = heard.map( ( event ) => event.type ).join() === 'é,b' ? null : { one, two, heard };
		}
	}
	ok( wrong === null, 'a stream with a byte order mark, cut at each two of its bytes', wrong );
}
{
	const whole = await events( [ new TextEncoder().encode( 'data: {"type":"finish"}' ) ] );
	same( whole.heard, [ { type: 'finish' } ], 'a last event without its blank line counts if it is whole' );
	const half = await events( [ new TextEncoder().encode( 'data: {"type":"fin' ) ] );
	same( half.heard, [], 'half of a last event does not' );
	same( toEvent( ' [DONE] ' ), { type: 'DONE' }, 'the mark of the end' );
	same( toEvent( '"Your parcel is [DONE]"' ), null, 'the mark inside a text is none' );
	same( new EventLines().push( 'data\n\n' ), [ '' ], 'a field without a colon has an empty value' );
	same( new EventLines().push( 'data:  two blanks\n\n' ), [ ' two blanks' ], 'one blank after the colon belongs to the field' );
}
{
	let cancelled = false;
	const body = new ReadableStream( {
		pull: ( control ) => control.enqueue( new TextEncoder().encode( 'data: {"type":"a"}\n\n' ) ),
		cancel: () => {
			cancelled = true;
		},
	} );
	for await ( const event of readEvents( body, () => {} ) ) {
		if ( event.type === 'a' ) {
			break;
		}
	}
	ok( cancelled, 'whoever stops listening hangs up' );
	let thrown = false;
	try {
		const lines = new EventLines();
		for ( let i = 0; i < 40; i++ ) {
			lines.push( 'x'.repeat( 1 << 16 ) );
		}
	} catch {
		thrown = true;
	}
	ok( thrown, 'a line that never ends is given up' );
}

// ---- links ----

const links = ( words ) => findLinks( words ).filter( ( part ) => typeof part !== 'string' ).map( ( part ) => part.text );
const cases = [
	[ 'See https://shop.example/help/returns.', [ 'https://shop.example/help/returns' ] ],
	[ 'According to Returns (https://shop.example/help/returns): "30 days"', [ 'https://shop.example/help/returns' ] ],
	[ '(https://shop.example/a_(b)) and https://shop.example/a_(b)', [ 'https://shop.example/a_(b)', 'https://shop.example/a_(b)' ] ],
	[ '[https://shop.example/x[1]]', [ 'https://shop.example/x[1]' ] ],
	[ '**https://shop.example/x**, _https://shop.example/y_', [ 'https://shop.example/x', 'https://shop.example/y' ] ],
	[ '<https://shop.example/?a=1&b=2#c>!', [ 'https://shop.example/?a=1&b=2#c' ] ],
	[ 'http://127.0.0.1:8080/help?x=%20y', [ 'http://127.0.0.1:8080/help?x=%20y' ] ],
	[ 'HTTPS://Shop.Example/Help, then https://shop.example:443/', [ 'HTTPS://Shop.Example/Help', 'https://shop.example:443/' ] ],
	[ 'https://shop.example', [ 'https://shop.example' ] ],
	[ 'https://shop.example: really?', [ 'https://shop.example' ] ],
	[ '請看https://shop.example/help。謝謝', [ 'https://shop.example/help' ] ],
	[ 'https://shop.example/a https://shop.example/b', [ 'https://shop.example/a', 'https://shop.example/b' ] ],
	[ 'https://good.example@evil.example/', [] ],
	[ 'https://good.example:80@evil.example/', [] ],
	[ 'https://shöp.example/', [] ],
	[ 'https://shopé', [] ],
	[ 'https://shop.example\u200B.evil.example', [] ],
	[ 'https://0x7f.1/', [] ],
	[ 'https://good.example\\@evil.example', [] ],
	[ 'https://[::1]/', [] ],
	[ 'https:///shop.example', [] ],
	[ 'https://shop.example:99999/', [] ],
	[ 'javascript:alert(1) data:text/html,x ftp://shop.example/ //shop.example/ www.shop.example', [] ],
	[ 'xhttps://shop.example/', [] ],
	[ 'javascript:https://shop.example/%0aalert(1)', [ 'https://shop.example/%0aalert(1)' ] ],
	[ 'https://', [] ],
	[ '', [] ],
];
for ( const [ words, found ] of cases ) {
	same( links( words ), found, 'links of ' + JSON.stringify( words ) );
}
{
	let wrong = null;
	for ( const [ words ] of cases ) {
		for ( let from = 0; from <= words.length; from++ ) {
			for ( let to = from; to <= words.length; to++ ) {
				const piece = words.slice( from, to );
				const parts = findLinks( piece );
				const joined = parts.map( ( part ) => part.text ?? part ).join( '' );
				const astray = parts.find( ( { url, text: shown } ) => url && url.hostname !== /^https?:\/\/([^/?#:]*)/i.exec( shown )[ 1 ].toLowerCase() );
				if ( joined !== piece || astray ) {
					wrong ??= { piece, parts };
				}
			}
		}
	}
	ok( wrong === null, 'of every piece of these: nothing is lost, and a link goes where its text says', wrong );
}
same( [ 'https://a.example/x', 'http://a.example', 'https://u@a.example/', 'https://u:p@a.example/', 'javascript:alert(1)', 'data:text/html,x', '/x', '', 'file:///etc/passwd' ].map( ( address ) => webAddress( address )?.href ?? null ),
	[ 'https://a.example/x', 'http://a.example/', null, null, null, null, null, null, null ], 'addresses of sources and files' );

// ---- all files ----

for ( const name of readdirSync( assets ).filter( ( file ) => file.endsWith( '.js' ) ) ) {
	const code = text( name );
	ok( ! /innerHTML|outerHTML|insertAdjacentHTML|setHTML|srcdoc|document\.write|createContextualFragment|DOMParser|\beval\b|new Function/.test( code ), name + ' makes no element of a text' );
	ok( ! /document\.cookie|sessionStorage|console\./.test( code ), name + ' keeps no cookie and is quiet' );
	ok( name === 'widget.js' || ! /^\s*import\b/m.test( code ), name + ' is loaded by widget.js, with its version' );
}
{
	// The page brings the words in its language under the same keys.
	const block = /const STRINGS = \{\n([^}]*)\n\};/.exec( text( 'widget.js' ) )[ 1 ];
	const english = [ ...block.matchAll( /^\t(\w+): '(.*)',$/gm ) ].map( ( [ , key, words ] ) => `${ key } ${ words }` );
	const php = readFileSync( new URL( '../includes/Strings.php', assets ), 'utf8' );
	const offered = [ ...php.matchAll( /'(\w+)'\s*=> __\( '(.*)', 'aiguy' \)/g ) ].map( ( [ , key, words ] ) => `${ key } ${ words }` );
	same( english, offered, 'the words of widget.js and of Strings.php are the same' );
	const used = new Set( [ 'widget.js', 'panel.js', 'reply.js', 'proof.js' ].flatMap( ( name ) => [ ...text( name ).matchAll( /\b(?:strings|s)\.([a-z_]+)\b/g ) ].map( ( found ) => found[ 1 ] ) ) );
	const keys = english.map( ( line ) => line.split( ' ' )[ 0 ] );
	same( [ ...used ].filter( ( key ) => ! keys.includes( key ) ).concat( keys.filter( ( key ) => ! used.has( key ) && ! key.startsWith( 'tool_' ) ) ), [], 'each word is used, and no other' );
}
process.exitCode = failed > 0 ? 1 : 0;
