import { expect, it } from 'vitest';
import { startSmd } from '../support/smd-simulator.ts';
import { startTokenServer } from '../support/token-server.ts';
import { type Client, describeWith, PARAMETERS, SCRIPT } from './describe-service.ts';

const NODE = 'x1000c0s0b0n0';

/** An SMD whose guarded lists want a token, and a server that gives `token-1`, `token-2`, … */
async function guardedSmd(settingsFor: (tokens: string) => Record<string, string>) {
  const smd = await startSmd({ nodes: [{ xname: NODE, nid: 1, macs: ['02:00:00:00:00:01'], groups: ['rack1'] }] });
  const tokens = await startTokenServer();
  return {
    smd,
    tokens,
    settings: { HSM_URL: smd.url, ...settingsFor(tokens.url) },
    stop: async () => void (await Promise.all([smd.stop(), tokens.stop()])),
  };
}

const byAdminUrl = () => guardedSmd((tokens) => ({ BSS_OAUTH2_ADMIN_BASE_URL: tokens }));
const bySetting = () => guardedSmd(() => ({ BSS_SMD_TOKEN: 'given.as-it.is' }));
const byCredentials = () =>
  guardedSmd((tokens) => ({
    BSS_OAUTH2_PUBLIC_BASE_URL: tokens,
    BSS_OAUTH2_CLIENT_ID: 'bss:1',
    BSS_OAUTH2_CLIENT_SECRET: 'se cret+',
  }));

/** Has SMD asked, whatever was heard of it a moment ago. */
async function lookAgain({ send }: Pick<Client, 'send'>): Promise<void> {
  expect((await send('POST', '/boot/v1/hosts')).status).toBe(204);
}

/** Which record the node boots by: its group's, which SMD tells of only to who has a token, or `Default`. */
async function bootedBy({ send }: Pick<Client, 'send'>): Promise<string | undefined> {
  await send('PUT', PARAMETERS, { hosts: ['rack1'], kernel: 'http://files/group' });
  await send('PUT', PARAMETERS, { hosts: ['Default'], kernel: 'http://files/default' });
  return /http:\/\/files\/(\w+)/.exec((await send('GET', `${SCRIPT}?nid=1`)).text)?.[1];
}

describeWith('a token of the admin URL', byAdminUrl, ({ send, beside }) => {
  it('is had by an empty POST, sent to SMD, and had anew when SMD refuses it [inventory.token-of-admin-url] [inventory.token-renewed-on-401]', async () => {
    const { smd, tokens } = beside();
    smd.requireToken('token-1');
    expect(await bootedBy({ send })).toBe('group');
    expect(tokens.requests).toMatchObject([{ method: 'POST', path: '/token', body: '', authorization: undefined }]);
    tokens.mint = () => 'second';
    smd.requireToken('second');
    await lookAgain({ send });
    expect(await bootedBy({ send })).toBe('group');

    tokens.mint = () => 'third';
    smd.requireToken('another');
    smd.requests.length = 0;
    await lookAgain({ send });
    const requests = [...smd.requests];
    // What its guarded lists told before stands.
    expect(await bootedBy({ send })).toBe('group');
    for (const list of ['/memberships', '/Inventory/ComponentEndpoints']) {
      const asked = requests.filter(({ target }) => target.includes(list));
      const sent = asked.map(({ authorization }) => authorization);
      // Once with each token, or with the first alone when both had been refused for the other list; then without.
      expect(sent.length).toBeLessThanOrEqual(3);
      expect(sent).toEqual([...['Bearer second', 'Bearer third'].slice(0, sent.length - 1), undefined]);
    }
  });
});

describeWith('a token by client credentials', byCredentials, ({ send, beside }) => {
  it('is had by that grant at the public URL [inventory.token-by-client-credentials]', async () => {
    const { smd, tokens } = beside();
    smd.requireToken('token-1');
    expect(await bootedBy({ send })).toBe('group');
    expect(tokens.requests).toEqual([
      {
        method: 'POST',
        path: '/oauth2/token',
        authorization: `Basic ${Buffer.from('bss%3A1:se+cret%2B').toString('base64')}`,
        contentType: expect.stringContaining('application/x-www-form-urlencoded'),
        body: 'grant_type=client_credentials',
      },
    ]);
  });
});

describeWith('a token of the settings', bySetting, ({ send, beside }) => {
  it('is sent as it is; where SMD does not take it, the public lists will do [inventory.token-of-setting] [inventory.public-lists-will-do]', async () => {
    beside().smd.requireToken('given.as-it.is');
    expect(await bootedBy({ send })).toBe('group');
    beside().smd.requireToken('another');
    await lookAgain({ send });
    // What its guarded lists told before stands.
    expect(await bootedBy({ send })).toBe('group');
  });
});

/** From the start: what was told once would stand. */
async function withoutToken(): ReturnType<typeof byAdminUrl> {
  const beside = await byAdminUrl();
  beside.tokens.mode = { status: 500 };
  beside.smd.requireToken('token-1');
  return beside;
}

describeWith('a token that is not to be had', withoutToken, ({ send }) => {
  it('is done without [inventory.public-lists-will-do]', async () => {
    expect(await bootedBy({ send })).toBe('default');
    expect((await send('GET', '/boot/v1/hosts')).json()).toMatchObject([{ ID: NODE, MAC: ['02:00:00:00:00:01'] }]);
  });
});
