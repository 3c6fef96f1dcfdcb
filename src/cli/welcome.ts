import type { RunningService } from '../start.js';

/**
 * What `serve` tells the person who started it: where to go, and what to paste. `clientele` is how the
 * command line is called from another terminal.
 */
export function welcome({ url, firstUse, graphiql }: RunningService, clientele: string): string {
  const lines = [`Clientele listens on ${url}`];
  lines.push('');
  if (graphiql) lines.push(`  GraphiQL:       ${url}/graphiql`);
  lines.push(`  REST reference: ${url}/docs`);
  if (firstUse) {
    lines.push(
      '',
      `The database was empty. It now has the corporation ${firstUse.corporationId} and a token that may`,
      'do everything. Keep the token: only its hash is stored, so it is never shown again.',
      '',
      `  ${firstUse.token}`,
      '',
      'Create a customer over REST:',
      '',
      curl(`${url}/customers`, firstUse.token, restExample(firstUse.corporationId)),
      '',
      'and over GraphQL:',
      '',
      curl(`${url}/graphql`, firstUse.token, graphqlExample(firstUse.corporationId)),
    );
  } else {
    lines.push(
      '',
      'Tokens are stored as hashes, so none can be shown again. To make another:',
      '',
      `  ${clientele} token create --all --name app`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function curl(url: string, token: string, body: string): string {
  return [
    `  curl ${url} \\`,
    `    -H 'Authorization: Bearer ${token}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${body}'`,
  ].join('\n');
}

/** The reference page's own request, without the external id, which could be used but once. */
function restExample(corporationId: string): string {
  return JSON.stringify({
    corporation_id: corporationId,
    name: 'Acme Corporation',
    email: 'contact@acme.com',
    shipping_address: {
      line1: '123 Main St',
      line2: 'Suite 100',
      city: 'San Francisco',
      state: 'CA',
      postal_code: '94105',
      country: 'US',
    },
  });
}

function graphqlExample(corporationId: string): string {
  return JSON.stringify({
    query:
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ' +
      '... on CreateCustomerSuccess { customer { id name createdAt } } ' +
      '... on InvalidInputError { issues { path message } } ' +
      '... on Error { code message } } }',
    variables: { input: { corporationId, name: 'Globex', email: 'hello@globex.example' } },
  });
}
