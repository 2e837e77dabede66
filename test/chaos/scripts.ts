import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, send } from '../support/http-client.ts';
import { identifierOf, type Place } from './places.ts';
import type { Stored } from './stored.ts';
import { type Boot, sameBoot } from './write.ts';

/** Milliseconds after which scripts and records have to agree; a machine that is busy may need some. */
const PATIENCE = 3000;
const AT_ONCE = 20;
/** Words that the service itself puts behind a record's parameters, or before them. */
const OWN_WORD = /^(initrd|xname|nid|bss_referral_token|BOOTIF)=/;

/** The nodes whose scripts a service does not take from what is stored, in words; it has some time to come to know that. */
export async function scriptsAstray(origin: string, nodes: readonly Place[], stored: Stored): Promise<string[]> {
  let left = nodes;
  for (const end = performance.now() + PATIENCE; ; await sleep(100)) {
    const found: [Place, string][] = [];
    for (let from = 0; from < left.length; from += AT_ONCE) {
      const asked = left.slice(from, from + AT_ONCE).map(async (node): Promise<[Place, string] | undefined> => {
        const answer = await send(origin, 'GET', `/boot/v1/bootscript?mac=${identifierOf(node, 'macs')}`);
        return isFrom(stored.of(node), answer) ? undefined : [node, answer.text];
      });
      found.push(...(await Promise.all(asked)).filter((one) => one !== undefined));
    }
    if (found.length === 0 || performance.now() > end) {
      return found.map(([node, text]) => `${node.name} has ${JSON.stringify(stored.of(node))}, and gets ${text}`);
    }
    left = found.map(([node]) => node);
  }
}

/** Whether a script boots what a node has stored, as of now; one without anything waits. */
function isFrom(stored: Boot | undefined, { status, text, headers }: Answer): boolean {
  if (status !== 200 || headers['x-bss-age'] !== undefined) return false;
  const line = /^kernel --name kernel --timeout \d+ (\S+)(.*) \|\| goto boot_retry$/m.exec(text);
  if (line === null) return stored === undefined && text.includes('no boot configuration yet');
  const initrd = /^initrd --name initrd --timeout \d+ (\S+) /m.exec(text)?.[1];
  const params = (line[2] ?? '').split(' ').filter((word) => word !== '' && !OWN_WORD.test(word));
  const booted: Boot = {
    ...(line[1] && { kernel: line[1] }),
    ...(initrd && { initrd }),
    ...(params.length > 0 && { params: params.join(' ') }),
  };
  return sameBoot(booted, stored);
}
