import { describe, expect, it } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, accountIn, deployment, getRole, policyIn, trust, uriOf, workspaceOf } from './build';
import { stack } from './templates';

/** What the account of one file and the policy of another have in common. */
function ground(files: Record<string, string>, own: string, other: string): string {
  const workspace = workspaceOf(files);
  const { kind, because } = workspace.wiring.groundOf(accountIn(workspace, own), policyIn(workspace, other));
  return `${kind}: ${because}`;
}

const sa = account('app', 'demo', 'app-role');
const role = getRole('app-role', 'demo:app');

describe('common ground', () => {
  it.each<[string, Record<string, string>, string, string, string]>([
    ['one folder', { 'a/sa.yaml': sa, 'a/role.json': role }, 'a/sa.yaml', 'a/role.json', 'same: both are in one folder'],
    [
      'a folder below',
      { 'a/sa.yaml': sa, 'a/iam/role.json': role },
      'a/sa.yaml',
      'a/iam/role.json',
      'near: one is in a folder below the other',
    ],
    [
      'accounts here and roles there',
      { 'workloads/sa.yaml': sa, 'permissions/role.json': role },
      'workloads/sa.yaml',
      'permissions/role.json',
      'halves: workloads has the service accounts and permissions the roles',
    ],
    [
      'parallel folders',
      { 'red/sa.yaml': sa, 'red/role.json': role, 'green/sa.yaml': sa, 'green/role.json': role },
      'red/sa.yaml',
      'green/role.json',
      'apart: red and green each have service accounts and roles of their own',
    ],
    [
      'parallel folders, deeper',
      { 'x/lessons/1/k8s/sa.yaml': sa, 'x/lessons/1/iam/role.json': role, 'x/lessons/2/sa.yaml': sa, 'x/lessons/2/role.json': role },
      'x/lessons/1/k8s/sa.yaml',
      'x/lessons/2/role.json',
      'apart: 1 and 2 each have service accounts and roles of their own',
    ],
    [
      'folders that are called by what is in them',
      { 'k8s/sa.yaml': sa, 'k8s/role.json': role, 'iam-roles/sa.yaml': sa, 'iam-roles/role.json': role },
      'k8s/sa.yaml',
      'iam-roles/role.json',
      'open: both are in this workspace',
    ],
    [
      'one side that has both',
      { 'shop/sa.yaml': sa, 'shop/role.json': role, 'central/role.json': role },
      'shop/sa.yaml',
      'central/role.json',
      'open: both are in this workspace',
    ],
    [
      'a kustomization that takes both',
      {
        'top/kustomization.yaml': 'resources: [../red/sa.yaml, ../green/sa.yaml, ../green/role.yaml]\n',
        'red/sa.yaml': sa,
        'red/role.json': role,
        'green/sa.yaml': sa,
        'green/role.yaml': role,
      },
      'red/sa.yaml',
      'green/role.yaml',
      'same: both are in the kustomization repo/top',
    ],
    [
      'a cluster of pod-roles.yaml',
      {
        'pod-roles.yaml': 'clusters: [{name: prod, paths: [red/**, green/**]}]\n',
        'red/sa.yaml': sa,
        'red/role.json': role,
        'green/sa.yaml': sa,
        'green/role.json': role,
      },
      'red/sa.yaml',
      'green/role.json',
      'same: both are for cluster prod, as pod-roles.yaml says',
    ],
    [
      'environments that differ',
      { 'dev/sa.yaml': sa, 'prod/role.json': role },
      'dev/sa.yaml',
      'prod/role.json',
      'apart: their folders are of different environments or deployments',
    ],
  ])('%s', (_, files, own, other, expected) => {
    expect(ground(files, own, other)).toBe(expected);
  });

  it('is the ground of every root module that a fact takes part in, wherever its text is', () => {
    const { wiring } = workspaceOf({ 'a/sa.yaml': sa });
    const at = (uri: string, ...roots: string[]) => ({
      doc: { uri: uriOf(uri) },
      ...(roots.length > 0 ? { deployedBy: roots.map((root) => `terraform ${uriOf(root)}`) } : {}),
    });
    expect(wiring.groundOf(at('modules/x/main.tf', 'envs/dev'), at('envs/dev/app.yaml'))).toMatchObject({ kind: 'same' });
    expect(wiring.groundOf(at('modules/x/main.tf', 'envs/dev'), at('modules/y/main.tf', 'envs/dev'))).toEqual({
      kind: 'same',
      because: 'both are deployed by the root module envs/dev',
    });
    expect(wiring.together(at('modules/x/main.tf', 'envs/dev'), at('modules/y/main.tf', 'envs/prod'))).toBe(false);
    expect(wiring.together(at('modules/x/main.tf', 'envs/dev', 'envs/prod'), at('envs/prod/sa.yaml'))).toBe(true);
  });

  it('prefers the role that has most in common, and calls several of one rank unknown, by their names', () => {
    const files = {
      'shop/sa.yaml': sa,
      'shop/role.json': role,
      'central/role.json': getRole('app-role', 'demo:other'),
    };
    const decision = (given: Record<string, string>) => {
      const workspace = workspaceOf(given);
      const [chain] = workspace.wiring.chains();
      return workspace.access(chain!);
    };
    expect(decision(files).decision).toBe('allowed');
    const { 'shop/role.json': _, ...rest } = files;
    const two = { ...rest, 'other/role.json': role };
    expect(decision(two)).toMatchObject({ decision: 'unknown' });
    expect(decision(two).verdict!.trace[0]!.message).toContain('central/role.json, repo/other/role.json');
    expect(decision({ ...two, 'other/role.json': getRole('app-role', 'x:y') }).decision).toBe('denied');
    expect(decision({ ...two, 'central/role.json': role }).decision).toBe('allowed');
  });

  it('an association of an unrelated tree overrides nothing', () => {
    const association = stack({ Role: {} }, { role: { 'Fn::GetAtt': ['Role', 'Arn'] } });
    const found = (files: Record<string, string>): string[] =>
      workspaceOf(files)
        .check(uriOf('shop/sa.yaml'))
        .map(({ rule }) => rule);
    const own = { 'shop/sa.yaml': sa, 'shop/role.json': role };
    expect(found({ ...own, 'shop/stack.json': association })).toEqual(['association-hides-annotation']);
    expect(found({ ...own, 'lesson/stack.json': association })).toEqual([]);
    expect(found({ ...own, 'lesson/stack.json': association, 'lesson/sa.yaml': sa })).toEqual([]);
    expect(found({ 'shop/sa.yaml': sa, 'stacks/stack.json': association })).toEqual(['association-hides-annotation']);
    const clusters = 'clusters: [{name: demo, paths: [shop/**, lesson/**]}]\n';
    expect(found({ ...own, 'pod-roles.yaml': clusters, 'lesson/stack.json': association })).toEqual(['association-hides-annotation']);
  });

  it('workloads and accounts of parallel folders are not joined', () => {
    const copy = (folder: string, namespace: string) => ({
      [`${folder}/sa.yaml`]: account('app', namespace, 'app-role'),
      [`${folder}/role.json`]: getRole('app-role', `${namespace}:app`),
      [`${folder}/deployment.yaml`]: deployment('app', namespace),
    });
    const workspace = workspaceOf({ ...copy('red', 'demo'), ...copy('green', 'demo') });
    for (const workload of workspace.wiring.workloads())
      expect(workspace.wiring.accountsOf(workload).map(({ doc }) => doc.uri)).toEqual([workload.doc.uri.replace('deployment', 'sa')]);
  });

  it('is another when a folder gets its first role, and the same again when it loses it', () => {
    const workspace = new Workspace({ records: true });
    const files: Record<string, string> = {
      'red/sa.yaml': sa,
      'red/stem.json': getRole('unrelated', 'demo:x'),
      'green/app-role.json': trust('demo:other'),
      'green/sa.yaml': account('other', 'demo', 'other-role'),
    };
    const { 'red/stem.json': policy, ...first } = files;
    for (const [path, text] of Object.entries(first)) workspace.load(uriOf(path), text);
    const found = () => workspace.check(uriOf('red/sa.yaml')).map(({ rule }) => rule);
    expect(found()).toEqual(['subject-mismatch']);
    workspace.load(uriOf('red/stem.json'), policy!);
    expect(found()).toEqual([]);
    workspace.remove(uriOf('red/stem.json'));
    expect(found()).toEqual(['subject-mismatch']);
  });
});
