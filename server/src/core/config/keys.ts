/** A key of pod-roles.yaml, with what the editor says of it. The schema in schemas/ holds the same words. */
export interface ConfigKey {
  readonly key: string;
  /** What it is for, in Markdown. */
  readonly doc: string;
  /** What its value is: how the editor writes the key. */
  readonly form: 'maps' | 'map' | 'texts' | 'text' | 'number' | 'boolean';
}

/** The keys at the top of the file. */
export const rootKeys = [
  {
    key: 'clusters',
    form: 'maps',
    doc: 'The EKS clusters that manifests of this repository are deployed to. Files of different clusters are never joined.',
  },
  { key: 'roles', form: 'map', doc: "Which file holds a role's trust policy: the role's ARN or name, and a path." },
  {
    key: 'rules',
    form: 'map',
    doc: 'How strictly each rule is applied: its id and a level.',
  },
  {
    key: 'ignore',
    form: 'texts',
    doc: 'Globs of files that are not checked. A glob without a slash names a file or folder anywhere; a folder takes everything below it.',
  },
  { key: 'overrides', form: 'maps', doc: 'Rule levels for some files; a later entry overrides an earlier one.' },
  {
    key: 'trustPolicyQuota',
    form: 'number',
    doc: "IAM's quota for the length of a role's trust policy, in characters without white space. Raise it here when AWS has raised it for your account.",
  },
  {
    key: 'snapshot',
    form: 'text',
    doc: 'Path of a file that `pod-roles snapshot` wrote: what AWS knew of roles, providers and clusters. Without this key, `pod-roles.snapshot.json` beside this file is taken.',
  },
  {
    key: 'documents',
    form: 'boolean',
    doc: 'Whether manifests and trust policies in code fences (Markdown, AsciiDoc, reStructuredText) and heredocs (shell) are checked, at level info: true everywhere, false nowhere. Without this key: in files that are open in an editor or named to the command line.',
  },
] as const satisfies readonly ConfigKey[];

/** The keys of one of `clusters`. */
export const clusterKeys = [
  { key: 'name', form: 'text', doc: "The cluster's name in EKS." },
  { key: 'account', form: 'text', doc: 'The AWS account that the cluster is in: 12 digits. Quote it when it begins with 0.' },
  { key: 'region', form: 'text', doc: "The cluster's region." },
  {
    key: 'issuer',
    form: 'text',
    doc: "The cluster's OIDC issuer, with or without https://. `aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer` prints it.",
  },
  { key: 'paths', form: 'texts', doc: 'Globs of the manifests that are deployed to this cluster.' },
  { key: 'namespace', form: 'text', doc: 'The namespace that manifests without one go to.' },
] as const satisfies readonly ConfigKey[];

/** The keys of one of `overrides`. */
export const overrideKeys = [
  { key: 'paths', form: 'texts', doc: 'Globs of the files.' },
  { key: 'rules', form: 'map', doc: 'How strictly each rule is applied: its id and a level.' },
] as const satisfies readonly ConfigKey[];

/** The keys of a map of the file, by the way to it from the root (list indices as numbers); none for a map whose keys are names. */
export function keysAt(path: readonly (string | number)[]): readonly ConfigKey[] {
  if (path.length === 0) return rootKeys;
  if (path.length !== 2 || typeof path[1] !== 'number') return [];
  return path[0] === 'clusters' ? clusterKeys : path[0] === 'overrides' ? overrideKeys : [];
}

/** True where a way leads to a map of rules: the file's own, or that of an override. */
export function isRulesMap(path: readonly (string | number)[]): boolean {
  return path.length === 1 ? path[0] === 'rules' : path.length === 3 && path[0] === 'overrides' && path[2] === 'rules';
}

/** The levels, with what each is for. */
export const levels = [
  { level: 'off', doc: 'not checked' },
  { level: 'info', doc: 'worth knowing' },
  { level: 'warning', doc: 'dangerous, or almost certainly a mistake' },
  { level: 'error', doc: "it can't work" },
] as const;
