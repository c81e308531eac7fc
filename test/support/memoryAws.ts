import type { AwsAssociation, AwsCluster, AwsRole } from '../../server/src/core/model/aws';
import { AwsError, type AwsGateway } from '../../server/src/aws/gateway';
import type { AwsWriter, NewAssociation, NewRole } from '../../server/src/aws/writer';

/**
 * What goes wrong at a write. `-before`: AWS does nothing; `-after`: AWS does it. `hang`: no answer ever comes;
 * `slow`: the answer comes when the test calls {@link MemoryAws.answerSlow}.
 */
export type WriteFault =
  | 'denied'
  | 'exists'
  | 'throttle-before'
  | 'throttle-after'
  | 'error-before'
  | 'error-after'
  | 'reset-before'
  | 'reset-after'
  | 'hang-before'
  | 'hang-after'
  | 'slow-before'
  | 'slow-after'
  | 'unsent';

const errors: Partial<Record<string, () => AwsError>> = {
  denied: () => new AwsError('access-denied', 'AWS denied it.', { next: 'Ask for the permission.', awsCode: 'AccessDenied' }),
  exists: () => new AwsError('exists', 'It exists already.', { next: 'Take another name.', awsCode: 'EntityAlreadyExists' }),
  throttle: () => new AwsError('throttled', 'AWS takes no more calls.', { next: 'Wait.', retryable: true, awsCode: 'Throttling' }),
  error: () =>
    new AwsError('failed', 'It failed: InternalFailure (HTTP 500).', { next: 'Try again.', retryable: true, awsCode: 'InternalFailure' }),
  reset: () => new AwsError('no-network', 'The connection broke.', { next: 'Check the network.', retryable: true, awsCode: 'ECONNRESET' }),
  unsent: () =>
    new AwsError('no-network', 'ENOTFOUND', { next: 'Check the network.', retryable: true, awsCode: 'ENOTFOUND', unsent: true }),
};
const missing = (): AwsError => new AwsError('not-found', 'AWS has no such thing.', { next: 'Check the name.', awsCode: 'NoSuchEntity' });
const conflict = (): AwsError => new AwsError('refused', 'DeleteConflict', { next: 'Detach first.', awsCode: 'DeleteConflict' });

interface Role {
  arn: string;
  path: string;
  trust: string;
  attached: Set<string>;
  inline: Map<string, string>;
  tags: Map<string, string>;
  boundary?: string;
}

/** An AWS in memory with faults at its writes, and no clock: what comes late comes when the test says so. */
export class MemoryAws {
  readonly roles = new Map<string, Role>();
  readonly providers = new Map<string, Set<string>>();
  readonly associations = new Map<string, NewAssociation & { readonly id: string }>();
  /** Writes that arrived, in order. */
  readonly writes: string[] = [];
  /** Fails all reads. */
  readsFail = false;
  /** How many looks still show the state without what was created last: IAM and EKS are eventually consistent. */
  staleReads = 0;
  /** Told when the next write arrives, before anything is done. */
  onWrite: ((name: string) => void) | undefined;
  private readonly faults = new Map<string, WriteFault[]>();
  private readonly waiting: (() => void)[] = [];
  private nextId = 0;

  constructor(private readonly account: string) {}

  /** The next calls of a write fail so, one after the other. */
  fail(write: keyof AwsWriter, ...faults: WriteFault[]): void {
    this.faults.set(write, faults);
  }

  answerSlow(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  /** All that is there, as plain data. */
  state(): unknown {
    return {
      roles: [...this.roles].map(([name, { attached, inline, tags, ...rest }]) => [name, rest, [...attached], [...inline], [...tags]]),
      providers: [...this.providers].map(([arn, ids]) => [arn, [...ids]]),
      associations: [...this.associations.values()].map(({ namespace, serviceAccount, roleArn }) => [namespace, serviceAccount, roleArn]),
    };
  }

  private async write<T>(name: keyof AwsWriter, effect: () => T): Promise<T> {
    this.writes.push(name);
    const told = this.onWrite;
    this.onWrite = undefined;
    told?.(name);
    const fault = this.faults.get(name)?.shift();
    if (fault === undefined) return effect();
    const [kind, when] = fault.split('-') as [string, string | undefined];
    let value: T | undefined;
    let thrown: unknown;
    if (when === 'after') {
      try {
        value = effect();
      } catch (error) {
        thrown = error;
      }
    }
    if (kind === 'hang') return new Promise(() => undefined);
    if (kind === 'slow') {
      await new Promise<void>((done) => this.waiting.push(done));
      if (when === 'before') value = effect();
      if (thrown) throw thrown as Error;
      return value as T;
    }
    throw errors[kind]!();
  }

  private role(name: string): Role {
    const found = this.roles.get(name);
    if (!found) throw missing();
    return found;
  }

  readonly writer: AwsWriter = {
    createRole: (role: NewRole) =>
      this.write('createRole', () => {
        if (this.roles.has(role.name)) throw errors['exists']!();
        const path = role.path ?? '/';
        const arn = `arn:aws:iam::${this.account}:role${path}${role.name}`;
        this.roles.set(role.name, {
          arn,
          path,
          trust: role.trustPolicy,
          attached: new Set(),
          inline: new Map(),
          tags: new Map(Object.entries(role.tags ?? {})),
          ...(role.permissionsBoundary ? { boundary: role.permissionsBoundary } : {}),
        });
        return { arn };
      }),
    deleteRole: (name) =>
      this.write('deleteRole', () => {
        const { attached, inline } = this.role(name);
        if (attached.size + inline.size > 0) throw conflict();
        this.roles.delete(name);
      }),
    updateAssumeRolePolicy: (name, document) => this.write('updateAssumeRolePolicy', () => void (this.role(name).trust = document)),
    attachRolePolicy: (name, arn) => this.write('attachRolePolicy', () => void this.role(name).attached.add(arn)),
    detachRolePolicy: (name, arn) =>
      this.write('detachRolePolicy', () => {
        if (!this.role(name).attached.delete(arn)) throw missing();
      }),
    putRolePolicy: (name, policy, document) => this.write('putRolePolicy', () => void this.role(name).inline.set(policy, document)),
    deleteRolePolicy: (name, policy) =>
      this.write('deleteRolePolicy', () => {
        if (!this.role(name).inline.delete(policy)) throw missing();
      }),
    putRolePermissionsBoundary: (name, arn) => this.write('putRolePermissionsBoundary', () => void (this.role(name).boundary = arn)),
    deleteRolePermissionsBoundary: (name) => this.write('deleteRolePermissionsBoundary', () => void delete this.role(name).boundary),
    tagRole: (name, tags) =>
      this.write('tagRole', () => Object.entries(tags).forEach(([key, value]) => this.role(name).tags.set(key, value))),
    untagRole: (name, keys) => this.write('untagRole', () => keys.forEach((key) => this.role(name).tags.delete(key))),
    createOpenIDConnectProvider: (issuer, ids) =>
      this.write('createOpenIDConnectProvider', () => {
        const arn = `arn:aws:iam::${this.account}:oidc-provider/${issuer}`;
        if (this.providers.has(arn)) throw errors['exists']!();
        this.providers.set(arn, new Set(ids));
        return { arn };
      }),
    deleteOpenIDConnectProvider: (arn) =>
      this.write('deleteOpenIDConnectProvider', () => {
        if (!this.providers.delete(arn)) throw missing();
      }),
    addClientId: (arn, id) => this.write('addClientId', () => void this.providers.get(arn)!.add(id)),
    removeClientId: (arn, id) => this.write('removeClientId', () => void this.providers.get(arn)!.delete(id)),
    createPodIdentityAssociation: (association) =>
      this.write('createPodIdentityAssociation', () => {
        const key = `${association.namespace}/${association.serviceAccount}`;
        const same = this.associations.get(key);
        if (same && same.clientToken === association.clientToken) return { id: same.id };
        if (same) throw errors['exists']!();
        const id = `a-${++this.nextId}`;
        this.associations.set(key, { ...association, id });
        return { id };
      }),
    updatePodIdentityAssociation: (_region, _cluster, id, roleArn) =>
      this.write('updatePodIdentityAssociation', () => {
        const [key, found] = [...this.associations].find(([, each]) => each.id === id) ?? [];
        if (key === undefined || !found) throw missing();
        this.associations.set(key, { ...found, roleArn });
      }),
    deletePodIdentityAssociation: (_region, _cluster, id) =>
      this.write('deletePodIdentityAssociation', () => {
        const [key] = [...this.associations].find(([, each]) => each.id === id) ?? [];
        if (key === undefined) throw missing();
        this.associations.delete(key);
      }),
  };

  private async read<T>(answer: () => T, empty: T): Promise<T> {
    if (this.readsFail) throw errors['reset']!();
    if (this.staleReads > 0) {
      this.staleReads--;
      return empty;
    }
    return Promise.resolve(answer());
  }

  readonly gateway: AwsGateway = {
    kind: 'live',
    identity: () =>
      this.read(() => ({ account: this.account, arn: `arn:aws:iam::${this.account}:user/dev`, partition: 'aws' }), {
        account: this.account,
        arn: '',
        partition: 'aws',
      }),
    listRoles: async function* () {
      yield* [];
    },
    role: (arnOrName) =>
      this.read(() => {
        const name = arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
        const found = this.roles.get(name);
        if (!found) return undefined;
        const role: AwsRole = {
          arn: found.arn,
          name,
          path: found.path,
          trustPolicy: found.trust,
          attached: [...found.attached],
          inline: Object.fromEntries(found.inline),
          tags: Object.fromEntries(found.tags),
          detail: true,
          ...(found.boundary ? { permissionsBoundary: found.boundary } : {}),
        };
        return { role, policies: [], gaps: [] };
      }, undefined),
    searchPolicies: () => Promise.resolve([]),
    policy: (arn) => Promise.resolve({ arn, name: arn }),
    quotas: () => Promise.resolve({}),
    provider: (arn) =>
      this.read(() => {
        const ids = this.providers.get(arn);
        return ids && { arn, issuer: arn.split(':oidc-provider/')[1]!, clientIds: [...ids] };
      }, undefined),
    providers: () =>
      this.read(
        () => ({
          providers: [...this.providers].map(([arn, ids]) => ({ arn, issuer: arn.split(':oidc-provider/')[1]!, clientIds: [...ids] })),
          gaps: [],
        }),
        { providers: [], gaps: [] },
      ),
    clusterNames: () => Promise.resolve([]),
    cluster: (region, name) =>
      Promise.resolve<AwsCluster>({ arn: `arn:aws:eks:${region}:${this.account}:cluster/${name}`, name, region, podIdentityAgent: true }),
    clusters: () => Promise.resolve({ clusters: [], gaps: [] }),
    associations: ({ name: clusterName, region }) =>
      this.read(
        () => ({
          associations: [...this.associations.values()].map(({ id, namespace, serviceAccount, roleArn }): AwsAssociation => ({
            id,
            clusterName,
            region,
            namespace,
            serviceAccount,
            roleArn,
          })),
          gaps: [],
        }),
        { associations: [], gaps: [] },
      ),
  };
}
