import * as v from 'valibot';
import type { Component } from '../../core/component.ts';
import { toComponent } from './smd/to-component.ts';

const text = v.nullish(v.string());

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
      Enabled: v.nullish(v.boolean()),
      EndpointEnabled: v.nullish(v.boolean()),
      MAC: v.nullish(v.array(v.string())),
      Groups: v.nullish(v.array(v.string())),
    }),
  ),
});

/** Reads an inventory file (JSON). Throws an `Error` that says what is wrong with it. */
export function parseInventoryFile(content: string): Component[] {
  const parsed = v.safeParse(fileSchema, JSON.parse(content));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  return parsed.output.Components.map((entry, at) => {
    const component = toComponent({
      component: entry,
      macs: entry.MAC ?? [],
      groups: entry.Groups ?? [],
      endpointEnabled: entry.EndpointEnabled,
      fqdn: entry.FQDN,
    });
    if (component === undefined)
      throw new Error(`Components.${at}.ID: ${JSON.stringify(entry.ID.slice(0, 64))} is no node's xname`);
    return component;
  });
}
