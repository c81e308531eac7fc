/** What an action does, in the words of AWS's Service Authorization Reference, from least to most. */
export type AccessLevel = 'list' | 'read' | 'write' | 'permissions' | 'tagging';

export const accessLevels: readonly AccessLevel[] = ['list', 'read', 'write', 'permissions', 'tagging'];

/**
 * The data as scripts/iamData.mjs packs it.
 * A service: its prefix, its name, its kinds of resources (name and ARN, `~` for `arn:…:<prefix>:…:…:`, `${}` for what a
 * resource fills in), and its actions in groups: `w0.2` is "write, on the kinds 0 and 2", `w` "on no resource", `w?` "on
 * what the data does not say"; the names follow, with spaces between.
 */
export interface PackedActions {
  readonly version: 1;
  /** The day of the data, `2026-09-26`. */
  readonly date: string;
  readonly source: string;
  readonly license: string;
  readonly services: readonly PackedService[];
}

export type PackedService = readonly [
  prefix: string,
  name: string,
  types: readonly (readonly [name: string, arn: string])[],
  groups: readonly (readonly [key: string, names: string])[],
];

export interface Action {
  /** The service's prefix: `s3`. */
  readonly service: string;
  /** As AWS writes it: `GetObject`. */
  readonly name: string;
  readonly level: AccessLevel;
  /** The kinds of resources it acts on. Empty: on none, so that only `*` allows it. `any`: the data does not say. */
  readonly on: readonly ResourceKind[] | 'any';
}

/** A kind of resource, with the shapes of its ARNs. */
export interface ResourceKind {
  readonly service: string;
  /** `bucket`, `log group`. */
  readonly name: string;
  /** ARNs with `${}` for each part that a resource fills in. */
  readonly arns: readonly string[];
  /** True when what stands last may hold slashes, since no other kind of the service begins alike. */
  readonly deep: boolean;
}

export interface Service {
  readonly prefix: string;
  /** Short: `S3`, `Lambda`. */
  readonly name: string;
  readonly actions: readonly Action[];
  /** By name in small letters. */
  readonly byName: ReadonlyMap<string, Action>;
}

/** All actions that AWS publishes. Services are unpacked when first asked for. */
export class Catalogue {
  /** The day of the data. */
  readonly date: string;
  readonly source: string;
  private readonly packed: ReadonlyMap<string, PackedService>;
  private readonly unpacked = new Map<string, Service>();

  constructor(data: PackedActions) {
    this.date = data.date;
    this.source = data.source;
    this.packed = new Map(data.services.map((service) => [service[0], service]));
  }

  /** @param prefix in small letters. */
  service(prefix: string): Service | undefined {
    const known = this.unpacked.get(prefix);
    if (known) return known;
    const packed = this.packed.get(prefix);
    if (!packed) return undefined;
    const service = unpack(packed);
    this.unpacked.set(prefix, service);
    return service;
  }

  *services(): Generator<Service> {
    for (const prefix of this.packed.keys()) yield this.service(prefix)!;
  }

  get prefixes(): Iterable<string> {
    return this.packed.keys();
  }
}

const levelOf: Readonly<Record<string, AccessLevel>> = { l: 'list', r: 'read', w: 'write', p: 'permissions', t: 'tagging' };

function unpack([prefix, name, types, groups]: PackedService): Service {
  const arns = types.map(([, arn]) => arn.split(/, *(?=arn:)/).map((one) => one.replace(/^~/, `arn:\${}:${prefix}:\${}:\${}:`)));
  const all = arns.flat();
  const kinds = types.map(([type], i): ResourceKind => ({
    service: prefix,
    name: type.replace(/[-_]/g, ' '),
    arns: arns[i]!,
    deep: !all.some((other) => arns[i]!.some((own) => other.startsWith(`${own}/`))),
  }));
  const actions = groups.flatMap(([key, names]) => {
    const level = levelOf[key[0]!] ?? 'write';
    const on =
      key[1] === '?'
        ? ('any' as const)
        : key
            .slice(1)
            .split('.')
            .filter(Boolean)
            .map((i) => kinds[Number(i)]!);
    return names.split(' ').map((action): Action => ({ service: prefix, name: action, level, on }));
  });
  return { prefix, name: shortName(prefix, name), actions, byName: new Map(actions.map((action) => [action.name.toLowerCase(), action])) };
}

/** Names that people use where AWS's own is long. */
const short: Readonly<Record<string, string>> = {
  iam: 'IAM',
  kms: 'KMS',
  sts: 'STS',
  logs: 'CloudWatch Logs',
  sns: 'SNS',
  ssm: 'Systems Manager',
  elasticloadbalancing: 'Elastic Load Balancing',
  eks: 'EKS',
  ecr: 'ECR',
  ecs: 'ECS',
  efs: 'EFS',
  elasticfilesystem: 'EFS',
  ec2: 'EC2',
  acm: 'Certificate Manager',
};

function shortName(prefix: string, name: string): string {
  return short[prefix] ?? (name.replace(/^(?:AWS|Amazon) ?/, '') || name);
}
