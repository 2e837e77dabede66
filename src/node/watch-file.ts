import { stat } from 'node:fs/promises';

/** Milliseconds between two looks. Asked for instead of told: network file systems, and links that are swapped, tell nothing. */
const PERIOD = 500;

/**
 * Calls back when a file has changed and has then stayed the same for a moment, so that one that is being written is left
 * alone. Answers how to stop that.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  let seen: string | undefined;
  let told: string | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    // A network file system may hang.
    if (isLooking) return;
    isLooking = true;
    const now = await stateOf(path);
    told ??= now;
    if (now === seen && now !== told) {
      told = now;
      onChange();
    }
    seen = now;
    isLooking = false;
  };
  const timer = setInterval(look, PERIOD);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}

async function stateOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'not there';
  }
}
