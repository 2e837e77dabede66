import type { Context } from 'hono';
import { ServiceError } from '../../core/errors.ts';
import type { BootRecord, ImageKey } from '../../core/record.ts';
import { namesSomebody, type RecordRequest } from '../../core/record-request.ts';
import { letOthersGo } from '../../let-others-go.ts';
import {
  createImageParameters,
  type ImageRequest,
  patchImageParameters,
  replaceImageParameters,
} from '../../service/image-parameters.ts';
import {
  createBootParameters,
  patchBootParameters,
  removeBootParameters,
  removeMatchingBootParameters,
  replaceBootParameters,
} from '../../service/write-boot-parameters.ts';
import { watchAge } from '../age.ts';
import { readJson } from '../body.ts';
import type { AppDeps } from '../deps.ts';
import { limitIdentifiers } from '../identifier-limit.ts';
import { json } from '../json.ts';
import { recordJson } from '../record-json.ts';
import { identifiersOf, imageOf, toRecordRequest } from '../record-request.ts';
import { recordSchema, selectorSchema } from '../record-schema.ts';
import type { Handler } from '../resource.ts';
import { validate } from '../validate.ts';

/** POST: creates records, or an image's parameters. */
export function postBootparameters(deps: AppDeps): Handler {
  return settingBootparameters(deps, 201, createImageParameters, createBootParameters);
}

/** PUT: sets the whole configuration of records, or an image's parameters. */
export function putBootparameters(deps: AppDeps): Handler {
  return settingBootparameters(deps, 200, replaceImageParameters, replaceBootParameters);
}

function settingBootparameters(
  deps: AppDeps,
  status: number,
  setImage: typeof replaceImageParameters,
  setRecords: typeof replaceBootParameters,
): Handler {
  return async function set(c) {
    const request = await readRequest(c, deps);
    const image = imageOf(request);
    if (image !== undefined) {
      return answer(c, deps, status, await setImage(imageRequest(image, request), deps.store));
    }
    requireSomethingToSet(request);
    const seen = watchAge(deps);
    const { record, referralToken } = await setRecords(request, seen.deps);
    return answer(c, deps, status, record, { 'BSS-Referral-Token': referralToken, ...seen.ageHeader() });
  };
}

/** PATCH: changes parts of records, or an image's parameters. */
export function patchBootparameters(deps: AppDeps): Handler {
  return async function patch(c) {
    const request = await readRequest(c, deps);
    const image = imageOf(request);
    if (image === undefined) {
      requireSomethingToChange(request);
      const seen = watchAge(deps);
      const record = await patchBootParameters(request, seen.deps);
      return answer(c, deps, 200, record, seen.ageHeader());
    }
    const { params } = request.patch;
    if (params === undefined) throw new ServiceError('invalid', 'params: nothing to change');
    return answer(c, deps, 200, await patchImageParameters({ image, params: params ?? undefined }, deps.store));
  };
}

/** DELETE: by identifiers, else by configuration. With both, the identifiers decide: the `ochami` CLI sends both. */
export function deleteBootparameters(deps: AppDeps): Handler {
  return async function remove(c) {
    const given = (await readJson(c, deps.runtime)) ?? {};
    await letOthersGo(limitIdentifiers(given));
    const body = validate(selectorSchema, given);
    const { kernel, initrd, params } = body;
    const { identifiers, tags } = identifiersOf(body);
    const patch = { kernel: kernel || undefined, initrd: initrd || undefined, params: params || undefined };
    const request = { identifiers, tags, patch };
    if (namesSomebody(request)) await removeBootParameters(request, deps);
    else if (kernel || initrd || params) await removeMatchingBootParameters(request, deps);
    else throw new ServiceError('invalid', 'hosts, macs, nids, kernel, initrd, params: at least one of them is needed');
    logWrite(c, deps, [...tags, ...identifiers.xnames, ...identifiers.macs, ...identifiers.nids]);
    return new Response(null, { status: 200, headers: { 'Content-Length': '0' } });
  };
}

async function readRequest(c: Context, { runtime }: AppDeps): Promise<RecordRequest> {
  const body = await readJson(c, runtime);
  await letOthersGo(limitIdentifiers(body));
  return toRecordRequest(validate(recordSchema, body));
}

function imageRequest(image: ImageKey, { patch: { params } }: RecordRequest): ImageRequest {
  if (!params) throw new ServiceError('invalid', 'params: a record without hosts, macs and nids needs them');
  return { image, params };
}

function requireSomethingToSet({ patch, phoneHome, tags }: RecordRequest): void {
  // To a tag a phone-home says nothing: its record would be empty, and could not be put back.
  const said = [...Object.values(patch), ...(tags.length === 0 ? [phoneHome] : [])];
  if (said.some((part) => part !== undefined && part !== null)) return;
  throw new ServiceError('invalid', 'kernel, initrd, params, cloud-init: nothing to set');
}

function requireSomethingToChange({ patch, phoneHome, priority }: RecordRequest): void {
  const said = [...Object.values(patch), phoneHome, priority];
  if (said.every((part) => part === undefined)) {
    throw new ServiceError('invalid', 'kernel, initrd, params, cloud-init: nothing to change');
  }
}

function answer(c: Context, deps: AppDeps, status: number, record: BootRecord, headers = {}): Response {
  logWrite(c, deps, [...record.hosts, ...record.macs, ...record.nids]);
  return json(recordJson(record, deps.dialect), status, headers);
}

/** Writes are always logged: by whom they are named, and never by what they say. */
function logWrite(c: Context, { log }: AppDeps, names: readonly (string | number)[]): void {
  const fields = { method: c.req.method, names: names.slice(0, 5).join(' '), count: names.length };
  log.info({ ...fields, requestId: c.get('requestId') }, 'boot parameters written');
}
