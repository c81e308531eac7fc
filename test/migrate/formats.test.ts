import { describe, expect, it } from 'vitest';
import { accessByGrant } from '../../server/src/core/trust/access';
import { judge } from '../../server/src/core/trust/judge';
import type { TrustPolicyFact } from '../../server/src/core/model/facts';
import { hostOf, planLines, stepped, type Files } from './host';
import { ack, account, cloudFormation, crossplane, eksctl, issuer, terraform, terraformAndHelm } from './repositories';

/** Repositories whose every part is in files: the role, the association's place and the annotation. */
const repositories: readonly (readonly [string, Files])[] = [
  ['Terraform blocks', terraform],
  ['Terraform and the values of a chart', terraformAndHelm],
  ['CloudFormation', cloudFormation],
  ['ACK', ack],
  ['Crossplane', crossplane],
  ['eksctl', eksctl],
];

const crlf = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));

const policiesOf = (files: Files): TrustPolicyFact[] => [...hostOf(files).view.wiring.policies()];
const irsa = { mechanism: 'irsa', issuer, namespace: 'shop', serviceAccount: 'orders', roleAccount: account } as const;

describe.each([...repositories, ...repositories.map(([name, files]) => [`${name}, CRLF`, crlf(files)] as const)])('%s', (_, files) => {
  it('can move, says the plan', () => {
    expect(planLines(files)).toEqual([expect.stringMatching(/^shop\/orders → .*: not-started can-move$/)]);
  });

  it('expand is proven, and a second time changes nothing', () => {
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(result.accounts).toEqual(['shop/orders']);
    for (const { proof } of result.proofs) expect(proof).toEqual({ keeps: { kind: 'included' }, addsNobody: { kind: 'included' } });
    expect(after).not.toEqual(files);
    expect(stepped(after, { step: 'expand' })).toMatchObject({ files: after, result: { refused: [], accounts: [] } });
  });

  it('in between both mechanisms work, and the association wins', () => {
    const { view } = hostOf(stepped(files, { step: 'expand' }).files);
    const [chain] = view.wiring.chains();
    expect(view.access(chain!)).toMatchObject({
      mechanism: 'pod-identity',
      decision: expect.stringMatching(/^(?:allowed|unknown)$/) as string,
    });
    expect(planLines(stepped(files, { step: 'expand' }).files)).toEqual([expect.stringMatching(/: moving can-move$/)]);
  });

  it('undo gives the files back byte by byte', () => {
    const { files: after } = stepped(files, { step: 'expand' });
    const undone = stepped(after, { step: 'undo' });
    expect(undone.result.refused).toEqual([]);
    expect(undone.files).toEqual(files);
  });

  it('contract is refused before expand', () => {
    const { result, files: after } = stepped(files, { step: 'contract' });
    expect(after).toEqual(files);
    expect(result.refused).toEqual([{ account: 'shop/orders', reason: expect.stringMatching(/association/) as string }]);
  });

  it('after contract EKS Pod Identity alone is left', () => {
    const { result, files: after } = stepped(stepped(files, { step: 'expand' }).files, { step: 'contract' });
    expect(result.refused).toEqual([]);
    for (const { proof } of result.proofs) expect(proof).toEqual({ keeps: { kind: 'included' }, addsNobody: { kind: 'included' } });
    expect(planLines(after)).toEqual([expect.stringMatching(/: done can-move$/)]);
    expect([...hostOf(after).view.wiring.chains()]).toEqual([]);
    expect(Object.values(after).join('')).not.toMatch(/oidc-provider\/oidc\.eks|AssumeRoleWithWebIdentity|role-arn/);
    for (const { policy } of policiesOf(after)) expect(judge(policy, irsa).decision).toBe('denied');
    const { wiring } = hostOf(after).view;
    const grants = [...wiring.grantsOf({ namespace: 'shop', name: 'orders', places: [] })];
    expect(grants).toHaveLength(1);
    expect(accessByGrant(grants[0]!, undefined).decision).not.toBe('denied');
    expect(stepped(after, { step: 'contract' })).toMatchObject({ files: after, result: { refused: [], accounts: [] } });
  });

  it('undo after contract would take the role away, and is refused', () => {
    const { files: done } = stepped(stepped(files, { step: 'expand' }).files, { step: 'contract' });
    const { result, files: after } = stepped(done, { step: 'undo' });
    expect(after).toEqual(done);
    expect(result.refused).toHaveLength(1);
  });
});

it('the verdict is allowed by Pod Identity where the cluster is written out', () => {
  for (const files of [terraformAndHelm, ack, crossplane]) {
    const { view } = hostOf(stepped(files, { step: 'expand' }).files);
    expect(view.access([...view.wiring.chains()][0]!)).toMatchObject({ mechanism: 'pod-identity', decision: 'allowed' });
  }
});
