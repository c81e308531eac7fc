import { spread } from './json';

/** One call that changes AWS, as plain data: previewed, made, and taken back. In the order of {@link planSteps}. */
export type AwsStep =
  | { readonly kind: 'create-provider'; readonly issuer: string; readonly arn: string; readonly clientIds: readonly string[] }
  | { readonly kind: 'add-client-id'; readonly providerArn: string; readonly clientId: string }
  | {
      readonly kind: 'create-role';
      readonly role: string;
      readonly arn: string;
      readonly path: string;
      readonly trustPolicy: string;
      readonly description: string;
      readonly maxSessionDuration?: number;
      readonly permissionsBoundary?: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  /** `before` as AWS has it, to the letter; `after` with line breaks. */
  | {
      readonly kind: 'update-trust';
      readonly role: string;
      readonly arn: string;
      readonly before: string;
      readonly after: string;
      readonly how: string;
    }
  | { readonly kind: 'put-boundary'; readonly role: string; readonly arn: string; readonly boundary: string; readonly before?: string }
  /** `before`: the values that are written over. */
  | {
      readonly kind: 'tag-role';
      readonly role: string;
      readonly arn: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly before: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'attach-policy'; readonly role: string; readonly arn: string; readonly policyArn: string }
  | {
      readonly kind: 'put-policy';
      readonly role: string;
      readonly arn: string;
      readonly name: string;
      readonly document: string;
      readonly before?: string;
    }
  | {
      readonly kind: 'create-association';
      readonly region: string;
      readonly clusterName: string;
      readonly namespace: string;
      readonly serviceAccount: string;
      readonly roleArn: string;
    }
  | {
      readonly kind: 'update-association';
      readonly region: string;
      readonly clusterName: string;
      readonly namespace: string;
      readonly serviceAccount: string;
      readonly id: string;
      readonly roleArn: string;
      readonly before: string;
    };

/** The call's name as permissions have it. */
export function actionOf(step: AwsStep): string {
  return actions[step.kind];
}

const actions: Readonly<Record<AwsStep['kind'], string>> = {
  'create-provider': 'iam:CreateOpenIDConnectProvider',
  'add-client-id': 'iam:AddClientIDToOpenIDConnectProvider',
  'create-role': 'iam:CreateRole',
  'update-trust': 'iam:UpdateAssumeRolePolicy',
  'put-boundary': 'iam:PutRolePermissionsBoundary',
  'tag-role': 'iam:TagRole',
  'attach-policy': 'iam:AttachRolePolicy',
  'put-policy': 'iam:PutRolePolicy',
  'create-association': 'eks:CreatePodIdentityAssociation',
  'update-association': 'eks:UpdatePodIdentityAssociation',
};

/** What the call does, in a line for a list: "Create the role demo-role". */
export function describeStep(step: AwsStep): string {
  switch (step.kind) {
    case 'create-provider':
      return `Create the provider ${step.issuer} for the audience ${step.clientIds.join(', ')}`;
    case 'add-client-id':
      return `Add the audience ${step.clientId} to the provider ${step.providerArn.slice(step.providerArn.indexOf('/') + 1)}`;
    case 'create-role':
      return `Create the role ${step.role}`;
    case 'update-trust':
      return `Extend the trust policy of ${step.role}: ${step.how}`;
    case 'put-boundary':
      return `${step.before === undefined ? 'Set' : 'Change'} the permissions boundary of ${step.role} to ${step.boundary}`;
    case 'tag-role':
      return `Tag ${step.role}: ${Object.entries(step.tags)
        .map(([key, value]) => `${key}=${value}${key in step.before ? ` (was ${step.before[key]})` : ''}`)
        .join(', ')}`;
    case 'attach-policy':
      return `Attach ${step.policyArn} to ${step.role}`;
    case 'put-policy':
      return `${step.before === undefined ? 'Write' : 'Write over'} the inline policy ${step.name} of ${step.role}`;
    case 'create-association':
      return `Associate ${step.namespace}/${step.serviceAccount} in ${step.clusterName} with the role ${roleName(step.roleArn)}`;
    case 'update-association':
      return `Change the association of ${step.namespace}/${step.serviceAccount} in ${step.clusterName} from ${roleName(step.before)} to ${roleName(step.roleArn)}`;
  }
}

function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The document that a call writes, and the one that it writes over, both with line breaks; undefined for a call without one. */
export function documentOf(step: AwsStep): { readonly before?: string; readonly after: string } | undefined {
  switch (step.kind) {
    case 'create-role':
      return { after: step.trustPolicy };
    case 'update-trust':
      return { before: spread(step.before), after: step.after };
    case 'put-policy':
      return { after: step.document, ...(step.before === undefined ? {} : { before: spread(step.before) }) };
    default:
      return undefined;
  }
}
