import { expect, it } from 'vitest';
import { diagnosticsText, type Facts } from '../../client/src/diagnosticsText';

const facts: Facts = {
  versions: ['pod-roles 1.0.0', 'VS Code 1.106.0'],
  trusted: true,
  settings: { 'podRoles.rules': { 'subject-mismatch': 'off' } },
  status: {
    files: 3,
    relevant: 2,
    busy: false,
    read: [],
    skipped: [{ uri: 'file:///home/me/work/big.yaml', reason: 'too large' }],
    message: 'pod-roles.yaml has mistakes',
  },
  aws: 'live',
  log: ['2026-11-29T10:00:00.000Z [info] folders: file:///home/me/work'],
  home: '/home/me',
};

it('tells versions, settings, files and the log', () => {
  expect(diagnosticsText(facts)).toBe(`### Pod Roles
- pod-roles 1.0.0
- VS Code 1.106.0
- Trusted workspace
- AWS: live
- Settings: {"podRoles.rules":{"subject-mismatch":"off"}}
- Files: 3, with workloads or roles: 2, skipped: 1
- pod-roles.yaml has mistakes
  - skipped file://~/work/big.yaml: too large

\`\`\`text
2026-11-29T10:00:00.000Z [info] folders: file://~/work
\`\`\`
`);
});

it('says that the server is down', () =>
  expect(diagnosticsText({ ...facts, status: undefined })).toContain('The language server is not running.'));

it.each([
  ['an account id', 'role of 481516234212 was read', '481516234212'],
  ['an ARN', 'arn:aws:iam::481516234212:role/x', '481516234212'],
  ['an access key id', 'key AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['a token', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ['a secret behind its name', 'aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY', 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'],
  ['a session token', 'IQoJb3JpZ2luX2VjEXAMPLEEXAMPLEEXAMPLE/abc==', 'b3JpZ2luX2VjEXAMPLE'],
])('leaves out %s', (_, line, secret) => expect(diagnosticsText({ ...facts, log: [line] })).not.toContain(secret));

it('keeps what the log says inside its fence', () =>
  expect(diagnosticsText({ ...facts, log: ['```', '# not a heading'] }).match(/```/g)).toHaveLength(2));
