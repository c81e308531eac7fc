import type { AwsStep } from '../../core/generate/steps';
import { sameJson } from '../../core/generate/json';
import { ShellText, type CommandMaker } from '../../core/generate/text/shell';
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

/** How one kind of step is made, looked for, and undone. */
export interface Operation<S extends AwsStep = AwsStep> {
  make(step: S, tools: Tools): Promise<void>;
  /** Whether the step's effect is there now. The signal ends the reading. */
  isThere(step: S, tools: Tools, signal?: AbortSignal): Promise<boolean>;
  /**
   * Undoes what `make` did. Gives a sentence, and changes nothing, where somebody else has changed it since.
   * A thing that is gone already counts as undone.
   */
  undo(step: S, tools: Tools, signal?: AbortSignal): Promise<string | undefined>;
  /** Command lines of the AWS CLI that do the same by hand. `ids`: what AWS named the things that were made. */
  byHand(step: S, aws: CommandMaker, ids: ReadonlyMap<AwsStep, string>): readonly string[];
  /** A command line that shows whether the step's effect is there. */
  look(step: S, aws: CommandMaker): string;
}

type Operations = { readonly [K in AwsStep['kind']]: Operation<Extract<AwsStep, { kind: K }>> };

/** The operation of a step. */
export function operationOf(step: AwsStep): Operation {
  return operations[step.kind];
}

async function role({ gateway }: Tools, name: string, signal?: AbortSignal) {
  return (await gateway.role(name, signal))?.role;
}

async function association({ gateway }: Tools, { region, clusterName, namespace, serviceAccount }: AssociationStep, signal?: AbortSignal) {
  const { associations, gaps } = await gateway.associations({ arn: '', name: clusterName, region }, signal, { namespace, serviceAccount });
  if (gaps.length > 0) throw new Error(gaps[0]!.reason);
  return associations.find((each) => each.namespace === namespace && each.serviceAccount === serviceAccount);
}

type AssociationStep = Extract<AwsStep, { kind: 'create-association' | 'update-association' }>;

const changed = (what: string): string => `${what} was changed by someone else meanwhile, so it is not changed.`;

const operations: Operations = {
  'create-provider': {
    make: async ({ issuer, clientIds }, { writer }) => void (await writer.createOpenIDConnectProvider(issuer, clientIds, {})),
    isThere: async ({ arn }, { gateway }, signal) => (await gateway.provider(arn, signal)) !== undefined,
    undo: async ({ arn }, { writer }) => void (await writer.deleteOpenIDConnectProvider(arn)),
    byHand: ({ arn }, aws) => [aws('iam delete-open-id-connect-provider', { 'open-id-connect-provider-arn': arn })],
    look: ({ arn }, aws) => aws('iam get-open-id-connect-provider', { 'open-id-connect-provider-arn': arn }),
  },
  'add-client-id': {
    make: ({ providerArn, clientId }, { writer }) => writer.addClientId(providerArn, clientId),
    isThere: async ({ providerArn, clientId }, { gateway }, signal) =>
      (await gateway.provider(providerArn, signal))?.clientIds.includes(clientId) ?? false,
    undo: async ({ providerArn, clientId }, { writer }) => void (await writer.removeClientId(providerArn, clientId)),
    byHand: ({ providerArn, clientId }, aws) => [
      aws('iam remove-client-id-from-open-id-connect-provider', { 'open-id-connect-provider-arn': providerArn, 'client-id': clientId }),
    ],
    look: ({ providerArn }, aws) => aws('iam get-open-id-connect-provider', { 'open-id-connect-provider-arn': providerArn }),
  },
  'create-role': {
    make: async ({ role: name, path, trustPolicy, description, maxSessionDuration, permissionsBoundary, tags }, { writer }) =>
      void (await writer.createRole({
        name,
        path,
        trustPolicy: JSON.stringify(JSON.parse(trustPolicy)),
        description,
        tags,
        ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
      })),
    // One of the same name with another trust policy is somebody else's.
    isThere: async ({ role: name, arn, trustPolicy }, tools, signal) => {
      const found = await role(tools, name, signal);
      return found?.arn === arn && found.trustPolicy !== undefined && sameJson(found.trustPolicy, trustPolicy);
    },
    undo: async ({ role: name }, { writer }) => void (await writer.deleteRole(name)),
    byHand: ({ role: name }, aws) => [aws('iam delete-role', { 'role-name': name })],
    look: ({ role: name }, aws) => aws('iam get-role', { 'role-name': name }),
  },
  'update-trust': {
    make: ({ role: name, after }, { writer }) => writer.updateAssumeRolePolicy(name, JSON.stringify(JSON.parse(after))),
    isThere: async ({ role: name, after }, tools, signal) => sameJson((await role(tools, name, signal))?.trustPolicy ?? '', after),
    undo: async ({ role: name, before, after }, tools, signal) => {
      const found = await role(tools, name, signal);
      if (!found) return undefined;
      if (![before, after].some((document) => sameJson(found.trustPolicy ?? '', document))) return changed(`The trust policy of ${name}`);
      await tools.writer.updateAssumeRolePolicy(name, before);
      return undefined;
    },
    byHand: ({ role: name, before }, aws) => [
      aws('iam update-assume-role-policy', { 'role-name': name, 'policy-document': compact(before) }),
    ],
    look: ({ role: name }, aws) => aws('iam get-role', { 'role-name': name, query: 'Role.AssumeRolePolicyDocument' }),
  },
  'put-boundary': {
    make: ({ role: name, boundary }, { writer }) => writer.putRolePermissionsBoundary(name, boundary),
    isThere: async ({ role: name, boundary }, tools, signal) => (await role(tools, name, signal))?.permissionsBoundary === boundary,
    undo: async ({ role: name, before }, { writer }) =>
      void (await (before === undefined ? writer.deleteRolePermissionsBoundary(name) : writer.putRolePermissionsBoundary(name, before))),
    byHand: ({ role: name, before }, aws) => [
      before === undefined
        ? aws('iam delete-role-permissions-boundary', { 'role-name': name })
        : aws('iam put-role-permissions-boundary', { 'role-name': name, 'permissions-boundary': before }),
    ],
    look: ({ role: name }, aws) => aws('iam get-role', { 'role-name': name, query: 'Role.PermissionsBoundary' }),
  },
  'tag-role': {
    make: ({ role: name, tags }, { writer }) => writer.tagRole(name, tags),
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
    byHand: ({ role: name, tags, before }, aws) => {
      const added = Object.keys(tags).filter((key) => !(key in before));
      const old = Object.entries(before).map(([Key, Value]) => ({ Key, Value }));
      return [
        ...(added.length > 0 ? [aws('iam untag-role', { 'role-name': name, 'tag-keys': added })] : []),
        ...(old.length > 0 ? [aws('iam tag-role', { 'role-name': name, tags: JSON.stringify(old) })] : []),
      ];
    },
    look: ({ role: name }, aws) => aws('iam list-role-tags', { 'role-name': name }),
  },
  'attach-policy': {
    make: ({ role: name, policyArn }, { writer }) => writer.attachRolePolicy(name, policyArn),
    isThere: async ({ role: name, policyArn }, tools, signal) => {
      const found = await role(tools, name, signal);
      return found !== undefined && known(found.attached, name).includes(policyArn);
    },
    undo: async ({ role: name, policyArn }, { writer }) => void (await writer.detachRolePolicy(name, policyArn)),
    byHand: ({ role: name, policyArn }, aws) => [aws('iam detach-role-policy', { 'role-name': name, 'policy-arn': policyArn })],
    look: ({ role: name }, aws) => aws('iam list-attached-role-policies', { 'role-name': name }),
  },
  'put-policy': {
    make: ({ role: name, name: policy, document }, { writer }) => writer.putRolePolicy(name, policy, JSON.stringify(JSON.parse(document))),
    isThere: async ({ role: name, name: policy, document }, tools, signal) => {
      const there = await role(tools, name, signal);
      const found = there && known(there.inline, name)[policy];
      return found !== undefined && sameJson(found, document);
    },
    undo: async ({ role: name, name: policy, before, document }, tools, signal) => {
      const there = await role(tools, name, signal);
      if (!there) return undefined;
      const found = known(there.inline, name)[policy];
      // A reading that is late shows what was there before: then it is written all the same.
      if (found !== undefined && !sameJson(found, document) && !sameJson(found, before ?? document))
        return changed(`The inline policy ${policy} of ${name}`);
      await (before === undefined ? tools.writer.deleteRolePolicy(name, policy) : tools.writer.putRolePolicy(name, policy, before));
      return undefined;
    },
    byHand: ({ role: name, name: policy, before }, aws) => [
      before === undefined
        ? aws('iam delete-role-policy', { 'role-name': name, 'policy-name': policy })
        : aws('iam put-role-policy', { 'role-name': name, 'policy-name': policy, 'policy-document': compact(before) }),
    ],
    look: ({ role: name, name: policy }, aws) => aws('iam get-role-policy', { 'role-name': name, 'policy-name': policy }),
  },
  'create-association': {
    make: async (step, { writer, token, ids }) => {
      const { kind: _kind, ...association } = step;
      const { id } = await writer.createPodIdentityAssociation({ ...association, clientToken: token });
      ids.set(step, id);
    },
    isThere: async (step, tools, signal) => {
      const found = await association(tools, step, signal);
      if (found?.roleArn !== step.roleArn) return false;
      tools.ids.set(step, found.id);
      return true;
    },
    undo: async (step, tools, signal) => {
      const own = tools.ids.get(step);
      const found = await association(tools, step, signal);
      if (found && found.roleArn !== step.roleArn) return changed(`The association of ${step.namespace}/${step.serviceAccount}`);
      // A list that is late does not show it yet: its id is enough.
      const id = own ?? found?.id;
      if (id) await tools.writer.deletePodIdentityAssociation(step.region, step.clusterName, id);
      return undefined;
    },
    byHand: (step, aws, ids) => {
      const { region, clusterName, namespace, serviceAccount } = step;
      const id =
        ids.get(step) ??
        new ShellText(
          `"$(${aws('eks list-pod-identity-associations', { 'cluster-name': clusterName, namespace, 'service-account': serviceAccount, region, query: 'associations[0].associationId', output: 'text' })})"`,
        );
      return [aws('eks delete-pod-identity-association', { 'cluster-name': clusterName, 'association-id': id, region })];
    },
    look: ({ region, clusterName, namespace, serviceAccount }, aws) =>
      aws('eks list-pod-identity-associations', { 'cluster-name': clusterName, namespace, 'service-account': serviceAccount, region }),
  },
  'update-association': {
    make: ({ region, clusterName, id, roleArn }, { writer }) => writer.updatePodIdentityAssociation(region, clusterName, id, roleArn),
    isThere: async (step, tools, signal) => (await association(tools, step, signal))?.roleArn === step.roleArn,
    undo: async (step, tools, signal) => {
      const found = await association(tools, step, signal);
      if (!found || found.roleArn === step.before) return undefined;
      if (found.roleArn !== step.roleArn) return changed(`The association of ${step.namespace}/${step.serviceAccount}`);
      await tools.writer.updatePodIdentityAssociation(step.region, step.clusterName, step.id, step.before);
      return undefined;
    },
    byHand: ({ region, clusterName, id, before }, aws) => [
      aws('eks update-pod-identity-association', { 'cluster-name': clusterName, 'association-id': id, 'role-arn': before, region }),
    ],
    look: ({ region, clusterName, id }, aws) =>
      aws('eks describe-pod-identity-association', { 'cluster-name': clusterName, 'association-id': id, region }),
  },
};

function compact(document: string): string {
  return JSON.stringify(JSON.parse(document));
}

/** A list that was refused says nothing about what is there. */
function known<T>(list: T | undefined, name: string): T {
  if (list === undefined) throw new Error(`The policies of ${name} could not be read.`);
  return list;
}
