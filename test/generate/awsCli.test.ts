import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsCliWriter } from '../../server/src/core/generate/writers/awsCli';
import { toJson } from '../../server/src/core/generate/json';
import { trustDocument } from '../../server/src/core/generate/trust';
import { neighbours } from '../../server/src/core/generate/prove';
import { requestFor, type Pair } from '../../server/src/core/generate/pair';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import { folder } from '../support/folder';
import { pairOf, pairs, podPair } from './arbitraries';
import { runs } from '../support/runs';

/**
 * A stand-in for the AWS CLI: notes its words, answers from files named as the call (`iam_get-role`), and fails where
 * there is none for a call that reads.
 */
const standIn = `#!${process.execPath}
const fs = require('node:fs');
const [,, service, call, ...words] = process.argv;
fs.appendFileSync(process.env.CALLS, JSON.stringify([service + ' ' + call, ...words]) + '\\n');
const file = process.env.ANSWERS + '/' + service + '_' + call;
if (fs.existsSync(file)) process.stdout.write(fs.readFileSync(file));
else if (/^(get|describe)-/.test(call)) { process.stderr.write('NoSuchEntity\\n'); process.exit(254); }
`;

function run(
  pair: Pair,
  answers: Readonly<Record<string, string>> = {},
): { code: number | null; stdout: string; stderr: string; calls: string[][] } {
  const root = folder({
    'bin/aws': standIn,
    calls: '',
    'answers/sts_get-caller-identity': `${pair.role.accountId}\n`,
    'script.sh': awsCliWriter.write(pair)[0]!.text,
  });
  chmodSync(join(root, 'bin/aws'), 0o755);
  for (const [call, answer] of Object.entries(answers)) writeFileSync(join(root, 'answers', call), answer);
  const { status, stdout, stderr } = spawnSync('bash', [join(root, 'script.sh')], {
    encoding: 'utf8',
    env: { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, CALLS: join(root, 'calls'), ANSWERS: join(root, 'answers') },
  });
  return {
    code: status,
    stdout,
    stderr,
    calls: readFileSync(join(root, 'calls'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]),
  };
}

/** The value of an option of a call. */
function option(call: readonly string[], name: string): string | undefined {
  return call[call.indexOf(`--${name}`) + 1];
}

const full = {
  path: '/eks/',
  tags: { team: 'it is: ours' },
  maxSessionDuration: '7200',
  policyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
  policy: {
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: "it's $HOME `x` \\ ${aws:username}" }],
    }),
    name: 'queue',
  },
};

describe('the script', () => {
  test('makes all in order, and prints the ServiceAccount', () => {
    const pair = pairOf(full);
    const { code, stdout, stderr, calls } = run(pair);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(calls.map(([call]) => call)).toEqual([
      'sts get-caller-identity',
      'iam get-open-id-connect-provider',
      'iam create-open-id-connect-provider',
      'iam get-role',
      'iam create-role',
      'iam attach-role-policy',
      'iam put-role-policy',
    ]);
    const create = calls[4]!;
    expect(option(create, 'path')).toBe('/eks/');
    expect(JSON.parse(option(create, 'tags')!)).toEqual([{ Key: 'team', Value: 'it is: ours' }]);
    expect(option(calls[6]!, 'policy-document')).toBe(pair.role.inline!.document.trim());
    expect(stdout).toBe(
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n  namespace: demo-namespace\n  annotations:\n    eks.amazonaws.com/role-arn: ${pair.role.arn}\n`,
    );
  });

  test('any pair: the role that it makes admits the account, and none of its neighbours', () => {
    fc.assert(
      fc.property(pairs, (pair) => {
        const { code, calls, stderr } = run(pair);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        const policy = policyFromText(
          option(
            calls.find(([call]) => call === 'iam create-role')!,
            'assume-role-policy-document',
          )!,
        );
        expect(judge(policy, requestFor(pair)).decision).toBe('allowed');
        for (const { request } of neighbours(pair)) expect(judge(policy, request).decision).toBe('denied');
        const inline = calls.find(([call]) => call === 'iam put-role-policy');
        if (pair.role.inline) expect(option(inline!, 'policy-document')).toBe(pair.role.inline.document.trim());
        const association = calls.find(([call]) => call === 'eks create-pod-identity-association');
        expect(association && option(association, 'role-arn')).toBe(pair.mechanism === 'irsa' ? undefined : pair.role.arn);
      }),
      { numRuns: runs(12) },
    );
  }, 120_000);

  test('run again it makes what is missing alone', () => {
    const pair = pairOf(full);
    const { code, calls } = run(pair, {
      'iam_get-open-id-connect-provider': 'sts.amazonaws.com\n',
      'iam_get-role': JSON.stringify(trustDocument(pair), null, 4),
    });
    expect(code).toBe(0);
    expect(calls.map(([call]) => call)).toEqual([
      'sts get-caller-identity',
      'iam get-open-id-connect-provider',
      'iam get-role',
      'iam attach-role-policy',
      'iam put-role-policy',
    ]);
  });

  test('adds an audience that the provider lacks', () => {
    const { calls } = run(pairOf({ audience: 'mine' }), { 'iam_get-open-id-connect-provider': 'sts.amazonaws.com\tother*\n' });
    expect(calls[2]).toEqual([
      'iam add-client-id-to-open-id-connect-provider',
      '--open-id-connect-provider-arn',
      pairOf().provider!.arn,
      '--client-id',
      'mine',
    ]);
  });

  test('stops before a role with another trust policy, another account, another association', () => {
    const pair = pairOf();
    const there = run(pair, { 'iam_get-role': toJson(trustDocument(pairOf({ serviceAccount: 'other' }))) });
    expect(there).toMatchObject({ code: 1, stdout: '' });
    expect(there.stderr).toContain('The role demo-role exists with another trust policy: pod-roles generate --apply extends it.');
    expect(there.calls.map(([call]) => call)).not.toContain('iam create-role');
    const elsewhere = run(pair, { 'sts_get-caller-identity': '999999999999\n' });
    expect(elsewhere).toMatchObject({
      code: 1,
      stdout: '',
      calls: [['sts get-caller-identity', '--query', 'Account', '--output', 'text']],
    });
    const pods = run(podPair(), {
      'eks_list-pod-identity-associations': 'a-1\n',
      'eks_describe-pod-identity-association': 'arn:aws:iam::111122223333:role/other\n',
    });
    expect(pods).toMatchObject({ code: 1, stdout: '' });
    expect(pods.stderr).toContain('has an association with arn:aws:iam::111122223333:role/other already');
  });
});
