import * as v from 'valibot';
import { parseValue, VALUES, type ValueName } from '../../core/own-inventory/values.ts';
import { closedObject, openObject } from './body-objects.ts';
import { anyNid, componentId, optionalComponentId } from './identifier-schema.ts';

const text = v.nullish(v.string('must be a text'));
const flag = v.nullish(v.boolean('must be true or false'));

/** One of SMD's words in any case; an empty text counts as none. */
function word(name: ValueName) {
  const message = `must be one of ${VALUES[name].join(', ')}`;
  return v.nullish(
    v.pipe(
      v.string('must be a text'),
      v.rawTransform(({ dataset, addIssue, NEVER }): string => {
        const value = dataset.value === '' ? '' : parseValue(name, dataset.value);
        if (value !== undefined) return value;
        addIssue({ message });
        return NEVER;
      }),
      v.description(`One of ${VALUES[name].join(', ')}, in any case.`),
    ),
  );
}

const members = {
  Type: v.nullish(v.pipe(v.string('must be a text'), v.description('Not looked at: the xname says it.'))),
  State: word('State'),
  Flag: word('Flag'),
  Enabled: flag,
  SoftwareStatus: text,
  Role: text,
  SubRole: text,
  NID: v.nullish(anyNid),
  Subtype: text,
  NetType: word('NetType'),
  Arch: word('Arch'),
  Class: word('Class'),
};

const force = v.nullish(
  v.pipe(v.boolean('must be true or false'), v.description('Whether what is there already is changed.')),
);

/** The body of POST: new components. */
export const componentsSchema = closedObject({
  Components: v.pipe(
    v.array(openObject({ ID: componentId, ...members }), 'must be a list'),
    v.minLength(1, 'must hold a component'),
  ),
  Force: force,
  force,
});

/** The body of PUT: one component, whose id may be left to the path. */
export const componentSchema = closedObject({
  Component: openObject({ ID: v.nullish(optionalComponentId), ...members }),
  Force: force,
  force,
});

/** The body of a PATCH of many NIDs. */
export const nidsSchema = closedObject({
  Components: v.pipe(
    v.array(closedObject({ ID: componentId, NID: v.nullish(anyNid) }), 'must be a list'),
    v.minLength(1, 'must hold a component'),
  ),
});

/** The body of a PATCH of one part of a component. Which of these it needs depends on the part. */
export const partSchema = closedObject({
  ID: v.nullish(optionalComponentId),
  State: members.State,
  Flag: members.Flag,
  Enabled: members.Enabled,
  SoftwareStatus: members.SoftwareStatus,
  Role: members.Role,
  SubRole: members.SubRole,
  NID: members.NID,
});
