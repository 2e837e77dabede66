/** What others ask again and again to see whether the service is well. */
const PROBES = new Set(['/health', '/ready', '/metrics']);

/** Whether a path is one of those. */
export function isProbe(path: string): boolean {
  return PROBES.has(path);
}
