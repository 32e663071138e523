/*
 * A visitor: a browser profile of their own with one or more pages, and the widget as they see it.
 * Everything that a page asks for and everything that its console says is kept; harness.mjs judges it after each test.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { SITE, store, until } from './site.mjs';

const require = createRequire( process.env.BROWSER_MODULES + '/' );
const { chromium } = require( 'playwright-core' );

let browser = null;
/** The visitors of the test that runs: a set that the harness provides. */
export const visitorsOf = new AsyncLocalStorage();
const logins = new Map();

export async function startBrowser() {
	browser = await chromium.launch( {
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: [ '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync' ],
	} );
}

export const stopBrowser = () => browser?.close();

/** @param {Object} options of a browser context, and `as`: a customer's login */
export async function visitor( { as = '', ...options } = {} ) {
	// Without motion: nobody looks, and a click waits until the button stands still.
	const context = await browser.newContext( { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options } );
	context.setDefaultTimeout( 15000 );
	const one = new Visitor( context );
	visitorsOf.getStore().add( one );
	await one.listen();
	if ( as !== '' ) {
		await one.logIn( as );
	}
	return one;
}

/** The cookies of a login, made once per customer; a test that logs out takes one of its own. */
async function cookiesOf( context, login, fresh ) {
	const { password } = store.customers.find( ( customer ) => customer.login === login );
	const make = () => logInOverHttp( context, login, password ).then( () => context.cookies() );
	if ( fresh ) {
		return make();
	}
	if ( ! logins.has( login ) ) {
		logins.set( login, make() );
	}
	return logins.get( login );
}

export async function logInOverHttp( context, login, password ) {
	await context.addCookies( [ { name: 'wordpress_test_cookie', value: 'WP%20Cookie%20check', url: SITE } ] );
	const answer = await context.request.post( `${ SITE }/wp-login.php`, { form: { log: login, pwd: password, testcookie: '1' }, maxRedirects: 0 } );
	if ( answer.status() !== 302 ) {
		throw new Error( `${ login } cannot log in: ${ answer.status() }` );
	}
}

class Visitor {
	/** What consoles said and which errors pages had, requests, and the events of the chat's answers as they come, oldest first. */
	said = [];
	requests = [];
	streams = [];
	/** Patterns of what a test provokes; all else that a console says is a failure. */
	#expected = [];
	#allowed = [ SITE ];

	constructor( context ) {
		this.context = context;
		context.on( 'console', ( message ) => [ 'error', 'warning' ].includes( message.type() )
			&& this.said.push( `${ message.type() }: ${ message.text() } (${ message.location().url })` ) );
		context.on( 'weberror', ( { error } ) => this.said.push( `uncaught: ${ error().stack ?? error() }` ) );
		context.on( 'request', ( request ) => this.requests.push( { url: request.url(), type: request.resourceType(), body: request.postData() ?? '' } ) );
	}

	async logIn( login, fresh = false ) {
		await this.context.addCookies( await cookiesOf( this.context, login, fresh ) );
	}

	expect( ...patterns ) {
		this.#expected.push( ...patterns );
	}

	/** Another site that a test opens on purpose. */
	allow( origin ) {
		this.#allowed.push( origin );
	}

	/** What no page may do: complain, or ask somebody else. */
	complaints() {
		return [
			...this.said.filter( ( text ) => ! this.#expected.some( ( pattern ) => pattern.test( text ) ) ),
			...this.requests.filter( ( { url } ) => ! this.#allowed.some( ( origin ) => url === origin || url.startsWith( origin + '/' ) ) && ! /^(data|blob|about):/.test( url ) )
				.map( ( { url } ) => `a request to another site: ${ url }` ),
		];
	}

	async visit( path = '/' ) {
		const page = await this.context.newPage();
		await page.goto( SITE + path, { waitUntil: 'load' } );
		return new Widget( page, this );
	}

	/** A page with the chat open and its history there. */
	async chat( path = '/' ) {
		const widget = await this.visit( path );
		await widget.open();
		return widget;
	}

	/** The events of an answer that has ended, by its number or counted from the last. The page may have them before we do. */
	async events( which = -1 ) {
		const stream = this.streams.at( which );
		await until( 'the end of the stream', () => stream.text.includes( '[DONE]' ) );
		return stream.events;
	}

	async outcome() {
		return ( await this.events() ).find( ( { type } ) => type === 'data-turn' ).data;
	}

	/**
	 * Hears the chat's answers as the page reads them: the browser itself keeps nothing of a body that is read as a stream.
	 */
	async listen() {
		await this.context.exposeFunction( 'testHeard', ( id, what, value ) => {
			let stream = this.streams.find( ( one ) => one.id === id );
			if ( ! stream ) {
				stream = { id, text: '', get events() {
					return eventsOf( this.text );
				} };
				this.streams.push( stream );
			}
			stream[ what ] = what === 'text' ? stream.text + value : value;
		} );
		await this.context.addInitScript( () => {
			const chats = new WeakMap();
			const { fetch } = window;
			window.fetch = async ( ...all ) => {
				const response = await fetch( ...all );
				if ( response.url.endsWith( '/aiguy/v1/chat' ) && response.body ) {
					const id = Math.random();
					chats.set( response.body, id );
					window.testHeard( id, 'status', response.status );
					window.testHeard( id, 'headers', Object.fromEntries( response.headers ) );
				}
				return response;
			};
			const { getReader } = ReadableStream.prototype;
			ReadableStream.prototype.getReader = function( ...all ) {
				const id = chats.get( this );
				const reader = getReader.apply( this, all );
				if ( id !== undefined ) {
					const read = reader.read.bind( reader );
					const decoder = new TextDecoder();
					reader.read = async () => {
						const piece = await read();
						if ( piece.value ) {
							window.testHeard( id, 'text', decoder.decode( piece.value, { stream: true } ) );
						}
						return piece;
					};
				}
				return reader;
			};
		} );
	}

	async leave() {
		for ( const routed of [ this.context, ...this.context.pages() ] ) {
			await routed.unrouteAll( { behavior: 'ignoreErrors' } );
		}
		await this.context.close();
	}
}

export function eventsOf( text ) {
	return text.split( '\n\n' ).filter( ( event ) => event.startsWith( 'data: {' ) ).map( ( event ) => JSON.parse( event.slice( 6 ) ) );
}

export class Widget {
	constructor( page, visitor ) {
		this.page = page;
		this.visitor = visitor;
	}

	/** Something in the widget; the locator looks into its shadow root. */
	find( selector ) {
		return this.page.locator( '.aiguy ' + selector );
	}

	async open() {
		await this.find( '.launcher' ).click();
		await this.ready();
	}

	/** The history is there, or the greeting, or an error. */
	async ready() {
		await this.find( '.panel' ).waitFor( { state: 'visible' } );
		await this.find( ':is( .log > *, .error > * )' ).first().waitFor( { state: 'attached' } );
	}

	async send( question ) {
		await this.find( '#field' ).fill( question );
		await this.find( '#field' ).press( 'Enter' );
		await this.page.waitForFunction( ( text ) => {
			const questions = document.querySelector( '[data-aiguy]' ).shadowRoot.querySelectorAll( '.visitor .text' );
			return questions.length > 0 && questions[ questions.length - 1 ].textContent === text;
		}, question );
	}

	/** Nothing is coming in any more. */
	async settled() {
		await this.find( '.stop' ).waitFor( { state: 'hidden', timeout: 25000 } );
	}

	/** Asks, and gives the last entry of the log when it is complete. */
	async ask( question ) {
		await this.send( question );
		await this.settled();
		return this.last();
	}

	async last() {
		const answers = ( await this.log() ).filter( ( entry ) => entry.who === 'assistant' );
		return answers[ answers.length - 1 ] ?? null;
	}

	/** What stands in the log, from the page itself. */
	log() {
		return this.page.evaluate( () => {
			const text = ( element ) => element?.innerText.trim() ?? '';
			const links = ( element, selector ) => [ ...element.querySelectorAll( selector ) ].map( ( a ) => ( { text: text( a ), href: a.href, rel: a.rel, target: a.target } ) );
			return [ ...document.querySelector( '[data-aiguy]' ).shadowRoot.querySelectorAll( '.log > *' ) ].map( ( entry ) => ( {
				who: [ 'visitor', 'assistant', 'proof', 'notice', 'greeting' ].find( ( name ) => entry.classList.contains( name ) ) ?? '',
				text: entry.classList.contains( 'message' ) ? text( entry.querySelector( '.text' ) ) : text( entry ),
				sentences: [ ...entry.querySelectorAll( '.text > p:not( .notice ) > span' ) ].map( ( span ) => span.textContent ),
				notices: [ ...entry.querySelectorAll( '.text > .notice' ) ].map( text ),
				links: links( entry, '.text a' ),
				sources: links( entry, '.sources a' ),
				files: links( entry, '.files a' ),
				contact: links( entry, '.contact a' ),
				remark: text( entry.querySelector( '.remark' ) ),
				status: text( entry.querySelector( '.status' ) ),
			} ) );
		} );
	}

	error() {
		return this.find( '.error' ).innerText();
	}

	/** The focused element's name within the widget; '' where the focus is elsewhere. */
	focus() {
		return this.page.evaluate( () => {
			const element = document.querySelector( '[data-aiguy]' ).shadowRoot.activeElement;
			return element ? element.id || element.className : '';
		} );
	}

	token() {
		return this.page.evaluate( () => localStorage.getItem( 'aiguy:' + document.querySelector( '[data-aiguy]' ).dataset.sessionUrl ) ?? '' );
	}

	until( what, condition, seconds ) {
		return until( what, condition, seconds );
	}
}
