import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  validate,
} from 'graphql';
import { knownTape, mutate, type Tape, tape } from './tape.js';
import { corporationIds, externalId, knownIds, text } from './values.js';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));

/** What a GraphQL request is made of. */
export type GraphqlRequest = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
};

const names = fc.sample(text, { seed: 1, numRuns: 60 });
const texts = [
  ...['Acme Corporation', 'US', 'ada@example.com', 'ext_1', 'shopify', ...corporationIds],
  ...fc.sample(externalId, { seed: 1, numRuns: 10 }),
  ...names,
];
const ids = [...corporationIds, ...knownIds, 'cust_none', '', 'node', '__proto__'];
const aliases = ['a', 'b', 'id', 'name', '__proto__', 'constructor', 'toString', 'hasOwnProperty'];

/** Writes a document that the schema allows, as far as one sees from field to field. */
class Writer {
  private readonly variables: { name: string; type: string; value: unknown; default: string }[] =
    [];
  private readonly fragments: string[] = [];

  constructor(
    private readonly shape: Tape,
    /** What the variables are given; a tape of its own, so that a document comes with many values. */
    private readonly content: Tape,
  ) {}

  write(): GraphqlRequest {
    const { shape } = this;
    const isMutation = shape.once(3);
    const root = (
      isMutation ? schema.getMutationType() : schema.getQueryType()
    ) as GraphQLObjectType;
    const selection = this.selection(root, 0);
    const name = shape.once(2) ? 'Main' : '';
    const variables = this.variables.map(
      (variable) => `$${variable.name}: ${variable.type}${variable.default}`,
    );
    const operation = [
      isMutation ? 'mutation' : 'query',
      ` ${name}`,
      variables.length > 0 ? `(${variables.join(', ')})` : '',
      selection,
    ].join('');
    const second = name && shape.once(4) ? ['query Other { corporations { totalCount } }'] : [];
    return {
      query: [operation, ...second, ...this.fragments].join('\n'),
      variables: Object.fromEntries(this.variables.map(({ name, value }) => [name, value])),
      operationName: name && (second.length > 0 || shape.once(2)) ? name : null,
    };
  }

  private selection(type: GraphQLNamedType, depth: number): string {
    const { shape } = this;
    const parts: string[] = [];
    if (isObjectType(type) || isInterfaceType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => depth < 5 || !isCompositeType(getNamedType(field.type)),
      );
      for (let count = 1 + shape.upTo(4); count > 0 && fields.length > 0; count--) {
        parts.push(this.field(shape.pick(fields), depth));
      }
    }
    if (isAbstractType(type)) {
      const types = [...schema.getPossibleTypes(type)];
      for (let count = 1 + shape.upTo(2); count > 0; count--) {
        const possible = shape.pick(types);
        parts.push(
          `... on ${possible.name}${this.directive()} ${this.selection(possible, depth + 1)}`,
        );
      }
    }
    if (isCompositeType(type) && depth > 0 && shape.once(8)) {
      const name = `F${this.fragments.length}`;
      // Its place is taken before what is in it takes the next.
      const at = this.fragments.push('') - 1;
      this.fragments[at] = `fragment ${name} on ${type.name} ${this.selection(type, depth + 1)}`;
      parts.push(`...${name}${this.directive()}`);
    }
    if (parts.length === 0 || shape.once(6)) parts.push('__typename');
    return ` { ${parts.join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const { shape } = this;
    const args = field.args
      .filter((arg) => isRequiredArgument(arg) || shape.once(4))
      .map((arg) => `${arg.name}: ${this.argument(arg)}`);
    // Two fields of one name must be the same one, so what has arguments gets a name of its own.
    const alias = args.length > 0 ? `f${shape.upTo(10_000)}: ` : '';
    const odd = alias === '' && shape.once(20) ? `${shape.pick(aliases)}: ` : alias;
    const type = getNamedType(field.type);
    const inner = isCompositeType(type) ? this.selection(type, depth + 1) : '';
    const given = args.length > 0 ? `(${args.join(', ')})` : '';
    return `${odd}${field.name}${given}${this.directive()}${inner}`;
  }

  private directive(): string {
    const { shape, content } = this;
    if (!shape.once(12)) return '';
    const name = shape.pick(['include', 'skip']);
    if (shape.once(2)) return ` @${name}(if: ${this.variable('Boolean!', content.once(2))})`;
    return ` @${name}(if: ${shape.pick(['true', 'false'])})`;
  }

  private argument(arg: GraphQLArgument): string {
    const { shape, content } = this;
    if (shape.upTo(3) > 0) return this.variable(String(arg.type), this.value(arg.type, content));
    return literal(this.value(arg.type, shape), arg.type);
  }

  private variable(type: string, value: unknown): string {
    const name = `v${this.variables.length}`;
    const isNullable = !type.endsWith('!');
    const byDefault = isNullable && this.shape.once(10) ? ' = null' : '';
    this.variables.push({ name, type, value, default: byDefault });
    return `$${name}`;
  }

  private value(type: GraphQLInputType, from: Tape, field = ''): unknown {
    if (isNonNullType(type)) return this.value(type.ofType, from, field);
    if (from.once(12)) return null;
    if (isListType(type)) {
      return Array.from({ length: from.upTo(4) }, () => this.value(type.ofType, from, field));
    }
    if (isEnumType(type)) return from.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (one: GraphQLInputField) => isRequiredInputField(one) || from.once(3),
      );
      return Object.fromEntries(
        fields.map((one) => [one.name, this.value(one.type, from, one.name)]),
      );
    }
    switch (type.name) {
      case 'Int':
        return from.pick([1, 2, 10, 100, 0, -1, 101, 2_147_483_647, -2_147_483_648]);
      case 'Boolean':
        return from.once(2);
      case 'ID':
        return from.pick(ids);
      default:
        return from.pick(texts);
    }
  }
}

/** A value as a document spells it. */
function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (value === null || value === undefined) return 'null';
  if (isListType(type)) {
    return `[${(value as unknown[]).map((item) => literal(item, type.ofType)).join(', ')}]`;
  }
  if (isEnumType(type)) return String(value);
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const members = Object.entries(value).map(
      ([name, item]) => `${name}: ${literal(item, fields[name]?.type as GraphQLInputType)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** Whether graphql itself finds nothing wrong with the document. */
export function isValid({ query }: GraphqlRequest): boolean {
  try {
    return validate(schema, parse(query)).length === 0;
  } catch {
    return false;
  }
}

const write = ([shape, content]: [Tape, Tape]) => new Writer(shape, content).write();

/** A document that is mostly valid. */
export const document: fc.Arbitrary<GraphqlRequest> = fc.tuple(tape, tape).map(write);

/** One of a few documents with ever other values: such that the service compiles them. */
export const knownDocument: fc.Arbitrary<GraphqlRequest> = fc.tuple(knownTape, tape).map(write);

/** A document that was valid, most of the time. */
export const mutatedDocument: fc.Arbitrary<GraphqlRequest> = fc
  .tuple(document, tape)
  .map(([request, mutation]) => ({ ...request, query: mutate(request.query, mutation) }));

/** A valid document with variables that may be none of their types. */
export const oddlyFilledDocument: fc.Arbitrary<GraphqlRequest> = fc
  .tuple(
    fc.oneof(document, knownDocument),
    fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }),
    tape,
  )
  .map(([request, values, where]) => {
    const variables = { ...request.variables };
    for (const value of values) {
      const name = where.pick([...Object.keys(variables), 'none', '__proto__']);
      const old = variables[name];
      if (old && typeof old === 'object' && where.once(2)) {
        variables[name] = { ...old, [where.pick([...Object.keys(old), 'none'])]: value };
      } else variables[name] = value;
    }
    return { ...request, variables };
  });

const manyFields = (count: number) => `{ ${'corporations { totalCount } '.repeat(count)} }`;
const deep = (count: number) => '{ a '.repeat(count) + '}'.repeat(count);

/** Documents that cost more to look at than to send. */
export const heavyDocument: fc.Arbitrary<GraphqlRequest> = fc
  .constantFrom(
    manyFields(400),
    manyFields(5000),
    deep(10),
    deep(2000),
    deep(100_000),
    `{ ${Array.from({ length: 800 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
    `{ __typename ${'@skip(if: false) '.repeat(900)} }`,
    `{ __typename @${'x'.repeat(50_000)} }`,
    `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`,
    `{ ${'...F '.repeat(1000)} } fragment F on Query { corporations { totalCount } }`,
    `{ ...F0 } ${Array.from({ length: 200 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F200 on Query { __typename }`,
    `query (${Array.from({ length: 1000 }, (_, n) => `$v${n}: Int`).join(' ')}) { __typename }`,
    `{ corporations { nodes { customers { nodes { corporation { customers { nodes { id } } } } } } } }`,
    `{ corporations(first: 100) { nodes { customers(first: 100) { nodes { id name } } } } }`,
    `{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`,
    `{ ${'__type(name: "Query") { fields { args { type { ofType { name } } } } } '.repeat(100)} }`,
    `{ customer(id: ${'['.repeat(3000)}${']'.repeat(3000)}) { id } }`,
    `{ customer(id: "${'\\u0041'.repeat(20_000)}") { id } }`,
    `mutation { ${Array.from({ length: 40 }, (_, n) => `a${n}: createCorporation(input: {legalName: "x", jurisdiction: "XX"}) { __typename }`).join(' ')} }`,
    `subscription { x }`,
    ``,
    `\ufeff{ __typename }`,
    `"""${'"'.repeat(5)}`,
    `{ __typename }\0`,
    `{ f(a: 1${'0'.repeat(5000)}) }`,
  )
  .map((query) => ({ query, variables: {}, operationName: null }));
