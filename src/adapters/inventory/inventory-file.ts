import { load, YAMLException } from 'js-yaml';
import * as v from 'valibot';
import type { Component } from '../../core/component.ts';
import { parseXname } from '../../core/identifiers/xname.ts';
import { toComponent } from './smd/to-component.ts';

const text = v.nullish(v.string());
const flag = v.nullish(v.boolean());

/** Whose each address is: an xname, or an interface in SMD's words. */
const owners = v.pipe(
  v.custom<unknown>((value) => !Array.isArray(value), 'Invalid type: Expected Object but received Array'),
  v.record(v.string(), v.union([v.string(), v.object({ ComponentID: text })])),
);

/** The file of `HSM_URL=file:`: SMD's components with their MACs, host name and groups beside them. */
const fileSchema = v.object({
  Components: v.array(
    v.object({
      ID: v.string(),
      NID: v.nullish(v.union([v.number(), v.string()])),
      FQDN: text,
      State: text,
      Role: text,
      SubRole: text,
      Enabled: flag,
      EndpointEnabled: flag,
      MAC: v.nullish(v.array(v.string())),
      Groups: v.nullish(v.array(v.string())),
      Type: text,
      Flag: text,
      SoftwareStatus: text,
      Subtype: text,
      NetType: text,
      Arch: text,
      Class: text,
      Locked: flag,
    }),
  ),
  IPAddresses: v.nullish(owners, {}),
});

/**
 * Reads an inventory file: YAML when its path says so, else JSON. Throws an `Error` that says what is wrong with it.
 * What is no address is left out, and so are addresses of components that are no nodes.
 */
export function parseInventoryFile(content: string, path = ''): Component[] {
  const parsed = v.safeParse(fileSchema, /\.ya?ml$/i.test(path) ? readYaml(content) : JSON.parse(content));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  const { Components, IPAddresses } = parsed.output;
  const addresses = Map.groupBy(Object.entries(IPAddresses ?? {}), ([, owner]) =>
    parseXname((typeof owner === 'string' ? owner : owner.ComponentID) ?? ''),
  );
  return Components.map((entry, at) => {
    const component = toComponent({
      component: entry,
      macs: entry.MAC ?? [],
      addresses: (addresses.get(parseXname(entry.ID)) ?? []).map(([address]) => address),
      groups: entry.Groups ?? [],
      endpointEnabled: entry.EndpointEnabled,
      fqdn: entry.FQDN,
    });
    if (component === undefined)
      throw new Error(`Components.${at}.ID: ${JSON.stringify(entry.ID.slice(0, 64))} is no node's xname`);
    return component;
  });
}

function readYaml(content: string): unknown {
  try {
    return load(content);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line = 0, column = 0 } = error.mark ?? {};
    throw new Error(`YAML: ${error.reason} at line ${line + 1}, column ${column + 1}`);
  }
}
