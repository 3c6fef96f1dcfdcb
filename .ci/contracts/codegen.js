import { preset } from '@graphql-codegen/client-preset';

/** @type {(folder: string) => import('@graphql-codegen/plugin-helpers').Types.ConfiguredOutput} */
const client = (folder) => ({
  preset,
  documents: `${folder}/*.ts`,
  presetConfig: { fragmentMasking: false },
});

/**
 * Typed documents of the client preset, for all that calls the service from this repository. Run from
 * the root, which the paths are relative to.
 * @type {import('@graphql-codegen/cli').CodegenConfig}
 */
export default {
  schema: 'schema.graphql',
  config: {
    // As they come in JSON.
    scalars: { DateTime: 'string', ID: 'string' },
    strictScalars: true,
    useTypeImports: true,
  },
  importExtension: '.js',
  generates: {
    'examples/graphql/generated/': client('examples/graphql'),
    'test/clients/generated/': client('test/clients'),
  },
};
