import { describe, expect, test } from 'vitest';
import { defaultBulkLimit } from '../src/customers/input.js';
import { defaultPageLimit } from '../src/paging.js';
import { createDocument } from '../src/rest/openapi/document.js';

describe('docs/openapi.json', () => {
  test('is what the code makes, with the limits that are the defaults', async () => {
    const document = createDocument({ pageLimit: defaultPageLimit, bulkLimit: defaultBulkLimit });
    const text = `${JSON.stringify(document, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../docs/openapi.json');
  });
});
