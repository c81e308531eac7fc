import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { definitionAt } from '../../server/src/core/features/definition';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { actionsAt } from '../../server/src/core/features/codeActions';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { account, deployment, issuer, trust, uriOf, workspaceOf } from '../wiring/build';
import { runs } from '../support/runs';

beforeAll(async () => setHclParser(await loadHcl()));

const fence = (name: string, body: string, fences = '```') => `${fences}${name}\n${body}${body.endsWith('\n') ? '' : '\n'}${fences}\n\n`;
const swapped = trust('demo:app').replace(/:sub/g, ':x').replace(/:aud/g, ':sub').replace(/:x/g, ':aud');
const user = account('app', 'demo', 'app').replace(':role/', ':user/');

function found(path: string, text: string, how: 'open' | 'load' = 'open'): string[] {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  workspace[how](uriOf(path), text);
  return workspace
    .check(uriOf(path))
    .filter(({ otherSideOf }) => !otherSideOf)
    .map(({ level, rule, at }) => `${level} ${rule} ${text.slice(at.doc.start + at.span.start, at.doc.start + at.span.end)}`);
}

describe('what is said of examples', () => {
  it.each<[string, string, string, string[]]>([
    ['an error is an info', 'a.md', fence('yaml', user), ['info role-arn-malformed arn:aws:iam::111122223333:user/app']],
    [
      'in a list',
      'a.md',
      `1. x\n\n${fence('yaml', user).replace(/^(?=.)/gm, '   ')}`,
      ['info role-arn-malformed arn:aws:iam::111122223333:user/app'],
    ],
    ['a trust policy', 'a.md', fence('json', swapped), [`info subject-under-audience-key ${issuer}:aud`]],
    ['AsciiDoc', 'a.adoc', `[source,yaml]\n----\n${user}----\n`, ['info role-arn-malformed arn:aws:iam::111122223333:user/app']],
    ['a heredoc', 'a.sh', `kubectl apply -f - <<EOF\n${user}EOF\n`, ['info role-arn-malformed arn:aws:iam::111122223333:user/app']],
    [
      'a heredoc in a fence',
      'a.md',
      fence('bash', `cat > trust.json <<'EOF'\n${swapped}\nEOF\n`),
      [`info subject-under-audience-key ${issuer}:aud`],
    ],
    [
      'a word of a shell',
      'a.sh',
      `aws iam create-role --role-name app --assume-role-policy-document '${swapped}'\n`,
      [`info subject-under-audience-key ${issuer}:aud`],
    ],
    [
      'Terraform',
      'a.md',
      fence(
        'hcl',
        `resource "kubernetes_service_account" "a" {\n  metadata {\n    name = "a"\n    annotations = {\n      "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:user/app"\n    }\n  }\n}\n`,
      ),
      ['info role-arn-malformed arn:aws:iam::111122223333:user/app'],
    ],
    ['comments in JSON are for readers', 'a.md', fence('json', trust('demo:app').replace('"Effect"', '// who may\n"Effect"')), []],
    ['what is only worth knowing', 'a.md', fence('json', trust('demo:app').replace(/\s*"[^"]*:aud": "sts.amazonaws.com",/, '')), []],
    ['wrong on purpose', 'a.md', `## Common mistakes\n\n${fence('yaml', user)}`, []],
    ['wrong, by a comment', 'a.md', fence('yaml', `# Don't: a user\n${user}`), []],
    ['left out: dots', 'a.md', fence('yaml', `${user}spec:\n  ...\n`), []],
    ['left out: a word', 'a.md', fence('yaml', `# snip\n${user}`), []],
    ['no kind', 'a.md', fence('yaml', user.replace('kind: ServiceAccount\n', '')), []],
    ['a lone statement', 'a.md', fence('json', JSON.stringify((JSON.parse(swapped) as { Statement: object[] }).Statement[0], null, 2)), []],
    [
      'a condition alone',
      'a.md',
      fence('json', '"Condition": {"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/X:aud": "system:serviceaccount:a:b"}}'),
      [],
    ],
    ['a comment as a key', 'a.md', fence('json', swapped.replace('"StringEquals": {', '"_comment": "why", "StringEquals": {')), []],
    ['a sketch with elements of its own', 'a.md', fence('json', swapped.replace('"Principal"', '"Identity"')), []],
    ['a sketch without a principal', 'a.md', fence('json', swapped.replace(/"Principal": \{[^}]*\},/, '')), []],
    [
      'chart values',
      'a.md',
      fence('yaml', 'serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/x\n'),
      [],
    ],
    [
      'two ways side by side',
      'a.md',
      fence('yaml', account('app', 'demo', 'app')) +
        fence(
          'yaml',
          'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata:\n  name: a\nspec:\n  clusterName: c\n  namespace: demo\n  serviceAccount: app\n  roleARN: arn:aws:iam::111122223333:role/app\n',
        ).repeat(2),
      [],
    ],
    ['the account elsewhere', 'a.md', fence('yaml', account('app', 'prod', 'app')) + fence('yaml', deployment('app', 'dev')), []],
    ['a transcript', 'a.md', fence('console', `$ kubectl get sa app -o yaml\n${user}`), []],
    ['another language', 'a.md', fence('python', `x = """\n${user}"""\n`), []],
  ])('%s', (_, path, text, expected) => {
    expect(found(path, text).sort()).toEqual(expected);
    expect(found(path, text, 'load').sort()).toEqual(expected);
  });

  it('silences: for the file by a comment of the documentation, for a line by one of the example', () => {
    const both = fence('yaml', user);
    expect(found('a.md', `<!-- pod-roles-disable-file role-arn-malformed -->\n${both}`)).toEqual([]);
    expect(found('a.sh', `# pod-roles-disable-file role-arn-malformed\ncat <<EOF\n${user}EOF\n`)).toEqual([]);
    expect(found('a.md', both.replace('    eks', '    # pod-roles-disable-next-line role-arn-malformed\n    eks'))).toEqual([]);
  });

  it('joins the fences of one file where a command or a field names the role', () => {
    const create = fence(
      'bash',
      `cat > trust.json <<'EOF'\n${trust('demo:other')}\nEOF\naws iam create-role --role-name app --assume-role-policy-document file://trust.json\n`,
    );
    const [first, ...more] = found('a.md', create + fence('yaml', account('app', 'demo', 'app')));
    expect(more).toEqual([]);
    expect(first).toMatch(/^info subject-mismatch/);
    expect(found('a.md', create + fence('yaml', account('other', 'demo', 'app')))).toEqual([]);
    // Nothing says whose the policy is.
    expect(found('a.md', fence('json', trust('demo:other')) + fence('yaml', account('app', 'demo', 'app')))).toEqual([]);
    // A name that stands for another is joined with nothing.
    expect(
      found('a.md', create.replaceAll('role-name app', 'role-name YOUR_ROLE') + fence('yaml', account('app', 'demo', 'YOUR_ROLE'))),
    ).toEqual([]);
  });
});

describe('examples and real files', () => {
  const files = {
    'sa.yaml': account('app', 'demo', 'app'),
    'iam/app/trust.json': trust('demo:app'),
    'deploy.yaml': deployment('app', 'demo'),
  };
  const readme =
    fence('yaml', account('app', 'demo', 'other-role')) +
    fence('yaml', deployment('app', 'elsewhere')) +
    fence('bash', `aws iam create-role --role-name app --assume-role-policy-document '${trust('demo:nobody')}'\n`);

  it('answer for nothing in one another', () => {
    const alone = workspaceOf(files);
    const both = workspaceOf({ ...files, 'README.md': readme, 'x.sh': `cat <<EOF\n${account('ghost', 'demo', 'app')}EOF\n` });
    const said = (workspace: Workspace) =>
      Object.keys(files).map((path) => workspace.check(uriOf(path)).map(({ rule, message }) => `${rule}: ${message}`));
    expect(said(both)).toEqual(said(alone));
    expect(both.wiring.roleArns().map(({ text }) => text)).toEqual(alone.wiring.roleArns().map(({ text }) => text));
    expect([...both.wiring.files()]).toEqual([...alone.wiring.files()]);
    expect([...both.documents()].sort()).toEqual([uriOf('README.md'), uriOf('x.sh')]);
    // What is missing in the files is not mended by an example.
    const refused = workspaceOf({ 'sa.yaml': account('app', 'demo', 'app'), 'iam/app/trust.json': trust('demo:another') });
    const before = refused.check(uriOf('sa.yaml')).map(({ rule }) => rule);
    refused.load(
      uriOf('README.md'),
      fence('bash', `aws iam create-role --role-name app --assume-role-policy-document '${trust('demo:app')}'\n`),
    );
    expect(refused.check(uriOf('sa.yaml')).map(({ rule }) => rule)).toEqual(before);
    expect(before).toEqual(['subject-mismatch']);
  });

  it('are forgotten when they are gone, and named as changed', () => {
    const workspace = workspaceOf({ 'a.md': fence('yaml', user) });
    expect(workspace.takeDirty()).toEqual([uriOf('a.md')]);
    workspace.load(uriOf('a.md'), 'nothing\n');
    expect([workspace.takeDirty(), [...workspace.checkable()]]).toEqual([[uriOf('a.md')], []]);
    workspace.open(uriOf('a.md'), fence('yaml', user));
    workspace.takeDirty();
    workspace.remove(uriOf('a.md'));
    expect(workspace.check(uriOf('a.md'))).toHaveLength(1);
    workspace.close(uriOf('a.md'));
    expect([workspace.takeDirty(), workspace.check(uriOf('a.md')), [...workspace.documents()]]).toEqual([[uriOf('a.md')], [], []]);
    workspace.load(uriOf('b.md'), 'nothing\n');
    expect(workspace.takeDirty()).toEqual([]);
  });

  it('are told apart by pod-roles.yaml too: documents: false says nothing', () => {
    const workspace = workspaceOf({ 'pod-roles.yaml': 'documents: false\n' });
    workspace.open(uriOf('a.md'), fence('yaml', user));
    expect(workspace.check(uriOf('a.md'))).toEqual([]);
  });
});

describe('the editor in an example', () => {
  const text = `# A\n\n${fence('yaml', account('app', 'demo', 'app'))}${fence('yaml', deployment('app', 'demo'))}${fence('yaml', 'serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/partial\n')}`;
  const open = (whole = text, others: Record<string, string> = {}): Workspace => {
    const workspace = workspaceOf(others);
    workspace.open(uriOf('a.md'), whole);
    return workspace;
  };

  it('hovers, in pieces too, and leads from a workload to its account', () => {
    const workspace = open();
    const view = workspace.viewOf(uriOf('a.md'));
    expect(hoverAt(view, uriOf('a.md'), text.indexOf('role/app') + 6)?.markdown).toContain('app');
    expect(hoverAt(view, uriOf('a.md'), text.indexOf('role/partial') + 6)?.markdown).toContain('partial');
    const [target] = definitionAt(view, uriOf('a.md'), text.indexOf('serviceAccountName: app') + 21)!.targets;
    expect(target!.doc.start + target!.span.start).toBe(text.indexOf('name: app') + 6);
  });

  it('leads from an example to the real policy where no example holds one', () => {
    const workspace = open(text, { 'iam/app/trust.json': trust('demo:app'), 'sa.yaml': account('real', 'demo', 'app') });
    const at = text.indexOf('role/app') + 6;
    expect(definitionAt(workspace.viewOf(uriOf('a.md')), uriOf('a.md'), at)).toBeUndefined();
    expect(definitionAt(workspace, uriOf('a.md'), at)?.targets.map(({ doc }) => doc.uri)).toEqual([uriOf('iam/app/trust.json')]);
  });

  it('completes from the examples and the workspace, in a heredoc too', () => {
    const body = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  annotations:\n    eks.amazonaws.com/role-arn: |\n';
    for (const [path, before, after] of [
      ['a.md', fence('yaml', account('x', 'demo', 'example')) + '```yaml\n', '```\n'],
      ['a.sh', `echo \\\`\ncat <<EOF\n`, 'EOF\n'],
    ] as const) {
      const whole = `${before}${body}${after}`;
      const offset = whole.indexOf('|\n');
      const workspace = workspaceOf({ 'real.yaml': account('y', 'demo', 'real') });
      workspace.open(uriOf(path), whole.replace('|\n', '\n'));
      const labels = completionAt(workspace, uriOf(path), offset, workspace.viewOf(uriOf(path)))!.items.map(({ label }) => label);
      expect(labels).toContain('real');
      expect(labels.includes('example')).toBe(path === 'a.md');
      // Never the other way.
      workspace.open(uriOf('real.yaml'), body.replace('|\n', '\n'));
      const real = completionAt(workspace, uriOf('real.yaml'), body.indexOf('|\n'), workspace.viewOf(uriOf('real.yaml')));
      expect(real?.items.map(({ label }) => label) ?? []).not.toContain('example');
    }
  });

  it("mends in the shell's own quotes", () => {
    const quoted = `P="${swapped.replaceAll('"', '\\"')}"\n`;
    const workspace = workspaceOf({});
    workspace.open(uriOf('a.sh'), quoted);
    const [finding] = workspace.check(uriOf('a.sh'));
    const fix = finding!.fixes.find(({ edits }) => edits.length > 0)!;
    const mended = [...fix.edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce((out, { doc, span, newText }) => out.slice(0, doc.start + span.start) + newText + out.slice(doc.start + span.end), quoted);
    expect(JSON.parse(mended.slice(3, -2).replaceAll('\\"', '"'))).toMatchObject({ Version: '2012-10-17' });
  });

  it("offers a comment of the documentation's own kind, behind front matter", () => {
    const whole = `---\ntitle: x\n---\n\n${fence('yaml', user)}`;
    const workspace = open(whole);
    const at = whole.indexOf('arn:aws');
    const actions = actionsAt(workspace, uriOf('a.md'), at, at);
    const file = actions.find(({ title }) => title === 'Disable role-arn-malformed for this file')!;
    expect(file.edits.map(({ doc, span, newText }) => [doc.start + span.start, newText])).toEqual([
      [whole.indexOf('\n\n') + 1, '<!-- pod-roles-disable-file role-arn-malformed -->\n'],
    ]);
    expect(actions.some(({ title }) => title === 'Disable role-arn-malformed for this line')).toBe(true);
  });
});

describe('after any edits', () => {
  const blocks = fc.constantFrom(
    fence('yaml', account('app', 'demo', 'app')),
    fence('yaml', user),
    fence('json', trust('demo:app')),
    fence('json', swapped),
    fence(
      'bash',
      `cat > t.json <<EOF\n${trust('demo:other')}\nEOF\naws iam create-role --role-name app --assume-role-policy-document file://t.json\n`,
    ),
    fence('yaml', deployment('app', 'demo'), '~~~'),
    '## Wrong\n\n',
    '## Right\n\n',
    'Some text\n\n',
    '<!-- pod-roles-disable-file role-arn-malformed -->\n',
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(8),
    text: fc.oneof(fc.constantFrom('`', '```\n', '\n', 'EOF\n', 'a', '"', '---\n', '## Wrong\n'), blocks),
  });
  const state = (workspace: Workspace) =>
    JSON.stringify([
      workspace.viewOf(uriOf('a.md')).wiring.facts(uriOf('a.md')),
      workspace
        .check(uriOf('a.md'))
        .map(({ rule, message, at, related }) => [
          rule,
          message,
          at.doc.start + at.span.start,
          at.doc.start + at.span.end,
          related.map((each) => each.at.doc.start + each.at.span.start),
        ]),
    ]);

  it('facts and findings are those of a file read afresh', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(blocks, { minLength: 1, maxLength: 6 }), fc.array(edit, { minLength: 1, maxLength: 8 }), (start, edits) => {
        let text = start.join('');
        const workspace = new Workspace({
          log: (message) => {
            throw new Error(message);
          },
        });
        workspace.open(uriOf('a.md'), text);
        for (const { at, remove, text: added } of edits) {
          const from = Math.floor(at * text.length);
          const to = Math.min(text.length, from + remove);
          const after = text.slice(0, from) + added + text.slice(to);
          workspace.edit(uriOf('a.md'), { start: from, end: to }, added, () => after);
          text = after;
          const fresh = new Workspace({
            log: (message) => {
              throw new Error(message);
            },
          });
          fresh.open(uriOf('a.md'), text);
          expect(state(workspace)).toBe(state(fresh));
          if (workspace.check(uriOf('a.md')).length > 0) seen++;
        }
      }),
      { numRuns: runs(120) },
    );
    expect(seen, 'some findings must be compared').toBeGreaterThan(runs(120) / 6);
  });

  it('re-reads only the fence that changed', () => {
    const many = Array.from({ length: 50 }, (_, i) => fence('yaml', account(`a${i}`, 'n', `r${i}`))).join('');
    const workspace = new Workspace();
    workspace.open(uriOf('a.md'), many);
    const facts = () => workspace.viewOf(uriOf('a.md')).wiring.facts(uriOf('a.md'));
    const before = facts();
    workspace.change(uriOf('a.md'), many.replace('a25\n', 'renamed\n'));
    expect(
      facts()
        .filter((fact) => !before.includes(fact))
        .every((fact) => fact.doc.index === 51),
    ).toBe(true);
    expect(facts()).toHaveLength(before.length);
  });
});
