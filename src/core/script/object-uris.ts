/** What a node boots, as far as objects of S3 may be named in it. */
export type ObjectParts = {
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly params?: string | undefined;
};

const SCHEME = 's3://';

/** A word, split off as iPXE does it, whose rest behind the key is an object that the node fetches like an http URL. */
const OBJECT_WORD = /(?<=^|[ \t])(root=live:|metal\.server=)(s3:\/\/[^ \t]*)/g;

/** The URIs of the objects that a node has to be given URLs of, each once. What other words name is left to the node. */
export function objectUris({ kernel = '', initrd = '', params = '' }: ObjectParts): string[] {
  const inParams = Array.from(params.matchAll(OBJECT_WORD), ([, , uri = '']) => uri);
  return [...new Set([kernel, initrd, ...inParams].filter((uri) => uri.startsWith(SCHEME)))];
}

/** The same parts with URLs in place of the URIs that `objectUris` finds; a URI without a URL, and all else, stays as it is. */
export function withObjectUrls<Parts extends ObjectParts>(
  parts: Parts,
  urls: ReadonlyMap<string, string>,
): Parts & ObjectParts {
  const urlOf = (uri: string): string => urls.get(uri) ?? uri;
  const { kernel, initrd, params } = parts;
  return {
    ...parts,
    kernel: kernel && urlOf(kernel),
    initrd: initrd && urlOf(initrd),
    params: params?.replaceAll(OBJECT_WORD, (_, key: string, uri: string) => `${key}${urlOf(uri)}`),
  };
}
