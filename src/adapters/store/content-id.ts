import { type BootConfiguration, canonicalConfiguration } from '../../core/configuration.ts';
import { canonicalJson } from '../../core/json.ts';
import type { ImageKey } from '../../core/record.ts';
import type { Change, ImageWrite } from '../../ports/store.ts';

/** The ids of what is named by its content: configurations, by the objects themselves, and images. */
export type ContentIds = {
  readonly configurations: ReadonlyMap<BootConfiguration, string>;
  readonly images: ReadonlyMap<ImageWrite, string>;
};

/** The ids of all that a change writes. Many nodes share one configuration object. */
export async function idsOf({ nodes, groups, images }: Change): Promise<ContentIds> {
  const configurations = new Set<BootConfiguration>();
  for (const { configuration } of nodes) if (configuration !== undefined) configurations.add(configuration);
  for (const { configuration } of groups) configurations.add(configuration);
  return {
    configurations: new Map(
      await Promise.all([...configurations].map(async (one) => [one, await configurationId(one)] as const)),
    ),
    images: new Map(await Promise.all(images.map(async (image) => [image, await imageId(image)] as const))),
  };
}

/** The id of a configuration: the same for equal ones, so that one row holds each. */
function configurationId(configuration: BootConfiguration): Promise<string> {
  return contentId(canonicalConfiguration(configuration));
}

/** The id of an image's parameters. */
function imageId({ kind, uri }: ImageKey): Promise<string> {
  return contentId(canonicalJson([kind, uri]));
}

/** A UUID of version 8 (RFC 9562) made of the first 122 bits of a SHA-256 digest. */
async function contentId(content: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content)));
  const bytes = [...digest.slice(0, 16)].map((byte, at) => {
    if (at === 6) return (byte & 0x0f) | 0x80;
    return at === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
