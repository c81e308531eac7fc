import { describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../../server/src/core/config/settings';
import type { Checks, Report, Rule } from '../../server/src/core/rules/rule';
import { unusedSuppression } from '../../server/src/core/rules/unused-suppression';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, trust, uriOf } from '../wiring/build';

function rule(id: string, checks: Checks, rest: Partial<Rule> = {}): Rule {
  return { id, level: 'error', title: id, fixable: false, since: '0', source: 'test', checks, ...rest };
}

/** Reports each account at its head. */
const onAccount = (id: string, report: Partial<Report> = {}, rest: Partial<Rule> = {}) =>
  rule(id, { serviceAccount: (fact, context) => context.report({ doc: fact.doc, span: fact.head, message: `${id}.`, ...report }) }, rest);
const onPolicy = (id: string, report: Partial<Report> = {}, rest: Partial<Rule> = {}) =>
  rule(
    id,
    { trustPolicy: (fact, context) => context.report({ doc: fact.doc, span: { start: 0, end: 1 }, message: `${id}.`, ...report }) },
    rest,
  );
const onChain = (id: string, rest: Partial<Rule> = {}) =>
  rule(
    id,
    { chain: (chain, context) => context.report({ doc: chain.request.doc, span: chain.request.valueSpan, message: `${id}.` }) },
    rest,
  );

const sa = account('demo-sa', 'demo', 'demo-role');
const files = { 'k8s/sa.yaml': sa, 'iam/demo-role/trust.json': trust('demo:demo-sa') };

function run(rules: readonly Rule[], settings: Partial<Settings> = {}, texts: Record<string, string> = files) {
  const log: string[] = [];
  const workspace = new Workspace({
    rules,
    settings: { ...defaultSettings, base: 'file:///repo', ...settings },
    log: (message) => log.push(message),
  });
  for (const [path, text] of Object.entries(texts)) workspace.load(uriOf(path), text);
  const found = Object.keys(texts).flatMap((path) => workspace.check(uriOf(path)).map((finding) => `${finding.rule}@${finding.level}`));
  return { found, log, workspace };
}

describe('a rule that throws', () => {
  const broken = rule('broken', {
    serviceAccount: () => {
      throw new Error('oops');
    },
  });

  it('costs itself alone, and is logged once', () => {
    const { found, log, workspace } = run([broken, onAccount('fine')], {}, { 'a.yaml': sa, 'b.yaml': sa });
    expect(found).toEqual(['fine@error', 'fine@error']);
    workspace.configure(defaultSettings);
    workspace.check(uriOf('a.yaml'));
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/broken.*oops/s);
  });

  it('keeps what it had already found elsewhere', () => {
    let calls = 0;
    const sometimes = rule('sometimes', {
      serviceAccount: (fact, context) => {
        if (++calls === 2) throw new Error('oops');
        context.report({ doc: fact.doc, span: fact.head, message: 'Found.' });
      },
    });
    expect(run([sometimes], {}, { 'a.yaml': `${sa}---\n${sa}---\n${sa}` }).found).toEqual(['sometimes@error', 'sometimes@error']);
  });
});

describe('levels', () => {
  it.each<[string, Partial<Rule>, Partial<Report>, Partial<Settings>, string[]]>([
    ["are the rule's own", { level: 'warning' }, {}, {}, ['r@warning']],
    ['are set by the settings, upward', { level: 'info' }, {}, { rules: { r: 'error' } }, ['r@error']],
    ['are set by the settings, downward', {}, {}, { rules: { r: 'info' } }, ['r@info']],
    ['are off by the settings', {}, {}, { rules: { r: 'off' } }, []],
    ['are off by the rule', { level: 'off' }, {}, {}, []],
    ['are on by the settings though the rule is off', { level: 'off' }, {}, { rules: { r: 'warning' } }, ['r@warning']],
    ['of a less sure case are lower', {}, { level: 'info' }, {}, ['r@info']],
    [
      'of a less sure case stay low though the settings raise the rule',
      { level: 'warning' },
      { level: 'info' },
      { rules: { r: 'error' } },
      ['r@info'],
    ],
    ['of a less sure case are never higher than the settings', {}, { level: 'warning' }, { rules: { r: 'info' } }, ['r@info']],
    [
      'for paths win over those for all',
      {},
      {},
      { rules: { r: 'warning' }, overrides: [{ paths: ['k8s'], rules: { r: 'info' } }] },
      ['r@info'],
    ],
    ['for other paths do not count', {}, {}, { overrides: [{ paths: ['other/**'], rules: { r: 'off' } }] }, ['r@error']],
    [
      'for paths: the last one wins',
      {},
      {},
      {
        overrides: [
          { paths: ['**'], rules: { r: 'off' } },
          { paths: ['*.yaml'], rules: { r: 'info' } },
        ],
      },
      ['r@info'],
    ],
    ['are none in ignored files', {}, {}, { ignore: ['k8s/'] }, []],
  ])('%s', (_, meta, report, settings, expected) => {
    expect(run([onAccount('r', report, meta)], settings).found).toEqual(expected);
  });
});

describe('one cause, one finding', () => {
  const consequence = onPolicy('never-matches', {}, { phase: 'consequence' });
  const mismatch = onChain('mismatch', { phase: 'consequence' });

  it('a consequence is said where no rule names a cause', () => {
    expect(run([onAccount('other'), mismatch]).found).toEqual(['other@error', 'mismatch@error']);
    expect(run([consequence]).found).toEqual(['never-matches@error']);
  });

  it('a cause in the policy silences what follows from it, in the policy and across files', () => {
    expect(run([onPolicy('cause'), consequence, mismatch]).found).toEqual(['cause@error']);
  });

  it('a policy that lets nobody in silences what is said of single accounts', () => {
    expect(run([consequence, mismatch]).found).toEqual(['never-matches@error']);
  });

  it('a warning or an info explains nothing', () => {
    expect(run([onPolicy('cause', {}, { level: 'warning' }), mismatch]).found).toEqual(['mismatch@error', 'cause@warning']);
    expect(run([onPolicy('cause', { level: 'info' }), mismatch]).found).toEqual(['mismatch@error', 'cause@info']);
  });

  it('a cause that the user turned off is still the cause', () => {
    expect(run([onPolicy('cause'), mismatch], { rules: { cause: 'off' } }).found).toEqual([]);
  });
});

describe('findings', () => {
  it('come by place, then by rule, each once', () => {
    const twice = rule('twice', {
      serviceAccount: (fact, context) => {
        for (const start of [9, 3, 3]) context.report({ doc: fact.doc, span: { start, end: 12 }, message: 'Twice.' });
      },
    });
    const { workspace } = run([
      twice,
      rule('b', { serviceAccount: (fact, context) => context.report({ doc: fact.doc, span: { start: 3, end: 12 }, message: 'B.' }) }),
    ]);
    expect(workspace.check(uriOf('k8s/sa.yaml')).map((finding) => [finding.at.span.start, finding.rule])).toEqual([
      [3, 'b'],
      [3, 'twice'],
      [9, 'twice'],
    ]);
  });

  it('of a second document come after those of the first', () => {
    const { workspace } = run([onAccount('r')], {}, { 'a.yaml': `${sa}---\n${sa}` });
    expect(workspace.check(uriOf('a.yaml')).map((finding) => finding.at.doc.index)).toEqual([0, 1]);
  });
});

describe('suppressions', () => {
  const r = onAccount('r');
  const all = [r, unusedSuppression];
  const headed = (comment: string) => sa.replace('kind:', `${comment}\nkind:`);

  it.each<[string, string, string[]]>([
    ['the next line', headed('# pod-roles-disable-next-line r'), []],
    ['the next line, several ids', headed('# pod-roles-disable-next-line other, r'), ['unused-suppression@info']],
    ['the next line, with a reason', headed('# pod-roles-disable-next-line r -- because of reasons, other'), []],
    ['all rules', headed('# pod-roles-disable-next-line'), []],
    ['the whole file, from its end', `${sa}# pod-roles-disable-file r\n`, []],
    ['another rule', headed('# pod-roles-disable-next-line x'), ['unused-suppression@info', 'r@error']],
    ['a word that only begins alike', headed('# pod-roles-disable-next-lines r'), ['r@error']],
    [
      'the rule on suppressions itself',
      headed('# pod-roles-disable-next-line x') + '# pod-roles-disable-file unused-suppression\n',
      ['r@error'],
    ],
    [
      'a line further down',
      headed('# pod-roles-disable-next-line r').replace('kind:', 'metadata2: x\nkind:'),
      ['unused-suppression@info', 'r@error'],
    ],
  ])('%s', (_, text, expected) => {
    expect(run(all, {}, { 'a.yaml': text }).found.sort()).toEqual([...expected].sort());
  });

  it('work in JSON with comments, in both kinds', () => {
    const json = (comment: string) =>
      `{\n${comment}\n"kind": "ServiceAccount", "apiVersion": "v1",\n"metadata": {"name": "a", "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/r"}}}`;
    const check = (comment: string) => {
      const text = json(comment);
      const at = text.indexOf('"kind"');
      const placed = rule('r', {
        serviceAccount: (fact, context) => context.report({ doc: fact.doc, span: { start: at, end: at + 6 }, message: 'Here.' }),
      });
      return run([placed, unusedSuppression], {}, { 'a.jsonc': text }).found;
    };
    expect(check('')).toEqual(['r@error']);
    expect(check('// pod-roles-disable-next-line r')).toEqual([]);
    expect(check('/* pod-roles-disable-next-line r */')).toEqual([]);
    expect(check('/* pod-roles-disable-next-line r -- why */')).toEqual([]);
  });

  it('take an edit above them along', () => {
    const workspace = new Workspace({ rules: all });
    const uri = uriOf('a.yaml');
    workspace.open(uri, `a: 1\n---\n${headed('# pod-roles-disable-next-line r')}`);
    expect(workspace.check(uri)).toEqual([]);
    workspace.change(uri, `a: 1\nb: 2\nc: 3\n---\n${headed('# pod-roles-disable-next-line r')}`);
    expect(workspace.check(uri)).toEqual([]);
    workspace.change(uri, `a: 1\n---\nkind: x\n---\n${headed('# pod-roles-disable-next-line r')}`);
    expect(workspace.check(uri)).toEqual([]);
  });
});
