import type { SmdNode } from './smd-lists.ts';

/** Every so manieth node has a second interface, is no compute node, is in the second group. */
const [SECOND_INTERFACE, SERVICE_NODE, GPU_NODE] = [20, 50, 8];

/**
 * As many nodes as a site could have, up to 16 million, with all the members that a real SMD answers: 100,000 of them are
 * 42 MB of components and interfaces. Each has a NID, a MAC, an address, a role and a group; every identifier has the
 * same length in all of the first 100,000.
 */
export function manyNodes(count: number): SmdNode[] {
  return Array.from({ length: count }, (_, at) => {
    const isService = at % SERVICE_NODE === SERVICE_NODE - 1;
    const xname = `x${1000 + (at >> 8)}c${(at >> 5) & 7}s${(at >> 2) & 7}b${(at >> 1) & 1}n${at & 1}`;
    const low = `${hex(at >> 16)}:${hex((at >> 8) & 255)}:${hex(at & 255)}`;
    const hasSecond = at % SECOND_INTERFACE === SECOND_INTERFACE - 1;
    return {
      xname,
      nid: 100_000 + at,
      macs: hasSecond ? [`02:00:00:${low}`, `02:00:01:${low}`] : [`02:00:00:${low}`],
      addresses: [`10.${100 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`],
      state: 'Ready',
      enabled: true,
      ...(isService ? { role: 'Application', subRole: 'UAN' } : { role: 'Compute' }),
      groups: [isService ? 'service' : 'compute', ...(at % GPU_NODE === 0 ? ['gpu'] : [])],
      details: {
        Flag: 'OK',
        NetType: 'Sling',
        Arch: 'X86',
        Class: 'Mountain',
        ReservationDisabled: false,
        Locked: false,
      },
      interfaceDetails: { Description: 'eth0', LastUpdate: '2026-11-22T11:49:48.143978Z' },
    };
  });
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
