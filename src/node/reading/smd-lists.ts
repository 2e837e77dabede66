import { hash } from 'node:crypto';
import * as v from 'valibot';
import {
  componentsAnswer,
  endpointsAnswer,
  interfacesAnswer,
  membershipsAnswer,
} from '../../adapters/inventory/smd/answers.ts';
import { type Assembly, createAssembly, type SmdListName } from '../../adapters/inventory/smd/assemble.ts';
import { entriesOf } from './entries-of.ts';

/** SMD's whole lists, each kept in the form in which nodes are put together from them. */
export type SmdLists = {
  /** Takes a list in place of the one before, if it is not the same. Throws for what cannot be relied on: then there is none. */
  take(name: SmdListName, json: Buffer): void;
  has(name: SmdListName): boolean;
  readonly assembly: Assembly;
};

export function smdLists(): SmdLists {
  const assembly = createAssembly();
  const digests = new Map<SmdListName, string>();
  const { Components } = componentsAnswer.entries;
  const { ComponentEndpoints } = endpointsAnswer.entries;
  const read: Record<SmdListName, (json: Buffer) => void> = {
    components: reader('Components', Components.item, componentsAnswer, assembly.addComponent),
    interfaces: reader(undefined, interfacesAnswer.item, interfacesAnswer, assembly.addInterface),
    endpoints: reader('ComponentEndpoints', ComponentEndpoints.wrapped.item, endpointsAnswer, assembly.addEndpoint),
    memberships: reader(undefined, membershipsAnswer.wrapped.item, membershipsAnswer, assembly.addMembership),
  };
  return {
    assembly,
    take(name, json) {
      const digest = hash('md5', json, 'base64');
      if (digest === digests.get(name)) return;
      digests.delete(name);
      assembly.clear(name);
      read[name](json);
      digests.set(name, digest);
    },
    has: (name) => digests.has(name),
  };
}

function reader<Entry extends v.GenericSchema>(
  key: string | undefined,
  entry: Entry,
  whole: v.GenericSchema,
  add: (entry: v.InferOutput<Entry>) => void,
): (json: Buffer) => void {
  return (json) => {
    const parts = entriesOf(json, key);
    let part = parts.next();
    for (; !part.done; part = parts.next()) for (const one of part.value) add(v.parse(entry, one));
    v.parse(whole, part.value);
  };
}
