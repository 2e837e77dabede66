import type { Hono } from 'hono';
import * as v from 'valibot';
import { groupChangeSchema, groupSchema, memberSchema, membersSchema } from '../../../src/http/hsm/group-schema.ts';
import { link, ownGroup, ownMembers } from '../answers/own-inventory.ts';
import { XNAME } from '../examples.ts';
import { named } from '../json-form.ts';
import { jsonAnswer, jsonBody } from '../operation.ts';
import {
  createdInAnswer,
  deletedAnswer,
  labelInPath,
  noContentAnswer,
  ownOperation,
  repeated,
  xnameInPath,
} from '../own-operation.ts';

const PATH = '/groups';

const group = { label: 'compute', description: 'All compute nodes', members: { ids: [XNAME] } };

const given = named('OwnGroupPost', groupSchema, 'A group. Members that are not known are kept.');
const change = named('OwnGroupPatch', groupChangeSchema, 'What changes: at least one of these.');
const member = named('OwnGroupMember', memberSchema, 'A member of a group.');
const members = named('OwnGroupMembers', membersSchema, 'All members of a group.');

/** Groups of the service's own inventory. */
export function ownGroups(app: Hono): void {
  ownOperation(app, 'get', PATH, {
    operationId: 'getOwnGroups',
    summary: 'Groups, all or some',
    parameters: [repeated('group', 'Labels.', 'compute'), repeated('tag', 'Tags of groups.', 'rack1')],
    answers: { 200: jsonAnswer('The groups.', v.array(ownGroup), { 'A group': [group] }) },
  });
  ownOperation(app, 'post', PATH, {
    operationId: 'postOwnGroup',
    summary: 'Add a group',
    description: 'A member of a group with an `exclusiveGroup` can be in no other one with the same.',
    requestBody: jsonBody('The group.', given, { 'A group': group }),
    answers: createdInAnswer(v.array(link), `${PATH}/compute`),
    problems: [409],
  });
  ownOperation(app, 'get', `${PATH}/labels`, {
    operationId: 'getOwnGroupLabels',
    summary: 'The labels of all groups',
    answers: { 200: jsonAnswer('The labels.', v.array(v.string()), { 'Two groups': ['compute', 'gpu'] }) },
  });
  ownOperation(app, 'get', `${PATH}/:label`, {
    operationId: 'getOwnGroup',
    summary: 'One group',
    parameters: [labelInPath],
    answers: { 200: jsonAnswer('The group.', ownGroup, { 'A group': group }) },
  });
  ownOperation(app, 'patch', `${PATH}/:label`, {
    operationId: 'patchOwnGroup',
    summary: 'Change the description or the tags of a group',
    parameters: [labelInPath],
    requestBody: jsonBody('What changes.', change, { 'Its tags': { tags: ['rack1'] } }),
    answers: noContentAnswer,
  });
  ownOperation(app, 'delete', `${PATH}/:label`, {
    operationId: 'deleteOwnGroup',
    summary: 'Remove a group',
    parameters: [labelInPath],
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', `${PATH}/:label/members`, {
    operationId: 'getOwnGroupMembers',
    summary: 'The members of a group',
    parameters: [labelInPath],
    answers: { 200: jsonAnswer('The members.', ownMembers, { 'One member': { ids: [XNAME] } }) },
  });
  ownOperation(app, 'post', `${PATH}/:label/members`, {
    operationId: 'postOwnGroupMember',
    summary: 'Add a member to a group',
    parameters: [labelInPath],
    requestBody: jsonBody('The member.', member, { 'A node': { id: XNAME } }),
    answers: createdInAnswer(v.array(link), `${PATH}/compute/members/${XNAME}`),
    problems: [409],
  });
  ownOperation(app, 'put', `${PATH}/:label/members`, {
    operationId: 'putOwnGroupMembers',
    summary: 'Set the members of a group',
    parameters: [labelInPath],
    requestBody: jsonBody('The members.', members, { 'One node': { ids: [XNAME] } }),
    answers: createdInAnswer(v.array(link), `${PATH}/compute/members/${XNAME}`),
    problems: [409],
  });
  ownOperation(app, 'delete', `${PATH}/:label/members/:xname`, {
    operationId: 'deleteOwnGroupMember',
    summary: 'Take a member from a group',
    parameters: [labelInPath, xnameInPath],
    answers: deletedAnswer,
  });
}
