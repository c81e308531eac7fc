import type { FilePath } from '../config/paths';

/** What a file's path says of where it is deployed to. Made once for each file. */
export interface Deployment {
  readonly path: FilePath;
  /** Clusters of pod-roles.yaml whose globs name the file. */
  readonly clusters: readonly string[];
}

/** Folders whose children are deployments of their own: siblings in them are never joined. */
const collections = new Set([
  'overlays', 'environments', 'envs', 'clusters', 'regions', 'stages', 'tenants', 'accounts', 'aws-accounts', 'customers',
  'charts', 'examples', 'samples', 'blueprints', 'patterns', 'variants',
]);

/** Children of such folders that say what kind of file they hold, or that they are for all: no deployment of their own. */
const kinds = new Set([
  'base', 'bases', 'common', 'shared', 'global', 'default', 'all', 'components', 'k8s', 'kubernetes', 'manifests', 'deploy', 'deployment',
  'iam', 'aws', 'trust', 'policies', 'roles', 'terraform',
]);

/** One name for each spelling of an environment. */
const environments: ReadonlyMap<string, string> = new Map(
  [
    ['dev', 'develop', 'development', 'devel'],
    ['prod', 'production', 'prd', 'live'],
    ['staging', 'stage', 'stg'],
    ['test', 'testing', 'tst'],
    ['qa'], ['uat'], ['sandbox', 'sbx'], ['preprod', 'preproduction'], ['nonprod'], ['integration'], ['canary'], ['perf'], ['dr'],
  ].flatMap((names) => names.map((name) => [name, names[0]!] as const)),
);

const region = /(?:^|[-_.])((?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[a-z]?|de))?-[a-z]+-\d)(?=$|[-_.])/;
const account = /(?:^|[-_.])(\d{12})(?=$|[-_.])/;

/**
 * False when two files plainly belong to different deployments: siblings under `overlays/`, `charts/` and their
 * like; environments, regions or account ids that differ between their paths; templates of two charts; clusters of
 * pod-roles.yaml that have nothing in common. A file that says nothing (a `base/`) goes with all.
 */
export function sameDeployment(a: Deployment, b: Deployment): boolean {
  if (a === b) return true;
  if (a.clusters.length > 0 && b.clusters.length > 0 && !a.clusters.some((name) => b.clusters.includes(name))) return false;
  const { folders: left } = a.path;
  const { folders: right } = b.path;
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
  const [own, other] = [left.slice(shared), right.slice(shared)];
  const parent = left[shared - 1]?.toLowerCase();
  const [first, second] = [own[0]?.toLowerCase(), other[0]?.toLowerCase()];
  if (first !== undefined && second !== undefined && parent !== undefined && collections.has(parent) && !kinds.has(first) && !kinds.has(second)) return false;
  if (differentCharts(own, other)) return false;
  const names = [own, other].map((folders, i) => [...folders, stem((i === 0 ? a : b).path.name)]) as [string[], string[]];
  return !disjoint(names, environmentOf) && !disjoint(names, regionOf) && !disjoint(names, accountOf);
}

/** The account ids that a path's folders and name hold. */
export function accountsInPath(path: FilePath): string[] {
  return [...path.folders, stem(path.name)].flatMap((segment) => accountOf(segment) ?? []);
}

/** Two `templates` folders below different parents: each chart is rendered alone. */
function differentCharts(left: readonly string[], right: readonly string[]): boolean {
  const [a, b] = [left.indexOf('templates'), right.indexOf('templates')];
  return a > 0 && b > 0 && left.slice(0, a).join('/') !== right.slice(0, b).join('/');
}

function disjoint(names: readonly [readonly string[], readonly string[]], say: (segment: string) => string | undefined): boolean {
  const [left, right] = names.map((segments) => new Set(segments.flatMap((s) => say(s) ?? []))) as [Set<string>, Set<string>];
  return left.size > 0 && right.size > 0 && ![...left].some((value) => right.has(value));
}

function environmentOf(segment: string): string | undefined {
  const whole = segment.toLowerCase().replace(/^(pre|non)-(?=prod)/, '$1');
  const known = environments.get(whole);
  if (known) return known;
  const parts = whole.replace(/(^|[-_.])(pre|non)[-_.](?=prod)/, '$1$2').split(/[-_.]/);
  return environments.get(parts[parts.length - 1]!) ?? environments.get(parts[0]!);
}

function regionOf(segment: string): string | undefined {
  return region.exec(segment.toLowerCase())?.[1];
}

function accountOf(segment: string): string | undefined {
  return account.exec(segment)?.[1];
}

function stem(name: string): string {
  return name.replace(/(\.[a-z]+)+$/i, (extension) => extension.replace(/\.(ya?ml|jsonc?|tpl|tftpl|tmpl|j2|template)/gi, ''));
}
