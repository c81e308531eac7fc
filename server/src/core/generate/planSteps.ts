import type { AwsAssociation, AwsProvider, AwsRole } from '../model/aws';
import { sameJson, spread, toJson } from './json';
import { alreadyAllows, mergeTrust } from './mergeTrust';
import { accountName, type Pair } from './pair';
import type { AwsStep } from './steps';
import { trustDocument } from './trust';

/** What AWS has of the things that the pair needs. */
export interface AwsState {
  /** Whose credentials they are. */
  readonly accountId: string;
  readonly partition: string;
  /** The role of that name, whatever its path; absent: there is none. */
  readonly role?: AwsRole;
  /** The pair's provider; absent: IAM has none. */
  readonly provider?: AwsProvider;
  /** The account's association; absent: there is none. */
  readonly association?: AwsAssociation;
  /** False where the cluster is not found in the account. */
  readonly clusterExists?: boolean;
  /** Whether the cluster has the add-on eks-pod-identity-agent; absent: not known. */
  readonly podIdentityAgent?: boolean;
  /** What could not be read, in sentences. */
  readonly gaps: readonly string[];
  /** Managed policies of the pair that do not exist. */
  readonly missingPolicies?: readonly string[];
  /** The account's quotas by AWS's names, and what is used of them; absent: not known. */
  readonly quotas?: Readonly<Record<string, number>>;
}

export interface StepOptions {
  readonly trustPolicyQuota: number;
  /** Write over an inline policy, a boundary, or an association with another role. */
  readonly force?: boolean;
}

export interface StepsPlan {
  readonly steps: readonly AwsStep[];
  /** Why nothing can be applied, in sentences. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** The calls that are still missing for the pair, in order: none where all is there. What is there is kept. */
export function planSteps(pair: Pair, state: AwsState, options: StepOptions): StepsPlan {
  const plan = new Plan(pair, state, options);
  plan.make();
  return { steps: plan.problems.length > 0 ? [] : plan.steps, problems: plan.problems, notes: plan.notes };
}

class Plan {
  readonly steps: AwsStep[] = [];
  readonly problems: string[] = [];
  readonly notes: string[] = [];

  constructor(
    private readonly pair: Pair,
    private readonly state: AwsState,
    private readonly options: StepOptions,
  ) {}

  make(): void {
    const { pair, state } = this;
    if (state.accountId !== pair.role.accountId) {
      this.problems.push(
        `These credentials are of account ${state.accountId}, the role is to be in ${pair.role.accountId}: take other credentials, or another account.`,
      );
      return;
    }
    if (state.partition !== pair.role.partition) {
      this.problems.push(
        `These credentials are of the partition ${state.partition}, the role is to be in ${pair.role.partition}: say which region the cluster is in.`,
      );
      return;
    }
    this.problems.push(...state.gaps);
    if (this.problems.length > 0) return;
    if (pair.provider) this.provider(pair.provider);
    if (state.role) this.extend(state.role);
    else this.create();
    this.permissions();
    if (pair.mechanism === 'pod-identity') this.associate();
    this.limits();
  }

  /** What AWS would refuse in the middle of the run. Source of the names: IAM API reference, GetAccountSummary. */
  private limits(): void {
    const { role } = this.pair;
    const { role: found, missingPolicies = [], quotas = {} } = this.state;
    for (const arn of missingPolicies) this.problems.push(`The policy ${arn} does not exist.`);
    const attached = new Set([...(found?.attached ?? []), ...role.policyArns]).size;
    const most = quotas['AttachedPoliciesPerRoleQuota'];
    if (most !== undefined && attached > most)
      this.problems.push(`${role.name} would have ${attached} managed policies; the account's quota is ${most} a role.`);
    if (!found) this.quota('Roles', 'RolesQuota', 'roles');
  }

  private quota(used: string, quota: string, what: string): void {
    const { quotas = {} } = this.state;
    const [have, most] = [quotas[used], quotas[quota]];
    if (have !== undefined && most !== undefined && have >= most)
      this.problems.push(`The account has ${have} ${what}, as many as its quota allows: one more cannot be made.`);
  }

  private provider({ issuer, arn }: { readonly issuer: string; readonly arn: string }): void {
    const { provider } = this.state;
    const { audience } = this.pair;
    if (!provider) this.steps.push({ kind: 'create-provider', issuer, arn, clientIds: [audience] });
    else if (!provider.clientIds.includes(audience)) this.steps.push({ kind: 'add-client-id', providerArn: arn, clientId: audience });
  }

  private create(): void {
    const { name, arn, path, description, maxSessionDuration, permissionsBoundary, tags } = this.pair.role;
    this.steps.push({
      kind: 'create-role',
      role: name,
      arn,
      path,
      description,
      trustPolicy: toJson(trustDocument(this.pair)),
      tags,
      ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    });
  }

  /** A role that is there: its trust policy is extended; what it has besides stays. */
  private extend(found: AwsRole): void {
    const { role } = this.pair;
    if (found.arn !== role.arn) {
      this.problems.push(
        `There is a role ${found.name} already, ${found.arn}, where ${role.arn} is meant: a name is used once in an account. Give its path (--path ${found.path}) and its very name, or take another name.`,
      );
      return;
    }
    if (found.path.startsWith('/aws-service-role/')) {
      this.problems.push(`${role.name} is a role of an AWS service: its trust policy cannot be changed. Take another name.`);
      return;
    }
    if (found.trustPolicy === undefined) {
      this.problems.push(`The trust policy of ${role.name} could not be read, so it is not changed.`);
      return;
    }
    this.trust(found, found.trustPolicy);
    this.boundary(found);
    this.tags(found);
    if (role.maxSessionDuration !== undefined && found.maxSessionDuration !== role.maxSessionDuration) {
      this.notes.push(
        `The session duration of ${role.name} stays ${found.maxSessionDuration ?? 3_600} s: that of a role which is there is not changed.`,
      );
    }
  }

  private trust(found: AwsRole, trustPolicy: string): void {
    const merged = mergeTrust(spread(trustPolicy), this.pair, this.options.trustPolicyQuota);
    if (merged.kind === 'refused') this.problems.push(`${found.name}: ${merged.message}`);
    if (merged.kind === 'same') this.notes.push(`${found.name}: ${alreadyAllows(this.pair, merged.everybody)}`);
    if (merged.kind !== 'changed') return;
    this.steps.push({ kind: 'update-trust', role: found.name, arn: found.arn, before: trustPolicy, after: merged.text, how: merged.how });
    if (merged.note !== undefined) this.notes.push(merged.note);
  }

  private boundary(found: AwsRole): void {
    const { name, arn, permissionsBoundary: boundary } = this.pair.role;
    if (boundary === undefined || found.permissionsBoundary === boundary) return;
    const before = found.permissionsBoundary;
    if (before !== undefined && !this.options.force)
      this.problems.push(`${name} has the permissions boundary ${before}, not ${boundary}. To change it, say so (--force).`);
    else this.steps.push({ kind: 'put-boundary', role: name, arn, boundary, ...(before === undefined ? {} : { before }) });
  }

  private tags(found: AwsRole): void {
    const { name, arn } = this.pair.role;
    const has = found.tags ?? {};
    const missing = Object.entries(this.pair.role.tags).filter(([key, value]) => has[key] !== value);
    if (missing.length === 0) return;
    this.steps.push({
      kind: 'tag-role',
      role: name,
      arn,
      tags: Object.fromEntries(missing),
      before: Object.fromEntries(missing.flatMap(([key]) => (has[key] === undefined ? [] : [[key, has[key]]]))),
    });
  }

  private permissions(): void {
    const { name: role, arn, policyArns, inline } = this.pair.role;
    const { role: found } = this.state;
    if (found && (found.attached === undefined || found.inline === undefined)) {
      // What was there before cannot be told from what is made now: it could not be undone rightly.
      this.problems.push(`The policies of ${role} could not be read, so nothing is changed.`);
      return;
    }
    for (const policyArn of policyArns)
      if (!found?.attached?.includes(policyArn)) this.steps.push({ kind: 'attach-policy', role, arn, policyArn });
    if (!inline) return;
    const before = found?.inline?.[inline.name];
    if (before !== undefined && sameJson(before, inline.document)) return;
    if (before !== undefined && !this.options.force) {
      this.problems.push(
        `${role} has an inline policy ${inline.name} with other content. To write over it, say so (--force), or give yours another name.`,
      );
      return;
    }
    this.steps.push({
      kind: 'put-policy',
      role,
      arn,
      name: inline.name,
      document: inline.document,
      ...(before === undefined ? {} : { before }),
    });
  }

  private associate(): void {
    const { account, role } = this.pair;
    const { name: clusterName, region } = this.pair.cluster!;
    const { association, clusterExists, podIdentityAgent } = this.state;
    if (clusterExists === false) {
      this.problems.push(`There is no cluster ${clusterName} in ${region} of account ${role.accountId}.`);
      return;
    }
    if (podIdentityAgent === false) {
      this.notes.push(
        `The add-on eks-pod-identity-agent is not installed in ${clusterName}: unless it is EKS Auto Mode, pods get no credentials before it is.`,
      );
    }
    const base = { region, clusterName, namespace: account.namespace, serviceAccount: account.name, roleArn: role.arn };
    if (!association) {
      this.steps.push({ kind: 'create-association', ...base });
    } else if (association.roleArn !== role.arn) {
      const before = association.roleArn;
      if (before === undefined)
        this.problems.push(`The association of ${accountName(this.pair)} in ${clusterName} could not be read, so it is not changed.`);
      else if (!this.options.force)
        this.problems.push(
          `${accountName(this.pair)} has an association with ${before} in ${clusterName}. To give it this role instead, say so (--force).`,
        );
      else this.steps.push({ kind: 'update-association', ...base, id: association.id, before });
    }
  }
}
