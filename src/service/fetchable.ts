import type { Component } from '../core/component.ts';
import type { Bootable, Unfit } from '../core/script/compose.ts';
import { withJoinToken } from '../core/script/join-token.ts';
import { objectUris, withObjectUrls } from '../core/script/object-uris.ts';
import { after, type Soon } from '../core/soon.ts';
import type { JoinTokens, ObjectSigner } from '../ports/outside.ts';

/** Services beside this one that a script may need; `undefined` where a site has none. */
export type Outside = {
  readonly objects: ObjectSigner | undefined;
  readonly joinTokens: JoinTokens | undefined;
};

/**
 * What a node boots with all that its iPXE and kernel cannot get by themselves: URLs in place of `s3://` URIs, and a join
 * token in place of its placeholder. Throws what the ports throw.
 */
export function fetchable(
  bootable: Bootable,
  component: Component | undefined,
  { objects, joinTokens }: Outside,
): Soon<Bootable | Unfit> {
  const signed = objects === undefined ? bootable : signObjects(bootable, objects);
  return after(signed, (signed) => (signed.isToJoin ? joined(signed, component, joinTokens) : signed));
}

function signObjects(bootable: Bootable, objects: ObjectSigner): Soon<Bootable> {
  const uris = objectUris(bootable);
  return uris.length === 0 ? bootable : signed(bootable, uris, objects);
}

async function signed(bootable: Bootable, uris: readonly string[], objects: ObjectSigner): Promise<Bootable> {
  const urls = new Map<string, string>();
  for (const uri of uris) {
    const url = await objects.sign(uri);
    if (url !== undefined) urls.set(uri, url);
  }
  return withObjectUrls(bootable, urls);
}

async function joined(
  bootable: Bootable,
  component: Component | undefined,
  joinTokens: JoinTokens | undefined,
): Promise<Bootable | Unfit> {
  if (joinTokens === undefined) return { field: 'params', reason: 'no SPIRE token service is set up' };
  if (component?.xname === undefined) return { field: 'params', reason: 'only a node with an xname gets a join token' };
  return { ...bootable, params: withJoinToken(bootable.params, await joinTokens.tokenFor(component)) };
}
