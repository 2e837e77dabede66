import type { NodeIdentifiers } from '../core/component.ts';
import { presentObject } from '../core/configuration.ts';
import { ServiceError } from '../core/errors.ts';
import type { Mac } from '../core/identifiers/mac.ts';
import type { Nid } from '../core/identifiers/nid.ts';
import type { Tag } from '../core/identifiers/tag.ts';
import type { PhoneHome } from '../core/phone-home.ts';
import type { ImageKey } from '../core/record.ts';
import { namesSomebody, type RecordRequest } from '../core/record-request.ts';
import type { Host, RecordBody } from './record-schema.ts';

type Lists = {
  readonly hosts?: readonly Host[] | null | undefined;
  readonly macs?: readonly Mac[] | null | undefined;
  readonly nids?: readonly Nid[] | null | undefined;
};

/** What a body of POST, PUT or PATCH asks for. Checks what holds between its members. */
export function toRecordRequest(body: RecordBody): RecordRequest {
  const { identifiers, tags } = identifiersOf(body);
  const nodes = Object.values(identifiers).flat().length;
  return {
    identifiers,
    tags,
    patch: { kernel: body.kernel, initrd: body.initrd, params: body.params, ...cloudInitOf(body['cloud-init']) },
    // Belongs to nodes, as a priority does to named groups: on others they have no effect.
    phoneHome: nodes > 0 ? phoneHomeOf(body['cloud-init']?.['phone-home']) : undefined,
    priority: tags.length > 0 ? (body.priority ?? undefined) : undefined,
  };
}

/** Identifiers by kind; an xname among the hosts is a node's, all else is a tag. */
export function identifiersOf({ hosts, macs, nids }: Lists): { identifiers: NodeIdentifiers; tags: Tag[] } {
  const names = hosts ?? [];
  const xnames = names.flatMap((host) => ('xname' in host ? host.xname : []));
  const tags = names.flatMap((host) => ('tag' in host ? host.tag : []));
  return { identifiers: { xnames, macs: macs ?? [], nids: nids ?? [] }, tags };
}

/** The image that a request without identifiers is about, or `undefined` when it has identifiers. */
export function imageOf(request: RecordRequest): ImageKey | undefined {
  if (namesSomebody(request)) return undefined;
  const { kernel, initrd, metaData, userData } = request.patch;
  if (kernel && initrd)
    throw new ServiceError('invalid', 'kernel, initrd: a record without hosts, macs and nids is of one image');
  if (metaData || userData) throw new ServiceError('invalid', 'cloud-init: needs hosts, macs or nids');
  if (kernel) return { kind: 'kernel', uri: kernel };
  if (initrd) return { kind: 'initrd', uri: initrd };
  throw new ServiceError('invalid', 'hosts, macs, nids: at least one of them, or a kernel or initrd, is needed');
}

/**
 * A part of cloud-init that is null or empty counts as absent: the `ochami` CLI sends such parts with everything, and what
 * is stored must survive that. Only a cloud-init that is null as a whole clears.
 */
function cloudInitOf(cloudInit: RecordBody['cloud-init']): Pick<RecordRequest['patch'], 'metaData' | 'userData'> {
  if (cloudInit === null) return { metaData: null, userData: null };
  return {
    metaData: presentObject(cloudInit?.['meta-data'] ?? undefined),
    userData: presentObject(cloudInit?.['user-data'] ?? undefined),
  };
}

function phoneHomeOf(given: NonNullable<RecordBody['cloud-init']>['phone-home']): Partial<PhoneHome> | undefined {
  const said = Object.entries(given ?? {}).filter(([, value]) => typeof value === 'string' && value !== '');
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
