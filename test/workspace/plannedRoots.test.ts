import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/src/core/model/facts';
import { PlannedRoots } from '../../server/src/core/workspace/files/plannedRoots';
import { FileSet } from '../../server/src/core/workspace/fileSet';
import { only, read } from '../readers/support';
import { account, getRole, trust, uriOf } from '../wiring/build';

const plan = (subject: string, address = 'module.irsa["a"].aws_iam_role.this[0]'): string =>
  JSON.stringify({
    format_version: '1.2',
    resource_changes: [
      {
        address,
        mode: 'managed',
        type: 'aws_iam_role',
        name: 'this',
        change: {
          actions: ['create'],
          after: { name: 'demo-role', arn: 'arn:aws:iam::111122223333:role/demo-role', assume_role_policy: trust(subject) },
        },
      },
    ],
  });

/** What the text of a root module says: an account, and a role with its policy, at an address. */
function ofRoot(root: string, name: string, address: string): Fact[] {
  const deployedBy = [`terraform ${root}`];
  const written = [...read(account('app', 'n', 'demo-role'), 'repo/a.yaml'), ...read(getRole('demo-role', 'n:other'), 'repo/a.json')];
  const doc = { uri: uriOf(name), index: 0, start: 0 };
  const facts = JSON.parse(JSON.stringify(written), (key, value: unknown) => (key === 'doc' ? doc : value)) as Fact[];
  return facts.map((fact) =>
    fact.kind === 'role' ? { ...fact, deployedBy, id: `terraform ${root} ${address}` } : { ...fact, deployedBy },
  );
}

const planFacts = (path: string, text = plan('n:app')): Fact[] => read(text, path);

describe('the roots that have a plan', () => {
  const address = 'module.irsa["a"].aws_iam_role.this[0]';
  const root = 'file:///repo/infra';
  const roots = (...files: [string, Fact[]][]): string[] => {
    const planned = new PlannedRoots();
    for (const [uri, facts] of files) planned.note(uri, facts);
    return [...planned.roots];
  };

  it('are the only ones whose roles are all in it, whatever the keys of instances', () => {
    const away: [string, Fact[]] = ['file:///tmp/plan.json', planFacts('tmp/plan.json')];
    expect(roots(away, ['file:///repo/infra/main.tf', ofRoot(root, 'infra/main.tf', 'module.irsa.aws_iam_role.this')])).toEqual([root]);
    expect(roots(away, ['file:///repo/infra/main.tf', ofRoot(root, 'infra/main.tf', 'aws_iam_role.another')])).toEqual([]);
    expect(roots(['file:///repo/infra/main.tf', ofRoot(root, 'infra/main.tf', address)])).toEqual([]);
  });

  it('are of two that are alike the one where the plan stands, or none', () => {
    const both: [string, Fact[]][] = ['a', 'b'].map((name) => [
      `file:///repo/${name}/main.tf`,
      ofRoot(`file:///repo/${name}`, `${name}/main.tf`, address),
    ]);
    expect(roots(...both, ['file:///repo/b/plan.json', planFacts('repo/b/plan.json')])).toEqual(['file:///repo/b']);
    expect(roots(...both, ['file:///tmp/plan.json', planFacts('tmp/plan.json')])).toEqual([]);
  });

  it('leave what other roots deploy, too', () => {
    const planned = new PlannedRoots();
    planned.note('file:///tmp/plan.json', planFacts('tmp/plan.json'));
    const facts = ofRoot(root, 'infra/main.tf', address);
    planned.note('file:///repo/infra/main.tf', facts);
    expect(planned.counting(facts)).toEqual([]);
    const shared = facts.map((fact) => ({ ...fact, deployedBy: [`terraform ${root}`, 'terraform file:///repo/other'] }));
    expect(planned.counting(shared)).toEqual(shared);
    const plain = read(account('app', 'n', 'demo-role'), 'repo/sa.yaml');
    expect(planned.counting(plain)).toBe(plain);
    expect(only(facts, 'role')).not.toEqual([]);
  });
});

describe('a plan beside the text of its root', () => {
  const root = 'file:///repo/infra';
  const stored = (facts: Fact[]) => ({ facts, suppressions: [], lines: [0] });
  const found = (files: FileSet): string[] =>
    [...files.checkable()].flatMap((uri) => files.check(uri).map(({ rule }) => `${uri.slice(uriOf('').length)} ${rule}`)).sort();

  it('counts in its place, from when it comes until it goes', () => {
    const files = new FileSet();
    files.files.restore(uriOf('infra/main.tf'), stored(ofRoot(root, 'infra/main.tf', 'module.irsa.aws_iam_role.this')));
    const before = found(files);
    expect(before).toContain('infra/main.tf subject-mismatch');
    for (const step of [files.files.loading(uriOf('infra/plan.json'), plan('n:app'))]) while (!step.next().done);
    expect(found(files)).toEqual([]);
    files.files.restore(uriOf('infra/main.tf'), stored(ofRoot(root, 'infra/main.tf', 'module.irsa.aws_iam_role.this')));
    expect(found(files)).toEqual([]);
    files.files.remove(uriOf('infra/plan.json'));
    expect(found(files)).toEqual(before);
  });

  it('counts with the text where it is of another root', () => {
    const files = new FileSet();
    files.files.restore(uriOf('infra/main.tf'), stored(ofRoot(root, 'infra/main.tf', 'aws_iam_role.another')));
    for (const step of [files.files.loading(uriOf('infra/plan.json'), plan('n:app'))]) while (!step.next().done);
    expect(files.wiring.facts(uriOf('infra/main.tf'))).not.toEqual([]);
  });

  it('is open in an editor, and typed into', () => {
    const files = new FileSet();
    files.files.restore(uriOf('infra/main.tf'), stored(ofRoot(root, 'infra/main.tf', 'module.irsa.aws_iam_role.this')));
    files.files.open(uriOf('infra/plan.json'), plan('n:app', 'aws_iam_role.this'));
    expect(files.wiring.facts(uriOf('infra/main.tf'))).not.toEqual([]);
    files.files.change(uriOf('infra/plan.json'), plan('n:app'));
    expect(files.wiring.facts(uriOf('infra/main.tf'))).toEqual([]);
    expect(found(files)).toEqual([]);
  });
});
