import type { Corporation as CorporationRecord } from '../corporations/corporation.js';
import { builder } from './builder.js';

export const Corporation = builder.objectRef<CorporationRecord>('Corporation');

builder.node(Corporation, {
  description: 'A company whose customers are kept here.',
  id: {
    resolve: (corporation) => corporation.id,
    description: 'Identifies the corporation: `corp_123`. Opaque: do not take it apart.',
  },
  loadOne: (id, { corporations, viewer }) => corporations.byId(viewer, id),
  fields: (t) => ({
    legalName: t.exposeString('legalName', {
      description: 'The name that the corporation is registered under: `Acme Holdings, Inc.`.',
    }),
    jurisdiction: t.exposeString('jurisdiction', {
      description: 'The country where it is registered, as ISO 3166-1 alpha-2 in upper case: `US`.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created here.',
    }),
  }),
});

builder.queryField('corporation', (t) =>
  t.field({
    type: Corporation,
    nullable: true,
    description:
      'Fetches a corporation by its id. Null when there is none, or when your token does not reach it.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the corporation: `corp_123`.' }),
    },
    resolve: (_root, { id }, { corporations, viewer }) => corporations.byId(viewer, id),
  }),
);
