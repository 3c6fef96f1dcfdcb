import type { SizeLimits } from '../../customers/service.js';

/** What one should know before the first call. */
export function introduction({ pageLimit, bulkLimit }: SizeLimits): string {
  return `
A **customer** belongs to a **corporation**; a **token** reaches some corporations or all of them. Bodies are JSON in UTF-8
with names in \`snake_case\`, times are whole seconds since 1970, and a write that was answered is on disk.

# The first call

The first start of a service prints a token; \`npm run -s clientele -- token create --all --name app\` makes more. The samples take it from
\`TOKEN\`, and from \`URL\` where the service is:

\`\`\`sh
export URL=http://127.0.0.1:4000 TOKEN=clientele_…
\`\`\`
\`\`\`sh
curl "$URL/customers" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"corporation_id": "corp_123", "name": "Acme"}'
\`\`\`

Every path of customers and corporations is served under \`/api/v1\` too. Where there is a \`GET\` there is a \`HEAD\`.

# Authentication

Send \`Authorization: Bearer <token>\` with each request. Without a good token the answer is 401
\`UNAUTHENTICATED\`. A token may be for reading only: a write is then answered 403 \`FORBIDDEN\`. What a token
does not reach is answered as if it were not there.

# Safe retries

Give each write an \`Idempotency-Key\` of your own, such as a random UUID, and repeat the call with the same key when
the answer did not arrive or was 429, 500 or 503. For 24 hours the same key with the same input answers what the first call
answered, with \`Idempotent-Replayed: true\`, and does nothing. With another input it is answered 422
\`IDEMPOTENCY_MISMATCH\`; while the first call is still being worked on, 409 \`IDEMPOTENCY_IN_FLIGHT\`.

# Lost updates

A customer has a \`version\`, which grows by one with each change, and which is its \`ETag\` too. Send the \`ETag\` that you
saw as \`If-Match\` with a change: if somebody else was faster, nothing is done and the answer is 412 \`VERSION_MISMATCH\`
with the customer as it is now in \`current\`. \`If-None-Match\` on \`GET\` answers 304 while the customer is the same.

# Lists

Lists begin with the newest. \`limit\` is 1 to ${pageLimit}. As long as \`cursor\` in the reply is not null there is more: send it back as
\`cursor\`, beside the same filters. Customers that come or go between two pages never make another be skipped or repeated. To create many
at once, send up to ${bulkLimit} to \`POST /customers/bulk\`.

# Errors

Every error is a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), \`application/problem+json\`) with a \`code\` for
programs, a \`message\` for people, and the \`request_id\` that the log has. \`INVALID_INPUT\` tells all that is wrong at once in \`errors\`, each with
the \`path\` to the field as you spelled it. An unknown field is an error too, and so is an unknown parameter where a call takes parameters. Any path answers a method
that it does not have with 405 \`METHOD_NOT_ALLOWED\` and \`Allow\`, and a path that is not there is 404 \`NOT_FOUND\`.

Replies may get more fields, and errors more codes, in later versions: ignore fields that you do not know, and go by the status
where you do not know the code.
`.trim();
}
