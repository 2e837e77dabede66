/** Requests that are turned away when there are too many. */
export type ShedKind = 'script' | 'api';

/** What can be measured of a service by those who look after it. Every note returns at once and never fails. */
export interface Metrics {
  /** A request of the API was answered. `route` is the pattern that it came by, never a path that a client wrote. */
  request(route: string, method: string, status: number, milliseconds: number): void;
  /** A request was turned away before it was looked at. */
  shed(kind: ShedKind): void;
  /** Nothing had to be looked up for a script. */
  remembered(): void;
  /** All that was measured, as a text, and the media type of that. */
  read(): Promise<{ readonly text: string; readonly type: string }>;
}
