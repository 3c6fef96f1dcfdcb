import fc from 'fast-check';
import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

const scalar = fc.oneof(
  { weight: 20, arbitrary: fc.string() },
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, '', '__proto__', -0, 2 ** 31, 1e20),
);

const fieldNames = ['name', 'id', 'input', 'city', '0', 'length', '__proto__', 'toString'];

const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('anything'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...fieldNames), tie('anything'), { maxKeys: 3 }),
  ),
}));

/** What may be sent as a value of the type: mostly of its shape, with something else here and there. */
function near(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return near(type.ofType);
  return fc.oneof({ weight: 20, arbitrary: shaped(type) }, { weight: 1, arbitrary: anything });
}

function shaped(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isListType(type)) {
    return fc.oneof(fc.array(near(type.ofType), { maxLength: 3 }), near(type.ofType));
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (!isInputObjectType(type)) return scalar;
  const fields = Object.values(type.getFields()).map(({ name, type }) => [name, near(type)]);
  const object = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const excess = fc.dictionary(fc.constantFrom(...fieldNames), anything, { maxKeys: 1 });
  return fc.oneof(
    { weight: 6, arbitrary: object },
    { weight: 1, arbitrary: fc.tuple(object, excess).map(([all, more]) => ({ ...all, ...more })) },
  );
}

/** Each type that an argument of the schema has, as it is written. */
export function argumentTypes(schema: GraphQLSchema): Map<string, GraphQLInputType> {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
  const types = fields.flatMap(({ args }) => args.map(({ type }) => type));
  return new Map(types.map((type) => [String(type), type]));
}

/** Variables as JSON brings them, with `$value` of about that type. */
export const variablesOf = (type: GraphQLInputType): fc.Arbitrary<Record<string, unknown>> =>
  near(type).map((value) => JSON.parse(JSON.stringify({ value })));
