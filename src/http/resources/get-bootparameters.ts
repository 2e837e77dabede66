import { parseMac } from '../../core/identifiers/mac.ts';
import { parseTag } from '../../core/identifiers/tag.ts';
import { parseXname } from '../../core/identifiers/xname.ts';
import type { BootRecord, ImageKey } from '../../core/record.ts';
import { type Filter, findBootParameters, listBootParameters } from '../../service/read-boot-parameters.ts';
import { watchAge } from '../age.ts';
import { readJson } from '../body.ts';
import type { AppDeps } from '../deps.ts';
import { limitIdentifiers } from '../identifier-limit.ts';
import { json } from '../json.ts';
import { problem } from '../problem.ts';
import { queryNid, queryOf, values } from '../query.ts';
import { recordJson } from '../record-json.ts';
import { filterSchema } from '../record-schema.ts';
import type { Handler } from '../resource.ts';
import { validate } from '../validate.ts';

/** So much of what was asked for is repeated when nothing of it was found. */
const MAX_NAMED = 200;

/** GET of boot parameters: all, or what the query and the body name. */
export function getBootparameters(deps: AppDeps): Handler {
  return async function get(c) {
    const seen = watchAge(deps);
    const answer = (records: readonly BootRecord[]): Response => {
      const shown = records.map((record) => recordJson(record, deps.dialect));
      return json(shown, 200, seen.ageHeader());
    };
    const query = queryOf(c.req.url);
    const inQuery = { names: values(query, 'name'), macs: values(query, 'mac'), nids: values(query, 'nid') };
    const given = (await readJson(c, deps.runtime)) ?? {};
    limitIdentifiers(given, Object.values(inQuery).flat().length);
    const body = validate(filterSchema, given);
    const names = [...inQuery.names, ...(body.hosts ?? [])];
    const macs = [...inQuery.macs, ...(body.macs ?? [])];
    const nids = [...inQuery.nids.map(queryNid), ...(body.nids ?? [])];
    const images: ImageKey[] = [];
    if (body.kernel) images.push({ kind: 'kernel', uri: body.kernel });
    if (body.initrd) images.push({ kind: 'initrd', uri: body.initrd });

    if (names.length + macs.length + nids.length + images.length === 0) {
      return answer(await listBootParameters(seen.deps));
    }
    // What is malformed names nothing: it is not found rather than invalid, as clients are used to.
    const filter: Filter = {
      identifiers: {
        xnames: names.flatMap((name) => parseXname(name) ?? []),
        macs: macs.flatMap((mac) => parseMac(mac) ?? []),
        nids,
      },
      tags: names.flatMap((name) => parseTag(name) ?? []),
      images,
    };
    const records = await findBootParameters(filter, seen.deps);
    if (records.length > 0) return answer(records);
    const asked = [...names, ...macs, ...nids].join(', ').slice(0, MAX_NAMED);
    return problem(
      404,
      `Cannot find boot parameters for requested Hosts, MACs or NIDs${asked && `: ${asked}`}`,
      seen.ageHeader(),
    );
  };
}
