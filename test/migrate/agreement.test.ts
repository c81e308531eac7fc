import { describe, expect, it } from 'vitest';
import { explainAccount, explainChain } from '../../server/src/core/features/explain';
import { accessesOf } from '../../server/src/core/features/accesses';
import { plan } from '../../server/src/core/migrate/chunk';
import type { AccountPlan } from '../../server/src/core/migrate/types';
import { disagreements } from '../agreement/views';
import { openWorkspace } from '../support/fixtureWorkspace';
import { forms } from './edits/forms';
import { hostOf, stepped, type Files } from './host';
import * as repositories from './repositories';

/*
 * Between the steps of a move, lens, hover, map, tree, Explain and plan show one verdict, one mechanism in effect, and one
 * answer to "is it moving".
 */

const { ack, cloudFormation, crossplane, eksctl, issuer, manifest, plainJson, roleArn, settings, terraform, terraformAndHelm } =
  repositories;

const formCases = forms.map(({ id, file, text }): [string, Files] => [
  `a policy as ${id}`,
  {
    'pod-roles.yaml': settings().replace(issuer, 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE'),
    'k8s/orders.yaml': manifest('orders', roleArn('orders')),
    [file]: text,
  },
]);

const cases: readonly (readonly [string, Files])[] = [
  ['a JSON policy', plainJson],
  ['Terraform', terraform],
  ['Terraform and Helm', terraformAndHelm],
  ['CloudFormation', cloudFormation],
  ['ACK', ack],
  ['Crossplane', crossplane],
  ['eksctl', eksctl],
];

const association = `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: orders}
spec: {clusterName: demo, namespace: shop, serviceAccount: orders, roleARN: "${roleArn('orders')}"}
`;

/** The same with an association in a folder that has service accounts of its own. */
const elsewhere = (files: Files): Files => ({
  ...files,
  'pod-roles.yaml': settings().replace(/ +paths: .*\n/, ''),
  'platform/association.yaml': `${association}---\n${manifest('cart', roleArn('cart'))}`,
});

/** What the views of some files say of shop/orders, and its row of the plan. Everything that disagrees fails. */
function seen(files: Files): { readonly row: AccountPlan | undefined; readonly said: readonly string[] } {
  const paths = Object.keys(files).filter((path) => path !== 'pod-roles.yaml');
  const workspace = openWorkspace(new Map(Object.entries(files)));
  expect(disagreements(workspace, paths)).toEqual([]);
  const said = new Set<string>();
  for (const account of workspace.wiring.accounts()) {
    for (const { chain } of accessesOf(workspace, account)) {
      const page = chain ? explainChain(workspace, chain) : explainAccount(workspace, account);
      said.add(`${page.decision} ${page.mechanism}${page.mechanisms?.moving ? ' moving' : ''}`);
    }
  }
  const row = plan(hostOf(files), { direction: 'to-pod-identity' }).accounts.find(({ shown }) => shown === 'shop/orders');
  return { row, said: [...said] };
}

const isMovingNow = ({ row }: ReturnType<typeof seen>): boolean =>
  row?.state === 'moving' && row.missing === undefined && row.reasons.every(({ effect }) => effect === 'note');

it.each(formCases)('%s is one verdict after the first step, and where the association may be of another cluster', (_, files) => {
  const after = stepped(files, { step: 'expand' }).files;
  seen(after);
  seen(elsewhere(after));
});

describe.each(cases)('%s', (_, files) => {
  const after = stepped(files, { step: 'expand' }).files;

  it('is one verdict after the first step', () => {
    const view = seen(after);
    expect(view.said.some((each) => each.startsWith('denied'))).toBe(false);
    if (view.said.some((each) => each.endsWith('moving'))) expect(view.row?.state).toBe('moving');
  });

  it('is one verdict where the association is in the same folder', () => {
    if (Object.values(after).some((text) => /pod_?identity_?association/i.test(text))) return;
    const view = seen({ ...after, 'k8s/association.yaml': association });
    expect(view.said).toEqual(isMovingNow(view) ? ['allowed pod-identity moving'] : view.said.filter((each) => !each.endsWith('moving')));
  });

  it.each([
    ['before', files],
    ['after', after],
  ])('is one verdict where the association may be of another cluster, %s the first step', (__, given) => {
    // EKS takes one association for each service account.
    if (files === eksctl && given !== files) return;
    const view = seen(elsewhere(given));
    // The plan knows more: which cluster's issuer the role trusts.
    if (view.said.some((each) => each.endsWith('moving'))) expect(view.row?.state).toBe('moving');
  });
});

describe('the second step, where the association is in a folder of other accounts', () => {
  const pods = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const base = elsewhere({
    ...plainJson,
    'iam/orders.json': repositories.trust(repositories.irsaStatement('system:serviceaccount:shop:orders'), pods),
  });
  const { 'pod-roles.yaml': config, ...bare } = base;
  const contracted = (files: Files) => {
    const { result, files: after } = stepped(files, { step: 'contract', accounts: [{ namespace: 'shop', name: 'orders' }] });
    return { refused: result.refused, isChanged: Object.keys(files).some((path) => files[path] !== after[path]) };
  };
  const doubt = 'The association and the service account are in different folders, so it is unknown whether they are for the same cluster.';

  it('removes IRSA if the role trusts the issuer of the cluster that the association names', () => {
    expect(contracted(base)).toEqual({ refused: [], isChanged: true });
    expect(seen(base).row?.reasons.map(({ code }) => code)).not.toContain('cluster-unknown');
  });

  it.each([
    ['the issuer is that of another cluster', { ...bare, 'pod-roles.yaml': config!.replace('name: demo', 'name: prod') }],
    ['nothing tells the cluster', bare],
  ])('keeps IRSA, which the verdict has in effect, if %s', (_, files) => {
    expect(contracted(files)).toEqual({
      refused: [{ account: 'shop/orders', reason: expect.stringContaining(doubt) as string }],
      isChanged: false,
    });
    const { row, said } = seen(files);
    expect(said).toContain('allowed irsa');
    expect(row?.reasons.find(({ code }) => code === 'cluster-unknown')?.message).toContain(doubt);
  });

  it('removes IRSA if paths in pod-roles.yaml tie the folders to the cluster', () => {
    const paths = config!.replace('issuer: ', "paths: ['k8s/**', 'platform/**']\n    issuer: ").replace(issuer, repositories.otherIssuer);
    expect(contracted({ ...bare, 'pod-roles.yaml': paths }).isChanged).toBe(true);
  });
});
