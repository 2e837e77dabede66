/*
 * Configurations, and what a request makes of one. Part of the model: nothing here may be imported from `src`.
 */
import { type JsonObject, PARTS, type Parts } from './model-body.ts';
import { canonical } from './model-record.ts';

/** What a node or tag has: no part is `null`, and no object empty. */
export type Configuration = Parts;

/** Whether a configuration says nothing. */
export function isEmpty(configuration: Configuration): boolean {
  return PARTS.every((part) => configuration[part] === undefined);
}

/** What some records hold of one part, each value once. */
export function distinct(of: readonly { readonly configuration: Configuration }[], part: keyof Parts): Set<string> {
  return new Set(of.map(({ configuration }) => canonical(configuration[part])));
}

/** A configuration with what is said in its place; how objects are put together is a method's own. */
export function patched(
  old: Configuration,
  said: Parts,
  join: (old: JsonObject, said: JsonObject) => JsonObject,
): Configuration {
  const parts = PARTS.map((part) => {
    const [before, now] = [old[part], said[part]];
    if (now === undefined) return [part, before];
    if (typeof now !== 'object' || now === null) return [part, now ?? undefined];
    const joined = join(typeof before === 'object' && before !== null ? before : {}, now);
    return [part, Object.keys(joined).length > 0 ? joined : undefined];
  });
  return Object.fromEntries(parts);
}

/** How PUT puts objects together: what is said is the whole. */
export const replacing = (_: JsonObject, said: JsonObject): JsonObject => said;

/** How PATCH does: RFC 7396. */
export function mergePatch(old: JsonObject, said: JsonObject): JsonObject {
  const result = { ...old };
  for (const [key, value] of Object.entries(said)) {
    if (value === null) delete result[key];
    else if (typeof value === 'object' && !Array.isArray(value)) {
      const before = result[key];
      const isObject = typeof before === 'object' && before !== null && !Array.isArray(before);
      result[key] = mergePatch(isObject ? before : {}, value);
    } else result[key] = value;
  }
  return result;
}
