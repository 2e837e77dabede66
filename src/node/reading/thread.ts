import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parseInventoryFile } from '../../adapters/inventory/inventory-file.ts';
import {
  changeTeller,
  DoubtfulAnswer,
  type NodeChange,
  type Nodes,
} from '../../adapters/inventory/snapshot/change-teller.ts';
import type { Component } from '../../core/component.ts';
import type { Xname } from '../../core/identifiers/xname.ts';
import type { FromThread, ToThread } from './messages.ts';
import { smdLists } from './smd-lists.ts';

/*
 * The thread that makes sense of whole inventories: one of 100,000 nodes takes a second, which nobody should have to wait.
 * It answers each message with one, and tells a part of what has changed only when it is asked for one.
 */

const lists = smdLists();
// As a number a digest takes a third of the memory; 48 bits are enough to tell what a node is now from what it was.
const tell = changeTeller((text) => hash('md5', text, 'buffer').readUIntBE(0, 6));
let parts: Iterator<readonly NodeChange[], void> | undefined;

function answer(message: ToThread): FromThread {
  switch (message.kind) {
    case 'list': {
      const { name, bytes, length } = message;
      const isThere = lists.take(name, length === undefined ? undefined : Buffer.from(bytes, 0, length));
      return { kind: 'taken', isThere };
    }
    case 'tell':
      parts = tell(lists.assembly, message.known);
      return nextPart();
    case 'file':
      parts = tell(nodesOf(parseInventoryFile(readFileSync(message.path, 'utf8'), message.path)), message.known);
      return nextPart();
    case 'next':
      return nextPart();
  }
}

function nextPart(): FromThread {
  const part = parts?.next();
  if (part?.value !== undefined) return { kind: 'part', changes: part.value };
  parts = undefined;
  return { kind: 'done' };
}

/** Of two components with one xname the first counts. */
function nodesOf(components: readonly Component[]): Nodes {
  const nodes = new Map<Xname, Component & { readonly xname: Xname }>();
  for (const component of components) {
    const { xname } = component;
    if (xname !== undefined && !nodes.has(xname)) nodes.set(xname, { ...component, xname });
  }
  return { xnames: () => nodes.keys(), make: (xname) => nodes.get(xname) };
}

function answerOrRefuse(message: ToThread): FromThread {
  try {
    return answer(message);
  } catch (error) {
    parts = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof DoubtfulAnswer ? 'doubt' : 'failure', reason };
  }
}

parentPort?.on('message', (message: ToThread) => parentPort?.postMessage(answerOrRefuse(message)));
