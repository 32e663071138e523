/*
 * Tests: a name, a brain, what must hold. After each one its visitors' consoles and requests are looked at, and a failed
 * one leaves pictures of their pages. TAP on standard output.
 */
import { writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { noScript, settings } from './site.mjs';
import { visitorsOf } from './visitor.mjs';

const LOGS = process.env.BROWSER_LOGS;
const tests = [];
let group = '';

/** Tests that follow belong to this group. */
export function startGroup( name ) {
	group = name;
}

/**
 * @param {string} brain 'local', 'model', or both, one blank apart: the test then runs with each of them
 * @param {string} name what holds
 * @param {(brain: string) => Promise} body
 * @param {{alone?: boolean}} how alone: it changes the site, so no other test runs beside it. With the model all do: there is one script.
 */
export function test( brain, name, body, { alone = false } = {} ) {
	for ( const one of brain.split( ' ' ) ) {
		tests.push( { brain: one, alone: alone || one === 'model', name: `${ group }: ${ name } [${ one }]`, body } );
	}
}

export { assert };

/** A picture for people. */
export const picture = ( page, name, options = {} ) => page.screenshot( { path: `${ process.env.BROWSER_SHOTS }/${ name }.png`, animations: 'disabled', ...options } );

/** A text that has all of these, and none of those. */
export function holds( text, has, hasNot = [] ) {
	const found = ( part ) => part instanceof RegExp ? part.test( text ) : text.includes( part );
	for ( const part of [ has ].flat() ) {
		assert.ok( found( part ), `${ part } is not in: ${ text }` );
	}
	for ( const part of [ hasNot ].flat() ) {
		assert.ok( ! found( part ), `${ part } is in: ${ text }` );
	}
}

/** All tests, those of one brain together: two at a time, then those that must be alone. How many failed. */
export async function run() {
	let failed = 0;
	const lane = async ( queue ) => {
		for ( let next = queue.shift(); next; next = queue.shift() ) {
			failed += await one( next );
		}
	};
	for ( const brain of [ 'local', 'model' ] ) {
		const beside = tests.filter( ( test ) => test.brain === brain && ! test.alone );
		if ( beside.length > 0 ) {
			await settings( brain );
			await Promise.all( [ lane( beside ), lane( beside ) ] );
		}
		await lane( tests.filter( ( test ) => test.brain === brain && test.alone ) );
	}
	return failed;
}

async function one( { brain, alone, name, body } ) {
	const began = Date.now();
	let trouble = null;
	const there = new Set();
	try {
		if ( alone ) {
			await settings( brain );
		}
		await visitorsOf.run( there, () => body( brain ) );
		assert.deepEqual( [ ...there ].flatMap( ( visitor ) => visitor.complaints() ), [], 'what the pages said or asked for' );
	} catch ( error ) {
		trouble = error;
	}
	const seconds = ( ( Date.now() - began ) / 1000 ).toFixed( 1 );
	console.log( `${ trouble ? 'not ok' : 'ok' } - ${ name }${ process.env.BROWSER_TIMES ? ` ${ seconds } s` : '' }` );
	if ( trouble ) {
		console.log( String( trouble.stack ?? trouble ).slice( 0, 4000 ).replace( /^/gm, '    ' ) );
		await remains( name.replace( /[^A-Za-z0-9]+/g, '-' ).slice( 0, 90 ), [ ...there ] );
	}
	for ( const visitor of there ) {
		await visitor.leave().catch( () => {} );
	}
	if ( alone ) {
		noScript( 'model' );
	}
	return trouble ? 1 : 0;
}

async function remains( name, visitors ) {
	for ( const [ i, visitor ] of visitors.entries() ) {
		for ( const [ j, page ] of visitor.context.pages().entries() ) {
			await page.screenshot( { path: `${ LOGS }/${ name }-${ i }-${ j }.png`, timeout: 5000 } ).catch( () => {} );
		}
		writeFileSync( `${ LOGS }/${ name }-${ i }.txt`, [ ...visitor.said, '', ...visitor.requests.map( ( { url, body } ) => `${ url } ${ body }` ), '', ...visitor.streams.map( ( { status, text } ) => `${ status } ${ text }` ) ].join( '\n' ) );
	}
}
