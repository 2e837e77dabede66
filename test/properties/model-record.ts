/*
 * A record as it is answered. Part of the model: nothing here may be imported from `src`.
 */
import type { Identifier, JsonObject, Parts } from './model-body.ts';

/** A record in JSON. Identifiers are sets: they stand in one order here. */
export type RecordJson = {
  readonly hosts?: readonly string[];
  readonly macs?: readonly string[];
  readonly nids?: readonly number[];
  readonly kernel?: string;
  readonly initrd?: string;
  readonly params?: string;
  readonly 'cloud-init': {
    readonly 'meta-data': JsonObject | null;
    readonly 'user-data': JsonObject | null;
    readonly 'phone-home': { readonly [part: string]: string };
  };
  readonly priority?: number;
};

const NO_PHONE_HOME = {
  pub_key_dsa: '',
  pub_key_rsa: '',
  pub_key_ecdsa: '',
  instance_id: '',
  hostname: '',
  fqdn: '',
};

/** The record of some nodes and tags, or of nobody. What is empty is left out, but for cloud-init. */
export function recordJson(of: {
  readonly nodes?: readonly Identifier[];
  readonly tags?: readonly string[];
  readonly configuration: Parts;
  readonly phoneHome?: { readonly [part: string]: string } | undefined;
  readonly priority?: number | undefined;
}): RecordJson {
  const texts = (of.nodes ?? []).filter((node) => typeof node === 'string');
  const hosts = [...texts.filter((text) => !text.includes(':')), ...(of.tags ?? [])].sort();
  const macs = texts.filter((text) => text.includes(':')).sort();
  const nids = (of.nodes ?? []).filter((node) => typeof node === 'number').sort((a, b) => a - b);
  const { kernel, initrd, params, metaData, userData } = of.configuration;
  return {
    ...(hosts.length > 0 && { hosts }),
    ...(macs.length > 0 && { macs }),
    ...(nids.length > 0 && { nids }),
    ...(typeof kernel === 'string' && { kernel }),
    ...(typeof initrd === 'string' && { initrd }),
    ...(typeof params === 'string' && { params }),
    'cloud-init': {
      'meta-data': typeof metaData === 'object' ? metaData : null,
      'user-data': typeof userData === 'object' ? userData : null,
      'phone-home': { ...NO_PHONE_HOME, ...of.phoneHome },
    },
    ...(of.priority && { priority: of.priority }),
  };
}

/** A text that is the same for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).sort()}}`;
}
