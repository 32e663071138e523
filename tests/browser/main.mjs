/*
 * Runs groups of tests: node main.mjs [GROUP...], started by tests/browser/run. Exit status 1: something failed.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { run, startGroup } from './harness.mjs';
import { SITE_STATE, expectedInLog, stopPhp } from './site.mjs';
import { startBrowser, stopBrowser } from './visitor.mjs';

const there = readdirSync( new URL( '.', import.meta.url ) ).filter( ( name ) => name.endsWith( '_test.mjs' ) ).map( ( name ) => name.slice( 0, -9 ) );
const wanted = process.argv.length > 2 ? process.argv.slice( 2 ) : there.filter( ( name ) => name !== 'looks' );
let failed = 0;
const say = ( holds, name ) => {
	console.log( `${ holds ? 'ok' : 'not ok' } - ${ name }` );
	failed += holds ? 0 : 1;
};

process.on( 'unhandledRejection', ( error ) => {
	say( false, 'browser: an error that no test waited for' );
	console.log( String( error.stack ?? error ).slice( 0, 2000 ).replace( /^/gm, '    ' ) );
} );

for ( const group of wanted ) {
	if ( there.includes( group ) ) {
		startGroup( group );
		await import( `./${ group }_test.mjs` );
	} else {
		say( false, `browser: there is no group ${ group }` );
	}
}
await startBrowser();
failed += await run();
await stopBrowser();
stopPhp();

// Whatever PHP or WordPress complained about meanwhile.
for ( const name of [ 'debug.log', 'php.log' ] ) {
	const file = `${ SITE_STATE }/log/${ name }`;
	const lines = ( existsSync( file ) ? readFileSync( file, 'utf8' ) : '' ).split( '\n' ).filter( ( line ) => line !== '' && ! expectedInLog.some( ( pattern ) => pattern.test( line ) ) );
	say( lines.length === 0, `browser: nothing in the site's ${ name }` );
	for ( const line of lines.slice( -20 ) ) {
		console.log( `    ${ line }` );
	}
}
process.exit( failed > 0 ? 1 : 0 );
