import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import { checkRendered } from '../../server/src/host/render/checkRendered';
import { linkLeadingOut } from '../../server/src/host/render/links';
import { findRoots } from '../../server/src/host/render/roots';
import { runTool } from '../../server/src/host/render/run';
import { findTools } from '../../server/src/host/render/tools';
import { relativePath } from '../../server/src/host/paths';
import { folder } from '../support/folder';

function program(body: string): { command: string; arguments: string[]; name: string } {
  const path = join(folder(), 'tool');
  writeFileSync(path, `#!${process.execPath}\n${body}\n`);
  chmodSync(path, 0o755);
  return { command: path, arguments: [], name: 'tool' };
}

const limits = { cwd: process.cwd(), timeLimit: 10_000, sizeLimit: 1024 * 1024 };

describe('running a tool', () => {
  it('gives its output, its words untouched by any shell', async () => {
    const echo = program('process.stdout.write(JSON.stringify(process.argv.slice(2)))');
    expect(await runTool(echo, ['a b', '$(id)', '`id`', '; rm', '*'], limits)).toEqual({
      kind: 'done',
      stdout: '["a b","$(id)","`id`","; rm","*"]',
    });
  });

  it('ends with its limits: time, output, a stop', async () => {
    const hang = program('setInterval(() => undefined, 1000)');
    expect(await runTool(hang, [], { ...limits, timeLimit: 500 })).toEqual({
      kind: 'failed',
      reason: 'tool took longer than 0.5 seconds and was stopped',
    });
    const flood = program(
      "const line = 'x'.repeat(65536); (function more() { while (process.stdout.write(line)); process.stdout.once('drain', more); })();",
    );
    expect(await runTool(flood, [], limits)).toEqual({ kind: 'failed', reason: 'tool printed more than 1 MB and was stopped' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect(await runTool(hang, [], { ...limits, signal: stop.signal })).toEqual({ kind: 'failed', reason: 'stopped' });
  });

  it('does not wait for what a tool leaves behind', async () => {
    const parent = program(
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 45_000)'], { stdio: 'inherit', detached: true }).unref(); process.stdout.write('done');",
    );
    expect(await runTool(parent, [], limits)).toEqual({ kind: 'done', stdout: 'done' });
  });

  it('says how it failed', async () => {
    expect(await runTool(program("process.stderr.write('x\\nError: no such chart\\nUsage\\n'); process.exit(3)"), [], limits)).toEqual({
      kind: 'failed',
      reason: 'tool ended with exit code 3: no such chart',
    });
    const log = (text: string) => runTool(program(`process.stderr.write(${JSON.stringify(text)}); process.exit(1)`), [], limits);
    expect(await log('E1125 09:10:48.6 12486 run.go:72] "command failed" err="accumulating: \\"x\\" is not there"\n')).toEqual({
      kind: 'failed',
      reason: 'tool ended with exit code 1: accumulating: "x" is not there',
    });
    expect(await log('E1125 09:10:48.6 12486 run.go:72] "command failed" err=<\n\tno such\n\tfile\n >\n')).toEqual({
      kind: 'failed',
      reason: 'tool ended with exit code 1: no such file',
    });
    expect(await log(`Error: the way ${'x/'.repeat(300)} the cause\n`)).toMatchObject({
      reason: expect.stringMatching(/^tool ended with exit code 1: the way [x/]+ … [x/]+ the cause$/) as string,
    });
    expect(await runTool(program("process.kill(process.pid, 'SIGTERM'); setTimeout(() => undefined, 5000)"), [], limits)).toEqual({
      kind: 'failed',
      reason: 'tool ended with signal SIGTERM',
    });
    expect(await runTool({ command: join(folder(), 'none'), arguments: [], name: 'tool' }, [], limits)).toEqual({
      kind: 'failed',
      reason: 'tool could not be started: no such file',
    });
  });
});

describe('what is rendered', () => {
  const roots = (files: Record<string, string>) => {
    const root = folder(files);
    return findRoots([root], () => false).map(({ kind, folder: at, sources }) => [
      kind,
      relativePath(root, at),
      sources.map((source) => relativePath(root, source)),
    ]);
  };

  it('charts, but libraries, templates of charts and charts within charts', () => {
    expect(
      roots({
        'a/Chart.yaml': 'name: a\n',
        'a/templates/_x.tpl': '',
        'a/templates/sub/b.yaml': '',
        'a/charts/c/Chart.yaml': 'name: c\n',
        'lib/Chart.yaml': 'name: lib\ntype: library\n',
        'scaffold/Chart.yaml': 'name: {{ name }}\n',
        'charts/d/Chart.yaml': 'name: d\n',
      }),
    ).toEqual([
      ['chart', 'a', ['a/templates/_x.tpl', 'a/templates/sub/b.yaml', 'a/values.yaml']],
      ['chart', 'charts/d', ['charts/d/values.yaml']],
    ]);
  });

  it('kustomizations that no other one takes, with what they are made of, patches first', () => {
    expect(
      roots({
        'base/kustomization.yaml': 'resources: [sa.yaml, https://example.com/x.yaml]\n',
        'component/kustomization.yml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n',
        'overlays/a/Kustomization': 'resources: [../../base/]\ncomponents: [../../component]\npatches: [{path: patch.yaml}]\n',
        'alone/kustomization.yaml': 'namespace: x\n',
        'flux/kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./base}\n',
      }),
    ).toEqual([
      ['kustomization', 'alone', ['alone/kustomization.yaml']],
      [
        'kustomization',
        'overlays/a',
        [
          'overlays/a/Kustomization',
          'overlays/a/patch.yaml',
          'base/kustomization.yaml',
          'component/kustomization.yml',
          'base/sa.yaml',
          'component/p.yaml',
        ],
      ],
    ]);
  });

  it('finds tools in absolute folders of the PATH alone, kustomize before kubectl', () => {
    const bin = folder({ helm: '', kubectl: '', 'not/kustomize': '' });
    for (const name of ['helm', 'kubectl']) chmodSync(join(bin, name), 0o755);
    expect(findTools([], { PATH: `relative:${join(bin, 'not')}:${bin}` })).toMatchObject({
      helm: { command: join(bin, 'helm'), arguments: ['template'], name: 'helm' },
      kustomize: { command: join(bin, 'kubectl'), arguments: ['kustomize'], name: 'kubectl kustomize' },
    });
    expect(findTools([bin], { PATH: bin })).toEqual({});
    chmodSync(join(bin, 'not/kustomize'), 0o755);
    expect(findTools([], { PATH: `${join(bin, 'not')}:${bin}` }).kustomize?.name).toBe('kustomize');
  });

  describe('finds none that the workspace may have put there', () => {
    /** A folder with a program at each path. */
    const withPrograms = (files: Readonly<Record<string, string>>, ...programs: readonly string[]): string => {
      const root = folder({ ...files, ...Object.fromEntries(programs.map((path) => [path, ''])) });
      for (const path of programs) chmodSync(join(root, path), 0o755);
      return root;
    };
    const foundIn = (checked: string, ...path: readonly string[]) => findTools([checked], { PATH: path.join(':') }).helm?.command;

    it.each(['.git/HEAD', 'pod-roles.yaml', '.hg/store'])('in the repository around the folder that is checked (%s)', (mark) => {
      const root = withPrograms({ [mark]: '', 'deploy/chart/Chart.yaml': '' }, 'node_modules/.bin/helm', 'bin/helm');
      expect(foundIn(join(root, 'deploy/chart'), join(root, 'node_modules/.bin'), join(root, 'bin'))).toBeUndefined();
    });

    it('in a repository around that one', () => {
      const root = withPrograms({ '.git/HEAD': '', 'sub/.git': 'gitdir: x', 'sub/chart/Chart.yaml': '' }, 'bin/helm');
      expect(foundIn(join(root, 'sub/chart'), join(root, 'bin'))).toBeUndefined();
    });

    it('in the node_modules of a folder above, where nothing tells a repository', () => {
      const root = withPrograms({ 'deploy/Chart.yaml': '' }, 'node_modules/.bin/helm', 'tools/helm');
      expect(foundIn(join(root, 'deploy'), join(root, 'node_modules/.bin'))).toBeUndefined();
      expect(foundIn(join(root, 'deploy'), join(root, 'tools'))).toBe(join(root, 'tools/helm'));
    });

    it('through links, in either direction', () => {
      const root = withPrograms({ '.git/HEAD': '', 'deploy/Chart.yaml': '' }, 'bin/helm');
      const outside = withPrograms({}, 'real/helm');
      mkdirSync(join(outside, 'links'));
      // From outside into the repository: the program, the folder, and a chain whose middle lies in it.
      symlinkSync(join(root, 'bin/helm'), join(outside, 'links/helm'));
      symlinkSync(join(root, 'bin'), join(outside, 'linked'));
      symlinkSync(join(outside, 'real/helm'), join(root, 'deploy/helm'));
      mkdirSync(join(outside, 'chain'));
      symlinkSync(join(root, 'deploy/helm'), join(outside, 'chain/helm'));
      // Out of the repository.
      symlinkSync(join(outside, 'real'), join(root, 'out'));
      for (const path of ['links', 'linked', 'chain'].map((name) => join(outside, name)))
        expect(foundIn(join(root, 'deploy'), path), path).toBeUndefined();
      for (const path of ['out', 'deploy'].map((name) => join(root, name)))
        expect(foundIn(join(root, 'deploy'), path), path).toBeUndefined();
      expect(foundIn(join(root, 'deploy'), join(outside, 'real'))).toBe(join(outside, 'real/helm'));
    });

    it('where the folder that is checked is named through a link', () => {
      const root = withPrograms({ '.git/HEAD': '', 'deploy/Chart.yaml': '' }, 'bin/helm');
      const link = join(folder(), 'link');
      symlinkSync(join(root, 'deploy'), link);
      expect(foundIn(link, join(root, 'bin'))).toBeUndefined();
    });

    it('and gives those that it finds a PATH without them', () => {
      const root = withPrograms({ '.git/HEAD': '', 'deploy/Chart.yaml': '' }, 'bin/env');
      const outside = withPrograms({}, 'helm');
      const tool = findTools([join(root, 'deploy')], { PATH: ['', '.', 'bin', join(root, 'bin'), outside, '/usr/bin'].join(':') }).helm;
      expect(tool?.path).toBe(`${outside}:/usr/bin`);
    });
  });

  it('runs a tool with the PATH that it was found on', async () => {
    const show = program('process.stdout.write(process.env.PATH)');
    expect(await runTool({ ...show, path: '/usr/bin' }, [], limits)).toEqual({ kind: 'done', stdout: '/usr/bin' });
  });

  it('runs nothing without a root, and survives a tool that prints nonsense', async () => {
    const nonsense = program("process.stdout.write('\\x00\\x01 {{ - : [\\n---\\n: : :\\n')");
    const request = {
      ignores: () => false,
      settings: defaultSettings,
      tools: { helm: nonsense, kustomize: nonsense },
      values: [],
      timeLimit: 5000,
    };
    expect(await checkRendered({ ...request, starts: [folder({ 'a.yaml': 'a: 1\n' })] })).toEqual({ roots: [], findings: [], missing: [] });
    const root = folder({ 'a/Chart.yaml': 'name: a\n', 'b/kustomization.yaml': 'resources: []\n' });
    expect((await checkRendered({ ...request, starts: [root] })).findings).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('a chart with links', () => {
  const chart = { 'Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n', 'templates/sa.yaml': 'kind: ServiceAccount\n' };

  it('is not rendered where one leads out of the repository, in a folder behind a link too', async () => {
    const outside = folder({ 'secret.yaml': 'secret\n' });
    const root = folder({
      '.git/HEAD': '',
      'shared/x.yaml': '',
      ...Object.fromEntries(Object.entries(chart).map(([path, text]) => [`app/${path}`, text])),
    });
    symlinkSync('../../shared', join(root, 'app/templates/shared'));
    symlinkSync('..', join(root, 'app/templates/loop'));
    symlinkSync('nowhere', join(root, 'app/templates/nothing'));
    expect(linkLeadingOut(join(root, 'app'))).toBeUndefined();
    symlinkSync(join(outside, 'secret.yaml'), join(root, 'shared/out.yaml'));
    expect(linkLeadingOut(join(root, 'app'))).toBe(join(root, 'app/templates/shared/out.yaml'));
    const helm = program("process.stdout.write('kind: List')");
    const { roots } = await checkRendered({ starts: [root], ignores: () => false, settings: defaultSettings, tools: { helm }, values: [] });
    expect(roots.map(({ problem }) => problem)).toEqual([
      'templates/shared/out.yaml is a link to a file outside of this repository, which helm would read',
    ]);
  });

  it('is rendered where they stay in it', async () => {
    const root = folder({ ...chart, 'files/x.yaml': '' });
    mkdirSync(join(root, 'more'));
    symlinkSync('../files/x.yaml', join(root, 'more/x.yaml'));
    const { roots } = await checkRendered({
      starts: [root],
      ignores: () => false,
      settings: defaultSettings,
      tools: { helm: program("process.stdout.write('')") },
      values: [],
    });
    expect(roots.map(({ problem }) => problem)).toEqual([undefined]);
  });
});
