import { remembered } from '../text/remembered';
import { split } from '../text/texts';
import type { Text } from '../text/text';

/** The prefix of a service account's subject. Source: Kubernetes, serviceaccount.MakeUsername. */
export const subjectPrefix = 'system:serviceaccount:';
/** The audience that the webhook asks for by default, in every partition. Source: webhook main.go. */
export const defaultAudience = 'sts.amazonaws.com';

/** `system:serviceaccount:<namespace>:<name>` as written; wildcards and holes may stand in both. */
export interface Subject {
  readonly namespace: Text;
  readonly name: Text;
}

/** Splits a subject or a pattern of one; undefined when it has not exactly the four colon parts. */
export const parseSubject = remembered((text: Text): Subject | undefined => {
  const parts = split(text, ':');
  if (parts.length !== 4 || parts[0]!.value !== 'system' || parts[1]!.value !== 'serviceaccount') return undefined;
  return { namespace: parts[2]!, name: parts[3]! };
});

export function formatSubject(namespace: string, name: string): string {
  return `${subjectPrefix}${namespace}:${name}`;
}

/** Kubernetes' rule for a namespace: an RFC 1123 label. Source: apimachinery ValidateNamespaceName. */
export function isNamespaceName(name: string): boolean {
  return name.length <= 63 && hasNamespaceForm(name);
}

/** Kubernetes' rule for a ServiceAccount: a DNS subdomain. Source: apimachinery ValidateServiceAccountName. */
export function isServiceAccountName(name: string): boolean {
  return name.length <= 253 && hasServiceAccountForm(name);
}

/** The form of a namespace's name, however long. */
export function hasNamespaceForm(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** The form of a ServiceAccount's name, however long. */
export function hasServiceAccountForm(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}
