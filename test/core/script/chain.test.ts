import { describe, expect, it } from 'vitest';
import { parseHostname } from '../../../src/core/identifiers/hostname.ts';
import { type ChainIdentifier, retryUrl, waitUrl } from '../../../src/core/script/chain.ts';
import { macOf, nidFrom, tagOf, xnameOf } from '../../support/identifiers.ts';

const endpoint = 'https://gateway.example/apis/bss/boot/v1/bootscript';
const hostname = parseHostname('nid1.cluster.local');

describe('a node comes back', () => {
  it.each<[string, ChainIdentifier, string]>([
    ['its MAC', { mac: macOf('02:00:00:00:00:0A') }, 'mac=02:00:00:00:00:0a'],
    ['its xname', { name: xnameOf('x1000c0s0b0n0') }, 'name=x1000c0s0b0n0'],
    ['a tag', { name: tagOf('Default') }, 'name=Default'],
    ['its host name', { name: hostname ?? tagOf('none') }, 'name=nid1.cluster.local'],
    ['its NID', { nid: nidFrom(0) }, 'nid=0'],
  ])(
    'by %s, with a count after a failed boot, with its architecture and the time from the gate',
    (_, identifier, query) => {
      expect(retryUrl({ endpoint, identifier }, 1)).toBe(`${endpoint}?${query}&retry=1`);
      expect(waitUrl({ endpoint, identifier }, 1700000000)).toBe(
        `${endpoint}?${query}&arch=\${buildarch}&ts=1700000000`,
      );
    },
  );
});
