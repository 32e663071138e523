/*
 * The site under test and the scripted server, from Node's side: settings, posts, scripts, what the server was sent.
 * tests/browser/run has started both; no browser here.
 */
import { spawn } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const { SITE, SITE_STATE, UPSTREAM } = process.env;
const { SCRIPTS, UPSTREAM_LOG, UPSTREAM_BODIES } = process.env;

export const store = JSON.parse( readFileSync( `${ SITE_STATE }/wordpress/wp-content/plugins/aiguy/demo/store.json`, 'utf8' ) );

/** Until the function gives something that is true; what it gave. */
export async function until( what, condition, seconds = 15 ) {
	const end = Date.now() + seconds * 1000;
	for ( ; ; ) {
		const value = await condition();
		if ( value ) {
			return value;
		}
		if ( Date.now() > end ) {
			throw new Error( `${ what }: not within ${ seconds } seconds` );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 40 ) );
	}
}

let worker = null;

/** An action of tests/support/wordpress.php, all of them in one process. */
export function php( action, ...values ) {
	worker ??= startWorker();
	const asked = new Promise( ( resolve, reject ) => worker.waiting.push( { action, resolve, reject } ) );
	worker.child.stdin.write( JSON.stringify( [ action, ...values.map( ( value ) => typeof value === 'string' ? value : JSON.stringify( value ) ) ] ) + '\n' );
	return asked;
}

function startWorker() {
	const child = spawn( 'bash', [ '-c', 'wordpress_php -' ], { stdio: [ 'pipe', 'pipe', 'inherit' ] } );
	const waiting = [];
	createInterface( { input: child.stdout } ).on( 'line', ( line ) => {
		const { action, resolve, reject } = waiting.shift();
		const answer = JSON.parse( line );
		answer?.error === undefined ? resolve( answer ) : reject( new Error( `wordpress_php ${ action }: ${ line }` ) );
	} );
	child.on( 'close', () => {
		worker = null;
		waiting.forEach( ( { action, reject } ) => reject( new Error( `wordpress_php ${ action }: ended` ) ) );
	} );
	return { child, waiting };
}

export const stopPhp = () => worker?.child.stdin.end();

/** What the site has besides the demonstration's settings: a place where people are. */
const ALWAYS = { contact_url: `${ SITE }/contact/`, contact_label: 'Contact our team', tools_url: `${ SITE }/wp-json/aiguy/v1/tools` };
const BRAINS = {
	local: { ...ALWAYS, brain: 'local' },
	model: { ...ALWAYS, brain: 'openai-chat', base_url: `http://127.0.0.1:${ UPSTREAM }/model`, model: 'test' },
};
let stored = '';

/** Settings as a brain has them, with these besides. Nothing is done when they are so. */
export async function settings( brain, besides = {} ) {
	const wanted = { ...BRAINS[ brain ], ...besides };
	if ( stored !== JSON.stringify( wanted ) ) {
		stored = '';
		await php( 'settings', wanted );
		stored = JSON.stringify( wanted );
	}
}

/** Lines of the site's own logs that a test provokes; any other one is a failure. */
export const expectedInLog = [];
export const expectInLog = ( pattern ) => expectedInLog.push( pattern );

let scripts = 0;

/** Whatever asks /NAME/… is answered by these, one after the other; the last one again and again. */
export function script( name, ...responses ) {
	// A script that is the same as before would go on where it was.
	const file = `${ SCRIPTS }/${ name }.txt`;
	writeFileSync( file + '.new', `# ${ ++scripts }\n` + responses.map( ( response ) => response.trim() ).join( '\nnext\n' ) + '\n' );
	renameSync( file + '.new', file );
}

export function noScript( name ) {
	rmSync( `${ SCRIPTS }/${ name }.txt`, { force: true } );
}

/** A model that calls a tool, one that says something. */
export const calls = ( tool, args ) => `call ${ tool } ${ JSON.stringify( args ) }\nfinish tool_calls`;
export const says = ( text ) => `text ${ escaped( text ) }\nfinish stop`;
export const escaped = ( text ) => text.replaceAll( '\\', '\\\\' ).replaceAll( '\n', '\\n' );

/** What the scripted server did from now on. */
export function upstream() {
	const all = () => readFileSync( UPSTREAM_LOG, 'utf8' ).split( '\n' ).filter( ( line ) => line !== '' );
	const from = all().length;
	const requestsBefore = requestsOf( all() ).length;
	return {
		lines: () => all().slice( from ).map( ( line ) => line.replace( /^\d+ /, '' ) ),
		/** Requests to /NAME/…, each with its body as JSON and what the log says of its connection after it. */
		requests( name ) {
			const lines = all();
			return requestsOf( lines ).slice( requestsBefore ).filter( ( request ) => request.path.startsWith( `/${ name }/` ) ).map( ( request ) => ( {
				...request,
				body: readFileSync( `${ UPSTREAM_BODIES }/${ request.number }.txt`, 'utf8' ),
				ended: lines.slice( request.line + 1 ).map( ( line ) => line.split( ' ' ) )
					.find( ( [ , what, connection ] ) => connection === request.connection && [ 'done', 'gone', 'cut', 'request' ].includes( what ) )?.[ 1 ] ?? '',
			} ) );
		},
	};
}

function requestsOf( lines ) {
	const found = [];
	for ( const [ line, text ] of lines.entries() ) {
		const [ , what, connection, method, path ] = text.split( ' ' );
		if ( what === 'request' ) {
			found.push( { line, connection, method, path, number: found.length + 1 } );
		}
	}
	return found;
}

/** The messages of a request to the model, as one text for searching in. */
export const told = ( request ) => JSON.parse( request.body ).messages.map( ( message ) => JSON.stringify( message ) ).join( '\n' );
/** What the tools said to the model in a request. */
export const toolResults = ( request ) => JSON.parse( request.body ).messages.filter( ( message ) => message.role === 'tool' ).map( ( message ) => message.content );
