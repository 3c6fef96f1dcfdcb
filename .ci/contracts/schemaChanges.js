import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  BreakingChangeType,
  buildASTSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  GraphQLSchema,
  parse,
  visit,
} from 'graphql';

/** What may go when it was deprecated before. */
const removals = new Set([
  BreakingChangeType.FIELD_REMOVED,
  BreakingChangeType.ARG_REMOVED,
  BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
  BreakingChangeType.TYPE_REMOVED,
]);

const base = findBase();
console.log(`schema.graphql compared with ${base.name}:`);
compare(git('show', `${base.commit}:schema.graphql`), readFileSync('schema.graphql', 'utf8'));

/**
 * The last tag, or else where this branch left main. HEAD is compared with what was before it, and
 * what is not committed yet with HEAD as well.
 */
function findBase() {
  if (git('rev-parse', '--is-shallow-repository') === 'true') {
    fail('This is a shallow clone, which has neither tags nor main: git fetch --unshallow --tags');
  }
  const isChanged = git('status', '--porcelain', 'schema.graphql') !== '';
  const latest = attempt('rev-parse', '--verify', isChanged ? 'HEAD' : 'HEAD^');
  if (latest === null) fail('There is no earlier commit to compare with.', 0);
  const tag = attempt('describe', '--tags', '--abbrev=0', latest);
  if (tag !== null) return { commit: tag, name: `the tag ${tag}` };
  const commit =
    attempt('merge-base', latest, 'origin/main') ?? attempt('merge-base', latest, 'main') ?? latest;
  return { commit, name: `the commit ${git('log', '-1', '--format=%h (%s)', commit)}` };
}

/** @param {string} before @param {string} after The text of both schemas. */
function compare(before, after) {
  const [old, current] = [buildSchema(before), buildSchema(after)];
  const isRemoval = (/** @type {import('graphql').BreakingChange} */ { type }) =>
    removals.has(type);
  const breaking = [
    ...findBreakingChanges(old, current).filter((change) => !isRemoval(change)),
    ...findBreakingChanges(withoutDeprecated(before), current).filter(isRemoval),
  ];
  const dangerous = findDangerousChanges(old, current);
  for (const { description } of breaking) console.log(`  breaking: ${description}`);
  for (const { description } of dangerous) console.log(`  dangerous: ${description}`);
  if (breaking.length === 0) console.log('  nothing breaking');
  else fail('Deprecate what is to go, and remove it after the next release.');
}

/** The schema without what is deprecated in it, and the types that nothing else leads to. */
function withoutDeprecated(/** @type {string} */ text) {
  const kept = visit(parse(text), {
    enter: (node) =>
      'directives' in node && node.directives?.some(({ name }) => name.value === 'deprecated')
        ? null
        : undefined,
  });
  return new GraphQLSchema({ ...buildASTSchema(kept).toConfig(), types: [] });
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** @param {string[]} args */
function attempt(...args) {
  try {
    return git(...args);
  } catch {
    return null;
  }
}

/** @param {string} message @returns {never} */
function fail(message, code = 1) {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}
