import { ServiceError } from '../core/errors.ts';
import type { BootRecord, ImageKey } from '../core/record.ts';
import type { Found, Store } from '../ports/store.ts';
import { imageRecord } from './read-boot-parameters.ts';
import { NO_CHANGE, writeUntilApplied } from './write-until-applied.ts';

/** Parameters to go with an image on every node that boots it: a boot parameters request without identifiers. */
export type ImageRequest = { readonly image: ImageKey; readonly params: string };

/** POST: a `conflict` when the image has parameters. */
export async function createImageParameters(request: ImageRequest, store: Store): Promise<BootRecord> {
  return setParams(request, store, (found) => {
    if (found.images.length > 0) throw new ServiceError('conflict', 'this image has parameters already');
  });
}

/** PUT. */
export async function replaceImageParameters(request: ImageRequest, store: Store): Promise<BootRecord> {
  return setParams(request, store, () => {});
}

/** PATCH: `not_found` when the image has no parameters; `undefined` as the new ones removes them. */
export async function patchImageParameters(
  { image, params }: { readonly image: ImageKey; readonly params: string | undefined },
  store: Store,
): Promise<BootRecord> {
  const known = ({ images }: Found): void => {
    if (images.length === 0) throw new ServiceError('not_found', 'this image has no parameters');
  };
  if (params !== undefined) return setParams({ image, params }, store, known);
  await writeUntilApplied(store, { images: [image] }, (found) => {
    known(found);
    return { ...NO_CHANGE, removeImages: found.images.map(({ id }) => id) };
  });
  return imageRecord({ ...image, params: undefined });
}

async function setParams(
  { image, params }: ImageRequest,
  store: Store,
  check: (found: Found) => void,
): Promise<BootRecord> {
  await writeUntilApplied(store, { images: [image] }, (found) => {
    check(found);
    return { ...NO_CHANGE, images: [{ ...image, params }] };
  });
  return imageRecord({ ...image, params });
}
