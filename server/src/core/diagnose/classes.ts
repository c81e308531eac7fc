/** What kept a pod from its role: the classes of causes, each with a page in docs/diagnose. Stable: scripts read them. */
export const causeClasses = {
  trust: "The trust policy doesn't allow the pod",
  provider: 'The OIDC provider',
  audience: "The token's audience",
  token: 'The service account token',
  'not-injected': 'The pod was given no role',
  sdk: 'The AWS SDK or its configuration',
  network: 'Network or region',
  'pod-identity': 'The EKS Pod Identity agent or association',
  permissions: "The role's permissions",
  'role-chain': 'A role that assumes a role',
} as const;

export type CauseClass = keyof typeof causeClasses;

/** How sure an answer is: proven by what was pasted and the files; the best explanation of it; neither. */
export type Certainty = 'certain' | 'likely' | 'unknown';
