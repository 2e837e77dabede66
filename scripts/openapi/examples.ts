import { bootScript, waitScript } from '../../src/core/script/ipxe.ts';

/** The node of the examples. */
export const XNAME = 'x1000c0s0b0n0';
export const MAC = '02:00:00:00:00:01';
const OTHER_MAC = '02:00:00:00:00:02';

const ENDPOINT = 'http://boot.example:27778/boot/v1/bootscript';

const linux = {
  params: 'console=ttyS0,115200 ip=dhcp root=live:http://files.example/rootfs',
  kernel: 'http://files.example/vmlinuz',
  initrd: 'http://files.example/initrd',
};

const nobodyHome = {
  pub_key_dsa: '',
  pub_key_rsa: '',
  pub_key_ecdsa: '',
  instance_id: '',
  hostname: '',
  fqdn: '',
};

const noCloudInit = { 'meta-data': null, 'user-data': null, 'phone-home': nobodyHome };

/** Bodies that write boot parameters. */
export const requests = {
  nodes: { macs: [MAC, OTHER_MAC], ...linux },
  role: { hosts: ['Compute'], ...linux },
  cloudInit: {
    hosts: ['Global'],
    'cloud-init': { 'meta-data': { site: 'north' }, 'user-data': { packages: ['chrony'] } },
  },
  image: { kernel: linux.kernel, params: 'crashkernel=256M' },
  change: { hosts: [XNAME], params: 'console=ttyS0,115200 rd.break' },
  mergeUserData: { hosts: ['Compute'], 'cloud-init': { 'user-data': { packages: ['chrony', 'tmux'] } } },
};

/** Records as they are answered. */
export const records = {
  nodes: { ...requests.nodes, 'cloud-init': noCloudInit },
  role: { ...requests.role, 'cloud-init': noCloudInit },
  changed: { hosts: [XNAME], ...linux, params: requests.change.params, 'cloud-init': noCloudInit },
};

/** What a node reports once it is up. */
export const report = {
  pub_key_rsa: 'ssh-rsa AAAAB3NzaC1yc2E= root@x1000c0s0b0n0',
  instance_id: 'x1000c0s0b0n0-3f2a9c1b7d40',
  hostname: XNAME,
  fqdn: `${XNAME}.cluster.example`,
};

/** The record of a node that has reported. */
export const reported = {
  hosts: [XNAME],
  ...linux,
  'cloud-init': { ...noCloudInit, 'phone-home': { ...nobodyHome, ...report } },
};

/** A node of the inventory. */
export const compute = {
  ID: XNAME,
  Type: 'Node',
  State: 'On',
  Enabled: true,
  Role: 'Compute',
  NID: 1,
  FQDN: '',
  MAC: [MAC],
  EndpointEnabled: true,
};

/** Scripts in the form that is the default. */
export const scripts = {
  boot: bootScript('robust', {
    kernel: linux.kernel,
    initrd: linux.initrd,
    params: `initrd=initrd ${linux.params} xname=${XNAME} nid=1 BOOTIF=01-${MAC.replaceAll(':', '-')}`,
    pause: { seconds: 37 },
    retry: `${ENDPOINT}?mac=${MAC}&retry=1`,
  }),
  wait: waitScript('robust', {
    pause: { seconds: 12 },
    retry: `${ENDPOINT}?mac=${MAC}&arch=\${buildarch}&ts=1790000000`,
    message: 'This node is not in the inventory yet, asking again',
  }),
};

/** What the script of the node boots. */
export const bootable = {
  params: `kernel initrd=initrd ${linux.params} xname=${XNAME} nid=1`,
  kernel: { path: linux.kernel },
  initrd: { path: linux.initrd },
};

/** Cloud-init's data of the node. */
export const metaData = {
  'instance-id': report.instance_id,
  'local-hostname': XNAME,
  'shasta-type': 'Compute',
  'shasta-role': '',
  Global: { site: 'north' },
};

export const userData = `#cloud-config\nlocal-hostname: ${XNAME}\npackages:\n  - chrony\n`;
