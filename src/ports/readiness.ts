/** Whether a part of the service can serve now, and how old what it serves from is, in seconds; or why it cannot. */
export type Readiness =
  | { readonly isReady: true; readonly age: number }
  | { readonly isReady: false; readonly reason: string };
