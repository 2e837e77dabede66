import { ServiceError } from '../../../core/errors.ts';
import { membersOf } from '../../../core/own-inventory/groups.ts';
import { listEntries, listLabels, readEntry } from '../../../service/own-inventory/read-entries.ts';
import { removeEntry } from '../../../service/own-inventory/remove-entries.ts';
import {
  addGroup,
  addMember,
  changeGroup,
  putMembers,
  removeMember,
} from '../../../service/own-inventory/write-entries.ts';
import { readJson } from '../../body.ts';
import { createdIn, deleted, noContent } from '../../hsm/answers.ts';
import { givenMembers } from '../../hsm/given-members.ts';
import { groupChangeSchema, groupSchema, memberSchema, membersSchema } from '../../hsm/group-schema.ts';
import { labelQuery } from '../../hsm/list-query.ts';
import { logOwnWrite, type OwnDeps } from '../../hsm/own-deps.ts';
import { pathLabel, pathXname } from '../../hsm/path-parameters.ts';
import { json } from '../../json.ts';
import { queryOf } from '../../query.ts';
import type { Handler } from '../../resource.ts';
import { validate } from '../../validate.ts';

const PATH = '/groups';

export function getGroups({ own }: OwnDeps): Handler {
  return async function groups(c) {
    return json(await listEntries(labelQuery(queryOf(c.req.url)), own));
  };
}

export function postGroup(deps: OwnDeps): Handler {
  return async function add(c) {
    const body = validate(groupSchema, await readJson(c, deps.runtime));
    const { members: _, ...said } = givenMembers(body);
    await addGroup({ label: body.label, members: body.members?.ids ?? [], said }, deps.own);
    logOwnWrite(c, deps, [body.label]);
    return createdIn(PATH, [body.label]);
  };
}

export function getLabels({ own }: OwnDeps): Handler {
  return async function labels() {
    return json(await listLabels(own));
  };
}

export function getGroup({ own }: OwnDeps): Handler {
  return async function group(c) {
    return json(await readEntry('group', pathLabel(c), own));
  };
}

/** PATCH of the description and the tags: at least one of them. */
export function patchGroup(deps: OwnDeps): Handler {
  return async function patch(c) {
    const label = pathLabel(c);
    const { description, tags } = validate(groupChangeSchema, await readJson(c, deps.runtime));
    const said = {
      ...(typeof description === 'string' && { description }),
      ...(Array.isArray(tags) && { tags }),
    };
    if (Object.keys(said).length === 0) throw new ServiceError('invalid', 'description, tags: nothing to change');
    await changeGroup(label, said, deps.own);
    logOwnWrite(c, deps, [label]);
    return noContent();
  };
}

export function deleteGroup(deps: OwnDeps): Handler {
  return async function remove(c) {
    const label = pathLabel(c);
    await removeEntry('group', label, deps.own);
    logOwnWrite(c, deps, [label]);
    return deleted();
  };
}

export function getMembers({ own }: OwnDeps): Handler {
  return async function members(c) {
    return json({ ids: membersOf(await readEntry('group', pathLabel(c), own)) });
  };
}

export function postMember(deps: OwnDeps): Handler {
  return async function addOne(c) {
    const label = pathLabel(c);
    const { id } = validate(memberSchema, await readJson(c, deps.runtime));
    await addMember(label, id, deps.own);
    logOwnWrite(c, deps, [label, id]);
    return createdIn(PATH, [id], membersPath(label));
  };
}

/** PUT of all members of a group. */
export function putAllMembers(deps: OwnDeps): Handler {
  return async function put(c) {
    const label = pathLabel(c);
    const ids = validate(membersSchema, await readJson(c, deps.runtime)).ids ?? [];
    await putMembers(label, ids, deps.own);
    logOwnWrite(c, deps, [label, ...ids]);
    return createdIn(PATH, [...new Set(ids)], membersPath(label));
  };
}

export function deleteMember(deps: OwnDeps): Handler {
  return async function removeOne(c) {
    const [label, id] = [pathLabel(c), pathXname(c)];
    await removeMember(label, id, deps.own);
    logOwnWrite(c, deps, [label, id]);
    return deleted();
  };
}

function membersPath(label: string): string {
  return `${PATH}/${encodeURIComponent(label)}/members`;
}
