/** An answer, for any server to send. Its headers are its own: who sends it may add to them. */
export type Answer = {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  readonly body: string;
};

export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers: headers as Record<string, string> });
}
