import * as v from 'valibot';
import { closedObject, openObject } from './body-objects.ts';
import { componentId, label, optionalLabel } from './identifier-schema.ts';

const description = v.nullish(v.string('must be a text'));
const tags = v.nullish(v.pipe(v.array(label, 'must be a list'), v.maxLength(1000, 'must hold at most 1000')));
const ids = v.nullish(v.pipe(v.array(componentId, 'must be a list'), v.description('Xnames.')));

/** The body of POST: a new group. */
export const groupSchema = openObject({
  label,
  description,
  tags,
  exclusiveGroup: v.nullish(v.pipe(optionalLabel, v.description('A member can be in one group of this name only.'))),
  members: v.nullish(closedObject({ ids })),
});

/** The body of PATCH: only these two can be changed so; others are not looked at. */
export const groupChangeSchema = closedObject({ description, tags });

/** The body that adds a member. */
export const memberSchema = closedObject({ id: componentId });

/** The body that sets all members. */
export const membersSchema = closedObject({ ids });
