// Other rule engines on the table and the expression of bench/rules/columns_bench.cc, one case at a
// time on one core. Prints one JSON line for each: {"engine", "case", "us"}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { ZenEngine } from '@gorules/zen-engine';
import { evaluate, unaryTest } from 'feelin';

const require = createRequire(import.meta.url);
const { decisionTable } = require('@hbtgmbh/dmn-eval-js');
require('loglevel').getLogger('dmn-eval-js').setLevel('error');  // it warns of every row without a rule

// Park and Miller's generator: the rows differ from run to run in nothing.
let state = 7;
const below = (n) => (state = (state * 48271) % 2147483647) % n;
const pairs = Array.from({ length: 1000 }, () => ({ a: below(20), b: below(20) }));
const rows = Array.from({ length: 1000 }, () => ({
  a: `k${below(5)}`, b: below(40), c: below(40), d: below(40),
}));

const conditional = ({ a, b }) => (a > 10 && b < 5 ? a * 1.5 + b : a - b);
const table = ({ a, b, c }) => {
  const group = Number(a.slice(1)), step = Math.floor(b / 10);
  return group < 4 && step < 3 && c > 5 ? group * 3 + step : undefined;
};

// Microseconds a case: the best of five rounds of at least 0.3 s, after one to warm up.
async function measure(engine, name, cases, wanted, run) {
  for (const row of cases) {
    const got = await run(row), want = wanted(row);
    if ((got ?? undefined) !== want) {
      throw new Error(`${engine}, ${name}: ${JSON.stringify(row)} gives ${got}, not ${want}`);
    }
  }
  let best = Infinity;
  for (let round = 0; round < 5; ++round) {
    const start = process.hrtime.bigint();
    let count = 0, nanos = 0;
    do {
      for (const row of cases) {
        const result = run(row);
        if (result instanceof Promise) await result;
      }
      count += cases.length;
      nanos = Number(process.hrtime.bigint() - start);
    } while (nanos < 3e8);
    best = Math.min(best, nanos / 1000 / count);
  }
  console.log(JSON.stringify({ engine, case: name, us: best }));
}

// The rules as [key, range, comparison, result], read from the DMN file.
const xml = readFileSync(new URL('table-12.dmn', import.meta.url), 'utf8');
const rules = [...xml.matchAll(/<rule .*?<\/rule>/g)].map(([rule]) =>
  [...rule.matchAll(/<text>(.*?)<\/text>/g)].map(([, text]) => text.replace('&gt;', '>')));

const node = (id, type, content) => ({ id, type, name: id, content });
const chain = (middle) => ({
  nodes: [node('in', 'inputNode'), middle, node('out', 'outputNode')],
  edges: [
    { id: 'e1', sourceId: 'in', targetId: middle.id, type: 'edge' },
    { id: 'e2', sourceId: middle.id, targetId: 'out', type: 'edge' },
  ],
});

async function zen() {
  const engine = new ZenEngine();
  const expression = engine.createDecision(Buffer.from(JSON.stringify(chain(
    node('e', 'expressionNode', {
      expressions: [{ id: 'x', key: 'out', value: 'a > 10 and b < 5 ? a * 1.5 + b : a - b' }],
    })))));
  await measure('zen-engine', 'expression', pairs, conditional,
    async (row) => (await expression.evaluate(row)).result.out);
  const decision = engine.createDecision(Buffer.from(JSON.stringify(chain(
    node('t', 'decisionTableNode', {
      hitPolicy: 'first',
      inputs: ['a', 'b', 'c', 'd'].map((name) => ({ id: name, name, field: name })),
      outputs: [{ id: 'out', name: 'out', field: 'out' }],
      rules: rules.map(([a, b, c, , out], i) => ({ _id: `r${i}`, a, b, c, d: '', out })),
    })))));
  await measure('zen-engine', 'table', rows, table,
    async (row) => (await decision.evaluate(row)).result?.out);
}

async function feelin() {
  const text = 'if a > 10 and b < 5 then a * 1.5 + b else a - b';
  await measure('feelin', 'expression', pairs, conditional, (row) => {
    const out = evaluate(text, row);
    return typeof out === 'object' && out !== null && 'value' in out ? out.value : out;
  });
  const fits = (test, value) => {
    const out = unaryTest(test, { '?': value });
    return (typeof out === 'object' && out !== null && 'value' in out ? out.value : out) === true;
  };
  await measure('feelin', 'table', rows, table, (row) => {
    for (const [a, b, c, , out] of rules) {
      if (fits(a, row.a) && fits(b, row.b) && fits(c, row.c)) return Number(out);
    }
    return undefined;
  });
}

async function dmnEval() {
  const decisions = await decisionTable.parseDmnXml(xml);
  await measure('dmn-eval-js', 'table', rows, table,
    (row) => decisionTable.evaluateDecision('out', decisions, row)?.out);
}

await zen();
await feelin();
await dmnEval();
