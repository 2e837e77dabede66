import type { Brand } from './brand.ts';

/** The xname of a node, in lower case, without leading zeros: `x1000c0s0b0n0`. */
export type Xname = Brand<string, 'Xname'>;

/** What kind of component an xname names. */
export type ComponentType = (typeof TYPES)[number][0];

/** The forms of an xname, from HPE's naming scheme; `#` stands for a number. */
const TYPES = [
  ['Node', 'x#c#s#b#n#'],
  ['NodeBMC', 'x#c#s#b#'],
  ['NodeEnclosure', 'x#c#s#e#'],
  ['NodeEnclosurePowerSupply', 'x#c#s#e#t#'],
  ['ComputeModule', 'x#c#s#'],
  ['Chassis', 'x#c#'],
  ['Cabinet', 'x#'],
  ['Processor', 'x#c#s#b#n#p#'],
  ['Memory', 'x#c#s#b#n#d#'],
  ['NodeNic', 'x#c#s#b#n#i#'],
  ['NodeHsnNic', 'x#c#s#b#n#h#'],
  ['NodeAccel', 'x#c#s#b#n#a#'],
  ['NodeAccelRiser', 'x#c#s#b#n#r#'],
  ['Drive', 'x#c#s#b#n#g#k#'],
  ['StorageGroup', 'x#c#s#b#n#g#'],
  ['NodeFpga', 'x#c#s#b#f#'],
  ['NodeBMCNic', 'x#c#s#b#i#'],
  ['NodePowerConnector', 'x#c#s#v#'],
  ['NodePowerConnector', 'x#c#s#j#'],
  ['ChassisBMC', 'x#c#b#'],
  ['ChassisBMCNic', 'x#c#b#i#'],
  ['CMMFpga', 'x#c#f#'],
  ['CMMRectifier', 'x#c#t#'],
  ['RouterModule', 'x#c#r#'],
  ['RouterFpga', 'x#c#r#f#'],
  ['RouterTOR', 'x#c#r#t#'],
  ['RouterTORFpga', 'x#c#r#t#f#'],
  ['RouterPowerConnector', 'x#c#r#v#'],
  ['RouterBMC', 'x#c#r#b#'],
  ['RouterBMCNic', 'x#c#r#b#i#'],
  ['HSNBoard', 'x#c#r#e#'],
  ['HSNAsic', 'x#c#r#a#'],
  ['HSNLink', 'x#c#r#a#l#'],
  ['HSNConnector', 'x#c#r#j#'],
  ['HSNConnectorPort', 'x#c#r#j#p#'],
  ['MgmtSwitch', 'x#c#w#'],
  ['MgmtSwitchConnector', 'x#c#w#j#'],
  ['MgmtHLSwitchEnclosure', 'x#c#h#'],
  ['MgmtHLSwitch', 'x#c#h#s#'],
  ['CabinetBMC', 'x#b#'],
  ['CabinetPDUController', 'x#m#'],
  ['CabinetPDU', 'x#m#p#'],
  ['CabinetPDUNic', 'x#m#i#'],
  ['CabinetPDUPowerConnector', 'x#m#p#v#'],
  ['CabinetPDUOutlet', 'x#m#p#j#'],
  ['CabinetCDU', 'x#d#'],
  ['CEC', 'x#e#'],
  ['CDU', 'd#'],
  ['CDUMgmtSwitch', 'd#w#'],
] as const;

const BY_FORM: ReadonlyMap<string, ComponentType> = new Map(TYPES.map(([type, form]) => [form, type]));

/** The type of the component that an xname names, or `undefined` for a text that is no xname. Case does not count. */
export function componentType(text: string): ComponentType | undefined {
  if (text.length > 63 || /[0-9]{7}/.test(text)) return undefined;
  return BY_FORM.get(text.toLowerCase().replaceAll(/[0-9]+/g, '#'));
}

/** Reads the xname of a node in any case; leading zeros go, as SMD drops them too (`x1000c0s01b0n0` is `x1000c0s1b0n0`). */
export function parseXname(text: string): Xname | undefined {
  if (componentType(text) !== 'Node') return undefined;
  return text.toLowerCase().replaceAll(/([a-z])0+(?=[0-9])/g, '$1') as Xname;
}
