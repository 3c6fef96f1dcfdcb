import { builder } from './builder.js';
import { CreateCustomerInput, CreateCustomerResult } from './createCustomer.js';

builder.mutationField('createCustomers', (t) =>
  t.field({
    type: [CreateCustomerResult],
    description:
      'Creates up to 500 customers in one commit, unless the operator set another limit. Each is answered on its own, in the order of the inputs, so that one that is refused keeps no other from being created; the paths of errors begin with `inputs` and the index: `["inputs", "7", "name"]`.',
    args: {
      inputs: t.arg({
        type: [CreateCustomerInput],
        required: true,
        description: 'The customers to create, 1 to 500 unless the operator set another limit.',
      }),
    },
    // Counted by what it writes too, so that one operation has a few of them at the most.
    complexity: ({ inputs }) => ({ field: 25_000, multiplier: inputs.length }),
    async resolve(_root, { inputs }, { customers, viewer }) {
      const calls = inputs.map(({ idempotencyKey, ...input }) => ({ input, idempotencyKey }));
      return (await customers.createMany(viewer, { inputs: calls })).results;
    },
  }),
);
