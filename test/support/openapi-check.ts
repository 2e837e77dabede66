import { isJsonObject } from '../../src/core/json.ts';
import type { Answer } from './http-client.ts';
import { at, bodyValue, misfit, type Pointer, resolve } from './openapi-document.ts';

/**
 * Holds an answer of the service against the document of its API: its status, headers, media type and body. Throws an
 * error that says what is wrong.
 */
export function checkAnswer(method: string, target: string, answer: Answer): void {
  const path = documentedPath(target);
  const fault = faultOf(method, path, answer);
  if (fault === undefined) return;
  throw new Error(`${method} ${target} ${answer.status} is not what the API's document says: ${fault}\n${answer.text}`);
}

/** The path under which the document has what a target asks for: others are served too. */
export function documentedPath(target: string): string {
  const path = new URL(`http://service${target}`).pathname
    .replace(/\/+$/, '')
    .replace(/^(\/apis)?\/bss(?=\/boot\/v1(\/|$))/, '')
    .replace(/^(\/apis)?\/smd(?=\/hsm\/v2(\/|$))/, '')
    // As a route names its parameters.
    .replaceAll(/:([a-z]+)(?=\/|$)/g, '{$1}');
  if (path.startsWith('/hsm/v2/')) return templateOf(path) ?? path;
  if (path === '' || path === '/boot/v1') return '/';
  return path === '/bootscript' || path === '/boot-service/bootscript' ? '/boot/v1/bootscript' : path;
}

/** The path of the document that has parameters where another one has anything: that with the fewest. */
function templateOf(path: string): string | undefined {
  const segments = path.split('/');
  const parameters = (template: string): number => template.split('{').length;
  return Object.keys(at(['paths']) ?? {})
    .filter((template) => {
      const parts = template.split('/');
      return parts.length === segments.length && parts.every((part, n) => /^\{/.test(part) || part === segments[n]);
    })
    .sort((a, b) => parameters(a) - parameters(b))[0];
}

function faultOf(method: string, path: string, answer: Answer): string | undefined {
  if (method === 'OPTIONS' && at(['paths', path]) !== undefined) return optionsFault(path, answer);
  const place = placeOf(method === 'HEAD' ? 'get' : method.toLowerCase(), path, answer.status);
  if (place === undefined) return 'this status is not in it';
  return headerFault(place, answer) ?? (method === 'HEAD' ? undefined : bodyFault(place, answer));
}

/** Where an answer is described. What the document does not have is answered with one of two problems. */
function placeOf(method: string, path: string, status: number): Pointer | undefined {
  const methods = at(['paths', path]);
  if (methods === undefined) return status === 404 ? ['components', 'responses', 'NotFound'] : undefined;
  const operation = at(['paths', path, method]);
  if (operation === undefined) return status === 405 ? ['components', 'responses', 'MethodNotAllowed'] : undefined;
  const place = ['paths', path, method, 'responses', String(status)];
  return at(place) === undefined ? undefined : resolve(place);
}

function optionsFault(path: string, { status, headers }: Answer): string | undefined {
  const methods = Object.keys(at(['paths', path]) ?? {}).map((method) => method.toUpperCase());
  return status === 204 && headers.allow === methods.join(',') ? undefined : `OPTIONS is 204 and allows ${methods}`;
}

/** Headers that must be there, headers that may not, and headers that say something else. */
function headerFault(place: Pointer, { headers }: Answer): string | undefined {
  for (const name of Object.keys(at(['components', 'headers']) ?? {})) {
    const described = resolve([...place, 'headers', name]);
    const value = headers[name.toLowerCase()];
    if (at(described) === undefined) {
      if (value !== undefined) return `${name} is not described`;
    } else if (value === undefined) {
      if (at([...described, 'required']) === true) return `${name} is missing`;
    } else {
      const isNumber = ['integer', 'number'].includes(String(at([...described, 'schema', 'type'])));
      const fault = misfit([...described, 'schema'], isNumber ? Number(value) : value);
      if (fault !== undefined) return `${name}: ${fault}`;
    }
  }
  return undefined;
}

function bodyFault(place: Pointer, { headers, text }: Answer): string | undefined {
  const content = at([...place, 'content']);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (!isJsonObject(content)) return text === '' ? undefined : 'it has no body';
  if (!Object.hasOwn(content, type)) return `the media type ${JSON.stringify(type)} is not described`;
  return misfit([...place, 'content', type, 'schema'], bodyValue(type, text));
}
