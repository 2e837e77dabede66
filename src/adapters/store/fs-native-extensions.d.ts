declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on an open file; false when another process or descriptor holds it. */
  export function tryLock(fd: number): boolean;
}
