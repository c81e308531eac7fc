import { describe, expect, it } from 'vitest';
import type { WebIdentityAccount } from '../../../server/src/core/migrate/types';
import { forms } from './forms';
import { allowWeb, remove, valueNamed } from './support';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const web = (more: Partial<WebIdentityAccount> = {}): WebIdentityAccount => ({
  namespace: { text: 'shop' },
  serviceAccount: { text: 'web' },
  provider: { text: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
  issuer: { text: issuer },
  audience: 'sts.amazonaws.com',
  ...more,
});
const cart = 'system:serviceaccount:shop:cart';
const own = 'system:serviceaccount:shop:web';
/** JSON whose line breaks or quotes are those of a text around it is not joined: it gets a statement of its own. */
const isEscaped = (id: string): boolean => /quoted|folded|in quotes/.test(id);
/** Only the part of a form that has an audience beside the list. */
const joinable = forms.filter(({ id, text }) => !isEscaped(id) && text.includes(':aud') && text.includes(cart) && !/\$\{(?:AWS|Provider|aws|Issuer|module)/.test(text)); // prettier-ignore

describe.each(joinable)('a subject joins a list: $id', ({ file, text }) => {
  it('and leaves it as it was', () => {
    const joined = allowWeb(text, file, [web()]);
    expect(joined.split('sts:AssumeRoleWithWebIdentity').length).toBe(text.split('sts:AssumeRoleWithWebIdentity').length);
    expect(joined.split(own)).toHaveLength(2);
    expect(joined.indexOf(own)).toBeGreaterThan(joined.lastIndexOf(cart));
    expect(remove(joined, file, (fact) => [valueNamed(fact, own)])).toBe(text);
  });
});

describe('a subject gets a statement of its own', () => {
  const { file, text } = forms[0]!;
  it.each<[string, string, Partial<WebIdentityAccount>]>([
    ['for another provider', text, { provider: { text: `arn:aws:iam::111122223333:oidc-provider/${issuer}2` } }],
    ['for another audience', text, { audience: 'other' }],
    [
      'beside a subject that is no list',
      text.replace(/\[\s*"system:serviceaccount:shop:orders",\s*"system:serviceaccount:shop:cart"\s*\]/, `"${cart}"`),
      {},
    ],
    ['where another condition decides', text.replace('"StringEquals": {', '"StringEquals": {\n          "aws:SourceIp": "10.0.0.1",'), {}],
    ['where the audience is open', text.replace(/\n.*:aud".*,/, ''), {}],
    ['in a statement that denies', text.replace(/"Effect": "Allow"(?![\s\S]*"Effect")/, '"Effect": "Deny"'), {}],
  ])('%s', (_, policy, more) => {
    expect(policy === text).toBe(Object.keys(more).length > 0);
    const added = allowWeb(policy, file, [web(more)]);
    expect(added.split('sts:AssumeRoleWithWebIdentity').length).toBe(policy.split('sts:AssumeRoleWithWebIdentity').length + 1);
  });
});
