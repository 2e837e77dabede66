import * as v from 'valibot';
import type { Component } from '../../core/component.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { assembleEntries } from '../inventory/assemble-entries.ts';

/** What the own inventory says of a node; of a group that it is in, as if the node were its only member. */
export const ownRow = v.object({
  kind: v.picklist(['component', 'interface', 'component endpoint', 'group']),
  id: v.string(),
  document: v.custom<JsonObject>(isJsonObject),
});

export type OwnRow = v.InferOutput<typeof ownRow>;

/** The components that rows tell of, in the order of their xnames; who has no row of kind `component` is none. */
export function ownComponents(rows: readonly OwnRow[]): Component[] {
  return assembleEntries(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}
