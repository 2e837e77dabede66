import { describe, expect, it } from 'vitest';
import { type Line, type Names, writersInLine } from '../../src/adapters/store/writers-in-line.ts';

/** Writers that go on when they are told to, and what has happened to them so far. */
function writers(line: Line) {
  const happened: string[] = [];
  const begin = (name: string, names: Names): ((error?: Error) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const work = async (): Promise<void> => {
      happened.push(`${name} begins`);
      await promise;
    };
    line(names, work).catch(() => happened.push(`${name} fails`));
    return (error) => (error === undefined ? resolve() : reject(error));
  };
  const settled = async (): Promise<string[]> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return happened.splice(0);
  };
  return { begin, settled };
}

describe('writers of one process', () => {
  it('who name the same go one after the other, in the order in which they came', async () => {
    const { begin, settled } = writers(writersInLine());
    const endFirst = begin('first', ['a', 'b']);
    const endSecond = begin('second', ['b', 'c']);
    const endThird = begin('third', ['c']);
    expect(await settled()).toEqual(['first begins']);
    endFirst();
    expect(await settled()).toEqual(['second begins']);
    endSecond();
    expect(await settled()).toEqual(['third begins']);
    endThird();
  });

  it('who name nothing in common do not wait for each other', async () => {
    const { begin, settled } = writers(writersInLine());
    const ends = [begin('one', ['a', 7]), begin('other', ['b', 8]), begin('nobody', [])];
    expect(await settled()).toEqual(['one begins', 'other begins', 'nobody begins']);
    for (const end of ends) end();
  });

  it('who cannot say what they name wait for all, and all for them', async () => {
    const { begin, settled } = writers(writersInLine());
    const endOne = begin('one', ['a']);
    const endAll = begin('all', 'all');
    begin('later', ['b'])();
    expect(await settled()).toEqual(['one begins']);
    endOne();
    expect(await settled()).toEqual(['all begins']);
    endAll();
    expect(await settled()).toEqual(['later begins']);
  });

  it('hold nobody up when they fail', async () => {
    const { begin, settled } = writers(writersInLine());
    const endFirst = begin('first', ['a']);
    begin('second', ['a'])();
    endFirst(new Error('cut'));
    expect((await settled()).toSorted()).toEqual(['first begins', 'first fails', 'second begins']);
  });
});
