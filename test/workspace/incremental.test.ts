import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { account, uriOf } from '../wiring/build';
import { facts, findings, paths, Player, start, step, type Step } from './edits';
import { runs } from '../support/runs';

setHclParser(await loadHcl());

const twoAccounts = `${account('api', 'demo-namespace', 'demo-role')}---\n${account('demo', 'n', 'demo-role')}`;
/** Steps after which something was once stale, or not named as changed. */
const onceFailed: readonly (readonly Step[])[] = [
  // A fix counted the files of an account that is there (seed 1795879615).
  [
    { kind: 'open', path: 'overlays/prod/sa.yaml', text: twoAccounts },
    { kind: 'open', path: 'app/sa.yaml', text: '# pod-roles-disable-file subject-mismatch\n' },
    {
      kind: 'open',
      path: 'app/deploy.yaml',
      text: `${account('api', 'demo-namespace', 'other')}---\n# pod-roles-disable-file subject-mismatch\n`,
    },
    { kind: 'type', path: 'app/sa.yaml', at: 0, text: 'a', remove: 0 },
  ],
];

describe('after any edits', () => {
  it('facts and findings are those of a workspace read afresh, and every file whose findings changed was named', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
        const player = new Player();
        for (const [path, text] of Object.entries(start)) player.play({ kind: 'load', path, text });
        player.workspace.takeDirty();
        let before = new Map(paths.map((path) => [path, findings(player.workspace, path)]));
        for (const action of steps) {
          player.play(action);
          const dirty = new Set(player.workspace.takeDirty());
          const after = new Map(paths.map((path) => [path, findings(player.workspace, path)]));
          for (const path of paths)
            if (!dirty.has(uriOf(path))) expect([action, path, after.get(path)]).toEqual([action, path, before.get(path)]);
          before = after;
        }
        const fresh = player.fresh();
        for (const path of paths) {
          expect([path, facts(player.workspace, path)]).toEqual([path, facts(fresh, path)]);
          expect([path, before.get(path)]).toEqual([path, findings(fresh, path)]);
          if (before.get(path) !== '[]') seen++;
        }
      }),
      { numRuns: runs(120), examples: onceFailed.map((steps) => [[...steps]]) },
    );
    expect(seen, 'some findings must be compared').toBeGreaterThan(runs(120) / 6);
  }, 120_000);
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
    expect(workspace.skipped()).toEqual([
      { uri: uriOf('a.yaml'), reason: 'not UTF-8' },
      { uri: uriOf('b.yaml'), reason: 'larger than 5 MB' },
    ]);
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
    workspace.configure({
      ...defaultSettings,
      rules: { 'role-arn-malformed': 'info' },
      overrides: [{ paths: ['sa.yaml'], rules: { 'role-arn-malformed': 'off' } }],
      base: 'file:///repo',
    });
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
