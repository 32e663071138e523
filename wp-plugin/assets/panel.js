/*
 * The open chat: a dialog that leaves the page usable (no focus trap), its log, its form and what goes wrong in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/** The chat route's own limit. */
const LONGEST_MESSAGE = 2000;

export class Panel {
	#kit;
	#section;
	#launcher;
	#strings;
	#contact;
	#talk;
	#log;
	#field;
	#send;
	#stop;
	#error;
	/** The promise of a session, once there was reason to ask for one. */
	#session = null;
	/** What stops the answer that is coming in; null: none is. */
	#answering = null;
	/** A question that waits for the answer before it: that of an order just proved. */
	#next = '';

	/**
	 * @param {Object} kit the functions and classes of the other files
	 * @param {Element} section empty, hidden, role dialog
	 * @param {HTMLButtonElement} launcher
	 * @param {{urls: Object, strings: Object, contact: ?URL}} options
	 */
	constructor( kit, section, launcher, { urls, strings, contact } ) {
		this.#kit = kit;
		this.#section = section;
		this.#launcher = launcher;
		this.#strings = strings;
		this.#contact = contact;
		this.#talk = new kit.Talk( urls, kit.readEvents );
		this.#build();
	}

	open() {
		this.#section.hidden = false;
		this.#launcher.setAttribute( 'aria-expanded', 'true' );
		this.#fit();
		for ( const type of [ 'resize', 'scroll' ] ) {
			window.visualViewport?.addEventListener( type, this.#fit, { passive: true } );
		}
		this.#field.focus();
		this.#toEnd();
		this.#ready().catch( ( error ) => this.#fail( error, () => this.open() ) );
	}

	close() {
		this.#section.hidden = true;
		this.#launcher.setAttribute( 'aria-expanded', 'false' );
		for ( const type of [ 'resize', 'scroll' ] ) {
			window.visualViewport?.removeEventListener( type, this.#fit );
		}
		this.#launcher.focus();
	}

	#build() {
		const { el, icon } = this.#kit;
		const s = this.#strings;
		this.#log = el( 'div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', 'aria-label': s.log, tabindex: '0' } );
		this.#field = el( 'textarea', { id: 'field', rows: '1', placeholder: s.field, 'aria-describedby': 'error hint', enterkeyhint: 'send',
			input: () => this.#grow(), keydown: ( event ) => this.#key( event ) } );
		// The pointer leaves the focus in the field: on a phone the keyboard would close and open again with each question.
		this.#send = el( 'button', { type: 'submit', class: 'send', 'aria-label': s.send, pointerdown: ( event ) => event.preventDefault() }, icon( 'send' ) );
		this.#stop = el( 'button', { type: 'button', class: 'stop', hidden: true, click: () => this.#answering?.abort() }, icon( 'stop' ), s.stop );
		this.#error = el( 'div', { class: 'error', role: 'alert' } );
		const form = el( 'form', { class: 'ask', submit: ( event ) => {
			event.preventDefault();
			this.#submit();
		} },
		el( 'label', { for: 'field', class: 'unseen' }, s.field ), this.#field,
		el( 'span', { id: 'hint', class: 'unseen' }, s.field_hint ), this.#send );
		this.#section.append(
			el( 'header', {},
				el( 'div', {}, el( 'h2', { id: 'title' }, s.title ), el( 'p', { id: 'subtitle' }, s.subtitle ) ),
				el( 'button', { type: 'button', class: 'close', 'aria-label': s.close, click: () => this.close() }, icon( 'close' ) ) ),
			this.#log, this.#stop, this.#error, form,
			this.#contact ? el( 'p', { class: 'contact' }, this.#contactLink() ) : '',
		);
	}

	#contactLink() {
		return this.#kit.link( this.#contact, this.#strings.contact, this.#strings.new_tab );
	}

	/** A session, asked for once; after a failure once more. */
	#ready() {
		this.#session ??= this.#talk.open().then(
			( { messages } ) => this.#history( messages ),
			( error ) => {
				this.#session = null;
				throw error.words ? error : Object.assign( new Error(), { words: this.#strings.error_session } );
			},
		);
		return this.#session;
	}

	#history( messages ) {
		// What was said before is not news: nothing of it is announced.
		this.#log.setAttribute( 'aria-live', 'off' );
		const shown = this.#log.firstChild; // a question may have been sent while the session was still on its way
		const add = ( element ) => this.#log.insertBefore( element, shown );
		let question = '';
		let reply = null;
		for ( const { role, parts = [] } of messages ) {
			const text = parts.filter( ( part ) => part.type === 'text' ).map( ( part ) => part.text ).join( '\n' );
			reply = null;
			if ( role === 'user' ) {
				question = text;
				add( this.#question( text ) );
			} else {
				reply = new this.#kit.Reply( this.#kit, this.#strings );
				reply.show( parts );
				reply.settle( reply.turn.outcome === 'interrupted' ? this.#strings.incomplete : '' );
				add( reply.element );
			}
		}
		if ( messages.length === 0 && this.#strings.greeting !== '' ) {
			add( this.#kit.el( 'p', { class: 'greeting' }, this.#strings.greeting ) );
		}
		if ( reply && ! shown ) {
			this.#after( reply, question, false );
		}
		this.#toEnd();
		setTimeout( () => this.#log.setAttribute( 'aria-live', 'polite' ), 200 );
	}

	#submit() {
		const text = this.#field.value.trim();
		if ( text === '' || this.#answering ) {
			return; // what is written while an answer comes in stays in the field
		}
		if ( [ ...text ].length > LONGEST_MESSAGE ) {
			this.#say( this.#strings.error_long );
			this.#field.setAttribute( 'aria-invalid', 'true' );
			return;
		}
		this.#field.value = '';
		this.#grow();
		this.#ask( text );
	}

	/** A new question: shown at once, then sent. */
	#ask( text ) {
		this.#log.append( this.#question( text ) );
		this.#toEnd();
		this.#request( text, this.#kit.newId() );
	}

	async #request( text, id ) {
		this.#clear();
		const control = new AbortController();
		const reply = new this.#kit.Reply( this.#kit, this.#strings );
		this.#busy( control );
		reply.wait();
		this.#log.append( reply.element );
		this.#toEnd();
		let error = null;
		try {
			await this.#ready();
			await this.#talk.ask( text, id, control.signal, ( event ) => this.#following( () => reply.hear( event ) ) );
		} catch ( thrown ) {
			error = thrown;
		}
		this.#busy( null );
		this.#following( () => this.#settle( reply, text, id, error, control.signal.aborted ) );
		if ( this.#next !== '' && ! error ) {
			const next = this.#next;
			this.#next = '';
			this.#ask( next );
		}
	}

	#settle( reply, text, id, error, stopped ) {
		const s = this.#strings;
		if ( stopped ) {
			reply.settle( s.stopped );
			return;
		}
		if ( ! error && reply.error === '' && ! reply.cut ) {
			reply.settle();
			this.#after( reply, text, true );
			return;
		}
		if ( reply.empty ) {
			reply.element.remove();
		}
		reply.settle( s.incomplete );
		// The server gives the turn of an id again. One that ended badly there needs a new id, one that never got through the same.
		this.#fail( error ?? { words: reply.error || s.incomplete, status: 200 }, () => {
			reply.element.remove();
			this.#request( text, error ? id : this.#kit.newId() );
		} );
	}

	/** What an answer asks for beyond its words. */
	#after( reply, question, live ) {
		const { outcome, proof } = reply.turn;
		if ( outcome === 'needs_proof' ) {
			this.#proof( question, String( proof?.order_number ?? '' ), live );
		} else if ( this.#contact && [ 'escalated', 'shed', 'failed' ].includes( outcome ) ) {
			reply.element.append( this.#kit.el( 'p', { class: 'contact' }, this.#contactLink() ) );
		}
	}

	#proof( question, orderNumber, live ) {
		this.#log.querySelector( 'form.proof' )?.remove();
		const form = this.#kit.proofForm( this.#kit, this.#strings, orderNumber, {
			prove: ( number, email ) => this.#talk.prove( number, email ),
			proved: ( message ) => {
				form.element.replaceWith( this.#kit.el( 'p', { class: 'notice', dir: 'auto' }, message ) );
				this.#field.focus();
				if ( this.#answering ) {
					this.#next = question;
				} else {
					this.#ask( question );
				}
			},
			left: () => this.#field.focus(),
		} );
		this.#log.append( form.element );
		// Whoever waits in the empty field is taken to the form; whoever writes or reads elsewhere is not.
		if ( live && this.#field.value === '' && this.#section.getRootNode().activeElement === this.#field ) {
			form.focus();
		}
	}

	#question( text ) {
		const { el } = this.#kit;
		// aria-live off: who typed it has heard it.
		return el( 'div', { class: 'message visitor', 'aria-live': 'off' }, el( 'span', { class: 'unseen' }, this.#strings.you + ' ' ), el( 'div', { class: 'text', dir: 'auto' }, text ) );
	}

	/** An error of the connection or of the server, in words, with a way on. */
	#fail( error, again ) {
		const { el } = this.#kit;
		this.#say( error.words || ( error.status ? this.#strings.error : this.#strings.error_connection ),
			el( 'button', { type: 'button', class: 'plain', click: () => {
				this.#field.focus();
				this.#clear();
				again();
			} }, this.#strings.try_again ) );
	}

	#say( words, ...ways ) {
		this.#following( () => this.#error.replaceChildren( this.#kit.el( 'p', { id: 'error', dir: 'auto' }, words ), ...ways ) );
	}

	#clear() {
		this.#error.replaceChildren();
		this.#field.removeAttribute( 'aria-invalid' );
	}

	#busy( control ) {
		const focused = this.#section.getRootNode().activeElement;
		this.#answering = control;
		this.#send.disabled = control !== null;
		this.#stop.hidden = control === null;
		if ( focused === this.#send || focused === this.#stop ) {
			this.#field.focus(); // not lost with the button
		}
	}

	#key( event ) {
		// Enter also ends the writing of a Japanese or Chinese word. Safari tells of its end first, but keeps the code 229.
		if ( event.key === 'Enter' && ! event.shiftKey && ! event.isComposing && event.keyCode !== 229 ) {
			event.preventDefault();
			this.#submit();
		}
	}

	#grow() {
		this.#field.style.height = 'auto';
		this.#field.style.height = this.#field.scrollHeight + 2 + 'px';
	}

	/**
	 * Keeps the end in sight while something is added, unless the visitor has scrolled away from it; but only until the
	 * question stands at the upper edge: a long answer is read from its beginning.
	 */
	#following( add ) {
		const { scrollHeight, scrollTop, clientHeight } = this.#log;
		add();
		if ( scrollHeight - scrollTop - clientHeight < 60 ) {
			const question = [ ...this.#log.querySelectorAll( '.visitor' ) ].pop();
			// Where it is now, not where it was: a form that took the focus has come into sight.
			this.#log.scrollTop = Math.max( this.#log.scrollTop, question ? question.offsetTop - 16 : 0 );
		}
	}

	#toEnd() {
		this.#log.scrollTop = this.#log.scrollHeight;
	}

	/** An on-screen keyboard lies over the page and makes only the visual viewport smaller. Whoever zooms in sees a part on purpose. */
	#fit = () => {
		const view = window.visualViewport;
		const whole = ! view || view.scale > 1.01;
		const set = ( name, pixels ) => whole ? this.#section.style.removeProperty( name ) : this.#section.style.setProperty( name, pixels + 'px' );
		set( '--view-height', view?.height );
		set( '--view-top', view?.offsetTop );
		set( '--view-lost', Math.max( 0, window.innerHeight - view?.height - view?.offsetTop ) );
	};
}
