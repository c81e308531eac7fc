import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { toUri } from '../../server/src/host/paths';
import { encodeRecord, readRecords, writeRecords } from '../../server/src/host/recordFile';
import type { Diagnostics } from '../../server/src/lsp/diagnostics';
import { IndexStore } from '../../server/src/lsp/indexStore';
import { FileUris } from '../../server/src/lsp/fileUris';
import type { Session } from '../../server/src/lsp/session';
import type { StatusReporter } from '../../server/src/lsp/status';
import { WorkspaceFiles } from '../../server/src/lsp/workspaceFiles';
import { runs } from '../support/runs';

const temporary = mkdtempSync(join(tmpdir(), 'pod-roles-index-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
let folders = 0;

/** An hour ago: files that changed a moment ago are not known by their time. */
const before = Date.now() / 1000 - 3600;

class Project {
  readonly root = join(temporary, String(++folders), 'work');
  readonly storage = join(temporary, String(folders), 'storage');
  private time = before;

  put(path: string, text: string): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    this.time++;
    utimesSync(at, this.time, this.time);
  }

  /** A session from start to shutdown: how many files it read, and what it knows of each. */
  async session(storage: string | undefined = this.storage): Promise<{ read: number; known: string }> {
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
        scanned: () => undefined,
      },
    } as unknown as Session;
    const status = { setBusy: () => undefined, setFiles: () => undefined } as unknown as StatusReporter;
    const files = new WorkspaceFiles(
      session,
      { workspaceChanged: () => undefined } as unknown as Diagnostics,
      status,
      [toUri(this.root)],
      storage === undefined ? undefined : new IndexStore(storage),
    );
    await files.start();
    const known = told(workspace);
    await files.stop();
    return { read: files.filesRead, known };
  }

  get stored(): string {
    return join(this.storage, 'index.bin');
  }
}

/** Facts, findings and reasons of everything, as text. */
function told(workspace: Workspace): string {
  const uris = [...workspace.checkable()].sort();
  return JSON.stringify({
    files: uris.map((uri) => [uri, workspace.wiring.facts(uri), workspace.check(uri)]),
    skipped: workspace.skipped(),
    places: uris.map((uri) => workspace.check(uri).map(({ at }) => workspace.position(at.doc, at.span.start))),
  });
}

const account = (name: string, role: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:${role}
`;
const policy = (name: string) =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: {
            Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
          },
          Condition: {
            StringEquals: {
              'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub': `system:serviceaccount:demo:${name}`,
            },
          },
        },
      ],
    },
    null,
    2,
  );
const texts = [
  account('a', 'role/a'),
  account('b', 'role/b'),
  account('a', 'user/a'),
  `${account('a', 'role/a')}---\n${account('b', 'user/b')}`,
  policy('a'),
  policy('b'),
  policy('a*'),
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: demo}\nspec: {template: {spec: {serviceAccountName: a, containers: [{name: c, image: i}]}}}\n',
  'kind: ConfigMap\n',
  'name: [\n# serviceAccountName\n',
  '# pod-roles-disable-file\n' + account('a', 'user/x'),
  'namespace: other\nresources: [sa.yaml]\n',
];

describe('the index that is stored', () => {
  test('a second start reads nothing, and knows the same', async () => {
    const project = new Project();
    texts.forEach((text, i) => project.put(`k8s/${i}.yaml`, text));
    const first = await project.session();
    const second = await project.session();
    expect(first.read).toBe(texts.length);
    expect(second).toEqual({ read: 0, known: first.known });
    expect(JSON.parse(first.known).files.length).toBeGreaterThan(5);
  });

  test('the next start reads what changed, what is new, and nothing of what is gone', async () => {
    const project = new Project();
    texts.forEach((text, i) => project.put(`k8s/${i}.yaml`, text));
    await project.session();
    project.put('k8s/1.yaml', account('b', 'user/b'));
    project.put('k8s/new.yaml', account('n', 'user/n'));
    rmSync(join(project.root, 'k8s/2.yaml'));
    const { read, known } = await project.session();
    expect(read).toBe(2);
    expect(known).toBe((await project.session(undefined)).known);
    expect((await project.session()).read).toBe(0);
  });

  test('a text of the same length at another time is another text', async () => {
    const project = new Project();
    project.put('sa.yaml', account('a', 'role/a'));
    await project.session();
    project.put('sa.yaml', account('a', 'user/a'));
    expect((await project.session()).read).toBe(1);
  });

  test('a file that changed a moment ago is read again', async () => {
    const project = new Project();
    mkdirSync(project.root, { recursive: true });
    writeFileSync(join(project.root, 'sa.yaml'), account('a', 'role/a'));
    await project.session();
    expect((await project.session()).read).toBe(1);
  });

  test('files that are read together are read again: their facts hang on each other', async () => {
    const project = new Project();
    project.put('main.tf', 'resource "aws_iam_role" "a" {}\n');
    project.put('sa.yaml', account('a', 'role/a'));
    await project.session();
    expect((await project.session()).read).toBe(1);
  });

  test.each([
    ['torn', (path: string) => truncateSync(path, readFileSync(path).length - 10)],
    ['empty', (path: string) => writeFileSync(path, '')],
    [
      'of another version',
      (path: string) => writeFileSync(path, Buffer.concat([Buffer.from('pod-roles index 0 0.0.1\n'), readFileSync(path)])),
    ],
    ['no store', (path: string) => writeFileSync(path, 'PK\u0003\u0004 something else')],
    [
      'changed in one byte',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 100]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
  ])('a store that is %s is an empty one', async (_, damage) => {
    const project = new Project();
    texts.forEach((text, i) => project.put(`k8s/${i}.yaml`, text));
    const first = await project.session();
    damage(project.stored);
    expect(await project.session()).toEqual(first);
    expect((await project.session()).read).toBe(0);
    expect(readdirSync(project.storage)).toEqual(['index.bin']);
  });

  test('whatever changes between sessions, what is known from the store is what is read afresh', async () => {
    const change = fc.record({
      path: fc.constantFrom('a.yaml', 'k8s/b.yaml', 'iam/a/trust-policy.json', 'iam/b/trust-policy.json', 'k8s/kustomization.yaml'),
      text: fc.option(fc.constantFrom(...texts)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 4 }), async (sessions) => {
        const project = new Project();
        mkdirSync(project.root, { recursive: true });
        for (const changes of sessions) {
          for (const { path, text } of changes) {
            if (text === null) rmSync(join(project.root, path), { force: true });
            else project.put(path, text);
          }
          expect((await project.session()).known).toBe((await project.session(undefined)).known);
        }
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('a record of another shape', () => {
  const stored = (project: Project): unknown[] => [...readRecords(project.stored, titleOf(project.stored))];
  const titleOf = (path: string): string => readFileSync(path).subarray(0, 300).toString('latin1').split('\n')[0]!;

  test.each<[string, (record: unknown[][]) => unknown]>([
    ['no list', () => ({ length: 1 })],
    ['a file that is none', () => [5]],
    ['a path that is none', (record) => [[7, ...record[0]!.slice(1)]]],
    ['facts that are none', (record) => [[...record[0]!.slice(0, 3), { facts: 5, suppressions: [], lines: [0] }]]],
    [
      'a fact that is half one',
      (record) => [[...record[0]!.slice(0, 3), { facts: [{ kind: 'serviceAccount' }], suppressions: [], lines: [0] }]],
    ],
    ['a fact of another file', (record) => record.map(([, ...rest]) => ['/elsewhere.yaml', ...rest])],
  ])('makes the store an empty one: %s', async (_, spoil) => {
    const project = new Project();
    project.put(
      'a.yaml',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/a\n',
    );
    project.put(
      'b.yaml',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: b\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/b\n',
    );
    const fresh = await project.session();
    const records = stored(project) as unknown[][][];
    expect((await project.session()).read).toBe(0);
    // One that is right comes first: it does not count either.
    writeRecords(project.stored, titleOf(project.stored), [encodeRecord(records[0]), encodeRecord(spoil(records[0]!))]);
    expect(await project.session()).toEqual(fresh);
  });

  test.skipIf(process.platform === 'win32')('a store that is a pipe is an empty one, and nobody waits for it', async () => {
    const project = new Project();
    project.put('a.yaml', 'kind: ServiceAccount\n');
    mkdirSync(project.storage, { recursive: true });
    execFileSync('mkfifo', [project.stored]);
    expect((await project.session()).read).toBe(1);
  });
});
