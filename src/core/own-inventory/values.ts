/** The words that SMD knows for members of a component. Roles and sub-roles are its defaults: sites have others, too. */
export const VALUES = {
  Arch: ['X86', 'ARM', 'UNKNOWN', 'Other'],
  Class: ['River', 'Mountain', 'Hill'],
  Flag: ['OK', 'Warning', 'Alert', 'Locked', 'Unknown'],
  NetType: ['Sling', 'Infiniband', 'Ethernet', 'OEM', 'None'],
  Role: ['Compute', 'Service', 'System', 'Application', 'Storage', 'Management'],
  State: ['Unknown', 'Empty', 'Populated', 'Off', 'On', 'Standby', 'Halt', 'Ready'],
  SubRole: ['Worker', 'Master', 'Storage', 'UAN', 'Gateway'],
} as const satisfies Record<string, readonly string[]>;

export type ValueName = keyof typeof VALUES;

/** Reads one of these words in any case. */
export function parseValue(name: ValueName, text: string): string | undefined {
  return VALUES[name].find((value) => value.toLowerCase() === text.toLowerCase());
}
