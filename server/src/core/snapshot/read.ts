import type {
  AwsAccount,
  AwsAssociation,
  AwsCluster,
  AwsFacts,
  AwsFargateProfile,
  AwsGap,
  AwsPolicy,
  AwsProvider,
  AwsRole,
} from '../model/aws';
import type { FargateSelector } from '../model/facts';
import { isAccountDetails, readAccountDetails } from './accountDetails';
import { documentText } from './documents';
import { ordered } from './order';
import { present, Values } from './values';

export interface ReadSnapshot {
  /** Undefined: the text is no snapshot, `problems` says why. */
  readonly facts?: AwsFacts;
  /** What is wrong, each a sentence with its place in the file. Parts that are wrong are left out. */
  readonly problems: readonly string[];
  /** How it is called where it is named: `snapshot of 2026-11-20`. */
  readonly label: string;
}

/**
 * Reads a snapshot (schemas/snapshot.schema.json), or what `aws iam get-account-authorization-details` prints.
 * Never throws.
 */
export function readSnapshot(text: string): ReadSnapshot {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // What is wrong with it is not said in the parser's words: they quote the text, and this may be any file.
    return { problems: ['It is not JSON. "pod-roles snapshot" writes one.'], label: 'snapshot' };
  }
  const values = new Values();
  if (isAccountDetails(json)) {
    const facts = readAccountDetails(json, values);
    return { ...(facts ? { facts } : {}), problems: values.problems, label: 'account details of the AWS CLI' };
  }
  const root = values.object(json, 'The snapshot');
  if (!root) return { problems: values.problems, label: 'snapshot' };
  if (root['version'] !== 1) {
    const given = root['version'];
    return {
      label: 'snapshot',
      problems: [
        typeof given === 'number'
          ? `It is a snapshot of version ${given}; this release reads version 1. Write it again with "pod-roles snapshot".`
          : 'This is not a snapshot: "version" is missing. "pod-roles snapshot" writes one.',
      ],
    };
  }
  if (!Array.isArray(root['accounts'])) values.problem('accounts must be a list.');
  const accounts = values.list(root['accounts'], 'accounts', (item, place) => account(values, item, place));
  const facts = ordered({ version: 1, accounts });
  return { facts, problems: values.problems, label: snapshotLabel(facts) };
}

/** Whether a text is a file that `pod-roles snapshot` wrote: only such a file is written over. Never throws. */
export function isSnapshot(text: string): boolean {
  try {
    const json = JSON.parse(text.replace(/^\uFEFF/, '')) as { version?: unknown; accounts?: unknown } | null;
    return (
      json !== null &&
      typeof json === 'object' &&
      json.version === 1 &&
      Array.isArray(json.accounts) &&
      json.accounts.every((each: unknown) => typeof each === 'object' && each !== null && 'id' in each)
    );
  } catch {
    return false;
  }
}

/** `snapshot of 2026-11-20`: by the oldest of its accounts. */
export function snapshotLabel(facts: AwsFacts): string {
  const [oldest] = facts.accounts
    .map(({ takenAt }) => takenAt)
    .filter((at) => /^\d{4}-\d\d-\d\d/.test(at))
    .sort();
  return oldest === undefined ? 'snapshot' : `snapshot of ${oldest.slice(0, 10)}`;
}

/** The lists of an account, by the call that fills them. */
const lists = [
  ['roles', 'iam:ListRoles'],
  ['providers', 'iam:ListOpenIDConnectProviders'],
  ['clusters', 'eks:ListClusters'],
  ['associations', 'eks:ListPodIdentityAssociations'],
] as const;

function account(values: Values, item: unknown, place: string): AwsAccount | undefined {
  const from = values.object(item, place);
  if (!from) return undefined;
  const id = values.text(from, 'id', place);
  if (id === undefined) return undefined;
  if (!/^\d{12}$/.test(id)) {
    values.problem(`${place}.id must be 12 digits.`);
    return undefined;
  }
  const list = <T>(key: string, read: (from: Readonly<Record<string, unknown>>, place: string) => T | undefined): T[] =>
    values.list(from[key], `${place}.${key}`, (each, at) => {
      const object = values.object(each, at);
      return object && read(object, at);
    });
  return {
    id,
    partition: values.optional(from, 'partition', place) ?? 'aws',
    takenAt: values.optional(from, 'takenAt', place) ?? '',
    roles: list('roles', (object, at) => role(values, object, at)),
    policies: list('policies', (object, at) => policy(values, object, at)),
    providers: list('providers', (object, at) => provider(values, object, at)),
    clusters: list('clusters', (object, at) => cluster(values, object, at)),
    associations: list('associations', (object, at) => association(values, object, at)),
    // A list that is not there at all is not known, which is not the same as empty.
    partial: [
      ...list('partial', (object, at) => gap(values, object, at)),
      ...lists.flatMap(([key, action]) => (key in from ? [] : [{ action, reason: 'not in the snapshot' }])),
    ],
    regions: texts(values, from, 'regions', place),
  };
}

type Source = Readonly<Record<string, unknown>>;

function role(values: Values, from: Source, place: string): AwsRole | undefined {
  const arn = values.text(from, 'arn', place);
  if (arn === undefined) return undefined;
  const match = /^arn:[^:]+:iam::\d{12}:role(\/(?:.*\/)?)([^/]+)$/.exec(arn);
  if (!match) {
    values.problem(`${place}.arn isn't a role ARN.`);
    return undefined;
  }
  const duration = from['maxSessionDuration'];
  return present({
    arn,
    name: match[2]!,
    path: match[1]!,
    description: values.optional(from, 'description', place),
    maxSessionDuration: typeof duration === 'number' ? duration : undefined,
    trustPolicy: documentText(from['trustPolicy']),
    permissionsBoundary: values.optional(from, 'permissionsBoundary', place),
    createdAt: values.optional(from, 'createdAt', place),
    lastUsed: values.optional(from, 'lastUsed', place),
    lastUsedRegion: values.optional(from, 'lastUsedRegion', place),
    tags: record(values, from, 'tags', place, text),
    attached: from['attached'] === undefined ? undefined : texts(values, from, 'attached', place),
    inline: record(values, from, 'inline', place, documentText),
    detail: from['detail'] === true,
  });
}

function policy(values: Values, from: Source, place: string): AwsPolicy | undefined {
  const arn = values.text(from, 'arn', place);
  return arn === undefined
    ? undefined
    : present({
        arn,
        name: values.optional(from, 'name', place) ?? arn.slice(arn.lastIndexOf('/') + 1),
        description: values.optional(from, 'description', place),
        document: documentText(from['document']),
        versionId: values.optional(from, 'versionId', place),
      });
}

function provider(values: Values, from: Source, place: string): AwsProvider | undefined {
  const arn = values.text(from, 'arn', place);
  if (arn === undefined) return undefined;
  const issuer = arn.split(':oidc-provider/')[1];
  if (!issuer) {
    values.problem(`${place}.arn isn't an OIDC provider ARN.`);
    return undefined;
  }
  return { arn, issuer: values.optional(from, 'issuer', place) ?? issuer, clientIds: texts(values, from, 'clientIds', place) };
}

function cluster(values: Values, from: Source, place: string): AwsCluster | undefined {
  const arn = values.text(from, 'arn', place);
  if (arn === undefined) return undefined;
  const match = /^arn:[^:]+:eks:([^:]+):\d{12}:cluster\/(.+)$/.exec(arn);
  if (!match) {
    values.problem(`${place}.arn isn't a cluster ARN.`);
    return undefined;
  }
  const truth = (key: string): boolean | undefined => {
    const value = from[key];
    return typeof value === 'boolean' ? value : undefined;
  };
  return present({
    arn,
    name: match[2]!,
    region: match[1]!,
    issuer: values.optional(from, 'issuer', place)?.replace(/^https:\/\//i, ''),
    kubernetesVersion: values.optional(from, 'kubernetesVersion', place),
    status: values.optional(from, 'status', place),
    podIdentityAgent: truth('podIdentityAgent'),
    autoMode: truth('autoMode'),
    hybridNodes: truth('hybridNodes'),
    fargateProfiles:
      from['fargateProfiles'] === undefined
        ? undefined
        : values.list(from['fargateProfiles'], `${place}.fargateProfiles`, (each, at) => profile(values, each, at)),
  });
}

function profile(values: Values, item: unknown, place: string): AwsFargateProfile | undefined {
  const from = values.object(item, place);
  const name = from && values.text(from, 'name', place);
  return name === undefined
    ? undefined
    : { name, selectors: values.list(from!['selectors'], `${place}.selectors`, (each, at) => selector(values, each, at)) };
}

/** One with a label that isn't read would select more pods than it does. */
function selector(values: Values, item: unknown, place: string): FargateSelector | undefined {
  const from = values.object(item, place);
  const namespace = from && values.text(from, 'namespace', place);
  const labels = namespace === undefined ? undefined : (record(values, from!, 'labels', place, text) ?? {});
  return labels && Object.keys(labels).length === Object.keys(from!['labels'] ?? {}).length ? { namespace: namespace!, labels } : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function association(values: Values, from: Source, place: string): AwsAssociation | undefined {
  const [id, clusterName, region, namespace, serviceAccount] = ['id', 'clusterName', 'region', 'namespace', 'serviceAccount'].map((key) =>
    values.text(from, key, place),
  );
  if (!id || !clusterName || !region || !namespace || !serviceAccount) return undefined;
  const disabled = from['sessionTagsDisabled'];
  return present({
    id,
    clusterName,
    region,
    namespace,
    serviceAccount,
    roleArn: values.optional(from, 'roleArn', place),
    targetRoleArn: values.optional(from, 'targetRoleArn', place),
    sessionTagsDisabled: typeof disabled === 'boolean' ? disabled : undefined,
    policy: documentText(from['policy']),
    externalId: values.optional(from, 'externalId', place),
    ownerArn: values.optional(from, 'ownerArn', place),
  });
}

function gap(values: Values, from: Source, place: string): AwsGap | undefined {
  const action = values.text(from, 'action', place);
  return action === undefined
    ? undefined
    : present({
        action,
        resource: values.optional(from, 'resource', place),
        reason: values.optional(from, 'reason', place) ?? 'not said',
      });
}

function texts(values: Values, from: Source, key: string, place: string): string[] {
  return values.list(from[key], `${place}.${key}`, (item, at) => {
    if (typeof item === 'string') return item;
    values.problem(`${at} must be a text.`);
    return undefined;
  });
}

function record(
  values: Values,
  from: Source,
  key: string,
  place: string,
  read: (value: unknown) => string | undefined,
): Record<string, string> | undefined {
  if (from[key] === undefined) return undefined;
  const object = values.object(from[key], `${place}.${key}`);
  if (!object) return undefined;
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const text = read(value);
      if (text === undefined) values.problem(`${place}.${key}[${JSON.stringify(name)}] must be a text.`);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
