import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedInventory } from '../../src/adapters/inventory/fixed.ts';
import { macOf, nidFrom, xnameOf } from '../support/identifiers.ts';
import { type TestApp, testApp } from '../support/test-app.ts';
import { type EmptiedStore, emptiedStore, PARAMETERS } from './emptied-store.ts';
import { runParameters, TEST_TIMEOUT } from './run-parameters.ts';
import { type Texts, texts } from './texts.ts';

const MAC = '02:00:00:00:00:0a';
const SCRIPT = `/boot/v1/bootscript?mac=${MAC}`;
const SELF = `http://boot.example:27778${SCRIPT}`;
const ADVERTISED = 'http://10.0.0.1:8081';

const inventory = fixedInventory([
  {
    ...{ xname: xnameOf('x1000c0s0b0n0'), nid: nidFrom(7), macs: [macOf(MAC)] },
    ...{ addresses: [], groups: [], enabled: true, details: {} },
  },
]);

type Form = 'robust' | 'classic';
const cases = (['robust', 'classic'] as const).flatMap((form) => [
  { form, node: 'a node that is known by its record alone', known: false },
  { form, node: 'a node that the inventory knows', known: true },
]);

let under: EmptiedStore;
beforeAll(async () => {
  under = await emptiedStore();
});
afterAll(() => under.close());

describe.each(cases)('in the $form form, for $node,', ({ form, known }) => {
  it(
    'a script gives iPXE exactly the words that were stored, and what is refused changes nothing',
    async () => {
      const app = testApp({
        store: under.store,
        inventory: known ? inventory : undefined,
        settings: { BSS_SCRIPT_FORM: form, ...(known && { BSS_ADVERTISE_ADDRESS: ADVERTISED }) },
      });
      let [taken, refused] = [0, 0];
      const property = fc.asyncProperty(texts, async (given) => {
        await under.empty();
        const stored = await store(app, given);
        if (stored === undefined) refused += 1;
        else {
          taken += 1;
          const answer = await app.fetch(SCRIPT);
          expect(answer.status).toBe(200);
          compareScript(await answer.text(), form, known, stored);
        }
        expect(app.errors).toEqual([]);
      });
      await fc.assert(property, runParameters(150));
      // A seed that is repeated may run once only.
      if (taken + refused >= 150) expect(Math.min(taken, refused)).toBeGreaterThan(30);
    },
    TEST_TIMEOUT,
  );
});

type Stored = Texts & { readonly token: string };

/** Stores what is taken of some texts: all that the node's record says or nothing, and the images' parameters each. */
async function store(app: TestApp, given: Texts): Promise<Stored | undefined> {
  const { kernel, initrd, params } = given;
  const posted = await post(app, { macs: [MAC], kernel, initrd, params });
  const ofKernel = await post(app, { kernel, params: given.kernelParams });
  const ofInitrd = await post(app, { initrd, params: given.initrdParams });
  if (posted === undefined) return undefined;
  return {
    ...given,
    token: posted.headers.get('BSS-Referral-Token') ?? '',
    kernelParams: ofKernel && given.kernelParams,
    initrdParams: ofInitrd && given.initrdParams,
  };
}

/** The answer to a POST, or `undefined` for a refused one, which has changed nothing. */
async function post(app: TestApp, body: object): Promise<Response | undefined> {
  const list = async (): Promise<string> => (await app.send('GET', PARAMETERS)).text();
  const before = await list();
  const answer = await app.send('POST', PARAMETERS, body);
  if (answer.status === 201) return answer;
  expect(answer.status).toBe(400);
  expect(await list()).toBe(before);
  return undefined;
}

function compareScript(script: string, form: Form, known: boolean, stored: Stored): void {
  const lines = script.split('\n');
  expect(lines.filter((line) => line.endsWith('\\'))).toEqual([]);
  const [, seconds = ''] = /\nsleep ([0-9]+)\n/.exec(script) ?? [];
  const kernelLine = lines.find((line) => line.startsWith('kernel ')) ?? '';
  const initrdLine = lines.find((line) => line.startsWith('initrd ')) ?? '';
  const { initrd } = stored;
  expect(lines).toEqual(fixedLines(form, { kernelLine, seconds, ...(initrd !== undefined && { initrdLine }) }));
  expect(Number(seconds)).toBeGreaterThanOrEqual(30);
  expect(Number(seconds)).toBeLessThanOrEqual(form === 'robust' ? 45 : 30);

  const timeout = form === 'robust' ? ['--timeout', '60000'] : [];
  const retry = { words: ['goto', 'boot_retry'], end: 'line' };
  expect(commandsOf(kernelLine)).toEqual([
    { words: ['kernel', '--name', 'kernel', ...timeout, stored.kernel, ...parametersOf(stored, known)], end: '||' },
    retry,
  ]);
  if (initrd !== undefined) {
    expect(commandsOf(initrdLine)).toEqual([
      { words: ['initrd', '--name', 'initrd', ...timeout, initrd], end: '||' },
      retry,
    ]);
  }
  for (const line of [kernelLine, initrdLine]) {
    expect(line).not.toContain('$${');
    expect(line.replaceAll(ALLOWED, '')).not.toContain('${');
    // Some of them part words as a blank does: a word of the administrator's would be two.
    expect(line).not.toMatch(CONTROL);
  }
}

/** Every line of a script that boots, but for what is given. */
function fixedLines(form: Form, line: { kernelLine: string; initrdLine?: string; seconds: string }): string[] {
  const boot = [
    ...[line.kernelLine, ...(line.initrdLine === undefined ? [] : [line.initrdLine])],
    ...['boot || goto boot_retry', ':boot_retry'],
  ];
  if (form === 'classic') return ['#!ipxe', ...boot, `sleep ${line.seconds}`, `chain ${SELF}&retry=1`, ''];
  return [
    ...['#!ipxe', 'imgfree', 'isset ${tries:int32} || set tries:int32 0'],
    ...boot,
    ...['set e ${errno:hexraw}', 'inc tries', 'imgfree'],
    `echo Boot failed (error \${e}), try \${tries}, asking again in ${line.seconds} s`,
    `sleep ${line.seconds}`,
    `chain --replace --autofree ${SELF}&retry=1&e=\${e} || goto boot_retry`,
    '',
  ];
}

/** The words that the kernel is to get. */
function parametersOf({ initrd, params, kernelParams, initrdParams, token }: Stored, known: boolean): string[] {
  const written = [params, kernelParams, initrdParams].flatMap((text) => tokensOf(text ?? ''));
  const given = initrd === undefined ? written : written.filter((word) => !word.startsWith('initrd='));
  const additions = [
    ...(known ? [['xname=', 'x1000c0s0b0n0'] as const, ['nid=', '7'] as const] : []),
    ['bss_referral_token=', token] as const,
    ['BOOTIF=', '01-02-00-00-00-00-0a'] as const,
    ...(known ? [['ds=', `nocloud-net;s=${ADVERTISED}/`] as const] : []),
  ];
  const added = additions
    .filter(([key]) => !given.some((word) => word.startsWith(key)))
    .map(([key, value]) => `${key}${value}`);
  return [...(initrd === undefined ? [] : ['initrd=initrd']), ...given, ...added];
}

/*
 * How iPXE reads a line, by what was tried with it: there is no quoting and no escaping, blank, tab, CR, VT and FF part
 * tokens, and NUL cuts.
 */

type Command = { readonly words: string[]; readonly end: string };

/** The commands of a line, each with what ended it: an operator that stands alone, a comment, or the line's end. */
function commandsOf(line: string): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  for (const token of tokensOf(line)) {
    if (token.startsWith('#')) return [...commands, { words, end: '#' }];
    if (['||', '&&', ';'].includes(token)) {
      commands.push({ words, end: token });
      words = [];
    } else words.push(token);
  }
  return [...commands, { words, end: 'line' }];
}

function tokensOf(line: string): string[] {
  const [seen = ''] = line.split('\0');
  return seen.split(/[ \t\r\v\f]/).filter((token) => token !== '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** The settings of iPXE that a text may use. */
const ALLOWED =
  /\$\{(net\d+\/)?(mac|ip|netmask|gateway|dns|hostname|domain|uuid|serial|asset|manufacturer|product|buildarch|platform|version|next-server)(:\w+)?\}/g;
