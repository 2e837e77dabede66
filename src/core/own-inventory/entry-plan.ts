import { ServiceError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Entry, EntryKind, KnownEntry } from './entry.ts';

/** What becomes of entries. */
export type EntryPlan = {
  readonly put: readonly Entry[];
  readonly remove: readonly Pick<Entry, 'kind' | 'id'>[];
};

/** What was read, to look things up in. */
export type KnownEntries = {
  readonly all: readonly KnownEntry[];
  /** The document of an entry; `undefined` when it is not there. */
  find(kind: EntryKind, id: string): JsonObject | undefined;
};

/** Entries by their kinds and ids. */
export function knownEntries(all: readonly KnownEntry[]): KnownEntries {
  const documents = new Map(all.map(({ kind, id, document }) => [`${kind} ${id}`, document]));
  return { all, find: (kind, id) => documents.get(`${kind} ${id}`) };
}

/** The document of an entry that a request is about. Throws `not_found`. */
export function requireEntry(known: KnownEntries, kind: EntryKind, id: string): JsonObject {
  const document = known.find(kind, id);
  if (document === undefined) throw notFound(kind, id);
  return document;
}

/** That there is no such entry. */
export function notFound(kind: EntryKind, id: string): ServiceError {
  return new ServiceError('not_found', `there is no ${kind} ${id}`);
}

/** Throws `exists` when there is such an entry already; `hint` says what to do instead. */
export function requireAbsence(known: KnownEntries, kind: EntryKind, id: string, hint: string): void {
  if (known.find(kind, id) === undefined) return;
  throw new ServiceError('exists', `${kind} ${id} exists already: ${hint}`);
}
