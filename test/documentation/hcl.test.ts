import { afterAll, expect, it } from 'vitest';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';

const text =
  '```hcl\nresource "kubernetes_service_account" "a" {\n  metadata {\n    name        = "a"\n    annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:user/app" }\n  }\n}\n```\n';

// Other files of this worker read Terraform.
afterAll(async () => setHclParser(await loadHcl()));

it('Terraform in fences is read when its parser is here, of open files and of closed ones', async () => {
  setHclParser(undefined);
  let asked = 0;
  const workspace = new Workspace({ wantsHcl: () => void asked++ });
  workspace.load('file:///closed.md', text);
  workspace.open('file:///open.md', text);
  expect(workspace.waitsForHcl).toBe(true);
  const said = () =>
    ['closed.md', 'open.md'].map((name) => workspace.check(`file:///${name}`).map(({ rule, level }) => `${level} ${rule}`));
  expect(said()).toEqual([[], []]);
  expect(asked).toBeGreaterThan(0);
  workspace.takeDirty();
  setHclParser(await loadHcl());
  expect(workspace.waitsForHcl).toBe(false);
  expect(workspace.takeDirty().sort()).toEqual(['file:///closed.md', 'file:///open.md']);
  expect(said()).toEqual([['info role-arn-malformed'], ['info role-arn-malformed']]);
  workspace.remove('file:///closed.md');
  expect([...workspace.documents()]).toEqual(['file:///open.md']);
});
