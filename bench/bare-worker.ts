/** What the Worker's processor time is compared with: a Worker that answers at once, with about as much. */
const text = `#!ipxe\nkernel --name kernel ${'word '.repeat(160)}\n`;

export default {
  fetch: (): Response => new Response(text, { headers: { 'Content-Type': 'text/plain; charset=UTF-8' } }),
};
