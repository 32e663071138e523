// ajv's half of the contract benchmark: node schema_ajv.mjs FOLDER-WITH-NODE-MODULES CASE.json … prints "name compile_us valid_ns invalid_ns keywords".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";

const [folder, ...cases] = process.argv.slice(2);
const load = createRequire(folder + "/package.json");
const Ajv = load("ajv/dist/2020").default;
const formats = load("ajv-formats").default;

const names = new Set(["type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "items", "minItems", "maxItems",
	"uniqueItems", "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "anyOf", "$ref", "$defs"]);

function keywords(schema) {
	if (typeof schema !== "object" || schema === null) {
		return 0;
	}
	let count = 0;
	for (const [name, value] of Object.entries(schema)) {
		count += names.has(name) ? 1 : 0;
		if (["properties", "patternProperties", "$defs"].includes(name)) {
			count += Object.values(value).reduce((sum, one) => sum + keywords(one), 0);
		} else if (["items", "additionalProperties", "propertyNames"].includes(name)) {
			count += keywords(value);
		} else if (name === "anyOf") {
			count += value.reduce((sum, one) => sum + keywords(one), 0);
		}
	}
	return count;
}

const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) * 1000; };

// The least of five, each of 50 ms and more, when the compiler has done what it can.
function measure(check, value, valid) {
	let best = Infinity;
	let rounds = 1;
	for (let i = 0; i < 7;) {
		const start = cpu();
		for (let r = 0; r < rounds; r++) {
			if (check(value) !== valid) {
				throw new Error("is judged otherwise than it should be: " + JSON.stringify(check.errors));
			}
		}
		const took = cpu() - start;
		if (took < 5e7) {
			rounds *= 2;
			continue;
		}
		best = i < 2 ? best : Math.min(best, took / rounds);
		i++;
	}
	return best;
}

for (const file of cases) {
	const { schema, valid, invalid } = JSON.parse(readFileSync(file, "utf8"));
	const start = cpu();
	const ajv = new Ajv({ strict: false });
	formats(ajv);
	const check = ajv.compile(schema);
	const compile = (cpu() - start) / 1000;
	console.log(basename(file), compile.toFixed(1), measure(check, valid, true).toFixed(1), measure(check, invalid, false).toFixed(1), keywords(schema));
}
