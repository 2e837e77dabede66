/** autocannon 9 brings no types: what the benchmark uses of it. */
declare module 'autocannon' {
  type Request = { path: string; onResponse(status: number, body: string): void };

  type Client = {
    /** Replaces the requests that this connection sends, over and over in this order. */
    setRequests(requests: Request[]): void;
  };

  type Options = {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Milliseconds between two samples; a run ends with one. */
    sampleInt: number;
    headers: Record<string, string>;
    /** Called once per connection, before it connects. */
    setupClient(client: Client): void;
  };

  type Result = {
    /** Connections that broke, and time-outs. */
    errors: number;
  };

  type Run = PromiseLike<Result> & {
    /** `milliseconds` is from sending the request to the end of its answer, with a fraction. */
    on(
      event: 'response',
      listener: (client: Client, status: number, bytes: number, milliseconds: number) => void,
    ): void;
  };

  export default function autocannon(options: Options): Run;
}
