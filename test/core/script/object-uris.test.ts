import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectUris, withObjectUrls } from '../../../src/core/script/object-uris.ts';

/** A word of parameters, and the URI in it that has to be signed. */
type Word = { readonly key: string; readonly uri?: string };

const uris = fc.stringMatching(/^s3:\/\/[a-z0-9/.%+$&=,;:é#-]{0,12}$/);
const signed: fc.Arbitrary<Word> = fc.record({ key: fc.constantFrom('root=live:', 'metal.server='), uri: uris });
const plain: fc.Arbitrary<Word> = fc.oneof(
  fc.stringMatching(/^[a-z0-9=:/.$&|;\\#"é\u00a0\u3000]{1,12}$/).map((key) => ({ key })),
  fc
    .tuple(
      fc.constantFrom(
        ...['root=craycps-s3:', 'url=', '', 'root=', 'root=live', 'ROOT=LIVE:', 'metalXserver=', 'metal.server', '"'],
        ...['xroot=live:', 'root=live:root=live:', 'metal.server=x', 'metal.server=metal.server=', '\u00a0root=live:'],
      ),
      uris,
    )
    .map(([key, uri]) => ({ key: key + uri })),
  fc
    .constantFrom('root=live:', 'root=live:s3:/b/k', 'root=live:S3://b/k', 'root=live:http://h/s3://b/k')
    .map((key) => ({
      key,
    })),
);
const words = fc.array(fc.tuple(fc.oneof(signed, plain), fc.stringMatching(/^[ \t]{1,3}$/)), { maxLength: 8 });
const edges = fc.stringMatching(/^[ \t]{0,2}$/);
const images = fc.oneof(uris, fc.constantFrom(undefined, 'http://files/k', 'https://files/s3://b/k', '/s3://b/k', ''));

const textOf = (list: [Word, string][], urlOf: (uri: string) => string): string =>
  list.map(([{ key, uri }, space]) => `${key}${uri === undefined ? '' : urlOf(uri)}${space}`).join('');
const urlOf = (uri: string): string => `http://s3.example/${encodeURIComponent(uri)}?a=$&&b=$1`;

describe('the objects that a node boots', () => {
  it('are found in kernel, initrd and the two parameters, each once, and nowhere else', () => {
    fc.assert(
      fc.property(images, images, edges, words, (kernel, initrd, edge, list) => {
        const params = edge + textOf(list, (uri) => uri);
        const expected = [kernel, initrd]
          .filter((uri) => uri?.startsWith('s3://'))
          .concat(list.flatMap(([{ uri }]) => uri ?? []));
        expect(objectUris({ kernel, initrd, params })).toEqual([...new Set(expected)]);
      }),
    );
  });

  it('are replaced by their URLs, byte for byte around them', () => {
    fc.assert(
      fc.property(images, images, edges, words, (kernel, initrd, edge, list) => {
        const parts = { kernel, initrd, params: edge + textOf(list, (uri) => uri), other: 's3://b/k' };
        const found = objectUris(parts);
        const image = (uri: string | undefined) => (uri?.startsWith('s3://') ? urlOf(uri) : uri);
        const done = withObjectUrls(parts, new Map(found.map((uri) => [uri, urlOf(uri)])));
        expect(done).toEqual({
          kernel: image(kernel),
          initrd: image(initrd),
          params: edge + textOf(list, urlOf),
          other: 's3://b/k',
        });
        expect(objectUris(done)).toEqual([]);
      }),
    );
  });

  it('stay as they are when there is no URL for them', () => {
    fc.assert(
      fc.property(images, images, edges, words, fc.func(fc.boolean()), (kernel, initrd, edge, list, isSigned) => {
        const parts = { kernel, initrd, params: edge + textOf(list, (uri) => uri) };
        expect(withObjectUrls(parts, new Map())).toEqual(parts);
        const some = objectUris(parts).filter((uri) => isSigned(uri));
        const done = withObjectUrls(parts, new Map(some.map((uri) => [uri, urlOf(uri)])));
        expect(done.params).toBe(edge + textOf(list, (uri) => (some.includes(uri) ? urlOf(uri) : uri)));
      }),
    );
  });

  it('are looked for in what there is', () => {
    expect(objectUris({})).toEqual([]);
    expect(withObjectUrls({}, new Map([['s3://b/k', 'http://s3/b/k']]))).toEqual({});
    expect(objectUris({ params: 'root=live:s3://b/rootfs' })).toEqual(['s3://b/rootfs']);
  });

  it('of a site in the field', () => {
    const parts = {
      kernel: 's3://boot-images/28fa52c1/kernel',
      initrd: 's3://boot-images/28fa52c1/initrd',
      params:
        'console=ttyS0,115200  metal.server=s3://boot-images/28fa52c1/rootfs\troot=craycps-s3:s3://boot-images/28fa52c1/rootfs:etag root=live:LABEL=SQFSRAID',
    };
    const found = [
      's3://boot-images/28fa52c1/kernel',
      's3://boot-images/28fa52c1/initrd',
      's3://boot-images/28fa52c1/rootfs',
    ];
    expect(objectUris(parts)).toEqual(found);
    expect(withObjectUrls(parts, new Map(found.map((uri, at) => [uri, `http://s3/${at}?b=1&c`])))).toEqual({
      kernel: 'http://s3/0?b=1&c',
      initrd: 'http://s3/1?b=1&c',
      params:
        'console=ttyS0,115200  metal.server=http://s3/2?b=1&c\troot=craycps-s3:s3://boot-images/28fa52c1/rootfs:etag root=live:LABEL=SQFSRAID',
    });
  });
});
