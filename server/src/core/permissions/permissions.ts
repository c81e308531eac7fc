import type { AwsRole } from '../model/aws';
import type { AwsIndex } from '../wiring/aws';
import { calloutsOf, type Callout } from './callouts';
import type { AccessLevel, Catalogue } from './catalogue';
import { effective, sortStatements, type Effective } from './effective';
import { sourcesOf, type PolicySource } from './sources';
import { statementsOf, type PermissionStatement } from './statements';
import { summaryOf, totals, type ServicePermissions } from './summary';

/**
 * What a role may do by its own policies. Policies of resources, of the organization and of the session are not
 * seen here: they can allow or refuse more.
 */
export interface RolePermissions {
  readonly policies: readonly PolicySource[];
  readonly boundary?: PolicySource;
  /** What was not read, in sentences: then there may be more. */
  readonly gaps: readonly string[];
  /** False where no policy of the role could be read: then nothing is known of what it may do. */
  readonly known: boolean;
  readonly services: readonly ServicePermissions[];
  readonly totals: Readonly<Record<AccessLevel, number>>;
  readonly effective: Effective;
  /** Explicit denies, the boundary's too. */
  readonly denies: readonly PermissionStatement[];
  readonly callouts: readonly Callout[];
  /** The day of the data on access levels. */
  readonly date: string;
}

/** Worked out once for each state of AWS's facts. */
const known = new WeakMap<AwsIndex, Map<string, RolePermissions>>();

/** What a role may do, as far as its policies are known. */
export function permissionsOf(aws: AwsIndex, role: AwsRole, catalogue: Catalogue): RolePermissions {
  let roles = known.get(aws);
  if (!roles) known.set(aws, (roles = new Map<string, RolePermissions>()));
  let permissions = roles.get(role.arn);
  if (!permissions) roles.set(role.arn, (permissions = workOut(aws, role, catalogue)));
  return permissions;
}

function workOut(aws: AwsIndex, role: AwsRole, catalogue: Catalogue): RolePermissions {
  const { policies, boundary, gaps } = sourcesOf(aws, role);
  const read = (source: PolicySource): PermissionStatement[] => statementsOf(source, catalogue);
  const statements = sortStatements(policies.flatMap(read), boundary?.policy ? read(boundary) : undefined);
  const result = effective(statements);
  const services = summaryOf(result.grants, catalogue);
  return {
    policies,
    gaps,
    services,
    totals: totals(services),
    effective: result,
    denies: statements.denies,
    known: policies.some((source) => source.policy !== undefined) || (role.attached?.length === 0 && role.inline !== undefined),
    callouts: calloutsOf(result, boundary !== undefined),
    date: catalogue.date,
    ...(boundary ? { boundary } : {}),
  };
}
