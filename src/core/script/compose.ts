import { type Additions, type WrittenParameters, withAdditions, writtenParameters } from '../kernel-parameters.ts';
import type { Boot, StoredImage } from '../record.ts';
import { needsJoinToken } from './join-token.ts';
import { lintParams, lintUri, MAX_WORDS_TOGETHER } from './lint.ts';

/** What a node's kernel and initrd are loaded from, and its whole kernel command line. */
export type Bootable = {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly params: string;
  readonly kernelImageParams: string | undefined;
  readonly initrdImageParams: string | undefined;
  /** Whether its parameters want a join token of SPIRE's. */
  readonly isToJoin: boolean;
};

/** Why a stored text may not stand in a script. */
export type Unfit = { readonly field: string; readonly reason: string };

/** A record that has something to boot. */
export type KernelRecord = Boot & { readonly configuration: { readonly kernel: string } };

export function hasKernel(record: Boot): record is KernelRecord {
  return record.configuration.kernel !== undefined;
}

/** A record's configuration as it goes into the script of any node. */
export type Prepared = Omit<Bootable, 'params'> & { readonly params: WrittenParameters };

/** What a record and the images that it names come to for all nodes, or why a stored text may not stand in a script. */
export function prepare(
  { kernel, initrd, params }: KernelRecord['configuration'],
  images: readonly StoredImage[],
): Prepared | Unfit {
  const paramsOf = (kind: StoredImage['kind'], uri: string | undefined): string | undefined =>
    images.find((image) => image.kind === kind && image.uri === uri)?.params;
  const kernelImageParams = paramsOf('kernel', kernel);
  const initrdImageParams = paramsOf('initrd', initrd);

  const findings = [
    { field: 'kernel', finding: lintUri(kernel) },
    { field: 'initrd', finding: lintUri(initrd ?? '') },
    {
      field: 'params',
      finding: lintParams([params, kernelImageParams, initrdImageParams].join(' '), MAX_WORDS_TOGETHER),
    },
  ];
  for (const { field, finding } of findings) {
    if (finding !== undefined) return { field, reason: `${finding.reason} at offset ${finding.offset}` };
  }

  const image = [kernelImageParams ?? '', initrdImageParams ?? ''];
  const written = writtenParameters({ params, hasInitrd: initrd !== undefined, image });
  const isToJoin = needsJoinToken(written.text);
  return { kernel, initrd, kernelImageParams, initrdImageParams, isToJoin, params: written };
}

const prepared = new WeakMap<object, { readonly images: readonly StoredImage[]; readonly made: Prepared | Unfit }>();

/** The same, once for a configuration as long as it is held and the images stay as they are. */
export function preparedOnce(
  configuration: KernelRecord['configuration'],
  images: readonly StoredImage[],
): Prepared | Unfit {
  const before = prepared.get(configuration);
  if (before !== undefined && isSame(before.images, images)) return before.made;
  const made = prepare(configuration, images);
  prepared.set(configuration, { images, made });
  return made;
}

function isSame(images: readonly StoredImage[], others: readonly StoredImage[]): boolean {
  return images.length === others.length && images.every((image, at) => image === others[at]);
}

/** The kernel that a configuration gives a node. */
export function bootable(
  { kernel, initrd, kernelImageParams, initrdImageParams, isToJoin, params }: Prepared,
  additions: Additions,
): Bootable {
  return { kernel, initrd, kernelImageParams, initrdImageParams, isToJoin, params: withAdditions(params, additions) };
}
