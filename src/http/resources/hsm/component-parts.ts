import { ServiceError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { changeComponents } from '../../../service/own-inventory/write-entries.ts';
import { readJson } from '../../body.ts';
import { noContent } from '../../hsm/answers.ts';
import { nidsSchema, partSchema } from '../../hsm/component-schema.ts';
import { givenMembers } from '../../hsm/given-members.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathXname } from '../../hsm/path-parameters.ts';
import type { Handler } from '../../resource.ts';
import { validate } from '../../validate.ts';
import { requireSameId } from './components.ts';

/** The parts of a component that can be changed by themselves: what must be said, and what else may be. */
export const PARTS = {
  StateData: ['State', 'Flag'],
  FlagOnly: ['Flag'],
  Enabled: ['Enabled'],
  SoftwareStatus: ['SoftwareStatus'],
  Role: ['Role', 'SubRole'],
  NID: ['NID'],
} as const;

/** What comes with a part when it is not said. */
const WITH: Partial<Record<keyof typeof PARTS, JsonObject>> = { StateData: { Flag: 'OK' }, Role: { SubRole: '' } };

/** PATCH of one part of a component. */
export function patchComponentPart(deps: OwnDeps): Handler {
  return async function patch(c) {
    const ID = pathXname(c);
    const part = partOf(c.req.param('part') ?? '');
    const body = validate(partSchema, await readJson(c, deps.runtime));
    requireSameId(ID, body.ID, 'ID');
    const given = givenMembers(body);
    const [needed, ...others] = PARTS[part];
    const value = given[needed];
    if (value === undefined) throw new ServiceError('invalid', `${needed}: is missing`);
    const rest = Object.fromEntries(others.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])));
    await changeComponents([{ ID, said: { [needed]: value, ...WITH[part], ...rest } }], deps.own);
    logOwnWrite(c, deps, [ID]);
    return noContent();
  };
}

/** PATCH of the NIDs of many components. */
export function patchNids(deps: OwnDeps): Handler {
  return async function patchAll(c) {
    const { Components } = validate(nidsSchema, await readJson(c, deps.runtime));
    // `ochami` leaves a NID of 0 out.
    const changes = Components.map(({ ID, NID }) => ({ ID, said: { NID: NID ?? 0 } }));
    await changeComponents(changes, deps.own);
    logOwnWrite(
      c,
      deps,
      changes.map(({ ID }) => ID),
    );
    return noContent();
  };
}

function partOf(text: string): keyof typeof PARTS {
  const part = Object.keys(PARTS).find((name): name is keyof typeof PARTS => name === text);
  if (part === undefined) throw new ServiceError('not_found', 'a component has no such part');
  return part;
}
