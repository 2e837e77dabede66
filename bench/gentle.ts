import { Agent, get } from 'node:http';
import { isBootScript } from './nodes.ts';

/** One script that was asked for: when, in milliseconds since 1970, and how many it took. */
export type Sample = { readonly start: number; readonly milliseconds: number; readonly isScript: boolean };

/** A client that asks now and then. It sees what a node sees: a server that is busy with something else is a late answer. */
export type Gentle = {
  /** Waits for the last answer. */
  stop(): Promise<Sample[]>;
};

/** Asks for random ones of these paths, so many a second, whether or not those before are answered. */
export function startGentle(url: string, paths: readonly string[], rate: number): Gentle {
  const agent = new Agent({ keepAlive: true });
  const samples: Promise<Sample>[] = [];
  const asking = setInterval(() => {
    const path = paths[Math.floor(Math.random() * paths.length)] ?? '/';
    samples.push(ask(url + path, agent));
  }, 1000 / rate);
  return {
    async stop() {
      clearInterval(asking);
      const all = await Promise.all(samples);
      agent.destroy();
      return all;
    },
  };
}

function ask(url: string, agent: Agent): Promise<Sample> {
  const start = performance.now();
  return new Promise((resolve) => {
    const end = (isScript: boolean): void =>
      resolve({ start: performance.timeOrigin + start, milliseconds: performance.now() - start, isScript });
    const request = get(url, { agent, headers: { 'User-Agent': 'iPXE/1.21.1' } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => end(response.statusCode === 200 && isBootScript(body)));
      response.on('error', () => end(false));
    });
    request.on('error', () => end(false));
  });
}
