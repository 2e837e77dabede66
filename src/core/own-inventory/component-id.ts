import type { Brand } from '../identifiers/brand.ts';
import { type ComponentType, componentType } from '../identifiers/xname.ts';

/** The xname of a component of any type, in lower case, without leading zeros. */
export type ComponentId = Brand<string, 'ComponentId'>;

/** Reads the xname of a component in any case; leading zeros go, as they do from that of a node. */
export function parseComponentId(text: string): ComponentId | undefined {
  if (componentType(text) === undefined) return undefined;
  return text.toLowerCase().replaceAll(/([a-z])0+(?=[0-9])/g, '$1') as ComponentId;
}

/** What kind of component an xname names; empty for a text that is none, as SMD has it. */
export function typeOf(id: string): ComponentType | '' {
  return componentType(id) ?? '';
}
