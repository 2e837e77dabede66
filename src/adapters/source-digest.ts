/** A name for a source of inventory that tells nothing of its URL, which may hold credentials: 32 hex digits. */
export async function sourceDigest(url: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(url)));
  return [...bytes.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
