import * as v from 'valibot';
import { type Mac, parseMac } from '../../core/identifiers/mac.ts';
import { type Nid, nidOf } from '../../core/identifiers/nid.ts';
import { parseTag } from '../../core/identifiers/tag.ts';
import { parseXname, type Xname } from '../../core/identifiers/xname.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { EMPTY_PHONE_HOME } from '../../core/phone-home.ts';
import type { Boot, StoredGroup, StoredImage, StoredNode } from '../../core/record.ts';
import type { Found } from '../../ports/store.ts';
import { type OwnRow, ownComponents, ownRow } from './own-components.ts';

const text = v.nullish(v.string());
// Not `v.record`, which drops keys like `constructor`.
const jsonObject = v.nullish(v.custom<JsonObject>(isJsonObject));

const nodeRow = v.object({
  id: v.string(),
  revision: v.number(),
  created_at: v.number(),
  xname: text,
  boot_mac: text,
  nid: v.nullish(v.number()),
  resolved_xname: text,
  phone_home: v.nullish(v.record(v.string(), v.string())),
  referral_token: text,
  boot_config_id: text,
});

const groupRow = v.object({
  id: v.string(),
  revision: v.number(),
  name: v.string(),
  priority: v.number(),
  referral_token: text,
  boot_config_id: v.string(),
});

const configurationRow = v.object({
  id: v.string(),
  kernel_uri: text,
  initrd_uri: text,
  cmdline: text,
  meta_data: jsonObject,
  user_data: jsonObject,
});

const imageRow = v.object({
  id: v.string(),
  revision: v.number(),
  kind: v.picklist(['kernel', 'initrd']),
  uri: v.string(),
  params: v.string(),
});

const anyRow = v.variant('kind', [
  v.object({ kind: v.literal('node'), row: nodeRow }),
  v.object({ kind: v.literal('group'), row: groupRow }),
  v.object({ kind: v.literal('configuration'), row: configurationRow }),
  v.object({ kind: v.literal('image'), row: imageRow }),
  v.object({ kind: v.literal('configuration image'), row: imageRow }),
  v.object({ kind: v.literal('own'), row: ownRow }),
  v.object({ kind: v.literal('clock'), row: v.number() }),
  v.object({ kind: v.literal('revision'), row: v.number() }),
]);

type RowOf<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

/** Reads the rows of `selectRecords`. Throws when the database holds what this program never writes. */
export function readRows(answer: readonly unknown[]): Found & { readonly revision: number } {
  const rows = v.parse(v.array(anyRow), answer);
  const configurations = new Map<string, Boot['configuration']>();
  for (const { kind, row } of rows) {
    if (kind === 'configuration') configurations.set(row.id, configurationOf(row));
  }
  const bootOf = (configurationId: string, referralToken: string | null | undefined): Boot => ({
    configurationId,
    configuration: known(configurations.get(configurationId), 'boot_config_id', configurationId),
    referralToken: referralToken ?? undefined,
  });

  const nodes: StoredNode[] = [];
  const groups: StoredGroup[] = [];
  const images: StoredImage[] = [];
  const configurationImages: StoredImage[] = [];
  const own: OwnRow[] = [];
  let asOf: number | undefined;
  let revision = 0;
  for (const { kind, row } of rows) {
    if (kind === 'node') {
      const { boot_config_id: id, referral_token: token } = row;
      nodes.push(nodeOf(row, id === null || id === undefined ? undefined : bootOf(id, token)));
    } else if (kind === 'group') {
      const { id, revision, priority } = row;
      const name = known(parseTag(row.name), 'name', row.name);
      groups.push({ id, revision, name, priority, boot: bootOf(row.boot_config_id, row.referral_token) });
    } else if (kind === 'image') {
      images.push(row);
    } else if (kind === 'configuration image') {
      configurationImages.push(row);
    } else if (kind === 'own') {
      own.push(row);
    } else if (kind === 'clock') {
      asOf = row;
    } else if (kind === 'revision') {
      revision = row;
    }
  }
  return { nodes, groups, images, configurationImages, components: ownComponents(own), asOf, revision };
}

/** All at once: what is added to an object later takes more room in memory, and there are many of these. */
function nodeOf(row: RowOf<typeof nodeRow>, boot: Boot | undefined): StoredNode {
  return {
    id: row.id,
    revision: row.revision,
    createdAt: row.created_at,
    xname: column<string, Xname>(row.xname, parseXname, 'xname'),
    mac: column<string, Mac>(row.boot_mac, parseMac, 'boot_mac'),
    nid: column<number, Nid>(row.nid, nidOf, 'nid'),
    resolved: column<string, Xname>(row.resolved_xname, parseXname, 'resolved_xname'),
    phoneHome: row.phone_home ? { ...EMPTY_PHONE_HOME, ...row.phone_home } : undefined,
    boot,
  };
}

function configurationOf(row: RowOf<typeof configurationRow>): Boot['configuration'] {
  return {
    kernel: row.kernel_uri ?? undefined,
    initrd: row.initrd_uri ?? undefined,
    params: row.cmdline ?? undefined,
    metaData: row.meta_data ?? undefined,
    userData: row.user_data ?? undefined,
  };
}

function column<Raw extends string | number, T>(
  raw: Raw | null | undefined,
  parse: (raw: Raw) => T | undefined,
  name: string,
): T | undefined {
  return raw === null || raw === undefined ? undefined : known(parse(raw), name, raw);
}

function known<T>(value: T | undefined, name: string, raw: string | number): T {
  if (value === undefined) throw new Error(`column ${name} holds ${JSON.stringify(raw)}`);
  return value;
}
