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

/** A request to SMD as it goes out. Plain data: what is asked for in another thread is told there. */
export type SmdRequest = {
  readonly url: string;
  readonly bearer: string | undefined;
  readonly patience: Patience;
};

/** Milliseconds that one may be waited for at a time, and in all. */
type Patience = { readonly stallMs: number; readonly limitMs: number };

/** Has a request sent; answers SMD's status, at least. */
type Send<Answer extends { readonly status: number }> = (request: SmdRequest) => Promise<Answer>;

/** So many times as long as a small answer a whole list may take in all, as long as something comes. */
const LARGE = 15;

/**
 * Asks SMD, with the token, once more with another when SMD refuses it, and without any when that is refused too. All
 * answer with 200, or with a status that says that SMD has no such list, or takes no token of ours. They throw
 * `unavailable` when there is no answer in time, or any other.
 */
export function smdRequests({ url, tokens, timeoutMs, fetch }: SmdOptions) {
  const base = `${url.replace(/\/+$/, '')}/hsm/v2`;

  const SMALL: Patience = { stallMs: timeoutMs, limitMs: timeoutMs };
  const LONG: Patience = { stallMs: timeoutMs, limitMs: LARGE * timeoutMs };

  async function authorized<Answer extends { readonly status: number }>(
    request: Omit<SmdRequest, 'bearer'>,
    send: Send<Answer>,
  ): Promise<Answer> {
    const token = await tokens.current();
    const first = await send({ ...request, bearer: token });
    if (token === undefined || !isDenied(first.status)) return first;
    const another = await tokens.renewed(token);
    if (another !== undefined) {
      const second = await send({ ...request, bearer: another });
      if (!isDenied(second.status)) return second;
      tokens.rest();
    }
    return send({ ...request, bearer: undefined });
  }

  async function ask<Answer extends { readonly status: number }>(
    path: string,
    filter: SmdFilter,
    patience: Patience,
    send: Send<Answer>,
  ): Promise<Answer> {
    try {
      const answer = await authorized({ url: `${base}${path}${queryOf(filter)}`, patience }, send);
      if (answer.status === 200 || isDenied(answer.status) || answer.status === 404) return answer;
      throw new Error(`SMD answered ${answer.status}`);
    } catch (error) {
      throw smdUnavailable(error);
    }
  }

  return {
    small: (path: string, filter: SmdFilter) =>
      ask(path, filter, SMALL, async (request) => {
        const { status, body } = await sendToSmd(fetch, request);
        return { status, body: body && (await readBody(body)) };
      }),
    /** A whole list: it may be long, but SMD must not be waited for. Others send the request, and take the list in. */
    large: (path: string, filter: SmdFilter, send: (request: SmdRequest) => Promise<number>) =>
      ask(path, filter, LONG, async (request) => ({ status: await send(request) })),
  };
}

export type SmdRequests = ReturnType<typeof smdRequests>;

/** Sends a request, until `given` up. With status 200 there is a body, as it comes in. */
export async function sendToSmd(
  fetch: SmdOptions['fetch'],
  { url, bearer, patience }: SmdRequest,
  given?: AbortSignal,
): Promise<{ readonly status: number; readonly body?: AsyncIterable<Uint8Array> }> {
  const clock = stallClock(patience);
  try {
    clock.wait();
    const response = await fetch(url, {
      headers: { Accept: 'application/json', ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }) },
      redirect: 'manual',
      signal: given === undefined ? clock.signal : AbortSignal.any([clock.signal, given]),
    });
    clock.rest();
    if (response.status === 200) return { status: 200, body: chunksOf(response, clock) };
    await response.body?.cancel();
    clock.stop();
    return { status: response.status };
  } catch (error) {
    clock.stop();
    throw error;
  }
}

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
