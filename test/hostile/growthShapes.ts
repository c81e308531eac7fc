/** A workspace of a hostile author, by the size of what it repeats: paths and texts. */
export type Shape = (n: number) => Readonly<Record<string, string>>;

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
export const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;

/** `make(0)` … `make(n - 1)`, joined. */
export function times(n: number, make: (i: number) => string, between = ''): string {
  return Array.from({ length: n }, (_, i) => make(i)).join(between);
}

export function account(name: string, role: string, namespace = 'shop'): string {
  return `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/${role}\n`;
}

export function deployment(name: string, serviceAccount: string, namespace = 'shop'): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n  template:\n    spec:\n      serviceAccountName: ${serviceAccount}\n      containers: [{name: main, image: demo}]\n`;
}

export function subject(name: string, namespace = 'shop'): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** A statement for web identity; `condition` is put beside the audience. */
export function statement(condition: object, more: object = {}): object {
  return { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: condition, ...more };
}

export function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1);
}

/** A policy whose only condition names subjects. */
export function subjects(values: readonly string[], operator = 'StringEquals'): string {
  return policy([statement({ [operator]: { [`${issuer}:sub`]: values, [`${issuer}:aud`]: 'sts.amazonaws.com' } })]);
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
