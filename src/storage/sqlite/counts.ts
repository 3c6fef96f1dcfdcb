import type { Database } from 'better-sqlite3';

export type Counts = ReturnType<typeof createCounts>;

/**
 * How many customers there are, without a look at each: many are counted at once when they have come,
 * and few are left to be counted with each total. The SQL is written by hand, since
 * `prepareGet` reads plain columns alone.
 */
export function createCounts(sqlite: Database) {
  const selectCount = sqlite
    .prepare<{ corporationId: string }, number>(
      // The plus keeps SQLite from going through the whole corporation instead.
      `select coalesce((select count from customer_counts where corporation_id = $corporationId), 0)
         + (select count(*) from customers
            where seq > (select counted_through from customer_counts_state)
              and +corporation_id = $corporationId)`,
    )
    .pluck();
  const updateState = sqlite.prepare<[number]>(
    'update customer_counts_state set counted_through = max(counted_through, ?)',
  );

  return {
    /** How many customers a corporation has. */
    ofCorporation: (corporationId: string): number => selectCount.get({ corporationId }) ?? 0,

    /** Counts those up to this `seq` once and for all. A million take some 300 ms. */
    countThrough(seq: number): void {
      updateState.run(seq);
    },
  };
}
