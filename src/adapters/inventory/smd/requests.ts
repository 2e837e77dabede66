import { ServiceError } from '../../../core/errors.ts';
import type { SmdTokens } from './tokens.ts';

export type SmdOptions = {
  /** `<HSM_URL>`, without `/hsm/v2`. */
  readonly url: string;
  readonly tokens: SmdTokens;
  /** Milliseconds that an answer may take to begin or stall, and a small one in all. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
};

/** Filters of one of SMD's lists, each with one value or several; the whole list without any. */
export type SmdFilter = Readonly<Record<string, string | readonly string[]>>;

/** An answer's body as it comes in, or the status of one that is none: SMD has no such list, or takes no token of ours. */
export type SmdBody = AsyncIterable<Uint8Array> | { readonly denied: number };

/** So many times as long as a small answer a whole list may take in all, as long as something comes. */
const LARGE = 15;

/**
 * Asks SMD, with the token, once more with another when SMD refuses it, and without any when that is refused too.
 * Throws `unavailable` when there is no answer in time, or one that is neither 200 nor a refusal.
 */
export function smdRequests({ url, tokens, timeoutMs, fetch }: SmdOptions) {
  const base = `${url.replace(/\/+$/, '')}/hsm/v2`;

  const SMALL: Patience = { stallMs: timeoutMs, limitMs: timeoutMs };
  const LONG: Patience = { stallMs: timeoutMs, limitMs: LARGE * timeoutMs };

  async function request(path: string, filter: SmdFilter, bearer: string | undefined, patience: Patience) {
    const clock = stallClock(patience);
    try {
      clock.wait();
      const response = await fetch(`${base}${path}${queryOf(filter)}`, {
        headers: { Accept: 'application/json', ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }) },
        redirect: 'manual',
        signal: clock.signal,
      });
      clock.rest();
      if (response.status === 200) return { status: 200, body: chunksOf(response, clock) };
      await response.body?.cancel();
      clock.stop();
      return { status: response.status, body: undefined };
    } catch (error) {
      clock.stop();
      throw error;
    }
  }

  async function authorized(path: string, filter: SmdFilter, patience: Patience) {
    const token = await tokens.current();
    const first = await request(path, filter, token, patience);
    if (token === undefined || !isDenied(first.status)) return first;
    const another = await tokens.renewed(token);
    if (another !== undefined) {
      const second = await request(path, filter, another, patience);
      if (!isDenied(second.status)) return second;
      tokens.rest();
    }
    return request(path, filter, undefined, patience);
  }

  async function ask(path: string, filter: SmdFilter, patience: Patience): Promise<SmdBody> {
    try {
      const { status, body } = await authorized(path, filter, patience);
      if (body !== undefined) return body;
      if (isDenied(status) || status === 404) return { denied: status };
      throw new Error(`SMD answered ${status}`);
    } catch (error) {
      throw smdUnavailable(error);
    }
  }

  return {
    small: (path: string, filter: SmdFilter): Promise<SmdBody> => ask(path, filter, SMALL),
    /** A whole list: it may be long, but SMD must not be waited for. */
    large: (path: string, filter: SmdFilter): Promise<SmdBody> => ask(path, filter, LONG),
  };
}

export type SmdRequests = ReturnType<typeof smdRequests>;

/** Of an SMD that gave no answer to rely on. */
export function smdUnavailable(cause: unknown): ServiceError {
  return new ServiceError('unavailable', 'the inventory (SMD) cannot be asked', { cause });
}

function isDenied(status: number): boolean {
  return status === 401 || status === 403;
}

function queryOf(filter: SmdFilter): string {
  const pairs = Object.entries(filter).flatMap(([key, values]) =>
    [values].flat().map((value): [string, string] => [key, value]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/** Milliseconds. */
type Patience = { readonly stallMs: number; readonly limitMs: number };

/** A signal that aborts after `limitMs`, and when SMD is waited for longer than `stallMs` at a time. */
function stallClock({ stallMs, limitMs }: Patience) {
  const controller = new AbortController();
  const abort = (what: string) => () => controller.abort(new Error(what));
  const limit = setTimeout(abort(`SMD did not end its answer in ${limitMs} ms`), limitMs);
  let stall: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: controller.signal,
    wait() {
      stall = setTimeout(abort(`SMD was waited for for ${stallMs} ms`), stallMs);
    },
    rest() {
      clearTimeout(stall);
    },
    stop() {
      clearTimeout(limit);
      clearTimeout(stall);
    },
  };
}

/** A body, chunk by chunk. Who takes them in slowly keeps SMD waiting, and not the other way round. */
async function* chunksOf(response: Response, clock: ReturnType<typeof stallClock>): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined) {
      clock.wait();
      const { done, value } = await reader.read();
      clock.rest();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw smdUnavailable(error);
  } finally {
    clock.stop();
    await reader?.cancel().catch(() => {});
  }
}

/** A whole body. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
