import type { Hono, MiddlewareHandler } from 'hono';
import { requireToken } from './authorize.ts';
import type { AppDeps } from './deps.ts';
import type { OwnDeps } from './hsm/own-deps.ts';
import { problem } from './problem.ts';
import { type Handler, type Method, resource } from './resource.ts';
import {
  deleteComponentEndpoint,
  deleteComponentEndpoints,
  getComponentEndpoint,
  getComponentEndpoints,
} from './resources/hsm/component-endpoints.ts';
import { patchComponentPart, patchNids } from './resources/hsm/component-parts.ts';
import {
  deleteComponent,
  deleteComponents,
  getComponent,
  getComponentByNid,
  getComponents,
  postComponents,
  putOneComponent,
} from './resources/hsm/components.ts';
import {
  deleteGroup,
  deleteMember,
  getGroup,
  getGroups,
  getLabels,
  getMembers,
  patchGroup,
  postGroup,
  postMember,
  putAllMembers,
} from './resources/hsm/groups.ts';
import {
  deleteAddress,
  deleteInterface,
  deleteInterfaces,
  getAddresses,
  getInterface,
  getInterfaces,
  patchInterface,
  postAddress,
  postInterface,
} from './resources/hsm/interfaces.ts';
import { getMembership, getMemberships } from './resources/hsm/memberships.ts';
import {
  deleteRedfishEndpoint,
  deleteRedfishEndpoints,
  getRedfishEndpoint,
  getRedfishEndpoints,
  patchRedfishEndpoint,
  postRedfishEndpoints,
  putRedfishEndpoint,
} from './resources/hsm/redfish-endpoints.ts';
import { getLiveness, getReady, getValues, getValuesOf } from './resources/hsm/service.ts';

/** Where SMD is served: by itself, behind the gateway, and as manta asks. */
const BASES = ['/hsm/v2', '/apis/smd/hsm/v2', '/smd/hsm/v2'];

/** What SMD answers to anybody, with or without slashes at its end. */
const PUBLIC = /^(\/apis\/smd|\/smd)?\/hsm\/v2\/(State\/Components|Inventory\/EthernetInterfaces|service\/.*)\/*$/;

/**
 * Serves the service's own inventory in SMD's shapes, guarded as SMD guards it where tokens are asked for. Beside an SMD
 * there is none, and the answer says so.
 */
export function ownInventoryRoutes(app: Hono, { own, verifier, scopes, runtime, log }: AppDeps): void {
  if (own === undefined) {
    for (const base of BASES) {
      app.all(`${base}/*`, () => problem(404, 'the inventory is that of the SMD at HSM_URL: ask that'));
    }
    return;
  }
  if (verifier !== undefined) {
    const guard = unlessPublic(requireToken({ verifier, scopes }));
    for (const base of BASES) app.use(`${base}/*`, guard);
  }
  for (const [path, handlers] of resourcesOf({ own, runtime, log })) {
    for (const base of BASES) resource(app, `${base}${path}`, handlers);
  }
}

function unlessPublic(guard: MiddlewareHandler): MiddlewareHandler {
  return async function tokenUnlessPublic(c, next) {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    return isRead && PUBLIC.test(c.req.path) ? next() : guard(c, next);
  };
}

/** A path with a name stands before one with a parameter in the same place. */
function resourcesOf(deps: OwnDeps): [string, Partial<Record<Method, Handler>>][] {
  return [
    ['/State/Components', { GET: getComponents(deps), POST: postComponents(deps), DELETE: deleteComponents(deps) }],
    ['/State/Components/BulkNID', { PATCH: patchNids(deps) }],
    ['/State/Components/ByNID/:nid', { GET: getComponentByNid(deps) }],
    [
      '/State/Components/:xname',
      { GET: getComponent(deps), PUT: putOneComponent(deps), DELETE: deleteComponent(deps) },
    ],
    ['/State/Components/:xname/:part', { PATCH: patchComponentPart(deps) }],
    [
      '/Inventory/EthernetInterfaces',
      { GET: getInterfaces(deps), POST: postInterface(deps), DELETE: deleteInterfaces(deps) },
    ],
    [
      '/Inventory/EthernetInterfaces/:id',
      { GET: getInterface(deps), PATCH: patchInterface(deps), DELETE: deleteInterface(deps) },
    ],
    ['/Inventory/EthernetInterfaces/:id/IPAddresses', { GET: getAddresses(deps), POST: postAddress(deps) }],
    ['/Inventory/EthernetInterfaces/:id/IPAddresses/:address', { DELETE: deleteAddress(deps) }],
    [
      '/Inventory/RedfishEndpoints',
      { GET: getRedfishEndpoints(deps), POST: postRedfishEndpoints(deps), DELETE: deleteRedfishEndpoints(deps) },
    ],
    [
      '/Inventory/RedfishEndpoints/:xname',
      {
        GET: getRedfishEndpoint(deps),
        PUT: putRedfishEndpoint(deps),
        PATCH: patchRedfishEndpoint(deps),
        DELETE: deleteRedfishEndpoint(deps),
      },
    ],
    ['/Inventory/ComponentEndpoints', { GET: getComponentEndpoints(deps), DELETE: deleteComponentEndpoints(deps) }],
    [
      '/Inventory/ComponentEndpoints/:xname',
      { GET: getComponentEndpoint(deps), DELETE: deleteComponentEndpoint(deps) },
    ],
    ['/groups', { GET: getGroups(deps), POST: postGroup(deps) }],
    ['/groups/labels', { GET: getLabels(deps) }],
    ['/groups/:label', { GET: getGroup(deps), PATCH: patchGroup(deps), DELETE: deleteGroup(deps) }],
    ['/groups/:label/members', { GET: getMembers(deps), POST: postMember(deps), PUT: putAllMembers(deps) }],
    ['/groups/:label/members/:xname', { DELETE: deleteMember(deps) }],
    ['/memberships', { GET: getMemberships(deps) }],
    ['/memberships/:xname', { GET: getMembership(deps) }],
    ['/service/ready', { GET: getReady(deps) }],
    ['/service/liveness', { GET: getLiveness }],
    ['/service/values', { GET: getValues }],
    ['/service/values/:member', { GET: getValuesOf }],
  ];
}
