/** What a node asks for that is kept in mind. */
export type AccessEndpoint = 'bootscript' | 'user-data';

/** When a node last asked for something. */
export type Access = {
  /** Its xname, else the identifier that it is known by. */
  readonly name: string;
  readonly endpoint: AccessEndpoint;
  /** Seconds of Unix time. */
  readonly epoch: number;
};

/** Which accesses are asked for; a part that is not named matches all. Compared exactly. */
export type AccessFilter = { readonly name?: string | undefined; readonly endpoint?: string | undefined };

/** Where accesses are kept, one per name and endpoint. Throws a `ServiceError` of code `unavailable` when it cannot be reached. */
export interface AccessTable {
  /** Keeps the newest of each name and endpoint, whatever the order they come in. One statement. */
  write(accesses: readonly Access[]): Promise<void>;
  /** In the order of name and endpoint. */
  read(filter: AccessFilter): Promise<Access[]>;
}

/** Whose accesses to what are noted. Who notes many keeps it: as long as one waits to be written, its name need not be looked up. */
export type NotedAccess = {
  readonly name: string;
  readonly endpoint: AccessEndpoint;
  /** Of the last access, while that waits; it is the history that sets it. */
  epoch: number | undefined;
};

/** Accesses of which none waits. */
export function accessOf(name: string, endpoint: AccessEndpoint): NotedAccess {
  return { name, endpoint, epoch: undefined };
}

/** Who asked for what, and when. */
export interface AccessHistory {
  /** Takes note of an access at this time, in seconds of Unix time. Returns at once and never fails: it is in a script's way. */
  note(access: NotedAccess, epoch: number): void;
  /** What is kept, with all that was noted before. Throws `unavailable` when that cannot be told. */
  list(filter: AccessFilter): Promise<Access[]>;
}
