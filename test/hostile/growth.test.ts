import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadHcl } from '../../server/src/hcl/load';
import { readSettings } from '../../server/src/core/config/readSettings';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { defaultSettings } from '../../server/src/core/config/settings';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { hostile } from './growth';
import { policies } from './growthPolicies';
import { account, range, subject, subjects, times } from './growthShapes';

/** What a workspace says of files: its findings by rule, why files were not read, and what failed inside. */
function read(files: Readonly<Record<string, string>>): {
  rules: Record<string, number>;
  skipped: string[];
  log: string[];
  messages: string[];
} {
  const log: string[] = [];
  const config = files['pod-roles.yaml'];
  const settings =
    config === undefined ? { ...defaultSettings, base: 'file:///w' } : readSettings(config, 'file:///w/pod-roles.yaml').settings;
  const workspace = new Workspace({ settings, log: (message) => void log.push(message) });
  for (const [path, text] of Object.entries(files)) if (path !== 'pod-roles.yaml') workspace.load(`file:///w/${path}`, text);
  const rules: Record<string, number> = {};
  const messages: string[] = [];
  for (const uri of workspace.checkable()) {
    for (const { rule, message } of workspace.check(uri)) {
      rules[rule] = (rules[rule] ?? 0) + 1;
      messages.push(message);
    }
  }
  return { rules, skipped: workspace.skipped().map(({ reason }) => reason), log, messages };
}

function shape(name: string): Readonly<Record<string, string>> {
  const [n, make] = hostile[name]!;
  return make(n);
}

// Sizes at which work that grows by the square needs minutes: the watchdog is the test's own time limit.
describe('what repeats itself without end is read in time, or a plain word says that it is not', { timeout: 120_000 }, () => {
  it.each([
    ['placeholders in one scalar'],
    ['placeholders in one plain scalar'],
    ['placeholders in a block scalar'],
    ['placeholders of a shell in one scalar'],
    ['ifs in one another'],
    ['flow sequences in one another'],
    ['anchors that double'],
    ['merge keys that double'],
    ['a cycle of anchors'],
    ['brackets of JSON'],
    ['a deep kustomization of two of two'],
    ['a ring of kustomizations'],
  ])('%s: read', (name) => {
    const { log } = read(shape(name));
    expect(log).toEqual([]);
  });

  it.each([
    ['documents', 'too many documents: 80000, the limit is 10000'],
    ['statements', 'read in part, line 1: the trust policy is too large to check: 5,000 statements; the limit is 500'],
    ['subjects of StringLike', 'read in part, line 1: the trust policy is too large to check: 20,007 keys and values; the limit is 500'],
    [
      'accounts and subjects that none fits',
      'read in part, line 1: the trust policy is too large to check: 2,007 keys and values; the limit is 500',
    ],
    [
      'a subject of stars and letters',
      'read in part, line 1: the trust policy is too large to check: a value of 1,000,027 characters; the limit is 10,000',
    ],
    [
      'policies of one role',
      'read in part: 1,500 accounts use one role, and 1,500 trust policies may be its own, too many to tell which is',
    ],
    [
      'policies in one document',
      'read in part: 300 accounts use one role, and 300 trust policies may be its own, too many to tell which is',
    ],
    ['accounts and workloads of one name', 'read in part: 2,000 accounts and 2,000 workloads share a name, too many to tell them apart'],
    ['heredocs', 'too many examples: 50000, the limit is 2000'],
    ['fences', 'too many examples: 50000, the limit is 2000'],
  ])('%s: %s', (name, reason) => {
    const { skipped, log } = read(shape(name));
    expect(skipped).toContain(reason);
    expect(log).toEqual([]);
  });

  it.each([['statements'], ['subjects of StringLike'], ['accounts and subjects that none fits']])(
    '%s: the policy is said to be too large, and no account is said to be refused',
    (name) => {
      const { rules, messages } = read(shape(name));
      expect(rules['policy-too-long']).toBe(1);
      expect(messages.filter((message) => /^The policy is too large to check: /.test(message))).toHaveLength(1);
      expect(rules['subject-mismatch']).toBeUndefined();
    },
  );

  it('equal accounts with one wrong policy each have their finding, and the policy one for all', () => {
    expect(read(shape('equal accounts with one wrong policy')).rules['subject-mismatch']).toBe(800 + 1);
  });

  it.each([
    ['ignore globs', 100_000],
    ['overrides', 40_000],
    ['clusters', 10_000],
  ])('%s: settings say what is too much', (name) => {
    const { problems } = readSettings(shape(name)['pod-roles.yaml']!, 'file:///w/pod-roles.yaml');
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/are too many: all lists of this file together may have 2000 items\.$/),
    );
  });

  it.each([
    ['modules that call the next twice'],
    ['a ring of modules'],
    ['one module of many roots'],
    ['instances without end'],
    ['settings of one release'],
  ])('%s: read', async (name) => {
    setHclParser(await loadHcl());
    expect(read(shape(name)).log).toEqual([]);
  });

  it('a ring of Terraform roles is beyond what is parsed, and a smaller one is read', async () => {
    setHclParser(await loadHcl());
    expect(read(shape('a ring of Terraform roles')).skipped).toContain(
      'too large: 2.5 MB in the files of one folder that are read together, the limit is 0.6 MB',
    );
    const [, ring] = hostile['a ring of Terraform roles']!;
    const { skipped, log } = read(ring(500));
    expect([skipped, log]).toEqual([[], []]);
  });
});

describe('within the limits nothing changes', { timeout: 120_000 }, () => {
  it('each of hundreds of accounts that a policy of hundreds of subjects does not name has its finding', () => {
    const files = {
      'a.yaml': times(300, (i) => account(`a${i}x`, 'r'), '---\n'),
      'r.trust.json': subjects(range(400).map((i) => subject(`b${i}y`))),
    };
    const { rules, skipped } = read(files);
    // One more in the policy, for all of them.
    expect(rules['subject-mismatch']).toBe(300 + 1);
    expect(skipped).toEqual([]);
  });

  it('the nearest of several subjects is named', () => {
    const files = { 'a.yaml': account('orders', 'r'), 'r.trust.json': subjects([subject('payment'), subject('order'), subject('ordes')]) };
    expect(read(files).messages[0]).toContain('allows shop/order and 2 others, not shop/orders');
  });
});

// As a user meets them: a clock that kills, and no more memory than 200 MB for all that is kept.
describe('the command line', () => {
  const cli = useCli();
  const cases = [
    'placeholders in one scalar',
    'accounts and subjects that none fits',
    'statements',
    'subjects of StringLike',
    'equal accounts with one wrong policy',
    'documents',
    'small documents',
    'one module of many roles of many roots',
  ];

  it.each(cases)('%s', { timeout: 120_000 }, async (name) => {
    const root = folder(shape(name));
    const code = await new Promise<number | string | null>((done) => {
      const child = spawn(
        process.execPath,
        ['--max-old-space-size=200', cli.program, 'check', '.', '--format', 'json', '--fail-on', 'never'],
        { cwd: root, stdio: 'ignore' },
      );
      const watchdog = setTimeout(() => child.kill('SIGKILL'), 90_000);
      child.on('close', (status, signal) => {
        clearTimeout(watchdog);
        done(signal ?? status);
      });
    });
    expect(code).toBe(0);
  });
});

it(
  'no rule fails over any shape of policies, and what is too large is told both as a finding and as read in part',
  { timeout: 300_000 },
  () => {
    for (const [name, [n, make]] of Object.entries(policies)) {
      const { log, messages, skipped } = read(make(Math.ceil(n / 10)));
      const [asFinding, asSkipped] = [
        messages.some((message) => message.startsWith('The policy is too large to check: ')),
        skipped.some((reason) => reason.includes('the trust policy is too large to check: ')),
      ];
      expect([name, log, asFinding]).toEqual([name, [], asSkipped]);
    }
  },
);
