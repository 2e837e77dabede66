import type { Hono } from 'hono';
import * as v from 'valibot';
import { componentSchema, componentsSchema, nidsSchema, partSchema } from '../../../src/http/hsm/component-schema.ts';
import { PARTS } from '../../../src/http/resources/hsm/component-parts.ts';
import { membership, ownComponent } from '../answers/own-inventory.ts';
import { XNAME } from '../examples.ts';
import { named } from '../json-form.ts';
import { jsonAnswer, jsonBody } from '../operation.ts';
import {
  componentFilters,
  deletedAnswer,
  membershipFilters,
  nidInPath,
  noContentAnswer,
  ownOperation,
  xnameInPath,
} from '../own-operation.ts';

const PATH = '/State/Components';

const given = { ID: XNAME, State: 'On', Role: 'Compute', NID: 1 };
const node = { Type: 'Node', Flag: 'OK', Enabled: true, ...given };
const memberOf = { id: XNAME, groupLabels: ['compute'], partitionName: '' };

const components = named('OwnComponents', componentsSchema, 'Components to add. Members that are not known are kept.');
const component = named('OwnComponentPut', componentSchema, 'A component to add or to change.');
const nids = named('OwnComponentNids', nidsSchema, 'NIDs of components; none, or 0, stands for none.');
const part = named(
  'OwnComponentPart',
  partSchema,
  'A part of a component; what belongs to other parts does not count.',
);

/** Components of the service's own inventory, and their groups. */
export function ownComponents(app: Hono): void {
  ownOperation(app, 'get', PATH, {
    operationId: 'getOwnComponents',
    summary: 'Components, all or some',
    parameters: componentFilters,
    isPublic: true,
    answers: {
      200: jsonAnswer('The components.', v.strictObject({ Components: v.array(ownComponent) }), {
        'A node': { Components: [node] },
      }),
    },
  });
  ownOperation(app, 'post', PATH, {
    operationId: 'postOwnComponents',
    summary: 'Add components',
    description: `Those that there are already stay as they are; with \`Force\` their state, flag, subtype, network type,
architecture and class change. Nodes are \`Compute\` unless a role is said.`,
    requestBody: jsonBody('The components.', components, { 'A node': { Components: [given] } }),
    answers: noContentAnswer,
  });
  ownOperation(app, 'delete', PATH, {
    operationId: 'deleteOwnComponents',
    summary: 'Remove all components',
    description: 'Interfaces, endpoints and groups that speak of them stay. 404 when there is none.',
    answers: deletedAnswer,
  });
  ownOperation(app, 'patch', `${PATH}/BulkNID`, {
    operationId: 'patchOwnComponentNids',
    summary: 'Change the NIDs of components',
    description: 'All of them, or none when one is not there.',
    requestBody: jsonBody('The NIDs.', nids, { 'One NID': { Components: [{ ID: XNAME, NID: 7 }] } }),
    answers: noContentAnswer,
  });
  ownOperation(app, 'get', `${PATH}/ByNID/:nid`, {
    operationId: 'getOwnComponentByNid',
    summary: 'The component with a NID',
    parameters: [nidInPath],
    answers: { 200: jsonAnswer('The component.', ownComponent, { 'A node': node }) },
  });
  ownOperation(app, 'get', `${PATH}/:xname`, {
    operationId: 'getOwnComponent',
    summary: 'One component',
    parameters: [xnameInPath],
    answers: { 200: jsonAnswer('The component.', ownComponent, { 'A node': node }) },
  });
  ownOperation(app, 'put', `${PATH}/:xname`, {
    operationId: 'putOwnComponent',
    summary: 'Add a component, or change it',
    description: 'Of one that there is the NID and the role change; with `Force` all that is said.',
    parameters: [xnameInPath],
    requestBody: jsonBody('The component.', component, { 'A node': { Component: given, Force: true } }),
    answers: noContentAnswer,
  });
  ownOperation(app, 'delete', `${PATH}/:xname`, {
    operationId: 'deleteOwnComponent',
    summary: 'Remove a component',
    description: 'Interfaces, endpoints and groups that speak of it stay.',
    parameters: [xnameInPath],
    answers: deletedAnswer,
  });
  ownOperation(app, 'patch', `${PATH}/:xname/:part`, {
    operationId: 'patchOwnComponentPart',
    summary: 'Change one part of a component',
    parameters: [
      xnameInPath,
      {
        name: 'part',
        in: 'path',
        required: true,
        description:
          'Which part. The member of that name must be said, `State` for `StateData`, `Flag` for `FlagOnly`.',
        schema: { type: 'string', enum: Object.keys(PARTS) },
        example: 'Role',
      },
    ],
    requestBody: jsonBody('The part.', part, { 'A role': { Role: 'Service', SubRole: 'Worker' } }),
    answers: noContentAnswer,
  });
  ownOperation(app, 'get', '/memberships', {
    operationId: 'getOwnMemberships',
    summary: 'The groups of components, of all or some',
    parameters: membershipFilters,
    answers: { 200: jsonAnswer('One entry for each component.', v.array(membership), { 'A node': [memberOf] }) },
  });
  ownOperation(app, 'get', '/memberships/:xname', {
    operationId: 'getOwnMembership',
    summary: 'The groups of a component',
    parameters: [xnameInPath],
    answers: { 200: jsonAnswer('Its groups.', membership, { 'A node': memberOf }) },
  });
}
