import { describe, expect, it } from 'vitest';
import { accessMapPage } from '../../server/src/core/features/accessMapPage';
import { Workspace } from '../../server/src/core/workspace/workspace';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trust = (subject: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::481516234212:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: 'sts.amazonaws.com' } },
      },
    ],
  });
const account = (name: string, role: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/${role}
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {serviceAccountName: cart, containers: []}}}
`;

function pageOf(files: Readonly<Record<string, string>>) {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries(files)) workspace.load(`file:///w/${path}`, text);
  return accessMapPage(
    workspace,
    ({ doc, span }) => `${doc.uri.slice('file:///w/'.length)}:${workspace.position(doc, span.start)!.line + 1}`,
  );
}

describe('the access map as a page', () => {
  it('says who can become what, role by role, with places that lead there', () => {
    const page = pageOf({
      'k8s/a.yaml': account('cart', 'cart-role'),
      'k8s/b.yaml': account('other', 'cart-role'),
      'k8s/web.yaml': deployment,
      'iam/cart-role/trust-policy.json': trust('system:serviceaccount:shop:cart'),
      'k8s/c.yaml': account('lone', 'lone-role'),
    });
    expect(page.text).toBe(`Access map
==========

arn:aws:iam::481516234212:role/cart-role  trust policy iam/cart-role/trust-policy.json:1
  ✓ shop/cart  k8s/a.yaml:2
      Deployment web  k8s/web.yaml:2
  ✗ shop/other  k8s/b.yaml:2

arn:aws:iam::481516234212:role/lone-role
  ? shop/lone  k8s/c.yaml:2
`);
    const lines = page.text.split('\n');
    expect(
      page.links.map(({ line, start, end, uri, targetLine }) => [
        lines[line]!.slice(start, end),
        `${uri.slice('file:///w/'.length)}:${targetLine! + 1}`,
      ]),
    ).toEqual(
      page.links.map(({ uri, targetLine }) => [
        `${uri.slice('file:///w/'.length)}:${targetLine! + 1}`,
        `${uri.slice('file:///w/'.length)}:${targetLine! + 1}`,
      ]),
    );
    expect(page.links).toHaveLength(5);
  });

  it('says so where nobody asks for a role', () => {
    expect(pageOf({ 'a.yaml': 'kind: ConfigMap\n' }).text).toContain('No service account in this workspace uses a role.');
  });
});
