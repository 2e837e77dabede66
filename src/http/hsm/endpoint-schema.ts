import * as v from 'valibot';
import { parseAddress } from '../../core/identifiers/address.ts';
import { parseInventoryMac } from '../../core/identifiers/mac.ts';
import type { ComponentId } from '../../core/own-inventory/component-id.ts';
import { type GivenEndpoint, MAX_SYSTEMS, type Nic, type System } from '../../core/own-inventory/systems.ts';
import { closedObject, openObject } from './body-objects.ts';
import { givenMembers } from './given-members.ts';
import { componentId, optionalAddress, optionalComponentId, optionalMac } from './identifier-schema.ts';
import { optionalText } from './parsed-text.ts';

const text = v.nullish(v.string('must be a text'));
const flag = v.nullish(v.boolean('must be true or false'));

/** What was discovered may have said that there is no MAC. */
const discoveredMac = optionalText(
  (given) => (/^not available$/i.test(given) ? '' : parseInventoryMac(given)),
  /^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$|^[Nn][Oo][Tt] [Aa][Vv][Aa][Ii][Ll][Aa][Bb][Ll][Ee]$/,
  'must be a MAC address, or empty',
);

const nics = v.nullish(
  v.pipe(
    v.array(
      closedObject({
        uri: text,
        mac: v.nullish(v.pipe(discoveredMac, v.description('Without one the interface does not count.'))),
        ip: v.nullish(optionalAddress),
        description: text,
      }),
      'must be a list',
    ),
    v.maxLength(MAX_SYSTEMS, `must hold at most ${MAX_SYSTEMS}`),
  ),
);

function behind<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.nullish(
    v.pipe(
      v.array(
        closedObject({ uri: text, uuid: text, name: text, ethernet_interfaces: nics, ...entries }),
        'must be a list',
      ),
      v.maxLength(MAX_SYSTEMS, `must hold at most ${MAX_SYSTEMS}`),
    ),
  );
}

const systems = behind({
  system_type: text,
  actions: v.nullish(v.array(v.string('must be a text'), 'must be a list')),
});

const members = {
  Name: text,
  Hostname: text,
  Domain: text,
  FQDN: text,
  Enabled: flag,
  User: text,
  Password: v.nullish(v.pipe(v.string('must be a text'), v.description('Is not kept.'))),
  MACAddr: v.nullish(optionalMac),
  IPAddress: v.nullish(optionalAddress),
};

const inside = { Systems: systems, Managers: behind({}) };

/** One endpoint in the body of POST. */
export const endpointSchema = openObject({ ID: componentId, ...members, ...inside });

/** Many endpoints in the body of POST. */
export const endpointsSchema = closedObject({
  RedfishEndpoints: v.pipe(v.array(endpointSchema, 'must be a list'), v.minLength(1, 'must hold an endpoint')),
});

/** The body of PUT: an endpoint, whose id may be left to the path. */
export const namedEndpointSchema = openObject({ ID: v.nullish(optionalComponentId), ...members, ...inside });

/** The body of PATCH: members of the endpoint itself. */
export const endpointChangeSchema = openObject({ ID: v.nullish(optionalComponentId), ...members });

type EndpointBody = v.InferOutput<typeof namedEndpointSchema>;

/** What a request with an endpoint says. */
export function givenEndpoint(ID: ComponentId, body: EndpointBody): GivenEndpoint {
  return {
    ID,
    said: givenMembers(body),
    systems: (body.Systems ?? []).map(systemOf),
    manager: body.Managers?.length ? body.Managers.flatMap(({ ethernet_interfaces: of }) => nicsOf(of)) : undefined,
  };
}

function systemOf(system: NonNullable<EndpointBody['Systems']>[number]): System {
  return {
    uri: pathOf(system.uri),
    uuid: system.uuid ?? '',
    name: system.name ?? '',
    type: system.system_type ?? '',
    actions: system.actions ?? [],
    nics: nicsOf(system.ethernet_interfaces),
  };
}

/** Those that have a MAC. An address of zeros stands for none. */
function nicsOf(given: v.InferOutput<typeof nics>): Nic[] {
  return (given ?? []).flatMap(({ uri, mac, ip, description }) => {
    if (!mac) return [];
    const address = ip && !/^[0.:]+$/.test(ip) ? parseAddress(ip) : undefined;
    return { mac, address, description: description ?? '', uri: pathOf(uri) };
  });
}

/** Of a URL only its path: the BMC may be asked under another name one day. */
function pathOf(uri: string | null | undefined): string {
  return (uri ?? '').replace(/^https?:\/\/[^/]*/i, '');
}
