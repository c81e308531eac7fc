import type { MapNode } from '../../syntax/tree';
import { child } from './context';

/** Actions a trust policy may name, those that fit the statement's principal first. */
export function actionNames(statement: MapNode | undefined): readonly { readonly label: string; readonly detail: string }[] {
  const web = { label: 'sts:AssumeRoleWithWebIdentity', detail: 'a pod with a token (IRSA)' };
  const assume = { label: 'sts:AssumeRole', detail: 'EKS Pod Identity, AWS principals' };
  const tag = { label: 'sts:TagSession', detail: 'EKS Pod Identity needs it too' };
  const others = [
    { label: 'sts:AssumeRoleWithSAML', detail: 'SAML providers' },
    { label: 'sts:SetSourceIdentity', detail: 'lets the caller set its source identity' },
    { label: 'sts:SetContext', detail: 'lets the caller pass a context' },
  ];
  const principal = child(statement, 'Principal');
  const service = principal?.kind === 'map' && child(principal, 'Service') !== undefined;
  return [...(service ? [assume, tag, web] : [web, assume, tag]), ...others];
}
