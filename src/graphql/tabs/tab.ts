/** An operation that GraphiQL opens with, in a tab of its own. */
export type Tab = {
  /** The name of the operation, which is the tab's title too. */
  name: string;
  /** The document; comments at its top say what to do and what is seen then. */
  query: string;
  /** As JSON, laid out for people. */
  variables: string;
};

/** The corporation and the values that differ from one opening of the page to the next. */
export type TabValues = { corporationId: string; idempotencyKey: string };

export function variables(value: Record<string, unknown>): string {
  return JSON.stringify(value, null, 2);
}
