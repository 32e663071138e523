// SPDX-License-Identifier: MIT
// A tool's backend in Node (18 or later), without packages: what tools.md asks of one in any language. Two tools, in memory.
//
//   node tool-backend.mjs PORT KEYS AUDIENCE [ISSUER]
//       KEYS: where the agent's public keys are, as agent_token_key_set() gives them (…/wp-json/aiguy/v1/jwks)
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';

const [port, keysUrl, audience, issuer = 'agent'] = process.argv.slice(2);
const SKEW = 30, LIFE = 60, TOKEN_MAX = 4096, BODY_MAX = 256 * 1024;

class Refusal extends Error {
	constructor(status, code, message) {
		super(message);
		Object.assign(this, { status, code });
	}
}
const unauthorized = (code) => new Refusal(401, code, 'the request needs a valid token');

// --- keys: what a key is decides how it is used; what a token says about itself decides nothing -------------------------

let keys = new Map(), fetched = -Infinity, fetching = null;

async function fetchKeys() {
	const answer = await fetch(keysUrl, { redirect: 'error', signal: AbortSignal.timeout(3000) });
	const { keys: list } = await answer.json();
	return new Map(list.filter((jwk) => jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && jwk.alg === 'EdDSA')
		.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
}

// A kid that is not known may be a new one: the list is fetched again, but not as often as strangers like. And after some minutes in any
// case, for a key that was stolen is taken from the list.
async function keyOf(kid) {
	const age = performance.now() - fetched;
	if ((!keys.has(kid) && age > 1000) || age > 300_000) {
		fetching ??= fetchKeys().finally(() => {
			fetching = null;
			fetched = performance.now();
		});
		keys = await fetching;
	}
	return keys.get(kid);
}

// --- the token ----------------------------------------------------------------------------------------------------------

// base64url, in its one spelling: without padding, foreign characters or loose bits.
function decode(part) {
	const bytes = Buffer.from(part, 'base64url');
	if (bytes.toString('base64url') !== part) {
		throw unauthorized('token_invalid');
	}
	return bytes;
}

async function claimsOf(token) {
	const parts = token.length <= TOKEN_MAX ? token.split('.') : [];
	if (parts.length !== 3) {
		throw unauthorized('token_invalid');
	}
	const [head, body, signature] = parts.map(decode);
	let header, claims;
	try {
		header = JSON.parse(head);
	} catch {
		throw unauthorized('token_invalid');
	}
	if (header?.alg !== 'EdDSA' || typeof header.kid !== 'string' || 'crit' in header) {
		throw unauthorized('token_invalid');
	}
	const key = await keyOf(header.kid);
	if (!key || !verify(null, Buffer.from(`${parts[0]}.${parts[1]}`), key, signature)) {
		throw unauthorized('token_invalid');
	}
	try {
		claims = JSON.parse(body);
	} catch {
		throw unauthorized('token_invalid');
	}
	if (claims === null || typeof claims !== 'object') {
		throw unauthorized('token_invalid');
	}
	return claims;
}

function check(claims, scope, request) {
	const now = Date.now() / 1000, { iat, nbf, exp } = claims;
	if (claims.aud !== audience || claims.iss !== issuer) {
		throw unauthorized(claims.aud !== audience ? 'audience' : 'issuer');
	}
	if (![iat, nbf, exp].every(Number.isSafeInteger) || exp < iat || exp - iat > LIFE) {
		throw unauthorized('too_long');
	}
	if (iat > now + SKEW || nbf > now + SKEW || now >= exp + SKEW) {
		throw unauthorized(now >= exp + SKEW ? 'expired' : 'not_yet');
	}
	const digest = createHash('sha256').update(`${request.method}\n${request.url}\n`).update(request.body).update('\n').digest('hex');
	if (claims.dig !== digest) {
		throw unauthorized('digest');
	}
	if (typeof claims.scope !== 'string' || !claims.scope.split(' ').includes(scope)) {
		throw new Refusal(403, 'scope', 'the token does not open this tool');
	}
}

// --- the tool -----------------------------------------------------------------------------------------------------------

const orders = [
	{ owner: 'customer:42', order_number: 'ABC-12345', status: 'shipped', tracking_url: 'https://track.example/ABC-12345' },
	{ owner: 'customer:7', order_number: 'ABC-12346', status: 'packed' },
];

// Whose order it is, the token says; never the arguments. Another's order and none are the same answer.
function orderStatus({ order_number }, claims) {
	const order = orders.find((one) => one.order_number === order_number && one.owner === claims.sub);
	if (!order) {
		throw new Refusal(404, 'not_found', 'There is no such order in this account.');
	}
	const { status, tracking_url } = order;
	return { status, ...(tracking_url && { tracking_url }) };
}

function argumentsOf(body) {
	let value;
	try {
		value = JSON.parse(body);
	} catch {
		throw new Refusal(400, 'arguments', 'the arguments are no JSON');
	}
	if (value === null || typeof value !== 'object' || Object.keys(value).join() !== 'order_number'
		|| typeof value.order_number !== 'string' || !/^[A-Z]{3}-[0-9]{5}$/.test(value.order_number)) {
		throw new Refusal(400, 'arguments', 'the arguments do not fit the tool\'s schema');
	}
	return value;
}

function cancelOrder({ order_number }, claims) {
	const order = orders.find((one) => one.order_number === order_number && one.owner === claims.sub);
	if (order?.status !== 'packed') {
		throw new Refusal(409, 'not_possible', 'This order cannot be cancelled any more.');
	}
	order.status = 'cancelled';
	return { status: order.status };
}

const tools = {
	'/get_order_status': { scope: 'order:read', write: false, run: orderStatus },
	'/cancel_order': { scope: 'order:write', write: true, run: cancelOrder },
};

// A write happens once: a token opens one, and a repeated Idempotency-Key of the same caller gets the same answer. A real backend keeps both in
// its database, in the transaction of what it changes.
const used = new Map(), answers = new Map();

function once(tool, claims, request) {
	if (!tool.write) {
		return tool.run(argumentsOf(request.body), claims);
	}
	for (const [jti, exp] of used) {
		if (exp + SKEW < Date.now() / 1000) {
			used.delete(jti);
		}
	}
	if (typeof claims.jti !== 'string' || used.has(claims.jti)) {
		throw unauthorized('replayed');
	}
	used.set(claims.jti, claims.exp);
	const key = JSON.stringify([claims.sub, request.headers['idempotency-key'], request.url, request.body.toString()]);
	if (!answers.has(key)) {
		answers.set(key, tool.run(argumentsOf(request.body), claims));
	}
	return answers.get(key);
}

// --- HTTP ---------------------------------------------------------------------------------------------------------------

async function answer(incoming) {
	const path = incoming.url.split('?')[0];
	const tool = Object.hasOwn(tools, path) ? tools[path] : null;
	if (!tool || incoming.method !== 'POST') {
		throw new Refusal(404, 'unknown_tool', 'there is no such tool');
	}
	const [, token] = /^Bearer (\S+)$/i.exec(incoming.headers.authorization || incoming.headers['x-agent-authorization'] || '') ?? [];
	if (!token) {
		throw unauthorized('token_missing');
	}
	const chunks = [];
	let size = 0;
	for await (const chunk of incoming) {
		size += chunk.length;
		if (size > BODY_MAX) {
			throw new Refusal(413, 'too_large', 'the request is too large');
		}
		chunks.push(chunk);
	}
	const request = { method: incoming.method, url: incoming.url, headers: incoming.headers, body: Buffer.concat(chunks) };
	const claims = await claimsOf(token);
	check(claims, tool.scope, request);
	return once(tool, claims, request);
}

createServer(async (incoming, outgoing) => {
	let status = 200, value;
	try {
		value = await answer(incoming);
	} catch (error) {
		const refused = error instanceof Refusal;
		status = refused ? error.status : 500;
		value = { error: refused ? { code: error.code, message: error.message } : { code: 'failed', message: 'the tool failed' } };
		if (!refused) {
			console.error(error);
		}
	}
	outgoing.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
	outgoing.end(JSON.stringify(value));
}).listen(Number(port), '127.0.0.1', function () {
	console.log(`listening on ${this.address().port}`);
});
