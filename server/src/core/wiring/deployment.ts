import type { FilePath } from '../config/paths';

/** What a file's path says of where it is deployed to. Made once for each file. */
export interface Deployment {
  readonly path: FilePath;
  /** Clusters of pod-roles.yaml whose globs name the file. */
  readonly clusters: readonly string[];
  /** True for the input of a test, which is deployed nowhere. */
  readonly isTestData?: boolean;
}

/** Folders whose children are deployments of their own: siblings in them are never joined. */
const collections = new Set([
  'overlays',
  'environments',
  'envs',
  'clusters',
  'regions',
  'stages',
  'tenants',
  'accounts',
  'aws-accounts',
  'customers',
  'charts',
  'examples',
  'samples',
  'blueprints',
  'patterns',
  'variants',
]);

/** Children of such folders that say what kind of file they hold, or that they are for all: no deployment of their own. */
const kinds = new Set([
  'base',
  'bases',
  'common',
  'shared',
  'global',
  'default',
  'all',
  'components',
  'k8s',
  'kubernetes',
  'manifests',
  'deploy',
  'deployment',
  'iam',
  'aws',
  'trust',
  'policies',
  'roles',
  'terraform',
]);

/** More words that say what kind of files a folder holds, not what they are deployed as. */
const kindWords = new Set([
  ...kinds,
  ...['tf', 'infra', 'infrastructure', 'helm', 'charts', 'gitops', 'argocd', 'argo', 'flux', 'modules', 'apps', 'applications'],
  ...['services', 'platform', 'irsa', 'rbac', 'addons', 'controllers', 'system', 'security', 'cdk', 'cloudformation', 'cfn'],
  ...['pulumi', 'crossplane', 'ack', 'ops', 'config', 'manifest', 'deployments', 'role', 'policy', 'identity', 'pod', 'accounts'],
]);

/** True for a folder whose whole name says what kind of files it holds (`k8s`, `iam-roles`): it has no deployment of its own. */
export function isKindOfFile(folder: string): boolean {
  return folder
    .toLowerCase()
    .split(/[-_.]/)
    .every((word) => kindWords.has(word));
}

/** One name for each spelling of an environment. */
const environments: ReadonlyMap<string, string> = new Map(
  [
    ['dev', 'develop', 'development', 'devel'],
    ['prod', 'production', 'prd', 'live'],
    ['staging', 'stage', 'stg'],
    ['test', 'testing', 'tst'],
    ['qa'],
    ['uat'],
    ['sandbox', 'sbx'],
    ['preprod', 'preproduction'],
    ['nonprod'],
    ['integration'],
    ['canary'],
    ['perf'],
    ['dr'],
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
  const [ours, theirs] = [saidBy(a), saidBy(b)];
  if (a.clusters.length > 0 && b.clusters.length > 0 && !a.clusters.some((name) => b.clusters.includes(name))) return false;
  if (a.isTestData !== b.isTestData) return false;
  const { folders: left } = a.path;
  const { folders: right } = b.path;
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
  const parent = ours.lower[shared - 1];
  const [first, second] = [ours.lower[shared], theirs.lower[shared]];
  if (
    first !== undefined &&
    second !== undefined &&
    parent !== undefined &&
    collections.has(parent) &&
    !kinds.has(first) &&
    !kinds.has(second)
  )
    return false;
  if (ours.hasTemplates && theirs.hasTemplates && differentCharts(left.slice(shared), right.slice(shared))) return false;
  return (
    !disjoint(ours.environments, theirs.environments, shared) &&
    !disjoint(ours.regions, theirs.regions, shared) &&
    !disjoint(ours.accounts, theirs.accounts, shared)
  );
}

/** What the folders of a path say, and its name behind them: [the place in the path, what it says], ascending. */
type Said = readonly (readonly [number, string])[];

interface SaidByPath {
  readonly lower: readonly string[];
  readonly hasTemplates: boolean;
  readonly environments: Said;
  readonly regions: Said;
  readonly accounts: Said;
}

const said = new WeakMap<Deployment, SaidByPath>();

/** What a path says by itself: read once, for a file is compared with all that share a name with it. */
function saidBy(deployment: Deployment): SaidByPath {
  let known = said.get(deployment);
  if (!known) {
    const { folders, name } = deployment.path;
    const segments = [...folders, stem(name)];
    const all = (say: (segment: string) => string | undefined): Said =>
      segments.flatMap((segment, i) => {
        const word = say(segment);
        return word === undefined ? [] : [[i, word] as const];
      });
    known = {
      lower: folders.map((folder) => folder.toLowerCase()),
      hasTemplates: folders.includes('templates'),
      environments: all(environmentOf),
      regions: all(regionOf),
      accounts: all(accountOf),
    };
    said.set(deployment, known);
  }
  return known;
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

/** True where both say something below the folders that they share, and never the same. */
function disjoint(left: Said, right: Said, shared: number): boolean {
  let both = false;
  for (const [i, own] of left) {
    if (i < shared) continue;
    for (const [j, other] of right) {
      if (j < shared) continue;
      if (own === other) return false;
      both = true;
    }
  }
  return both;
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
