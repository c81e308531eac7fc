import { expect, it } from 'vitest';
import { stepped, type Files } from './host';
import { account, issuer, manifest, roleArn, settings } from './repositories';

const provider = `arn:aws:iam::${account}:oidc-provider/${issuer}`;

const files = (path: string, text: string): Files => ({
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  [path]: text,
});

const inTemplate = (document: string): string => `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders
      AssumeRolePolicyDocument:
${document.replace(/^(?=.)/gm, '        ')}      Path: /
`;

const block = `Version: "2012-10-17"
Statement:
  # who may
  Effect: Allow
  Principal:
    Federated: ${provider}
  Action: sts:AssumeRoleWithWebIdentity # by token

  Condition:
    StringEquals: {"${issuer}:sub": "system:serviceaccount:shop:orders"}
`;

const json = (open: string, close: string): string => `{
  "Version": "2012-10-17",
  "Statement": ${open}{
    "Effect": "Allow",
    "Principal": { "Federated": "${provider}" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:shop:orders" } }
  }${close}
}
`;

const oneLine = (open: string, close: string): string => JSON.stringify(JSON.parse(json(open, close)));

it.each([
  ['one statement in JSON', 'iam/orders.json', json('', '')],
  ['a list in JSON', 'iam/orders.json', json('[', ']')],
  ['one statement on one line', 'iam/orders.json', oneLine('', '')],
  ['a list on one line', 'iam/orders.json', oneLine('[', ']')],
  ['one statement with line ends of Windows', 'iam/orders.json', json('', '').replaceAll('\n', '\r\n')],
  ['one statement in YAML', 'template.yaml', inTemplate(block)],
  ['one statement in YAML, with line ends of Windows', 'template.yaml', inTemplate(block).replaceAll('\n', '\r\n')],
  ['a list in YAML', 'template.yaml', inTemplate(block.replace('  Effect', '  - Effect').replace(/^ {2}(?=[PAC]| {2})/gm, '    '))],
  ['one statement in flow style', 'template.yaml', inTemplate(`Version: "2012-10-17"\nStatement: ${oneLine('', '').slice(36, -1)}\n`)],
  [
    'one statement in a text',
    'template.yaml',
    inTemplate('').replace('Document:\n', `Document: |\n${json('', '').replace(/^(?=.)/gm, '        ')}`),
  ],
])('%s is the same after expand and undo', (_, path, text) => {
  const before = files(path, text);
  const expanded = stepped(before, { step: 'expand' });
  expect(expanded.result.refused).toEqual([]);
  expect(expanded.files[path]).toContain('pods.eks.amazonaws.com');
  const undone = stepped(expanded.files, { step: 'undo' });
  expect(undone.result.refused).toEqual([]);
  expect(undone.files[path]).toBe(text);
});

it('a statement that somebody has commented on stays in its list', () => {
  const before = files('template.yaml', inTemplate(block));
  const { files: expanded } = stepped(before, { step: 'expand' });
  const commented = expanded['template.yaml']!.replace(/(?<=service-account: orders\n)/, '          # the old way\n');
  expect(commented).not.toBe(expanded['template.yaml']);
  const { files: undone } = stepped({ ...expanded, 'template.yaml': commented }, { step: 'undo' });
  expect(undone['template.yaml']).toContain(
    '          # the old way\n          - Effect: Allow\n            Principal:\n              Federated:',
  );
});
