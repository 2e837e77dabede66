import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parseInventoryFile } from '../../adapters/inventory/inventory-file.ts';
import type { SmdListName } from '../../adapters/inventory/smd/assemble.ts';
import { type SmdRequest, sendToSmd } from '../../adapters/inventory/smd/requests.ts';
import {
  changeTeller,
  DoubtfulAnswer,
  type NodeChange,
  type Nodes,
} from '../../adapters/inventory/snapshot/change-teller.ts';
import type { Component } from '../../core/component.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Xname } from '../../core/identifiers/xname.ts';
import type { FromThread, ToThread } from './messages.ts';
import { smdLists } from './smd-lists.ts';
import { stepBack } from './step-back.ts';

/*
 * The thread that makes sense of whole inventories: one of 100,000 nodes takes a second, which nobody should have to wait.
 * It answers each message with one, and tells a part of what has changed only when it is asked for one.
 */

/** Bytes. A list that is longer is none that can be relied on. */
const LONGEST_LIST = 512 * 1024 * 1024;
/** Bytes by which the room for a list grows. */
const GROWTH = 1024 * 1024;

stepBack();

const lists = smdLists();
// As a number a digest takes a third of the memory; 48 bits are enough to tell what a node is now from what it was.
const tell = changeTeller((text) => hash('md5', text, 'buffer').readUIntBE(0, 6));
let parts: Iterator<readonly NodeChange[], void> | undefined;

async function answer(message: ToThread): Promise<FromThread> {
  switch (message.kind) {
    case 'list':
      return {
        kind: 'list',
        status: await readList(message.name, message.request),
        isThere: lists.has(message.name),
      };
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

/** Asks SMD for a list, and takes it in when it is given; answers SMD's status. */
async function readList(name: SmdListName, request: SmdRequest): Promise<number> {
  const { status, body } = await sendToSmd(fetch, request);
  if (body === undefined) return status;
  // What is not needed any more is given back at once: the collector does not see how much it is.
  const room = new ArrayBuffer(0, { maxByteLength: LONGEST_LIST });
  try {
    const length = await copyInto(room, body);
    lists.take(name, Buffer.from(room, 0, length));
  } finally {
    room.resize(0);
  }
  return status;
}

/** Copies a body to the begin of a room for it, and answers how long it was. */
async function copyInto(room: ArrayBuffer, body: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of body) {
    if (length + chunk.byteLength > room.byteLength)
      room.resize(Math.ceil((length + chunk.byteLength) / GROWTH) * GROWTH);
    new Uint8Array(room).set(chunk, length);
    length += chunk.byteLength;
    // What was copied is let go at once: the collector would leave tens of megabytes for later.
    if (chunk.buffer instanceof ArrayBuffer && chunk.buffer.byteLength === chunk.byteLength) chunk.buffer.transfer(0);
  }
  return length;
}

function nextPart(): FromThread {
  const part = parts?.next();
  if (part?.value !== undefined) return { kind: 'part', changes: part.value };
  parts = undefined;
  lists.assembly.rest();
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

async function answerOrRefuse(message: ToThread): Promise<FromThread> {
  try {
    return await answer(message);
  } catch (error) {
    parts = undefined;
    const cause = error instanceof ServiceError ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { kind: error instanceof DoubtfulAnswer ? 'doubt' : 'failure', reason };
  }
}

parentPort?.on('message', async (message: ToThread) => parentPort?.postMessage(await answerOrRefuse(message)));
