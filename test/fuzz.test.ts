import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAnswer } from './fuzz/answers.js';
import { Connections } from './fuzz/connection.js';
import { Report } from './fuzz/report.js';
import { type Attempt, anyAttempt, smuggled, tokenPlaceholder } from './fuzz/requests.js';
import { brokenRules } from './fuzz/rows.js';
import { FuzzedService } from './fuzz/service.js';
import { privateText } from './fuzz/values.js';
import { useFolder } from './support/command.js';
import { storageKind } from './support/database.js';
import { customerFields } from './support/faces.js';
import type { Json } from './support/service.js';

const wanted = Number(process.env.FUZZ_RUNS ?? 2000);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);

/** How many batches are tried before the customers that requests know of are put back. */
const batchesInRound = 25;

/** How long, in ms, the service may work without looking at what else there is to do. */
const longestStall = 1000;

/** How a document that is valid but asks for too much is refused. */
const limits = /at most \d+ are allowed|limit/i;

describe('whatever is sent', () => {
  const folder = useFolder();
  const report = new Report();
  const startedAt = Date.now();
  let service: FuzzedService;
  let connections: Connections;
  let ended: Awaited<ReturnType<FuzzedService['stop']>>;
  let logs: Json[];

  let failure: unknown = null;

  beforeAll(
    async () => {
      service = await FuzzedService.start(folder);
      connections = new Connections(service.address);
      service.measure();
      try {
        await sendAll();
      } catch (error) {
        failure = error;
      } finally {
        connections.close();
        ended = await service.stop();
        logs = service.logs();
      }
      console.log(report.print(seed, ended.stalls));
    },
    60_000 + wanted * 20,
  );

  // Also when it took too long; one that has ended already does not mind.
  afterAll(async () => {
    await service.stop();
    await service.forget();
  });

  async function sendAll(): Promise<void> {
    const batch = fc.array(anyAttempt, { minLength: 1, maxLength: 64, size: 'max' });
    for (let round = 0; report.tried < wanted; round++) {
      await service.restoreKnown();
      await fc.assert(
        fc.asyncProperty(batch, async (attempts) => {
          const bodies = (await Promise.all(attempts.map(send))).flat();
          await expectThere(bodies.flatMap(createdIn));
        }),
        {
          seed: seed + round,
          // The failure names the one request that it is about, which is small as it is.
          endOnFailure: true,
          numRuns: Math.min(batchesInRound, Math.ceil((wanted - report.tried) / 32)),
        },
      );
    }
  }

  async function send(attempt: Attempt): Promise<Json[]> {
    const bytes = Buffer.from(attempt.bytes.replaceAll(tokenPlaceholder, service.token), 'latin1');
    const { isRaw = false, isHead = false, isValid = false } = attempt.options;
    try {
      const answers = isRaw
        ? await connections.askRaw(bytes)
        : [await connections.ask(bytes, isHead)];
      const sent = bytes.toString();
      const found = answers.map((answer) => checkAnswer(answer, sent, isHead));
      const code = codeOf(found[0] ?? null);
      if (isValid && code === 'GRAPHQL_VALIDATION_FAILED') {
        for (const { message } of found[0]?.errors ?? []) expect(message).toMatch(limits);
      }
      report.add(attempt.kind, answers, code);
      return found.filter((json) => json !== null);
    } catch (error) {
      // A batch that failed does not say which of it did.
      throw new Error(`${fc.stringify(attempt)}\n${(error as Error).message}`, { cause: error });
    }
  }

  async function ask(method: string, target: string, body?: unknown): Promise<Json> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${target} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${service.token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    const answer = await connections.ask(Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`), false);
    return JSON.parse(answer.body.toString());
  }

  /** Reads what was answered as created back by both faces; it is as it was, or was changed since. */
  async function expectThere(created: Json[]): Promise<void> {
    for (let at = 0; at < created.length; at += 100) {
      const some = created.slice(at, at + 100);
      const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ...customer } } ${customerFields}`;
      const { data } = await ask('POST', '/graphql', {
        query,
        variables: { ids: some.map(({ id }) => id) },
      });
      for (const [n, customer] of some.entries()) {
        const { data: overRest } = await ask('GET', `/customers/${customer.id}`);
        const overGraphql = overGraphqlAsRest(data.nodes[n]);
        expect(overGraphql).toEqual(overRest);
        if (overRest.version === customer.version) expect(overRest).toEqual(customer);
        else expect(overRest.version).toBeGreaterThan(customer.version);
      }
    }
  }

  test(`is answered as the documentation says (SEED=${seed})`, () => {
    if (failure) throw failure;
  });

  test('was of every kind, and good enough to be understood', () => {
    expect(report.tried).toBeGreaterThanOrEqual(wanted);
    const documents = report.kindCount('GraphQL document');
    expect(documents).toBeGreaterThan(0);
    expect(report.codeCount('GRAPHQL_VALIDATION_FAILED')).toBeLessThan(report.tried / 4);
    expect(report.codeCount('data')).toBeGreaterThan(report.tried / 10);
    expect(report.codeCount('created')).toBeGreaterThan(report.tried / 20);
  });

  test('the service goes on, and ends as it should', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('never holds the event loop up for long', () => {
    expect(ended.stalls.work).toBeLessThan(longestStall);
  });

  test('leaves no customer that breaks a rule', async () => {
    const rows = await service.rows('select * from customers');
    expect(rows.length).toBeGreaterThan(0);
    expect(brokenRules(rows, { from: startedAt, to: Date.now() })).toEqual([]);
    expect(
      await service.rows(
        `select corporation_id, external_id from customers where external_id is not null
         group by corporation_id, external_id having count(*) > 1`,
      ),
    ).toEqual([]);
    expect(
      await service.rows(
        'select id from customers where corporation_id not in (select id from corporations)',
      ),
    ).toEqual([]);
    const corporations = await service.rows('select id from corporations');
    const there = new Map<string, number>(corporations.map(({ id }) => [id, 0]));
    for (const { corporation_id: id } of rows) there.set(id, (there.get(id) ?? 0) + 1);
    expect(await service.totals([...there.keys()])).toEqual(there);
    if (storageKind === 'sqlite') {
      expect(await service.rows('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    }
  });

  test('brings no request in behind another', async () => {
    expect(await service.rows(`select id from customers where name = '${smuggled}'`)).toEqual([]);
  });

  test('is logged without a fault, a token or anything of a customer', () => {
    expect(logs.length).toBeGreaterThan(wanted / 2);
    expect(logs.filter(({ level }) => level !== 'info')).toEqual([]);
    const text = JSON.stringify(logs);
    expect(text).not.toContain(service.token);
    expect(text).not.toContain(privateText);
  });
});

/** The code of the error, or what was done where there is none; null where the body is no JSON. */
function codeOf(json: Json | null): string | null {
  if (!json) return null;
  const code = json.code ?? json.errors?.[0]?.extensions?.code;
  if (code) return code;
  if (createdIn(json).length > 0) return 'created';
  return json.data ? 'data' : 'other';
}

/** The customers that were made just now, as far as an answer shows them whole, in REST's spelling. */
function createdIn({ data, message }: Json): Json[] {
  if (message === 'Successfully created customer.') return [data];
  if (Array.isArray(data?.results)) {
    return data.results.flatMap(({ customer }: Json) => customer ?? []);
  }
  const results = [data?.createCustomer, data?.createCustomers].flat();
  return results
    .map((result) => result?.customer)
    .filter((customer) => customer?.updatedAt && customer.sourcePlatformId !== undefined)
    .map(overGraphqlAsRest);
}

const toSeconds = (time: string) => Math.floor(Date.parse(time) / 1000);

function overGraphqlAsRest(customer: Json): Json {
  const { corporationId, createdAt, externalId, shippingAddress, ...others } = customer;
  const { sourcePlatform, sourcePlatformId, updatedAt, ...same } = others;
  const { postalCode, ...lines } = shippingAddress ?? {};
  return {
    ...same,
    corporation_id: corporationId,
    created_at: toSeconds(createdAt),
    external_id: externalId,
    shipping_address: shippingAddress && { ...lines, postal_code: postalCode },
    source_platform: sourcePlatform,
    source_platform_id: sourcePlatformId,
    updated_at: toSeconds(updatedAt),
  };
}
