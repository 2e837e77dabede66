import type { Hono } from 'hono';
import * as v from 'valibot';
import { addressSchema, interfaceChangeSchema, interfaceSchema } from '../../../src/http/hsm/interface-schema.ts';
import { ownAddress, ownInterface } from '../answers/own-inventory.ts';
import { MAC, XNAME } from '../examples.ts';
import { named } from '../json-form.ts';
import { jsonAnswer, jsonBody } from '../operation.ts';
import {
  addressInPath,
  createdAnswer,
  deletedAnswer,
  interfaceInPath,
  ownOperation,
  repeated,
} from '../own-operation.ts';

const PATH = '/Inventory/EthernetInterfaces';
const ID = MAC.replaceAll(':', '');

const given = { MACAddress: MAC, ComponentID: XNAME, Description: 'boot', IPAddresses: [{ IPAddress: '10.0.0.1' }] };
const nic = { ID, ...given, Type: 'Node', LastUpdate: '2026-11-24T12:00:00.000Z' };

const interfaceRequest = named(
  'OwnInterfacePost',
  interfaceSchema,
  'An interface. Members that are not known are kept.',
);
const change = named('OwnInterfacePatch', interfaceChangeSchema, 'What changes: at least one of these.');
const address = named('OwnAddress', addressSchema, 'An address of an interface.');

/** Interfaces of the service's own inventory. */
export function ownInterfaces(app: Hono): void {
  ownOperation(app, 'get', PATH, {
    operationId: 'getOwnInterfaces',
    summary: 'Interfaces, all or some',
    parameters: [
      repeated('MACAddress', 'MAC addresses, in any case. What is none finds nothing.', MAC),
      repeated('IPAddress', 'IP addresses. What is none finds nothing.', '10.0.0.1'),
      repeated('ComponentID', 'Xnames of what they belong to.', XNAME),
      repeated('Type', 'Types of what they belong to.', 'Node'),
      repeated('ID', 'Ids: MAC addresses without colons.', ID),
    ],
    isPublic: true,
    answers: { 200: jsonAnswer('The interfaces.', v.array(ownInterface), { 'One of a node': [nic] }) },
  });
  ownOperation(app, 'post', PATH, {
    operationId: 'postOwnInterface',
    summary: 'Add an interface',
    requestBody: jsonBody('The interface.', interfaceRequest, { 'One of a node': given }),
    answers: createdAnswer(`${PATH}/${ID}`),
    problems: [409],
  });
  ownOperation(app, 'delete', PATH, {
    operationId: 'deleteOwnInterfaces',
    summary: 'Remove all interfaces',
    description: '404 when there is none.',
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', `${PATH}/:id`, {
    operationId: 'getOwnInterface',
    summary: 'One interface',
    parameters: [interfaceInPath],
    answers: { 200: jsonAnswer('The interface.', ownInterface, { 'One of a node': nic }) },
  });
  ownOperation(app, 'patch', `${PATH}/:id`, {
    operationId: 'patchOwnInterface',
    summary: 'Change the owner, the description or the addresses of an interface',
    parameters: [interfaceInPath],
    requestBody: jsonBody('What changes.', change, { 'Its addresses': { IPAddresses: [{ IPAddress: '10.0.0.1' }] } }),
    answers: { 200: jsonAnswer('The interface as it is now.', ownInterface, { 'One of a node': nic }) },
  });
  ownOperation(app, 'delete', `${PATH}/:id`, {
    operationId: 'deleteOwnInterface',
    summary: 'Remove an interface',
    parameters: [interfaceInPath],
    answers: deletedAnswer,
  });
  ownOperation(app, 'get', `${PATH}/:id/IPAddresses`, {
    operationId: 'getOwnInterfaceAddresses',
    summary: 'The addresses of an interface',
    parameters: [interfaceInPath],
    answers: { 200: jsonAnswer('The addresses.', v.array(ownAddress), { 'One address': [{ IPAddress: '10.0.0.1' }] }) },
  });
  ownOperation(app, 'post', `${PATH}/:id/IPAddresses`, {
    operationId: 'postOwnInterfaceAddress',
    summary: 'Give an interface an address',
    parameters: [interfaceInPath],
    requestBody: jsonBody('The address.', address, { 'An address': { IPAddress: '10.0.0.2', Network: 'boot' } }),
    answers: createdAnswer(`${PATH}/${ID}/IPAddresses/10.0.0.2`),
    problems: [409],
  });
  ownOperation(app, 'delete', `${PATH}/:id/IPAddresses/:address`, {
    operationId: 'deleteOwnInterfaceAddress',
    summary: 'Take an address from an interface',
    parameters: [interfaceInPath, addressInPath],
    answers: deletedAnswer,
  });
}
