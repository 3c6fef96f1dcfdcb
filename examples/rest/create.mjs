// Creates a customer: TOKEN=clientele_… node examples/rest/create.mjs
const { TOKEN, URL = 'http://127.0.0.1:4000' } = process.env;

const response = await fetch(`${URL}/customers`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({
    corporation_id: 'corp_123',
    name: 'Acme Corporation',
    email: 'contact@acme.com',
    external_id: 'ext_456',
    shipping_address: {
      line1: '123 Main St',
      line2: 'Suite 100',
      city: 'San Francisco',
      state: 'CA',
      postal_code: '94105',
      country: 'US',
    },
  }),
});
const answer = await response.json();

if (response.ok) {
  console.log(`Created ${answer.id}: ${answer.name}`);
} else {
  console.error(`${answer.code}: ${answer.message}`);
  for (const { path, message } of answer.errors ?? []) console.error(`  ${path} ${message}`);
  process.exitCode = 1;
}
