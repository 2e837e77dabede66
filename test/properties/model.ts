/*
 * A model of the boot parameters: what a sequence of requests leaves, and what each of them answers. It is written from
 * what clients were promised and shares no code with the service: nothing here may be imported from `src`.
 */
import {
  type Body,
  type Identifier,
  type Named,
  PARTS,
  type Parts,
  readNamed,
  readSaid,
  type Said,
} from './model-body.ts';
import { distinct, isEmpty, mergePatch, patched, replacing } from './model-configuration.ts';
import { folded, type Node, type Tag } from './model-list.ts';
import { type RecordJson, recordJson } from './model-record.ts';

export type Write = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a write is answered with; `token` is whether a referral token comes with it. */
export type Expected = { readonly status: number; readonly record?: RecordJson; readonly token: boolean };

type Image = { readonly kind: 'kernel' | 'initrd'; readonly uri: string; readonly params: string };

export type Model = {
  /** What a write is to be answered with. Changes the model when it is not refused. */
  write(method: Write, body: Body): Expected;
  /** The records that GET is to list, in some order. */
  list(): RecordJson[];
  /** Those that it is to answer when these are asked for: only with them. */
  find(named: Named): RecordJson[];
};

/** `nodeOf` says of an identifier which node it belongs to, by any name that is the same for all of the node's. */
export function createModel(nodeOf: (identifier: Identifier) => Identifier): Model {
  const nodes = new Map<Identifier, Node>();
  const tags = new Map<string, Tag>();
  const images = new Map<string, Image>();

  /** The nodes of a request, each with the first of its identifiers there. */
  const targets = (identifiers: readonly Identifier[]): Map<Identifier, Identifier> =>
    new Map(identifiers.toReversed().map((identifier) => [nodeOf(identifier), identifier]));

  const lacksRecord = (named: Named): boolean =>
    named.nodes.some((node) => !nodes.has(nodeOf(node))) || named.tags.some((tag) => !tags.has(tag));

  /** The answer to a request: who it named, as stored, and the parts in which they agree. */
  const answer = (said: Said): RecordJson => {
    const written = [...targets(said.nodes).keys()].flatMap((node) => nodes.get(node) ?? []);
    const tagged = said.tags.flatMap((tag) => tags.get(tag) ?? []);
    const agreed = PARTS.filter((part) => distinct([...written, ...tagged], part).size === 1);
    const first = [...written, ...tagged][0]?.configuration ?? {};
    return recordJson({
      nodes: written.map(({ under }) => under),
      tags: said.tags,
      configuration: Object.fromEntries(agreed.map((part) => [part, first[part]])),
      phoneHome: written.length === 1 ? written[0]?.phoneHome : undefined,
      priority: written.length === 0 && tagged.length === 1 ? tagged[0]?.priority : undefined,
    });
  };

  /** POST and PUT of records. */
  function set(method: 'POST' | 'PUT', said: Said): Expected {
    // A phone-home belongs to nodes: to a tag among them it says nothing.
    const reports = said.nodes.length > 0 && said.tags.length === 0 && tells(said.phoneHome);
    const saysNothing = PARTS.every((part) => !said.parts[part]) && !reports;
    if (saysNothing) return REFUSED;
    const exists = said.nodes.some((node) => nodes.has(nodeOf(node))) || said.tags.some((tag) => tags.has(tag));
    if (method === 'POST' && exists) return REFUSED;
    const configuration = patched({}, said.parts, replacing);
    for (const [node, identifier] of targets(said.nodes)) {
      const { under = identifier, phoneHome = {} } = nodes.get(node) ?? {};
      nodes.set(node, { under, configuration, phoneHome: { ...phoneHome, ...said.phoneHome } });
    }
    for (const tag of said.tags) {
      tags.set(tag, { configuration, priority: said.priority ?? tags.get(tag)?.priority ?? 0 });
    }
    return { status: method === 'POST' ? 201 : 200, record: answer(said), token: true };
  }

  /** PATCH of records. */
  function patch(said: Said): Expected {
    const saysNothing =
      PARTS.every((part) => said.parts[part] === undefined) &&
      !(said.nodes.length > 0 && tells(said.phoneHome)) &&
      !(said.tags.length > 0 && said.priority !== undefined);
    if (saysNothing) return REFUSED;
    if (lacksRecord(said)) return { status: 404, token: false };
    const named = [
      ...said.nodes.flatMap((node) => nodes.get(nodeOf(node)) ?? []),
      ...said.tags.flatMap((tag) => tags.get(tag) ?? []),
    ];
    const emptied = named.some(
      ({ configuration }) => !isEmpty(configuration) && isEmpty(patched(configuration, said.parts, mergePatch)),
    );
    if (emptied) return REFUSED;
    for (const [node] of targets(said.nodes)) {
      const { under = node, configuration = {}, phoneHome = {} } = nodes.get(node) ?? {};
      nodes.set(node, {
        under,
        configuration: patched(configuration, said.parts, mergePatch),
        phoneHome: { ...phoneHome, ...said.phoneHome },
      });
    }
    for (const tag of said.tags) {
      const { configuration = {}, priority = 0 } = tags.get(tag) ?? {};
      tags.set(tag, {
        configuration: patched(configuration, said.parts, mergePatch),
        priority: said.priority ?? priority,
      });
    }
    return { status: 200, record: answer(said), token: false };
  }

  /** POST, PUT and PATCH of what names nobody: parameters of one image. */
  function image(method: 'POST' | 'PUT' | 'PATCH', { parts }: Said): Expected {
    const { kernel, initrd, params, metaData, userData } = parts;
    const uri = kernel || initrd;
    if (typeof uri !== 'string' || (kernel && initrd) || metaData || userData) return REFUSED;
    const kind = kernel ? 'kernel' : 'initrd';
    const key = `${kind} ${uri}`;
    if (params === undefined || (params === null && method !== 'PATCH')) return REFUSED;
    if (method === 'POST' && images.has(key)) return REFUSED;
    if (method === 'PATCH' && !images.has(key)) return { status: 404, token: false };
    if (typeof params === 'string') images.set(key, { kind, uri, params });
    else images.delete(key);
    const record = recordJson({ configuration: { [kind]: uri, params: params ?? undefined } });
    return { status: method === 'POST' ? 201 : 200, record, token: false };
  }

  /** DELETE: by identifiers, and only without them by configuration. */
  function remove(body: Body): Expected {
    const named = readNamed(body);
    if (named === undefined) return REFUSED;
    if (named.nodes.length + named.tags.length > 0) {
      if (lacksRecord(named)) return REFUSED;
      for (const node of named.nodes) nodes.delete(nodeOf(node));
      for (const tag of named.tags) tags.delete(tag);
      return { status: 200, token: false };
    }
    const wanted = (['kernel', 'initrd', 'params'] as const).filter((part) => body[part]);
    if (wanted.length === 0) return REFUSED;
    const matches = (parts: Parts): boolean => wanted.every((part) => parts[part] === body[part]);
    for (const [node, { configuration }] of nodes) if (matches(configuration)) nodes.delete(node);
    for (const [tag, { configuration }] of tags) if (matches(configuration)) tags.delete(tag);
    for (const [key, { kind, uri, params }] of images) if (matches({ [kind]: uri, params })) images.delete(key);
    return { status: 200, token: false };
  }

  return {
    write(method, body) {
      if (method === 'DELETE') return remove(body);
      const said = readSaid(body);
      if (said === undefined) return REFUSED;
      if (said.nodes.length + said.tags.length === 0) return image(method, said);
      return method === 'PATCH' ? patch(said) : set(method, said);
    },
    list: () => [
      ...folded([...nodes.values()], [...tags]),
      ...[...images.values()].map(({ kind, uri, params }) => recordJson({ configuration: { [kind]: uri, params } })),
    ],
    find: (named) => {
      const asked = new Set(named.nodes.map(nodeOf));
      return folded(
        [...nodes].filter(([node]) => asked.has(node)).map(([, node]) => node),
        [...tags].filter(([tag]) => named.tags.includes(tag)),
      );
    },
  };
}

const REFUSED: Expected = { status: 400, token: false };

function tells(phoneHome: Said['phoneHome']): boolean {
  return Object.keys(phoneHome).length > 0;
}
