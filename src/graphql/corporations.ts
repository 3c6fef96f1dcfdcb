import { builder } from './builder.js';
import { Corporation } from './corporation.js';
import { costOfPage, listOf } from './list.js';

builder.queryField('corporations', (t) =>
  t.connection(
    {
      type: Corporation,
      description: 'Lists the corporations that your token reaches, newest first, page by page.',
      complexity: costOfPage,
      resolve: (_root, args, { corporations, viewer }) => corporations.list(viewer, args),
    },
    listOf(Corporation, 'corporations'),
  ),
);
