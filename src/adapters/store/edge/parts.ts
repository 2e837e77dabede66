import {
  type AddressKey,
  type Component,
  identifiersOf,
  literalIdentifiers,
  type NodeKey,
} from '../../../core/component.ts';
import { isKnownBy } from '../../../core/component-index.ts';
import { DEFAULT_TAG, GLOBAL_TAG, type Tag } from '../../../core/identifiers/tag.ts';
import type { Boot, ImageKey } from '../../../core/record.ts';
import { namesOf } from '../../../core/resolution.ts';
import { hasKernel } from '../../../core/script/compose.ts';
import { keysOf, storedUnder } from '../../../core/target.ts';
import type { Found, Store } from '../../../ports/store.ts';
import { nameOf } from '../../inventory/names.ts';

/** What is looked for by identifiers and names. */
export type Looked = Parameters<Store['look']>[0];

/**
 * A part of what is found, which is the same whoever looked for it: what is stored under one identifier, the record of one
 * name, the parameters of one image, or who was added by hand under one key. That there is nothing is one, too.
 */
export type Part = {
  readonly kind: 'stored' | 'named' | 'image' | 'own';
  /** One text for each part. It may stand in the path of a URL. */
  readonly key: string;
  /** The part of something found that holds it. */
  of(found: Found): Found;
};

/** Nothing at all. */
export const NOTHING: Found = { nodes: [], groups: [], images: [], configurationImages: [], components: [] };

/**
 * The parts that an answer is made of: of what was wanted, and of what comes with what was found. Parts of an answer that
 * is not whole may lead to more of them.
 */
export function partsOf(wanted: Looked, found: Found): Part[] {
  const components = found.components ?? [];
  const { nodes, own = [], names = [] } = wanted;
  const stored = [...(nodes ? keysOf(nodes) : []), ...components.flatMap((one) => keysOf(identifiersOf(one)))];
  const parts = [
    ...own.map(ownPart),
    ...stored.map(storedPart),
    ...[...names, ...components.flatMap(namesWith)].map(namedPart),
    ...bootsOf(found).flatMap(imagesOf).map(imagePart),
  ];
  return [...new Map(parts.map((part) => [part.key, part])).values()];
}

/** What parts come to together. Of a row that several have, at different times, the last revision counts. */
export function joined(parts: readonly Found[]): Found {
  return {
    nodes: latest(parts.flatMap(({ nodes }) => nodes)),
    groups: latest(parts.flatMap(({ groups }) => groups)),
    images: [],
    configurationImages: latest(parts.flatMap(({ configurationImages }) => configurationImages)),
    components: parts.flatMap(({ components = [] }) => components),
  };
}

/**
 * Whether what is known will do although parts of it are missing: a record of the node itself counts more than all that may
 * be missing. That is so of a node that has got another identifier or group, and only of its script: cloud-init's data,
 * for which `Global` is wanted, is merged from everything.
 */
export function suffices({ own, names }: Looked, known: Found, missing: readonly Part[]): boolean {
  if (missing.length === 0) return true;
  if (own !== undefined || names?.includes(GLOBAL_TAG)) return false;
  const boots = known.nodes.flatMap(({ boot }) => boot ?? []);
  return (
    boots.length > 0 && boots.every(hasKernel) && missing.every(({ kind }) => kind === 'stored' || kind === 'named')
  );
}

function storedPart(key: NodeKey): Part {
  const identifiers = literalIdentifiers(key);
  return {
    kind: 'stored',
    key: `stored/${nameOf(key)}`,
    of: ({ nodes }) => ({ ...NOTHING, nodes: storedUnder(identifiers, nodes) }),
  };
}

function namedPart(tag: Tag): Part {
  return {
    kind: 'named',
    key: `named/${tag}`,
    of: ({ groups }) => ({ ...NOTHING, groups: groups.filter(({ name }) => name === tag) }),
  };
}

function imagePart({ kind, uri }: ImageKey): Part {
  const isIt = (image: ImageKey): boolean => image.kind === kind && image.uri === uri;
  return {
    kind: 'image',
    // The colon keeps a URI of dots from being a step in a path.
    key: `image/${kind}:${encodeURIComponent(uri)}`,
    of: ({ configurationImages }) => ({ ...NOTHING, configurationImages: configurationImages.filter(isIt) }),
  };
}

function ownPart(key: NodeKey | AddressKey): Part {
  return {
    kind: 'own',
    key: `own/${nameOf(key)}`,
    of: ({ components = [] }) => ({ ...NOTHING, components: components.filter((one) => isKnownBy(one, key)) }),
  };
}

/** The names whose records are found with a node that was added by hand. `Default` has to be asked for. */
function namesWith(component: Component): Tag[] {
  return namesOf(component).filter((name) => name !== DEFAULT_TAG);
}

function bootsOf({ nodes, groups }: Found): Boot[] {
  return [...nodes, ...groups].flatMap(({ boot }) => boot ?? []);
}

function imagesOf({ configuration: { kernel, initrd } }: Boot): ImageKey[] {
  return [
    ...(kernel === undefined ? [] : [{ kind: 'kernel' as const, uri: kernel }]),
    ...(initrd === undefined ? [] : [{ kind: 'initrd' as const, uri: initrd }]),
  ];
}

function latest<Row extends { readonly id: string; readonly revision: number }>(rows: readonly Row[]): Row[] {
  const byId = new Map<string, Row>();
  for (const row of rows) {
    const known = byId.get(row.id);
    if (known === undefined || known.revision < row.revision) byId.set(row.id, row);
  }
  return [...byId.values()];
}
