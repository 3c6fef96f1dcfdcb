export type Answer = { status: number; text: string };

/** Sends one request, over a connection that is kept. */
export async function send(
  url: string,
  { token, body }: { token: string; body?: string },
): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
}

/** The data of a GraphQL operation. Throws when there are errors. */
export async function query<Data>(
  url: string,
  token: string,
  body: { query: string; variables?: Record<string, unknown> },
): Promise<Data> {
  const { text } = await send(`${url}/graphql`, { token, body: JSON.stringify(body) });
  const { data, errors } = JSON.parse(text) as { data?: Data; errors?: unknown };
  if (!data || errors) throw new Error(`${url}/graphql answered ${text.slice(0, 500)}`);
  return data;
}
