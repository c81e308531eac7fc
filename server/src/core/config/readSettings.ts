import { clusterKeys, levels, overrideKeys, rootKeys } from './keys';
import { isNothing, kindOf, placeOf, ProblemList, replacing, type SettingsProblem } from './problems';
import { defaultSettings, type ClusterSetting, type Level, type Settings } from './settings';
import { parseRoleArn, roleNamePattern } from '../model/arn';
import { isNamespaceName } from '../model/subject';
import { readSourceFile } from '../documents/readSourceFile';
import type { Entry, Node } from '../syntax/tree';
import { nearest } from '../text/nearest';
import { plain } from '../text/texts';

export type { SettingsProblem } from './problems';

export interface ReadSettings {
  /** What could be read; a part that is wrong counts as not there. */
  readonly settings: Settings;
  /** Each is an error: a front that cannot go on with part of the settings stops. In the order of the file. */
  readonly problems: readonly SettingsProblem[];
}

export interface ReadOptions {
  /** The ids that `rules:` may name; without them any id is accepted. */
  readonly ruleIds?: readonly string[];
  /**
   * Tells whether a file exists, by its path relative to the file's folder as written: what `roles` and `snapshot` name and
   * does not exist is then a problem. Without it nothing is said of files.
   */
  readonly exists?: (path: string) => boolean;
}

const keysOf = <const K extends string>(keys: readonly { readonly key: K }[]): readonly K[] => keys.map(({ key }) => key);
const settingsKeys = keysOf(rootKeys);

const levelNames: readonly string[] = levels.map(({ level }) => level);

/** IAM's bounds for the quota: characters of a trust policy, by default and with the highest raise that is reported. */
const quotaBounds = [1, 131_072] as const;

/** Reads pod-roles.yaml (or the same as JSON). Never throws. Globs and paths count from the file's folder. */
export function readSettings(text: string, uri: string, options: ReadOptions = {}): ReadSettings {
  const documents = readSourceFile(uri, text, /\.jsonc?$/i.test(uri) ? 'json' : 'yaml').documents;
  const trees = documents.map((document) => ({ document, tree: document.tree() }));
  const filled = trees.filter(({ tree }) => tree.problems.length > 0 || (tree.root && !isNothing(tree.root)));
  const [first, second] = filled;
  const problems = new ProblemList(text, first?.document.ref.start ?? 0);
  const base = uri.replace(/\/[^/]*$/, '');
  if (!first) return { settings: { ...defaultSettings, base }, problems: [] };
  for (const problem of first.tree.problems) problems.add(problem.span, sentence(problem.message));
  if (second) {
    const start = second.document.ref.start - first.document.ref.start;
    problems.add({ start, end: start + 3 }, 'This file can contain only one document; the others are skipped.');
  }
  const read = first.tree.root ? new Reading(problems, options).settings(first.tree.root) : {};
  return { settings: { ...defaultSettings, ...read, base }, problems: problems.all.sort((a, b) => a.span.start - b.span.start) };
}

class Reading {
  constructor(
    private readonly problems: ProblemList,
    private readonly options: ReadOptions,
  ) {}

  settings(root: Node): Partial<Settings> {
    const entries = this.problems.entries(root, 'this file', settingsKeys);
    const of = <T>(key: (typeof settingsKeys)[number], read: (entry: Entry) => T): T | undefined => {
      const entry = entries.get(key);
      return entry && read(entry);
    };
    const found: { -readonly [K in keyof Settings]?: Settings[K] | undefined } = {
      clusters: of('clusters', (entry) => this.clusters(entry)),
      roles: of('roles', (entry) => this.roles(entry)),
      rules: of('rules', (entry) => this.rules(entry)),
      ignore: of('ignore', (entry) => this.problems.texts(entry, 'globs')),
      overrides: of('overrides', (entry) => this.problems.items(entry, 'overrides').flatMap((item) => this.override(item))),
      trustPolicyQuota: of('trustPolicyQuota', (entry) => this.quota(entry)),
      snapshot: of('snapshot', (entry) => this.file(entry)),
      documents: of('documents', (entry) => this.yesOrNo(entry)),
    };
    return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  }

  private file({ key, value }: Entry): string | undefined {
    const path = value && !isNothing(value) ? this.problems.text(value, key.value) : undefined;
    if (path !== undefined) this.mustExist(value!, path);
    return path;
  }

  private mustExist(value: Node, path: string): void {
    if (this.options.exists?.(path) === false) this.problems.add(placeOf(value), `The file "${path}" doesn't exist.`);
  }

  private clusters(entry: Entry): ClusterSetting[] {
    const names = new Set<string>();
    return this.problems.items(entry, 'clusters').flatMap((item) => {
      const entries = this.problems.entries(item, 'a cluster', keysOf(clusterKeys));
      if (item.kind !== 'map') return [];
      const name = this.value(
        entries,
        'name',
        (text) => /^[0-9A-Za-z][\w-]{0,99}$/.test(text),
        'an EKS cluster name: letters, digits, "-" and "_", at most 100',
      );
      if (!entries.has('name')) this.problems.add(item.span, 'A cluster needs a name.');
      if (name === undefined) return [];
      if (names.has(name)) this.problems.add(placeOf(entries.get('name')!.value!), `The cluster "${name}" is set twice.`);
      names.add(name);
      const account = this.value(entries, 'account', (text) => /^\d{12}$/.test(text), 'an AWS account id: 12 digits');
      const region = this.value(entries, 'region', (text) => /^[a-z]+(-[a-z]+)+-\d+$/.test(text), 'a region such as eu-west-1');
      const issuer = this.value(
        entries,
        'issuer',
        (text) => /^(https:\/\/)?[a-z0-9.-]+(:\d+)?(\/[^\s?#]*)?$/i.test(text),
        'an issuer such as oidc.eks.eu-west-1.amazonaws.com/id/…',
      );
      const namespace = this.value(
        entries,
        'namespace',
        isNamespaceName,
        'a namespace that Kubernetes takes: lower-case letters, digits and "-"',
      );
      const paths = entries.get('paths');
      return [
        {
          name,
          paths: paths ? this.problems.texts(paths, 'globs') : [],
          ...(account === undefined ? {} : { account }),
          ...(region === undefined ? {} : { region }),
          ...(issuer === undefined ? {} : { issuer: issuer.replace(/^https:\/\//i, '').replace(/\/$/, '') }),
          ...(namespace === undefined ? {} : { namespace }),
        },
      ];
    });
  }

  /** One text of a map, held to its form; `form` says what it must be. */
  private value(entries: ReadonlyMap<string, Entry>, key: string, fits: (text: string) => boolean, form: string): string | undefined {
    const value = entries.get(key)?.value;
    if (!value || isNothing(value)) return undefined;
    // An account id without quotes is a number to YAML; as written it is what is meant.
    if (value.kind === 'scalar' && value.type !== 'boolean' && fits(value.value.trim())) return value.value.trim();
    this.problems.add(placeOf(value), `"${key}" must be ${form}, not ${kindOf(value)}.`);
    return undefined;
  }

  private roles(entry: Entry): Record<string, string> {
    const found: Record<string, string> = {};
    if (!entry.value) return found;
    for (const { key, value } of this.problems.map(entry.value, 'the value of "roles"')?.entries ?? []) {
      const name = key.value.trim();
      if (!parseRoleArn(plain(name)) && !roleNamePattern.test(name)) {
        this.problems.add(key.outer, `"${name}" is neither a role's ARN nor a role's name.`);
        continue;
      }
      if (Object.hasOwn(found, name)) this.problems.add(key.outer, `"${name}" is set twice.`);
      const path = value ? this.problems.text(value, name) : undefined;
      if (!value) this.problems.add(key.outer, `"${name}" needs the path of its trust policy.`);
      if (path === undefined) continue;
      this.mustExist(value!, path);
      define(found, name, path);
    }
    return found;
  }

  private rules(entry: Entry): Record<string, Level> {
    const found: Record<string, Level> = {};
    if (!entry.value) return found;
    for (const { key, value } of this.problems.map(entry.value, 'the value of "rules"')?.entries ?? []) {
      const id = key.value.trim();
      const { ruleIds } = this.options;
      if (ruleIds && !ruleIds.includes(id)) {
        const meant = nearest(id, ruleIds);
        this.problems.add(
          key.outer,
          `There is no rule "${id}". ${meant ? `Did you mean "${meant}"?` : '`pod-roles rules` lists them.'}`,
          replacing(key, meant),
        );
        continue;
      }
      const level = levelOf(value);
      if (level) {
        define(found, id, level);
        continue;
      }
      const meant = value?.kind === 'scalar' ? nearest(value.value.trim().toLowerCase(), levelNames) : undefined;
      this.problems.add(
        value ? placeOf(value) : key.outer,
        `The level of "${id}" must be error, warning, info or off, not ${value ? kindOf(value) : 'nothing'}.`,
        value?.kind === 'scalar' ? replacing(value, meant) : undefined,
      );
    }
    return found;
  }

  private override(item: Node): Settings['overrides'][number][] {
    const entries = this.problems.entries(item, 'an override', keysOf(overrideKeys));
    if (item.kind !== 'map') return [];
    const [paths, rules] = [entries.get('paths'), entries.get('rules')];
    if (!paths || !rules) {
      this.problems.add(item.span, `An override needs "${paths ? 'rules' : 'paths'}".`);
      return [];
    }
    return [{ paths: this.problems.texts(paths, 'globs'), rules: this.rules(rules) }];
  }

  private yesOrNo({ key, value }: Entry): boolean | undefined {
    if (!value || isNothing(value)) return undefined;
    if (value.kind === 'scalar' && value.type === 'boolean') return /^(true|yes|on|y)$/i.test(value.value);
    this.problems.add(placeOf(value), `"${key.value}" must be true or false, not ${kindOf(value)}.`);
    return undefined;
  }

  private quota(entry: Entry): number | undefined {
    const { value } = entry;
    if (!value || isNothing(value)) return undefined;
    const number = value.kind === 'scalar' && /^\d+$/.test(value.value) ? Number(value.value) : NaN;
    if (number >= quotaBounds[0] && number <= quotaBounds[1]) return number;
    this.problems.add(
      placeOf(value),
      `"trustPolicyQuota" must be a number of characters from ${quotaBounds[0]} to ${quotaBounds[1]}, not ${kindOf(value)}.`,
    );
    return undefined;
  }
}

/** A level as written; YAML reads a bare `off` as false. */
function levelOf(value: Node | undefined): Level | undefined {
  if (value?.kind !== 'scalar') return undefined;
  const word = value.type === 'boolean' && /^(off|false)$/i.test(value.value) ? 'off' : value.value;
  return levelNames.includes(word) ? (word as Level) : undefined;
}

/** Sets a key that may be `__proto__`. */
function define<V>(record: Record<string, V>, key: string, value: V): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function sentence(message: string): string {
  const text = message.trim();
  return /[.?]$/.test(text) ? text : `${text}.`;
}
