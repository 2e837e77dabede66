/** What a node's cloud-init reports once it is up; it belongs to the node, not to its configuration. */
export type PhoneHome = Readonly<Record<(typeof PHONE_HOME_FIELDS)[number], string>> & {
  readonly pub_key_ed25519?: string | undefined;
};

/** The parts that are always shown, in the order of the answers in the field. */
export const PHONE_HOME_FIELDS = [
  'pub_key_dsa',
  'pub_key_rsa',
  'pub_key_ecdsa',
  'instance_id',
  'hostname',
  'fqdn',
] as const;

/** What was known, with what is said now in its place; `undefined` when nothing is known at all. */
export function updatePhoneHome(
  known: PhoneHome | undefined,
  said: Partial<PhoneHome> | undefined,
): PhoneHome | undefined {
  return said === undefined ? known : { ...EMPTY_PHONE_HOME, ...known, ...said };
}

export const EMPTY_PHONE_HOME: PhoneHome = {
  pub_key_dsa: '',
  pub_key_rsa: '',
  pub_key_ecdsa: '',
  instance_id: '',
  hostname: '',
  fqdn: '',
};
