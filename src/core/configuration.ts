import { canonicalJson, isJsonObject, type JsonObject, mergePatch } from './json.ts';

/** What a node boots: every part is optional, an absent one is `undefined` and never empty. */
export type BootConfiguration = {
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly params?: string | undefined;
  readonly metaData?: JsonObject | undefined;
  readonly userData?: JsonObject | undefined;
};

/** A change to a configuration: `undefined` leaves a part as it is, `null` clears it, JSON objects are merged. */
export type ConfigurationPatch = {
  readonly kernel?: string | null | undefined;
  readonly initrd?: string | null | undefined;
  readonly params?: string | null | undefined;
  readonly metaData?: JsonObject | null | undefined;
  readonly userData?: JsonObject | null | undefined;
};

/** A text that is the same for equal configurations and differs for any two others. */
export function canonicalConfiguration(configuration: BootConfiguration): string {
  const { kernel, initrd, params, metaData, userData } = configuration;
  return canonicalJson([kernel ?? null, initrd ?? null, params ?? null, metaData ?? null, userData ?? null]);
}

/** Whether a configuration has no part at all, as that of a record that says nothing but phone-home. */
export function isEmptyConfiguration(configuration: BootConfiguration): boolean {
  return Object.values(configuration).every((part) => part === undefined);
}

/** The configuration that a patch of nothing describes: what it does not say, or clears, is absent. */
export function wholeConfiguration(patch: ConfigurationPatch): BootConfiguration {
  return {
    kernel: patch.kernel ?? undefined,
    initrd: patch.initrd ?? undefined,
    params: patch.params ?? undefined,
    metaData: patch.metaData ?? undefined,
    userData: patch.userData ?? undefined,
  };
}

/** The configuration after a patch; an object that the patch empties is absent. */
export function patchConfiguration(old: BootConfiguration, patch: ConfigurationPatch): BootConfiguration {
  return {
    kernel: patchText(old.kernel, patch.kernel),
    initrd: patchText(old.initrd, patch.initrd),
    params: patchText(old.params, patch.params),
    metaData: patchObject(old.metaData, patch.metaData),
    userData: patchObject(old.userData, patch.userData),
  };
}

/** The parts in which all of some configurations agree. */
export function commonConfiguration(configurations: readonly BootConfiguration[]): BootConfiguration {
  const [first, ...rest] = configurations;
  if (first === undefined) return {};
  const same = (part: (configuration: BootConfiguration) => string | JsonObject | undefined): boolean =>
    rest.every((other) => canonicalJson(part(other) ?? null) === canonicalJson(part(first) ?? null));
  return {
    kernel: same((c) => c.kernel) ? first.kernel : undefined,
    initrd: same((c) => c.initrd) ? first.initrd : undefined,
    params: same((c) => c.params) ? first.params : undefined,
    metaData: same((c) => c.metaData) ? first.metaData : undefined,
    userData: same((c) => c.userData) ? first.userData : undefined,
  };
}

/** Which configurations are meant by their parts; a part that is not named matches all. */
export type ConfigurationMatch = {
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly params?: string | undefined;
};

/** An object that holds nothing is absent. */
export function presentObject(object: JsonObject | undefined): JsonObject | undefined {
  return object !== undefined && Object.keys(object).length > 0 ? object : undefined;
}

function patchText(old: string | undefined, patch: string | null | undefined): string | undefined {
  return patch === undefined ? old : (patch ?? undefined);
}

function patchObject(old: JsonObject | undefined, patch: JsonObject | null | undefined): JsonObject | undefined {
  if (patch === undefined) return old;
  return isJsonObject(patch) ? presentObject(mergePatch(old ?? {}, patch)) : undefined;
}
