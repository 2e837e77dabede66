import type { Component } from '../component.ts';
import { bootif, type Mac } from '../identifiers/mac.ts';
import { type Addition, kernelParameters } from '../kernel-parameters.ts';
import type { Boot, StoredImage } from '../record.ts';
import { lintParams, lintUri, MAX_WORDS_TOGETHER } from './lint.ts';

/** What a node's kernel and initrd are loaded from, and its whole kernel command line. */
export type Bootable = {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly params: string;
  readonly kernelImageParams: string | undefined;
  readonly initrdImageParams: string | undefined;
};

/** Why a stored text may not stand in a script. */
export type Unfit = { readonly field: string; readonly reason: string };

/** A record that has something to boot. */
export type KernelRecord = Boot & { readonly configuration: { readonly kernel: string } };

export function hasKernel(record: Boot): record is KernelRecord {
  return record.configuration.kernel !== undefined;
}

/** Who boots: what is known of it goes into its parameters. */
export type BootingNode = {
  /** `undefined` for a node that is being discovered. */
  readonly component: Component | undefined;
  /** The MAC that BOOTIF names; `undefined` leaves BOOTIF out. */
  readonly bootMac: Mac | undefined;
};

/** The kernel that a boot record gives a node, or why a stored text may not stand in a script. */
export function bootable(
  { configuration, referralToken }: KernelRecord,
  { component, bootMac }: BootingNode,
  images: readonly StoredImage[],
  advertise: string | undefined,
): Bootable | Unfit {
  const { kernel, initrd, params } = configuration;
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

  return {
    kernel,
    initrd,
    kernelImageParams,
    initrdImageParams,
    params: kernelParameters({
      params,
      hasInitrd: initrd !== undefined,
      image: [kernelImageParams ?? '', initrdImageParams ?? ''],
      additions: additions(component, referralToken, bootMac, advertise),
    }),
  };
}

/** What the service adds to the parameters, in the order of the services in the field. */
function additions(
  component: Component | undefined,
  referralToken: string | undefined,
  bootMac: Mac | undefined,
  advertise: string | undefined,
): Addition[] {
  const candidates: { key: string; value: string | number | undefined }[] = [
    { key: 'xname=', value: component?.xname },
    { key: 'nid=', value: component?.nid },
    { key: 'bss_referral_token=', value: referralToken },
    { key: 'BOOTIF=', value: bootMac && bootif(bootMac) },
  ];
  const added = candidates.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, word: `${key}${value}` }]));
  return advertise === undefined ? added : [...added, { key: 'ds=', word: `ds=nocloud-net;s=${advertise}/` }];
}
