/** How severe a finding of a rule is; `off`: the rule is not run. */
export type Level = 'error' | 'warning' | 'info' | 'off';

/** What a user may set: pod-roles.yaml, the editor's settings or flags, merged. */
export interface Settings {
  /** Rule id → level. */
  readonly rules: Readonly<Record<string, Level>>;
  /** Globs of paths (relative to the config's folder, or to the workspace) that are not checked. */
  readonly ignore: readonly string[];
  /** Per path glob: rules turned off there. */
  readonly overrides: readonly { readonly paths: readonly string[]; readonly rules: Readonly<Record<string, Level>> }[];
  readonly clusters: readonly ClusterSetting[];
  /** Role ARN or name → path of its trust policy, relative to the config's folder. */
  readonly roles: Readonly<Record<string, string>>;
  /** IAM's quota for trust policies, in characters without white space. */
  readonly trustPolicyQuota: number;
  /** Path of a snapshot of AWS, relative to the config's folder; absent: the one beside the config, if there is one. */
  readonly snapshot?: string;
  /**
   * What is embedded in documentation and scripts: true checks it everywhere, false nowhere. Absent: in files that are open
   * in an editor, or named to the command line.
   */
  readonly documents?: boolean;
  /** The folder that globs and paths count from, as a URI without a trailing slash. */
  readonly base?: string;
}

export interface ClusterSetting {
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
  /** Without `https://`. */
  readonly issuer?: string;
  /** Globs of the manifests that are deployed to it. */
  readonly paths: readonly string[];
  /** Namespace that manifests without one go to. */
  readonly namespace?: string;
}

export const defaultSettings: Settings = {
  rules: {},
  ignore: [],
  overrides: [],
  clusters: [],
  roles: {},
  trustPolicyQuota: 2048,
};
