import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import type { Finding } from '../../server/src/core/rules/rule';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, deployment, getRole, trust, uriOf } from '../wiring/build';

const names = ['demo', 'demo-sa', 'demo-sb', 'api'];
const namespaces = ['n', 'demo-namespace', undefined];
const roles = ['demo-role', 'other'];
const paths = [
  'app/sa.yaml', 'app/deploy.yaml', 'app/iam/trust.json', 'iam/demo-role/trust.json', 'iam/other-trust.json', 'aws/role.json',
  'overlays/dev/sa.yaml', 'overlays/dev/kustomization.yaml', 'overlays/prod/sa.yaml', 'app/kustomization.yaml',
];

const accountText = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...namespaces), fc.constantFrom(...roles), fc.constantFrom('', '', '    eks.amazonaws.com/audience: sts.amazonaws.com.cn\n')).map(([a, b, c, d]) => account(a, b, c) + d);
const deploymentText = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...namespaces)).map(([a, b]) => deployment(a, b));
const trustText = fc.tuple(fc.constantFrom('n', 'demo-namespace', 'demo-namespce'), fc.constantFrom(...names, 'dmeo-sa', 'd*'), fc.constantFrom('', '', '.cn')).map(([a, b, c]) => trust(`${a}:${b}`).replace('sts.amazonaws.com', `sts.amazonaws.com${c}`));
const roleText = fc.tuple(fc.constantFrom(...roles), fc.constantFrom(...names)).map(([role, name]) => getRole(role, `n:${name}`));
const kustomizationText = fc.tuple(fc.constantFrom('', 'namespace: n\n', 'namespace: k\n', 'namePrefix: x-\n'), fc.subarray(['sa.yaml', 'deploy.yaml', '../../app', '.'])).map(
  ([head, resources]) => `${head}resources: [${resources.join(', ')}]\n`);
const yamlText = fc.array(fc.oneof(accountText, deploymentText, fc.constant('# pod-roles-disable-file subject-mismatch\n'), fc.constant('just: text\n')), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('---\n'));

function textFor(path: string): fc.Arbitrary<string> {
  if (path.endsWith('kustomization.yaml')) return kustomizationText;
  if (path === 'aws/role.json') return roleText;
  return path.endsWith('.json') ? trustText : yamlText;
}

/** Files in a workspace so that something joins: the beginning of most runs. */
const start: Record<string, string> = {
  'app/sa.yaml': account('demo-sa', 'demo-namespace', 'demo-role'), 'app/deploy.yaml': deployment('demo-sa', 'demo-namespace'),
  'iam/demo-role/trust.json': trust('demo-namespace:demo-sa'),
};

type Step =
  | { readonly kind: 'open' | 'load' | 'change'; readonly path: string; readonly text: string }
  | { readonly kind: 'type'; readonly path: string; readonly at: number; readonly text: string; readonly remove: number }
  | { readonly kind: 'close' | 'remove'; readonly path: string };

const step: fc.Arbitrary<Step> = fc.constantFrom(...paths).chain((path) => fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'load' as const, 'change' as const), path: fc.constant(path), text: textFor(path) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('type' as const), path: fc.constant(path), at: fc.double({ min: 0, max: 1, noNaN: true }), text: fc.constantFrom('a', '-sa', '\n', '---\n', '"', ' ', ':', '{{ x }}', '#'), remove: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'remove' as const), path: fc.constant(path) }) },
));

/** A finding without identities: places in offsets of the file. */
function plainFinding(finding: Finding): unknown {
  const place = ({ doc, span }: Finding['at']) => [doc.uri, doc.start + span.start, doc.start + span.end];
  return {
    ...finding, at: place(finding.at), related: finding.related.map((each) => [place(each.at), each.message]),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => [place({ doc: edit.doc, span: edit.span }), edit.newText]) })),
  };
}

function findings(workspace: Workspace, path: string): string {
  return JSON.stringify(workspace.check(uriOf(path)).map(plainFinding));
}

function facts(workspace: Workspace, path: string): string {
  return JSON.stringify(workspace.wiring.facts(uriOf(path)));
}

/** Plays steps on a workspace and on the plain texts that it should know. */
class Player {
  readonly workspace = new Workspace({ log: (message) => { throw new Error(message); } });
  readonly disk = new Map<string, string>();
  readonly open = new Map<string, string>();

  play(action: Step): void {
    const { path } = action;
    const uri = uriOf(path);
    switch (action.kind) {
      case 'load':
        this.disk.set(path, action.text);
        return this.workspace.load(uri, action.text);
      case 'open':
        this.open.set(path, action.text);
        return this.workspace.open(uri, action.text);
      case 'change':
        return this.change(path, action.text);
      case 'type': {
        const text = this.open.get(path);
        if (text === undefined) return;
        const at = Math.floor(action.at * text.length);
        const after = text.slice(0, at) + action.text + text.slice(at + action.remove);
        this.open.set(path, after);
        return this.workspace.edit(uri, { start: at, end: Math.min(text.length, at + action.remove) }, action.text, () => after);
      }
      case 'close': {
        const text = this.open.get(path);
        if (text === undefined) return;
        this.open.delete(path);
        this.workspace.close(uri);
        // As an editor does: what counts now is the disk.
        const saved = this.disk.get(path);
        return saved === undefined ? this.workspace.remove(uri) : this.workspace.load(uri, saved);
      }
      case 'remove':
        this.disk.delete(path);
        return this.workspace.remove(uri);
    }
  }

  private change(path: string, text: string): void {
    if (!this.open.has(path)) return;
    this.open.set(path, text);
    this.workspace.change(uriOf(path), text);
  }

  text(path: string): string | undefined {
    return this.open.get(path) ?? this.disk.get(path);
  }

  fresh(): Workspace {
    const workspace = new Workspace({ log: (message) => { throw new Error(message); } });
    for (const path of [...paths].reverse()) {
      const text = this.text(path);
      if (text !== undefined) workspace.load(uriOf(path), text);
    }
    return workspace;
  }
}

describe('after any edits', () => {
  it('facts and findings are those of a workspace read afresh, and every file whose findings changed was named', () => {
    let seen = 0;
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const player = new Player();
      for (const [path, text] of Object.entries(start)) player.play({ kind: 'load', path, text });
      player.workspace.takeDirty();
      let before = new Map(paths.map((path) => [path, findings(player.workspace, path)]));
      for (const action of steps) {
        player.play(action);
        const dirty = new Set(player.workspace.takeDirty());
        const after = new Map(paths.map((path) => [path, findings(player.workspace, path)]));
        for (const path of paths) if (!dirty.has(uriOf(path))) expect([action, path, after.get(path)]).toEqual([action, path, before.get(path)]);
        before = after;
      }
      const fresh = player.fresh();
      for (const path of paths) {
        expect([path, facts(player.workspace, path)]).toEqual([path, facts(fresh, path)]);
        expect([path, before.get(path)]).toEqual([path, findings(fresh, path)]);
        if (before.get(path) !== '[]') seen++;
      }
    }), { numRuns: 150 });
    expect(seen, 'some findings must be compared').toBeGreaterThan(20);
  });
});

describe('a workspace', () => {
  const broken = account('demo-sa', 'demo-namespace', 'demo-role').replace(':role/', ':user/');

  it('has the same findings for a file that is open, read from the disk, and open again', () => {
    const workspace = new Workspace();
    const uri = uriOf('sa.yaml');
    const seen: string[] = [];
    workspace.load(uri, broken);
    seen.push(findings(workspace, 'sa.yaml'));
    workspace.open(uri, broken);
    seen.push(findings(workspace, 'sa.yaml'));
    workspace.close(uri);
    seen.push(findings(workspace, 'sa.yaml'));
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('role-arn-malformed');
    expect(workspace.file(uri)).toBeUndefined();
  });

  it('lets an open file win over the disk, and forgets a deleted one when it is closed', () => {
    const workspace = new Workspace();
    const uri = uriOf('sa.yaml');
    workspace.open(uri, broken);
    workspace.load(uri, 'nothing: here\n');
    expect(workspace.check(uri)).toHaveLength(1);
    workspace.remove(uri);
    expect(workspace.check(uri)).toHaveLength(1);
    workspace.close(uri);
    expect(workspace.check(uri)).toEqual([]);
    expect([...workspace.wiring.files()]).toEqual([]);
  });

  it('knows lines and columns of closed files', () => {
    const workspace = new Workspace();
    const text = `# first\r\n---\r\n${broken.replaceAll('\n', '\r\n')}`;
    workspace.load(uriOf('sa.yaml'), text);
    const [found] = workspace.check(uriOf('sa.yaml'));
    const start = workspace.position(found!.at.doc, found!.at.span.start);
    expect(start).toEqual({ line: 8, character: '    eks.amazonaws.com/role-arn: '.length });
    expect(workspace.position({ uri: uriOf('other.yaml'), index: 0, start: 0 }, 0)).toBeUndefined();
  });

  it('finds the document at an offset', () => {
    const workspace = new Workspace();
    const text = `a: 1\n---\n${broken}---\nb: 2\n`;
    workspace.open(uriOf('sa.yaml'), text);
    const at = workspace.documentAt(uriOf('sa.yaml'), text.indexOf('kind: ServiceAccount'))!;
    expect(at.document.text.slice(at.offset)).toMatch(/^kind: ServiceAccount/);
    expect(workspace.factsOf(at.document.ref).map((fact) => fact.kind)).toContain('serviceAccount');
    expect(workspace.documentAt(uriOf('sa.yaml'), -1)).toBeUndefined();
    expect(workspace.documentAt(uriOf('none.yaml'), 0)).toBeUndefined();
  });

  it('says which files it does not read, until they are read', () => {
    const workspace = new Workspace();
    workspace.skip(uriOf('b.yaml'), 'larger than 5 MB');
    workspace.skip(uriOf('a.yaml'), 'not UTF-8');
    expect(workspace.skipped()).toEqual([{ uri: uriOf('a.yaml'), reason: 'not UTF-8' }, { uri: uriOf('b.yaml'), reason: 'larger than 5 MB' }]);
    workspace.load(uriOf('a.yaml'), broken);
    workspace.remove(uriOf('b.yaml'));
    expect(workspace.skipped()).toEqual([]);
    workspace.load(uriOf('c.yaml'), 'a\0b\0');
    expect(workspace.skipped().map((each) => each.uri)).toEqual([uriOf('c.yaml')]);
  });

  it('keeps nothing of files that concern nothing', () => {
    const workspace = new Workspace();
    workspace.load(uriOf('a.yaml'), 'a: 1\n');
    expect([...workspace.wiring.files()]).toEqual([]);
    expect(workspace.takeDirty()).toEqual([]);
  });

  it('takes new settings at once, and names every file', () => {
    const workspace = new Workspace();
    workspace.load(uriOf('sa.yaml'), broken);
    workspace.takeDirty();
    const check = () => workspace.check(uriOf('sa.yaml')).map((finding) => finding.level);
    expect(check()).toEqual(['error']);
    workspace.configure({ ...defaultSettings, rules: { 'role-arn-malformed': 'info' } });
    expect(workspace.takeDirty()).toEqual([uriOf('sa.yaml')]);
    expect(check()).toEqual(['info']);
    workspace.configure({ ...defaultSettings, rules: { 'role-arn-malformed': 'info' }, overrides: [{ paths: ['sa.yaml'], rules: { 'role-arn-malformed': 'off' } }], base: 'file:///repo' });
    expect(check()).toEqual([]);
    workspace.configure({ ...defaultSettings, ignore: ['*.yaml'], base: 'file:///repo' });
    expect(check()).toEqual([]);
    workspace.configure(defaultSettings);
    expect(check()).toEqual(['error']);
  });

  it('re-reads only the document that changed', () => {
    const workspace = new Workspace();
    const many = Array.from({ length: 300 }, (_, i) => account(`a${i}`, 'n', `r${i}`)).join('---\n');
    workspace.open(uriOf('many.yaml'), many);
    const before = workspace.wiring.facts(uriOf('many.yaml'));
    workspace.change(uriOf('many.yaml'), many.replace('a150\n', 'renamed\n'));
    const after = workspace.wiring.facts(uriOf('many.yaml'));
    expect(after).toHaveLength(before.length);
    expect(after.filter((fact) => !before.includes(fact)).every((fact) => fact.doc.index === 150)).toBe(true);
  });
});
