import * as v from 'valibot';
import { named } from '../json-form.ts';

const connected = v.literal('connected');
const error = v.literal('error');
const either = v.picklist(['connected', 'error']);

const running = v.literal('running');
const version = v.pipe(v.string(), v.nonEmpty());

function storage(status: v.GenericSchema) {
  return v.strictObject({ name: v.literal('postgres'), status });
}

/** That the service runs. */
export const status = v.strictObject({ 'bss-status': running });

/** Which version runs. */
export const versionStatus = v.strictObject({ 'bss-version': version });

/** That the service runs, as users of boot-service ask for it. */
export const health = v.strictObject({ status: v.literal('ok'), service: v.literal('bss-edge'), version });

/** Whether one part answers: the body of 200 and that of 500. */
export const inventoryStatus = {
  ok: v.strictObject({ 'bss-status-hsm': connected }),
  failed: v.strictObject({ 'bss-status-hsm': error }),
};

export const storageStatus = {
  ok: v.strictObject({ 'bss-storage-backend': storage(connected) }),
  failed: v.strictObject({ 'bss-storage-backend': storage(error) }),
};

export const etcdStatus = {
  ok: v.strictObject({ 'bss-status-etcd': connected }),
  failed: v.strictObject({ 'bss-status-etcd': error }),
};

/** All parts at once, in either dialect. */
export const allStatus = {
  ok: named('AllStatus', allParts(connected), 'All parts in one, in either dialect.'),
  failed: named('AllStatusWithError', allParts(either), 'All parts in one, any of which is in error.'),
};

function allParts(part: v.GenericSchema) {
  return v.union([
    v.strictObject({ 'bss-status': running, 'bss-status-hsm': part, 'bss-storage-backend': storage(part) }),
    v.strictObject({
      'bss-status': running,
      'bss-status-etcd': part,
      'bss-status-hsm': part,
      'bss-version': version,
    }),
  ]);
}

const canServe = v.strictObject({
  ready: v.literal(true),
  age: v.pipe(v.number(), v.minValue(0), v.description('Seconds since what is served from was known to be so.')),
});
const cannotServe = v.strictObject({ ready: v.literal(false), reason: v.pipe(v.string(), v.nonEmpty()) });

/** Whether nodes that are known get their scripts: the body of 200 and that of 503. */
export const readiness = {
  ok: v.strictObject({ ready: v.literal(true), store: canServe, inventory: canServe }),
  failed: v.strictObject({
    ready: v.literal(false),
    store: v.union([canServe, cannotServe]),
    inventory: v.union([canServe, cannotServe]),
  }),
};
