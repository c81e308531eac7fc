import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHoles } from '../../server/src/core/text/holes';

/** The value with its holes in guillemets; `~` before one that has no name. */
function marked(value: string, options?: Parameters<typeof findHoles>[1]): string {
  let out = '';
  let at = 0;
  for (const hole of findHoles(value, options)) {
    expect(hole.source).toBe(value.slice(hole.start, hole.end));
    out += `${value.slice(at, hole.start)}${hole.named ? '' : '~'}«${hole.source}»`;
    at = hole.end;
  }
  return out + value.slice(at);
}

describe('findHoles', () => {
  test.each([
    // templates and variables
    'arn:aws:iam::«${ACCOUNT}»:role/x',
    'arn:aws:iam::«${data.aws_caller_identity.current.account_id}»:role/«${var.name}»',
    '«${replace(module.eks.oidc, "https://", "")}»:sub',
    '«${cond ? a : b}»',
    '«${VAR:-default}»',
    '«${AWS::AccountId}»',
    'arn:aws:iam::«${self:custom.account}»:role/«${opt:stage}»-app',
    '«${env:ISSUER}»:sub',
    'arn:aws:iam::«$AWS_ACCOUNT_ID»:role/x',
    'system:serviceaccount:«$namespace»:«$service_account»',
    'oidc.eks.eu-west-1.amazonaws.com/id/«OIDC-ID»:sub',
    'oidc.eks.eu-west-1.amazonaws.com/id/«cluster_id»',
    '«$(ACCOUNT)»/x',
    '«{{ .Values.role }}»-«{{x}}»',
    '«{{ if .x }}»a«{{ end }}»',
    '«{{`{{ x }}`}}»',
    '«%{ if x }»a',
    '~«%s»:sub and ~«%[1]s» and ~«%d»',
    // placeholders
    'arn:aws:iam::«<ACCOUNT_ID>»:role/«<your-role>»',
    '«<<CLUSTER_NAME>>»',
    'arn:«<partition>»:iam::«<account>»:role/ebs',
    'id/«[OIDC_ID]»:sub',
    '«[your role arn]»',
    'arn:«{arn-aws}»:iam::«{account_id}»:role/x',
    '«__ACCOUNT__»/«@@ROLE@@»/«@ROLE@»',
    'arn:aws:iam::~«XXXXXXXXXXXX»:role/x',
    'arn:aws:iam::~«************»:role/x',
    'arn:aws:iam::~«1234XXXX5678»:role/x',
    'id/~«XXXX»:sub',
    'id/~«EXAMPLEXXXXXXXX»',
    'arn:aws:iam::«ACCOUNT_ID»:role/«ROLE_NAME»',
    'arn:aws:iam::«ACCOUNT»:role/«NAME»',
    'arn:aws:iam::«FOO»:role/x',
    'system:serviceaccount:«NAMESPACE»:x',
    '«OIDC_PROVIDER»:sub',
    '«YOUR_ROLE_ARN»',
    'arn:aws:iam::«your-account-id»:role/«your_role»',
    'arn:aws:iam::«account-id»:role/x',
    'arn:aws:iam::~«...»:role/x',
    'run «${x}» and write «<name>»',
  ])('%s', (text) => {
    expect(marked(text.replace(/~?«|»/g, ''))).toBe(text);
  });

  test.each([
    'arn:aws:iam::111122223333:role/app',
    'arn:aws:iam::000000000000:role/app',
    'arn:aws:iam::111122223333:role/my-app_role.x@y+z=,',
    'arn:aws:iam::111122223333:role/account-reader',
    'arn:aws:iam::111122223333:role/*',
    'system:serviceaccount:*:*',
    'system:serviceaccount:my-*:app?',
    'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub',
    '${aws:PrincipalTag/team}',
    "${aws:username, 'none'}",
    '${oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub}',
    '${*}${?}${$}',
    '$${escaped}',
    'x[abc]y [0] [a-z0-9] a[0-9]+',
    '{}',
    '',
    '100%',
    'a < b > c',
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'StringEquals',
    'ForAllValues:StringLike',
    'sts:AssumeRoleWithWebIdentity',
    'Set HTTP_PROXY before you start',
    '{"name":"AWS_REGION","value":"x"}',
    'unclosed ${ and {{ and <',
  ])('none in %s', (value) => {
    expect(marked(value)).toBe(value);
  });

  test('a key in capitals is a name; its parts may be placeholders', () => {
    expect(marked('MY_KEY', { key: true })).toBe('MY_KEY');
    expect(marked('NAMESPACE', { key: true })).toBe('NAMESPACE');
    expect(marked('OIDC_PROVIDER:sub', { key: true })).toBe('«OIDC_PROVIDER»:sub');
    expect(marked('${KEY}', { key: true })).toBe('«${KEY}»');
  });

  test('CloudFormation substitutes each ${…} but ${!…}', () => {
    expect(marked('${aws:x} ${!Literal} ${Role.Arn}', { dialect: 'sub' })).toBe('«${aws:x}» ${!Literal} «${Role.Arn}»');
  });

  test('holes are in order, apart, and inside the value, for any text', () => {
    const pieces = fc.constantFrom(
      '$',
      '{',
      '}',
      '{{',
      '}}',
      '<',
      '>',
      '[',
      ']',
      'A_B',
      'X',
      '*',
      '%s',
      ':',
      '/',
      ' ',
      'a',
      '__',
      '@@',
      '1',
      '"',
      '`',
      '\n',
      'your-',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const value = parts.join('');
        let at = 0;
        for (const hole of findHoles(value)) {
          expect(hole.start).toBeGreaterThanOrEqual(at);
          expect(hole.end).toBeGreaterThan(hole.start);
          at = hole.end;
        }
        expect(at).toBeLessThanOrEqual(value.length);
      }),
    );
  });

  test.each(['${', '{{', '<a', '[A', '{a', '__A', '@@a', 'A_', 'your-', '%[1', '{{`', '{{/*', 'X', '*', '${}'])(
    'linear on a long run of %s',
    (piece) => {
      const value = piece.repeat(100_000);
      expect(() => findHoles(value)).not.toThrow();
    },
  );
});
