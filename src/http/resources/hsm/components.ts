import { ServiceError } from '../../../core/errors.ts';
import { listComponents, readComponentByNid, readEntry } from '../../../service/own-inventory/read-entries.ts';
import { removeAll, removeEntry } from '../../../service/own-inventory/remove-entries.ts';
import { addComponents, putComponent } from '../../../service/own-inventory/write-entries.ts';
import { readJson } from '../../body.ts';
import { deleted, noContent } from '../../hsm/answers.ts';
import { componentSchema, componentsSchema } from '../../hsm/component-schema.ts';
import { givenMembers } from '../../hsm/given-members.ts';
import { componentQuery, groupQuery, nidQuery } from '../../hsm/list-query.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathXname } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';
import { validate } from '../../validate.ts';

/** GET of components: all, or what the filters leave. */
export function getComponents({ own }: OwnDeps): Handler {
  return async function components(c) {
    const query = queryOf(c.req.url);
    return json({ Components: await listComponents(componentQuery(query), groupQuery(query), own) });
  };
}

/** POST: adds components. Those that there are stay as they are, or nearly so with `Force`. */
export function postComponents(deps: OwnDeps): Handler {
  return async function addAll(c) {
    const body = validate(componentsSchema, await readJson(c, deps.runtime));
    const given = body.Components.map((component) => ({ ID: component.ID, said: givenMembers(component) }));
    await addComponents(given, body.Force ?? body.force ?? false, deps.own);
    logOwnWrite(
      c,
      deps,
      given.map(({ ID }) => ID),
    );
    return noContent();
  };
}

/** DELETE of all components, and of nothing that speaks of them. */
export function deleteComponents(deps: OwnDeps): Handler {
  return async function removeEvery(c) {
    const count = await removeAll('component', deps.own);
    logOwnWrite(c, deps, []);
    return deleted(count);
  };
}

export function getComponent({ own }: OwnDeps): Handler {
  return async function component(c) {
    return json(await readEntry('component', pathXname(c), own));
  };
}

export function getComponentByNid({ own }: OwnDeps): Handler {
  return async function componentByNid(c) {
    return json(await readComponentByNid(nidQuery(c.req.param('nid') ?? ''), own));
  };
}

/** PUT: adds a component, or changes it. */
export function putOneComponent(deps: OwnDeps): Handler {
  return async function put(c) {
    const ID = pathXname(c);
    const body = validate(componentSchema, await readJson(c, deps.runtime));
    requireSameId(ID, body.Component.ID, 'Component.ID');
    await putComponent({ ID, said: givenMembers(body.Component) }, body.Force ?? body.force ?? false, deps.own);
    logOwnWrite(c, deps, [ID]);
    return noContent();
  };
}

export function deleteComponent(deps: OwnDeps): Handler {
  return async function remove(c) {
    const ID = pathXname(c);
    await removeEntry('component', ID, deps.own);
    logOwnWrite(c, deps, [ID]);
    return deleted();
  };
}

/** Refuses a body that speaks of something else than the path. */
export function requireSameId(inPath: string, inBody: string | null | undefined, field: string): void {
  if (inBody && inBody !== inPath) throw new ServiceError('invalid', `${field}: is not the one of the path`);
}
