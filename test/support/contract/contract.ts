import { createDocument } from '../../../src/rest/openapi/document.js';
import type { Json, Reply } from '../client.js';
import { fromText, type Sent, wrongWithBody, wrongWithRequest } from './request.js';
import { createRouter } from './routes.js';
import { createValidator } from './validator.js';

/** Throws when a reply, or a request that was taken, is not as the document says. */
export type CheckExchange = (sent: Sent, reply: Reply) => void;

/**
 * Issues that a request may have though it is valid by the document: those for which JSON Schema has
 * no word, and those of limits that a service under test may have set narrower than the document.
 */
const unsaid = new Set([
  ...['NOT_FOUND', 'INVALID_CHARACTERS', 'INVALID_COUNTRY', 'INVALID_CURSOR', 'TOO_SHORT'],
  ...['OUT_OF_RANGE', 'TOO_MANY'],
]);

export function createContract(document: Json): CheckExchange {
  const route = createRouter(document);
  const validate = createValidator(document.components.schemas);
  const resolve = (node: Json): Json => {
    const [, section, name] = /^#\/components\/(\w+)\/(.+)$/.exec(node.$ref ?? '') ?? [];
    return section && name ? document.components[section][name] : node;
  };

  function wrongWithHeaders(documented: Json, headers: Headers): string[] {
    const wrong: string[] = [];
    for (const name of Object.keys(document.components.headers)) {
      const value = headers.get(name);
      const header = documented[name] && resolve(documented[name]);
      if (value === null) {
        if (header?.required) wrong.push(`lacks the header ${name}`);
        continue;
      }
      const found = header
        ? validate(header.schema, fromText([value], header.schema))
        : 'is not documented';
      if (found) wrong.push(`has the header ${name}: ${value}, which ${found}`);
    }
    return wrong;
  }

  function wrongWithContent(content: Json | undefined, { headers, body }: Reply): string[] {
    if (!content) return body === '' ? [] : ['has a body, and none is documented'];
    const type = headers.get('content-type') ?? '';
    const { schema } = content[type] ?? {};
    if (!schema) return [`is of the type ${type}, and ${Object.keys(content)} is documented`];
    // One of several errors is told by its code, for messages that say what is wrong with it.
    const codes: Json[] = schema.oneOf ?? [schema];
    const chosen = codes.find((each) => resolve(each).properties?.code?.const === body.code);
    if (!chosen && schema.oneOf) return [`has the code ${body.code}, which is not documented`];
    const found = validate(chosen ?? schema, body);
    return found === null ? [] : [`has a body that is wrong: ${found}`];
  }

  function wrongWithTaking(sent: Sent, operation: Json, { status, body }: Reply): string[] {
    if (operation.operationId === 'createCustomers' && status === 200) {
      const customers = (sent.json as Json).customers as Json[];
      return body.data.results.flatMap(({ status, error }: Json, index: number) => {
        const wrong = wrongWithBody(customerOfMany, customers[index], validate);
        return wrongWithAnswer(wrong, status, error, operation).map((text) => `${index} ${text}`);
      });
    }
    const wrong = wrongWithRequest(sent, operation, resolve, validate);
    return wrongWithAnswer(wrong, status, body, operation);
  }

  return (sent, reply) => {
    const { method, path } = sent;
    const found = method === 'OPTIONS' ? undefined : route(method, path);
    if (!found) return;
    const { operation } = found;
    const documented = operation
      ? operation.responses[reply.status]
      : reply.status === 405 && document.components.responses.MethodNotAllowed;
    if (!documented) throw refusal(sent, reply, ['has a status that is not documented']);
    const { headers = {}, content } = resolve(documented);
    const wrong = [
      ...wrongWithHeaders(headers, reply.headers),
      ...(method === 'HEAD' ? [] : wrongWithContent(content, reply)),
      ...(operation ? wrongWithTaking(sent, operation, reply) : []),
    ];
    if (wrong.length > 0) throw refusal(sent, reply, wrong);
  };
}

const customerOfMany = { $ref: '#/components/schemas/CreateCustomer' };

/** What is taken must be valid; what is valid must be taken, but for what no schema can say. */
function wrongWithAnswer(
  wrongRequest: string | null,
  status: number,
  problem: Json,
  { operationId }: Json,
): string[] {
  if (wrongRequest !== null) {
    return status < 300 ? [`took a request that is not valid: ${wrongRequest}`] : [];
  }
  if (problem?.code !== 'INVALID_INPUT') return [];
  // A body that says otherwise than the query is no matter of either schema.
  const mayContradict = operationId === 'upsertCustomer';
  return problem.errors
    .filter(({ code }: Json) => !unsaid.has(code) && !(mayContradict && code === 'UNKNOWN_FIELD'))
    .map(
      ({ path, code }: Json) => `refused a request that is valid: ${path} is said to be ${code}`,
    );
}

function refusal({ method, path, json }: Sent, reply: Reply, wrong: string[]): Error {
  const told = (value: unknown) => JSON.stringify(value)?.slice(0, 2000);
  return new Error(
    [
      `Not as docs/openapi.json says: ${method} ${path} answered ${reply.status}, and that reply`,
      ...wrong.map((each) => `  - ${each}`),
      `The request: ${told(json)}`,
      `The reply: ${told(reply.body)}`,
    ].join('\n'),
  );
}

let contract: CheckExchange | undefined;

/** By the document of a service that takes as much as any may be set to take. */
export const checkExchange: CheckExchange = (sent, reply) => {
  contract ??= createContract(createDocument({ pageLimit: 1000, bulkLimit: 5000 }));
  contract(sent, reply);
};
