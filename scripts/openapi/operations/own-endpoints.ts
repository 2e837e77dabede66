import type { Hono } from 'hono';
import * as v from 'valibot';
import {
  endpointChangeSchema,
  endpointSchema,
  endpointsSchema,
  namedEndpointSchema,
} from '../../../src/http/hsm/endpoint-schema.ts';
import { link, ownComponentEndpoint, ownEndpoint } from '../answers/own-inventory.ts';
import { MAC, XNAME } from '../examples.ts';
import { named } from '../json-form.ts';
import { jsonAnswer, jsonBody } from '../operation.ts';
import { bmcInPath, createdInAnswer, deletedAnswer, ownOperation, repeated, xnameInPath } from '../own-operation.ts';

const PATH = '/Inventory/RedfishEndpoints';
const BEHIND = '/Inventory/ComponentEndpoints';
const BMC = 'x1000c0s0b0';

const system = {
  uri: '/redfish/v1/Systems/1',
  uuid: '6f1c1f0e-6a55-4a2f-9d0c-3f0d2c1b7a11',
  name: 'nid001',
  ethernet_interfaces: [{ mac: MAC, ip: '10.0.0.1', description: 'boot' }],
};
const given = { ID: BMC, FQDN: 'bmc.cluster.example', SchemaVersion: 1, Systems: [system] };
const endpoint = { ID: BMC, Type: 'NodeBMC', FQDN: given.FQDN, Enabled: true };
const node = {
  ID: XNAME,
  Type: 'Node',
  RedfishEndpointID: BMC,
  Enabled: true,
  RedfishSystemInfo: { EthernetNICInfo: [{ MACAddress: MAC }] },
};

const one = named('OwnRedfishEndpointPost', endpointSchema, 'A Redfish endpoint, with the systems behind it.');
const put = named('OwnRedfishEndpointPut', namedEndpointSchema, 'A Redfish endpoint as it is now.');
const change = named('OwnRedfishEndpointPatch', endpointChangeSchema, 'Members of an endpoint that change.');
const many = named(
  'OwnRedfishEndpointsPost',
  v.object({
    ...endpointsSchema.entries,
    RedfishEndpoints: v.pipe(v.array(one), v.minLength(1)),
  }),
  'Redfish endpoints.',
);

/** Redfish endpoints of the service's own inventory, and what is behind them. */
export function ownEndpoints(app: Hono): void {
  ownOperation(app, 'get', PATH, {
    operationId: 'getOwnRedfishEndpoints',
    summary: 'Redfish endpoints, all or some',
    parameters: [
      repeated('id', 'Xnames.', BMC),
      repeated('type', 'Types of controllers.', 'NodeBMC'),
      repeated('fqdn', 'Host names.', given.FQDN),
    ],
    answers: {
      200: jsonAnswer('The endpoints.', v.strictObject({ RedfishEndpoints: v.array(ownEndpoint) }), {
        'A BMC': { RedfishEndpoints: [endpoint] },
      }),
    },
  });
  ownOperation(app, 'post', PATH, {
    operationId: 'postOwnRedfishEndpoints',
    summary: 'Add Redfish endpoints, with what is behind them',
    description: `What Magellan and \`ochami discover static\` send. Each system becomes a node with its component endpoint and
interfaces, each manager the BMC with its own. A node has the name that the URI of its system ends in, if that is one of this
BMC, else one by its place. All or nothing: an interface that belongs to something else is a conflict.`,
    requestBody: jsonBody('One endpoint, or a list.', v.union([one, many]), {
      'A BMC and its node': given,
      'A list': { RedfishEndpoints: [given] },
    }),
    answers: createdInAnswer(v.array(link), `${PATH}/${BMC}`),
    problems: [409],
  });
  ownOperation(app, 'delete', PATH, {
    operationId: 'deleteOwnRedfishEndpoints',
    summary: 'Remove all Redfish endpoints',
    description:
      'Their component endpoints go with them, and the nodes are `Empty` from then on. 404 when there is none.',
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', `${PATH}/:xname`, {
    operationId: 'getOwnRedfishEndpoint',
    summary: 'One Redfish endpoint',
    parameters: [bmcInPath],
    answers: { 200: jsonAnswer('The endpoint.', ownEndpoint, { 'A BMC': endpoint }) },
  });
  ownOperation(app, 'put', `${PATH}/:xname`, {
    operationId: 'putOwnRedfishEndpoint',
    summary: 'Set a Redfish endpoint, with what is behind it',
    description: 'Whether there was one or not. Interfaces move to where they were found.',
    parameters: [bmcInPath],
    requestBody: jsonBody('The endpoint.', put, { 'A BMC and its node': given }),
    answers: { 200: jsonAnswer('The endpoint as it is now.', ownEndpoint, { 'A BMC': endpoint }) },
  });
  ownOperation(app, 'patch', `${PATH}/:xname`, {
    operationId: 'patchOwnRedfishEndpoint',
    summary: 'Change members of a Redfish endpoint',
    parameters: [bmcInPath],
    requestBody: jsonBody('What changes.', change, { 'Its host name': { FQDN: given.FQDN } }),
    answers: { 200: jsonAnswer('The endpoint as it is now.', ownEndpoint, { 'A BMC': endpoint }) },
  });
  ownOperation(app, 'delete', `${PATH}/:xname`, {
    operationId: 'deleteOwnRedfishEndpoint',
    summary: 'Remove a Redfish endpoint',
    description: 'Its component endpoints go with it, and the nodes are `Empty` from then on.',
    parameters: [bmcInPath],
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', BEHIND, {
    operationId: 'getOwnComponentEndpoints',
    summary: 'Component endpoints, all or some',
    parameters: [
      repeated('id', 'Xnames of nodes.', XNAME),
      repeated('type', 'Types of components.', 'Node'),
      repeated('redfish_ep', 'Xnames of the endpoints that they are behind.', BMC),
    ],
    answers: {
      200: jsonAnswer(
        'The component endpoints.',
        v.strictObject({ ComponentEndpoints: v.array(ownComponentEndpoint) }),
        {
          'A node': { ComponentEndpoints: [node] },
        },
      ),
    },
  });
  ownOperation(app, 'delete', BEHIND, {
    operationId: 'deleteOwnComponentEndpoints',
    summary: 'Remove all component endpoints',
    description: '404 when there is none.',
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', `${BEHIND}/:xname`, {
    operationId: 'getOwnComponentEndpoint',
    summary: 'One component endpoint',
    parameters: [xnameInPath],
    answers: { 200: jsonAnswer('The component endpoint.', ownComponentEndpoint, { 'A node': node }) },
  });
  ownOperation(app, 'delete', `${BEHIND}/:xname`, {
    operationId: 'deleteOwnComponentEndpoint',
    summary: 'Remove a component endpoint',
    parameters: [xnameInPath],
    answers: deletedAnswer,
  });
}
