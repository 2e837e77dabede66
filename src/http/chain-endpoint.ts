import { hostOf, parseHost } from './host.ts';
import type { RequestReader } from './request-reader.ts';

/** Settings that say where nodes come back to; each is taken from the request when it is not set. */
export type ChainSettings = {
  readonly proto: 'http' | 'https' | undefined;
  readonly server: string | undefined;
  /** Path in front of `/boot/v1`. */
  readonly gatewayUri: string | undefined;
};

/**
 * The URL of the script endpoint as the asking node can reach it: scheme, host and path that its request came in on,
 * or, behind a trusted proxy, that the proxy was asked by. `path` is the route, not what the client wrote.
 */
export function chainEndpoint<Request>(
  request: Request,
  reader: Pick<RequestReader<Request>, 'header' | 'isSecure'>,
  path: string,
  settings: ChainSettings,
  trustProxy: boolean,
): string {
  const forwarded = (name: string): string | undefined =>
    trustProxy ? reader.header(request, `x-forwarded-${name}`)?.split(',')[0]?.trim() : undefined;
  const proto = settings.proto ?? parseProto(forwarded('proto')) ?? (reader.isSecure(request) ? 'https' : 'http');
  const asked = hostOf(reader.header(request, 'host'));
  const server = settings.server ?? parseHost(forwarded('host') ?? '') ?? asked;
  const fullPath =
    settings.gatewayUri === undefined
      ? `${parsePrefix(forwarded('prefix'))}${path}`
      : `${settings.gatewayUri}/boot/v1/bootscript`;
  return `${proto}://${server}${fullPath}`;
}

function parseProto(text: string | undefined): 'http' | 'https' | undefined {
  const lower = text?.toLowerCase();
  return lower === 'http' || lower === 'https' ? lower : undefined;
}

function parsePrefix(text: string | undefined): string {
  const isPath = text !== undefined && /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+\/?$/.test(text);
  return isPath ? text.replace(/\/$/, '') : '';
}
