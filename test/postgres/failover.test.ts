import { afterEach, expect, test } from 'vitest';
import { PostgresCluster } from '../support/postgresCluster.js';
import { Served } from './served.js';

const name = 'failover';

/** How long, in ms, after the promotion each process may take to answer writes over each face. */
const recovery = 10_000;

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test.each([
  ['is still to take', (standby: PostgresCluster) => standby.pauseReceiving()],
  ['never has', (standby: PostgresCluster) => standby.detach()],
])(
  'what was answered outlives the primary, amid commits that its standby %s, and nothing is done twice',
  {
    timeout: 60_000,
  },
  async (_, cutOff) => {
    const primary = await PostgresCluster.start({
      synchronous_standby_names: 'standby',
      synchronous_commit: 'on',
    });
    ends.push(() => primary.stop());
    const standby = await primary.startStandby('standby');
    ends.push(() => standby.stop());
    await primary.ask(`create database ${name}`);
    expect(await primary.ask('select sync_state from pg_stat_replication')).toEqual({
      sync_state: 'sync',
    });

    const served = new Served(
      `postgres://clientele@${primary.address},${standby.address}/${name}?target_session_attrs=read-write`,
    );
    ends.push(() => served.end());
    const servings = [await served.start(), await served.start()];
    await served.begin();
    await served.answers(150);

    const resume = await cutOff(standby);
    await served.until(async () => {
      const sql =
        "select count(*)::integer as n from pg_stat_activity where wait_event = 'SyncRep'";
      return Number((await primary.ask(sql))?.n) > 0;
    });
    await primary.kill();
    resume?.();
    const killedAt = performance.now();
    const fared = served.processes.fared;
    expect(fared.size).toBe(4);
    const before = new Map([...fared].map(([of, { refused }]) => [of, refused]));
    await served.until(() =>
      [...fared].every(([of, { refused }]) => refused > (before.get(of) ?? 0)),
    );

    const promotedAt = performance.now();
    await standby.promote();
    const promoted = performance.now();
    await served.until(() =>
      [...fared.values()].every(({ lastAnswer }) => lastAnswer > promotedAt),
    );
    const recoveredAt = performance.now();
    await served.answers(150);

    const compared = await served.compare(`${standby.url}/${name}`);
    const figures = {
      seed: served.seed,
      ...served.figures,
      ...compared,
      'ms without a primary': promotedAt - killedAt,
      'ms of the promotion': promoted - promotedAt,
      'ms from the promotion until each process answers over each face': recoveredAt - promotedAt,
    };
    console.log(
      Object.entries(figures)
        .map(([of, n]) => `  ${of}: ${Math.round(n)}`)
        .join('\n'),
    );
    expect(recoveredAt - promotedAt).toBeLessThan(recovery);
    expect(compared.unknown).toBeGreaterThan(0);
    for (const serving of servings) expect(serving.output).not.toContain('"code":"INTERNAL"');
  },
);
