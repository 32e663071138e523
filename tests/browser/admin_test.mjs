/*
 * What the site's owner sees: the settings page, and a site without the extension.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { assert, holds, picture, test } from './harness.mjs';
import { SITE, SITE_STATE, php, until } from './site.mjs';
import { logInOverHttp, visitor } from './visitor.mjs';

async function owner() {
	const one = await visitor();
	await logInOverHttp( one.context, 'admin', readFileSync( `${ SITE_STATE }/keep/admin-password`, 'utf8' ).trim() );
	return one;
}

test( 'local', 'the owner chooses a model on the settings page; what is wrong is said and the old value kept', async () => {
	const { page } = await ( await owner() ).visit( '/wp-admin/options-general.php?page=aiguy' );
	holds( await page.locator( '.notice-success' ).innerText(), 'has taken these settings' );
	await picture( page, 'settings', { fullPage: true } );
	const before = await php( 'option', 'aiguy_settings' );
	await page.selectOption( '#aiguy-brain', 'openai-chat' );
	await page.fill( '#aiguy-model', 'test' );
	await page.fill( '#aiguy-base_url', 'https://models.example.com/v1/' );
	await page.fill( '#aiguy-contact_url', 'https://user:word@models.example.com/' );
	await page.click( '#submit' );
	await page.locator( '#setting-error-aiguy_contact_url' ).waitFor();
	const after = await php( 'option', 'aiguy_settings' );
	assert.deepEqual( { ...before, brain: 'openai-chat', model: 'test', base_url: 'https://models.example.com/v1' }, after );
	// That host is outside, and this WordPress calls nobody there: the page says so, and who answers instead.
	holds( await page.locator( '.notice-warning' ).allInnerTexts().then( ( all ) => all.join() ), 'The local brain answers instead of the model' );
	await php( 'settings', before );
}, { alone: true } );

/** A PHP without the extension serves the site's pages under their own address. */
async function withoutExtension( one, body ) {
	const ini = `${ SITE_STATE }/tests-without.ini`;
	writeFileSync( ini, readFileSync( `${ SITE_STATE }/php.ini`, 'utf8' ).split( '\n' ).filter( ( line ) => ! /agent\.so|^agent\./.test( line.trim() ) ).join( '\n' ) );
	const port = await new Promise( ( resolve ) => {
		const probe = createServer().listen( 0, '127.0.0.1', () => {
			const { port: free } = probe.address();
			probe.close( () => resolve( free ) );
		} );
	} );
	const server = spawn( 'bash', [ '-c', 'as=(); [ "$(id -u)" -ne 0 ] || as=(runuser -u www-data --)\nPHP_INI_SCAN_DIR= exec "${as[@]}" "$(agent_php binary)" -c "$1" -S "127.0.0.1:$2" -t "$3"',
		'bash', ini, String( port ), `${ SITE_STATE }/wordpress` ], { stdio: 'ignore', detached: true } );
	const stop = () => process.kill( -server.pid );
	process.on( 'exit', stop ); // not even an error that nobody waited for leaves it behind
	try {
		const there = `http://127.0.0.1:${ port }`;
		await until( 'a PHP without the extension', () => fetch( `${ there }/readme.html` ).then( ( { ok } ) => ok, () => false ) );
		await one.context.route( ( url ) => url.origin === SITE && ! /\.(css|js|gif|png|svg|woff2?)$/.test( url.pathname ), async ( route ) => {
			const request = route.request();
			try {
				const response = await route.fetch( { url: request.url().replace( SITE, there ), headers: { ...request.headers(), host: new URL( SITE ).host }, maxRedirects: 0 } );
				await route.fulfill( { response } );
			} catch {
				// The page has gone on before all of it was there.
			}
		} );
		await body();
	} finally {
		process.off( 'exit', stop );
		stop();
	}
}

test( 'local', 'without the extension the page offers a person, and the owner is told what to install', async () => {
	const one = await owner();
	await withoutExtension( one, async () => {
		const { page } = await one.visit( '/help/' );
		assert.equal( await page.locator( '.aiguy a' ).getAttribute( 'href' ), `${ SITE }/contact/` );
		assert.equal( await page.locator( '[data-aiguy]' ).count(), 0 );
		holds( await page.content(), [], 'assets/widget.js' );
		await page.goto( `${ SITE }/wp-admin/plugins.php` );
		holds( await page.locator( '#aiguy-missing' ).innerText(), [ 'extension "agent" is not loaded', 'agent.so', 'extension=agent.so' ] );
		await picture( page, 'without-extension-plugins' );
		await page.goto( `${ SITE }/wp-admin/options-general.php?page=aiguy` );
		await page.locator( '#aiguy-missing' ).waitFor();
		await page.goto( `${ SITE }/wp-admin/index.php` );
		assert.equal( await page.locator( '#aiguy-missing' ).count(), 0 );
	} );
} );
