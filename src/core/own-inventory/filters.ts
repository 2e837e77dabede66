import type { Json, JsonObject } from '../json.ts';
import { objectsOf } from './members.ts';

/** What is asked of one member: to be any of some texts, and none of others. Case does not count. */
export type Condition = {
  /** A member's name, or what is compared instead. */
  readonly member: string | ((document: JsonObject) => readonly string[]);
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
};

/** The addresses of an interface. */
export function addressesOf(document: JsonObject): string[] {
  return objectsOf(document, 'IPAddresses').map(({ IPAddress }) => textIn(IPAddress));
}

/** Whether a document meets all conditions. */
export function meets(document: JsonObject, conditions: readonly Condition[]): boolean {
  return conditions.every(({ member, wanted, unwanted }) => {
    const values = typeof member === 'string' ? [textIn(document[member])] : member(document);
    const has = (text: string): boolean => values.some((value) => value.toLowerCase() === text.toLowerCase());
    return !unwanted.some(has) && (wanted.length === 0 || wanted.some(has));
  });
}

function textIn(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}
