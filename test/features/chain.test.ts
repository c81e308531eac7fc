import { describe, expect, it } from 'vitest';
import { actionsAt, fixAll } from '../../server/src/core/features/codeActions';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { definitionAt } from '../../server/src/core/features/definition';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { referencesAt } from '../../server/src/core/features/references';
import { renameAt, renameRange } from '../../server/src/core/features/rename';
import type { Edit } from '../../server/src/core/rules/rule';
import type { Place } from '../../server/src/core/syntax/sourceFile';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { markedWorkspace } from '../support/marked';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268';
const provider = `arn:aws:iam::481516234212:oidc-provider/${issuer}`;
const files = {
  sa: `==> app/sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/eks/app-role
`,
  deploy: `==> app/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: demo
spec:
  template:
    spec:
      serviceAccountName: app
      containers:
        - name: api
          image: x
`,
  trust: `==> app/app-role.json
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": { "Federated": "${provider}" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": { "StringEquals": {
      "${issuer}:sub": ["system:serviceaccount:demo:app", "system:serviceaccount:demo:other"],
      "${issuer}:aud": "sts.amazonaws.com"
    } }
  }]
}
`,
};

/** The workspace with the cursor put before a text of one of the files. */
function at(file: keyof typeof files, before: string): ReturnType<typeof markedWorkspace> {
  return markedWorkspace(
    Object.entries(files)
      .map(([name, text]) => (name === file ? text.replace(before, `‸${before}`) : text))
      .join(''),
  );
}

function shown(workspace: Workspace, places: readonly Place[]): string[] {
  return places.map((place) => {
    const { document } = workspace.documentAt(place.doc.uri, place.doc.start + place.span.start)!;
    return `${place.doc.uri.split('/').pop()!}: ${document.text.slice(place.span.start, place.span.end).split('\n')[0]!}`;
  });
}

function written(workspace: Workspace, uri: string, edits: readonly Edit[]): string {
  const text = workspace
    .file(uri)!
    .documents.map((document) => document.text)
    .join('');
  return edits
    .filter((edit) => edit.doc.uri === uri)
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((out, edit) => out.slice(0, edit.doc.start + edit.span.start) + edit.newText + out.slice(edit.doc.start + edit.span.end), text);
}

describe('definition', () => {
  it('leads from a workload to its account', () => {
    const { workspace, uri, offset } = at('deploy', 'app\n      containers');
    expect(shown(workspace, definitionAt(workspace, uri, offset)!.targets)).toEqual(['sa.yaml: app']);
  });
  it('leads from the annotation to the trust policy', () => {
    const { workspace, uri, offset } = at('sa', 'arn:aws');
    expect(shown(workspace, definitionAt(workspace, uri, offset)!.targets)).toEqual(['app-role.json: {']);
  });
  it('leads from a subject back to the account', () => {
    const { workspace, uri, offset } = at('trust', 'system:serviceaccount:demo:app');
    expect(shown(workspace, definitionAt(workspace, uri, offset)!.targets)).toEqual(['sa.yaml: app']);
  });
  it('leads nowhere from a subject that no file defines', () => {
    const { workspace, uri, offset } = at('trust', 'system:serviceaccount:demo:other');
    expect(definitionAt(workspace, uri, offset)).toBeUndefined();
  });
});

describe('references', () => {
  const all = ['sa.yaml: app', 'deploy.yaml: app', 'app-role.json: system:serviceaccount:demo:app'];
  it.each([
    ['sa', 'app\n  namespace'],
    ['deploy', 'app\n      containers'],
    ['trust', 'system:serviceaccount:demo:app'],
  ] as const)('of an account, asked from %s', (file, before) => {
    const { workspace, uri, offset } = at(file, before);
    expect(shown(workspace, referencesAt(workspace, uri, offset, true))).toEqual(all);
  });
  it('of a role are the annotations that ask for it', () => {
    const { workspace, uri, offset } = at('sa', 'arn:aws');
    expect(shown(workspace, referencesAt(workspace, uri, offset, false))).toEqual(['sa.yaml: arn:aws:iam::481516234212:role/eks/app-role']);
  });
});

describe('rename', () => {
  it.each([
    ['sa', 'app\n  namespace'],
    ['deploy', 'app\n      containers'],
    ['trust', 'system:serviceaccount:demo:app'],
  ] as const)('of an account, asked from %s, writes every place', (file, before) => {
    const { workspace, uri, offset } = at(file, before);
    expect(renameRange(workspace, uri, offset)?.name).toBe('app');
    const result = renameAt(workspace, uri, offset, 'backend');
    if (!('edits' in result)) throw new Error(result.problem);
    const root = 'file:///w/app';
    expect(written(workspace, `${root}/sa.yaml`, result.edits)).toContain('  name: backend\n');
    expect(written(workspace, `${root}/deploy.yaml`, result.edits)).toContain('serviceAccountName: backend\n');
    expect(written(workspace, `${root}/app-role.json`, result.edits)).toContain(
      '["system:serviceaccount:demo:backend", "system:serviceaccount:demo:other"]',
    );
  });
  it('refuses a name that Kubernetes refuses', () => {
    const { workspace, uri, offset } = at('sa', 'app\n  namespace');
    expect(renameAt(workspace, uri, offset, 'My App')).toEqual({
      problem: expect.stringContaining('Kubernetes rejects "My App"') as string,
    });
  });
  it('offers nothing where no account is named', () => {
    const { workspace, uri, offset } = at('sa', 'v1\nkind');
    expect(renameRange(workspace, uri, offset)).toBeUndefined();
  });
});

describe('lenses', () => {
  it('state the verdict on both ends', () => {
    const { workspace } = at('sa', 'arn:aws');
    expect(lensesOf(workspace, 'file:///w/app/sa.yaml').map((lens) => lens.title)).toEqual(['✓ Can assume app-role · 1 workload']);
    expect(lensesOf(workspace, 'file:///w/app/app-role.json').map((lens) => lens.title)).toEqual(['✓ Allows demo/app']);
    expect(lensesOf(workspace, 'file:///w/app/deploy.yaml')).toEqual([]);
  });
});

describe('hover', () => {
  const hover = (file: keyof typeof files, before: string): string => {
    const { workspace, uri, offset } = at(file, before);
    return hoverAt(workspace, uri, offset)!.markdown;
  };
  it('on an annotation says what it does and where it belongs', () => {
    expect(hover('sa', 'eks.amazonaws.com/role-arn')).toContain('`AWS_ROLE_ARN`');
  });
  it('on the role says whether it admits the account, and where that stands', () => {
    const text = hover('sa', 'arn:aws');
    expect(text).toContain('**app\\-role** · account `481516234212` · path `/eks/`');
    expect(text).toContain('**✓** Allows `demo/app`');
    expect(text).toContain('[app\\-role\\.json:1](file:///w/app/app-role.json#L1)');
  });
  it('on a subject names whom it admits', () => {
    expect(hover('trust', 'system:serviceaccount:demo:app')).toContain('Admits of this workspace: `demo/app`.');
  });
  it('on an operator says how it compares', () => expect(hover('trust', 'StringEquals')).toContain("aren't wildcards here"));
  it('on the provider names region and ID', () => expect(hover('trust', provider)).toContain('`eu-west-1`'));
  it('on an action says who calls it', () => expect(hover('trust', 'sts:AssumeRoleWithWebIdentity')).toContain('token'));
  it('escapes what files say', () => {
    const { workspace, uri, offset } = markedWorkspace(`==> sa.yaml
kind: ServiceAccount
metadata:
  name: x
  annotations:
    eks.amazonaws.com/role-arn: "‸arn:aws:iam::481516234212:role/[click](command:evil)"
`);
    expect(hoverAt(workspace, uri, offset)!.markdown).not.toContain('[click](command:evil)');
  });
});

describe('code actions', () => {
  const wrong = `==> trust.json
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": { "Federated": "${provider}" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": { "StringLike": { "‸${issuer}:aud": "system:serviceaccount:demo:*" } }
  }]
}
`;
  it('offer the fix first and prefer it', () => {
    const { workspace, uri, offset } = markedWorkspace(wrong);
    const [first] = actionsAt(workspace, uri, offset, offset);
    expect(first).toMatchObject({ title: 'Use :sub for the subject', preferred: true, kind: 'quickfix' });
    expect(fixAll(workspace, uri)!.edits).toMatchObject(first!.edits.map(({ newText, span }) => ({ newText, span })));
  });
  it("disable a rule by a comment with the line's indentation", () => {
    const { workspace, uri, offset, text } = markedWorkspace(
      '==> sa.yaml\nkind: ServiceAccount\nmetadata:\n  name: x\n  annotations:\n    eks.amazonaws.com/role-arn: ‸arn:aws:iam::481516234212:user/x\n',
    );
    const action = actionsAt(workspace, uri, offset, offset).find(
      (candidate) => candidate.title === 'Disable role-arn-malformed for this line',
    )!;
    expect(written(workspace, uri, action.edits)).toBe(
      text.replace('    eks.', '    # pod-roles-disable-next-line role-arn-malformed\n    eks.'),
    );
    workspace.change(uri, written(workspace, uri, action.edits));
    expect(workspace.check(uri)).toEqual([]);
  });
  it('disable a rule for the file', () => {
    const { workspace, uri, offset } = markedWorkspace(
      '==> sa.yaml\n---\nkind: ServiceAccount\nmetadata:\n  name: x\n  annotations:\n    eks.amazonaws.com/role-arn: ‸arn:aws:iam::481516234212:user/x\n',
    );
    const action = actionsAt(workspace, uri, offset, offset).find(
      (candidate) => candidate.title === 'Disable role-arn-malformed for this file',
    )!;
    workspace.change(uri, written(workspace, uri, action.edits));
    expect(workspace.check(uri)).toEqual([]);
  });
});
