import type { AwsStep } from '../../core/generate/steps';
import { sameJson } from '../../core/generate/json';
import { awsCommand } from '../../core/generate/text/shell';
import type { AwsGateway } from '../gateway';
import type { AwsWriter } from '../writer';

/** What a call needs besides its step. */
export interface Tools {
  readonly gateway: AwsGateway;
  readonly writer: AwsWriter;
  /** One for each run: a repeated call for an association gives the same one. */
  readonly token: string;
  /** What AWS named the things that were made. */
  readonly ids: Map<AwsStep, string>;
}

/** How one kind of step is made, looked for, and taken back. */
export interface Operation<S extends AwsStep = AwsStep> {
  make(step: S, tools: Tools, signal?: AbortSignal): Promise<void>;
  /** Whether the step's effect is there now. */
  isThere(step: S, tools: Tools, signal?: AbortSignal): Promise<boolean>;
  /**
   * Takes back what `make` did. Gives a sentence, and changes nothing, where somebody else has changed it since.
   * A thing that is gone already counts as taken back.
   */
  undo(step: S, tools: Tools): Promise<string | undefined>;
  /** Command lines of the AWS CLI that do the same by hand. */
  byHand(step: S): readonly string[];
  /** What a reader sees of it when nobody knows whether it was made. */
  look(step: S): string;
}

type Operations = { readonly [K in AwsStep['kind']]: Operation<Extract<AwsStep, { kind: K }>> };

/** The operation of a step. */
export function operationOf(step: AwsStep): Operation {
  return operations[step.kind];
}

async function role({ gateway }: Tools, name: string, signal?: AbortSignal) {
  return (await gateway.role(name, signal))?.role;
}

async function provider({ gateway }: Tools, arn: string, signal?: AbortSignal) {
  const { providers, gaps } = await gateway.providers(signal);
  const gap = gaps.find(({ resource }) => resource === arn);
  if (gap) throw new Error(gap.reason);
  return providers.find((each) => each.arn === arn);
}

async function association({ gateway }: Tools, { region, clusterName, namespace, serviceAccount }: Extract<AwsStep, { kind: 'create-association' | 'update-association' }>, signal?: AbortSignal) {
  const { associations, gaps } = await gateway.associations({ arn: '', name: clusterName, region }, signal);
  if (gaps.length > 0) throw new Error(gaps[0]!.reason);
  return associations.find((each) => each.namespace === namespace && each.serviceAccount === serviceAccount);
}

const changed = (what: string): string => `${what} was changed by somebody else meanwhile, so it is left as it is.`;
const trust = (name: string, document: string): string => awsCommand('iam update-assume-role-policy', { 'role-name': name, 'policy-document': JSON.stringify(JSON.parse(document)) });

const operations: Operations = {
  'create-provider': {
    make: async ({ issuer, clientIds }, { writer }, signal) => void (await writer.createOpenIDConnectProvider(issuer, clientIds, {}, signal)),
    isThere: async ({ arn }, tools, signal) => (await provider(tools, arn, signal)) !== undefined,
    undo: async ({ arn }, { writer }) => void (await writer.deleteOpenIDConnectProvider(arn)),
    byHand: ({ arn }) => [awsCommand('iam delete-open-id-connect-provider', { 'open-id-connect-provider-arn': arn })],
    look: ({ arn }) => awsCommand('iam get-open-id-connect-provider', { 'open-id-connect-provider-arn': arn }),
  },
  'add-client-id': {
    make: ({ providerArn, clientId }, { writer }, signal) => writer.addClientId(providerArn, clientId, signal),
    isThere: async ({ providerArn, clientId }, tools, signal) => (await provider(tools, providerArn, signal))?.clientIds.includes(clientId) ?? false,
    undo: async ({ providerArn, clientId }, { writer }) => void (await writer.removeClientId(providerArn, clientId)),
    byHand: ({ providerArn, clientId }) => [awsCommand('iam remove-client-id-from-open-id-connect-provider', { 'open-id-connect-provider-arn': providerArn, 'client-id': clientId })],
    look: ({ providerArn }) => awsCommand('iam get-open-id-connect-provider', { 'open-id-connect-provider-arn': providerArn }),
  },
  'create-role': {
    make: async ({ role: name, path, trustPolicy, description, maxSessionDuration, permissionsBoundary, tags }, { writer }, signal) => void (await writer.createRole({
      name, path, trustPolicy: JSON.stringify(JSON.parse(trustPolicy)), description, tags,
      ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }), ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    }, signal)),
    // One of the same name with another trust policy is somebody else's.
    isThere: async ({ role: name, arn, trustPolicy }, tools, signal) => {
      const found = await role(tools, name, signal);
      return found?.arn === arn && found.trustPolicy !== undefined && sameJson(found.trustPolicy, trustPolicy);
    },
    undo: async ({ role: name }, { writer }) => void (await writer.deleteRole(name)),
    byHand: ({ role: name }) => [awsCommand('iam delete-role', { 'role-name': name })],
    look: ({ role: name }) => awsCommand('iam get-role', { 'role-name': name }),
  },
  'update-trust': {
    make: ({ role: name, after }, { writer }, signal) => writer.updateAssumeRolePolicy(name, JSON.stringify(JSON.parse(after)), signal),
    isThere: async ({ role: name, after }, tools, signal) => sameJson((await role(tools, name, signal))?.trustPolicy ?? '', after),
    undo: async ({ role: name, before, after }, tools) => {
      const found = await role(tools, name);
      if (!found) return undefined;
      if (![before, after].some((document) => sameJson(found.trustPolicy ?? '', document))) return changed(`The trust policy of ${name}`);
      await tools.writer.updateAssumeRolePolicy(name, before);
      return undefined;
    },
    byHand: ({ role: name, before }) => [trust(name, before)],
    look: ({ role: name }) => awsCommand('iam get-role', { 'role-name': name, query: 'Role.AssumeRolePolicyDocument' }),
  },
  'put-boundary': {
    make: ({ role: name, boundary }, { writer }, signal) => writer.putRolePermissionsBoundary(name, boundary, signal),
    isThere: async ({ role: name, boundary }, tools, signal) => (await role(tools, name, signal))?.permissionsBoundary === boundary,
    undo: async ({ role: name, before }, { writer }) => void (await (before === undefined ? writer.deleteRolePermissionsBoundary(name) : writer.putRolePermissionsBoundary(name, before))),
    byHand: ({ role: name, before }) => [before === undefined
      ? awsCommand('iam delete-role-permissions-boundary', { 'role-name': name })
      : awsCommand('iam put-role-permissions-boundary', { 'role-name': name, 'permissions-boundary': before })],
    look: ({ role: name }) => awsCommand('iam get-role', { 'role-name': name, query: 'Role.PermissionsBoundary' }),
  },
  'tag-role': {
    make: ({ role: name, tags }, { writer }, signal) => writer.tagRole(name, tags, signal),
    isThere: async ({ role: name, tags }, tools, signal) => {
      const found = (await role(tools, name, signal))?.tags ?? {};
      return Object.entries(tags).every(([key, value]) => found[key] === value);
    },
    undo: async ({ role: name, tags, before }, { writer }) => {
      const added = Object.keys(tags).filter((key) => !(key in before));
      if (added.length > 0) await writer.untagRole(name, added);
      if (Object.keys(before).length > 0) await writer.tagRole(name, before);
      return undefined;
    },
    byHand: ({ role: name, tags, before }) => {
      const added = Object.keys(tags).filter((key) => !(key in before));
      const old = Object.entries(before).map(([Key, Value]) => ({ Key, Value }));
      return [
        ...(added.length > 0 ? [awsCommand('iam untag-role', { 'role-name': name, 'tag-keys': added })] : []),
        ...(old.length > 0 ? [awsCommand('iam tag-role', { 'role-name': name, tags: JSON.stringify(old) })] : []),
      ];
    },
    look: ({ role: name }) => awsCommand('iam list-role-tags', { 'role-name': name }),
  },
  'attach-policy': {
    make: ({ role: name, policyArn }, { writer }, signal) => writer.attachRolePolicy(name, policyArn, signal),
    isThere: async ({ role: name, policyArn }, tools, signal) => known((await role(tools, name, signal))?.attached, name).includes(policyArn),
    undo: async ({ role: name, policyArn }, { writer }) => void (await writer.detachRolePolicy(name, policyArn)),
    byHand: ({ role: name, policyArn }) => [awsCommand('iam detach-role-policy', { 'role-name': name, 'policy-arn': policyArn })],
    look: ({ role: name }) => awsCommand('iam list-attached-role-policies', { 'role-name': name }),
  },
  'put-policy': {
    make: ({ role: name, name: policy, document }, { writer }, signal) => writer.putRolePolicy(name, policy, JSON.stringify(JSON.parse(document)), signal),
    isThere: async ({ role: name, name: policy, document }, tools, signal) => {
      const found = known((await role(tools, name, signal))?.inline, name)[policy];
      return found !== undefined && sameJson(found, document);
    },
    undo: async ({ role: name, name: policy, before, document }, tools) => {
      const there = await role(tools, name);
      if (!there) return undefined;
      const found = known(there.inline, name)[policy];
      // A reading that is late shows what was there before: then it is written all the same.
      if (found !== undefined && !sameJson(found, document) && !sameJson(found, before ?? document)) return changed(`The inline policy ${policy} of ${name}`);
      await (before === undefined ? tools.writer.deleteRolePolicy(name, policy) : tools.writer.putRolePolicy(name, policy, before));
      return undefined;
    },
    byHand: ({ role: name, name: policy, before }) => [before === undefined
      ? awsCommand('iam delete-role-policy', { 'role-name': name, 'policy-name': policy })
      : awsCommand('iam put-role-policy', { 'role-name': name, 'policy-name': policy, 'policy-document': before.trim() })],
    look: ({ role: name, name: policy }) => awsCommand('iam get-role-policy', { 'role-name': name, 'policy-name': policy }),
  },
  'create-association': {
    make: async (step, { writer, token, ids }, signal) => {
      const { kind: _kind, ...association } = step;
      const { id } = await writer.createPodIdentityAssociation({ ...association, clientToken: token }, signal);
      ids.set(step, id);
    },
    isThere: async (step, tools, signal) => (await association(tools, step, signal))?.roleArn === step.roleArn,
    undo: async (step, tools) => {
      const found = await association(tools, step);
      if (found && found.roleArn !== step.roleArn) return changed(`The association of ${step.namespace}/${step.serviceAccount}`);
      const id = tools.ids.get(step) ?? found?.id;
      if (id) await tools.writer.deletePodIdentityAssociation(step.region, step.clusterName, id);
      return undefined;
    },
    byHand: ({ region, clusterName, namespace, serviceAccount }) => [
      `${awsCommand('eks list-pod-identity-associations', { 'cluster-name': clusterName, namespace, 'service-account': serviceAccount, region })}  # tells the id`,
      `${awsCommand('eks delete-pod-identity-association', { 'cluster-name': clusterName, region })} --association-id ID`,
    ],
    look: ({ region, clusterName, namespace, serviceAccount }) => awsCommand('eks list-pod-identity-associations', { 'cluster-name': clusterName, namespace, 'service-account': serviceAccount, region }),
  },
  'update-association': {
    make: ({ region, clusterName, id, roleArn }, { writer }, signal) => writer.updatePodIdentityAssociation(region, clusterName, id, roleArn, signal),
    isThere: async (step, tools, signal) => (await association(tools, step, signal))?.roleArn === step.roleArn,
    undo: async (step, tools) => {
      const found = await association(tools, step);
      if (!found || found.roleArn === step.before) return undefined;
      if (found.roleArn !== step.roleArn) return changed(`The association of ${step.namespace}/${step.serviceAccount}`);
      await tools.writer.updatePodIdentityAssociation(step.region, step.clusterName, step.id, step.before);
      return undefined;
    },
    byHand: ({ region, clusterName, id, before }) => [awsCommand('eks update-pod-identity-association', { 'cluster-name': clusterName, 'association-id': id, 'role-arn': before, region })],
    look: ({ region, clusterName, id }) => awsCommand('eks describe-pod-identity-association', { 'cluster-name': clusterName, 'association-id': id, region }),
  },
};

/** A list that was refused says nothing about what is there. */
function known<T>(list: T | undefined, name: string): T {
  if (list === undefined) throw new Error(`The policies of ${name} could not be read.`);
  return list;
}
