/*
 * The form with which a guest shows that an order is theirs. It goes to a route of its own: what is entered here never
 * becomes part of the chat, so neither a model nor the history gets to see the e-mail address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @param {Object} kit the functions of dom.js
 * @param {Object} strings
 * @param {string} orderNumber known already, or ''
 * @param {Object} on
 * @param {(orderNumber: string, email: string) => Promise<{ok: boolean, message: string}>} on.prove
 * @param {(message: string) => void} on.proved
 * @param {() => void} on.left the visitor cancelled, or may not try again: where the focus was is nothing any more
 * @returns {{element: Element, focus: () => void}}
 */
export function proofForm( { el }, strings, orderNumber, on ) {
	const input = ( id, attributes ) => el( 'input', { id, 'aria-required': 'true', 'aria-describedby': 'proof-error', ...attributes } );
	const order = input( 'proof-order', { type: 'text', value: orderNumber, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: '64' } );
	const email = input( 'proof-email', { type: 'email', autocomplete: 'email', maxlength: '254' } );
	const error = el( 'p', { id: 'proof-error', class: 'wrong', role: 'alert' } );
	const submit = el( 'button', { type: 'submit', class: 'primary' }, strings.proof_submit );
	const cancel = el( 'button', { type: 'button', class: 'plain', click: () => {
		element.remove();
		on.left();
	} }, strings.proof_cancel );
	const fields = el( 'fieldset', { 'aria-describedby': 'proof-intro' },
		el( 'legend', {}, strings.proof_title ),
		el( 'p', { id: 'proof-intro' }, strings.proof_intro ),
		el( 'label', { for: 'proof-order' }, strings.proof_order ), order,
		el( 'label', { for: 'proof-email' }, strings.proof_email ), email,
		error,
		el( 'div', { class: 'buttons' }, submit, cancel ),
	);
	// novalidate: the browser's own bubbles vanish after a while, and not every screen reader reads them.
	const element = el( 'form', { class: 'proof', novalidate: true, submit: ( event ) => {
		event.preventDefault();
		send();
	} }, fields );

	/** Words for what is wrong; the first of the fields concerned gets the focus. */
	const wrong = ( words, concerned = [] ) => {
		error.textContent = words;
		for ( const field of [ order, email ] ) {
			field.setAttribute( 'aria-invalid', String( concerned.includes( field ) ) );
		}
		concerned[ 0 ]?.focus();
		submit.scrollIntoView( { block: 'nearest' } ); // what a scroll to the field would leave out: the words and the buttons
	};

	let sending = false;
	const send = async () => {
		if ( sending ) {
			return;
		}
		order.value = order.value.trim();
		const missing = [ order, email ].filter( ( field ) => field.value === '' );
		if ( missing.length > 0 || email.validity.typeMismatch ) {
			wrong( missing.length > 0 ? strings.proof_missing : strings.proof_email_invalid, missing.length > 0 ? missing : [ email ] );
			return;
		}
		wrong( '' );
		sending = true;
		element.setAttribute( 'aria-busy', 'true' );
		try {
			const { ok, message } = await on.prove( order.value, email.value );
			if ( ok ) {
				on.proved( message );
			} else {
				wrong( message || strings.error, [ email, order ] ); // which of the two it was, nobody is told
			}
		} catch ( trouble ) {
			wrong( trouble.words || strings.error_connection );
			if ( trouble.status === 429 ) {
				fields.disabled = true;
				on.left();
			}
		}
		sending = false;
		element.removeAttribute( 'aria-busy' );
	};

	return {
		element,
		focus() {
			( orderNumber === '' ? order : email ).focus();
			submit.scrollIntoView( { block: 'nearest' } );
		},
	};
}
