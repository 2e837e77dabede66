import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** Which traces are kept, as `OTEL_TRACES_SAMPLER` and its argument say; all of which no parent says otherwise by default. */
export function samplerOf(
  { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Sampler {
  const kind = name || 'parentbased_always_on';
  const root = rootSampler(kind.replace(/^parentbased_/, ''), argument);
  if (root === undefined) warn(`OTEL_TRACES_SAMPLER ${kind} is not known: all is sampled`);
  const known = root ?? new AlwaysOnSampler();
  return root !== undefined && !kind.startsWith('parentbased_') ? known : new ParentBasedSampler({ root: known });
}

function rootSampler(kind: string, argument: string | undefined): Sampler | undefined {
  switch (kind) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio': {
      const ratio = Number(argument || '1');
      return new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : 1);
    }
    default:
      return undefined;
  }
}
