import * as v from 'valibot';

/** A token as it was given; `expiresIn` is in seconds from then, when that was said. */
export type IssuedToken = { readonly token: string; readonly expiresIn?: number | undefined };

/** Gives a token each time it is called, or throws an `Error` whose message may be logged: it holds no secret. */
export type TokenSource = () => Promise<IssuedToken>;

/** How token servers are asked. */
export type TokenRequests = { readonly fetch: typeof fetch; readonly timeoutMs: number };

/** The one token that the settings hold. */
export function givenToken(token: string): TokenSource {
  return async () => ({ token });
}

/** A file that holds a token and may be written anew at any time. */
export function tokenFile(path: string, readFile: (path: string) => Promise<string>): TokenSource {
  return async () => ({ token: (await readFile(path)).trim() });
}

/** The standard client-credentials grant at `<baseUrl>/oauth2/token` (RFC 6749, section 4.4). */
export function clientCredentials(
  { baseUrl, id, secret }: { readonly baseUrl: string; readonly id: string; readonly secret: string },
  requests: TokenRequests,
): TokenSource {
  // Section 2.3.1: both are form-encoded before they become a Basic credential, which also makes them ASCII.
  const credentials = btoa(`${formEncoded(id)}:${formEncoded(secret)}`);
  return () =>
    post(`${baseUrl}/oauth2/token`, requests, {
      headers: { Accept: 'application/json', Authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
}

/** What sites run today beside their authorization server: `<baseUrl>/token` gives a token to an empty POST. */
export function adminToken(baseUrl: string, requests: TokenRequests): TokenSource {
  return () => post(`${baseUrl}/token`, requests, { headers: { Accept: 'application/json' } });
}

const tokenAnswer = v.object({ access_token: v.string(), expires_in: v.optional(v.unknown()) });

async function post(url: string, { fetch, timeoutMs }: TokenRequests, init: RequestInit): Promise<IssuedToken> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual', signal }).catch(() => {
    throw new Error('the token server cannot be reached');
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the token server answered ${response.status}`);
  }
  // A parser's error would show a part of what it read, which may be a token.
  const parsed = v.safeParse(tokenAnswer, await response.json().catch(() => undefined));
  if (!parsed.success) throw new Error('the token server gave no token');
  // Some write the number as a text.
  const seconds = Number(parsed.output.expires_in ?? 0);
  return { token: parsed.output.access_token, expiresIn: seconds > 0 ? seconds : undefined };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}
