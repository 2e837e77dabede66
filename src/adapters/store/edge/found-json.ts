import * as v from 'valibot';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Boot, StoredGroup, StoredImage, StoredNode } from '../../../core/record.ts';
import type { Found } from '../../../ports/store.ts';
import { componentJson, onlySaid, readComponent } from '../../inventory/component-json.ts';
import { readRows } from '../rows.ts';

/** What was found as JSON, for where it is kept: as the rows that it was read from. `readFound` reads it. */
export function foundJson({ nodes, groups, configurationImages, components = [] }: Found): JsonObject {
  const boots = [...nodes, ...groups].flatMap(({ boot }) => boot ?? []);
  const configurations = new Map(boots.map((boot) => [boot.configurationId, boot]));
  return {
    rows: [
      ...nodes.map((node) => ({ kind: 'node', row: nodeRow(node) })),
      ...groups.map((group) => ({ kind: 'group', row: groupRow(group) })),
      ...[...configurations.values()].map((boot) => ({ kind: 'configuration', row: configurationRow(boot) })),
      ...configurationImages.map((image) => ({ kind: 'configuration image', row: imageRow(image) })),
    ],
    components: components.map(componentJson),
  };
}

/**
 * Reads what `foundJson` wrote: strictly, for where it was kept it may have been changed, or written by another version.
 * `undefined` for all else.
 */
export function readFound(value: unknown): Found | undefined {
  const parsed = v.safeParse(shape, value);
  if (!parsed.success) return undefined;
  const components = parsed.output.components.flatMap((component) => readComponent(component) ?? []);
  if (components.length < parsed.output.components.length) return undefined;
  try {
    const { nodes, groups, configurationImages } = readRows(parsed.output.rows);
    return { nodes, groups, images: [], configurationImages, components };
  } catch {
    return undefined;
  }
}

const shape = v.strictObject({ rows: v.array(v.unknown()), components: v.array(v.unknown()) });

function nodeRow({ id, revision, createdAt, xname, mac, nid, resolved, phoneHome, boot }: StoredNode): Json {
  return onlySaid({
    id,
    revision,
    created_at: createdAt,
    xname,
    boot_mac: mac,
    nid,
    resolved_xname: resolved,
    phone_home: phoneHome && onlySaid(phoneHome),
    referral_token: boot?.referralToken,
    boot_config_id: boot?.configurationId,
  });
}

function groupRow({ id, revision, name, priority, boot }: StoredGroup): Json {
  return onlySaid({
    id,
    revision,
    name,
    priority,
    referral_token: boot.referralToken,
    boot_config_id: boot.configurationId,
  });
}

function configurationRow({ configurationId, configuration }: Boot): Json {
  const { kernel, initrd, params, metaData, userData } = configuration;
  return onlySaid({
    id: configurationId,
    kernel_uri: kernel,
    initrd_uri: initrd,
    cmdline: params,
    meta_data: metaData,
    user_data: userData,
  });
}

function imageRow({ id, revision, kind, uri, params }: StoredImage): Json {
  return { id, revision, kind, uri, params };
}
