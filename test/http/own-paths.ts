import { problemWith } from './describe-service.ts';

export const HSM = '/hsm/v2';
export const COMPONENTS = `${HSM}/State/Components`;
export const INTERFACES = `${HSM}/Inventory/EthernetInterfaces`;
export const ENDPOINTS = `${HSM}/Inventory/RedfishEndpoints`;
export const BEHIND = `${HSM}/Inventory/ComponentEndpoints`;
export const GROUPS = `${HSM}/groups`;

/** Two nodes, and their BMC. */
export const [NODE, OTHER, BMC] = ['x1000c0s0b0n0', 'x1000c0s0b0n1', 'x1000c0s0b0'] as const;

/** The answer to a DELETE of one thing. */
export const GONE = { code: 0, message: 'deleted 1 entry' };

export const refused = (detail: string) => problemWith(400, 'Bad Request', detail);
export const missing = (detail: string) => problemWith(404, 'Not Found', detail);
export const exists = (detail: string) => problemWith(409, 'Conflict', detail);
