import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { toUri } from '../../server/src/host/paths';
import type { Diagnostics } from '../../server/src/lsp/diagnostics';
import { watchedGlobs } from '../../server/src/lsp/diskChanges';
import { FileUris } from '../../server/src/lsp/fileUris';
import type { Session } from '../../server/src/lsp/session';
import type { StatusReporter } from '../../server/src/lsp/status';
import { WorkspaceFiles } from '../../server/src/lsp/workspaceFiles';
import { runs } from '../support/runs';

let root = '';
const made: string[] = [];
beforeEach(newRoot);
afterAll(() => made.forEach((each) => rmSync(each, { recursive: true, force: true })));

function newRoot(): void {
  made.push((root = mkdtempSync(join(tmpdir(), 'pod-roles-disk-'))));
}

const account = (name: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x
`;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const uri = (path: string): string => toUri(join(root, path));

async function started() {
  const workspace = new Workspace();
  const session = {
    workspace,
    documents: new Map(),
    uris: new FileUris(),
    can: { watchFiles: false },
    log: {
      crash: (_: string, error: unknown) => {
        throw error;
      },
      info: () => undefined,
      scanned: () => undefined,
    },
  } as unknown as Session;
  const status = { setBusy: () => undefined, setFiles: () => undefined } as unknown as StatusReporter;
  const files = new WorkspaceFiles(session, { workspaceChanged: () => undefined } as unknown as Diagnostics, status, [toUri(root)]);
  await files.start();
  const accounts = (): string[] =>
    [...workspace.wiring.accounts()].map((each) => `${each.doc.uri.slice(toUri(root).length + 1)} ${String(each.name?.value)}`).sort();
  return { workspace, files, accounts };
}

describe('the globs of watched files', () => {
  // VS Code's globs (vs/base/common/glob.ts): a brace ends at the next closing brace, so that none may stand in another.
  it.each(watchedGlobs)('%s has no braces inside braces', (glob) => {
    let depth = 0;
    for (const character of glob) {
      if (character === '{') depth++;
      if (character === '}') depth--;
      expect(depth).toBeLessThanOrEqual(1);
    }
    expect(depth).toBe(0);
  });

  // A folder that is made or deleted may be told of alone, and its name says nothing.
  it('take every file and folder, whatever its name', () => {
    expect(watchedGlobs).toContain('**/*');
  });
});

describe('changes on disk', () => {
  it('of a folder that is told of alone: made, renamed, deleted', async () => {
    write('a/x.yaml', account('x'));
    const { files, accounts } = await started();
    write('b/inner/y.yaml', account('y'));
    await files.changed([uri('b')]);
    expect(accounts()).toEqual(['a/x.yaml x', 'b/inner/y.yaml y']);
    renameSync(join(root, 'b'), join(root, 'c'));
    await files.changed([uri('b'), uri('c')]);
    expect(accounts()).toEqual(['a/x.yaml x', 'c/inner/y.yaml y']);
    rmSync(join(root, 'c'), { recursive: true });
    await files.changed([uri('c')]);
    expect(accounts()).toEqual(['a/x.yaml x']);
  });

  it('of a folder that a file or a link replaces, and back', async () => {
    write('a/x.yaml', account('x'));
    write('b/y.yaml', account('y'));
    write('c/z.yaml', account('z'));
    const { files, accounts } = await started();
    for (const name of ['a', 'b']) rmSync(join(root, name), { recursive: true });
    write('a', 'no folder');
    symlinkSync('nowhere', join(root, 'b'));
    await files.changed([uri('a'), uri('b')]);
    expect(accounts()).toEqual(['c/z.yaml z']);
    rmSync(join(root, 'c/z.yaml'));
    write('c/z.yaml/inner.yaml', account('inner'));
    await files.changed([uri('c/z.yaml')]);
    expect(accounts()).toEqual(['c/z.yaml/inner.yaml inner']);
  });

  it('of an ignore file: what it ignores goes, and comes back without it', async () => {
    write('.git/HEAD', '');
    write('build/x.yaml', account('x'));
    write('y.yaml', account('y'));
    const { files, accounts } = await started();
    expect(accounts()).toHaveLength(2);
    write('.gitignore', 'build/\n');
    await files.changed([uri('.gitignore')]);
    expect(accounts()).toEqual(['y.yaml y']);
    rmSync(join(root, '.gitignore'));
    await files.changed([uri('.gitignore')]);
    expect(accounts()).toHaveLength(2);
    write('.git/info/exclude', 'y.yaml\n');
    await files.changed([uri('.git/info/exclude')]);
    expect(accounts()).toEqual(['build/x.yaml x']);
  });

  it('of ignored files are ignored: by Git, by the settings, in folders of tools', async () => {
    write('.git/HEAD', '');
    write('.gitignore', 'dist\n*.out.yaml\n');
    const { files, accounts } = await started();
    files.setLimits(['generated'], toUri(root), undefined);
    const ignored = [
      'dist/a/x.yaml',
      'x.out.yaml',
      'generated/x.yaml',
      'sub/generated/deep/x.yaml',
      'node_modules/p/x.yaml',
      'sub/.terraform/x.yaml',
    ];
    for (const path of [...ignored, 'ok/x.yaml']) write(path, account('x'));
    await files.changed([...ignored, 'ok/x.yaml', 'dist', 'dist/a', 'generated', 'node_modules', 'sub'].map(uri));
    expect(accounts()).toEqual(['ok/x.yaml x']);
  });

  it('of the globs in the settings: what they exclude goes, and comes back', async () => {
    write('a/x.yaml', account('x'));
    write('b/y.yaml', account('y'));
    const { files, accounts } = await started();
    files.setLimits(['a'], toUri(root), undefined);
    await expect.poll(accounts).toEqual(['b/y.yaml y']);
    files.setLimits([], toUri(root), undefined);
    await expect.poll(accounts).toHaveLength(2);
  });

  it('of a file that was skipped: once it is gone, nobody speaks of it', async () => {
    write('bin.yaml', 'kind: ServiceAccount\0');
    const { files, workspace } = await started();
    expect(workspace.skipped()).toHaveLength(1);
    rmSync(join(root, 'bin.yaml'));
    await files.changed([uri('bin.yaml')]);
    expect(workspace.skipped()).toEqual([]);
  });

  it('in folders of tools are not looked at, however many', async () => {
    const { files } = await started();
    const admits = vi.spyOn(files, 'admits');
    await files.changed(Array.from({ length: 2000 }, (_, i) => uri(`node_modules/p/${i}.yaml`)));
    expect(admits).not.toHaveBeenCalled();
  });

  it('outside of the folder, and URIs that name no file here, are passed', async () => {
    write('x.yaml', account('x'));
    const { files, accounts } = await started();
    await files.changed([
      'file:///etc/x.yaml',
      'file://host/share/x.yaml',
      'file:///a%2Fb.yaml',
      'untitled:Untitled-1',
      'not a uri',
      toUri(root),
    ]);
    expect(accounts()).toEqual(['x.yaml x']);
  });

  it('of links: a linked folder is read as at the start, and never leads out', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'pod-roles-outside-'));
    made.push(outside);
    writeFileSync(join(outside, 'secret.yaml'), account('secret'));
    write('a/x.yaml', account('x'));
    const { files, accounts } = await started();
    symlinkSync(outside, join(root, 'out'));
    symlinkSync(join(root, 'a'), join(root, 'again'));
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling.yaml'));
    await files.changed([uri('out'), uri('again'), uri('dangling.yaml')]);
    expect(accounts()).toEqual((await started()).accounts());
    expect(accounts().join()).not.toContain('secret');
  });

  it('in any order leave what a fresh start finds', async () => {
    const folder = fc.constantFrom('a', 'b', 'a/c', 'node_modules', 'dist');
    const file = fc
      .tuple(folder, fc.constantFrom('x.yaml', 'Y.YAML', 'z.txt', '.gitignore', 'kustomization'))
      .map((parts) => parts.join('/'));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), path: file, n: fc.nat(9) }),
      fc.record({ kind: fc.constant('delete' as const), path: fc.oneof(file, folder) }),
      fc.record({ kind: fc.constant('rename' as const), path: folder, to: fc.constantFrom('a', 'b', 'd', 'a/e', 'dist') }),
      fc.record({ kind: fc.constant('tell' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        newRoot();
        write('.git/HEAD', '');
        write('.gitignore', 'dist\n');
        const { files, accounts } = await started();
        const events = new Set<string>();
        for (const each of steps) {
          try {
            // As VS Code tells it: a folder that is made or deleted stands for what is in it.
            if (each.kind === 'write') {
              events.add(each.path);
              for (let at = dirname(each.path); at !== '.'; at = dirname(at)) events.add(at);
              write(each.path, each.path.endsWith('.gitignore') ? 'x.yaml\n' : account(`n${each.n}`));
            } else if (each.kind === 'delete') {
              rmSync(join(root, each.path), { recursive: true, force: true });
              events.add(each.path);
            } else if (each.kind === 'rename') {
              renameSync(join(root, each.path), join(root, each.to));
              events.add(each.path).add(each.to);
            } else {
              await files.changed([...events].map(uri));
              events.clear();
            }
          } catch (error) {
            // Renaming a folder into itself, or onto one that holds files.
            if ((error as NodeJS.ErrnoException).code === undefined) throw error;
          }
        }
        await files.changed([...events].map(uri));
        expect(accounts()).toEqual((await started()).accounts());
      }),
      { numRuns: runs(60) },
    );
  });
});
