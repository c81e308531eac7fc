import { parseProviderArn } from '../../model/arn';
import { issuerKind, parseEksIssuer } from '../../model/issuer';
import { literal } from '../../text/texts';
import { code } from '../markdown';
import { policyElements } from '../policyElements';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';

const actions: Readonly<Record<string, string>> = {
  'sts:assumerolewithwebidentity':
    "The action that a pod's SDK calls with its token (IRSA). The caller is the OIDC provider under `Federated`.",
  'sts:assumerole':
    'The action that EKS calls for a pod with EKS Pod Identity, and that AWS principals call. A pod with a token (IRSA) calls `sts:AssumeRoleWithWebIdentity` instead.',
  'sts:tagsession':
    'Allows the caller to pass session tags. EKS Pod Identity always does, so its trust policy needs this in addition to `sts:AssumeRole`. A pod with a token (IRSA) passes none.',
  'sts:assumerolewithsaml': 'For SAML providers. No pod calls it.',
};

/** Elements, principals, actions and effects of a policy in plain words. */
export function statementHover(_view: WorkspaceView, target: Target): string | undefined {
  switch (target.kind) {
    case 'element': {
      const { value } = target.key;
      const text = Object.hasOwn(policyElements, value) ? policyElements[value] : undefined;
      return text && `**${value}**: ${text}`;
    }
    case 'action':
      return describeAction(target.value.value, target.negated);
    case 'principal':
      return describePrincipal(target);
    case 'effect': {
      const effect = target.statement.effect?.text?.value;
      if (effect === 'Allow')
        return '**Allow**: a caller that matches the principal, the action and every condition of this statement is allowed, unless a Deny statement applies.';
      if (effect === 'Deny') return '**Deny**: a caller that matches this statement is denied, whatever other statements allow.';
      return undefined;
    }
    default:
      return undefined;
  }
}

function describeAction(action: string, negated: boolean): string | undefined {
  const text = actions[action.toLowerCase()];
  if (!text) return undefined;
  return `**${code(action)}** ${text}${negated ? '\n\nUnder `NotAction`: every action but this one.' : ''}`;
}

function describePrincipal(target: Extract<Target, { kind: 'principal' }>): string | undefined {
  const kind = target.list.key.value;
  const value = target.value;
  if (kind === 'Service' && value.value === 'pods.eks.amazonaws.com') {
    return '**EKS Pod Identity**: EKS assumes this role for pods with an association. Needs `sts:AssumeRole` and `sts:TagSession`.';
  }
  if (kind !== 'Federated') return undefined;
  const arn = parseProviderArn(value);
  if (!arn) return undefined;
  const account = `The provider must be registered in the role's own account (${code(arn.account.value)} here).`;
  const issuer = literal(arn.issuer);
  if (issuer === undefined) return `**OIDC provider** ${code(arn.issuer.value)}\n\n${account}`;
  const eks = parseEksIssuer(issuer);
  if (eks)
    return `**OIDC provider of an EKS cluster** in ${code(eks.region)}, ID ${code(eks.id)}\n\nTokens of that cluster's pods carry the issuer ${code(`https://${issuer}`)}. ${account}`;
  if (issuerKind(issuer) === 'self-hosted') return `**OIDC provider** ${code(issuer)}\n\n${account}`;
  return undefined;
}
