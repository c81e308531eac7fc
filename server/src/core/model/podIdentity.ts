/** The service principal of EKS Pod Identity, the same in every partition. Source: EKS user guide, pod-id-role. */
export const podIdentityPrincipal = 'pods.eks.amazonaws.com';

/** What was meant to be Pod Identity's principal, and is not. */
const nearly =
  /^(pods?[.-]eks|eks[.-]pods?|eks-?pod-?identity|pod-?identity\.eks)(\.[a-z]{2}(-[a-z]+)+-\d)?\.(amazonaws|amazon|aws|api\.aws)(\.com?)?(\.cn)?$/i;

/** Whether a service principal is a slip of Pod Identity's: of another partition, in the singular, its parts in another order. */
export function isNearlyPodIdentityPrincipal(value: string): boolean {
  return value !== podIdentityPrincipal && nearly.test(value.trim());
}

/** Whether a service principal is Pod Identity's or was meant to be; a beginning is enough where a template ends it. */
export function meansPodIdentity(value: string): boolean {
  return value.startsWith('pods.eks.') || isNearlyPodIdentityPrincipal(value);
}
