/*
 * What a request's body says: what counts as absent, and what is refused. Part of the model, which is written from what
 * clients were promised and shares no code with the service: nothing here may be imported from `src`.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** An identifier of a node: an xname, a MAC (it has colons) or a NID. */
export type Identifier = string | number;

/** A body as a client may send it. */
export type Body = {
  readonly hosts?: readonly string[] | null;
  readonly macs?: readonly string[] | null;
  readonly nids?: readonly number[] | null;
  readonly kernel?: string | null;
  readonly initrd?: string | null;
  readonly params?: string | null;
  readonly 'cloud-init'?: CloudInit | null;
  readonly priority?: number | null;
};

export type CloudInit = {
  readonly 'meta-data'?: JsonObject | null;
  readonly 'user-data'?: JsonObject | null;
  readonly 'phone-home'?: { readonly [part: string]: string | null } | null;
};

/** Whom a body names: nodes with xnames first, then MACs, then NIDs; tags once each. */
export type Named = { readonly nodes: readonly Identifier[]; readonly tags: readonly string[] };

export const PARTS = ['kernel', 'initrd', 'params', 'metaData', 'userData'] as const;

/** What a body says of a configuration: `undefined` for nothing, `null` for a part that is to be cleared. */
export type Parts = { readonly [part in (typeof PARTS)[number]]?: string | JsonObject | null | undefined };

export type Said = Named & {
  readonly parts: Parts;
  /** The parts of phone-home that say something. */
  readonly phoneHome: { readonly [part: string]: string };
  readonly priority: number | undefined;
};

const NODE = /^x\d+c\d+s\d+b\d+n\d+$/i;
const OTHER_COMPONENT = /^x\d+(c\d+(s\d+(b\d+)?)?)?$/i;
const TAG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** Whom a body names, or `undefined` when any of it is no identifier. */
export function readNamed({ hosts, macs, nids }: Body): Named | undefined {
  const xnames = (hosts ?? []).filter((host) => NODE.test(host));
  const tags = (hosts ?? []).filter((host) => !NODE.test(host));
  const good =
    tags.every((tag) => TAG.test(tag) && !OTHER_COMPONENT.test(tag)) &&
    (macs ?? []).every((mac) => MAC.test(mac)) &&
    (nids ?? []).every((nid) => Number.isInteger(nid) && nid >= 0 && nid <= 2147483647);
  if (!good) return undefined;
  const lower = (text: string): string => text.toLowerCase();
  return { nodes: [...xnames.map(lower), ...(macs ?? []).map(lower), ...(nids ?? [])], tags: [...new Set(tags)] };
}

/** All that a body of POST, PUT or PATCH says, or `undefined` when any of it is refused. */
export function readSaid(body: Body): Said | undefined {
  const named = readNamed(body);
  const cloudInit = body['cloud-init'];
  const refused =
    [body.kernel, body.initrd].some((uri) => uri && /\s|#|^-/.test(uri)) ||
    body.params?.split(/[ \t]+/).some((word) => /^(#.*|\|\||&&|;)$/.test(word)) ||
    (typeof body.priority === 'number' && !Number.isInteger(body.priority));
  if (named === undefined || refused) return undefined;
  return {
    ...named,
    parts: {
      kernel: textOf(body.kernel),
      initrd: textOf(body.initrd),
      params: textOf(body.params),
      // Empty parts come with everything that the CLI sends; only the whole can be cleared.
      metaData: cloudInit === null ? null : objectOf(cloudInit?.['meta-data']),
      userData: cloudInit === null ? null : objectOf(cloudInit?.['user-data']),
    },
    phoneHome: Object.fromEntries(
      Object.entries(cloudInit?.['phone-home'] ?? {}).flatMap(([part, text]) => (text ? [[part, text]] : [])),
    ),
    priority: body.priority ?? undefined,
  };
}

/** A blank text counts as absent. */
function textOf(text: string | null | undefined): string | null | undefined {
  return typeof text === 'string' && /^[ \t]*$/.test(text) ? undefined : text;
}

function objectOf(object: JsonObject | null | undefined): JsonObject | undefined {
  return object && Object.keys(object).length > 0 ? object : undefined;
}
