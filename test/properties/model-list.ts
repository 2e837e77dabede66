/*
 * Nodes and tags as they are listed. Part of the model: nothing here may be imported from `src`.
 */
import type { Identifier, Said } from './model-body.ts';
import type { Configuration } from './model-configuration.ts';
import { canonical, type RecordJson, recordJson } from './model-record.ts';

export type Node = {
  /** The identifier that it was first stored under. */
  readonly under: Identifier;
  readonly configuration: Configuration;
  readonly phoneHome: Said['phoneHome'];
};

export type Tag = { readonly configuration: Configuration; readonly priority: number };

const NOTHING = canonical({});

/**
 * Nodes and tags with equal configurations are one record. A tag with a priority stands alone, and so does a node that
 * has nothing but a phone-home: a record of several shows none, and could not be put back.
 */
export function folded(nodes: readonly Node[], tags: readonly (readonly [string, Tag])[]): RecordJson[] {
  const configured = nodes.filter(({ configuration }) => canonical(configuration) !== NOTHING);
  const phoned = nodes.filter(({ configuration }) => canonical(configuration) === NOTHING);
  const alone = tags.filter(([, { priority }]) => priority !== 0);
  const together = tags.filter(([, { priority }]) => priority === 0);
  const configurations = new Map(
    [...configured, ...together.map(([, tag]) => tag)].map(({ configuration }) => [
      canonical(configuration),
      configuration,
    ]),
  );
  const records = [...configurations].map(([key, configuration]) => {
    const of = configured.filter((node) => canonical(node.configuration) === key);
    const names = together.filter(([, tag]) => canonical(tag.configuration) === key).map(([name]) => name);
    return recordJson({
      nodes: of.map(({ under }) => under),
      tags: names,
      configuration,
      // It belongs to a node: a record of several, or of a tag besides, shows none.
      phoneHome: of.length === 1 && names.length === 0 ? of[0]?.phoneHome : undefined,
    });
  });
  return [
    ...records,
    ...phoned.map(({ under, configuration, phoneHome }) => recordJson({ nodes: [under], configuration, phoneHome })),
    ...alone.map(([name, tag]) => recordJson({ tags: [name], ...tag })),
  ];
}
